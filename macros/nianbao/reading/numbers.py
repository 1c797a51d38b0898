"""Numbers as they are written. A figure is exact or it is refused, with the reason."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# What may stand in place of a figure: it waits to be filled in, the original cannot be read, or leaves the cell empty.
OPEN = "待填"
UNKNOWN = "不详"
BLANK = "空白"
GAPS = (OPEN, UNKNOWN, BLANK)

# How nothing is written, by the kind of figure.
NOTHING = {"count": "0", "money": "0", "change": "0", "amount": "0元"}


def first_gap(gaps: Iterable[str]) -> str:
    """Return the word for what is missing where any of *gaps* is, empty where nothing is: 待填 and 不详 before 空白."""
    found = set(gaps)
    return next((word for word in GAPS if word in found), "")


def width(text: str) -> int:
    """Return how many columns *text* takes where every character has the same width, Chinese ones two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


# Longer than any maximum; Python refuses to read integers of thousands of digits.
_LONGEST = 24

_COUNT = re.compile(r"0|[1-9][0-9]*")
_MONEY = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]{1,6})?")
_CHANGE = re.compile(r"0|[+-][1-9][0-9]*")
_ADJUSTMENT = re.compile(r"[+-](?:0|[1-9][0-9]*)(?:\.[0-9]{1,6})?")
_AMOUNT = re.compile(r"(?P<number>(?:0|[1-9][0-9]*)(?:\.[0-9]{1,6})?)(?P<unit>元|万元)")

EXPECTED = {
    "count": " 0 或正整数",
    "money": " 0 或正数，小数不超过 6 位",
    "change": "带正负号的整数，如 +3、-2，没有增减时为 0",
    "adjustment": "带正负号的数，如 +2、-0.5",
    "amount": "数字和单位“元”或“万元”，如 251000元",
}
_PATTERN = {"count": _COUNT, "money": _MONEY, "change": _CHANGE, "adjustment": _ADJUSTMENT, "amount": _AMOUNT}


Number = int | Decimal


def parse(text: str, kind: str) -> Number | None:
    """Return the number that *text* writes for *kind*, or None where it is not written exactly so.

    Amounts (采购总金额) are returned in 元, whichever unit they are written in.
    """
    return _parsed(text, kind) if len(text) <= _LONGEST else None


@lru_cache(maxsize=4096)  # The figures of most cells are the same few.
def _parsed(text: str, kind: str) -> Number | None:
    match = _PATTERN[kind].fullmatch(text)
    if match is None:
        return None
    if kind == "amount":
        amount = Decimal(match["number"]) * (10_000 if match["unit"] == "万元" else 1)
        return int(amount) if amount == int(amount) else amount
    return Decimal(text) if kind == "money" or "." in text else int(text)


def amount(text: str) -> tuple[str, str] | None:
    """Return the digits and the unit of an amount (采购总金额) that *text* writes, or None where it writes none."""
    match = _AMOUNT.fullmatch(text)
    return None if match is None else (match["number"], match["unit"])


_REMARK = re.compile(r"(?P<digits>[0-9][0-9.]*) *[(（](?P<words>[^()（）]+)[)）]")


def remarked(text: str) -> tuple[str, str] | None:
    """Return the figure and the words in brackets behind it that *text* writes, or None where it has none."""
    match = _REMARK.fullmatch(text)
    return None if match is None else (match["digits"], match["words"])


# When each word may stand in place of a figure, for those who have none.
GAP_WORDS = {UNKNOWN: f"原件无法辨认时填“{UNKNOWN}”", BLANK: f"原件空着时填“{BLANK}”"}
CELL_GAPS = tuple(GAP_WORDS)
_NOTHING = ""  # Said by `_nothing`, which knows what may be written.

_ADVICE = (
    (r"", _NOTHING),
    (r"~|null|Null|NULL|-|—+|–|/|\\|无|空|N/?A|n/?a", _NOTHING),
    (r"true|false|yes|no|on|off|y|n|是|否", "这里要的是数字，不是是否"),
    (r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}.*", "这里要的是数字，不是日期"),
    (r"[+-]?[0-9]+(:[0-9]+)+(\.[0-9]*)?", "写成了时间或比值；请写普通的数字"),
    (r"[+-]?0[xXoObB].*", "请写普通的十进制数字"),
    (r"0[0-9]+(\.[0-9]+)?", "请去掉前面的 0"),
    (r"[+-]?[0-9]+([,_' ][0-9]{3})+(\.[0-9]+)?", "请去掉千位分隔"),
    (r"[+-]?[0-9.]+[eE][+-]?[0-9]+", "请写普通的十进制数字"),
    (r"[+-]?\.?(inf|nan|Inf|NaN|NAN|INF)", "请写普通的数字"),
    (r"-.*", "数量不能是负数"),
    (r"\+[0-9].*", "请去掉正号"),
    (r"[0-9]+\.[0-9]*|\.[0-9]+", "这里没有小数"),
    (r"[0-9.]+ +[0-9. ]+", "数字之间缺少逗号"),
    (r"[0-9.,]+ *[^\x00-\x7f]+.*", "只写数字，不写单位"),
    (r"[^\x00-\x7f]*[0-9]+.*|[〇零一二三四五六七八九十百千万两]+", "请只写阿拉伯数字"),
)


# What to say of bare digits, and of anything else, where a figure needs more than digits.
_OWN_ADVICE = {
    "adjustment": ("多多少写 +，少多少写 -", "多多少写 +，少多少写 -，只写数字"),
    "change": ("增加写 +，减少写 -，没有增减写 0", "增加写 +，减少写 -，没有增减写 0，不能有小数"),
    "amount": (
        "请在数字后面写上单位元或万元，原件没有印单位的，在 remarks 里说明按哪个单位计",
        "请写数字和单位，没有发生时填 0元",
    ),
}


def _nothing(gaps: Iterable[str]) -> str:
    words = "，".join(GAP_WORDS[gap] for gap in gaps)
    return f"没有发生时填 0；{words}" if words else "请写阿拉伯数字"


def advice(text: str, kind: str, *, plain: bool, gaps: Iterable[str] = CELL_GAPS) -> str:
    """Return what to do about *text*, which is no number of *kind*; *plain* tells that it has no quotes.

    *gaps* are the words of `GAP_WORDS` that may stand in its place.
    """
    return _advice(text, kind, plain=plain) or _nothing(gaps)


def _advice(text: str, kind: str, *, plain: bool) -> str:  # noqa: PLR0911  # one return for each cause
    if not plain and parse(text, kind) is not None:
        return "请去掉引号"
    if re.fullmatch("[“”‘’\"'＂＇].*[“”‘’\"'＂＇]", text):
        return "请去掉引号"
    if re.search("[，、]", text):
        return "数字之间请改用半角逗号，一个数里的千位逗号请去掉"
    if text.isascii() and text.isdigit() and len(text) > _LONGEST:
        return "请核对是否多录了数字"
    half = unicodedata.normalize("NFKC", text)
    if half != text and parse(half, kind) is not None:
        return f"请改用半角数字 {half}"
    text = half
    if kind in _OWN_ADVICE:
        digits, otherwise = _OWN_ADVICE[kind]
        return digits if re.fullmatch(r"[0-9.]+", text) else otherwise
    for pattern, chinese in _ADVICE:
        if re.fullmatch(pattern, text):
            if kind == "money" and chinese == "这里没有小数":
                return "小数点前后都要有数字，小数位数也不能太多"
            return chinese
    return _NOTHING
