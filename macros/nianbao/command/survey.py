"""All bodies of a register looked at by a crew, each once: what is known of them is kept as Parquet files.

The files lie in the portal's own cache. A body is looked at again when a file of it, its entry in the register or the
program is another; a run that ended in the middle is gone on with.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from nianbao.cache.cache import Cache
from nianbao.command.judging import check_project, judge_project, result_of
from nianbao.command.terminal import progress
from nianbao.command.workers import given_up, guarded
from nianbao.data_files import writing
from nianbao.members.answers import answers, required
from nianbao.members.bodies import TABLES, Read, files_of, rows_of, rows_without
from nianbao.members.receipts import folder_of
from nianbao.members.sources import source_of
from nianbao.model.configuration import FILE
from nianbao.reading.disk import FULL, reason
from nianbao.reading.refusal import RefusedError
from nianbao.running.crew import Failure, each

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.members.answers import Answers
    from nianbao.members.bodies import Rows
    from nianbao.members.register import Member, Register, Return
    from nianbao.members.sources import Source
    from nianbao.model.project import Project
    from nianbao.rules.results import ProjectResult
    from nianbao.running.crew import Crew

# Below the folder of the portal; a year has a folder of its own.
CACHE = ".cache/members"
# Bodies are kept together in so many groups by their ids: of sixty nearly each alone, of ten thousand twenty together.
_GROUPS = 512
_WORKING = ".sites-"
# No run takes so many seconds.
_LONG = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """A body with its *source*, the open return of its report, and what its *files* were when it was asked for."""

    source: Source
    returned: Return | None
    files: tuple[tuple[str, int, int, int], ...]

    @property
    def key(self) -> tuple[object, ...]:
        """All that what is known of the body depends on."""
        return self.source.member, self.source.note, self.returned, self.files


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Some *bodies* of a *year*, as they are seen from the *portal* of the superior."""

    bodies: tuple[_Body, ...]
    year: int
    portal: Project

    @property
    def name(self) -> str:
        """The id of its first body, empty where it has none."""
        return self.bodies[0].source.member.id if self.bodies else ""

    @property
    def key(self) -> tuple[object, ...]:
        """All that what is known of the group depends on."""
        return (self.year, *(body.key for body in self.bodies))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is known of a group as Parquet *files* by table; what a fault of this machine has ended is not *sure*."""

    files: Mapping[str, bytes]
    sure: bool


@contextmanager
def survey(register: Register, portal: Project, year: int, crew: Crew) -> Iterator[Answers]:
    """Give what is known of the bodies of *year* in a *register*, after a *crew* has looked at those that are others.

    Where nothing may be written beside the *portal* nothing is kept. Raises RefusedError where a disk is full, and
    WrongUseError where DuckDB is missing.
    """
    required()
    with ExitStack() as opened:
        folder = portal.folder / CACHE / str(year)
        if not _writable(folder):
            folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        cache = Cache(folder)
        with writing.in_use(folder):
            files = _looked_through(register, portal, year, crew, cache)
            with answers(files, register, year) as known:
                yield known
        with (
            contextlib.suppress(RefusedError),
            writing.exclusively(folder),
        ):  # Another run may read what this one has not used.
            cache.prune()


@contextmanager
def working_folder(portal: Project) -> Iterator[Path]:
    """Give a folder for files that the workers of a crew read; it is gone afterwards, and in the *portal* if it can be.

    Those of runs that were killed are removed when no run can be at them any more.
    """
    above = portal.folder / CACHE
    for left in above.glob(f"{_WORKING}*"):
        with contextlib.suppress(OSError):
            if left.stat().st_mtime < time.time() - _LONG:
                shutil.rmtree(left)
    with tempfile.TemporaryDirectory(dir=above if _writable(above) else None, prefix=_WORKING) as folder:
        yield Path(folder)


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError as error:
        return error.errno in FULL  # That is told.


def _looked_through(
    register: Register, portal: Project, year: int, crew: Crew, cache: Cache
) -> Mapping[str, Sequence[Path]]:
    """Return the Parquet files of all bodies of *year* by table, see `nianbao.members.bodies.TABLES`."""
    kept: list[tuple[str, str, Path]] = []
    waiting = []
    for group in _groups(register, portal, year):
        known = [(group.name, table, path) for table in TABLES if (path := cache.path(table, group.key)) is not None]
        if len(known) < len(TABLES):
            waiting.append(group)
        else:
            kept += known
    try:
        bodies = sum(len(group.bodies) for group in waiting)
        looked = each(crew, _looked_at, waiting, parts=_singles)
        for group, answer in progress(looked, bodies, "检查各单位", lambda one: len(one[0].bodies)):
            found = _ended(group, answer) if isinstance(answer, Failure) else answer
            key = group.key if found.sure else (secrets.token_hex(16),)
            kept += ((group.name, table, cache.filed(table, key, content)) for table, content in found.files.items())
    except OSError as error:
        message = f"不能写入 {portal.folder / CACHE / str(year)}（{reason(error)}）；请检查权限和磁盘，再运行一次"
        raise RefusedError(message) from error
    # In the same order, whatever was known before: what is written from them is the same then.
    return {table: [path for _, kind, path in sorted(kept) if kind == table] for table in TABLES}


def _groups(register: Register, portal: Project, year: int) -> Iterator[_Group]:
    """Yield all bodies in groups, which are looked for one after the other; there is one even without bodies."""
    groups: dict[int, list[Member]] = {}
    for member in register.of(year):
        groups.setdefault(crc32(member.id.encode()) % _GROUPS, []).append(member)
    for members in groups.values() or [[]]:
        bodies = []
        for member in members:
            source = source_of(member, portal, year)
            returned = register.returned(member.id, year)
            bodies.append(_Body(source=source, returned=returned, files=tuple(_files(source, portal))))
        yield _Group(bodies=tuple(bodies), year=year, portal=portal)


def _files(source: Source, portal: Project) -> Iterator[tuple[str, int, int, int]]:
    """Yield path, size and times of every file that what is known of a body depends on."""
    project = source.project
    if source.receipt is not None:
        yield from _below(folder_of(portal.folder, source.member.id, source.receipt.year))
    if project is None:
        return
    if project.configuration is not None:
        yield from _stated(project.folder / FILE)
    yield from _below(project.data)
    if not project.docs.is_relative_to(project.data):
        yield from _below(project.docs)


def _below(folder: Path) -> Iterator[tuple[str, int, int, int]]:
    """Yield the same of all files below *folder* but hidden ones, in their order."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield f"{folder}: {error.errno}", 0, 0, 0
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _below(folder / entry.name)
        elif entry.is_symlink() and entry.is_dir():
            # What lies behind a link may lead in a circle and is not looked through: it always counts as changed.
            yield secrets.token_hex(16), 0, 0, 0
        else:
            yield from _stated(folder / entry.name)


