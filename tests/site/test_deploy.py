"""The site as deploy/nginx serves it: the real nginx, below a path, read by a real browser."""

from __future__ import annotations

import gzip
import http.client
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from browsing import WIDE, opened
from building import copy_project, run
from serving import PATH, nginx, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

# What deploy/nginx/README.md runs after each build.
COMPRESS = re.compile(r"^ *find .*", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """What a server says: its status, headers with small letters, and content as it came."""

    status: int
    headers: dict[str, str]
    content: bytes


def ask(base: str, path: str, method: str = "GET", **headers: str) -> Answer:
    """Return the answer to a request for *path* below *base*; nothing is followed or unpacked."""
    parts = urlsplit(base)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path if path.startswith("/") else parts.path + path, headers=named)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the real portal built for its address, so that its page for missing addresses finds its files."""
    project = copy_project(tmp_path_factory.mktemp("deployed"))
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as config:
        config.write(f"site_url: http://127.0.0.1{PATH}\n")
    result = run("mkdocs", "build", folder=project)
    assert result.code == 0, result.printed
    return project / "site"


@pytest.fixture(scope="module")
def address(site: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the real portal, compressed as the guide says."""
    if nginx() is None:
        pytest.skip("这台机器上没有 nginx，服务器的测试没有做；Debian 上可用 apt install nginx-light 安装")
    guide = (root / "deploy" / "nginx" / "README.md").read_text(encoding="utf-8")
    command = COMPRESS.search(guide)
    assert command is not None
    subprocess.run(["sh", "-c", command.group()], cwd=site.parent, check=True)
    (site / ".git").mkdir()
    (site / ".git" / "config").write_text("[core]\n", encoding="utf-8")
    (site / "big.csv").write_text("年度,新收\n" * 500, encoding="utf-8")
    with served(site, tmp_path_factory.mktemp("nginx")) as base:
        yield base


SECURITY = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.mark.parametrize("path", ["", "2023/3-requests.html", "assets/nianbao.css", "search/search_index.json", "nope"])
def test_every_answer_carries_the_security_headers(address: str, path: str) -> None:
    """Pages, files and the answer to a missing address carry them; scripts in pages are forbidden."""
    headers = ask(address, path).headers
    assert {name: headers.get(name) for name in SECURITY} == SECURITY
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert "geolocation=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers
    assert headers["server"] == "nginx"


def test_hashed_files_stay_and_pages_are_asked_again(address: str, site: Path) -> None:
    """What has a hash in its name is kept for a year; a page is asked for each time and answered with 304."""
    hashed = [path for path in (site / "assets").rglob("*.min.*s") if re.search(r"\.[0-9a-f]{8}\.min\.", path.name)]
    assert {path.name.partition(".")[0] for path in hashed} >= {"main", "palette"}
    for file in hashed:
        answer = ask(address, file.relative_to(site).as_posix())
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    for path in ("", "2023/full.html", "assets/nianbao.css", "search/search_index.json", "nope.0eb10c24.min.js"):
        assert ask(address, path).headers["cache-control"] == "no-cache", path
    assert ask(address, "assets/images/favicon.png").headers["cache-control"] == "public, max-age=86400"
    assert ask(address, "big.csv").headers["cache-control"] == "public, max-age=600"
    page = ask(address, "2023/full.html")
    again = ask(address, "2023/full.html", If_None_Match=page.headers["etag"])
    assert (again.status, again.content) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"


def test_text_is_compressed(address: str, site: Path) -> None:
    """A reader who takes gzip gets what the build has packed, and what it has not is packed on the way."""
    plain = ask(address, "2023/full.html")
    packed = ask(address, "2023/full.html", Accept_Encoding="gzip")
    assert packed.content == (site / "2023" / "full.html.gz").read_bytes()
    assert gzip.decompress(packed.content) == plain.content == (site / "2023" / "full.html").read_bytes()
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    assert not (site / "big.csv.gz").exists()
    made = ask(address, "big.csv", Accept_Encoding="gzip")
    assert made.headers["content-encoding"] == "gzip"
    assert gzip.decompress(made.content) == (site / "big.csv").read_bytes()


