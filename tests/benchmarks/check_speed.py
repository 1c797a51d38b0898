# ruff: noqa: T201 -- what a benchmark finds is printed
"""How fast reports are checked, as ratios of times taken in one run: `python tests/benchmarks/check_speed.py`.

What a machine needs in seconds says nothing about another; what it needs for one thing beside
another does. Nothing is asserted here.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]  # Run by hand, this file stands outside of both.

from agencies import YEARS, write_agencies  # noqa: E402  # found by the line above
from nianbao.model.agency import read_agency  # noqa: E402  # likewise
from nianbao.model.dataset import package_forms  # noqa: E402  # likewise
from nianbao.model.profile import Profile  # noqa: E402  # likewise
from nianbao.model.report_reader import read_report  # noqa: E402  # likewise
from nianbao.reading.findings import Findings  # noqa: E402  # likewise
from nianbao.rules.checking import judge  # noqa: E402  # likewise
from nianbao.rules.registry import RULES  # noqa: E402  # likewise
from nianbao.rules.rule import Case  # noqa: E402  # likewise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nianbao.model.form import Form

TABLE_RULES = tuple(rule for rule in RULES if rule.family in {"T2", "T3", "T4"})
COMMAND = "from nianbao.command.main import main; main()"


def main() -> None:
    """Print the ratios."""
    options = _options()
    known = {number: form for number, form in package_forms().editions.items() if form is not None}
    with tempfile.TemporaryDirectory() as folder:
        few, many = Path(folder, "few"), Path(folder, "many")
        write_agencies(few, known, options.reports // 10 // len(YEARS), pages=options.pages)
        write_agencies(many, known, options.reports // len(YEARS), pages=options.pages)
        named = {form.id: form for form in known.values()}
        _print_beside_parsing(sorted(few.iterdir())[:40], named, options.rounds)
        _print_growth(few, many, options.rounds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=10_000, help="the larger of the two numbers of reports")
    parser.add_argument("--rounds", type=int, default=5, help="how often each time is taken; the best counts")
    parser.add_argument("--pages", action="store_true", help="with pages, which are rendered and judged")
    options = parser.parse_args()
    if options.reports < 10 * len(YEARS):
        parser.error(f"at least {10 * len(YEARS)} reports")
    return options


def _print_beside_parsing(agencies: Sequence[Path], forms: Mapping[str, Form], rounds: int) -> None:
    """Print what reading and judging tables takes beside parsing the same files, on one core."""
    paths = [path for agency in agencies for path in sorted(agency.glob("[0-9]*.yml"))]
    texts = [path.read_text(encoding="utf-8") for path in (*paths, *(agency / "agency.yml" for agency in agencies))]
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    def parse() -> None:
        for text in texts:
            yaml.load(text, Loader=loader)  # noqa: S506  # a safe loader

    def check() -> None:
        for agency in agencies:
            _check(agency, forms)

    # Both run in this process alone: its own time, which others who use the machine do not lengthen.
    parse_time, check_time = _best((parse, check), rounds, time.process_time)
    print(f"files: {len(paths)}, rules of tables: {len(TABLE_RULES)}")
    print(f"parsing with {loader.__name__}: {1000 * parse_time / len(paths):.3f} ms a file")
    print(f"reading and judging: {1000 * check_time / len(paths):.3f} ms a file")
    print(f"reading and judging / parsing: {check_time / parse_time:.2f}")


def _check(folder: Path, forms: Mapping[str, Form]) -> None:
    """Read the reports of one agency and judge their tables."""
    findings = Findings()
    agency = read_agency(folder / "agency.yml", "agency.yml", findings)
    paths = sorted(folder.glob("[0-9]*.yml"))
    read = [read_report(path, path.name, forms, agency, findings) for path in paths]
    reports = {report.year: report for report in read if report is not None}
    for report in reports.values():
        if agency is not None:
            case = Case(report=report, reports=reports, years=tuple(reports), agency=agency, profile=Profile())
            judge(case, TABLE_RULES)


def _best(
    functions: Sequence[Callable[[], object]], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """Return the shortest time of each function; they take turns, so that a busy moment meets all of them."""
    times: list[list[float]] = [[] for _ in functions]
    for _ in range(rounds):
        for function, taken in zip(functions, times, strict=True):
            start = clock()
            function()
            taken.append(clock() - start)
    return [min(taken) for taken in times]


def _print_growth(few: Path, many: Path, rounds: int) -> None:
    """Print how time and memory grow with the number of reports, in the command itself and on all cores.

    Time by the clock tells what a user waits for, and wavers where others use the machine; time of the
    processors, of all of them together, does so less.
    """
    folders = (next(few.iterdir()), few, many)
    runs: dict[Path, list[Usage]] = {folder: [] for folder in folders}

    def command(folder: Path) -> Callable[[], None]:
        return lambda: runs[folder].append(_run(folder))

    start, *taken = _best([command(folder) for folder in folders], rounds)
    numbers = [len(list(folder.glob("*/[0-9]*.yml"))) for folder in (few, many)]
    whole = [1000 * seconds / number for seconds, number in zip(taken, numbers, strict=True)]
    own = [1000 * (seconds - start) / number for seconds, number in zip(taken, numbers, strict=True)]
    compared = f"{numbers[1]} / {numbers[0]} reports"
    print(
        f"checking: {whole[0]:.3f} and {whole[1]:.3f} ms a report; without the start {own[0]:.3f} and {own[1]:.3f} ms"
    )
    print(f"time a report, {compared}: {whole[1] / whole[0]:.2f}; without the start {own[1] / own[0]:.2f}")
    begun, *used = [min(run.seconds for run in runs[folder]) for folder in folders]
    spent = [1000 * (seconds - begun) / number for seconds, number in zip(used, numbers, strict=True)]
    if all(used):
        print(f"processors: {spent[0]:.3f} and {spent[1]:.3f} ms a report, without the start")
        print(f"time of processors a report, {compared}: {spent[1] / spent[0]:.2f}")
    least = [min(run.peak for run in runs[folder]) for folder in (few, many)]
    if all(least):
        print(f"peak memory: {least[0] // 1024} and {least[1] // 1024} MB")
        print(f"peak memory, {compared}: {least[1] / least[0]:.2f}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """The most memory in KB that one process took, and the *seconds* that processors spent; 0 where unknown."""

    peak: int = 0
    seconds: float = 0.0


def _run(folder: Path) -> Usage:
    """Check *folder* with the command; return what that took."""
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "check", str(folder)],
        cwd=folder.parent,
        env=os.environ | {"PYTHONPATH": str(ROOT / "macros")},
        stdout=subprocess.DEVNULL,
    )
    if not hasattr(os, "wait4"):
        code, usage = process.wait(), Usage()
    else:
        _, status, used = os.wait4(process.pid, 0)
        code = process.returncode = os.waitstatus_to_exitcode(status)
        peak = used.ru_maxrss // (1024 if sys.platform == "darwin" else 1)  # There it counts in bytes.
        usage = Usage(peak=peak, seconds=used.ru_utime + used.ru_stime)
    if code:
        raise subprocess.CalledProcessError(code, process.args)
    return usage


if __name__ == "__main__":
    main()
