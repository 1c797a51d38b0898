"""Every macro that pages may call, once: where its words belong, and what a call of it must give.

The functions behind the names stand in the packages that draw; `bound` makes them ready for pages and
fails at once where a name is missing on either side.
"""

from __future__ import annotations

import enum
import functools
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nianbao.comparison.changes import tables
from nianbao.comparison.topics import TITLES
from nianbao.pages import cards
from nianbao.pages.session import AuthorError, UnavailableError
from nianbao.reading.findings import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nianbao.pages.session import Session


class Belongs(enum.Enum):
    """Where the words of a macro belong, and so who reads them."""

    SENTENCE = "part of a sentence: rules, the record of what was published and every file read it"
    REPORT = "a block of the report that is drawn from data: files carry it, rules need not judge it"
    TABLE = "a statutory table: files carry it as a table of their own"
    SITE = "of the web page alone, such as links and pictures: nothing but the page shows it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """A macro: its *name*, where its words belong, and the names of its *required* and *optional* arguments.

    One that is *alone* stands in lines of its own between blank lines. One *of_year* needs a page that lies in
    the folder of a year. What a *recorded* one shows would stand in no page without its call, so the record of
    what was published notes the call. *choices* gives what the first argument may be.
    """

    name: str
    belongs: Belongs
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    alone: bool = True
    of_year: bool = True
    recorded: bool = False
    choices: Callable[[Session], Choices] | None = None

    @property
    def usage(self) -> str:
        """How a call is written."""
        return f"{self.name}({', '.join((*self.required, *self.optional))})"

    def takes(self, given: int, keywords: Sequence[str]) -> bool:
        """Say whether a call may have so many arguments without a name, and these *keywords*."""
        names = (*self.required, *self.optional)
        filled = {*names[:given], *keywords}
        fits = given <= len(names) and not set(keywords) & set(names[:given]) and len(set(keywords)) == len(keywords)
        return fits and set(self.required) <= filled <= set(names)

    def check(self, session: Session, args: Sequence[object], keywords: Mapping[str, object]) -> None:
        """Raise AuthorError or UnavailableError where a call on the current page cannot be carried out."""
        if not self.takes(len(args), tuple(keywords)):
            message = f"“{self.name}”的参数不对；应写作 {self.usage}"
            raise AuthorError(message)
        if self.of_year:
            session.report()
        if self.choices is not None:
            choices = self.choices(session)
            chosen = args[0] if args else keywords[self.required[0]]
            if chosen not in choices.known:
                known = "、".join(f"{id_}（{title}）" if title else id_ for id_, title in choices.known.items())
                message = f"没有“{chosen}”{choices.what}；可用的是 {known}"
                raise AuthorError(message, str(chosen))


@dataclass(frozen=True, slots=True)
class Choices:
    """What an argument may be: *known* values with their titles, which may be empty, and *what* they are in Chinese."""

    what: str
    known: Mapping[str, str]


def _tables(session: Session) -> Choices:
    return Choices("这张表", {table.id: "" for table in session.report().form.tables})


def _changes(_session: Session) -> Choices:
    return Choices("这张表的比较", dict.fromkeys(tables(), ""))


def _topics(_session: Session) -> Choices:
    return Choices("这项比较", TITLES)


_SENTENCE, _REPORT, _TABLE, _SITE = Belongs.SENTENCE, Belongs.REPORT, Belongs.TABLE, Belongs.SITE
_TABLE_NAME = ("table",)
_ALL = (
    Macro(name="year", belongs=_SENTENCE, optional=("offset",), alone=False, of_year=False),
    Macro(name="agency", belongs=_SENTENCE, optional=("offset",), alone=False, of_year=False),
    Macro(name="figure", belongs=_SENTENCE, required=("path",), optional=("offset",), alone=False, of_year=False),
    Macro(name="statutory_table", belongs=_TABLE, required=_TABLE_NAME, recorded=True, choices=_tables),
    Macro(name="item_list", belongs=_REPORT, recorded=True),
    Macro(name="agency_names", belongs=_REPORT, of_year=False),
    Macro(name="report_heading", belongs=_SITE),
    Macro(name="key_figures", belongs=_SITE),
    Macro(name="section_list", belongs=_SITE),
    Macro(name="full_text", belongs=_SITE),
    Macro(name="year_changes", belongs=_SITE, required=_TABLE_NAME, choices=_changes),
    Macro(name="year_picture", belongs=_SITE),
    Macro(name="correction_list", belongs=_SITE),
    Macro(name="download_list", belongs=_SITE),
    Macro(name="report_list", belongs=_SITE, of_year=False),
    Macro(name="compared_years", belongs=_SITE, of_year=False),
    Macro(name="comparison", belongs=_SITE, required=("topic",), of_year=False, choices=_topics),
    Macro(name="check_summary", belongs=_SITE, of_year=False),
    Macro(name="check_results", belongs=_SITE, of_year=False),
    Macro(name="exception_list", belongs=_SITE, of_year=False),
    Macro(name="all_downloads", belongs=_SITE, of_year=False),
    Macro(name="data_columns", belongs=_SITE, of_year=False),
    Macro(name="cells_file", belongs=_SITE, alone=False, of_year=False),
)
MACROS: Mapping[str, Macro] = MappingProxyType({macro.name: macro for macro in _ALL})


def bound(session: Session, functions: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Return *functions* by name, ready for the pages of an engine: a mistake of an author becomes a card or a mark.

    Raises LookupError where they are not the ones of `MACROS`.
    """
    if functions.keys() != MACROS.keys():
        message = f"macros without a line in MACROS, or without a function: {functions.keys() ^ MACROS.keys()}"
        raise LookupError(message)
    return {name: _guarded(session, MACROS[name], function) for name, function in functions.items()}


def _guarded(session: Session, macro: Macro, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def guarded(*args: Any, **keywords: Any) -> Any:  # noqa: ANN401  # as the macro itself
        try:
            macro.check(session, args, keywords)
            return function(*args, **keywords)
        except AuthorError as error:
            found = _judged(session, str(error))
            return cards.card(found) if macro.alone else cards.inline("\n".join(map(str, found)))
        except UnavailableError as error:
            return cards.card(error.findings) if macro.alone else cards.inline("数据有误")

    return guarded


def _judged(session: Session, message: str) -> tuple[Finding, ...]:
    """Return the mistakes of the current page with this *message*, as they were found where they were typed."""
    file = session.file(session.page())
    found = tuple(one for one in session.mistakes if one.place.file == file and one.message == message)
    return found or (Finding(Place(file), message),)
