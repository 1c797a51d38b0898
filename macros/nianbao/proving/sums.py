"""The files of a site against the list of their digests that it was built with.

Records hold what was published of each year and last; the list holds every file of one building: styles, programs, head
and foot of pages, all that is drawn from several years.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
from typing import TYPE_CHECKING

from nianbao.exports.archives import SUMS
from nianbao.proving.download_readers import DamagedError
from nianbao.publishing.sums import is_listed
from nianbao.reading.archives import UNPACKING_ERRORS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_LINE = re.compile(r"(?P<digest>[0-9a-f]{64}) [ *](?P<path>\S.*)")
_PACKED = ".gz"
_LARGEST = 200_000_000


def read_sums(content: bytes) -> Mapping[str, str]:
    """Return the digests in a list by path. Raises DamagedError where it is none."""
    try:
        lines = content.decode().splitlines()
    except UnicodeDecodeError as error:
        raise DamagedError(str(error)) from error
    found = [_LINE.fullmatch(line) for line in lines]
    sums = {match["path"]: match["digest"] for match in found if match is not None}
    if not sums or len(sums) < len(lines):
        raise DamagedError(SUMS)
    return sums


def differences(
    sums: Mapping[str, str], names: Iterable[str], read: Callable[[str], bytes | None]
) -> Iterator[tuple[str, str]]:
    """Yield the path of each file that is not as *sums* has it, and what is wrong with it in words.

    *names* are the paths of the files that are there; *read* returns the content of one, None where it cannot be read.
    """
    there = frozenset(names)
    for path in sorted(sums.keys() - there):
        yield path, f"没有了，生成网站时的 {SUMS} 里有"
    for path in sorted(there):
        if not is_listed(path):
            continue
        base = path.removesuffix(_PACKED)
        content = read(path)
        if path in sums:
            if content is not None and not _same(content, sums[path]):
                yield path, f"与生成网站时不同（校验值不是 {SUMS} 里的）"
        elif base == path or base not in sums:
            yield path, "是多出的文件，生成网站时没有；不是本单位放的请删去"
        elif content is not None and not _same(_unpacked(content), sums[base]):
            yield path, f"压缩的不是现在的 {base}，服务器会把它发给读者；请删去或重新压缩"


def _same(content: bytes, digest: str) -> bool:
    """Say whether *content* has the *digest*, whichever ends of lines a way to copy files has made of its own."""
    whole = (content, content.replace(b"\r\n", b"\n"))
    return any(hashlib.sha256(one).hexdigest() == digest for one in whole)


def _unpacked(content: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(content)) as file:
            return file.read(_LARGEST)  # It may be one that swells.
    except UNPACKING_ERRORS:
        return b""
