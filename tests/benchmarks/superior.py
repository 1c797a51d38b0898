# ruff: noqa: T201 -- what a benchmark finds is printed
"""What a superior office waits for: `python tests/benchmarks/superior.py [--bodies 1000 10000]`.

Sixty bodies from the files that they send to board and roll-up; and for numbers of bodies the time until all are
looked at once, then of board, roll-up and cells, with the peaks of memory as a ratio of the largest number to the
smallest. What seven years of 200,000 bodies take is worked out from these. Nothing is asserted here.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]  # Run by hand, this file stands outside of both.

from county import YEAR, write_county  # noqa: E402  # found by the line above
from inbox import write_inbox, write_portal  # noqa: E402  # likewise
from nianbao.beginning.new_year import make_year  # noqa: E402  # likewise
from nianbao.model.project import project_at  # noqa: E402  # likewise


def main() -> None:
    """Print times and peaks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bodies", type=int, nargs="*", default=[1_000, 10_000], help="numbers of bodies")
    parser.add_argument("--no-files", action="store_true", help="leave out the sixty bodies that send files")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # First, while this process is small: to the system a process is never smaller than the one that started it.
        peaks = {count: _many(Path(folder, str(count)), count) for count in sorted(options.bodies)}
        if not options.no_files:
            _from_files(Path(folder, "files"))
    if len(peaks) > 1:
        few, many = min(peaks), max(peaks)
        print(f"peak of board, roll-up and cells, {many} bodies beside {few}: {peaks[many] / peaks[few]:.2f}")


def _from_files(folder: Path) -> None:
    folder.mkdir()
    write_portal(folder / "county")
    prompt, late = write_inbox(folder)
    begun = time.perf_counter()
    for words in (["collect", str(prompt), str(late)], ["board", str(YEAR)], ["rollup", str(YEAR)]):
        seconds, _ = _run(words, folder / "county")
        print(f"60 bodies, {words[0]}: {seconds:.1f} s")
    print(f"60 bodies, from files to roll-up: {time.perf_counter() - begun:.1f} s")


def _many(folder: Path, count: int) -> int:
    """Print what each command takes with *count* bodies; return the largest peak, of the commands that ask only."""
    folder.mkdir()
    portal = write_county(folder, count)
    register = portal / "data/members.yml"
    register.write_text(register.read_text(encoding="utf-8").partition("returned")[0], encoding="utf-8")
    make_year(project_at(portal), YEAR)
    seconds, peak = _run(["board", str(YEAR)], portal)
    print(f"{count} bodies, looked at for the first time: {seconds:.1f} s, peak {peak / 1e6:.0f} MB")
    kept = sum(path.stat().st_size for path in (portal / ".cache/members").rglob("*") if path.is_file())
    print(f"{count} bodies, kept: {kept / 1e6:.1f} MB")
    largest = 0
    for command in ("board", "rollup", "cells"):
        seconds, peak = _run([command, str(YEAR)], portal)
        print(f"{count} bodies, {command}: {seconds:.1f} s, peak {peak / 1e6:.0f} MB", flush=True)
        largest = max(largest, peak)
    return largest


def _run(words: list[str], portal: Path) -> tuple[float, int]:
    """Return the seconds that a command takes, and the peak of its largest process in bytes."""
    begun = time.perf_counter()
    process = subprocess.Popen(  # our own command
        [sys.executable, "-m", "nianbao", *words], cwd=portal, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, _, used = os.wait4(process.pid, 0)
    return time.perf_counter() - begun, used.ru_maxrss * 1024


if __name__ == "__main__":
    main()
