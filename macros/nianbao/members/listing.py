"""A register made from a list in Excel, as offices keep it: one line a name, lines with the same id are one body."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import yaml

from nianbao.importing.original import Table
from nianbao.importing.readers.sheet import read_sheets
from nianbao.members.names import SHORTEST, is_short, name_key
from nianbao.members.register import register_of
from nianbao.members.remarks import Remark, remarks_in
from nianbao.model.kinds import KIND_TITLES, kind_by_name
from nianbao.reading.findings import Findings
from nianbao.reading.refusal import RefusedError
from nianbao.reading.values import Reader

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

# The headings of the list, which may stand in any order; only the first is needed.
COLUMNS = ("名称", "标识", "类别", "分类", "起始年度", "截止年度", "期限", "文件夹", "网站", "承接单位", "备注")
# What lists call them as well.
_WORDS = {
    "名称": ("单位名称", "机关名称", "单位全称", "机关全称", "全称", "单位", "编制单位", "报送单位", "责任单位"),
    "类别": ("机关类别", "单位类别"),
    "分类": ("单位分类",),
    "期限": ("报送期限", "报送时限", "截止日期"),
    "网站": ("网址", "网站地址"),
    "备注": ("说明", "变动情况"),
}
_HEADINGS = {word: name for name in COLUMNS for word in (name, *_WORDS.get(name, ()))}
# What lists call the kinds of bodies; other words class a body, and its name tells its kind.
_KINDS = {
    **{title: id_ for id_, title in KIND_TITLES.items()},
    **{id_: id_ for id_ in KIND_TITLES},
    **dict.fromkeys(("部门", "工作部门", "政府工作部门", "直属机构"), "department"),
    **dict.fromkeys(("乡镇", "乡", "镇", "乡镇政府"), "township"),
    **dict.fromkeys(("街道", "街道办", "街道办事处", "派出机关"), "dispatched"),
    **dict.fromkeys(("事业单位", "直属事业单位", "直属事业机构"), "institution"),
}
_BETWEEN = re.compile(r"[、，,;；\s]+")
_AND = re.compile("[和与及]")
_YEAR = re.compile("((?:19|20)[0-9]{2})年?度?")
_MONTH_DAY = re.compile(r"(?:[0-9]{4}[-/.年])?([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_SUMS = frozenset({"合计", "总计", "小计", "共计"})
# Numbers before a heading between lines, and how many bodies stand below it.
_NUMBERED = re.compile(r"^[（(]?[一二三四五六七八九十0-9]+[）)]?[、.．]?|[（(][^（）()]*[0-9][^（）()]*[）)]$")
_KEYS = {"期限": "deadline", "文件夹": "folder", "网站": "site"}
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The *text* of data/members.yml made of a list, and *notes* on what a person must look over."""

    text: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Line:
    """A line of the list: where it stands, what it writes by heading, and what its remark tells."""

    place: str
    values: Mapping[str, str]
    remark: Remark = Remark()  # noqa: RUF009  # it never changes

    @property
    def first(self) -> int | None:
        """The first year, None where the line tells none."""
        found = _YEAR.fullmatch(self.values["起始年度"])
        return int(found[1]) if found else None if self.remark.old else self.remark.first

    @property
    def last(self) -> int | None:
        """The last year, None where the line tells none."""
        found = _YEAR.fullmatch(self.values["截止年度"])
        return int(found[1]) if found else self.remark.last


