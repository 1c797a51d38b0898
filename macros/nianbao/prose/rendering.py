"""The Markdown of a page with its macros carried out, as the engines render it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.pages.session import FRONT_MATTER, front_matter
from nianbao.prose.template import Text, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def rendered(source: str, macros: Mapping[str, Callable[..., object]]) -> str:
    """Return the Markdown of the page *source*, below what stands above its text, with its *macros* carried out."""
    front = FRONT_MATTER.match(source)
    text = source[front.end() if front else 0 :]
    if front_matter(source).get("render_macros") is False:
        return text
    parts = parse(text, 0).parts
    return "".join(
        part.text if isinstance(part, Text) else str(macros[part.name](*part.args, **part.keywords)) for part in parts
    )
