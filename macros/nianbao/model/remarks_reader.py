"""What a data file says of single cells: words that the original prints at a figure, notes for readers."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from nianbao.reading.fields import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

    import yaml

    from nianbao.model.form import Form
    from nianbao.reading.fields import Schema
    from nianbao.reading.values import Reader


@dataclass(frozen=True, slots=True)
class CellRemarks:
    """The kind of value that remarks are in a data file: one line of text for the address of a cell of *form*."""

    form: Form

    def read(self, reader: Reader, node: yaml.Node, subject: str) -> Mapping[str, str]:
        """Return the remarks by the whole addresses of their cells, without the full stop that their notes bring."""
        cells = self.form.cell_addresses
        written = reader.mapping(node, subject, required=(), optional=cells)
        remarks: dict[str, str] = {}
        for path, words in written.items():
            remark = reader.text(words, f"{path} 的说明")
            address = cells[path]
            if address in remarks:
                reader.fault(words, f"{path} 与前面的另一条说的是同一格 {address}；请合并成一条")
            elif remark is not None and not remark.strip("。 "):
                reader.fault(words, f"{path} 的说明只有句号；请写明说什么，没有可说的整行删去")
            elif remark is not None:
                remarks[address] = remark.rstrip("。")
        return MappingProxyType(remarks)

    def schema(self, title: str, description: str) -> Schema:
        """Return the schema of a mapping from addresses to texts."""
        return {
            "type": "object",
            "description": f"{title}：{description}",
            "additionalProperties": TEXT.schema("说明", ""),
        }
