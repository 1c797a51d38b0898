"""The whole report on one page, from the pages of its sections."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.pages import cards
from nianbao.pages.lists import section_page
from nianbao.pages.session import UnavailableError, front_matter, without_front_matter
from nianbao.pages.templates import problems

if TYPE_CHECKING:
    from jinja2.runtime import Context

    from nianbao.pages.session import Session

_HEADING = re.compile(r"^(#{1,5})(?=\s)", re.MULTILINE)
_UNDERLINED = re.compile(r"^(?P<text>[^\s#>*+-].*)\n(?P<line>=+|-+)[ \t]*$", re.MULTILINE)
_FENCE = re.compile(r"^(```+|~~~+).*?^\1", re.MULTILINE | re.DOTALL)


# What is drawn beside the statutory tables and is no part of the report as published.
_BESIDE = re.compile(r'<section class="beside-report">.*?</section>', re.DOTALL)


def full_text(session: Session, context: Context) -> str:
    """Return the Markdown of the six sections, macros rendered, every heading one level down."""
    form = session.report().form
    year = session.year()
    pages = [f"{year}/{section_page(form, section)}" for section in form.sections]
    missing = tuple(session.missing_page(page) for page in pages if not (session.docs / page).is_file())
    if missing:
        raise UnavailableError(missing)
    return "\n\n".join(_render(session, context, page) for page in pages)


def _render(session: Session, context: Context, page: str) -> str:
    """Return the Markdown of *page* with its macros rendered, or a card where it cannot be."""
    if page in session.rendered:
        return lower_headings(_BESIDE.sub("", session.rendered[page]))
    whole = (session.docs / page).read_text(encoding="utf-8-sig")
    source = without_front_matter(whole)
    if front_matter(whole).get("render_macros") is False:
        return lower_headings(source)
    environment = context.environment
    found = problems(environment, source, context.get_all(), session, page)
    if found:
        session.findings.extend(found)
        return cards.card(found)
    code = environment.compile(source, filename=page)
    template = environment.template_class.from_code(environment, code, environment.make_globals(None))
    return lower_headings(_BESIDE.sub("", template.render(context.get_all())))


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
