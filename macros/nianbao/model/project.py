"""Where an agency's files lie: its folders of data, pages and forms, found from what a command is given."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.model.configuration import FILE, Configuration, read_configuration
from nianbao.model.frame import FILE as FRAME_FILE
from nianbao.reading.disk import reason
from nianbao.reading.findings import Finding, Findings, Place, shown
from nianbao.reading.legible import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_YEAR_FILE = re.compile(r"(?:19|20)[0-9]{2}\.yml")
_YEAR_FOLDER = re.compile(r"(?:19|20)[0-9]{2}")
# Where a portal keeps editions of the form of its own, below its data.
OWN_FORMS = "forms"
# So deep no folder of agencies lies below another; links and programs make such by mistake.
_DEEPEST = 40
_AGENCY, _PROFILE = "agency.yml", "profile.yml"


class WrongUseError(Exception):
    """The command was called with what it cannot work on; the *lines* of the text say what to do, in Chinese."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(map(one_line, lines)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One agency's folders. Messages name files relative to *root* where they lie inside.

    *docs* may be missing, unless there is a *configuration*, from which a site is built. *years* limits the
    work to these years, and is empty for all. *unreadable* is why nothing is known of it, as of many projects one
    whose mkdocs.yml cannot be read.
    """

    root: Path
    data: Path
    docs: Path
    configuration: Configuration | None = None
    years: frozenset[int] = frozenset()
    unreadable: tuple[Finding, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder of the project: that of mkdocs.yml, or the one that holds the data."""
        return self.configuration.folder if self.configuration is not None else self.data.parent

    def named(self, path: Path) -> str:
        """Return how messages call *path*: relative to `root` where it lies inside."""
        return path_from(path, self.root)

    @property
    def site(self) -> Path:
        """The folder of the site that is built from it."""
        return self.folder / (self.configuration or Configuration(folder=self.folder)).site

    @property
    def has_site(self) -> bool:
        """Whether a site is built from the project."""
        return self.configuration is not None

    @property
    def site_url(self) -> str:
        """The address of the project's site, with a slash at its end, or nothing."""
        return self.configuration.site_url if self.configuration is not None else ""

    @property
    def excluded(self) -> tuple[str, ...]:
        """Patterns of what a site leaves out of docs."""
        return self.configuration.excluded if self.configuration is not None else ()

    @property
    def notice(self) -> str:
        """What the project tells all readers."""
        return self.configuration.notice if self.configuration is not None else ""


def find_projects(paths: Sequence[Path], here: Path) -> tuple[Project, ...]:
    """Return the agencies that *paths* name: projects, folders of data or of agencies, data files, pages, years.

    Without *paths* it is the project in *here*. Raises WrongUseError for a path that has no data.
    """
    found: dict[Path, Project] = {}
    for path in paths or [here]:
        kind = _kind(path)
        if kind == "file":
            projects = [_of_file(path, here)]
        elif kind == "folder":
            projects = _alone_or_many(list(_below(path, here))) or list(_of_pages(path, here))
        else:
            projects = _of_year(path, here)
        if not projects:
            message = f"{path} 里没有年报数据（{_AGENCY} 和年度文件）；请指到项目文件夹、data 文件夹或存放它们的文件夹"
            raise WrongUseError(message)
        for project in projects:
            known = found.get(project.data)
            years = project.years | known.years if known and known.years and project.years else frozenset()
            found[project.data] = project if known is None else _limited(project, years)
    return tuple(found.values())


