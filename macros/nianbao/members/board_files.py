"""The board as text, as a page that opens from a folder and prints, a workbook to send round, JSON for programs."""

from __future__ import annotations

import io
import json
from html import escape
from typing import TYPE_CHECKING

import xlsxwriter

from nianbao.documents.blocks import clean
from nianbao.exports.excel import OPTIONS, undated
from nianbao.exports.excel_style import Style, height, lines, set_page
from nianbao.members.board import STATES, letter
from nianbao.members.sites import SITES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlsxwriter.worksheet import Worksheet

    from nianbao.members.board import Board, Letter, Standing

_WIDTHS = {
    "标识": 14,
    "单位": 30,
    "分类": 12,
    "状态": 9,
    "逾期": 7,
    "期限": 12,
    "报送或公布日期": 12,
    "网站": 12,
    "说明": 70,
    "事由": 8,
    "文字": 110,
}
# So many bodies are named of which nothing else is told.
_NAMED = 100
# A row of a workbook can be no higher.
_MOST_POINTS = 409
# Old browsers know no `color-mix` or nesting; on narrow screens a row becomes a paragraph.
_STYLE = """
:root{color-scheme:light dark}
body{font-family:sans-serif;margin:1.5rem auto;padding:0 1rem;max-width:72rem;line-height:1.6}
h1{font-size:1.6rem;line-height:1.3}h2{font-size:1.2rem;margin:2rem 0 .5rem}
table{border-collapse:collapse;width:100%}
th,td{border:1px solid #767676;padding:.3rem .5rem;text-align:left;vertical-align:top}
thead th,td.day,td.count{white-space:nowrap}td.count{text-align:right}
td.body{width:16rem}td.group{width:7rem}td.told{overflow-wrap:anywhere}
thead{display:table-header-group}tr{break-inside:avoid}h2{break-after:avoid}
@page{size:A4;margin:15mm}
@media print{:root{color-scheme:light}body{margin:0;padding:0 1px;max-width:none;font-size:9pt}
thead th{white-space:normal}td.body{width:11em}td.group{width:4em}}
@media screen and (max-width:40rem){table.bodies,.bodies tbody,.bodies tr,.bodies td{display:block;width:auto}
.bodies thead{display:none}.bodies tr{border-top:1px solid #767676;padding:.4rem 0}
.bodies td{border:0;padding:0}.bodies td.body{font-weight:bold}.bodies td:empty{display:none}
.bodies td[data-head]::before{content:attr(data-head) "："}
table.counts{font-size:.9rem}.counts th,.counts td{padding:.2rem .3rem;white-space:normal}
.counts tbody th{min-width:2.2em}}
"""


def text(board: Board) -> Iterator[str]:
    """Yield the lines of the board as text."""
    yield board.summary
    for state, title in STATES.items():
        chosen = board.in_state(state)
        if chosen:
            late = len(chosen) > 1 and all(standing.late for standing in chosen)
            yield from ("", f"{title} {len(chosen)}/{len(board.standings)}{'，都已逾期' if late else ''}：")
            yield from (f"  {line}" for line in _of_state(chosen, said=late))
    for title, told in (("名册的变化", board.changes), ("文字雷同", tuple(board.alike()))):
        if told:
            yield from ("", f"{title}：", *(f"  {line}" for line in told))


def _of_state(chosen: Sequence[Standing], *, said: bool) -> Iterator[str]:
    """Yield bodies of one state, that they are late unless it is *said*; those with no more to say stand together."""
    names = {standing: standing.name + ("（逾期）" if standing.late and not said else "") for standing in chosen}
    bare = [names[standing] for standing in chosen if not standing.told]
    if bare:
        rest = f"等 {len(bare)} 个单位，全部见 --out 写出的文件" if len(bare) > _NAMED else ""
        yield f"{'、'.join(bare[:_NAMED])}{rest}"
    for standing in chosen:
        if standing.told:
            yield names[standing]
            yield from (f"  {line}" for line in standing.told)


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
    yield from _counts(board)
    yield from (_list("名册的变化", board.changes), _list("文字雷同", tuple(board.alike())))
    for state, title in STATES.items():
        standings = board.in_state(state)
        if standings:
            yield f"<h2>{title} {len(standings)}/{len(board.standings)}</h2>\n"
            yield from _bodies(standings)
    yield "</body></html>\n"


