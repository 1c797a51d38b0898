"""The place of work: what the files of a portal say, piece by piece, and one way to write all of them.

A piece is a figure by its address, or a fact by the name of its field. It is written only where the file still says
what the page showed. What the reader refuses is not written; the rest is. A file has its old or its new content at any
moment, and every step can be undone.
"""

from __future__ import annotations

import contextlib
import copy
import threading
from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import yaml

from nianbao.data_files import writing
from nianbao.data_files.cells import in_form, with_figures, written_cells
from nianbao.data_files.entries import LayoutError
from nianbao.data_files.patching import patched
from nianbao.data_files.quoting import bare_in
from nianbao.editing import facts, guidance
from nianbao.editing.figures import change_in_words, fault, normal, state_of, tables_of
from nianbao.editing.files import BrokenError, Files, NotThereError, Sheet, form_of
from nianbao.editing.findings import found_in
from nianbao.editing.inbox import Inbox
from nianbao.editing.journal import FOLDER, Journal
from nianbao.editing.pages import read_page
from nianbao.editing.running import Runner
from nianbao.editing.words import WordsError, bare, named_figures, rewritten
from nianbao.importing.folder import FOLDER as IMPORTS
from nianbao.importing.folder import INBOX
from nianbao.lifecycle.correcting import correct, unregistered
from nianbao.model.report import FEE
from nianbao.model.report_reader import FORM
from nianbao.pages.figures import figure
from nianbao.pages.lists import section_at
from nianbao.reading.clock import today
from nianbao.reading.numbers import NOTHING, OPEN
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence

    from nianbao.data_files.patching import Plain
    from nianbao.editing.journal import History, Step
    from nianbao.editing.words import Box
    from nianbao.model.dataset import Dataset
    from nianbao.model.project import Project
    from nianbao.model.report import Report
    from nianbao.reading.findings import Finding

Json = dict[str, Any]

_MISLAID = "这一行在数据文件里的个数不对，不知道哪个数是哪一格的；请在文本编辑器里改正这一行"


class FrozenError(Exception):
    """The report is published; a change is a correction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A piece to be changed: *where* it is, what the page showed as *old*, and what is *new*."""

    where: str
    old: Plain | None
    new: Plain | None


