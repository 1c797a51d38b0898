"""Many agencies judged by a crew, each within limits: what fails is one finding of that agency."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.command import judging
from nianbao.reading.disk import failure
from nianbao.reading.findings import Finding, Place
from nianbao.rules.results import ProjectResult
from nianbao.running.crew import Failure, Limits, each

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from nianbao.model.project import Project
    from nianbao.rules.results import RuleResult
    from nianbao.running.crew import Crew

# Projects that are handed over at once: enough that handing over counts for little.
_CHUNK = 32
# So many chunks at least, if there are projects for them, so that no part of a crew waits long for another.
_CHUNKS = 64
# The largest agencies take some seconds and 100 MB.
LIMITS = Limits(work=60, seconds=300)
# Characters of the findings of one agency; more could fill the memory of who collects them.
_MOST_TOLD = 4_000_000

_TOO_LARGE = "请看其中有没有过大或嵌套太深的文件，移走后再检查"
_WHY = {
    "slow": f"检查超过 {{}} 秒，没有检查完；{_TOO_LARGE}",
    "memory": f"检查要用的内存太多，没有检查完；{_TOO_LARGE}",
    "ended": f"检查到一半被系统中止（{{}}），没有检查完；{_TOO_LARGE}",
    "disk": "{}",
    "error": "检查时程序出错，没有检查完；请把终端里的出错信息告诉维护人员",
}


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Some *projects*, the first of which has this *number* among all."""

    number: int
    projects: tuple[Project, ...]


def check_many(projects: Sequence[Project], crew: Crew) -> Generator[ProjectResult, None, None]:
    """Yield the result of each of *projects* in their order, the same for any *crew*."""
    size = max(1, min(_CHUNK, len(projects) // _CHUNKS))
    starts = range(0, len(projects), size)
    chunks = [_Chunk(start, tuple(projects[start : start + size])) for start in starts]
    waiting: dict[int, ProjectResult] = {}
    rules: dict[RuleResult, RuleResult] = {}  # Most reports give the same.
    told = 0
    for chunk, answer in each(crew, _judged_all, chunks, parts=_singles):
        results = [given_up(chunk.projects[0], answer)] if isinstance(answer, Failure) else answer
        for number, result in enumerate(results, chunk.number):
            waiting[number] = _sharing(result, rules)
        while told in waiting:
            yield waiting.pop(told)
            told += 1


def _singles(chunk: _Chunk) -> Sequence[_Chunk]:
    """Return the projects of *chunk* one by one, of which there are several: one of them has failed."""
    if len(chunk.projects) == 1:
        return ()
    return [_Chunk(number, (project,)) for number, project in enumerate(chunk.projects, chunk.number)]


def _judged_all(chunk: _Chunk) -> tuple[ProjectResult, ...]:
    rules: dict[RuleResult, RuleResult] = {}
    return tuple(_sharing(judged(project), rules) for project in chunk.projects)


def _sharing(result: ProjectResult, rules: dict[RuleResult, RuleResult]) -> ProjectResult:
    """Return *result* with those of the *rules* known already, so that equal ones are held, and sent, once."""
    years = {year: tuple(rules.setdefault(rule, rule) for rule in given) for year, given in result.years.items()}
    return replace(result, years=years)


def given_up(project: Project, why: Failure) -> ProjectResult:
    """Return the result of a *project* that has no result, for *why*."""
    return failed(project, _WHY[why.kind].format(why.detail), why.trace)


def failed(project: Project, why: str, trace: str = "") -> ProjectResult:
    """Return the result of a *project* that could not be judged, for *why*; *trace* is what an error of ours left."""
    return ProjectResult(
        agency="", data=project.data.as_posix(), findings=(Finding(Place(_shown(project)), why),), trace=trace
    )


def _shown(project: Project) -> str:
    """Return how messages call the data of *project*."""
    try:
        return project.data.resolve().relative_to(project.root.resolve()).as_posix()
    except (ValueError, OSError, RuntimeError):
        return project.data.as_posix().encode("utf-8", "replace").decode()


def judged(project: Project) -> ProjectResult:
    """Return the result of *project*; an error is told in it."""
    return guarded(project, judging.check_with_schemas)


def guarded(project: Project, check: Callable[[Project], ProjectResult]) -> ProjectResult:
    """Return what *check* gives for *project*; an error is told in the result, and so are too many findings."""
    try:
        result = check(project)
    except MemoryError:
        return failed(project, _WHY["memory"])
    except Exception as error:  # noqa: BLE001  # whatever happens at one agency, the others are told
        told = failure(error) if isinstance(error, OSError) else None
        if told is not None:
            return failed(project, told)
        return failed(project, _WHY["error"], "".join(traceback.format_exception(error)))
    if sum(len(finding.message) for finding in result.findings) > _MOST_TOLD:
        why = f"查出的问题太多（{len(result.findings)} 处），没有列出；请单独检查 {_shown(project)}"
        return failed(project, why)
    return result
