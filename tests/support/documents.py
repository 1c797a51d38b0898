"""What the tests of documents share: reports as documents, tables as the site prints them, awkward text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from bs4 import BeautifulSoup
from building import ROOT
from nianbao.cache.cache import Cache
from nianbao.documents.document import DocumentSection
from nianbao.documents.fonts import find_fonts
from nianbao.documents.reading import read_blocks
from nianbao.engines.environment import judge_session
from nianbao.exports.formats import Material
from nianbao.model.dataset import read_dataset
from nianbao.pages.session import Session
from nianbao.prose.tree import grow
from nianbao.rules.judging import remember
from nianbao.tables.html import render_table

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.documents.blocks import Block, StatutoryTable
    from nianbao.documents.document import Document
    from nianbao.model.report import Report

# The real report and the synthetic ones, in both forms; 2019 has unknown figures and printed totals, 2025 is a draft.
YEARS = ((".", 2023), *(("examples", year) for year in range(2019, 2026)))


def session_of(project: Path) -> Session:
    """Return a session of *project* with its pages judged."""
    dataset = read_dataset(project, project / "data")
    session = Session(
        dataset=dataset, root=project, data=project / "data", docs=project / "docs", drafts=True, page=lambda: ""
    )
    remember(session, judge_session(session))
    return session


def document_of(project: Path, year: int) -> Document:
    """Return the document of *year*."""
    return material_of(session_of(project), year).document


def material_of(session: Session, year: int) -> Material:
    """Return what the files of *year* are made from."""
    report, cache = session.dataset.reports[year], Cache(session.root / ".cache")
    return Material(session=session, agency="a", report=report, cache=cache, fonts=find_fonts)


def example(year: int = 2024) -> Document:
    """Return the document of a synthetic report."""
    return document_of(ROOT / "examples", year)


def blocks_of(html: str) -> tuple[Block, ...]:
    """Return the blocks of *html*, which has no statutory table."""

    def table(name: str) -> StatutoryTable:
        raise AssertionError(name)

    return read_blocks(grow(html, ()), table)


class Printed(NamedTuple):
    """A cell as it is printed: the grid position of its first corner, its spans and its text."""

    row: int
    column: int
    rowspan: int
    colspan: int
    text: str


def printed_cells(report: Report, table: str) -> set[Printed]:
    """Return the cells of *table* as a browser lays out the site's own HTML of it."""
    form_table = report.form.table(table)
    assert form_table is not None
    soup = BeautifulSoup(render_table(report, form_table), "html.parser")
    cells: set[Printed] = set()
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(soup.select("tr")):
        column = 0
        for tag in line.select("th, td"):
            for mark in tag.select(".table-mark"):
                mark.extract()
            while (row, column) in taken:
                column += 1
            rowspan, colspan = int(str(tag.get("rowspan", "1"))), int(str(tag.get("colspan", "1")))
            taken |= {(row + down, column + right) for down in range(rowspan) for right in range(colspan)}
            cells.add(Printed(row, column, rowspan, colspan, tag.get_text()))
            column += colspan
    return cells


AWKWARD = (
    '#import "x": * $x$ @ref <label> // c /* d */ *甲* _乙_ `丙` \\ \\n ~ = + - [丁] {{ 戊 }} {% 己 %}',
    "<script>alert('庚')</script> &amp; &lt;w:p/> ]]> <!-- 辛 --> \"壬\" 'x'",
    "𠮷野家、㐂、e\u0301、〔2024〕3号、“引号”——……、№、①",
    '=HYPERLINK("x")、@SUM(1)、+1、-1',
)
LONG = "Supercalifragilistic" * 12


def awkward_document() -> Document:
    """Return a document whose every part has text that means something to some machine, and kinds of all blocks."""
    base = example()
    name = f"“示例”<机关>&{'很长的名称' * 6}"
    items = "".join(f"<li>{_escaped(text)}</li>" for text in AWKWARD)
    paragraphs = "".join(f"<p>{_escaped(text)}</p>" for text in (*AWKWARD, LONG))
    cells = "".join(f"<tr><td>{number}</td><td>{_escaped(text)}</td></tr>" for number, text in enumerate(AWKWARD))
    html = (
        f"<h2>{_escaped(AWKWARD[0])}</h2><h5>跳过两级的标题</h5>{paragraphs}<ul>{items}</ul><ol start=7>{items}</ol>"
        "<ol><li>外<ol><li>内</li></ol></li><li><table><tr><td>项里的表</td></tr></table></li></ol>"
        f"<table><caption>{_escaped(AWKWARD[1])}</caption><tr><th>序号</th><th>内容</th></tr>{cells}</table>"
        f"<table><tr><td rowspan=2>跨行</td><td>{LONG}</td></tr><tr><td>短</td></tr></table>"
        '<p><a href="https://example.org/?a=1&amp;b=%22">链接</a>m<sup>2</sup>H<sub>2</sub>O<del>删</del><ins>加</ins>'
        "<strong>重</strong><em>强</em><code>x</code></p><blockquote><p>引文</p></blockquote><pre>a\n  b</pre>"
        '<p class="transcription">录入</p><p><img src=x alt="图&lt;1&gt;"></p>'
    )
    awkward = DocumentSection(id="overview", number="一", title="总体情况", blocks=blocks_of(html))
    return replace(
        base,
        agency=name,
        title=f"{name}2024年政府信息公开工作年度报告",
        sections=(awkward, *base.sections[1:]),
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
