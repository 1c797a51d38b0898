"""Text of data files made to say something else: what it says already keeps its bytes."""

from __future__ import annotations

import copy
import random
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from nianbao.data_files.entries import LayoutError
from nianbao.data_files.patching import Plain, parsed, patched, plain

if TYPE_CHECKING:
    from nianbao.data_files.patching import Path

FILES = [ROOT / "data" / "2023.yml", *sorted((ROOT / "examples" / "data").glob("20*.yml"))]
ITEMS = """\
year: 2023
items:             # 主动公开的信息
  - category: 概况信息   # 一类
    entries:
      - {title: 甲, full_text: true}   # 甲的说明
      # 乙的前面
      - {title: 乙, full_text: false}
  - category: 财政信息
    entries: []          # 2022年有 3 条
# 二、主动公开政府信息情况
disclosure:
  regulations:   [ 0, 10,  0]     # 规章
"""


def bare(path: Path) -> bool:
    """Say which values of a year's file are no texts."""
    return path[-1] not in {"title", "category", "reason", "place"}


def said(text: str) -> dict[str, Plain]:
    """Return what *text* says."""
    found = plain(parsed(text))
    assert isinstance(found, dict)
    return found


def changed(text: str, path: Path, value: Plain) -> str:
    """Return *text* with *value* at *path*, after a look that it says so."""
    wanted = said(text)
    target: Plain = wanted
    for step in path[:-1]:
        target = target[step]  # type: ignore[index]
    target[path[-1]] = value  # type: ignore[index]
    new = patched(text, wanted, bare)
    assert said(new) == wanted
    return new


@pytest.mark.parametrize(
    ("figures", "line"),
    [
        (["0", "10", "0"], "  regulations:   [ 0, 10,  0]     # 规章"),
        (["7", "10", "0"], "  regulations:   [ 7, 10,  0]     # 规章"),
        (["77", "10", "0"], "  regulations:   [77, 10,  0]     # 规章"),
        (["777", "10", "0"], "  regulations:   [777, 10, 0]     # 规章"),
        (["99999", "10", "0"], "  regulations:   [99999, 10, 0]   # 规章"),
        (["0", "9", "0"], "  regulations:   [ 0,  9,  0]     # 规章"),
        (["0", "不详", "0"], "  regulations:   [ 0, 不详, 0]    # 规章"),
        (["0", "10", "0", "10"], "  regulations:   [ 0, 10,  0, 10] # 规章"),
        (["5", "10"], "  regulations:   [ 5, 10]         # 规章"),
    ],
)
def test_figures_keep_their_columns(figures: list[str], line: str) -> None:
    """A figure ends where the old one ended; growth eats what is loose before the remark moves."""
    new = changed(ITEMS, ("disclosure", "regulations"), list(figures))
    assert new == ITEMS.replace("  regulations:   [ 0, 10,  0]     # 规章", line)


def test_items_keep_their_lines() -> None:
    """An item that stays keeps its line with all remarks, wherever it goes; only what is new is written."""
    first: dict[str, Plain] = {"title": "甲", "full_text": "true"}
    second: dict[str, Plain] = {"title": "乙", "full_text": "false"}
    turned = changed(ITEMS, ("items", 0, "entries"), [second, first])
    lines = ITEMS.splitlines(keepends=True)[4:7]
    assert turned == ITEMS.replace("".join(lines), lines[1] + lines[2] + lines[0])

    added = changed(ITEMS, ("items", 1, "entries"), [{"title": "预算: 说明", "full_text": "true"}])
    assert added == ITEMS.replace(
        "    entries: []          # 2022年有 3 条\n",
        '    entries:  # 2022年有 3 条\n      - {title: "预算: 说明", full_text: true}\n',
    )
    emptied = changed(ITEMS, ("items", 0, "entries"), [])
    assert emptied == ITEMS.replace("    entries:\n" + "".join(lines), "    entries: []\n")
    renamed = changed(ITEMS, ("items", 0, "entries"), [{"title": "丙", "full_text": "true"}, second])
    assert renamed == ITEMS.replace("title: 甲,", "title: 丙,")
    unknown = changed(ITEMS, ("items",), "不详")
    assert said(changed(unknown, ("items",), said(ITEMS)["items"])) == said(ITEMS)
    assert unknown.startswith("year: 2023\nitems: 不详             # 主动公开的信息\n# 二、")


