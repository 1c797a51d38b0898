"""What published reports do to their tables: every cell is read right or asked, each trap by a small original."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
from nianbao.importing.original import Paragraph, Picture, Table
from nianbao.importing.reading import read_original
from nianbao.reading.refusal import RefusedError
from originals import (
    KINDS,
    Printed,
    Printout,
    as_cells,
    as_lines,
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
    word_table,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nianbao.importing.answers import Figures

GRIDS = ("docx", "html", "xlsx", "md", "pdf")


@pytest.fixture
def report() -> Printout:
    """Return a report in the form of 2021 whose sums fit."""
    return made(2021, 7)


@pytest.fixture
def older() -> Printout:
    """Return a report in the form of 2019."""
    return made(2019, 7)


def asked(figures: Figures) -> set[str]:
    """Return the addresses that are asked."""
    return {address for question in figures.questions for address in question.addresses}


def check(report: Printout, figures: Figures, *expected: str) -> None:
    """Fail unless exactly the cells of the rows and at the addresses *expected* are asked, and all others right."""
    found = score(report, figures)
    assert found.wrong == ()
    assert found.missing == 0
    wanted = {
        address for row in expected for address in report.truth if address == row or address.startswith(f"{row}.")
    }
    assert asked(figures) == wanted
    assert wanted or not expected


def drop(report: Printout, row: str, place: int) -> None:
    """Take the figure at *place* out of a row."""
    line = report.line(row)
    figures = [at for at, cell in enumerate(line) if cell.address]
    del line[figures[place]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", [2019, 2021])
def test_a_clean_original_is_read_whole(kind: str, number: int, tmp_path: Path) -> None:
    """Every cell of both forms, totals too, is read from every kind of file."""
    whole = made(number, number)
    figures = read(tmp_path / f"x.{kind}", KINDS[kind](whole))
    assert figures.format == number
    check(whole, figures)


@pytest.mark.parametrize("make", [as_word, as_page, as_lines])
def test_six_figures_are_one_question(make: Callable[[Printout], bytes], report: Printout, tmp_path: Path) -> None:
    """Traps 1 and 2: a row of six zeros is asked with seven proposed, and nothing moves to the left."""
    for address in report.row("requests.results.granted"):
        report.put(address, "0", "0")
    drop(report, "requests.results.granted", 2)
    figures = read(tmp_path / "x", make(report))
    question = next(each for each in figures.questions if "requests.results.granted.total" in each.addresses)
    assert "6 个数" in question.text
    assert question.proposal == ("0",) * 7
    assert score(report, figures).wrong == ()


def test_a_wrong_rowspan_asks_the_row_that_is_pushed(report: Printout, tmp_path: Path) -> None:
    """Trap 3: 不予公开 spans nine rows instead of eight."""
    heading = next(cell for cell in report.line("requests.results.refused.state_secrets") if "不予公开" in cell.text)
    heading.rows += 1
    check(report, read(tmp_path / "x", as_page(report)), "requests.results.unavailable.not_held")


def test_headings_and_figures_on_different_columns(tmp_path: Path) -> None:
    """Trap 4: the middle heading spans two columns of the grid, in the row the first figure does."""
    heads = [Printed("信息内容"), Printed("本年制发件数"), Printed("本年废止件数", columns=2), Printed("现行有效件数")]
    row = [Printed("规章"), Printed("1", columns=2), Printed("2"), Printed("3")]
    page = f"<p>二、主动公开政府信息情况</p>{html_table([heads, row])}"
    figures = read(tmp_path / "x", f"<html><body>{page}</body></html>".encode())
    assert [
        figures.readings[f"disclosure.regulations.{column}"].value for column in ("issued", "repealed", "in_force")
    ] == [*("1", "2", "3")]


def test_figures_beside_their_headings_are_asked(tmp_path: Path) -> None:
    """A figure that lies under no heading is not read by its order."""
    heads = [Printed("信息内容"), Printed("本年制发件数"), Printed("本年废止件数"), Printed("现行有效件数")]
    row = [Printed("规章"), Printed(""), Printed("1"), Printed("2"), Printed("3")]
    page = f"<p>二、主动公开政府信息情况</p>{html_table([heads, row])}"
    figures = read(tmp_path / "x", f"<html><body>{page}</body></html>".encode())
    assert not figures.readings
    assert "没有对齐" in figures.questions[0].text


@pytest.mark.parametrize("kind", ["docx", "html", "xlsx"])
def test_heads_over_two_rows(kind: str, report: Printout, tmp_path: Path) -> None:
    """Traps 5, 6 and 9: a page cuts the words over the columns, and 总计 and 其他 are rows too."""
    for id_ in ("requests", "review"):
        sheet = report.sheet(id_)
        at = next(at for at, line in enumerate(sheet.lines) if any(cell.address for cell in line)) - 1
        for line in sheet.lines[:at]:
            for cell in line:
                cell.rows += cell.rows > 1
        heads = sheet.lines[at]
        halves = [(cell.text[:2], cell.text[2:]) for cell in heads]
        sheet.lines[at] = [Printed(first) for first, _ in halves]
        sheet.lines.insert(at + 1, [Printed(second) for _, second in halves])
    check(report, read(tmp_path / "x", KINDS[kind](report)))


def test_a_table_open_at_the_end_of_a_page(report: Printout, tmp_path: Path) -> None:
    """Trap 7: no line stands below the last row of a page."""
    before = (
        "#set table(stroke: (x, y) => (left: 0.5pt, right: 0.5pt, top: 0.5pt))\n#show table: set block(breakable: true)"
    )
    check(report, read(tmp_path / "x", as_pdf(report, before)))


@pytest.mark.parametrize("kind", GRIDS)
@pytest.mark.parametrize("filled", [0, 1])
def test_a_row_cut_by_a_page(kind: str, filled: int, report: Printout, tmp_path: Path) -> None:
    """Trap 8: the label goes on in the next row, the figures stand in one of both."""
    sheet = report.sheet("requests")
    line = report.line("requests.results.otherwise.fee_not_paid")
    at = sheet.lines.index(line)
    for above in sheet.lines[:at]:
        for cell in above:
            # 三、本年度办理结果 and （六）其他处理 reach over the row.
            cell.rows += cell.rows > 1 and sheet.lines.index(above) + cell.rows > at
    label, figures = line[0], line[1:]
    blank = [Printed("") for _ in figures]
    text = label.text
    label.text = text[:15]
    line[1:] = blank if filled else figures
    sheet.lines.insert(at + 1, [Printed(text[15:], columns=label.columns), *(figures if filled else blank)])
    check(report, read(tmp_path / "x", KINDS[kind](report)))


def test_white_boxes_behind_prose_are_no_table(tmp_path: Path) -> None:
    """Trap 10: justified prose of WPS has a white box behind each line."""
    boxes = "\n".join(f"#box(fill: white, width: 15cm, height: 1em)[第{at}行文字政府信息公开]\\" for at in range(22))
    data = as_pdf(Printout(made(2021, 1).form, 2021, []), boxes)
    path = tmp_path / "x"
    path.write_bytes(data)
    assert not read_original(path).tables


@pytest.mark.parametrize("turn", ["#set page(flipped: true)", "-90deg", "90deg", "180deg", "rotated"])
def test_a_turned_page(turn: str, report: Printout, tmp_path: Path) -> None:
    """Traps 11 and 12: pages lie on their side, by their own angle or by what is drawn, and lines with them."""
    wrapped = (f"#rotate({turn}, reflow: true)[", "]") if turn.endswith("deg") else ("", "")
    before = "" if turn == "rotated" else turn if turn.startswith("#") else "#set page(width: 40cm, height: 60cm)"
    data = as_pdf(report, before, wrapped)
    if turn == "rotated":
        from pypdf import PdfReader, PdfWriter

        writer = PdfWriter()
        for page in PdfReader(io.BytesIO(data)).pages:
            writer.add_page(page.rotate(90))
        file = io.BytesIO()
        writer.write(file)
        data = file.getvalue()
    check(report, read(tmp_path / "x", data))


def test_digits_with_side_bearings(report: Printout, tmp_path: Path) -> None:
    """Trap 13: narrow digits set apart are one number."""
    for column, text in zip(("issued", "repealed", "in_force"), ("11", "111", "1111"), strict=True):
        report.put(f"disclosure.regulations.{column}", text, text)
    check(report, read(tmp_path / "x", as_pdf(report, "#set text(tracking: 0.5pt)")))


@pytest.mark.parametrize("kind", GRIDS)
def test_a_number_wrapped_in_a_narrow_cell_is_asked(kind: str, report: Printout, tmp_path: Path) -> None:
    """Trap 14: digits over two lines may be one number or two."""
    report.put("disclosure.licensing.decisions", "1139\n8889", None)
    figures = read(tmp_path / "x", KINDS[kind](report))
    check(report, figures, "disclosure.licensing.decisions")
    assert figures.questions[0].proposal == ("11398889",)


@pytest.mark.parametrize("kind", KINDS)
def test_radicals_are_characters(kind: str, report: Printout, tmp_path: Path) -> None:
    """Trap 15: labels copied from PDF have radicals for characters."""
    for sheet in report.sheets:
        for line in sheet.lines:
            for cell in line:
                if not cell.address:
                    cell.text = cell.text.replace("行", "⾏").replace("人", "⼈").replace("长", "⻓")
    if kind != "pdf":  # No font of the typesetter has them.
        check(report, read(tmp_path / "x", KINDS[kind](report)))


def test_figures_above_their_labels_are_not_read(report: Printout, tmp_path: Path) -> None:
    """Trap 16: a text tool puts the figures of a row before its label."""
    lines = [title(report)]
    for sheet in report.sheets:
        lines.append(sheet.title)
        for line in sheet.lines:
            lines += [cell.text for cell in line if cell.address]
            lines += [cell.text for cell in line if not cell.address]
    figures = read(tmp_path / "x", "\n".join(lines).encode())
    assert score(report, figures).wrong == ()
    assert not [address for address in figures.readings if address.startswith("requests")]


def test_glued_figures(report: Printout, tmp_path: Path) -> None:
    """Traps 17 and 18: figures glued to their label are asked with the one way that fits; zeros are counted."""
    values = ("8", "1", "0", "1", "0", "0", "10")
    for address, value in zip(report.row("requests.received"), values, strict=True):
        report.put(address, value, None)
    for address in report.row("requests.results.refused.state_secrets"):
        report.put(address, "0", "0")
    text = as_lines(report).decode()
    text = text.replace("一、本年新收政府信息公开申请数量 8 1 0 1 0 0 10\n", "一、本年新收政府信息公开申请数量81010010")
    text = text.replace("1.属于国家秘密 0 0 0 0 0 0 0\n", "1.属于国家秘密\n0000000")
    figures = read(tmp_path / "x", text.encode())
    question = next(each for each in figures.questions if "requests.received.total" in each.addresses)
    assert question.proposal == values
    assert score(report, figures).wrong == ()
    assert figures.readings["requests.results.refused.state_secrets.total"].value == "0"


def test_page_numbers_and_stray_digits_are_no_cells(report: Printout, tmp_path: Path) -> None:
    """Trap 19: numbers of pages between rows, and a digit on a line of its own."""
    text = as_lines(report).decode()
    text = text.replace("（七）总计", "- 4 -\n（七）总计").replace("二、上年结转", "1\n二、上年结转")
    figures = read(tmp_path / "x", text.encode())
    assert score(report, figures).wrong == ()
    assert asked(figures) == set(report.row("requests.received"))


def test_a_negative_change(older: Printout, tmp_path: Path) -> None:
    """Trap 19: -11 is a figure of 本年增/减; a figure without a sign is asked."""
    older.put("disclosure.penalties.change", "-11", "-11")
    older.put("disclosure.coercion.change", "11", None)
    figures = read(tmp_path / "x", as_page(older))
    check(older, figures, "disclosure.coercion.change")
    assert figures.questions[0].proposal == ("+11",)


@pytest.mark.parametrize("kind", GRIDS)
def test_a_blank_total_is_never_0(kind: str, report: Printout, tmp_path: Path) -> None:
    """Trap 20: nothing proves the parts, which are proposed as they are printed; the total is blank."""
    row = report.row("review.reconsideration")[:5]
    for address, text in zip(row, ("258", "12", "1", "1", ""), strict=True):
        report.put(address, text, None)
    figures = read(tmp_path / "x", KINDS[kind](report))
    check(report, figures, "review.reconsideration")
    assert figures.questions[0].proposal == ("258", "12", "1", "1", "空白")


@pytest.mark.parametrize("kind", GRIDS)
def test_blank_cells_whose_total_fits(kind: str, report: Printout, tmp_path: Path) -> None:
    """Trap 21: what is left empty is blank, which the total proves."""
    row = report.row("requests.received")
    for address in row[1:6]:
        report.put(address, "", "空白")
    report.put(row[6], report.cell(row[0]).text, report.cell(row[0]).text)
    check(report, read(tmp_path / "x", KINDS[kind](report)))


@pytest.mark.parametrize("kind", GRIDS)
def test_a_remark_in_a_cell(kind: str, report: Printout, tmp_path: Path) -> None:
    """Trap 22: the figure before a remark is proposed."""
    report.put("disclosure.normative_documents.issued", "22\n（其中修订16件）", None)
    figures = read(tmp_path / "x", KINDS[kind](report))
    check(report, figures, "disclosure.normative_documents.issued")
    assert figures.questions[0].proposal == ("22",)


@pytest.mark.parametrize("kind", GRIDS)
def test_signs_for_nothing_are_one_question(kind: str, report: Printout, tmp_path: Path) -> None:
    """What is printed where nothing happened is asked once for the whole table, with 0 proposed."""
    zeros = [address for address, text in report.truth.items() if text == "0" and address.startswith("requests")]
    for address in zeros:
        report.put(address, "—", None)
    figures = read(tmp_path / "x", KINDS[kind](report))
    check(report, figures, *zeros)
    (question,) = figures.questions
    assert set(question.proposal) == {"0"}
    assert f"{len(zeros)} 格" in question.text


def test_an_empty_row_of_a_pdf_is_one_question(report: Printout, tmp_path: Path) -> None:
    """A PDF can hide what stands in a cell, so that blanks which no sum proves are asked."""
    row = report.row("requests.results.refused.state_secrets")
    for address in row:
        report.put(address, "", None)
    figures = read(tmp_path / "x", as_pdf(report))
    check(report, figures, "requests.results.refused.state_secrets")
    (question,) = figures.questions
    assert question.proposal == ("空白",) * 7


@pytest.mark.parametrize(
    ("text", "truth", "proposal"),
    [("43.788万元", "43.788", ""), ("5000元", None, "0.5"), ("1,234.5", "1234.5", ""), ("０", "0", "")],
)
def test_units_of_money(text: str, truth: str | None, proposal: str, report: Printout, tmp_path: Path) -> None:
    """Trap 23: a unit that the heading has is left out, another is asked."""
    report.put("disclosure.administrative_fees.amount", text, truth)
    figures = read(tmp_path / "x", as_word(report))
    check(report, figures, *([] if truth else ["disclosure.administrative_fees"]))
    assert [question.proposal for question in figures.questions] == ([(proposal,)] if proposal else [])


def test_an_amount_without_a_unit(older: Printout, tmp_path: Path) -> None:
    """Trap 24: 251000 may be 元 or 万元."""
    older.put("disclosure.government_procurement.amount", "251000", None)
    check(older, read(tmp_path / "x", as_word(older)), "disclosure.government_procurement.amount")


@pytest.mark.parametrize("kind", [*GRIDS, "lines.txt"])
def test_one_row_for_a_group(kind: str, report: Printout, tmp_path: Path) -> None:
    """Trap 25: 其他处理 in one row, as the form of 2019 has it, is one question of 21 cells."""
    sheet = report.sheet("requests")
    rows = [report.line(f"requests.results.otherwise.{row}") for row in ("not_corrected", "fee_not_paid", "other")]
    for line in rows:
        for address in [cell.address for cell in line if cell.address]:
            total = f"requests.results.total.{address.split('.', 4)[4]}"
            left = int(report.truth[total] or 0) - int(report.truth[address] or 0)
            report.put(total, str(left), str(left))
            report.put(address, "0", None)
    first = next(cell for cell in rows[0] if "其他处理" in cell.text)
    first.rows, first.columns = 1, 2
    del rows[0][rows[0].index(first) + 1]
    for line in rows[1:]:
        sheet.lines.remove(line)
    whole = next(cell for line in sheet.lines for cell in line if "本年度办理结果" in cell.text)
    whole.rows -= 2
    figures = read(tmp_path / "x", KINDS[kind](report))
    question = next(each for each in figures.questions if "requests.results.otherwise.other.total" in each.addresses)
    assert len(question.addresses) == 21
    assert question.proposal == ("0",) * 21
    assert score(report, figures).wrong == ()


def test_the_form_is_told_by_what_is_printed(older: Printout, tmp_path: Path) -> None:
    """Trap 26: the form of 2019 in the report of a later year stays that form."""
    older.year = 2023
    assert read(tmp_path / "x", as_word(older)).format == 2019


@pytest.mark.parametrize("kind", KINDS)
def test_a_misprinted_label(kind: str, report: Printout, tmp_path: Path) -> None:
    """Trap 27: number and most characters agree."""
    next(
        cell for cell in report.line("requests.results.refused.forbidden_by_law") if "禁止" in cell.text
    ).text = "2.其他法律行政止公开"
    check(report, read(tmp_path / "x", KINDS[kind](report)))


@pytest.mark.parametrize("kind", GRIDS)
def test_a_row_of_the_body_s_own_is_told(kind: str, report: Printout, tmp_path: Path) -> None:
    """Trap 28: 其他主动公开文件 is no row of the form."""
    sheet = report.sheet("disclosure")
    at = sheet.lines.index(report.line("disclosure.normative_documents"))
    sheet.lines.insert(at + 1, [Printed("其他主动公开文件"), Printed("777"), Printed("778"), Printed("779")])
    figures = read(tmp_path / "x", KINDS[kind](report))
    check(report, figures)
    assert any("777" in each.raw for each in figures.unused)


@pytest.mark.parametrize("kind", GRIDS)
def test_a_row_of_another_table(kind: str, report: Printout, tmp_path: Path) -> None:
    """Trap 29: 行政许可 in a table without the heading of the form is not read."""
    lost = report.sheets.pop(0)
    other = [[Printed("双公示事项"), Printed("条数")], [Printed("行政许可"), Printed("12")]]
    report.sheets.insert(0, type(lost)(id="other", title="双公示表", lines=other))
    figures = read(tmp_path / "x", KINDS[kind](report))
    assert "disclosure.licensing.decisions" in figures.missing
    assert score(report, figures).wrong == ()
    assert figures.unused


@pytest.mark.parametrize("kind", ["docx", "html", "md"])
def test_a_row_on_the_page_after_its_headings(kind: str, report: Printout, tmp_path: Path) -> None:
    """Section 4 cut between headings and figures is proved by its sums."""
    sheet = report.sheet("review")
    *heads, row = sheet.lines
    sheet.lines = heads
    report.sheets.append(type(sheet)(id="rest", title="- 7 -", lines=[row]))
    check(report, read(tmp_path / "x", KINDS[kind](report)))
    report.put("review.reconsideration.total", "999", None)
    report.truth.update(dict.fromkeys(address for address in report.truth if "review.reconsideration" in address))
    check(report, read(tmp_path / "x", KINDS[kind](report)), "review.reconsideration")


@pytest.mark.parametrize("kind", ["docx", "html", "xlsx"])
def test_headings_that_are_lost(kind: str, report: Printout, tmp_path: Path) -> None:
    """A column without heading is the one that the others leave; two are asked, but a total is known by its sum."""
    sheet = report.sheet("requests")
    for cell in sheet.lines[1]:
        if cell.text in {"自然人", "总计"}:
            cell.text = ""
    check(report, read(tmp_path / "x", KINDS[kind](report)))
    for cell in sheet.lines[2]:
        if cell.text == "科研机构":
            cell.text = ""
    figures = read(tmp_path / "x", KINDS[kind](report))
    check(report, figures, "requests")


@pytest.mark.parametrize("kind", GRIDS)
def test_figures_without_a_label_beside_a_blank_row(kind: str, report: Printout, tmp_path: Path) -> None:
    """A row that is empty, and one without a label below it, may be one row."""
    sheet = report.sheet("disclosure")
    line = report.line("disclosure.normative_documents")
    figures = [Printed(cell.text) for cell in line[1:]]
    for address in report.row("disclosure.normative_documents"):
        report.put(address, "", None)
    sheet.lines.insert(sheet.lines.index(line) + 1, [Printed("某某事项"), *figures])
    check(report, read(tmp_path / "x", KINDS[kind](report)), "disclosure.normative_documents")


def test_two_reports_in_one_file(report: Printout, tmp_path: Path) -> None:
    """Trap 30: where the second report prints another figure, the cell is asked."""
    other = made(2021, 8)
    figures = read(tmp_path / "x", as_page(report).replace(b"</body></html>", b"") + as_page(other))
    for address, value in report.truth.items():
        if value != other.truth[address]:
            assert address not in figures.readings
            assert address in asked(figures)


def test_a_cell_is_asked_once(report: Printout, tmp_path: Path) -> None:
    """A row that is at fault twice is one question, which says what is printed again and proposes nothing."""
    drop(report, "requests.results.granted", 0)
    other = report.copy()
    for cell in other.line("requests.results.granted"):
        if cell.address:
            cell.text = "5"
    figures = read(tmp_path / "x", as_page(report).replace(b"</body></html>", b"") + as_page(other))
    found = [address for question in figures.questions for address in question.addresses]
    assert len(found) == len(set(found))
    question = next(each for each in figures.questions if "requests.results.granted.total" in each.addresses)
    assert "又印作 5 5 5 5 5 5" in question.text
    assert question.proposal == ()


# --- Word ---------------------------------------------------------------------------------------------------------


def edited(report: Printout, old: str, new: str) -> bytes:
    """Return *report* in Word with *old* replaced in its body, once."""
    body = "".join(word_paragraph(sheet.title) + word_table(sheet.lines) for sheet in report.sheets)
    assert old in body
    return word_file(body.replace(old, new, 1))


def test_tracked_changes_are_read_as_accepted(report: Printout, tmp_path: Path) -> None:
    """Trap 31: the figure that was deleted is not read."""
    report.put("disclosure.licensing.decisions", "171717", "171")
    run = '<w:r><w:t xml:space="preserve">171717</w:t></w:r>'
    new = "<w:moveFrom><w:r><w:t>88</w:t></w:r></w:moveFrom><w:del><w:r><w:delText>99</w:delText></w:r></w:del>"
    new += "<w:ins><w:r><w:t>171</w:t></w:r></w:ins>"
    check(report, read(tmp_path / "x", edited(report, run, new)))


def test_content_controls_are_looked_through(report: Printout, tmp_path: Path) -> None:
    """Trap 32: a control around a row, a cell or a run loses nothing."""
    body = "".join(word_paragraph(sheet.title) + word_table(sheet.lines) for sheet in report.sheets)
    for tag in ("tr", "tc", "r"):
        body = body.replace(f"<w:{tag}>", f"<w:sdt><w:sdtPr/><w:sdtContent><w:{tag}>")
        body = body.replace(f"</w:{tag}>", f"</w:{tag}></w:sdtContent></w:sdt>")
    check(report, read(tmp_path / "x", word_file(body)))


def test_a_text_box_is_read_once(tmp_path: Path) -> None:
    """Trap 33: Word writes a text box twice, for new programs and for old ones."""
    box = "<w:txbxContent><w:p><w:r><w:t>只印一次</w:t></w:r></w:p></w:txbxContent>"
    choice = f"<mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
    fallback = f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
    path = tmp_path / "x"
    path.write_bytes(word_file(f"<w:p><w:r><mc:AlternateContent>{choice}{fallback}</mc:AlternateContent></w:r></w:p>"))
    assert [each.text for each in read_original(path).paragraphs] == ["只印一次"]


def test_automatic_numbers_stand_before_the_text(tmp_path: Path) -> None:
    """Trap 34: the number that Word sets by itself is part of what is read."""
    numbering = (
        '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
        '<w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%2."/></w:lvl></w:abstractNum>'
        '<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )

    def numbered(text: str, level: int) -> str:
        properties = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="3"/></w:numPr></w:pPr>'
        return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"

    body = "".join(numbered(*each) for each in (("甲", 0), ("子", 1), ("丑", 1), ("乙", 0), ("寅", 1)))
    path = tmp_path / "x"
    path.write_bytes(word_file(body, {"word/numbering.xml": numbering}))
    assert [each.text for each in read_original(path).paragraphs] == ["一、甲", "1.子", "2.丑", "二、乙", "1.寅"]


@pytest.mark.parametrize("merge", ["<w:gridBefore/>", "<w:hMerge/>"])
def test_word_grids_of_old(merge: str, tmp_path: Path) -> None:
    """Rows that begin later in the grid, and cells merged the old way, stand where Word shows them."""

    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{word_paragraph(text)}</w:tc>"

    if "gridBefore" in merge:
        second = f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell("丙")}</w:tr>'
    else:
        second = f'<w:tr>{cell("丙", """<w:hMerge w:val="restart"/>""")}{cell("", "<w:hMerge/>")}</w:tr>'
    path = tmp_path / "x"
    path.write_bytes(word_file(f"<w:tbl><w:tr>{cell('甲')}{cell('乙')}</w:tr>{second}</w:tbl>"))
    (table,) = read_original(path).tables
    last = table.cells[-1]
    assert (last.text, last.column, last.columns) == (("丙", 1, 1) if "gridBefore" in merge else ("丙", 0, 2))


def test_hidden_text_is_not_read(report: Printout, tmp_path: Path) -> None:
    """What Word does not show is not read; a picture in a cell is no blank."""
    report.put("disclosure.licensing.decisions", "171717", "171")
    report.put("disclosure.penalties.decisions", "181818", None)
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>9</w:t></w:r><w:r><w:t>171</w:t></w:r>"
    data = edited(report, '<w:r><w:t xml:space="preserve">171717</w:t></w:r>', hidden)
    drawn = (
        "<w:r><w:drawing><a:blip xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'/></w:drawing></w:r>"
    )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        body = archive.read("word/document.xml").decode()
    body = body[body.index("<w:body>") + 8 : body.index("</w:body>")]
    body = body.replace('<w:r><w:t xml:space="preserve">181818</w:t></w:r>', drawn)
    check(report, read(tmp_path / "x", word_file(body)), "disclosure.penalties")


# --- Pages ----------------------------------------------------------------------------------------------------------


def test_hidden_and_layout_tables(report: Printout, tmp_path: Path) -> None:
    """Trap 35: a table that lays out the page is none of the report, what is hidden is not read."""
    inner = as_page(report).decode().partition("<body>")[2].partition("</body>")[0]
    other = report.copy()
    other.put("disclosure.licensing.decisions", "888", "888")
    hidden = html_table(other.sheet("disclosure").lines)
    page = (
        f'<html><body><script>var a = "<table>";</script><div style="display: none">{hidden}</div>'
        f"<table><tr><td>导航</td><td>{inner}</td></tr></table></body></html>"
    )
    check(report, read(tmp_path / "x", page.encode()))


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("make", [as_page, as_lines])
def test_every_encoding(encoding: str, make: Callable[[Printout], bytes], report: Printout, tmp_path: Path) -> None:
    """Trap 36: bytes are read as what they are, whatever the page declares."""
    text = make(report).decode().replace("<body>", '<meta charset="utf-8"><body>')
    check(report, read(tmp_path / "x", text.encode(encoding)))


def test_unclosed_tags(report: Printout, tmp_path: Path) -> None:
    """Pages without end tags of cells and rows are read as browsers show them."""
    text = as_page(report).decode().replace("</td>", "").replace("</tr>", "")
    check(report, read(tmp_path / "x", text.encode()))


# --- Sheets ---------------------------------------------------------------------------------------------------------


def with_sheet(report: Printout, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """Return *report* in Excel after *change*."""
    book = openpyxl.load_workbook(io.BytesIO(as_sheet(report)))
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def place_of(book: openpyxl.Workbook, text: str) -> tuple[str, str]:
    """Return the sheet and the address of the cell that holds *text*."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if str(cell.value) == text:
                    return sheet.title, cell.coordinate
    raise AssertionError(text)


