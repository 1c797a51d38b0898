"""The downloads of one report written to a folder: the whole set or nothing."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from macros.exports.kinds import KINDS
from macros.exports.shelf import Shelf
from macros.keeping.cache import FOLDER, Cache
from macros.keeping.content import digest_of
from macros.life.changes import published_changes
from macros.life.judging import named, read_subject, refuse
from macros.life.refusal import RefusedError
from macros.life.writing import sync, write_new
from macros.pages.session import Session
from macros.reading.disk import reason
from macros.rules.portal import judge_portal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from macros.exports.kinds import Download, Kind
    from macros.life.judging import Subject
    from macros.model.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written: the *files*, those that were there *already* with the same content, what is *missing* and why.

    *errors* counts the findings that keep a draft from being published.
    """

    files: tuple[str, ...]
    already: tuple[str, ...]
    missing: tuple[str, ...]
    draft: bool
    errors: int


def export_year(  # noqa: PLR0913  # each is a word of the command
    desk: Desk, project: Path, year: int, kinds: Sequence[Kind], out: Path, *, everything: bool, replacing: bool
) -> Exported:
    """Write the downloads of *year* of these *kinds* into the folder *out*.

    With *everything* a kind that cannot be made here is passed over and told; otherwise it stops the
    command. Files with other content are replaced only when *replacing*. Raises RefusedError where a
    published report has errors, a page is at fault or a file is in the way.
    """
    subject = read_subject(desk, year)
    errors = _judge(subject)
    session = Session(
        portal=subject.portal,
        root=desk.root,
        data=desk.data,
        docs=desk.docs,
        drafts=True,
        page=lambda: "",
        notice=desk.notice,
    )
    shelf = Shelf(session, Cache(project / FOLDER)).made(subject.report, kinds)
    titles = {kind.id: kind.title for kind in KINDS}
    missing = tuple(f"没有导出 {titles[kind]}：{reason}" for kind, reason in shelf.missing.items())
    if missing and not (everything and shelf.downloads):
        message = "没有导出任何文件："
        raise RefusedError(message, missing)
    new, same = _sorted(shelf.downloads, out, replacing=replacing)
    _put(new, out)
    return Exported(
        files=tuple(named(desk, out / item.name) for item in new),
        already=tuple(named(desk, out / item.name) for item in same),
        missing=missing,
        draft=subject.report.status == "draft",
        errors=errors,
    )


def _judge(subject: Subject) -> int:
    """Return how many errors the report has; raise RefusedError where it is published and has any."""
    report = subject.report
    desk = replace(subject.desk, years=frozenset({report.year}))
    judged = judge_portal(subject.portal, desk, published_changes(desk.data, desk.docs))
    if judged.pages:
        own = {subject.portal.reports[report.year].file, *(named(desk, path) for path in subject.folder.glob("*.md"))}
        at_fault = tuple(finding for finding in judged.pages if finding.place.file in own)
        if at_fault:
            refuse("页面有误，没有导出任何文件", at_fault)
    errors = judged.checked.errors()
    if errors and report.status != "draft":
        refuse(f"{report.year} 年的报告有错误，没有导出任何文件", errors)
    return len(errors)


def _sorted(
    downloads: Sequence[Download], out: Path, *, replacing: bool
) -> tuple[tuple[Download, ...], tuple[Download, ...]]:
    """Return the files to write and those that are there already. Raises RefusedError where others are in the way."""
    if out.exists() and not out.is_dir():
        message = f"{out} 不是文件夹，没有导出任何文件；请用 --out 指定文件夹"
        raise RefusedError(message)
    new, same, others = [], [], []
    for item in downloads:
        path = out / item.name
        if not path.exists() and not path.is_symlink():
            new.append(item)
        elif path.is_file() and _digest(path) == item.content.digest:
            same.append(item)
        elif replacing and path.is_file():
            new.append(item)
        else:
            others.append(item.name)
    if others:
        message = f"{out} 里已经有内容不同的同名文件，没有导出任何文件；换一个文件夹，或用 --replace 替换："
        raise RefusedError(message, tuple(others))
    return tuple(new), tuple(same)


def _digest(path: Path) -> str:
    try:
        return digest_of(path.read_bytes())
    except OSError as error:
        raise _failed(path, error) from error


def _put(downloads: Sequence[Download], out: Path) -> None:
    """Write *downloads* beside their places, then put them there; take all back where one cannot be put."""
    beside = out / f".nianbao.{os.getpid()}"
    placed: list[Path] = []
    kept: list[Path] = []
    try:
        beside.mkdir(parents=True)
        for item in downloads:
            write_new(beside / item.name, item.content.read())
        for item in downloads:
            target = out / item.name
            if target.exists():
                target.replace(beside / f"{item.name}.old")
                kept.append(target)
            (beside / item.name).replace(target)
            placed.append(target)
        sync(out)
    except BaseException as error:
        for path in placed:
            path.unlink(missing_ok=True)
        for path in kept:
            (beside / f"{path.name}.old").replace(path)
        if isinstance(error, OSError):
            raise _failed(out, error) from error
        raise
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(beside)


def _failed(path: Path, error: OSError) -> RefusedError:
    message = f"不能读写 {error.filename or path}（{reason(error)}）；请检查权限和磁盘，没有导出任何文件"
    return RefusedError(message)
