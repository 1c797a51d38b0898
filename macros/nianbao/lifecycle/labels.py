"""What figures are called in sentences and tables: by the words of the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nianbao.model.form import Form, Heading


def cell_labels(form: Form) -> dict[str, str]:
    """Return the name of every cell of *form* by its address: its section, row and column."""
    sections = {section.table: f"第{section.number}部分的表" for section in form.sections if section.table}
    labels = {}
    for table in form.tables:
        for block in table.blocks:
            rows, columns = _labels(block.rows), _labels(block.columns)
            for row in block.rows.leaves:
                for column in block.columns.leaves:
                    words = "，".join(filter(None, (rows[row.path], columns[column.path])))
                    labels[table.address(row.path, column.path)] = f"{sections.get(table.id, table.caption)}：{words}"
    return labels


def _labels(root: Heading) -> dict[str, str]:
    return {path: " ".join(heading.label for heading in chain) for path, chain in root.chains.items()}
