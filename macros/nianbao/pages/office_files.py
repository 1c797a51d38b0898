"""What attachments of office programs hold that nobody sees on paper: edits, remarks, hidden sheets, programs.

Who downloads the file can read all of it. The parts are those of Office Open XML (ISO/IEC 29500).
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

from nianbao.reading.archives import UNPACKING_ERRORS

if TYPE_CHECKING:
    from pathlib import Path

KINDS = frozenset({"docx", "xlsx", "pptx"})

_LARGEST = 20_000_000  # bytes of a part unpacked; the text of a book has fewer
_BODY = re.compile(r"word/(?:document|footnotes|endnotes|header[0-9]*|footer[0-9]*)\.xml")
_EDITS = re.compile(rb"<w:(?:ins|del|moveFrom|moveTo)[ />]")
_REMARKS = re.compile(r"word/comments[A-Za-z]*\.xml|ppt/comments/.+\.xml")
_REMARK = re.compile(rb"<(?:w|p|p188):(?:comment|cm)[ >]")
_HIDDEN = re.compile(rb"""<sheet\b[^>]*\sstate\s*=\s*["'](?:hidden|veryHidden)["']""")


def unseen_part(file: Path) -> str | None:
    """Return what the document at *file* holds unseen and what to do about it, in Chinese, or None.

    None too of a file that is no such document, as one that is locked by a password.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return next((told for part in archive.infolist() if (told := _unseen(archive, part)) is not None), None)
    except UNPACKING_ERRORS:
        return None


def _unseen(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> str | None:
    name = part.filename
    if name.endswith("vbaProject.bin"):
        return "文件里有宏（程序）；请另存为不带宏的格式"
    read = _BODY.fullmatch(name) or _REMARKS.fullmatch(name) or name == "xl/workbook.xml"
    if not read or part.file_size > _LARGEST:
        return None
    content = archive.read(part)
    if _BODY.fullmatch(name) and _EDITS.search(content):
        return "文件里有没有接受的修订，下载的人看得到改动前后的文字；请在 Word 或 WPS 里接受全部修订后保存"
    if _REMARKS.fullmatch(name) and _REMARK.search(content):
        return "文件里有批注，下载的人看得到；请删去全部批注后保存"
    if name == "xl/workbook.xml" and _HIDDEN.search(content):
        return "文件里有隐藏的工作表，下载的人能打开；要公布的请取消隐藏，不公布的请删去工作表"
    return None
