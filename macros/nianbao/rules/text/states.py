"""What earlier words leave open for later ones: within a passage, and within a sentence. All of it is frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nianbao.rules.text.vocabulary import MEANINGFUL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.model.form import Form
    from nianbao.prose.passages import Passage
    from nianbao.rules.text.claims import Claim
    from nianbao.rules.text.frames import Frame
    from nianbao.rules.text.quantities import Meaning
    from nianbao.rules.text.units import Unit
    from nianbao.rules.text.vocabulary import Token, Vocabulary

# Rows of the table of section 3 that applicants divide.
WHOLE_ROWS = frozenset({"received", "carried_in", "results.total", "carried_out"})

# Kinds of words before which a clause names its time and body.
_OPENING = frozenset({"fill", "whole", "year", "self", "body", "period"})
_JUST_THE_YEAR = frozenset({"year", "same", "fill", "self", "and"})


def goes_on(tokens: Sequence[Token]) -> bool:
    """Say whether a sentence divides what was told before: 其中……."""
    return bool(tokens) and (tokens[0].kind, tokens[0].value) == ("part", "of")


def _until_told(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the words that open a clause, and the first that does more."""
    for token in tokens:
        yield token
        if token.kind not in _OPENING:
            return


class Context(NamedTuple):
    """What is spoken of in a passage. *location* is where it stands.

    Figures without a noun are of requests while *open*, results without one while *near*. *about*
    tells that cases are those over disclosure. *row* was told last, *inside* is the row that is being
    broken down, for the applicants of *column* where they are named; *applicants* were told last. *rows*
    are the whole rows of the sentence, *told* all paths of the passage. *topics* and *doc* were told last,
    *suits* are all kinds of suits told, *ended* is the outcome told last, *outcome* that
    of the cases that are being divided. *ground* is the claim of the sentence on which it rests that requests
    are spoken of.
    """

    location: str
    open: bool = False
    near: bool = False
    about: bool = False
    row: str = ""
    inside: str = ""
    column: str = ""
    applicants: str = ""
    topics: tuple[str, ...] = ()
    suits: frozenset[str] = frozenset()
    ended: str = ""
    outcome: str = ""
    doc: str = ""
    rows: tuple[str, ...] = ()
    told: frozenset[str] = frozenset()
    ground: Claim | None = None

    def begin(self, tokens: Sequence[Token]) -> Context:
        """Settle what a new sentence of *tokens* is about."""
        documents = {token.value.rstrip("?") for token in tokens if token.kind == "doc"}
        explicit = any(token.kind == "noun" and token.value == "explicit" for token in tokens)
        continued = goes_on(tokens)
        return self._replace(
            near=self.location == "requests",
            doc=documents.pop() if len(documents) == 1 else "",
            about=self.about or explicit or any(token.kind == "about" for token in tokens),
            row=self.row if continued else "",
            inside=self.inside if continued else "",
            column=self.column if continued else "",
            applicants=self.applicants if continued else "",
            rows=self.rows if continued else (),
            ended="",
            outcome="",
            ground=self.ground if continued else None,
        )

    def enter(self, row: str) -> Context:
        """Go on with *row*, if there is one."""
        return self._replace(row=row or self.row, rows=self._rows(row))

    def _rows(self, row: str) -> tuple[str, ...]:
        return (*(other for other in self.rows if other != row), row) if row in WHOLE_ROWS else self.rows

    def tell(self, meant: Meaning, columns: tuple[str, ...]) -> Context:
        """Go on behind a figure of what was *meant*, which names the applicants of *columns*."""
        paths = meant.options[0].paths
        totals = paths == meant.options[-1].paths and paths[0].endswith(".total")
        outcomes = {path.rpartition(".")[2] for path in paths if meant.topics} - {"total"}
        applicants = self.applicants if not columns else columns[0].rstrip("?") if len(columns) == 1 else ""
        return self._replace(
            row=meant.row or self.row,
            rows=self._rows(meant.row),
            topics=meant.topics or self.topics,
            suits=self.suits | set(meant.topics) if totals else self.suits,
            ended=outcomes.pop() if len(outcomes) == 1 else "",
            doc=meant.doc or self.doc,
            told=self.told | {path.removeprefix("requests.") for path in paths},
            applicants=applicants,
        )

    def divide(self, *, first: bool) -> Context:
        """Go on to parts of what was told: of the last row, or of all where what was carried in came last.

        The *first* parts of a sentence are of the applicants of whom their whole is: 自然人申请办结63件，其中…….
        """
        column = self.applicants if first and self.row in WHOLE_ROWS - {"received"} else self.column
        both = self.row == "carried_in" and "received" in self.rows
        return self._replace(inside="" if both else self.row, column=column, outcome=self.ended)

    def leave(self) -> Context:
        """Forget the rows of a sentence."""
        return self._replace(row="", inside="", column="", applicants="", rows=(), ended="", outcome="", ground=None)

    def close(self) -> Context:
        """Forget what figures without a noun could be of: something else is spoken of."""
        return self.leave()._replace(open=False, near=False, topics=(), suits=frozenset(), doc="")

    @property
    def loose(self) -> bool:
        """Whether results may leave out what was carried in: only what was received has been told."""
        return self.inside == "received" or ("received" in self.told and "carried_in" not in self.told)


