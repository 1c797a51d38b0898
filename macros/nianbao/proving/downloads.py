"""The downloads of a year against the record of what was published: each kind by a reader of its own.

What they say is compared, not their bytes, which change with the program and its libraries.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from nianbao.lifecycle.article import plain
from nianbao.lifecycle.snapshot import FIGURE_MARK
from nianbao.proving.download_readers import (
    DamagedError,
    read_csv,
    read_excel,
    read_json,
    read_package,
    read_pdf,
    read_word,
)
from nianbao.reading.findings import shown
from nianbao.reading.legible import squeezed
from nianbao.reading.numbers import BLANK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from nianbao.lifecycle.record import Record

_FIGURE = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[万亿]?元)?")
_UNITS = {"万": 10_000, "亿": 100_000_000}

# The columns of the sheets of data in Excel, as people read them (see `nianbao.exports.columns`).
_PARTS, _VALUE = ("表", "行标识", "列标识"), "数值"
_ADDRESS = {*_PARTS, _VALUE}
_PAGE_NUMBER = re.compile(r"\s*[—–-]\s*[0-9]+\s*[—–-]\s*\Z")


def differences(record: Record, name: str, content: bytes) -> Iterator[str]:
    """Yield in words how the file *name* of the year differs from *record*; files of unknown kinds are told.

    Raises `NotReadError`.
    """
    suffix = "package" if name == "datapackage.json" else name.rpartition(".")[2].lower()
    reader = _READERS.get(suffix)
    if reader is None:
        yield "不是程序生成的下载文件"
        return
    try:
        yield from reader(record, content)
    except DamagedError:
        yield "不能读出内容，已经损坏或被改写"


def _json(record: Record, content: bytes) -> Iterator[str]:
    report, there = record.report, read_json(content)
    facts = (
        ("check_number", "校验号", record.number or there.facts["check_number"]),
        ("year", "年度", report.year),
        ("format", "格式", report.format),
        ("status", "状态", report.status),
        ("published_on", "公布日期", report.published_on.isoformat() if report.published_on else None),
    )
    if there.late_reason != report.late_reason:
        yield f"迟延公布的原因与公布的不同，公布的是{shown(report.late_reason)}"
    for key, what, published in facts:
        if there.facts[key] != published:
            yield f"{what}是 {there.facts[key]}，公布的是 {published}"
    if there.agency != report.agency:
        yield f"机关名称是{shown(there.agency)}，公布的是{shown(report.agency)}"
    yield from _cells(record, there.cells)
    published_corrections = tuple((day.isoformat(), reason) for day, reason in report.corrections)
    if record.report.schema != 1 and there.corrections != published_corrections:
        yield "更正的日期或原因与公布的不同"
    yield from _said(record, list(there.texts))


def _csv(record: Record, content: bytes) -> Iterator[str]:
    rows = read_csv(content)
    yield from _values(record, ((address, value) for _, address, value in rows))
    tables = {table for table, _, _ in rows}
    missing = {address for address in record.report.cells if address.partition(".")[0] in tables} - {
        address for _, address, _ in rows
    }
    yield from (f"没有数 {address}" for address in sorted(missing))


def _excel(record: Record, content: bytes) -> Iterator[str]:
    sheets = read_excel(content)
    data = [rows for rows in sheets if rows and set(rows[0]) >= _ADDRESS]
    pairs: list[tuple[str, str]] = []
    for rows in data:
        named = (dict(zip(rows[0], row, strict=False)) for row in rows[1:])
        pairs += ((".".join(filter(None, map(row.get, _PARTS))), row.get(_VALUE, "")) for row in named)
    yield from _values(record, pairs)
    yield from (f"没有数 {address}" for address in sorted(record.report.cells.keys() - dict(pairs).keys()))
    forms = [[text for row in rows for text in row if text] for rows in sheets if rows not in data]
    for table, wanted in _table_texts(record).items():
        if not any(_begins_with(wanted, texts[at:]) for texts in forms for at in range(len(texts))):
            yield f"表 {table} 的数或表样与公布的不同"


def _word(record: Record, content: bytes) -> Iterator[str]:
    there = read_word(content)
    yield from _printed(record, list(there.paragraphs))
    for table, wanted in _table_texts(record).items():
        if not any(len(texts) == len(wanted) and _begins_with(wanted, list(texts)) for texts in there.tables):
            yield f"表 {table} 的数或表样与公布的不同"


def _pdf(record: Record, content: bytes) -> Iterator[str]:
    pages = read_pdf(content)
    whole = "".join(squeezed(_PAGE_NUMBER.sub("", page.rstrip())) for page in pages)
    yield from _printed(record, [whole])


def _printed(record: Record, texts: list[str]) -> Iterator[str]:
    """Yield what a document for print lacks: the number, the words of the report in their order."""
    if record.number and record.number not in "".join(squeezed(text) for text in texts):
        yield f"没有印校验号 {record.number}，或印的是另一个"
    yield from _said(record, texts)
    for day, reason in record.report.corrections:
        if squeezed(f"更正原因：{reason}") not in squeezed("".join(texts)):
            yield f"没有印 {day} 更正的原因{shown(reason)}"


def _said(record: Record, texts: list[str]) -> Iterator[str]:
    """Yield the words of the six sections that *texts* lack or have in another order."""
    whole = squeezed("".join(texts))
    position = 0
    for block in _section_blocks(record):
        words = squeezed(block)
        found = whole.find(words, position)
        if found < 0:
            elsewhere = "次序不同" if words in whole else "没有这段文字"
            yield f"{elsewhere}：{shown(block)}"
            if words not in whole:
                continue
            found = whole.find(words)
        position = max(position, found + len(words))


def _section_blocks(record: Record) -> Iterator[str]:
    for name, page in sorted(record.report.pages.items()):
        if re.match(r"[0-9]+-", name):
            for block in page.said:
                kinds = block.kind.split(" ")
                text = plain(block.text)
                if text and kinds[0] not in {"front", "note"} and "td" not in kinds and "th" not in kinds:
                    yield text


def _cells(record: Record, there: dict[str, str]) -> Iterator[str]:
    cells = record.report.cells
    for address in sorted(cells.keys() | there.keys()):
        published, now = cells.get(address), there.get(address)
        if published != (None if now is None else now or BLANK):
            yield f"数 {address} 是 {now}，公布的是 {published}"


def _values(record: Record, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield figures of a data file that are not what was published; words in place of figures have no value there."""
    for address, value in pairs:
        published = record.report.cells.get(address)
        if published is None:
            yield f"公布的没有数 {address}"
        elif _number(published) != _number(value):
            yield f"数 {address} 是 {value or '空'}，公布的是 {published}"


