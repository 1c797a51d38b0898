"""Renders pages as the engines do, without one: macros, then Markdown, within bounds, every mistake with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import jinja2
import markdown

from nianbao.pages import contents
from nianbao.pages.session import FRONT_MATTER, Session, front_matter
from nianbao.pages.sources import read_page
from nianbao.pages.templates import PageTemplate, problems
from nianbao.prose import marks
from nianbao.prose.bounds import BoundedEnvironment
from nianbao.reading.findings import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from nianbao.model.dataset import Dataset

_Read = TypeVar("_Read")

# What the engines pass to pages beside the macros.
_HOST = ("config", "environment", "plugin", "git", "macros", "filters", "files", "page", "navigation", "extra")
_EXTENSIONS = ("attr_list", "tables", "fenced_code")


def _as_it_is(_environment: jinja2.Environment, source: str, _start: int) -> str:
    return source


class PageEngine:
    """Renders pages of *dataset* with the macros that *macros* makes for a session of its own.

    *mark* changes the template of a page, which begins at an offset of its file, before it is compiled;
    *finalize* changes what expressions give; *extensions* are those of Markdown beside the usual ones.
    """

    def __init__(  # noqa: PLR0913  # four say what is rendered, three how
        self,
        dataset: Dataset,
        root: Path,
        data: Path,
        docs: Path,
        *,
        macros: Callable[[Session], Mapping[str, Callable[..., Any]]],
        mark: Callable[[jinja2.Environment, str, int], str] = _as_it_is,
        finalize: Callable[[Any], str] | None = None,
        extensions: Sequence[str] = (),
    ) -> None:
        self._page = ""
        self._mark = mark
        self.session = Session(dataset=dataset, root=root, data=data, docs=docs, drafts=False, page=lambda: self._page)
        self._environment = BoundedEnvironment(
            loader=jinja2.FileSystemLoader(docs.parent),
            undefined=jinja2.StrictUndefined,
            comment_start_string="{##",
            comment_end_string="##}",
            finalize=finalize,
        )
        self._environment.template_class = PageTemplate
        self._environment.extend(session=self.session)
        self._variables = dict.fromkeys(_HOST, jinja2.ChainableUndefined()) | dict(macros(self.session))
        self._markdown = markdown.Markdown(extensions=[*_EXTENSIONS, *extensions])

    def render(self, path: str) -> tuple[str, str] | None:
        """Return source and Markdown of the page at *path* below docs, macros rendered.

        Return None after recording in the session why it cannot be rendered.
        """
        self._page = path
        before = len(self.session.findings)
        whole = read_page(self.session.docs / path, self.session.file(path), self.session.findings)
        if whole is None:
            return None
        whole = marks.without_private(whole)
        front = FRONT_MATTER.match(whole)
        start = front.end() if front else 0
        source = whole[start:]
        if front_matter(whole).get("render_macros") is False:
            plain = jinja2.Environment(  # With delimiters that no page can have.
                autoescape=True,
                variable_start_string="\ue010",
                block_start_string="\ue011",
                comment_start_string="\ue012",
            )
            text = self._mark(plain, source, start)
        else:
            found = problems(self._environment, source, self._variables, self.session, path)
            if found:
                self.session.findings.extend(found)
                return None
            self._environment.begin()
            code = self._environment.compile(self._mark(self._environment, source, start), filename=path)
            globals_ = self._environment.make_globals(None)
            template = self._environment.template_class.from_code(self._environment, code, globals_)
            text = template.render(self._variables)
        if self.session.bugs:
            raise self.session.bugs[0]
        if len(self.session.findings) > before:
            return None  # What stands in the place of a mistake is not what the page says.
        return whole, text

    def convert(self, path: str, text: str, read: Callable[[str], _Read]) -> _Read | None:
        """Return what *read* makes of the HTML of the Markdown *text*, or None after recording why there is none.

        What must not reach the public is recorded as well.
        """
        self._markdown.reset()
        try:
            html = self._markdown.convert(text)
            self.session.findings.extend(tuple(contents.problems(marks.MARK.sub("", html), path, self.session)))
            return read(html)
        except RecursionError:
            problem = "列表或引用嵌套太深，无法排版；请减少层次"
        except AssertionError:  # So ends the parser of HTML where a declaration is no declaration.
            problem = "HTML 的写法有误，有不能识别的 <![；请改正或删去"
        self.session.findings.extend((Finding(Place(self.session.file(path)), problem),))
        return None