class Sentence(NamedTuple):
    """What holds within one sentence.

    *claims* are the numbers of the frames with claims of this year. A *period* of the year, another
    *body* or an earlier *year*, as an offset, is spoken of; *spans* tells that the period holds beyond
    the sentence. *part* tells that parts of a figure are named, *vague* that a figure of something else
    was told, *mixed* that one of an earlier year was, *narrow* that unknown words may narrow what follows,
    *whole* that the year is named. A year in a clause with figures holds for the clauses behind it as
    *later*, or makes them *doubtful*. *compared* is the year that others are compared with, or 0.
    """

    claims: tuple[int, ...] = ()
    period: bool = False
    spans: bool = False
    body: bool = False
    year: int = 0
    compared: int = 0
    part: bool = False
    vague: bool = False
    mixed: bool = False
    narrow: bool = False
    whole: bool = False
    later: int = 0
    doubtful: bool = False

    @property
    def elsewhere(self) -> bool:
        """Whether another time or body is spoken of."""
        return self.period or self.body or self.year != 0

    def following(self, tokens: Sequence[Token]) -> Sentence:
        """Return the state at the beginning of the next sentence, which has *tokens*."""
        continued = goes_on(tokens)
        period = self.year != 0 or self.spans or self.later != 0 or self.doubtful
        vague, narrow = self.vague and continued, self.narrow and continued
        return Sentence(period=period, body=self.body, spans=self.spans, vague=vague, narrow=narrow, part=continued)

    def behind_semicolon(self) -> Sentence:
        """Return the state of the same sentence behind a semicolon."""
        return Sentence(period=self.spans, body=self.body, spans=self.spans)

    def advance(self, tokens: Sequence[Token]) -> Sentence:
        """Settle which year, and which body, the figures of a clause of *tokens* and of the following are of."""
        counted = (index for index, token in enumerate(tokens) if token.kind == "num" and token.value)
        ahead = next(counted, len(tokens))
        kinds = {token.kind for token in tokens[:ahead]}
        year, period = self.year or self.later, self.period or self.doubtful
        spans, body, whole = self.spans, self.body, self.whole
        if "whole" in kinds:
            period, year, spans, whole = False, 0, False, True
        if "self" in kinds:
            body = False
        listed = "resp" in kinds
        years = [int(token.value) for token in tokens[:ahead] if token.kind == "year" and token.value]
        single = len(set(years)) == 1 and years[0] < 0
        period = period or (not listed and bool({"period", "years"} & kinds or (years and not single)))
        opening = {token.kind for token in _until_told(tokens)}
        body, spans = body or "body" in opening, spans or "period" in opening
        mixed = self.mixed and "whole" not in kinds
        now = (year, period, spans, body, whole, mixed, 0, False)
        found = self
        # Most clauses change nothing.
        if now != (self.year, self.period, self.spans, self.body, self.whole, self.mixed, self.later, self.doubtful):
            found = self._replace(
                year=year,
                period=period,
                spans=spans,
                body=body,
                whole=whole,
                mixed=mixed,
                later=0,
                doubtful=False,
            )
        if single and not listed and tokens[0].kind != "part":
            return found._year_before(kinds, years[0], figures=ahead < len(tokens))  # noqa: SLF001  # another of its kind
        return found

    def _year_before(self, kinds: set[str], year: int, *, figures: bool) -> Sentence:
        if "cmp" in kinds:
            return self._replace(compared=year)
        if figures:
            if not kinds & MEANINGFUL or "from" in kinds:
                return self
            # 2023年收到…，办结…: what follows is of that year, unless this year was told of before.
            return self._replace(doubtful=True) if self.claims else self._replace(later=year)
        if "whole" in kinds:
            return self
        return self._replace(year=year) if kinds <= _JUST_THE_YEAR else self._replace(vague=True)


class State(NamedTuple):
    """What has been read of a sentence: *units* of its first *frames*, and what they leave open."""

    passage: Passage
    form: Form
    vocabulary: Vocabulary
    context: Context
    sentence: Sentence
    frames: tuple[Frame, ...]
    units: tuple[Unit, ...] = ()

    @property
    def unit(self) -> Unit:
        """The unit read last."""
        return self.units[-1]

    def update(self, number: int, unit: Unit) -> State:
        """Put *unit* in the place of another."""
        units = (*self.units[:number], unit, *self.units[number + 1 :])
        return self._replace(units=units)
