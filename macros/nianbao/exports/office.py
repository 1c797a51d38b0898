"""Files that an office makes of a report for itself, its CMS and its superiors: none is a download of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.cache.cache import held
from nianbao.exports.approval import TITLE, approval_document
from nianbao.exports.archives import write_zip
from nianbao.exports.formats import FORMATS, ExportFormat, Made
from nianbao.exports.texts import file_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from nianbao.exports.formats import Material

_FILED = ("docx", "pdf", "xlsx", "json")


def _approval(material: Material) -> Iterable[Made]:
    from nianbao.documents.word import word_file  # slow to load

    yield Made(
        name=f"{material.stem}-approval.docx",
        title=TITLE,
        kept_as=file_name(f"{material.name}{TITLE}", "docx"),
        content=held(word_file(approval_document(material.session, material.report))),
    )


def _article(material: Material) -> Iterable[Made]:
    from nianbao.documents.article_html import article_html

    yield Made(
        name=f"{material.stem}-article.html",
        title="报告全文",
        kept_as=file_name(material.name, "html"),
        content=held(article_html(material.document)),
    )


def _filing(material: Material) -> Iterable[Made]:
    """Yield a ZIP of the files for the superior; what one of them lacks to be made, the whole lacks."""
    makers = [kind.make for kind in FORMATS if kind.id in _FILED]
    inside = {made.name: made.content for make in (*makers, _approval) for made in make(material)}

    def make(file: BinaryIO) -> None:
        write_zip(file, inside)

    digests = [(name, content.digest) for name, content in inside.items()]
    yield Made(
        name=f"{material.stem}-filing.zip",
        title="报送材料",
        kept_as=file_name(f"{material.name}报送材料", "zip"),
        content=material.cache.content("filing", digests, make),
    )


OFFICE_FORMATS = (
    ExportFormat(
        id="approval",
        title="审签单",
        suffix="docx",
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        make=_approval,
    ),
    ExportFormat(id="article", title="网页文章", suffix="html", media_type="text/html", make=_article),
    ExportFormat(id="filing", title="报送材料", suffix="zip", media_type="application/zip", make=_filing),
)
