"""Prompts of new pages: what a writer has to replace by the words of the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nianbao.prose.passages import PageText, Passage

# A paragraph or an item that begins so is no part of the report and stops its publication.
PROMPT = "〔提示〕"


def is_prompt(passage: Passage) -> bool:
    """Say whether *passage* is a prompt that nobody has replaced yet."""
    return passage.text.startswith(PROMPT)


def has_prompts(page: PageText) -> bool:
    """Say whether *page* is still to be written, in whole or in part."""
    return any(is_prompt(passage) for passage in page.body)
