"""The register of the bodies that report to a superior office: the file data/members.yml of its portal.

A body keeps its id for ever; its names change with the years. One that ends says the last year for which it
reports and who goes on with its work: nobody (撤销), one body (并入) or several (拆分).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.members.names import LONGEST, name_key
from nianbao.model.kinds import KIND_TITLES, KINDS
from nianbao.reading.fields import (
    ANY_ADDRESS,
    DATE,
    IDENTIFIER,
    MONTH_DAY,
    TEXT,
    YEAR,
    Field,
    Fields,
    Items,
    Made,
    choice,
    difference,
)
from nianbao.reading.findings import Place, shown
from nianbao.reading.nodes import compose
from nianbao.reading.source import read_text
from nianbao.reading.values import Reader, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import yaml

    from nianbao.reading.fields import Record
    from nianbao.reading.findings import Findings
    from nianbao.reading.numbers import Number

FILE = "members.yml"
_MOST = 10_000
_MOST_BYTES = 1_000 * _MOST
_MOST_NAMES = 100
_LARGEST = 9_999_999
# Stands for the deadline of a body that has none of its own until that of the register is known.
_OF_THE_REGISTER = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberName:
    """A name and the report years that carry it; *last* is None while it holds."""

    text: str
    first: int
    last: int | None = None

    def holds_for(self, year: int) -> bool:
        """Say whether the report of *year* carries this name."""
        return self.first <= year and (self.last is None or year <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A body that must report for the years *first* to *last*, which is None while it exists.

    *deadline* is month and day in the year after that of the report. *folder* is its portal or folder of data,
    relative to the superior's portal, *site* the address of its published site; either may be empty.
    *successors* are the ids of those who go on with its work after *last*.
    """

    id: str
    names: tuple[MemberName, ...]
    kind: str
    group: str
    first: int
    last: int | None
    deadline: tuple[int, int]
    folder: str
    site: str
    successors: tuple[str, ...]

    def reports_for(self, year: int) -> bool:
        """Say whether the body must report for *year*."""
        return self.first <= year and (self.last is None or year <= self.last)

    def name(self, year: int) -> str:
        """Return the name that the report of *year* carries, or the newest where none is recorded for it."""
        held = next((name.text for name in self.names if name.holds_for(year)), None)
        return held or max(self.names, key=lambda name: name.first).text

    def due(self, year: int) -> dt.date:
        """Return the last day on which the report of *year* is in time."""
        return dt.date(year + 1, *self.deadline)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A body as the file has it, at a *place*, its successors *into* theirs; *member* is None where it is at fault."""

    id: str
    member: Member | None
    place: Place
    into: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """That the report of a *member* for a *year* was sent back *on* a day for a *reason*, until it came again.

    It is the one of a *number* from 1 among the returns of this report.
    """

    member: str
    year: int
    on: dt.date
    reason: str
    again: dt.date | None
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """That the area's figure at *address* differs from the sum of its bodies *by* so much, for a *reason*."""

    year: int
    address: str
    by: Number
    reason: str
    place: Place


@dataclass(frozen=True, kw_only=True)
class Register:
    """All bodies in the order of the file, the reports that were sent back by their days, and adjustments of sums."""

    members: tuple[Member, ...]
    returns: tuple[Return, ...]
    adjustments: tuple[Adjustment, ...] = ()

    def of(self, year: int) -> tuple[Member, ...]:
        """Return the bodies that must report for *year*."""
        return tuple(member for member in self.members if member.reports_for(year))

    def returned(self, member: str, year: int) -> Return | None:
        """Return the last return of a report, or None where there is none or the register says that it came again."""
        every = [one for one in self.returns if one.member == member and one.year == year]
        return every[-1] if every and every[-1].again is None else None

    def returns_of(self, member: str, year: int) -> int:
        """Return how many times a report was sent back."""
        return sum(one.member == member and one.year == year for one in self.returns)

    def changes(self, year: int) -> Iterator[str]:
        """Yield a Chinese sentence for each body whose name or existence is another for *year* than the year before.

        Where the register begins with *year*, nothing is known of the year before, and nobody is new.
        """
        begins = all(member.first >= year for member in self.members)
        known = {member.id: member for member in self.members}
        sources = {id_ for member in self.members if member.last == year - 1 for id_ in member.successors}
        for member in self.members:
            name = member.name(year)
            if member.last == year - 1:
                after = "、".join(known[id_].name(year) for id_ in member.successors)
                old = member.name(year - 1)
                ways = ("撤销", f"并入{after}", f"拆分为{after}")
                yield f"{old}自 {year} 年度起不再报告：{ways[min(len(member.successors), 2)]}。"
            elif member.first == year and member.id not in sources and not begins:
                yield f"{name}自 {year} 年度起报告。"
            elif member.reports_for(year) and member.first < year and member.name(year - 1) != name:
                yield f"{member.name(year - 1)}自 {year} 年度起改称{name}。"


