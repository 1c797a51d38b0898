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
from nianbao.reading.findings import Finding, Place, shown

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
    """A macro: its *name*, what it gives, where its words belong, its *required* and *optional* arguments by name.

    *meaning* says in Chinese what it gives.

    One that is *alone* stands in lines of its own between blank lines. One *of_year* needs a page that lies in
    the folder of a year. What a *recorded* one shows would stand in no page without its call, so the record of
    what was published notes the call. *choices* gives what the first argument may be.
    """

    name: str
    meaning: str
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
                message = f"没有{shown(str(chosen))}{choices.what}；可用的是 {known}"
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
_ALL = (
    Macro(
        name="year",
        meaning="本页所在的年度；-1 表示上一年",
        belongs=_SENTENCE,
        optional=("offset",),
        alone=False,
        of_year=False,
    ),
    Macro(
        name="agency",
        meaning="这一年使用的机关名称；-1 表示上一年",
        belongs=_SENTENCE,
        optional=("offset",),
        alone=False,
        of_year=False,
    ),
    Macro(
        name="figure",
        meaning="一个数；-1 表示上一年的同一个数",
        belongs=_SENTENCE,
        required=("path",),
        optional=("offset",),
        alone=False,
        of_year=False,
    ),
    Macro(
        name="statutory_table",
        meaning="法定表格",
        belongs=_TABLE,
        required=("table",),
        recorded=True,
        choices=_tables,
    ),
    Macro(
        name="item_list",
        meaning="主动公开的信息，按类别编号列出",
        belongs=_REPORT,
        recorded=True,
    ),
    Macro(
        name="agency_names",
        meaning="机关的历年名称",
        belongs=_REPORT,
        of_year=False,
    ),
    Macro(
        name="report_heading",
        meaning="报告的全称，作为页面的大标题",
        belongs=_SITE,
    ),
    Macro(
        name="key_figures",
        meaning="年度主要数字",
        belongs=_SITE,
    ),
    Macro(
        name="section_list",
        meaning="六个部分、全文和一图读懂的链接",
        belongs=_SITE,
    ),
    Macro(
        name="full_text",
        meaning="六个部分的全文",
        belongs=_SITE,
    ),
    Macro(
        name="year_changes",
        meaning="一张法定表格与上年相比的增减，放在表格下面；没有上年的报告就什么也不显示，全文里也不显示",
        belongs=_SITE,
        required=("table",),
        choices=_changes,
    ),
    Macro(
        name="year_picture",
        meaning="一图读懂：本年度的主要数字、办理结果、复议诉讼和从数据得出的几句话，打印为一页",
        belongs=_SITE,
    ),
    Macro(
        name="correction_list",
        meaning="公布后的更正，没有更正就什么也不显示",
        belongs=_SITE,
    ),
    Macro(
        name="download_list",
        meaning="本年度的下载文件，用在年度首页",
        belongs=_SITE,
    ),
    Macro(
        name="report_list",
        meaning="最新的报告和五个主要数字，然后是以前年度的报告，由新到旧",
        belongs=_SITE,
        of_year=False,
    ),
    Macro(
        name="compared_years",
        meaning="“历年比较”一页比较的是哪些年",
        belongs=_SITE,
        of_year=False,
    ),
    Macro(
        name="comparison",
        meaning="一项历年比较的图和表",
        belongs=_SITE,
        required=("topic",),
        of_year=False,
        choices=_topics,
    ),
    Macro(
        name="check_summary",
        meaning="各年度核对的结果，用在“报告怎样核对”一页",
        belongs=_SITE,
        of_year=False,
    ),
    Macro(
        name="check_results",
        meaning="全部规则和各年度的结果",
        belongs=_SITE,
        of_year=False,
    ),
    Macro(
        name="exception_list",
        meaning="照原样公布和待核对的问题",
        belongs=_SITE,
        of_year=False,
    ),
    Macro(
        name="all_downloads",
        meaning="全部下载文件，用在栏目首页和“数据下载”一页",
        belongs=_SITE,
        of_year=False,
    ),
    Macro(
        name="data_columns",
        meaning="数据各列的含义，用在“数据下载”一页",
        belongs=_SITE,
        of_year=False,
    ),
    Macro(
        name="cells_file",
        meaning="历年全部数据的 Parquet 文件的名称，用在“数据下载”一页",
        belongs=_SENTENCE,
        alone=False,
        of_year=False,
    ),
    Macro(
        name="member_reports",
        meaning="上级机关的网站：名册里各单位的报告，和没有汇总的单位",
        belongs=_SITE,
        of_year=False,
    ),
    Macro(
        name="member_report",
        meaning="上级机关的网站：一个单位的报告，写法与汇总时收到的相同",
        belongs=_SITE,
        required=("body",),
        of_year=False,
    ),
    Macro(
        name="member_rates",
        meaning="上级机关的网站：各单位办理申请的情况，比率旁边有分母，不排名次",
        belongs=_SITE,
        of_year=False,
    ),
    Macro(
        name="member_parts",
        meaning="上级机关的网站：汇总表一张表的每一格由哪些单位的数相加",
        belongs=_SITE,
        required=("table",),
        of_year=False,
    ),
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
            instead = " ".join(map(str, (function.__name__, *args)))
            return cards.card(error.findings, instead=instead) if macro.alone else cards.inline("数据有误")

    return guarded


def _judged(session: Session, message: str) -> tuple[Finding, ...]:
    """Return the mistakes of the current page with this *message*, as they were found where they were typed."""
    file = session.file(session.page())
    found = tuple(one for one in session.mistakes if one.place.file == file and one.message == message)
    return found or (Finding(Place(file), message),)
