"""The table 汇总 of many imports, worst first, as text, CSV and HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from nianbao.exports.texts import csv_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.importing.many import Row

CSV_FILE, HTML_FILE = "汇总.csv", "汇总.html"
_COLUMNS = ("文件", "机关", "年度", "格式", "读出", "要问", "拒绝", "原因", "文件夹")

_STYLE = """
body { margin: 0 auto; max-width: 100rem; padding: 1rem; }
body { font: 16px/1.6 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { border: 1px solid #777; padding: .25rem .5rem; text-align: left; vertical-align: top; }
td.number { text-align: right; } .refused { background: #ffd9d9; } .asked { background: #ffe2b8; }
@media print { .refused, .asked { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""


def counts(rows: Sequence[Row]) -> str:
    """Return how the reports went, in one sentence."""
    refused = sum(row.refused for row in rows)
    asked = sum(bool(row.questions) for row in rows)
    cells = sum(row.read for row in rows)
    whole = len(rows) - refused - asked
    return f"{len(rows)} 份报告：全部读出 {whole} 份，要问 {asked} 份，拒绝 {refused} 份；共读出 {cells} 格"


def text_lines(rows: Sequence[Row]) -> Iterator[str]:
    """Yield a line for each report that needs somebody, and the counts."""
    for row in rows:
        who = f"{row.body} {row.year}年" if row.body else row.files
        if row.refused:
            yield f"拒绝  {who}（{row.files}）：{row.reason}"
        elif row.questions:
            yield f"要问  {who}：{row.asked} 格，第一处：{row.reason}"
    yield f"{counts(rows)}。"


def csv_file(rows: Sequence[Row]) -> bytes:
    """Return the table as CSV."""
    return csv_text([_COLUMNS, *map(_values, rows)])


def _values(row: Row) -> tuple[str, ...]:
    numbers = (row.year, row.form, row.read, row.asked)
    shown = [str(number) if number or not row.refused else "" for number in numbers]
    return row.files, row.body, *shown, "是" if row.refused else "", row.reason, row.folder


def html_file(rows: Sequence[Row]) -> bytes:
    """Return the table as a page without a script."""
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(name) for name in _COLUMNS)
    parts = [
        Markup(
            '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>导入汇总</title>\n'
            "<style>{}</style>\n</head>\n<body>\n<h1>导入汇总</h1>\n<p>{}。</p>\n"
            '<div class="scroll"><table>\n<thead><tr>{}</tr></thead>\n<tbody>\n'
        ).format(Markup(_STYLE), counts(rows), head)  # noqa: S704  # our own style sheet
    ]
    for row in rows:
        look = "refused" if row.refused else "asked" if row.questions else "whole"
        cells = Markup("").join(
            Markup('<td class="{}">{}</td>').format("number" if value.isdigit() else "words", value)
            for value in _values(row)
        )
        parts.append(Markup('<tr class="{}">{}</tr>\n').format(look, cells))
    parts.append(Markup("</tbody>\n</table></div>\n</body>\n</html>\n"))
    return Markup("").join(parts).encode()
