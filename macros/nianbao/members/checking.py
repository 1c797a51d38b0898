"""What a check tells of the files of a superior office: its register with adjustments, answers on files that came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.members.receipts import FOLDER
from nianbao.members.register import FILE, read_register
from nianbao.members.rollup import adjustment_findings
from nianbao.model.project import path_from
from nianbao.reading.findings import Finding, Findings

if TYPE_CHECKING:
    from nianbao.members.register import Adjustment
    from nianbao.model.dataset import Dataset
    from nianbao.model.project import Project


def office_findings(project: Project, dataset: Dataset) -> tuple[Finding, ...]:
    """Return what is wrong with the files of *project* as a superior office; nothing where it has no register."""
    path = project.data / FILE
    if not path.exists():
        return ()
    findings = Findings()
    register = read_register(path, path_from(path, project.root), findings)
    if register is not None:
        for one in register.adjustments:
            findings.extend(_of_adjustment(one, dataset))
        if (project.folder / FOLDER).is_dir():
            # What reads answers knows all that an import can ask, and takes a while to load.
            from nianbao.members import questions

            name = path_from(project.folder / questions.FILE, project.root)
            findings.extend(questions.answer_findings(project.folder, name, register))
    return findings.sorted()


def _of_adjustment(one: Adjustment, dataset: Dataset) -> tuple[Finding, ...]:
    """Return what is wrong with an adjustment; of a year whose data are at fault no cells are known."""
    if one.year in dataset.reports:
        return tuple(adjustment_findings([one], one.year, dataset.reports[one.year].form))
    if one.year in dataset.years:
        return ()
    message = f"没有 {one.year} 年的数据，这一项调整用不上；请核对年度，还没有建立的年度先运行 nianbao new {one.year}"
    return (Finding(one.place, message),)
