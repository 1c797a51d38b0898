"""What is said of a file whose reading came to no end, and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nianbao.running.crew import Failure

_AGAIN = "请用原来的程序打开，另存为新文件（文字用 .docx，表格用 .xlsx）再导入"
_TOLD = {
    "slow": "超过 {} 秒还没有读完；" + _AGAIN,
    "memory": f"读这个文件要用的内存太多；{_AGAIN}",
    "ended": f"读这个文件时读取程序意外结束，文件可能坏了，或者要用的内存太多；{_AGAIN}",
    "disk": "{}",
    "error": "读这个文件时程序出错（{}）；请单独导入，并把这个文件和终端里的出错信息发给维护人员",
}


def told(why: Failure) -> str:
    """Return in Chinese why a file could not be read."""
    return _TOLD[why.kind].format(why.detail)
