"""The whole report on one page, from the pages of its sections."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.pages.lists import section_page
from nianbao.pages.session import UnavailableError

if TYPE_CHECKING:
    from nianbao.pages.session import Session

_HEADING = re.compile(r"^(#{1,5})(?=\s)", re.MULTILINE)
_UNDERLINED = re.compile(r"^(?P<text>[^\s#>*+-].*)\n(?P<line>=+|-+)[ \t]*$", re.MULTILINE)
_FENCE = re.compile(r"^(```+|~~~+).*?^\1", re.MULTILINE | re.DOTALL)


# What is drawn beside the statutory tables and is no part of the report as published.
_BESIDE = re.compile(r'<section class="beside-report">.*?</section>', re.DOTALL)


def full_text(session: Session) -> str:
    """Return the Markdown of the six sections, macros rendered, every heading one level down.

    Raises UnavailableError where the engine has not rendered one of them yet.
    """
    form = session.report().form
    pages = [f"{session.year()}/{section_page(form, section)}" for section in form.sections]
    missing = tuple(session.missing_page(page) for page in pages if page not in session.rendered)
    if missing:
        raise UnavailableError(missing)
    return "\n\n".join(lower_headings(_BESIDE.sub("", session.rendered[page])) for page in pages)


def lower_headings(markdown: str) -> str:
    """Return *markdown* with every heading one level down, code blocks left alone."""
    parts = []
    end = 0
    for fence in _FENCE.finditer(markdown):
        parts.append(_lower(markdown[end : fence.start()]))
        parts.append(fence.group())
        end = fence.end()
    return "".join([*parts, _lower(markdown[end:])])


def _lower(markdown: str) -> str:
    marked = _UNDERLINED.sub(lambda found: f"{'#' if found['line'][0] == '=' else '##'} {found['text']}", markdown)
    return _HEADING.sub(r"#\1", marked)
