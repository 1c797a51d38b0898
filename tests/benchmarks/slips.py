# ruff: noqa: T201 -- what a benchmark finds is printed
"""How many slips of a typist are told: `python tests/benchmarks/slips.py`.

Two hundred seeded slips are made, one at a time, in the figures of an example whose totals are typed as well.
Its pages take their figures from the data, so that little but the tables can tell them; ``--pages`` reads them too.

Slips that leave every typed total the sum of its parts are counted apart. In sections 3 and 4 those are two outcomes
of one kind of cases that changed places: in the printed form nothing but the total of the kind adds them up, so that
the wrong table is as sound as the right one. What tells such a slip is outside of the table, if anything does: a case
left pending comes back the year after (T4-04), and sentences say how cases ended (X-04, X-14).
Nothing is asserted here.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests" / "support")]  # Run by hand, this file stands outside of it.

from nianbao.model.dataset import read_dataset  # noqa: E402  # beside the others of this folder
from nianbao.prose.reading import PageReader  # noqa: E402  # likewise
from nianbao.rules.checking import check  # noqa: E402  # likewise
from slipping import with_totals  # noqa: E402  # likewise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nianbao.model.report import Report
    from nianbao.reading.findings import Finding

YEAR, EACH, SEED = 2024, 25, 20260101
_ROW = re.compile(r"(?P<before> +[a-z_0-9]+: +)\[(?P<figures>[^\]]*)\](?P<after>.*)")

# A row of figures: the number of its line, and what it lists; the last of a row with a total is the total.
Rows = list[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Slip:
    """A kind of slip in one section of the report: *make* changes rows, and says whether it could."""

    words: str
    section: str
    make: Callable[[random.Random, Rows], bool]


def wrong_digit(chance: random.Random, rows: Rows) -> bool:
    """Type another digit."""
    _, figures = chance.choice(rows)
    place = chance.randrange(len(figures))
    digits = [index for index, character in enumerate(figures[place]) if character.isdigit()]
    index = chance.choice(digits)
    other = chance.choice([digit for digit in "123456789" if digit != figures[place][index]])
    figures[place] = f"{figures[place][:index]}{other}{figures[place][index + 1 :]}"
    return True


def next_column(chance: random.Random, rows: Rows) -> bool:
    """Type a figure in the column beside its own."""
    _, figures = chance.choice(rows)
    if len(figures) < 2:  # there is no other column
        return False
    place = chance.randrange(len(figures) - 1)
    figures[place], figures[place + 1] = figures[place + 1], figures[place]
    return figures[place] != figures[place + 1]


def next_row(chance: random.Random, rows: Rows) -> bool:
    """Type a figure in the row, or in section 4 in the group, below its own."""
    index = chance.randrange(len(rows) - 1)
    (_, here), (_, there) = rows[index], rows[index + 1]
    place = chance.randrange(min(len(here), len(there)))
    here[place], there[place] = there[place], here[place]
    return here[place] != there[place]


SLIPS = (
    Slip("section 3: a digit wrong", "requests", wrong_digit),
    Slip("section 3: value in the next column", "requests", next_column),
    Slip("section 3: value in the next row", "requests", next_row),
    Slip("section 4: a digit wrong", "review", wrong_digit),
    Slip("section 4: value in the next column", "review", next_column),
    Slip("section 4: value in the next group", "review", next_row),
    Slip("section 2: a digit wrong", "disclosure", wrong_digit),
    Slip("section 2: value in the next column", "disclosure", next_column),
)


def rows_of(lines: Sequence[str], section: str) -> Rows:
    """Return the rows of *section*."""
    start = lines.index(f"{section}:")
    end = next((number for number in range(start + 1, len(lines)) if re.match("[a-z]", lines[number])), len(lines))
    found = ((number, _ROW.fullmatch(lines[number])) for number in range(start, end))
    return [(number, [part.strip() for part in row["figures"].split(",")]) for number, row in found if row is not None]


def slipped(text: str, slip: Slip, chance: random.Random) -> str:
    """Return *text* with one slip."""
    while True:
        lines = text.split("\n")
        rows = rows_of(lines, slip.section)
        if not slip.make(chance, rows):
            continue
        for number, figures in rows:
            row = _ROW.fullmatch(lines[number])
            if row is not None:
                lines[number] = f"{row['before']}[{', '.join(figures)}]{row['after']}"
        return "\n".join(lines)


def keeps_sums(folder: Path, text: str) -> bool:
    """Say whether every typed total is the sum of its parts, and all columns balance, with *text* as the data."""
    (folder / "data" / f"{YEAR}.yml").write_text(text, encoding="utf-8")
    report = read_dataset(folder, folder / "data").reports[YEAR]
    totals = (report.cells[table.id][added.position] for table in report.form.tables for added in table.totals)
    return all(cell.printed is None for cell in totals) and _balanced(report)


def _balanced(report: Report) -> bool:
    """Say whether what came in was answered or carried out, for every kind of applicants."""
    cells = report.cells["requests"]
    rows = ("received", "carried_in", "results.total", "carried_out")
    columns = {column for row, column in cells if row == rows[0]}
    values = ([cells[row, column].value or 0 for row in rows] for column in columns)
    return all(received + before == answered + after for received, before, answered, after in values)


def told(folder: Path, text: str, *, pages: bool) -> set[tuple[str, str, str]]:
    """Return what is found in the year and in the next one with *text* as its data: rule, level, and what it is of."""
    (folder / "data" / f"{YEAR}.yml").write_text(text, encoding="utf-8")
    dataset = read_dataset(folder, folder / "data")
    reader = PageReader(dataset, folder, folder / "data", folder / "docs")
    years = {YEAR, YEAR + 1} & set(dataset.reports) if pages else ()
    texts = {year: read for year in years if (read := reader.year(dataset.reports[year])) is not None}
    findings: Sequence[Finding] = (*dataset.findings, *check(dataset, texts, years={YEAR, YEAR + 1}).findings())
    return {(finding.rule, finding.level, finding.subject) for finding in findings if finding.rule != "P-03"}


def main() -> None:
    """Print how many slips of each kind are told, and how."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--without-totals", action="store_true", help="type no totals, as version 0.1.0 took none")
    parser.add_argument("--pages", action="store_true", help="read the pages too")
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311  # the same slips every time
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("data", "docs"):
            shutil.copytree(ROOT / "examples" / part, folder / part)
        text = (folder / "data" / f"{YEAR}.yml").read_text(encoding="utf-8")
        if not options.without_totals:
            text = with_totals(folder, YEAR)
        before = told(folder, text, pages=options.pages)
        sums: Counter[tuple[bool, str]] = Counter()
        sound: Counter[tuple[bool, bool]] = Counter()
        print(f"{'slip':38} error  reminder  nothing")
        for slip in SLIPS:
            counts: Counter[str] = Counter()
            for _ in range(EACH):
                wrong = slipped(text, slip, chance)
                found = told(folder, wrong, pages=options.pages)
                levels = {level for _, level, _ in found - before}
                if keeps_sums(folder, wrong):
                    sound[slip.section != "disclosure", bool(levels)] += 1
                counts["error" if "error" in levels else "reminder" if levels else "nothing"] += 1
            print(f"{slip.words:38} {counts['error']:5}  {counts['reminder']:8}  {counts['nothing']:7}")
            for result, count in counts.items():
                sums[slip.section != "disclosure", result] += count
    for judged, words in ((True, "sections 3 and 4"), (False, "section 2")):
        whole = sum(count for (which, _), count in sums.items() if which == judged)
        seen = whole - sums[judged, "nothing"]
        print(f"{words}: {seen} of {whole} told, {100 * seen / whole:.1f} of 100")
        told_, apart = sound[judged, True], sound[judged, True] + sound[judged, False]
        others = whole - apart
        if apart and others:
            print(f"  that keep every sum: {told_} of {apart}")
            print(f"  that change one: {seen - told_} of {others}, {100 * (seen - told_) / others:.1f} of 100")


if __name__ == "__main__":
    main()
