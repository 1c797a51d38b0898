"""Local requirements: what a district, city or superior office asks for beyond the national form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from macros.reading.values import Reader, describe, open_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import yaml

    from macros.reading.findings import Findings

_LIMIT = 100_000
_OPTIONAL = ("deadline", "similarity", "jump", "headings", "topics", "figures", "lengths", "typing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """Something that a *section* must have in the years *first* to *last*: words, a figure or a length."""

    section: str
    wanted: str
    first: int
    last: int

    def holds_for(self, year: int) -> bool:
        """Say whether reports of *year* must meet it."""
        return self.first <= year <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Local requirements. *deadline* is month and day in the year of publication.

    *similarity* and *jump* are per cent; *typing* pairs wrong words with right ones. *lengths* hold
    the most characters that a section may have.
    """

    name: str = ""
    basis: str = ""
    deadline: tuple[int, int] | None = None
    similarity: int = 80
    jump: int = 200
    headings: tuple[Requirement, ...] = ()
    topics: tuple[Requirement, ...] = ()
    figures: tuple[Requirement, ...] = ()
    lengths: tuple[Requirement, ...] = ()
    typing: tuple[tuple[str, str], ...] = ()


def read_profile(path: Path, name: str, findings: Findings) -> Profile:
    """Return the profile in the file at *path*, or the national defaults where there is none or it is at fault."""
    if not path.exists():
        return Profile()
    before = len(findings)
    root = open_file(path, name, findings)
    if root is None:
        return Profile()
    reader = Reader(name, findings)
    nodes = reader.mapping(root, "本地要求", required={"name": "名称", "basis": "依据"}, optional=_OPTIONAL)
    texts = {key: reader.text(nodes[key], label) for key, label in (("name", "名称"), ("basis", "依据")) if key in nodes}
    standard = Profile()
    profile = Profile(
        name=texts.get("name") or "",
        basis=texts.get("basis") or "",
        deadline=_deadline(nodes.get("deadline"), reader),
        similarity=_percent(nodes.get("similarity"), "重复率上限", reader, standard.similarity),
        jump=_percent(nodes.get("jump"), "变化幅度", reader, standard.jump),
        headings=tuple(_requirements(nodes.get("headings"), "text", "标题", reader)),
        topics=tuple(_requirements(nodes.get("topics"), "text", "应写到的内容", reader)),
        figures=tuple(_requirements(nodes.get("figures"), "figure", "应写明的数", reader)),
        lengths=tuple(_requirements(nodes.get("lengths"), "maximum", "字数上限", reader)),
        typing=tuple(_typing(nodes.get("typing"), reader)),
    )
    return standard if len(findings) > before else profile


def _deadline(node: yaml.Node | None, reader: Reader) -> tuple[int, int] | None:
    if node is None:
        return None
    written = re.fullmatch(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", str(node.value))
    if written is None:
        reader.fault(node, f"公布期限应写作“月-日”，如 01-20，实际为{describe(node)}")
        return None
    return int(written[1]), int(written[2])


def _percent(node: yaml.Node | None, subject: str, reader: Reader, standard: int) -> int:
    value = None if node is None else reader.number(node, subject, "count", _LIMIT)
    return standard if value is None else int(value)


def _requirements(node: yaml.Node | None, key: str, label: str, reader: Reader) -> Iterator[Requirement]:
    for item in reader.sequence(node, label) if node is not None else ():
        nodes = reader.mapping(item, label, required={"section": "部分", key: label}, optional=["from", "to"])
        if "section" not in nodes or key not in nodes:
            continue
        section = reader.identifier(nodes["section"], "部分")
        if key == "maximum":
            number = reader.number(nodes[key], label, "count", _LIMIT)
            wanted = None if number is None else str(number)
        else:
            wanted = reader.text(nodes[key], label)
        first, last = _year(nodes, "from", reader, 0), _year(nodes, "to", reader, 9999)
        if section is not None and wanted is not None:
            yield Requirement(section=section, wanted=wanted, first=first, last=last)


def _year(nodes: Mapping[str, yaml.Node], key: str, reader: Reader, otherwise: int) -> int:
    year = reader.year(nodes[key], "起始年度" if key == "from" else "截止年度") if key in nodes else None
    return otherwise if year is None else year


def _typing(node: yaml.Node | None, reader: Reader) -> Iterator[tuple[str, str]]:
    for item in reader.sequence(node, "常见错字") if node is not None else ():
        nodes = reader.mapping(item, "常见错字", required={"wrong": "错误写法", "right": "正确写法"})
        words = [reader.text(nodes[key], key) for key in ("wrong", "right") if key in nodes]
        if len(words) == len(("wrong", "right")) and words[0] is not None and words[1] is not None:
            yield words[0], words[1]
