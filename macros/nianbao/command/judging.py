"""One agency judged, with all that a check reads of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nianbao.data_files.schemas import write_schemas
from nianbao.exports.printable import with_unprintable
from nianbao.lifecycle.changes import published_changes
from nianbao.lifecycle.numbers import number_from
from nianbao.members.checking import office_findings
from nianbao.model.dataset import read_dataset
from nianbao.reading.findings import most_serious_first
from nianbao.rules.judging import judge_dataset
from nianbao.rules.results import ProjectResult, RuleResult

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.dataset import Dataset
    from nianbao.model.project import Project
    from nianbao.reading.findings import Finding
    from nianbao.rules.checking import Result
    from nianbao.rules.judging import Judged


def check_project(project: Project) -> ProjectResult:
    """Read the data and pages of *project* and judge them; with years, only what concerns them is told."""
    if project.unreadable:
        return ProjectResult(agency="", data=project.data.as_posix(), findings=project.unreadable)
    dataset, judged = judge_project(project)
    result = result_of(project, dataset, judged)
    findings = sorted({*result.findings, *office_findings(project, dataset)}, key=most_serious_first)
    return replace(result, findings=tuple(findings))


def check_with_schemas(project: Project) -> ProjectResult:
    """Check *project*, and write the schemas for its editors where it has a mkdocs.yml."""
    if project.configuration is not None and not project.unreadable:
        write_schemas(project.folder, project.data)
    return check_project(project)


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
