"""Makes the data and pages of a new year from the form and the year before. Nothing is ever overwritten."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.beginning.new_data import data_text
from nianbao.beginning.new_pages import page_texts
from nianbao.beginning.promises import promises
from nianbao.data_files import writing
from nianbao.data_files.entries import quoted
from nianbao.data_files.schemas import schema_line
from nianbao.lifecycle import staging
from nianbao.lifecycle.archive import staged
from nianbao.model.dataset import read_dataset
from nianbao.model.kinds import due_by
from nianbao.model.report_reader import read_report
from nianbao.prose.reading import PageReader
from nianbao.reading.findings import Findings
from nianbao.reading.refusal import RefusedError, refuse

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from nianbao.model.agency import Agency
    from nianbao.model.dataset import Dataset
    from nianbao.model.form import Form
    from nianbao.model.project import Project
    from nianbao.model.report import Report
    from nianbao.prose.passages import YearText


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The *files* of the new year, as messages call them, and whether they *continue* a year before.

    The report is *due* by that day: the statutory one for the body, or an earlier one of its local requirements.
    """

    files: tuple[str, ...]
    continued: bool
    due: dt.date


def make_year(project: Project, year: int) -> Made:
    """Make data and pages of *year*. Raises RefusedError where some are there, or where data are at fault."""
    with writing.exclusively(project.data):
        data, folder = project.data / f"{year}.yml", project.docs / str(year)
        if _there(data) and not _claimed(project, year):
            raise _present(project, [data, *_files(folder)])
        _clear(project, year)
        dataset = read_dataset(project.root, project.data)
        agency, form = agency_for(project, dataset, year), _form(dataset, year)
        previous, pages = _previous(project, dataset, year)
        text = data_text(form, year, schema_line(project.data, str(form.format), project.folder), previous)
        texts = page_texts(form, year, previous, promises(pages), dataset.profile)
        finished = _files(folder) == sorted(folder / name for name in texts) and all(
            _holds(folder / name, content) for name, content in texts.items()
        )
        if _files(folder) and not finished:  # Finished ones are what a run has made that was killed since.
            raise _present(project, _files(folder))
        try:
            path = staging.stage(project.data, year, text.encode())
            _check(path, project.named(data), dataset, agency)
            _make_pages(project, year, {} if finished else texts)
            _make_data(project, path, data)
        except BaseException:
            if not _holds(data, text):
                _remove(folder, {} if finished else texts)
            raise
        finally:
            _clear(project, year)
    files = (data, *(folder / name for name in texts))
    due = due_by(agency.kind, dataset.profile.deadline, year)
    return Made(files=tuple(project.named(path) for path in files), continued=previous is not None, due=due)


def begun_report(project: Project, year: int) -> tuple[Report, Report | None]:
    """Return the report with which *year* would begin, and that of the year before; nothing is written.

    Raises RefusedError where data are at fault.
    """
    dataset = read_dataset(project.root, project.data)
    agency, form = agency_for(project, dataset, year), _form(dataset, year)
    previous = dataset.reports.get(year - 1)
    text = data_text(form, year, schema_line(project.data, str(form.format), project.folder), previous)
    findings = Findings()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{year}.yml"
        path.write_text(text, encoding="utf-8")
        report = read_report(path, path.name, dataset.forms_by_name, agency, findings)
    if report is None:
        refuse("按格式生成的数据有误，没有建立任何内容；请把下面的话告诉维护人员", findings.sorted())
    return report, previous


def _there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _claimed(project: Project, year: int) -> bool:
    """Say whether the data file is only the empty one by which a run that was killed had claimed its name."""
    path = project.data / f"{year}.yml"
    return staged(project.data, year).exists() and path.is_file() and not path.stat().st_size


def _holds(path: Path, text: str) -> bool:
    """Say whether *path* is a file of just this *text*."""
    try:
        return path.read_bytes() == text.encode()
    except OSError:
        return False


def _files(folder: Path) -> list[Path]:
    """Return whatever is in the folder of pages; the folder itself where it is none."""
    if folder.is_dir():
        return sorted(folder.iterdir())
    return [folder] if _there(folder) else []


def _present(project: Project, paths: list[Path]) -> RefusedError:
    message = "已经有下列文件，没有建立任何内容；要重新建立的，请先把它们移走："
    return RefusedError(message, tuple(project.named(path) for path in paths))


