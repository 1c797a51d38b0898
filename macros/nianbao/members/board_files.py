"""The board as files: a page that opens from a folder and prints, a workbook to send round, JSON for programs."""

from __future__ import annotations

import io
import json
from html import escape
from typing import TYPE_CHECKING

import xlsxwriter

from nianbao.documents.blocks import clean
from nianbao.exports.excel import OPTIONS, undated
from nianbao.members.board import STATES, letter
from nianbao.members.sites import SITES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.members.board import Board, Standing

_HEADS = ("标识", "单位", "分类", "状态", "逾期", "期限", "报送或公布日期", "网站", "说明")
_WIDTHS = (16, 36, 14, 10, 8, 12, 12, 14, 80)
_STYLE = (
    "body{font-family:sans-serif;margin:1.5rem;line-height:1.6}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #767676;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "thead{display:table-header-group}tr{break-inside:avoid}"
)


def _row(standing: Standing) -> tuple[str, ...]:
    """Return the cells of a body, by `_HEADS`."""
    member = standing.member
    return (
        member.id,
        standing.name,
        member.group,
        STATES[standing.state],
        "逾期" if standing.late else "",
        str(member.due(standing.year)),
        str(standing.came_on or ""),
        SITES[standing.seen.state] if standing.seen is not None else "",
        "\n".join(standing.told),
    )


def page(board: Board) -> bytes:
    """Return the board as an HTML page without scripts and without anything from elsewhere."""
    return "".join(_page(board)).encode()


def _page(board: Board) -> Iterator[str]:
    title = f"{board.year}年政府信息公开工作年度报告报送情况"
    yield (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>\n<p>{escape(board.summary)}</p>\n"
    )
    yield from (_list("名册的变化", board.changes), _list("文字雷同", tuple(board.alike())))
    yield "<table><caption>各单位报送情况</caption><thead><tr>"
    yield "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
    yield "</tr></thead><tbody>\n"
    for standing in board.standings:
        cells = (escape(cell).replace("\n", "<br>") for cell in _row(standing))
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"
    yield "</tbody></table></body></html>\n"


def _list(title: str, lines: tuple[str, ...]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<h2>{title}</h2><ul>{items}</ul>\n" if lines else ""


def workbook(board: Board) -> bytes:
    """Return the board as an Excel file; text stays text."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        head = book.add_format({"bold": True, "border": 1})
        cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(f"{board.year}年报送情况")
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.write_string(0, 0, board.summary)
        for column, (name, width) in enumerate(zip(_HEADS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(1, column, name, head)
        for row, standing in enumerate(board.standings, 2):
            for column, text in enumerate(_row(standing)):
                sheet.write_string(row, column, clean(text), cell)
        sheet.freeze_panes(2, 2)
        sheet.repeat_rows(1)
        sheet.autofilter(1, 0, len(board.standings) + 1, len(_HEADS) - 1)
    return undated(content)


def as_json(board: Board) -> str:
    """Return the board for other programs."""
    document = {
        "version": 1,
        "year": board.year,
        "day": str(board.day),
        "expected": len(board.standings),
        "counts": board.counts,
        "late": sum(standing.late for standing in board.standings),
        "changes": list(board.changes),
        "copies": [{"bodies": [copy.body, copy.other], "share": copy.share} for copy in board.copies],
        "bodies": [_body(standing) for standing in board.standings],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _body(standing: Standing) -> dict[str, object]:
    return {
        "id": standing.member.id,
        "name": standing.name,
        "class": standing.member.group or None,
        "state": standing.state,
        "late": standing.late,
        "due": str(standing.member.due(standing.year)),
        "came_on": str(standing.came_on) if standing.came_on else None,
        **({"late_reason": standing.late_reason} if standing.late_reason else {}),
        "site": {"state": standing.seen.state, "note": standing.seen.note or None} if standing.seen else None,
        "note": standing.note or None,
        "returned": standing.returned.reason if standing.returned is not None else None,
        "errors": list(standing.errors),
    }


def letters(board: Board) -> bytes:
    """Return the letters to all bodies that have something to do, one after the other."""
    texts = [text for standing in board.standings if (text := letter(standing))]
    return ("\n----\n\n".join(texts)).encode()