def test_a_formula_without_a_value_is_no_blank(report: Printout, tmp_path: Path) -> None:
    """Trap 37: nobody has computed it yet."""
    report.put("disclosure.licensing.decisions", "171717", None)

    def change(book: openpyxl.Workbook) -> None:
        sheet, cell = place_of(book, "171717")
        book[sheet][cell] = "=SUM(A1:B1)"

    check(report, read(tmp_path / "x", with_sheet(report, change)), "disclosure.licensing")


def test_number_formats_show_signs_and_units(older: Printout, tmp_path: Path) -> None:
    """Trap 38: 0 shown as a dash is 0; a format can show the sign of a change and the unit of an amount."""
    older.put("disclosure.licensing.decisions", "171717", "0")
    older.put("disclosure.licensing.change", "181818", "+3")
    older.put("disclosure.government_procurement.amount", "191919", "251000元")
    older.put("disclosure.penalties.decisions", "212121", None)

    def change(book: openpyxl.Workbook) -> None:
        for text, value, code in (
            *(("171717", 0, '0;-0;"—"'), ("181818", 3, "+0;-0;0"), ("191919", 251000, '0"元"')),
            ("212121", 25, '0!.0,"万"'),
        ):
            sheet, cell = place_of(book, text)
            book[sheet][cell] = value
            book[sheet][cell].number_format = code

    check(older, read(tmp_path / "x", with_sheet(older, change)), "disclosure.penalties.decisions")


