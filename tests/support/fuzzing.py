"""Portals damaged by chance, the same for the same seed: what the commands must then do, and whether they did.

Real files are cut, doubled, mixed and sprinkled with what YAML, Jinja, Markdown, HTML and Unicode find hard; folders
get links, pipes, devices, and names that some systems make. No command may show a traceback or go on for ever, every
finding has a place inside its file and a Chinese sentence, what check accepts is built, and what stands in the built
site is what check has judged.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import yaml
from building import ROOT, nianbao
from lxml import etree
from lxml.html import document_fromstring
from nianbao.command.judging import judge_project
from nianbao.command.workers import LIMITS
from nianbao.engines.macros import all_macros
from nianbao.html.page_reader import read_page
from nianbao.model.dataset import FORMS
from nianbao.model.project import OWN_FORMS, project_at
from nianbao.pages.session import Session
from nianbao.rules.judging import remember
from nianbao.verifying.articles import ArticleCheck, expected_articles
from payloads import REFUSED, SHOWN, TITLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

CASES = ROOT / "tests" / "fuzz_cases"
WORK = 120  # seconds of a processor for a command; a build takes some five

# Three years of both forms; the first is frozen, the others may change.
YEARS, FROZEN = (2019, 2020, 2021), 2019

WORDS = {
    "yaml": "&a |*a |!x |!!python/object:os.system |? |- |---\n|...\n|\t|\r\n|[|]|{|}|, |: |%YAML 1.1\n|'|\"|>\n|#",
    "figures": "不详|-1|+3|0x10|1e999|１２|．|1,000|null|~|" + "9" * 30 + "|" + "9" * 5000 + "|1.5|万元|元",
    "keys": "total: true|children: []|blocks: []|rows: []|columns: []|tables: []|kind: count|id: total|typed_by: group",
    "jinja": "{{ |}}|{% |%}|{##|##}|{{ year() }}|{{ year(-1) }}|{{ agency(1) }}|{{ figure(1) }}|{{ figure(*[1,2,3]) }}"
    "|{{ 1/0 }}|{{ a.b }}|{{ page.x }}|{% for i in range(3) %}|{% endfor %}|{% raw %}|{% if year() %}|{% endif %}"
    "|{% include 'docs/2021/index.md' %}|{{ full_text() }}|{{ statutory_table('x') }}|{{ ''.__class__ }}|{{ [1] * 3 }}",
    "markdown": "](|![|**|_|`|```\n|~~~\n|# |## |> |1. 1. 1. |    |- |{: .transcription }|[a]: b\n|*[A]: b\n|---\n",
    "html": "<|</p>|<p>|<div>|<pre>|<!--|-->|<![CDATA[|<![x[|<?|<!|<script>|&#|&#x110000;|<br>|<td>|<li>|<a b='|>",
    "chinese": "，|、|；|。|（一）|一、|共收到|申请5件|同比增长|50%|百分之五|2022年|2024年|其中"
    "|“|”|《|》|〔2021〕|号|：|零|十",
    "characters": "\ue000|\ue001|\ue002|\ue003|\ue00212\ue003|\ufeff|\u200b|\u3000|\u2028|\u0000|\u001b|\r|\u202e|𠀀",
    "entries": "waivers:\n  - {rule: T3-02, place: x, reason: y}\n|blanks_are_zero: true\n"
    "|transcribed: true\n|items: 不详\n"
    "|corrections:\n  - {on: 2024-02-01, reason: x, digest: " + "0" * 64 + "}\n|digest: " + "1" * 64 + "\n",
    "settings": "extra: 3\n|extra: {a: b}\n|INHERIT: ../mkdocs.yml\n|hooks: [a.py]\n|site_name: 2023\n|site_name: [a]\n"
    "|docs_dir: .\n|docs_dir: ..\n|docs_dir: /etc\n|site_dir: docs\n|site_dir: data\n|site_dir: /\n|nav: [a]\n|nav:\n"
    "  - 首页: index.md\n|site_url: http://a b/\n|site_url: javascript:a()\n|site_url: 5\n|copyright: <b>a</b>\n"
    "|copyright: <script>a()</script>\n|repo_url: javascript:a()\n|edit_uri: a\n|remote_branch: a\n|strict: true\n"
    "|use_directory_urls: true\n|theme: readthedocs\n|theme: {name: material, custom_dir: /etc}\n|theme: {name: null}\n"
    "|plugins: []\n|plugins: {search: {}, macros: {}, nianbao: {data: /etc}}\n|markdown_extensions: [admonition]\n"
    "|markdown_extensions: [pymdownx.snippets]\n|markdown_extensions: [toc, toc]\n|markdown_extensions: {toc: 5}\n"
    "|extra_css: [a.css]\n|extra_css: [https://a.example/a.css]\n|extra_javascript: [a.js]\n|exclude_docs: '*'\n"
    "|exclude_docs: '!a'\n|not_in_nav: 5\n|validation: 5\n|validation: {links: ignore}\n|watch: [/]\n|dev_addr: a\n"
    "|site_author: <b>甲</b>\n|site_description: '\"><script>'\n|draft_docs: index.md\n|a: !ENV HOME\n"
    "|site_name: !ENV X\n"
    "|a: !relative $docs_dir\n|site_name: '{{ year() }}'\n|site_name: " + "字" * 5000 + "\n|theme:\n  name: material\n"
    "  palette: {scheme: a}\n|theme: {name: material, logo: /etc/passwd}\n|theme: {name: material, favicon: ../a}\n"
    "|theme: {name: material, icon: {logo: ../../a}}\n|theme: {name: material, language: ../a}\n|plugins:\n  - search\n"
    "  - macros\n  - nianbao\n  - tags\n|plugins:\n  - search: {lang: xx}\n  - macros: {include_dir: /}\n  - nianbao\n",
}
# What a page can hold without harm, so that some damaged pages are built.
SOUND = (
    *("一句话。", "**重点**和*强调*。", "[甲](index.md)", "[乙](2021/full.md)", "> 引文", "1. 甲\n2. 乙", "- 甲\n- 乙"),
    *(
        "| 甲 | 乙 |\n| :-- | --: |\n| 丙 | 1 |",
        "<p>甲</p>",
        "<b>乙</b>",
        "<table><tr><td>甲</td></tr></table>",
        "a < b",
    ),
    *(
        "甲&nbsp;乙",
        "&lt;script&gt;",
        "H<sub>2</sub>O",
        "## 小标题",
        "### 再小 {#a-b}",
        "`代码`",
        "```\n<p>\n```",
        "甲  \n乙",
    ),
    *(
        "[a]: index.md\n\n[甲][a]",
        "![图](gone.png)",
        "<https://www.example.gov.cn/>",
        "\\*甲\\*",
        "{## 说明 ##}",
        "{{ year() }}",
    ),
    *(
        "{{ report_list() }}",
        "{{ figure('requests.received.total') }}",
        "{{ notes() }}",
        "<dl><dt>甲</dt><dd>乙</dd></dl>",
    ),
    *(
        "编者注。\n{ .transcription }",
        "甲<br>乙",
        "<div>\n\n甲\n\n</div>",
        "<small>甲</small>",
        "* * *",
        "甲 & 乙",
        "A.1",
        "#甲",
    ),
    *(
        "    缩进",
        "甲\n===",
        "甲\n---",
        "[^1]\n\n[^1]: 甲",
        "~~甲~~",
        "==甲==",
        "- [ ] 甲",
        "!!! note\n    甲",
        "$a$",
        ":甲:",
    ),
    *(
        "1986\\. 甲",
        "3. 甲\n4. 乙",
        "<甲>",
        "&#20013;",
        "&copy;",
        "甲\u3000乙",
        "<u>甲</u>",
        "<kbd>A</kbd>",
        "“甲”",
        "甲——乙",
    ),
    *(
        "[甲](<index.md>)",
        "[甲](full.md)",
        "![图](index.md)",
        "[![图](a.png)](index.md)",
        "[甲]()",
        "[](index.md)",
    ),
    *(
        "*[甲]: 乙",
        "<abbr>甲</abbr>",
        "<p>乙</p>",
        '<p lang="en">a</p>',
        '<p id="x">甲</p>',
        "1) 甲",
    ),
)
TOKENS = [
    *(word.encode() for words in WORDS.values() for word in words.split("|") if word),
    *(word.encode() for word in (*REFUSED, *SHOWN, *TITLES, *SOUND)),
    *(b"|", b"|a|b|\n|-|-|\n", b"\xff", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", "中".encode()[:2]),
]
# Names that systems, programs and people give.
NAMES = (
    *(
        "甲.md",
        "a.MD",
        "A.md",
        "INDEX.md",
        "index.MD",
        "README.md",
        "index (1).md",
        "1-overview - 副本.md",
        "~$a.docx",
        "a.md~",
    ),
    *(
        ".a.md",
        ".git/a.md",
        "Thumbs.db",
        "desktop.ini",
        ".DS_Store",
        "a.js",
        "a.html",
        "a.svg",
        "a.pdf",
        "a.png",
        "a.exe",
    ),
    *(
        "404.md",
        "assets/a.md",
        "search/a.md",
        "latest/index.md",
        "downloads/a.md",
        "sitemap.xml",
        "feed.xml",
        "robots.txt",
    ),
    *(
        "2021/a.md",
        "2021/full.MD",
        "2021/downloads/a.pdf",
        "2022/index.md",
        "2021/2021/a.md",
        "1800/a.md",
        "２０２１/a.md",
    ),
    *(
        "a\nb.md",
        "a\x1b[31mb.md",
        "a\u202eb.md",
        "a b.md",
        "a%20b.md",
        "a?b.md",
        "a#b.md",
        "a&b.md",
        "a<b>.md",
        "a'\"b.md",
    ),
    *(
        unicodedata.normalize("NFD", "é.md"),
        unicodedata.normalize("NFD", "が.pdf"),
        "\u200b.md",
        " .md",
        "..md",
        "a..md",
    ),
    *(
        "x" * 251 + ".md",
        "字" * 84 + ".md",
        "/".join("d" * 30) + "/a.md",
        "con.md",
        "a:b.md",
        "a\\b.md",
        "a.md.bak",
        "{{ a }}.md",
    ),
    *(
        "main.py",
        "main/__init__.py",
        "conf.md",
        "a.csv",
        "a.json",
        "a.txt",
        "a.zip",
        "a.docx",
        "a.png.exe",
        "a",
        "-a.md",
    ),
)
_INSIDE = ("docs", "docs", "docs", "docs/2021", "data", "data/forms", "data/published", ".")


@dataclass(frozen=True, slots=True)
class Damage:
    """What was done to a portal, in words."""

    about: str


@dataclass(slots=True)
class Tally:
    """What came of all runs; *faults* tell of each that was not as it must be."""

    runs: int = 0
    refused: int = 0
    accepted: int = 0
    built: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the figures in a line."""
        counts = {"runs": self.runs, "refused": self.refused, "accepted": self.accepted, "built": self.built}
        counts |= {kind: self.kinds[kind] for kind in KINDS}
        return ", ".join(f"{name} {count}" for name, count in counts.items())


