"""What `nianbao check` shows to people: a line for each finding, and a summary of what was proved."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from macros.reading.findings import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from macros.reading.findings import Finding

_COLOURS = {"error": "red", "uncertain": "yellow", "warning": "cyan"}


def lines(findings: Sequence[Finding], summary: Mapping[str, int], *, strict: bool) -> Iterator[str]:
    """Yield the lines of the report, with colours for a terminal."""
    yield from map(finding_line, findings)
    if findings:
        yield ""
    yield from _summary(findings, summary, strict=strict)


def finding_line(finding: Finding) -> str:
    """Return *finding* as one line, with colours for a terminal."""
    level = click.style(LEVELS[finding.level], fg=_COLOURS[finding.level], bold=True)
    rule = click.style(finding.rule, bold=True) + " " if finding.rule else ""
    subject = click.style(f" 〔{finding.subject}〕", dim=True) if finding.subject else ""
    return f"{finding.place}: {level} {rule}{finding.message}{subject}"


def _summary(findings: Sequence[Finding], summary: Mapping[str, int], *, strict: bool) -> Iterator[str]:
    agencies = f"{summary['agencies']} 个机关的 " if summary["agencies"] > 1 else ""
    yield (
        f"检查了 {agencies}{summary['reports']} 份报告，用了 {summary['rules']} 条规则："
        f"证实 {summary['kept']} 处，照原样公布 {summary['waived']} 处。"
    )
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
    advice = "改正错误后才能公布" if stops else "可以公布；请看一遍待核和提醒"
    if stops and not counts["error"]:
        advice = "按 --strict 的要求，全部处理后才算通过"
    yield f"{'，'.join(parts)}。{advice}。"
    rules = [finding.rule for finding in findings if finding.rule]
    if rules:
        yield f"规则的依据和例子：nianbao check --explain {rules[0]}；确需照原样公布的，在数据文件的 waivers 里写明。"
