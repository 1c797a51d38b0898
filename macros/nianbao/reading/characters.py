"""Characters that people and programs read differently: unseen, damaged, or looking like others.

What rules read must be what readers see, so that such characters are refused where they stand, in data and in
pages. The names of classes are those of the Unicode Character Database.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain, product
from typing import TYPE_CHECKING, NamedTuple

from nianbao.reading.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator


class Misread(NamedTuple):
    """What is wrong with the characters from *start* up to *end*: words that follow “不能使用” in a message."""

    start: int
    end: int
    message: str


# All others are asked about. Blanks, which data files refuse on their own, are seen as such.
_UNCOMMON = lazy_pattern(
    "[^\t\n\r -~\u00a0\u00b7\u00d7\u2010-\u2027\u2030\u3000-\u3020\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff60\uffe0-\uffe6]"
)
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # A line can read otherwise than it says.
# Default_Ignorable_Code_Point, and letters and patterns that have no strokes.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufdd0-\ufdef\ufff0-\ufffb\ufffe\uffff\u2028\u2029\x00-\x1f\x7f-\x9f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
_IS_HAN = lazy_pattern(f"[{_HAN}]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc-\u30fe]")

# Radicals, and CJK compatibility ideographs, of which a dozen are characters of their own.
_COMPATIBLE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
# Radicals without a mapping of their own, as copies from PDF have them (CJK Radicals Supplement).
RADICALS = dict(
    zip(
        "⺎⺒⺓⺟⺠⺩⺬⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻢⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "兀巳幺母民王示西见角贝车長长门青韦页风飞马鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)
_ARABIC_MARKS = {"٪": "%", "٫": ".", "٬": ","}
_LIKE_HAN = dict(zip("ーニハエロカタト", "一二八工口力夕卜", strict=True))

# What stands behind a number that counts something.
_COUNTED = "[件条份项人次个名家户起宗例部封页场期篇种类批轮处天日年月元万亿%％]"
_NUMBER = "[0-9０-９]"
# Numbers in circles, brackets, Roman and raised ones are signs of lists, notes and classes; in a figure they are read
# as digits by people and by no program.
_SIGN = (
    "\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2089\u2150-\u218b\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u3220-\u3229"
    "\u3248-\u325f\u3280-\u3289\u32b1-\u32bf\U0001f100-\U0001f10c"
)
# Nothing is given back and no run is begun in its midst, so that long ones take no longer than others.
_SIGNS = lazy_pattern(
    rf"(?<![0-9０-９{_SIGN}])(?:{_NUMBER}++[{_SIGN}]++(?=\s*{_COUNTED})|{_NUMBER}*+[{_SIGN}]++{_NUMBER}++)"
    rf"|(?<![{_SIGN}])[{_SIGN}]{{2,}}+(?=\s*{_COUNTED})|(?<=(?!第)[{_HAN}])[{_SIGN}](?=\s*{_COUNTED})"
    r"|(?<![0-9])[0-9]{1,3}(?:['’`´_][0-9]{3})++(?=\s*件)|[廿卅卌][一二三四五六七八九]?(?=件)"
)
_CLASSES = re.compile("[\u2160-\u217f]{1,3}(?=[期类级])")  # Ⅱ类水体.
_ANY_SIGN = re.compile(f"[{_SIGN}'’`´_廿卅卌](?<![^0-9]['’`´_])")
# Letters among digits that count something, or in the place of a nought: 1O件, 申请O件.
_LIKE_DIGITS = "OoIlОоΟοＯｏＩｌ"
_LETTERS = re.compile(
    f"(?<![A-Za-z0-9/._ОоΟο-])(?=[0-9]*[{_LIKE_DIGITS}])(?=[{_LIKE_DIGITS}]*[0-9])[0-9{_LIKE_DIGITS}]++(?=[件条份])"
    "|(?<=[\u4e00-\u9fff])[OoОоΟοＯｏ](?=件)"
)
_ANY_LETTER = re.compile(f"[件条份](?<=[{_LIKE_DIGITS}0-9][件条份])")
# Letters of scripts that no report uses, which look like digits or Latin letters.
_FOREIGN = lazy_pattern(
    "[\u0180-\u01cc\u01dd-\u01f8\u01fa-\u02af\u0400-\u05ff\u0700-\u07ff\u10a0-\u10ff\u13a0-\u167f\u18b0-\u18ff\u1d00-\u1dbf"
    "\u2c60-\u2cff\ua640-\ua69f\ua720-\ua7ff]"
)

# What remains of text that was read in a wrong encoding.
_ACCENTED = "À-ÖØ-öø-ÿ"
_OF_LATIN = f"{_ACCENTED}¡¦¨ª¬¯´¶¸º¿ŒœŠšŸŽžƒ"  # Words of other languages have one of them at a time.
_DAMAGED = re.compile(
    "锟斤拷?|(?:烫{3,}|屯{3,}|葺{3,}|铪{3,})|锘縗?|[Ã-ï][\u0080-¿][\u0080-¿]|(?<!\\?)\\?{3,}+(?=[\u4e00-\u9fff])|[\uff66-\uff9f]{2,}+"
    f"|(?<![A-Za-z{_OF_LATIN}])[{_OF_LATIN}]{{2,}}+(?![A-Za-z])"
    f"|(?<![A-Za-z¡-ÿ])(?=[¡-¿×÷]*+[{_ACCENTED}])[¡-ÿ]{{4,}}+(?![A-Za-z])"
)
_ANY_DAMAGE = re.compile("[锟烫屯葺铪锘¡-ÿŒœŠšŸŽžƒ\uff66-\uff9f?]")
# The UTF-8 of Chinese characters and marks within bytes of GBK, of which two make a character.
_RUN = re.compile("[^\x00-\x7f]{3,}")
_UTF8 = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2}){2,}+")
# In each of these is a character of GBK that has the first two bytes of one in UTF-8.
_ANY_UTF8 = lazy_pattern(
    f"[{bytes(chain.from_iterable(product((*range(0xE3, 0xEA), 0xEF), range(0x80, 0xC0)))).decode('gb18030')}]"
)


def misread(text: str) -> Iterator[Misread]:
    """Yield what people and programs would read differently in *text*, in its order, each place once."""
    found = [*_single(text), *_together(text)]
    position = 0
    for one in sorted(found):
        if one.start >= position:
            yield one
            position = one.end


def restored(text: str) -> str:
    """Return *text* without characters that nobody sees, radicals as the characters that they stand for.

    Line breaks and tabs, which are blanks, stay.
    """
    kept = (
        character
        for character in text
        if character in "\n\t" or not (_UNSEEN.match(character) or _DIRECTIONS.match(character))
    )
    return "".join(_whole(character) for character in kept)


def _whole(character: str) -> str:
    if not _COMPATIBLE.match(character):
        return character
    return RADICALS.get(character, unicodedata.normalize("NFKC", character))


def _single(text: str) -> Iterator[Misread]:
    for match in _UNCOMMON.finditer(text):
        message = _message(text, match.start())
        if message is not None:
            yield Misread(match.start(), match.end(), message)


def _together(text: str) -> Iterator[Misread]:
    """Yield what only several characters together show; nearly every text has none of their characters."""
    for match in _SIGNS.finditer(text) if _ANY_SIGN.search(text) else ():
        if not _CLASSES.match(text, match.start()):
            said = f"“{match[0]}”这样的数字，核对时不会当作数；请写阿拉伯数字"
            yield Misread(match.start(), match.end(), said)
    for match in _LETTERS.finditer(text) if _ANY_LETTER.search(text) else ():
        yield Misread(match.start(), match.end(), f"夹着字母的数字“{match[0]}”；请写阿拉伯数字")
    for match in _DAMAGED.finditer(text) if _ANY_DAMAGE.search(text) else ():
        yield Misread(match.start(), match.end(), f"编码弄错后留下的乱码“{match[0][:8]}”；请照原文改正")
    for match in _RUN.finditer(text) if _ANY_UTF8.search(text) else ():
        yield from _of_gbk(match[0], match.start())


def _of_gbk(text: str, start: int) -> Iterator[Misread]:
    """Yield the parts of *text*, which begins at *start*, whose UTF-8 was read as GBK."""
    data = text.encode("gb18030", "replace")
    if len(data) != 2 * len(text):  # Some have four bytes there, and GBK has none of them.
        return
    for found in _UTF8.finditer(data):
        begin = found.start() + 3 * (found.start() % 2)  # A character of GBK begins at every second byte.
        original = data[begin : found.end()].decode("utf-8", "replace")
        first, last = begin // 2, -(-found.end() // 2)
        written = text[first:last]
        rare = len(original) > 1 and not all(map(_is_common, written))  # Of common ones it can be an accident.
        if rare and re.fullmatch("[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]+", original):
            said = f"编码弄错后留下的乱码“{written[:8]}”，原文像是“{original[:8]}”；请改正"
            yield Misread(start + first, start + last, said)


def _is_common(character: str) -> bool:
    """Say whether *character* is a Chinese one of GB 2312, which has those of daily use."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return _IS_HAN.match(character) is not None


