"""Local requirements: what a district, city or superior office asks for beyond the national form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nianbao.reading.fields import MONTH_DAY, TEXT, YEAR, Field, Fields, Items, alternatives, choice, whole
from nianbao.reading.findings import shown
from nianbao.reading.values import Reader, open_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import yaml

    from nianbao.reading.fields import Record
    from nianbao.reading.findings import Findings, Place

# The six sections, which every edition of the form has.
SECTIONS = {
    "overview": "一、总体情况",
    "disclosure": "二、主动公开政府信息情况",
    "requests": "三、收到和处理政府信息公开申请情况",
    "review": "四、政府信息公开行政复议、行政诉讼情况",
    "improvement": "五、存在的主要问题及改进情况",
    "other": "六、其他需要报告的事项",
}
# Between ways to write the same words.
ALTERNATIVE = "|"

# What holds where nothing else is asked for, in per cent.
_SIMILARITY, _JUMP = 80, 200
_LIMIT = 100_000
_FIRST, _LAST = 0, 9999


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """Something that a *section* must have in the years *first* to *last*: words, a figure or a length.

    *label* says in Chinese what a figure is. *place* is where the requirement stands.
    """

    section: str
    wanted: str
    first: int
    last: int
    place: Place
    label: str = ""

    def holds_for(self, year: int) -> bool:
        """Say whether reports of *year* must meet it."""
        return self.first <= year <= self.last

    @property
    def words(self) -> tuple[str, ...]:
        """The ways to write what is wanted; any of them will do."""
        return tuple(word.strip() for word in self.wanted.split(ALTERNATIVE))


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredApproval:
    """An approval that reports of the years *first* to *last* must have before they are frozen, by its *role*."""

    role: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Local requirements. *deadline* is month and day in the year of publication.

    Totals are to be typed as well from the year *totals_from* on, never where it is 0.

    *similarity* and *jump* are per cent; *typing* pairs wrong words with right ones. *lengths* hold
    the most characters that a section may have.
    """

    name: str = ""
    basis: str = ""
    deadline: tuple[int, int] | None = None
    similarity: int = _SIMILARITY
    jump: int = _JUMP
    totals_from: int = 0
    headings: tuple[Requirement, ...] = ()
    topics: tuple[Requirement, ...] = ()
    figures: tuple[Requirement, ...] = ()
    lengths: tuple[Requirement, ...] = ()
    typing: tuple[tuple[str, str], ...] = ()
    approvals: tuple[RequiredApproval, ...] = ()

    def roles(self, year: int) -> tuple[str, ...]:
        """Return the roles whose approval reports of *year* must have before they are frozen."""
        return tuple(wanted.role for wanted in self.approvals if wanted.first <= year <= wanted.last)


_SECTION = Field("section", "部分", choice(SECTIONS))
_FROM = Field("from", "起始年度", YEAR, "从哪一年度的报告起；不写表示各年度")
_TO = Field("to", "截止年度", YEAR, "到哪一年度的报告止；沿用至今的不写")
_LABEL = Field("label", "数的名称", TEXT, "这个数叫什么，供提示使用")
_WRONG = Field("wrong", "错误写法", TEXT)
_RIGHT = Field("right", "正确写法", TEXT)
_WORDS = alternatives(ALTERNATIVE)
_HOW = f"应有的文字，几种写法之间用 {ALTERNATIVE} 分开，有一种即可"
_HEADING = Field("text", "应有的标题", _WORDS, _HOW)
_TOPIC = Field("text", "应写到的内容", _WORDS, _HOW)
_FIGURE = Field("figure", "应写明的数", TEXT, "数的写法，与页面里 figure 的相同，如 requests.received")
_MAXIMUM = Field("maximum", "字数上限", whole(_LIMIT))


def _asked(wanted: Field[Any], *more: Field[Any]) -> Items[Record]:
    """Return the kind of a list of requirements, each for a section and perhaps for some years only."""
    return Items(Fields(wanted.title, (_SECTION, wanted), (_FROM, _TO, *more)))


