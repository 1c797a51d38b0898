"""From a file to its text: encoding, line ends and characters that cannot be seen."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from macros.reading.findings import Findings, Place

if TYPE_CHECKING:
    from pathlib import Path

# The largest report of this form takes 12 KB; a file beyond this is not a data file.
MAXIMUM_BYTES = 1_000_000

UNSEEN = {
    "\t": "制表符（Tab），请改用空格",
    "\u00a0": "不间断空格，请改用普通空格",
    "\u3000": "全角空格，请改用普通空格或删去",
    "\u200b": "零宽空格，请删去",
    "\u200e": "看不见的方向控制符，请删去",
    "\u200f": "看不见的方向控制符，请删去",
    "\ufeff": "字节顺序标记（BOM），请另存为不带 BOM 的 UTF-8",
}
# The last two classes are the C0 and C1 controls without line feed, and the bidirectional controls
# with which a line can be made to read differently from what it says.
_UNSEEN = re.compile(
    "[" + "".join(UNSEEN) + "\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)


def read_text(path: Path, name: str, findings: Findings) -> str | None:
    """Return the text of *path*, or None after recording why it cannot be used.

    *name* is how messages call the file.
    """
    try:
        if path.stat().st_size > MAXIMUM_BYTES:
            findings.add(Place(name), f"文件超过 {MAXIMUM_BYTES} 字节，不是数据文件；请检查是否放错了文件")
            return None
        data = path.read_bytes()
    except FileNotFoundError:
        findings.add(Place(name), "缺少此文件；请补上")
        return None
    except OSError as error:
        findings.add(Place(name), f"文件无法读取（{error.strerror}）；请检查文件和权限")
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
    return text if _visible(text, name, findings) else None


def _visible(text: str, name: str, findings: Findings) -> bool:
    """Record the first unseen character of each line; say whether there was none."""
    seen = True
    reported = 0
    for match in _UNSEEN.finditer(text):
        line, column = _position(text, match.start())
        if line == reported:
            continue
        reported = line
        character = match.group()
        what = UNSEEN.get(character, f"控制字符 U+{ord(character):04X}，请删去")
        findings.add(Place(name, line, column), f"不能使用{what}")
        seen = False
    return seen


def _position(text: str, offset: int) -> tuple[int, int]:
    """Return the line and column, both from 1, of the character at *offset*."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
