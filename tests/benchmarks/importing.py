# ruff: noqa: T201 -- what a benchmark finds is printed
"""How fast originals are read, and how well: `python tests/benchmarks/importing.py [--files 500] [--minutes 60]`.

Prints files a second of a core for each kind and the memory that many files take. With ``--minutes`` it damages
made originals for so long, prints right / asked / missing / wrong for each kind, and ends with 1 where a cell was
read wrong.
``--originals`` names a folder of files of one's own, of which the counts are printed.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

from damaging import damaged  # noqa: E402  # likewise
from nianbao.importing.figures import read_figures  # noqa: E402  # beside the others of this folder
from nianbao.importing.reading import read_original  # noqa: E402  # likewise
from nianbao.reading.refusal import RefusedError  # noqa: E402  # likewise
from originals import FORMS, KINDS, Score, made, read  # noqa: E402  # likewise

_MADE = 10


def speed(files: int, folder: Path) -> None:
    """Print files a second of a core for each kind, and the memory that *files* of all kinds took."""
    for kind, make in KINDS.items():
        files_made = [make(made(2021, seed)) for seed in range(_MADE)]
        start = time.process_time()
        count = max(_MADE, files // len(KINDS))
        for at in range(count):
            read(folder / "x", files_made[at % _MADE])
        took = time.process_time() - start
        print(f"{kind:10} {count / took:7.1f} files/s  {1000 * took / count:6.1f} ms a file")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{peak} MB at most after {files} files")


def damage(minutes: float, start: int, folder: Path) -> bool:
    """Damage originals for *minutes*, print the scores, and say whether nothing was read wrong."""
    until = time.monotonic() + 60 * minutes
    scores = dict.fromkeys(KINDS, Score())
    seed = start
    while time.monotonic() < until:
        for kind in KINDS:
            found = damaged(kind, seed, folder / "x")
            scores[kind] += found
            for wrong in found.wrong:
                print(f"seed {seed} {kind}: {wrong}")
        seed += 1
    for kind, found in scores.items():
        print(f"{kind:10} right {found.right} asked {found.asked} missing {found.missing} WRONG {len(found.wrong)}")
    print(f"seeds {start} to {seed - 1}")
    return not any(found.wrong for found in scores.values())


def own(folder: Path) -> None:
    """Print what is read of each file in *folder*."""
    for path in sorted(folder.iterdir()):
        try:
            figures = read_figures((read_original(path),), FORMS)
        except RefusedError as refused:
            print(f"{path.name}: {refused}")
            continue
        asked = sum(len(question.addresses) for question in figures.questions)
        counts = (
            f"read {len(figures.readings)} asked {asked} missing {len(figures.missing)} unused {len(figures.unused)}"
        )
        print(f"{path.name}: {figures.format} {counts}")


def main() -> int:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--originals", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if given.originals is not None:
            own(given.originals)
            return 0
        if given.minutes is not None:
            return 0 if damage(given.minutes, given.seed, Path(name)) else 1
        speed(given.files, Path(name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
