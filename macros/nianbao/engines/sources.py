"""Pages that cannot be read show what is wrong with them instead."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.pages import cards
from nianbao.pages.sources import read_page
from nianbao.reading.findings import Findings

if TYPE_CHECKING:
    from mkdocs.structure.files import File

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
