"""The built sites: the real portal and the example, as the public gets them."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin

import html5lib
import pytest
from bs4 import BeautifulSoup
from building import nianbao, run
from markupsafe import escape

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECTIONS = {
    "1-overview": "一、总体情况",
    "2-disclosure": "二、主动公开政府信息情况",
    "3-requests": "三、收到和处理政府信息公开申请情况",
    "4-review": "四、政府信息公开行政复议、行政诉讼情况",
    "5-improvement": "五、存在的主要问题及改进情况",
    "6-other": "六、其他需要报告的事项",
}

# Where the foot of the example's pages leads to: the only links that leave the site.
LEADING_OUT = {
    "公安机关备案号：示公网安备00000000000000号": "https://police.example.org/query?code=00000000000000",
    "党政机关网站标识": "https://identity.example.org/show?id=0000000000",
    "我为政府网站找错": "https://errors.example.org/report?site=0000000000&from=report",
    "站点地图": "https://www.example.org/map.html",
}


def soup(path: Path) -> BeautifulSoup:
    """Return a page parsed."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def pages(site: Path) -> Iterator[Path]:
    """Yield the pages of *site*."""
    found = sorted(site.rglob("*.html"))
    assert found
    yield from found


def text_of(path: Path) -> str:
    """Return the text of a page's article without blanks."""
    article = soup(path).select_one("article")
    assert article is not None
    for link in article.select(".headerlink"):
        link.decompose()
    return re.sub(r"\s+", "", article.get_text())


@pytest.fixture(params=["real", "example"])
def site(request: pytest.FixtureRequest, real_site: Path, example_site: Path) -> Path:
    """Each of the two sites."""
    return real_site if request.param == "real" else example_site


def test_sections_have_statutory_titles(real_site: Path) -> None:
    """Each of the six sections has a page under its exact title."""
    for page, title in SECTIONS.items():
        heading = soup(real_site / "2023" / f"{page}.html").select_one("h1")
        assert heading is not None
        assert heading.get_text().removesuffix("#") == title


def test_titles_tell_the_year(example_site: Path) -> None:
    """Sections are called alike every year; the title of a window and of what a search engine finds names the year."""
    titles = {
        str(path.relative_to(example_site)): re.findall("<title>(.*?)</title>", path.read_text(encoding="utf-8"))
        for path in pages(example_site)
    }
    assert titles["2024/3-requests.html"] == ["三、收到和处理政府信息公开申请情况 - 2024年 - 政府信息公开年报（示例）"]
    assert titles["2024/index.html"] == [
        "示例市示例区城市管理和综合执法局2024年政府信息公开工作年度报告 - 政府信息公开年报（示例）"
    ]
    several = [title for name, found in titles.items() if name != "404.html" for title in found]
    assert len(set(several)) == len(several)


def test_the_foot_names_the_year_of_a_page_of_another_year(example_site: Path) -> None:
    """Pages before and after are named; one of another year says which year it is of, as all have the same names."""

    def foot(name: str) -> list[str]:
        return [
            f"{link['aria-label']}|{' '.join(link.get_text(' ', strip=True).split())}"
            for link in soup(example_site / name).select("footer nav a")
        ]

    assert foot("2021/index.html")[0] == "上一页：2022年：一图读懂|上一页 2022年：一图读懂"
    assert foot("2021/2-disclosure.html") == [
        "上一页：一、总体情况|上一页 一、总体情况",
        "下一页：三、收到和处理政府信息公开申请情况|下一页 三、收到和处理政府信息公开申请情况",
    ]
    (after,) = foot("index.html")
    assert after.count("2024年") == 2


def test_a_wrong_address_is_told_in_chinese(site: Path) -> None:
    """The page for addresses that have none says so in Chinese and leads to the reports."""
    page = soup(site / "404.html")
    assert page.title is not None
    assert page.title.get_text().startswith("没有找到这个页面 - 政府信息公开年报")
    assert [heading.get_text() for heading in page.select("article h1")] == ["没有找到这个页面"]
    assert "Not found" not in page.get_text()
    assert [link.get_text() for link in page.select("article a[href$='/index.html']")] == ["历年报告"]


def test_the_link_over_the_menu_says_where_it_leads(site: Path) -> None:
    """Who goes by keyboard is told that the first link leads to the text."""
    for page in pages(site):
        if page.parent.name != "latest" and page.name != "404.html":
            assert [link.get_text(strip=True) for link in soup(page).select(".md-skip")] == ["跳到正文"]


