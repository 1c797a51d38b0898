"""Brings a portal that an earlier version has made to this one, file by file; what has been done is not done again.

A step is a pure function from the text of a file to its new text, which is the same where there is nothing to do.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.cache.cache import digest_of
from nianbao.data_files import writing
from nianbao.data_files.schemas import FOLDER as SCHEMAS
from nianbao.model.configuration import FILE, read_configuration
from nianbao.model.project import WrongUseError
from nianbao.reading.disk import read_bytes
from nianbao.reading.encoding import Encoding, EncodingError, decoded
from nianbao.reading.findings import Findings
from nianbao.reading.source import MAXIMUM_BYTES
from nianbao.upgrading.old_settings import is_old, new_settings, old_data
from nianbao.upgrading.old_totals import totals_in_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A change that *version* has brought to the files that *files* names, as a pattern below the portal."""

    version: str
    files: str
    about: str
    change: Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of the file at *path*: its *new* text, or None where it goes, and why; its *encoding* stays."""

    path: Path
    about: tuple[str, ...]
    old: str
    new: str | None
    encoding: Encoding = field(default_factory=Encoding)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """What there is to do: the *changes*, and what people must see to themselves."""

    changes: tuple[Change, ...]
    advice: tuple[str, ...]


_SCHEMA = re.compile(
    r"\A# yaml-language-server: \$schema=(?:\S*/)?schemas/(?P<name>[a-z0-9]+\.json)[ \t]*$", re.MULTILINE
)

# The forms and schemas that came with 0.1.0, which every portal had a copy of.
_SHIPPED = frozenset(
    {
        "7e6829b9eac01b22ba9b43ad4e8f9baadf4c38499e84899535b58adfb0c5c508",
        "70c835a65e15ba0500c28c4292d1571ef33b7acf202523ccd1728a72dc7e76f8",
        "c0c292fdef0eb8e8c2261f9ba16463fac2480360ab37caf5aebd044332a04b97",
        "d96033c0e5d403b413adb82b4b8a4407dfe07f079c96f67e3b9293298b3cfd84",
        "46673752ba1797549b696b5cd1e4e7106481110a2bedcbc4be444bada442fed9",
        "b594989ee1a47acf0d7823373838b5dd5cf8209952e5af6f96564fb42632dc74",
    }
)


def steps(data: str) -> tuple[Step, ...]:
    """Return all steps, the earliest first, for a portal whose data lie in the folder *data* below it."""
    above = "../" * len(Path(data).parts)
    schema = rf"# yaml-language-server: $schema={above}{SCHEMAS.as_posix()}/\g<name>"
    return (
        Step(
            version="0.2.0",
            files=f"{data}/*.yml",
            about="第一行指向 nianbao 写在 .cache 里的说明",
            change=lambda text: _SCHEMA.sub(schema, text),
        ),
        Step(
            version="0.2.0",
            files=f"{data}/*.yml",
            about="原件印出的合计从 printed 移进表里",
            change=totals_in_tables,
        ),
        Step(version="0.2.0", files=FILE, about="外观、宏和检查改由 nianbao 插件设定", change=new_settings),
    )


def plan(folder: Path) -> Upgrade:
    """Return what there is to do in the portal at *folder*. Raises WrongUseError where there is none."""
    data = _data(folder)
    changes = [*_changes(folder, data), *_shipped(folder / data)]
    return Upgrade(changes=tuple(changes), advice=tuple(_advice(folder, data, changes)))


def carry_out(folder: Path, upgrade: Upgrade) -> None:
    """Do what is planned, each file in one step; whatever ends it, the rest is done the next time."""
    with writing.exclusively(folder / _data(folder)):
        for change in upgrade.changes:
            if change.new is None:
                change.path.unlink()
                with contextlib.suppress(OSError):
                    change.path.parent.rmdir()
            else:
                writing.put(change.path, change.encoding.encoded(change.new))


def _data(folder: Path) -> str:
    """Return the folder of data, from the settings of this version or of the one before."""
    path, findings = folder / FILE, Findings()
    if not path.is_file():
        message = f"没有 {path}；请指到存放 {FILE} 的项目文件夹"
        raise WrongUseError(message)
    configuration = read_configuration(path, FILE, findings)
    if len(findings):
        raise WrongUseError(*map(str, findings.sorted()))
    text, _ = decoded(read_bytes(path, MAXIMUM_BYTES))
    return old_data(text) if is_old(text) else configuration.data


def _changes(folder: Path, data: str) -> Iterator[Change]:
    planned: dict[Path, tuple[str, str, list[str]]] = {}
    encodings: dict[Path, Encoding] = {}
    for step in steps(data):
        for path in sorted(folder.glob(step.files)):
            found = _decoded(path)
            if found is None:
                continue
            old, encodings[path] = found
            _, text, about = planned.get(path, (old, old, []))
            new = step.change(text)
            if new != text:
                planned[path] = old, new, [*about, step.about]
    for path, (old, new, about) in planned.items():
        yield Change(path=path, about=tuple(about), old=old, new=new, encoding=encodings[path])


def _decoded(path: Path) -> tuple[str, Encoding] | None:
    """Return the text at *path* and how it stands there, None where it is none or could not be written back so."""
    try:
        text, encoding = decoded(read_bytes(path, MAXIMUM_BYTES))
    except (EncodingError, OSError):
        return None
    return (text, encoding) if encoding.line_end else None


def _shipped(data: Path) -> Iterator[Change]:
    for path in sorted((*data.glob("formats/*.yml"), *data.glob("schemas/*.json"))):
        try:
            content = read_bytes(path, MAXIMUM_BYTES)
        except OSError:  # None of ours, as those tell who name what is left.
            continue
        if digest_of(content) in _SHIPPED:
            about = "由 nianbao 提供，项目里不再存放"
            yield Change(path=path, about=(about,), old=content.decode(), new=None)


def _advice(folder: Path, data: str, changes: list[Change]) -> Iterator[str]:
    going = {change.path for change in changes}
    for path in sorted({path for step in steps(data) for path in folder.glob(step.files)}):
        if _decoded(path) is None:
            name = path.relative_to(folder).as_posix()
            yield f"{name} 不能读取，或有损坏的字节、好几种换行符，没有改写；请先照 nianbao check 的提示改好再运行"
    for path in sorted((folder / data).glob("formats/*")):
        if path not in going:
            yield (
                f"{data}/formats/{path.name} 与 0.1.0 版带来的不同，没有删去："
                f"仍要用的移到 {data}/forms/{path.name}，不用的删去"
            )
    for path in sorted((folder / data).glob("schemas/*")):
        if path not in going:
            yield f"{data}/schemas/{path.name} 不是 0.1.0 版带来的，没有删去；已经没有程序读它，请删去"
    if any((folder / hook).is_file() for hook in ("macros/hooks.py", "macros/nianbao/hooks.py")):
        there = [name for name in ("macros", "theme", "pyproject.toml", "tests") if (folder / name).exists()]
        yield (
            f"{'、'.join(there)} 是 0.1.0 版的程序，没有删去；nianbao 装好以后这里用不着它们，"
            "没有自己改过的就删去，改过模板的请先留一份"
        )
