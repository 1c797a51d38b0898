"""What a rule is, what it reads and what it may find."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Flag, auto
from functools import cache
from typing import TYPE_CHECKING

from nianbao.pages.memo import Memo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from nianbao.model.agency import Agency
    from nianbao.model.form import Table
    from nianbao.model.profile import Profile
    from nianbao.model.report import Report
    from nianbao.prose.passages import YearText
    from nianbao.reading.findings import Place

# The basis of rules that follow from the form: the notices with which the editions were issued.
PRINTED_FORM = "国办公开办函〔2021〕30号、〔2019〕60号所附格式"


class Reads(Flag):
    """What a rule reads, each by the attribute of `Case` that holds it; the report that it judges is always read."""

    REPORT = 0
    PREVIOUS = auto()
    REPORTS = auto()
    NEWEST = auto()
    YEARS = auto()
    AGENCY = auto()
    PROFILE = auto()
    PAGES = auto()
    PREVIOUS_PAGES = auto()
    CHANGES = auto()

    @property
    def attribute(self) -> str:
        """The attribute of `Case` that a single member stands for."""
        return str(self.name).lower()


class NoTableError(LookupError):
    """The form of the report has no such table: rules for it do not apply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What rules judge: one *report* among all *reports* of its *agency*, its *pages* and those of the year before.

    *previous* is the report of the year before, *newest* the latest year with a report, *years* are those
    with a data file, read or at fault. *pages* is None where only data are checked, *previous_pages* where
    the year before has no pages. *changes* tells what has changed since publication, and is None where the
    report is not frozen. *memo* keeps what several rules read of the case, by a type of its own.
    """

    report: Report
    reports: Mapping[int, Report]
    years: tuple[int, ...]
    agency: Agency
    profile: Profile
    pages: YearText | None = None
    previous_pages: YearText | None = None
    changes: tuple[Fault, ...] | None = None
    previous: Report | None = field(init=False)
    newest: int = field(init=False)
    memo: Memo = field(default_factory=Memo, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "previous", self.reports.get(self.report.year - 1))
        object.__setattr__(self, "newest", max(self.reports))

    def limited(self, reads: Reads) -> Case:
        """Return the case with its report and what *reads* names; to ask it for more raises AttributeError."""
        case = object.__new__(Case)
        for name in _attributes(reads):
            object.__setattr__(case, name, getattr(self, name))
        object.__setattr__(case, "memo", Memo())
        return case

    def table(self, id: str) -> Table:  # noqa: A002  # the field's own word
        """Return a table of the report's form. Raises NoTableError where a portal's own variant has it not."""
        table = self.report.form.table(id)
        if table is None:
            raise NoTableError(id)
        return table


@cache
def _attributes(reads: Reads) -> tuple[str, ...]:
    """Return the attributes of `Case` that what *reads* names stands for."""
    return "report", *(part.attribute for part in reads)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """The rule is broken at *place*. *subject* is a stable name of what it is about, for waivers.

    A *reason* that the report itself gives in a field of its own lets it stand as a waiver does.
    """

    place: Place
    message: str
    subject: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsReview:
    """The program cannot judge; *message* says what a person must look at."""

    place: Place
    message: str
    subject: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The rule was confirmed in *count* places, *entered* of them totals that were typed as the original has them."""

    count: int = 1
    entered: int = 0


@dataclass(frozen=True, slots=True)
class Inapplicable:
    """The rule has nothing to say of this report, for the *reason* given."""

    reason: str


Outcome = Fault | NeedsReview | Confirmed | Inapplicable


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule. *code* is permanent and never used again; *hard* rules stop publication.

    *statement* is one Chinese sentence, *basis* the law, notice, printed form or practice behind it.
    *check* yields outcomes for a case, which offers it the report and what it *reads*; none at all means
    that there was nothing to confirm. One that is not *waivable* always counts.
    """

    code: str
    hard: bool
    statement: str
    basis: str
    check: Callable[[Case], Iterable[Outcome]]
    reads: Reads = Reads.REPORT
    waivable: bool = True

    @property
    def prose(self) -> bool:
        """Whether it reads the pages, and so is silent where a report has none."""
        return Reads.PAGES in self.reads

    @property
    def family(self) -> str:
        """The letter, and digit, before the hyphen."""
        return self.code.partition("-")[0]


FAMILIES = {
    "S": "结构和格式",
    "T2": "第二部分的表",
    "T3": "第三部分的表",
    "T4": "第四部分的表",
    "X": "文字与表格",
    "Q": "文字质量",
    "L": "本地要求",
    "P": "公布",
    "W": "豁免",
}
