"""Reasons that an officer gives and the public may read, each one line."""

from __future__ import annotations

from nianbao.model.project import WrongUseError
from nianbao.reading.source import unseen
from nianbao.reading.values import macro_mark


def one_line_reason(reason: str, of: str) -> str:
    """Return the *reason* *of* something without blanks around it.

    Raises WrongUseError where it cannot be printed as one line.
    """
    text = reason.strip()
    problem = ""
    if not text:
        problem = f"是空的；请写明为什么{of}，这句话会公开"
    elif len(text.splitlines()) > 1:
        problem = "有多行；请写成一行"
    elif any("\ud800" <= character <= "\udfff" for character in text):
        problem = "不是 UTF-8 编码；请检查终端的设置"
    elif (hidden := unseen(text)) is not None:
        problem = f"不能使用{hidden}"
    elif (mark := macro_mark(text)) is not None:
        problem = mark
    if problem:
        message = f"{of}原因{problem}"
        raise WrongUseError(message)
    return text
