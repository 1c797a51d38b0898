"""The frame that a government portal asks of the sites below it: what every page shows and loads of the portal's.

It stands in ``data/frame.yml``, its files in the folder ``data/frame`` beside it. Without the file there is no frame,
and the pages of the site load nothing but what lies beside them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from nianbao.model.agency import SITE_TAGS
from nianbao.reading.disk import reason, size_of
from nianbao.reading.fields import ADDRESS, TEXT, Field, Fields, Items, Value
from nianbao.reading.findings import Place, shown
from nianbao.reading.source import read_text
from nianbao.reading.values import Reader, open_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import yaml

    from nianbao.reading.fields import Record
    from nianbao.reading.findings import Findings

FILE, FOLDER = "frame.yml", "frame"
PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "webp", "svg"})

# What a program may ask other sites for, by the directives of Content-Security-Policy (W3C, level 3).
LOADED = {
    "scripts": ("script-src", "其他程序"),
    "styles": ("style-src", "样式文件"),
    "pictures": ("img-src", "图片"),
    "fonts": ("font-src", "字体"),
    "connections": ("connect-src", "收发数据"),
    "frames": ("frame-src", "嵌入的网页"),
}
_MOST = 50
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\.[a-z0-9]{1,5}")
# A policy reads a star as any host, and other marks as its own.
_HOST = re.compile(r"https://[a-z0-9.-]+(?::[0-9]+)?/.*")
LARGEST = 1_000_000  # bytes; every page loads what is in the frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A *name* that leads to the *address*."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """The HTML of the file that messages call *file*."""

    file: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A script that every page loads for a *reason*, from another site or from a file of the frame.

    *address* is that of another site and *file* the name of a file; one of them is empty. *loads* has the addresses
    that the script itself may ask, by the directive of the policy that lets it.
    """

    reason: str
    address: str = ""
    file: str = ""
    loads: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every page shows of the portal at *home*; *column* is the column that the reports belong to, if told.

    *logo* is the name of a file in *folder*, or empty; messages call that *folder_name*. *tags* are pairs of name and
    content, by which the portal knows its pages. *place* is where the frame is declared.
    """

    home: Link
    column: Link | None
    logo: str
    links: tuple[Link, ...]
    header: Fragment | None
    footer: Fragment | None
    tags: tuple[tuple[str, str], ...]
    programs: tuple[Program, ...]
    folder: Path
    folder_name: str
    place: Place

    @property
    def fragments(self) -> tuple[Fragment, ...]:
        """The HTML of head and foot."""
        return tuple(filter(None, (self.header, self.footer)))

    @property
    def scripts(self) -> tuple[str, ...]:
        """The addresses of other sites from which pages load a script."""
        return tuple(program.address for program in self.programs if program.address)

    @property
    def sources(self) -> tuple[str, ...]:
        """What pages may load of other sites, as a policy names it, each once."""
        return tuple(dict.fromkeys(source for _, source in self.allowed()))

    def allowed(self) -> Iterator[tuple[str, str]]:
        """Yield what pages may load of other sites: pairs of a directive of the policy and a source for it."""
        for program in self.programs:
            if program.address:
                yield "script-src", source_of(program.address)
            for directive, addresses in program.loads.items():
                yield from ((directive, source_of(address)) for address in addresses)


def source_of(address: str) -> str:
    """Return what of *address* a policy compares: it knows no queries, and a path that ends with / means all below."""
    parts = urlsplit(address)
    host = (parts.hostname or "").encode("idna").decode()
    port = f":{parts.port}" if parts.port is not None else ""
    return f"https://{host}{port}{quote(parts.path or '/', safe='/%:@!()*+=~')}"


def _secure(reader: Reader, node: yaml.Node, subject: str) -> str | None:
    address = reader.address(node, subject)
    if address is None:
        return None
    try:
        plain = _HOST.fullmatch(source_of(address)) is not None
    except UnicodeError:
        plain = False
    if not plain:
        reader.fault(node, f"{subject}里的网站名有误，实际为{shown(address)}；请照实际的网址改正")
        return None
    if not address.startswith("https://"):
        advice = "请向提供程序的单位要加密的网址，不加密的谁都能在路上改"
        reader.fault(node, f"{subject}应以 https:// 开头，实际为{shown(address)}；{advice}")
        return None
    return address


def _file_kind(kinds: frozenset[str]) -> Value[str]:
    def read(reader: Reader, node: yaml.Node, subject: str) -> str | None:
        name = reader.text(node, subject)
        if name is None:
            return None
        if not _FILE.fullmatch(name) or name.rpartition(".")[2] not in kinds:
            expected = f"{FOLDER} 文件夹里的文件名，用英文字母和数字，以 .{'、.'.join(sorted(kinds))} 结尾"
            reader.fault(node, f"{subject}应为 {expected}，实际为{shown(name)}；请改名")
            return None
        return name

    endings = "|".join(sorted(kinds))
    return Value(read, {"type": "string", "pattern": f"^[A-Za-z0-9][A-Za-z0-9_-]*\\.({endings})$"})


# Names of Latin words that begin with a capital, as government portals call theirs (国办发〔2017〕47号), codes by which
# search engines know a site's owner, and what browsers of two engines are told. What browsers and search engines
# act on otherwise, as robots and referrer, would change or hide the site, and is not among them.
_TAG = re.compile(
    r"[A-Z][A-Za-z0-9]*|(?:[a-z0-9]+[-_])*(?:verification|verify)(?:[-_](?:code|v1))?|msvalidate\.01|renderer"
)
# Those that stand in ``theme/partials/metadata.html``.
_OURS = frozenset(SITE_TAGS) | {
    *("ArticleTitle", "PubDate", "ContentSource", "Keywords", "Description", "Url"),
    *("ColumnName", "ColumnType", "ColumnKeywords", "ColumnDescription"),
}


def _tag_name(reader: Reader, node: yaml.Node, subject: str) -> str | None:
    name = reader.text(node, subject)
    if name is None or (_TAG.fullmatch(name) and name not in _OURS):
        return name
    said = "由程序写出" if name in _OURS else "不在其中，可能会改变或藏起网页"
    wanted = "门户网站自己的标签（大写字母开头）或网站验证码的标签，如 baidu-site-verification"
    reader.fault(node, f"{subject}应为{wanted}，{shown(name)}{said}；请删去")
    return None


_SECURE = Value(_secure, {"type": "string", "pattern": "^https://[^\\s]+$"}, free=True)
_NAME = Field("name", "名称", TEXT)
_ADDRESS = Field("address", "网址", ADDRESS)
_LINK = (_NAME, _ADDRESS)
_IN_FOLDER = f"放在 data/{FOLDER} 里"

HOME = Field("home", "门户网站", Fields("门户网站", required=_LINK), "门户网站的名称和首页网址")
COLUMN = Field("column", "上级栏目", Fields("上级栏目", required=_LINK), "年报所在的栏目，如政府信息公开，及其网址")
LOGO = Field("logo", "标志", _file_kind(PICTURES), f"标志的图片文件，{_IN_FOLDER}")
LINKS = Field("links", "导航", Items(Fields("导航", required=_LINK), _MOST), "页头里的链接")
HEADER = Field("header", "页头", _file_kind(frozenset({"html"})), f"页头的 HTML 文件，{_IN_FOLDER}")
FOOTER = Field("footer", "页脚", _file_kind(frozenset({"html"})), f"页脚的 HTML 文件，{_IN_FOLDER}")

_SOURCES = tuple(
    Field(name, f"{words}的网址", Items(_SECURE, _MOST), f"程序还要访问的{words}的网址；以 / 结尾的，其下的都可以")
    for name, (_, words) in LOADED.items()
)
_PROGRAM_ADDRESS = Field("address", "程序的网址", _SECURE, "程序的网址；与 file 只写一项")
_PROGRAM_FILE = Field(
    "file", "程序的文件", _file_kind(frozenset({"js"})), f"程序的文件，{_IN_FOLDER}；与 address 只写一项"
)
_REASON = Field("reason", "理由", TEXT, "为什么要载入，如省政府办公厅统一的访问统计")
_LOADS = Field("loads", "程序要访问的网址", Fields("程序要访问的网址", optional=_SOURCES), "程序自己还要访问的网址")
_TAG_NAME = Field("name", "标签的名称", Value(_tag_name, {"type": "string", "pattern": f"^({_TAG.pattern})$"}))
_CONTENT = Field("content", "标签的内容", TEXT)
TAGS = Field(
    "tags", "标签", Items(Fields("标签", required=(_TAG_NAME, _CONTENT)), _MOST), "写在每页开头的标签，如网站验证码"
)
SCRIPTS = Field(
    "scripts",
    "程序",
    Items(Fields("程序", required=(_REASON,), optional=(_PROGRAM_ADDRESS, _PROGRAM_FILE, _LOADS)), _MOST),
    "每一页都载入的程序，如访问统计、无障碍工具",
)

# The file data/frame.yml.
FRAME = Fields("门户框架", required=(HOME,), optional=(COLUMN, LOGO, LINKS, HEADER, FOOTER, TAGS, SCRIPTS))


def read_frame(path: Path, name: str, findings: Findings) -> Frame | None:
    """Return the frame in the file at *path*, or None where there is none or after recording what is wrong with it."""
    root = open_file(path, name, findings) if path.exists() else None
    return None if root is None else frame_of(root, path.parent / FOLDER, name, findings)


def frame_of(root: yaml.Node, folder: Path, name: str, findings: Findings) -> Frame | None:
    """Return the frame that *root* writes, whose files lie in *folder*, or None after recording what is wrong."""
    before = len(findings)
    record = FRAME.open(root, Reader(name, findings))
    above = name.rpartition("/")[0]
    files = _Files(folder, f"{above}/{FOLDER}" if above else FOLDER, findings)
    home = _link(record.read(HOME))
    links = record.read(LINKS) or ()
    frame = Frame(
        home=home or Link(name="", address=""),
        column=_link(record.read(COLUMN)),
        logo=files.named(record, LOGO),
        links=tuple(link for one in links if (link := _link(one)) is not None),
        header=files.fragment(record, HEADER),
        footer=files.fragment(record, FOOTER),
        tags=tuple((tag.read(_TAG_NAME) or "", tag.read(_CONTENT) or "") for tag in record.read(TAGS) or ()),
        programs=tuple(_programs(record.read(SCRIPTS), files)),
        folder=folder,
        folder_name=files.name,
        place=record.place,
    )
    return None if len(findings) > before else frame


class _Files:
    """The files beside the declaration, each asked for once where it is named; messages call their folder *name*."""

    def __init__(self, folder: Path, name: str, findings: Findings) -> None:
        self.name = name
        self._folder = folder
        self._findings = findings

    def named(self, record: Record, field: Field[str]) -> str:
        """Return the name of the file that *field* gives, or nothing where there is none that can be used."""
        name = record.read(field)
        if name is None:
            return ""
        node = record.nodes[field.name]
        try:
            size = size_of(self._folder / name)
        except OSError as error:
            record.reader.fault(node, f"{field.title}用的 {self.name}/{name} 读不了（{reason(error)}）；请补上文件")
            return ""
        if size > LARGEST:
            record.reader.fault(node, f"{field.title}用的 {self.name}/{name} 超过 {LARGEST} 字节；请缩小")
            return ""
        return name

    def fragment(self, record: Record, field: Field[str]) -> Fragment | None:
        """Return the HTML of the file that *field* gives."""
        name = self.named(record, field)
        if not name:
            return None
        file = f"{self.name}/{name}"
        text = read_text(self._folder / name, file, self._findings)
        return None if text is None else Fragment(file=file, html=text.strip())


def _link(record: Record | None) -> Link | None:
    if record is None:
        return None
    name, address = record.read(_NAME), record.read(_ADDRESS)
    return Link(name=name, address=address) if name is not None and address is not None else None


def _programs(records: tuple[Record, ...] | None, files: _Files) -> Iterator[Program]:
    for record in records or ():
        if record.has(_PROGRAM_ADDRESS) == record.has(_PROGRAM_FILE):
            record.reader.fault(record.node, "程序应写 address（网址）或 file（文件）中的一项；请补上或删去一项")
            continue
        loads = record.read(_LOADS)
        asked = {LOADED[source.name][0]: loads.read(source) or () for source in _SOURCES} if loads else {}
        yield Program(
            reason=record.read(_REASON) or "",
            address=record.read(_PROGRAM_ADDRESS) or "",
            file=files.named(record, _PROGRAM_FILE),
            loads=MappingProxyType(asked),
        )
