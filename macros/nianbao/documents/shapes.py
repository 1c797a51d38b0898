"""Characters for which no font of this machine has a shape, as the typesetter of PDF files says."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING

from nianbao.documents.fonts import FontError
from nianbao.reading.encoding import is_common

if TYPE_CHECKING:
    from collections.abc import Iterable

    import typst

    from nianbao.documents.fonts import FontSet

_UNDISPLAYED = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)

# Each character in a paragraph of its own, so that none is set together with another.
_PROBE = b"""\
#set document(title: "probe")
#set text(font: json(bytes(sys.inputs.fonts)))
#for character in json(bytes(sys.inputs.characters)) [#par(character)]
"""

# The standard's dash and dot, for which Python's codec has other characters.
_MAPPED_OTHERWISE = "—·"

# A portal has none of them or a few; whoever copies hundreds in is told of these first.
_TOLD = 20


def uncommon(text: str) -> frozenset[str]:
    """Return the characters of *text* that a Chinese font may lack: those that GB 2312 does not hold."""
    return frozenset(character for character in set(text) if not (character.isascii() or _common(character)))


def _common(character: str) -> bool:
    return character in _MAPPED_OTHERWISE or is_common(character)


def without_shape(characters: Iterable[str], fonts: FontSet) -> tuple[str, ...]:
    """Return those of *characters* that none of *fonts* can show, the first twenty at most."""
    import typst  # Here alone: most portals have no character to ask about.

    waiting = sorted(characters)
    found: list[str] = []
    while waiting and len(found) < _TOLD:
        inputs = {"fonts": json.dumps(fonts.families["body"]), "characters": json.dumps(waiting)}
        try:
            typst.compile(_PROBE, font_paths=fonts.source, format="pdf", pdf_standards="ua-1", sys_inputs=inputs)
        except typst.TypstError as error:
            lacking = set(undisplayed(error)) & set(waiting)
            if not lacking:
                raise
            found += sorted(lacking)
            waiting = [character for character in waiting if character not in lacking]
        else:
            break
    return tuple(found)


def undisplayed(error: typst.TypstError) -> str:
    """Return the text that the typesetter could not show, with its unseen characters read from their codes."""
    told = _UNDISPLAYED.search(error.message)
    return "" if told is None else re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), told[1])


def missing(characters: str, year: int) -> FontError:
    """Return what to say of *characters* that keep the PDF of *year* from being made."""
    codes = "、".join(f"U+{ord(character):04X}" for character in dict.fromkeys(characters))
    message = (
        f"“{characters}”（{codes}）在本机的字体里没有字形，{year} 年的 PDF 不能生成，其他格式不受影响；"
        f"请{_advice(characters[0])}"
    )
    return FontError(message)


def _advice(character: str) -> str:
    if unicodedata.name(character, "").startswith("CJK "):
        return "安装收字更多的字体（如 Debian 的 fonts-hanazono），或改用通行的字"
    if unicodedata.category(character) == "So" and character >= "\u2600":
        return "改用文字，或安装有表情符号的字体（如 Debian 的 fonts-noto-color-emoji）"
    return "安装含有这个字的字体（如 Debian 的 fonts-noto-core），或改用通行的写法"
