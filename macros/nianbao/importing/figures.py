"""Figures of the three tables from all originals of a report: read right, or asked."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from nianbao.importing.alignment import lines_of_text
from nianbao.importing.answers import Figures, Question, Reading, Unused
from nianbao.importing.labels import normalised
from nianbao.importing.lines import Line, counted, judged
from nianbao.importing.loose_rows import whole_rows
from nianbao.importing.original import Paragraph, Picture, Table
from nianbao.importing.tables import lines_of_tables
from nianbao.importing.values import printed, printed_row
from nianbao.reading import numbers
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from nianbao.importing.original import Original
    from nianbao.model.form import Form
    from nianbao.model.form import Table as FormTable

_NO_FIGURES = "没有数字：三张表都是空的，像是空白的格式；请选填好的年度报告"
_PICTURES = "没有文字的表，有图片：表像是图片，不能从中读数；请提供 Word、Excel 或文字版 PDF"
_NO_TABLE = "没有找到格式里的任何一张表；请检查是否选错了文件，表在另一个文件里的，请一起导入"
_OTHER = "这不像政府信息公开工作年度报告；请检查是否选错了文件"
_SUBJECT = "政府信息公开"
_TITLE_YEAR = re.compile(r"((?:19|20)[0-9]{2})年?度?[^。；]{0,40}?政府信息公开(?:工作)?(?:年度)?报告")


def read_figures(originals: tuple[Original, ...], forms: Mapping[int, Form]) -> Figures:
    """Return the figures that *originals*, all of one report, print in that of *forms* which fits their labels.

    Raises RefusedError where they have no table of any form, or no figure at all: why, and what to do, in Chinese.
    """
    form = _form(originals, forms)
    found: list[Reading | Question | Unused] = []
    for original in originals:
        found.extend(_of_original(form, original))
    readings, questions = _settled(form, found)
    if not readings and not questions:
        raise RefusedError(_why_nothing(originals, forms))
    if not questions and all(reading.value == numbers.BLANK for reading in readings.values()) and readings:
        raise RefusedError(_NO_FIGURES)
    asked = {address for question in questions for address in question.addresses}
    typed = [slot for table in form.tables for slot in _typed(table)]
    return Figures(
        format=form.format,
        readings=readings,
        questions=tuple(questions),
        unused=tuple(each for each in found if isinstance(each, Unused)),
        missing=tuple(address for address in typed if address not in readings and address not in asked),
    )


def _why_nothing(originals: Sequence[Original], forms: Mapping[int, Form]) -> str:
    """Return why *originals* have nothing of any form, and what to do."""
    text = "".join(paragraph.text for original in originals for paragraph in original.paragraphs)
    text = re.sub(r"\s", "", text)
    titled = _TITLE_YEAR.search(text)
    first = min(form.first_year for form in forms.values())
    if titled is not None and int(titled[1]) < first:
        return (
            f"这是{titled[1]}年度的报告，用的是{first}年以前的格式，没有规定的表；只能作为文字保存，请把文件放在附件里"
        )
    if any(isinstance(content, Picture) for original in originals for content in original.contents):
        return _PICTURES
    return _NO_TABLE if _SUBJECT in text or any(original.tables for original in originals) else _OTHER


def _typed(table: FormTable) -> Iterator[str]:
    """Yield the addresses of the cells that are typed."""
    for _, row, column in table.grid:
        if not row.total and not column.total:
            yield table.address(row.path, column.path)


def _form(originals: Sequence[Original], forms: Mapping[int, Form]) -> Form:
    """Return the form of which *originals* print most labels that no other has, the latest of several."""
    given = {original.format for original in originals if original.format is not None}
    if len(given) == 1 and (number := given.pop()) in forms:
        return forms[number]
    text = "\n".join(_texts(originals))
    own = {number: _labels(form) for number, form in forms.items()}
    scores = {
        number: sum(label in text for label in labels - set().union(*(own[other] for other in own if other != number)))
        for number, labels in own.items()
    }
    return forms[max(scores, key=lambda number: (scores[number], number))]


def _texts(originals: Iterable[Original]) -> Iterator[str]:
    for original in originals:
        yield normalised("".join(paragraph.text for paragraph in original.paragraphs))
        for table in original.tables:
            yield from (normalised(cell.text) for cell in table.cells)


def _labels(form: Form) -> frozenset[str]:
    headings = (
        heading.label
        for table in form.tables
        for block in table.blocks
        for root in (block.rows, block.columns)
        for heading in root.walk()
    )
    return frozenset(filter(None, map(normalised, headings)))


def _of_original(form: Form, original: Original) -> Iterator[Reading | Question | Unused]:
    for reading in original.readings:
        yield _as_written(form, reading)
    lines: list[Line] = []
    for each in lines_of_tables(form, original.contents, certain=original.kind != "PDF"):
        if isinstance(each, Line):
            lines.append(each)
        else:
            yield each
    known = {address for line in lines for address in line.addresses}
    paragraphs = [content for content in original.contents if isinstance(content, Paragraph | Table)]
    text = list(lines_of_text(form, paragraphs, known))
    unruled = _of_unruled(form, original, known)
    lines += unruled
    # Text knows less of a row than its places on the page.
    known = {address for line in unruled for address in line.addresses}
    lines += (each for each in text if isinstance(each, Line) and known.isdisjoint(each.addresses))
    # What neither has used is told.
    used = tuple(line.raw for line in lines)
    yield from (each for each in text if isinstance(each, Unused) and not each.raw.endswith(used))
    for line in lines:
        yield from judged(line)


def _of_unruled(form: Form, original: Original, known: Container[str]) -> list[Line]:
    """Return the rows of *form* that tables without lines print, of which nothing is *known* yet."""
    tables = [table for parts in original.unruled for table in whole_rows(form, parts)]
    found = [each for each in lines_of_tables(form, tables, certain=False) if isinstance(each, Line)]
    rows = {address for line in found if not line.heading.children for address in line.addresses}
    # The label of a group that stands beside a row is none of its own.
    own = [line for line in found if not (line.heading.children and rows.intersection(line.addresses))]
    return [line for line in own if not any(address in known for address in line.addresses)]


def _as_written(form: Form, reading: Reading) -> Reading:
    """Return a figure of a download with the sign, or the unit, that data files write with it."""
    found = form.find(reading.address)
    if found is None:
        message = f"数据里的 {reading.address} 不是格式里的格；请重新导出一份，或者导入别的文件"
        raise RefusedError(message)
    _, _, column = found
    value = reading.value
    if value in numbers.GAPS:
        return reading
    if column.kind == "change" and value != "0" and not value.startswith("-"):
        value = f"+{value}"
    elif column.kind == "amount":
        value = f"{value}元"
    return replace(reading, value=value)


def _settled(form: Form, found: Iterable[Reading | Question | Unused]) -> tuple[dict[str, Reading], list[Question]]:
    """Return readings by address and questions: what contradicts itself, or a sum of rows, becomes a question."""
    by_address: dict[str, list[Reading]] = defaultdict(list)
    questions = [each for each in found if isinstance(each, Question)]
    for each in found:
        if isinstance(each, Reading):
            by_address[each.address].append(each)
    readings: dict[str, Reading] = {}
    asked = {address for question in questions for address in question.addresses}
    for address, several in by_address.items():
        if len({reading.value for reading in several}) > 1:
            said = "；".join(f"{reading.place}印的是 {printed(reading.raw) or '空格'}" for reading in several)
            questions.append(
                Question(
                    text=f"“{_name(form, address)}”印了不同的数：{said}",
                    raw=printed_row(reading.raw for reading in several),
                    place=several[0].place,
                    addresses=(address,),
                )
            )
        elif address not in asked:
            readings[address] = several[0]
    for question in _wrong_totals(form, readings):
        questions.append(question)
        for address in question.addresses:
            readings.pop(address, None)
    return readings, list(_together(_once(questions)))


def _once(questions: Iterable[Question]) -> Iterator[Question]:
    """Yield *questions* so that each address is asked once: what is printed again is told where it is asked first."""
    asked: list[Question] = []
    for question in questions:
        rest = [at for at, address in enumerate(question.addresses) if not any(address in q.addresses for q in asked)]
        if len(rest) < len(question.addresses):
            for at, earlier in enumerate(asked):
                if set(earlier.addresses) & set(question.addresses) and earlier.raw != question.raw:
                    again = f"{earlier.text}；{question.place}又印作 {question.raw}"
                    asked[at] = replace(earlier, text=again, proposal=(), reason="")
        if rest:
            addresses = tuple(question.addresses[at] for at in rest)
            proposal = tuple(question.proposal[at] for at in rest) if question.proposal else ()
            asked.append(replace(question, addresses=addresses, proposal=proposal))
    yield from asked


def _together(questions: Iterable[Question]) -> Iterator[Question]:
    """Yield *questions*, those of one table with one reason as one, where all of them propose something, or none."""
    groups: dict[tuple[str, str, bool], list[Question]] = defaultdict(list)
    for at, question in enumerate(questions):
        table = question.addresses[0].partition(".")[0]
        groups[table, question.reason or f"{at}", bool(question.proposal)].append(question)
    yield from (several[0] if len(several) == 1 else _as_one(several) for several in groups.values())


def _as_one(questions: Sequence[Question]) -> Question:
    addresses = tuple(address for question in questions for address in question.addresses)
    raws = {part for question in questions for part in question.raw.split()}
    listed = "；".join(f"{question.subject} {question.raw}" for question in questions)
    return Question(
        text=f"{questions[0].subject}等 {len(questions)} 处（{len(addresses)} 格）：{questions[0].reason}",
        raw=raws.pop() if len(raws) == 1 else listed,
        place=f"{questions[0].place}等 {len(questions)} 处",
        addresses=addresses,
        proposal=tuple(value for question in questions for value in question.proposal),
        places=tuple(question.place for question in questions for _ in question.addresses),
    )


def _name(form: Form, address: str) -> str:
    found = form.find(address)
    if found is None:
        return address
    _, row, column = found
    return "，".join(filter(None, (row.words, column.words)))


def _wrong_totals(form: Form, readings: Mapping[str, Reading]) -> Iterator[Question]:
    """Yield a question for each row of totals that does not add up, about those of its cells that do not."""
    for table in form.tables:
        wrong: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for total in table.totals:
            if not total.row.total:
                continue
            stated = _count(readings.get(total.address))
            parts = [_count(readings.get(table.address(*part))) for part in total.parts]
            if stated is None or any(part is None for part in parts):
                continue
            sum_ = sum(part or 0 for part in parts)
            if sum_ != stated:
                wrong[total.row.path].append((total.address, sum_))
        for cells in wrong.values():
            addresses = [address for address, _ in cells]
            said = "；".join(
                f"“{_name(form, address)}”印的是 {readings[address].value}，各行之和是 {sum_}"
                for address, sum_ in cells
            )
            yield Question(
                text=f"{said}；请照原件核对",
                raw=" ".join(printed(readings[address].raw) for address in addresses),
                place=readings[addresses[0]].place,
                addresses=tuple(addresses),
                proposal=tuple(readings[address].value for address in addresses),
            )


def _count(reading: Reading | None) -> int | None:
    """Return the count that *reading* has, 0 for a blank part, None where it has none."""
    return counted(reading.value) if reading is not None else None
