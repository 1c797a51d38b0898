"""From a file to its text: encoding, line ends and characters that cannot be seen."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from nianbao.reading.characters import Misread, misread
from nianbao.reading.disk import reason, size_of
from nianbao.reading.findings import Findings, Place

if TYPE_CHECKING:
    from pathlib import Path

# The largest report of this form takes 12 KB; a file beyond this is not a data file.
MAXIMUM_BYTES = 1_000_000

UNSEEN = {
    "\t": "制表符（Tab），请改用空格",
    "\u00a0": "不间断空格，请改用普通空格",
    "\u3000": "全角空格，请改用普通空格或删去",
    "\ufeff": "字节顺序标记（BOM），请另存为不带 BOM 的 UTF-8",
}
_BLANKS = re.compile("[" + "".join(UNSEEN) + "]")

_MERGE = re.compile(r"^(?:<{7}|>{7})(?: .*)?\r?$", re.MULTILINE)
_MERGE_MARKS = re.compile(r"^(?:<{7}|>{7}|={7}|\|{7})(?: .*)?\r?$", re.MULTILINE)

# So many lines with such characters are told one by one; a file can hold a million.
TOLD = 20


def read_text(path: Path, name: str, findings: Findings) -> str | None:
    """Return the text of *path*, or None after recording why it cannot be used.

    *name* is how messages call the file.
    """
    try:
        if size_of(path) > MAXIMUM_BYTES:
            findings.add(Place(name), f"文件超过 {MAXIMUM_BYTES} 字节，不是数据文件；请检查是否放错了文件")
            return None
        data = path.read_bytes()
    except FileNotFoundError:
        findings.add(Place(name), "缺少此文件；请补上")
        return None
    except OSError as error:
        findings.add(Place(name), f"文件无法读取（{reason(error)}）；请检查文件和权限")
        return None
    if data.startswith(codecs.BOM_UTF8):
        findings.add(Place(name), "文件开头有字节顺序标记（BOM）；请另存为不带 BOM 的 UTF-8")
        data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line, column = _position(before, len(before))
        findings.add(
            Place(name, line, column),
            f"不是 UTF-8 编码，此处的字节是 0x{data[error.start]:02X}；请把文件另存为 UTF-8（不带 BOM）",
        )
        return None
    if "\r" in text:
        line, column = _position(text, text.index("\r"))
        findings.add(
            Place(name, line, column),
            "换行符是 CRLF 或 CR；请在编辑器里改为 LF 后保存",
        )
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    told = len(findings)
    record_merge_marks(text, name, findings)
    return text if _visible(text, name, findings) and len(findings) == told else None


def unseen(text: str) -> str | None:
    """Return what is to be done about the first character of *text* that people would not see as it is, or None."""
    first = _first(text)
    return None if first is None else first.message


def _first(text: str) -> Misread | None:
    """Return the first blank of *text* that is none of ours, or character that is misread."""
    blank = _BLANKS.search(text)
    first = next(misread(text), None)
    if blank is None or (first is not None and first.start < blank.start()):
        return first
    return Misread(*blank.span(), UNSEEN[blank.group()])


def record_merge_marks(text: str, name: str, findings: Findings) -> None:
    """Record the lines that a version control system leaves where it could not join two versions of a file."""
    if _MERGE.search(text) is None:
        return
    for found in _MERGE_MARKS.finditer(text):
        number, _ = _position(text, found.start())
        said = f"合并两个版本时留下的冲突标记“{found[0][:7]}”；请选定要公布的文字，再删去这些标记"
        findings.add(Place(name, number), said)


def _visible(text: str, name: str, findings: Findings) -> bool:
    """Record the first character of each line that people would not see as it is; say whether there was none."""
    if _first(text) is None:
        return True
    count = 0
    for number, line in enumerate(text.split("\n"), 1):
        first = _first(line)
        if first is None:
            continue
        count += 1
        if count > TOLD:
            findings.add(Place(name, number), "此行及以下还有这样的字符；请先改正上面的，再检查一次")
            break
        findings.add(Place(name, number, first.start + 1), f"不能使用{first.message}")
    return count == 0


def _position(text: str, offset: int) -> tuple[int, int]:
    """Return the line and column, both from 1, of the character at *offset*."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
