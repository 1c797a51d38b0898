"""Plain text and Markdown: a line is a paragraph, a table of bars is a table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.importing.original import Cell, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.importing.original import Content

_DELIMITER = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_BAR = re.compile(r"(?<!\\)\|")


def read_text(text: str) -> tuple[Content, ...]:
    """Return the lines of *text* that hold anything, and its tables; places are 第170行."""
    return tuple(_contents(re.split(r"\r\n|[\n\r\f\v\x85\u2028\u2029]", text)))


def _contents(lines: Sequence[str]) -> Iterator[Content]:
    at, tables = 0, 0
    while at < len(lines):
        line = lines[at]
        following = lines[at + 1].strip() if at + 1 < len(lines) else ""
        if "|" in line and "|" in following and _DELIMITER.fullmatch(following):
            until = at + 2
            while until < len(lines) and "|" in lines[until]:
                until += 1
            tables += 1
            rows = [lines[at], *lines[at + 2 : until]]
            yield Table(cells=tuple(_cells(rows)), place=f"第{at + 1}行起的表{tables}")
            at = until
            continue
        at += 1
        if line.strip():
            heading = _HEADING.fullmatch(line.strip())
            level, words = (len(heading[1]), heading[2]) if heading else (0, line)
            yield Paragraph(text=words, place=f"第{at}行", level=level)


def _cells(rows: Sequence[str]) -> Iterator[Cell]:
    for row, line in enumerate(rows):
        for column, text in enumerate(_BAR.split(line.strip().removeprefix("|").removesuffix("|"))):
            yield Cell(text=text.replace("\\|", "|").strip(), row=row, column=column)
