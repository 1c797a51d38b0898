"""Files below the folder of pages: which may be published, and which are left-overs or stand where the program's do."""

from __future__ import annotations

import os
import posixpath
import re
import stat
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag

from lxml.etree import XMLParser, XMLSyntaxError, fromstring

from nianbao.pages import office_files
from nianbao.reading.characters import misread
from nianbao.reading.disk import read_bytes, reason
from nianbao.reading.findings import Finding, Place
from nianbao.reading.legible import visible
from nianbao.reading.source import MAXIMUM_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from lxml.etree import _Element

    from nianbao.pages.session import Session

# Kinds that readers may be given. What a browser would carry out, as pages, scripts and XML, is not among them,
# nor are documents with macros and programs.
KINDS = frozenset(
    [
        *("png", "jpg", "jpeg", "gif", "webp", "svg"),
        *("pdf", "ofd"),
        *("doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "dps", "odt", "ods", "odp", "rtf"),
        *("csv", "txt", "json", "zip"),
    ]
)
_NAMED = "图片、PDF、OFD、办公文档、CSV、TXT、JSON 和 ZIP"
# Where the program writes files of its own; a page or file there would take the place of one.
_FOLDERS = frozenset({"assets", "search", "downloads", "latest"})
_FILES = re.compile(
    r"404\.html|sitemap\.xml(?:\.gz)?|feed\.xml|search\.json|objects\.inv|(?:19|20)[0-9]{2}/picture\.(?:svg|png)|compare/[a-z]+\.svg"
)
_YEAR_DOWNLOADS = re.compile(r"(?:19|20)[0-9]{2}/downloads/")

_TAKEN = "这个位置是程序自己的文件用的；请改名或移到别处"

# What programs leave beside a document while it is open or after they failed.
_LEFTOVER = re.compile(
    r"~\$.*|.*~|~wrl.*|.*\.(?:bak|tmp|wbk|asd|xlk|swp|swo|orig|rej|part|crdownload|download|lnk|url)", re.IGNORECASE
)
# What asks for a file by its name, without a link: search engines and browsers.
_ASKED_FOR = frozenset({"robots.txt", "favicon.ico"})

# Drawings are shown by themselves too, and browsers then carry out what is in them.
_DRAWINGS = re.compile(
    "svg|g|path|rect|circle|ellipse|line|polyline|polygon|text|tspan|title|desc|defs|linearGradient|radialGradient|stop"
    "|clipPath|mask|pattern|marker|symbol|use"
)
# A backslash can spell any of these otherwise.
_LOADED = re.compile(
    r"url\(\s*[\"']?\s*(?!#)[^\s)]|@import|expression|(?:image(?:-set)?|src|cross-fade)\(|\\", re.IGNORECASE
)
# Programs write what they are called in a comment, in Latin letters; what people write is not for the public.
_REMARK = re.compile("<!--(?:(?!-->).)*?[\u3400-\u9fff]", re.DOTALL)
_SVG = "{http://www.w3.org/2000/svg}"
_MAXIMUM_DRAWING = 2_000_000


def attachments(session: Session) -> Iterator[str]:
    """Yield the paths of files below docs that are no pages, and of links; engines look into no folder with a dot."""
    for folder, folders, files in os.walk(session.docs):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        below = Path(folder).relative_to(session.docs)
        linked = [name for name in folders if Path(folder, name).is_symlink()]
        for name in sorted([*files, *linked]):
            page = name.endswith(".md") and not Path(folder, name).is_symlink()
            if not name.startswith(".") and not page:
                yield (below / name).as_posix()


def closed(session: Session) -> Iterator[Finding]:
    """Yield the folders below docs that this process may not read: what is in them would be left out in silence."""
    errors: list[OSError] = []
    for _, folders, _ in os.walk(session.docs, onerror=errors.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
    for error in errors:
        if isinstance(error, FileNotFoundError) and not session.docs.exists():
            said = "没有这个存放页面的文件夹；请改正 mkdocs.yml 的 docs_dir，或把文件夹改回原名"
            yield Finding(Place(session.file("")), said)
            continue
        path = Path(str(error.filename)).relative_to(session.docs).as_posix()
        yield Finding(_place(session, path), f"文件夹无法读取（{reason(error)}）；请改正权限，不公布的请移出 docs")


def refused(session: Session, pages: Iterable[str], left_out: Callable[[str], bool]) -> Iterator[Finding]:
    """Yield the files below docs, *pages* among them, that must not be published, each with the reason.

    What is *left_out* of the site by its path may be of any kind.
    """
    for page in sorted(pages):
        if (hidden := _hidden(page)) is not None:
            yield Finding(_place(session, page), hidden)
        if _taken(page.removesuffix(".md") + ".html"):
            yield Finding(Place(session.file(page)), _TAKEN)
    yield from closed(session)
    for path in attachments(session):
        message = _refused(session.docs / path, path, left_out) or _hidden(path)
        if message is not None:
            yield Finding(_place(session, path), message)


def unlinked(
    session: Session, addresses: Mapping[str, Iterable[str]], settings: Path, left_out: Callable[[str], bool]
) -> Iterator[Finding]:
    """Yield the files below docs that nothing shows, but for what is *left_out* of the site by its path.

    *addresses* are those on each page, by its path; the file of *settings* may name a picture for the theme.
    """
    named_there = _text(settings)
    shown = {
        posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(urldefrag(address)[0].partition("?")[0])))
        for page, named in addresses.items()
        for address in named
    }
    for path in attachments(session):
        known = path in shown or path in _ASKED_FOR or path in named_there or left_out(path)
        if known or _refused(session.docs / path, path, left_out) is not None:
            continue
        message = "没有页面链接这个文件，放在这里就会公开；要公开的请在页面里链接，不公开的请移出 docs"
        yield Finding(_place(session, path), message)


