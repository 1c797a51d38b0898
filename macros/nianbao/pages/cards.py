"""What stands in a page in place of what could not be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from nianbao.reading.legible import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nianbao.reading.findings import Finding

_SHOWN = 50


def card(findings: Sequence[Finding], title: str = "此处内容有误，暂不能显示", instead: str = "") -> Markup:
    """Return *findings* as a block of HTML at column 0 without blank lines.

    *instead* tells the preview's editor which macro could not draw, and its argument.
    """
    return block(title, [f"{finding.place} {finding.message}" for finding in findings], instead)


def block(title: str, lines: Iterable[str], instead: str = "") -> Markup:
    """Return a card with *title* and *lines*."""
    messages = list(lines)
    items = Markup("\n").join(Markup("<li>{}</li>").format(one_line(line)) for line in messages[:_SHOWN])
    more = Markup("\n<p>另有 {} 处，见终端。</p>").format(len(messages) - _SHOWN) if len(messages) > _SHOWN else ""
    macro = Markup(' data-macro="{}"').format(instead) if instead else ""
    return Markup(
        '<div class="finding-card" role="alert"{}>\n<p><strong>{}</strong></p>\n<ul>\n{}\n</ul>{}\n</div>'
    ).format(macro, title, items, more)


def inline(message: str) -> Markup:
    """Return a short mark for the middle of a sentence."""
    return Markup('<strong class="finding-inline" title="{}">〔有误〕</strong>').format(message)
