"""The words of a document as a plain list, for programs: each passage with its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nianbao.documents.blocks import (
    OMISSION,
    TRANSCRIPTION,
    Heading,
    ListBlock,
    Paragraph,
    PlainTable,
    StatutoryTable,
    plain_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nianbao.documents.blocks import Block

FORMATS = {
    "heading": "小标题，有级别",
    "paragraph": "段落",
    "item": "列表的一项",
    "row": "普通表格的一行，各格用制表符隔开",
    "table": "法定表格所在的位置，文字是表的标识",
    "note": "录入旧报告时加的说明，不属于报告",
    "omission": "这里省略的图片等内容",
}

_PARAGRAPHS = {TRANSCRIPTION: "note", OMISSION: "omission"}


def passages(blocks: Iterable[Block]) -> Iterator[dict[str, Any]]:
    """Yield the passages of *blocks* in reading order: *kind* (see `FORMATS`), *level* of a heading, *text*."""
    for block in blocks:
        match block:
            case Heading():
                yield _passage("heading", plain_text(block.runs), block.level)
            case Paragraph():
                yield _passage(_PARAGRAPHS.get(block.kind, "paragraph"), plain_text(block.runs))
            case ListBlock():
                for item in block.items:
                    yield from (
                        passage | {"kind": "item"} if passage["kind"] == "paragraph" else passage
                        for passage in passages(item)
                    )
            case StatutoryTable():
                yield _passage("table", block.id)
            case PlainTable():
                for row in block.rows:
                    yield _passage("row", "\t".join(plain_text(cell.runs) for cell in row))


def _passage(kind: str, text: str, level: int | None = None) -> dict[str, Any]:
    return {"kind": kind, "level": level, "text": text}
