"""Many files as one ZIP, and the digests of files as a list."""

from __future__ import annotations

import zipfile
from operator import itemgetter
from typing import TYPE_CHECKING, BinaryIO

from nianbao.cache.cache import held

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.cache.cache import Content

SUMS = "SHA256SUMS"

# The earliest that the format knows: what is in a ZIP depends on no clock.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16
_UNIX = 3

# These are compressed in themselves.
_STORED = (".docx", ".xlsx", ".pdf", ".parquet")


def write_zip(file: BinaryIO, contents: Mapping[str, Content]) -> None:
    """Write a ZIP of *contents* by their paths, with the digests of them all as `SUMS`, into *file*."""
    sums = sums_file({path: content.digest for path, content in contents.items()})
    with zipfile.ZipFile(file, "w") as archive:
        for path, content in sorted({**contents, SUMS: held(sums)}.items(), key=itemgetter(0)):
            entry = zipfile.ZipInfo(path, _NO_TIME)
            entry.create_system = _UNIX
            entry.external_attr = _READABLE
            entry.compress_type = zipfile.ZIP_STORED if path.endswith(_STORED) else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content.read())


def sums_file(digests: Mapping[str, str]) -> bytes:
    """Return *digests* by path as `sha256sum --check` reads them."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items())).encode()
