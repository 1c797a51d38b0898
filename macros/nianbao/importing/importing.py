"""Imports a report: originals read, answers taken, data and pages written, hand edits kept."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from nianbao.beginning.new_data import data_text
from nianbao.beginning.new_pages import page_texts
from nianbao.beginning.new_year import agency_for
from nianbao.beginning.promises import Promises, promises
from nianbao.cache.cache import digest_of
from nianbao.data_files import writing
from nianbao.data_files.entries import LayoutError
from nianbao.data_files.schemas import schema_line
from nianbao.importing.entry import data_source, entry_of
from nianbao.importing.folder import (
    ORIGINALS,
    PAGES,
    QUESTIONS,
    RECORD,
    REVIEW,
    Record,
    folder_of,
    read_past,
    read_record,
    record_file,
    waiting_record,
)
from nianbao.importing.merging import KEEP, TAKE, Merged, merge, values_in, values_of, with_values
from nianbao.importing.originals import FULL_TEXT, read_report_files, refused_form
from nianbao.importing.page_sources import page_sources
from nianbao.importing.pages import Merger
from nianbao.importing.questions import question_file, read_answers, taken
from nianbao.importing.review import review_page
from nianbao.importing.trial import Trial
from nianbao.importing.words.fee import stated_fee
from nianbao.importing.words.items import counted
from nianbao.importing.words.spelling import han
from nianbao.model.dataset import drafts_of, package_forms, read_dataset, read_forms
from nianbao.model.profile import Profile
from nianbao.model.report import FEE, ITEMS, plain
from nianbao.prose.reading import PageReader
from nianbao.reading.numbers import GAPS
from nianbao.reading.refusal import RefusedError, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from nianbao.importing.answers import Question
    from nianbao.importing.entry import Entry
    from nianbao.importing.merging import Edited
    from nianbao.importing.original import Original
    from nianbao.importing.originals import ReadReport
    from nianbao.importing.page_sources import PageSource
    from nianbao.importing.pages import MergedPage
    from nianbao.model.agency import Agency
    from nianbao.model.dataset import Dataset
    from nianbao.model.form import Form
    from nianbao.model.project import Project
    from nianbao.model.report import Report
    from nianbao.reading.findings import Finding

# Until this day of the year after, reports are still to be published (《政府信息公开条例》第四十九条).
_LAST_DAY = (3, 31)
# How the record calls the data file; pages it calls by their names.
_DATA = "data"


class Way(enum.Enum):
    """What becomes of a report that is read."""

    BEGUN = "its author goes on with it"
    ARCHIVED = "it was published as it is"
    SUBMITTED = "it came to a superior, who judges it as it is"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did.

    *open* are the questions that wait for an answer, *edited* the values and *kept* the pages that a person changed
    and that stay. *data*, *docs* and *folder* are what was written, as messages call it. *macros* counts the figures
    of the text that macros give now, *proposed* are the faults for which a waiver waits to be confirmed.
    """

    read: ReadReport
    entry: Entry
    open: tuple[Question, ...]
    answered: int
    edited: tuple[Edited, ...]
    kept: tuple[str, ...]
    data: str
    docs: str
    folder: str
    macros: int
    proposed: tuple[Finding, ...]


def import_report(
    project: Project, originals: tuple[Original, ...], year: int | None, today: dt.date, way: Way | None = None
) -> Imported:
    """Bring *originals*, one report, into *project*; *year* where they do not tell.

    Where no *way* is given it is archived once its last day is over; that it was submitted is remembered.
    Raises RefusedError where nothing can be done: it is no report, the year is published, an answer is wrong.
    """
    read = _read(project, originals, year)
    with writing.exclusively(project.data):
        return _Import(project, read, today, way).run()


def refuse_unfit(project: Project, originals: tuple[Original, ...], year: int) -> None:
    """Raise RefusedError where *originals* could not be imported as the report of *year*."""
    _read(project, originals, year)


def read_first(originals: tuple[Original, ...], year: int | None) -> ReadReport:
    """Return what *originals* are, before there is a portal. Raises RefusedError as `import_report`."""
    return read_report_files(originals, _in_force(package_forms().editions), year)


