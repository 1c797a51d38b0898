# ruff: noqa: T201 -- what a benchmark finds is printed
"""How many readers nginx serves as deploy/nginx sets it up: `python tests/benchmarks/load.py`.

Each page is asked for beside a bare file of the same size, which the same nginx sends without headers,
compression or lookups of ours. Only this machine is asked, for a bounded time. wrk must be installed.
"""

from __future__ import annotations

import argparse
import gzip
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]  # Run by hand, this file stands outside of both.

from building import built  # noqa: E402  # found by the line above
from serving import PATH, served  # noqa: E402  # likewise

PAGES = ("index.html", "2024/index.html", "2024/3-requests.html", "2024/full.html", "search/search_index.json")
_LONGEST, _MOST_CONNECTIONS = 30, 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What wrk measured: requests a second, latencies as it prints them, answers that were errors, all answers."""

    rate: float
    latencies: dict[str, str]
    errors: int
    requests: int


def main() -> None:
    """Print a record for each page beside that of its bare file."""
    options = _options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site = built(folder / "project", "examples")
        bare = folder / "bare"
        bare.mkdir()
        for number, page in enumerate(PAGES):
            packed = gzip.compress((site / page).read_bytes(), mtime=0)
            (site / f"{page}.gz").write_bytes(packed)
            (bare / f"{number}.bin").write_bytes(packed)
        (folder / "nginx").mkdir()
        extra = f"location /bare/ {{ alias {bare}/; }}"
        with served(site, folder / "nginx", extra) as base:
            for number, page in enumerate(PAGES):
                size = (bare / f"{number}.bin").stat().st_size
                ours = _measure(base + page, options.seconds, options.connections)
                floor = _measure(base.replace(PATH, f"/bare/{number}.bin"), options.seconds, options.connections)
                print(f"{page}, {size} bytes packed: {ours.rate / floor.rate:.2f} of a bare file's requests a second")
                for what, record in (("page", ours), ("bare", floor)):
                    spread = ", ".join(f"{share} {latency}" for share, latency in record.latencies.items())
                    print(
                        f"  {what}: {record.rate:.0f} a second, {record.errors} errors of {record.requests}, {spread}",
                        flush=True,
                    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5, choices=range(1, _LONGEST + 1), metavar=f"1-{_LONGEST}")
    parser.add_argument(
        "--connections", type=int, default=64, choices=range(2, _MOST_CONNECTIONS + 1), metavar=f"2-{_MOST_CONNECTIONS}"
    )
    return parser.parse_args()


def _measure(address: str, seconds: int, connections: int) -> Record:
    """Ask for *address* as often as can be for so many *seconds*. Raises RuntimeError where wrk says nothing."""
    command = [shutil.which("wrk") or "wrk", "-t", "2", "-c", str(connections), "-d", f"{seconds}s", "--latency"]
    done = subprocess.run(
        [*command, "-H", "Accept-Encoding: gzip", address], capture_output=True, text=True, check=False
    )
    rate = re.search(r"Requests/sec:\s*([0-9.]+)", done.stdout)
    requests = re.search(r"([0-9]+) requests in", done.stdout)
    if rate is None or requests is None:
        message = f"wrk: {done.stdout}{done.stderr}"
        raise RuntimeError(message)
    failed = re.findall(r"Non-2xx or 3xx responses: ([0-9]+)", done.stdout)
    failed += re.findall(r"(?:connect|read|write|timeout) ([0-9]+)", done.stdout)
    latencies = dict(re.findall(r"^ +([0-9]+%) +([0-9.]+[a-z]+)$", done.stdout, re.MULTILINE))
    return Record(rate=float(rate[1]), latencies=latencies, errors=sum(map(int, failed)), requests=int(requests[1]))


if __name__ == "__main__":
    main()
