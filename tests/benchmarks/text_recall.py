# ruff: noqa: T201 -- what a benchmark finds is printed
"""What is told of sentences kept aside: `python tests/benchmarks/text_recall.py FILE…`.

Without files, those of ``tests/heldout`` are taken, which the rules have been taught since.
``--list`` prints the wrong ones that pass in silence, and the right ones of which anything is told.
Nothing is asserted here.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests" / "support")]  # Run by hand, this file stands outside of it.

from held_out import entries  # noqa: E402  # found by the line above


def main() -> None:
    """Print how many sentences are told as errors and as doubts, by file and verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=sorted((ROOT / "tests" / "heldout").glob("*.yml")))
    parser.add_argument("--list", action="store_true", help="print the sentences that are judged otherwise")
    parser.add_argument("--scope", choices=("own", "area"), default="own", help="what the report covers")
    options = parser.parse_args()
    for path in options.files:
        with tempfile.TemporaryDirectory() as folder:
            found = tuple(entries(path, Path(folder), ROOT / "examples", options.scope))
        print(path.name)
        for right in (True, False):
            each = Counter(entry.found for entry in found if entry.right is right)
            counts = "  ".join(f"{name} {each[name]:3}" for name in ("error", "doubt", "silent"))
            print(f"  {'right' if right else 'wrong'}  {counts}  of {each.total()}")
        for entry in found if options.list else ():
            if entry.right != (entry.found == "silent"):
                print(f"{'right' if entry.right else 'wrong'} {entry.section} {entry.text}")
                print("".join(f"    {line}\n" for line in (entry.why, *entry.messages) if line), end="")


if __name__ == "__main__":
    main()
