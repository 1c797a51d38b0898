"""Reads the pages of a report as statements: clauses, the figures in them, and what each figure claims."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from macros.prose.clauses import sentences
from macros.rules.claims import Claim
from macros.rules.meanings import CASES, MEANINGFUL, Context, Meaning, meaning
from macros.rules.quantities import Quantity
from macros.rules.vocabulary import UNKNOWN, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from macros.prose.clauses import Clause
    from macros.prose.numerals import Numeral
    from macros.prose.passages import Passage
    from macros.reading.numbers import Number
    from macros.rules.rule import Case
    from macros.rules.vocabulary import Token

_RECEIVED, _CARRIED = "requests.received", "requests.carried_in"

# Words of headings of the first section, and what is told below them.
_LOCATIONS = (("依申请", "requests"), ("主动公开", "publication"), ("信息管理", "documents"))
# Kinds that do not change what a figure counts.
_NEUTRAL = frozenset({"fill", "and", "about", "whole", "self", "all", "part", "extra", "among", "join", "each", "resp", "some"})
# Kinds after which a figure is none of the tables', whatever else is said.
_OTHERWISE = frozenset({"rest", "channel", "foreign", "period", "body", "rate", "share", "decided", "up", "down"})
# Words that say by themselves what a figure is of.
_NAMES = frozenset({"noun", "doc", "topic", "fee", "info", "category"})
# A clause with more figures is no sentence, and no word reaches back over more figures.
_MOST = 20
_COUNTED = CASES | {"份", "条", "封", "批", "件次"}
# Kinds beside a figure that no table counts, after which the talk is still of the same.
_FAMILIAR = ("channel", "act", "cmp", "to", "up", "down", "group", "item", "out")
_LABELS = ("col", "group", "item", "topic", "doc", "row", "category")


@dataclass(slots=True)
class Unit:
    """A figure of a clause with the words before and after it, or a clause without a figure.

    *claim* is what it states of the data. *part* tells that it is one of the parts of a figure before,
    *note* that it stands in brackets, *elsewhere* that it is of another time or body.
    """

    clause: Clause
    head: tuple[Token, ...]
    numeral: Numeral | None
    tail: tuple[Token, ...]
    part: bool = False
    note: bool = False
    elsewhere: bool = False
    claim: Claim | None = None
    labels: tuple[Token, ...] = ()  # from elsewhere in the sentence
    sure: bool = True  # whether the labels leave no doubt
    siblings: tuple[Unit, ...] = ()  # the figures of the same clause

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All words beside the figure."""
        return (*self.head, *self.tail)

    def has(self, kind: str) -> bool:
        """Say whether a word of a kind stands beside the figure."""
        return any(token.kind == kind for token in self.tokens)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a *passage* as units, in order; *about* tells that its cases are over disclosure."""

    passage: Passage
    units: tuple[Unit, ...]
    about: bool


@dataclass(slots=True)
class _Sentence:
    """What holds within one sentence."""

    units: list[Unit] = field(default_factory=list)
    claims: list[Unit] = field(default_factory=list)  # with claims of this year
    labels: tuple[Token, ...] = ()
    period: bool = False
    spans: bool = False  # whether the period holds for what follows, too
    body: bool = False
    past: bool = False
    compared: bool = False
    part: bool = False
    vague: bool = False  # after a figure of something else
    whole: bool = False  # the year is named
    later: str = ""  # what the year before, named in a clause, makes of those that follow


def statements(case: Case) -> tuple[Statement, ...]:
    """Return what the pages of *case* state, in reading order."""
    return tuple(_Reader(case).read())


class _Reader:
    def __init__(self, case: Case) -> None:
        self._case = case
        self._form = case.report.form
        self._vocabulary = Vocabulary(
            case.report.year,
            (name.text for name in case.agency.names),
            (category.name for category in case.report.categories),
            area=case.agency.scope == "area",
        )
        self._context = Context("")
        self._sentence = _Sentence()

    def read(self) -> Iterator[Statement]:
        for page in self._case.pages or ():
            section = page.page.name.removesuffix(".md").partition("-")[2]
            location = section
            for passage in page.reported:
                if passage.level:
                    found = next((place for word, place in _LOCATIONS if word in passage.text), "")
                    location = found if section == "overview" else section
                elif passage.kind != "td":
                    yield from self._passage(passage, location)

    def _passage(self, passage: Passage, location: str) -> Iterator[Statement]:
        self._context = Context(location, open=location == "requests", about=location in {"requests", "review"})
        self._sentence = _Sentence()
        for sentence in sentences(passage.text):
            before = self._sentence
            over = before.past or before.spans or bool(before.later)
            self._sentence = _Sentence(period=over, body=before.body, spans=before.spans, vague=before.vague)
            tokens = [self._vocabulary.tokens(clause.text) for clause in sentence]
            self._begin(tokens)
            for clause, words in zip(sentence, tokens, strict=True):
                self._clause(passage, clause, words, note=False)
            yield Statement(passage, tuple(self._sentence.units), self._context.about)

    def _begin(self, tokens: Sequence[tuple[Token, ...]]) -> None:
        """Settle what a new sentence is about."""
        flat = [token for words in tokens for token in words]
        if not (flat and flat[0].kind == "part"):
            self._context.leave()
            self._sentence.vague = False
        else:
            self._sentence.part = True
        documents = {token.value.rstrip("?") for token in flat if token.kind == "doc"}
        self._context.near = self._context.location == "requests"
        self._context.doc = documents.pop() if len(documents) == 1 else ""
        if any(token.kind == "about" or (token.kind == "noun" and token.value == "explicit") for token in flat):
            self._context.about = True

    def _clause(self, passage: Passage, clause: Clause, tokens: tuple[Token, ...], *, note: bool) -> None:
        if clause.mark == "；":
            before = self._sentence
            self._sentence = _Sentence(units=before.units, period=before.spans, body=before.body, spans=before.spans)
            self._context.leave()
        self._times(tokens)
        limit = self._limit(clause)
        units = list(self._split(clause, tokens, note=note))
        if len(units) > _MOST:
            self._close()  # a list of figures, and no sentence
            return
        siblings = tuple(units)
        for unit in units:
            unit.siblings = siblings
        for unit in units or [Unit(clause, tokens, None, (), note=note)]:
            self._unit(passage, unit)
            if unit.claim is not None and limit:
                self._limited(unit, limit)
        for part in clause.notes:
            self._note(passage, part)

    def _note(self, passage: Passage, clauses: Sequence[Clause]) -> None:
        """Read what stands in brackets; what it opens does not hold behind them."""
        context, sentence = self._context, self._sentence
        self._context = replace(context, told=set(context.told), rows=list(context.rows))
        self._sentence = replace(sentence, claims=sentence.claims[-_MOST:], part=False)
        for clause in clauses:
            self._clause(passage, clause, self._vocabulary.tokens(clause.text), note=True)
        told = self._context.told
        self._context, self._sentence = context, sentence
        self._context.told |= told

    def _times(self, tokens: tuple[Token, ...]) -> None:
        """Settle which year, and which body, the figures of a clause and of the following are of."""
        counted = (index for index, token in enumerate(tokens) if token.kind == "num" and token.value)
        ahead = next(counted, len(tokens))
        kinds, figures = {token.kind for token in tokens[:ahead]}, ahead < len(tokens)
        sentence = self._sentence
        sentence.past, sentence.period = sentence.past or sentence.later == "past", sentence.period or sentence.later == "doubt"
        sentence.later = ""
        if "whole" in kinds:
            sentence.period = sentence.past = sentence.spans = False
            sentence.whole = True
        if "self" in kinds:
            sentence.body = False
        years = [token.value for token in tokens[:ahead] if token.kind == "year"]
        if "period" in kinds or any(year != "-1" for year in years):
            sentence.period = True
        if years and "cmp" in kinds:
            sentence.compared = True
        elif years and not figures and not kinds & {"row", "out"}:
            sentence.past = True
        elif years and kinds & MEANINGFUL:
            # 2023年收到…，办结…: what follows is of that year, unless this year was told of before.
            sentence.later = "doubt" if sentence.claims else "past"
        for token in tokens:
            sentence.body = sentence.body or token.kind == "body"
            sentence.spans = sentence.spans or token.kind == "period"
            if token.kind not in {"fill", "whole", "year", "self", "body", "period"}:
                break

    def _split(self, clause: Clause, tokens: tuple[Token, ...], *, note: bool) -> Iterator[Unit]:
        """Yield the figures of a clause with the words that belong to each."""
        units: list[Unit] = []
        words: list[Token] = []
        closed = False
        for token in tokens:
            if token.numeral is not None:
                units.append(Unit(clause, tuple(words), token.numeral, (), note=note))
                words, closed = [], False
            elif units and not closed and token.kind in {"and", "among"}:
                units[-1].tail = (*words, token) if token.kind == "among" else tuple(words)
                words, closed = [], True
            else:
                words.append(token)
        if units and words:
            # What is joined to a figure without one of its own is counted with it.
            joined = (replace(words[0], kind=UNKNOWN),) if closed and units[-1].numeral and not units[-1].tail else ()
            last = units[-1].numeral
            after = last is not None and closed and any(word.kind not in _NEUTRAL for word in words)
            units[-1].tail = (*units[-1].tail, *(joined if after else ()), *words)
        if len(units) > 1:
            self._respectively(units)
        yield from units

    def _respectively(self, units: list[Unit]) -> None:
        """Give each figure its own label: 予以公开和部分公开分别为22件、5件."""
        head = units[0].head
        if not any(token.kind == "resp" for token in head):
            return
        if any(token.kind not in _NEUTRAL for unit in units[1:] for token in unit.head):
            return
        for source in (head, self._sentence.labels):
            for kind in _LABELS:
                labels = [token for token in source if token.kind == kind]
                if len(labels) != len(units):
                    continue
                here = source is head
                others = tuple(token for token in source if token.kind != kind) if here else ()
                sure = here or all(token.kind in MEANINGFUL | _NEUTRAL for token in source)
                for unit, label in zip(units, labels, strict=True):
                    unit.labels, unit.sure = (*others, label), sure
                return

    def _unit(self, passage: Passage, unit: Unit) -> None:
        sentence, context = self._sentence, self._context
        if unit.has("part"):
            context.inside = context.row
        unit.part = sentence.part = sentence.part or unit.has("part")
        unit.elsewhere = sentence.period or sentence.body or sentence.past
        sentence.units.append(unit)
        if unit.numeral is None:
            self._silent(passage, unit)
        else:
            self._figure(passage, unit, unit.numeral)
            sentence.labels = ()
        if any(token.kind == "noun" and token.value == "explicit" for token in unit.tokens):
            context.open = True
        if unit.has("foreign"):
            self._close()

    def _silent(self, passage: Passage, unit: Unit) -> None:
        """Read a clause without a figure: what it opens, and whether it denies or affirms something of all."""
        sentence, context = self._sentence, self._context
        topics = tuple(dict.fromkeys(token.value for token in unit.head if token.kind == "topic"))
        known = all(token.kind in MEANINGFUL | _NEUTRAL | {"neg", "take"} for token in unit.head)
        if topics:
            context.topics = topics if known and not unit.has("row") else ()
        sentence.labels = (*sentence.labels, *unit.head)[-_MOST:]
        if not known or sentence.period or sentence.body:
            return
        if unit.has("neg"):
            self._denial(passage, unit)
        elif unit.has("all") and sentence.claims:
            self._affirmation(passage, unit, sentence.claims[-1])
        elif any(token.value == "carried_out" for token in unit.head):
            self._carried_out(passage, unit)

    def _carried_out(self, passage: Passage, unit: Unit) -> None:
        """Read 另有4件因年末收到，转入下年度办理: the figure stands in the clause before."""
        previous = self._sentence.units[-2] if len(self._sentence.units) > 1 else None
        if previous is None or previous.claim is not None or previous.numeral is None or not previous.has("extra"):
            return
        if previous.numeral.exact and previous.numeral.unit in CASES and len(previous.siblings) == 1:
            meant = Meaning((Quantity(("requests.carried_out",)),))
            self._claim(passage, previous, meant, previous.numeral.value, past=False, certain=False)

    def _denial(self, passage: Passage, unit: Unit) -> None:
        """Read 未收到政府信息公开申请 and the like."""
        words = [token for token in unit.head if token.kind in MEANINGFUL]
        behind = unit.head[[token.kind for token in unit.head].index("neg") :]
        if not words or not all(token in behind for token in words if token.kind != "about" and token.kind != "topic"):
            return
        if any(token.kind == "out" for token in words):
            return  # X-04 judges what is said of outcomes.
        meant = meaning(unit.head, self._context, self._form, "", none=True)
        if meant is not None:
            self._claim(passage, unit, meant, 0, past=self._sentence.past, certain=True)

    def _affirmation(self, passage: Passage, unit: Unit, before: Unit) -> None:
        """Read 均为自然人申请 of the figure before."""
        columns = [token for token in unit.head if token.kind == "col"]
        claim = before.claim
        if claim is None or len(columns) != 1 or unit.has("group") or unit.has("row") or claim.quantity.call != _RECEIVED:
            return
        meant = Meaning((Quantity((f"{_RECEIVED}.{columns[0].value}",)),), certain=claim.certain)
        self._claim(passage, unit, meant, claim.value, past=claim.past, certain=len(claim.options) == 1)

    def _figure(self, passage: Passage, unit: Unit, numeral: Numeral) -> None:
        sentence, context = self._sentence, self._context
        odd = any(token.kind == UNKNOWN or token.kind in _OTHERWISE for token in unit.head)
        bare = not numeral.unit and bool(unit.tail or not numeral.digits)
        if not (odd or bare or sentence.period or sentence.body) and numeral.exact and not unit.has("neg"):
            self._meant(passage, unit, numeral)
        among = any(token.kind == "among" for token in unit.tail)
        if unit.claim is None and numeral.unit in _COUNTED and numeral.unit:
            sentence.vague = True
            strange = not any(unit.has(kind) for kind in _FAMILIAR) and not unit.part
            if strange or among:
                self._close()
        elif among:
            context.inside, sentence.part = context.row, True
        sentence.vague = sentence.vague or (unit.claim is not None and unit.claim.past and not sentence.past)
        topics = tuple(dict.fromkeys(token.value for token in unit.tokens if token.kind == "topic"))
        if topics:
            context.topics = topics if unit.claim is not None and unit.claim.certain else ()

    def _close(self) -> None:
        """Forget what figures without a noun could be of: something else is spoken of."""
        context = self._context
        context.open = context.near = False
        context.leave()
        context.topics, context.doc = (), ""

    def _meant(self, passage: Passage, unit: Unit, numeral: Numeral) -> None:
        """Settle what a figure whose words are known claims."""
        sentence = self._sentence
        head = [token for token in unit.labels or unit.head if token.kind in MEANINGFUL]
        tail = [token for token in unit.tail if token.kind in MEANINGFUL]
        behind = all(token.kind in MEANINGFUL | _NEUTRAL | {"up", "down"} for token in unit.tail)
        years = any(token.kind == "year" for token in unit.head)
        certain = behind and unit.sure
        if not head:
            before = self._before(unit, past=years)
            if before is not None and not [token for token in tail if token.kind != "noun"]:
                meant = Meaning(before.options, certain=before.certain)
                past = years or any(token.kind == "year" for token in unit.siblings[0].head) and not unit.has("to")
                self._claim(passage, unit, meant, numeral.value, past=past, certain=behind)
                return
            if not tail and not years and not unit.has("to"):
                head = [token for token in sentence.labels if token.kind in MEANINGFUL]
                odd = [token for token in sentence.labels if token.kind not in MEANINGFUL | _NEUTRAL]
                if any(token.kind in _OTHERWISE for token in odd) or not unit.head:
                    return
                certain = not odd
            elif not behind:
                return
        if unit.has("cmp") and not years:
            return
        words = [*self._joined(head, tail), *self._inherited(unit, head)]
        others = (token for token in (*unit.labels, *unit.tokens) if token.kind not in MEANINGFUL)
        meant_here = meaning([*others, *words], self._context, self._form, numeral.unit) if words else None
        if meant_here is None:
            return
        changed = any(token.kind == "from" for token in unit.head) and any(other.has("to") for other in unit.siblings)
        certain = certain and (years or sentence.compared or not changed)
        self._claim(passage, unit, meant_here, numeral.value, past=sentence.past or years or changed, certain=certain)

    def _before(self, unit: Unit, *, past: bool) -> Claim | None:
        """Return what was counted before a figure of another year: 上年为71件, 增至38件, 高于上年的5件和3件."""
        siblings = [other for other in unit.siblings if other.numeral and other.numeral.unit in _COUNTED]
        if unit.has("to"):
            previous = self._sentence.units[-2] if len(self._sentence.units) > 1 else None
            return previous.claim if previous is not None else None
        inherited = bool(siblings) and any(token.kind == "year" for token in siblings[0].head) and not unit.has("whole")
        if not (past or inherited) or not any(sibling is unit for sibling in siblings):
            return None
        earlier = [other for other in self._sentence.claims[-2 * _MOST :] if other.clause is not unit.clause]
        if len(earlier) < len(siblings):
            return None
        if any(token.kind in MEANINGFUL for sibling in siblings for token in sibling.head):
            return None
        index = next(index for index, sibling in enumerate(siblings) if sibling is unit)
        return earlier[len(earlier) - len(siblings) + index].claim

    def _inherited(self, unit: Unit, head: Sequence[Token]) -> list[Token]:
        """Return the act that an enumeration leaves out: 制发规章0件、行政规范性文件2件."""
        if not any(token.kind == "doc" for token in head) or any(token.kind == "act" for token in head):
            return []
        index = next(index for index, sibling in enumerate(unit.siblings) if sibling is unit)
        earlier = [token for sibling in unit.siblings[:index] for token in sibling.head if token.kind == "act"]
        return earlier[-1:]

    def _joined(self, head: list[Token], tail: list[Token]) -> list[Token]:
        """Return the words that tell what a figure is of: those before it, and behind it what adds to them."""
        if not head:
            return tail
        kinds = {token.kind for token in head}
        if kinds <= {"row", "noun", "col", "about"}:
            adding = {"noun", "col", "topic"} - (kinds & {"col"})
        elif kinds <= {"topic", "about", "noun"}:
            adding = {"topic", "out"}
        elif kinds <= {"act", "publish", "decide", "site"}:
            adding = {"doc", "info"}
        else:
            adding = set()
        return [*head, *(token for token in tail if token.kind in adding)]

    def _claim(self, passage: Passage, unit: Unit, meant: Meaning, value: Number, *, past: bool, certain: bool) -> None:
        context = self._context
        start, at, until, end = _span(unit)
        named = any(token.kind in _NAMES and token.value != "plain" for token in unit.tokens)
        certain = certain and (named or not self._sentence.vague)
        if context.location == "improvement" and not (self._sentence.whole or past):
            certain = False  # Of which year the problems were is not said.
        offsets = unit.clause.offsets
        unit.claim = Claim(
            passage=passage,
            start=offsets[start],
            end=offsets[end - 1] + 1,
            at=offsets[at],
            until=offsets[until - 1] + 1,
            value=value,
            options=meant.options,
            numeral=unit.numeral,
            certain=meant.certain and certain,
            past=past,
            loose=meant.loose,
        )
        if past:
            return
        self._sentence.claims.append(unit)
        context.enter(meant.row)
        context.topics = meant.topics or context.topics
        context.doc = meant.doc or context.doc
        context.told.update(path.removeprefix("requests.") for path in meant.options[0].paths)
        if unit.has("part") and meant.options == (Quantity((_CARRIED,)),):
            self._including(unit)

    def _limit(self, clause: Clause) -> str:
        """Return what brackets do to the figures before them: add what was carried in, or change what is counted."""
        limit = ""
        for sentence in clause.notes:
            tokens = self._vocabulary.tokens(sentence[0].text)
            if tokens[0].kind == "part" and any(token.value == "carried_in" for token in tokens):
                return "carried"
            odd = tokens[0].kind == "part" and any(token.kind in {UNKNOWN, "foreign", "body"} for token in tokens)
            if odd or tokens[0].kind == "rest" or sentence[0].text[0] in "仅未不按剔":
                limit = "void"
        return limit

    def _limited(self, unit: Unit, limit: str) -> None:
        if limit == "carried":
            self._include(unit)
        elif unit.claim is not None:
            unit.claim = replace(unit.claim, certain=False)

    def _including(self, unit: Unit) -> None:
        """Count what is carried in with the figure before of which it is a part."""
        if len(self._sentence.claims) > 1:
            self._include(self._sentence.claims[-2])

    def _include(self, unit: Unit) -> None:
        claim = unit.claim
        if claim is not None and claim.quantity == Quantity((_RECEIVED,)):
            both = Quantity((_RECEIVED, _CARRIED))
            unit.claim = replace(claim, options=(both, *(option for option in claim.options if option != both)))


def _span(unit: Unit) -> tuple[int, int, int, int]:
    """Return where the words of a claim begin, where its figure begins and ends, and where the words end."""
    weighty = [token for token in unit.head if token.kind in MEANINGFUL | {"neg", "all", "year", "about"}]
    if unit.numeral is None:
        return weighty[0].start, weighty[0].start, unit.head[-1].end, unit.head[-1].end
    at, until = unit.numeral.start, unit.numeral.end
    told = any(token.kind in MEANINGFUL for token in unit.head)
    adding = {"noun", "col", "topic", "doc", "info"} if told else MEANINGFUL
    behind = [token.end for token in unit.tail if token.kind in adding]
    first = unit.head[0].start if unit.head and not weighty and not behind else at
    return min([token.start for token in weighty] + [first]), at, until, max([until, *behind])
