"""Where an agency's files lie: its folders of data, pages and forms, found from what a command is given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from mkdocs.exceptions import ConfigurationError
from mkdocs.utils.yaml import yaml_load

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_YEAR_FILE = re.compile(r"(?:19|20)[0-9]{2}\.yml")
_AGENCY = "agency.yml"
_NO_DATA = ("formats", "schemas")


class WrongUseError(Exception):
    """The command was called with what it cannot work on; the text says what to do, in Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One agency's folders. Messages name files relative to *root* where they lie inside; *docs* may be missing.

    *years* limits the work to these years, and is empty for all.
    """

    root: Path
    data: Path
    docs: Path
    formats: Path = Path("data/formats")
    years: frozenset[int] = frozenset()


def find_desks(paths: Sequence[Path], here: Path) -> tuple[Desk, ...]:
    """Return the agencies that *paths* name, which are projects, data folders, folders of them or year files.

    Without *paths* it is the project in *here*. Raises WrongUseError for a path that has no data.
    """
    found: dict[Path, Desk] = {}
    for path in paths or [here]:
        if not path.exists():
            message = f"没有 {path} 这个文件或文件夹；请检查路径"
            raise WrongUseError(message)
        desks = [_of_year(path, here)] if path.is_file() else list(_below(path, here))
        if not desks:
            message = f"{path} 里没有年报数据（{_AGENCY} 和年度文件）；请指到项目文件夹、data 文件夹或存放它们的文件夹"
            raise WrongUseError(message)
        for desk in desks:
            known = found.get(desk.data)
            years = desk.years | known.years if known and known.years and desk.years else frozenset()
            found[desk.data] = desk if known is None else _limited(desk, years)
    return tuple(found.values())


def _limited(desk: Desk, years: frozenset[int]) -> Desk:
    return Desk(root=desk.root, data=desk.data, docs=desk.docs, formats=desk.formats, years=years)


def _of_year(path: Path, here: Path) -> Desk:
    if not _YEAR_FILE.fullmatch(path.name) or path.resolve().parent.name in _NO_DATA:
        message = f"{path} 不是年度数据文件；年度文件以年份命名，如 2023.yml"
        raise WrongUseError(message)
    return _limited(_desk(path.parent, here), frozenset({int(path.stem)}))


def _below(path: Path, here: Path) -> Iterator[Desk]:
    """Yield the desks at or below *path*: a project first names its own folders, others are found by agency.yml."""
    if (path / "mkdocs.yml").is_file():
        yield project_desk(path, here)
        return
    if _has_data(path):
        yield _desk(path, here)
        return
    for folder in sorted(child for child in path.iterdir() if child.is_dir() and not child.name.startswith(".")):
        yield from _below(folder, here)


def _has_data(folder: Path) -> bool:
    if folder.name in _NO_DATA:
        return False
    return (folder / _AGENCY).is_file() or any(_YEAR_FILE.fullmatch(path.name) for path in folder.glob("*.yml"))


def project_desk(folder: Path, here: Path | None = None) -> Desk:
    """Return the desk of the project whose mkdocs.yml lies in *folder*; messages name files as seen from *here*.

    Raises WrongUseError where there is no such file or it cannot be read.
    """
    settings = _settings(folder / "mkdocs.yml")
    extra = settings.get("extra") or {}
    return Desk(
        root=here or folder,
        data=folder / str(extra.get("data", "data")),
        docs=folder / str(settings.get("docs_dir", "docs")),
        formats=(folder / str(extra.get("formats", "data/formats"))).resolve(),
    )


def _settings(path: Path) -> Mapping[str, Any]:
    try:
        with path.open("rb") as file:
            settings = yaml_load(file)
    except OSError as error:
        message = f"不能读取 {path}（{error.strerror}）；请在存放 mkdocs.yml 的文件夹里运行"
        raise WrongUseError(message) from error
    except (yaml.YAMLError, UnicodeDecodeError, ConfigurationError) as error:
        message = f"{path} 的写法有误：{' '.join(str(error).split())}"
        raise WrongUseError(message) from error
    return settings if isinstance(settings, dict) else {}


def _desk(data: Path, here: Path) -> Desk:
    """Return the desk of a folder of data: that of the project which it belongs to, or its own."""
    root = data.parent
    if (root / "mkdocs.yml").is_file():
        desk = project_desk(root, here)
        if desk.data.resolve() == data.resolve():
            return desk
    folders = [data, *data.resolve().parents, here.resolve()]
    candidates = [*(folder / "formats" for folder in folders), *(folder / "data" / "formats" for folder in folders)]
    formats = next((folder for folder in candidates if folder.is_dir()), here / "data" / "formats")
    docs = root / "docs" if data.name == "data" else data / "docs"
    return Desk(root=here, data=data, docs=docs, formats=formats)
