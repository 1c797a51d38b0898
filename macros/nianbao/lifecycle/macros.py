"""What readers see of corrections: when and why, and every changed figure and word with its earlier state."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from nianbao.lifecycle.archive import read_records, settled
from nianbao.lifecycle.differences import CORRECTIONS, FIGURE, WORDS, amendments, differences
from nianbao.pages.lists import FULL_TEXT_PAGE
from nianbao.pages.session import AuthorError
from nianbao.pages.text import date, markdown
from nianbao.tables.scrolling import body, head, scrolling_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from nianbao.lifecycle.differences import Difference, Pieces
    from nianbao.lifecycle.snapshot import Snapshot
    from nianbao.model.form import Form
    from nianbao.model.report import Correction, Report
    from nianbao.pages.session import Session

CORRECTIONS_TITLE = "公布后的更正"

CAPTIONS = (("figures", "更正的数字和事项"), ("words", "更正的文字"))


def lifecycle_macros(session: Session) -> dict[str, Callable[..., Any]]:
    """Return the macros of this page by name, bound to *session*."""

    def correction_list() -> str:
        """Return what was corrected after publication, with the earlier state; nothing where nothing was."""
        return corrections(session)

    return {"correction_list": correction_list}


def corrections(session: Session) -> str:
    """Return the corrections of the page's report, oldest first; nothing where there are none.

    The full text shows them as they are printed. Elsewhere each is a line that opens.

    Raises AuthorError where the record of what was published is at fault.
    """
    changes = recorded_corrections(session.data, session.report())
    write = _whole_parts if session.page().endswith(FULL_TEXT_PAGE) else _folded_parts
    return "\n\n".join(write(changes)) if changes else ""


def recorded_corrections(data: Path, report: Report) -> tuple[tuple[Correction, tuple[Difference, ...]], ...]:
    """Return the corrections of *report*, oldest first, each with what it changed; the record lies in folder *data*.

    Raises AuthorError where the record of what was published is at fault.
    """
    if not report.corrections:
        return ()
    records, faults = read_records(data, report)
    if faults:
        raise AuthorError(faults[0].message)
    states = [record.report for record in records]
    changes = (_changed(states[first : last + 1], report.form) for first, last in pairwise(settled(report)))
    return tuple(zip(report.corrections, changes, strict=True))


def _changed(states: Sequence[Snapshot], form: Form) -> tuple[Difference, ...]:
    """Return what a correction has changed from the first of *states* to the last, those between being of its day.

    That it is listed from then on is nothing that it changed, nor that its reason grew by what came later that day.
    Of what stood as day or reason of a correction nothing is left out, however short.
    """
    changed = tuple(change for change in differences(states[0], states[-1], form) if change.key != CORRECTIONS)
    amended = (
        change
        for old, new in pairwise(states)
        for change in amendments(old, new)
        if not (change.index == len(states[-1].corrections) - 1 and (change.new or "").startswith(change.old or ""))
    )
    return (*changed, *amended)


def corrections_preface(times: int) -> str:
    """Return what stands above the corrections."""
    return f"本报告公布后更正过{times}次，各次更正的内容和更正以前的内容列在下面。"


def _whole_parts(changes: Sequence[tuple[Correction, Sequence[Difference]]]) -> Iterator[str]:
    yield from _head(changes)
    for number, (correction, found) in enumerate(changes, 1):
        yield f"### {date(correction.day)}更正 {{: #correction-{number} }}"
        yield f"更正原因：{markdown(correction.reason)}"
        yield from _tables(number, found)


def _folded_parts(changes: Sequence[tuple[Correction, Sequence[Difference]]]) -> Iterator[str]:
    yield from _head(changes)
    for number, (correction, found) in enumerate(changes, 1):
        line = Markup("{}更正，更正原因：{}").format(date(correction.day), _text(correction.reason))
        start = Markup('<details class="folded" id="correction-{}">\n<summary>{}</summary>').format(number, line)
        yield Markup("\n").join([start, *_tables(number, found), Markup("</details>")])


def _head(changes: Sequence[tuple[Correction, Sequence[Difference]]]) -> Iterator[str]:
    yield f"## {CORRECTIONS_TITLE} {{: #corrections }}"
    yield corrections_preface(len(changes))


def _tables(number: int, found: Sequence[Difference]) -> Iterator[Markup]:
    figures = [change for change in found if change.kind != WORDS]
    words = [change for change in found if change.kind == WORDS]
    for (name, caption), rows in zip(CAPTIONS, (figures, words), strict=True):
        if rows:
            yield _table(f"correction-{number}-{name}", caption, rows)


def _table(id_: str, caption: str, rows: Sequence[Difference]) -> Markup:
    first = "位置" if rows[0].kind == WORDS else "项目"
    parts = [head((first, "更正前", "更正后")), body(map(_row, rows))]
    return scrolling_table(caption, parts, id_=id_, kind="corrections", caption_id=f"{id_}.caption")


def _row(change: Difference) -> Markup:
    # As in the tables of the form, figures stay out of the search index.
    silent = Markup(" data-search-exclude") if change.kind == FIGURE else ""
    before, after = (
        Markup("<td{}>{}</td>").format(silent, cell) for cell in map(_state, change.states, ("del", "ins"))
    )
    return Markup('<tr>\n<th scope="row">{}</th>\n{}\n{}\n</tr>').format(_text(change.what), before, after)


def _state(pieces: Pieces | None, tag: str) -> Markup:
    """Return *pieces* with those that were taken away or added in elements called *tag*."""
    if pieces is None:
        return Markup("（无）")
    mark = Markup("<{0}>{1}</{0}>")
    return Markup().join(mark.format(tag, _text(text)) if changed else _text(text) for text, changed in pieces)


def _text(text: str) -> Markup:
    """Return *text* so that neither Markdown nor HTML finds a meaning in it, with its line breaks."""
    return Markup("<br>").join(_spaced(line) for line in text.split("\n"))


def _spaced(line: str) -> Markup:
    """Return *line* with the blanks at its ends, which `markdown` drops."""
    before, after = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]
    return Markup("{}{}{}").format(" " if before else "", markdown(line), " " if after else "")
