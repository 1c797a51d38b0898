"""Our own JSON file read back: its words and facts as they stand in it."""

from __future__ import annotations

import datetime as dt
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nianbao.importing.sheets import Facts
from nianbao.importing.words.items import Listed, Published
from nianbao.importing.words.sections import Told, Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nianbao.importing.original import Original
    from nianbao.model.form import Form

# Kinds of passages that are words of the report.
_WORDS = ("heading", "paragraph", "item", "row")


def document_words(document: Mapping[str, Any], form: Form) -> Told:
    """Return the words of *document*, which this program has written in *form*."""
    known = {section.id for section in form.sections}
    sections: dict[str, tuple[Words, ...]] = {}
    after: dict[str, tuple[Words, ...]] = {}
    for section in document.get("sections", ()):
        if section["id"] not in known:
            continue
        passages: Sequence[Mapping[str, Any]] = section["text"]
        table = next((at for at, passage in enumerate(passages) if passage["kind"] == "table"), len(passages))
        sections[section["id"]] = _words(passages[:table], section["heading"])
        after[section["id"]] = _words(passages[table:], section["heading"])
    return Told(
        name=document["agency"]["name"],
        year=document["year"],
        preface=(),
        sections=MappingProxyType(sections),
        after=MappingProxyType(after),
        numbers=MappingProxyType({}),
        titles=MappingProxyType({}),
        items=None,
        published_on=None,
        unused=(),
    )


def _words(passages: Sequence[Mapping[str, Any]], place: str) -> tuple[Words, ...]:
    return tuple(
        Words(text=passage["text"], place=place, heading=passage["kind"] == "heading")
        for passage in passages
        if passage["kind"] in _WORDS and passage["text"]
    )


def document_facts(original: Original) -> Facts:
    """Return what the JSON file *original* tells beside tables and words."""
    document = original.document or {}
    fee, day, items = document.get("processing_fee"), document.get("published_on"), document.get("items")
    return Facts(
        name=document["agency"]["name"],
        year=document["year"],
        fee="" if fee is None else str(fee),
        published_on=dt.date.fromisoformat(day) if day else None,
        items=_items(items) if items is not None else None,
    )


def _items(categories: Sequence[Mapping[str, Any]]) -> Published:
    listed = tuple(
        Listed(
            name=category["category"],
            count=category.get("count", len(category["entries"])),
            titles=tuple(entry["title"] for entry in category["entries"]),
        )
        for category in categories
    )
    entries = [entry for category in categories for entry in category["entries"]]
    return Published(
        count=sum(category.count or 0 for category in listed),
        categories=listed,
        raw="",
        full_text=True,
        without=frozenset(entry["title"] for entry in entries if not entry["full_text"]),
    )