# Signs as files and mails write them, which readers would see so. Those of HTML's own signs may be meant.
_ESCAPED = re.compile(
    r"&(?:#[0-9]{2,6}|#x[0-9a-f]{2,5}|(?:nb|en|em|thin)sp|[lr][ds]quo|middot|[mn]dash|hellip|bull|times);"
    r"|(?:\\u[0-9a-f]{4})+|(?:=[0-9A-F]{2}){3,}|=\?[-a-z0-9]+\?[BQ]\?",
    re.IGNORECASE,
)


def escaped(text: str) -> Iterator[Misread]:
    """Yield what readers would see of *text*, references already read, as the code of a sign instead of the sign."""
    for match in _ESCAPED.finditer(text) if "&" in text or "\\u" in text or "=" in text else ():
        yield Misread(*match.span(), f"“{match[0][:20]}”，它是字符的编码，读者会照样看到；请改为原来的字，或删去")


def _message(text: str, at: int) -> str | None:
    """Return what is wrong with the uncommon character *at* a place of *text*, or None."""
    character = text[at]
    code = f"U+{ord(character):04X}"
    if _DIRECTIONS.match(character):
        return f"看不见的方向控制符 {code}，请删去"
    if _UNSEEN.match(character):
        return f"看不见的字符 {code}，请删去"
    for kind in (_of_category, _foreign, _like_another):
        message = kind(character, text[at - 1 : at], text[at + 1 : at + 2])
        if message is not None:
            return message
    return None


