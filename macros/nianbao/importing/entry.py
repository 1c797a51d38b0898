"""What an import enters into the data file of a year, and that file as `nianbao new` lays it out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nianbao.beginning.new_data import begun_items, proposed
from nianbao.data_files.data_layout import Contents, table_texts
from nianbao.data_files.entries import scalar
from nianbao.exports.template_words import NO, YES
from nianbao.importing.originals import FULL_TEXT
from nianbao.reading.characters import restored
from nianbao.reading.numbers import BLANK, OPEN, UNKNOWN
from nianbao.reading.source import unseen
from nianbao.reading.values import macro_mark

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Container, Iterator, Mapping, Sequence

    from nianbao.importing.originals import ReadReport
    from nianbao.importing.words.items import Published
    from nianbao.model.form import Form
    from nianbao.model.report import Report
    from nianbao.reading.findings import Finding

# Where remarks stand in the first lines of a data file.
_REMARK = 27


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is entered for a *year*: *figures* of all typed cells and printed *totals* by address, as data files write.

    *items* is None where nothing is known of what was published. *full_text* is the answer to whether items have
    their full text on the web, None where neither words nor answers tell: then they are counted and not listed.
    *published_on* is only told: a draft has no such day. A *transcribed* report was published as it is, or
    *submitted* to a superior; any other goes on from what a new year begins with: *begun* figures and *begun_items*.
    """

    year: int
    form: Form
    figures: Mapping[str, str]
    totals: Mapping[str, str]
    fee: str
    items: Published | None
    full_text: bool | None
    published_on: dt.date | None
    transcribed: bool
    submitted: bool = False
    begun: Contents = field(default_factory=lambda: Contents(figures={}))
    begun_items: tuple[str, ...] = ("items: []",)

    @property
    def gap(self) -> str:
        """The word for what was not read and not answered."""
        return UNKNOWN if self.transcribed else OPEN

    @property
    def item_lines(self) -> tuple[str, ...]:
        """The published items as lines of the data file."""
        return tuple(_items(self))


def entry_of(
    read: ReadReport,
    answers: Mapping[str, tuple[str, ...]],
    previous: Report | None,
    *,
    transcribed: bool,
    submitted: bool = False,
) -> Entry:
    """Return what is entered of *read* with the *answers* by the ids of questions.

    In a year that is not yet published a blank cell is one that nobody has filled in, or that the *previous* report
    hands on.
    """
    gap = UNKNOWN if transcribed else OPEN
    begun = Contents(figures={}) if transcribed else proposed(read.form, previous)
    known = {address: reading.value for address, reading in read.figures.readings.items()}
    for question in read.questions:
        if question.id in answers:
            known.update(zip(question.addresses, answers[question.id], strict=True))
    if not transcribed:
        known = {address: value for address, value in known.items() if value != BLANK}
    slots = [
        (table.address(row.path, column.path), row.total or column.total)
        for table in read.form.tables
        for _, row, column in table.grid
    ]
    figures = {address: known.get(address, begun.figures.get(address, gap)) for address, total in slots if not total}
    totals = {address: known[address] for address, total in slots if total and address in known}
    if not transcribed:
        totals = _whole(read.form, figures, totals)
    asked = {address for question in read.questions for address in question.addresses}
    totals.update(_completed(read.form, figures, totals, asked))
    told = read.told.items.full_text if read.told.items is not None else None
    return Entry(
        year=read.year,
        form=read.form,
        figures=figures,
        totals=totals,
        fee=read.fee or gap,
        items=read.told.items,
        full_text={YES: True, NO: False}.get(known.get(FULL_TEXT, ""), told),
        published_on=read.told.published_on,
        transcribed=transcribed,
        submitted=submitted,
        begun=begun,
        begun_items=tuple(begun_items(previous)),
    )


def _whole(form: Form, figures: Mapping[str, str], totals: Mapping[str, str]) -> dict[str, str]:
    """Return *totals* without those of which a part is not filled in yet: that adds up to nothing."""
    unfinished: set[str] = set()
    for total in (total for table in form.tables for total in table.totals):  # Totals of totals stand behind these.
        table = total.address.partition(".")[0]
        parts = [f"{table}.{'.'.join(filter(None, part))}" for part in total.parts]
        if any(part in unfinished or figures.get(part) == OPEN for part in parts):
            unfinished.add(total.address)
    return {address: value for address, value in totals.items() if address not in unfinished}