_NAME = Field("name", "名称", TEXT)
_FROM = Field("from", "起始年度", YEAR, "从哪一年度的报告起")
_TO = Field("to", "截止年度", YEAR, "到哪一年度的报告止；至今仍在的不写")

ID = Field("id", "固定标识", IDENTIFIER, "固定标识，不随名称改变，与该单位 agency.yml 的 id 相同")
NAMES = Field("names", "名称", Items(Fields("名称", (_NAME, _FROM), (_TO,)), _MOST_NAMES), "名称及使用它的年度")
KIND = Field("kind", "机关类别", choice(KIND_TITLES))
CLASS = Field("class", "分类", TEXT, "名册里的分类，如 部门、乡镇街道、直属机构")
DEADLINE = Field(
    "deadline", "报送期限", MONTH_DAY, "报送期限，月-日，如 01-20；不写为名册的期限，也没有的按机关类别的法定期限"
)
FOLDER = Field("folder", "文件夹", TEXT, "该单位的项目文件夹或 data 文件夹，从上级的项目文件夹起写")
SITE = Field(
    "site", "网站", ANY_ADDRESS, "该单位已公布的年报网站的网址，也可以是其中的网页、JSON 文件或 datapackage.json 的网址"
)
INTO = Field(
    "into",
    "并入或拆分为",
    Items(IDENTIFIER, _MOST_NAMES),
    "截止以后由谁承接：写一个是并入，写几个是拆分，不写是撤销",
    "承接单位的标识",
)


def _entry(item: Record) -> _Entry | None:
    """Return what is written of a body, None where it has no id by which others could name it."""
    id_ = item.read(ID)
    member = _member(item, id_)
    if id_ is None:
        return None
    into = item.reader.place(item.nodes["into"]) if member is not None and member.successors else None
    return _Entry(id=id_, member=member, place=item.place, into=into)


def _member(item: Record, id_: str | None) -> Member | None:
    fault = item.reader.fault
    kind, first, last = item.read(KIND), item.read(_FROM), item.read(_TO)
    own, into = item.read(DEADLINE), item.read(INTO) or ()
    group, folder, site = (item.read(field) or "" for field in (CLASS, FOLDER, SITE))
    names = _names(item) if item.has(NAMES) else None
    if first is None or (item.has(_TO) and last is None):
        return None
    if last is not None and last < first:
        fault(item.nodes["to"], f"截止年度 {last} 早于起始年度 {first}；请改正")
        return None
    if into and last is None:
        fault(item.nodes["into"], "写了 into（由谁承接），没有写 to（截止年度）；请补上或删去此项")
    if names is not None:
        _named_every_year(names, first, last, item)
    if id_ is None or kind is None or names is None:
        return None
    return Member(
        id=id_,
        names=names,
        kind=kind,
        group=group,
        first=first,
        last=last,
        deadline=own or _OF_THE_REGISTER,
        folder=folder,
        site=site,
        successors=into,
    )


_MEMBER = Fields("单位", (ID, NAMES, KIND, _FROM), (CLASS, _TO, DEADLINE, FOLDER, SITE, INTO))
_ON = Field("on", "退回日期", DATE)
_YEAR = Field("year", "年度", YEAR)
_REASON = Field("reason", "退回原因", TEXT)
_AGAIN = Field("again", "重新报送日期", DATE, "重新报送的日期；报来的文件已经收下的不必写")
_BODY = Made(_MEMBER, _entry)
MEMBERS = Field("members", "单位", Items(_BODY, _MOST), "应当编制年度报告的单位")
RETURNS = Field("returned", "退回", Items(Fields("退回", (ID, _YEAR, _ON, _REASON), (_AGAIN,)), _MOST), "退回的报告")
_CELL = Field("cell", "单元格", TEXT, "汇总表的单元格，写法与页面里 figure 的相同，如 requests.received.natural_person")
_BY: Field[Number] = Field("by", "调整数", difference(_LARGEST), "比各单位之和多（+）或少（-）多少")
_WHY = Field("reason", "调整原因", TEXT, "调整原因，随汇总一起公开")
ADJUSTMENTS = Field("adjustments", "调整", Items(Fields("调整", (_YEAR, _CELL, _BY, _WHY)), _MOST), "对汇总数的调整")