def test_redirects_name_no_host(address: str) -> None:
    """Whatever host a reader claims to ask, none is sent back: a cache between would send others there."""
    for path, leads in (("2023", f"{PATH}2023/"), (PATH.rstrip("/"), PATH), ("/", PATH)):
        answer = ask(address, path, Host="evil.example")
        assert answer.status in {301, 302}
        assert answer.headers["location"] == leads


def test_kinds_of_files_are_named(address: str) -> None:
    """Each kind is named with its character set, because browsers are told not to guess."""
    expected = {
        "": "text/html; charset=utf-8",
        "assets/nianbao.css": "text/css; charset=utf-8",
        "big.csv": "text/csv; charset=utf-8",
        "search/search_index.json": "application/json; charset=utf-8",
    }
    assert {path: ask(address, path).headers["content-type"] for path in expected} == expected


def test_missing_and_hidden_files_are_not_found(address: str) -> None:
    """A missing page, a folder without a page and a hidden file give 404 with the site's own page."""
    for path in ("2022/", "nope.html", "assets/", ".git/config"):
        answer = ask(address, path)
        assert answer.status == 404, path
        if path != ".git/config":
            assert "政府信息公开年报" in answer.content.decode()


def test_the_path_without_its_slash_leads_to_the_site(address: str) -> None:
    """Who leaves out the last slash is led on, whatever name the server goes by."""
    answer = ask(address, PATH.rstrip("/"))
    assert (answer.status, answer.headers["location"]) == (301, PATH)
    assert ask(address, "2023/index.html").content == ask(address, "2023/").content


@pytest.mark.browser
def test_no_page_breaks_the_policy(browser: Browser, address: str, site: Path) -> None:
    """In a browser every kind of page loads all it asks for and runs into no forbidden script or style.

    Search and the switch of colours work, and the choice of colours holds on the next page.
    """
    _read_all(browser, address, _kinds(site))


@pytest.mark.browser
@pytest.mark.usefixtures("address")
def test_no_busy_page_breaks_the_policy(browser: Browser, example_site: Path, tmp_path: Path) -> None:
    """The same holds for a portal of many years and figures."""
    with served(example_site, tmp_path) as base:
        # Built for no address, its page for missing addresses asks for files at the root.
        _read_all(browser, base, [kind for kind in _kinds(example_site) if kind != "404.html"])


def test_every_page_names_its_icon(example_site: Path) -> None:
    """No page leaves browsers to ask for an icon at the root of the server, where there is none."""
    pages = list(example_site.rglob("*.html"))
    assert len(pages) > 50
    assert [page for page in pages if '<link rel="icon" href="' not in page.read_text("utf-8")] == []


def _kinds(site: Path) -> list[str]:
    """Return one page of each kind: of pages with the same name in several years the newest."""
    pages = sorted((path.relative_to(site).as_posix() for path in site.rglob("*.html")), reverse=True)
    kinds = {re.sub("[0-9]{4}", "year", page): page for page in reversed(pages)}
    return sorted(kinds.values())


def _read_all(browser: Browser, base: str, kinds: list[str]) -> None:
    """Open *kinds* below *base*, search, and switch the colours."""
    page = opened(browser, WIDE)
    wrong: list[str] = []
    page.add_init_script(
        "addEventListener('securitypolicyviolation', event => console.error('forbidden', event.violatedDirective))"
    )
    page.on("console", lambda message: wrong.append(f"{page.url} {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(f"{page.url} {error}"))
    page.on("response", lambda answer: wrong.append(answer.url) if answer.status >= 400 else None)
    assert len(kinds) >= 10
    for kind in kinds:
        page.goto(base + kind)
        page.get_by_role("button", name="搜索").wait_for()  # The script has run, and an address that leads on has led.
    assert wrong == []
    page.goto(base)
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("searchbox").fill("行政复议")
    page.locator(".search__results a").first.wait_for()
    page.keyboard.press("Escape")
    body = page.locator("body")
    assert body.get_attribute("data-md-color-scheme") == "default"
    page.get_by_role("button", name="深色").click()
    assert body.get_attribute("data-md-color-scheme") == "slate"
    page.goto(base + kinds[-1])
    page.get_by_role("button", name="搜索").wait_for()  # As above: the address may lead on.
    assert body.get_attribute("data-md-color-scheme") == "slate"
    assert wrong == []
    page.context.close()