def test_hidden_sheets_and_rows_are_not_read(report: Printout, tmp_path: Path) -> None:
    """What Excel hides is not read: an old table on a hidden sheet, another figure in a hidden row."""

    def change(book: openpyxl.Workbook) -> None:
        copy = book.copy_worksheet(book["disclosure"])
        copy["B5"] = 999
        copy.sheet_state = "hidden"
        sheet = book["disclosure"]
        for column, value in enumerate(("信息内容", "本年处理决定数量"), 1):
            sheet.cell(40, column, value)
        sheet.cell(41, 1, "行政许可")
        sheet.cell(41, 2, 888)
        sheet.row_dimensions[41].hidden = True

    check(report, read(tmp_path / "x", with_sheet(report, change)))


# --- What cannot be read ----------------------------------------------------------------------------------------------


def refusal(path: Path, data: bytes) -> str:
    """Return why *data* is refused."""
    with pytest.raises(RefusedError) as refused:
        read(path, data)
    return str(refused.value)


def test_pictures_of_tables_are_refused(report: Printout, tmp_path: Path) -> None:
    """Trap 39: a page that shows its tables as pictures."""
    page = f"<html><body><p>{title(report)}</p><p><img src=1.png></p></body></html>"
    assert "表像是图片" in refusal(tmp_path / "x", page.encode())


