# ruff: noqa: T201 -- what a benchmark finds is printed
"""Prints what a first view of each kind of page costs, and what Lighthouse says of it on a telephone.

Run after both sites are built: ``python -m mkdocs build && python -m mkdocs build -f examples/mkdocs.yml``, then
``python tests/benchmarks/page_weight.py [--lighthouse]``. Pages are served compressed on this machine. Beside each
page stands its text as bare HTML: the article's own markup without style sheets, scripts, menu and head.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

from browsing import NARROW, QuietHandler, chromium, opened, serving, started  # noqa: E402  # the folder is added above

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

LIMIT = 120 * 1024
_PACKED = {".html", ".css", ".js", ".json", ".svg", ".xml"}
_CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
_LIGHTHOUSE = ROOT / "tests" / "html" / "node_modules" / ".bin" / "lighthouse"


class PackedHandler(QuietHandler):
    """Serves text compressed, as the servers of deploy/ do."""

    _packed: ClassVar[dict[Path, bytes]] = {}

    def do_GET(self) -> None:  # noqa: N802  # the base class's name
        """Answer with the compressed file where it is text."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if path.suffix not in _PACKED or not path.is_file():
            super().do_GET()
            return
        content = self._packed.setdefault(path, gzip.compress(path.read_bytes(), 9))
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{self.guess_type(path)}; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def kinds(site: Path) -> Iterator[str]:
    """Yield a page of each kind, of the newest year where there are several."""
    pages = sorted((path.relative_to(site).as_posix() for path in site.rglob("*.html")), reverse=True)
    found: dict[str, str] = {}
    for page in pages:
        found.setdefault(re.sub(r"^\d{4}/", "year/", page), page)
    yield from (page for page in sorted(found.values()) if not page.startswith(("404", "latest/")))


def first_view(browser: Browser, base: str, page: str) -> tuple[int, int, int]:
    """Return the bytes over the wire of a first view, the number of requests, and of those that go elsewhere."""
    tab = opened(browser, NARROW)
    session = tab.context.new_cdp_session(tab)
    session.send("Network.enable")
    received: list[float] = []
    asked: list[str] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(base + page, wait_until="networkidle")
    tab.context.close()
    outside = [url for url in asked if not url.startswith((base, "data:"))]
    return int(sum(received)), len(asked), len(outside)


def bare(site: Path, page: str) -> int:
    """Return the compressed size of the article's markup on a page of its own."""
    soup = BeautifulSoup((site / page).read_text(encoding="utf-8"), "html.parser")
    article = soup.select_one("article")
    if article is None or soup.title is None:
        message = f"{page} has no article"
        raise ValueError(message)
    for part in article.select(".years, .citation, .headerlink"):
        part.decompose()
    text = f'<!doctype html><html lang="zh"><meta charset="utf-8">{soup.title}{article.decode_contents()}</html>'
    return len(gzip.compress(text.encode(), 9))


def scores(address: str) -> dict[str, int]:
    """Return what Lighthouse gives a page on a telephone, of 100."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        flags = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
        command = [str(_LIGHTHOUSE), address, "--quiet", "--output=json", f"--output-path={report.name}"]
        command += [f"--chrome-flags={flags}", f"--only-categories={','.join(_CATEGORIES)}"]
        subprocess.run(command, check=True, env=os.environ | {"CHROME_PATH": chromium() or ""})
        found = json.loads(Path(report.name).read_text(encoding="utf-8"))["categories"]
    return {name: round(100 * found[name]["score"]) for name in _CATEGORIES}


def main() -> None:
    """Print a line for each kind of page of both portals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", help="only pages whose address holds one of these words")
    parser.add_argument("--lighthouse", action="store_true", help="also run Lighthouse, which takes a while")
    options = parser.parse_args()
    sites = {"real": ROOT / "site", "example": ROOT / "examples" / "site"}
    print(f"{'page':<34}{'bytes':>9}{'bare':>8}{'ratio':>7}{'asked':>7}{'away':>6}  lighthouse")
    with started() as browser:
        for name, site in sites.items():
            with serving(site, PackedHandler) as base:
                for page in kinds(site):
                    if options.pages and not any(word in page for word in options.pages):
                        continue
                    size, asked, outside = first_view(browser, base, page)
                    plain = bare(site, page)
                    judged = scores(base + page) if options.lighthouse else {}
                    told = " ".join(f"{key} {value}" for key, value in judged.items())
                    line = (
                        f"{name + ' ' + page:<34}{size:>9}{plain:>8}{size / plain:>7.1f}{asked:>7}{outside:>6}  {told}"
                    )
                    print(line + (" over the limit" if size > LIMIT else ""), flush=True)


if __name__ == "__main__":
    main()
