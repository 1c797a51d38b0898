"""Kinds of downloads that the site had and the new one has no more: readers keep links to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.exports.formats import FOLDER_NAME
from nianbao.reading.legible import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

OPTION = "--without"


def lost_files(old: Path, new: Path, given_up: Collection[str] = ()) -> tuple[str, ...]:
    """Return the downloads of the site *old* whose folder in *new* has no file of their kind, by path.

    A kind is what the name of a file ends with, such as ``pdf``; those *given_up* do not count. A year that is gone
    as a whole is not asked about here.
    """
    return tuple(
        path.relative_to(old).as_posix()
        for folder in _folders(old)
        if (new / folder.relative_to(old)).is_dir()
        for path in _lost(folder, new / folder.relative_to(old))
        if path.suffix[1:] not in given_up
    )


def _folders(site: Path) -> Iterator[Path]:
    return (folder for folder in sorted(site.glob(f"*/{FOLDER_NAME}")) if folder.is_dir())


def _lost(old: Path, new: Path) -> Iterator[Path]:
    kept = {path.suffix for path in new.iterdir()}
    return (path for path in sorted(old.iterdir()) if path.suffix not in kept)


def refusal(lost: Iterable[str], reasons: Iterable[str]) -> str:
    """Return why a site without the files *lost* does not take the place of the old one; *reasons* say why they are.

    The command that is named there does so all the same.
    """
    files = sorted(lost)
    options = " ".join(f"{OPTION} {kind}" for kind in sorted({file.rpartition(".")[2] for file in files}))
    lines = [f"网站没有更新：原来的网站有 {len(files)} 个文件，这次没有生成："]
    lines += [f"  {visible(file)}" for file in files]
    lines += reasons
    lines.append(f"请照上面所说处理，再生成一次；确实不再提供的，运行 nianbao build {options}")
    return "\n".join(lines)