def test_keys_come_and_go() -> None:
    """A key that is new gets a line behind the one before it; a key that goes takes its lines along."""
    wanted = said(ITEMS)
    with_day = {"year": "2023", "published_on": "2024-01-20", **wanted}
    text = patched(ITEMS, with_day, bare)
    assert text == ITEMS.replace("year: 2023\n", "year: 2023\npublished_on: 2024-01-20\n")
    assert patched(text, wanted, bare) == ITEMS
    del wanted["items"]
    assert patched(ITEMS, wanted, bare) == "year: 2023\n" + ITEMS[ITEMS.index("# 二、") :]


@pytest.mark.parametrize("text", ["- 1\n", "a: [\n", "a: |\n  b\n", "a:\n  -\n    b: 1\n"])
def test_what_cannot_be_changed_so_is_refused(text: str) -> None:
    """Text of several lines, a dash of its own and what is no mapping are left to an editor."""
    with pytest.raises(LayoutError):
        patched(text, {"a": [{"b": "2"}, {"b": "3"}] if "-" in text else "x"}, bare)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_random_edits_say_what_is_wanted_and_touch_nothing_else(path: object) -> None:
    """Figures, items and facts changed at random: the file says what is wanted, and every other line is as it was."""
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    chance = random.Random(str(path))  # noqa: S311  # the same cases in every run
    for _ in range(40):
        wanted = copy.deepcopy(said(text))
        lines = [target for target in _lists(wanted) if all(isinstance(item, str) for item in target)]
        touched = chance.sample(lines, chance.randint(1, min(20, len(lines))))
        for line in touched:
            line[chance.randrange(len(line))] = chance.choice(["0", "7", "待填", "不详", "99999", "12"])
        new = patched(text, wanted, bare)
        assert said(new) == wanted
        old_lines, new_lines = text.split("\n"), new.split("\n")
        assert len(old_lines) == len(new_lines)
        different = [(one, other) for one, other in zip(old_lines, new_lines, strict=True) if one != other]
        assert len(different) <= len(touched)
        for one, other in different:
            assert one.split("#")[1:] == other.split("#")[1:]
            assert one.split("[")[0] == other.split("[")[0]

        wanted = copy.deepcopy(said(text))
        items = wanted["items"]
        assert isinstance(items, list)
        for _ in range(chance.randint(1, 4)):
            _disturb(chance, items)
        assert said(patched(text, wanted, bare)) == wanted


def _lists(value: Plain) -> list[list[Plain]]:
    if isinstance(value, dict):
        return [found for item in value.values() for found in _lists(item)]
    if isinstance(value, list):
        return [value] + [found for item in value for found in _lists(item)]
    return []


def _disturb(chance: random.Random, items: list[Plain]) -> None:
    """Add, remove, rename or move an item or a category."""
    title = chance.choice(["新的一条", "预算: 说明", 'a "b", c', "- 起头", "#注", "2023", "true", "带 # 号", "{括号}"])
    new: dict[str, Plain] = {"title": f"{title}{chance.randrange(9)}", "full_text": "true"}
    match chance.randrange(5):
        case 0:
            items.insert(chance.randint(0, len(items)), {"category": new["title"], "entries": [new]})
        case 1:
            chance.shuffle(items)
        case _ if items:
            category = chance.choice(items)
            assert isinstance(category, dict)
            entries = category["entries"]
            assert isinstance(entries, list)
            where = chance.randint(0, len(entries))
            if chance.randrange(2) and entries:
                entries.pop(where - 1)
            else:
                entries.insert(where, new)
