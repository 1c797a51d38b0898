"""What is compared: the lines, rates and charts of each topic. Labels are the form's unless a sum needs its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.comparison.joins import words
from nianbao.comparison.series import FEE, Line, Share

if TYPE_CHECKING:
    from collections.abc import Sequence

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


_RESULTS = "requests.results"
_ALL_RESULTS = (f"{_RESULTS}.total",)
_REFUSALS = (
    *("state_secrets", "forbidden_by_law", "security_and_stability", "third_party_rights"),
    *("internal_affairs", "process_information", "enforcement_files", "administrative_inquiries"),
)
_OTHER_REASONS = {
    "无法提供": ("unavailable", ("not_held", "to_be_created", "still_unclear")),
    "不予处理": ("not_processed", ("petitions", "repeated", "publications", "excessive", "reconfirmation")),
    "其他处理": ("otherwise", ("not_corrected", "fee_not_paid", "other")),
}
_DECIDED = ("upheld", "corrected", "other")
_OUTCOMES = (*_DECIDED, "pending")
_OUTCOME_LABELS = {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果", "pending": "尚未审结"}
_LITIGATION = ("review.litigation.direct", "review.litigation.after_reconsideration")
# The groups of results, by the words that stand for them in rates and pictures.
GROUPS = {
    "granted": "予以公开",
    "partly_granted": "部分公开",
    "refused": "不予公开",
    "unavailable": "无法提供",
    "not_processed": "不予处理",
    "otherwise": "其他处理",
}

_REQUESTS = Topic(
    id="requests",
    title="申请的收到、办理和结转",
    table="requests",
    lines=(
        Line(addresses=("requests.received",)),
        Line(addresses=("requests.received.natural_person",), part=True),
        Line(addresses=("requests.received.organizations",), part=True),
        Line(addresses=("requests.carried_in",)),
        Line(addresses=_ALL_RESULTS, label="本年度办理结果总计"),
        Line(addresses=("requests.carried_out",)),
    ),
)
_OUTCOMES_OF_REQUESTS = Topic(
    id="outcomes",
    title="申请的办理结果",
    table="requests",
    lines=(
        *(Line(addresses=(f"{_RESULTS}.{group}",)) for group in GROUPS),
        Line(addresses=_ALL_RESULTS, label="办理结果总计", charted=False),
    ),
    shares=(
        Share(
            label="公开率（予以公开和部分公开）",
            part=(f"{_RESULTS}.granted", f"{_RESULTS}.partly_granted"),
            whole=_ALL_RESULTS,
        ),
        *(
            Share(label=f"{label}的比重", part=(f"{_RESULTS}.{group}",), whole=_ALL_RESULTS)
            for group, label in GROUPS.items()
        ),
    ),
    remark="比率是各项结果占办理结果总计的比重。",
)
_REASONS_OF_REFUSAL = Topic(
    id="refusals",
    title="不予公开的理由",
    table="requests",
    lines=(
        *(Line(addresses=(f"{_RESULTS}.refused.{reason}",)) for reason in _REFUSALS),
        Line(addresses=(f"{_RESULTS}.refused",), label="不予公开合计"),
    ),
)
_OTHER_REASONS_OF_REQUESTS = Topic(
    id="reasons",
    title="无法提供、不予处理和其他处理的情形",
    table="requests",
    lines=tuple(
        line
        for label, (group, reasons) in _OTHER_REASONS.items()
        for line in (
            Line(addresses=(f"{_RESULTS}.{group}",), label=f"{label}合计", charted=False),
            *(Line(addresses=(f"{_RESULTS}.{group}.{reason}",), part=True) for reason in reasons),
        )
    ),
)
_RECONSIDERATION = Topic(
    id="reconsideration",
    title="行政复议",
    table="review",
    lines=(
        *(Line(addresses=(f"review.reconsideration.{outcome}",)) for outcome in _OUTCOMES),
        Line(addresses=("review.reconsideration",), label="行政复议总计"),
    ),
    shares=(
        Share(
            label="复议纠错率",
            part=("review.reconsideration.corrected",),
            whole=tuple(f"review.reconsideration.{outcome}" for outcome in _DECIDED),
        ),
    ),
    remark="复议纠错率是结果纠正占已审结（结果维持、结果纠正和其他结果）的比重。",
)
_LITIGATION_TOPIC = Topic(
    id="litigation",
    title="行政诉讼",
    table="review",
    lines=(
        *(
            Line(addresses=tuple(f"{kind}.{outcome}" for kind in _LITIGATION), label=_OUTCOME_LABELS[outcome])
            for outcome in _OUTCOMES
        ),
        Line(addresses=("review.litigation",), label="行政诉讼总计"),
        Line(addresses=_LITIGATION[:1], label="未经复议直接起诉", part=True),
        Line(addresses=_LITIGATION[1:], label="复议后起诉", part=True),
    ),
    shares=(
        Share(
            label="诉讼纠错率",
            part=tuple(f"{kind}.corrected" for kind in _LITIGATION),
            whole=tuple(f"{kind}.{outcome}" for kind in _LITIGATION for outcome in _DECIDED),
        ),
    ),
    remark="各项结果是未经复议直接起诉和复议后起诉两类之和；诉讼纠错率是结果纠正占已审结的比重。",
)

TITLES = {
    topic.id: topic.title
    for topic in (
        _REQUESTS,
        _OUTCOMES_OF_REQUESTS,
        _REASONS_OF_REFUSAL,
        _OTHER_REASONS_OF_REQUESTS,
        _RECONSIDERATION,
        _LITIGATION_TOPIC,
    )
} | {"documents": "规章和规范性文件", "decisions": "行政许可、行政处罚和行政强制等处理决定", "fees": "收费"}

_BLOCKS = {
    "documents": ("article_20_1",),
    "decisions": ("article_20_5", "article_20_6"),
    "fees": ("article_20_8",),
}


def topics(editions: Sequence[Form]) -> tuple[Topic, ...]:
    """Return all topics; what the table of section 2 counts is taken from *editions* of the form, newest first."""
    return (
        _REQUESTS,
        _OUTCOMES_OF_REQUESTS,
        _REASONS_OF_REFUSAL,
        _OTHER_REASONS_OF_REQUESTS,
        _RECONSIDERATION,
        _LITIGATION_TOPIC,
        *(
            Topic(
                id=id_,
                title=TITLES[id_],
                table="disclosure",
                lines=(*_disclosure(id_, editions), *((_FEE_LINE,) if id_ == "fees" else ())),
                scaled_alike=id_ == "documents",
            )
            for id_ in _BLOCKS
        ),
    )


_FEE_LINE = Line(addresses=(FEE,), label="信息处理费")


def _disclosure(id_: str, editions: Sequence[Form]) -> tuple[Line, ...]:
    """Return a line for each figure of a topic, by rows, also of those that only older editions count."""
    lines: dict[str, dict[str, Line]] = {}
    for form in editions:
        table = form.table("disclosure")
        continued = _continued(editions, form)
        for block, row, column in table.grid if table is not None else ():
            address = f"disclosure.{row.path}.{column.path}"
            if block.id not in _BLOCKS[id_] or (id_ == "decisions" and column.path != "decisions"):
                continue
            if address not in continued:
                line = Line(addresses=(address,), label=f"{words(row.label)}：{words(column.label)}")
                lines.setdefault(row.path, {}).setdefault(column.path, line)
    return tuple(line for columns in lines.values() for line in columns.values())


def _continued(editions: Sequence[Form], form: Form) -> set[str]:
    """Return the addresses of *form* that the next newer of *editions* continues under another name."""
    newer = editions[editions.index(form) - 1] if editions.index(form) else None
    if newer is None or newer.earlier is None or newer.earlier.format != form.format:
        return set()
    return {link.there for link in newer.earlier.links if link.there}
