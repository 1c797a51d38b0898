"""The article of a page as it must stand in the built site, and how what stands there differs.

What an article must be follows from the page itself: its macros carried out, its Markdown laid out as every engine
lays it out. That its words are those that were judged, in their order and no others, is proved first, so that a site
whose articles are equal to these shows what was judged and nothing else.
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

import markdown

from nianbao.metadata.facts import portal_facts
from nianbao.model.configuration import BUILT_IN, SETTINGS
from nianbao.pages.lists import FULL_TEXT_PAGE, section_page
from nianbao.pages.session import front_matter
from nianbao.prose.macros import MACROS, Belongs
from nianbao.prose.rendering import rendered
from nianbao.prose.tree import Drawn, Element, Text
from nianbao.reading.addresses import is_absolute
from nianbao.reading.findings import Finding, Place, shown
from nianbao.reading.html import parse_fragment
from nianbao.reading.legible import squeezed

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence

    from lxml.html import HtmlElement

    from nianbao.html.page_reader import PageRead
    from nianbao.pages.session import Session
    from nianbao.prose.passages import PageText
    from nianbao.prose.template import Call
    from nianbao.rules.judging import Judged

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
# For the indexer of an engine, which may take it out.
_OF_ENGINES = frozenset({"data-search-exclude"})
# What the theme puts around the article of a report's page; where Zensical lets its link to the text lead.
_FRAMES = frozenset({"years", "report-of", "report-corrected"})
_SKIP, _SKIPPED = "__skip", ("", "")
# Pages that say nothing of data, or are compared to the byte.
_OWN_PAGES = frozenset({"404.html", "latest/index.html"})
# So many characters before a difference are told with it, and so many in all.
_CONTEXT, _SHOWN = 4, 20
# So many years stand in a row; more of them are folded.
_UNFOLDED = 12


class Token(NamedTuple):
    """A piece of an article: text without blanks, or a tag with its attributes, whose name begins with / at its end."""

    text: str = ""
    tag: str = ""
    attributes: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        named = "".join(f' {name}="{value}"' for name, value in self.attributes)
        return shown(self.text or f"<{self.tag}{named}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What the page *source*, a path below docs, must show: the *tokens* of its article and its *title*.

    *frame* is what the theme puts around the article of a report's page: classes, and words without blanks.
    *origins* has, by their place among the words, the pieces that were judged; *passages* counts passages of text.
    """

    source: str
    title: str
    tokens: tuple[Token, ...]
    text: PageText
    origins: tuple[Origin, ...]
    passages: int
    frame: tuple[tuple[str, str], ...] = ()

    def place(self, at: int) -> Place:
        """Return where the word at the place *at* was typed, or the macro that has drawn it."""
        number = bisect_right(self.origins, at, key=attrgetter("start")) - 1
        return self.text.page.place(self.origins[number].offset_of(at) if number >= 0 else 0)


class Origin(NamedTuple):
    """Where *written* was typed: from *offset* on, or by a macro there. *start* counts the words before it."""

    start: int
    written: str
    offset: int
    typed: bool

    def offset_of(self, at: int) -> int:
        """Return the offset in the source of the word at the place *at*."""
        if not self.typed:
            return self.offset
        words = (index for index, character in enumerate(self.written) if not character.isspace())
        return self.offset + next(islice(words, at - self.start, None), len(self.written))


@dataclass(frozen=True, slots=True, kw_only=True)
class Articles:
    """The articles of a site by the path of their page in it, and what of them was not judged as it is shown."""

    by_page: Mapping[str, Article]
    findings: tuple[Finding, ...] = ()


def expected_articles(
    session: Session, judged: Judged, macros: Callable[[Session], Mapping[str, Callable[..., object]]]
) -> Articles:
    """Return what the pages of *session*, which were *judged*, must show; *macros* makes those of all packages."""
    return _Layout(session, judged, macros).articles()


def page_of(source: str) -> str:
    """Return where the page *source*, a path below docs, stands in the site."""
    folder, name = posixpath.split(source.removesuffix(".md"))
    return posixpath.join(folder, f"{'index' if name == 'README' else name}.html")