def test_full_text_holds_every_section_once(real_site: Path) -> None:
    """The full text has one title, the six sections in order and the three tables."""
    page = soup(real_site / "2023/full.html")
    assert [h.get_text().removesuffix("#") for h in page.select("h1")] == [
        "武昌区社会管理网格化服务中心2023年政府信息公开工作年度报告"
    ]
    assert [h.get_text().removesuffix("#") for h in page.select("h2")] == list(SECTIONS.values())
    assert [table["id"] for table in page.select("table")] == ["disclosure", "requests", "review"]


# Every fact of the report, in the words that the pages use for it.
FACTS = {
    "1-overview": (
        "2023年，武昌区社会管理网格化服务中心在区委、区政府的领导下",
        "《中华人民共和国政府信息公开条例》",
        "领导小组始终由中心主要负责人任组长",
        "武昌区政府2023年政务公开工作要点",
        "全年主动公开政府信息9条，其中概况信息3条、财政信息2条、其他对外管理服务事项信息4条，全文电子化率100%",
        "机构职能信息",
        "领导成员及分工信息",
        "内设机构信息",
        "《武昌区社会管理网格化服务中心2023年部门预算》",
        "《武昌区社会管理网格化服务中心2022年部门决算》",
        "《武昌区社会管理网格化服务中心政府购买服务指导性目录（2023年版）》",
        "城市留言板网址",
        "武汉市民热线（12345）",
        "武昌微邻里公众号",
        "及时在门户网站公布",
        "收到政府信息公开申请0件",
        "（三）政务信息平台建设和数据归集工作",
        "指导思想、基本原则、组织领导、工作职责、工作目标和工作要求",
        "协同办公系统",
        "民呼我应系统",
        "物联网感知数据",
        "监督信箱和监督电话",
        "没有因信息公开工作不力被追究责任的情况",
        "原件没有“政府信息管理”一项",
    ),
    "2-disclosure": ("主动公开政府信息9条",),
    "3-requests": ("新收政府信息公开申请0件", "原件“（一）予以公开”一行印有六个数"),
    "4-review": ("行政复议0件、行政诉讼0件", "原件本部分的序号印为“三”"),
    "5-improvement": (
        "2022年度的主要问题有两个",
        "法规和政策掌握得还不全面",
        "信息员的业务水平有待提高",
        "列入各科室的考核内容，及时公布政策、部门预算和部门决算，及时办理投诉",
        "制度化、规范化、常态化",
        "业务培训有待加强",
        "系统操作和依申请公开的答复",
        "参加上级组织的培训，听取上级的意见",
        "及时、准确、完整",
    ),
    "6-other": (
        "收取信息处理费0元",
        "没有需要办理的建议提案",
        "《武汉市2023年度政务公开工作要点》",
    ),
}


@pytest.mark.parametrize("page", FACTS)
def test_facts_of_the_report(real_site: Path, page: str) -> None:
    """The pages of 2023 tell every fact of the report."""
    text = text_of(real_site / "2023" / f"{page}.html")
    assert [fact for fact in FACTS[page] if fact not in text] == []


def test_published_items_are_numbered_through(real_site: Path) -> None:
    """Nine items in three categories: 3 + 2 + 4, counted from 1 to 9."""
    lists = soup(real_site / "2023/1-overview.html").select("ol[start]")
    assert [(item["start"], len(item.select("li"))) for item in lists] == [("1", 3), ("4", 2), ("6", 4)]


def test_all_zero_tables_show_zeros(real_site: Path) -> None:
    """10, 175 and 15 cells, each of them 0."""
    figures = {
        table["id"]: [cell.get_text() for cell in table.select("td")]
        for table in soup(real_site / "2023/full.html").select("table")
    }
    assert figures == {"disclosure": ["0"] * 10, "requests": ["0"] * 175, "review": ["0"] * 15}


def test_column_page_lists_newest_first(example_site: Path) -> None:
    """The column page names every published year, newest first, and no draft."""
    text = text_of(example_site / "index.html")
    years = re.findall(r"(\d{4})年政府信息公开工作年度报告", text)
    assert years == ["2024", "2023", "2022", "2021", "2020", "2019"]


