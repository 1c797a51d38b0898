"""Sources of pages: read, and checked for what the host cannot read or reads otherwise than the author meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.pages.session import FRONT_MATTER, front_matter
from nianbao.reading.characters import misread
from nianbao.reading.disk import reason, size_of
from nianbao.reading.encoding import EncodingError, decoded
from nianbao.reading.findings import Findings, Place, shown
from nianbao.reading.nodes import compose
from nianbao.reading.source import TOLD, record_merge_marks, undecodable
from nianbao.reading.values import Reader

if TYPE_CHECKING:
    from pathlib import Path

    import yaml

# The longest reports of provinces take a fifth of it.
_MAXIMUM_BYTES = 300_000
# So many lists and quotations within each other are no text; Markdown fails at some hundreds.
_NESTED = re.compile(r"^[ \t]*(?:(?:[-*+>]|[0-9]{1,9}[.)])[ \t]+){50}", re.MULTILINE)
# Markdown looks for the end of a bracket, and HTML for that of a tag, from each beginning anew: so many
# characters may lie between all beginnings and their ends. Pages have thousands, unclosed brackets by
# the thousand would take minutes.
_REACH = 2_000_000
_PAIRS = {"[": r"(\[)|\]", "(": r"(\]\()|\)", "<": "(<)|>"}

# What a page may say above its text, and how: words, true or false, or left to the theme.
_TEXTS, _SWITCHES, _OTHER = ("title", "description"), ("render_macros", "whole_report"), ("hide", "search")


def read_page(path: Path, name: str, findings: Findings) -> str | None:
    """Return the Markdown at *path*, called *name* in messages, or None after recording what is wrong with it.

    The host ends with a traceback at a page that is no text or whose title is a number, and shows
    front matter that is no YAML as text to the public.
    """
    before = len(findings)
    try:
        if size_of(path) > _MAXIMUM_BYTES:
            findings.add(Place(name), f"文件超过 {_MAXIMUM_BYTES} 字节，不是报告的页面；请检查是否放错了文件")
            return None
        source, _ = decoded(path.read_bytes())
    except EncodingError as error:
        findings.add(Place(name, error.line, error.column), undecodable(error))
        return None
    except OSError as error:
        findings.add(Place(name), f"文件无法读取（{reason(error)}）；请检查文件和权限")
        return None
    _front_matter(source, name, findings)
    record_merge_marks(source, name, findings)
    _characters(source, name, findings)
    _layout(source, name, findings)
    return source if len(findings) == before else None


def _front_matter(source: str, name: str, findings: Findings) -> None:
    front = FRONT_MATTER.match(source)
    if front is None:
        if re.match(r"---[ \t]*\n\S", source):
            findings.add(Place(name), "页首的 --- 没有结束；请在页首内容之后另起一行写 ---")
        return
    before = len(findings)
    root = compose(f"# \n{front[1]}", name, findings)
    if root is None:
        return
    reader = Reader(name, findings)
    nodes = reader.mapping(root, "页首", required=(), optional=[*_TEXTS, *_SWITCHES, *_OTHER])
    for key in _SWITCHES:
        if key in nodes:
            reader.boolean(nodes[key], f"页首的 {key} ")
    loaded = front_matter(source)
    for key in _TEXTS:
        if key in nodes:
            _text(nodes[key], key, reader, loaded.get(key))
    if nodes and len(findings) == before and not loaded:
        reader.fault(root, "页首有读不出的内容，如不存在的日期；请改正或加双引号")


def _text(node: yaml.Node, key: str, reader: Reader, loaded: object) -> None:
    """Record what is wrong with the text at *node*, which the host has *loaded* in its own way."""
    text = reader.text(node, f"页首的 {key} ")
    if text is None:
        return
    if "{{" in text or "{%" in text:
        reader.fault(node, f"页首的 {key} 里不能用宏；请直接写文字，或删去此行")
    elif not isinstance(loaded, str):
        reader.fault(node, f"页首的 {key} 应为文字，实际为{shown(text)}；请加双引号")


def _layout(source: str, name: str, findings: Findings) -> None:
    """Record what would take too long to lay out: very many brackets left open, very many marks before a line."""
    for bracket, pattern in _PAIRS.items():
        if source.count(bracket) * len(source) <= _REACH:
            continue  # Not even if none had an end.
        reach = 0
        # Tags may be closed in any later block of the page, the brackets of links in their own alone.
        for block in [source] if bracket == "<" else re.split(r"\n[ \t]*\n", source):
            reach += _reach(block, re.compile(pattern))
        if reach > _REACH:
            findings.add(Place(name), f"有太多 {bracket} 没有配对，无法排版；请补上另一半，作为文字的写作 \\{bracket}")
    nested = _NESTED.search(source)
    if nested is not None:
        findings.add(
            Place(name, source.count("\n", 0, nested.start()) + 1), "一行里的列表或引用符号太多，无法排版；请删去"
        )


def _reach(text: str, pair: re.Pattern[str]) -> int:
    """Return how many characters lie between each beginning and its end, or the end of *text* where it has none."""
    reach = 0
    open_: list[int] = []
    for found in pair.finditer(text):
        if found[1]:
            open_.append(found.start())
        elif open_:
            reach += found.start() - open_.pop()
    return reach + sum(len(text) - start for start in open_)


def _characters(source: str, name: str, findings: Findings) -> None:
    """Record the first character of each line that people would not see as it is; all blanks are no harm here."""
    if next(misread(source), None) is None:
        return
    told = 0
    for number, line in enumerate(source.split("\n"), 1):
        first = next(misread(line), None)
        if first is not None and told < TOLD:
            findings.add(Place(name, number, first.start + 1), f"不能使用{first.message}")
            told += 1
