"""The report as one document: everything that the pages of its sections say, in order, and nothing of markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from documents import YEARS, blocks_of, document_of, material_of, session_of
from nianbao.documents.blocks import Heading, ListBlock, Paragraph, PlainTable, StatutoryTable, plain_text, walk
from nianbao.documents.typography import statutory_columns
from nianbao.pages.session import UnavailableError
from nianbao.rules.judging import judged_of
from nianbao.tables.layout import lay_out
from projects import edit, example_project

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.documents.blocks import Block


def words(block: Block) -> str:
    """Return what a heading or paragraph says, with its kind."""
    if isinstance(block, Heading):
        return f"h{block.level} {plain_text(block.runs)}"
    assert isinstance(block, Paragraph)
    return f"{block.kind} {plain_text(block.runs)}"


@pytest.mark.parametrize(("part", "year"), YEARS)
def test_every_passage_of_the_sections_is_carried_in_order(part: str, year: int) -> None:
    """What the rules read as prose stands in the document, section by section, in the same order."""
    session = session_of((ROOT / part).resolve())
    report = session.dataset.reports[year]
    document = material_of(session, year).document
    pages = judged_of(session).texts[year]
    assert [section.heading for section in document.sections] == [part.heading for part in report.form.sections]
    for section, part_of_form in zip(document.sections, report.form.sections, strict=True):
        text = pages.section(part_of_form)
        assert text is not None
        said = [plain_text(block.runs) for block in walk(section.blocks) if isinstance(block, Heading | Paragraph)]
        expected = [passage.text for passage in text.passages if passage.kind != "h1"]
        assert expected
        position = iter(said)
        assert all(passage in position for passage in expected)
        extra = [line for line in said if line not in expected]
        titles = {item.title for item in report.items}
        assert all(line in titles or re.fullmatch(r".+（[0-9]+条）", line) for line in extra)
        tables = [block.id for block in walk(section.blocks) if isinstance(block, StatutoryTable)]
        assert tables == ([part_of_form.table] if part_of_form.table else [])


def test_kinds_of_paragraphs() -> None:
    """Notes of those who typed the report in and categories of items are told apart from the text."""
    found = {
        block.kind
        for section in document_of(ROOT, 2023).sections
        for block in walk(section.blocks)
        if isinstance(block, Paragraph)
    }
    assert found == {"text", "category", "transcription"}


def test_numbering_goes_on_through_the_categories() -> None:
    """The published items are numbered through, as the page numbers them."""
    lists = [block for block in walk(document_of(ROOT, 2023).sections[0].blocks) if isinstance(block, ListBlock)]
    assert [(block.ordered, block.start, len(block.items)) for block in lists] == [
        (True, 1, 3),
        (True, 4, 2),
        (True, 6, 4),
        (True, 1, 3),
    ]


def test_manners_of_text() -> None:
    """Emphasis, small figures, deletions and addresses on the web are kept; addresses within the site are not."""
    html = (
        "<p>甲<strong>乙<em>丙</em></strong>m<sup>2</sup>、H<sub>2</sub>O<del>丁</del>"
        '<a href="https://example.org/?a=1&amp;b=2">戊</a><a href="../2022/index.html">己</a><code>x &lt; y</code></p>'
    )
    (paragraph,) = blocks_of(html)
    assert isinstance(paragraph, Paragraph)
    assert [(run.text, sorted(run.styles), run.link) for run in paragraph.runs] == [
        ("甲", [], ""),
        ("乙", ["strong"], ""),
        ("丙", ["emphasis", "strong"], ""),
        ("m", [], ""),
        ("2", ["superscript"], ""),
        ("、H", [], ""),
        ("2", ["subscript"], ""),
        ("O", [], ""),
        ("丁", ["deleted"], ""),
        ("戊", [], "https://example.org/?a=1&b=2"),
        ("己", [], ""),
        ("x < y", ["code"], ""),
    ]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>  甲 \n  乙<br>  丙 <br></p>", ["text 甲乙\n丙"]),
        ("甲<p>乙<p>丙</p>丁", ["text 甲", "text 乙", "text 丙", "text 丁"]),
        ('<p><img src="x.png" alt="办事〔流程〕图"></p>', ["omission 〔图片：办事流程图，见网页〕"]),
        ("<p>见<img src=x>。</p>", ["text 见〔图片，见网页〕。"]),
        ("<svg><title>趋势</title><text>3</text></svg>", ["omission 〔图形：趋势，见网页〕"]),
        ('<div><iframe src="x"></iframe></div>', ["omission 〔嵌入的内容，见网页〕"]),
        ("<script>alert(1)</script><style>p{}</style><p>甲</p>", ["text 甲"]),
        ("<p hidden>甲</p><p><span hidden>乙</span>丙</p>", ["text 丙"]),
        ("<blockquote><p>甲</p></blockquote>", ["quotation 甲"]),
        ("<pre><code>a\n  b\n</code></pre>", ["preformatted a\n  b"]),
        ('<div class="transcription"><p>甲</p></div>', ["transcription 甲"]),
        ("<dl><dt>甲<dd>乙</dl>", ["text 甲", "text 乙"]),
        ("<a href='x'><h2>甲</h2></a>", ["h2 甲"]),
        ("<p>&lt;script&gt;&amp;amp; &#x20BB7;</p>", ["text <script>&amp; 𠮷"]),
    ],
)
def test_markup_becomes_text(html: str, expected: list[str]) -> None:
    """Whatever HTML a page brings, its words come through, and what a document cannot show is named."""
    assert [words(block) for block in blocks_of(html)] == expected


def test_no_level_of_headings_is_skipped() -> None:
    """An outline goes down one level at a time, whatever the page writes."""
    found = blocks_of("<h1>甲</h1><h3>乙</h3><h3>丙</h3><h6>丁</h6><h2>戊</h2>")
    assert [block.level for block in found if isinstance(block, Heading)] == [1, 2, 2, 3, 2]


def test_lists_within_lists() -> None:
    """An item holds paragraphs and lists of its own; numbering may begin anywhere."""
    (outer,) = blocks_of("<ol start=3><li>甲<ul><li>乙<li><p>丙</p><p>丁</p></ul><li>戊</ol>")
    assert isinstance(outer, ListBlock)
    assert (outer.ordered, outer.start, len(outer.items)) == (True, 3, 2)
    first, inner = outer.items[0]
    assert words(first) == "text 甲"
    assert isinstance(inner, ListBlock)
    assert [[words(block) for block in item] for item in inner.items] == [["text 乙"], ["text 丙", "text 丁"]]


def test_tables_of_pages() -> None:
    """The cells of a table are placed on its grid, whatever spans it has."""
    (table,) = blocks_of(
        "<table><caption>甲</caption><tr><th rowspan=2>一<th colspan=2>二<tr><th>三<th>四"
        "<tr><td>1<td rowspan=9>2<td>3<tr><td>4<td>5</table>"
    )
    assert isinstance(table, PlainTable)
    assert (table.width, table.head, plain_text(table.caption)) == (3, 2, "甲")
    assert [
        [(plain_text(cell.runs), cell.column, cell.colspan, cell.rowspan) for cell in row] for row in table.rows
    ] == [
        [("一", 0, 1, 2), ("二", 1, 2, 1)],
        [("三", 1, 1, 1), ("四", 2, 1, 1)],
        [("1", 0, 1, 1), ("2", 1, 1, 2), ("3", 2, 1, 1)],
        [("4", 0, 1, 1), ("5", 2, 1, 1)],
    ]


def test_faults_of_pages_are_told_together(tmp_path: Path) -> None:
    """Pages that cannot be carried are told with their places, all at once."""
    project = example_project(tmp_path)
    (project / "docs/2024/3-requests.md").unlink()
    edit(project / "docs/2024/1-overview.md", 'figure("items")', 'figure("itms")')
    edit(project / "docs/2024/6-other.md", "# 六", "{{ nothing() }}\n\n# 六")
    with pytest.raises(UnavailableError) as caught:
        document_of(project, 2024)
    found = [str(finding) for finding in caught.value.findings]
    assert len(found) == 3
    assert found[0].startswith("docs/2024/1-overview.md:")
    assert found[1].startswith("docs/2024/3-requests.md:1:1: 缺少此页面")
    assert found[2].startswith("docs/2024/6-other.md:1:4: 没有“nothing”这个宏")


def test_columns_hold_the_longest_figures() -> None:
    """Every figure stands on one line, up to the largest that a table takes, and widths add up to the page's."""
    session = session_of(ROOT / "examples")
    for year in (2020, 2024):
        report = session.dataset.reports[year]
        for table in report.form.tables:
            for figure in (0, 98765, table.maximum):
                cells = {key: cell._replace(value=figure, written="") for key, cell in report.cells[table.id].items()}
                grid = lay_out(table, cells)
                columns = statutory_columns(grid)
                assert sum(columns.widths) == pytest.approx(156)
                narrowest = min(columns.widths[grid.stub :])
                assert len(str(figure)) * columns.size * 0.55 / 72 * 25.4 < narrowest - 2
                assert columns.size >= (9 if figure == 0 else 5.5)
                assert all(width >= 10 for width in columns.widths)
