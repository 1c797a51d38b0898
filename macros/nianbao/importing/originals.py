"""The files of one report read together: its figures, its words, what asks a person, and what was left out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.importing.answers import Question, Unused
from nianbao.importing.documents import document_facts, document_words
from nianbao.importing.failures import told
from nianbao.importing.figures import read_figures
from nianbao.importing.labels import normalised
from nianbao.importing.reading import read_shown
from nianbao.importing.sheets import sheet_facts, without_aids
from nianbao.importing.values import is_figure
from nianbao.importing.words.sections import read_words
from nianbao.reading.refusal import RefusedError
from nianbao.running.crew import Failure, Limits, each
from nianbao.running.processes import Processes, cores

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from nianbao.importing.answers import Figures
    from nianbao.importing.original import Cell, Original
    from nianbao.importing.sheets import Facts
    from nianbao.importing.words.sections import Told
    from nianbao.model.form import Form

# A report takes a second, or ten where LibreOffice begins first; the largest take 200 MB.
SECONDS = 120
_LIMITS = Limits(work=SECONDS, seconds=SECONDS)
# What questions are about that are no cells.
FULL_TEXT = "items.full_text"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReport:
    """A report as its *originals* have it: its *year* and *form*, *figures* and *told* words.

    *questions* has those of the figures and all others; *unused* what was left out. *fee* is what a sheet has for the
    processing fee, empty where none has; that of the words is found with the claims of the text.
    """

    originals: tuple[Original, ...]
    year: int
    form: Form
    figures: Figures
    told: Told
    questions: tuple[Question, ...]
    unused: tuple[Unused, ...]
    fee: str = ""


def opened(paths: Sequence[Path], limits: Limits = _LIMITS) -> tuple[Original, ...]:
    """Return the files at *paths*, each read within *limits*.

    Raises RefusedError with what is to be done about all that cannot be read, RuntimeError for an error of ours.
    """
    _refuse_namesakes(paths)
    read = dict(each(Processes(min(cores(), len(paths)), limits), _original_or_refusal, paths))
    for found in read.values():
        if isinstance(found, Failure) and found.trace:
            raise RuntimeError(found.trace)
    known = {path: told(found) if isinstance(found, Failure) else found for path, found in read.items()}
    return _whole([(path, known[path]) for path in paths])


def opened_here(paths: Sequence[Path]) -> tuple[Original, ...]:
    """Return the files at *paths*, read in this process, which has limits of its own. Raises as `opened`."""
    _refuse_namesakes(paths)
    return _whole([(path, _original_or_refusal(path)) for path in paths])


def _original_or_refusal(path: Path) -> Original | str:
    """Return the file at *path*, or why it cannot be read and what is to be done."""
    try:
        return read_shown(path)
    except RefusedError as error:
        return str(error)


def _refuse_namesakes(paths: Sequence[Path]) -> None:
    names = [path.name for path in paths]
    if len(set(names)) < len(names):
        message = f"有同名的文件（{'、'.join(names)}）；请改名后再导入"
        raise RefusedError(message)


def _whole(read: Sequence[tuple[Path, Original | str]]) -> tuple[Original, ...]:
    refused = tuple(f"{path.name}：{found}" for path, found in read if isinstance(found, str))
    if refused:
        message = "下列文件不能读入，没有写入任何内容："
        raise RefusedError(message, refused)
    return tuple(found for _, found in read if not isinstance(found, str))


def read_report_files(originals: tuple[Original, ...], forms: Mapping[int, Form], year: int | None) -> ReadReport:
    """Return the report that *originals* are together, of *year* where they do not tell.

    Raises RefusedError where it is none, or of another year or form.
    """
    parted = [without_aids(original) for original in originals]
    figures = read_figures(tuple(original for original, _ in parted), forms)
    form = forms[figures.format]
    try:
        told = _words(originals, form)
        facts = [sheet_facts(one) if one.document is None else document_facts(one) for one in originals]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if all(one.document is None for one in originals):
            raise
        message = "JSON 文件里的内容不是本程序导出的样子；请重新导出一份，或者导入别的文件"
        raise RefusedError(message) from error
    years = {found for found in (*(one.year for one in facts), told.year) if found is not None}
    number = _year(years, year, originals)
    _refuse_other_form(form, forms, number)
    first = next((one for one in facts if one.items is not None), None)
    told = replace(
        told,
        name=told.name or next((one.name for one in facts if one.name), ""),
        items=first.items if first is not None else told.items,
        published_on=told.published_on or next((one.published_on for one in facts if one.published_on), None),
    )
    return ReadReport(
        originals=originals,
        year=number,
        form=form,
        figures=figures,
        told=told,
        questions=(*figures.questions, *_missing(form, figures), *_full_text(told)),
        unused=(
            *figures.unused,
            *_not_in_tables(told.unused, originals, figures),
            *(aid for _, aids in parted for aid in aids),
            *_unused_tables([original for original, _ in parted], figures, facts),
        ),
        fee=next((one.fee for one in facts if one.fee), ""),
    )


def _words(originals: Sequence[Original], form: Form) -> Told:
    """Return the words of that of *originals* which has most sections, with what the others know beside."""
    read = [
        document_words(one.document, form) if one.document is not None else read_words(one, form) for one in originals
    ]
    main = max(read, key=lambda told: told.found)
    others = [(told, one) for told, one in zip(read, originals, strict=True) if told is not main]
    left = [
        Unused(
            raw=one.paragraphs[0].text[:40] if one.paragraphs else "",
            place=one.name,
            why="文字取自别的文件，这份文件里的文字没有用",
        )
        for told, one in others
        if told.found
    ]
    known = (main, *(told for told, _ in others))
    return replace(
        main,
        name=next((told.name for told in known if told.name), ""),
        year=next((told.year for told in known if told.year is not None), None),
        published_on=next((told.published_on for told in known if told.published_on is not None), None),
        items=next((told.items for told in known if told.items is not None), None),
        unused=(*main.unused, *left),
    )


def _year(told: set[int], given: int | None, originals: Sequence[Original]) -> int:
    """Return the one year that is *given* or *told*."""
    if len(told) > 1:
        years = "、".join(map(str, sorted(told)))
        message = f"文件写着不同的年度（{years}），不是同一份报告；请分开导入"
        raise RefusedError(message)
    if not told:
        if given is None:
            names = "、".join(original.name for original in originals)
            message = f"标题和统计期限都没有写年度（{names}）；请加上 --year，如 --year 2023"
            raise RefusedError(message)
        return given
    year = told.pop()
    if given is not None and given != year:
        message = f"文件写的是 {year} 年度，选项写的是 {given}；请核对"
        raise RefusedError(message)
    return year


def _refuse_other_form(form: Form, forms: Mapping[int, Form], year: int) -> None:
    """Raise RefusedError where *form* came into force after *year*: bodies go on with old forms alone."""
    if form.holds_for(year) or form.first_year <= year:
        return
    message = f"文件用的是 {form.format} 年的格式，{refused_form(forms, year)}"
    raise RefusedError(message)


def refused_form(forms: Mapping[int, Form], year: int) -> str:
    """Return what is wrong with a report of *year* in another than its form."""
    right = next((each for each in forms.values() if each.holds_for(year)), None)
    wanted = f"应当用 {right.format} 年的格式（{right.basis}）" if right is not None else "没有适用的格式"
    return f"{year} 年度{wanted}，两者的栏目不同，不能代填；请核对年度或文件"


def _missing(form: Form, figures: Figures) -> Iterator[Question]:
    """Yield a question for the cells of each table that no original prints."""
    tables: dict[str, list[str]] = defaultdict(list)
    for address in figures.missing:
        tables[address.partition(".")[0]].append(address)
    for id_, addresses in tables.items():
        section = form.section_of(id_)
        where = f"第{section.number}部分的表" if section is not None else id_
        yield Question(
            text=f"有 {len(addresses)} 格没有读到：原件没有印，或者认不出是哪一行",
            raw="",
            place=where,
            addresses=tuple(addresses),
        )


def _full_text(told: Told) -> Iterator[Question]:
    """Yield the question whether the listed items have their full text on the web, where no words tell."""
    items = told.items
    if items is not None and items.full_text is None and any(category.titles for category in items.categories):
        yield Question(
            text="逐条列出的信息是否都有电子化全文，原件没有写明；请答“是”或“否”",
            raw=items.raw,
            place="第一部分",
            addresses=(FULL_TEXT,),
        )


def _not_in_tables(unused: Iterable[Unused], originals: Iterable[Original], figures: Figures) -> Iterator[Unused]:
    """Yield those of *unused* words that are no line of a table without lines from which figures were read."""
    places = {reading.place for reading in figures.readings.values()} | _places_asked(figures)
    lines: set[str] = set()
    for table in (table for original in originals for parts in original.unruled for table in parts):
        rows: dict[int, list[Cell]] = defaultdict(list)
        for cell in table.cells:
            rows[cell.row].append(cell)
        for row, cells in rows.items():
            read = any(place.startswith(f"{table.place}第{row + 1}行") for place in places)
            if read or not any(is_figure(cell.text) for cell in cells):
                lines.add(normalised("".join(cell.text for cell in sorted(cells, key=lambda cell: cell.column))))
    yield from (one for one in unused if normalised(one.raw) not in lines)


def _places_asked(figures: Figures) -> set[str]:
    return {place for question in figures.questions for place in (question.place, *question.places)}


def _unused_tables(originals: Sequence[Original], figures: Figures, facts: Sequence[Facts]) -> Iterator[Unused]:
    """Yield the tables of which nothing was read."""
    places = {reading.place for reading in figures.readings.values()}
    places |= _places_asked(figures) | {unused.place for unused in figures.unused}
    for original, known in zip(originals, facts, strict=True):
        for table in original.tables:
            if table.place in known.places or any(table.place in place for place in places):
                continue
            raw = " ".join(cell.text for cell in table.cells[:8]).strip()
            if raw:
                yield Unused(raw=raw[:60], place=f"{original.name} {table.place}", why="不是法定表格，没有录入")