def _number(text: str) -> Decimal | None:
    """Return the figure in *text* in its smallest unit, or None where there is a word in its place.

    Raises DamagedError for what is neither.
    """
    digits = re.sub(r"[^0-9.+-]", "", text)
    if not re.search("[0-9]", digits):
        return None
    if not re.fullmatch(r"[+-]?[0-9]*\.?[0-9]*", digits):
        raise DamagedError(text)
    return Decimal(digits) * next((factor for unit, factor in _UNITS.items() if unit in text), 1)


def _table_texts(record: Record) -> dict[str, list[str]]:
    """Return labels and figures of each table in reading order, as they are printed."""
    report = record.report
    return {
        table: [
            text
            for label in labels[1:]
            if not label.startswith("（单位")
            for text in [_figure(report.cells, label) if label.startswith(FIGURE_MARK) else label]
            if text
        ]
        for table, labels in report.labels.items()
    }


def _figure(cells: Any, label: str) -> str:  # noqa: ANN401  # a mapping of texts
    text = str(cells[label.removeprefix(FIGURE_MARK)])
    return "" if text == BLANK else text


def _begins_with(wanted: list[str], texts: list[str]) -> bool:
    """Say whether *texts* begin with *wanted*, a figure written as any program writes it, with the mark of a note."""
    return len(texts) >= len(wanted) and all(map(_alike, wanted, texts))


def _alike(wanted: str, text: str) -> bool:
    if squeezed(wanted) == squeezed(text).removesuffix("注"):
        return True
    if not _FIGURE.fullmatch(wanted) or not _FIGURE.fullmatch(text):
        return False
    # In Excel the unit of an amount may be a matter of how it is shown.
    return _number(text) in {_number(wanted), _number(wanted.rstrip("元万亿"))}


def _package(record: Record, content: bytes) -> Iterator[str]:
    name = read_package(content)
    if record.report.agency not in name or str(record.report.year) not in name:
        yield f"所写的名称{shown(name)}不是这一年的报告"


_READERS: dict[str, Callable[[Record, bytes], Iterator[str]]] = {
    "json": _json,
    "csv": _csv,
    "xlsx": _excel,
    "docx": _word,
    "pdf": _pdf,
    "package": _package,
}