def _kind(path: Path) -> str:
    """Return whether *path* is a ``file`` or a ``folder``, or nothing where there is none. Raises WrongUseError."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        message = f"{shown(str(path))} 无法读取（{reason(error)}）；请检查路径"
        raise WrongUseError(message) from error
    if stat.S_ISDIR(mode):
        return "folder"
    if stat.S_ISREG(mode):
        return "file"
    message = f"{path} 不是文件夹，也不是普通文件；请指到项目文件夹、data 文件夹、数据文件或页面"
    raise WrongUseError(message)


def _limited(project: Project, years: frozenset[int]) -> Project:
    return replace(project, years=years)


def _of_file(path: Path, here: Path) -> Project:
    if path.resolve().parent.name != OWN_FORMS:
        if _YEAR_FILE.fullmatch(path.name):
            return _limited(_project(path.parent, here), frozenset({int(path.stem)}))
        if path.name in {_AGENCY, _PROFILE, FRAME_FILE}:
            return _project(path.parent, here)
    for project in _of_pages(path, here):
        return project
    message = f"{path} 不是报告的数据文件或页面；数据文件如 data/2023.yml，页面如 docs/2023/1-overview.md"
    raise WrongUseError(message)


def _of_year(path: Path, here: Path) -> list[Project]:
    """Return the projects in *here* that have data or pages of the year that *path* names, where it names one."""
    message = f"没有 {path} 这个文件或文件夹；请检查路径"
    if _YEAR_FOLDER.fullmatch(str(path)):
        projects = _alone_or_many(list(_below(here, here)))
        chosen = [
            project
            for project in projects
            if (project.data / f"{path}.yml").is_file() or (project.docs / path).is_dir()
        ]
        if chosen:
            return [_limited(project, frozenset({int(str(path))})) for project in chosen]
        if projects:
            message = f"没有 {path} 年的数据（data/{path}.yml）；新的年度先运行 nianbao new {path}"
    raise WrongUseError(message)


def _of_pages(path: Path, here: Path) -> Iterator[Project]:
    """Yield the project to which a page or folder of pages belongs, with the year in whose folder it lies."""
    whole = path.resolve()
    for folder in whole.parents:
        if not (folder / FILE).is_file():
            continue
        project = project_at(folder, here)
        if whole.is_relative_to(project.docs.resolve()):
            first = (*whole.relative_to(project.docs.resolve()).parts, "")[0]
            yield _limited(project, frozenset({int(first)})) if _YEAR_FOLDER.fullmatch(first) else project
        return


def _alone_or_many(projects: list[Project]) -> list[Project]:
    """Return *projects*. Raises WrongUseError where there is but one, and it cannot be read."""
    if len(projects) == 1 and projects[0].unreadable:
        raise WrongUseError("\n".join(map(str, projects[0].unreadable)))
    return projects


def _below(path: Path, here: Path) -> Iterator[Project]:
    """Yield the projects at or below *path*: a project first names its own folders, others are found by agency.yml.

    Each folder is looked into once, however many links lead to it.
    """
    seen: set[tuple[int, int]] = set()
    waiting = [(path, 0)]
    while waiting:
        folder, depth = waiting.pop()
        try:
            found = folder.stat()
            if (found.st_dev, found.st_ino) in seen:
                continue
            seen.add((found.st_dev, found.st_ino))
            if (folder / FILE).exists():
                yield _readable_or_not(folder, here)
            elif _has_data(folder):
                yield _project(folder, here)
            elif depth < _DEEPEST:
                children = [child for child in folder.iterdir() if child.is_dir() and not child.name.startswith(".")]
                waiting += ((child, depth + 1) for child in sorted(children, reverse=True))
        except OSError as error:
            if folder == path:
                raise
            told = f"文件夹无法读取（{reason(error)}），里面有没有机关的数据不知道；请检查"
            yield _unreadable(folder, here, (Finding(Place(path_from(folder, here)), told),))


def _readable_or_not(folder: Path, here: Path) -> Project:
    findings = Findings()
    project = _configured(folder, here, findings)
    return _unreadable(folder, here, findings.sorted()) if len(findings) else project


def _unreadable(folder: Path, here: Path, findings: tuple[Finding, ...]) -> Project:
    return Project(root=here, data=folder / "data", docs=folder / "docs", unreadable=findings)


def _has_data(folder: Path) -> bool:
    if folder.name == OWN_FORMS:
        return False
    return (folder / _AGENCY).is_file() or any(_YEAR_FILE.fullmatch(path.name) for path in folder.glob("*.yml"))


def project_at(folder: Path, here: Path | None = None) -> Project:
    """Return the project whose mkdocs.yml lies in *folder*; messages name files as seen from *here*.

    Raises WrongUseError where there is no such file or it cannot be read.
    """
    path, findings = folder / FILE, Findings()
    if not path.exists():
        message = f"没有 {path}；请在存放 {FILE} 的文件夹里运行，新的项目先运行 nianbao start"
        raise WrongUseError(message)
    project = _configured(folder, here or folder, findings)
    if len(findings):
        raise WrongUseError(*map(str, findings.sorted()))
    return project


def _configured(folder: Path, here: Path, findings: Findings) -> Project:
    """Return the project whose mkdocs.yml lies in *folder*; what is wrong with that is recorded."""
    path = folder / FILE
    configuration = read_configuration(path, path_from(path, here), findings)
    return Project(
        root=here,
        data=folder / configuration.data,
        docs=folder / configuration.docs,
        configuration=configuration,
    )


def path_from(path: Path, root: Path) -> str:
    """Return how messages call *path*: relative to *root* where it lies inside."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except (ValueError, OSError, RuntimeError):  # Another folder; a path that the system refuses.
        return path.as_posix()


def _project(data: Path, here: Path) -> Project:
    """Return the project of a folder of data: that of the mkdocs.yml beside it, or its own."""
    root = data.parent
    if (root / FILE).is_file():
        project = project_at(root, here)
        if project.data.resolve() == data.resolve():
            return project
    return Project(root=here, data=data, docs=root / "docs" if data.name == "data" else data / "docs")
