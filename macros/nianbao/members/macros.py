"""The macros of a superior's site: all bodies with their reports, how they compare, what each adds to the area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from nianbao.exports.formats import FOLDER_NAME
from nianbao.members.board import STATES
from nianbao.members.published import CELL_FORMATS, cells_kept_as, cells_name, register_of, rolled_up
from nianbao.members.rollup_record import PAGES, DamagedError, report_of, shown
from nianbao.members.sites import report_address
from nianbao.model.rates import FEW, Rate
from nianbao.model.report import total
from nianbao.pages.session import AuthorError
from nianbao.pages.text import markdown
from nianbao.reading.values import nearest
from nianbao.tables.scrolling import body, head, scrolling_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from nianbao.members.register import Member, Register
    from nianbao.members.rollup_record import RollupRecord
    from nianbao.model.form import Form, Heading, Table
    from nianbao.model.report import Report
    from nianbao.pages.session import Session
    from nianbao.reading.numbers import Number

_NONE = "还没有汇总。"
# The parts of so many bodies are listed; those of two thousand would make a page of nine megabytes.
MOST_PARTS = 300
_WEAK = "*"
_RECEIVED, _DONE = "requests.received", "requests.results.total"
_GRANTED = ("requests.results.granted", "requests.results.partly_granted")


def member_macros(session: Session) -> dict[str, Callable[..., Any]]:
    """Return the macros by name, bound to *session*."""
    words = _Words(session)
    return {
        macro.__name__: macro
        for macro in (words.member_reports, words.member_report, words.member_rates, words.member_parts)
    }


@dataclass(frozen=True, slots=True)
class _Words:
    """The macros; in the folder of a year they are of that year, elsewhere of the newest that was rolled up."""

    session: Session

    def member_reports(self) -> Markup | str:
        """Return all bodies with their reports, those that are missing with the reason, in the order of the register.

        Reports of bodies that have a site are linked there.
        """
        added, report = self._added()
        if added is None or report is None:
            return _NONE
        year = added.year
        told = Markup("<p>{}年度应报告的单位共{}个，汇总了{}个单位的报告。</p>").format(
            year, len(added.included) + len(added.missing), added.coverage
        )
        members = register_of(self.session).of(year)
        own = {id_: self.session.address(f"{PAGES}/{id_}.html") for id_ in added.reports}
        linked = bool(own) or any(member.site for member in members)
        rows = [_report_row(member, added, own.get(member.id, ""), linked=linked) for member in members]
        table = scrolling_table(
            f"{year}年各单位的报告",
            [head(("单位", "分类", *(["报告"] if linked else []), "汇总")), body(rows)],
            kind="data",
            caption_id="member-reports-caption",
        )
        return Markup("\n").join([told, table, self._files(report)])

    def member_report(self, body: str) -> Markup | str:
        """Return the report of *body* by its id, as the roll-up has taken it."""
        added, report = self._added()
        if added is None or report is None:
            return _NONE
        register = register_of(self.session)
        member = next((member for member in register.members if member.id == body), None)
        if member is None:
            message = f"名册里没有 {body} 这个单位{nearest(body, [one.id for one in register.members])}；请改正"
            raise AuthorError(message, body)
        name, year = member.name(added.year), added.year
        if body not in added.included:
            return Markup("<p>{}{}年度的报告{}。</p>").format(name, year, _sent(member, added))
        try:
            html = report_of(self.session.data, added, body)
        except DamagedError as error:
            message = f"没有{name}{year}年度的报告；请再运行一次 nianbao rollup {year}"
            raise AuthorError(message, body) from error
        title = Markup("<p><strong>{}{}年政府信息公开工作年度报告</strong></p>").format(name, year)
        return title + Markup("\n") + Markup(html)  # noqa: S704  # the roll-up has escaped it, and its digest is known

    def member_rates(self) -> Markup | str:
        """Return how bodies answered requests, each rate beside its denominator; nobody is ranked."""
        added, report = self._added()
        if added is None or report is None:
            return _NONE
        lines = list(_rates(added, report.form, register_of(self.session)))
        rows = [
            Markup('<tr>\n<th scope="row">{}</th>\n{}\n</tr>').format(
                name, Markup("\n").join(Markup("<td data-search-exclude>{}</td>").format(cell) for cell in cells)
            )
            for name, cells in lines
        ]
        columns = ("单位", "新收申请", "办理总数", "予以公开和部分公开", "占办理总数")
        table = scrolling_table(
            f"{added.year}年各单位办理申请的情况（单位：件）",
            [head(columns), body(rows)],
            kind="data",
            caption_id="member-rates-caption",
        )
        notes = [f"按名册的次序排列，不是名次；由{added.coverage}个单位的报告得出。"]
        if any(cells[-1].endswith(_WEAK) for _, cells in lines):
            notes.append(f"“{_WEAK}”表示分母不足{FEW}，差一件比率就会有较大变化，不宜用来比较。")
        noted = Markup("\n").join(Markup("<p>注：{}</p>").format(note) for note in notes)
        return Markup('{}\n<div class="table-notes">\n{}\n</div>').format(table, noted)

    def member_parts(self, table: str) -> Markup | str:
        """Return for each row of a table of the area what each body has added, folded; of many bodies, each class."""
        added, report = self._added()
        if added is None or report is None:
            return _NONE
        found = report.form.table(table)
        if found is None:
            known = "、".join(one.id for one in report.form.tables)
            message = f"没有“{table}”这张表；可用的是 {known}"
            raise AuthorError(message, table)
        register = register_of(self.session)
        figures = {id_: added.figures(report.form, id_) for id_ in added.included}
        if len(figures) > MOST_PARTS:
            parts = list(_classes(added, register))
            told = Markup("<p>单位较多，各数按分类相加；各单位的数在全部数据里。</p>")
            blocks = [told, self._files(report)]
        else:
            names = {member.id: member.name(added.year) for member in register.members}
            parts, blocks = [(names.get(id_, id_), (id_,)) for id_ in added.included], []
        for at, (columns, row) in enumerate(_rows(found), 1):
            addresses = [found.address(row.path, column.path) for column in columns]
            lines = [
                (name, [total(figures[id_].get(one) for id_ in bodies) for one in addresses]) for name, bodies in parts
            ]
            blocks.append(
                _folded(
                    f"parts-{found.id}-{at}",
                    row.label or found.caption,
                    [column.label for column in columns],
                    [line for line in lines if any(value != 0 for value in line[1])],
                    "分类" if len(figures) > MOST_PARTS else "单位",
                    _ends(report, added, addresses),
                )
            )
        return Markup("\n\n").join(blocks)

    def _files(self, report: Report) -> Markup:
        """Return links to the cells of all bodies that were added up into *report*."""
        links = (
            Markup('<a href="{}" download="{}">下载各单位各格的全部数据（{}）</a>').format(
                self.session.address(f"{FOLDER_NAME}/{cells_name(report.year, suffix)}"),
                markdown(cells_kept_as(report, suffix)),
                format_,
            )
            for suffix, format_ in CELL_FORMATS.items()
        )
        return Markup("<p>{}</p>").format(Markup("<br>").join(links))

    def _added(self) -> tuple[RollupRecord | None, Report | None]:
        """Return the roll-up that the page is of, and the report that it was written into."""
        session = self.session
        years = (session.year(),) if session.in_year else session.shown_years()
        return next(rolled_up(session, years), (None, None))


def _sent(member: Member, added: RollupRecord) -> str:
    """Return how far a body is; which mistakes keep a report out is between its body and the superior."""
    if member.id in added.included:
        return "已汇总"
    return STATES["missing"] if added.missing.get(member.id, "").startswith(STATES["missing"]) else "未汇总"


def _report_row(member: Member, added: RollupRecord, own: str, *, linked: bool) -> Markup:
    """Return the row of *member*, whose report has its *own* address on this site, or none."""
    year = added.year
    address = own or (report_address(member.site, year) if member.site else "")
    words = f"{year}年报告"  # Whose it is says the head of the row; longer words do not fit on a phone.
    link = Markup('<a href="{}">{}</a>').format(address, words) if address else Markup("—")
    state = _sent(member, added)
    cells = [Markup("<td>{}</td>").format(cell) for cell in (member.group, *([link] if linked else []), state)]
    return Markup('<tr>\n<th scope="row">{}</th>\n{}\n</tr>').format(member.name(year), Markup("\n").join(cells))


def _rates(added: RollupRecord, form: Form, register: Register) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the name of each included body and what the table says of it."""
    for member in register.of(added.year):
        if member.id not in added.included:
            continue
        figures = added.figures(form, member.id)

        def known(address: str, figures: Mapping[str, Number | None] = figures) -> Number | None:
            return figures.get(f"{form.current(address)}.total")  # of all applicants

        received, done, granted = known(_RECEIVED), known(_DONE), total(known(one) for one in _GRANTED)
        rate = "—"
        if done is not None and granted is not None:
            share = Rate(part=granted, whole=done)
            rate = share.text + (_WEAK if share.small else "")
        yield member.name(added.year), (shown(received), shown(done), shown(granted), rate)