# The file data/members.yml.
REGISTER = Fields("单位名册", required=(MEMBERS,), optional=(DEADLINE, RETURNS, ADJUSTMENTS))


def read_register(path: Path, name: str, findings: Findings) -> Register | None:
    """Return the register in the file at *path*, called *name*, or None after recording what is wrong with it."""
    text = read_text(path, name, findings, most=_MOST_BYTES)
    if text is None:
        return None
    reader = Reader(name, findings)
    # Bodies are taken one by one: the nodes of ten thousand would need ten times the memory of the bodies.
    take = {MEMBERS.name: lambda node: _BODY.read(reader, node, MEMBERS.title)}
    root = compose(text, name, findings, take=take)
    return None if root is None else register_of(root, reader)


def register_of(root: yaml.Node, reader: Reader) -> Register | None:
    """Return the register that *root* writes, or None where there are findings."""
    record = REGISTER.open(root, reader)
    deadline = record.read(DEADLINE)
    entries = record.read(MEMBERS) or ()
    if record.has(MEMBERS) and not entries and not len(reader.findings):
        reader.fault(record.nodes["members"], "名册是空的；请至少写一个单位")
    known = _known(entries, reader)
    returns = tuple(_returns(record, known))
    adjustments = tuple(_adjustments(record))
    if len(reader.findings):
        return None
    members = (_with_deadline(one.member, deadline) for one in entries if one.member is not None)
    return Register(members=tuple(members), returns=returns, adjustments=adjustments)


def _with_deadline(member: Member, deadline: tuple[int, int] | None) -> Member:
    """Return *member* with the *deadline* of the register, or that of the law, where it has none of its own."""
    if member.deadline != _OF_THE_REGISTER:
        return member
    return replace(member, deadline=deadline or KINDS[member.kind].deadline)


def _names(item: Record) -> tuple[MemberName, ...] | None:
    """Return the names of a body, or None after recording what is wrong with them."""
    told = len(item.reader.findings)
    names: list[MemberName] = []
    every = item.read(NAMES) or ()
    if not every and len(item.reader.findings) == told:
        item.reader.fault(item.nodes["names"], "名称是空的；请至少写一个名称和它的起始年度")
    for written in every:
        text, first, last = written.read(_NAME), written.read(_FROM), written.read(_TO)
        if text is None or first is None or (written.has(_TO) and last is None):
            continue
        if last is not None and last < first:
            written.reader.fault(written.node, f"名称{shown(text)}的截止年度 {last} 早于起始年度 {first}；请改正")
        if not any(each.isalpha() for each in text):
            written.reader.fault(written.node, f"名称{shown(text)}里没有一个字；请写单位的名称")
        if len(text) > LONGEST:
            written.reader.fault(written.node, f"名称{shown(text)}有 {len(text)} 个字，多于 {LONGEST} 个；请检查")
        for other in names:
            if other.holds_for(first) or (first <= other.first and (last is None or other.first <= last)):
                message = f"名称{shown(text)}与{shown(other.text)}的年度重叠；一个年度只能有一个名称，请改 from 或 to"
                written.reader.fault(written.node, message)
        names.append(MemberName(text=text, first=first, last=last))
    return tuple(names) if len(item.reader.findings) == told else None


def _named_every_year(names: tuple[MemberName, ...], first: int, last: int | None, item: Record) -> None:
    """Record the first years from *first* to *last* for which none of *names* holds, and a name that comes later."""
    year: int | None = first  # The first for which no name is known.
    for name in sorted(names, key=lambda name: name.first):
        if last is not None and name.first > last:
            message = f"名称{shown(name.text)}从 {name.first} 年度起，单位到 {last} 年度止；请核对年度"
            item.reader.fault(item.nodes["names"], message)
        if year is not None and name.first <= year:
            year = None if name.last is None else max(year, name.last + 1)
    if year is not None and (last is None or year <= last):
        message = f"没有写明 {year} 年度的报告用哪个名称；请改名称的 from 或 to，或者补一个名称"
        item.reader.fault(item.nodes["names"], message)