def _read(project: Project, originals: tuple[Original, ...], year: int | None) -> ReadReport:
    return read_report_files(originals, _in_force(read_forms(project.root, project.data).editions), year)


def _in_force(editions: Mapping[int, Form | None]) -> Mapping[int, Form]:
    return {number: form for number, form in editions.items() if form is not None}


def import_again(
    project: Project, year: int, today: dt.date, open_files: Callable[[Sequence[Path]], tuple[Original, ...]]
) -> Imported:
    """Read the originals of *year* once more by *open_files*, with the answers that were written since.

    Raises as `import_report`, and as the opening of files.
    """
    folder = folder_of(project, year)
    record = read_record(folder)
    if record is None:
        message = f"没有导入过 {year} 年的报告；请写明要导入的文件，如 nianbao import 报告.docx --year {year}"
        raise RefusedError(message)
    originals = open_files([folder / ORIGINALS / name for name in record.originals])
    return import_report(project, originals, year, today)


class _Import:
    """One import of what was *read* into *project*, whose data nobody else changes meanwhile."""

    def __init__(self, project: Project, read: ReadReport, today: dt.date, way: Way | None) -> None:
        self._project = project
        self._folder = folder_of(project, read.year)
        self._data = project.data / f"{read.year}.yml"
        self._docs = project.docs / str(read.year)
        self._dataset = read_dataset(project.root, project.data)
        self._agency = agency_for(project, self._dataset, read.year)
        _refuse_other_body(self._agency, read)
        self._previous = self._dataset.reports.get(read.year - 1)
        self._past = read_past(self._folder)
        self._submitted = way is Way.SUBMITTED or (way is None and self._past.last.submitted)
        self._read = read if not self._submitted else _without_full_text(read)
        self._written = read_answers(self._folder, project.named(self._folder / QUESTIONS))
        self._report = self._standing()
        archived = self._is_archived(today) if way is None else way is Way.ARCHIVED
        self._transcribed = self._submitted or archived
        if not (read.form.holds_for(read.year) or (self._transcribed and not self._submitted)):
            message = f"文件用的是 {read.form.format} 年的格式，{refused_form(self._dataset.forms, read.year)}"
            raise RefusedError(message)
        self._trial = Trial(dataset=_without(self._dataset, read.year), agency=self._agency)

    def run(self) -> Imported:
        """Write data, pages and the folder of the import."""
        read = self._read
        answers = taken(read.questions, self._written, read.form)
        sources = page_sources(read.form, read.told, transcribed=self._transcribed)
        entry = entry_of(read, answers, self._previous, transcribed=self._transcribed, submitted=self._submitted)
        entry = self._with_stated(entry, sources)
        merged, text = self._merged(entry)
        report = self._trial.report(read.year, text)
        texts = {**self._other_pages(report), **self._trial.texts(report, sources)}
        faults = self._trial.printed_faults(report, texts) if self._transcribed and not self._submitted else ()
        own = self._source(entry, faults)
        text = own if self._report is None else text
        pages = self._pages(texts)
        conflicts = [page.conflict for page in pages if page.conflict is not None]
        questions = (*read.questions, *merged.conflicts, *conflicts)
        waiting = self._waiting(questions, merged)
        files = {
            **self._originals(),
            **{page.path: page.content for page in pages if page.content is not None},
            self._data: text.encode(),
            self._folder / QUESTIONS: question_file(questions, self._written.answers, read, self._again),
            self._folder / REVIEW: review_page(read, report, waiting),
        }
        record = self._recorded(merged, pages, digest_of(text.encode()) if text == own else "")
        self._write(files, record_file(record, read.originals, tuple(read.figures.readings.values())))
        return Imported(
            read=read,
            entry=entry,
            open=waiting,
            answered=len(answers),
            edited=merged.edited,
            kept=tuple(self._project.named(self._docs / page.name) for page in pages if page.kept),
            data=self._project.named(self._data),
            docs=self._project.named(self._docs),
            folder=self._project.named(self._folder),
            macros=sum(
                text.count("{{ figure(") for name, text in texts.items() if name in {one.name for one in sources}
            ),
            proposed=faults if self._report is None else (),
        )

    def _recorded(self, merged: Merged, pages: Sequence[MergedPage], data: str) -> Record:
        """Return what is to be known of this import; *data* is the digest of the data file, empty where it is edited.

        A file that a person has edited is never written anew.
        """
        return Record(
            values=merged.values,
            files={_DATA: data, **{page.name: page.written for page in pages}},
            read={page.name: page.read for page in pages},
            originals=tuple(original.name for original in self._read.originals),
            submitted=self._submitted,
        )

    def _write(self, files: Mapping[Path, bytes], record: bytes) -> None:
        """Write *files* that are others than before; the *record* waits beside the old one until they are written."""
        waiting = waiting_record(self._folder, record)
        target = self._folder / RECORD
        if not _holds(target, record):
            self._folder.mkdir(parents=True, exist_ok=True)
            writing.write_new(waiting, record)
            writing.sync(self._folder)
        for path, content in files.items():
            if not _holds(path, content):
                path.parent.mkdir(parents=True, exist_ok=True)
                writing.put(path, content)
        if not _holds(target, record):
            waiting.replace(target)
            writing.sync(self._folder)
        for path in self._past.ended:
            path.unlink(missing_ok=True)

    @property
    def _again(self) -> str:
        """The command that takes answers."""
        return "nianbao collect" if self._submitted else f"nianbao import {self._read.year}"

    def _standing(self) -> Report | None:
        """Return the report that stands in the data file and must be kept; None where an import may write it anew.

        That is where there is none, or it is as the last import or `nianbao new` has left it.
        """
        year = self._read.year
        if not self._data.is_file():
            return None
        report = self._dataset.reports.get(year)
        if report is None:
            refuse(f"{year} 年的数据有误，没有写入任何内容；请先改正", self._dataset.findings_for(year))
        if report.status != "draft" or report.digest:
            message = f"{report.file} 已经公布，不能再导入；公布后的更改请改好后运行 nianbao correct {year}"
            raise RefusedError(message)
        content = self._data.read_bytes()
        if self._past.wrote(_DATA, content):
            return None
        begun = data_text(report.form, year, self._schema(report.form), self._previous)
        return None if content == begun.encode() else report

    def _is_archived(self, today: dt.date) -> bool:
        """Say whether the report was published as it is: as the data file says where an import has written it."""
        standing = self._report or (self._dataset.reports.get(self._read.year) if self._past.last.values else None)
        return today > dt.date(self._read.year + 1, *_LAST_DAY) if standing is None else standing.transcribed

    def _schema(self, form: Form) -> str:
        return schema_line(self._project.data, str(form.format), self._project.folder)

    def _source(self, entry: Entry, faults: Sequence[Finding]) -> str:
        names = [original.name for original in self._read.originals]
        return data_source(entry, self._schema(entry.form), names, faults)

    def _with_stated(self, entry: Entry, sources: Sequence[PageSource]) -> Entry:
        """Return *entry* with the fee, and the number of published items, that the text states and no sheet has."""
        report = self._trial.report(entry.year, self._source(entry, ()))
        if not self._read.fee:
            fee = self._trial.stated(report, sources, FEE)
            told = stated_fee(words.text for source in sources for words in source.words)
            entry = replace(entry, fee=told or entry.gap if fee is None else plain(fee))
        if entry.items is None:
            count = self._trial.stated(report, sources, ITEMS)
            if isinstance(count, int):
                entry = replace(entry, items=counted(count))
        return entry

    def _merged(self, entry: Entry) -> tuple[Merged, str]:
        """Return how *entry* goes with what stands in the data file, and the file that comes of it."""
        read = values_of(entry)
        if self._report is None:
            return Merged(values=read), self._source(entry, ())
        text = self._data.read_text(encoding="utf-8")
        mine = values_in(text, self._report.form)
        merged = merge(self._past.values(mine), mine, read)
        chosen = taken(merged.conflicts, self._written, entry.form)
        decided = {
            address: read[address] if value == TAKE else value
            for question in merged.conflicts
            if question.id in chosen
            for address, value in zip(question.addresses, chosen[question.id], strict=True)
            if value != KEEP
        }
        answered = (question for question in merged.conflicts if question.id in chosen)
        settled = {address: read[address] for question in answered for address in question.addresses if address in read}
        try:
            text = with_values(text, entry.form, {**merged.changes, **decided})
        except LayoutError as error:
            message = (
                f"{self._report.file} 的写法程序不能逐格改写（{error}）；请照 nianbao new 的样子排好，或移走后重新导入"
            )
            raise RefusedError(message) from error
        return replace(merged, values={**merged.values, **settled}), text

    def _other_pages(self, report: Report) -> Mapping[str, str]:
        """Return the pages that a new year has, for those parts that the original does not have.

        They name the categories of *report* where it has any, not those of the year before.
        """
        if self._transcribed:
            return page_texts(report.form, report.year, None, Promises(), Profile())
        previous = self._previous
        if previous is not None and report.items:
            previous = replace(previous, categories=report.categories)
        return self._begun_pages(previous)

    def _pages(self, texts: Mapping[str, str]) -> tuple[MergedPage, ...]:
        """Say for each of *texts* whether it is written, or what a person made of the page stays."""
        aside = self._folder / PAGES
        merger = Merger(
            docs=self._docs,
            aside=aside,
            shown=self._project.named(aside),
            past=self._past,
            decide=self._decided,
        )
        begun = self._begun_pages(self._previous)
        return tuple(merger.merged(name, text, begun.get(name, "")) for name, text in texts.items())

    def _decided(self, question: Question) -> str:
        """Return what is answered to a *question* about a page, empty where nothing is."""
        (answer,) = taken([question], self._written, self._read.form).get(question.id, ("",))
        return answer

    def _begun_pages(self, previous: Report | None) -> Mapping[str, str]:
        """Return the pages as `nianbao new` would leave them, with the categories of the *previous* report."""
        known = None
        if self._previous is not None:
            reader = PageReader(self._dataset, self._project.root, self._project.data, self._project.docs)
            known = reader.year(self._previous)
        read = self._read
        return page_texts(read.form, read.year, previous, promises(known), self._dataset.profile)

    def _waiting(self, questions: Sequence[Question], merged: Merged) -> tuple[Question, ...]:
        """Return those of *questions* that neither an answer nor the data file, edited by hand, has settled."""
        filled = {edited.address for edited in merged.edited if edited.mine not in GAPS}
        return tuple(
            question
            for question in questions
            if question.id not in self._written.answers and not filled.issuperset(question.addresses)
        )

    def _originals(self) -> dict[Path, bytes]:
        """Return the originals as they are kept; another file of the same name is kept under its digest."""
        files: dict[Path, bytes] = {}
        for original in self._read.originals:
            path = self._folder / ORIGINALS / original.name
            if path.is_file() and (old := path.read_bytes()) != original.data:
                files[path.with_name(f"{digest_of(old)[:8]}-{original.name}")] = old
            files[path] = original.data
        return files


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _without_full_text(read: ReadReport) -> ReadReport:
    """Return *read* without the question of full texts, which no superior can answer and no table needs."""
    return replace(read, questions=tuple(one for one in read.questions if one.addresses != (FULL_TEXT,)))


def _without(dataset: Dataset, year: int) -> Dataset:
    """Return *dataset* without the report of *year*, in whose place another is tried."""
    reports = {known: report for known, report in dataset.reports.items() if known != year}
    return replace(dataset, reports=MappingProxyType(reports), drafts=drafts_of(reports))


def _refuse_other_body(agency: Agency, read: ReadReport) -> None:
    """Raise RefusedError where the title names another body: neither a name of *agency* nor one in short."""
    printed = han(read.told.name)
    if not printed or any(
        _in_short(printed, han(name.text)) or _in_short(han(name.text), printed) for name in agency.names
    ):
        return
    own = agency.name(read.year) or agency.names[0].text
    message = (
        f"标题里的机关是“{read.told.name}”，这个项目的机关是“{own}”；不是同一个机关的请换文件，"
        f"是该年度所用的名称的，请先写进 {agency.names_place.file} 的 names"
    )
    raise RefusedError(message)


def _in_short(short: str, whole: str) -> bool:
    """Say whether all characters of *short* stand in *whole* in their order."""
    characters = iter(whole)
    return all(character in characters for character in short)
