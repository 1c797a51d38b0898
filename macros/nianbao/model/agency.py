"""The body that publishes the reports: one identity, names that change with time."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import yaml

from nianbao.model.kinds import KIND_TITLES
from nianbao.reading.fields import ADDRESS, DOMAIN, IDENTIFIER, TEXT, YEAR, Field, Fields, Items, choice
from nianbao.reading.values import Reader, open_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nianbao.reading.fields import Record
    from nianbao.reading.findings import Findings, Place

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
# Where the foot of every page leads to; the last two carry a number of record.
SITE_LINKS = {
    "identity_link": "党政机关网站标识",
    "error_report_link": "我为政府网站找错",
    "site_map_link": "站点地图",
    "icp_link": "ICP备案查询",
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
    """Who publishes, a body of one of the kinds of `nianbao.model.kinds`.

    *site*, *links* and *contact* hold only what is known, by `SITE`, `SITE_LINKS` and `CONTACT`.
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

    @property
    def cells_file(self) -> str:
        """The name of the file that holds the cells of all years."""
        return f"{self.id}-cells.parquet"

    @property
    def newest_name(self) -> str:
        """The name of the latest years."""
        return max(self.names, key=lambda name: name.first).text

    def name(self, year: int) -> str | None:
        """Return the name that the report of *year* carries, or None where none is recorded."""
        return next((name.text for name in self.names if name.holds_for(year)), None)


_NAME = Field("name", "名称", TEXT)
_FROM = Field("from", "起始年度", YEAR)
_TO = Field("to", "截止年度", YEAR, "截止年度，沿用至今的不写")

_GUIDE = "《政府网站发展指引》（国办发〔2017〕47号）"
_SITE = tuple(Field(name, title, DOMAIN if name == "domain" else TEXT, basis=_GUIDE) for name, title in SITE.items())
_LINKS = tuple(
    Field(name, f"{title}的网址", ADDRESS, f"{title}的网址，显示在页脚", basis=_GUIDE)
    for name, title in SITE_LINKS.items()
)
_CONTACT = tuple(Field(name, title, TEXT) for name, title in CONTACT.items())

ID = Field("id", "固定标识", IDENTIFIER, "固定标识，不随名称改变")
KIND = Field("kind", "机关类别", choice(KIND_TITLES))
SCOPE = Field("scope", "统计范围", choice(SCOPES))
NAMES = Field("names", "名称", Items(Fields("名称", (_NAME, _FROM), (_TO,)), _MOST_NAMES), "名称及使用它的年度")
SUPERIOR = Field("superior", "上级机关", TEXT)
REGION = Field("region", "所在地区", TEXT)
HELD = Field("powers", "职权", Items(choice(POWERS)), "本机关的职权；没有写明的项目应当一直为 0")
ITEMS_OF_SITE = Field("site", "网站信息", Fields("网站信息", optional=(*_SITE, *_LINKS)), "网站信息")
CONTACTS = Field("contact", "联系方式", Fields("联系方式", optional=_CONTACT), "联系方式")

# The file data/agency.yml.
AGENCY = Fields(
    "机关信息",
    required=(ID, KIND, SCOPE, NAMES),
    optional=(SUPERIOR, REGION, HELD, ITEMS_OF_SITE, CONTACTS),
)


def read_agency(path: Path, name: str, findings: Findings) -> Agency | None:
    """Return the agency in the file at *path*, or None after recording what is wrong with it."""
    root = open_file(path, name, findings)
    return None if root is None else agency_of(root, name, findings)


def agency_of(root: yaml.Node, name: str, findings: Findings) -> Agency | None:
    """Return the agency that *root* writes, or None after recording what is wrong with it."""
    before = len(findings)
    record = AGENCY.open(root, Reader(name, findings))
    if not record.has(NAMES):
        return None
    site, contact = record.read(ITEMS_OF_SITE), record.read(CONTACTS)
    powers = record.read(HELD)
    place = record.reader.place(record.nodes["names"])
    agency = Agency(
        id=record.read(ID) or "",
        kind=record.read(KIND) or "",
        scope=record.read(SCOPE) or "",
        superior=record.read(SUPERIOR) or "",
        region=record.read(REGION) or "",
        names=_names(record),
        names_place=place,
        site_place=site.place if site is not None else place,
        powers=None if powers is None else frozenset(powers),
        site=_texts(site, _SITE),
        links=_links(site),
        contact=_texts(contact, _CONTACT),
    )
    return None if len(findings) > before else agency


def _names(record: Record) -> tuple[Name, ...]:
    names: list[Name] = []
    for item in record.read(NAMES) or ():
        if not item.has(_NAME, _FROM):
            continue
        text, first, last = item.read(_NAME), item.read(_FROM), item.read(_TO)
        if text is None or first is None or (item.has(_TO) and last is None):
            continue
        fault = record.reader.fault
        if last is not None and last < first:
            fault(item.node, f"名称“{text}”的截止年度 {last} 早于起始年度 {first}；请改正")
        for other in names:
            if other.holds_for(first) or (first <= other.first and (last is None or other.first <= last)):
                fault(item.node, f"名称“{text}”与“{other.text}”的年度重叠；一个年度只能有一个名称")
        names.append(Name(text=text, first=first, last=last))
    node = record.nodes["names"]
    if isinstance(node, yaml.SequenceNode) and not node.value:
        record.reader.fault(node, "名称是空的；请至少写一个名称和它的起始年度")
    return tuple(names)


def _links(site: Record | None) -> Mapping[str, str]:
    """Return the addresses; one that belongs to a number of the site needs that number to carry it."""
    for key in SITE_LINKS if site is not None else ():
        number = key.removesuffix("_link")
        if site is not None and key in site.nodes and number in SITE and number not in site.nodes:
            message = f"写了 {key}，没有写 {number}（{SITE[number]}），链接无处可放；请补上或删去此项"
            site.reader.fault(site.nodes[key], message)
    return _texts(site, _LINKS)


def _texts(record: Record | None, fields: tuple[Field[str], ...]) -> Mapping[str, str]:
    read = {field.name: record.read(field) for field in fields} if record is not None else {}
    return MappingProxyType({name: text for name, text in read.items() if text is not None})
