"""Figures of a form from running text: labels and runs of figures aligned; nothing is taken that is not proved.

A row is proved where its label stands before its figures on the same line, where it is held between two such rows,
or where all rows of its table follow each other, label and figures, in the order of the form and every sum of rows and
columns fits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from nianbao.importing.answers import Unused
from nianbao.importing.labels import best, normalised, plain, similarity
from nianbao.importing.lines import Line, Printed, sums_fit
from nianbao.importing.original import Paragraph
from nianbao.importing.values import printed, printed_row, value_of
from nianbao.reading import numbers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from nianbao.importing.original import Content
    from nianbao.model.form import Block, Form, Heading, Table

_WAY = "文字"
# How alike a line must be to the title of a section.
_TITLE = 0.85
# Two characters are enough to tell columns apart where their labels are broken over lines.
_BEGINNING = 2
# Without its number a label must be so long to be found at the end of other words.
_LONG = 4
# The words of the longest table of the form, its headings too, are fewer characters than this.
_TABLE = 4000
# A run of digits longer than this is no row that was glued together.
_GLUED = 60

_PAGE = re.compile(r"\s*(?:[-—–－]+\s*[0-9]{1,4}\s*[-—–－]+|第\s*[0-9]{1,4}\s*页.*|[0-9]{1,4}\s*/\s*[0-9]{1,4})\s*")
_REMARK = re.compile(r"[(\[]?(?:其中|注|含|包括|不含)|[*※]")
_UNITS = "年月日号条项件份个次期人元万亿级届章款位届篇起宗名家部场类%％"
_TOKEN = re.compile(
    rf"""
    (?<![0-9A-Za-z.〔\[第])
    (?:
        (?P<glued>[0-9]+?)(?=[1-9][.、．][ ]*[“"\u4e00-\u9fff])     # figures glued to the number of the next label
      | (?![1-9][0-9]?[.、．][ ]*[“"\u4e00-\u9fff])                 # no number of a label
        (?P<figure>[+-]?(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+)(?:\.[0-9]+)?)
        (?![0-9A-Za-z〕\]:/-]|\.[0-9]|[ ]*[{_UNITS}])
    )
    | (?<!\S)(?P<amount>[0-9][0-9,]*(?:\.[0-9]+)?万?元)(?!\S)            # an amount that brings its unit
    | (?<=\s)(?P<sign>[—–\-/]{{1,2}})(?=\s|$)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    """A piece of a line: a *figure*, or words."""

    text: str
    figure: bool
    line: int
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """Figures without words between them: the words *before*, since the run before, and those of its own line.

    *after* are the words behind it on the line of its last figure, *behind* all up to the next run.
    """

    figures: tuple[_Token, ...]
    before: str
    beside: str
    after: str
    behind: str

    @property
    def place(self) -> str:
        """Where the first figure stands."""
        return self.figures[0].place


@dataclass(frozen=True, slots=True, kw_only=True)
class _Labelled:
    """A run under the label of a row; *beside* tells that the label, or a part of it, stands before it on its line.

    *clean* tells that nothing stands between label and figures, and that these are laid out evenly.
    """

    run: _Run
    block: Block
    heading: Heading
    beside: bool
    clean: bool
    at: int


def lines_of_text(form: Form, contents: Sequence[Content], known: Collection[str]) -> Iterator[Line | Unused]:
    """Yield the lines of *form* that the paragraphs among *contents* print, but for tables with *known* addresses.

    What stands between tables is read together, for text knows no cells.
    """
    paragraphs = [content for content in contents if isinstance(content, Paragraph)]
    for table, region in _regions(form, paragraphs):
        if any(table.address(row.path, column.path) in known for _, row, column in table.grid):
            continue
        runs = _runs(region)
        if any(row.path for block in table.blocks for row in block.rows.leaves):
            yield from _rows(table, runs)
        else:
            yield from _single_row(table, runs, paged=any(paragraph.page is not None for paragraph in region))


def _regions(form: Form, paragraphs: Sequence[Paragraph]) -> Iterator[tuple[Table, Sequence[Paragraph]]]:
    """Yield each table with the paragraphs of its section; with all of them where no title of a section stands."""
    titles = {section.title: section for section in form.sections}
    starts: list[tuple[int, str]] = []
    for at, paragraph in enumerate(paragraphs):
        title = best(paragraph.text, titles)
        if title is not None and similarity(paragraph.text, title) >= _TITLE:
            starts.append((at, title))
    for section in form.sections:
        table = form.table(section.table) if section.table else None
        if table is None:
            continue
        if not starts:
            yield table, paragraphs
            continue
        # A title in a list of contents has nothing below it.
        spans = [
            paragraphs[start:until]
            for (start, title), (until, _) in pairwise([*starts, (len(paragraphs), "")])
            if title == section.title
        ]
        if spans:
            yield table, max(spans, key=len)


def _tokens(paragraphs: Sequence[Paragraph]) -> Iterator[_Token]:
    number = 0
    for paragraph in paragraphs:
        for line in plain(paragraph.text).split("\n"):
            number += 1
            if _PAGE.fullmatch(line):
                continue
            yield from _line_tokens(line, number, paragraph.place)


def _line_tokens(line: str, number: int, place: str) -> Iterator[_Token]:
    def token(text: str, *, figure: bool) -> _Token:
        return _Token(text=text, figure=figure, line=number, place=place)

    pieces = line.split("\t")
    begun = False
    for piece in pieces:
        if not piece.strip() and begun and len(pieces) > 1:
            yield token("", figure=True)
            continue
        end = 0
        for found in _TOKEN.finditer(piece):
            if words := piece[end : found.start()].strip():
                begun = False
                yield token(words, figure=False)
            begun = True
            yield token(found[0], figure=True)
            end = found.end()
        if words := piece[end:].strip():
            begun = False
            yield token(words, figure=False)


def _runs(paragraphs: Sequence[Paragraph]) -> list[_Run]:
    """Return the runs of figures in *paragraphs* with the words around them."""
    groups: list[tuple[list[_Token], list[_Token]]] = [([], [])]  # Words and the figures behind them.
    for token in _tokens(paragraphs):
        words, figures = groups[-1]
        if token.figure:
            figures.append(token)
        elif figures:
            groups.append(([token], []))
        else:
            words.append(token)
    runs = []
    for at, (words, figures) in enumerate(groups):
        if not figures:
            continue
        following = groups[at + 1][0] if at + 1 < len(groups) else []
        runs.append(
            _Run(
                figures=tuple(figures),
                before="".join(token.text for token in words),
                beside="".join(token.text for token in words if token.line == figures[0].line),
                after="".join(token.text for token in following if token.line == figures[-1].line),
                behind="".join(token.text for token in following),
            )
        )
    return runs


def _rows(table: Table, runs: Sequence[_Run]) -> Iterator[Line | Unused]:
    labelled = [found for at, run in enumerate(runs) if (found := _labelled(table, run, at)) is not None]
    ordered = all(
        _in_order(block, _words_before(runs, found.at))
        for block in table.blocks
        for found in labelled
        if found.block is block
    )
    used = {found.at for found in labelled}
    for at, run in enumerate(runs):
        if at not in used and len(run.figures) > 1:
            yield Unused(raw=_raw(run), place=run.place, why="前面没有格式的行标题")
    whole = _whole(table, runs, labelled)
    held = _held(table, labelled)
    for found in labelled:
        if not _headed(found, runs):
            yield Unused(
                raw=f"{found.heading.label} {_raw(found.run)}",
                place=found.run.place,
                why="前面没有格式的列标题",
            )
            continue
        placed = found.beside or (found.clean and (whole or found.at in held))
        yield _line(table, found, placed=placed, ordered=ordered)


def _labelled(table: Table, run: _Run, at: int) -> _Labelled | None:
    """Return *run* with the row of *table* whose label stands before it, None where none does."""
    rows = {
        heading.label: (block, heading)
        for block in table.blocks
        for heading in block.rows.walk()
        if heading.path and heading.label
    }
    label = _ending(run.before, rows)
    around = label is None and (label := _around(run, rows)) is not None
    if label is None:
        for words in (run.beside, run.before, _last(run.before)):
            label = best(words, rows)
            if label is not None:
                break
    if label is None:
        return None
    block, heading = rows[label]
    own = normalised(run.beside)
    text = normalised(label)
    # A label can be broken over lines, and what stands beside the figures is then a piece of it; between the end of
    # the label and the figures nothing else may stand.
    ends = own.endswith(text[-_BEGINNING:]) and (
        text in own or similarity(run.beside, label) >= _TITLE or own.endswith(text[-_LONG:])
    )
    lines = {token.line for token in run.figures}
    # A row with a total proves itself; of any other, the figures stand on one line or each on its own.
    even = len(lines) in {1, len(run.figures)} or any(leaf.total for leaf in block.columns.leaves)
    clean = even and (normalised(run.before).endswith(text[-_BEGINNING:]) or around)
    one_line = len(lines) == 1 or any(leaf.total for leaf in block.columns.leaves)
    beside = bool(own) and not run.after and one_line and (own in text or ends)
    return _Labelled(run=run, block=block, heading=heading, beside=beside, clean=clean, at=at)


def _ending(words: str, labels: Collection[str]) -> str | None:
    """Return the longest of *labels* with which *words* end."""
    text = normalised(words)
    ends = [label for label in labels if text.endswith(normalised(label))]
    return max(ends, key=lambda label: len(normalised(label)), default=None)


def _around(run: _Run, labels: Collection[str]) -> str | None:
    """Return the label that begins before *run* and ends behind it, None where there is none."""
    before, behind = normalised(run.before), normalised(run.behind)
    for label in labels:
        text = normalised(label)
        for cut in range(len(text) - 1, _LONG, -1):
            if before.endswith(text[:cut]) and behind.startswith(text[cut:]):
                return label
    return None


def _last(words: str) -> str:
    """Return *words* from the last number of a label on."""
    starts = [
        found.start()
        for found in re.finditer(r"[(（][一二三四五六七八九]+[)）]|[1-9][.、．]|[一二三四五六七八九]、", words)
    ]
    return words[starts[-1] :] if starts else ""


def _in_order(block: Block, words: str) -> bool:
    """Say whether the labels over the columns of *block* stand in *words* in the order of the form, as far as seen."""
    labels = [normalised(leaf.label) for leaf in block.columns.leaves if not leaf.total]
    text = normalised(words)
    for heading in block.columns.walk():
        if heading.children and heading.label:
            text = text.replace(normalised(heading.label), "")
    if not all(label in text for label in labels):
        # They are broken over lines, so that only their beginnings are seen; short ones cannot be told from others.
        labels = [label[:_BEGINNING] for label in labels if len(label) > _BEGINNING]
    if len(set(labels)) < len(labels):
        return True
    # Prose of the section can stand before the table, so the last places count.
    seen = [place for label in labels if (place := text.rfind(label)) >= 0]
    return seen == sorted(seen)


def _words_before(runs: Sequence[_Run], at: int) -> str:
    """Return the words before the figures of a run, as far back as a table reaches."""
    words: list[str] = []
    while at >= 0 and sum(map(len, words)) < _TABLE:
        words.append(runs[at].before[-_TABLE:])
        at -= 1
    return "".join(reversed(words))


def _headed(found: _Labelled, runs: Sequence[_Run]) -> bool:
    """Say whether the words over the columns of the row stand before it; broken ones are known by their beginning."""
    before = normalised(_words_before(runs, found.at))
    return all(normalised(leaf.label)[:_BEGINNING] in before for leaf in found.block.columns.leaves)


def _whole(table: Table, runs: Sequence[_Run], labelled: Sequence[_Labelled]) -> bool:
    """Say whether *labelled* are all rows of *table* in its order, without other figures, and every sum fits."""
    rows = [row for block in table.blocks for row in block.rows.leaves]
    if [found.heading.path for found in labelled] != [row.path for row in rows]:
        return False
    if [found.at for found in labelled] != list(range(labelled[0].at, labelled[0].at + len(rows))):
        return False
    if len(runs) != len(rows):
        return False
    figures: dict[tuple[str, str], int] = {}
    for found in labelled:
        columns = found.block.columns.leaves
        cells = _cells(found)
        if len(cells) != len(columns):
            return False
        raws = {column.path: cell.raw for column, cell in zip(columns, cells, strict=True)}
        if not sums_fit(found.block, raws):
            return False
        for column in columns:
            number = numbers.parse(value_of(raws[column.path], column).value or "0", column.kind)
            figures[found.heading.path, column.path] = number if isinstance(number, int) else 0
    return _columns_fit(table, figures)


def _held(table: Table, labelled: Sequence[_Labelled]) -> frozenset[int]:
    """Return which runs are held from both sides: between two rows beside their labels stand as many rows as runs."""
    rows = [row.path for block in table.blocks for row in block.rows.leaves]
    held: set[int] = set()
    waiting: list[int] = []
    anchored = False
    before: _Labelled | None = None
    for found in labelled:
        leaves = found.heading.leaves
        follows = (
            before is not None
            and found.at == before.at + 1
            and rows.index(leaves[0].path) == rows.index(before.heading.leaves[-1].path) + 1
        )
        if not follows:
            waiting, anchored = [], False
        if found.beside:
            if anchored:
                held.update(waiting)
            waiting, anchored = [], True
        else:
            waiting.append(found.at)
        before = found
    return frozenset(held)


def _columns_fit(table: Table, figures: Mapping[tuple[str, str], int]) -> bool:
    down = all(
        sum(figures[part] for part in total.parts) == figures[total.position]
        for total in table.totals
        if total.row.total
    )
    columns = {column for _, column in figures}
    return down and all(
        sum(figures[row, column] for row in identity.left) == sum(figures[row, column] for row in identity.right)
        for identity in table.identities
        for column in columns
    )


def _line(table: Table, found: _Labelled, *, placed: bool, ordered: bool) -> Line:
    cells = _cells(found)
    count = len(found.block.columns.leaves)
    doubt = ""
    proposed = placed
    if found.heading.children:
        pass
    elif len(cells) != count:
        ways = _ways(found)
        if len(ways) == 1:
            cells = tuple(Printed(raw=digits, place=found.run.place) for digits in ways[0])
            proposed = True
        doubt = (
            f"数字连在一起：{_raw(found.run)}"
            if len(found.run.figures) == 1 and len(found.run.figures[0].text) >= count > 1
            else _count(cells, count)
        )
    elif _REMARK.match(found.run.behind):
        doubt = f"数字后面还有说明：“{printed(found.run.behind)[:20]}”"
    elif not placed:
        doubt = "标签和数的位置不能互相印证，不能确定是哪一行的数"
    elif not ordered:
        doubt = "列标题的次序和格式不同，或者认不出，不能确定每个数是哪一列的"
    return Line(
        table=table,
        block=found.block,
        heading=found.heading,
        cells=cells,
        place=found.run.place,
        way=_WAY,
        doubt=doubt,
        certain=False,
        proposed=proposed,
    )


def _raw(run: _Run) -> str:
    return printed_row(token.text for token in run.figures)


def _cells(found: _Labelled) -> tuple[Printed, ...]:
    """Return the figures of the run; so many zeros in one as there are columns are a figure each."""
    count = len(found.block.columns.leaves)
    tokens = found.run.figures
    if count > 1 and len(tokens) == 1 and tokens[0].text == "0" * count:
        return tuple(Printed(raw="0", place=tokens[0].place) for _ in range(count))
    return tuple(Printed(raw=token.text, place=token.place) for token in tokens)


def _ways(found: _Labelled) -> list[tuple[str, ...]]:
    """Return the ways to cut the digits of a run so that its sum fits; none where they are no row glued together."""
    leaves = found.block.columns.leaves
    text = found.run.figures[0].text
    if len(found.run.figures) != 1 or not leaves[-1].total or not text.isdigit() or len(text) > _GLUED:
        return []
    ways: list[tuple[str, ...]] = []
    # So many numbers of so many digits are few ways for a row of seven; two are as bad as many.
    for way in _cuts(text, len(leaves)):
        if sum(map(int, way[:-1])) == int(way[-1]):
            ways.append(way)
        if len(ways) > 1:
            break
    return ways


def _cuts(text: str, count: int) -> Iterator[tuple[str, ...]]:
    """Yield *text* cut into *count* numbers without zeros before them, none longer than five digits."""
    if count == 1:
        if text and len(text) <= 5 and (text == "0" or text[0] != "0"):  # noqa: PLR2004
            yield (text,)
        return
    for size in range(1, min(5, len(text)) + 1):
        if size > 1 and text[0] == "0":
            return
        if len(text) - size > 5 * (count - 1):
            continue
        for rest in _cuts(text[size:], count - 1):
            yield (text[:size], *rest)


def _heads_end(block: Block, words: str) -> bool:
    """Say whether *words*, which stand before figures on their line, are none or end with a label over columns."""
    own = normalised(words)
    labels = [normalised(heading.label) for heading in block.columns.walk() if heading.label]
    return not own or any(own.endswith(label) or label.endswith(own) for label in labels)


def _torn(found: _Labelled, *, paged: bool) -> bool:
    """Say whether the figures stand on several lines, so that some may belong elsewhere.

    On a page, where no program has broken the lines, those of another line are part of a cell; else sums tell.
    """
    lines = {token.line for token in found.run.figures}
    if len(lines) in {1, len(found.run.figures)}:
        return False
    leaves = found.block.columns.leaves
    cells = _cells(found)
    raws = {leaf.path: cell.raw for leaf, cell in zip(leaves, cells, strict=False)}
    return paged or len(cells) != len(leaves) or not sums_fit(found.block, raws)


def _single_row(table: Table, runs: Sequence[_Run], *, paged: bool) -> Iterator[Line | Unused]:
    """Yield the line of a table that has one row without a label: a run behind the words over its columns."""
    for block in table.blocks:
        leaves = block.columns.leaves
        fitting = [run for run in runs if len(run.figures) == len(leaves) or run.figures[0].text == "0" * len(leaves)]
        others = [run for run in runs if run not in fitting and len(run.figures) > 1]
        if not fitting and not others:
            continue
        run = (fitting or others)[0]
        before = normalised("".join(each.before for each in runs[: runs.index(run) + 1]))
        found = _Labelled(run=run, block=block, heading=block.rows.leaves[0], beside=True, clean=True, at=0)
        cells = _cells(found)
        doubt = ""
        if len(fitting) > 1 or others:
            doubt = "这一部分有不止一串数，不能确定哪一串是表里的" if len(runs) > 1 else _count(cells, len(leaves))
        elif not _heads_end(block, run.beside):
            doubt = f"数字前面还有文字：“{printed(run.beside)[-20:]}”"
        elif _torn(found, paged=paged):
            doubt = "这些数不在一行上，不能确定有没有错位"
        elif _REMARK.match(run.behind):
            doubt = f"数字后面还有说明：“{printed(run.behind)[:20]}”"
        elif not _groups_in_order(block, before):
            doubt = "数的前面没有照格式次序的列标题，不能确定每个数是哪一列的"
        yield Line(
            table=table,
            block=block,
            heading=found.heading,
            cells=cells,
            place=run.place,
            way=_WAY,
            doubt=doubt,
            certain=False,
        )


def _count(cells: Sequence[Printed], columns: int) -> str:
    return f"这一行有 {len(cells)} 个数，格式是 {columns} 列"


def _groups_in_order(block: Block, text: str) -> bool:
    """Say whether the words over groups of columns stand in *text*, each behind the one before it."""
    at = 0
    for heading in block.columns.walk():
        if heading.children and heading.label:
            found = text.find(normalised(heading.label), at)
            if found < 0:
                return False
            at = found + len(normalised(heading.label))
    return True
