"""What earlier words leave open for later ones: within a passage, and within a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nianbao.rules.text.vocabulary import MEANINGFUL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.rules.text.units import Unit
    from nianbao.rules.text.vocabulary import Token

# Rows of the table of section 3 that applicants divide.
WHOLE_ROWS = frozenset({"received", "carried_in", "results.total", "carried_out"})

# Kinds of words before which a clause names its time and body.
_OPENING = frozenset({"fill", "whole", "year", "self", "body", "period"})
_JUST_THE_YEAR = frozenset({"year", "same", "fill", "self", "and"})


def goes_on(tokens: Sequence[Token]) -> bool:
    """Say whether a sentence divides what was told before: 其中……."""
    return bool(tokens) and (tokens[0].kind, tokens[0].value) == ("part", "of")


@dataclass(slots=True)
class Context:
    """What is spoken of in a passage. *location* is where it stands.

    Figures without a noun are of requests while *open*, results without one while *near*. *about*
    tells that cases are those over disclosure. *row* was told last, *inside* is the row that is being
    broken down, for the applicants of *column* where they are named, *rows* are the whole rows of the
    sentence and *told* all paths of the passage.
    """

    location: str
    open: bool = False
    near: bool = False
    about: bool = False
    row: str = ""
    inside: str = ""
    column: str = ""
    topics: tuple[str, ...] = ()
    doc: str = ""
    rows: tuple[str, ...] = ()
    told: set[str] = field(default_factory=set)

    def begin(self, tokens: Sequence[Token]) -> None:
        """Settle what a new sentence of *tokens* is about."""
        if not goes_on(tokens):
            self.leave()
        documents = {token.value.rstrip("?") for token in tokens if token.kind == "doc"}
        self.near = self.location == "requests"
        self.doc = documents.pop() if len(documents) == 1 else ""
        explicit = any(token.kind == "noun" and token.value == "explicit" for token in tokens)
        self.about = self.about or explicit or any(token.kind == "about" for token in tokens)

    def enter(self, row: str) -> None:
        """Go on with *row*, if there is one."""
        self.row = row or self.row
        if row in WHOLE_ROWS:
            self.rows = (*(other for other in self.rows if other != row), row)

    def divide(self) -> None:
        """Go on to parts of what was told: of the last row, or of all where what was carried in came last."""
        both = self.row == "carried_in" and "received" in self.rows
        self.inside = "" if both else self.row

    def leave(self) -> None:
        """Forget the rows of a sentence."""
        self.row = self.inside = self.column = ""
        self.rows = ()

    def close(self) -> None:
        """Forget what figures without a noun could be of: something else is spoken of."""
        self.leave()
        self.open = self.near = False
        self.topics, self.doc = (), ""

    @property
    def loose(self) -> bool:
        """Whether results may leave out what was carried in: only what was received has been told."""
        return self.inside == "received" or ("received" in self.told and "carried_in" not in self.told)


@dataclass(slots=True)
class Sentence:
    """What holds within one sentence.

    *claims* are units with claims of this year, *labels* words since the last figure. A *period* of
    the year, another *body* or the *past* year is spoken of; *spans* tells that the period holds
    beyond the sentence. *part* tells that parts of a figure are named, *vague* that a figure of
    something else was told, *whole* that the year is named. *later* is what a year in a clause with
    figures makes of the clauses behind it.
    """

    units: list[Unit] = field(default_factory=list)
    claims: list[Unit] = field(default_factory=list)
    labels: tuple[Token, ...] = ()
    period: bool = False
    spans: bool = False
    body: bool = False
    past: bool = False
    compared: bool = False
    part: bool = False
    vague: bool = False
    whole: bool = False
    later: str = ""

    @property
    def elsewhere(self) -> bool:
        """Whether another time or body is spoken of."""
        return self.period or self.body or self.past

    def following(self, tokens: Sequence[Token]) -> Sentence:
        """Return the state at the beginning of the next sentence, which has *tokens*."""
        continued = goes_on(tokens)
        period = self.past or self.spans or bool(self.later)
        vague = self.vague and continued
        return Sentence(period=period, body=self.body, spans=self.spans, vague=vague, part=continued)

    def behind_semicolon(self) -> Sentence:
        """Return the state of the same sentence behind a semicolon."""
        return Sentence(units=self.units, period=self.spans, body=self.body, spans=self.spans)

    def advance(self, tokens: Sequence[Token]) -> None:
        """Settle which year, and which body, the figures of a clause of *tokens* and of the following are of."""
        counted = (index for index, token in enumerate(tokens) if token.kind == "num" and token.value)
        ahead = next(counted, len(tokens))
        kinds = {token.kind for token in tokens[:ahead]}
        self.past, self.period = self.past or self.later == "past", self.period or self.later == "doubt"
        self.later = ""
        if "whole" in kinds:
            self.period = self.past = self.spans = False
            self.whole = True
        if "self" in kinds:
            self.body = False
        years = [token.value for token in tokens[:ahead] if token.kind == "year"]
        if "period" in kinds or any(year != "-1" for year in years):
            self.period = True
        if years and tokens[0].kind != "part":
            self._year_before(kinds, figures=ahead < len(tokens))
        for token in tokens:
            self.body = self.body or token.kind == "body"
            self.spans = self.spans or token.kind == "period"
            if token.kind not in _OPENING:
                break

    def _year_before(self, kinds: set[str], *, figures: bool) -> None:
        if "cmp" in kinds:
            self.compared = True
        elif figures:
            if kinds & MEANINGFUL and "from" not in kinds:
                # 2023年收到…，办结…: what follows is of that year, unless this year was told of before.
                self.later = "doubt" if self.claims else "past"
        elif "whole" not in kinds:
            plainly = kinds <= _JUST_THE_YEAR
            self.past, self.vague = self.past or plainly, self.vague or not plainly
