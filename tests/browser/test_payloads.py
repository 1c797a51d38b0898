"""What attackers write into pages, titles, data, settings and names: refused by check, or shown and nothing else.

All that check lets pass is built as one portal and opened in a real browser, from a server that adds no headers and
with the policy taken out of every page, and from nginx as it is shipped: nothing runs, no request leaves.
"""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from browsing import WIDE, QuietHandler, opened, serving
from building import nianbao
from fuzzing import portal_of
from nianbao.metadata.policy import POLICY
from payloads import NAMES, REFUSED, SHOWN, TITLES, VALUES
from playwright.sync_api import Error
from projects import thawed
from serving import nginx, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Dialog, Route

_TAG = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'.encode()
_PAGES = {
    **{f"shown-{number}": f"# 甲\n\n{text}\n" for number, text in enumerate(SHOWN)},
    **{f"refused-{number}": f"# 甲\n\n{text}\n" for number, text in enumerate(REFUSED)},
    **{f"heading-{number}": f"# {text}\n\n甲\n" for number, text in enumerate(TITLES)},
    **{f"below-{number}": f"# 甲\n\n## {text}\n" for number, text in enumerate(TITLES)},
    **{f"title-{number}": f"---\ntitle: {json.dumps(text)}\n---\n\n# 甲\n" for number, text in enumerate(TITLES)},
    **{f"about-{number}": f"---\ndescription: {json.dumps(text)}\n---\n\n# 甲\n" for number, text in enumerate(VALUES)},
}
# Files whose words are replaced, and those of their keys that hold names of our own.
_FILES = ("data/agency.yml", "data/2021.yml", "mkdocs.yml")
_OURS = frozenset(
    [
        "id",
        "kind",
        "scope",
        "from",
        "to",
        "status",
        "rule",
        "place",
        "docs_dir",
        "site_url",
        "theme",
        "domain",
        "category",
    ]
)


def hostile(value: Any, number: Iterator[int], key: str = "") -> Any:  # noqa: ANN401  # whatever YAML holds
    """Return *value* with a hostile text in the place of each text, of the next *number*."""
    if isinstance(value, dict):
        return {name: one if name in _OURS else hostile(one, number, name) for name, one in value.items()}
    if isinstance(value, list):
        return [hostile(one, number, key) for one in value]
    words = isinstance(value, str) and value not in {"search", "macros", "不详"} and not key.endswith("_link")
    return VALUES[next(number) % len(VALUES)] if words else value


def lines_of(value: object) -> list[str]:
    """Return *value* as YAML, a line for each text."""
    return yaml.safe_dump(value, allow_unicode=True, width=100_000, sort_keys=False).splitlines()