def test_a_scan_is_refused(tmp_path: Path) -> None:
    """Trap 39: a PDF that has a picture and no text; text drawn invisibly over it counts for nothing."""
    box = "#rect(width: 100%, height: 50%, fill: gray)"
    assert "扫描件" in refusal(tmp_path / "x", as_pdf(Printout(made(2021, 1).form, 2021, []), _bare(box)))


def test_a_scan_with_recognised_text_is_refused(tmp_path: Path) -> None:
    """Trap 39: what recognition has read of a scan is drawn invisibly over it, and is not to be believed."""
    page = "BT /F1 12 Tf 3 Tr 72 700 Td (1 2 3 4 5) Tj ET"
    data = (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        "/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
        f"4 0 obj<</Length {len(page)}>>stream\n{page}\nendstream endobj\n"
        "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )
    assert "扫描件" in refusal(tmp_path / "x", data.encode())
    path = tmp_path / "y"
    path.write_bytes(data.replace("3 Tr", "0 Tr").encode())
    assert read_original(path).paragraphs[0].text == "1 2 3 4 5"


def _bare(text: str) -> str:
    """Return typst in which the title is not set."""
    return f"{text}\n#show: it => []"


def test_a_password_is_told(report: Printout, tmp_path: Path) -> None:
    """Trap 39: a locked PDF, and a locked file of Office."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(as_pdf(report))))
    writer.encrypt("1", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    assert "有密码" in refusal(tmp_path / "x", file.getvalue())
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 64
    assert "有密码" in refusal(tmp_path / "x", compound)


def test_section_4_under_another_number(report: Printout, tmp_path: Path) -> None:
    """Trap 40: the section is found by its title, and 三 stands twice."""
    report.sheet("review").title = "三、政府信息公开行政复议、行政诉讼情况"
    for make in (as_lines, as_cells):
        check(report, read(tmp_path / "x", make(report)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_total_asks_its_group(kind: str, report: Printout, tmp_path: Path) -> None:
    """Trap 41: what is printed is proposed."""
    row = report.row("review.reconsideration")[:5]
    for address, text in zip(row, ("10", "1", "0", "0", "0"), strict=True):
        report.put(address, text, None)
    figures = read(tmp_path / "x", KINDS[kind](report))
    check(report, figures, "review.reconsideration")
    assert figures.questions[0].proposal == ("10", "1", "0", "0", "0")


def test_a_wrong_sum_of_rows_is_asked(report: Printout, tmp_path: Path) -> None:
    """A total row whose own sum fits, but not that of the rows above, is asked as it is printed."""
    row = report.row("requests.results.total")
    for address in (row[0], row[6]):
        text = str(int(report.truth[address] or 0) + 1)
        report.put(address, text, None)
    figures = read(tmp_path / "x", as_word(report))
    check(report, figures, row[0], row[6])
    assert figures.questions[0].proposal == (report.cell(row[0]).text, report.cell(row[6]).text)


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_says_nothing(kind: str, report: Printout, tmp_path: Path) -> None:
    """Trap 42: files are told by what they hold."""
    check(report, read(tmp_path / "报告.doc", KINDS[kind](report)))


def test_places_are_those_of_the_original(report: Printout, tmp_path: Path) -> None:
    """Every reading says where it stands, with what is printed there."""
    figures = read(tmp_path / "x", as_word(report))
    reading = figures.readings["requests.received.natural_person"]
    assert (reading.place, reading.way) == ("表2第4行第4列", "表格")
    assert reading.raw == report.cell(reading.address).text


def test_contents_are_in_order(report: Printout, tmp_path: Path) -> None:
    """Paragraphs and tables come as they are printed."""
    for make in (as_word, as_page, as_pdf):
        path = tmp_path / "x"
        path.write_bytes(make(report))
        contents = [each for each in read_original(path).contents if not isinstance(each, Picture)]
        firsts = [each.text if isinstance(each, Paragraph) else "表" for each in contents]
        assert firsts[:3] == [title(report), report.sheets[0].title, "表"]
        assert isinstance(contents[2], Table)
