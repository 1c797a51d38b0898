"""Damage as originals have it: cells lost, rows cut, headings broken, figures glued. The truth goes with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.reading.refusal import RefusedError
from originals import KINDS, Printed, Score, printout, read, score, seeded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    from originals import Line, Printout, Sheet


def _figures(line: Line) -> list[int]:
    return [at for at, cell in enumerate(line) if cell.address]


def _any_line(report: Printout, random: Random) -> tuple[Sheet, int]:
    """Return a line with figures, by its table and place."""
    sheet = random.choice([sheet for sheet in report.sheets if any(map(_figures, sheet.lines))])
    return sheet, random.choice([at for at, line in enumerate(sheet.lines) if _figures(line)])


def lose_cell(report: Printout, random: Random) -> None:
    """Lose a figure; the rest of the row moves to the left."""
    sheet, at = _any_line(report, random)
    line = sheet.lines[at]
    line.pop(random.choice(_figures(line)))


def lose_cells(report: Printout, random: Random) -> None:
    """Lose the same column in several rows."""
    for _ in range(3):
        lose_cell(report, random)


def add_blank(report: Printout, random: Random) -> None:
    """Put a blank cell before a figure."""
    sheet, at = _any_line(report, random)
    line = sheet.lines[at]
    line.insert(random.choice(_figures(line)), Printed(""))


def add_figure(report: Printout, random: Random) -> None:
    """Put a figure that belongs nowhere among the others."""
    sheet, at = _any_line(report, random)
    line = sheet.lines[at]
    line.insert(random.choice(_figures(line)), Printed(str(random.randint(0, 99))))


def move_blank(report: Printout, random: Random) -> None:
    """Lose a figure and leave a blank elsewhere in the row, so that the count is right."""
    sheet, at = _any_line(report, random)
    line = sheet.lines[at]
    places = _figures(line)
    if len(places) < 3:  # nothing moves
        return
    addresses = [line[place].address for place in places]
    texts = [line[place].text for place in places]
    texts.pop(random.randrange(len(texts)))
    texts.insert(random.randrange(len(texts) + 1), "")
    for address, text in zip(addresses, texts, strict=True):
        # Nobody can see that a figure is missing: what stands in a column is what is printed there.
        report.put(address, text, text or "空白")


def merge_cells(report: Printout, random: Random) -> None:
    """Make one cell of two figures."""
    sheet, at = _any_line(report, random)
    line = sheet.lines[at]
    places = _figures(line)
    if len(places) < 2:  # there is one
        return
    first = random.choice(places[:-1])
    one, other = line[first], line.pop(first + 1)
    one.text = f"{one.text}{random.choice(('', ' ', chr(10)))}{other.text}"
    one.columns += other.columns


def merge_down(report: Printout, random: Random) -> None:
    """Make one cell of two figures below each other."""
    sheet, at = _any_line(report, random)
    if at + 1 >= len(sheet.lines):
        return
    line, below = sheet.lines[at], sheet.lines[at + 1]
    if len(_figures(line)) != len(_figures(below)):
        return
    which = random.randrange(len(_figures(line)))
    upper, lower = line[_figures(line)[which]], below.pop(_figures(below)[which])
    upper.rows += 1
    if upper.text != lower.text:
        report.truth[lower.address] = None


def break_label(report: Printout, random: Random) -> None:
    """Break a label over lines, or with blanks."""
    sheet = random.choice(report.sheets)
    cells = [cell for line in sheet.lines for cell in line if not cell.address and len(cell.text) > 1]
    for cell in random.sample(cells, min(4, len(cells))):
        cut = random.randrange(1, len(cell.text))
        cell.text = f"{cell.text[:cut]}{random.choice((' ', chr(10), '　'))}{cell.text[cut:]}"


def misprint_label(report: Printout, random: Random) -> None:
    """Lose, double or change a character of a label."""
    sheet = random.choice(report.sheets)
    cell = random.choice([cell for line in sheet.lines for cell in line if not cell.address and len(cell.text) > 1])
    at = random.randrange(len(cell.text))
    cell.text = cell.text[:at] + random.choice(("", cell.text[at] * 2, "某")) + cell.text[at + 1 :]


def swap_labels(report: Printout, random: Random) -> None:
    """Exchange two labels of rows with their figures: other places, the same meaning."""
    sheet = report.sheet("requests")
    lines = [line for line in sheet.lines if _figures(line) and len(line) - len(_figures(line)) == 1]
    if len(lines) > 1:
        one, other = random.sample(lines, 2)
        if one[0].columns == other[0].columns:
            one[:], other[:] = other[:], one[:]


def swap_columns(report: Printout, random: Random) -> None:
    """Exchange two columns of table 3, headings and figures."""
    sheet = report.sheet("requests")
    heads = next(line for line in sheet.lines if any(cell.text == "商业企业" for cell in line))
    one, other = random.sample(range(5), 2)
    heads[one], heads[other] = heads[other], heads[one]
    for line in (line for each in report.sheets if each.id.startswith(sheet.id) for line in each.lines):
        places = _figures(line)
        if len(places) > max(one, other) + 1:
            a, b = places[one + 1], places[other + 1]
            line[a], line[b] = line[b], line[a]


def lose_heads(report: Printout, random: Random) -> None:
    """Lose a line of headings."""
    sheet = random.choice([sheet for sheet in report.sheets if not all(map(_figures, sheet.lines))])
    heads = [at for at, line in enumerate(sheet.lines) if not _figures(line)]
    del sheet.lines[random.choice(heads)]


def wrong_span(report: Printout, random: Random) -> None:
    """Let a cell span a row more or less than it should."""
    cells = [cell for sheet in report.sheets for line in sheet.lines for cell in line if cell.rows > 1]
    cell = random.choice(cells)
    cell.rows = max(1, cell.rows + random.choice((-1, 1)))


def wrong_colspan(report: Printout, random: Random) -> None:
    """Let a cell span a column more or less than it should."""
    cells = [cell for sheet in report.sheets for line in sheet.lines for cell in line]
    cell = random.choice(cells)
    cell.columns = max(1, cell.columns + random.choice((-1, 1)))


def add_row(report: Printout, random: Random) -> None:
    """Add a row of the body's own."""
    sheet, at = _any_line(report, random)
    count = len(_figures(sheet.lines[at]))
    figures = [Printed(str(random.randint(100, 999))) for _ in range(count)]
    sheet.lines.insert(at + 1, [Printed("本地另加的统计事项", columns=sheet.lines[at][0].columns), *figures])


