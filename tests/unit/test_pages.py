"""What macros put into pages: joined sentences, escaped words, figures by path, lists."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import jinja2
import markdown
import pytest
from building import ROOT
from nianbao.pages import cards, lists
from nianbao.pages.figures import addresses, figure
from nianbao.pages.macros import lower_headings
from nianbao.pages.session import AuthorError, Session
from nianbao.pages.text import markdown as escaped
from nianbao.prose.macros import MACROS, bound
from nianbao.reading.findings import Finding, Place

if TYPE_CHECKING:
    from nianbao.model.dataset import Dataset


def html(source: str) -> str:
    """Return *source* as the sites render it."""
    return markdown.markdown(source, extensions=["attr_list", "nianbao.pages.chinese_line_breaks"])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("第一句。\n第二句。", "<p>第一句。第二句。</p>"),
        ("截至\n2023年", "<p>截至2023年</p>"),
        ("共 3\n件", "<p>共 3件</p>"),
        ("见 a\nb", "<p>见 a\nb</p>"),
        ("前。\n**强调**\n后", "<p>前。<strong>强调</strong>后</p>"),
        ("“引”\n《书》", "<p>“引”《书》</p>"),
        ("𠮷\n𠮷", "<p>𠮷𠮷</p>"),
        ("第一段。\n\n第二段。", "<p>第一段。</p>\n<p>第二段。</p>"),
        ("    代码。\n    代码。", "<pre><code>代码。\n代码。\n</code></pre>"),
        ("- 一。\n  二。", "<ul>\n<li>一。二。</li>\n</ul>"),
    ],
)
def test_sentences_are_joined(source: str, expected: str) -> None:
    """A line break beside a Chinese character is no gap; in Latin text and in code it stays."""
    assert html(source) == expected


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "[a](javascript:alert(1))",
        "**a** _b_ `c`",
        "{{ 1 // 0 }}",
        "{: .x }",
        "&lt;",
        "# a | b",
    ],
)
def test_words_of_the_data_stay_words(words: str) -> None:
    """Whatever stands in the data is shown as it is, and is neither HTML nor Markdown."""
    page = html(f"- {escaped(words)}（一条）")
    shown = markdown.util.AMP_SUBSTITUTE  # The renderer keeps references; a browser shows their characters.
    assert shown not in page
    for character in "<>[]*_`{}#":
        assert character not in page.replace("<ul>", "").replace("<li>", "").replace("</li>", "").replace(
            "</ul>", ""
        ).replace("&#", "")


def test_text_is_no_template() -> None:
    """The reader of data refuses marks of macros; text that came past it would still be shown and not carried out."""
    evil = "{{ 1 // 0 }}{% if %}{# note #}"
    assert unescape(jinja2.Template(escaped(evil)).render()) == evil


def test_headings_go_one_level_down() -> None:
    """Headings of sections become those of parts; what looks like one in code stays."""
    source = "# 一 {#a}\n\n## 二\n\n```\n# 三\n```\n\n#四\n"
    assert lower_headings(source) == "## 一 {#a}\n\n### 二\n\n```\n# 三\n```\n\n#四\n"


def test_figures(own: Dataset, examples: Dataset) -> None:
    """Figures are found by path, groups are summed, unknown ones are told as unknown."""
    real, old, busy = own.reports[2023], examples.reports[2019], examples.reports[2024]
    assert [figure(real, path) for path in ("items", "items.概况信息", "items.财政信息")] == ["9", "3", "2"]
    assert figure(real, "items.full_text_rate") == "100%"
    assert figure(real, "processing_fee") == "0"
    assert figure(busy, "requests.received") == "86"
    assert figure(busy, "requests.received.organizations") == "20"
    assert figure(busy, "requests.results.refused") == "16"
    assert figure(old, "requests.results.refused.internal_affairs.organizations.commercial") == "不详"
    assert figure(old, "requests.results.total") == "44"


def test_every_address_that_is_told_can_be_quoted(own: Dataset, examples: Dataset) -> None:
    """What `nianbao macros` lists are figures, cells and sums of every table among them."""
    for report in (own.reports[2023], examples.reports[2019], examples.reports[2024]):
        told = dict(addresses(report))
        assert all(figure(report, path) == value for path, value in told.items())
        assert {cell.address for cells in report.cells.values() for cell in cells.values()} <= set(told)
        assert {"items", "processing_fee", "requests.results.refused", "review.litigation"} <= set(told)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("requests.recieved", "没有“requests.recieved”这个数；是否应为 requests.received"),
        ("items.概况", "没有“items.概况”这个数；是否应为 items.概况信息"),
        ("完全不同", "没有“完全不同”这个数；写法见 nianbao macros 2023"),
        ("", "没有“”这个数；写法见 nianbao macros 2023"),
    ],
)
def test_figures_that_there_are_not(own: Dataset, path: str, message: str) -> None:
    """A path that leads nowhere is refused, with the nearest that does."""
    with pytest.raises(AuthorError) as caught:
        figure(own.reports[2023], path)
    assert str(caught.value) == message


def test_cards_are_bounded_and_escaped() -> None:
    """A card escapes what it shows, has no blank line, and does not grow without end."""
    findings = [Finding(Place("data/2023.yml", line), "实际为“<b>”") for line in range(1, 71)]
    card = cards.card(findings)
    assert "<b>" not in card
    assert "\n\n" not in card
    assert card.count("<li>") == 50
    assert "另有 20 处，见终端。" in card


def test_every_macro_is_documented() -> None:
    """The guide for editors shows every macro with an example, and no other."""
    guide = (ROOT / "EDITING.md").read_text(encoding="utf-8")
    documented = {line.split("{{ ")[1].split("(")[0] for line in guide.splitlines() if line.startswith("| `{{ ")}
    assert documented == set(MACROS)


def test_a_macro_without_a_line_in_the_table_fails_at_once(examples: Dataset) -> None:
    """What is registered and what the table of macros says are the same, or nothing is registered at all."""
    session = Session(dataset=examples, root=ROOT, data=ROOT, docs=ROOT, drafts=False, page=lambda: "2024/index.md")
    functions = dict.fromkeys(MACROS, str)
    assert set(bound(session, functions)) == set(MACROS)
    with pytest.raises(LookupError, match="new_macro"):
        bound(session, {**functions, "new_macro": str})
    del functions["year"]
    with pytest.raises(LookupError, match="year"):
        bound(session, functions)


def test_what_is_wrong_with_a_macro_is_told_in_one_line(examples: Dataset) -> None:
    """An argument may go over lines in a page; what is told of it does not, and is cut where it is long."""
    session = Session(dataset=examples, root=ROOT, data=ROOT, docs=ROOT, drafts=False, page=lambda: "2024/index.md")
    with pytest.raises(AuthorError, match=r"^没有“reque ``` sts”这张表的比较") as told:
        MACROS["year_changes"].check(session, ["reque\n```\nsts"], {})
    assert told.value.about == "reque\n```\nsts"
    with pytest.raises(AuthorError, match=r"^没有“a{40}…”这张表的比较"):
        MACROS["year_changes"].check(session, ["a" * 5000], {})


def test_lists_show_what_is_known(examples: Dataset) -> None:
    """Sections are linked under their titles; names carry their years."""
    assert lists.section_list(examples.reports[2024]).splitlines()[2] == (
        "- [三、收到和处理政府信息公开申请情况](3-requests.md)"
    )
    assert examples.agency is not None
    assert lists.agency_names(examples.agency).splitlines() == [
        "- 示例市示例区城市管理局（2019年度至2021年度）",
        "- 示例市示例区城市管理和综合执法局（2022年度起）",
    ]
