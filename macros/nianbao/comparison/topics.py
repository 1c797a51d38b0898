"""What is compared: the lines, rates and charts of each topic.

Rows, columns and labels are the form's. Named here is only what a topic is about, as the edition of 2021 names it;
a sum or a rate may need words of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.comparison.series import Line, Share, below
from nianbao.model.report import FEE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nianbao.comparison.series import RateSeries, Series, Years
    from nianbao.model.form import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A table of *lines* and *shares* with charts. *table* is the statutory table that the figures come from.

    Charts *scaled_alike* can be compared with one another. *remark* tells how the rates are reckoned.
    """

    id: str
    title: str
    table: str
    lines: tuple[Line, ...]
    shares: tuple[Share, ...] = ()
    scaled_alike: bool = True
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A topic through the *years*: those of its lines and rates that the years have."""

    topic: Topic
    years: Years
    series: tuple[Series, ...]
    rates: tuple[RateSeries, ...]


def comparisons(years: Years) -> tuple[Comparison, ...]:
    """Return all topics through *years*, of which there must be one with a report."""
    return tuple(_compared(topic, years) for topic in topics(years.editions))


def comparison_of(id_: str, years: Years) -> Comparison:
    """Return the topic called *id_* through *years*; see `comparisons`."""
    return _compared(next(topic for topic in topics(years.editions) if topic.id == id_), years)


def _compared(topic: Topic, years: Years) -> Comparison:
    return Comparison(
        topic=topic,
        years=years,
        series=tuple(one for line in topic.lines if (one := years.series(line)) is not None),
        rates=tuple(rate for share in topic.shares if (rate := years.rate(share)) is not None),
    )


TITLES = {
    "requests": "申请的收到、办理和结转",
    "outcomes": "申请的办理结果",
    "refusals": "不予公开的理由",
    "reasons": "无法提供、不予处理和其他处理的情形",
    "reconsideration": "行政复议",
    "litigation": "行政诉讼",
    "documents": "规章和规范性文件",
    "decisions": "行政许可、行政处罚和行政强制等处理决定",
    "fees": "收费",
}

_RECEIVED, _RESULTS = "requests.received", "requests.results"
_REFUSED = f"{_RESULTS}.refused"
# What is disclosed, wholly or in part.
_DISCLOSED = (f"{_RESULTS}.granted", f"{_RESULTS}.partly_granted")
_RECONSIDERATION, _LITIGATION = "review.reconsideration", "review.litigation"
_NUMBERS = "零一两三四五六"

# The paragraphs of article 20 of the regulation by topic; of decisions, only they themselves are compared.
_BLOCKS = {
    "documents": ("article_20_1",),
    "decisions": ("article_20_5", "article_20_6"),
    "fees": ("article_20_8",),
}
_FEE_LINE = Line(addresses=(FEE,), label="信息处理费")


def topics(editions: Sequence[Form]) -> tuple[Topic, ...]:
    """Return all topics with the lines of *editions* of the form, newest first, of which there must be one."""
    return (
        _requests(editions),
        _outcomes(editions),
        _refusals(editions),
        _reasons(editions),
        _reconsideration(editions),
        _litigation(editions),
        *(_disclosure(id_, editions) for id_ in _BLOCKS),
    )


def result_groups(form: Form) -> dict[str, str]:
    """Return the labels of the groups of results by their addresses."""
    return {address: heading.words for address, heading in form.below(form.current(_RESULTS)).items()}


def _topic(id_: str, table: str, lines: Iterable[Line], shares: Iterable[Share] = (), remark: str = "") -> Topic:
    return Topic(id=id_, title=TITLES[id_], table=table, lines=tuple(lines), shares=tuple(shares), remark=remark)


def _requests(editions: Sequence[Form]) -> Topic:
    form, lines = editions[0], []
    for address, heading in below(editions, "requests").items():
        total = form.total(address)
        label = "" if total == address else f"{heading.words}{form.words(total)}"
        lines.append(Line(addresses=(total,), label=label))
        if address == form.current(_RECEIVED):
            lines += [Line(addresses=(part,), part=True) for part in form.across(address)]
    return _topic("requests", "requests", lines)


def _outcomes(editions: Sequence[Form]) -> Topic:
    form = editions[0]
    groups = below(editions, form.current(_RESULTS))
    whole = (form.total(form.current(_RESULTS)),)
    disclosed = tuple(map(form.current, _DISCLOSED))
    lines = [*map(_line, groups), Line(addresses=whole, label="办理结果总计", charted=False)]
    rate = f"公开率（{'和'.join(form.words(address) for address in disclosed)}）"
    shares = [Share(label=rate, part=disclosed, whole=whole)]
    shares += [Share(label=f"{group.words}的比重", part=(address,), whole=whole) for address, group in groups.items()]
    return _topic("outcomes", "requests", lines, shares, "比率是各项结果占办理结果总计的比重。")


def _refusals(editions: Sequence[Form]) -> Topic:
    refused = editions[0].current(_REFUSED)
    whole = Line(addresses=(refused,), label=f"{editions[0].words(refused)}合计")
    return _topic("refusals", "requests", [*map(_line, below(editions, refused)), whole])


def _reasons(editions: Sequence[Form]) -> Topic:
    form, lines = editions[0], []
    elsewhere = set(map(form.current, (*_DISCLOSED, _REFUSED)))
    for address, group in below(editions, form.current(_RESULTS)).items():
        if address not in elsewhere:
            lines.append(Line(addresses=(address,), label=f"{group.words}合计", charted=False))
            lines += [Line(addresses=(reason,), part=True) for reason in below(editions, address)]
    return _topic("reasons", "requests", lines)


def _reconsideration(editions: Sequence[Form]) -> Topic:
    form = editions[0]
    whole = form.current(_RECONSIDERATION)
    outcomes = below(editions, whole)
    corrected, pending = (form.current(f"{whole}.{outcome}") for outcome in ("corrected", "pending"))
    decided = tuple(address for address in outcomes if address != pending)
    total = Line(addresses=(whole,), label=f"{form.words(whole)}总计")
    rate = Share(label="复议纠错率", part=(corrected,), whole=decided)
    *others, last = (outcomes[address].words for address in decided)
    words = f"复议纠错率是{form.words(corrected)}占已审结（{'、'.join(others)}和{last}）的比重。"
    return _topic("reconsideration", "review", [*map(_line, outcomes), total], [rate], words)


def _litigation(editions: Sequence[Form]) -> Topic:
    form = editions[0]
    whole = form.current(_LITIGATION)
    kinds = below(editions, whole)
    outcomes: dict[str, tuple[str, ...]] = {}
    for kind in kinds:
        for address, outcome in below(editions, kind).items():
            outcomes[outcome.words] = (*outcomes.get(outcome.words, ()), address)
    lines = [Line(addresses=addresses, label=label) for label, addresses in outcomes.items()]
    lines.append(Line(addresses=(whole,), label=f"{form.words(whole)}总计"))
    lines += [Line(addresses=(kind,), part=True) for kind in kinds]
    pending = {form.current(f"{kind}.pending") for kind in kinds}
    rate = Share(
        label="诉讼纠错率",
        part=tuple(form.current(f"{kind}.corrected") for kind in kinds),
        whole=tuple(address for found in outcomes.values() for address in found if address not in pending),
    )
    names = "和".join(kind.words for kind in kinds.values())
    corrected = form.words(rate.part[0])
    words = f"各项结果是{names}{_NUMBERS[len(kinds)]}类之和；诉讼纠错率是{corrected}占已审结的比重。"
    return _topic("litigation", "review", lines, [rate], words)


def _disclosure(id_: str, editions: Sequence[Form]) -> Topic:
    """Return a topic with a line for each figure, by rows, also of those that only older editions count."""
    lines: dict[str, dict[str, Line]] = {}
    for newer, form in zip((None, *editions[:-1]), editions, strict=True):
        table = form.table("disclosure")
        for block, row, column in table.grid if table is not None else ():
            address = f"disclosure.{row.path}.{column.path}"
            if block.id not in _BLOCKS[id_] or (newer is not None and newer.continuing(address) is not None):
                continue
            if id_ != "decisions" or address == form.current(f"disclosure.{row.path}.decisions"):
                label = row.words if id_ == "decisions" else f"{row.words}：{column.words}"
                line = Line(addresses=(address,), label=label)
                lines.setdefault(row.path, {}).setdefault(column.path, line)
    found = [line for columns in lines.values() for line in columns.values()]
    topic = _topic(id_, "disclosure", [*found, *([_FEE_LINE] if id_ == "fees" else ())])
    return replace(topic, scaled_alike=id_ == "documents")


def _line(address: str) -> Line:
    return Line(addresses=(address,))
