"""The public page that tells how reports are checked: all rules, and what each gave for every year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from nianbao.pages.text import markdown
from nianbao.reading.values import MACRO_MARKS
from nianbao.rules.checking import RESULTS
from nianbao.rules.judging import judged_of
from nianbao.rules.registry import ALL_RULES
from nianbao.rules.rule import FAMILIES
from nianbao.tables.scrolling import body, head, scrolling_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nianbao.model.report import Report
    from nianbao.pages.session import Session
    from nianbao.reading.findings import Finding
    from nianbao.rules.checking import Result
    from nianbao.rules.rule import Rule

_WEIGHTS = {True: "必须符合", False: "提醒"}
_NOTES = {"error": "不符合", "uncertain": "待人工核对", "warning": "提醒，不影响公布"}
# Families whose reminders are of an office's own work: form, wording, local requirements, publication.
_OWN = ("S", "Q", "L", "P", "W")
_HEADING = Markup("## 全部规则和各年度的结果 {#rules}")
# The last part of a message tells its editor what to do.
_ADVICE = re.compile(r"；(?:[^；]*，)?请.*$", re.DOTALL)


def rule_macros(session: Session) -> dict[str, Callable[..., Any]]:
    """Return the macros of this page by name, bound to *session*."""
    words = _Words(session)
    return {macro.__name__: macro for macro in (words.check_summary, words.check_results, words.exception_list)}


@dataclass(frozen=True, slots=True)
class _Words:
    """The macros."""

    session: Session

    def check_summary(self) -> str:
        """Return how many places were confirmed in each year, newest first, and whether it was corrected since."""
        results = judged_of(self.session).checked.results
        reports = self.session.dataset.reports
        years = [year for year in self.session.shown_years() if year in results]
        lines = [f"- {year}年：{_count(results[year])}{_corrected(reports[year])}" for year in years]
        return "\n".join(lines) if lines else "还没有公布的年度报告。"

    def check_results(self) -> Markup:
        """Return a table for each family of rules, folded: a row for a rule, a column for a year."""
        results = judged_of(self.session).checked.results
        years = [year for year in self.session.shown_years() if year in results]
        by_rule = {(result.rule.code, year): result for year in years for result in results[year]}
        blocks = []
        for family, title in FAMILIES.items():
            rules = [rule for rule in ALL_RULES if rule.family == family]
            if rules:
                start = Markup('<details class="folded" id="rules-{}">\n<summary>{}：{}条规则</summary>')
                results_ = _table(title, family, rules, [(year, by_rule) for year in years])
                folded = [start.format(family.lower(), title, len(rules)), results_, Markup("</details>")]
                blocks.append(Markup("\n").join(folded))
        return Markup("\n\n").join([_HEADING, *blocks])

    def exception_list(self) -> str:
        """Return all that was found and let stand: waived with its reason, uncertain, a reminder; newest year first.

        What reminds an office of its own work is counted; check and previews list it.
        """
        results = judged_of(self.session).checked.results
        lines, own = [], 0
        for year in self.session.shown_years():
            for result in results.get(year, ()):
                for waived in result.waived:
                    reason = f"照原样公布的理由：{waived.waiver.reason}"
                    lines.append(exception_line(year, waived.finding, reason))
                inner = not self.session.drafts and not result.rule.hard and result.rule.family in _OWN
                own += sum(finding.level == "warning" for finding in result.findings) if inner else 0
                shown = [one for one in result.findings if not (inner and one.level == "warning")]
                lines += [exception_line(year, finding, _NOTES[finding.level]) for finding in shown]
        note = f"\n\n另有{own}处是对编制工作的提醒，不涉及数字，检查和预览时列出。" if own else ""
        return ("\n".join(lines) if lines else "没有。") + note


def exception_line(year: int, finding: Finding, note: str) -> str:
    """Return a line of the list; what an editor should do is no matter of the public."""
    found = _ADVICE.sub("", finding.message)
    mark = MACRO_MARKS.search(found)
    if mark is not None:  # It stands in advice as well: pages show words, not how they are made.
        found = found[: max(found.rfind("；", 0, mark.start()), 0)] or found
    return f"- {year}年，{finding.rule}：{markdown(found)}。<br>{markdown(note)}"


def _corrected(report: Report) -> str:
    """Return how often *report* was corrected since its content was registered; nothing where it is not."""
    if not report.digest:
        return ""
    return f"；公布以来更正{len(report.corrections)}次" if report.corrections else "；公布以来没有更正"


def _count(results: Sequence[Result]) -> str:
    confirmed = sum(result.confirmed for result in results)
    states = [result.state for result in results]
    parts = [f"证实{confirmed}处", f"{states.count('kept')}条规则符合"]
    for state, words in (
        ("failed", "条有提醒"),
        ("uncertain", "条待人工核对"),
        ("waived", "条照原样公布"),
        ("inapplicable", "条不适用"),
    ):
        if state in states:
            parts.append(f"{states.count(state)}{words}")
    return "，".join(parts)


def _table(
    title: str, family: str, rules: Sequence[Rule], years: Sequence[tuple[int, dict[tuple[str, int], Result]]]
) -> Markup:
    """Return the rules of one family with their results, and why rules did not apply."""
    rows = (_row(rule, [(year, by_rule[rule.code, year]) for year, by_rule in years]) for rule in rules)
    region = scrolling_table(
        f"{title}：规则和各年度的结果",
        [head(("规则", *(f"{year}年" for year, _ in years)), apart=True), body(rows)],
        kind="rule-results",
        caption_id=f"rules-{family.lower()}-caption",
    )
    return Markup("\n").join([region, *_reasons(rules, years)])


def _row(rule: Rule, results: Sequence[tuple[int, Result]]) -> Markup:
    cells = Markup("\n").join(
        Markup('<td class="result-{}" data-year="{}年" data-search-exclude>{}</td>').format(
            result.state, year, _result(result)
        )
        for year, result in results
    )
    return Markup(
        '<tr>\n<th scope="row" id="rule-{}"><span class="rule-code">{}</span> {}'
        '<span class="rule-basis">{}。依据：{}</span></th>\n{}\n</tr>'
    ).format(rule.code.lower(), rule.code, rule.statement, _WEIGHTS[rule.hard], rule.basis, cells)


def _result(result: Result) -> str:
    if result.state == "kept":
        return f"{RESULTS['kept']} {result.confirmed}处"
    return "有提醒" if result.state == "failed" and not result.rule.hard else RESULTS[result.state]


def _reasons(rules: Sequence[Rule], years: Sequence[tuple[int, dict[tuple[str, int], Result]]]) -> Iterator[Markup]:
    """Yield why rules did not apply, each reason once with its rules and years."""
    reasons: dict[str, dict[str, list[int]]] = {}
    for rule in rules:
        for year, by_rule in years:
            result = by_rule[rule.code, year]
            if result.state == "inapplicable" and result.reason:
                reasons.setdefault(result.reason, {}).setdefault(rule.code, []).append(year)
    if reasons:
        yield Markup('<div class="table-notes">')
        for reason, found in reasons.items():
            where = "；".join(f"{code}（{'、'.join(f'{year}年' for year in every)}）" for code, every in found.items())
            yield Markup("<p>不适用：{}。{}</p>").format(reason, where)
        yield Markup("</div>")