def _stated(path: Path) -> Iterator[tuple[str, int, int, int]]:
    try:
        found = path.stat()
    except OSError as error:
        yield f"{path}: {error.errno}", 0, 0, 0
        return
    yield str(path), found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _singles(group: _Group) -> Sequence[_Group]:
    """Return the bodies of *group* one by one, of which there are several: one of them has failed."""
    if len(group.bodies) == 1:
        return ()
    return [replace(group, bodies=(body,)) for body in group.bodies]


def _looked_at(group: _Group) -> _Found:
    found = [_rows(body, group.year) for body in group.bodies]
    # What was read is not what was asked for where it has changed meanwhile, or was gone for a moment.
    same = all(tuple(_files(body.source, group.portal)) == body.files for body in group.bodies)
    return _Found(files=files_of(rows for rows, _ in found), sure=same and all(sure for _, sure in found))


def _rows(body: _Body, year: int) -> tuple[Rows, bool]:
    """Return what is known of a body, and whether it was looked at to the end."""
    project = body.source.project
    if project is None:
        return rows_without(body.source, body.returned), True
    if project.unreadable:
        return rows_of(body.source, body.returned, year, check_project(project)), True
    read: list[Read] = []

    def check(project: Project) -> ProjectResult:
        dataset, judged = judge_project(project)
        result = result_of(project, dataset, judged)
        read.append(Read(dataset=dataset, pages=judged.texts.get(year)))
        return result

    result = guarded(project, check)
    return rows_of(body.source, body.returned, year, result, read[0] if read else None), bool(read)


def _ended(group: _Group, why: Failure) -> _Found:
    """Return what is known of the one body of *group*, whose check has ended for *why*."""
    (body,) = group.bodies
    project = body.source.project
    if project is None:
        rows = rows_without(body.source, body.returned)
    else:
        rows = rows_of(body.source, body.returned, group.year, given_up(project, why))
    return _Found(files=files_of([rows]), sure=False)