KINDS = ("traceback", "hang", "useless finding", "accepted but not built", "published but not seen")


def portal_of(folder: Path) -> Path:
    """Make a portal of few years in *folder*."""
    (folder / "data/published").mkdir(parents=True)
    examples = ROOT / "examples"
    for year in YEARS:
        data = (examples / f"data/{year}.yml").read_text(encoding="utf-8")
        if year != FROZEN:
            data = re.sub("^digest: .*\n", "", data, flags=re.MULTILINE)
        (folder / f"data/{year}.yml").write_text(data, encoding="utf-8")
        shutil.copytree(examples / f"docs/{year}", folder / f"docs/{year}")
    for file in ("data/agency.yml", "data/profile.yml", f"data/published/{FROZEN}-1.json", "mkdocs.yml"):
        shutil.copy(examples / file, folder / file)
    for path in (examples / "docs").glob("*.md"):
        shutil.copy(path, folder / "docs")
    shutil.copytree(FORMS, folder / "data" / OWN_FORMS)
    with (folder / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write("site_url: https://www.example.gov.cn/\n")
    return folder


def template(folder: Path) -> Path:
    """Make a portal of few years in *folder*, and build it, so that what others have alike is in its cache."""
    portal_of(folder)
    built = nianbao("build", folder=folder)
    assert built.code == 0, built.printed
    return folder


class Fuzzer:
    """Damages copies of a *template* one after another in *folder*, and looks what the commands do."""

    def __init__(self, original: Path, folder: Path, seed: int) -> None:
        self.tally = Tally()
        self._template = original
        self._known = set().union(*(frame(path.read_text("utf-8")) for path in (original / "site").rglob("*.html")))
        self._folder = folder
        self._seed = seed

    def round(self, number: int, every: int) -> None:
        """Make the portal of a *number* and check it; of those that are accepted, one in *every* so many is built."""
        random = Random(f"{self._seed}/{number}")  # noqa: S311  # to be made again
        portal = self._folder / "portal"
        clear(portal)
        shutil.copytree(self._template, portal, ignore=shutil.ignore_patterns("site"))
        about = list(_damages(random, portal, self._folder))
        engine = random.choice(["mkdocs", "mkdocs", "zensical", "properdocs"])
        told = self.examine(portal, "" if self.tally.accepted % every else engine)
        if told:
            kept = self._folder / f"failed-{number}"
            shutil.copytree(portal, kept, symlinks=True, ignore=shutil.ignore_patterns("site", ".cache", "*pipe*"))
            self.tally.kinds.update({kind for kind, _ in told})
            faults = "\n".join(f"{kind}: {fault}" for kind, fault in told[:5])
            self.tally.faults.append(f"round {number}, kept in {kept}: {'; '.join(about)}\n{faults}")

    def examine(self, portal: Path, engine: str) -> list[tuple[str, str]]:
        """Return what is not as it must be of *portal*: check it, and build it with *engine*, if one is named."""
        tally = self.tally
        tally.runs += 1
        done = nianbao("check", "--format", "json", folder=portal, work=WORK)
        failed = _ended(done.code, done.printed)
        if failed is not None:
            return [failed]
        found: list[tuple[str, str]] = []
        if done.code == 0 or done.printed.startswith("{"):
            answer = json.loads(done.printed)
            for finding in answer["findings"]:
                said = useless(finding, portal)
                if said:
                    found.append(("useless finding", f"{said}: {finding}"))
        elif not re.search("[一-鿿]", done.printed):
            found.append(("useless finding", done.printed))
        if done.code:
            tally.refused += 1
            return found
        tally.accepted += 1
        return found + (list(self._built(portal, engine)) if engine else [])

    def _built(self, portal: Path, engine: str) -> Iterator[tuple[str, str]]:
        done = nianbao("build", "--engine", engine, folder=portal, work=WORK)
        failed = _ended(done.code, done.printed)
        self.tally.built += 1
        if failed is not None:
            yield failed
        elif done.code:
            if "还没有公布的报告" not in done.printed:
                yield "accepted but not built", f"{engine}: {done.printed}"
        else:
            for said in self.unseen(portal):
                yield "published but not seen", f"{engine}: {said}"

    def unseen(self, portal: Path) -> Iterator[str]:
        """Yield what stands in the site of *portal* that a check of its own does not judge."""
        project, site = project_at(portal), portal / "site"
        settings = yaml.load((portal / "mkdocs.yml").read_text("utf-8-sig"), yaml.BaseLoader)  # noqa: S506  # texts alone
        dataset, judged = judge_project(project)
        session = Session(
            dataset=dataset,
            root=portal,
            data=project.data,
            docs=project.docs,
            drafts=False,
            page=lambda: "",
            site_url=settings.get("site_url", ""),
            notice=project.notice,
        )
        remember(session, judged)
        articles = expected_articles(session, judged, all_macros)
        check = ArticleCheck(articles, str(settings.get("site_name", "")))
        yield from map(str, articles.findings)
        for path in sorted(path for path in site.rglob("*") if path.is_file()):
            name = path.relative_to(site).as_posix()
            if path.is_symlink():
                yield f"{name} is a link"
            if path.suffix == ".html":
                text = path.read_text(encoding="utf-8")
                yield from map(str, check.page(name, read_page(text)))
                yield from (f"{name} has {found}" for found in sorted(frame(text) - self._known))


def _ended(code: int, printed: str) -> tuple[str, str] | None:
    if code < 0:
        return "hang", f"ended by signal {-code}: {printed[-2000:]}"
    if f"超过 {LIMITS.work} 秒" in printed:  # of work; its other limit is one of the clock
        return "hang", printed[-2000:]
    if "Traceback" in printed or code > 2:  # wrong use
        return "traceback", printed[-4000:]
    return None


def useless(finding: dict[str, Any], portal: Path) -> str:
    """Return why people could not use a *finding* that check printed as JSON, or nothing where they can."""
    message, place = finding["message"], finding["file"]
    told = f"{message}{finding['place']}"
    if not re.search("[一-鿿]", message):
        return "no Chinese"
    if re.search(r"Traceback|site-packages|\n", told) or str(portal) in f"{finding}" or Path(place).is_absolute():
        return "tells of the machine"
    return "too long" if len(told) > _LONGEST else _misplaced(finding["line"], finding["column"], portal / place)


def _misplaced(number: int, column: int, path: Path) -> str:
    """Return what is wrong with a place in the file at *path*, or nothing."""
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return "" if (number, column) == (1, 1) else "place in no file"
        lines = re.split(r"\r\n|\r|\n", path.read_bytes().decode("utf-8-sig", "replace"))
    except (OSError, ValueError):  # A name that no system takes.
        return ""
    if not 1 <= number <= len(lines):
        return "line beyond the file"
    line = lines[number - 1]
    # Bytes that are no UTF-8 have no columns.
    return "" if 1 <= column <= len(line) + 1 or "\ufffd" in line else "column beyond the line"


# More characters than anybody reads, more bytes than anybody opens.
_LONGEST, _LARGEST = 5000, 10_000_000


def frame(page: str) -> set[str]:
    """Return what stands outside the article of a whole *page*: each element with its attributes, what it loads."""
    root = document_fromstring(page)
    for article in list(root.iter("article")):
        article.drop_tree()
    found = set()
    for element in root.iter(etree.Element):
        names = sorted(name for name in map(str, element.attrib) if not name.startswith(_SAYING))
        found.add(f"<{element.tag} {' '.join(names)}>")
        loads = element.get("src", "") or (element.get("href", "") if element.tag == "link" else "")
        if "assets/" not in loads and element.get("rel") not in _LEADING and not loads.endswith(_OWN_FILES):
            found.add(loads)
        scheme, colon, _ = element.get("href", "").partition(":")
        found.add(scheme if colon else "")
    return found


# In these engines differ (see CONTRIBUTING.md).
_SAYING = ("aria-", "role", "data-")
_LEADING = {"canonical", "prev", "next", "alternate"}
_OWN_FILES = ("feed.xml",)


def _damages(random: Random, portal: Path, outside: Path) -> Iterator[str]:
    """Damage *portal*, and yield what was done; most of every second one is without harm."""
    if random.random() < 0.5:  # half of them
        for _ in range(random.randint(1, 3)):
            yield _sentence(random, portal)
        if random.random() < 0.7:  # most of these
            return
    ways: Sequence[Callable[[Random, Path, Path], str]] = (_file, _file, _file, _settings, _name, _special)
    for _ in range(random.choice([1, 1, 2, 3])):
        yield random.choice(ways)(random, portal, outside)


def _sentence(random: Random, portal: Path) -> str:
    """Put what may stand in a page between two blocks of one."""
    pages = [path for path in _files(portal) if path.suffix == ".md" and f"/{FROZEN}/" not in path.as_posix()]
    path = random.choice([*pages, *(portal / "docs").glob("*.md")])
    blocks = path.read_text(encoding="utf-8", errors="surrogateescape").split("\n\n")
    added = random.choice(SOUND)
    blocks.insert(random.randint(1, len(blocks)), added)
    path.write_text("\n\n".join(blocks), encoding="utf-8", errors="surrogateescape")
    return f"{path.relative_to(portal)} gets {added!r}"


def _file(random: Random, portal: Path, _: Path) -> str:
    """Damage the bytes of a file."""
    files = _files(portal)
    path, other = random.choice(files), random.choice(files)
    if random.random() < 0.1:  # some were never files of ours
        content = b"".join(random.choices(TOKENS, k=random.randint(0, 40)))
        path.write_bytes(content)
        return f"{path.relative_to(portal)} is replaced"
    content = path.read_bytes()
    done = []
    for _number in range(random.randint(1, 4)):
        kind = random.choice(["insert", "insert", "insert", "delete", "double", "flip", "line", "mix"])
        start = random.randint(0, len(content))
        end = start + random.choice([1, 1, 3, 10, 100, 1000])
        token = random.choice(TOKENS) * random.choice([1, 1, 1, 2, 50])
        if kind == "flip":
            token = random.randbytes(random.randint(1, 8))
        content = _damaged(content, other.read_bytes(), kind, start, end, token)
        done.append(
            f"{kind} {token[:60]!r} at {start}" if kind in {"insert", "flip", "line"} else f"{kind} {start}:{end}"
        )
    path.write_bytes(content)
    return f"{path.relative_to(portal)}: {', '.join(done)}"


def _damaged(content: bytes, other: bytes, kind: str, start: int, end: int, token: bytes) -> bytes:  # noqa: PLR0913, PLR0917  # as is
    """Return *content* with one change of a *kind*; *other* is the file that may be mixed in."""
    match kind:
        case "insert" | "flip":
            return content[:start] + token + content[start if kind == "insert" else start + len(token) :]
        case "delete":
            return content[:start] + content[end:]
        case "double":
            return content[:start] + content[start:end] * 3 + content[end:]
        case "line":
            lines = content.split(b"\n")
            at = content.count(b"\n", 0, start)
            return b"\n".join([*lines[:at], token + lines[(at + end) % len(lines)], *lines[at:]])
        case _:
            return content[:start] + other[start:end] + content[start:]


def _settings(random: Random, portal: Path, _: Path) -> str:
    """Add a line to the settings, or put one in the place of another."""
    path = portal / "mkdocs.yml"
    added = random.choice(WORDS["settings"].split("|"))
    try:
        text = path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return "no settings"
    key = added.partition(":")[0]
    if random.random() < 0.7:  # else the key stands twice
        text = re.sub(rf"^{re.escape(key)}:.*\n(?:[ -].*\n)*", "", text, flags=re.MULTILINE)
    path.write_bytes((text + added).encode("utf-8", "surrogateescape"))
    return f"mkdocs.yml gets {added[:80]!r}"


def _name(random: Random, portal: Path, _: Path) -> str:
    """Add a file with a name that some system or program gives."""
    name = random.choice(NAMES)
    path = portal / random.choice(_INSIDE) / name
    content = random.choice(
        [b"", b"# a\n\nb\n", b"---\ntitle: a\n---\n", b"<svg onload='a()'/>", random.choice(TOKENS)]
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        return f"no {name[:80]!r}: {error.strerror}"
    if random.random() < 0.5 and path.is_relative_to(portal / "docs"):  # half of them
        page = portal / "docs/index.md"
        if page.is_file() and not page.is_symlink():
            with page.open("ab") as file:
                file.write(f"\n\n[甲]({path.relative_to(portal / 'docs').as_posix()})\n".encode())
    return f"{path.relative_to(portal).as_posix()[:120]!r} is added with {content[:40]!r}"


def _special(random: Random, portal: Path, outside: Path) -> str:
    """Put something else than a file in the place of a file, a folder in that of another, or take one away."""
    folders = [path for path in portal.rglob("*") if path.is_dir() and ".cache" not in path.parts]
    added = [portal / "docs/a.pdf", portal / "docs/a.md", portal / "data/2022.yml"]
    path = random.choice([*_files(portal), *folders, *added])
    kind = random.choice(sorted(_SPECIAL))
    secret = outside / "secret.txt"
    secret.write_text("秘密不公开。\n", encoding="utf-8")
    other = random.choice([*_files(portal), secret, outside, Path("/etc"), Path("/etc/passwd")])
    try:
        if kind != "closed":
            clear(path)
        _SPECIAL[kind](path, other)
    except OSError as error:
        return f"no {kind} at {path.relative_to(portal)}: {error.strerror}"
    return f"{path.relative_to(portal)}: {kind}{f' {other}' if kind == 'other' else ''}"


def _huge(path: Path, _: Path) -> None:
    with path.open("wb") as file:
        file.truncate(20_000_000_000)


_SPECIAL: Mapping[str, Callable[[Path, Path], object]] = {
    "itself": lambda path, _: path.symlink_to(path.name),
    "up": lambda path, _: path.symlink_to(".."),
    "zero": lambda path, _: path.symlink_to("/dev/zero"),
    "other": lambda path, other: path.symlink_to(other),
    "pipe": lambda path, _: os.mkfifo(path),
    "folder": lambda path, _: path.mkdir(),
    "empty": lambda path, _: path.write_bytes(b""),
    "huge": _huge,
    "long": lambda path, _: path.write_bytes("一句话。\n".encode() * 60_000),
    "gone": lambda _, __: None,
    "closed": lambda path, _: path.chmod(0),
}


def _files(portal: Path) -> list[Path]:
    """Return the plain files of *portal*, all sections of a form alike."""
    found = (path for path in portal.rglob("*") if ".cache" not in path.parts and "site" not in path.parts)
    return sorted(path for path in found if not path.is_symlink() and path.is_file() and path.stat().st_size < 10**6)


def clear(path: Path) -> None:
    """Take away what is at *path*, whatever it is."""
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)


def replaced(portal: Path, files: Iterable[tuple[str, bytes]]) -> Path:
    """Return *portal* with *files* in the place of its own."""
    for name, content in files:
        (portal / name).parent.mkdir(parents=True, exist_ok=True)
        (portal / name).write_bytes(content)
    return portal