def _known(entries: Sequence[_Entry], reader: Reader) -> Mapping[str, Member | None]:
    """Return bodies by id; ids that occur twice, names in common and successors that are none are recorded."""
    add = reader.findings.add
    first: dict[str, _Entry] = {}
    named: dict[str, list[tuple[MemberName, Member]]] = {}
    for entry in entries:
        if entry.id in first:
            add(entry.place, f"标识 {entry.id} 写了两次，第一次在第 {first[entry.id].place.line} 行；请改正其一")
            continue
        first[entry.id] = entry
        member = entry.member
        if member is None:
            continue
        for name in member.names:
            alike = named.setdefault(name_key(name.text), [])
            for other, owner in alike:
                if owner is not member and _overlap(name, other) and _overlap(_life(member), _life(owner)):
                    beside = "" if name.text == other.text else f"（{shown(other.text)}，只差空格或者标点）"
                    add(entry.place, f"{member.id} 与 {owner.id} 在同一年度都叫{shown(name.text)}{beside}；请改正其一")
                    break
            alike.append((name, member))
    known = {id_: entry.member for id_, entry in first.items()}
    for entry in entries:
        if entry.member is not None and entry.into is not None:
            for problem in _successors(entry.member, known):
                add(entry.into, problem)
    return known


def _successors(member: Member, known: Mapping[str, Member | None]) -> Iterator[str]:
    for one, times in Counter(member.successors).items():
        if one not in known or one == member.id:
            hint = nearest(one, [id_ for id_ in known if id_ != member.id])
            yield f"{member.id} 的承接单位 {one} 不是名册里的另一个单位{hint}；请改正"
        elif times > 1:
            yield f"{member.id} 的承接单位 {one} 写了 {times} 次；请只留一处"
        elif member.last is not None and (after := known[one]) is not None and not after.reports_for(member.last + 1):
            yield f"{member.id} 到 {member.last} 年度止，承接单位 {one} 下一年度却不报告；请核对两者的年度"


def _life(member: Member) -> MemberName:
    return MemberName(text="", first=member.first, last=member.last)


def _overlap(name: MemberName, other: MemberName) -> bool:
    return name.holds_for(other.first) or other.holds_for(name.first)


def _returns(record: Record, known: Mapping[str, Member | None]) -> Iterator[Return]:
    every = [one for item in record.read(RETURNS) or () if (one := _return(item, known)) is not None]
    numbers: Counter[tuple[str, int]] = Counter()
    for one in sorted(every, key=lambda one: one.on):
        numbers[one.member, one.year] += 1
        yield replace(one, number=numbers[one.member, one.year])


def _return(item: Record, known: Mapping[str, Member | None]) -> Return | None:
    id_, year, on, reason = item.read(ID), item.read(_YEAR), item.read(_ON), item.read(_REASON)
    again = item.read(_AGAIN)
    if id_ is None or year is None or on is None or reason is None:
        return None
    if id_ not in known:
        item.reader.fault(item.nodes["id"], f"名册里没有 {id_} 这个单位{nearest(id_, known)}；请改正")
    elif (member := known[id_]) is not None and not member.reports_for(year):
        item.reader.fault(item.nodes["year"], f"{id_} 按名册不编制 {year} 年度的报告；请核对年度")
    if on.year < year:
        item.reader.fault(item.nodes["on"], f"退回日期 {on} 早于报告的年度 {year}；请核对")
    if again is not None and again < on:
        item.reader.fault(item.nodes["again"], f"重新报送日期 {again} 早于退回日期 {on}；请改正")
    return Return(member=id_, year=year, on=on, reason=reason, again=again, number=0)


def _adjustments(record: Record) -> Iterator[Adjustment]:
    known: dict[Adjustment, Place] = {}
    for item in record.read(ADJUSTMENTS) or ():
        year, address, reason = item.read(_YEAR), item.read(_CELL), item.read(_WHY)
        by = item.read(_BY)
        if year is None or address is None or by is None or reason is None:
            continue
        one = Adjustment(year=year, address=address, by=by, reason=reason, place=item.place)
        same = replace(one, place=Place(""))
        if same in known:
            message = f"同样的调整写了两次，第一次在第 {known[same].line} 行；请删去其一，确有两件的在原因里分别写明"
            item.reader.fault(item.node, message)
        known.setdefault(same, one.place)
        yield one