def _of_category(character: str, before: str, _after: str) -> str | None:
    """Return what is wrong with *character* for its category."""
    code = f"U+{ord(character):04X}"
    message = None
    match unicodedata.category(character):
        case "Co" if "\uf020" <= character <= "\uf0ff":
            message = f"Word 符号字体里的字符 {code}，读者看不到；项目符号请改为“- ”开头的列表，其他的请删去"
        case "Co":
            message = f"自造字 {code}，读者看不到；请改用通用的字"
        case "Zs":
            message = f"不寻常的空格 {code}，请改用普通空格"
        case "Nd":
            message = f"别种数字“{character}”（{code}）；请改为“{unicodedata.digit(character)}”"
        case "Mn" | "Me" | "Mc" if re.match(r"[0-9\uff10-\uff19]", before) or _IS_HAN.match(before):
            message = f"加在“{before}”上的符号 {code}，请删去"
        case "Cn" if character < "\U00020000" or character > "\U0003ffff":  # Chinese ones are added year by year.
            message = f"没有编码的字符 {code}，读者看不到；请改用通用的字"
        case "So" if character == "\ufffd":
            message = f"损坏的字符 {code}，原来的字在转换编码时丢失；请照原文改正"
    return message


def _foreign(character: str, before: str, after: str) -> str | None:
    """Return what is wrong with *character* where it is a letter that no report uses, beside a digit or in Chinese."""
    if _FOREIGN.match(character) is None:
        return None
    said = f"别种字母“{character}”（U+{ord(character):04X}）"
    if re.match("[0-9０-９]", before) or re.match("[0-9０-９]", after):
        return f"夹在数字旁的{said}；请写阿拉伯数字"
    # Of two bytes in UTF-8, as a character of GBK has; Cyrillic words may be meant.
    near = _IS_HAN.match(before) or _IS_HAN.match(after)
    damaged = near and character <= "\u07ff" and not "\u0400" <= character <= "\u052f"
    return f"夹在汉字旁的{said}，多是编码弄错留下的；请照原文改正" if damaged else None


def _like_another(character: str, before: str, after: str) -> str | None:
    """Return what is wrong with *character* where it looks like another one that was meant."""
    code = f"U+{ord(character):04X}"
    meant = unicodedata.normalize("NFKC", character)
    if _COMPATIBLE.match(character):
        meant = RADICALS.get(character, meant)
        if meant != character:
            return f"“{character}”（{code}），它不是“{meant}”字，多由 PDF 复制而来；请改为“{meant}”"
        return None if character >= "\uf900" else f"部首“{character}”（{code}），多由 PDF 复制而来；请改为原来的字"
    if "\u2ff0" <= character <= "\u2fff" or "\u31c0" <= character <= "\u31ef" or "\u3021" <= character <= "\u3029":
        return f"“{character}”（{code}），它不是汉字；请改为原来的字或数字"
    if character in _LIKE_HAN and not _KANA.match(before) and not _KANA.match(after):
        near = _IS_HAN.match(before) or _IS_HAN.match(after)
        return f"假名“{character}”（{code}）；应为汉字“{_LIKE_HAN[character]}”" if near else None
    styled = "\U0001d400" <= character <= "\U0001d7ff"
    dated = "\u32c0" <= character <= "\u32cb" or "\u3358" <= character <= "\u3370" or "\u33e0" <= character <= "\u33fe"
    meant = _ARABIC_MARKS.get(character, meant)
    small = ("\ufe50" <= character <= "\ufe6b" or character in _ARABIC_MARKS) and re.match("[0-9０-９]", before)
    return f"“{character}”（{code}）；请改为“{meant}”" if styled or dated or small else None
