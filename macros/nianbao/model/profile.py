"""Local requirements: what a district, city or superior office asks for beyond the national form."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.reading.findings import shown
from nianbao.reading.values import Reader, describe, open_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import yaml

    from nianbao.reading.findings import Findings, Place

# The six sections, which every edition of the form has.
SECTIONS = {
    "overview": "一、总体情况",
    "disclosure": "二、主动公开政府信息情况",
    "requests": "三、收到和处理政府信息公开申请情况",
    "review": "四、政府信息公开行政复议、行政诉讼情况",
    "improvement": "五、存在的主要问题及改进情况",
    "other": "六、其他需要报告的事项",
}
OPTIONAL = ("deadline", "similarity", "jump", "headings", "topics", "figures", "lengths", "typing")

# Between ways to write the same words.
ALTERNATIVE = "|"

_LIMIT = 100_000
_COMMON_YEAR = 2023


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """Something that a *section* must have in the years *first* to *last*: words, a figure or a length.

    *label* says in Chinese what a figure is. *place* is where the requirement stands.
    """

    section: str
    wanted: str
    first: int
    last: int
    place: Place
    label: str = ""

    def holds_for(self, year: int) -> bool:
        """Say whether reports of *year* must meet it."""
        return self.first <= year <= self.last

    @property
    def words(self) -> tuple[str, ...]:
        """The ways to write what is wanted; any of them will do."""
        return tuple(word.strip() for word in self.wanted.split(ALTERNATIVE))


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
    standard = Profile()
    if not path.exists():
        return standard
    before = len(findings)
    root = open_file(path, name, findings)
    if root is None:
        return standard
    reader = Reader(name, findings)
    nodes = reader.mapping(root, "本地要求", required={"name": "名称", "basis": "依据"}, optional=OPTIONAL)
    texts = {
        key: reader.text(nodes[key], label) for key, label in (("name", "名称"), ("basis", "依据")) if key in nodes
    }
    profile = Profile(
        name=texts.get("name") or "",
        basis=texts.get("basis") or "",
        deadline=_deadline(nodes.get("deadline"), reader),
        similarity=_positive(nodes.get("similarity"), "重复率上限", reader, 100) or standard.similarity,
        jump=_positive(nodes.get("jump"), "变化幅度", reader, _LIMIT) or standard.jump,
        headings=tuple(_requirements(nodes.get("headings"), "text", "应有的标题", reader)),
        topics=tuple(_requirements(nodes.get("topics"), "text", "应写到的内容", reader)),
        figures=tuple(_requirements(nodes.get("figures"), "figure", "应写明的数", reader)),
        lengths=tuple(_requirements(nodes.get("lengths"), "maximum", "字数上限", reader)),
        typing=tuple(_typing(nodes.get("typing"), reader)),
    )
    return standard if len(findings) > before else profile


def _deadline(node: yaml.Node | None, reader: Reader) -> tuple[int, int] | None:
    if node is None:
        return None
    written = re.fullmatch(r"([0-9]{2})-([0-9]{2})", node.value) if isinstance(node.value, str) else None
    if written is None:
        reader.fault(node, f"公布期限应写作“月-日”，如 01-20，实际为{describe(node)}")
        return None
    try:
        day = dt.date(_COMMON_YEAR, int(written[1]), int(written[2]))
    except ValueError:
        reader.fault(node, f"公布期限没有 {node.value} 这一天，或不是每年都有；请改正")
        return None
    return day.month, day.day


def _positive(node: yaml.Node | None, subject: str, reader: Reader, maximum: int) -> int | None:
    """Return a whole number from 1 to *maximum*, or None where there is none."""
    value = None if node is None else reader.number(node, subject, "count", maximum)
    if node is not None and value == 0:
        reader.fault(node, f"{subject}应从 1 起，实际为 0；不要这一项时请整行删去")
    return int(value) if value else None


def _requirements(node: yaml.Node | None, key: str, label: str, reader: Reader) -> Iterator[Requirement]:
    optional = ("from", "to", "label") if key == "figure" else ("from", "to")
    for item in reader.sequence(node, label) if node is not None else ():
        nodes = reader.mapping(item, label, required={"section": "部分", key: label}, optional=optional)
        if "section" not in nodes or key not in nodes:
            continue
        section = reader.choice(nodes["section"], "部分", SECTIONS)
        wanted = _wanted(nodes[key], key, label, reader)
        first, last = _year(nodes, "from", reader, 0), _year(nodes, "to", reader, 9999)
        if last < first:
            reader.fault(item, f"{label}的截止年度 {last} 早于起始年度 {first}；请改正")
        name = reader.text(nodes["label"], "数的名称") if "label" in nodes else None
        if section is not None and wanted is not None:
            place = reader.place(nodes[key])
            yield Requirement(section=section, wanted=wanted, first=first, last=last, label=name or "", place=place)


def _wanted(node: yaml.Node, key: str, label: str, reader: Reader) -> str | None:
    if key == "maximum":
        number = _positive(node, label, reader, _LIMIT)
        return None if number is None else str(number)
    text = reader.text(node, label)
    if text is not None and key == "text" and not all(word.strip() for word in text.split(ALTERNATIVE)):
        reader.fault(node, f"{label}{shown(text)}里有空的写法；几种写法之间用一个 {ALTERNATIVE} 分开，两头不写")
        return None
    return text


def _year(nodes: Mapping[str, yaml.Node], key: str, reader: Reader, otherwise: int) -> int:
    year = reader.year(nodes[key], "起始年度" if key == "from" else "截止年度") if key in nodes else None
    return otherwise if year is None else year


def _typing(node: yaml.Node | None, reader: Reader) -> Iterator[tuple[str, str]]:
    told: set[str] = set()
    for item in reader.sequence(node, "常见错字") if node is not None else ():
        nodes = reader.mapping(item, "常见错字", required={"wrong": "错误写法", "right": "正确写法"})
        words = [
            reader.text(nodes[key], label)
            for key, label in (("wrong", "错误写法"), ("right", "正确写法"))
            if key in nodes
        ]
        if len(words) < len(("wrong", "right")) or words[0] is None or words[1] is None:
            continue
        if words[0] == words[1]:
            reader.fault(item, f"错误写法和正确写法都是{shown(words[0])}；请改正")
        elif words[0] in told:
            reader.fault(item, f"错误写法{shown(words[0])}写了两次；请只留一处")
        told.add(words[0])
        yield words[0], words[1]
