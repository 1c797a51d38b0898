"""What `nianbao check` shows to people: a line for each finding, what was proved and what is let stand, a summary."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

import click

from nianbao.reading.findings import LEVELS
from nianbao.reading.legible import one_line, visible
from nianbao.rules.rule import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.reading.findings import Finding
    from nianbao.rules.results import ProjectResult

# So many waivers are told one by one; the agencies of a province have thousands.
_TOLD = 20

_COLOURS = {"error": "red", "uncertain": "yellow", "warning": "cyan"}


def lines(
    findings: Sequence[Finding], results: Sequence[ProjectResult], summary: Mapping[str, int], *, strict: bool
) -> Iterator[str]:
    """Yield the lines of the report, with colours for a terminal."""
    yield from map(finding_line, findings)
    if findings:
        yield ""
    agencies = f"{summary['agencies']} 个机关的 " if summary["agencies"] > 1 else ""
    yield f"检查了 {agencies}{summary['reports']} 份报告，用了 {summary['rules']} 条规则。"
    yield from _proved(results, summary["kept"], summary["entered"])
    yield from _waived(results, summary["waived"])
    for result in results:
        yield from (f"{year}年 校验号 {number}" for year, number in result.numbers.items())
    yield from _summary(findings, strict=strict)


def finding_line(finding: Finding) -> str:
    """Return *finding* as one line, with colours for a terminal."""
    level = click.style(LEVELS[finding.level], fg=_COLOURS[finding.level], bold=True)
    rule = click.style(finding.rule, bold=True) + " " if finding.rule else ""
    subject = click.style(f" 〔{visible(finding.subject)}〕", dim=True) if finding.subject else ""
    return f"{finding.place}: {level} {rule}{one_line(finding.message)}{subject}"


def _proved(results: Sequence[ProjectResult], confirmed: int, entered: int) -> Iterator[str]:
    """Yield in how many places the rules of each family were confirmed, and how many typed totals agree."""
    counts: Counter[str] = Counter()
    for result in results:
        for code, number in result.confirmed.items():
            counts[code.partition("-")[0]] += number
    parts = [f"{title} {counts[family]} 处" for family, title in FAMILIES.items() if counts[family]]
    yield f"证实 {confirmed} 处{'：' if parts else ''}{'，'.join(parts)}。"
    if entered:
        yield f"其中 {entered} 处合计按原件录入，与原件合计一致。"


def _waived(results: Sequence[ProjectResult], waived: int) -> Iterator[str]:
    """Yield what is published as it stands, with the reasons that the public reads too."""
    if not waived:
        return
    yield f"照原样公布 {waived} 处："
    reasons = (
        f"  {finding.place}: {finding.rule} 〔{visible(finding.subject)}〕{one_line(reason)}"
        for result in results
        for rules in result.years.values()
        for rule in rules
        for finding, reason in rule.waived
    )
    yield from islice(reasons, _TOLD)
    if waived > _TOLD:
        yield f"  另有 {waived - _TOLD} 处，见 --format json。"


def _summary(findings: Sequence[Finding], *, strict: bool) -> Iterator[str]:
    counts = Counter(finding.level for finding in findings)
    if not findings:
        yield click.style("没有发现问题。", fg="green", bold=True)
        return
    parts = [
        click.style(f"{words} {counts[level]} 处", fg=_COLOURS[level], bold=True)
        for level, words in LEVELS.items()
        if counts[level]
    ]
    stops = counts["error"] or (strict and findings)
    advice = "改正错误后才能公布" if stops else "没有错误；请看一遍待核和提醒"
    if stops and not counts["error"]:
        advice = "按 --strict 的要求，全部处理后才算通过"
    yield f"{'，'.join(parts)}。{advice}。"
    rules = [finding.rule for finding in findings if finding.rule]
    if rules:
        yield f"规则的依据和例子：nianbao check --explain {rules[0]}；确需照原样公布的，在数据文件的 waivers 里写明。"
