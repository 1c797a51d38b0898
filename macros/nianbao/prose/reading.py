"""Reads the pages of a year, each once: macros, Markdown, and the tree from which all others take its words."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import markdown

from nianbao.pages import contents
from nianbao.pages.lists import FULL_TEXT_PAGE
from nianbao.pages.macros import page_macros
from nianbao.pages.session import FRONT_MATTER, AuthorError, Session, UnavailableError, front_matter
from nianbao.pages.sources import read_page
from nianbao.prose import marks
from nianbao.prose.extraction import page_text
from nianbao.prose.macros import MACROS, Belongs
from nianbao.prose.markup import judge
from nianbao.prose.passages import Page, PageText, YearText
from nianbao.prose.template import Call, Text, literal, parse
from nianbao.prose.tree import NestedError, grow
from nianbao.prose.unread import definitions, unread
from nianbao.reading.characters import escaped, misread

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from nianbao.cache.kept import Kept
    from nianbao.model.dataset import Dataset
    from nianbao.model.report import Report
    from nianbao.prose.markup import Address
    from nianbao.prose.template import Template
    from nianbao.reading.findings import Finding

_EXTENSIONS = ("attr_list", "tables", "fenced_code")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Year:
    """What was read of the pages of one year; see the attributes of `PageReader`."""

    text: YearText | None
    findings: tuple[Finding, ...]
    addresses: Mapping[str, tuple[Address, ...]]
    html: Mapping[str, str]
    pages: Mapping[str, PageText]


class PageReader:
    """Reads pages of *dataset*, which lie in the folder *docs*. Their mistakes are collected in `findings`."""

    def __init__(self, dataset: Dataset, root: Path, data: Path, docs: Path) -> None:
        self._path = ""
        self.addresses: dict[str, tuple[Address, ...]] = {}  # What each page that could be laid out links to.
        self.html: dict[str, str] = {}  # Such pages with marks, without what others than these macros draw.
        self.pages: dict[str, PageText] = {}  # Those without mistakes, by their path below docs.
        self.session = Session(dataset=dataset, root=root, data=data, docs=docs, drafts=False, page=lambda: self._path)
        self.functions = page_macros(self.session)
        self._markdown = markdown.Markdown(extensions=[*_EXTENSIONS])

    @contextlib.contextmanager
    def at(self, path: str) -> Iterator[None]:
        """Let macros draw for the page at *path*."""
        before, self._path = self._path, path
        try:
            yield
        finally:
            self._path = before

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the pages that were read."""
        return self.session.findings.sorted()

    def year(self, report: Report, kept: Kept | None = None) -> YearText | None:
        """Return what the pages of *report* say, or None where it has none; *kept* may know it."""
        read = (
            self._read_year(report)
            if kept is None
            else kept.value("text", report.year, lambda: self._read_year(report))
        )
        self.session.drafts = report.status == "draft"
        self.session.findings.extend(read.findings)
        self.addresses.update(read.addresses)
        self.html.update(read.html)
        self.pages.update(read.pages)
        return read.text

    def _read_year(self, report: Report) -> _Year:
        """Return what is read of the pages of *report*, and of nothing else."""
        reader = PageReader(self.session.dataset, self.session.root, self.session.data, self.session.docs)
        text = reader._whole_year(report)
        return _Year(
            text=text,
            findings=reader.findings,
            addresses=MappingProxyType(reader.addresses),
            html=MappingProxyType(reader.html),
            pages=MappingProxyType(reader.pages),
        )

    def _whole_year(self, report: Report) -> YearText | None:
        folder = self.session.docs / str(report.year)
        if not folder.is_dir():
            return None
        self.session.drafts = report.status == "draft"
        names = sorted(path.name for path in folder.iterdir() if path.suffix == ".md" and not path.is_dir())
        texts = {name: self._read(f"{report.year}/{name}", name) for name in names}
        for text in filter(None, texts.values()):
            for found in unread(text):
                self.session.findings.add(text.page.place(found.at), found.message)
        full = texts.pop(FULL_TEXT_PAGE, None)  # It repeats the others.
        known = {name: text for name, text in texts.items() if text is not None}
        complete = len(known) == len(texts) and (full is not None or FULL_TEXT_PAGE not in names)
        return YearText(year=report.year, form=report.form, pages=MappingProxyType(known), full=full, complete=complete)

    def page(self, report: Report, name: str) -> PageText | None:
        """Return the one page *name* of *report*, or None where it is missing or at fault."""
        self.session.drafts = report.status == "draft"
        path = f"{report.year}/{name}"
        return self._read(path, name) if (self.session.docs / path).is_file() else None

    def judge(self, path: str) -> None:
        """Find the mistakes of the page at *path* below docs, which belongs to no year."""
        self.session.drafts = False
        self._read(path, path)

    def _read(self, path: str, name: str) -> PageText | None:
        """Return the page at *path* below docs, or None after recording why it cannot be shown."""
        session = self.session
        whole = read_page(session.docs / path, session.file(path), session.findings)
        return None if whole is None else self.text(path, name, whole)

    def text(self, path: str, name: str, whole: str) -> PageText | None:
        """Return the page at *path* as it is with *whole* for its text, or None after recording what is wrong."""
        self._path = path
        session = self.session
        before = len(session.findings)
        file = session.file(path)
        whole = marks.without_private(whole)
        front = FRONT_MATTER.match(whole)
        start = front.end() if front else 0
        plain = front_matter(whole).get("render_macros") is False
        template = (literal if plain else parse)(whole[start:], start)
        calls = tuple(part for part in template.parts if isinstance(part, Call))
        page = Page(name=name, file=file, source=whole, calls=tuple(call.words for call in calls))
        for mistake in template.mistakes:
            session.findings.add(page.place(mistake.at), mistake.message)
        text = self._rendered(template, page)
        if text is None or len(session.findings) > before:
            return None  # What stands in the place of a mistake is not what the page says.
        return self._laid_out(path, page, start, text, calls)

    def _rendered(self, template: Template, page: Page) -> str | None:
        """Return the marked Markdown of *template*, or None where data that it needs are at fault."""
        parts: list[str] = []
        whole = True
        number = 0
        for part in template.parts:
            if isinstance(part, Text):
                beginning = not parts or parts[-1].endswith("\n")
                parts.append(marks.typed(part.text, part.start, beginning=beginning))
                continue
            try:
                parts.append(self._carried_out(part, number))
            except AuthorError as error:
                about = page.source.find(error.about or part.name, part.start, part.end)
                self.session.findings.add(page.place(about if about >= 0 else part.start), str(error))
            except UnavailableError:
                whole = False
            number += 1
        return "".join(parts) if whole else None

    def _carried_out(self, call: Call, number: int) -> str:
        """Return what *call* gives for the report; the web page shows more, which nothing here reads."""
        macro = MACROS[call.name]
        macro.check(self.session, call.args, call.keywords)
        if macro.belongs is Belongs.SENTENCE:
            return marks.words(str(self.functions[call.name](*call.args, **call.keywords)), call.start)
        if not macro.alone:
            return ""
        carried = macro.belongs is Belongs.REPORT
        return marks.drawn(number, str(self.functions[call.name](*call.args, **call.keywords)) if carried else "")

    def _laid_out(self, path: str, page: Page, start: int, text: str, calls: tuple[Call, ...]) -> PageText | None:
        """Return *page* with the tree of its Markdown *text*, or None after recording why there is none.

        What must not reach the public is recorded as well.
        """
        self._markdown.reset()
        findings = self.session.findings
        try:
            html = self._markdown.convert(text)
            markup = judge(html, page.source, start)
            for refused in markup.refused:
                findings.add(page.place(refused.at), refused.message)
            defined = {marks.MARK.sub("", name).strip() for name in self._markdown.references}
            for found in definitions(page.source, defined) if defined else ():
                findings.add(page.place(found.at), found.message)
            self.addresses[path], self.html[path] = markup.addresses, html
            findings.extend(tuple(contents.problems(marks.MARK.sub("", html), path, self.session)))
            tree = grow(html, calls)
        except (RecursionError, NestedError):
            findings.add(page.place(0), "列表或引用嵌套太深，无法排版；请减少层次")
        except AssertionError:  # So ends Markdown's parser of HTML where a declaration is no declaration.
            findings.add(page.place(0), "HTML 的写法有误，有不能识别的 <![；请改正或删去")
        else:
            read = page_text(tree, page)
            for passage in (*read.passages, *read.pictures):  # Once more, with references and markup read.
                for one in (*misread(passage.text), *escaped(passage.text)):
                    findings.add(passage.place(one.start), f"不能使用{one.message}")
            self.pages[path] = read
            return read
        return None
