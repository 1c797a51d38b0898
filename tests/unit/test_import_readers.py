"""Readers of originals against files made to harm, and what only some kinds have."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from damaging import damage_bytes
from nianbao.importing.figures import read_figures
from nianbao.importing.readers import office
from nianbao.importing.readers.numbering import Numbering
from nianbao.importing.readers.packages import parsed
from nianbao.importing.reading import read_original
from nianbao.reading.refusal import RefusedError
from originals import (
    FORMS,
    Printed,
    as_page,
    as_pdf,
    as_sheet,
    as_word,
    html_table,
    made,
    read,
    score,
    title,
    word_file,
    word_paragraph,
)

if TYPE_CHECKING:
    from nianbao.importing.original import Original


def opened(path: Path, data: bytes) -> Original:
    """Return *data* as an original."""
    path.write_bytes(data)
    return read_original(path)


def refusal(path: Path, data: bytes) -> str:
    """Return why *data* is refused."""
    with pytest.raises(RefusedError) as refused:
        read_figures((opened(path, data),), FORMS)
    return str(refused.value)


# --- Files made to harm ----------------------------------------------------------------------------------------------


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    """A part that unpacks to more than a report can have is not unpacked whole."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 70_000_000)
    assert "展开后太大" in refusal(tmp_path / "x", file.getvalue())


def test_a_zip_of_many_parts_is_refused(tmp_path: Path) -> None:
    """So many names fill the memory before anything is read."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "")
        for at in range(10_001):
            archive.writestr(str(at), "")
    assert "展开后太大" in refusal(tmp_path / "x", file.getvalue())


@pytest.mark.parametrize(
    "entity", ['<!ENTITY a SYSTEM "file:///etc/passwd">', '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">']
)
def test_entities_are_refused(entity: str, tmp_path: Path) -> None:
    """XML that declares entities is not of an office program."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", f"<!DOCTYPE d [{entity}]><d>&a;</d>")
    assert "已损坏" in refusal(tmp_path / "x", file.getvalue())


def test_absurd_spans_and_nests(tmp_path: Path) -> None:
    """Spans are capped, absurd tables refused, and ten thousand open tags read without a fault."""
    table = html_table([[Printed("甲", columns=99_999_999), Printed("乙", rows=99_999_999)]])
    assert [cell.columns for cell in opened(tmp_path / "x", f"<html>{table}</html>".encode()).tables[0].cells] == [1, 1]
    table = html_table([[Printed("甲", columns=999_999)]] * 600)
    assert "大得不像" in refusal(tmp_path / "x", f"<html>{table}</html>".encode())
    deep = "<html>" + "<div><table><tr><td>" * 10_000 + "1"
    assert opened(tmp_path / "x", deep.encode()).kind == "网页"
    nested = "<w:tbl><w:tr><w:tc>" * 2000 + word_paragraph("1") + "</w:tc></w:tr></w:tbl>" * 2000
    assert "已损坏" in refusal(tmp_path / "x", word_file(nested))


def test_words_between_cells_are_not_lost(tmp_path: Path) -> None:
    """A figure outside of its cell, a cell outside of a row, a caption: all that a browser shows is there."""
    page = "<table><caption>表题</caption><tr><td>甲</td>7<td>乙</td></tr><td>丙</td><td>丁</td></table>"
    original = opened(tmp_path / "x", f"<html><body>{page}</body></html>".encode())
    assert [each.text for each in original.paragraphs] == ["表题"]
    assert [(cell.text, cell.row) for cell in original.tables[0].cells] == [
        *(("甲", 0), ("7", 0), ("乙", 0), ("丙", 1), ("丁", 1))
    ]
    for tag in ("tbody", "div", "tr", "td", "x"):
        deep = "<html><body><table>" + f"<{tag}>" * 5000 + "1"
        with suppress(RefusedError):
            assert opened(tmp_path / "x", deep.encode()).kind == "网页"


def test_a_cell_at_the_end_of_the_sheet_is_refused(tmp_path: Path) -> None:
    """A cell in the last row and column would take all the memory between."""
    book = openpyxl.Workbook()
    book.worksheets[0]["XFD1048576"] = 1
    file = io.BytesIO()
    book.save(file)
    assert "太大" in refusal(tmp_path / "x", file.getvalue())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "是空的"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"\x00\x01\x02\x03\xff\xfe\x00", "认不出"),
        (b"PK\x03\x04damaged", "已损坏"),
        (b"%PDF-1.7\ndamaged", "已损坏"),
        (b"<?xml version='1.0'?><w:wordDocument/>", "认不出"),
        ("2017年示例局政府信息公开年度报告\n主动公开信息数 3".encode(), "2019年以前的格式"),
        ("2024年政府网站工作年度报表\n总访问量 3".encode(), "不像政府信息公开工作年度报告"),
        ("2024年政府信息公开工作年度报告\n一、总体情况".encode(), "没有找到格式里的任何一张表"),
    ],
)
def test_refusals_say_what_to_do(data: bytes, words: str, tmp_path: Path) -> None:
    """What cannot be read is refused with the reason and a way out."""
    said = refusal(tmp_path / "x", data)
    assert words in said
    assert "；" in said


