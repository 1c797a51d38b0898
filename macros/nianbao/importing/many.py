"""Reports of many bodies at once: a portal a body, all cores at work, a time limit for each; none stops the rest."""

from __future__ import annotations

import zipfile
from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.importing.folder import FOLDER
from nianbao.importing.importing import import_report, read_first
from nianbao.importing.originals import opened_here
from nianbao.importing.processes import results
from nianbao.importing.reading import read_original
from nianbao.lifecycle.new_portal import Beginner, make_portal
from nianbao.lifecycle.refusal import RefusedError
from nianbao.model.project import WrongUseError, project_at
from nianbao.reading.disk import failure

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from nianbao.importing.processes import Limits

# Endings of files that may be reports; what a file is, its content tells.
ENDINGS: tuple[str, ...] = (
    ".docx",
    ".doc",
    ".wps",
    ".rtf",
    ".odt",
    ".xlsx",
    ".xls",
    ".ods",
    ".et",
    ".pdf",
    ".html",
    ".htm",
    ".txt",
)
ENDINGS += (".md", ".json", ".csv")
# Of a ZIP: files, and bytes of all and of one unpacked.
_MOST_FILES, _MOST_BYTES, _MOST_OF_ONE = 20_000, 4_000_000_000, 100_000_000
_BUG = "读这个文件时程序出错；请单独导入，并把这个文件和终端里的出错信息发给维护人员"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What became of a report: of which *body* and *year* it is, how many cells were *read* and are *asked*.

    *reason* is why it was *refused*, or the first question; *folder* is where its portal lies. *bug* tells that the
    program is at fault.
    """

    files: str
    body: str = ""
    year: int = 0
    form: int = 0
    read: int = 0
    asked: int = 0
    questions: int = 0
    refused: bool = False
    reason: str = ""
    folder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What a process does: identify the report in *files*, or with a *folder* import it there."""

    number: int
    files: tuple[Path, ...]
    year: int | None
    today: dt.date
    name: str
    folder: Path | None = None


