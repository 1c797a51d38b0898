"""The sheet on which a report is approved before publication (审签单): what it says, what stands against it, who signs.

It is a paper of the office and no download of the site. The secrecy review is that of《条例》第十七条.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from nianbao.comparison.changes import Change, compared, tables
from nianbao.comparison.series import NO_REPORT, Years
from nianbao.documents.blocks import STRONG, TEXT, Block, Paragraph, PlainCell, PlainTable, Run
from nianbao.documents.document import Document, DocumentSection
from nianbao.lifecycle.numbers import NUMBER_TITLE, number_of
from nianbao.model.report import STATUSES
from nianbao.pages.lists import LATE_TITLE
from nianbao.pages.session import UnavailableError
from nianbao.pages.text import date
from nianbao.reading.check_numbers import read_number
from nianbao.reading.findings import LEVELS, most_serious_first
from nianbao.rules.judging import judged_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.comparison.series import Series
    from nianbao.model.report import Report
    from nianbao.pages.session import Session
    from nianbao.rules.checking import Result

TITLE = "审签单"
ROLES = ("经办", "审核", "保密审查", "签发")
_NUMERALS = "一二三四"
_TO_SIGN = "\n\n\n"  # Room for a hand.


def approval_document(session: Session, report: Report) -> Document:
    """Return the sheet for *report*. Raises UnavailableError where its pages are at fault."""
    judged, number = judged_of(session), number_of(session, report)
    if not number:
        raise UnavailableError(judged.mistakes)
    results = judged.checked.results[report.year]
    parts = (
        ("审签", tuple(_signatures(session, report, number))),  # Who signs has all lines on the first page.
        ("保密审查", tuple(_secrecy())),
        ("核对结果", tuple(_results(results))),
        ("与上年数字的对照（有变化的用粗体）", tuple(_changes(session, report))),
    )
    return Document(
        title=f"{report.title}{TITLE}",
        agency=report.agency_name,
        year=report.year,
        status="published",  # The sheet itself is no draft.
        published_on=None,
        notes=(f"{NUMBER_TITLE}：{number}",),
        sections=tuple(
            DocumentSection(id=f"approval-{numeral}", number=numeral, title=title, blocks=blocks)
            for numeral, (title, blocks) in zip(_NUMERALS, parts, strict=True)
        ),
        corrections=(),
        notice=session.notice,
        number=number,
        signed=False,
    )


def _results(results: Sequence[Result]) -> Iterator[Block]:
    findings = sorted({finding for result in results for finding in result.findings}, key=most_serious_first)
    waived = [waived for result in results for waived in result.waived]
    confirmed, entered = sum(one.confirmed for one in results), sum(one.entered for one in results)
    levels = Counter(finding.level for finding in findings)
    counts = "，".join(f"{words}{levels[level]}处" for level, words in LEVELS.items())
    totals = f"，其中另行录入的合计{entered}处" if entered else ""
    yield _text(f"用{len(results)}条规则核对，证实{confirmed}处{totals}；{counts}；照原样公布{len(waived)}处。")
    if findings:
        rows = [(LEVELS[one.level], one.rule, one.message, str(one.place)) for one in findings]
        yield _table(("类别", "规则", "内容", "位置"), rows, "未解决的问题")
    if waived:
        reasons = [(one.finding.rule, one.finding.message, one.waiver.reason) for one in waived]
        yield _table(("规则", "内容", "理由"), reasons, "照原样公布的问题")


def _changes(session: Session, report: Report) -> Iterator[Block]:
    before = session.dataset.reports.get(report.year - 1)
    if before is None:
        yield _text(f"{NO_REPORT}：没有{report.year - 1}年的报告，不作对照。")
        return
    years = Years.of(before, report, forms=session.dataset.forms)
    for table in report.form.tables:
        if table.id not in tables():
            continue
        both, later = compared(years, table.id)
        rows = [_compared(one) for one in both]
        yield _table(("项目", f"{before.year}年", f"{report.year}年", "增减"), rows, table.caption)
        if later:
            names = "、".join(one.label for one in later)
            yield _text(f"{before.year}年的格式没有以下项目，不作对照：{names}。")


def _compared(one: Series) -> tuple[str, ...] | tuple[Run, ...]:
    before, now = one.points
    change = Change(before=before.value, now=now.value)
    label = f"{'其中：' if one.line.part else ''}{one.label}{f'（{one.unit}）' if one.unit else ''}"
    cells = (label, before.text, now.text, change.text)
    same = before.text == now.text
    return cells if same else tuple(Run(text=text, styles=frozenset({STRONG})) for text in cells)


def _secrecy() -> Iterator[Block]:
    yield _text("依照《中华人民共和国政府信息公开条例》第十七条，对拟公布的内容进行保密审查：")
    for line in (
        "□ 不含国家秘密、工作秘密；",
        "□ 不含依法不得公开的商业秘密和个人隐私；",
        "□ 公布后不会危及国家安全、公共安全、经济安全、社会稳定。",
    ):
        yield _text(line)


def _signatures(session: Session, report: Report, number: str) -> Iterator[Block]:
    given = {one.role: one for one in report.approvals if read_number(one.number) == number}
    roles = dict.fromkeys((*ROLES, *session.dataset.profile.roles(report.year), *given))
    rows = [
        (role, "", f"{given[role].by}", date(given[role].day))
        if role in given
        else (role, _TO_SIGN, "", "  年  月  日")
        for role in roles
    ]
    published = f"，公布日期为{date(report.published_on)}" if report.published_on else "，公布日期未登记"
    late = f"{LATE_TITLE}：{report.late_reason}" if report.late_reason else ""
    yield _text(f"本报告现为{STATUSES[report.status]}{published}。{late}")
    yield _text(
        f"本单只对{NUMBER_TITLE}为{number}的内容有效；内容有改动的，{NUMBER_TITLE}随之改变，应当重新审签。"
        f"现在的{NUMBER_TITLE}见检查的结果。"
    )
    yield _table(("环节", "　　意　　　　　　　　见　　", "　签　　名　", "　日　　期　"), rows)


def _text(text: str) -> Paragraph:
    return Paragraph(runs=(Run(text=text),), kind=TEXT)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str | Run]], caption: str = "") -> PlainTable:
    """Return a table of one line of headings and *rows* of texts."""
    return PlainTable(
        caption=(Run(text=caption),) if caption else (),
        width=len(heads),
        head=1,
        rows=(_row(heads, header=True), *(_row(row, header=False) for row in rows)),
    )


def _row(cells: Sequence[str | Run], *, header: bool) -> tuple[PlainCell, ...]:
    runs = (Run(text=cell) if isinstance(cell, str) else cell for cell in cells)
    return tuple(PlainCell(runs=(run,), header=header, column=column) for column, run in enumerate(runs))
