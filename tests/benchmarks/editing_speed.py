# ruff: noqa: T201 -- what a benchmark finds is printed
"""From a key in a cell of the preview to what a person sees: `python tests/benchmarks/editing_speed.py`.

Milliseconds by the clock in a real browser, median and longest of some edits, on portals of some sizes: totals while
the figure is being typed, the file with the figure, the findings of all rules at the cell, the page as built anew.
Nothing is asserted here; a busy machine makes all of it longer.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]  # Run by hand, this file stands outside of both.

from browsing import WIDE, opened, started  # noqa: E402  # found by the line above
from editing import RECEIVED, cell  # noqa: E402  # likewise
from previews import served  # noqa: E402  # likewise
from stretching import stretch  # noqa: E402  # likewise

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

_STEPS = ("total", "saved", "findings", "page")


def main() -> None:
    """Print the times for each size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--years", type=int, nargs="+", default=[1, 7, 20], help="sizes of the portals")
    parser.add_argument("--edits", type=int, default=5, help="edits for each")
    parser.add_argument("--engine", default="mkdocs", choices=["mkdocs", "properdocs"])
    options = parser.parse_args()
    print(f"{'years':>5}  " + "  ".join(f"{step:>15}" for step in _STEPS) + "   ms, median (longest)")
    with started() as browser:
        for years in options.years:
            with tempfile.TemporaryDirectory() as name:
                times = _measure(browser, stretch(Path(name), years), options.edits, options.engine)
            shown = (f"{statistics.median(each):>7.0f} ({max(each):.0f})" for each in times)
            print(f"{years:>5}  " + "  ".join(f"{text:>15}" for text in shown))


def _measure(browser: Browser, project: Path, edits: int, engine: str) -> tuple[list[float], ...]:
    """Return the milliseconds of each step of *edits* in the latest year of *project*."""
    year = max(path.stem for path in (project / "data").glob("20*.yml"))
    data = project / "data" / f"{year}.yml"
    times: tuple[list[float], ...] = tuple([] for _ in _STEPS)
    with served(project, engine) as preview:
        page = opened(browser, WIDE)
        page.goto(f"{preview.address}{year}/full.html")
        cell(page, RECEIVED).wait_for()
        page.wait_for_timeout(3000)
        for number in range(edits):
            for step, taken in zip(times, _edit(page, data, str(7001 + number)), strict=True):
                step.append(taken)
        page.context.close()
    return times


def _edit(page: Page, data: Path, figure: str) -> tuple[float, ...]:
    total = page.locator('[id="requests.received.total"] .edit-sum')
    cell(page, RECEIVED).click()
    page.keyboard.type(figure[:-1])
    page.wait_for_timeout(500)
    before = total.inner_text()
    start = time.perf_counter()
    page.keyboard.type(figure[-1])
    totals = _until(lambda: total.inner_text() != before, start)
    start = time.perf_counter()
    page.keyboard.press("Enter")
    saved = _until(lambda: figure in data.read_text(encoding="utf-8"), start)
    note = page.locator('[id="note:requests.carried_out.natural_person"]')
    findings = _until(lambda: figure in "".join(note.all_inner_texts()), start)
    article = page.locator("article")
    shown = _until(lambda: f"{figure}件" in article.inner_text(), start)
    return totals, saved, findings, shown


def _until(condition: Callable[[], bool], start: float) -> float:
    """Return the milliseconds from *start* until *condition* holds."""
    while not condition():
        if time.perf_counter() - start > 120:  # seconds
            message = "it never came"
            raise RuntimeError(message)
        time.sleep(0.005)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