class Desk:
    """The files of one *project*, whose messages name files from its root. *now* tells the time.

    Its *runner* runs commands on the project, its *inbox* holds the files that are to be read into it.
    """

    def __init__(self, project: Project, now: Callable[[], dt.datetime]) -> None:
        self.project = project
        self._now = now
        self.runner = Runner(project.folder, project.folder / FOLDER / "printed.txt")
        self.inbox = Inbox(project.folder / IMPORTS / INBOX)
        self._lock = threading.RLock()
        self._journal = Journal(project.data.parent)
        self._files = Files(project)

    def dataset(self) -> Dataset:
        """Return what the data folder says."""
        return self._files.dataset()

    # What is.

    def year(self, year: int) -> Json:
        """Return the figures and facts of *year*, and its tables where the pages cannot show them."""
        with self._lock:
            sheet = self._files.sheet(str(year))
            state = self._state(sheet)
            if self.dataset().reports.get(year) is None:
                state["tables"] = tables_of(sheet)
            return state

    def tables(self, year: int) -> Json:
        """Return the tables of *year* as HTML, by their ids."""
        with self._lock:
            return {"tables": tables_of(self._files.sheet(str(year)))}

    def facts(self, file: str) -> Json:
        """Return the fields of *file*, see `nianbao.editing.facts.described`, in groups, and what it says in each."""
        with self._lock:
            sheet = self._files.sheet(file)
            return self._facts(sheet)

    def findings(self, year: int) -> Json:
        """Return what is found in *year*, see `nianbao.editing.findings.found_in`."""
        with self._lock:
            dataset = self.dataset()
        return found_in(self._files, dataset, year)

    def words(self, year: int, page: str) -> Json:
        """Return the boxes of a *page* of *year*, see `nianbao.editing.words`: what is shown of each, what is wanted.

        ``figures`` are names, values and addresses of those that may be put in, ``before`` is what last year's report
        says in the section.
        """
        with self._lock:
            sheet = self._files.sheet(str(year))
            found = read_page(self._files, sheet, page)
            dataset = self.dataset()
        report, section = dataset.reports.get(year), found.section
        shown = [
            {
                "shown": box.shown,
                "fixed": box.fixed,
                "heading": box.heading,
                "wanted": guidance.wanted(box, section, dataset.profile, year),
            }
            for box in found.boxes
        ]
        figures = _figures(report) if report is not None else []
        old = guidance.before(self.project, dataset, year, section) if section is not None else None
        said = {"year": old.year, "parts": old.parts()} if old is not None else None
        return {"boxes": shown, "figures": figures, "before": said, "frozen": sheet.frozen, **self.history()}

    def repeated(self, year: int, page: str, text: str) -> Json:
        """Return which sentences of *text*, to stand on *page* of *year*, are those of last year."""
        with self._lock:
            sheet, dataset = self._files.sheet(str(year)), self.dataset()
        section = section_at(form_of(sheet), f"{page}.md")
        old = guidance.before(self.project, dataset, year, section) if section is not None else None
        return {"sentences": guidance.repeated(text, old, dataset) if old is not None else []}

    def history(self) -> Json:
        """Return what the next step back and the next step forward would be, in words, and of which year each is."""
        with self._lock:
            history = self._journal.history()
        back, forward = (steps[-1] if steps else None for steps in (history.done, history.undone))
        return {
            "undo": back.what if back else "",
            "undo_year": self._year_of(back) if back else "",
            "redo": forward.what if forward else "",
            "redo_year": self._year_of(forward) if forward else "",
        }

    # What is written.

    def write_cells(self, year: int, changes: Sequence[Change], *, dry: bool = False, correcting: bool = False) -> Json:
        """Write figures of *year*, and return its figures then, what was in the way and what was refused.

        Nothing is written where it is *dry*. A frozen year is changed only where that is a correction.
        """
        with self._writing(dry=dry):
            sheet = self._opened(str(year), correcting=correcting)
            here = {address: one.text for address, one in written_cells(sheet.root, form_of(sheet)).items()}
            figures: dict[str, str] = {}
            faults: dict[str, str] = {}
            conflicts: dict[str, str] = {}
            for change in changes:
                line, slot = sheet.slots[change.where]
                total = line.total or slot.column.total
                new, said = normal(str(change.new), total=total), here.get(change.where, "")
                if new == said:
                    continue
                if said != change.old:
                    conflicts[change.where] = said
                elif wrong := fault(new, line, slot, form_of(sheet)):
                    faults[change.where] = wrong
                else:
                    figures[change.where] = new
            data = copy.deepcopy(sheet.data)
            held = with_figures(data, form_of(sheet), figures)
            figures = {address: figure for address, figure in figures.items() if address not in held}
            faults |= {address: _MISLAID for address in held if address in sheet.typed}
            then = self._become(sheet, data, change_in_words(figures, here, form_of(sheet), year), dry=dry)
            state = self._state(then)
            return state | {
                "faults": faults,
                "conflicts": conflicts,
                "held": sorted(held - sheet.typed),
                "written": sorted(figures),
            }

    def fill(self, year: int, *, correcting: bool = False) -> Json:
        """Set every figure of *year* that waits to be filled in to nothing, as one step."""
        with self._writing(dry=False):
            sheet = self._opened(str(year), correcting=correcting)
            waiting = {
                address: NOTHING[sheet.slots[address][1].column.kind]
                for address, one in written_cells(sheet.root, form_of(sheet)).items()
                if one.text == OPEN and not one.total
            }
            data = copy.deepcopy(sheet.data)
            count = len(waiting) - len(with_figures(data, form_of(sheet), waiting))
            if data.get(FEE) == OPEN:
                data[FEE] = NOTHING["money"]
                count += 1
            then = self._become(sheet, data, f"{year}年其余 {count} 格填为 0", dry=False)
            return self._state(then)

    def write_facts(self, file: str, changes: Sequence[Change], *, correcting: bool = False) -> Json:
        """Write facts into *file*, all or none, and return what it says then, what was in the way, what was refused."""
        with self._writing(dry=False):
            sheet = self._opened(file, correcting=correcting)
            known = {field.name: field for field in facts.fields_of(file, sheet.form)}
            data = copy.deepcopy(sheet.data)
            conflicts: dict[str, Plain | None] = {}
            names = []
            faults: list[Json] = []
            for change in changes:
                field = known[change.where]
                said = sheet.data.get(field.name)
                if said == change.new:
                    continue
                if field.name == facts.STATUS and change.new == facts.PUBLISHED:
                    faults.append({"path": [field.name], "message": f"不能在这里改为已公布：{facts.TO_BE_FROZEN}"})
                    continue
                if said != change.old:
                    conflicts[field.name] = said
                    continue
                names.append(field.title)
                data = facts.with_fact(data, field.name, change.new, file)
                if field.name == FORM and sheet.form is not None:
                    data = in_form(data, sheet.form, self._files.form_of(data) or sheet.form)
            if conflicts or faults:
                return self._facts(sheet) | {"conflicts": conflicts, "faults": faults}
            what = f"{file}年" if sheet.form is not None else {"agency": "机关信息", "profile": "本地要求"}[file]
            try:
                self._become(sheet, data, f"{what}：{'、'.join(names)}", dry=False)
            except _ReadersError as error:
                faults = [self._faulty(finding, error.sheet) for finding in error.findings]
            return self._facts(sheet if faults else self._files.sheet(file)) | {"conflicts": {}, "faults": faults}

    def write_words(self, year: int, page: str, changes: Sequence[Change], *, correcting: bool = False) -> Json:
        """Write boxes of a page by their numbers, all or none; what was in the way and what was refused comes back."""
        with self._writing(dry=False):
            sheet = self._opened(str(year), correcting=correcting)
            found = read_page(self._files, sheet, page)
            source = found.source
            names = {one.name: f'{{{{ figure("{one.path}") }}}}' for one in named_figures(form_of(sheet))}
            conflicts: dict[str, str] = {}
            faults: dict[str, str] = {}
            parts: dict[Box, str] = {}
            for change in changes:
                box = found.boxes[int(change.where)]
                if box.fixed:
                    raise KeyError(change.where)
                if bare(box.shown) != bare(str(change.old)):
                    conflicts[change.where] = box.shown
                    continue
                try:
                    parts[box] = rewritten(source.text, box, str(change.new), names)
                except WordsError as error:
                    faults[change.where] = str(error)
            if parts and not conflicts and not faults:
                text = source.text
                for box in sorted(parts, key=lambda box: -box.start):
                    text = text[: box.start] + parts[box] + text[box.end :]
                fresh = self._fresh_mistakes(sheet, source, text)
                if fresh:
                    faults = {change.where: "\n".join(fresh) for change in changes}
                elif text != source.text:
                    what = f"{year}年的文字：{found.section.heading if found.section is not None else '首页'}"
                    self._journal.carry_out(
                        source.path, source.content, source.encoding.encoded(text), what, self._now()
                    )
        return self.words(year, page) | {"conflicts": conflicts, "faults": faults}

    def undo(self, seen: str, *, correcting: bool = False) -> Json:
        """Take the last step back, which is the one *seen*; one of a frozen year only where that is a correction.

        Raises RefusedError where another has been made meanwhile, FrozenError.
        """
        return self._turned(self._journal.undo, lambda history: history.done, seen, correcting=correcting)

    def redo(self, seen: str, *, correcting: bool = False) -> Json:
        """Make the step again that was taken back last; see `undo`."""
        return self._turned(self._journal.redo, lambda history: history.undone, seen, correcting=correcting)

    # Corrections.

    def correction(self, year: int) -> Json:
        """Return what has been changed in the frozen report of *year* and is not registered yet, and what day it is."""
        return {"changes": unregistered(self.project, year), "today": today().isoformat()}

    def correct(self, year: int, reason: str, day: dt.date) -> Json:
        """Register what has been changed in the frozen report of *year* as corrected on *day* for a *reason*.

        Raises RefusedError or WrongUseError as the command does.
        """
        with self._lock:
            done = correct(self.project, year, reason, day, today())
        return {"changes": done.changes, "number": done.recorded.number, "files": done.recorded.files}

    # How.

    def _opened(self, file: str, *, correcting: bool) -> Sheet:
        """Return *file*, to be changed. Raises FrozenError where it is published and this is no correction."""
        sheet = self._files.sheet(file)
        if sheet.frozen and not correcting:
            raise FrozenError
        return sheet

    @contextlib.contextmanager
    def _writing(self, *, dry: bool) -> Iterator[None]:
        """Keep others from writing meanwhile: windows of the browser, and other commands."""
        with self._lock, contextlib.nullcontext() if dry else writing.exclusively(self.project.data):
            yield

    def _turned(
        self,
        turn: Callable[[], Step | None],
        steps: Callable[[History], tuple[Step, ...]],
        seen: str,
        *,
        correcting: bool,
    ) -> Json:
        """Turn the last of *steps*, the one *seen*; it may be none of a frozen year, unless that is a correction."""
        with self._writing(dry=False):
            for step in steps(self._journal.history())[-1:]:
                if step.what != seen:
                    message = f"刚才在别处又做了一步：“{step.what}”；这一次什么也没有改，再按一次才轮到它"
                    raise RefusedError(message)
                with contextlib.suppress(NotThereError, BrokenError):
                    self._opened(self._year_of(step), correcting=correcting)
            done = turn()
        return {"file": done.file if done else "", "what": done.what if done else ""} | self.history()

    def _year_of(self, step: Step) -> str:
        """Return the year of the file that *step* has changed, empty where that is of no year."""
        folder, _, name = step.file.rpartition("/")
        found = name.removesuffix(".yml") if folder == self.project.data.name else folder.rpartition("/")[2]
        return found if found.isdecimal() else ""

    def _become(self, sheet: Sheet, data: dict[str, Plain], what: str, *, dry: bool) -> Sheet:
        """Write *sheet* so that it says *data*, and return it then.

        Raises _ReadersError where its reader would find something that it does not find now, RefusedError where the
        file is laid out in a way that cannot be changed so.
        """
        if data == sheet.data and sheet.exists:
            return sheet
        try:
            text = patched(sheet.text, data, bare_in(facts.declared(sheet.file, sheet.form)))
        except LayoutError:
            message = f"{self.project.named(sheet.path)} 的排列方式不能由程序改写；请在文本编辑器里修改这一处"
            raise RefusedError(message) from None
        then = replace(sheet, text=text, exists=True)
        known = Counter(finding.message for finding in self._files.findings(sheet))
        fresh = []
        for finding in self._files.findings(then):
            known[finding.message] -= 1
            if known[finding.message] < 0:
                fresh.append(finding)
        if fresh:
            raise _ReadersError(then, tuple(fresh))
        if not dry:
            self._journal.carry_out(sheet.path, sheet.content, sheet.encoding.encoded(text), what, self._now())
        return then

    def _fresh_mistakes(self, sheet: Sheet, source: Sheet, text: str) -> list[str]:
        """Return what would be wrong with the page *source* of the year of *sheet* if it had *text*, and is not now."""
        path = f"{sheet.file}/{source.file}.md"
        known, found = (
            Counter(finding.message for finding in guidance.mistakes(self.project, self.dataset(), path, each))
            for each in (source.text, text)
        )
        return list(found - known)

    # What is told.

    def _state(self, sheet: Sheet) -> Json:
        return state_of(self._files, sheet) | self.history()

    def _facts(self, sheet: Sheet) -> Json:
        edition = str(sheet.form.format) if sheet.form is not None else ""
        variants = [name for name in self.dataset().forms_by_name if name.partition("-")[0] == edition]
        fields = facts.described_file(sheet.file, sheet.form, sheet.data, variants)
        groups = [asdict(group) for group in facts.groups_of(sheet.file, sheet.form)]
        said = {field["name"]: sheet.data[field["name"]] for field in fields if field["name"] in sheet.data}
        if not sheet.exists:
            said = {}
        return {"fields": fields, "groups": groups, "said": said, "frozen": sheet.frozen, **self.history()}

    def _faulty(self, finding: Finding, sheet: Sheet) -> Json:
        """Return a fault of the reader with the path of the value at which it stands."""
        paths = {(node.start_mark.line + 1, node.start_mark.column + 1): path for path, node in _nodes(sheet.root, ())}
        path = paths.get((finding.place.line, finding.place.column), ())
        return {"path": list(path), "message": finding.message}


class _ReadersError(Exception):
    """The reader of a *sheet* that was to be written refuses it: *findings* are what it says."""

    def __init__(self, sheet: Sheet, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(finding.message for finding in findings))
        self.sheet = sheet
        self.findings = findings


def _figures(report: Report) -> list[Json]:
    named = named_figures(report.form)
    return [{"name": one.name, "value": figure(report, one.path), "address": one.address} for one in named]


def _nodes(node: yaml.Node, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], yaml.Node]]:
    yield path, node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _nodes(value, (*path, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _nodes(item, (*path, index))
