"""Office files that are ZIP packages of XML: their parts, within limits, without entities and without network."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from lxml import etree

from nianbao.reading.archives import UNPACKING_ERRORS
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# A report of a hundred pages has 3 MB of XML; beyond this a file is no report, or is made to fill the memory.
_PART = 64_000_000
_SUM = 400_000_000
_ENTRIES = 10_000

DAMAGED = "文件已损坏，打不开；请用原来的程序打开，另存一份再导入"
_TOO_LARGE = "文件展开后太大，不像一份年度报告；请检查是否选错了文件"


class Package:
    """The parts of an office file by name. Raises RefusedError where it is damaged, locked or too large."""

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except UNPACKING_ERRORS as error:
            raise RefusedError(DAMAGED) from error
        entries = self._archive.infolist()
        if len(entries) > _ENTRIES or sum(entry.file_size for entry in entries) > _SUM:
            raise RefusedError(_TOO_LARGE)
        self.names = frozenset(entry.filename for entry in entries)

    def read(self, name: str) -> bytes:
        """Return the bytes of the part called *name*; a size that the directory does not tell truly is not believed."""
        if name not in self.names:
            raise RefusedError(DAMAGED)
        try:
            with self._archive.open(name) as part:
                data = part.read(_PART + 1)
        except UNPACKING_ERRORS as error:
            raise RefusedError(DAMAGED) from error
        if len(data) > _PART:
            raise RefusedError(_TOO_LARGE)
        return data

    def tree(self, name: str) -> Element:
        """Return the root of the XML part called *name*."""
        return parsed(self.read(name))


def parsed(data: bytes) -> Element:
    """Return the root of the XML in *data*, which may not declare a document type: office programs write none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise RefusedError(DAMAGED) from error
    if root is None or root.getroottree().docinfo.doctype:
        raise RefusedError(DAMAGED)
    return root
