"""The way of a year's report from its first figure to its hand-over: what is done, what is open, what can be done."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nianbao.editing.commands import AWAITING, COMMANDS, DRAFT, FROZEN, WAIVE
from nianbao.editing.pages import page_title
from nianbao.editing.questions import questions
from nianbao.editing.results import handover, results
from nianbao.exports.approval import ROLES
from nianbao.lifecycle.site_record import read_site
from nianbao.model.report import FEE
from nianbao.pages.lists import section_address, section_page
from nianbao.reading.check_numbers import read_number
from nianbao.reading.clock import today
from nianbao.reading.findings import LEVELS
from nianbao.reading.numbers import OPEN
from nianbao.rules.quality import UNWRITTEN
from nianbao.rules.registry import ALL_RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from nianbao.editing.desk import Desk
    from nianbao.model.agency import Agency
    from nianbao.model.report import Report

Json = dict[str, Any]

# The macro that lists the published items.
_ITEMS = b"item_list("


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Something said of a step; *page* leads to the place, below the site; *open* tells that it is to be done."""

    text: str
    page: str = ""
    open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the path with its *points*; it is done where none is open, and one without any tells *done*.

    A *free* step is one that nobody has to take.
    """

    id: str
    title: str
    points: tuple[Point, ...]
    done: str
    free: bool = False

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to be done."""
        return not any(point.open for point in self.points)


@dataclass(frozen=True, kw_only=True)
class _Year:
    """What is known of a year when its path is asked for; *report* is None where its data cannot be read."""

    desk: Desk
    year: int
    state: Json
    findings: Sequence[Json]
    number: str
    report: Report | None
    asked: Json


def year_path(desk: Desk, year: int | None) -> Json:
    """Return the path of *year*, by default the one at work: the latest draft, or else the latest of all.

    Raises `nianbao.editing.desk.NotThereError` where there is no such year, BrokenError as the desk does.
    """
    dataset = desk.dataset()
    years = dataset.years
    chosen = year if year is not None else max(dataset.drafts or years, default=0)
    judged = desk.findings(chosen)
    known = _Year(
        desk=desk,
        year=chosen,
        state=desk.year(chosen),
        findings=judged["findings"],
        number=judged["number"],
        report=dataset.reports.get(chosen),
        asked=questions(desk.project, chosen),
    )
    frozen, state = known.state["frozen"], _state(known)
    free = {"approval"} if not (frozen or _is_approved_somehow(known)) else set()
    steps = [
        Step(id=id_, title=title, points=tuple(points(known)), done=done, free=id_ in free)
        for id_, title, points, done in _STEPS
    ]
    here = next((step.id for step in steps if not step.is_done), "")
    waivable = _waivable(known)
    return {
        "body": _body(dataset.agency, chosen),
        "year": chosen,
        "years": [
            {"year": one, "word": "已定稿" if one in dataset.reports and dataset.reports[one].digest else "草稿"}
            for one in sorted(years, reverse=True)
        ],
        "next": max(years, default=chosen) + 1,
        "frozen": frozen,
        "here": here,
        "steps": [_described(step, here=here, state=state, waivable=any(waivable)) for step in steps],
        "findings": [one for one in known.findings if one["rule"] != UNWRITTEN],
        "waivable": waivable,
        "roles": list(dict.fromkeys((*ROLES, *dataset.profile.roles(chosen)))),
        "number": known.number,
        **known.asked,
        "results": results(desk.project, chosen),
        "job": desk.runner.state(),
    }


def _body(agency: Agency | None, year: int) -> str:
    return (agency.name(year) or agency.names[0].text) if agency is not None else ""


def _state(known: _Year) -> str:
    """Return the state of the year by which commands are offered."""
    day = known.report.published_on if known.report is not None else None
    if not known.state["frozen"]:
        return DRAFT
    return AWAITING if day is not None and day > today() else FROZEN


def _waivable(known: _Year) -> list[Json]:
    """Return the errors that may stand, each once: its ``rule``, its ``place`` and what it ``says``."""
    rules = {rule.code for rule in ALL_RULES if rule.waivable}
    errors = (one for one in known.findings if one["level"] == "error" and one["rule"] in rules and one["subject"])
    found = {(one["rule"], one["subject"]): f"{one['rule']}　{one['message'].partition('；')[0]}" for one in errors}
    return [{"rule": rule, "place": place, "says": says} for (rule, place), says in found.items()]


def _described(step: Step, *, here: str, state: str, waivable: bool) -> Json:
    word = "可以不办" if step.free else "已完成" if step.is_done else "下一步" if step.id == here else "待办"
    own = (one for one in COMMANDS if one.step == step.id and state in one.states)
    return {
        "id": step.id,
        "title": step.title,
        "done": step.is_done and not step.free,
        "word": word,
        "points": [
            {"text": point.text, "page": point.page, "open": point.open}
            for point in step.points or (Point(text=step.done, open=False),)
        ],
        "commands": [
            one.described() for one in own if not (one.remains and step.is_done) and (waivable or one.id != WAIVE)
        ],
    }


def _prepare(known: _Year) -> Iterator[Point]:
    if known.asked["open"]:
        yield Point(text=f"读入的报告有 {known.asked['open']} 个问题等您答复", page="#questions")
    before = known.desk.dataset().reports.get(known.year - 1)
    if before is None and not known.state["frozen"]:
        yield Point(
            text=f"没有 {known.year - 1} 年的报告，结转和上年的内容不能核对；有的请读入",
            open=False,
        )
    if known.report is None:
        yield Point(text=f"{known.year} 年的数据有误，先看“检查”里列出的错误")


