"""The PDF as others read it: text, tags, outline, properties, and what is told where a font is missing."""

from __future__ import annotations

import functools
import io
import itertools
import re
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pypdf
import pytest
from building import ROOT
from documents import AWKWARD, LONG, YEARS, Printed, awkward_document, document_of, example, printed_cells, session_of
from nianbao.documents.blocks import Heading, Paragraph, Run, plain_text, walk
from nianbao.documents.fonts import FontError, find_fonts
from nianbao.documents.pdf import pdf_file
from pypdf.generic import DictionaryObject, StreamObject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from nianbao.documents.document import Document
    from nianbao.documents.fonts import FontSet
    from pypdf.generic import ArrayObject, PdfObject

TABLES = ("disclosure", "requests", "review")


@pytest.fixture(scope="module")
def fonts() -> FontSet:
    """Return the fonts of this machine."""
    try:
        return find_fonts()
    except FontError as error:
        pytest.skip(str(error))


def text_of(file: bytes) -> str:
    """Return the text of all pages without blanks, which depend on where lines end."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file)).pages))


def dictionary(thing: PdfObject) -> DictionaryObject:
    """Return *thing*, or what it refers to, which must be a dictionary."""
    found = thing.get_object()
    assert isinstance(found, DictionaryObject)
    return found


def saying(base: Document, *texts: str) -> Document:
    """Return *base* with a first section that says *texts*."""
    section = replace(base.sections[0], blocks=tuple(Paragraph(runs=(Run(text=text),)) for text in texts))
    return replace(base, sections=(section, *base.sections[1:]))


@pytest.mark.parametrize(("part", "year"), YEARS)
def test_every_passage_is_text_in_order(part: str, year: int, fonts: FontSet) -> None:
    """Title, headings and paragraphs can be found in the text of the file, one after the other."""
    document = document_of((ROOT / part).resolve(), year)
    text = text_of(pdf_file(document, fonts))
    passages = [document.title]
    for section in document.sections:
        passages.append(section.heading)
        passages += [plain_text(block.runs) for block in walk(section.blocks) if isinstance(block, Heading | Paragraph)]
    # Pages end within passages: their numbers and the marks of drafts stand between.
    text = re.sub("—[0-9]+—|草稿（尚未公布）|草稿", "", text)
    position = 0
    for passage in passages:
        found = text.find(re.sub(r"\s", "", passage), position)
        assert found >= 0, passage
        position = found + 1


def tagged_tables(file: bytes, folder: Path) -> Iterator[set[Printed]]:
    """Yield the cells of each table as programs for the blind find them in the tags: rows, spans, text."""
    if shutil.which("pdfinfo") is None:
        pytest.skip("没有 pdfinfo，不能读出 PDF 的标记；请安装 poppler-utils")
    path = folder / "report.pdf"
    path.write_bytes(file)
    done = subprocess.run(["pdfinfo", "-struct-text", path], capture_output=True, check=True)
    tags = done.stdout.decode("utf-8", "replace").split("\n")
    for start, line in enumerate(tags):
        if line.strip() == "Table (block):":
            depth = _depth(line)
            yield _cells(itertools.takewhile(lambda tag: _depth(tag) > depth, tags[start + 1 :]))  # noqa: B023  # used at once


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _cells(tags: Iterable[str]) -> set[Printed]:
    """Return the cells of a table, placed as browsers place them, from what pdfinfo prints of it."""
    cells: list[Printed] = []
    taken: set[tuple[int, int]] = set()
    row = -1
    for word in map(str.strip, tags):
        if word == "TR":
            row += 1
        elif re.match(r"T[HD]\b", word):
            column = next(column for column in itertools.count() if (row, column) not in taken)
            cells.append(Printed(row, column, 1, 1, ""))
        elif span := re.match(r"/(Row|Col)Span ([0-9]+)", word):
            number = int(span[2])
            cells[-1] = cells[-1]._replace(rowspan=number) if span[1] == "Row" else cells[-1]._replace(colspan=number)
        elif text := re.match(r'"(.*)"$', word):
            cells[-1] = cells[-1]._replace(text=cells[-1].text + text[1])
        if cells:
            last = cells[-1]
            downs, rights = range(last.rowspan), range(last.colspan)
            taken |= {(last.row + down, last.column + right) for down in downs for right in rights}
    return set(cells)


# pdfinfo is slow: the real report, both forms, unknown figures and printed totals, a draft.
@pytest.mark.parametrize(("part", "year"), [(".", 2023), ("examples", 2019), ("examples", 2025)])
def test_tables_are_tagged_cell_by_cell(part: str, year: int, fonts: FontSet, tmp_path: Path) -> None:
    """Every cell of all three tables has in the tags the place, the spans and the text that the site prints."""
    session = session_of((ROOT / part).resolve())
    file = pdf_file(document_of(session.root, year), fonts)
    found = list(tagged_tables(file, tmp_path))
    assert len(found) == len(TABLES)
    for cells, name in zip(found, TABLES, strict=True):
        assert cells == printed_cells(session.dataset.reports[year], name)


def test_file_is_tagged_and_has_an_outline(fonts: FontSet) -> None:
    """The file declares PDF/UA-1, its language and its structure; bookmarks lead to the six sections."""
    document = example()
    reader = pypdf.PdfReader(io.BytesIO(pdf_file(document, fonts)))
    root = reader.root_object
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]) == "zh-CN"
    marks, view, told = (dictionary(root[key]) for key in ("/MarkInfo", "/ViewerPreferences", "/Metadata"))
    assert str(marks["/Marked"]) == str(view["/DisplayDocTitle"]) == "True"
    assert isinstance(told, StreamObject)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in told.get_data()
    outline = reader.outline
    assert [mark.title for mark in outline if not isinstance(mark, list)] == [
        section.heading for section in document.sections
    ]
    assert [mark.title for mark in outline[1] if not isinstance(mark, list)] == [
        plain_text(block.runs) for block in document.sections[0].blocks if isinstance(block, Heading)
    ]


def test_properties_come_from_the_report(fonts: FontSet) -> None:
    """Title, agency and the day of publication are told; no day is where none is known."""
    told = pypdf.PdfReader(io.BytesIO(pdf_file(example(), fonts))).metadata
    assert told is not None
    assert told.title == "示例市示例区城市管理和综合执法局2024年政府信息公开工作年度报告"
    assert told.author == "示例市示例区城市管理和综合执法局"
    assert str(told["/CreationDate"]).startswith("D:20250121")
    real = pypdf.PdfReader(io.BytesIO(pdf_file(document_of(ROOT, 2023), fonts))).metadata
    assert real is not None
    assert "/CreationDate" not in real


def test_all_fonts_are_in_the_file(fonts: FontSet) -> None:
    """Whoever opens the file needs no font, and finds characters and not shapes in it."""
    reader = pypdf.PdfReader(io.BytesIO(pdf_file(example(2025), fonts)))
    seen = 0
    for page in reader.pages:
        for font in map(dictionary, dictionary(dictionary(page["/Resources"])["/Font"]).values()):
            (inner,) = cast("ArrayObject", font["/DescendantFonts"].get_object())
            assert {"/FontFile2", "/FontFile3"} & dictionary(dictionary(inner)["/FontDescriptor"]).keys()
            assert "/ToUnicode" in font
            seen += 1
    assert seen > len(reader.pages)


def test_pages_are_numbered_outside(fonts: FontSet) -> None:
    """Numbers stand at the right of odd pages and at the left of even ones, below the text."""
    reader = pypdf.PdfReader(io.BytesIO(pdf_file(example(), fonts)))
    assert len(reader.pages) > 4
    for number, page in enumerate(reader.pages, 1):
        assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
        places: list[tuple[float, float]] = []
        page.extract_text(visitor_text=functools.partial(_place_of, f"—{number}—", places))
        ((across, up),) = places
        assert across > 150 if number % 2 else 28 < across < 50
        assert 20 < up < 31


def test_the_signature_never_stands_on_a_page_alone(fonts: FontSet) -> None:
    """However many lines the report has, the end of its text is on the page of the signature."""
    base = example()
    last = base.sections[-1]
    pages = set()
    for lines in range(22):
        blocks = (*last.blocks, *(Paragraph(runs=(Run(text=f"第{number}行。"),)) for number in range(lines)))
        document = replace(base, sections=(*base.sections[:-1], replace(last, blocks=(*blocks, _LAST))))
        texts = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf_file(document, fonts))).pages]
        (signed,) = (at for at, text in enumerate(texts) if "最后一句。" in re.sub(r"\s", "", text))
        end = re.sub(r"\s", "", texts[signed]).partition("最后一句。")[2]
        assert f"{base.agency}2025年1月21日" in end, lines
        assert len(texts) == signed + 1
        pages.add(signed)
    assert len(pages) > 1, "no page came to its end"


_LAST = Paragraph(runs=(Run(text="最后一句。"),))


def _place_of(  # what the library calls
    wanted: str, found: list[tuple[float, float]], text: str, outer: list[float], inner: list[float], *_: object
) -> None:
    """Add to *found* where *text* stands, in millimetres from the lower left corner, if it is *wanted*."""
    if re.sub(r"\s", "", text) == wanted:
        # Text is placed within its own system, which is placed on the page; neither is turned.
        across, up = inner[4] * outer[0] + outer[4], inner[5] * outer[3] + outer[5]
        found.append((across / 72 * 25.4, up / 72 * 25.4))


@pytest.mark.parametrize(("year", "draft"), [(2024, False), (2025, True)])
def test_drafts_say_so_on_every_page(year: int, draft: bool, fonts: FontSet) -> None:  # noqa: FBT001  # a parameter
    """Each page of a draft says that it is one, and no page of a published report does."""
    pages = pypdf.PdfReader(io.BytesIO(pdf_file(example(year), fonts))).pages
    assert len(pages) > 3
    assert [("草稿（尚未公布）" in page.extract_text()) for page in pages] == [draft] * len(pages)


def test_the_same_report_gives_the_same_bytes(fonts: FontSet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the clock nor what was set before shows in the file."""
    first = pdf_file(document_of(ROOT, 2023), fonts)
    pdf_file(example(), fonts)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")
    monkeypatch.setenv("TZ", "America/Lima")
    assert pdf_file(document_of(ROOT, 2023), fonts) == first


