"""Claims: figures that the prose states of something in the data, and whether they agree with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from nianbao.rules.figures import same_form

if TYPE_CHECKING:
    from nianbao.model.report import Report
    from nianbao.prose.numerals import Numeral
    from nianbao.prose.passages import Passage
    from nianbao.reading.findings import Place
    from nianbao.reading.numbers import Number
    from nianbao.rules.rule import Case
    from nianbao.rules.text.quantities import Quantity

# How many of a unit of the prose make one of the data's.
_MONEY = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
_LONGEST_WORDS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What words of *passage*, from *start* up to *end*, state: *value* is one of *options*, the likeliest first.

    The figure itself stands from *at* up to *until*. A claim is *certain* where the words can mean
    nothing else; an uncertain one only confirms. A *past* one is of the year before. A *loose* one may
    leave out what was carried in from the year before; one not above *within* may be a part of that
    only. Without *numeral* the words say that there was none, or that all were so.
    """

    passage: Passage
    start: int
    end: int
    at: int
    until: int
    value: Number
    options: tuple[Quantity, ...]
    numeral: Numeral | None
    certain: bool = True
    past: bool = False
    loose: bool = False
    within: Quantity | None = None

    @property
    def words(self) -> str:
        """The words of the page."""
        return self.passage.text[self.start : self.end]

    @property
    def place(self) -> Place:
        """Where the figure stands, or the words that say there was none."""
        return self.passage.place(self.at)

    @property
    def subject(self) -> str:
        """The page and the words, by which a waiver names this."""
        return f"{self.passage.page.name}：{self.words[:_LONGEST_WORDS]}"

    @property
    def typed(self) -> bool:
        """Whether the figure was typed in Arabic digits, where a macro could give it."""
        digits = self.numeral is not None and self.numeral.digits
        return digits and self.passage.is_typed(self.at, self.until)

    @property
    def quantity(self) -> Quantity:
        """What the figure most likely is of."""
        return self.options[0]

    def report(self, case: Case) -> Report | None:
        """Return the report that has the figure."""
        return case.previous if self.past else case.report

    def agrees(self, case: Case) -> bool | None:
        """Say whether the data have this figure; None where they do not tell."""
        report = self.report(case)
        if report is None:
            return None
        known = [self._same(option, report) for option in self.options]
        if True in known:
            return True
        if None in known or not self.certain or (self.past and not self.comparable(case)):
            return None
        return None if (self.loose and self._left_out(report)) or self._part_only(report) else False

    def _same(self, quantity: Quantity, report: Report) -> bool | None:
        figure = quantity.value(report)
        if figure is None:
            return None
        scale = self._scale(quantity.unit(report))
        if scale is None:
            return None
        stated = Decimal(self.value) * scale
        if stated in {figure, quantity.printed(report)}:
            return True
        whole = scale == 1 and isinstance(self.value, int) and isinstance(figure, int)
        return False if whole else self._rounded(Decimal(figure) / scale)

    def _rounded(self, figure: Decimal) -> bool | None:
        """Return None where the amount is *figure* with fewer places: that is neither wrong nor exact."""
        decimals = self.numeral.decimals if self.numeral is not None else 0
        step = Decimal(1).scaleb(-decimals)
        return None if abs(figure - Decimal(self.value)) < step else False

    def _scale(self, unit: str) -> Decimal | None:
        written = self.numeral.unit if self.numeral is not None else ""
        if written in _MONEY and unit in _MONEY:
            return _MONEY[written] / _MONEY[unit]
        return None if written in _MONEY or (unit in _MONEY and self.value) else Decimal(1)

    def comparable(self, case: Case) -> bool:
        """Say whether both editions of the form count alike; of the table of section 2 that is not certain."""
        first = self.quantity.paths[0].partition(".")[0]
        return case.previous is not None and (first != "disclosure" or same_form(case.report, case.previous))

    def _left_out(self, report: Report) -> bool:
        """Say whether the figure fits once some of what was carried in is left out."""
        whole = self.quantity.value(report)
        paths = self.quantity.paths
        column = next((path for path in (".natural_person", ".organizations") if path in paths[0]), "")
        carried = self.quantity.__class__((f"requests.carried_in{column}",)).value(report)
        return whole is None or carried is None or whole - min(whole, carried) <= self.value <= whole

    def _part_only(self, report: Report) -> bool:
        whole = self.within.value(report) if self.within is not None else 0
        return self.within is not None and (whole is None or self.value <= whole)

    def expected(self, case: Case) -> str:
        """Return what the data have instead, with its name and place."""
        report = self.report(case) or case.report
        whose = f"{report.year} 年报告的表中" if self.past else "数据中" if self._outside else "表中"
        return f"{whose}{self.quantity.name(report)}是 {self.quantity.shown(report)}"

    @property
    def _outside(self) -> bool:
        return "." not in self.quantity.paths[0] or self.quantity.paths[0].startswith("items.")

    def advice(self) -> str:
        """Return what to write instead of a typed figure; nothing where no single macro gives it."""
        call = self.macro
        return f"；请改正，数字请用 {call} 取得" if call and self.numeral is not None else "；请核对后改正"

    @property
    def macro(self) -> str:
        """The macro that gives the figure, empty where none does."""
        path = self.quantity.call
        if not path:
            return ""
        return f'{{{{ figure("{path}", -1) }}}}' if self.past else f'{{{{ figure("{path}") }}}}'

    def given(self, case: Case) -> str:
        """Return the macro that would write just this figure; empty where none does."""
        report = self.report(case)
        if report is None or self.numeral is None:
            return ""
        for option in self.options:
            figure = option.value(report)
            if option.call and figure is not None and figure == self.value and option.printed(report) is None:
                return replace(self, options=(option,)).macro
        return ""

    def shown(self) -> str:
        """Return the words quoted for a message, never longer than a line."""
        words = " ".join(self.words.split())
        return f"“{words[:_LONGEST_WORDS]}…”" if len(words) > _LONGEST_WORDS else f"“{words}”"
