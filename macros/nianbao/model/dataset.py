"""Everything in the data folder, read in one run."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from nianbao.installation import PACKAGE
from nianbao.model.agency import Agency, read_agency
from nianbao.model.form_reader import join_editions, read_form
from nianbao.model.frame import FILE as FRAME_FILE
from nianbao.model.frame import Frame, read_frame
from nianbao.model.profile import Profile, read_profile
from nianbao.model.project import OWN_FORMS, path_from
from nianbao.model.report_reader import read_report
from nianbao.model.variant_reader import read_variant
from nianbao.reading.findings import Finding, Findings, Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.model.form import Form
    from nianbao.model.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """The names, without ending, of files in a folder; the *advice* on others; and *beside*, what others read."""

    pattern: re.Pattern[str]
    advice: str
    beside: tuple[str, ...] = ()


_REPORTS = _Names(
    pattern=re.compile(r"(?:19|20)[0-9]{2}"),
    advice="年度数据应以年份命名，如 2023.yml",
    beside=("agency.yml", "profile.yml", "members.yml", FRAME_FILE),
)
_FORMS = _Names(
    pattern=re.compile(r"(?:19|20)[0-9]{2}(?:-[^\s/]+)?"),
    advice="格式文件应以年份命名，如 2021.yml，本地的样式如 2021-本局.yml",
)

# The editions of the form that the program brings.
FORMS = PACKAGE / "forms"


@dataclass(frozen=True, kw_only=True, eq=False)
class Dataset:
    """What could be read, and the findings of what could not. Two readings are never the same.

    *forms* are the editions by number, *variants* a portal's own ways of printing them by the names of their files.
    *years* are all years with a data file; those whose file is at fault are missing in *reports*.
    *drafts* are the years whose report is a draft, so that none of the reports has to be asked for it.
    """

    agency: Agency | None
    forms: Mapping[int, Form]
    years: tuple[int, ...]
    reports: Mapping[int, Report]
    drafts: frozenset[int]
    findings: tuple[Finding, ...]
    profile: Profile = field(default_factory=Profile)
    variants: Mapping[str, Form] = field(default_factory=lambda: MappingProxyType({}))
    frame: Frame | None = None

    @property
    def forms_by_name(self) -> Mapping[str, Form]:
        """All that a report can name as its form."""
        return MappingProxyType({form.id: form for form in (*self.forms.values(), *self.variants.values())})

    def findings_for(self, year: int) -> tuple[Finding, ...]:
        """Return the findings that keep the report of *year* from being shown."""
        own = tuple(finding for finding in self.findings if Path(finding.place.file).stem == str(year))
        return own or self.findings


@dataclass(frozen=True, kw_only=True)
class Forms:
    """The editions of the form by number, and their variants by name; None for one whose own file is at fault.

    The faults are in *findings*.
    """

    editions: Mapping[int, Form | None]
    findings: tuple[Finding, ...]
    variants: Mapping[str, Form | None] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def by_name(self) -> Mapping[str, Form | None]:
        """All forms by the names of their files."""
        return {**{str(number): form for number, form in self.editions.items()}, **self.variants}


@functools.cache
def package_forms() -> Forms:
    """Return the editions that the program brings: read once, for they never change."""
    findings = Findings()
    paths = _files(FORMS, PACKAGE.parent, findings, _FORMS)
    editions = {int(path.stem): read_form(path, path_from(path, PACKAGE.parent), findings) for path in paths}
    return _joined(editions, findings)


def read_forms(root: Path, data: Path) -> Forms:
    """Return the program's editions with those of the folder *data*; messages name files relative to *root*.

    An edition of the portal's own stands in place of the program's of the same number. An edition
    without an end ends where the next one begins. Variants are those of what then holds.
    """
    common, folder = package_forms(), data / OWN_FORMS
    if not folder.exists():
        return common
    findings = Findings()
    findings.extend(common.findings)
    paths = _files(folder, root, findings, _FORMS)
    variants = [path for path in paths if "-" in path.stem]
    own = {int(path.stem): read_form(path, path_from(path, root), findings) for path in paths if path not in variants}
    joined = _joined({**common.editions, **own}, findings)
    found = {path.stem: read_variant(path, path_from(path, root), joined.editions, findings) for path in variants}
    return replace(joined, variants=MappingProxyType(found), findings=findings.sorted())


def _joined(editions: Mapping[int, Form | None], findings: Findings) -> Forms:
    joined = join_editions(_ended(editions), findings)
    return Forms(editions=MappingProxyType(joined), findings=findings.sorted())


def _ended(editions: Mapping[int, Form | None]) -> dict[int, Form | None]:
    """Return *editions* in their order, each without an end ended by the next."""
    ended: dict[int, Form | None] = {}
    later: int | None = None
    for number in sorted(editions, reverse=True):
        form = editions[number]
        if form is not None:
            if form.last_year is None and later is not None:
                form = replace(form, last_year=later - 1)
            later = form.first_year
        ended[number] = form
    return dict(sorted(ended.items()))


def read_dataset(root: Path, data: Path) -> Dataset:
    """Read the folder *data*; messages name files relative to *root*."""
    findings = Findings()
    forms = read_forms(root, data)
    findings.extend(forms.findings)
    agency = read_agency(data / "agency.yml", path_from(data / "agency.yml", root), findings)
    paths = _files(data, root, findings, _REPORTS)
    _withdrawn(data, paths, root, findings)
    profile = read_profile(data / "profile.yml", path_from(data / "profile.yml", root), findings)
    frame = read_frame(data / FRAME_FILE, path_from(data / FRAME_FILE, root), findings)
    reports = {}
    for path in paths:
        report = read_report(path, path_from(path, root), forms.by_name, agency, findings)
        if report is not None:
            reports[report.year] = report
    return Dataset(
        agency=agency,
        forms=MappingProxyType({number: form for number, form in forms.editions.items() if form is not None}),
        years=tuple(int(path.stem) for path in paths),
        reports=MappingProxyType(reports),
        drafts=drafts_of(reports),
        findings=findings.sorted(),
        profile=profile,
        frame=frame,
        variants=MappingProxyType({name: form for name, form in forms.variants.items() if form is not None}),
    )


def drafts_of(reports: Mapping[int, Report]) -> frozenset[int]:
    """Return the years of *reports* that are drafts."""
    return frozenset(year for year, report in reports.items() if report.status == "draft")


def _withdrawn(data: Path, paths: tuple[Path, ...], root: Path, findings: Findings) -> None:
    """Record years of which it is kept what was published, and whose data are gone (《条例》第四十九条、第五十条)."""
    snapshots = sorted((data / "published").glob("[0-9][0-9][0-9][0-9]-*.json"), reverse=True)
    kept = {path.name[:4]: path for path in snapshots}
    for year in sorted(set(kept) - {path.stem for path in paths}):
        findings.add(
            Place(path_from(kept[year], root)),
            f"{year} 年的报告已经公布，却没有 {path_from(data / f'{year}.yml', root)}；"
            "已公布的年度不能撤下，请从版本库恢复",
        )


def _files(folder: Path, root: Path, findings: Findings, names: _Names) -> tuple[Path, ...]:
    """Return the files of *folder* that have such *names*, in order, recording YAML files that no one would read."""
    if not folder.is_dir():
        findings.add(Place(path_from(folder, root)), "缺少此文件夹；请补上")
        return ()
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.suffix.lower() not in {".yml", ".yaml"} or path.name in names.beside:
            continue  # Dot files and other endings are what editors and systems leave behind.
        if path.suffix == ".yml" and names.pattern.fullmatch(path.stem):
            found.append(path)
        else:
            findings.add(Place(path_from(path, root)), f"没有程序会读取这个文件；{names.advice}，用不着的请移走")
    return tuple(found)
