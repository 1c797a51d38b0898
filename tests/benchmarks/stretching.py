"""The example agency stretched over any number of years: its first years as they are, then three again and again.

A repeated year keeps its words and figures; what is carried over from the year before is made to follow.
"""

from __future__ import annotations

import re
import shutil
from decimal import Decimal
from typing import TYPE_CHECKING

from building import copy_project
from projects import thawed

if TYPE_CHECKING:
    from pathlib import Path

FIRST, REPEATED = 2019, (2022, 2023, 2024)

# The words of the repeated years say that these rise.
_RISING = ("licensing", "penalties", "coercion", "administrative_fees")

# What is true after the year before, and not after the year that comes before a repeated one.
_MORE = ("多于上年的", "，上年是")

_YEAR = re.compile(r"\b20[0-9]{2}(?![0-9])")
_ROW = r"^(?P<start>\s+{}:\s*\[)(?P<figures>[^\]]*)(?P<end>\])"


def stretch(folder: Path, years: int) -> Path:
    """Write a project with *years* reports of the example agency, none frozen, into *folder*.

    Return where its mkdocs.yml lies.
    """
    project = copy_project(folder) / "examples"
    template = folder / "template"
    thawed(project).rename(template)
    for part in ("data", "docs"):
        (project / part).mkdir(parents=True)
        for path in (template / part).iterdir():
            if not re.match("20", path.name):
                shutil.copy(path, project / part)
    shutil.copy(template / "mkdocs.yml", project)
    for year in range(FIRST, FIRST + years):
        last = REPEATED[-1]
        source = year if year <= last else REPEATED[(year - last - 1) % len(REPEATED)]
        shutil.copytree(template / "docs" / str(source), project / "docs" / str(year))
        if source != year:
            page = project / "docs" / str(year) / "3-requests.md"
            page.write_text(page.read_text(encoding="utf-8").replace(*_MORE), encoding="utf-8")
        text = (template / "data" / f"{source}.yml").read_text(encoding="utf-8")
        if source != year:
            text = _later(text, year - source)
            text = re.sub(r"^format: .*", "format: 2021", text, flags=re.MULTILINE)
            text = _raise(text, template / "data", (year - last - 1) // len(REPEATED) + 1)
            text = _follow(text, (project / "data" / f"{year - 1}.yml").read_text(encoding="utf-8"))
        (project / "data" / f"{year}.yml").write_text(text, encoding="utf-8")
    shutil.rmtree(template)
    return project


def _later(text: str, by: int) -> str:
    return _YEAR.sub(lambda found: str(int(found.group()) + by), text)


def _raise(text: str, data: Path, rounds: int) -> str:
    """Return the data *text* with what rises from year to year raised by more than three years, *rounds* times."""
    sources = [(data / f"{year}.yml").read_text(encoding="utf-8") for year in REPEATED]
    for row in _RISING:
        known = [_figures(source, row)[0] for source in sources]
        figure = _figures(text, row)[0] + rounds * (max(known) - min(known) + 1)
        text = _with(text, row, [figure])
    return text


def _follow(text: str, before: str) -> str:
    """Return the data *text* with what follows from those of the year *before*; totals stay in balance."""
    carried, expected = _figures(text, "carried_in"), _figures(before, "carried_out")
    granted = [old + new - was for old, new, was in zip(_figures(text, "granted"), expected, carried, strict=True)]
    short = [max(Decimal(0), -count) for count in granted]
    received = [count + more for count, more in zip(_figures(text, "received"), short, strict=True)]
    text = _with(_with(text, "carried_in", expected), "received", received)
    text = _with(text, "granted", [max(Decimal(0), count) for count in granted])
    issued, repealed, _ = _figures(text, "normative_documents")
    in_force = _figures(before, "normative_documents")[2]
    repealed = min(repealed, in_force + issued)
    return _with(text, "normative_documents", [issued, repealed, in_force + issued - repealed])


def _figures(text: str, row: str) -> list[Decimal]:
    found = re.search(_ROW.format(row), text, re.MULTILINE)
    if found is None:
        raise ValueError(row)
    return [Decimal(figure) for figure in found["figures"].split(",")]


def _with(text: str, row: str, figures: list[Decimal]) -> str:
    words = ", ".join(map(str, figures))
    return re.sub(_ROW.format(row), rf"\g<start>{words}\g<end>", text, flags=re.MULTILINE)
