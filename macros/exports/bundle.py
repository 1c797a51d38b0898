"""Many files as one: the ZIP of all years, and the list of digests."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SUMS = "SHA256SUMS"

# The earliest that the format knows: what is in a ZIP depends on no clock.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16
_UNIX = 3

# These are compressed in themselves.
_STORED = (".docx", ".xlsx", ".pdf", ".parquet")


def zip_file(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of *files* by their paths, with the digests of them all as `SUMS`."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path, data in sorted({**files, SUMS: sums_file(digests(files))}.items()):
            entry = zipfile.ZipInfo(path, _NO_TIME)
            entry.create_system = _UNIX
            entry.external_attr = _READABLE
            entry.compress_type = zipfile.ZIP_STORED if path.endswith(_STORED) else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return content.getvalue()


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each of *files*."""
    return {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}


def sums_file(digests: Mapping[str, str]) -> bytes:
    """Return *digests* by path as `sha256sum --check` reads them."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items())).encode()
