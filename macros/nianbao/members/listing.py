"""A register made from a list in Excel: one line a name, lines with the same id are one body."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from nianbao.importing.original import Table
from nianbao.importing.readers.sheet import read_sheets
from nianbao.lifecycle.refusal import RefusedError
from nianbao.members.register import register_of
from nianbao.model.kinds import KIND_TITLES, kind_by_name
from nianbao.reading.findings import Findings
from nianbao.reading.values import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# The headings of the list, which may stand in any order; only the first is needed.
COLUMNS = ("名称", "标识", "类别", "分类", "起始年度", "截止年度", "期限", "文件夹", "网站", "承接单位")
_WORDS = ("名称", "单位名称", "机关名称")
# Lists do not tell governments apart; their names do.
_GOVERNMENTS = "人民政府"
_BETWEEN = re.compile(r"[、，,;；\s]+")
_KEYS = {"期限": "deadline", "文件夹": "folder", "网站": "site"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line of the list: where it stands, and what it writes by heading."""

    place: str
    values: Mapping[str, str]


def register_text(data: bytes, kind: str, first: int) -> str:
    """Return the text of data/members.yml for the list in the workbook *data* of a *kind*, see `read_sheets`.

    Bodies without a first year report from the year *first* on. Raises RefusedError with all that is wrong.
    """
    lines = _lines(data, kind)
    problems = [problem for line in lines for problem in _problems(line)]
    if problems:
        raise RefusedError(problems[0], tuple(problems[1:]))
    bodies: dict[str, list[_Line]] = {}
    for number, line in enumerate(lines, 1):
        bodies.setdefault(line.values["标识"] or f"member_{number:03}", []).append(line)
    text = "members:\n" + "".join(row for id_, body in bodies.items() for row in _body(id_, body, first))
    _agree(text, bodies)
    return text


def _agree(text: str, bodies: Mapping[str, Sequence[_Line]]) -> None:
    """Raise RefusedError where the register that was made has mistakes, told at the lines of the list."""
    findings = Findings()
    root = yaml.compose(text)
    if root is not None:
        register_of(root, Reader("", findings))
    if not len(findings):
        return
    starts = [(number, row) for number, row in enumerate(text.splitlines(), 1) if row.startswith("  - id: ")]
    places = {number: body[0].place for (number, _), body in zip(starts, bodies.values(), strict=True)}
    told = []
    for finding in findings.sorted():
        start = max((number for number in places if number <= finding.place.line), default=min(places))
        told.append(f"{places[start]}：{finding.message}")
    raise RefusedError(told[0], tuple(told[1:]))


def _lines(data: bytes, kind: str) -> tuple[_Line, ...]:
    for table in read_sheets(data, kind):
        if not isinstance(table, Table):
            continue
        rows: dict[int, dict[int, str]] = {}
        for cell in table.cells:
            rows.setdefault(cell.row, {})[cell.column] = cell.text.strip()
        for number, row in sorted(rows.items()):
            heads = {column: _heading(text) for column, text in row.items() if _heading(text)}
            if "名称" in heads.values():
                return tuple(_below(table.place, number, heads, rows))
    message = f"名单里没有一行是标题；请在第一行写上“名称”，还可以有 {'、'.join(COLUMNS[1:])}"
    raise RefusedError(message)


def _heading(text: str) -> str:
    return "名称" if text in _WORDS else text if text in COLUMNS else ""


def _below(sheet: str, number: int, heads: Mapping[int, str], rows: Mapping[int, Mapping[int, str]]) -> Iterator[_Line]:
    for row in sorted(row for row in rows if row > number):
        written = {name: rows[row].get(column, "") for column, name in heads.items()}
        if any(written.values()):
            yield _Line(place=f"{sheet}第 {row + 1} 行", values=dict.fromkeys(COLUMNS, "") | written)


def _problems(line: _Line) -> Iterator[str]:
    values = line.values
    if not values["名称"]:
        yield f"{line.place}：名称是空的；请补上，或删去这一行"
    if values["类别"] and values["类别"] not in {*KIND_TITLES, *KIND_TITLES.values(), _GOVERNMENTS}:
        titles = "、".join(KIND_TITLES.values())
        yield f"{line.place}：类别应为 {titles} 之一，实际为“{values['类别'][:40]}”；请改正或留空"
    for name in ("起始年度", "截止年度"):
        if values[name] and not re.fullmatch("(?:19|20)[0-9]{2}", values[name].removesuffix("年")):
            yield f"{line.place}：{name}应为四位数的年份，实际为“{values[name][:40]}”；请改正或留空"
    if values["期限"] and _month_day(values["期限"]) is None:
        yield f"{line.place}：期限应写作 01-20 或 1月20日 的样子，实际为“{values['期限'][:40]}”；请改正或留空"


def _month_day(text: str) -> str | None:
    written = re.fullmatch(r"([0-9]{1,2})(?:-|月)([0-9]{1,2})日?", text)
    if written is None:
        return None
    try:
        day = dt.date(2023, int(written[1]), int(written[2]))
    except ValueError:
        return None
    return f"{day:%m-%d}"


def _body(id_: str, lines: Sequence[_Line], first: int) -> Iterator[str]:
    """Yield the rows of the body *id_*, whose *lines* are its names through the years."""
    ordered = sorted(lines, key=lambda line: line.values["起始年度"])
    newest = ordered[-1].values
    starts = [int(line.values["起始年度"].removesuffix("年") or first) for line in ordered]
    end = newest["截止年度"].removesuffix("年")
    known = {words: key for key, words in KIND_TITLES.items()} | {key: key for key in KIND_TITLES}
    yield f"  - id: {_quoted(id_)}\n"
    yield "    names:\n"
    for number, line in enumerate(ordered):
        following = f", to: {starts[number + 1] - 1}" if number + 1 < len(starts) else ""
        yield f"      - {{name: {_quoted(line.values['名称'])}, from: {starts[number]}{following}}}\n"
    yield f"    kind: {known.get(newest['类别']) or kind_by_name(newest['名称'])}\n"
    if newest["分类"]:
        yield f"    class: {_quoted(newest['分类'])}\n"
    yield f"    from: {starts[0]}\n"
    if end:
        yield f"    to: {end}\n"
    for name, key in _KEYS.items():
        value = _month_day(newest[name]) if name == "期限" else newest[name]
        if value:
            yield f"    {key}: {_quoted(value)}\n"
    into = [one for one in _BETWEEN.split(newest["承接单位"]) if one]
    if into:
        yield f"    into: [{', '.join(map(_quoted, into))}]\n"


def _quoted(text: str) -> str:
    """Return *text* as YAML writes it between double quotes; a plain word stays plain."""
    return (
        text
        if re.fullmatch("[a-z][a-z_]*[0-9_]*", text) and text not in _TRAPS
        else json.dumps(text, ensure_ascii=False)
    )


_TRAPS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
