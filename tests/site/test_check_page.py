"""The public page that tells how reports are checked: what a citizen reads of every rule and year."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup, Tag
from nianbao.rules.registry import ALL_RULES

if TYPE_CHECKING:
    from pathlib import Path


def page(site: Path) -> BeautifulSoup:
    """Return the page of *site*."""
    return BeautifulSoup((site / "check.html").read_text(encoding="utf-8"), "html.parser")


def words(tag: Tag) -> str:
    """Return the text of *tag* without its marks for links."""
    return re.sub(r"\s+", " ", tag.get_text()).strip()


def told(site: Path) -> list[str]:
    """Return the items of the list of what was published although something was found."""
    heading = page(site).find(id="exceptions")
    assert isinstance(heading, Tag)
    found = heading.find_next("ul")
    assert isinstance(found, Tag)
    return [words(item) for item in found.find_all("li")]


def test_what_the_real_report_lacks_is_public(real_site: Path) -> None:
    """The page says of 2023 what is waived and why and what a person must judge; an office's own to-do is counted."""
    assert told(real_site) == [
        (
            "2023年，S-05：第一部分缺少“政府信息管理”；"
            "规定格式的五项是主动公开、依申请公开、政府信息管理、政府信息公开平台建设、监督保障。"
            "照原样公布的理由：原件第一部分只有四项，没有“政府信息管理”一项，照原件录入"
        ),
        "2023年，P-01：状态是已公布，没有登记公布日期，不能核对是否按期。待人工核对",
    ]


def test_an_offices_own_work_is_counted_only(real_site: Path) -> None:
    """Reminders of the site's tags or of freezing are no matter of the public: how many there are is said."""
    article = page(real_site).article
    assert article is not None
    assert "另有8处是对编制工作的提醒，不涉及数字，检查和预览时列出。" in words(article)
    assert "SiteName" not in words(article)


def test_example_tells_its_waivers_and_doubts(example_site: Path) -> None:
    """The newest year comes first; a draft's faults are not of the public."""
    found = [item.partition("：")[0] for item in told(example_site)]
    assert found == ["2021年，L-05", "2020年，T3-04", "2019年，T3-01"]


def test_whether_a_year_was_corrected_is_said(example_site: Path, real_site: Path) -> None:
    """Each registered year says whether it was corrected since; one that is not registered says nothing of it."""
    lines = {
        site: [words(item) for item in page(site).select("#summary + ul li")] for site in (example_site, real_site)
    }
    assert [line.partition("；")[2] for line in lines[example_site]] == ["公布以来没有更正"] * 6
    assert [line.partition("；")[2] for line in lines[real_site]] == [""]


def test_every_rule_has_a_row_and_every_year_a_result(example_site: Path) -> None:
    """Rules stand with code, weight, sentence and basis; each year says what it gave, under its own heading."""
    found = page(example_site)
    years = ["2024年", "2023年", "2022年", "2021年", "2020年", "2019年"]
    rows = found.select("table.rule-results tbody tr")
    assert [row.select_one(".rule-code").text for row in rows] == [rule.code for rule in ALL_RULES]  # type: ignore[union-attr]  # a row without a code would be the fault
    for row, rule in zip(rows, ALL_RULES, strict=True):
        head = words(row.th) if row.th is not None else ""
        weight = "必须符合" if rule.hard else "提醒"
        assert head == f"{rule.code} {rule.statement}{weight}。依据：{rule.basis}"
        assert [cell["data-year"] for cell in row.find_all("td")] == years
        states = [re.sub(r" \d+处$", "", words(cell)) for cell in row.find_all("td")]
        assert set(states) <= {"符合", "照原样公布", "待人工核对", "有提醒", "不适用"}
    assert all([words(cell) for cell in head.find_all("th")][1:] == years for head in found.select("thead"))


def test_the_page_speaks_to_the_public(real_site: Path, example_site: Path) -> None:
    """Readers are not told of files or settings of the project, and no basis ends with a stop."""
    for site in (real_site, example_site):
        article = page(site).article
        assert article is not None
        assert not re.search(r"\.yml|\.md\b|powers|jump|宏", words(article))
        bases = [words(basis) for basis in article.select(".rule-basis")]
        assert len(bases) == len(ALL_RULES)
        assert not [basis for basis in bases if basis.endswith("。")]