def repeat_row(report: Printout, random: Random) -> None:
    """Print a row again with other figures."""
    sheet, at = _any_line(report, random)
    line = sheet.lines[at]
    places = _figures(line)
    again = [Printed(cell.text, columns=cell.columns) for cell in line]
    changed = random.choice(places)
    again[changed].text = str(int(re.sub("[^0-9]", "", again[changed].text) or 0) + 1)
    sheet.lines.insert(at + 1, again)
    report.truth[line[changed].address] = None


def cut_row(report: Printout, random: Random) -> None:
    """Cut a row in two as a page does: the label goes on, the figures stand in one half."""
    sheet, at = _any_line(report, random)
    line = sheet.lines[at]
    label = line[_figures(line)[0] - 1] if _figures(line)[0] else None
    if label is None or len(label.text) < 6 or label.rows > 1:  # no page cuts a short one
        return
    cut = random.randrange(2, len(label.text) - 2)
    first, second = label.text[:cut], label.text[cut:]
    blank = [Printed("", columns=line[place].columns) for place in _figures(line)]
    for cell in line:
        if cell.rows > 1:
            cell.rows += 1
    for above in sheet.lines[:at]:
        for cell in above:
            start = sheet.lines.index(above)
            if cell.rows > 1 and start + cell.rows > at:
                cell.rows += 1
    label.text = first
    if random.random() < 0.5:  # either half
        sheet.lines.insert(at + 1, [Printed(second, columns=label.columns), *blank])
    else:
        figures = [line[place] for place in _figures(line)]
        line[_figures(line)[0] :] = blank
        sheet.lines.insert(at + 1, [Printed(second, columns=label.columns), *figures])


def cut_table(report: Printout, random: Random) -> None:
    """Begin a new table, without headings, in the midst of one."""
    sheet, at = _any_line(report, random)
    place = report.sheets.index(sheet)
    above, below = sheet.lines[:at], sheet.lines[at:]
    carried = []
    for start, line in enumerate(above):
        for cell in line:
            if start + cell.rows > at:
                carried.append(Printed("", rows=start + cell.rows - at, columns=cell.columns))
                cell.rows = at - start
    if carried and below:
        below[0][:0] = carried
    sheet.lines = above
    report.sheets.insert(place + 1, type(sheet)(id=f"{sheet.id}2", title="", lines=below))


def blank_cell(report: Printout, random: Random) -> None:
    """Leave cells empty."""
    sheet, at = _any_line(report, random)
    for place in random.sample(_figures(sheet.lines[at]), 1):
        cell = sheet.lines[at][place]
        cell.text = ""
        report.truth[cell.address] = "空白"


def sign_cell(report: Printout, random: Random) -> None:
    """Print a sign where nothing happened."""
    sheet, at = _any_line(report, random)
    cell = sheet.lines[at][random.choice(_figures(sheet.lines[at]))]
    cell.text = random.choice(("—", "/", "无", "-", "——"))
    report.truth[cell.address] = None


