"""The files of a portal as they were read: each as text with what it says, and all of them as a dataset."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import yaml

from nianbao.data_files.cells import form_lines
from nianbao.data_files.patching import parsed, plain
from nianbao.data_files.schemas import schema_line
from nianbao.editing import facts
from nianbao.model.agency import agency_of
from nianbao.model.dataset import drafts_of, read_dataset
from nianbao.model.profile import profile_of
from nianbao.model.report_reader import FORM, read_report, report_of
from nianbao.reading.encoding import Encoding
from nianbao.reading.findings import Findings
from nianbao.reading.nodes import compose
from nianbao.reading.source import read_encoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from nianbao.data_files.patching import Plain
    from nianbao.model.dataset import Dataset
    from nianbao.model.form import Form, Line, Slot
    from nianbao.model.project import Project
    from nianbao.reading.findings import Finding

    # The time of change and the size of each file, by name.
    Stamps = dict[str, tuple[int, int]]


class NotThereError(Exception):
    """There is no such year or file."""


class BrokenError(Exception):
    """The file cannot be read at all; the text says why, in Chinese."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A file as it was read: its *text* and how that stands there. *form* is that of a year, None for other files."""

    file: str
    path: Path
    text: str
    encoding: Encoding
    exists: bool
    form: Form | None = None

    @property
    def content(self) -> bytes | None:
        """The bytes of the file, None where there is none yet."""
        return self.encoding.encoded(self.text) if self.exists else None

    @cached_property
    def root(self) -> yaml.MappingNode:
        """The root of the text."""
        return parsed(self.text)

    @cached_property
    def data(self) -> dict[str, Plain]:
        """What the text says."""
        found = plain(self.root)
        return found if isinstance(found, dict) else {}

    @cached_property
    def slots(self) -> Mapping[str, tuple[Line, Slot]]:
        """Every cell that can be typed, by address."""
        lines = form_lines(self.form) if self.form is not None else ()
        return MappingProxyType({slot.address: (line, slot) for _, line in lines for slot in line.whole})

    @property
    def typed(self) -> frozenset[str]:
        """The addresses of all cells that are no totals."""
        cells = self.slots.items()
        return frozenset(address for address, (line, slot) in cells if not (line.total or slot.column.total))

    @property
    def frozen(self) -> bool:
        """Whether it is a published report that has been recorded."""
        return self.form is not None and "digest" in self.data


def form_of(sheet: Sheet) -> Form:
    """Return the form of *sheet*, that of a year."""
    assert sheet.form is not None  # noqa: S101  # that of a year has one, see `Files.sheet`
    return sheet.form


class Files:
    """The files of one *project*, whose messages name files from its root."""

    def __init__(self, project: Project) -> None:
        self.project = project
        # What was read of which state of the files; one value, for several windows ask at once.
        self._read: tuple[Dataset, Stamps] | None = None

    def sheet(self, file: str) -> Sheet:
        """Return *file*: a year, ``agency``, ``profile``. Raises NotThereError, or BrokenError where it is no YAML."""
        path = self.project.data / f"{file}.yml"
        if not path.is_file():
            if file != facts.PROFILE_FILE:
                raise NotThereError
            head = schema_line(self.project.data, file, self.project.folder)
            return Sheet(file=file, path=path, text=f"{head}\nname: 本地要求\n", encoding=Encoding(), exists=False)
        findings = Findings()
        read = read_encoded(path, self.project.named(path), findings)
        root = compose(read[0], self.project.named(path), findings) if read is not None else None
        if read is None or len(findings) or not isinstance(root, yaml.MappingNode):
            said = "\n".join(map(str, findings.sorted())) or f"{self.project.named(path)} 不是“项目: 内容”的排列"
            raise BrokenError(said)
        sheet = Sheet(file=file, path=path, text=read[0], exists=True, encoding=read[1])
        if file in facts.FILES:
            return sheet
        form = self.form_of(sheet.data)
        if form is None:
            raise BrokenError(
                "\n".join(map(str, self.dataset().findings)) or f"{self.project.named(path)} 没有写明格式"
            )
        return replace(sheet, form=form)

    def page(self, year: str, page: str) -> Sheet:
        """Return a *page* of *year*. Raises BrokenError where it cannot be read."""
        path = self.project.docs / year / f"{page}.md"
        findings = Findings()
        read = read_encoded(path, self.project.named(path), findings)
        if read is None:
            raise BrokenError("\n".join(map(str, findings.sorted())))
        return Sheet(file=page, path=path, text=read[0], encoding=read[1], exists=True)

    def form_of(self, data: Mapping[str, Plain]) -> Form | None:
        """Return the form of a year's file that says *data*: one of the portal's own is named beside its edition."""
        return self.dataset().forms_by_name.get(str(data.get(FORM) or data.get("format", "")))

    def dataset(self) -> Dataset:
        """Return what the data folder says; only files that have changed are read again."""
        stamps = {
            path.relative_to(self.project.data).as_posix(): (path.stat().st_mtime_ns, path.stat().st_size)
            for folder in (self.project.data, self.project.data / "forms")
            for path in folder.glob("*.yml")
        }
        old, before = self._read or (None, {})
        changed = {name for name, stamp in stamps.items() if before.get(name) != stamp}
        years = all(name.removesuffix(".yml").isdigit() for name in changed)
        if old is None or stamps.keys() != before.keys() or not years:
            found = read_dataset(self.project.root, self.project.data)
        elif changed:
            found = self._renewed(old, changed)
        else:
            return old
        self._read = found, stamps
        return found

    def findings(self, sheet: Sheet) -> tuple[Finding, ...]:
        """Return what the reader finds in *sheet*, and in the years, where it is the agency that they name."""
        findings, name = Findings(), self.project.named(sheet.path)
        dataset = self.dataset()
        if sheet.form is not None:
            report_of(sheet.root, sheet.path, name, dataset.forms_by_name, dataset.agency, findings)
        elif sheet.file == facts.PROFILE_FILE:
            profile_of(sheet.root, name, findings)
        else:
            agency = agency_of(sheet.root, name, findings)
            for year in dataset.years if agency is not None else ():
                path = self.project.data / f"{year}.yml"
                read_report(path, self.project.named(path), dataset.forms_by_name, agency, findings)
        return findings.sorted()

    def _renewed(self, old: Dataset, names: Iterable[str]) -> Dataset:
        findings, reports = Findings(), dict(old.reports)
        own = set()
        for name in names:
            path, year = self.project.data / name, int(name.removesuffix(".yml"))
            own.add(self.project.named(path))
            reports.pop(year, None)
            report = read_report(path, self.project.named(path), old.forms_by_name, old.agency, findings)
            if report is not None:
                reports[year] = report
        findings.extend(tuple(finding for finding in old.findings if finding.place.file not in own))
        ordered = MappingProxyType(dict(sorted(reports.items())))
        return replace(old, reports=ordered, drafts=drafts_of(ordered), findings=findings.sorted())
