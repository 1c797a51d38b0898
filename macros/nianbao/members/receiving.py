"""A report that came is kept as it is, and read into the data of its body.

What a body has sent lies as data and pages in members/<id> of the superior's portal, made by an import; which
versions came, `nianbao.members.receipts` tells.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.data_files import writing
from nianbao.data_files.entries import quoted
from nianbao.importing.folder import folder_of as import_folder
from nianbao.importing.folder import read_record
from nianbao.importing.gathering import kept_name
from nianbao.importing.importing import Way, import_again, import_report
from nianbao.importing.originals import opened_here
from nianbao.members.receipts import RECORD, Receipt, Sent, folder_of, receipts_of, record
from nianbao.members.sources import received
from nianbao.model.project import WrongUseError
from nianbao.reading.disk import failure, reason
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from nianbao.importing.importing import Imported
    from nianbao.members.intake import Submission
    from nianbao.members.register import Member
    from nianbao.model.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A *submission* to be taken into the portal in a folder, received *at* a time.

    So many versions of its report had *come* before the run: a task is done twice where a worker ends after it. So
    many *returns* of the report has the register.
    """

    portal: Path
    submission: Submission
    at: dt.datetime
    come: int
    returns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The *receipt* of what was taken and of the version *before*; *again* where it had come already.

    *failed* is why nothing was taken and nothing was written.
    """

    submission: Submission
    receipt: Receipt | None = None
    before: Receipt | None = None
    again: bool = False
    failed: str = ""


def take(task: Task) -> Taken:
    """Keep the files of a submission and read them; why they cannot be read is kept in their place."""
    return _taken(task, task.submission.refused)


def untaken(task: Task, why: str) -> Taken:
    """Keep the files of a submission whose reading has ended a process."""
    return _taken(task, why)


def _taken(task: Task, refused: str) -> Taken:
    one = task.submission
    folder = folder_of(task.portal, one.member.id, one.year)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # A worker of a cluster may still be at it for a run that was ended.
        with writing.exclusively(folder):
            for left in folder.glob(".*.old"):
                writing.recover_folder(folder / left.stem[1:])
            return _taken_alone(task, refused)
    except RefusedError as error:
        return Taken(submission=one, failed=str(error))
    except OSError as error:
        return Taken(submission=one, failed=failure(error) or f"不能保存（{reason(error)}）；请检查权限和磁盘")


def _taken_alone(task: Task, refused: str) -> Taken:
    one = task.submission
    every = receipts_of(task.portal, one.member.id, one.year)
    known = next((receipt for receipt in every if one.digests <= receipt.digests), None)
    before = every[-1] if every else None
    if known is not None and not known.refused:
        again = known.number <= task.come
        earlier = before if again else next((e for e in reversed(every) if e.number < known.number), None)
        return Taken(submission=one, receipt=known, before=earlier, again=again)
    # What could not be read may have been at fault of this machine: it is read again in its place, with its day.
    fresh = before.number + 1 if before is not None else 1  # Some may have been moved away.
    number = known.number if known is not None else fresh
    first = replace(task, at=known.at, returns=known.returns) if known is not None and known.files else task
    return Taken(submission=one, receipt=_kept(first, refused, number), before=before)


def _kept(task: Task, refused: str, number: int) -> Receipt:
    """Write the version of a *number*, whose folder appears whole: until then it has not come."""
    one = task.submission
    folder = folder_of(task.portal, one.member.id, one.year)
    growing, final = folder / f".{number}.new", folder / str(number)
    shutil.rmtree(growing, ignore_errors=True)  # Left by a run that ended.
    growing.mkdir(parents=True)
    try:
        files = []
        for at, file in enumerate(one.files, 1):
            name = kept_name(file.file.shown.rpartition("/")[2])
            name = f"{at}-{name}" if len(one.files) > 1 else name
            writing.write_new(growing / name, file.file.path.read_bytes())
            files.append(Sent(name=name, sent_as=file.file.shown, digest=file.digest, read=file.read))
        receipt = Receipt(
            member=one.member.id,
            year=one.year,
            number=number,
            at=task.at,
            files=tuple(files),
            draft=one.draft,
            refused=refused,
            returns=task.returns,
        )
        if not refused:
            receipt = _read(task, receipt, [growing / sent.name for sent in files if sent.read])
        writing.write_new(growing / RECORD, record(receipt))
        writing.replace_folder(growing, final)
    finally:
        shutil.rmtree(growing, ignore_errors=True)
    return receipt


def _read(task: Task, receipt: Receipt, paths: list[Path]) -> Receipt:
    """Return *receipt* with what was read of the files at *paths*, or with why they were refused."""
    member, year = task.submission.member, receipt.year
    try:
        project = _project(task.portal, member, year)
        done = import_report(project, opened_here(paths), year, task.at.date(), Way.SUBMITTED)
        return _with_values(receipt, project, done)
    except (RefusedError, WrongUseError) as error:
        if isinstance(error.__cause__, OSError):  # The disk is at fault, not what was sent.
            raise error.__cause__ from error
        return replace(receipt, refused=" ".join(str(error).split()))


def _with_values(receipt: Receipt, project: Project, done: Imported) -> Receipt:
    written = read_record(import_folder(project, receipt.year))
    return replace(
        receipt,
        asked=sum(len(question.addresses) for question in done.open),
        values=dict(written.values) if written is not None else {},
        pages=dict(written.read) if written is not None else {},
    )


def _project(portal: Path, member: Member, year: int) -> Project:
    """Return the data and pages of *member*, whose agency.yml says what the register says."""
    project = received(portal, member)
    path, content = project.data / "agency.yml", _agency(member, year).encode()
    project.data.mkdir(parents=True, exist_ok=True)
    if not (path.is_file() and path.read_bytes() == content):
        writing.put(path, content)
    return project


def _agency(member: Member, year: int) -> str:
    rows = ["# 由 nianbao collect 按名册 data/members.yml 写出；要改的请改名册。\n"]
    rows.append(f"id: {member.id}\nkind: {member.kind}\nscope: own\nnames:\n")
    for name in member.names:
        # Reports from before the register go by the earliest name.
        first = min(name.first, year) if name is member.names[0] else name.first
        last = f", to: {name.last}" if name.last is not None else ""
        rows.append(f"  - {{name: {quoted(name.text)}, from: {first}{last}}}\n")
    return "".join(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A report whose questions may have been answered since: the newest *receipt* of a *member*."""

    portal: Path
    member: Member
    receipt: Receipt
    today: dt.date


def take_answers(task: Answered) -> tuple[Receipt, str]:
    """Read the originals of a report again with the answers; return its receipt as it is now, and why it failed."""
    receipt = task.receipt
    try:
        project = _project(task.portal, task.member, receipt.year)
        now = _with_values(receipt, project, import_again(project, receipt.year, task.today, opened_here))
        path = folder_of(task.portal, receipt.member, receipt.year) / str(receipt.number) / RECORD
        if now != receipt:
            # What the body has sent stays what it was; only what is still asked is another.
            writing.put(path, record(replace(receipt, asked=now.asked)))
    except (RefusedError, WrongUseError) as error:
        return receipt, " ".join(str(error).split())
    return replace(receipt, asked=now.asked), ""
