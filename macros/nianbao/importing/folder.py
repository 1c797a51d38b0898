"""The folder 导入/<year> of a portal: the originals, what was read of them, questions, the page to check it by.

It is no part of the site: it lies beside data and docs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from importlib.metadata import version
from types import MappingProxyType
from typing import TYPE_CHECKING

from nianbao.cache.cache import digest_of
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from nianbao.importing.answers import Reading
    from nianbao.importing.original import Original
    from nianbao.model.project import Project

FOLDER, ORIGINALS, PAGES = "导入", "原件", "页面"
# Where files wait that were dropped onto the desk, until they have been read.
INBOX = "待读"
RECORD, QUESTIONS, REVIEW = "读数.json", "问题.yml", "核对.html"


def folder_of(project: Project, year: int) -> Path:
    """Return the folder of the imports of *year*."""
    return project.folder / FOLDER / str(year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the last import has written: *values* of cells and facts by address, as the data file then had them.

    *files* are the digests of the files that it wrote, by name below the portal; *read* those of the pages as they
    were read, whether they were written or not. *originals* are the names of the files that it read; a *submitted*
    report came to a superior.
    """

    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    files: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    read: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    originals: tuple[str, ...] = ()
    submitted: bool = False


def read_record(folder: Path) -> Record | None:
    """Return the record in *folder*, or None where nothing was imported. Raises RefusedError where it is damaged."""
    path = folder / RECORD
    if not path.is_file():
        return None
    try:
        return _record(path)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{path} 已经损坏，读不出上次导入的内容；请从版本库恢复，或把 {folder} 移走后重新导入"
        raise RefusedError(message) from error


def waiting_record(folder: Path, content: bytes) -> Path:
    """Return where the *content* of a new record waits until all is written that it tells of."""
    return folder / f".{digest_of(content)[:16]}.{RECORD}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What imports into a folder have written: the *last* one, and those that were *ended*, by where they wait.

    What those tell may stand there; it is no person's.
    """

    last: Record
    ended: Mapping[Path, Record]

    def wrote(self, name: str, content: bytes) -> bool:
        """Say whether an import has written *content* into the file that records call *name*."""
        return digest_of(content) in {one.files.get(name) for one in (self.last, *self.ended.values())}

    def values(self, mine: Mapping[str, str]) -> Mapping[str, str]:
        """Return what was written last by address, where *mine* stands in the data file now."""
        written = dict(self.last.values)
        for one in self.ended.values():
            written |= {address: value for address, value in one.values.items() if mine.get(address) == value}
        return written


def read_past(folder: Path) -> Past:
    """Return what imports have written that *folder* tells of. Raises RefusedError as `read_record`."""
    return Past(last=read_record(folder) or Record(), ended=_ended_records(folder))


def _ended_records(folder: Path) -> Mapping[Path, Record]:
    """Return the records that wait; one that is damaged was ended before it had written anything else."""
    found = {}
    for path in sorted(folder.glob(f".*.{RECORD}")):
        try:
            found[path] = _record(path)
        except (ValueError, KeyError, TypeError, AttributeError):
            found[path] = Record()
    return found


def _record(path: Path) -> Record:
    content = json.loads(path.read_bytes())
    last = content["上次写入"]
    return Record(
        values=_texts(last["值"]),
        files=_texts(last["文件"]),
        read=_texts(last["页面"]),
        originals=tuple(str(one["文件"]) for one in content["原件"]),
        submitted=last.get("报送") is True,
    )


def _texts(mapping: Mapping[str, object]) -> Mapping[str, str]:
    return MappingProxyType({str(key): str(value) for key, value in mapping.items()})


def record_file(record: Record, originals: Sequence[Original], readings: Sequence[Reading]) -> bytes:
    """Return what is kept of an import: every reading with its place, and *record*."""
    content = {
        "程序": f"nianbao {version('nianbao')}",
        "原件": [{"文件": one.name, "种类": one.kind, "sha256": one.digest, "页数": one.pages} for one in originals],
        "读数": [
            {"格": one.address, "值": one.value, "原文": one.raw, "位置": one.place, "读法": one.way}
            for one in readings
        ],
        "上次写入": {
            "值": dict(record.values),
            "文件": dict(record.files),
            "页面": dict(record.read),
            **({"报送": True} if record.submitted else {}),
        },
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
