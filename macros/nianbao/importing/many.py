"""Reports of many bodies at once: a portal a body, all cores at work, a time limit for each; none stops the rest."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.beginning.new_portal import Beginner, make_portal
from nianbao.cache.cache import digest_of
from nianbao.importing.failures import told
from nianbao.importing.importing import import_report, read_first
from nianbao.importing.originals import opened_here
from nianbao.importing.reading import read_original
from nianbao.model.kinds import kind_by_name
from nianbao.model.project import WrongUseError, project_at
from nianbao.reading.refusal import RefusedError
from nianbao.running.crew import Failure, each

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from nianbao.running.crew import Crew


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What became of a report: of which *body* and *year* it is, how many cells were *read* and are *asked*.

    *reason* is why it was *refused*, or the first question; *folder* is where its portal lies. *trace* tells
    where the program itself is at fault.
    """

    files: str
    body: str = ""
    year: int = 0
    form: int = 0
    read: int = 0
    asked: int = 0
    questions: int = 0
    refused: bool = False
    reason: str = ""
    folder: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What a process does: identify the report in *files*, or with a *folder* import it there."""

    number: int
    files: tuple[Path, ...]
    year: int | None
    today: dt.date
    name: str
    folder: Path | None = None


def import_many(
    reports: Sequence[tuple[Path, ...]], out: Path, year: int | None, today: dt.date, crew: Crew
) -> Iterator[Row]:
    """Import *reports*, each a tuple of files, into portals below *out*; yield a row for each as it is done.

    *year* holds for those that do not tell their own. The *crew* does the work, within its limits.
    """
    tasks = [
        _Task(number=number, files=files, year=year, today=today, name=_called(files))
        for number, files in enumerate(reports)
    ]
    known: dict[str, list[tuple[_Task, Row]]] = defaultdict(list)
    for task, row in _run(tasks, crew):
        if row.refused:
            yield row
        else:
            known[row.body].append((task, row))
    waiting: list[_Task] = []
    for body, read in known.items():
        read.sort(key=lambda pair: (pair[1].year, pair[0].number))
        counts = Counter(row.year for _, row in read)
        yield from (_again(row, task, read) for task, row in read if counts[row.year] > 1)
        single = [(task, row) for task, row in read if counts[row.year] == 1]
        folder = out / _folder_name(body)
        try:
            if single and not folder.exists():
                make_portal(folder, _beginner(body, min(counts)))
        except RefusedError as error:
            yield from (
                Row(files=task.name, body=body, year=row.year, refused=True, reason=str(error)) for task, row in single
            )
        else:
            waiting += [replace(task, year=row.year, folder=folder) for task, row in single]
    yield from (row for _, row in _run(waiting, crew))


def _again(row: Row, task: _Task, read: Sequence[tuple[_Task, Row]]) -> Row:
    """Return *row* of *task* refused: among what was *read* of its body there are others of its year."""
    others = "、".join(other.name for other, one in read if one.year == row.year and other is not task)
    reason = f"同一机关同一年度的报告有几份（另有 {others}）；请只留一份，或把文字和表格改成同名后放在一起"
    return replace(row, files=task.name, refused=True, reason=reason)


def _called(files: Sequence[Path]) -> str:
    return "、".join(path.name for path in files)


def _folder_name(body: str) -> str:
    return "".join(character for character in body if character.isalnum() or character in "（）") or "机关"


def _beginner(body: str, year: int) -> Beginner:
    """Return the body called *body*; what its name does not tell is to be looked over in agency.yml."""
    id_ = f"body_{digest_of(body.encode())[:8]}"
    return Beginner(name=body, id=id_, kind=kind_by_name(body), region="", superior="", year=year)


def _run(tasks: Sequence[_Task], crew: Crew) -> Iterator[tuple[_Task, Row]]:
    """Yield what became of *tasks*, done by a *crew*; tasks of one folder run in turn."""
    for task, row in each(crew, _row, tasks, alone=lambda task: task.folder):
        if isinstance(row, Failure):
            yield task, Row(files=task.name, refused=True, reason=told(row), trace=row.trace)
        else:
            yield task, row


def _row(task: _Task) -> Row:
    """Return what became of *task*; whatever fails is told in its row."""
    try:
        return _identified(task) if task.folder is None else _imported(task, task.folder)
    except (RefusedError, WrongUseError) as error:
        return Row(files=task.name, refused=True, reason=" ".join(str(error).split()))


def _identified(task: _Task) -> Row:
    read = read_first(tuple(map(read_original, task.files)), task.year)
    if not read.told.name:
        message = "标题没有写机关名称；请单独导入到该机关的项目里"
        raise RefusedError(message)
    return Row(files=task.name, body=read.told.name, year=read.year, form=read.form.format)


def _imported(task: _Task, folder: Path) -> Row:
    done = import_report(project_at(folder), opened_here(task.files), task.year, task.today)
    question = done.open[0] if done.open else None
    return Row(
        files=task.name,
        body=done.read.told.name,
        year=done.read.year,
        form=done.read.form.format,
        read=len(done.read.figures.readings),
        asked=sum(len(one.addresses) for one in done.open),
        questions=len(done.open),
        reason=f"{question.place} {question.text}" if question is not None else "",
        folder=folder.name,
    )


def worst_first(row: Row) -> tuple[bool, int, str, int, str]:
    """Return a key that sorts rows: refused ones, then those with most cells to ask."""
    return not row.refused, -row.asked, row.body, row.year, row.files
