"""The page 核对.html: the original on the left, the form as it was read on the right; one file, no script."""

from __future__ import annotations

import base64
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from markupsafe import Markup

from nianbao.importing.original import Paragraph, Picture, Table
from nianbao.importing.questions import cells_named, proposal
from nianbao.model.report import plain
from nianbao.reading.numbers import GAPS, UNKNOWN
from nianbao.tables.layout import Head, lay_out
from nianbao.tables.notes import units_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.importing.answers import Question
    from nianbao.importing.original import Content, Original
    from nianbao.importing.originals import ReadReport
    from nianbao.model.form import Section
    from nianbao.model.form import Table as FormTable
    from nianbao.model.report import Report
    from nianbao.tables.layout import Data, Row

_PAGE = re.compile(r"第([0-9]+)页")

_STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 110rem; padding: 1rem; }
body { font: 16px/1.6 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 1.5rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1rem 0 .3rem; }
.sides { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr); }
@media (min-width: 70rem) {
  .sides { grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); }
  .original { position: sticky; top: 0; max-height: 100vh; overflow: auto; }
}
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; }
.form table { width: 100%; }
th, td { border: 1px solid #777; padding: .2rem .4rem; text-align: left; vertical-align: top; }
td.figure { text-align: right; min-width: 3.2rem; }
th { font-weight: 600; background: #f3f3f3; min-width: 3.5rem; }
.where { display: block; font-size: .75rem; color: #555; overflow-wrap: anywhere; }
.where a { color: inherit; }
.asked, .wrong { background: #ffe2b8; } .wrong { outline: 2px solid #a40000; outline-offset: -2px; }
.word { display: block; font-weight: 700; color: #7a2e00; } .wrong .word { color: #a40000; }
.good { display: block; font-size: .75rem; color: #14602a; }
.read { background: #e6f2e8; }
.original p { margin: .15rem 0; overflow-wrap: anywhere; } .original .where { display: inline; }
.original figure { margin: 0 0 .75rem; } .original img { box-sizing: border-box; width: 100%; border: 1px solid #bbb; }
:target { outline: 3px solid #1f5fbf; }
li { margin: .3rem 0; overflow-wrap: anywhere; }
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  body { font-size: 10pt; padding: 0; max-width: none; }
  .sides { display: block; } .form { break-before: page; } tr, li, p { break-inside: avoid; }
  figure { break-inside: avoid; } .original img { width: auto; max-width: 100%; max-height: 160mm; }
  h2, h3 { break-after: avoid; } .scroll { overflow: visible; } thead { display: table-header-group; }
  .asked, .wrong, .read, th { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""


def review_page(read: ReadReport, report: Report, waiting: Sequence[Question]) -> bytes:
    """Return the page by which a person checks *report* against the originals it was *read* from.

    *waiting* are the questions without an answer.
    """
    review = _Review(read, report, waiting)
    title = f"核对：{report.title}"
    head = Markup(
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<header>\n<h1>{}</h1>\n"
    ).format(title, Markup(_STYLE), title)  # noqa: S704  # our own style sheet
    parts = [
        head,
        *review.summary(),
        Markup('</header>\n<main class="sides">\n<section class="original" aria-label="原件">\n'),
        *(part for original in read.originals for part in review.original(original)),
        Markup('</section>\n<section class="form" aria-label="读到的内容">\n'),
        *(part for table in report.form.tables for part in review.form(table)),
        *review.words(),
        *review.unused(),
        Markup("</section>\n</main>\n</body>\n</html>\n"),
    ]
    return Markup("").join(parts).encode()


class _Review:
    """The parts of the page."""

    def __init__(self, read: ReadReport, report: Report, waiting: Sequence[Question]) -> None:
        self._read = read
        self._report = report
        self._waiting = waiting
        self._asked = {address: question for question in waiting for address in question.addresses}
        self._readings = read.figures.readings
        self._pages = any(original.kind == "PDF" for original in read.originals)
        self._used = {reading.place for reading in self._readings.values()}
        self._ids: dict[str, str] = {}

    def summary(self) -> Iterator[Markup]:
        """Yield what was read and what is asked."""
        asked = len(self._asked)
        words = f"读到 {len(self._readings)} 格，要问 {len(self._waiting)} 处（{asked} 格）"
        yield Markup("<p>{}；原件：{}。</p>\n").format(words, "、".join(one.name for one in self._read.originals))
        yield Markup(
            '<p>底色为<span class="asked">橙色</span>并写着“要问”的，请在工作台上或 问题.yml 里答复；写着“不符”的，'
            "印出的合计与各数之和不同。每个数下面是它在原件里的位置。</p>\n"
        )
        if self._waiting:
            yield Markup("<h2>要问的</h2>\n<ol>\n")
            for question in self._waiting:
                proposed = f"；提议：{proposal(question)}" if question.proposal else ""
                raw = f"；原件：{question.raw}" if question.raw else ""
                named = cells_named(question, self._report.form)
                yield Markup("<li>{}：{}{}{}。{}</li>\n").format(question.place, question.text, raw, proposed, named)
            yield Markup("</ol>\n")

    def original(self, original: Original) -> Iterator[Markup]:
        """Yield *original*: pictures of a PDF, else its own text and tables."""
        yield Markup("<h2>原件：{}</h2>\n").format(original.name)
        if original.kind == "PDF":
            for number, picture in enumerate(original.pictures, 1):
                data = base64.b64encode(picture).decode()
                yield Markup(
                    '<figure id="page-{}"><img src="data:image/png;base64,{}" alt="第{}页">'
                    "<figcaption>第{}页</figcaption></figure>\n"
                ).format(number, data, number, number)
            return
        for one in original.contents:
            yield from self._content(one)

    def _content(self, content: Content) -> Iterator[Markup]:
        match content:
            case Paragraph():
                used = Markup(' class="read"') if content.place in self._used else ""
                yield Markup('<p id="{}"{}><span class="where">{}</span> {}</p>\n').format(
                    self._id(content.place), used, content.place, content.text
                )
            case Table():
                yield Markup('<h3>{}</h3>\n<div class="scroll"><table>\n').format(content.place)
                yield from self._grid(content)
                yield Markup("</table></div>\n")
            case Picture():
                yield Markup("<p>〔图片，{}〕</p>\n").format(content.place)

    def _grid(self, table: Table) -> Iterator[Markup]:
        rows = defaultdict(list)
        for cell in table.cells:
            rows[cell.row].append(cell)
        for row in range(max(rows, default=-1) + 1):
            yield Markup("<tr>")
            for cell in sorted(rows.get(row, ()), key=lambda one: one.column):
                where = table.where(cell)
                used = Markup(' class="read"') if where in self._used else ""
                spans = Markup(' rowspan="{}" colspan="{}"').format(cell.rows, cell.columns)
                yield Markup('<td id="{}"{}{}>{}</td>').format(self._id(where), used, spans, cell.text)
            yield Markup("</tr>\n")

    def _id(self, place: str) -> str:
        return self._ids.setdefault(place, f"place-{len(self._ids) + 1}")

    def form(self, table: FormTable) -> Iterator[Markup]:
        """Yield *table* as the form prints it, every figure with its place."""
        section = self._report.form.section_of(table.id)
        caption = section.heading if section is not None else table.caption
        yield Markup('<h2>{}</h2>\n<div class="scroll"><table>\n').format(f"{caption}{units_text(table)}")
        for rows in lay_out(table, self._report.cells[table.id]).blocks:
            yield Markup("<tbody>\n")
            for row in rows:
                yield self._row(row)
            yield Markup("</tbody>\n")
        yield Markup("</table></div>\n")

    def _row(self, row: Row) -> Markup:
        cells = [self._head(cell) if isinstance(cell, Head) else self._figure(cell) for cell in row.cells]
        return Markup("<tr>{}</tr>\n").format(Markup("").join(cells))

    def _head(self, head: Head) -> Markup:
        return Markup('<th scope="{}" rowspan="{}" colspan="{}">{}</th>').format(
            head.scope, head.rowspan, head.colspan, head.label
        )

    def _figure(self, data: Data) -> Markup:
        cell = data.cell
        reading = self._readings.get(cell.address)
        words, look = Markup(""), "figure"
        shown = cell.text or "空白"
        if cell.address in self._asked:
            words, look = Markup('<span class="word">要问</span>'), "figure asked"
        elif cell.computed and cell.printed is not None and cell.value is not None:
            shown = plain(cell.printed)
            words = Markup('<span class="word">不符：各数之和是 {}</span>').format(plain(cell.value))
            look = "figure wrong"
        elif cell.computed and cell.agrees:
            words = Markup('<span class="good">与和相符</span>')
        elif reading is None and not cell.computed and shown in GAPS:
            words, look = Markup('<span class="word">没有读到</span>'), "figure asked"
        question = self._asked.get(cell.address)
        place = question.where(cell.address) if question is not None else reading.place if reading is not None else ""
        where = self._where(place) if place else Markup("")
        if cell.computed and not cell.entered and question is None:
            where = Markup('<span class="where">程序计算</span>')
        return Markup('<td class="{}" colspan="{}">{}{}{}</td>').format(look, data.colspan, shown, words, where)

    def _where(self, place: str) -> Markup:
        target = self._ids.get(place, "")
        page = _PAGE.search(place)
        if self._pages and page is not None:
            target = f"page-{page[1]}"
        inner = Markup('<a href="#{}">{}</a>').format(target, place) if target else Markup("{}").format(place)
        return Markup('<span class="where">{}</span>').format(inner)

    def words(self) -> Iterator[Markup]:
        """Yield what was found of the sections, the items and the facts."""
        told, report = self._read.told, self._report
        yield Markup("<h2>文字</h2>\n<ul>\n")
        for section in report.form.sections:
            yield Markup("<li>{}</li>\n").format(self._section(section))
        count = report.item_count
        fee = report.fee_gap or plain(report.processing_fee or 0)
        day = told.published_on.isoformat() if told.published_on is not None else UNKNOWN
        yield Markup("<li>主动公开的信息：{} 条</li>\n").format(UNKNOWN if count is None else count)
        for category in report.categories:
            titles = "、".join(item.title for item in category.items) or "没有逐条列出"
            yield Markup("<li>{} {} 条：{}</li>\n").format(category.name, category.count_text, titles)
        yield Markup("<li>信息处理费：{} 元</li>\n<li>原件上的日期：{}</li>\n</ul>\n").format(fee, day)

    def _section(self, section: Section) -> str:
        told = self._read.told
        if section.id not in told.sections:
            return f"{section.heading}：原件没有找到这一部分的文字"
        words = (*told.sections[section.id], *told.after.get(section.id, ()))
        number = f"，序号印作“{told.numbers[section.id]}”" if section.id in told.numbers else ""
        title = f"，标题印作“{told.titles[section.id]}”" if section.id in told.titles else ""
        where = f"，从{words[0].place}起" if words else ""
        return f"{section.heading}：{len(words)} 段{where}{number}{title}"

    def unused(self) -> Iterator[Markup]:
        """Yield what was left out, with the reason."""
        if not self._read.unused:
            return
        yield Markup("<h2>没有用到的</h2>\n<ul>\n")
        for one in self._read.unused:
            yield Markup("<li>{}：{}（{}）</li>\n").format(one.place, one.raw, one.why)
        yield Markup("</ul>\n")