class _Layout:
    """Lays out every page once more, as engines do."""

    def __init__(
        self, session: Session, judged: Judged, macros: Callable[[Session], Mapping[str, Callable[..., object]]]
    ) -> None:
        self._path = ""
        self._judged = judged
        self._session = replace(session, page=lambda: self._path, rendered={}, drafts=False)
        self._macros = macros(self._session)
        extensions = SETTINGS["markdown_extensions"]
        self._markdown = markdown.Markdown(
            extensions=list(dict.fromkeys([*BUILT_IN, *extensions])),
            extension_configs={name: dict(options) for name, options in extensions.items() if options},
        )
        self._findings: list[Finding] = []
        self._words: dict[str, str] = {}  # Of what macros gave, by what they gave.

    def articles(self) -> Articles:
        """Return the articles of all pages but those of drafts."""
        drafts = tuple(f"{year}/" for year in self._session.dataset.drafts)
        sources = [source for source in self._judged.pages if not source.startswith(drafts)]
        # The full text of a year takes in the pages beside it.
        sources.sort(key=lambda source: (source.endswith(f"/{FULL_TEXT_PAGE}"), source))
        found = {source: self._article(source) for source in sources}
        framed = (replace(article, frame=self._frame(source, found)) for source, article in found.items())
        return Articles(
            by_page={page_of(article.source): article for article in framed}, findings=tuple(self._findings)
        )

    def _article(self, source: str) -> Article:
        self._path = source
        text = self._judged.pages[source]
        self._session.rendered[source] = rendered(text.page.source, self._macros)
        root = parse_fragment(self._markdown.reset().convert(self._session.rendered[source]))
        origins: list[Origin] = []
        judged = "".join(self._judged_words(text.tree, origins))
        article = Article(
            source=source,
            title=_title(root, text.page.source),
            tokens=tokens(root, page_of(source)),
            text=text,
            origins=tuple(origins),
            passages=self._passages(source, text),
        )
        laid_out = words_of(article.tokens)
        if laid_out != judged:
            at = _first_difference(judged, laid_out)
            should, is_ = (_part(words[at:]) for words in (judged, laid_out))
            said = f"这里会公开的是{is_}，检查过的是{should}；请换一种写法"
            self._findings.append(Finding(article.place(at), said))
        return article

    def _passages(self, source: str, text: PageText) -> int:
        """Return how many passages the page shows: the full text has those of the sections as well."""
        folder, name = posixpath.split(source)
        year = self._judged.texts.get(int(folder)) if _YEAR.fullmatch(folder) else None
        if year is None or name != FULL_TEXT_PAGE:
            return len(text.passages)
        sections = (year.pages.get(section_page(year.form, section)) for section in year.form.sections)
        return len(text.passages) + sum(len(section.passages) for section in sections if section is not None)

    def _judged_words(self, element: Element | Drawn, origins: list[Origin], start: int = 0) -> Iterator[str]:
        """Yield the words below *element* that were judged, and in their places what macros draw from data.

        They are added to *origins*; *start* counts the words before them.
        """
        for child in element.children:
            if isinstance(child, Text):
                pieces = [(run.text, run.offset, run.typed) for run in child.runs]
            elif isinstance(child, Drawn) and MACROS[child.call.name].belongs is not Belongs.REPORT:
                pieces = [(self._drawn_words(child.call), child.call.start, False)]
            else:
                for words in self._judged_words(child, origins, start):
                    start += len(words)
                    yield words
                continue
            for written, offset, typed in pieces:
                origins.append(Origin(start, written, offset, typed))
                words = squeezed(written)
                start += len(words)
                yield words

    def _drawn_words(self, call: Call) -> str:
        drawn = str(self._macros[call.name](*call.args, **call.keywords))
        if drawn not in self._words:
            html = self._markdown.reset().convert(drawn)
            self._words[drawn] = words_of(tokens(parse_fragment(html), page_of(self._path)))
        return self._words[drawn]

    def _frame(self, source: str, found: Mapping[str, Article]) -> tuple[tuple[str, str], ...]:
        """Return the classes and words of what the theme puts around the article of a report's page."""
        folder = posixpath.dirname(source)
        if not _YEAR.fullmatch(folder[:4]) or folder[4:5] not in {"", "/"}:
            return ()
        first = found.get(f"{folder}/index.md")
        whole = front_matter(found[source].text.page.source).get("whole_report")
        frame = [("years", self._years(folder[:4], found))]
        if first is not None and source != first.source and not whole:
            frame.append(("report-of", first.title))
            frame += [
                ("report-corrected", f"本报告公布后有更正（{year['corrected']}），更正前后的内容见年度首页。")
                for year in portal_facts(self._session)["years"]
                if str(year["year"]) == folder[:4] and year["corrected"]
            ]
        if first is not None:
            own = f"，{found[source].title}" if source != first.source else ""
            frame.append(("citation", f"引用本页《{first.title}》{own}，本页地址。"))
        return tuple(frame)

    def _years(self, year: str, found: Mapping[str, Article]) -> str:
        years = sorted({source[:4] for source in found if _YEAR.fullmatch(source.partition("/")[0])}, reverse=True)
        folded = f"{year}年，选择其他年度" if len(years) > _UNFOLDED else ""
        newest = "" if year == years[0] else f"最新公布的是{years[0]}年度报告。"
        return f"{folded}{''.join(f'{one}年' for one in years)}{newest}"


