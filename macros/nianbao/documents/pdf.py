"""A document as a tagged PDF (PDF/UA-1), set by Typst from data: no text of a report is ever read as markup."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from nianbao.documents import typography as page
from nianbao.documents.blocks import (
    Heading,
    ListBlock,
    Paragraph,
    PlainTable,
    Run,
    StatutoryTable,
    clean,
    parts_of_item,
)
from nianbao.documents.corrections import ending
from nianbao.documents.shapes import missing, undisplayed
from nianbao.documents.tables import set_plain, set_statutory
from nianbao.documents.typography import note_lines, title_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.documents.blocks import Block
    from nianbao.documents.document import Document
    from nianbao.documents.fonts import FontSet
    from nianbao.documents.tables import SetCell, SetTable

_TEMPLATE = Path(__file__).with_name("document.typ")


def pdf_file(document: Document, fonts: FontSet) -> bytes:
    """Return *document* as PDF set with *fonts*. The same document and fonts give the same bytes.

    Raises FontError naming a character that no font of this machine has: nothing prints an empty box.
    """
    data = json.dumps(_data(document, fonts), ensure_ascii=False, sort_keys=True)
    try:
        made = typst.compile(
            _TEMPLATE.read_bytes(),
            font_paths=fonts.source,
            format="pdf",
            sys_inputs={"document": data},
            pdf_standards="ua-1",
            timestamp=0,
        )
    except typst.TypstError as error:
        lacking = undisplayed(error)
        if not lacking:
            raise
        raise missing(lacking, document.year) from error
    return made


def _data(document: Document, fonts: FontSet) -> dict[str, Any]:
    """Return everything that the template sets, as plain data."""
    day = document.last_day
    return {
        "title": clean(document.title),
        "title-lines": [clean(line) for line in title_lines(document)],
        "author": clean(document.agency),
        "keywords": ["政府信息公开", "年度报告", str(document.year)],
        "date": [day.year, day.month, day.day] if day else None,
        "notes": [clean(line) for line in note_lines(document)],
        "notice": clean(document.notice),
        "draft": document.draft,
        "draft-words": page.DRAFT_WORDS,
        "draft-mark": page.DRAFT_MARK,
        "blocks": [*_blocks(document.body), *_blocks(ending(document))],
        "fonts": {role: list(families) for role, families in fonts.families.items()},
        "page": {
            "width": page.PAGE_WIDTH,
            "height": page.PAGE_HEIGHT,
            "top": page.TOP,
            "left": page.LEFT,
            "right": page.RIGHT,
            "bottom": page.BOTTOM,
            "text-width": page.TEXT_WIDTH,
            "text-height": page.TEXT_HEIGHT,
            "lines": page.LINES,
            "characters": page.CHARACTERS,
            "number-below": page.NUMBER_BELOW,
        },
        "sizes": {
            "body": page.BODY,
            "title": page.TITLE,
            "title-pitch": page.TITLE_PITCH,
            "page-number": page.PAGE_NUMBER,
            "caption": page.CAPTION,
            "note": page.NOTE,
            "code": page.CODE,
            "cell-pitch": page.CELL_PITCH,
            "row-height": page.ROW_HEIGHT,
        },
    }


def _blocks(blocks: Iterable[Block], level: int = 0) -> Iterator[dict[str, Any]]:
    """Yield *blocks* as data; *level* counts the lists around them."""
    for block in blocks:
        match block:
            case Heading():
                yield {"type": "heading", "level": block.level, "runs": _runs(block.runs)}
            case Paragraph():
                yield {"type": "paragraph", "kind": block.kind, "runs": _runs(block.runs)}
            case ListBlock():
                items = [
                    _item(item, page.list_mark(block, number, level), level)
                    for number, item in enumerate(block.items, block.start)
                ]
                yield {"type": "list", "ordered": block.ordered, "start": block.start, "items": items}
            case StatutoryTable():
                yield _table(set_statutory(block))
            case PlainTable():
                yield _table(set_plain(block))


def _item(item: tuple[Block, ...], mark: str, level: int) -> dict[str, Any]:
    first, rest = parts_of_item(item)
    return {"mark": mark, "runs": _runs(first.runs), "rest": list(_blocks(rest, level + 1))}


def _runs(runs: Sequence[Run]) -> list[dict[str, Any]]:
    return [{"text": clean(run.text), "styles": sorted(run.styles), "link": run.link} for run in runs]


def _table(table: SetTable) -> dict[str, Any]:
    """Return *table* in groups of rows below headings of their own."""
    groups: list[dict[str, list[dict[str, Any]]]] = []
    rows = list(enumerate(table.rows))
    for header, part in groupby(rows, key=lambda pair: pair[1].header):
        cells = [_cell(cell, number) for number, row in part for cell in row.cells]
        if header:
            groups.append({"header": cells, "cells": []})
        elif groups:
            groups[-1]["cells"] = cells
        else:
            groups.append({"header": [], "cells": cells})
    return {
        "type": "table",
        "caption": _runs(table.caption),
        "widths": list(table.columns.widths),
        "size": table.columns.size,
        "groups": groups,
        "notes": [clean(note) for note in table.notes],
    }


def _cell(cell: SetCell, row: int) -> dict[str, Any]:
    return {
        "row": row,
        "column": cell.column,
        "colspan": cell.colspan,
        "rowspan": cell.rowspan,
        "align": cell.align,
        "runs": _runs(cell.runs),
    }