def test_navigation_puts_the_newest_year_first(example_site: Path) -> None:
    """The menu names the years from new to old, and "next page" follows it."""
    home = soup(example_site / "index.html")
    items = (item.get_text(strip=True) for item in home.select(".site-nav > ul > li > a"))
    years = [item for item in items if re.fullmatch(r"\d{4}年", item)]
    assert years == ["2024年", "2023年", "2022年", "2021年", "2020年", "2019年"]
    following = home.select_one(".md-footer__link--next")
    assert following is not None
    assert following["href"] == "2024/index.html"


def test_years_lead_to_the_counterpart(example_site: Path, tmp_path: Path) -> None:
    """Every page leads to its like in each year, wherever that stands among the pages, or to the first page."""
    root = example_site.parent.parent
    shutil.copytree(root, tmp_path / "project", ignore=shutil.ignore_patterns("site"))  # with downloads kept
    project = tmp_path / "project" / example_site.parent.name
    (project / "docs/2021/3-note.md").write_text("# 附注\n\n只有这一年有此页。\n", encoding="utf-8")
    corrected = nianbao("correct", "2021", "--reason", "补上附注", folder=project)
    assert corrected.code == 0, corrected.printed
    result = run("mkdocs", "build", folder=project)
    assert result.code == 0, result.printed
    site = project / "site"
    years = [path.name for path in sorted(site.glob("20*"), reverse=True)]
    shown = [path for path in pages(site) if path.parent.name in years]
    assert len(shown) > 8 * len(years)
    for page in shown:
        links = soup(page).select(".years__list a")
        counterparts = [f"{year}/{page.name}" for year in years]
        wanted = [name if (site / name).is_file() else f"{name[:4]}/index.html" for name in counterparts]
        base = f"https://a.example/{page.relative_to(site).as_posix()}"
        assert [urljoin(base, str(link["href"])) for link in links] == [f"https://a.example/{name}" for name in wanted]
        assert [link.get_text() for link in links if link.get("aria-current")] == [f"{page.parent.name}年"]


def test_sentences_stand_without_gaps(real_site: Path) -> None:
    """Sentences on lines of their own are joined: no line break is left beside a Chinese character."""
    for paragraph in soup(real_site / "2023/full.html").select("article p"):
        assert not re.search(
            r"[\u3001-\u9fff\uff00-\uffef]\s*\n|\n\s*[\u3001-\u9fff\uff00-\uffef]", paragraph.get_text().strip()
        )


def test_footer_tells_what_is_known(real_site: Path, example_site: Path) -> None:
    """The foot of every page names the superior office, and contacts only where they are known."""
    real = soup(real_site / "2023/6-other.html").select_one(".md-copyright")
    example = soup(example_site / "2019/index.html").select_one(".md-copyright")
    assert real is not None
    assert example is not None
    assert real.get_text("|", strip=True) == "上级机关：武昌区人民政府|所在地区：武汉市"
    assert real.select("a") == []
    lines = example.get_text("|", strip=True).split("|")
    assert "电话：000-00000000" in lines
    assert "ICP备案编号：示ICP备00000000号" in lines
    assert not any("www.example.org" in line for line in lines)
    assert [(link.get_text(), link.attrs) for link in example.select("a")] == [
        (text, {"href": address}) for text, address in LEADING_OUT.items()
    ]


def test_names_change_with_the_years(example_site: Path) -> None:
    """Each report carries the name of its own year."""
    for year, name in ((2021, "示例市示例区城市管理局"), (2022, "示例市示例区城市管理和综合执法局")):
        heading = soup(example_site / f"{year}/index.html").select_one("h1")
        assert heading is not None
        assert heading.get_text().startswith(f"{name}{year}年")


def test_example_says_on_every_page_that_it_is_synthetic(example_site: Path) -> None:
    """No page of the example can be taken for a real agency's."""
    for page in pages(example_site):
        assert "本站是合成示例" in soup(page).get_text(), page


def test_drafts_are_not_built(example_site: Path) -> None:
    """The draft of 2025 is in no page, no index and no list of the built site."""
    assert not (example_site / "2025").exists()
    for path in [*pages(example_site), *example_site.glob("search/*.json"), *example_site.glob("sitemap.xml")]:
        assert "2025/" not in path.read_text(encoding="utf-8"), path


def test_html_is_valid(site: Path) -> None:
    """Every page parses by the HTML standard without a single fault."""
    for page in pages(site):
        parser = html5lib.HTMLParser(strict=True)
        parser.parse(page.read_text(encoding="utf-8"))