def refused(portal: Path) -> list[tuple[str, int]]:
    """Return the places of what check refuses."""
    done = nianbao("check", "--format", "json", folder=portal)
    assert done.printed.startswith("{"), done.printed
    findings = json.loads(done.printed)["findings"]
    return [(one["file"], one["line"]) for one in findings if one["level"] == "error"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of a portal that holds all that check lets pass."""
    portal = thawed(portal_of(tmp_path_factory.mktemp("payloads") / "portal"))
    number = count()
    sound, spoilt = {}, {}
    for file in _FILES:
        value = yaml.safe_load((portal / file).read_text(encoding="utf-8"))
        if file == "mkdocs.yml":
            value |= {"site_author": "甲", "copyright": "乙"}
        sound[file], spoilt[file] = lines_of(value), lines_of(hostile(value, number))
        assert len(sound[file]) == len(spoilt[file])
    (portal / "docs/x").mkdir()
    for name, text in _PAGES.items():
        (portal / f"docs/x/{name}.md").write_text(text, encoding="utf-8")
    for name in NAMES:
        (portal / f"docs/x/{name}.md").write_text("# 名\n", encoding="utf-8")
    for _ in range(6):  # What is refused goes, and with it what led there.
        for file, lines in spoilt.items():
            (portal / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
        places = refused(portal)
        for file, line in places:
            if file in spoilt:
                spoilt[file][line - 1] = sound[file][line - 1]
            else:
                assert file.startswith("docs/x/"), (file, line)
                (portal / file).unlink(missing_ok=True)
        if not places:
            break
    kept = {path.stem for path in (portal / "docs/x").glob("*.md")}
    assert not [name for name in kept if name.startswith("refused-")]
    assert {name for name in _PAGES if name.startswith("shown-")} - kept <= _LEADING
    changed = sum(one != other for file in _FILES for one, other in zip(sound[file], spoilt[file], strict=True))
    assert changed >= len(VALUES), spoilt
    built = nianbao("build", folder=portal)
    assert built.code == 0, built.printed
    return portal / "site"


# These lead to pages and pictures that are not there.
_LEADING = {f"shown-{SHOWN.index(text)}" for text in SHOWN if "](" in text and "//" not in text}


class _WithoutPolicy(QuietHandler):
    """Serves pages without the policy that stands in them."""

    def copyfile(self, source: Any, outputfile: Any) -> None:  # noqa: ANN401  # files, as in the base class
        """Send *source* less its policy, blanks in its place."""
        outputfile.write(source.read().replace(_TAG, b" " * len(_TAG)))


def ran(browser: Browser, address: str, path: str) -> list[str]:
    """Open the page at *path* below *address*, touch all that stands on it, and return what ran, asked or could."""
    page = opened(browser, WIDE)
    found: list[str] = []

    own = address.partition("/xxgk/")[0]  # The page for what is not found asks from the root of the server.

    def answer(route: Route) -> None:
        if route.request.url.startswith(own) or not route.request.url.startswith("http"):
            route.continue_()
        else:
            found.append(f"asked {route.request.url}")
            route.abort()

    def close(dialog: Dialog) -> None:
        found.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.route("**/*", answer)
    page.once("dialog", close)
    for event in ("pageerror", "websocket", "download"):
        page.once(event, lambda told, event=event: found.append(f"{event} {told}"))
    page.goto(address + path, wait_until="load")
    try:
        found += page.evaluate(_TOUCHED)
    except Error as error:  # As where a page leads away by itself.
        found.append(f"left for {page.url}: {error}")
    page.context.close()
    return found


# Every element is touched, links without being followed; then what a browser has made of the page is told.
_TOUCHED = """async () => {
  const followed = (event) => event.target.closest && event.target.closest("a, form") && event.preventDefault();
  addEventListener("click", followed, true); addEventListener("submit", followed, true);
  const found = [], all = [...document.querySelectorAll("article *, footer *, nav *, header a, .md-banner *")];
  for (const one of all) {
    for (const kind of ["mouseover", "mouseenter", "pointerover", "focus", "animationend", "toggle"]) {
      one.dispatchEvent(new Event(kind, {bubbles: true}));
    }
    /* What the page has taken out leads away when it is clicked, and nobody can. */
    if (one.click && one.isConnected && one.closest("a")) one.click();
  }
  for (const one of document.querySelectorAll("*")) {
    const names = [...one.attributes].map((attribute) => attribute.name);
    const handlers = names.filter((name) => /^on/i.test(name) || name === "srcdoc" || name === "ping");
    if (handlers.length) found.push(`${one.tagName} has ${handlers}`);
    if (one.tagName === "A" && one.href && !/^(https?|mailto|tel):/.test(one.href)) found.push(`leads to ${one.href}`);
    if (one.tagName === "SCRIPT" && !/assets\\/nianbao\\.js$/.test(one.src) && one.type !== "application/ld+json") {
      found.push(`script ${one.src || one.text}`);
    }
    if (/^(IFRAME|OBJECT|EMBED|BASE|FRAME)$/.test(one.tagName)) found.push(one.tagName);
    if (one.tagName === "META" && /refresh/i.test(one.httpEquiv)) found.push("refresh");
    if (one.tagName === "STYLE" && one.closest("article")) found.push("style");
    if (one.tagName === "SCRIPT" && one.type === "application/ld+json") JSON.parse(one.text);
  }
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return found;
}"""


def of_site(site: Path) -> list[str]:
    """Return the pages on which hostile words stand, by their paths as addresses."""
    paths = [*(site / "x").glob("*.html"), *(site / "2021").glob("*.html"), *site.glob("*.html")]
    return [
        path.relative_to(site).as_posix().replace("%", "%25").replace("?", "%3F").replace("#", "%23") for path in paths
    ]


def test_without_a_policy(site: Path, browser: Browser) -> None:
    """What is published does nothing although nothing would hold it off."""
    with serving(site, _WithoutPolicy) as address:
        page = opened(browser, WIDE)
        page.goto(address)
        assert not page.locator("meta[http-equiv=Content-Security-Policy]").count()
        page.context.close()
        assert {path: told for path in of_site(site) if (told := ran(browser, address, path))} == {}


def test_under_nginx(site: Path, browser: Browser, tmp_path: Path) -> None:
    """Nor under the configuration that is shipped."""
    if nginx() is None:
        pytest.skip("这台机器上没有 nginx，它的测试没有做；Debian 上可用 apt install nginx-light 安装")
    with served(site, tmp_path) as address:
        assert {path: told for path in of_site(site) if (told := ran(browser, address, path))} == {}


@pytest.mark.parametrize(
    "added",
    [
        "<script>alert(1)</script>",
        '<img src="x" alt="" onerror="alert(1)">',
        '<p onmouseover="alert(1)">甲</p>',
        '<a href="javascript:alert(1)">甲</a>',
        '<img alt="" src="https://a.example/b.png">',
        '<iframe srcdoc="甲"></iframe>',
        '<meta http-equiv="refresh" content="9;url=https://a.example/">',
        '<a href="https://a.example/" ping="https://a.example/">甲</a>',
    ],
)
def test_what_runs_is_seen(browser: Browser, tmp_path: Path, added: str) -> None:
    """The test would see it: what runs, what asks, and what only waits to."""
    (tmp_path / "a.html").write_text(f"<!doctype html><title>a</title><article>{added}</article>", encoding="utf-8")
    with serving(tmp_path) as address:
        assert ran(browser, address, "a.html")
