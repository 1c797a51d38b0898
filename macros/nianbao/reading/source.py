"""From a file to its text: encoding, line ends and characters that cannot be seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.reading.characters import Misread, misread
from nianbao.reading.disk import reason, size_of
from nianbao.reading.encoding import Encoding, EncodingError, decoded
from nianbao.reading.findings import Findings, Place, position

if TYPE_CHECKING:
    from pathlib import Path

# The largest report of this form takes 12 KB; a file beyond this is not a data file.
MAXIMUM_BYTES = 1_000_000

UNSEEN = {
    "\t": "制表符（Tab），请改用空格",
    "\u00a0": "不间断空格，请改用普通空格",
    "\u3000": "全角空格，请改用普通空格或删去",
    "\ufeff": "字节顺序标记（BOM），请删去",
}
# Figures beside each other as they are copied from a spreadsheet.
_PASTED = re.compile(r"[0-9不详空白待填] *(\t+)(?=[\s]*[-+0-9不空待])")
_TAB_OF_A_TABLE = "制表符（Tab），从表格里复制来的各数之间请改成半角逗号，整行放在半角方括号 [ ] 里"
_BLANKS = re.compile("[" + "".join(UNSEEN) + "]")

# What shows that there are such marks, at the beginning of a line or of an item; rows of tables begin with | as well.
_MERGE = re.compile(r"^[ \t>*-]*(?:<{7,}|>{7,}|\|{7}(?= [^|\n]*$)|@@ -[0-9]+)|\{(?:\+\+|--|~~|>>)", re.MULTILINE)
_ANY_MERGE = ("<<<<<<<", ">>>>>>>", "|||||||", "@@ -", "{++", "{--", "{~~", "{>>")  # Each file is searched.
_MERGE_MARKS = re.compile(
    r"^[ \t>*-]*?(?P<mark><{7}|>{7}|={7}|\|{7}|[%+]{7}|@@ -[0-9,]+ \+[0-9,]+ @@)[<>=|]*(?: .*)?\r?$"
    r"|(?P<edit>\{(?:\+\+[^{}]*\+\+|--[^{}]*--|~~[^{}]*~~|>>[^{}]*<<)\})",
    re.MULTILINE,
)

# So many lines with such characters are told one by one; a file can hold a million.
TOLD = 20


def read_text(
    path: Path, name: str, findings: Findings, *, by_host: bool = False, most: int = MAXIMUM_BYTES
) -> str | None:
    """Return the text of *path*, or None after recording why it cannot be used.

    *name* is how messages call the file, which has *most* bytes at the most. What is read *by_host* as well must be
    UTF-8.
    """
    read = read_encoded(path, name, findings, by_host=by_host, most=most)
    return None if read is None else read[0]


def read_encoded(
    path: Path, name: str, findings: Findings, *, by_host: bool = False, most: int = MAXIMUM_BYTES
) -> tuple[str, Encoding] | None:
    """Return the text of *path* as `read_text` does, and how it stands there."""
    try:
        if size_of(path) > most:
            findings.add(Place(name), f"文件超过 {most} 字节，不是数据文件；请检查是否放错了文件")
            return None
        data = path.read_bytes()
    except FileNotFoundError:
        findings.add(Place(name), "缺少此文件；请补上")
        return None
    except OSError as error:
        findings.add(Place(name), f"文件无法读取（{reason(error)}）；请检查文件和权限")
        return None
    try:
        text, encoding = decoded(data)
    except EncodingError as error:
        findings.add(Place(name, error.line, error.column), undecodable(error))
        return None
    told = len(findings)
    if by_host and not encoding.codec.startswith("utf-8"):
        findings.add(Place(name), "不是 UTF-8 编码，生成网站的程序读不了；请把这个文件另存为 UTF-8")
    if not encoding.line_end:
        findings.add(Place(name), "换行符有好几种；请在编辑器里统一成一种（LF 或 CRLF）后保存")
    record_merge_marks(text, name, findings)
    return (text, encoding) if _visible(text, name, findings) and len(findings) == told else None


def undecodable(error: EncodingError) -> str:
    """Return what to say of a byte that is no part of a text."""
    byte = f"不是 UTF-8 或 GB18030 编码，此处的字节是 0x{error.value:02X}"
    return f"{byte}；这里的字损坏了就重新写上，否则请把文件另存为 UTF-8"


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
    pasted = _PASTED.search(text)
    if pasted is not None and pasted.start(1) == blank.start():
        return Misread(*pasted.span(1), _TAB_OF_A_TABLE)
    return Misread(*blank.span(), UNSEEN[blank.group()])


def record_merge_marks(text: str, name: str, findings: Findings) -> None:
    """Record what programs leave of two versions of a file that nobody has joined, and of edits nobody has accepted."""
    if not any(mark in text for mark in _ANY_MERGE) or _MERGE.search(text) is None:
        return
    for found in _MERGE_MARKS.finditer(text):
        mark, edit = found["mark"], found["edit"]
        number, _ = position(text, found.start("mark" if mark else "edit"))
        what = f"合并两个版本时留下的冲突标记“{mark}”" if mark else f"没有定下来的修订“{edit[:9]}”"
        said = f"{what}；请选定要公布的文字，再删去这些标记"
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