def _rows(table: Table) -> Iterator[tuple[Sequence[Heading], Heading]]:
    """Yield every row of *table* with its columns."""
    for block in table.blocks:
        for row in block.rows.leaves:
            yield block.columns.leaves, row


def _ends(report: Report, added: RollupRecord, addresses: Sequence[str]) -> Iterator[Markup]:
    """Yield the last rows of a table of parts: adjustments, and the figures of the area as its report has them."""
    for address in addresses:
        for by, why in added.adjusted.get(address, ()):
            words = Markup('<tr>\n<th scope="row">调整</th>\n<td colspan="{}">{}：{}，{}</td>\n</tr>')
            yield words.format(len(addresses), report.form.words(address), by, why)
    cells = [report.cell(address) for address in addresses]
    printed = (
        Markup('<td data-figure="{}:{}" data-search-exclude>{}</td>').format(
            report.year, address, cell.text if cell is not None else "—"
        )
        for address, cell in zip(addresses, cells, strict=True)
    )
    yield Markup('<tr>\n<th scope="row">本级报告</th>\n{}\n</tr>').format(Markup("\n").join(printed))


def _classes(added: RollupRecord, register: Register) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the classes of a *register*, each with how many bodies it adds and their ids."""
    classes: dict[str, list[str]] = {}
    for member in register.members:
        if member.id in added.included:
            classes.setdefault(member.group or "没有分类的单位", []).append(member.id)
    yield from ((f"{name}（{len(ids)}个单位）", ids) for name, ids in classes.items())


def _folded(  # noqa: PLR0913, PLR0917  # what it shows
    id_: str,
    title: str,
    columns: Sequence[str],
    lines: Sequence[tuple[str, Sequence[Number | None]]],
    part: str,
    ends: Iterator[Markup],
) -> Markup:
    rows = [
        Markup('<tr>\n<th scope="row">{}</th>\n{}\n</tr>').format(
            name, Markup("\n").join(Markup("<td data-search-exclude>{}</td>").format(shown(value)) for value in values)
        )
        for name, values in lines
    ]
    table = scrolling_table(title, [head((part, *columns)), body([*rows, *ends])], kind="data", caption_id=f"{id_}-c")
    counted = f"{len(lines)}个{part}不为0" if lines else "各单位都是0"
    start = Markup('<details class="folded" id="{}">\n<summary>{}：{}</summary>').format(id_, title, counted)
    return Markup("\n").join([start, table, Markup("</details>")])