def register_from(data: bytes, kind: str, first: int) -> Listing:
    """Return data/members.yml for the list in the workbook *data* of a *kind*, see `read_sheets`.

    Bodies without a first year report from the year *first* on, or from the earliest of which the list tells. All
    sheets with a column of names are read. Raises RefusedError with all that is wrong.
    """
    notes: list[str] = []
    written = {
        line: line.values["标识"] or f"member_{number:03}" for number, line in enumerate(_lines(data, kind, notes), 1)
    }
    names = {name_key(name): id_ for line, id_ in written.items() if (name := line.values["名称"])}
    problems = [problem for line in written for problem in _problems(line, names)]
    if problems:
        raise RefusedError(problems[0], tuple(problems[1:]))
    bodies: dict[str, list[_Line]] = {}
    for line, id_ in written.items():
        bodies.setdefault(id_, []).append(_with_remark(line, names, notes))
    lines = [line for body in bodies.values() for line in body]
    # Who is founded or renamed in a year stands among those who were there before.
    told = [line.remark.first - 1 for line in lines if line.remark.first is not None]
    start = min([first, *told, *(year for line in lines for year in (line.first, line.last) if year is not None)])
    text = "members:\n" + "".join(row for id_, body in bodies.items() for row in _body(id_, body, start, names))
    _agree(text, bodies)
    if any(body[0].first is None for body in bodies.values()):
        notes.append(f"没有写起始年度的，写作从 {start} 年度起")
    kinds = Counter(_kind(body[-1].values) for body in bodies.values())
    notes.append("类别：" + "、".join(f"{KIND_TITLES[id_]} {kinds[id_]} 个" for id_ in KIND_TITLES if kinds[id_]))
    return Listing(text=text, notes=tuple(notes))


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


def _lines(data: bytes, kind: str, notes: list[str]) -> Iterator[_Line]:
    """Yield the lines of all sheets that have names; *notes* takes the sheets that have none."""
    tables = [content for content in read_sheets(data, kind) if isinstance(content, Table)]
    found = {table.place: lines for table in tables if (lines := _of_sheet(table)) is not None}
    if not found:
        message = f"名单里没有一行是标题；请在第一行写上“名称”，还可以有 {'、'.join(COLUMNS[1:])}"
        raise RefusedError(message)
    notes += [f"{table.place}没有“名称”一列，没有读" for table in tables if table.place not in found]
    for place, lines in found.items():
        for line in lines:
            # Where there are several sheets, each is a class.
            group = line.values["分类"] or (_between(place) if len(found) > 1 else "")
            yield replace(line, values={**line.values, "分类": group})


def _with_remark(line: _Line, names: Mapping[str, str], notes: list[str]) -> _Line:
    """Return *line* with what its remark tells; *notes* takes how it was read."""
    written = line.values["备注"][:_LONGEST]
    remarks = list(remarks_in(written))
    if not remarks:
        return line
    remark = remarks[0]
    if len(remarks) == 1 and remark.text and all(_successors(remark.into, names)):
        notes.append(f"{line.place}：备注“{written}”读作：{remark.text}；请核对")
        return replace(line, remark=remark)
    advice = "请在起始年度、截止年度、承接单位里写明，或者写好名册以后再改"
    notes.append(f"{line.place}：备注“{written}”没有读入；{advice}")
    return line


def _between(place: str) -> str:
    """Return the name of a sheet of which *place* is 工作表“…”."""
    return place.partition("“")[2].removesuffix("”")


def _of_sheet(table: Table) -> tuple[_Line, ...] | None:
    """Return the lines of a sheet, None where none of its rows names the columns."""
    rows: dict[int, dict[int, str]] = {}
    for cell in table.cells:
        if cell.text.strip():
            rows.setdefault(cell.row, {})[cell.column] = cell.text.strip()
    for number, row in sorted(rows.items()):
        words = {column: _HEADINGS.get("".join(text.split()), "") for column, text in row.items()}
        heads = {name: column for column, name in reversed(words.items()) if name}
        if "名称" in heads:
            below = {at: row for at, row in rows.items() if at > number}
            wide = {cell.row for cell in table.cells if cell.columns > 1 and cell.text.strip()}
            return tuple(_below(table.place, heads, below, wide))
    return None


def _below(
    sheet: str, heads: Mapping[str, int], rows: Mapping[int, Mapping[int, str]], wide: Collection[int]
) -> Iterator[_Line]:
    """Yield the lines of *rows*; a row of one text over the columns, or beside the names, is the class below it."""
    group = ""
    for number, row in sorted(rows.items()):
        (first, *others), name = row.values(), row.get(heads["名称"], "")
        if not others and (number in wide or (not name and heads["名称"] and 0 in row)):
            group = _NUMBERED.sub("", first)[:_LONGEST]
            continue
        if {first, name} & _SUMS or (not name and all(re.search("[：:]", text) for text in row.values())):
            continue  # A sum, or who signs below the list.
        written = {head: row.get(heads[head], "") if head in heads else "" for head in COLUMNS}
        # Words that are no kind are a class.
        said = written["类别"] if written["类别"] not in _KINDS else ""
        values = {**written, "分类": written["分类"] or said or group}
        if any(written.values()):
            yield _Line(place=f"{sheet}第 {number + 1} 行", values=values)