def report_files(paths: Sequence[Path], unpacked: Path) -> tuple[tuple[Path, ...], ...]:
    """Return the files of each report below *paths*, folders or ZIP files; these are unpacked into a folder.

    Files of one folder with the same name but for the ending are one report. Raises WrongUseError where there are
    none, RefusedError for a ZIP that cannot be unpacked.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(
                each for each in path.rglob("*") if _may_be_report(each.relative_to(path)) and each.is_file()
            )
        elif zipfile.is_zipfile(path) and path.suffix.lower() == ".zip":
            found += sorted(_unpack(path, unpacked / sha256(str(path).encode()).hexdigest()[:8]))
        else:
            found.append(path)
    if not found:
        message = (
            f"{'、'.join(map(str, paths))} 里没有可以导入的文件；可以是 Word、PDF、Excel、网页、文本或装着它们的 ZIP"
        )
        raise WrongUseError(message)
    together: dict[tuple[Path, str], list[Path]] = defaultdict(list)
    for path in found:
        together[path.parent, path.stem].append(path)
    return tuple(tuple(files) for files in together.values())


def _may_be_report(path: Path) -> bool:
    hidden = any(part.startswith((".", "~", "__MACOSX")) for part in path.parts)
    return path.suffix.lower() in ENDINGS and not hidden and FOLDER not in path.parts


def _unpack(path: Path, folder: Path) -> Iterator[Path]:
    """Yield the files of the ZIP at *path*, written into *folder* under names of its own making."""
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        total = sum(entry.file_size for entry in entries)
        if len(entries) > _MOST_FILES or total > _MOST_BYTES or any(one.file_size > _MOST_OF_ONE for one in entries):
            message = f"{path.name} 解开以后太大（{len(entries)} 个文件，{total // 1_000_000} MB）；请分成几个再导入"
            raise RefusedError(message)
        for entry in entries:
            # Names never lead out of the folder: only their parts are used, and none that goes up.
            parts = [part for part in _name(entry).replace("\\", "/").split("/") if part not in {"", ".", ".."}]
            if not parts or not _may_be_report(Path(*parts)):
                continue
            if entry.flag_bits & 1:
                message = f"{path.name} 有密码；请解开后导入"
                raise RefusedError(message)
            target = folder.joinpath(*(part.replace(":", "_") for part in parts))
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source:
                content = source.read(_MOST_OF_ONE + 1)
            if len(content) > _MOST_OF_ONE:
                message = f"{path.name} 里的 {parts[-1]} 太大；请单独导入"
                raise RefusedError(message)
            target.write_bytes(content)
            yield target


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the name of *entry*; packers of Chinese Windows write GBK and do not say so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def import_many(
    reports: Sequence[tuple[Path, ...]], out: Path, year: int | None, today: dt.date, limits: Limits
) -> Iterator[Row]:
    """Import *reports*, each a tuple of files, into portals below *out*; yield a row for each as it is done.

    *year* holds for those that do not tell their own. None may take more than *limits*.
    """
    tasks = [
        _Task(number=number, files=files, year=year, today=today, name=_called(files))
        for number, files in enumerate(reports)
    ]
    known: dict[str, list[tuple[_Task, Row]]] = defaultdict(list)
    for task, row in _run(tasks, limits):
        if row.refused:
            yield row
        else:
            known[row.body].append((task, row))
    waiting: list[_Task] = []
    for body, read in known.items():
        read.sort(key=lambda pair: (pair[1].year, pair[0].number))
        years = [row.year for _, row in read]
        folder = out / _folder_name(body)
        first = min(years)
        for task, row in read:
            twice = years.count(row.year) > 1
            if twice:
                others = "、".join(each.name for each, other in read if other.year == row.year and each is not task)
                reason = f"同一机关同一年度的报告有几份（另有 {others}）；请只留一份，或把文字和表格改成同名后放在一起"
                yield Row(files=task.name, body=body, year=row.year, form=row.form, refused=True, reason=reason)
        try:
            if not folder.exists() and any(years.count(each) == 1 for each in years):
                make_portal(folder, _beginner(body, first))
        except RefusedError as error:
            yield from (
                Row(files=task.name, body=body, year=row.year, refused=True, reason=str(error)) for task, row in read
            )
            continue
        waiting += [
            _Task(number=task.number, files=task.files, year=row.year, today=today, name=task.name, folder=folder)
            for task, row in read
            if years.count(row.year) == 1
        ]
    yield from (row for _, row in _run(waiting, limits))


def _called(files: Sequence[Path]) -> str:
    return "、".join(path.name for path in files)


def _folder_name(body: str) -> str:
    return "".join(character for character in body if character.isalnum() or character in "（）") or "机关"


def _beginner(body: str, year: int) -> Beginner:
    """Return the body called *body*; what its name does not tell is to be looked over in agency.yml."""
    kind = "government" if body.endswith("人民政府") else "department"
    id_ = f"body_{sha256(body.encode()).hexdigest()[:8]}"
    return Beginner(name=body, id=id_, kind=kind, region="", superior="", year=year)


def _run(tasks: Sequence[_Task], limits: Limits) -> Iterator[tuple[_Task, Row]]:
    """Yield what became of *tasks*; those of one folder are done in turn."""
    for task, found in results(_row, tasks, limits, apart=lambda task: task.folder):
        yield task, found if isinstance(found, Row) else Row(files=task.name, refused=True, reason=found.reason)


def _row(task: _Task) -> Row:
    """Return what became of *task*; whatever fails is told in its row."""
    try:
        return _identified(task) if task.folder is None else _imported(task, task.folder)
    except (RefusedError, WrongUseError) as error:
        return Row(files=task.name, refused=True, reason=" ".join(str(error).split()))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # a bug must not stop the others; the row names it
        told = failure(error) if isinstance(error, OSError) else None
        return Row(files=task.name, refused=True, reason=told or f"{_BUG}（{type(error).__name__}：{error}）")


def _identified(task: _Task) -> Row:
    read = read_first(tuple(map(read_original, task.files)), task.year)
    if not read.told.name:
        message = "标题没有写机关名称；请单独导入到该机关的项目里"
        raise RefusedError(message)
    return Row(files=task.name, body=read.told.name, year=read.year, form=read.form.format)


def _imported(task: _Task, folder: Path) -> Row:
    done = import_report(project_at(folder), opened_here(task.files), task.year, task.today)
    question: Any = done.open[0] if done.open else None
    return Row(
        files=task.name,
        body=done.read.told.name,
        year=done.read.year,
        form=done.read.form.format,
        read=len(done.read.figures.readings),
        asked=sum(len(one.addresses) for one in done.open),
        questions=len(done.open),
        reason=f"{question.place} {question.text}" if question is not None else "",
        folder=folder.name,
    )


def worst_first(row: Row) -> tuple[bool, int, str, int, str]:
    """Return a key that sorts rows: refused ones, then those with most cells to ask."""
    return not row.refused, -row.asked, row.body, row.year, row.files