def tokens(element: HtmlElement, page: str, left_out: Container[HtmlElement] = ()) -> tuple[Token, ...]:
    """Return what stands below *element* of the *page*, addresses as paths below the site.

    Children of *element* that are *left_out* are passed over.
    """
    found: list[Token] = []
    parts: list[str] = []

    def end_text() -> None:
        text = squeezed("".join(parts))
        parts.clear()
        if text:
            found.append(Token(text))

    def read(parent: HtmlElement) -> None:
        parts.append(parent.text or "")
        for child in parent:
            if parent is not element or child not in left_out:
                end_text()
                if _is_code(child):
                    found.append(Token(squeezed("".join(child.itertext())), "pre"))
                else:
                    found.append(Token(tag=str(child.tag), attributes=tuple(_attributes(child, page))))
                    read(child)
                    end_text()
                    found.append(Token(tag=f"/{child.tag}"))
            parts.append(child.tail or "")

    read(element)
    end_text()
    return tuple(found)


def _is_code(element: HtmlElement) -> bool:
    """Say whether *element* is a block of code, which one engine colours and puts into a box."""
    return element.tag == "pre" or (element.tag == "div" and "highlight" in element.get("class", "").split())


def words_of(found: Sequence[Token]) -> str:
    """Return the text of the tokens *found* but that of links of headings to themselves."""
    return "".join(token.text for number, token in enumerate(found) if not _is_permalink(found, number))


def _is_permalink(found: Sequence[Token], number: int) -> bool:
    return number > 0 and ("class", "headerlink") in found[number - 1].attributes


def _attributes(element: HtmlElement, page: str) -> Iterator[tuple[str, str]]:
    for name, value in sorted(element.items()):
        if name in {"href", "src"}:
            yield name, _address(value, page)
        elif name not in _OF_ENGINES:
            yield name, value


def _address(address: str, page: str) -> str:
    """Return an *address* of *page* as a path below the site, an absolute one as it stands."""
    if is_absolute(address):
        return address
    path, mark, fragment = address.partition("#")
    path, question, query = path.partition("?")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(path))) if path else page
    target = page_of(target) if target.endswith(".md") else target
    return f"{target}{question}{query}{mark}{unquote(fragment)}"


def _title(root: HtmlElement, source: str) -> str:
    """Return the title that the page below *root* has: what its *source* says above the text, or its heading."""
    above = front_matter(source).get("title")
    if above:
        return squeezed(str(above))
    heading = next(root.iter("h1"), None)
    return "" if heading is None else words_of(tokens(heading, ""))


