"""Which pages the host has: drafts, names that are no text; what is missing is told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.pages import cards
from nianbao.pages.completeness import YEAR, incomplete
from nianbao.pages.sources import read_page
from nianbao.reading.encoding import EncodingError, decoded
from nianbao.reading.findings import Findings, Place

if TYPE_CHECKING:
    from mkdocs.structure.files import File, Files

    from nianbao.pages.session import Session


def check(file: File, session: Session) -> None:
    """Record what is wrong with the source of *file*; what cannot be read shows a card instead."""
    path = Path(str(file.abs_src_path))
    if read_page(path, file.src_uri, Findings()) is not None:
        return  # To find out what messages call a page costs as much as to read it.
    findings = Findings()
    read_page(path, session.file(file.src_uri), findings)
    if len(findings):
        session.findings.extend(findings.sorted())
        file.content_string = f"# 页面有误\n\n{cards.card(findings.sorted())}\n".replace("{", "&#123;")


def source_of(file: File) -> str | None:
    """Return the source of *file*, None where it is no text or has been replaced."""
    if file.abs_src_path is None:
        return None
    try:
        return decoded(Path(file.abs_src_path).read_bytes())[0]
    except EncodingError:
        return None


def take_stock(files: Files, session: Session, *, drafts: bool) -> frozenset[str]:
    """Record what is wrong with the set of pages and with their sources; return the pages of drafts.

    Without *drafts* their pages are taken out of *files*. They are removed and not excluded, because
    to the host a link to an excluded page is no warning.
    """
    draft_pages = set()
    for file in list(files):
        if not _named_in_unicode(file.src_uri):
            shown = file.src_uri.encode("utf-8", "replace").decode()
            session.findings.add(Place(session.file(shown)), "文件名不是 UTF-8 编码；请改名")
            files.remove(file)
            continue
        report = session.dataset.reports.get(year_of(file) or 0)
        if report is not None and report.status == "draft":
            draft_pages.add(file.src_uri)
            if not drafts:
                files.remove(file)
    pages = {file.src_uri for file in files.documentation_pages()} | draft_pages
    session.findings.extend(tuple(incomplete(session, pages, lambda _: False)))
    for file in files.documentation_pages():
        check(file, session)
    return frozenset(draft_pages)


def _named_in_unicode(name: str) -> bool:
    """Say whether *name* is text; bytes that are not come as lone surrogates, which nothing can print."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def year_of(file: File) -> int | None:
    """Return the year in whose folder *file* lies, or None."""
    folder, _, rest = file.src_uri.partition("/")
    return int(folder) if rest and YEAR.fullmatch(folder) else None
