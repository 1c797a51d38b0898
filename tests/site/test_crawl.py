"""The crawl of a built site finds what is planted in it, and nothing in a good one."""

from __future__ import annotations

import hashlib
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from building import ROOT
from crawling import expected
from nianbao.html.page_reader import read_page
from nianbao.verifying.crawl import crawl

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.verifying.crawl import Expected


@pytest.fixture(scope="module")
def own_expected() -> Expected:
    """Return what the real site must agree with."""
    return expected(ROOT)


@pytest.fixture(scope="module")
def site(real_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the real site, whose files tests may change for a while."""
    return shutil.copytree(real_site, tmp_path_factory.mktemp("crawl") / "site")


def marked(site: Path) -> int:
    """Return how many figures the pages of *site* name: cells of statutory tables, and marked numbers."""
    statutory = ", ".join(f"table#{name} td[id]" for name in ("disclosure", "requests", "review"))
    soups = (BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in site.rglob("*.html"))
    return sum(len(soup.select(statutory)) + len(soup.select("[data-figure]")) for soup in soups)


def test_good_site(real_site: Path, own_expected: Expected) -> None:
    """All is confirmed in the real site: twice 200 cells, eight key figures, and the files that lists name."""
    done = crawl(real_site, own_expected)
    assert done.findings == []
    assert done.pages == len(list(real_site.rglob("*.html")))
    assert done.figures == marked(real_site) >= 2 * (10 + 175 + 15) + 8
    assert done.links > 300
    assert done.passages > 80
    sums = real_site / "downloads/SHA256SUMS"
    assert done.digests > len(sums.read_text(encoding="utf-8").splitlines())
    assert done.files == sum(path.is_file() for path in real_site.rglob("*"))


def test_good_example(example_site: Path) -> None:
    """The busy example, with both forms, printed totals and unreadable cells, agrees with its data."""
    done = crawl(example_site, expected(ROOT / "examples"))
    assert done.findings == []
    assert done.figures == marked(example_site) >= 2392 + 6 * 8  # 2392 cells, and eight key figures a year


# What is planted: the file, a pattern, what takes its place, and what is told.
PLANTED = {
    "figure": (
        "2023/3-requests.html",
        r'(<td id="requests\.received\.organizations\.commercial"[^>]*>)0',
        r"\g<1>3",
        ":: 2023年的数 requests.received.organizations.commercial 在页面上为“3”，数据里为“0”",
    ),
    "figure-in-the-full-text": (
        "2023/full.html",
        r'(<td id="review\.litigation\.direct\.upheld"[^>]*>)0',
        r"\g<1>00",
        "网站的 2023/full.html:1:1: 2023年的数 review.litigation.direct.upheld 在页面上为“00”，数据里为“0”",
    ),
    "policy": (
        "2023/index.html",
        "script-src 'self'",
        "script-src 'self' https://elsewhere.example",
        "网站的 2023/index.html:1:1: 安全策略不是这次生成的“default-src",
    ),
    "figure-gone": (
        "2023/full.html",
        r' id="review\.litigation\.direct\.upheld"',
        "",
        "网站的 2023/full.html:1:1: 2023年的数 review.litigation.direct.upheld 在页面上为没有，数据里为“0”",
    ),
    "key-figure": (
        "2023/index.html",
        r'(data-figure="items">)9',
        r"\g<1>8",
        ":: 2023年的数 items 在页面上为“8”，数据里为“9”",
    ),
    "key-figure-of-nothing": ("2023/index.html", 'data-figure="items"', 'data-figure="itmes"', ":: 没有“itmes”这个数"),
    "words": (
        "2023/2-disclosure.html",
        "主动公开政府信息9条",
        "主动公开政府信息8条",
        "docs/2023/2-disclosure.md:3:25: 网站的 2023/2-disclosure.html 里没有照样显示检查过的内容：应为“政府信息9条",
    ),
    "words-taken-out": (
        "2023/6-other.html",
        "没有需要办理的建议提案",
        "没有建议提案",
        "docs/2023/6-other.md:9:19: 网站的 2023/6-other.html 里没有照样显示",
    ),
    "words-added-to-a-passage": (
        "2023/6-other.html",
        "没有需要办理的建议提案。",
        "没有需要办理的建议提案。另有一件。",
        "docs/2023/6-other.md:9:28: 网站的 2023/6-other.html 里没有照样显示",
    ),
    "words-behind-the-page": (
        "check.html",
        "</article>",
        "<p>另有一件。</p></article>",
        "docs/check.md:",
    ),
    "words-of-the-full-text": (
        "2023/full.html",
        "没有需要办理的建议提案",
        "有需要办理的建议提案",
        "docs/2023/full.md:",
    ),
    "words-changed-places": (
        "2023/6-other.html",
        "(<p>[^<]*</p>)(\n<h2.*?</h2>\n)(<p>[^<]*</p>)",
        r"\g<3>\g<2>\g<1>",
        "docs/2023/6-other.md:5:",
    ),
    "words-of-a-macro": ("index.html", "历年合在一起的文件", "历年的文件", "docs/index.md:"),
    "words-struck": ("2023/6-other.html", "(没有需要办理)", r"<b>\g<1></b>", "docs/2023/6-other.md:9:"),
    "link-to-another-page": (
        "index.html",
        'href="compare.html">历年比较：',
        'href="check.html">历年比较：',
        "docs/index.md:",
    ),
    "title": ("check.html", "<title>报告怎样核对", "<title>报告不必核对", "docs/check.md:"),
    "name-of-the-report": (
        "2023/6-other.html",
        '(<p class="report-of"><a [^>]*>)武昌区',
        r"\g<1>某区",
        "docs/2023/6-other.md:1:3: 网站的 2023/6-other.html 里没有照样显示检查过的内容：应为“武昌区",
    ),
    "words-beside-the-frame": (
        "2023/6-other.html",
        '(<p class="report-of">.*?</p>)',
        r"\g<1>一句话",
        "docs/2023/6-other.md:1:3: ",
    ),
    "link": (
        "2023/4-review.html",
        'href="5-improvement.html"',
        'href="5.html"',
        ":: 链接“5.html”指向的页面或文件不存在",
    ),
    "fragment": (
        "check.html",
        'href="(#[a-z]+[^"_]*)"',
        'href="#nowhere"',
        ":: 链接“#nowhere”指向的标题或锚点不存在",
    ),
    "absolute": ("check.html", 'href="index.html"', 'href="/index.html"', ":: 链接“/index.html”从网站的根写起"),
    "program": (
        "check.html",
        "</article>",
        '<a href="javascript:go()">a</a></article>',
        ":: 链接“javascript:go()”不是网址",
    ),
    "script": (
        "check.html",
        "</body>",
        '<script src="https://cdn.example/a.js"></script></body>',
        ":: 不能从其他网站载入“https://cdn.example/a.js”",
    ),
    "handler": (
        "check.html",
        "</article>",
        '<p onclick="go()">a</p></article>',
        ":: <p> 不能有 onclick（程序）",
    ),
    "picture-set": (
        "check.html",
        "</body>",
        '<img alt="" srcset="assets/images/favicon.png 1x, //a.example/b.png 2x"></body>',
        ":: 不能从其他网站载入“//a.example/b.png”",
    ),
    "style": (
        "check.html",
        "</body>",
        '<p style="background: url(https://a.example/b.png)">a</p></body>',
        ":: 不能从其他网站载入“https://a.example/b.png”",
    ),
    "style-sheet": (
        "assets/nianbao.css",
        r"\A",
        '@import "https://a.example/b.css";',
        "网站的 assets/nianbao.css:1:1: 从其他网站载入“https://a.example/b.css”",
    ),
    "style-sheet-file": (
        "assets/nianbao.css",
        r"\A",
        "a { background: url(gone.png) }",
        "网站的 assets/nianbao.css:1:1: 所用的文件“gone.png”不存在",
    ),
    "traceback": (
        "check.html",
        "</article>",
        "<pre>Traceback (most recent call last):</pre></article>",
        ":: 页面里有程序的出错信息“Traceback (most recent call last)”",
    ),
    "template": ("check.html", "</article>", "<p>{{ year() }}</p></article>", ":: 有没有展开的模板“{{ year() }}”"),
    "path": ("search/search_index.json", r"\A\{", '{"a": "/srv/nianbao",', ":: 里有本机的文件路径"),
    "card": (
        "check.html",
        "</article>",
        '<div class="finding-card"><ul><li>docs/check.md:3:5 没有这个数</li></ul></div></article>',
        "docs/check.md:3:5: 没有这个数",
    ),
    "search-entry": (
        "search/search_index.json",
        r'"location":"2023/index\.html"',
        '"location":"2023/gone.html"',
        ":: 链接“2023/gone.html”指向的页面或文件不存在",
    ),
    "size": ("2023/index.html", r"<td[^>]*>\d+ KB</td>", "<td>7777 KB</td>", ":: 所写的大小“7777 KB”不是"),
    "size-in-a-link": ("index.html", r">\d+ KB</span>", ">7777 KB</span>", ":: 所写的大小“7777 KB”不是"),
    "list-of-digests": ("downloads/SHA256SUMS", r"\A[0-9a-f]{4}", "0000", ":: 所列的校验值不是"),
    "list-of-files": ("downloads/SHA256SUMS", r"\.xlsx", ".xls", ":: 所列的文件“"),
    "list-of-the-site": ("SHA256SUMS", r"\A[0-9a-f]{4}", "0000", ":: 不是这个网站全部文件的校验值"),
    "table-gone": (
        "2023/4-review.html",
        '<table id="review"',
        '<table id="reviews"><tr><td id="review">a</td></tr></table><table',
        ":: 缺少法定表格 review",
    ),
    "open": ("check.html", "</article>", "<p>a</article>", ":: <p> 没有结束标签"),
    "doubled": ("check.html", "</article>", '<p id="a">a</p><p id="a">b</p></article>', ":: id“a”用了两次"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_planted(site: Path, own_expected: Expected, name: str) -> None:
    """Each fault that is planted in a file of the site is told once, at its place."""
    file, pattern, replacement, told = PLANTED[name]
    path = site / file
    before = path.read_bytes()
    text, count = re.subn(pattern, replacement, before.decode(), count=1)
    assert count == 1
    path.write_bytes(text.encode())
    try:
        done = crawl(site, own_expected)
    finally:
        path.write_bytes(before)
    findings = [str(finding) for finding in done.findings]
    if name in {
        "list-of-digests",
        "list-of-files",
        "search-entry",
        "path",
    }:  # What lists say of changes in themselves is one matter.
        findings = findings[:1]
    (finding,) = findings
    if told.startswith("::"):
        place, _, message = finding.partition(": ")
        assert re.fullmatch(rf"网站的 {re.escape(file)}:\d+:\d+", place)
        assert message.startswith(told[3:])
    else:
        assert finding.startswith(told)


def test_page_gone(site: Path, own_expected: Expected) -> None:
    """A page of a section that is not there is told, with every link to it."""
    path = site / "2023/3-requests.html"
    away = path.rename(site.parent / "away.html")
    try:
        done = crawl(site, own_expected)
    finally:
        away.rename(path)
    told = {finding.message for finding in done.findings}
    assert "缺少这个页面" in told
    assert any("3-requests.html”指向的页面或文件不存在" in message for message in told)


def test_site_map(site: Path) -> None:
    """Addresses of the site map begin with that of the site and lead to its pages."""
    path = site / "sitemap.xml"  # A site that knows no address of its own has none.
    assert not path.exists()
    one, other = "https://a.example/b/2023/index.html", "https://a.example/2023/index.html"
    path.write_text(f"<urlset><url><loc>{one}</loc></url><url><loc>{other}</loc></url></urlset>", encoding="utf-8")
    try:
        done = crawl(site, expected(ROOT, "https://a.example/b/"))
    finally:
        path.unlink()
    told = [str(finding) for finding in done.findings if "sitemap" in finding.place.file]
    assert told == [f"网站的 sitemap.xml:1:1: 里的地址“{other}”不是本站的"]


@pytest.mark.parametrize(("sign", "told"), [("&amp;", []), ("&", ["网站的 sitemap.xml:2:32: 不是完好的 XML"])])
def test_a_site_map_is_xml(site: Path, sign: str, told: list[str]) -> None:
    """A site map that no reader can take is told, with its place."""
    path = site / "sitemap.xml"
    address = f"https://a.example/a{sign}b/2023/index.html"
    path.write_text(f"<urlset>\n<url><loc>{address}</loc></url></urlset>", encoding="utf-8")
    try:
        done = crawl(site, expected(ROOT, "https://a.example/a&b/"))
    finally:
        path.unlink()
    assert [str(finding) for finding in done.findings if "sitemap" in finding.place.file] == told


def test_empty_site(tmp_path: Path, own_expected: Expected) -> None:
    """A folder without pages is no site."""
    assert any(finding.message == "网站里没有页面" for finding in crawl(tmp_path, own_expected).findings)


PAGE = "<!doctype html>\n<html><head><title>a</title></head><body>\n{}\n</body></html>"

# A piece of a page, and the fault of its HTML with line and column.
FAULTS = {
    "<p>a<div>b</div></p>": "3:5 段落 <p> 里不能放 <div>",
    "<ul><p>a</p></ul>": "3:5 <ul> 里不能放 <p>",
    "<li>a</li>": "3:1 <li> 不能放在 <body> 里",
    "<div>a</span></div>": "3:7 多了 </span>，前面没有 <span>",
    "<b><i>a</b></i>": "3:4 <i> 没有结束标签",
    "<br></br>": "3:5 多了 </br>",
    "<div/>": "3:1 <div/> 没有结束标签",
    "<blink>a</blink>": "3:1 没有 <blink> 这种元素",
    '<a href="#"><a href="#">a</a></a>': "3:13 <a> 里不能再放 <a>",
    '<p class="a" class="b">a</p>': "3:1 <p> 的同一个属性写了两次",
    '<p id="">a</p>': "3:1 id“”是空的或有空格",
    '<label for="b">a</label>': "3:1 <label> 所指的 id“b”不存在",
    '<img src="a.png">': "3:1 图片没有 alt 说明",
    '<base href="a">': "3:1 <base> 会改变全部相对地址",
    "<table><tr><td>a</td></tr><tr><td>a</td><td>b</td></tr></table>": "3:1 表格有缺口：各行的列数不同",
    '<table><tr><td rowspan="2">a</td></tr></table>': "3:1 表格的单元格重叠，或者超出所在的行组",
    '<table><tr><td colspan="x">a</td></tr></table>': "3:12 单元格的 colspan 或 rowspan 不是正整数",
    '<table><tr><th scope="up">a</th></tr></table>': "3:12 表头的 scope“up”不存在",
    '<p id="b">b</p><table><tr><td headers="b">a</td></tr></table>': "3:27 单元格的表头“b”不在同一个表里",
    "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>a</td><td>b</td></tr></tbody></table>": (
        "3:1 表格各部分的列数不同"
    ),
}


@pytest.mark.parametrize("html", FAULTS)
def test_fault_of_html(html: str) -> None:
    """Each fault of structure is told at its place."""
    told = [f"{fault.line}:{fault.column} {fault.text}" for fault in read_page(PAGE.format(html)).faults]
    assert FAULTS[html] in told
    assert len(told) == (2 if html == "<b><i>a</b></i>" else 1)


def test_sound_html() -> None:
    """Drawings, void elements, spans and code with braces are no faults."""
    sound = (
        '<svg viewBox="0 0 1 1"><title>a</title><path d="M0 0"/><g><circle r="1"></circle></g></svg><hr><p>a<br>b</p>'
        '<table><tr><th id="x" rowspan="2">a</th><td headers="x">1</td></tr><tr><td headers="x">2</td></tr></table>'
        "<pre><code>{{ year() }}</code></pre><script>{{a}}</script><dl><div><dt>a</dt><dd>b</dd></div></dl>"
    )
    page = read_page(PAGE.format(sound))
    assert page.faults == []
    assert page.title == "a"


def test_place_of_a_heading_changed(site: Path, own_expected: Expected) -> None:
    """An id is told that is another, though all links within the page lead to it."""
    path = site / "2023/6-other.html"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("section-6-2", "section-6-9"), encoding="utf-8")
    try:
        done = crawl(site, own_expected)
    finally:
        path.write_text(before, encoding="utf-8")
    # What the search index lists is told as well.
    (told,) = (str(finding) for finding in done.findings if finding.place.file == "docs/2023/6-other.md")
    assert told.startswith("docs/2023/6-other.md:7:")
    assert 'id="section-6-2"' in told
    assert 'id="section-6-9"' in told


def test_page_that_nobody_judged(site: Path, own_expected: Expected) -> None:
    """A page of the site that is none of the portal is told."""
    path = site / "2023/9-more.html"
    path.write_text((site / "2023/6-other.html").read_text(encoding="utf-8"), encoding="utf-8")
    try:
        done = crawl(site, own_expected)
    finally:
        path.unlink()
    assert [str(finding) for finding in done.findings] == [
        "网站的 2023/9-more.html:1:1: 网站里多出这个页面，没有检查过"
    ]


# What takes the place of a file of the site, and what is told of it.
FILES = {
    "2023/picture.svg": "这个文件不是这次由数据生成的",
    "latest/index.html": "这个文件不是这次由数据生成的",
    "more.txt": "这个文件既不是由数据生成的，也不是 docs 里的",
    "2023/downloads/more.csv": "这个文件既不是由数据生成的，也不是 docs 里的",
}


@pytest.mark.parametrize("name", FILES)
def test_file_that_was_not_made_from_data(site: Path, own_expected: Expected, name: str) -> None:
    """A file of the site that this build has not made, or made otherwise, is told."""
    path = site / name
    before = path.read_bytes() if path.exists() else None
    text = before.decode() if before else ""
    path.write_text(text.replace("年", "月") if before else "a,b\n", encoding="utf-8")
    try:
        done = crawl(site, own_expected)
    finally:
        path.unlink()
        if before is not None:
            path.write_bytes(before)
    assert f"网站的 {name}:1:1: {FILES[name]}" in [str(finding) for finding in done.findings]


def test_download_that_was_not_made_from_data(site: Path, own_expected: Expected) -> None:
    """A false download is told, though every list of digests in the site tells the digest of the false one."""
    path = next(site.glob("2023/downloads/*.json"))
    before = {other: other.read_bytes() for other in [path, *site.rglob("*.html"), *site.rglob("SHA256SUMS")]}
    true = hashlib.sha256(before[path]).hexdigest()
    path.write_bytes(before[path].replace("年".encode(), "月".encode()))
    false = hashlib.sha256(path.read_bytes()).hexdigest()
    assert false != true
    for other, content in before.items():
        if other != path:
            other.write_bytes(content.replace(true.encode(), false.encode()))
    try:
        done = crawl(site, own_expected)
    finally:
        for other, content in before.items():
            other.write_bytes(content)
    name = path.relative_to(site).as_posix()
    assert f"网站的 {name}:1:1: 这个文件不是这次由数据生成的" in [str(finding) for finding in done.findings]
