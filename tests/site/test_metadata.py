"""What machines read of the pages: tags, linked data, feed, site map."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from building import copy_project, run
from nianbao.metadata.facts import in_script

if TYPE_CHECKING:
    from pathlib import Path

BASE = "https://www.example.org/xxgk/nianbao/"
ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def tags(path: Path) -> dict[str, str]:
    """Return the tags of a page by name."""
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    return {str(tag["name"]): str(tag["content"]) for tag in page.select("meta[name]")}


def linked(path: Path) -> dict[str, object]:
    """Return the linked data of a page."""
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    (script,) = page.select('script[type="application/ld+json"]')
    found: dict[str, object] = json.loads(script.get_text())
    return found


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the example built for a known address."""
    project = copy_project(tmp_path_factory.mktemp("known"))
    config = project / "examples" / "mkdocs.yml"
    config.write_text(f"{config.read_text(encoding='utf-8')}\nsite_url: {BASE}\n", encoding="utf-8")
    result = run("mkdocs", "build", folder=project / "examples")
    assert result.code == 0, result.printed
    return project / "examples" / "site"


def test_tags_say_what_is_known_and_nothing_else(real_site: Path, known: Path) -> None:
    """The tags of 国办发〔2017〕47号 stand on pages of a year and of the column, those of unknown facts nowhere."""
    own = tags(real_site / "2023/3-requests.html")
    assert own["ArticleTitle"] == (
        "武昌区社会管理网格化服务中心2023年政府信息公开工作年度报告：三、收到和处理政府信息公开申请情况"
    )
    assert own["ContentSource"] == "武昌区社会管理网格化服务中心"
    assert not {"PubDate", "Url", "SiteName", "SiteDomain", "SiteIDCode", "ColumnDescription"} & set(own)
    column = tags(real_site / "index.html")
    assert {"ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"} <= set(column)
    assert "ArticleTitle" not in column
    busy = tags(known / "2022/index.html")
    assert busy["PubDate"] == "2023-01-18"
    assert busy["Url"] == f"{BASE}2022/index.html"
    assert (busy["SiteName"], busy["SiteDomain"], busy["SiteIDCode"]) == (
        "示例市示例区人民政府门户网站",
        "www.example.org",
        "0000000000",
    )
    for page in known.rglob("*.html"):
        if page.parent.name != "latest":
            assert busy.items() >= {name: tags(page)[name] for name in ("SiteName", "SiteDomain", "SiteIDCode")}.items()


def test_every_page_has_a_description_of_its_own(known: Path) -> None:
    """No two pages have the same description, and every page names its whole address."""
    pages = [page for page in known.rglob("*.html") if page.parent.name != "latest" and page.name != "404.html"]
    found = [tags(page)["description"] for page in pages]
    assert len(set(found)) == len(found) > 40
    for page in pages:
        canonical = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select("link[rel=canonical]")
        assert [link["href"] for link in canonical] == [BASE + page.relative_to(known).as_posix()]


def test_linked_data_describe_report_and_figures(real_site: Path, known: Path) -> None:
    """A year's first page describes the report and its data, the column page the agency."""
    own = json.dumps(linked(real_site / "2023/index.html"), ensure_ascii=False)
    assert "datePublished" not in own
    assert '"url"' not in own
    graph = linked(known / "2022/index.html")["@graph"]
    assert isinstance(graph, list)
    assert [item["@type"] for item in graph] == ["Report", "Dataset"]
    for item in graph:
        assert item["datePublished"] == "2023-01-18"
        assert item["temporalCoverage"] == "2022-01-01/2022-12-31"
        assert item["url"] == f"{BASE}2022/index.html"
        assert item["publisher"] == {"@type": "GovernmentOrganization", "name": "示例市示例区城市管理和综合执法局"}
    files = [file["contentUrl"] for file in graph[1]["distribution"]]
    assert len(graph[1]["description"]) >= 50  # As readers of data sets ask.
    assert {str(file).rpartition(".")[2] for file in files} == {"xlsx", "json", "csv"}
    assert all((known / file.removeprefix(BASE)).is_file() for file in files)
    relative = linked(real_site / "2023/index.html")["@graph"][1]["distribution"]  # type: ignore[index]  # as above
    assert all((real_site / "2023" / file["contentUrl"]).is_file() for file in relative)
    agency = linked(known / "index.html")
    assert agency["@type"] == "GovernmentOrganization"
    assert agency["alternateName"] == ["示例市示例区城市管理局"]


def test_linked_data_cannot_leave_their_element() -> None:
    """Words of the data that look like markup stay words: they come back as they were, and end nothing."""
    words = "</script><script>alert(1)</script>&\"' \u2028"
    text = in_script({"name": words})
    assert not re.search(r"[<>&\u2028]", text)
    assert json.loads(text) == {"name": words}


def test_the_feed_tells_true_dates(real_site: Path, example_site: Path, known: Path) -> None:
    """The feed is Atom, newest first, dated as the reports are; without any date there is none."""
    assert not (real_site / "feed.xml").exists()
    assert "application/atom+xml" not in (real_site / "index.html").read_text(encoding="utf-8")
    for site, base in ((example_site, ""), (known, BASE)):
        feed = ET.fromstring((site / "feed.xml").read_bytes())  # noqa: S314  # our own file
        assert feed.tag == f"{ATOM}feed"
        for part in ("title", "id", "updated", "author"):
            assert len(feed.findall(ATOM + part)) == 1
        entries = feed.findall(f"{ATOM}entry")
        days = [entry.findtext(f"{ATOM}updated") for entry in entries]
        assert days == sorted(days, key=str, reverse=True)
        assert days[0] == "2025-01-21T00:00:00+08:00" == feed.findtext(f"{ATOM}updated")
        assert len(entries) == 6
        assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 6
        for entry in entries:
            link = entry.find(f"{ATOM}link")
            assert link is not None
            address = urljoin(BASE, link.attrib["href"])
            assert link.attrib["href"].startswith(base)
            assert (site / address.removeprefix(BASE)).is_file()


def test_the_site_map_has_the_dates_of_the_reports(real_site: Path, known: Path) -> None:
    """Pages of a year carry its date, the column page the latest; a site without an address has no site map."""
    assert not (real_site / "sitemap.xml").exists()
    root = ET.fromstring((known / "sitemap.xml").read_bytes())  # noqa: S314  # our own file
    dates = {url.findtext(f"{SITE}loc"): url.findtext(f"{SITE}lastmod") for url in root.findall(f"{SITE}url")}
    assert dates[f"{BASE}2022/3-requests.html"] == "2023-01-18"
    assert dates[f"{BASE}index.html"] == "2025-01-21"
    assert dates[f"{BASE}check.html"] is None
    pages = {BASE + page.relative_to(known).as_posix() for page in known.rglob("*.html")}
    assert set(dates) == {page for page in pages if not page.endswith(("404.html", "latest/index.html"))}
