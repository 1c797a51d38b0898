"""What the rules for figures in the prose say of sentences, as if they stood in a report."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nianbao.prose.extraction import page_text
from nianbao.prose.passages import Page, YearText
from nianbao.prose.tree import grow
from nianbao.rules import arithmetic, text_figures
from nianbao.rules.rule import Case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.dataset import Dataset
    from nianbao.rules.rule import Outcome

RULES = {rule.code: rule for rule in (*text_figures.RULES, *arithmetic.RULES)}

# Where sentences stand: the page, and the heading above them.
PLACES = {
    "主动公开": ("1-overview.md", "（一）主动公开"),
    "依申请": ("1-overview.md", "（二）依申请公开"),
    "管理": ("1-overview.md", "（三）政府信息管理"),
    "总体": ("1-overview.md", "一、总体情况"),
    "二": ("2-disclosure.md", "二、主动公开政府信息情况"),
    "三": ("3-requests.md", "三、收到和处理政府信息公开申请情况"),
    "四": ("4-review.md", "四、政府信息公开行政复议、行政诉讼情况"),
    "五": ("5-improvement.md", "（一）上一年问题的改进情况"),
    "六": ("6-other.md", "（一）信息处理费"),
}


def placed(dataset: Dataset, year: int, place: str, *texts: str, scope: str = "own") -> Case:
    """Return paragraphs at *place* in the report of *year* of *dataset* as a case."""
    assert dataset.agency is not None
    report = dataset.reports[year]
    name, heading = PLACES[place]
    html = f"<h2>{heading}</h2>" + "".join(f"<p>{text}</p>" for text in texts)
    page = Page(name=name, file=f"docs/{year}/{name}", source=html, calls=())
    tree = grow(html, ())
    read = page_text(tree, page)
    return Case(
        report=report,
        reports=dataset.reports,
        years=dataset.years,
        agency=replace(dataset.agency, scope=scope),
        profile=dataset.profile,
        pages=YearText(year=year, form=report.form, pages={name: read}),
    )


def said(dataset: Dataset, year: int, place: str, *texts: str, scope: str = "own") -> Iterator[tuple[str, Outcome]]:
    """Yield what all rules say of paragraphs at *place* in the report of *year* of *dataset*, each with its rule."""
    case = placed(dataset, year, place, *texts, scope=scope)
    for code, rule in RULES.items():
        for outcome in rule.check(case):
            yield code, outcome
