# ruff: noqa: SLF001 -- the library keeps the elements private that the tests read
"""The Word file as others read it: every cell, the outline, the pages, and text that could do harm."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import docx
import pytest
from building import ROOT
from documents import AWKWARD, LONG, YEARS, Printed, awkward_document, document_of, example, printed_cells, session_of
from docx.oxml.ns import qn
from nianbao.documents.blocks import Paragraph, Run
from nianbao.documents.word import word_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordDocument
    from docx.section import Section
    from docx.table import Table
    from docx.text.paragraph import Paragraph as DocxParagraph

TABLES = ("disclosure", "requests", "review")
MM = 36000  # in the library's units


def opened(file: bytes) -> WordDocument:
    """Return *file* as python-docx reads it."""
    return docx.Document(io.BytesIO(file))


@pytest.fixture(scope="module")
def awkward() -> WordDocument:
    """Return the awkward document."""
    return opened(word_file(awkward_document()))


def words(element: Any) -> str:  # noqa: ANN401  # lxml
    """Return the text in *element*, with the codes of its fields."""
    return "".join(text.text or "" for text in element.iter(qn("w:t"), qn("w:instrText")))


def style(paragraph: DocxParagraph) -> str:
    """Return the name of the style of *paragraph*."""
    assert paragraph.style is not None
    return str(paragraph.style.name)


def cells(table: Table) -> set[Printed]:
    """Return the cells of *table* from its spans: gridSpan across, vMerge down."""
    found: dict[tuple[int, int], Printed] = {}
    open_: dict[int, tuple[int, int]] = {}
    for row, line in enumerate(table._tbl.tr_lst):
        column = 0
        for cell in line.tc_lst:
            merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            text = words(cell)
            if merge is not None and merge.get(qn("w:val")) != "restart":
                corner = open_[column]
                assert not text, "what stands in a covered cell is seen by no one"
                found[corner] = found[corner]._replace(rowspan=row - corner[0] + 1)
            else:
                found[row, column] = Printed(row, column, 1, cell.grid_span, text)
                open_[column] = (row, column)
            column += cell.grid_span
        assert column == len(table.columns), "every row covers the whole grid"
    return set(found.values())


def statutory(word: WordDocument) -> list[Table]:
    """Return the tables of the form, known by their titles for readers who see nothing."""
    names = ("主动公开政府信息情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况")
    by_name = {_title(table): table for table in word.tables}
    return [by_name[name] for name in names]


def _title(table: Table) -> str:
    caption = table._tbl.tblPr.find(qn("w:tblCaption"))
    assert caption is not None
    return str(caption.get(qn("w:val")))


@pytest.mark.parametrize(("part", "year"), YEARS)
def test_tables_are_merged_exactly_as_the_form(part: str, year: int) -> None:
    """Every cell of all three tables has the place, the spans and the text that the site prints."""
    session = session_of((ROOT / part).resolve())
    word = opened(word_file(document_of(session.root, year)))
    count = 0
    for table, name in zip(statutory(word), TABLES, strict=True):
        expected = printed_cells(session.dataset.reports[year], name)
        assert cells(table) == expected
        count += len(expected)
    assert count > 270


def test_unknown_figures_and_printed_totals_are_shown_and_noted() -> None:
    """The table of 2019 shows what the original prints, and says below it what cannot be added up."""
    word = opened(word_file(example(2019)))
    assert "不详" in {cell.text for cell in cells(statutory(word)[1])}
    notes = [paragraph.text for paragraph in word.paragraphs if paragraph.text.startswith("注：")]
    assert notes[0].startswith("注：标“不详”的，原件无法辨认")
    assert "注：“（七）总计”的“总计”按原件记为 44，有分项不详，不能核算。" in notes


@pytest.mark.parametrize(("part", "year"), YEARS)
def test_the_navigator_shows_the_six_sections(part: str, year: int) -> None:
    """Headings are real: those of level 1 are the six sections, the others stand below them."""
    document = document_of((ROOT / part).resolve(), year)
    word = opened(word_file(document))
    assert [line.text for line in word.paragraphs if style(line) == "Heading 1"] == [
        section.heading for section in document.sections
    ]
    assert sum(style(line) == "Heading 2" for line in word.paragraphs) >= 6
    assert [line.text.replace("\n", "") for line in word.paragraphs if style(line) == "Title"] == [document.title]
    for level in (1, 2, 3):
        outline = word.styles[f"Heading {level}"].element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        assert outline is not None
        assert outline.get(qn("w:val")) == str(level - 1)


def test_the_report_is_signed_at_its_end() -> None:
    """Whose report it is and its day stand at the right; an unknown day is left out, a draft unsigned."""
    signed = {}
    for year in (2024, 2025):
        document = document_of(ROOT / "examples", year)
        lines = opened(word_file(document)).paragraphs
        signed[year] = [line.text for line in lines if style(line) == "Signature"]
    assert signed == {2024: ["示例市示例区城市管理和综合执法局", "2025年1月21日"], 2025: []}
    real = opened(word_file(document_of(ROOT, 2023))).paragraphs
    assert [line.text for line in real][-1] == "武昌区社会管理网格化服务中心"
    assert style(real[-1]) == "Signature"
    # The end of the text and the signature stay on one page.
    assert real[-2].paragraph_format.keep_with_next
    assert style(real[-2]) != "Signature"


def test_header_rows_are_marked_and_no_row_is_broken() -> None:
    """Headings repeat on every page that a table reaches, and each table is named for readers who see nothing."""
    for table, heads in zip(statutory(opened(word_file(example()))), (2, 3, 3), strict=True):
        rows = [row.trPr for row in table._tbl.tr_lst]
        marked = [row is not None and row.find(qn("w:tblHeader")) is not None for row in rows]
        assert marked == [True] * heads + [False] * (len(rows) - heads)
        assert all(row is not None and row.find(qn("w:cantSplit")) is not None for row in rows)
        assert table._tbl.tblPr.find(qn("w:tblDescription")) is not None
        widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.gridCol_lst]
        assert sum(widths) == pytest.approx(156 / 25.4 * 1440, abs=2)
        assert all(width > 8 / 25.4 * 1440 for width in widths)


def test_pages_are_those_of_the_standard() -> None:
    """A4 with the margins, lines and characters of GB/T 9704; fonts are named and not shipped."""
    file = word_file(example())
    word = opened(file)
    (section,) = word.sections
    measures = [
        *(section.page_width, section.page_height, section.top_margin, section.bottom_margin),
        *(section.left_margin, section.right_margin),
    ]
    assert [round((measure or 0) / MM) for measure in measures] == [210, 297, 37, 35, 28, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid is not None
    assert grid.get(qn("w:type")) == "lines"
    assert int(225 / 25.4 * 1440 / int(grid.get(qn("w:linePitch")))) == 22
    normal = word.styles["Normal"]
    assert normal.font.size is not None
    spacing = normal.element.find(f"{qn('w:rPr')}/{qn('w:spacing')}")
    assert spacing is not None
    character = normal.font.size.pt + int(spacing.get(qn("w:val"))) / 20
    assert int(156 / 25.4 * 72 / character) == 28
    fonts = {
        name: word.styles[name].element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}").get(qn("w:eastAsia"))
        for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3")
    }
    assert fonts == {
        "Normal": "仿宋_GB2312",
        "Title": "方正小标宋简体",
        "Heading 1": "黑体",
        "Heading 2": "楷体_GB2312",
        "Heading 3": "仿宋_GB2312",
    }
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        table = archive.read("word/fontTable.xml").decode()
        assert not [name for name in archive.namelist() if "fonts/" in name]
    alternatives = dict(re.findall(r'w:name="([^"]+)"><w:altName w:val="([^"]+)"', table))
    assert set(fonts.values()) <= alternatives.keys()
    assert all(len(name) <= 31 and "," not in name for name in alternatives.values())


def stories(section: Section) -> Iterator[tuple[str, Any]]:
    """Yield headers and footers of odd and of even pages."""
    yield from (("odd header", section.header), ("even header", section.even_page_header))
    yield from (("odd footer", section.footer), ("even footer", section.even_page_footer))


def test_page_numbers_stand_outside() -> None:
    """The number stands between dashes, on odd pages at the right and on even ones at the left."""
    word = opened(word_file(example()))
    assert word.settings.odd_and_even_pages_header_footer
    found = {name: story.paragraphs[0] for name, story in stories(word.sections[0]) if name.endswith("footer")}
    for side, name in (("right", "odd footer"), ("left", "even footer")):
        assert words(found[name]._p) == "— PAGE1 —"
        assert found[name]._p.find(f"{qn('w:pPr')}/{qn('w:jc')}").get(qn("w:val")) == side


@pytest.mark.parametrize(("year", "draft"), [(2024, False), (2025, True)])
def test_drafts_say_so_on_every_page(year: int, draft: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """The headers of odd and of even pages bear the mark of a draft, and no page is without a header."""
    word = opened(word_file(example(year)))
    (section,) = word.sections
    assert not section.different_first_page_header_footer
    for name, story in stories(section):
        if name.endswith("header"):
            assert words(story._element) == ("草稿（尚未公布）" if draft else "")
    assert ("草稿，尚未公布" in "".join(paragraph.text for paragraph in word.paragraphs[:2])) is draft


def test_lists_number_as_the_page_does() -> None:
    """Items are numbered by Word itself, through all categories."""
    word = opened(word_file(document_of(ROOT, 2023)))
    numbering = word.part.numbering_part.element
    starts = {
        number.get(qn("w:numId")): override.get(qn("w:val"))
        for number in numbering.findall(qn("w:num"))
        for override in number.iter(qn("w:startOverride"))
    }
    used = [
        element.get(qn("w:val"))
        for paragraph in word.paragraphs
        if (element := paragraph._p.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")) is not None
    ]
    assert [starts[key] for key in dict.fromkeys(used)] == ["1", "4", "6", "1", "1", "1"]
    assert len(used) == 3 + 2 + 4 + 3 + 3 + 3


def test_the_same_report_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the clock nor the order of anything shows in the file."""
    first = word_file(example())
    monkeypatch.setattr("time.localtime", lambda *_: (2031, 5, 6, 7, 8, 9, 1, 126, 0))
    monkeypatch.setattr("time.time", lambda: 1_900_000_000.0)
    assert word_file(example()) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None


