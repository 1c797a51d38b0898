"""Where the report of a body lies, and that report read alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.members.receipts import folder_of, newest
from nianbao.model.agency import read_agency
from nianbao.model.dataset import read_forms
from nianbao.model.project import Project, WrongUseError, find_projects, path_from
from nianbao.model.report_reader import read_report
from nianbao.reading.disk import read_bytes, reason
from nianbao.reading.findings import Findings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nianbao.members.receipts import Receipt
    from nianbao.members.register import Member
    from nianbao.model.report import Report

_MOST_BYTES = 1_000_000
_MOST_PAGES = 50


# Where the reports lie that came in, in the superior's portal.
RECEIVED = "members"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The *project* of a *member* with data of the year; None where there is none, with the reason as a *note*.

    A report that was sent has a *receipt*. What is *unread* may be there: this machine cannot look.
    """

    member: Member
    project: Project | None
    note: str = ""
    receipt: Receipt | None = None
    unread: bool = False


def received(portal: Path, member: Member) -> Project:
    """Return the data and pages that were made of what *member* has sent to the superior in the folder *portal*."""
    folder = portal / RECEIVED / member.id
    return Project(root=portal, data=folder / "data", docs=folder / "docs")


def source_of(member: Member, portal: Project, year: int) -> Source:
    """Return where the report of *member* for *year* lies, as seen from the *portal* of the superior."""
    try:
        return _in_folder(member, portal, year) if member.folder else _sent(member, portal, year)
    except OSError as error:
        where = member.folder or path_from(folder_of(portal.folder, member.id, year), portal.folder)
        note = f"{where} 无法读取（{reason(error)}）；请检查权限和磁盘"
        return Source(member=member, project=None, note=note, unread=True)


def _in_folder(member: Member, portal: Project, year: int) -> Source:
    found, note = _found(member, portal)
    if note:
        return Source(member=member, project=None, note=note)
    if len(found) != 1:
        note = f"{member.folder} 里有 {len(found)} 个单位的数据；请把 folder 写到本单位的文件夹"
        return Source(member=member, project=None, note=note)
    file = found[0].data / f"{year}.yml"
    if not file.is_file():
        return Source(member=member, project=None, note=f"没有 {year} 年的数据（{path_from(file, portal.root)}）")
    return Source(member=member, project=replace(found[0], years=frozenset({year})))


def _sent(member: Member, portal: Project, year: int) -> Source:
    receipt = newest(portal.folder, member.id, year)
    if receipt is None:
        return Source(member=member, project=None)
    if receipt.refused:
        return Source(member=member, project=None, receipt=receipt, note=f"收到的文件读不了：{receipt.refused}")
    project = received(portal.folder, member)
    return Source(member=member, project=replace(project, root=portal.root, years=frozenset({year})), receipt=receipt)


def _found(member: Member, portal: Project) -> tuple[tuple[Project, ...], str]:
    """Return the projects in the folder of *member*, and why there are none."""
    path = portal.folder / member.folder
    if not path.exists():
        return (), f"没有 {member.folder} 这个文件夹"
    try:
        return find_projects([path], portal.root), ""
    except WrongUseError as error:
        return (), str(error)


def report_at(project: Project, year: int) -> Report | None:
    """Return the report of *year* alone, or None where it is at fault."""
    findings = Findings()
    forms = read_forms(project.root, project.data).by_name
    agency = read_agency(project.data / "agency.yml", "agency.yml", findings)
    path = project.data / f"{year}.yml"
    return read_report(path, project.named(path), forms, agency, findings)


def report_of(source: Source, year: int) -> Report | None:
    """Return the report of *year* that *source* has, None where there is none or it is at fault.

    What was sent is final unless it says that it is not, whatever the file says that was made of it.
    """
    return as_sent(report_at(source.project, year) if source.project is not None else None, source)


def as_sent(report: Report | None, source: Source) -> Report | None:
    """Return the *report* that *source* has, None where there is none, with the status by which it was sent."""
    if report is None or source.receipt is None:
        return report
    return replace(report, status="draft" if source.receipt.draft else "published")


def pages_at(project: Project, year: int) -> Iterator[str]:
    """Yield the Markdown of the pages of *year*; what cannot be read or is no text is left out."""
    for path in sorted((project.docs / str(year)).glob("*.md"))[:_MOST_PAGES]:
        try:
            yield read_bytes(path, _MOST_BYTES).decode()
        except (OSError, UnicodeDecodeError):  # The check of the body tells of it.
            continue
