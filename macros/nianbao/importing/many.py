"""Reports of many bodies at once: a portal a body, all cores at work, a time limit for each; none stops the rest."""

from __future__ import annotations

import multiprocessing
import os
import time
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.importing.folder import FOLDER
from nianbao.importing.importing import import_report, read_first
from nianbao.lifecycle.new_portal import Beginner, make_portal
from nianbao.lifecycle.refusal import RefusedError
from nianbao.model.kinds import kind_by_name
from nianbao.model.project import WrongUseError, project_at
from nianbao.reading.disk import failure

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

# Endings of files that may be reports; what a file is, its content tells.
ENDINGS: tuple[str, ...] = (
    ".docx",
    ".doc",
    ".wps",
    ".rtf",
    ".odt",
    ".xlsx",
    ".xls",
    ".ods",
    ".et",
    ".pdf",
    ".html",
    ".htm",
    ".txt",
)
ENDINGS += (".md", ".json", ".csv")
# Of a ZIP: files, and bytes of all and of one unpacked.
_MOST_FILES, _MOST_BYTES, _MOST_OF_ONE = 20_000, 4_000_000_000, 100_000_000
_SLOW = "超过了 {} 秒，没有读完；请单独导入这个文件，或换一种格式"
_CRASHED = "读这个文件时程序意外结束；请单独导入，并把这个文件发给维护人员"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What became of a report: of which *body* and *year* it is, how many cells were *read* and are *asked*.

    *reason* is why it was *refused*, or the first question; *folder* is where its portal lies. *bug* tells that the
    program is at fault.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What a process does: identify the report in *files*, or with a *folder* import it there."""

    number: int
    files: tuple[Path, ...]
    year: int | None
    today: dt.date
    name: str
    folder: Path | None = None


def report_files(paths: Sequence[Path], unpacked: Path) -> tuple[tuple[Path, ...], ...]:
    """Return the files of each report below *paths*, folders or ZIP files; these are unpacked into a folder.

    Files of one folder with the same name but for the ending are one report. Raises WrongUseError where there are
    none, RefusedError for a ZIP that cannot be unpacked.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(
                each for each in path.rglob("*") if _may_be_report(each.relative_to(path)) and each.is_file()
            )
        elif zipfile.is_zipfile(path) and path.suffix.lower() == ".zip":
            found += sorted(_unpack(path, unpacked / sha256(str(path).encode()).hexdigest()[:8]))
        else:
            found.append(path)
    if not found:
        message = (
            f"{'、'.join(map(str, paths))} 里没有可以导入的文件；可以是 Word、PDF、Excel、网页、文本或装着它们的 ZIP"
        )
        raise WrongUseError(message)
    together: dict[tuple[Path, str], list[Path]] = defaultdict(list)
    for path in found:
        together[path.parent, path.stem].append(path)
    return tuple(tuple(files) for files in together.values())


def _may_be_report(path: Path) -> bool:
    hidden = any(part.startswith((".", "~", "__MACOSX")) for part in path.parts)
    return path.suffix.lower() in ENDINGS and not hidden and FOLDER not in path.parts


def _unpack(path: Path, folder: Path) -> Iterator[Path]:
    """Yield the files of the ZIP at *path*, written into *folder* under names of its own making."""
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        total = sum(entry.file_size for entry in entries)
        if len(entries) > _MOST_FILES or total > _MOST_BYTES or any(one.file_size > _MOST_OF_ONE for one in entries):
            message = f"{path.name} 解开以后太大（{len(entries)} 个文件，{total // 1_000_000} MB）；请分成几个再导入"
            raise RefusedError(message)
        for entry in entries:
            # Names never lead out of the folder: only their parts are used, and none that goes up.
            parts = [part for part in _name(entry).replace("\\", "/").split("/") if part not in {"", ".", ".."}]
            if not parts or not _may_be_report(Path(*parts)):
                continue
            if entry.flag_bits & 1:
                message = f"{path.name} 有密码；请解开后导入"
                raise RefusedError(message)
            target = folder.joinpath(*(part.replace(":", "_") for part in parts))
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source:
                content = source.read(_MOST_OF_ONE + 1)
            if len(content) > _MOST_OF_ONE:
                message = f"{path.name} 里的 {parts[-1]} 太大；请单独导入"
                raise RefusedError(message)
            target.write_bytes(content)
            yield target


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the name of *entry*; packers of Chinese Windows write GBK and do not say so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def import_many(
    reports: Sequence[tuple[Path, ...]], out: Path, year: int | None, today: dt.date, seconds: int
) -> Iterator[Row]:
    """Import *reports*, each a tuple of files, into portals below *out*; yield a row for each as it is done.

    *year* holds for those that do not tell their own. None may take more than so many *seconds*.
    """
    tasks = [
        _Task(number=number, files=files, year=year, today=today, name=_called(files))
        for number, files in enumerate(reports)
    ]
    known: dict[str, list[tuple[_Task, Row]]] = defaultdict(list)
    for task, row in _run(tasks, seconds):
        if row.refused:
            yield row
        else:
            known[row.body].append((task, row))
    waiting: list[_Task] = []
    for body, read in known.items():
        read.sort(key=lambda pair: (pair[1].year, pair[0].number))
        years = [row.year for _, row in read]
        folder = out / _folder_name(body)
        first = min(years)
        for task, row in read:
            twice = years.count(row.year) > 1
            if twice:
                others = "、".join(each.name for each, other in read if other.year == row.year and each is not task)
                reason = f"同一机关同一年度的报告有几份（另有 {others}）；请只留一份，或把文字和表格改成同名后放在一起"
                yield Row(files=task.name, body=body, year=row.year, form=row.form, refused=True, reason=reason)
        try:
            if not folder.exists() and any(years.count(each) == 1 for each in years):
                make_portal(folder, _beginner(body, first))
        except RefusedError as error:
            yield from (
                Row(files=task.name, body=body, year=row.year, refused=True, reason=str(error)) for task, row in read
            )
            continue
        waiting += [
            _Task(number=task.number, files=task.files, year=row.year, today=today, name=task.name, folder=folder)
            for task, row in read
            if years.count(row.year) == 1
        ]
    yield from (row for _, row in _run(waiting, seconds))


