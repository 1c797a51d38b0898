"""Pass 1: the words of a clause as tokens.

A clause is read as a figure of the tables only where every word of it is known: whatever is not known
might make the figure something else. What reports say beside the labels of the form is data, in
``vocabulary.yml``; how to add to it is told in `nianbao.rules.text`.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml

from nianbao.prose.clauses import HIDDEN
from nianbao.prose.numerals import Numeral, chinese, numerals
from nianbao.reading.patterns import lazy_pattern
from nianbao.rules.text.divisions import RESULTS, REVIEW, documents, merged_cases

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nianbao.model.form import Form, Heading

# What an unknown run of characters is called, and one within quotation marks or a title.
UNKNOWN, QUOTED = "?", "quoted"
# Kinds that say what a figure is of.
MEANINGFUL = frozenset(
    "noun row group item col topic court out decided doc act fee publish info category decide site".split()  # noqa: SIM905  # shorter
)
# Kinds that do not change what a figure counts.
NEUTRAL = frozenset(
    "fill and about whole self all part extra among join each resp some new sum ways extreme run".split()  # noqa: SIM905  # shorter
)

_FILE = Path(__file__).with_name("vocabulary.yml")
# Units of what is counted or paid, and of time; figures of anything else are words that are not known.
_COUNTING = frozenset("件起宗例份条项部封批篇场期次%倍元") | {"", "件次", "万元", "亿元", "个百分点", "百分点"}
_TIMES = frozenset("天日年月时") | {"个月", "个工作日", "工作日"}
_PLAIN_YEAR = lazy_pattern("([0-9]{4})年度?")
_PRONOUNS = frozenset("我本全")
_LABELS = frozenset({"group", "item"})
_SELF = lazy_pattern(
    "[我本](?:局|委|办|厅|院|校|镇|乡|街道|街|中心|单位|机关|部门|支队|大队|总队|所|站|馆|处|室|部|会|街道办|办公室|行政机关)"
    "(?:本级|机关(?!关))?|全(?:局|委|厅|院|校|中心)"
)
_AREA = lazy_pattern("[全我本](?P<level>[省市区县州盟旗])(?:各级)?(?:行政机关|政府机关|各部门|各单位|各级)?")
# Bodies whose area nobody else reports on.
_LOWEST = lazy_pattern("(镇|乡|街道)(?:人民政府|办事处)$")
# What a department is called by, and of which level it is where just one is named: 城市管理局 names none.
_DEPARTMENT, _LEVEL = lazy_pattern("[局厅]$|委员会$"), lazy_pattern("[省市区县州盟旗]")
# What labels have around the word for what they name: 危及“三安全一稳定”, 属于国家秘密.
_MARKS, _BELONGS = lazy_pattern("[“”]"), lazy_pattern("^属于")

Entry = tuple[str, str, str]


class Token(NamedTuple):
    """A word of a clause from *start* up to *end*, its *kind* and *value*; *numeral* where it is a number."""

    kind: str
    value: str
    start: int
    end: int
    numeral: Numeral | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate: one of *parts* by one of *wholes*, each a sum of addresses; ``{topic}`` is filled in."""

    parts: tuple[tuple[str, ...], ...]
    wholes: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What ``vocabulary.yml`` holds: words as `_index` has them, expressions by first character, and rates by name.

    *openings* may stand before a word of a kind.
    """

    words: Mapping[str, tuple[Entry, ...]]
    expressions: Mapping[str, tuple[tuple[str, str, re.Pattern[str]], ...]]
    rates: Mapping[str, Rate]
    openings: Mapping[str, tuple[str, ...]]


@functools.cache
def _known() -> _Known:
    """Return the vocabulary; it is read once."""
    loader: type[yaml.BaseLoader | yaml.CBaseLoader] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    data = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  # makes text, lists and mappings only
    openings = {kind: tuple(said.split()) for kind, said in data["openings"].items()}
    words = (
        (f"{opening}{word}", kind, value)
        for kind, values in data["words"].items()
        for value, lines in values.items()
        for line in lines
        for word in line.split()
        for opening in ("", *openings.get(kind, ()))
    )
    expressions: dict[str, list[tuple[str, str, re.Pattern[str]]]] = {}
    for each in data["expressions"]:
        kind, _, value = each["means"].partition(".")
        expression = kind, value, lazy_pattern(_with_fragments(each["says"], data["fragments"]))
        for first in each["starts"]:
            expressions.setdefault(first, []).append(expression)
    rates = {name: Rate(_sums(rate["parts"]), _sums(rate["wholes"])) for name, rate in data["rates"].items()}
    return _Known(_index(words), {first: tuple(found) for first, found in expressions.items()}, rates, openings)


def _with_fragments(pattern: str, fragments: Mapping[str, str]) -> str:
    for name, text in fragments.items():
        pattern = pattern.replace(f"{{{name}}}", text)
    return pattern


def _sums(lines: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line.split()) for line in lines)


def _index(entries: Iterable[Entry]) -> Mapping[str, tuple[Entry, ...]]:
    """Return words by their first two characters, or the only one, the longest first."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry[0][:2], []).append(entry)
    return {first: tuple(sorted(dict.fromkeys(words), key=_order)) for first, words in found.items()}


