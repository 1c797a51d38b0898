"""Where an agency's files lie: its folders of data, pages and forms, found from what a command is given."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from mkdocs.exceptions import ConfigurationError
from mkdocs.utils.yaml import yaml_load

from nianbao.reading.disk import reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_YEAR_FILE = re.compile(r"(?:19|20)[0-9]{2}\.yml")
_YEAR_FOLDER = re.compile(r"(?:19|20)[0-9]{2}")
_AGENCY, _PROFILE = "agency.yml", "profile.yml"
_NO_DATA = ("formats", "schemas")


class WrongUseError(Exception):
    """The command was called with what it cannot work on; the text says what to do, in Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One agency's folders. Messages name files relative to *root* where they lie inside.

    *docs* may be missing, unless this is a *has_site* from which a site is built. *years* limits the
    work to these years, and is empty for all. *notice* is what the project tells all readers.
    """

    root: Path
    data: Path
    docs: Path
    formats: Path = Path("data/formats")
    has_site: bool = False
    years: frozenset[int] = frozenset()
    notice: str = ""


def find_projects(paths: Sequence[Path], here: Path) -> tuple[Project, ...]:
    """Return the agencies that *paths* name: projects, folders of data or of agencies, data files, pages, years.

    Without *paths* it is the project in *here*. Raises WrongUseError for a path that has no data.
    """
    found: dict[Path, Project] = {}
    for path in paths or [here]:
        if path.is_file():
            projects = [_of_file(path, here)]
        elif path.exists():
            projects = list(_below(path, here)) or list(_of_pages(path, here))
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


def _limited(project: Project, years: frozenset[int]) -> Project:
    return replace(project, years=years)


def _of_file(path: Path, here: Path) -> Project:
    if path.resolve().parent.name not in _NO_DATA:
        if _YEAR_FILE.fullmatch(path.name):
            return _limited(_project(path.parent, here), frozenset({int(path.stem)}))
        if path.name in {_AGENCY, _PROFILE}:
            return _project(path.parent, here)
    for project in _of_pages(path, here):
        return project
    message = f"{path} 不是报告的数据文件或页面；数据文件如 data/2023.yml，页面如 docs/2023/1-overview.md"
    raise WrongUseError(message)


def _of_year(path: Path, here: Path) -> list[Project]:
    """Return the projects in *here* that have data or pages of the year that *path* names, where it names one."""
    message = f"没有 {path} 这个文件或文件夹；请检查路径"
    if _YEAR_FOLDER.fullmatch(str(path)):
        projects = list(_below(here, here))
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
        if not (folder / "mkdocs.yml").is_file():
            continue
        project = project_at(folder, here)
        if whole.is_relative_to(project.docs.resolve()):
            first = (*whole.relative_to(project.docs.resolve()).parts, "")[0]
            yield _limited(project, frozenset({int(first)})) if _YEAR_FOLDER.fullmatch(first) else project
        return


def _below(path: Path, here: Path) -> Iterator[Project]:
    """Yield the projects at or below *path*: a project first names its own folders, others are found by agency.yml."""
    if (path / "mkdocs.yml").is_file():
        yield project_at(path, here)
        return
    if _has_data(path):
        yield _project(path, here)
        return
    for folder in sorted(child for child in path.iterdir() if child.is_dir() and not child.name.startswith(".")):
        yield from _below(folder, here)


def _has_data(folder: Path) -> bool:
    if folder.name in _NO_DATA:
        return False
    return (folder / _AGENCY).is_file() or any(_YEAR_FILE.fullmatch(path.name) for path in folder.glob("*.yml"))


def project_at(folder: Path, here: Path | None = None) -> Project:
    """Return the project of the project whose mkdocs.yml lies in *folder*; messages name files as seen from *here*.

    Raises WrongUseError where there is no such file or it cannot be read.
    """
    settings = _settings(folder / "mkdocs.yml")
    extra = settings.get("extra") or {}
    return Project(
        root=here or folder,
        data=folder / str(extra.get("data", "data")),
        docs=folder / str(settings.get("docs_dir", "docs")),
        formats=(folder / str(extra.get("formats", "data/formats"))).resolve(),
        has_site=True,
        notice=str(extra.get("notice") or ""),
    )


def _settings(path: Path) -> Mapping[str, Any]:
    try:
        with path.open("rb") as file:
            settings = yaml_load(file)
    except OSError as error:
        message = f"不能读取 {path}（{reason(error)}）；请在存放 mkdocs.yml 的文件夹里运行"
        raise WrongUseError(message) from error
    except (yaml.YAMLError, UnicodeDecodeError, ConfigurationError) as error:
        message = f"{path} 的写法有误：{' '.join(str(error).split())}"
        raise WrongUseError(message) from error
    return settings if isinstance(settings, dict) else {}


def _project(data: Path, here: Path) -> Project:
    """Return the project of a folder of data: that of the project which it belongs to, or its own."""
    root = data.parent
    if (root / "mkdocs.yml").is_file():
        project = project_at(root, here)
        if project.data.resolve() == data.resolve():
            return project
    folders = [data, *data.resolve().parents, here.resolve()]
    candidates = [*(folder / "formats" for folder in folders), *(folder / "data" / "formats" for folder in folders)]
    formats = next((folder for folder in candidates if folder.is_dir()), here / "data" / "formats")
    docs = root / "docs" if data.name == "data" else data / "docs"
    return Project(root=here, data=data, docs=docs, formats=formats)
