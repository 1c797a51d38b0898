"""An import judged before anything is written: what its text states of the figures, and what the rules find."""

from __future__ import annotations

import re
import tempfile
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from nianbao.importing.page_sources import Given
from nianbao.model.dataset import drafts_of
from nianbao.model.report import plain
from nianbao.model.report_reader import read_report
from nianbao.prose.reading import PageReader
from nianbao.reading.findings import Findings
from nianbao.reading.refusal import refuse
from nianbao.rules.checking import check
from nianbao.rules.registry import ALL_RULES
from nianbao.rules.rule import Case
from nianbao.rules.text.statements import statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.importing.page_sources import PageSource
    from nianbao.model.agency import Agency
    from nianbao.model.dataset import Dataset
    from nianbao.model.report import Report
    from nianbao.prose.passages import PageText, YearText
    from nianbao.reading.findings import Finding
    from nianbao.reading.numbers import Number
    from nianbao.rules.text.claims import Claim

# A figure with whatever is part of it: one with thousands apart is no plain number, and stays as it was typed.
_DIGITS = re.compile(r"[0-9]+(?:[.,，][0-9]+)*")
# Families of rules whose findings an original can be the cause of.
_PRINTED = frozenset({"S", "T2", "T3", "T4", "X"})


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Years of a body, known from *dataset*, on which reports and pages are tried in a folder of their own."""

    dataset: Dataset
    agency: Agency

    def report(self, year: int, text: str) -> Report:
        """Return the report that the data file *text* holds. Raises RefusedError where the reader would refuse it."""
        findings = Findings()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{year}.yml"
            path.write_text(text, encoding="utf-8")
            report = read_report(path, f"data/{year}.yml", self.dataset.forms_by_name, self.agency, findings)
        if report is None:
            refuse("读入的内容写不成数据文件，没有写入任何内容", findings.sorted())
        return report

    def stated(self, report: Report, pages: Sequence[PageSource], quantity: str) -> Number | None:
        """Return the figure of *quantity*, an address without rows, that the text of *pages* states with certainty."""
        found = set()
        for claim in self._claims(report, {page.name: page.text() for page in pages}):
            if claim.quantity.paths == (quantity,) and claim.certain and claim.exact and not claim.year:
                found.add(claim.figure(self._case(report, None)))
        return found.pop() if len(found) == 1 else None

    def texts(self, report: Report, pages: Sequence[PageSource]) -> Mapping[str, str]:
        """Return *pages* by name with macros for those figures of the text that the data have.

        A page that would not read the same with them keeps its figures as they were typed.
        """
        typed = {page.name: page.text() for page in pages}
        given: dict[str, dict[int, list[Given]]] = defaultdict(lambda: defaultdict(list))
        read = self._read(report, typed)
        case = self._case(report, read)
        numbers = {page.name: _numbers(page, read.pages.get(page.name)) for page in pages}
        for claim in self._stated(case):
            name, number = claim.passage.page.name, numbers[claim.passage.page.name].get(id(claim.passage))
            call = claim.given(case) if _certain(claim, case) else ""
            digits = _DIGITS.match(claim.passage.text, claim.at, claim.until)
            if call and number is not None and digits is not None and digits[0] == plain(claim.value):
                given[name][number].append(Given(at=digits.start(), until=digits.end(), call=call))
        for found in given.values():
            for one in found.values():
                one.sort(key=lambda each: each.at)
        texts = {page.name: page.text(given.get(page.name)) for page in pages}
        again = self._read(report, texts)
        same = {name: _said(again.pages.get(name)) == _said(read.pages.get(name)) for name in texts}
        return MappingProxyType({name: text if same[name] else typed[name] for name, text in texts.items()})

    def printed_faults(self, report: Report, texts: Mapping[str, str]) -> tuple[Finding, ...]:
        """Return the errors that the rules find in what was read, and that a waiver can let stand."""
        read = self._read(report, texts)
        dataset = self._with(report)
        waivable = {rule.code for rule in ALL_RULES if rule.waivable and rule.family in _PRINTED}
        errors = check(dataset, {report.year: read}, years=[report.year]).errors()
        return tuple(finding for finding in errors if finding.rule in waivable)

    def _stated(self, case: Case) -> Iterator[Claim]:
        for statement in statements(case):
            yield from (unit.claim for unit in statement.units if unit.claim is not None)

    def _claims(self, report: Report, texts: Mapping[str, str]) -> Iterator[Claim]:
        yield from self._stated(self._case(report, self._read(report, texts)))

    def _with(self, report: Report) -> Dataset:
        reports = MappingProxyType({**self.dataset.reports, report.year: report})
        years = tuple(sorted({*self.dataset.years, report.year}))
        return replace(self.dataset, reports=reports, years=years, drafts=drafts_of(reports))

    def _case(self, report: Report, pages: YearText | None) -> Case:
        dataset = self._with(report)
        return Case(
            report=report,
            reports=dataset.reports,
            years=dataset.years,
            agency=self.agency,
            profile=dataset.profile,
            pages=pages,
        )

    def _read(self, report: Report, texts: Mapping[str, str]) -> YearText:
        """Return what pages with these *texts* say."""
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            docs = root / "docs" / str(report.year)
            docs.mkdir(parents=True)
            for name, text in texts.items():
                (docs / name).write_text(text, encoding="utf-8")
            read = PageReader(self._with(report), root, root / "data", root / "docs").year(report)
        if read is None:
            raise LookupError(report.year)
        return read


def _certain(claim: Claim, case: Case) -> bool:
    return claim.certain and claim.exact and claim.typed and claim.agrees(case) is True


def _numbers(page: PageSource, text: PageText | None) -> dict[int, int]:
    """Return which of the words of *page* each passage of its *text* is, by the identity of the passage."""
    found: dict[int, int] = {}
    passages = text.passages if text is not None else ()
    position = 0
    for number, words in enumerate(page.words):
        own = next((at for at in range(position, len(passages)) if passages[at].text == words.text), None)
        if own is not None:
            found[id(passages[own])] = number
            position = own + 1
    return found


def _said(text: PageText | None) -> list[str] | None:
    return [passage.text for passage in text.passages] if text is not None else None