def agency_for(project: Project, dataset: Dataset, year: int) -> Agency:
    """Return the body of *project*. Raises RefusedError where it is at fault, or has no name for *year*."""
    agency = dataset.agency
    if agency is None:
        file = project.named(project.data / "agency.yml")
        refuse("机关信息有误，没有建立任何内容", tuple(found for found in dataset.findings if found.place.file == file))
    if agency.name(year) is not None:
        return agency
    last = max(agency.names, key=lambda name: name.first)
    lines = [f"  - {{name: 该年度使用的名称, from: {year}, to: {year}}}"]
    if last.last is not None and last.last < year:
        old = f"{{name: {quoted(last.text)}, from: {last.first}, to: {last.last}}}"
        lines = [
            f"  - {{name: 新的名称, from: {year}}}",
            f"沿用“{last.text}”的，不加新行，把 {old} 里的 to: {last.last} 删去",
        ]
    message = f"{agency.names_place}: 没有记载 {year} 年度使用的机关名称，没有建立任何内容；请在 names 下面加一行："
    raise RefusedError(message, tuple(lines))


def _form(dataset: Dataset, year: int) -> Form:
    form = next((form for form in dataset.forms.values() if form.holds_for(year)), None)
    if form is None:
        known = "、".join(map(str, sorted(dataset.forms))) or "没有"
        message = f"没有适用于 {year} 年度的格式，没有建立任何内容；现有的格式：{known}"
        raise RefusedError(message)
    return form


def _previous(project: Project, dataset: Dataset, year: int) -> tuple[Report | None, YearText | None]:
    """Return the report of the year before and its pages; neither where that year has no data."""
    before = year - 1
    if before not in dataset.years:
        return None, None
    report = dataset.reports.get(before)
    if report is None:
        refuse(f"{before} 年的数据有误，不能接着编制，没有建立任何内容", dataset.findings_for(before))
    reader = PageReader(dataset, project.root, project.data, project.docs)
    pages = reader.year(report)
    if pages is None:
        message = f"缺少 {before} 年的页面（{project.named(project.docs / str(before))}），没有建立任何内容；请补上"
        raise RefusedError(message)
    if reader.findings:
        refuse(f"{before} 年的页面有误，没有建立任何内容", reader.findings)
    return report, pages


def _check(path: Path, name: str, dataset: Dataset, agency: Agency) -> None:
    """Raise RefusedError where the reader would refuse the new file, as for a form that is laid out unforeseen."""
    findings = Findings()
    if read_report(path, name, dataset.forms_by_name, agency, findings) is None:
        refuse("按格式生成的数据文件有误，没有建立任何内容；请把下面的话告诉维护人员", findings.sorted())


def _make_pages(project: Project, year: int, texts: Mapping[str, str]) -> None:
    """Make the folder of pages in one step, which fails where someone else has made it meanwhile."""
    if not texts:
        return
    beside = _beside(project, year)
    beside.mkdir(parents=True)
    for name, text in texts.items():
        writing.write_new(beside / name, text.encode())
    writing.sync(beside)
    try:
        beside.rename(project.docs / str(year))
    except OSError as error:
        if not _files(project.docs / str(year)):
            raise
        raise _present(project, _files(project.docs / str(year))) from error
    writing.sync(project.docs)


def _make_data(project: Project, path: Path, target: Path) -> None:
    """Let *target* name the staged file at *path*, unless it names another already."""
    try:
        target.hardlink_to(path)
    except FileExistsError:
        raise _present(project, [target]) from None
    except OSError:  # A file system without hard links: the name is claimed by an empty file first.
        target.open("xb").close()
        path.replace(target)
    writing.sync(target.parent)


def _remove(folder: Path, texts: Mapping[str, str]) -> None:
    """Remove the pages that this run has made, as long as no one has changed them."""
    for name, text in texts.items():
        path = folder / name
        with contextlib.suppress(OSError):
            if _holds(path, text):
                path.unlink()
    with contextlib.suppress(OSError):
        folder.rmdir()


def _beside(project: Project, year: int) -> Path:
    """Return where pages grow until they are whole; no engine looks into a folder whose name begins with a dot."""
    return project.docs / f".{year}.new"


def _clear(project: Project, year: int) -> None:
    """Remove what is left of this or of a killed run beside the folder of pages and the data file."""
    beside, path = _beside(project, year), staged(project.data, year)
    leftovers = _files(beside) if beside.is_dir() else []
    if _claimed(project, year):
        leftovers.append(project.data / f"{year}.yml")
    for leftover in [*leftovers, path]:
        leftover.unlink(missing_ok=True)
    for folder in (beside, path.parent):
        with contextlib.suppress(OSError):
            folder.rmdir()