NAME = Field("name", "名称", TEXT, "本地要求的名称，检查结果中引用")
BASIS = Field("basis", "依据", TEXT, "依据：文件名称和文号；没有文件的写明是惯例")
DEADLINE = Field("deadline", "公布期限", MONTH_DAY, "本地的公布期限，月-日，如 01-20")
SIMILARITY = Field(
    "similarity",
    "重复率上限",
    whole(100),
    f"与上年报告相同的文字最多占百分之几；不写为 {_SIMILARITY}",
    default=_SIMILARITY,
)
JUMP = Field("jump", "变化幅度", whole(_LIMIT), f"与上年相比变化超过百分之几应有说明；不写为 {_JUMP}", default=_JUMP)
TOTALS_FROM = Field(
    "totals_from", "合计的录入", YEAR, "从哪一年度起，表里的合计也照原件录入，与计算的核对；不写就不要求"
)
HEADINGS = Field("headings", "应有的标题", _asked(_HEADING))
TOPICS = Field("topics", "应写到的内容", _asked(_TOPIC))
FIGURES = Field("figures", "应写明的数", _asked(_FIGURE, _LABEL))
LENGTHS = Field("lengths", "字数上限", _asked(_MAXIMUM), "篇幅限制，标点计入，标题、表格和清单不计")
TYPING = Field("typing", "常见错字", Items(Fields("常见错字", (_WRONG, _RIGHT))))
_ROLE = Field("role", "审签环节", TEXT, "审签环节的名称，与年度数据里 approvals 的 role 一致，如签发")
APPROVALS = Field("approvals", "应有的审签", Items(Fields("应有的审签", (_ROLE,), (_FROM, _TO))), "定稿前应有的审签")

# The file data/profile.yml.
PROFILE = Fields(
    "本地要求",
    required=(NAME, BASIS),
    optional=(DEADLINE, SIMILARITY, JUMP, TOTALS_FROM, HEADINGS, TOPICS, FIGURES, LENGTHS, TYPING, APPROVALS),
)


def read_profile(path: Path, name: str, findings: Findings) -> Profile:
    """Return the profile in the file at *path*, or the national defaults where there is none or it is at fault."""
    root = open_file(path, name, findings) if path.exists() else None
    return Profile() if root is None else profile_of(root, name, findings)


def profile_of(root: yaml.Node, name: str, findings: Findings) -> Profile:
    """Return the profile that *root* writes, or the national defaults where it is at fault."""
    before = len(findings)
    record = PROFILE.open(root, Reader(name, findings))
    profile = Profile(
        name=record.read(NAME) or "",
        basis=record.read(BASIS) or "",
        deadline=record.read(DEADLINE),
        similarity=record.read(SIMILARITY) or _SIMILARITY,
        jump=record.read(JUMP) or _JUMP,
        totals_from=record.read(TOTALS_FROM) or 0,
        headings=tuple(_requirements(record.read(HEADINGS), _HEADING)),
        topics=tuple(_requirements(record.read(TOPICS), _TOPIC)),
        figures=tuple(_requirements(record.read(FIGURES), _FIGURE)),
        lengths=tuple(_requirements(record.read(LENGTHS), _MAXIMUM)),
        typing=tuple(_typing(record.read(TYPING))),
        approvals=tuple(_approvals(record.read(APPROVALS))),
    )
    return Profile() if len(findings) > before else profile


def _requirements(records: tuple[Record, ...] | None, wanted: Field[Any]) -> Iterator[Requirement]:
    for record in records or ():
        if not record.has(_SECTION, wanted):
            continue
        section, value = record.read(_SECTION), record.read(wanted)
        first, last = _years(record, wanted.title)
        label = record.read(_LABEL) or ""
        if section is not None and value is not None:
            place = record.reader.place(record.nodes[wanted.name])
            yield Requirement(section=section, wanted=str(value), first=first, last=last, label=label, place=place)


def _years(record: Record, title: str) -> tuple[int, int]:
    """Return the first and the last year of a requirement that messages call *title*."""
    first, last = record.read(_FROM) or _FIRST, record.read(_TO) or _LAST
    if last < first:
        record.reader.fault(record.node, f"{title}的截止年度 {last} 早于起始年度 {first}；请改正")
    return first, last


def _approvals(records: tuple[Record, ...] | None) -> Iterator[RequiredApproval]:
    for record in records or ():
        role = record.read(_ROLE)
        first, last = _years(record, "应有的审签")
        if role is not None:
            yield RequiredApproval(role=role, first=first, last=last)


def _typing(records: tuple[Record, ...] | None) -> Iterator[tuple[str, str]]:
    known: set[str] = set()
    for record in records or ():
        wrong, right = record.read(_WRONG), record.read(_RIGHT)
        if wrong is None or right is None:
            continue
        if wrong == right:
            record.reader.fault(record.node, f"错误写法和正确写法都是{shown(wrong)}；请改正")
        elif wrong in known:
            record.reader.fault(record.node, f"错误写法{shown(wrong)}写了两次；请只留一处")
        known.add(wrong)
        yield wrong, right