def _called(files: Sequence[Path]) -> str:
    return "、".join(path.name for path in files)


def _folder_name(body: str) -> str:
    return "".join(character for character in body if character.isalnum() or character in "（）") or "机关"


def _beginner(body: str, year: int) -> Beginner:
    """Return the body called *body*; what its name does not tell is to be looked over in agency.yml."""
    id_ = f"body_{sha256(body.encode()).hexdigest()[:8]}"
    return Beginner(name=body, id=id_, kind=kind_by_name(body), region="", superior="", year=year)


def _run(tasks: Sequence[_Task], seconds: int) -> Iterator[tuple[_Task, Row]]:
    """Yield what became of *tasks*, done by as many processes as there are cores; tasks of one folder run in turn."""
    pool = _Pool(min(_cores(), len(tasks)), seconds)
    waiting = list(tasks)
    try:
        while waiting or pool.busy:
            folders = {task.folder for task in pool.tasks if task.folder is not None}
            for task in list(waiting):
                if pool.free and task.folder not in folders:
                    waiting.remove(task)
                    pool.give(task)
                    folders |= {task.folder} if task.folder is not None else set()
            yield from pool.done()
    finally:
        pool.end()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(slots=True, kw_only=True)
class _Worker:
    """A process with its end of the *pipe*; at a *task* until the *deadline*."""

    process: SpawnProcess
    pipe: Connection
    task: _Task | None = None
    deadline: float = 0.0


class _Pool:
    """Processes that do tasks; one that takes too long is ended, and another takes its place."""

    def __init__(self, count: int, seconds: int) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._seconds = seconds
        self._workers = [self._start() for _ in range(count)]

    def _start(self) -> _Worker:
        here, there = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(there,), daemon=True)
        process.start()
        there.close()
        return _Worker(process=process, pipe=here)

    @property
    def tasks(self) -> list[_Task]:
        """The tasks under way."""
        return [worker.task for worker in self._workers if worker.task is not None]

    @property
    def busy(self) -> bool:
        """Whether any task is under way."""
        return bool(self.tasks)

    @property
    def free(self) -> bool:
        """Whether a process has nothing to do."""
        return len(self.tasks) < len(self._workers)

    def give(self, task: _Task) -> None:
        """Let a free process do *task*."""
        worker = next(worker for worker in self._workers if worker.task is None)
        worker.task, worker.deadline = task, time.monotonic() + self._seconds
        worker.pipe.send(task)

    def done(self) -> Iterator[tuple[_Task, Row]]:
        """Yield what is done, after waiting for the first of it; who is late is ended."""
        busy = [worker for worker in self._workers if worker.task is not None]
        next_deadline = min(worker.deadline for worker in busy)
        ready = wait([worker.pipe for worker in busy], timeout=max(0.0, next_deadline - time.monotonic()))
        for at, worker in enumerate(self._workers):
            task = worker.task
            if task is None:
                continue
            if worker.pipe in ready:
                try:
                    row = worker.pipe.recv()
                    worker.task = None
                except EOFError:
                    row = Row(files=task.name, refused=True, reason=_CRASHED)
                    self._workers[at] = self._replace(worker)
                yield task, row
            elif time.monotonic() >= worker.deadline:
                self._workers[at] = self._replace(worker)
                yield task, Row(files=task.name, refused=True, reason=_SLOW.format(self._seconds))

    def _replace(self, worker: _Worker) -> _Worker:
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        return self._start()

    def end(self) -> None:
        """End all processes."""
        for worker in self._workers:
            worker.process.kill()
            worker.process.join()
            worker.pipe.close()


def _serve(pipe: Connection) -> None:
    """Do tasks until the other end is closed."""
    while True:
        try:
            task = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        pipe.send(_row(task))


def _row(task: _Task) -> Row:
    """Return what became of *task*; whatever fails is told in its row."""
    try:
        return _identified(task) if task.folder is None else _imported(task, task.folder)
    except (RefusedError, WrongUseError) as error:
        return Row(files=task.name, refused=True, reason=" ".join(str(error).split()))
    except Exception as error:  # noqa: BLE001  # a bug must not stop the others; the row names it
        told = failure(error) if isinstance(error, OSError) else None
        return Row(files=task.name, refused=True, reason=told or f"{_CRASHED}（{type(error).__name__}：{error}）")


def _identified(task: _Task) -> Row:
    read = read_first(task.files, task.year)
    if not read.told.name:
        message = "标题没有写机关名称；请单独导入到该机关的项目里"
        raise RefusedError(message)
    return Row(files=task.name, body=read.told.name, year=read.year, form=read.form.format)


def _imported(task: _Task, folder: Path) -> Row:
    done = import_report(project_at(folder), task.files, task.year, task.today)
    question: Any = done.open[0] if done.open else None
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