def _first_difference(one: str, other: str) -> int:
    """Return where two texts part that are not equal."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, pair in pairs if pair[0] != pair[1]), min(len(one), len(other)))


def _part(words: str) -> str:
    """Return the beginning of *words* for a message."""
    return shown(words or "到此为止", _SHOWN)


class ArticleCheck:
    """Compares built pages as they come. *passages* counts those in articles that were equal."""

    def __init__(self, articles: Articles, site_name: str) -> None:
        self.passages = 0
        self._articles = articles
        self._site_name = squeezed(site_name)

    def page(self, name: str, page: PageRead) -> Iterator[Finding]:
        """Yield how the built page *name* differs first from what it must show."""
        article = self._articles.by_page.get(name)
        if article is None:
            if name not in _OWN_PAGES:
                yield Finding(Place(f"网站的 {name}"), "网站里多出这个页面，没有检查过")
            return
        found = _difference(article, page.article, name) or self._title(article, page.title, name)
        if found is None:
            self.passages += article.passages
            return
        place, should, is_ = found
        said = f"网站的 {name} 里没有照样显示检查过的内容：应为{should}，网站上为{is_}"
        yield Finding(place, f"{said}；请检查 mkdocs.yml 里的扩展和自己的模板，再生成一次")

    def missing(self, pages: Container[str]) -> Iterator[str]:
        """Yield the pages that are not among *pages*."""
        yield from (name for name in self._articles.by_page if name not in pages)

    def _title(self, article: Article, title: str, name: str) -> _Difference | None:
        """Return how the *title* of the built page differs from those that the theme makes."""
        year = f"{name[:4]}年" if _YEAR.fullmatch(name[:4]) and name[4:5] == "/" else ""
        parts = [article.title, year if year not in article.title else "", self._site_name]
        if name == "index.html" and not front_matter(article.text.page.source).get("title"):
            parts = [self._site_name]
        should = "-".join(filter(None, parts))
        if squeezed(title) == should:
            return None
        return _Difference(article.place(0), f"标题{shown(should)}", shown(title))


class _Difference(NamedTuple):
    """That at a *place* of a page something *should* stand, and that there *is_* something else, in Chinese."""

    place: Place
    should: str
    is_: str


def _difference(article: Article, built: HtmlElement | None, name: str) -> _Difference | None:
    if built is None:
        return _Difference(article.place(0), "正文", "没有正文")
    frame = [child for child in built if _framing(child)]
    expected, found = article.tokens, tokens(built, name, frame)
    if found != expected:
        pairs = enumerate(zip(expected, found, strict=False))
        number = next((at for at, pair in pairs if pair[0] != pair[1]), min(len(expected), len(found)))
        at = len(words_of(expected[:number]))
        one, other = (tokens_[number] if number < len(tokens_) else None for tokens_ in (expected, found))
        if one is not None and other is not None and one.text and other.text and one.tag == other.tag:
            parted = _first_difference(one.text, other.text)
            start = max(parted - _CONTEXT, 0)
            at += min(parted, len(one.text) - 1)
            return _Difference(article.place(at), *(_part(token.text[start:]) for token in (one, other)))
        return _Difference(article.place(at), *(str(token or "到此为止") for token in (one, other)))
    there = [(child.get("class", ""), squeezed("".join(child.itertext()))) for child in frame]
    there = [pair for pair in there if pair != _SKIPPED]
    pairs_ = zip_longest(article.frame, there, fillvalue=("", "没有"))
    parted_ = next(((one, other) for one, other in pairs_ if one != other), None)
    return None if parted_ is None else _Difference(article.place(0), *(shown(words) for _, words in parted_))


def _framing(element: HtmlElement) -> bool:
    """Say whether a child of a built article is one that the theme puts there."""
    kind = element.get("class", "")
    own = kind == "citation" and element.get("data-table") is None
    return kind in _FRAMES or own or element.get("id") == _SKIP