def _problems(line: _Line, names: Mapping[str, str]) -> Iterator[str]:
    values = line.values
    if not values["名称"]:
        yield f"{line.place}：名称是空的；请补上，或删去这一行"
    for name in ("起始年度", "截止年度"):
        if values[name] and not _YEAR.fullmatch(values[name]):
            yield f"{line.place}：{name}应为四位数的年份，实际为“{values[name][:40]}”；请改正或留空"
    if values["期限"] and _month_day(values["期限"]) is None:
        yield f"{line.place}：期限应写作 01-20 或 1月20日 的样子，实际为“{values['期限'][:40]}”；请改正或留空"
    if not all(_successors(values["承接单位"], names)):
        message = "不都是名单里的单位；请写名单里的名称或标识，几个单位用顿号隔开"
        yield f"{line.place}：承接单位“{values['承接单位'][:40]}”{message}"


def _month_day(text: str) -> str | None:
    written = _MONTH_DAY.fullmatch("".join(text.split()))
    if written is None:
        return None
    try:
        day = dt.date(2023, int(written[1]), int(written[2]))
    except ValueError:
        return None
    return f"{day:%m-%d}"


def _kind(values: Mapping[str, str]) -> str:
    """Return the kind of a body by the words of the list, or by its name."""
    return _KINDS.get(values["类别"]) or kind_by_name(values["名称"])


def _body(id_: str, lines: Sequence[_Line], start: int, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the rows of the body *id_*, whose *lines* are its names through the years; *names* are the ids of all."""
    ordered = sorted(lines, key=lambda line: line.first or start)
    newest, end = ordered[-1].values, ordered[-1].last
    held: list[tuple[str, int]] = []
    for line in ordered:
        first = line.first or start
        if line.remark.old and line.remark.first is not None and line.remark.first > first:
            held.append((line.remark.old, first))
            first = line.remark.first
        held.append((line.values["名称"], first))
    yield f"  - id: {_quoted(id_)}\n"
    yield "    names:\n"
    for number, (name, first) in enumerate(held):
        following = f", to: {held[number + 1][1] - 1}" if number + 1 < len(held) else ""
        yield f"      - {{name: {_quoted(name)}, from: {first}{following}}}\n"
    yield f"    kind: {_kind(newest)}\n"
    if newest["分类"]:
        yield f"    class: {_quoted(newest['分类'])}\n"
    yield f"    from: {held[0][1]}\n"
    if end is not None:
        yield f"    to: {end}\n"
    for name, field in _KEYS.items():
        value = _month_day(newest[name]) if name == "期限" else newest[name]
        if value:
            yield f"    {field}: {_quoted(value)}\n"
    into = list(_successors(newest["承接单位"] or ordered[-1].remark.into, names))
    if into:
        yield f"    into: [{', '.join(map(_quoted, into))}]\n"


def _successors(written: str, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the ids of the bodies that are *written* by their ids or names, nothing for one that is unknown."""
    for part in filter(None, _BETWEEN.split(written)):
        whole = _id_of(part, names)
        # 和 is a word between two names, or one of a name.
        several = [] if whole else [_id_of(one, names) for one in _AND.split(part)]
        yield from several if all(several) and several else [whole]


def _id_of(text: str, names: Mapping[str, str]) -> str:
    """Return the id of the one body that *text* names: by its id, in full or in short; nothing where there is none."""
    word = name_key(text)
    if text in names.values():
        return text
    if word in names or len(word) < SHORTEST:
        return names.get(word, "")
    parts = {id_ for name, id_ in names.items() if word in name}
    found = parts or {id_ for name, id_ in names.items() if is_short(word, name)}
    return found.pop() if len(found) == 1 else ""


def _quoted(text: str) -> str:
    """Return *text* as YAML writes it between double quotes; a plain word stays plain."""
    return (
        text
        if re.fullmatch("[a-z][a-z_]*[0-9_]*", text) and text not in _TRAPS
        else json.dumps(text, ensure_ascii=False)
    )


_TRAPS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
