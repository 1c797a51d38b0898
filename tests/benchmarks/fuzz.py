# ruff: noqa: T201 -- what a benchmark finds is printed
"""Portals damaged by chance: `python tests/benchmarks/fuzz.py [--minutes 60] [--seed 1] [--every 6]`.

Prints runs, refused, accepted, built, tracebacks, hangs, useless findings, portals that were accepted and not built,
words published that check had not seen; ends with 1 where anything was found. What failed is kept in the folder
that is printed; put what is left of it into tests/fuzz_cases once it is mended.
"""

from __future__ import annotations

import argparse
import itertools
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

from fuzzing import Fuzzer, template  # beside the others of its folder

_MEMORY = 4_000_000_000  # What reads without end shall end before the machine does.
_TOLD = 50  # rounds


def main() -> None:
    """Damage portals for the time that is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--first", type=int, default=0, help="the round to begin with, to make one again")
    parser.add_argument("--every", type=int, default=6, help="of the portals that check accepts, build one in so many")
    chosen = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    print(f"seed {chosen.seed}, in {folder}", flush=True)
    fuzzer = Fuzzer(template(folder / "template"), folder, chosen.seed)
    told = 0
    end = time.monotonic() + chosen.minutes * 60
    for number in itertools.count(chosen.first):
        if time.monotonic() > end:
            break
        fuzzer.round(number, chosen.every)
        for fault in fuzzer.tally.faults[told:]:
            print(f"\n{fault}\n", flush=True)
        told = len(fuzzer.tally.faults)
        if number % _TOLD == 0:
            print(fuzzer.tally, flush=True)
    print(fuzzer.tally)
    sys.exit(1 if told else 0)


if __name__ == "__main__":
    main()
