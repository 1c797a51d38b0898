"""The body that publishes the reports: one identity, names that change with time."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import yaml

from macros.reading.values import Reader, open_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from macros.reading.findings import Findings, Place

KINDS = {
    "government": "人民政府",
    "department": "政府部门",
    "dispatched": "派出机构",
    "institution": "直属事业机构等其他主体",
}
SCOPES = {"own": "只含本机关", "area": "含所辖各单位"}

# Items of 《政府网站发展指引》 (国办发〔2017〕47号) for tags and footer; what is unknown is absent.
SITE = {
    "name": "网站名称",
    "domain": "网站域名",
    "id_code": "网站标识码",
    "sponsor": "主办单位",
    "organizer": "承办单位",
    "icp": "ICP备案编号",
    "police": "公安机关备案号",
}
_MOST_NAMES = 100

# Powers whose decisions the form counts, by the rows of its second section.
POWERS = {
    "regulations": "制定规章",
    "licensing": "行政许可",
    "penalties": "行政处罚",
    "coercion": "行政强制",
    "administrative_fees": "行政事业性收费",
}
OPTIONAL = ("superior", "region", "powers", "site", "contact")
CONTACT = {"address": "地址", "postcode": "邮政编码", "telephone": "电话", "email": "电子邮箱"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name and the report years that are known to carry it; *last* is None while it holds."""

    text: str
    first: int
    last: int | None

    def holds_for(self, year: int) -> bool:
        """Say whether the report of *year* carries this name."""
        return self.first <= year and (self.last is None or year <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """Who publishes. *site* and *contact* hold only what is known, by the keys of `SITE` and `CONTACT`.

    *powers* are those of `POWERS` that the body has, or None where that is not recorded.
    """

    id: str
    kind: str
    scope: str
    superior: str
    region: str
    names: tuple[Name, ...]
    names_place: Place
    powers: frozenset[str] | None = None
    site: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    contact: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def public_lines(self) -> tuple[str, ...]:
        """What the foot of every page tells of who runs the site, as far as it is known."""
        above = (("上级机关", self.superior), ("所在地区", self.region))
        return tuple(f"{label}：{text}" for label, text in above if text) + tuple(
            f"{words[key]}：{values[key]}"
            for words, values in ((SITE, self.site), (CONTACT, self.contact))
            for key in words
            if key in values and key != "domain"
        )

    def name(self, year: int) -> str | None:
        """Return the name that the report of *year* carries, or None where none is recorded."""
        return next((name.text for name in self.names if name.holds_for(year)), None)


def read_agency(path: Path, name: str, findings: Findings) -> Agency | None:
    """Return the agency in the file at *path*, or None after recording what is wrong with it."""
    before = len(findings)
    root = open_file(path, name, findings)
    if root is None:
        return None
    reader = Reader(name, findings)
    required = {"id": "固定标识", "kind": "机关类别", "scope": "统计范围", "names": "名称"}
    nodes = reader.mapping(root, "机关信息", required=required, optional=OPTIONAL)
    if "names" not in nodes:
        return None
    agency = Agency(
        id=(reader.identifier(nodes["id"], "固定标识") if "id" in nodes else None) or "",
        kind=(reader.choice(nodes["kind"], "机关类别", KINDS) if "kind" in nodes else None) or "",
        scope=(reader.choice(nodes["scope"], "统计范围", SCOPES) if "scope" in nodes else None) or "",
        superior=(reader.text(nodes["superior"], "上级机关") if "superior" in nodes else None) or "",
        region=(reader.text(nodes["region"], "所在地区") if "region" in nodes else None) or "",
        names=_names(nodes["names"], reader),
        names_place=reader.place(nodes["names"]),
        powers=_powers(nodes["powers"], reader) if "powers" in nodes else None,
        site=_texts(nodes.get("site"), SITE, "网站信息", reader),
        contact=_texts(nodes.get("contact"), CONTACT, "联系方式", reader),
    )
    return None if len(findings) > before else agency


def _names(node: yaml.Node, reader: Reader) -> tuple[Name, ...]:
    names: list[Name] = []
    items = reader.sequence(node, "名称")
    if len(items) > _MOST_NAMES:  # Each is compared with all others.
        reader.fault(node, f"名称多于 {_MOST_NAMES} 个；请检查")
        return ()
    for item in items:
        nodes = reader.mapping(item, "名称", required={"name": "名称", "from": "起始年度"}, optional=["to"])
        if "name" not in nodes or "from" not in nodes:
            continue
        text = reader.text(nodes["name"], "名称")
        first = reader.year(nodes["from"], "起始年度")
        last = reader.year(nodes["to"], "截止年度") if "to" in nodes else None
        if text is None or first is None or ("to" in nodes and last is None):
            continue
        if last is not None and last < first:
            reader.fault(item, f"名称“{text}”的截止年度 {last} 早于起始年度 {first}；请改正")
        for other in names:
            if other.holds_for(first) or (first <= other.first and (last is None or other.first <= last)):
                reader.fault(item, f"名称“{text}”与“{other.text}”的年度重叠；一个年度只能有一个名称")
        names.append(Name(text=text, first=first, last=last))
    if isinstance(node, yaml.SequenceNode) and not node.value:
        reader.fault(node, "名称是空的；请至少写一个名称和它的起始年度")
    return tuple(names)


def _powers(node: yaml.Node, reader: Reader) -> frozenset[str]:
    found = (reader.choice(item, "职权", POWERS) for item in reader.sequence(node, "职权"))
    return frozenset(power for power in found if power is not None)


def _texts(node: yaml.Node | None, words: Mapping[str, str], subject: str, reader: Reader) -> Mapping[str, str]:
    if node is None:
        return MappingProxyType({})
    nodes = reader.mapping(node, subject, required=(), optional=words)
    texts = {key: reader.text(nodes[key], label) for key, label in words.items() if key in nodes}
    return MappingProxyType({key: text for key, text in texts.items() if text is not None})
