"""Claims: figures that the prose states of something in the data, and the verdict whether they agree with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from nianbao.rules.figures import same_form
from nianbao.rules.text.quantities import Quantity
from nianbao.rules.wording import LONGEST, subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.model.report import Report
    from nianbao.prose.numerals import Numeral
    from nianbao.prose.passages import Passage
    from nianbao.reading.findings import Place
    from nianbao.reading.numbers import Number
    from nianbao.rules.rule import Case

# How many of a unit of the prose make one of the data's.
MONEY = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
# A figure with one other digit, or two that changed places, is a slip where it is no further off than this.
_NEAR = Decimal("0.25")
_LEAST = 10

# How much the words leave open: nothing; that a person has to look; that another figure may be meant, unless the
# two differ by a slip of the pen; that unknown words may narrow the figure, which then is no more than the whole;
# or everything, so that the claim can only be confirmed.
Weight = Literal["certain", "doubtful", "likely", "narrowed", "weak"]
# What the data say of a claim: None where they do not tell.
Verdict = Literal["kept", "wrong", "doubtful"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What words of *passage*, from *start* up to *end*, state: *value* is one of *options*, the likeliest first.

    The figure itself stands from *at* up to *until*. *year* is counted from that of the report: −1 is the
    year before. A *loose* claim may leave out what was carried in from the year before; one not above
    *within* may be a part of that only. Without *numeral* the words say that there was none, or that all
    were so. It says nothing unless its *ground* holds: 86件申请中，…. Where it is *undated*, the year before
    may be meant. A weak claim among *companions* of its sentence that agree with the data is likely of the same report.
    """

    passage: Passage
    start: int
    end: int
    at: int
    until: int
    value: Number
    options: tuple[Quantity, ...]
    numeral: Numeral | None
    weight: Weight = "certain"
    year: int = 0
    loose: bool = False
    within: Quantity | None = None
    ground: Claim | None = None
    undated: bool = False
    companions: tuple[Claim, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether the words can mean nothing else."""
        return self.weight == "certain"

    @property
    def exact(self) -> bool:
        """Whether no word makes the figure rough."""
        return self.numeral is None or self.numeral.exact

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
        return subject(self.passage.page, self.words[:LONGEST])

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
        return case.reports.get(case.report.year + self.year) if self.year else case.report

    def verdict(self, case: Case) -> Verdict | None:
        """Say whether the data have this figure; None where they do not tell."""
        report = self.report(case)
        if report is None:
            return None
        known = [self._same(option, report) for option in self.options]
        if True in known:
            return "kept"
        if self._of_something_else(report, case):
            return None
        if self.weight == "weak":
            return "doubtful" if self._mistaken(report, case) else None
        if None in known:
            return "wrong" if self.certain and self._too_few(report) else None
        return self._differing(report, case)

    def _differing(self, report: Report, case: Case) -> Verdict | None:
        """Return the verdict on a figure that none of the data agrees with."""
        if self._part_only(report):
            return None
        if self.loose and self._may_leave_out(report):
            return "doubtful" if self._leaves_out(report) is False else None
        if self.numeral is not None and self.numeral.rough in {"about", "near", "more"}:
            return "doubtful" if self.certain else None
        if self.certain and not self._with_carried_in(report):
            return "wrong"
        wholes = [option.value(report) for option in self.options]
        if self.weight == "narrowed":
            doubtful = self._slipped(wholes) or self._above(wholes)
        else:
            doubtful = self._slipped(wholes) if self.weight == "likely" else self._plausible(wholes)
            doubtful = doubtful or (self.weight == "doubtful" and (self._accompanied(case) or self._dropped(wholes)))
            doubtful = doubtful or self._exchanged(case) or self._mistaken(report, case)
        return "doubtful" if doubtful else None

    def _mistaken(self, report: Report, case: Case) -> bool:
        """Say whether a weak claim is off by what often goes wrong, where others beside it are of the data."""
        agreeing = sum(other.fits(case) for other in self.companions)
        if not self.exact or self.numeral is None or not agreeing:
            return False
        if self._carries(report):
            return False
        if self._exchanged(case):
            return True
        mixed = self.year or any(other.year for other in self.companions)
        before = None if mixed else case.reports.get(case.report.year - 1)
        stale = before is not None and self._same(self.quantity, before) is True and self.value != 0
        figures = [option.value(report) for option in self.options]
        return stale or self._slipped(figures) or (agreeing > 1 and not mixed and self._plausible(figures))

    def _exchanged(self, case: Case) -> bool:
        """Say whether this figure and another of its sentence are each the other's: 上年结转6件，结转下年4件."""
        return any(self._exchanged_with(other, case) for other in self.companions if other.year == self.year)

    def _exchanged_with(self, other: Claim, case: Case) -> bool:
        report = self.report(case)
        if report is None or not self.exact or not other.exact or self.value + other.value < _LEAST:
            return False
        mine, others = self.quantity.value(report), other.quantity.value(report)
        return mine != others and (self.value, other.value) == (others, mine)

    def _carries(self, report: Report) -> bool:
        """Say whether the figure is that of the table with or without what was carried in or out."""
        figure = self.quantity.value(report)
        carried = [Quantity((f"requests.{row}",)).value(report) for row in ("carried_in", "carried_out")]
        of_requests = self.quantity.paths[0].startswith("requests.")
        return of_requests and figure is not None and abs(self.value - figure) in carried

    def _accompanied(self, case: Case) -> bool:
        """Say whether what the words name of the same table elsewhere in the sentence is as in the data."""
        table = self.quantity.paths[0].partition(".")[0]
        alike = (other for other in self.companions if other.quantity.paths[0].startswith(f"{table}."))
        return self.exact and self.numeral is not None and any(other.fits(case) for other in alike)

    def fits(self, case: Case) -> bool:
        """Say whether the figure is by its value alone that of the data."""
        report = self.report(case)
        telling = self.exact and self.value >= _LEAST and report is not None
        return telling and report is not None and any(self._same(option, report) for option in self.options)

    def _of_something_else(self, report: Report, case: Case) -> bool:
        """Say whether the figure is of other requests than its ground, of another year, or of other cells."""
        groundless = self.ground is not None and self.ground.verdict(case) != "kept"
        incomparable = self.year != 0 and not self.comparable(report, case)
        return groundless or incomparable or (self.undated and self._of_year_before(case))

    def _of_year_before(self, case: Case) -> bool:
        """Say whether the report of the year before has the figure, or there is none."""
        before = case.reports.get(case.report.year - 1)
        return before is None or any(self._same(option, before) for option in self.options)

    def agrees(self, case: Case) -> bool | None:
        """Say whether the data have this figure; None where they do not tell, or a person has to look."""
        return {"kept": True, "wrong": False}.get(self.verdict(case) or "")

    def _same(self, quantity: Quantity, report: Report) -> bool | None:
        figure = quantity.value(report)
        if figure is None:
            return None
        scale = self._scale(quantity.unit(report))
        if scale is None:
            return None
        printed = quantity.printed(report)
        if self.numeral is not None and not self.exact:
            return any(self.numeral.may_be(Decimal(one) / scale) for one in (figure, printed) if one is not None)
        stated = Decimal(self.value) * scale
        if stated in {figure, printed}:
            return True
        whole = scale == 1 and isinstance(self.value, int) and isinstance(figure, int)
        return False if whole else self._rounded(Decimal(figure) / scale)

    def _rounded(self, figure: Decimal) -> bool | None:
        """Return None where the amount is *figure* with fewer places: that is neither wrong nor exact."""
        decimals = self.numeral.decimals if self.numeral is not None else 0
        step = Decimal(1).scaleb(-decimals)
        if self.numeral is not None and not self.numeral.digits and self.numeral.unit == "元":
            step = max(step, *(whole for whole in MONEY.values() if not self.value % whole))  # 三千一百七十五万元
        return None if abs(figure - Decimal(self.value)) < step else False

    def _too_few(self, report: Report) -> bool:
        """Say whether the figure is less than what can be read of every option, of which some are unknown."""
        scales = [self._scale(option.unit(report)) for option in self.options]
        unread = any(option.value(report) is None for option in self.options)
        return (self.exact and unread) and all(
            scale is not None and Decimal(self.value) * scale < option.least(report)
            for option, scale in zip(self.options, scales, strict=True)
        )

    def _slipped(self, figures: Sequence[Number | None]) -> bool:
        """Say whether the figure is one of the data with a slip of a digit."""
        if not self.exact or None in figures:
            return False
        stated = self.value
        if self.quantity.money:  # 3000元 for 300元, 3000元 for 3000万元: no other amount of the kind is so written.
            return any(figure and stated in {figure, 10 * figure, figure / 10} for figure in figures)
        return isinstance(stated, int) and any(_slip(stated, int(figure)) for figure in figures if figure is not None)

    def _dropped(self, figures: Sequence[Number | None]) -> bool:
        """Say whether the figure is one of the data without one of its digits: 九件 for 十九件."""
        if not self.exact or self.numeral is None or not isinstance(self.value, int) or not self.value:
            return False
        written = [str(figure) for figure in figures if isinstance(figure, int)]
        shorter = {one[:place] + one[place + 1 :] for one in written for place in range(len(one)) if len(one) > 1}
        return str(self.value) in shorter

    def _above(self, figures: Sequence[Number | None]) -> bool:
        """Say whether a figure that may be a part of the whole is above it, but still of its size."""
        wholes = [figure for figure in figures if figure is not None]
        least = self.exact or (self.numeral is not None and self.numeral.rough == "over")
        return least and len(wholes) == len(figures) and max(wholes) < self.value <= 2 * max(wholes)

    def _plausible(self, figures: Sequence[Number | None]) -> bool:
        """Say whether the figure is of the size of one in the data, so that it may be meant for that."""
        if self.numeral is None:
            return True
        sizes = [(min(self.value, figure), max(self.value, figure)) for figure in figures if figure is not None]
        return any(larger < _LEAST or larger <= 2 * smaller for smaller, larger in sizes)

    def _with_carried_in(self, report: Report) -> bool:
        """Say whether the figure of what was received includes what was carried in."""
        path = self.quantity.call
        if self.numeral is None or not path.startswith("requests.received"):
            return False
        both = Quantity((path, path.replace("received", "carried_in", 1))).value(report)
        return both is not None and both == self.value

    def _scale(self, unit: str) -> Decimal | None:
        written = self.numeral.unit if self.numeral is not None else ""
        if written in MONEY and unit in MONEY:
            return MONEY[written] / MONEY[unit]
        return None if written in MONEY or (unit in MONEY and self.value) else Decimal(1)

    def comparable(self, other: Report, case: Case) -> bool:
        """Say whether both editions of the form count alike; of the table of section 2 that is not certain."""
        first = self.quantity.paths[0].partition(".")[0]
        return first != "disclosure" or same_form(case.report, other)

    def fitting(self, case: Case) -> Quantity:
        """Return what the figure is of: the option that agrees with the data, or else the likeliest."""
        report = self.report(case)
        agreeing = (option for option in self.options if report is not None and self._same(option, report))
        return next(agreeing, self.quantity)

    def figure(self, case: Case) -> Number | None:
        """Return the figure in the unit of the data, exactly where the data have it; None where a unit does not fit."""
        report = self.report(case) or case.report
        if self.verdict(case) == "kept":
            fitting = (option.value(report) for option in self.options if self._same(option, report))
            return next(fitting)
        rough = (option.value(report) for option in self.options if self._same(option, report) is None)
        near = next((figure for figure in rough if figure is not None), None)
        if near is not None and self.quantity.money:
            return near  # 2.42亿元 is told of a figure that the data have with all its places.
        scale = self._scale(self.quantity.unit(report))
        return None if scale is None else self.value if scale == 1 else Decimal(self.value) * scale

    def _may_leave_out(self, report: Report) -> bool:
        """Say whether the figure fits once some of what was carried in is left out."""
        whole, carried = self.quantity.value(report), self._carried_in(report)
        return whole is None or carried is None or whole - min(whole, carried) <= self.value <= whole

    def _leaves_out(self, report: Report) -> bool | None:
        """Say whether the figure leaves out just what was carried in, most often all answered; None for unknown."""
        whole, carried = self.quantity.value(report), self._carried_in(report)
        return None if whole is None or carried is None else self.value == whole - carried

    def _carried_in(self, report: Report) -> Number | None:
        paths = self.quantity.paths
        column = next((path for path in (".natural_person", ".organizations") if path in paths[0]), "")
        return Quantity((f"requests.carried_in{column}",)).value(report)

    def _part_only(self, report: Report) -> bool:
        whole = self.within.value(report) if self.within is not None else 0
        return self.within is not None and (whole is None or self.value <= whole)

    def expected(self, case: Case) -> str:
        """Return what the data have instead, with its name and place."""
        report = self.report(case) or case.report
        whose = f"{report.year} 年报告的表中" if self.year else "数据中" if self._outside else "表中"
        return f"{whose}{self.quantity.told(report)}"

    @property
    def _outside(self) -> bool:
        return "." not in self.quantity.paths[0] or self.quantity.paths[0].startswith("items.")

    def advice(self, case: Case) -> str:
        """Return what to write instead of a typed figure; nothing where no single macro gives it."""
        call = self._macro(self.report(case))
        return f"；请改正，数字请用 {call} 取得" if call and self.numeral is not None else "；请核对后改正"

    def _macro(self, report: Report | None) -> str:
        """Return the macro that gives the figure of *report*, empty where none does."""
        path = report.form.current(self.quantity.call) if report is not None else ""
        if not path:
            return ""
        return f'{{{{ figure("{path}", {self.year}) }}}}' if self.year else f'{{{{ figure("{path}") }}}}'

    def given(self, case: Case) -> str:
        """Return the macro that would write just this figure; empty where none does."""
        report = self.report(case)
        if report is None or self.numeral is None:
            return ""
        for option in self.options:
            figure = option.value(report)
            if option.call and figure is not None and figure == self.value and option.printed(report) is None:
                return replace(self, options=(option,))._macro(report)  # noqa: SLF001  # another of its kind
        return ""

    def shown(self) -> str:
        """Return the words quoted for a message, never longer than a line."""
        words = " ".join(self.words.split())
        return f"“{words[:LONGEST]}…”" if len(words) > LONGEST else f"“{words}”"


def _slip(stated: int, figure: int) -> bool:
    """Say whether two numbers differ by one digit, or by two that changed places, and not by much."""
    one, other = str(stated), str(figure)
    if stated == figure or min(stated, figure) < _LEAST or len(one) != len(other):
        return False
    apart = sum(left != right for left, right in zip(one, other, strict=True))
    turned = sorted(one) == sorted(other) and apart == 2  # noqa: PLR2004  # a pair
    return (apart == 1 or turned) and abs(stated - figure) <= _NEAR * figure
