"""Text for Markdown pages: escaped, and dates as they are written in Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    import datetime as dt

# Every ASCII character to which Markdown, HTML or Jinja may give a meaning, as a numeric reference.
# Round brackets mean something behind square ones alone; engines show references in titles as they stand.
_REFERENCES = {ord(character): f"&#{ord(character)};" for character in "\\`*_{}[]<>#+-.!|~&\"'=:$^@%"}


def markdown(text: str) -> Markup:
    """Return *text* so that Markdown, and HTML within it, show it as it is."""
    return Markup(" ".join(text.split()).translate(_REFERENCES))  # noqa: S704  # nothing is left that means anything


def date(day: dt.date) -> str:
    """Return *day* as 2024年1月31日."""
    return f"{day.year}年{day.month}月{day.day}日"
