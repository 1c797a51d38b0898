"""Tables in Word: cells merged as the form merges them, header rows marked and repeated, no row broken."""

from __future__ import annotations

from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Any

from nianbao.documents import typography
from nianbao.documents.word_parts import element, twips

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nianbao.documents.blocks import Run
    from nianbao.documents.tables import SetCell, SetTable

    Content = Callable[[Sequence[Run], float], Sequence[Any]]

_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_LINE = {"val": "single", "sz": 4, "space": 0, "color": "000000"}
_LOOK = {"val": "04A0", "firstRow": 1, "lastRow": 0, "firstColumn": 1, "lastColumn": 0, "noHBand": 0, "noVBand": 1}


def word_table(table: SetTable, name: str, content: Content) -> Any:  # noqa: ANN401  # lxml
    """Return *table*, which readers who see nothing are told of by *name*.

    *content* makes the runs of a cell from its text and the size of its type.
    """
    ends = [0, *(twips(sum(table.columns.widths[: index + 1])) for index in range(len(table.columns.widths)))]
    grid = (element("gridCol", {"w": after - before}) for before, after in pairwise(ends))
    made = element("tbl", None, _properties(name, ends[-1]), element("tblGrid", None, *grid))
    # Only headings at the top can be repeated; those further down head what follows them.
    head = sum(1 for _ in takewhile(lambda row: row.header, table.rows))
    open_: list[tuple[SetCell, int]] = []  # Cells from above, with the rows that they still reach down.
    for number, row in enumerate(table.rows):
        last = number == len(table.rows) - 1
        keep = not last and (table.together or number < head)
        line = element("tr", None, _row_properties(header=number < head))
        begun = [(cell, True) for cell in row.cells]
        for cell, begins in sorted([*begun, *((cell, False) for cell, _ in open_)], key=lambda piece: piece[0].column):
            width = ends[cell.column + cell.colspan] - ends[cell.column]
            paragraph = _paragraph(cell, table.columns.size, content if begins else None, keep=keep)
            line.append(element("tc", None, _cell_properties(cell, width, begins=begins), paragraph))
        made.append(line)
        open_ = [(cell, rest - 1) for cell, rest in open_ if rest > 1]
        open_ += [(cell, cell.rowspan - 1) for cell in row.cells if cell.rowspan > 1]
    return made


def _properties(name: str, width: int) -> Any:  # noqa: ANN401  # lxml
    made = element(
        "tblPr",
        None,
        element("tblW", {"w": width, "type": "dxa"}),
        element("jc", {"val": "center"}),
        element("tblBorders", None, *(element(side, _LINE) for side in _SIDES)),
        element("tblLayout", {"type": "fixed"}),
        element("tblCellMar", None, *(element(side, {"w": 57, "type": "dxa"}) for side in ("left", "right"))),
        element("tblLook", _LOOK),
    )
    made.extend([element("tblCaption", {"val": name}), element("tblDescription", {"val": name})])
    return made


def _row_properties(*, header: bool) -> Any:  # noqa: ANN401  # lxml
    height = element("trHeight", {"val": twips(typography.ROW_HEIGHT), "hRule": "atLeast"})
    return element("trPr", None, element("cantSplit"), height, *([element("tblHeader")] if header else []))


def _cell_properties(cell: SetCell, width: int, *, begins: bool) -> Any:  # noqa: ANN401  # lxml
    made = element("tcPr", None, element("tcW", {"w": width, "type": "dxa"}))
    if cell.colspan > 1:
        made.append(element("gridSpan", {"val": cell.colspan}))
    if cell.rowspan > 1:
        made.append(element("vMerge", {"val": "restart"} if begins else None))
    made.append(element("vAlign", {"val": "center"}))
    return made


def _paragraph(cell: SetCell, size: float, content: Content | None, *, keep: bool) -> Any:  # noqa: ANN401  # lxml
    pitch = round(size * typography.CELL_PITCH * 20)
    style = element(
        "pPr",
        None,
        element("pStyle", {"val": "Cell"}),
        *([element("keepNext")] if keep else []),
        element("spacing", {"before": 20, "after": 20, "line": pitch, "lineRule": "exact"}),
        element("jc", {"val": cell.align}),
    )
    return element("p", None, style, *(content(cell.runs, size) if content else ()))