def test_text_stays_text(fonts: FontSet) -> None:
    """Whatever the text means to a typesetter, the file shows it as it is; no command in it is run."""
    document = awkward_document()
    file = pdf_file(document, fonts)
    text = text_of(file)
    for awkward in (*AWKWARD, LONG):
        assert text.count(re.sub(r"\s", "", awkward)) >= 1, awkward
    assert "〔图片：图<1>，见网页〕" in text
    reader = pypdf.PdfReader(io.BytesIO(file))
    links = [
        str(dictionary(dictionary(note)["/A"])["/URI"])
        for page in reader.pages
        for note in page.get("/Annots", ())
        if "/A" in dictionary(note)
    ]
    assert links == ["https://example.org/?a=1&b=%22"]


def test_long_words_stay_on_the_page(fonts: FontSet) -> None:
    """A word that no line holds is broken, and can be found as one."""
    file = pdf_file(saying(example(), LONG), fonts)
    lines = pypdf.PdfReader(io.BytesIO(file)).pages[0].extract_text().split("\n")
    assert max(len(line) for line in lines if "fragilistic" in line) < 70


def test_without_a_chinese_font_the_message_says_what_to_install(tmp_path: Path) -> None:
    """Nothing is printed in boxes: where there is no font there is no file."""
    with pytest.raises(FontError, match="apt install fonts-noto-cjk"):
        find_fonts([tmp_path])


