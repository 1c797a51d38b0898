"""The last sheet of an Excel file: where the figures come from and what the words mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.documents.characters import clean
from nianbao.exports.columns import CELL_STATUSES, COLUMNS, STATUS_MEANINGS
from nianbao.exports.excel_style import height, lines, set_page
from nianbao.exports.texts import DRAFT_NOTICE, report_name
from nianbao.pages.text import date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsxwriter.worksheet import Worksheet

    from nianbao.exports.excel_style import Style
    from nianbao.model.report import Report

_WIDTHS = (16, 84)


def write_notes(sheet: Worksheet, style: Style, report: Report, notice: str) -> None:
    """Write what a reader must know of *report* and of the sheets before; *notice* is that of the site."""
    set_page(sheet, report, landscape=False)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    row = 0
    for caption, terms in _parts(report, notice):
        sheet.write_string(row, 0, caption, style.caption)
        for row, (term, words) in enumerate(terms, row + 1):  # noqa: B020  # rows go on from part to part
            sheet.write_string(row, 0, clean(term), style.head(left=True))
            sheet.write_string(row, 1, clean(words), style.cell)
            sheet.set_row(row, height(lines(words, _WIDTHS[1])))
        row += 2


def _parts(report: Report, notice: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    known = [("须知", notice)] if notice else []
    known += [("报告", report_name(report)), ("依据", report.form.basis)]
    if report.published_on:
        known.append(("公布日期", date(report.published_on)))
    if report.status == "draft":
        known.append(("状态", DRAFT_NOTICE))
    known += [(f"{date(item.day)}更正", item.reason) for item in report.corrections]
    yield "来源", known
    yield (
        "工作表",
        [
            ("前面的工作表", "按规定格式排列，合计用公式相加；与原件印出的合计不同的，照原件，并加批注。"),
            ("名称带“数据”的", "同样的数，一行一个单元格，便于筛选和汇总；不详的数值为空。"),
        ],
    )
    yield "状态", [(title, STATUS_MEANINGS[name]) for name, title in CELL_STATUSES.items()]
    yield "数据的列", [(column.title, f"{column.name}：{column.description}") for column in COLUMNS]