def rate(name: str) -> Rate | None:
    """Return what the rate called *name* is reckoned from, or None."""
    return _known().rates.get(name)


def known_words() -> Iterator[str]:
    """Yield every word of ``vocabulary.yml``."""
    yield from (word for entries in _known().words.values() for word, _, _ in entries)


def _form_words(form: Form) -> Iterator[Entry]:
    """Yield the labels of *form* as words, what each stands for being called as in `divisions`."""
    merged = merged_cases(form)
    for table in form.tables:
        for block in table.blocks:
            for heading in (*block.rows.walk(), *block.columns.walk()):
                address = f"{table.id}.{heading.path}"
                kind, value = _of_heading(form.origin(address), heading, merged=heading.path in merged)
                if kind and heading.path and not heading.total:
                    openings = ("", *_known().openings.get(kind, ()))
                    yield from ((f"{opening}{word}", kind, value) for opening in openings for word in _names(heading))
    for name, row, _ in documents(form):
        yield from ((word, "doc", name) for word in _names(row))


def _of_heading(address: str, heading: Heading, *, merged: bool) -> tuple[str, str]:
    """Return the kind of the label of *heading* of sections 3 and 4 and what it stands for, empty for no word.

    *merged* tells that it stands for all cases of a kind, though it has no children.
    """
    table, _, path = address.partition(".")
    if table == REVIEW:
        return ("topic", path) if heading.children or merged else ("out", path.rpartition(".")[2])
    if table != "requests":
        return "", ""
    if heading.leaves[0].kind:
        return "col", path
    # Rows beside the results are told in many ways, but not by their labels.
    row = address.removeprefix(f"{RESULTS}.")
    return ("", "") if row == address else ("item" if "." in row else "group", row)


