"""What is printed in a cell, as a data file writes it, or the reason why it is not certain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from nianbao.importing.labels import plain
from nianbao.importing.original import OBJECT
from nianbao.reading import numbers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nianbao.model.form import Heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A printed figure: its *value* where it is certain, else the *doubt* in Chinese and perhaps a *proposal*."""

    value: str = ""
    doubt: str = ""
    proposal: str = ""

    @property
    def likely(self) -> str:
        """The value, or the one proposed."""
        return self.value or self.proposal


# Signs that people print where nothing happened.
_NOTHING = re.compile(r"[-–—―−_/\\～~*·.。]+|无|空|没有|n/?a", re.IGNORECASE)
_NUMBER = r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_WHOLE = re.compile(rf"(?P<sign>增加?|减少?|[+-])?(?P<number>{_NUMBER})(?P<unit>[万亿]?[^\W\d_]{{1,2}})?")
_REMARK = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<rest>[(\[【〔*注其].*)", re.DOTALL)
_SPLIT = re.compile(rf"(?:{_NUMBER})(?:\s+[0-9.,]+)+")
_FIGURE = re.compile(rf"(?:增加?|减少?|[+-])?\s*{_NUMBER}(?![0-9]*\s*[.．、]\s*[\u4e00-\u9fff])")
# The units of a kind that say nothing beyond what its heading says.
_PIECES = frozenset({"件", "项", "条", "份", "个", "宗", "起", "次"})

EMPTY = "原件此格是空的"


def printed(raw: str) -> str:
    """Return *raw* as it stands in one line of a message."""
    return " ".join(raw.replace(OBJECT, "［图片］").split())


def printed_row(raws: Iterable[str]) -> str:
    """Return what stands in the cells of a row in one line; （空） for a cell in which nothing does."""
    return " ".join(printed(raw) or "（空）" for raw in raws)


def is_blank(raw: str) -> bool:
    """Say whether nothing at all stands in the cell."""
    return not plain(raw).strip("\u200b\u200c\u200d\u2060\ufeff\u00ad \t\r\n")


def is_figure(raw: str) -> bool:
    """Say whether *raw* stands for a figure: digits first, a sign for nothing, a word for a gap, or nothing at all."""
    text = _cleaned(raw)
    if not text or OBJECT in text or text in numbers.GAPS or _NOTHING.fullmatch(text):
        return True
    if re.match(r"(?:19|20)[0-9]{2}\s*年", text):
        return False
    found = _FIGURE.match(text)
    return found is not None and len(re.findall(r"[\u4e00-\u9fff]", text)) <= 12  # noqa: PLR2004  # a remark, no prose


def value_of(raw: str, column: Heading) -> Value:  # noqa: PLR0911  # one return for each way of writing
    """Return what *raw* means in *column*; a blank is the word for a blank."""
    text = _cleaned(raw)
    if not text:
        return Value(value=numbers.BLANK)
    nothing = numbers.NOTHING[column.kind]
    if OBJECT in text:
        return Value(doubt="这一格里有图片、符号或者嵌入的对象，读不出来")
    if text in {numbers.UNKNOWN, numbers.BLANK}:
        return Value(value=text)
    if _NOTHING.fullmatch(text):
        return Value(doubt=f"印的是“{printed(raw)}”，不是数", proposal=nothing)
    if _SPLIT.fullmatch(text):
        joined = re.sub(r"\s+", "", text)
        found = _of_kind(joined, column)
        return Value(doubt=f"数字“{printed(raw)}”中间断开了", proposal=found.likely)
    found = _of_kind(re.sub(r"\s+", "", text), column)
    if found.likely or found.doubt:
        return found
    remark = _REMARK.match(text)
    if remark is not None:
        within = _of_kind(remark["number"], column)
        return Value(doubt=f"数字后面还有说明：“{printed(raw)}”", proposal=within.likely)
    return Value(doubt=f"“{printed(raw)}”不是这一格要的数")


def _cleaned(raw: str) -> str:
    text = plain(raw).replace("−", "-").replace("﹣", "-").replace("–", "-").strip()
    return re.sub("[\u200b-\u200d\u2060\ufeff\u00ad]", "", text).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Number:
    """A printed number in parts: its *sign*, its *digits* without separators, the *unit* behind it."""

    sign: str
    digits: str
    unit: str

    @property
    def text(self) -> str:
        """The parts together."""
        return f"{self.sign}{self.digits}{self.unit}"


def _of_kind(text: str, column: Heading) -> Value:
    """Return what *text*, without blanks, means in *column*; neither value nor doubt where it is no number."""
    found = _WHOLE.fullmatch(text)
    if found is None:
        return Value()
    sign, digits = found["sign"] or "", found["number"].replace(",", "")
    if digits[0] in "+-":
        if sign:
            return Value()
        sign, digits = digits[0], digits[1:]
    number = _Number(sign=sign, digits=digits, unit=found["unit"] or "")
    plainly = re.sub(r"^0+(?=[0-9])", "", digits)
    if plainly != digits:
        likely = _of_kind(f"{sign}{plainly}{number.unit}", column).likely
        return Value(doubt=f"数字“{text}”前面有多余的 0", proposal=likely)
    return _KINDS[column.kind](number, column)


def _exact(text: str, kind: str) -> Value:
    if numbers.parse(text, kind) is None:
        return Value(doubt=f"“{text}”不是{numbers.EXPECTED[kind].strip()}")
    return Value(value=text)


def _count(number: _Number, column: Heading) -> Value:
    if number.sign:
        return Value(doubt=f"“{number.text}”带着正负号，这里应是件数")
    if number.unit and number.unit != column.unit and number.unit not in _PIECES:
        return Value(doubt=f"“{number.text}”的单位不是{column.unit or '件'}")
    whole = re.fullmatch(r"([0-9]+)\.0+", number.digits)
    if whole is not None:
        return Value(doubt=f"件数印成了小数“{number.digits}”", proposal=whole[1])
    return _exact(number.digits, "count")


def _money(number: _Number, column: Heading) -> Value:
    if number.sign:
        return Value(doubt=f"“{number.text}”带着正负号")
    if number.unit and number.unit != column.unit:
        proposal = _converted(number.digits, number.unit, column.unit)
        return Value(doubt=f"“{number.text}”的单位不是{column.unit}", proposal=proposal)
    return _exact(number.digits, "money")


def _change(number: _Number, column: Heading) -> Value:
    if number.unit and number.unit != column.unit and number.unit not in _PIECES:
        return Value(doubt=f"“{number.text}”的单位不是{column.unit}")
    if "." in number.digits:
        return Value(doubt=f"“{number.text}”有小数")
    if number.digits == "0":
        return Value(value="0")
    if not number.sign:
        return Value(doubt=f"“{number.text}”没有正负号，不知道是增还是减", proposal=f"+{number.digits}")
    return _exact(("-" if number.sign[0] in "-减" else "+") + number.digits, "change")


def _amount(number: _Number, _column: Heading) -> Value:
    if number.sign:
        return Value(doubt=f"“{number.text}”带着正负号")
    if number.unit in {"元", "万元"}:
        return _exact(number.digits + number.unit, "amount")
    if number.digits == "0" and not number.unit:
        return Value(value=numbers.NOTHING["amount"])
    proposal = "" if number.unit else f"{number.digits}元"
    return Value(doubt=f"“{number.text}”没有写明是元还是万元", proposal=proposal)


_KINDS = {"count": _count, "money": _money, "change": _change, "amount": _amount}


def _converted(digits: str, unit: str, wanted: str) -> str:
    """Return an amount in 元 as one in 万元, empty for any other units."""
    if (unit, wanted) != ("元", "万元"):
        return ""
    amount = Decimal(digits) / 10_000
    text = f"{amount:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if numbers.parse(text, "money") is not None else ""