def _figures(known: _Year) -> Iterator[Point]:
    state = known.state
    counts: dict[str, list[str]] = {}
    for address, text in state["typed"].items():
        if text == OPEN:
            counts.setdefault(address.partition(".")[0], []).append(address)
    form = known.report.form if known.report is not None else None
    for table, waiting in counts.items():
        section = form.section_of(table) if form is not None else None
        name = f"第{section.number}部分的表" if section is not None else "表格"
        yield Point(text=f"{name}：{len(waiting)} 格待填", page=f"{state['pages'][table]}#{waiting[0]}")
    rest = state["waiting"] - sum(map(len, counts.values()))
    if rest:
        yield Point(text="信息处理费待填", page=state["pages"][FEE])
    report = known.report
    if report is not None and not known.state["frozen"] and not report.item_count and not report.items_unknown:
        page = _page_with_items(known.desk.project.docs / str(known.year), report)
        yield Point(text="主动公开的信息还没有列出", page=page, open=False)
    if state["unread"]:
        first = min(state["unread"])
        page = state["pages"][first.partition(".")[0]]
        yield Point(text=f"{len(state['unread'])} 格读不懂", page=f"{page}#{first}")


def _page_with_items(folder: Path, report: Report) -> str:
    """Return the page in *folder* that lists the published items, or else the first section's."""
    form = report.form
    pages = {section: folder / section_page(form, section) for section in form.sections}
    listing = (section for section, page in pages.items() if page.is_file() and _ITEMS in page.read_bytes())
    return section_address(report.year, form, next(listing, form.sections[0]))


def _words(known: _Year) -> Iterator[Point]:
    pages: dict[str, int] = {}
    for one in known.findings:
        if one["rule"] == UNWRITTEN:
            pages[one["page"]] = pages.get(one["page"], 0) + 1
    for page, count in sorted(pages.items()):
        title = page_title(known.report.form, page) if known.report is not None else ""
        yield Point(text=f"{title or page}：{count} 处提示待写", page=page)


def _check(known: _Year) -> Iterator[Point]:
    if any(point.open for point in (*_figures(known), *_words(known))):
        yield Point(text="数字和文字写完以后，再看一遍查出的问题")
    counts = {
        level: sum(one["level"] == level and one["rule"] != UNWRITTEN for one in known.findings) for level in LEVELS
    }
    for level, words in LEVELS.items():
        if counts[level]:
            yield Point(text=f"{words} {counts[level]} 处", page="#findings", open=level == "error")


def _approval(known: _Year) -> Iterator[Point]:
    report, number = known.report, known.number
    if report is None:
        return
    if number and not report.digest:
        yield Point(text=f"现在的内容的校验号：{number}", open=False)
    for one in report.approvals:
        fresh = bool(report.digest) or read_number(one.number) == number  # Freezing has looked at it.
        day = f"{one.day.year}年{one.day.month}月{one.day.day}日"
        yield Point(
            text=f"{one.role}：{one.by}，{day}" + ("" if fresh else "；审签以后内容有改动，要重新审签"),
            open=not fresh,
        )
    if report.digest:
        return
    given = {one.role for one in report.approvals}
    for role in known.desk.dataset().profile.roles(known.year):
        if role not in given:
            yield Point(text=f"缺少“{role}”的审签")
    if not _is_approved_somehow(known):
        yield Point(text="本地要求没有规定审签环节；需要的可以生成审签单，签好后在这里登记", open=False)


def _is_approved_somehow(known: _Year) -> bool:
    """Say whether the year has an approval, or must have one."""
    roles = known.desk.dataset().profile.roles(known.year)
    return bool(roles or (known.report is not None and known.report.approvals))


def _freeze(known: _Year) -> Iterator[Point]:
    if not known.state["frozen"]:
        yield Point(text="还没有定稿")
        return
    report = known.report
    day = report.published_on if report is not None else None
    yield Point(text=f"公布日期：{day.year}年{day.month}月{day.day}日" if day else "公布日期不详", open=False)
    if _state(known) == AWAITING:
        yield Point(text="公布日期还没有到，那天以前可以撤回定稿", open=False)
    if known.number:
        yield Point(text=f"校验号：{known.number}", open=False)
    corrections = report.corrections if report is not None else ()
    if corrections:
        yield Point(text=f"登记了 {len(corrections)} 次更正", open=False)


def _build(known: _Year) -> Iterator[Point]:
    try:
        site = read_site(known.desk.project.site)
    except OSError:
        yield Point(text="还没有生成网站")
        return
    built = site.built.strftime("%Y-%m-%d %H:%M")
    number = site.numbers.get(known.year, "")
    yield Point(text=f"网站在 {built} 生成", open=False)
    if not number:
        yield Point(text=f"网站里还没有 {known.year} 年的报告")
    elif number != known.number:
        yield Point(text=f"网站里的 {known.year} 年是以前的内容（校验号 {number}）")


def _deliver(known: _Year) -> Iterator[Point]:
    packed = handover(known.desk.project)
    site = known.desk.project.site
    with contextlib.suppress(OSError):
        if packed.stat().st_mtime >= (site / "404.html").stat().st_mtime:
            yield Point(text="网站已打包，下载后交给操作人员；里面有说明", open=False)
            return
    yield Point(text="还没有打包的网站")


_STEPS = (
    ("prepare", "准备", _prepare, "资料齐全"),
    ("figures", "数字", _figures, "各格都已填写"),
    ("words", "文字", _words, "各处提示都已写完"),
    ("check", "检查", _check, "没有查出问题"),
    ("approval", "审签", _approval, "已经定稿"),
    ("freeze", "定稿", _freeze, ""),
    ("build", "生成", _build, ""),
    ("deliver", "交付", _deliver, ""),
)