def _text(file: Path) -> str:
    """Return the text of *file*, or nothing where it has none, which those tell who read it for what it says."""
    try:
        return read_bytes(file, MAXIMUM_BYTES).decode()
    except (OSError, UnicodeDecodeError):
        return ""


def _refused(file: Path, path: str, left_out: Callable[[str], bool]) -> str | None:
    """Return why the *file* at *path* below docs must not be published, or None."""
    name = path.rpartition("/")[2]
    kind = name.rpartition(".")[2].lower() if "." in name else ""
    try:
        found = file.lstat()
    except OSError as error:
        return f"文件无法读取（{reason(error)}）；请检查文件和权限"
    if _LEFTOVER.fullmatch(name):
        message: str | None = "这是软件留下的临时文件或备份；请关闭软件后删去"
    elif stat.S_ISLNK(found.st_mode):
        message = "这是指向别处的链接，不是文件；请换成文件本身"
    elif not stat.S_ISREG(found.st_mode):
        message = "这不是普通文件；请移走"
    elif _taken(path):
        message = _TAKEN
    elif left_out(path):
        message = None
    elif kind not in KINDS and path not in _ASKED_FOR:
        message = f"不能公布这种文件{f'（.{kind}）' if kind else ''}；可以公布{_NAMED}，请换成其中一种，或移出 docs"
    elif kind == "svg":
        message = drawing_problem(file, found.st_size)
    else:
        message = office_files.unseen_part(file) if kind in office_files.KINDS else None
    return message


def _taken(path: str) -> bool:
    """Say whether the program writes a file of its own where *path* would stand in the site."""
    folded = path.lower()  # Some disks do not tell the cases apart.
    top = folded.partition("/")[0] if "/" in folded else ""
    return top in _FOLDERS or _FILES.fullmatch(folded) is not None or _YEAR_DOWNLOADS.match(folded) is not None


def drawing_problem(file: Path, size: int) -> str | None:
    """Return what a browser would carry out or load in the SVG at *file*, or None."""
    advice = "请用绘图软件另存为“普通 SVG”，或换成 PNG"
    if size > _MAXIMUM_DRAWING:
        return f"SVG 图形超过 {_MAXIMUM_DRAWING} 字节；请换成 PNG"
    data = file.read_bytes()
    try:
        root = fromstring(
            data, XMLParser(no_network=True, resolve_entities=False, load_dtd=False, remove_comments=True)
        )
    except (XMLSyntaxError, ValueError):
        return f"不是完好的 SVG 图形；{advice}"
    about = root.getroottree().docinfo
    text = data.decode(about.encoding or "utf-8", "replace")
    if about.internalDTD is not None or "<?xml-" in text or root.tag != f"{_SVG}svg":
        return f"不是普通的 SVG 图形；{advice}"
    if _REMARK.search(text):
        return f"SVG 里有注释，谁都看得到；请删去，或{advice.removeprefix('请')}"
    held = next(filter(None, map(_carried_out, root.iter())), None)
    return f"SVG 里不能有 {held}；{advice}" if held else None


def _carried_out(element: _Element) -> str | None:
    """Return what a browser would carry out or load of an *element* of a drawing, or None."""
    tag = str(element.tag)
    if not tag.startswith(_SVG) or not _DRAWINGS.fullmatch(tag.removeprefix(_SVG)):
        return f"<{tag.rpartition('}')[2]}>"
    for name, value in element.items():
        named = str(name).rpartition("}")[2].lower()
        leads = named == "href" and not str(value).strip().startswith("#")
        if named.startswith("on") or named == "base" or leads or _LOADED.search(str(value)):
            return named
    return None


def _place(session: Session, path: str) -> Place:
    """Return the place of the file at *path*, a link as itself."""
    folder, name = posixpath.split(path)
    return Place(posixpath.join(session.file(folder), name))


def _hidden(path: str) -> str | None:
    """Return what is wrong with the characters of *path*, which readers see as an address and terminals as a line."""
    if visible(path) != path:
        return "文件名里有换行、控制符或不是 UTF-8 的字节；请改名"
    first = next(misread(path), None)
    if first is not None:
        return f"文件名不能使用{first.message}"
    if not unicodedata.is_normalized("NFC", path):  # As macOS writes names; a link typed in another way misses them.
        parts = "、".join(dict.fromkeys(re.findall(".[\u0300-\u036f\u3099\u309a]+", path)))
        return f"文件名里的“{parts or path}”由几个字符拼成（NFD），链接写成一个字符就找不到；请改名重输"
    return None
