"""Reads the pages of a report as statements: clauses, the figures in them, and what each figure claims."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.prose.clauses import sentences
from nianbao.rules.text.claims import Claim
from nianbao.rules.text.context import Context, Sentence
from nianbao.rules.text.meanings import CASES, Meaning, meaning
from nianbao.rules.text.quantities import Quantity
from nianbao.rules.text.units import NEUTRAL, Statement, Unit, limit, meaningful, split
from nianbao.rules.text.vocabulary import MEANINGFUL, UNKNOWN, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.model.form import Form
    from nianbao.prose.clauses import Clause
    from nianbao.prose.numerals import Numeral
    from nianbao.prose.passages import Passage
    from nianbao.reading.numbers import Number
    from nianbao.rules.rule import Case
    from nianbao.rules.text.vocabulary import Token

_RECEIVED, _CARRIED, _LEFT = (Quantity((f"requests.{row}",)) for row in ("received", "carried_in", "carried_out"))
_ANSWERED = Quantity(("requests.results.total",))
_BOTH = Quantity((*_RECEIVED.paths, *_CARRIED.paths))

# Words of headings of the first section, and what is told below them.
_LOCATIONS = (("依申请", "requests"), ("主动公开", "publication"), ("信息管理", "documents"))
# Kinds after which a figure is none of the tables', whatever else is said.
_OTHERWISE = frozenset({"rest", "channel", "foreign", "period", "body", "rate", "share", "decided", "up", "down"})
# How clauses begin and end that may speak of some cases only.
_ABOUT = "对就按除"
_NARROW = re.compile(r"^(?:针对|关于|涉及|属于)|的(?:(?:政府)?信息公开)?申请(?:件|事项)?[中里]?$|[中里类]$|方面$")
# Words that say by themselves what a figure is of.
_NAMES = frozenset({"noun", "doc", "topic", "fee", "info", "category"})
# A clause with more figures is no sentence, and no word reaches back over more figures.
_MOST = 20
_COUNTED = CASES | {"份", "条", "封", "批", "件次"}
# Kinds beside a figure that no table counts, after which the talk is still of the same.
_FAMILIAR = frozenset({"channel", "act", "cmp", "to", "up", "down", "group", "item", "out"})


@dataclass(frozen=True, slots=True)
class _Stated:
    """What the pages of a case state, kept in its memo."""

    statements: tuple[Statement, ...]


def statements(case: Case) -> tuple[Statement, ...]:
    """Return what the pages of *case* state, in reading order; they are read once for all rules."""
    kept = case.memo.get(_Stated)
    if not isinstance(kept, _Stated):
        kept = case.memo[_Stated] = _Stated(tuple(_read(case)))
    return kept.statements


def _read(case: Case) -> Iterator[Statement]:
    vocabulary = Vocabulary(
        case.report.year,
        (name.text for name in case.agency.names),
        (category.name for category in case.report.categories),
        area=case.agency.scope == "area",
    )
    for page in case.pages or ():
        section = page.page.name.removesuffix(".md").partition("-")[2]
        location = section
        for passage in page.reported:
            if passage.level:
                found = next((place for word, place in _LOCATIONS if word in passage.text), "")
                location = found if section == "overview" else section
            elif passage.kind != "td":
                yield from _Reader(passage, location, vocabulary, case.report.form).read()


class _Reader:
    """Reads one passage."""

    def __init__(self, passage: Passage, location: str, vocabulary: Vocabulary, form: Form) -> None:
        self._passage = passage
        self._vocabulary = vocabulary
        self._form = form
        self._context = Context(location, open=location == "requests", about=location in {"requests", "review"})
        self._sentence = Sentence()

    def read(self) -> Iterator[Statement]:
        for sentence in sentences(self._passage.text):
            tokens = [self._vocabulary.tokens(clause.text) for clause in sentence]
            flat = [token for words in tokens for token in words]
            self._sentence = self._sentence.following(flat)
            self._context.begin(flat)
            for clause, words in zip(sentence, tokens, strict=True):
                self._clause(clause, words, note=False)
            _leave_open(self._sentence.units)
            yield Statement(self._passage, tuple(self._sentence.units), self._context.about)

    def _clause(self, clause: Clause, tokens: tuple[Token, ...], *, note: bool) -> None:
        if clause.mark == "；":
            self._sentence = self._sentence.behind_semicolon()
            self._context.leave()
        self._sentence.advance(tokens)
        units = split(clause, tokens, self._sentence.labels, note=note)
        if len(units) > _MOST:
            self._context.close()  # a list of figures, and no sentence
            return
        bound = limit(clause, self._vocabulary)
        for unit in units or (Unit(clause, tokens, None, (), note=note),):
            self._unit(unit)
            if bound == "carried":
                _include(unit)
            elif bound and unit.claim is not None:
                unit.claim = replace(unit.claim, certain=False)
        for sentence in clause.notes:
            self._note(sentence)

    def _note(self, clauses: Sequence[Clause]) -> None:
        """Read what stands in brackets; what it opens does not hold behind them."""
        context, sentence = self._context, self._sentence
        self._context = replace(context)  # what was told stays shared
        self._sentence = replace(sentence, claims=sentence.claims[-_MOST:], part=False)
        for clause in clauses:
            self._clause(clause, self._vocabulary.tokens(clause.text), note=True)
        self._context, self._sentence = context, sentence

    def _unit(self, unit: Unit) -> None:
        sentence, context = self._sentence, self._context
        if unit.has("part"):
            context.divide()
            sentence.part = True
        unit.part, unit.elsewhere = sentence.part, sentence.elsewhere
        sentence.units.append(unit)
        if unit.numeral is None:
            self._silent(unit)
        else:
            self._figure(unit, unit.numeral)
            sentence.labels = ()
        if any(token.kind == "noun" and token.value == "explicit" for token in unit.tokens):
            context.open = True
        if unit.has("foreign"):
            context.close()

    def _silent(self, unit: Unit) -> None:
        """Read a clause without a figure: what it opens, and whether it denies or affirms something of all."""
        sentence, context = self._sentence, self._context
        paid = {"take"} if unit.has("fee") or unit.has("doc") else set()
        known = all(token.kind in MEANINGFUL | NEUTRAL | {"neg"} | paid for token in unit.head)
        if unit.topics:
            context.topics = unit.topics if known and not unit.has("row") else ()
        sentence.labels = (*sentence.labels, *unit.head)[-_MOST:]
        if not known:
            sentence.vague = sentence.vague or _narrows(unit)
        elif unit.head[-1].kind == "among":
            self._among(unit)
        if not known or sentence.period or sentence.body:
            return
        if unit.has("neg"):
            self._denial(unit)
        elif unit.has("all") and sentence.claims:
            self._affirmation(unit, sentence.claims[-1].claim)
        elif any(token.value == "carried_out" for token in unit.head):
            self._carried_out()

    def _among(self, unit: Unit) -> None:
        """Read 部分公开的申请中: what follows is a part of it."""
        found = meaning(unit.head, self._context, self._form, "")
        if found is not None and found.row:
            self._context.enter(found.row)
            self._context.inside, self._sentence.part = found.row, True

    def _carried_out(self) -> None:
        """Read 另有4件因年末收到，转入下年度办理: the figure stands in the clause before."""
        before = self._sentence.units[-2] if len(self._sentence.units) > 1 else None
        if before is None or before.claim is not None or before.numeral is None or not before.has("extra"):
            return
        if before.numeral.exact and before.numeral.unit in CASES and len(before.siblings) == 1:
            self._claim(before, Meaning((_LEFT,)), before.numeral.value, past=False, certain=False)

    def _denial(self, unit: Unit) -> None:
        """Read 未收到政府信息公开申请 and the like."""
        first = next(index for index, token in enumerate(unit.head) if token.kind == "neg")
        words = meaningful(unit.head)
        if not words or any(token.kind not in {"about", "topic"} for token in meaningful(unit.head[:first])):
            return
        if any(token.kind == "out" for token in words):
            return  # X-04 judges what is said of outcomes.
        meant = meaning(unit.head, self._context, self._form, "", none=True)
        if meant is not None:
            self._claim(unit, meant, 0, past=self._sentence.past, certain=True)

    def _affirmation(self, unit: Unit, before: Claim | None) -> None:
        """Read 均为自然人申请 of the figure *before*."""
        columns = [token.value for token in unit.head if token.kind == "col"]
        if (
            before is None
            or before.options != (_RECEIVED,)
            or len(columns) != 1
            or unit.has("group")
            or unit.has("row")
        ):
            return
        meant = Meaning((Quantity((f"{_RECEIVED.call}.{columns[0]}",)),))
        self._claim(unit, meant, before.value, past=before.past, certain=before.certain)

    def _figure(self, unit: Unit, numeral: Numeral) -> None:
        sentence, context = self._sentence, self._context
        odd = any(token.kind == UNKNOWN or token.kind in _OTHERWISE for token in unit.head)
        bare = not numeral.unit and bool(unit.tail or not numeral.digits)
        if not (odd or bare or sentence.period or sentence.body) and numeral.exact and not unit.has("neg"):
            self._meant(unit, numeral)
        claim = unit.claim
        among = any(token.kind == "among" for token in unit.tail)
        if claim is None and numeral.unit in _COUNTED and numeral.unit:
            sentence.vague = True
            strange = not unit.part and not any(unit.has(kind) for kind in _FAMILIAR)
            if strange or among:
                context.close()
        elif among:
            context.inside, sentence.part = context.row, True
            context.column = next((token.value for token in unit.tokens if token.kind == "col"), "")
        if claim is not None and claim.past and not sentence.past:
            sentence.vague = True
        if unit.topics:
            context.topics = unit.topics if claim is not None and claim.certain else ()

    def _meant(self, unit: Unit, numeral: Numeral) -> None:
        """Settle what a figure whose words are known claims."""
        behind = all(token.kind in MEANINGFUL | NEUTRAL | {"up", "down"} for token in unit.tail)
        years = any(token.kind == "year" for token in unit.head)
        words, certain = unit.words(), behind and unit.sure
        if not meaningful(unit.labels or unit.head):
            before = self._before(unit, past=years)
            if before is not None and all(token.kind == "noun" for token in meaningful(unit.tail)):
                year = years or (any(token.kind == "year" for token in unit.siblings[0].head) and not unit.has("to"))
                meant = Meaning(before.options, certain=before.certain)
                self._claim(unit, meant, numeral.value, past=year, certain=behind)
                return
            if not words and unit.head and not years and not unit.has("to"):
                words, certain = self._told_before()
            elif not behind:
                return
        if not words or (unit.has("cmp") and not years):
            return
        new = (token for token in unit.siblings[0].head if token.kind == "new")  # 新增行政复议3件、行政诉讼0件
        others = (token for token in (*unit.labels, *new, *unit.tokens) if token.kind not in MEANINGFUL)
        found = meaning([*others, *words], self._context, self._form, numeral.unit)
        if found is not None:
            changed = unit.has("from") and any(other.has("to") for other in unit.siblings)
            certain = certain and (years or self._sentence.compared or not changed)
            past = self._sentence.past or years or changed
            self._claim(unit, found, numeral.value, past=past, certain=certain)

    def _told_before(self) -> tuple[list[Token], bool]:
        """Return what 共1件 is of where the clause before says it: 首次收到科研机构申请，共1件."""
        labels = self._sentence.labels
        odd = [token for token in labels if token.kind not in MEANINGFUL | NEUTRAL]
        if any(token.kind in _OTHERWISE for token in odd):
            return [], False
        return meaningful(labels), not odd and not any(token.kind == "some" for token in labels)

    def _before(self, unit: Unit, *, past: bool) -> Claim | None:
        """Return what was counted before a figure of another year: 上年为71件, 增至38件, 高于上年的5件和3件."""
        if unit.has("to"):
            previous = self._sentence.units[-2] if len(self._sentence.units) > 1 else None
            return previous.claim if previous is not None else None
        siblings = [other for other in unit.siblings if other.numeral and other.numeral.unit in _COUNTED]
        inherited = bool(siblings) and any(token.kind == "year" for token in siblings[0].head) and not unit.has("whole")
        if not (past or inherited) or not any(sibling is unit for sibling in siblings):
            return None
        earlier = [other for other in self._sentence.claims[-2 * _MOST :] if other.clause is not unit.clause]
        if len(earlier) < len(siblings) or any(meaningful(sibling.head) for sibling in siblings):
            return None
        index = next(index for index, sibling in enumerate(siblings) if sibling is unit)
        return earlier[len(earlier) - len(siblings) + index].claim

    def _claim(self, unit: Unit, meant: Meaning, value: Number, *, past: bool, certain: bool) -> None:
        context, sentence = self._context, self._sentence
        named = any(token.kind in _NAMES and token.value != "plain" for token in unit.tokens) or unit.has("to")
        # Of which year the problems of section 5 were is not always said.
        dated = context.location != "improvement" or sentence.whole or past
        start, at, until, end = unit.span
        offsets = unit.clause.offsets
        unit.claim = Claim(
            passage=self._passage,
            start=offsets[start],
            end=offsets[end - 1] + 1,
            at=offsets[at],
            until=offsets[until - 1] + 1,
            value=value,
            options=meant.options,
            numeral=unit.numeral,
            certain=meant.certain and certain and dated and (named or not sentence.vague),
            past=past,
            loose=meant.loose,
            within=meant.within,
        )
        if past:
            return
        sentence.claims.append(unit)
        context.enter(meant.row)
        context.topics = meant.topics or context.topics
        context.doc = meant.doc or context.doc
        context.told.update(path.removeprefix("requests.") for path in meant.options[0].paths)
        if unit.has("part") and meant.options == (_CARRIED,) and len(sentence.claims) > 1:
            _include(sentence.claims[-2])


def _leave_open(units: Sequence[Unit]) -> None:
    """Make what was answered uncertain where something else is told behind it: 答复7件，不予受理4件."""
    other = False
    for unit in reversed(units):
        claim = unit.claim
        if claim is not None and other and claim.quantity == _ANSWERED:
            unit.claim = replace(claim, certain=False)
        counted = unit.numeral is not None and unit.numeral.unit in CASES and not unit.note and not unit.part
        other = other or (counted and claim is None)


def _narrows(unit: Unit) -> bool:
    """Say whether a clause that is not known may narrow the figures behind it: 对涉及第三方的申请，不予公开3件."""
    return unit.clause.text[0] in _ABOUT or _NARROW.search(unit.clause.text) is not None


def _include(unit: Unit) -> None:
    """Count what was carried in with what was received: 受理申请90件（含上年结转4件）."""
    claim = unit.claim
    if claim is not None and claim.quantity == _RECEIVED:
        unit.claim = replace(claim, options=(_BOTH, *(option for option in claim.options if option != _BOTH)))
