"""What a number format of Excel adds to the digits of a number: ECMA-376 Part 1, 18.8.31."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# Formats that every program knows by number; percents are the ones that show other digits than are stored.
_PERCENTS = {9: "0%", 10: "0.00%"}
_PIECE = re.compile(r'"([^"]*)"|[\\!](.)|_.|\*.|\[[^\]]*\]|(.)', re.DOTALL)
_PLACEHOLDERS = frozenset("0#?.,Ee")


def telling_formats(styles: Element) -> dict[int, str]:
    """Return the formats of *styles*, the root of styles.xml, that show more than digits, by the index of a cell."""
    own = {each.get("numFmtId"): each.get("formatCode", "") for each in styles.iter("{*}numFmt")}
    found = {}
    cells = styles.find("{*}cellXfs")
    for at, each in enumerate(cells if cells is not None else ()):
        number = each.get("numFmtId", "0")
        code = own.get(number) or _PERCENTS.get(int(number) if number.isdecimal() else 0, "")
        if code and code != "General" and re.search(r'["+%!\\]|[^\x00-\x7f]|,(?![0#?])', code):
            found[at] = code
    return found


def shown(digits: str, code: str) -> str:
    """Return the number written in *digits* with the sign and the words that the format *code* shows around it.

    Where the format shows other digits, for it scales or divides them, that is said behind, so that it is no number.
    """
    number = float(digits)
    sections = _sections(code)
    section = sections[1] if number < 0 and len(sections) > 1 else sections[0]
    if number == 0:
        # However nothing is shown, as a dash perhaps, it is nothing.
        return digits
    before, inner, after = _parts(section)
    if inner or "%" in after or section.rstrip().endswith(","):
        return f"{digits}（{before}{after}格式显示的数不同）"
    sign = "+" if "+" in before and number > 0 else ""
    return f"{sign}{digits}{after.strip()}"


def _sections(code: str) -> list[str]:
    """Return the parts of *code* for positive and negative numbers, zero and text; semicolons in quotes divide none."""
    return re.findall(r'(?:"[^"]*"|[\\!].|[^;"])+', code) or [""]


def _parts(section: str) -> tuple[str, bool, str]:
    """Return the words before the digits, whether any stand among them, and those behind."""
    pieces = [
        ("digit", found[3])
        if found[3] is not None and found[3] in _PLACEHOLDERS
        else ("word", found[1] or found[2] or found[3] or "")
        for found in _PIECE.finditer(section)
    ]
    digits = [at for at, (kind, _) in enumerate(pieces) if kind == "digit"]
    if not digits:
        return "", False, "".join(text for _, text in pieces)
    first, last = digits[0], digits[-1]
    inner = any(kind == "word" and text for kind, text in pieces[first:last])
    return (
        "".join(text for _, text in pieces[:first]),
        inner,
        "".join(text for _, text in pieces[last + 1 :]),
    )