def test_properties_come_from_the_report() -> None:
    """Title, agency and language are told; the day is that of publication, and left out where it is not known."""
    published = opened(word_file(example())).core_properties
    assert published.title == "示例市示例区城市管理和综合执法局2024年政府信息公开工作年度报告"
    assert (published.author, published.language) == ("示例市示例区城市管理和综合执法局", "zh-CN")
    assert published.created == published.modified == datetime(2025, 1, 21, tzinfo=UTC)
    unknown = opened(word_file(document_of(ROOT, 2023))).core_properties
    assert unknown.created is unknown.modified is None


def test_text_stays_text(awkward: WordDocument) -> None:
    """Whatever the text means to a machine, Word shows it as it is."""
    lines = [paragraph.text for paragraph in awkward.paragraphs]
    for text in (*AWKWARD, LONG):
        assert text in lines
    table = next(table for table in awkward.tables if _title(table) == AWKWARD[1])
    assert [row.cells[1].text for row in table.rows] == ["内容", *AWKWARD]
    assert "〔图片：图<1>，见网页〕" in lines
    assert next(line for line in lines if line.startswith("链接")) == "链接m2H2O删加重强x"


def test_links_lead_where_they_say(awkward: WordDocument) -> None:
    """A link is a relation to the outside, and nothing else of the file refers to another."""
    outside = [relation.target_ref for relation in awkward.part.rels.values() if relation.is_external]
    assert outside == ["https://example.org/?a=1&b=%22"]


def test_what_xml_cannot_hold_is_replaced() -> None:
    """Control characters and halves of pairs cannot make a file that no one can open."""
    bad = "甲\x00\x0b\x1f\ud842\ufffe乙"
    base = example()
    section = replace(base.sections[0], blocks=(Paragraph(runs=(Run(text=bad),)),))
    word = opened(word_file(replace(base, agency=bad, title=bad, sections=(section, *base.sections[1:]))))
    assert "甲\ufffd\ufffd\ufffd\ufffd\ufffd乙" in [paragraph.text for paragraph in word.paragraphs]
    assert word.core_properties.author == "甲\ufffd\ufffd\ufffd\ufffd\ufffd乙"


def test_long_titles_are_parted_evenly() -> None:
    """The title stands in lines of about the same width, the name of the report in a line of its own."""
    word = opened(word_file(awkward_document()))
    lines = word.paragraphs[0].text.split("\n")
    assert lines[-1] == "2024年政府信息公开工作年度报告"
    assert len(lines) == 3
    assert abs(len(lines[0]) - len(lines[1])) <= 4