def misprint_figure(report: Printout, random: Random) -> None:
    """Print another figure than was counted: it is what is printed that must come over, or be asked."""
    sheet, at = _any_line(report, random)
    cell = sheet.lines[at][random.choice(_figures(sheet.lines[at]))]
    if cell.text.isdecimal():
        cell.text = str(int(cell.text) + random.choice((1, 9, 10)))
        report.truth[cell.address] = cell.text


def remark_cell(report: Printout, random: Random) -> None:
    """Add a remark to a figure, or break it over lines."""
    sheet, at = _any_line(report, random)
    cell = sheet.lines[at][random.choice(_figures(sheet.lines[at]))]
    cell.text = random.choice(
        (
            f"{cell.text}\n（其中修订16件）",
            f"{cell.text}*",
            f"{cell.text} 注1",
            f"约{cell.text}",
            f"{cell.text}0\n1",
            f"0{cell.text}",
        )
    )
    report.truth[cell.address] = None


def dress_cell(report: Printout, random: Random) -> None:
    """Print a figure in other characters that mean the same."""
    sheet, at = _any_line(report, random)
    cell = sheet.lines[at][random.choice(_figures(sheet.lines[at]))]
    if cell.text.isdecimal():
        wide = cell.text.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})
        cell.text = random.choice((wide, f" {cell.text}\u00a0", f"{int(cell.text):,}", f"\u200b{cell.text}"))


# Each makes one fault of a print-out, and changes its truth where it is what is printed that counts.
ALL: tuple[Callable[[Printout, Random], None], ...] = (
    *(lose_cell, lose_cells, add_blank, add_figure, move_blank, merge_cells, merge_down, break_label, misprint_label),
    *(swap_labels, swap_columns, lose_heads, wrong_span, wrong_colspan, add_row, repeat_row, cut_row, cut_table),
    *(blank_cell, sign_cell, misprint_figure, remark_cell, dress_cell),
)


_UNSEEN = {"md": {wrong_span, wrong_colspan}, "unruled.pdf": {wrong_span, wrong_colspan, merge_down}}


def damage_text(data: bytes, random: Random) -> bytes:
    """Return a text with lines joined, broken and mixed up; its figures stay what they are."""
    lines = data.decode().split("\n")
    for _ in range(random.randint(1, 4)):
        at = random.randrange(1, len(lines))
        match random.randrange(5):
            case 0:
                lines[at - 1] += random.choice((" ", "")) + lines.pop(at)
            case 1:
                cut = random.randrange(len(lines[at]) + 1)
                if not re.search(r"[0-9.+-]$", lines[at][:cut]) or not re.match(r"[0-9.元]", lines[at][cut:]):
                    lines[at : at + 1] = [lines[at][:cut], lines[at][cut:]]
            case 2:
                lines.insert(at, f"- {random.randint(1, 9)} -")
            case 3:
                lines.insert(at, "")
            case _:
                lines.insert(at, str(random.randint(1, 99)))
        if len(lines) < 3:  # nothing is left to damage
            break
    return "\n".join(lines).encode()


def damage_page(data: bytes, random: Random) -> bytes:
    """Return a page with tags lost, doubled or mixed up."""
    text = data.decode()
    for _ in range(random.randint(1, 3)):
        tags = list(re.finditer(r"</?(?:td|tr|table|p)[^>]*>", text))
        tag = random.choice(tags)
        match random.randrange(3):
            case 0:
                text = text[: tag.start()] + text[tag.end() :]
            case 1:
                text = text[: tag.end()] + tag[0] + text[tag.end() :]
            case _:
                text = text[: tag.start()] + random.choice(tags)[0] + text[tag.start() :]
    return text.encode()


def damage_bytes(data: bytes, seed: int) -> bytes:
    """Return a file cut off, or with some of its bytes changed, as a broken disk or download leaves it."""
    random = seeded(seed)
    if random.random() < 0.3:
        return data[: random.randrange(len(data))]
    damaged = bytearray(data)
    for _ in range(random.randint(1, 20)):
        damaged[random.randrange(len(damaged))] = random.randrange(256)
    return bytes(damaged)


def damaged(kind: str, seed: int, path: Path) -> Score:
    """Return how a report with a fault or two, made from *seed* as a file of *kind*, is read."""
    chance = seeded(seed)
    report = printout(chance.choice((2019, 2021)), chance, zeros=chance.choice((0.3, 0.7, 0.95)))
    for fault in chance.sample(ALL, chance.randint(1, 2)):
        # Where spans cannot be seen, they make no difference: Markdown prints a blank, and without lines nothing.
        if fault not in _UNSEEN.get(kind, ()):
            fault(report, chance)
    data = KINDS[kind](report)
    if kind.endswith("txt") and chance.random() < 0.5 and not report.lost:  # a stray number would take its place
        data = damage_text(data, chance)
    elif kind == "html" and chance.random() < 0.5:
        data = damage_page(data, chance)
    try:
        return score(report, read(path, data))
    except RefusedError:
        return Score()
