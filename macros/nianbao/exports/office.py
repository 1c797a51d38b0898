"""Files that an office makes of a report for itself and its superiors: none of them is a download of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.cache.cache import held
from nianbao.exports.approval import TITLE, approval_document
from nianbao.exports.formats import ExportFormat, Made
from nianbao.exports.texts import file_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nianbao.exports.formats import Material


def _approval(material: Material) -> Iterable[Made]:
    from nianbao.documents.word import word_file  # slow to load

    yield Made(
        name=f"{material.stem}-approval.docx",
        title=TITLE,
        kept_as=file_name(f"{material.name}{TITLE}", "docx"),
        content=held(word_file(approval_document(material.session, material.report))),
    )


OFFICE_FORMATS = (
    ExportFormat(
        id="approval",
        title="审签单",
        suffix="docx",
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        make=_approval,
    ),
)
