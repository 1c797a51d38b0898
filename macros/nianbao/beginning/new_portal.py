"""Makes a portal from nothing: its settings, its agency, its pages and the draft of its first year."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from nianbao.beginning.new_year import make_year
from nianbao.data_files import writing
from nianbao.data_files.entries import quoted
from nianbao.data_files.schemas import schema_line, write_schemas
from nianbao.installation import PACKAGE
from nianbao.model.configuration import FILE
from nianbao.model.kinds import KIND_TITLES
from nianbao.model.project import project_at
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

START = PACKAGE / "start"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginner:
    """The body that begins: *region* and *superior* may be empty, *year* is its first."""

    name: str
    id: str
    kind: str
    region: str
    superior: str
    year: int


def make_portal(folder: Path, body: Beginner) -> tuple[str, ...]:
    """Make a portal of *body* at *folder*, which is not there or is empty, and return its files.

    It grows beside *folder* and takes its place in one step. Raises RefusedError where there is
    something already, or where no year like the first can be made.
    """
    refuse_what_is_there(folder)
    folder = folder.resolve()
    beside = folder.with_name(f".{folder.name}.new")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"不能建立 {folder.parent}；请检查路径和权限"
        raise RefusedError(message) from error
    with writing.exclusively(folder.parent):
        shutil.rmtree(beside, ignore_errors=True)  # Left by a run that was killed.
        try:
            files = _fill(beside, body)
            if folder.is_dir():
                folder.rmdir()  # Fails where somebody has put something there meanwhile.
            beside.rename(folder)
            writing.sync(folder.parent)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return files


def refuse_what_is_there(folder: Path) -> None:
    """Raise RefusedError where a portal cannot be made at *folder*, with what to do."""
    folder = folder.resolve()
    if folder == Path.cwd() or folder in Path.cwd().parents:
        message = f"不能在当前所在的文件夹 {folder} 建立；请到上一级文件夹里运行 nianbao start {folder.name}"
        raise RefusedError(message)
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists():
        message = f"{folder} 已经存在，而且不是空文件夹，没有建立任何内容；请换一个名称"
        raise RefusedError(message)


def _fill(folder: Path, body: Beginner) -> tuple[str, ...]:
    data = folder / "data"
    data.mkdir(parents=True)
    for path in sorted((START / "docs").glob("*.md")):
        _write(folder / "docs" / path.name, path.read_text(encoding="utf-8"))
    _write(folder / FILE, _text(FILE))
    _write(folder / ".gitignore", _text("gitignore"))
    for name, words in (("agency", _agency(body)), ("profile", {})):
        text = Template(_text(f"{name}.yml")).substitute(words)
        _write(data / f"{name}.yml", f"{schema_line(data, name, folder)}\n{text}")
    make_year(project_at(folder), body.year)
    files = tuple(sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()))
    write_schemas(folder, data)
    return files


def _agency(body: Beginner) -> Mapping[str, str]:
    """Return what stands in agency.yml: words of people between quotes, whatever they hold."""
    known = (("superior", body.superior), ("region", body.region))
    kinds = "，".join(f"{kind} {label}" for kind, label in KIND_TITLES.items())
    return {
        "id": body.id,
        "kind": f"{body.kind} ".ljust(21) + f"# {kinds}",
        "above": "".join(f"{key}: {quoted(text)}\n" for key, text in known if text),
        "name": quoted(body.name),
        "year": str(body.year),
    }


def _text(name: str) -> str:
    return (START / name).read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    writing.write_new(path, text.encode())
