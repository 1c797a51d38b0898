"""The body that publishes the reports: one identity, names that change with time."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import yaml

from nianbao.reading.values import Reader, open_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from nianbao.reading.findings import Findings, Place

FORMATS = {
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
# Those that stand in the tags of every page, by the tags' names.
SITE_TAGS = {"SiteName": "name", "SiteDomain": "domain", "SiteIDCode": "id_code"}
# Where the foot of every page leads to; the last carries the police's number of record.
SITE_LINKS = {
    "identity_link": "党政机关网站标识",
    "error_report_link": "我为政府网站找错",
    "site_map_link": "站点地图",
    "police_link": "公安机关备案信息",
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
class FootItem:
    """A line at the foot of every page, which leads to *address* where there is one."""

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """Who publishes. *site*, *links* and *contact* hold only what is known, by `SITE`, `SITE_LINKS` and `CONTACT`.

    *site_place* is where the items of the site stand, or that of the names where there are none.
    *powers* are those of `POWERS` that the body has, or None where that is not recorded.
    """

    id: str
    kind: str
    scope: str
    superior: str
    region: str
    names: tuple[Name, ...]
    names_place: Place
    site_place: Place
    powers: frozenset[str] | None = None
    site: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    links: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    contact: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def foot(self) -> tuple[FootItem, ...]:
        """What the foot of every page tells of who runs the site, as far as it is known."""
        above = (("上级机关", self.superior), ("所在地区", self.region))
        lines = [FootItem(text=f"{label}：{text}") for label, text in above if text]
        lines += [
            FootItem(text=f"{words[key]}：{values[key]}", address=self.links.get(f"{key}_link", ""))
            for words, values in ((SITE, self.site), (CONTACT, self.contact))
            for key in words
            if key in values and key != "domain"
        ]
        alone = (key for key in SITE_LINKS if key in self.links and key.removesuffix("_link") not in SITE)
        return (*lines, *(FootItem(text=SITE_LINKS[key], address=self.links[key]) for key in alone))

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
    site = _below(nodes.get("site"), "网站信息", (*SITE, *SITE_LINKS), reader)
    contact = _below(nodes.get("contact"), "联系方式", CONTACT, reader)
    agency = Agency(
        id=(reader.identifier(nodes["id"], "固定标识") if "id" in nodes else None) or "",
        kind=(reader.choice(nodes["kind"], "机关类别", FORMATS) if "kind" in nodes else None) or "",
        scope=(reader.choice(nodes["scope"], "统计范围", SCOPES) if "scope" in nodes else None) or "",
        superior=(reader.text(nodes["superior"], "上级机关") if "superior" in nodes else None) or "",
        region=(reader.text(nodes["region"], "所在地区") if "region" in nodes else None) or "",
        names=_names(nodes["names"], reader),
        names_place=reader.place(nodes["names"]),
        site_place=reader.place(nodes.get("site", nodes["names"])),
        powers=_powers(nodes["powers"], reader) if "powers" in nodes else None,
        site=_texts(site, SITE, reader.text),
        links=_links(site, reader),
        contact=_texts(contact, CONTACT, reader.text),
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


def _below(node: yaml.Node | None, subject: str, known: Iterable[str], reader: Reader) -> Mapping[str, yaml.Node]:
    """Return the values of a mapping of which nothing is required, itself included."""
    return reader.mapping(node, subject, required=(), optional=known) if node is not None else {}


def _links(nodes: Mapping[str, yaml.Node], reader: Reader) -> Mapping[str, str]:
    """Return the addresses; one that belongs to a number of the site needs that number to carry it."""
    for key in SITE_LINKS:
        number = key.removesuffix("_link")
        if key in nodes and number in SITE and number not in nodes:
            reader.fault(nodes[key], f"写了 {key}，没有写 {number}（{SITE[number]}），链接无处可放；请补上或删去此项")
    return _texts(nodes, {key: f"{label}的网址" for key, label in SITE_LINKS.items()}, reader.address)


def _texts(
    nodes: Mapping[str, yaml.Node], words: Mapping[str, str], read: Callable[[yaml.Node, str], str | None]
) -> Mapping[str, str]:
    texts = {key: read(nodes[key], label) for key, label in words.items() if key in nodes}
    return MappingProxyType({key: text for key, text in texts.items() if text is not None})