def _names(heading: Heading) -> Iterator[str]:
    """Yield the ways in which a label is said."""
    label = _MARKS.sub("", heading.words)
    yield from {label, label.partition("、")[0], _BELONGS.sub("", label)} - {"其他"}


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of all reports that use a form, in an index.

    *former* are those that only forms before it use for its rows, *labels* those for results and reasons.
    """

    words: Mapping[str, tuple[Entry, ...]]
    former: frozenset[str]
    labels: frozenset[str]


@functools.lru_cache(maxsize=4)
def _of_forms(form: Form, earlier: tuple[Form, ...]) -> _Words:
    """Return the words of all reports that use *form*, with the labels of *earlier* ones, the newest first."""
    own = tuple(dict.fromkeys(_form_words(form)))
    written = {word for word, _, _ in own}
    meant = {(kind, value) for _, kind, value in own}
    older = tuple(entry for each in earlier for entry in _form_words(each) if entry[0] not in written)
    relabelled = {(kind, value) for _, kind, value in older} & meant
    words = _joined(_joined(_known().words, _index(own)), _index(older))
    former = (entry for entries in words.values() for entry in entries if (entry[1], entry[2]) in relabelled)
    labels = (word for entries in words.values() for word, kind, _ in entries if kind in _LABELS)
    return _Words(words, frozenset(word for word, _, _ in former) - written, frozenset(labels))


def _joined(
    first: Mapping[str, tuple[Entry, ...]], second: Mapping[str, tuple[Entry, ...]]
) -> Mapping[str, tuple[Entry, ...]]:
    """Return two indexes as one; of words of one length, those of the first go first."""
    found = {**second, **first}
    for letter in first.keys() & second.keys():
        found[letter] = tuple(sorted((*first[letter], *second[letter]), key=_order))
    return found


def _order(entry: Entry) -> tuple[int, bool]:
    """Put longer words first; what is known to be something else gives way where a form prints the same word."""
    return -len(entry[0]), entry[1] == "foreign"


def _own_words(names: Iterable[str], *, area: bool) -> Iterator[Entry]:
    """Yield how a body of these *names* calls itself: by the ends of them, and a township or street by its kind.

    *area* tells that its report covers more than itself.
    """
    for name in names:
        # 省人民政府办公厅 is called 省政府办公厅; in the report of an area, 省政府 is not all of it.
        for called in dict.fromkeys((name, name if area else name.replace("人民政府", "政府"))):
            yield from ((called[-length:], "self", "") for length in range(2, len(called) + 1))
        yield from ((word, "self", "") for word in _by_kind(name))
        place = _LOWEST.search(name)
        if place is not None:
            kind = place[1]
            words = [f"我{kind}", f"本{kind}", f"全{kind}", f"{kind}政府", f"{kind}机关"]
            yield from ((word, "self", "") for word in (*words, *(["街道"] if kind == "街道" else [])))


def _by_kind(name: str) -> Iterator[str]:
    """Yield how a department calls itself by its kind: 厅机关, 局本级, and 省厅 where its name tells its level."""
    found = _DEPARTMENT.search(name)
    if found is not None:
        kind, levels = found[0][0], _LEVEL.findall(name)
        yield from (f"{kind}机关", f"{kind}本级", *([f"{levels[0]}{kind}"] if len(levels) == 1 else []))


class Vocabulary:
    """The words of one report: those of all reports, its form, its year, its body's names, its categories of items."""

    def __init__(
        self, forms: Sequence[Form], year: int, names: Iterable[str], categories: Iterable[str], *, area: str
    ) -> None:
        """Take the words of *forms*: the report's own, and those of years before, the newest first.

        *area* are the levels (省市区县…) by which its area may be called, none where the report is of one body.
        """
        known, printed = _known(), _of_forms(forms[0], tuple(forms[1:]))
        self._year = year
        self._area = area
        self._expressions = known.expressions
        own = _index(
            [*_own_words(names, area=bool(area)), *((category, "category", category) for category in categories)]
        )
        # Where the same word has two meanings, the first goes.
        self._words = _joined(own, printed.words)
        # Words of rows that the form calls otherwise: those of earlier forms, and of reports of their time.
        self.former = printed.former
        # Words that may stand in quotation marks, as the form has them.
        self.labels = printed.labels

    def tokens(self, text: str) -> tuple[Token, ...]:
        """Return *text* as words; what is unknown becomes one token for each run."""
        numbers = {numeral.start: numeral for numeral in numerals(text)}
        words = self._words
        found: list[Token] = []
        position = 0
        while position < len(text):
            first = text[position]
            token = self._expression(text, position) if first in self._expressions else None
            known = text[position : position + 2] in words or first in words
            word = self._word(text, position, numbers) if known or position in numbers or first in _PRONOUNS else None
            if token is None or (word is not None and word.end > token.end):
                token = word
            if token is None:
                kind = QUOTED if first == HIDDEN else UNKNOWN
                if found and found[-1].kind == kind:
                    found[-1] = Token(kind, "", found[-1].start, position + 1)
                else:
                    found.append(Token(kind, "", position, position + 1))
                position += 1
            else:
                found.append(token)
                position = token.end
        return tuple(found)

    def _expression(self, text: str, position: int) -> Token | None:
        for kind, value, pattern in self._expressions[text[position]]:
            match = pattern.match(text, position)
            if match and match.end() > position and self._fits(match.groupdict()):
                own = kind == "bodies" and match["level"] in self._area  # 县政府及各部门、各乡镇 are its whole area.
                meant = "self" if own else "body" if kind == "bodies" else kind
                return Token(meant, value or self._span(match), position, match.end())
        plain = _PLAIN_YEAR.match(text, position)
        if plain:
            offset = int(plain[1]) - self._year
            return Token("year" if offset else "whole", str(offset), position, plain.end())
        return None

    def _span(self, match: re.Match[str]) -> str:
        """Return the years that 2022年至2024年 or 近三年 spans, counted from this one: ``-2 -1 0``."""
        groups = match.groupdict()
        if "count" in groups:
            return " ".join(str(offset) for offset in range(1 - (chinese(groups["count"]) or 1), 1))
        if "until" not in groups:
            return ""
        first, last = int(groups["from"]) - self._year, int(groups["until"]) - self._year
        return " ".join(str(offset) for offset in range(first, min(last, first + _LONGEST_SPAN) + 1))

    def _fits(self, groups: dict[str, str | None]) -> bool:
        """Say whether the years that an expression names are those that it means."""
        meant = {"last": self._year - 1, "this": self._year, "same": self._year, "next": self._year + 1}
        named = ((name, text) for name, text in groups.items() if name in meant)
        return all(text is None or not text[0].isdigit() or int(text[:4]) == meant[name] for name, text in named)

    def _word(self, text: str, position: int, numbers: Mapping[int, Numeral]) -> Token | None:
        """Return the longest word at *position*, or the number; words like 三类内部事务信息 go before numbers."""
        first = text[position]
        best: Entry | None = None
        for entry in self._words.get(text[position : position + 2], ()):
            if text.startswith(entry[0], position):
                best = entry
                break
        else:
            single = self._words.get(first)
            best = single[0] if single else None
        numeral = numbers.get(position)
        longer = numeral is not None and (best is None or position + len(best[0]) < numeral.end)
        if numeral is not None and (longer or numeral.digits or numeral.unit == "%"):
            kind = "num" if numeral.unit in _COUNTING else "period" if numeral.unit in _TIMES else UNKNOWN
            return Token(kind, numeral.unit, numeral.start, numeral.end, numeral if kind == "num" else None)
        pronoun = (_AREA if self._area else _SELF).match(text, position) if first in _PRONOUNS else None
        if pronoun and self._area and pronoun["level"] not in self._area:
            pronoun = None  # 全市, in the report of a county
        if pronoun and (best is None or pronoun.end() - position >= len(best[0])):
            return Token("self", "", position, pronoun.end())
        if self._area and best is None and first in _PRONOUNS and _SELF.match(text, position):
            return Token("body", "", position, position + 2)
        if best is None:
            return None
        value = "" if self._area and best[1] == "body" else best[2]  # The area of this report is called otherwise.
        return Token(best[1], value, position, position + len(best[0]))


# Years of one figure each, as far as anyone lists them.
_LONGEST_SPAN = 20
