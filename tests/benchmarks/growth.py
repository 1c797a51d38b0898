# ruff: noqa: T201 -- what a benchmark finds is printed
"""How the work of a check grows with what a portal holds: `python tests/benchmarks/growth.py [--first 500] [NAME …]`.

Of each kind of content a portal gets none, n, 2n and 4n. Printed is the processor time that each adds, and by how much
it grew from one to the next: 2 is linear, 4 is quadratic. Nothing is asserted here.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

import itertools

from fuzzing import portal_of  # beside the others of its folder
from nianbao.command.judging import judge_project
from nianbao.model.project import project_at

if TYPE_CHECKING:
    from collections.abc import Callable

_PAGE, _DATA = "docs/2021/6-other.md", "data/2021.yml"


def _lines(line: str, between: str = "\n\n", before: str = "") -> Callable[[Path, int], None]:
    """Return what adds so many lines to a page; ``§`` in *line* is the number of each."""

    def add(portal: Path, count: int) -> None:
        added = between.join(line.replace("§", str(number)) for number in range(count))
        with (portal / _PAGE).open("a", encoding="utf-8") as page:
            page.write(f"\n\n{before}{added}\n")

    return add


def _items(portal: Path, count: int) -> None:
    text = (portal / _DATA).read_text(encoding="utf-8")
    added = "".join(f"    - {{title: 第{number}件事项的公告, full_text: true}}\n" for number in range(count))
    replaced = re.sub(r"^items:.*\n(?:[ #].*\n)*", lambda _: f"items:\n  公告:\n{added}", text, flags=re.MULTILINE)
    (portal / _DATA).write_text(replaced, encoding="utf-8")


def _unknown(portal: Path, count: int) -> None:
    with (portal / _DATA).open("a", encoding="utf-8") as data:
        data.write("".join(f"key_{number}: [{number}, 甲]\n" for number in range(count)))


def _pages(portal: Path, count: int) -> None:
    for number in range(count):
        (portal / f"docs/page-{number}.md").write_text(f"# 说明{number}\n\n见[首页](index.md)。\n", encoding="utf-8")


def _files(portal: Path, count: int) -> None:
    for number in range(count):
        (portal / f"docs/a{number}.csv").write_text("甲,乙\n", encoding="utf-8")
    _lines("[甲](../a§.csv)")(portal, count)


def _words(portal: Path, count: int) -> None:
    added = "".join(f"  - {{wrong: 错字{number}, right: 正字{number}}}\n" for number in range(count))
    (portal / "data/profile.yml").write_text(f"typos:\n{added}", encoding="utf-8")


KINDS: dict[str, Callable[[Path, int], None]] = {
    "paragraphs": _lines("第§项工作已经完成，没有遗留的问题。"),
    "sentences of a paragraph": _lines("第§项工作已经完成，共收到来信§件。", "\n"),
    "clauses of a sentence": _lines("收到第§类来信§件", "，"),
    "one line": _lines("工作", ""),
    "headings": _lines("## 第§项"),
    "ids": _lines("## 第§项 {#x-§}"),
    "items of a list": _lines("- 第§项", "\n"),
    "rows of a table": _lines("| 甲 | § |", "\n", "| 乙 | 丙 |\n| - | - |\n"),
    "links": _lines("见[首页](index.md)和[甲](#section-6)。"),
    "links of a line": _lines("[第§处](index.md)", "、"),
    "broken links": _lines("[第§处](gone-§.md)"),
    "references": _lines("[a§]: index.md", "\n"),
    "figures": _lines('{{ figure("requests.received") }}件。'),
    "quotations": _lines("> 第§项", "\n"),
    "emphasis": _lines("**甲**乙*丙*", ""),
    "signs": _lines("*", " "),
    "brackets": _lines("[", ""),
    "tags": _lines("<b>甲</b>", ""),
    "titles of documents": _lines("《关于第§项工作的通知》（甲〔2021〕§号）", "、"),
    "percentages": _lines("同比增长§%", "，"),
    "tables of a page": _lines("| 乙 | 丙 |\n| - | - |\n| 甲 | § |"),
    "items": _items,
    "unknown keys": _unknown,
    "pages": _pages,
    "files": _files,
    "typos of the profile": _words,
}


def main() -> None:
    """Print what each kind adds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--first", type=int, default=500, help="n")
    parser.add_argument("names", nargs="*", help="some of the kinds")
    chosen = parser.parse_args()
    for name in chosen.names or KINDS:
        base, *times = [_work(name, count) for count in (0, chosen.first, 2 * chosen.first, 4 * chosen.first)]
        added = [max(each - base, 0.001) for each in times]
        ratios = " ".join(f"×{later / earlier:.1f}" for earlier, later in itertools.pairwise(added))
        print(f"{name:26} {' '.join(f'{each:7.3f}' for each in added)} s  {ratios}", flush=True)


def _work(name: str, count: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        portal = portal_of(Path(folder) / "portal")
        if count:
            KINDS[name](portal, count)
        begun = time.process_time()
        judge_project(project_at(portal))
        return time.process_time() - begun


if __name__ == "__main__":
    main()