def test_long_texts_take_no_longer(tmp_path: Path) -> None:
    """A text of megabytes, and one of a hundred thousand figures, are read in seconds or refused."""
    assert "太多" in refusal(tmp_path / "x", "年".encode() * 10_100_000)
    assert refusal(tmp_path / "x", ("二、主动公开政府信息情况\n" + "某 1\n" * 100_000).encode())
    line = "一、本年新收政府信息公开申请数量 1 0 0 0 0 0 1\n"
    start = time.process_time()
    assert refusal(tmp_path / "x", f"三、收到和处理政府信息公开申请情况\n{line * 3000}".encode())
    assert time.process_time() - start < 20


def test_a_folder_or_nothing_is_refused(tmp_path: Path) -> None:
    """What is no file cannot be read."""
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(RefusedError, match="无法读取"):
            read_original(path)


def test_an_empty_form_has_no_figures(tmp_path: Path) -> None:
    """The blank form as it circulates."""
    report = made(2021, 1)
    for address in report.truth:
        report.cell(address).text = ""
    for make in (as_word, as_page, as_sheet):
        assert "没有数字" in refusal(tmp_path / "x", make(report))


# --- What only some kinds have ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("decimal", "1 2 3 4 5 6 7 8 9 10 11 12"),
        ("chineseCountingThousand", "一 二 三 四 五 六 七 八 九 十 十一 十二"),
        ("ideographDigital", "一 二 三 四 五 六 七 八 九 一〇 一一 一二"),
        ("upperRoman", "I II III IV V VI VII VIII IX X XI XII"),
        ("lowerLetter", "a b c d e f g h i j k l"),
        ("bullet", "           "),
    ],
)
def test_numbers_of_word(kind: str, expected: str) -> None:
    """Lists are counted as Word shows them."""
    part = (
        '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:abstractNum'
        f' w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="{kind}"/><w:lvlText w:val="%1"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    numbering = Numbering(parsed(part.encode()))
    assert " ".join(numbering.next("1", 0) for _ in range(12)) == expected


def test_a_web_archive_is_read(tmp_path: Path) -> None:
    """Browsers save pages with their pictures in one file."""
    report = made(2021, 3)
    page = as_page(report).decode().encode("gb18030")
    parts = [
        *(b"MIME-Version: 1.0", b'Content-Type: multipart/related; boundary="b"', b"", b"--b"),
        *(b"Content-Type: text/html; charset=gb2312", b"Content-Transfer-Encoding: 8bit", b"", page, b"--b--", b""),
    ]
    figures = read(tmp_path / "x", b"\r\n".join(parts))
    assert score(report, figures).right == len(report.truth)


def test_sheets_of_opendocument(tmp_path: Path) -> None:
    """Repeated and covered cells, a formula that was never computed, a sign that only the format shows."""
    names = (
        "office:urn:oasis:names:tc:opendocument:xmlns:office:1.0 table:urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    )
    names += " text:urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    spaces = " ".join(f'xmlns:{each.partition(":")[0]}="{each.partition(":")[2]}"' for each in names.split())

    def cell(text: str, more: str = "") -> str:
        value = f' office:value-type="float" office:value="{text}"' if text.isdecimal() else ""
        return f"<table:table-cell{value}{more}><text:p>{text}</text:p></table:table-cell>"

    rows = [
        cell("第二十条第（一）项", ' table:number-columns-spanned="4"') + "<table:covered-table-cell/>" * 3,
        cell("信息内容") + cell("本年制发件数") + cell("本年废止件数") + cell("现行有效件数"),
        cell("规章") + cell("1", ' table:number-columns-repeated="2"') + cell("3"),
        cell("行政规范性文件") + cell("4") + '<table:table-cell table:formula="of:=A1"/>' + cell("5"),
    ]
    lines = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    lines += '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    table = f'<table:table table:name="表">{lines}</table:table>'
    content = f"<office:document-content {spaces}>{table}</office:document-content>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    figures = read(tmp_path / "x", file.getvalue())
    columns = ("issued", "repealed", "in_force")
    assert [figures.readings[f"disclosure.regulations.{column}"].value for column in columns] == ["1", "1", "3"]
    assert [question.addresses for question in figures.questions] == [("disclosure.normative_documents.repealed",)]


def converted(data: bytes, suffix: str, folder: Path, name: str = "source.docx") -> bytes:
    """Return an office file as LibreOffice writes it in another format."""
    source = folder / name
    source.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", suffix, "--outdir", str(folder), str(source)]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    return (folder / f"source.{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", ["doc", "rtf", "odt"])
def test_old_office_files(suffix: str, tmp_path: Path) -> None:
    """LibreOffice turns them into .docx, of which every cell is read."""
    if shutil.which("soffice") is None:
        pytest.skip(
            "这台机器没有 LibreOffice，旧格式文件的测试没有做；Debian 上可用 apt install libreoffice-writer 安装"
        )
    report = made(2021, 4)
    figures = read(tmp_path / "x", converted(as_word(report), suffix, tmp_path))
    assert score(report, figures).right == len(report.truth)


def test_a_pdf_without_lines_of_libreoffice(tmp_path: Path) -> None:
    """Its cells are so narrow that labels take up to nine lines, and figures two; a table goes on over pages."""
    if shutil.which("soffice") is None:
        pytest.skip("没有 LibreOffice，无线表的测试没有做；Debian 上可用 apt install libreoffice-writer 安装")
    report = made(2021, 1)
    figures = read(tmp_path / "x", converted(as_word(report), "pdf", tmp_path))
    found = score(report, figures)
    assert found.wrong == ()
    assert found.missing == 0
    assert {question.raw for question in figures.questions} == {"1145 1", "2 0 1 0 3 0 0 3 2 5 12 0"}
    assert figures.unused == ()


def test_old_sheets(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """An .xls file is read; damaged ones are refused without a word of the library."""
    if shutil.which("soffice") is None:
        pytest.skip("没有 LibreOffice，旧格式文件的测试没有做；Debian 上可用 apt install libreoffice-calc 安装")
    report = made(2021, 4)
    data = converted(as_sheet(report), "xls", tmp_path, "source.xlsx")
    assert score(report, read(tmp_path / "x", data)).right == len(report.truth)
    for seed in range(60):
        with suppress(RefusedError):
            assert opened(tmp_path / "x", damage_bytes(data, seed)).kind
    assert capfd.readouterr() == ("", "")


def test_old_office_files_without_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not installed, people are told what to save."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "另存为 .docx" in refusal(tmp_path / "x", rb"{\rtf1 report}")


def test_a_program_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A conversion has a time, after which it is told."""
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexec /bin/sleep 600\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(office, "SECONDS", 0.2)
    assert "还没有读完" in refusal(tmp_path / "x", rb"{\rtf1 report}")


@pytest.mark.usefixtures("chinese_fonts")
def test_paragraphs_of_pdf(tmp_path: Path) -> None:
    """Lines of a page make paragraphs, across pages too; numbers of pages stand between."""
    text = "政府信息公开工作年度报告的文字一行接着一行" * 12
    page = '#set page(width: 12cm, height: 8cm, numbering: "- 1 -")'
    before = f"{page}\n#set par(first-line-indent: (amount: 2em, all: true))\n{text}\n\n{text}"
    report = made(2021, 5)
    report.sheets = []
    contents = opened(tmp_path / "x", as_pdf(report, before)).paragraphs
    texts = [each.text.replace("\n", "") for each in contents]
    assert texts.count(text) == 2
    assert "- 1 -" in texts


def test_markdown_has_headings(tmp_path: Path) -> None:
    """A heading of Markdown is one, with its level."""
    first, second = opened(tmp_path / "x", "# 标题\n\n## 一、总体情况 ##\n".encode()).paragraphs
    assert (first.text, first.level) == ("标题", 1)
    assert (second.text, second.level) == ("一、总体情况", 2)


def test_styles_of_word_are_headings(tmp_path: Path) -> None:
    """A paragraph in a style of headings has its level, and one in a hidden style is not read."""
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:style w:styleId="2"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
    )
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'
        for style, text in (("2", "一、总体情况"), ("h", "看不见"))
    )
    (paragraph,) = opened(tmp_path / "x", word_file(body, {"word/styles.xml": styles})).paragraphs
    assert (paragraph.text, paragraph.level, paragraph.place) == ("一、总体情况", 2, "第1段")


# --- Files of one's own -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(Path(os.environ.get("NIANBAO_ORIGINALS", os.devnull)).glob("*")) or [None])
def test_originals_of_ones_own(path: Path | None, tmp_path: Path) -> None:
    """Every file in the folder NIANBAO_ORIGINALS, else one that is made, is read or refused, and asked once."""
    if path is None:
        path = tmp_path / "original.docx"
        path.write_bytes(as_word(made(2021, 6)))
    try:
        figures = read_figures((read_original(path),), FORMS)
    except RefusedError:
        return
    asked = {address for question in figures.questions for address in question.addresses}
    assert not asked & set(figures.readings)
    assert not asked & set(figures.missing)


def test_the_title_is_read(tmp_path: Path) -> None:
    """The title stands first, whatever the kind."""
    report = made(2021, 6)
    for make in (as_word, as_page):
        assert opened(tmp_path / "x", make(report)).paragraphs[0].text == title(report)
