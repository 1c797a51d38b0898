"""The digests of all files of a site, by which `nianbao verify` and `sha256sum --check` tell what was changed in it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from nianbao.exports.archives import SUMS, sums_file

if TYPE_CHECKING:
    from pathlib import Path


def is_listed(name: str) -> bool:
    """Say whether the list of a site has the file *name*, a path with slashes: not itself and nothing hidden."""
    return name != SUMS and not any(part.startswith(".") for part in name.split("/"))


def write_sums(site: Path) -> None:
    """Write the digests of all files of the finished *site* into it. Raises OSError."""
    paths = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    digests = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in paths.items() if is_listed(name)}
    (site / SUMS).write_bytes(sums_file(digests))