def _completed(
    form: Form, figures: Mapping[str, str], totals: Mapping[str, str], asked: Container[str]
) -> dict[str, str]:
    """Return the sums for totals that no original prints, and that are not *asked*, in rows where it prints others.

    A row of totals is written whole or not at all.
    """
    added: dict[str, str] = {}
    for table in form.tables:
        printed = {total.row.path for total in table.totals if total.row.total and total.address in totals}
        for total in table.totals:
            if total.row.path in printed and total.address not in totals and total.address not in asked:
                parts = [figures.get(table.address(*part), "") for part in total.parts]
                if not total.column.total and all(part.isdigit() for part in parts):
                    added[total.address] = str(sum(map(int, parts)))
    return added


def data_source(entry: Entry, schema: str, names: Sequence[str], waivers: Sequence[Finding] = ()) -> str:
    """Return the data file of *entry*, read from files called *names*, whose first line is *schema*.

    For each of *waivers*, findings that the original is the cause of, one is proposed that a person must confirm.
    """
    year = entry.year
    head = [
        schema,
        f"# {year}年政府信息公开工作年度报告：本年的事实和数字。",
        f"# 由 nianbao import 读自 {'、'.join(' '.join(restored(name).split()) for name in names)}。",
        f"# 各数的出处见 导入/{year}/核对.html。",
        f"# 没有发生的填 0；原件空着的填“{BLANK}”，无法辨认的填“{UNKNOWN}”；排在最后的合计是原件印出的，供核对。"
        if entry.transcribed
        else f"# “{OPEN}”的都要填写：没有发生的填 0；排在最后的合计取自底稿，供核对。",
        f"year: {year}",
        f"format: {entry.form.format}",
        _line("status: draft", "draft 草稿，published 已公布；公布时由 nianbao freeze 改写"),
    ]
    if entry.transcribed and not entry.submitted:
        head.append(_line("transcribed: true", "照已公布的旧报告录入，文字和数字以原件为准"))
    if not entry.form.holds_for(year):
        head.append(_line(f"form: {entry.form.id}", "原件用的不是本年度的格式，照原件录入"))
    if entry.published_on is not None and not entry.submitted:
        day = entry.published_on.isoformat()
        head.append(_line(f"# published_on: {day}", f"原件上的日期；定稿时写 nianbao freeze {year} --published {day}"))
    head += [
        _line(f"processing_fee: {entry.fee}", "信息处理费（单位：元），在第六部分报告"),
        "",
        "# 主动公开的信息，逐条列出；条数由程序清点，没有全部列出的写 count。",
        *entry.item_lines,
    ]
    parts = ["\n".join(head) + "\n", *table_texts(entry.form, _contents(entry))]
    if waivers:
        parts.append("\n".join(_waivers(waivers)) + "\n")
    return "\n".join(parts)


def _contents(entry: Entry) -> Contents:
    """Return what the tables say; where figures come from the year before, it is said beside them."""
    told = {
        row: words
        for row, words in entry.begun.told.items()
        if all(
            entry.figures[address] == value
            for address, value in entry.begun.figures.items()
            if address.startswith(f"{row}.")
        )
    }
    return Contents(figures=entry.figures, totals=entry.totals, told=told)


def _line(text: str, remark: str) -> str:
    return f"{text} ".ljust(_REMARK) + f"# {remark}"


def _items(entry: Entry) -> Iterator[str]:
    items = entry.items
    if items is None:
        yield from [f"items: {UNKNOWN}"] if entry.transcribed else entry.begun_items
        return
    if not items.categories:
        yield "items: []"
        return
    yield "items:"
    for category in items.categories:
        listed = category.titles if entry.full_text is not None and all(map(_fit, category.titles)) else ()
        yield f"  - category: {scalar(category.name)}"
        yield "    entries:" if listed else "    entries: []"
        for title in listed:
            full = bool(entry.full_text) and title not in items.without
            yield f"      - {{title: {scalar(title)}, full_text: {'true' if full else 'false'}}}"
        if category.count != len(listed):
            yield f"    count: {UNKNOWN if category.count is None else category.count}"


def _fit(title: str) -> bool:
    """Say whether a data file may hold *title*."""
    return unseen(title) is None and macro_mark(title) is None


def _waivers(findings: Sequence[Finding]) -> Iterator[str]:
    yield "# 下面几处照原件录入，检查时会查出。核对原件确实如此的，删去行首的“# ”，把理由写完整："
    yield "# waivers:"
    for finding in findings:
        cause = finding.message.partition("；")[0]
        yield (
            f"#   - {{rule: {finding.rule}, place: {scalar(finding.subject)}, "
            f"reason: {scalar(f'原件如此，照原件录入：{cause}')}}}"
        )
