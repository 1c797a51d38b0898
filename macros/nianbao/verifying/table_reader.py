"""A table of a page, read back: its figures by address, and whether its cells fill a grid."""

from __future__ import annotations

_MARK = "table-mark"  # The link to a note below the table is no part of the figure.


class TableReader:
    """Takes the elements of one table as they come. *figures* are the texts of cells that have an id."""

    def __init__(self, id_: str, line: int, column: int) -> None:
        self.id = id_
        self.figures: dict[str, str] = {}
        self._position = line, column
        self._groups: list[list[list[tuple[int, int]]]] = []
        self._heads: set[str] = set()
        self._headers: list[tuple[str, int, int]] = []
        self._cell: tuple[str, list[str]] | None = None
        self._marked = 0
        self._faults: list[tuple[str, int, int]] = []

    def enter(self, tag: str, named: dict[str, str], classes: str, line: int, column: int) -> None:
        """Take the start of an element."""
        if tag in {"thead", "tbody", "tfoot"}:
            self._groups.append([])
        elif tag == "tr":
            if not self._groups:
                self._groups.append([])
            self._groups[-1].append([])
        elif tag in {"td", "th"} and self._groups and self._groups[-1]:
            spans = tuple(_span(named.get(name, "1")) for name in ("colspan", "rowspan"))
            if 0 in spans:
                self._faults.append(("单元格的 colspan 或 rowspan 不是正整数", line, column))
            self._groups[-1][-1].append((max(spans[0], 1), max(spans[1], 1)))
            if tag == "th":
                self._heads.add(named.get("id", ""))
                if named.get("scope", "col") not in {"col", "colgroup", "row", "rowgroup"}:
                    self._faults.append((f"表头的 scope“{named['scope']}”不存在", line, column))
            self._headers.extend((word, line, column) for word in named.get("headers", "").split())
            self._cell = (named.get("id", "") if tag == "td" else "", [])
        elif _MARK in classes:
            self._marked += 1

    def leave(self, tag: str, classes: str) -> None:
        """Take the end of an element."""
        if tag in {"td", "th"} and self._cell is not None:
            address, parts = self._cell
            if address:
                self.figures[address] = "".join(parts).strip()
            self._cell = None
        elif _MARK in classes:
            self._marked -= 1

    def data(self, text: str) -> None:
        """Take text."""
        if self._cell is not None and not self._marked:
            self._cell[1].append(text)

    def faults(self) -> list[tuple[str, int, int]]:
        """Return what is wrong, with line and column: a grid with gaps or overlaps, headings that are none."""
        found = [*self._faults]
        widths: set[int] = set()
        for group in self._groups:
            filled, width = _filled(group)
            widths.add(width)
            if filled is None:
                found.append(("表格的单元格重叠，或者超出所在的行组", *self._position))
            elif filled != width * len(group):
                found.append(("表格有缺口：各行的列数不同", *self._position))
        if len(widths) > 1:
            found.append(("表格各部分的列数不同", *self._position))
        found.extend(
            (f"单元格的表头“{word}”不在同一个表里", line, column)
            for word, line, column in self._headers
            if word not in self._heads
        )
        return found


def _span(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0  # noqa: PLR2004  # 1000 is HTML's limit


def _filled(group: list[list[tuple[int, int]]]) -> tuple[int | None, int]:
    """Return how many places the cells of *group* fill, and its width; None where two overlap or one leaves it."""
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(group):
        column = 0
        for colspan, rowspan in cells:
            while (row, column) in taken:
                column += 1
            places = {(row + down, column + right) for down in range(rowspan) for right in range(colspan)}
            if places & taken or row + rowspan > len(group):
                return None, column
            taken |= places
    return len(taken), max((column for _, column in taken), default=-1) + 1
