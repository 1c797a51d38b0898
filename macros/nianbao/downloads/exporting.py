"""The downloads of one report written to a folder: the whole set or nothing."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.cache.cache import FOLDER, Cache, digest_of
from nianbao.data_files.writing import sync, write_new
from nianbao.downloads.downloads import Downloads
from nianbao.lifecycle.changes import published_changes
from nianbao.lifecycle.judging import read_subject
from nianbao.pages.session import Session
from nianbao.reading.disk import reason, size_of
from nianbao.reading.refusal import RefusedError, refuse
from nianbao.rules.judging import judge_dataset, remember

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.cache.cache import Content
    from nianbao.exports.formats import Download, ExportFormat
    from nianbao.lifecycle.judging import Subject
    from nianbao.model.project import Project
    from nianbao.rules.judging import Judged


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
    project: Project,
    folder: Path,
    year: int,
    kinds: Sequence[ExportFormat],
    out: Path,
    *,
    everything: bool,
    replacing: bool,
) -> Exported:
    """Write the downloads of *year* of these *kinds* into the folder *out*.

    With *everything* a kind that cannot be made here is passed over and told; otherwise it stops the
    command. Files with other content are replaced only when *replacing*. Raises RefusedError where a
    published report has errors, a page is at fault or a file is in the way.
    """
    subject = read_subject(project, year)
    judged = _judge(subject)
    session = Session(
        dataset=subject.dataset,
        root=project.root,
        data=project.data,
        docs=project.docs,
        drafts=True,
        page=lambda: "",
        notice=project.notice,
    )
    remember(session, judged)
    downloads = Downloads(session, Cache(folder / FOLDER)).made(subject.report, kinds)
    titles = {kind.id: kind.title for kind in kinds}
    missing = tuple(f"没有导出 {titles[kind]}：{reason}" for kind, reason in downloads.missing.items())
    if missing and not (everything and downloads.files):
        message = "没有导出任何文件："
        raise RefusedError(message, missing)
    new, same = _sorted(downloads.files, out, replacing=replacing)
    _put(new, out)
    return Exported(
        files=tuple(project.named(out / item.name) for item in new),
        already=tuple(project.named(out / item.name) for item in same),
        missing=missing,
        draft=subject.report.status == "draft",
        errors=len(judged.checked.errors()),
    )


def _judge(subject: Subject) -> Judged:
    """Return what was judged of the report; raise RefusedError where it is published and has errors."""
    report = subject.report
    project = replace(subject.project, years=frozenset({report.year}))
    judged = judge_dataset(subject.dataset, project, published_changes(project.data, project.docs, subject.dataset))
    if judged.mistakes:
        own = {
            subject.dataset.reports[report.year].file,
            *(project.named(path) for path in subject.folder.glob("*.md")),
        }
        at_fault = tuple(finding for finding in judged.mistakes if finding.place.file in own)
        if at_fault:
            refuse("页面有误，没有导出任何文件", at_fault)
    errors = judged.checked.errors()
    if errors and report.status != "draft":
        refuse(f"{report.year} 年的报告有错误，没有导出任何文件", errors)
    return judged


def _sorted(
    files: Sequence[Download], out: Path, *, replacing: bool
) -> tuple[tuple[Download, ...], tuple[Download, ...]]:
    """Return the files to write and those that are there already. Raises RefusedError where others are in the way."""
    if out.exists() and not out.is_dir():
        message = f"{out} 不是文件夹，没有导出任何文件；请用 --out 指定文件夹"
        raise RefusedError(message)
    new, same, others = [], [], []
    for item in files:
        path = out / item.name
        if not path.exists() and not path.is_symlink():
            new.append(item)
        elif path.is_file() and _holds(path, item.content):
            same.append(item)
        elif replacing and path.is_file():
            new.append(item)
        else:
            others.append(item.name)
    if others:
        message = f"{out} 里已经有内容不同的同名文件，没有导出任何文件；换一个文件夹，或用 --replace 替换："
        raise RefusedError(message, tuple(others))
    return tuple(new), tuple(same)


def _holds(path: Path, content: Content) -> bool:
    """Say whether the file at *path* is *content*; one of another size is not read."""
    try:
        return size_of(path) == content.size and digest_of(path.read_bytes()) == content.digest
    except OSError as error:
        raise _failed(path, error) from error


def _put(files: Sequence[Download], out: Path) -> None:
    """Write *files* beside their places, then put them there; take all back where one cannot be put."""
    beside = out / f".nianbao.{os.getpid()}.{secrets.token_hex(4)}"
    placed: list[Path] = []
    kept: list[Path] = []
    try:
        beside.mkdir(parents=True)
        _clear(out, beside)
        for item in files:
            write_new(beside / item.name, item.content.read())
        for item in files:
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


def _clear(out: Path, own: Path) -> None:
    """Remove what exports have left that were killed before they put anything in its place."""
    for folder in out.glob(".nianbao.*"):
        number = folder.name.split(".")[2]
        if folder != own and number.isdigit() and not _runs(int(number)) and not [*folder.glob("*.old")]:
            shutil.rmtree(folder, ignore_errors=True)


def _runs(number: int) -> bool:
    """Say whether a process of this *number* is at work; where the system does not tell, that it is."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def _failed(path: Path, error: OSError) -> RefusedError:
    message = f"不能读写 {error.filename or path}（{reason(error)}）；请检查权限和磁盘，没有导出任何文件"
    return RefusedError(message)
