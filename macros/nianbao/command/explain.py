"""`nianbao check --explain`: a rule with its basis and its cases."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import click

from nianbao.model.project import WrongUseError
from nianbao.rules.cases import examples
from nianbao.rules.registry import ALL_RULES
from nianbao.rules.rule import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.rules.cases import Edit, Example
    from nianbao.rules.rule import Rule

EVERY = "all"
_BASES = {"examples": "示例报告 examples/", "own": "本项目的报告"}


def explain(code: str) -> Iterator[str]:
    """Yield the lines that explain the rule *code*, or a line for each rule where *code* is ``all``.

    Raises WrongUseError for a code that does not exist.
    """
    if code.lower() == EVERY:
        for family, title in FAMILIES.items():
            yield click.style(title, bold=True)
            rules = [rule for rule in ALL_RULES if rule.family == family]
            yield from (f"  {rule.code:<6}{_weight(rule)}  {rule.statement}" for rule in rules)
        return
    rule = next((rule for rule in ALL_RULES if rule.code == code.upper()), None)
    if rule is None:
        near = difflib.get_close_matches(code.upper(), [rule.code for rule in ALL_RULES], n=1)
        hint = f"；是否应为 {near[0]}" if near else ""
        message = f"没有 {code} 这条规则{hint}；全部规则见 nianbao check --explain {EVERY}"
        raise WrongUseError(message)
    yield from _rule(rule)


def _weight(rule: Rule) -> str:
    return "错误" if rule.hard else "提醒"


def _rule(rule: Rule) -> Iterator[str]:
    yield click.style(f"{rule.code}  {rule.statement}", bold=True)
    effect = "不符合就不能公布" if rule.hard else "不符合时提醒"
    yield f"性质：{_weight(rule)}，{effect}{'' if rule.waivable else '，不能豁免'}"
    yield f"依据：{rule.basis}"
    cases = [case for case in examples() if case.rule == rule.code]
    for title, chosen in (
        ("符合的例子：", [case for case in cases if not case.findings]),
        ("不符合的例子：", [case for case in cases if case.findings]),
    ):
        if chosen:
            yield ""
            yield click.style(title, bold=True)
            for case in chosen:
                yield from _case(case)


def _case(case: Example) -> Iterator[str]:
    yield f"  {case.about}（{_BASES[case.base]}{'，作以下修改' if case.edits else ''}）"
    for edit in case.edits:
        yield from _edit(edit)
    for finding in case.findings:
        yield f"    查出：{finding}"


def _edit(edit: Edit) -> Iterator[str]:
    made = f"（由 {edit.copy} 复制）" if edit.copy else ""
    yield f"    {edit.file}{made}"
    yield from (click.style(f"      - {line}", fg="red") for line in edit.old.splitlines())
    yield from (click.style(f"      + {line}", fg="green") for line in edit.new.splitlines())