def _counts(board: Board) -> Iterator[str]:
    """Yield a table of how many bodies of each class are in each state, where the register has classes."""
    if len(board.groups) < 2:  # noqa: PLR2004  # one says nothing that the sentence above does not
        return
    yield '<table class="counts"><thead><tr><th scope="col">分类</th><th scope="col">应报送</th>'
    yield "".join(f'<th scope="col">{title}</th>' for title in (*STATES.values(), "逾期"))
    yield "</tr></thead><tbody>\n"
    for group, standings in board.groups.items():
        numbers = [len(standings), *(sum(one.state == state for one in standings) for state in STATES)]
        cells = "".join(f'<td class="count">{number}</td>' for number in (*numbers, sum(o.late for o in standings)))
        yield f'<tr><th scope="row">{escape(group or "没有分类")}</th>{cells}</tr>\n'
    yield "</tbody></table>\n"


def _bodies(standings: Sequence[Standing]) -> Iterator[str]:
    """Yield a table of some bodies; what none of them has gets no column."""
    heads = [head for head in ("单位", "分类", "期限", "报送或公布日期", "网站", "说明") if _has(standings, head)]
    yield '<table class="bodies"><thead><tr>'
    yield "".join(f'<th scope="col">{head}</th>' for head in heads)
    yield "</tr></thead><tbody>\n"
    for standing in standings:
        yield f"<tr>{''.join(_cell(standing, head) for head in heads)}</tr>\n"
    yield "</tbody></table>\n"


def _has(standings: Sequence[Standing], head: str) -> bool:
    return head == "单位" or any(_text(standing, head) for standing in standings)


def _cell(standing: Standing, head: str) -> str:
    text = escape(_text(standing, head)).replace("\n", "<br>")
    if head == "单位":
        return f'<td class="body">{text}{"（逾期）" if standing.late else ""}</td>'
    if head == "分类":
        return f'<td class="group">{text}</td>'
    if head == "说明":
        return f'<td class="told">{text}</td>'
    return f'<td class="day" data-head="{head}">{text}</td>' if text else '<td class="day"></td>'


def _text(standing: Standing, head: str) -> str:
    """Return what stands for a body below a *head*, empty where there is nothing."""
    member = standing.member
    return {
        "标识": member.id,
        "单位": standing.name,
        "分类": member.group,
        "状态": STATES[standing.state],
        "逾期": "逾期" if standing.late else "",
        "期限": str(member.due(standing.year)),
        "报送或公布日期": str(standing.came_on or ""),
        "网站": SITES[standing.seen.state] if standing.seen is not None else "",
        "说明": "\n".join(standing.told),
    }[head]


def _list(title: str, lines: tuple[str, ...]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<h2>{title}</h2><ul>{items}</ul>\n" if lines else ""


def workbook(board: Board) -> bytes:
    """Return the board as an Excel file, with a sheet of the letters; text stays text."""
    content = io.BytesIO()
    every = ("标识", "单位", "分类", "状态", "逾期", "期限", "报送或公布日期", "网站", "说明")
    heads = [head for head in every if head != "网站" or _has(board.standings, head)]
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        style = Style(book)
        rows = [[_text(standing, head) for head in heads] for standing in board.standings]
        _sheet(book.add_worksheet("报送情况"), style, board.summary, heads, rows)
        written = [[standing.name, one.subject, one.text.rstrip()] for standing, one in _written(board)]
        if written:
            note = f"{board.year}年催报和退回的文字，每个单位一份。"
            _sheet(book.add_worksheet("催报和退回"), style, note, ("单位", "事由", "文字"), written)
    return undated(content)


def _sheet(sheet: Worksheet, style: Style, said: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write *rows* below what is *said* of them and their *heads*, to be sorted, sought and printed."""
    widths = [_WIDTHS[head] for head in heads]
    set_page(sheet, sheet.get_name(), landscape=True)
    sheet.merge_range(0, 0, 0, len(heads) - 1, "", style.note)
    sheet.write_string(0, 0, said, style.note)
    sheet.set_row(0, height(lines(said, sum(widths))))
    for column, (name, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, name, style.head())
    sheet.set_row(1, height(max(map(lines, heads, widths))))
    for number, row in enumerate(rows, 2):
        tall = max(
            sum(lines(part, width) for part in text.split("\n")) for text, width in zip(row, widths, strict=True)
        )
        sheet.set_row(number, min(height(tall), _MOST_POINTS))
        for column, text in enumerate(row):
            sheet.write_string(number, column, clean(text), style.cell)
    sheet.freeze_panes(2, 0)
    sheet.repeat_rows(1)
    sheet.autofilter(1, 0, len(rows) + 1, len(heads) - 1)


def _written(board: Board) -> Iterator[tuple[Standing, Letter]]:
    """Yield the bodies to which something is written, each with its letter."""
    for standing in board.standings:
        one = letter(standing, board.office)
        if one is not None:
            yield standing, one


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
    """Return the letters to all bodies that have something to do, one after the other, or that there is none."""
    return ("\n----\n\n".join(one.text for _, one in _written(board)) or "没有要催报或者退回的单位。\n").encode()
