"""What last year's report found wanting and promised to do: the next one must answer to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nianbao.prose.passages import PageText, YearText

SECTION = "improvement"

_LOOKING_BACK = re.compile("上一?年|去年|往年|前一年|改进情况|整改情况")
_PROBLEM = re.compile("问题|不足|困难")
_MEASURE = re.compile("改进措施|下一?步|措施|打算|安排|计划")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """The *problems* that a report named and the *measures* that it announced, as it put them."""

    problems: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()


def promises(pages: YearText | None) -> Promises:
    """Return what the section on problems says under its headings of problems and of measures.

    Without such headings its whole text counts as problems: whoever writes the next report sorts it out.
    """
    page = pages.named(SECTION) if pages is not None else None
    if page is None:
        return Promises()
    found: dict[str, list[str]] = {"problems": [], "measures": []}
    kind = ""
    for passage in page.reported:
        if passage.level == 1:
            continue
        if passage.level:
            kind = _kind(passage.text)
        elif kind:
            found[kind].append(passage.text)
    if not any(found.values()):
        return Promises(problems=_all(page))
    return Promises(problems=tuple(found["problems"]), measures=tuple(found["measures"]))


def _kind(heading: str) -> str:
    if _LOOKING_BACK.search(heading):
        return ""
    if _MEASURE.search(heading):
        return "measures"
    return "problems" if _PROBLEM.search(heading) else ""


def _all(page: PageText) -> tuple[str, ...]:
    """Return all paragraphs, but none under a heading that looks back further."""
    texts, back = [], False
    for passage in page.reported:
        if passage.level:
            back = passage.level > 1 and bool(_LOOKING_BACK.search(passage.text))
        elif not back:
            texts.append(passage.text)
    return tuple(texts)