def test_ids_occur_once(site: Path) -> None:
    """Addresses within a page are unique."""
    for page in pages(site):
        ids = [element["id"] for element in soup(page).select("[id]")]
        assert sorted(set(ids)) == sorted(ids), page


GIVEN_IDS = re.compile(
    r"report|reports|names|sections|section-\d(-\d)?|check|summary|exceptions|rules|newest-report|corrections|correction-\d+"
    r"|downloads|data|formats|columns|duckdb|verify|compare|compare-\w+|picture|picture-\w+"
)


def test_headings_have_given_ids(site: Path) -> None:
    """No heading's address is one that was made from its words."""
    for page in pages(site):
        for heading in soup(page).select("article :is(h1, h2, h3)"):
            if page.name != "404.html":
                assert GIVEN_IDS.fullmatch(str(heading.get("id", ""))), heading


def test_links_lead_somewhere(site: Path) -> None:
    """Every link within the site has a page and an anchor at its end."""
    base = "https://example.invalid/"
    anchors = {
        urljoin(base, page.relative_to(site).as_posix()): {element["id"] for element in soup(page).select("[id]")}
        for page in pages(site)
    }
    files = {urljoin(base, path.relative_to(site).as_posix()) for path in site.rglob("*") if path.is_file()}
    followed = 0
    for page in pages(site):
        if page.name == "404.html":
            continue
        here = urljoin(base, page.relative_to(site).as_posix())
        for element in soup(page).select("[href], [src]"):
            if element.name == "a" and element["href"] in LEADING_OUT.values():
                continue
            target, anchor = urldefrag(urljoin(here, str(element.get("href") or element.get("src"))))
            assert target in anchors or target in files, (page, element)
            if anchor and target in anchors:
                assert anchor in anchors[target], (page, element)
            followed += 1
    assert followed > 100


def test_nothing_comes_from_elsewhere(site: Path) -> None:
    """No page or style sheet names another site, but for links at the foot, name spaces and credits of icons."""
    links = re.compile("|".join(re.escape(f'<a href="{escape(address)}">') for address in LEADING_OUT.values()))
    for path in [*pages(site), *site.rglob("*.css")]:
        text = links.sub("", path.read_text(encoding="utf-8"))
        named = set(re.findall(r"(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}", text))
        assert named <= {"http://www.w3.org", "https://schema.org", "https://fontawesome.com"}, path


def test_style_sheet_closes_what_it_opens(root: Path) -> None:
    """Every rule of the style sheet ends before the next begins: one left open would swallow the rest."""
    style = (root / "macros/nianbao/theme/assets/nianbao.css").read_text(encoding="utf-8")
    without_comments = re.sub(r"/\*.*?\*/", lambda comment: "\n" * comment[0].count("\n"), style, flags=re.DOTALL)
    depth = 0
    for number, line in enumerate(without_comments.split("\n"), 1):
        begins = line.startswith((".", "#", ":", "@", "["))
        assert not (begins and depth), f"line {number}: the rule before it is not closed"
        depth += line.count("{") - line.count("}")
    assert depth == 0


def test_no_address_of_the_machine(site: Path) -> None:
    """No page shows a traceback, a path of the machine or a template that was not rendered."""
    for page in pages(site):
        text = soup(page).get_text()
        for trace in ("Traceback", "/tmp/", "site-packages", "{{", "{%", "{#", "finding-"):  # noqa: S108
            assert trace not in text, (page, trace)
        assert not soup(page).select(".finding-card, .finding-inline")


def index_of(site: Path) -> list[dict[str, str]]:
    """Return the entries of the search index."""
    entries: list[dict[str, str]] = json.loads((site / "search/search_index.json").read_text(encoding="utf-8"))["docs"]
    return entries


def test_search_index_has_no_figures_and_no_doubles(site: Path) -> None:
    """Figures of tables are not words; row labels are, each apart; the full text is left out."""
    entries = index_of(site)
    assert not [entry for entry in entries if "/full.html" in entry["location"]]
    requests = next(entry for entry in entries if entry["location"].endswith("3-requests.html"))
    plain = requests["text"].replace("\u200b", "")  # The theme cuts words where an old environment still has jieba.
    assert " 1.属于国家秘密 2.其他法律行政法规禁止公开 " in plain
    assert not re.search(r"(?<=\s)\d+(?=\s)", re.sub(r"<p>.*?</p>", " ", plain))
