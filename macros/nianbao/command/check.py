"""`nianbao check`: judges reports and tells what was found and what was proved."""

from __future__ import annotations

import difflib
import os
import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nianbao.command import formats, screen
from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.options import scheduler_option
from nianbao.command.terminal import progress, tell, tell_machine
from nianbao.command.workers import LIMITS, check_many
from nianbao.exports.printable import no_fonts
from nianbao.model.project import WrongUseError, find_projects
from nianbao.reading.findings import most_serious_first
from nianbao.rules.cases import examples
from nianbao.rules.registry import ALL_RULES
from nianbao.rules.rule import FAMILIES
from nianbao.running.choosing import crew_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.model.project import Project
    from nianbao.reading.findings import Finding
    from nianbao.rules.cases import Edit, Example
    from nianbao.rules.results import ProjectResult
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


_FORMATS = ("text", "json", "github", "sarif")


@click.command(
    cls=ChineseCommand,
    short_help="检查报告的数据和文字。",
    help="检查报告的数据和文字，列出全部问题，也说明证实了多少处。\n\n"
    "PATH 是项目文件夹、data 文件夹、存放多个机关数据的文件夹，或者一个年度（如 2024）、一个数据文件、一个页面；"
    "不写就是当前文件夹。有错误时以 1 结束，用法不对时以 2 结束，其余为 0。",
)
@click.argument("paths", metavar="[PATH]…", nargs=-1, type=click.Path(path_type=Path, readable=False))
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", help="输出的格式，缺省为 text。")
@click.option("--strict", is_flag=True, help="待核和提醒也算不通过。")
@click.option("--explain", "code", metavar="编号", help="说明一条规则的依据和例子；all 列出全部规则。")
@scheduler_option
@help_option
def check(paths: Sequence[Path], form: str, code: str | None, scheduler: str, *, strict: bool) -> int:
    """Judge the reports at *paths* and return the exit code."""
    if code is not None:
        _print(explain(code))
        return 0
    projects = find_projects(paths, Path())
    results = _check(projects, scheduler)
    with_site = next((project for project in projects if project.has_site), None)
    machine = no_fonts(with_site) if with_site is not None else ()
    findings = sorted(chain(machine, *(result.findings for result in results)), key=most_serious_first)
    for result in results:
        if result.trace:
            tell(f"{result.data}：{result.trace}", err=True)
    summary = _summary(results, findings)
    match form:
        case "json":
            tell_machine(formats.as_json(findings, list(_reports(results)), summary))
        case "sarif":
            tell_machine(formats.as_sarif(findings))
        case "github":
            _print([formats.as_annotations(findings)] if findings else [])
        case _:
            _print(screen.lines(findings, results, summary, strict=strict))
    return int(any(strict or finding.level == "error" for finding in findings))


def _check(projects: Sequence[Project], scheduler: str) -> list[ProjectResult]:
    """Return the results of all projects, with a bar on the terminal while there are many."""
    with crew_of(scheduler, LIMITS, most=len(projects)) as crew:
        return list(progress(check_many(projects, crew), len(projects), "检查"))


def _print(lines: Iterator[str] | Sequence[str]) -> None:
    colour = None if "NO_COLOR" not in os.environ else False
    for line in lines:
        click.echo(line, color=colour)
    sys.stdout.flush()


def _summary(results: Sequence[ProjectResult], findings: Sequence[Finding]) -> dict[str, int]:
    years = [rules for result in results for rules in result.years.values()]
    levels = [finding.level for finding in findings]
    return {
        "agencies": len(results),
        "reports": len(years),
        "rules": len(ALL_RULES),
        "kept": sum(rule.confirmed for rules in years for rule in rules),
        "entered": sum(rule.entered for rules in years for rule in rules),
        "waived": sum(len(rule.waived) for rules in years for rule in rules),
        "errors": levels.count("error"),
        "uncertain": levels.count("uncertain"),
        "warnings": levels.count("warning"),
    }


def _reports(results: Sequence[ProjectResult]) -> Iterator[dict[str, Any]]:
    for result in results:
        for year, rules in result.years.items():
            yield {
                "agency": result.agency,
                "data": result.data,
                "year": year,
                "check_number": result.numbers.get(year),
                "rules": [
                    {"rule": rule.rule, "state": rule.state, "kept": rule.confirmed}
                    | ({"reason": rule.reason} if rule.state == "inapplicable" and rule.reason else {})
                    | ({"waived": [_waived(*one) for one in rule.waived]} if rule.waived else {})
                    for rule in rules
                ],
            }


def _waived(finding: Finding, reason: str) -> dict[str, str]:
    return {"place": finding.subject, "message": finding.message, "reason": reason}
