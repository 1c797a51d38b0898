"""One agency judged: small values that another process can send back."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter, deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from nianbao.exports.printable import with_unprintable
from nianbao.lifecycle.changes import published_changes
from nianbao.lifecycle.numbers import number_from
from nianbao.model.dataset import read_dataset
from nianbao.reading.disk import failure
from nianbao.reading.findings import most_serious_first
from nianbao.rules.judging import judge_dataset

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from multiprocessing.synchronize import Event

    from nianbao.model.dataset import Dataset
    from nianbao.model.project import Project
    from nianbao.reading.findings import Finding
    from nianbao.rules.checking import Result
    from nianbao.rules.judging import Judged


# Projects that a process is handed at once: enough that handing over counts for little.
_CHUNK = 32

# Chunks under way for each process. What is done waits in memory for those before it.
_AHEAD = 3


class ProjectFailedError(Exception):
    """The program, not the report, is at fault; the text names the agency's folder, the cause is what happened."""


def check_projects(projects: Sequence[Project], processes: int | None = None) -> Generator[ProjectResult, None, None]:
    """Yield the result of each of *projects* in their order, the same for any number of *processes*.

    Without a number all cores that this process may use are at work. An error of the program ends
    the run as ProjectFailedError.
    """
    processes = min(processes or _cores(), len(projects))
    if processes <= 1:
        yield from _check_all(projects)
        return
    size = max(1, min(_CHUNK, len(projects) // (processes * _AHEAD)))
    chunks = (projects[start : start + size] for start in range(0, len(projects), size))
    stop = multiprocessing.Event()
    executor = ProcessPoolExecutor(processes, initializer=_Worker.start, initargs=(stop,))
    try:
        under_way: deque[Future[list[ProjectResult]]] = deque()
        for chunk in chunks:
            under_way.append(executor.submit(_listed, chunk))
            if len(under_way) >= processes * _AHEAD:
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()
    finally:
        # Whatever ends the run, an interrupt too, is waited for no longer than one project takes. A process that is
        # killed may leave half a result behind, and who reads it would wait for the rest for ever.
        stop.set()
        executor.shutdown(cancel_futures=True)


def _cores() -> int:
    """Return how many cores this process may use, which in a container can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Worker:
    """One of the processes. *stop* is set once nobody wants its results any more."""

    stop: Event

    @classmethod
    def start(cls, stop: Event) -> None:
        """Leave it to the process that reads the results to tell of an interrupt."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        cls.stop = stop


def _listed(projects: Sequence[Project]) -> list[ProjectResult]:
    return list(takewhile(lambda _: not _Worker.stop.is_set(), _check_all(projects)))


def _check_all(projects: Sequence[Project]) -> Iterator[ProjectResult]:
    """Yield the result of each of *projects*."""
    known: dict[RuleResult, RuleResult] = {}
    for project in projects:
        try:
            result = check_project(project)
        except Exception as error:
            if isinstance(error, OSError) and failure(error) is not None:
                raise
            message = f"检查 {project.data} 时程序出错"
            raise ProjectFailedError(message) from error
        # Most reports give the same: what rules gave is kept, and sent to another process, but once.
        years = {year: tuple(known.setdefault(rule, rule) for rule in rules) for year, rules in result.years.items()}
        yield replace(result, years=years)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """What a rule gave for one report: its *state* (see `nianbao.rules.checking.RESULTS`) and counts."""

    rule: str
    state: str
    confirmed: int
    reason: str = ""
    entered: int = 0
    waived: tuple[tuple[Finding, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectResult:
    """What was found at one project, most serious first, and what every rule gave for each year.

    *numbers* are the check numbers of the years that were asked for by name.
    """

    agency: str
    data: str
    findings: tuple[Finding, ...]
    years: Mapping[int, tuple[RuleResult, ...]] = field(default_factory=dict)
    numbers: Mapping[int, str] = field(default_factory=dict)

    @property
    def confirmed(self) -> Counter[str]:
        """How many places each rule was confirmed in."""
        counts: Counter[str] = Counter()
        for results in self.years.values():
            counts.update({result.rule: result.confirmed for result in results if result.confirmed})
        return counts


def check_project(project: Project) -> ProjectResult:
    """Read the data and pages of *project* and judge them; with years, only what concerns them is told."""
    return result_of(project, *judge_project(project))


def judge_project(project: Project) -> tuple[Dataset, Judged]:
    """Read the data and pages of *project* and judge them."""
    dataset = read_dataset(project.root, project.data)
    judged = judge_dataset(dataset, project, published_changes(project.data, project.docs, dataset))
    return dataset, with_unprintable(judged, dataset, project)


def result_of(project: Project, dataset: Dataset, judged: Judged) -> ProjectResult:
    """Return what was found at *project*, and what every rule gave."""
    unfit = project.configuration.unfit if project.configuration is not None else ()
    found = (*unfit, *dataset.findings, *judged.mistakes, *judged.doubts)
    own = [finding for finding in found if _concerns(finding, project, dataset)]
    findings = sorted({*own, *judged.checked.findings()}, key=most_serious_first)
    return ProjectResult(
        agency=dataset.agency.id if dataset.agency is not None else "",
        data=project.data.as_posix(),
        findings=tuple(findings),
        years={year: tuple(map(_small, results)) for year, results in judged.checked.results.items()},
        numbers=dict(_numbers(project, dataset, judged)),
    )


def _numbers(project: Project, dataset: Dataset, judged: Judged) -> Iterator[tuple[int, str]]:
    """Yield the check numbers of the years that *project* names: what is approved before it is published."""
    for year in sorted(project.years & dataset.reports.keys()):
        number = number_from(dataset.reports[year], judged.texts.get(year), project.docs)
        if number:
            yield year, number


def _concerns(finding: Finding, project: Project, dataset: Dataset) -> bool:
    """Say whether a mistake of a file concerns the chosen years: that of another year's own file does not."""
    others = {str(year) for year in dataset.years} - {str(year) for year in project.years}
    parts = finding.place.file.replace(".yml", "").split("/")
    return not project.years or not others & set(parts)


def _small(result: Result) -> RuleResult:
    return RuleResult(
        rule=result.rule.code,
        state=result.state,
        confirmed=result.confirmed,
        reason=result.reason,
        entered=result.entered,
        waived=tuple((waived.finding, waived.waiver.reason) for waived in result.waived),
    )
