"""Numbers in Chinese prose: Arabic, full-width, grouped by commas, or in Chinese numerals; and parts of a whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from nianbao.reading.patterns import lazy_pattern

if TYPE_CHECKING:
    from nianbao.reading.numbers import Number

# Full-width digits and their marks, at the same length.
HALF_WIDTH = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
# Numerals of cheques, too.
_PLAIN = HALF_WIDTH | str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")

# The numbers of headings and points.
TO_TEN = "一二三四五六七八九十"

_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_STEPS = {"十": 10, "百": 100, "千": 1000}
_MYRIAD = 10_000
_SCALES = {"万": _MYRIAD, "亿": _MYRIAD**2}

# How far a number may be from one that is nearly or about it.
_NEARLY, _ABOUT = Decimal("0.8"), Decimal("0.05")

# Longer ones are telephone numbers, codes or slips, and are nobody's count.
_LONGEST = 12

# 千, 百, 十 and what is below fall in order, and 零 stands where one is skipped.
_ONE = "[一二两三四五六七八九]"
_BELOW_100 = f"(?:{_ONE}?十{_ONE}?)"
_AFTER_100 = f"(?:零{_ONE}|{_ONE}十{_ONE}?)"
_BELOW_1000 = f"(?:{_ONE}百{_AFTER_100}?)"
_AFTER_1000 = f"(?:零(?:{_ONE}十{_ONE}?|{_ONE})|{_BELOW_1000})"
_SECTION = lazy_pattern(f"{_ONE}千{_AFTER_1000}?|{_BELOW_1000}|{_BELOW_100}|{_ONE}")

# What follows a number, longest first; a number of anything else has no unit.
UNITS = (
    "个百分点",
    "百分点",
    "万元",
    "亿元",
    "人次",
    "件次",
    "万字",
    "个月",
    "个工作日",
    "工作日",
    "元",
    "%",
    "‰",
    "倍",
    *"件起宗例份条项部个人名次封页场期篇幅类种家户批轮处天日年月字岁号时分秒",
)
_UNIT = "|".join(UNITS)

_ARABIC = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_CHINESE = "(?<![〇零一二两三四五六七八九十百千万])[〇零一二两三四五六七八九十百千万]{1,15}"
# Chinese numerals stand in many words (一般、统一), so they count only before a unit.
_NUMBER = lazy_pattern(
    rf"(?<![0-9A-Za-z.,])(?P<arabic>{_ARABIC})(?P<scale>[万亿](?!元|字))?(?P<more>[余多几来])?(?P<unit>{_UNIT})?"
    rf"|(?P<chinese>{_CHINESE})(?P<vague>[余多几来])?(?P<measure>{_UNIT})"
)
# The characters before and behind a number of which those patterns speak; most numbers have others.
_RANGES, _ROUGH_ENDS, _ROUGH_STARTS = (
    frozenset("-—–~～至到"),
    frozenset("过出破逾超于少足到近约了多上数几"),
    frozenset("以左上余多不"),
)
# Parts of a whole, read as shares in per cent: 百分之九十八, 三分之二, 两成八, 一半; 翻一番 is 100 per cent more.
_PART = lazy_pattern(
    r"(?P<whole>[二三四五六七八九十百千]{1,2})分之(?P<part>[〇零一二两三四五六七八九十百]{1,6})"
    r"(?:点(?P<places>[〇零一二三四五六七八九]{1,4}))?"
    r"|(?P<tenths>[一二两三四五六七八九])成"
    r"(?:(?P<hundredths>[一二三四五六七八九])(?=$|[，。；、：（）的以左由来与和及]|申请|案件))?"
    r"(?P<five>半)?(?P<more>[余多])?(?![立为员果功本套分型效绩长品语])"
    r"|(?<!超)(?P<over>过)半数?(?!年)|(?:一半|半数)"
    r"|(?<=翻)了?(?P<times>[一两三])?番"
    r"|(?:(?<=率)|(?<=率[为是]))(?P<none>零)"
)
_MAY_BE_PART = re.compile("分之|[成半番零]")
_DIGIT = re.compile("[0-9〇零一二两三四五六七八九十百千万半番]")
_HUNDRED = 100
# How far a number of tenths, or a half, may be from the share that it tells, in per cent.
_TENTHS = 5

# Words after which Chinese numerals count nothing: 第三条、每一件、同一件、这一个.
_ORDINAL = "第每同某任统唯逐之这那该另初头单专"
# Words that make a number rough, and how: more than it, less, nearly or about it, or in no way that can be judged.
_ROUGH_BEFORE = lazy_pattern(
    r"(?:(?P<over>超过|超出|突破|逾|超|不少于|至少)|(?P<under>不足|不到)|(?P<near>将近|接近|近)|(?P<about>大约|约)"
    r"|(?P<vague>不超过|最多|(?<!网)上|(?<![总件次个人])数|几))(?:了)?$"
)
_ROUGH_AFTER = lazy_pattern(
    r"(?P<over>以上)|(?P<about>左右|上下)|(?P<more>[余多](?![0-9出于了]))|(?P<vague>以下|以内|不等)"
)
_RANGE_BEFORE = re.compile(r"[0-9〇零一二两三四五六七八九十百千](?:件|条|份|起)?[-—–~～至到]$")
_RANGE_AFTER = re.compile(r"[-—–~～至到][0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeral:
    """A number from *start* up to *end*, with its *unit*, in a text whose characters count one each.

    *digits* tells that it is written in Arabic digits. Words make it *rough*: the number meant is
    ``over`` or ``under`` it, ``near`` below it, ``about`` it, or ``more`` than it by less than its last
    round step (80余), a share within a few per cent of so many ``tenths``; ``vague`` where it cannot be
    said how. It is empty where the number is exact.
    """

    start: int
    end: int
    value: Number
    unit: str
    digits: bool
    rough: str
    decimals: int

    @property
    def exact(self) -> bool:
        """Whether no word makes the number rough."""
        return not self.rough

    @property
    def _nearly(self) -> Decimal:
        """The least that is nearly the number: 近九成 is 80% at least, the tenth before it."""
        least = Decimal(self.value) * _NEARLY
        return max(least, Decimal(self.value) - 2 * _TENTHS) if self.unit == "%" and not self.digits else least

    def may_be(self, figure: Number) -> bool:
        """Say whether *figure* may be the number that is written."""
        value = self.value
        allowed = {
            "": figure == value,
            "over": figure >= value,
            "under": figure < value,
            "near": self._nearly <= figure <= value,
            "about": abs(Decimal(figure) - value) <= max(Decimal(_step(value)), Decimal(value) * _ABOUT),
            "tenths": abs(Decimal(figure) - value) <= _TENTHS,
            "more": value <= figure < value + _step(value),
        }
        return allowed.get(self.rough, False)


def chinese(text: str) -> int | None:
    """Return the number that Chinese numerals write, or None where they write none."""
    if len(text) > 1 and all(character in _DIGITS and character != "两" for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    if text in {"零", "〇"}:
        return 0
    high, mark, low = text.partition("万")
    if not mark:
        return _section(text)
    above, below = _section(high), _section(low.removeprefix("零")) if low else 0
    if above is None or below is None:
        return None
    skips = bool(low) and below * 10 < _MYRIAD
    return above * _MYRIAD + below if skips == low.startswith("零") else None


def arabic_or_chinese(text: str) -> int:
    """Return the number that *text* is in Arabic or Chinese numerals, 0 where it is none."""
    return int(text) if text.isdigit() else chinese(text) or 0


def _section(text: str) -> int | None:
    """Return a number below ten thousand, which is above 0; what is skipped is marked by 零."""
    if not _SECTION.fullmatch(text) or not text:
        return None
    total, digit = 0, 1
    for character in text:
        if character in _STEPS:
            total, digit = total + digit * _STEPS[character], 0
        else:
            digit = _DIGITS[character]
    return total + (digit if text[-1] not in _STEPS else 0)


def numerals(text: str) -> tuple[Numeral, ...]:
    """Return the numbers of *text* in order. Full-width digits count as digits; a comma among them leaves no number."""
    plain = text.translate(_PLAIN)
    if not _DIGIT.search(plain):
        return ()
    matches = _PART.finditer(plain) if _MAY_BE_PART.search(plain) else ()
    parts = [part for match in matches if (part := _part(plain, match)) is not None]
    found = [numeral for match in _NUMBER.finditer(plain) if (numeral := _numeral(plain, match)) is not None]
    if not parts:
        return tuple(found)
    spans = [(part.start, part.end) for part in parts]
    apart = (each for each in found if not any(each.start < end and start < each.end for start, end in spans))
    return tuple(sorted((*apart, *parts), key=lambda numeral: numeral.start))


def _part(plain: str, match: re.Match[str]) -> Numeral | None:
    """Return a part of a whole as a share in per cent, None where its numerals write no number."""
    rough, decimals, value = "tenths", 0, Decimal(_HUNDRED) / 2
    if match["part"]:
        whole, part, places = _whole(match["whole"]), _whole(match["part"]), match["places"] or ""
        if not whole or part is None:
            return None
        digits = "".join(str(_DIGITS[place]) for place in places)
        value = Decimal(f"{part}.{digits}" if digits else part) * _HUNDRED / whole
        rough, decimals = ("", len(places)) if match["whole"] == "百" else ("about", 0)
    elif match["tenths"]:
        value = Decimal(10 * _DIGITS[match["tenths"]] + (_TENTHS if match["five"] else 0))
        rough = "more" if match["more"] else "tenths"
        if match["hundredths"]:  # 两成八 is 28%.
            value, rough = value + _DIGITS[match["hundredths"]], ""
    elif match["none"]:
        rough, value = "", Decimal(0)
    elif "番" in match[0]:
        value = Decimal(_HUNDRED * (2 ** _DIGITS[match["times"] or "一"] - 1))
    elif match["over"]:
        rough = "over"
    return Numeral(
        start=match.start(),
        end=match.end(),
        value=int(value) if value == int(value) else value,
        unit="%",
        digits=False,
        rough=_rough(plain, match, rough),
        decimals=decimals,
    )


def _whole(written: str) -> int | None:
    return {"百": _HUNDRED, "千": 10 * _HUNDRED}.get(written) or chinese(written)


def _numeral(plain: str, match: re.Match[str]) -> Numeral | None:
    """Return the number of a match, None where it is none."""
    written = match["arabic"] or match["chinese"]
    before = plain[max(0, match.start() - 4) : match.start()]
    rough = "more" if match["more"] or match["vague"] else ""
    value: Number | None
    if match["arabic"]:
        value = _arabic(written, match["scale"])
        grouped = re.search("[0-9]，$", before) or re.match("，[0-9]{3}", plain[match.end() :])
        rough = rough or ("vague" if grouped else "about" if match["scale"] else "")
    else:
        value = chinese(written)
        if before[-1:] in _ORDINAL and before:
            return None
        # 一起 is “together” unless cases follow.
        together = match[0] == "一起" and not re.match("案|行政|复议|诉讼|申请", plain[match.end() :])
        rough = rough or ("vague" if together else "")
    if value is None:
        return None
    return Numeral(
        start=match.start(),
        end=match.end(),
        value=value,
        unit=match["unit"] or match["measure"] or "",
        digits=bool(match["arabic"]),
        rough=_rough(plain, match, rough),
        decimals=len(written.partition(".")[2]) if match["arabic"] else 0,
    )


def _rough(plain: str, match: re.Match[str], rough: str) -> str:
    """Return how the words around a number make it rough, *rough* where they do not."""
    start, end = match.span()
    last, following = plain[start - 1 : start], plain[end : end + 1]
    before = plain[max(0, start - 4) : start]
    if (last in _RANGES and _RANGE_BEFORE.search(before)) or (following in _RANGES and _RANGE_AFTER.match(plain, end)):
        return "vague"
    found = _ROUGH_BEFORE.search(before) if last in _ROUGH_ENDS else None
    found = found or (_ROUGH_AFTER.match(plain, end) if following in _ROUGH_STARTS else None)
    return rough if found is None else str(found.lastgroup)


def _step(value: Number) -> int:
    """Return the last round step of a number: 10 of 80, 100 of 1200."""
    step = 1
    while value and value % (step * 10) == 0:
        step *= 10
    return step


def _arabic(written: str, scale: str | None) -> Number | None:
    digits = written.replace(",", "")
    if len(digits) > _LONGEST:
        return None
    if scale:
        scaled = Decimal(digits) * _SCALES[scale]
        return int(scaled) if scaled == int(scaled) else scaled
    return Decimal(digits) if "." in digits else int(digits)
