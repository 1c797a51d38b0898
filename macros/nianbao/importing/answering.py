"""What a person answers to a question as values of its cells; what cannot be taken is told with its advice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.exports.template_words import NO, YES
from nianbao.importing.merging import KEEP, PAGE, TAKE
from nianbao.importing.originals import FULL_TEXT
from nianbao.model.report import ITEMS
from nianbao.reading import numbers
from nianbao.reading.findings import shown
from nianbao.reading.numbers import BLANK, UNKNOWN

if TYPE_CHECKING:
    from nianbao.importing.answers import Question
    from nianbao.model.form import Form

AS_PROPOSED, ALL = "照提议", "全部"
_PARTS = re.compile(r"[,，、;；\s]+")


class AnswerError(Exception):
    """An answer cannot be taken; the text says what was expected and what to do, in Chinese."""


def values(question: Question, answer: str, form: Form) -> tuple[str, ...]:
    """Return the values that *answer* gives the cells of *question*. Raises AnswerError where it gives none."""
    count = len(question.addresses)
    if answer == AS_PROPOSED:
        if not question.proposal:
            message = f"这一问没有提议；请写{_expected(count)}"
            raise AnswerError(message)
        return question.proposal
    words = choices(question.addresses[0])
    if words:
        if answer not in words:
            message = f"应为 {'、'.join(words)} 之一，实际为{shown(answer)}"
            raise AnswerError(message)
        return (answer,)
    parts = [part for part in _PARTS.split(answer) if part]
    if answer in {UNKNOWN, BLANK}:
        parts *= count
    elif parts[:1] == [ALL] or (answer.startswith(ALL) and len(parts) == 1):
        parts = [answer.removeprefix(ALL).strip()] * count
    if len(parts) != count:
        message = f"应有 {count} 个数，实际有 {len(parts)} 个；请写{_expected(count)}"
        raise AnswerError(message)
    for address, part in zip(question.addresses, parts, strict=True):
        _check(address, part, form)
    return tuple(parts)


def choices(address: str) -> tuple[str, ...]:
    """Return the answers to a question that is not about figures, none where it is."""
    if address == FULL_TEXT:
        return YES, NO, UNKNOWN
    return (KEEP, TAKE) if address.startswith(PAGE) or address == ITEMS else ()


def _expected(count: int) -> str:
    several = f"，用逗号隔开，或“{ALL} 0”这样的一个数" if count > 1 else ""
    return f" {count} 个数{several}；无法辨认的写“{UNKNOWN}”，原件空着的写“{BLANK}”"


def _check(address: str, text: str, form: Form) -> None:
    if text in {UNKNOWN, BLANK}:
        return
    found = form.find(address)
    if found is None:
        raise LookupError(address)
    table, _, column = found
    number = numbers.parse(text, column.kind)
    if number is None:
        hint = numbers.advice(text, column.kind, plain=True)
        message = f"“{form.words(address)}”应为{numbers.EXPECTED[column.kind]}，实际为{shown(text)}；{hint}"
        raise AnswerError(message)
    if not -table.maximum <= number <= table.maximum:
        message = f"“{form.words(address)}”为 {text}，超过上限 {table.maximum}；请核对是否多写了数字"
        raise AnswerError(message)
