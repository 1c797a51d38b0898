"""What follows from the figures of a year, in sentences; of what is unknown nothing is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.model.rates import FEW, Rate
from nianbao.model.report import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.comparison.changes import Change
    from nianbao.model.report import Report
    from nianbao.reading.numbers import Number

_RESULTS = "requests.results"


def sentences(report: Report, change: Change | None) -> tuple[str, ...]:
    """Return the sentences; *change* is that of new requests since the year before, if both count them."""
    return tuple(
        sentence
        for part in (_requests(report), _since(change), _results(report), _review(report), _items(report))
        for sentence in part
    )


def _requests(report: Report) -> Iterator[str]:
    rows = ("requests.received", "requests.carried_in", f"{_RESULTS}.total", "requests.carried_out")
    received, carried_in, done, carried_out = (_figure(report, row) for row in rows)
    if received == 0 and carried_in == 0:
        yield f"{report.year}年没有收到政府信息公开申请，也没有上年结转的申请。"
        return
    if received is not None:
        person, bodies = (_figure(report, f"requests.received.{who}") for who in ("natural_person", "organizations"))
        who = ""
        if received and person is not None and bodies is not None:
            who = f"，其中自然人{plain(person)}件、法人或其他组织{plain(bodies)}件"
        yield f"新收政府信息公开申请{plain(received)}件{who}。"
    if carried_in is not None and done is not None and carried_out is not None:
        yield f"上年结转{plain(carried_in)}件，本年办理{plain(done)}件，结转下年度{plain(carried_out)}件。"


def _since(change: Change | None) -> Iterator[str]:
    if change is None or change.before is None or change.now is None or not (change.before or change.now):
        return
    if change.before == change.now:
        yield "新收申请与上年持平。"
        return
    rate = ""
    if change.before:
        few = f"（上年不足{FEW}件）" if change.small else ""
        rate = f"，{'增长' if change.now > change.before else '下降'}{change.rate.lstrip('+−')}{few}"
    yield f"新收申请比上年{change.text}件{rate}。"


def _results(report: Report) -> Iterator[str]:
    granted, partly, done, refused = (
        _figure(report, f"{_RESULTS}.{row}") for row in ("granted", "partly_granted", "total", "refused")
    )
    if not done:
        return
    if granted is not None and partly is not None:
        rate = Rate(part=granted + partly, whole=done)
        few = f"（办理总数不足{FEW}件）" if rate.small else ""
        yield f"办理结果中，予以公开{plain(granted)}件、部分公开{plain(partly)}件，合占{rate.in_words}{few}。"
    if refused:
        yield f"不予公开{plain(refused)}件{_reasons(report)}。"
    elif refused == 0:
        yield "没有不予公开的。"


def _reasons(report: Report) -> str:
    """Return the reason that all refusals had, or most, or those; nothing where a reason's figure is unknown."""
    form = report.form
    reasons = form.below(form.current(f"{_RESULTS}.refused"))
    figures = {row.words: report.figure(address) for address, row in reasons.items()}
    known = {label: value for label, value in figures.items() if value is not None}
    if not known or len(known) < len(figures):
        return ""
    most = max(known.values())
    labels = [f"“{label}”" for label, value in known.items() if value == most]
    if most == sum(known.values()):
        return f"，理由{'都' if most > 1 else ''}是{labels[0]}"
    return f"，最多的理由是{'、'.join(labels)}，{'各' if len(labels) > 1 else ''}{plain(most)}件"


def _review(report: Report) -> Iterator[str]:
    reviews, cases = (_figure(report, f"review.{kind}") for kind in ("reconsideration", "litigation"))
    if reviews == 0 and cases == 0:
        yield "政府信息公开行政复议、行政诉讼均为0件。"
        return
    table = report.form.table("review")
    kinds = table.groups if table is not None else ()
    corrected = [_figure(report, f"review.{kind.path}.corrected") for kind in kinds]
    if reviews is not None and cases is not None:
        known = [value for value in corrected if value is not None]
        corrections = f"，其中结果纠正{plain(sum(known))}件" if len(known) == len(corrected) else ""
        yield f"行政复议{plain(reviews)}件、行政诉讼{plain(cases)}件{corrections}。"


def _items(report: Report) -> Iterator[str]:
    count, rate = report.item_count, report.full_text_rate
    if report.items and count is not None:
        told = f"，有电子化全文的占{rate.in_words}" if rate is not None else ""
        yield f"主动公开政府信息{count}条{told}。"
    if report.processing_fee == 0:
        yield "没有收取信息处理费。"
    elif report.processing_fee is not None:
        yield f"收取信息处理费{plain(report.processing_fee)}元。"


def _figure(report: Report, address: str) -> Number | None:
    """Return the figure that the form of *report* has for *address*, as an earlier edition may call it."""
    return report.figure(report.form.current(address))
