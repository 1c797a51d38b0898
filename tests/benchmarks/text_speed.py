# ruff: noqa: T201 -- what a benchmark finds is printed
"""What reading sentences takes beside reading their pages: `python tests/benchmarks/text_speed.py`.

Times in seconds say nothing on another machine; ratios of times taken by turns in one run do.
Nothing is asserted here.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # Run by hand, this file stands outside of both.

from nianbao.model.dataset import read_dataset  # noqa: E402  # found by the line above
from nianbao.prose.reading import PageReader  # noqa: E402  # likewise
from nianbao.rules.checking import check  # noqa: E402  # likewise
from nianbao.rules.registry import RULES  # noqa: E402  # likewise

if TYPE_CHECKING:
    from collections.abc import Callable

    from nianbao.model.dataset import Dataset
    from nianbao.prose.passages import YearText

TEXT_RULES = tuple(rule for rule in RULES if rule.family == "X")
OTHER_RULES = tuple(rule for rule in RULES if rule.family != "X")


def main() -> None:
    """Print the ratios over the reports of the examples."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="how often each time is taken; the best counts")
    rounds = parser.parse_args().rounds
    root = ROOT / "examples"
    dataset = read_dataset(root, root / "data")
    texts = _texts(dataset, root)
    started = time.perf_counter()
    check(dataset, texts, rules=TEXT_RULES)
    first = time.perf_counter() - started
    best = dict.fromkeys(("text", "others", "pages"), float("inf"))
    for _ in range(rounds):
        best["text"] = min(best["text"], _taken(lambda: check(dataset, texts, rules=TEXT_RULES)))
        best["others"] = min(best["others"], _taken(lambda: check(dataset, texts, rules=OTHER_RULES)))
        best["pages"] = min(best["pages"], _taken(lambda: _texts(dataset, root)))
    sentences = sum(len(passage.sentences) for text in texts.values() for page in text for passage in page.reported)
    print(f"{len(texts)} reports, {sentences} sentences and cells; best of {rounds} rounds")
    print(f"rules of the text / all other rules      {best['text'] / best['others']:.2f}")
    print(f"rules of the text / reading the pages    {best['text'] / best['pages']:.2f}")
    print(f"first time in a process / later times    {first / best['text']:.2f}")


def _texts(dataset: Dataset, root: Path) -> dict[int, YearText]:
    reader = PageReader(dataset, root, root / "data", root / "docs")
    found = {year: reader.year(dataset.reports[year]) for year in sorted(dataset.reports)}
    return {year: text for year, text in found.items() if text is not None}


def _taken(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