@pytest.fixture
def single(fonts: FontSet, tmp_path: Path) -> FontSet:
    """Return one Chinese font, beside those that the typesetter brings."""
    _copy_font(fonts, tmp_path, "Regular")
    return find_fonts([tmp_path])


def _copy_font(fonts: FontSet, folder: Path, name: str) -> None:
    path = next(font.path for font in fonts.source.fonts() if font.family == fonts.families["body"][0] and font.path)
    shutil.copy(path, folder / f"Font-{name}{path[-4:]}")


def test_a_character_without_a_shape_is_named(single: FontSet) -> None:
    """A character that no font has is told by its code, and no file with an empty box is made."""
    with pytest.raises(FontError, match=r"“\U00013000”（U\+13000）在本机的字体里没有字形"):
        pdf_file(saying(example(), "甲\U00013000乙"), single)


def test_what_one_font_lacks_another_gives(fonts: FontSet, single: FontSet) -> None:
    """Characters that the first font has no shape for are taken from others, and the text stays the same."""
    first = single.source.families()
    assert set(first) < set(fonts.source.families())
    assert "甲ℵℶ乙" in text_of(pdf_file(saying(example(), "甲ℵℶ乙"), single))


def test_variable_fonts_are_left_alone(fonts: FontSet, tmp_path: Path) -> None:
    """A font that the typesetter sets wrongly is not taken, even where there is no other."""
    _copy_font(fonts, tmp_path, "VF")
    with pytest.raises(FontError):
        find_fonts([tmp_path])


def test_one_font_is_enough(fonts: FontSet, single: FontSet) -> None:
    """A machine with a single Chinese font makes the whole file from it; its key tells that fonts differ."""
    assert "武昌区" in text_of(pdf_file(document_of(ROOT, 2023), single))
    assert single.key != fonts.key
