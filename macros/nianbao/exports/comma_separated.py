"""Tidy data as CSV, and what describes the files for programs: a Data Package (Frictionless Data, version 1)."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from nianbao.exports.columns import CELL_STATUSES, COLUMNS, STATUS_MEANINGS, Column
from nianbao.exports.json_report import json_file
from nianbao.exports.texts import csv_text, notices, report_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nianbao.cache.cache import Content
    from nianbao.exports.tidy import TidyRow
    from nianbao.model.form import Table
    from nianbao.model.report import Report


def csv_file(rows: Iterable[TidyRow]) -> bytes:
    """Return *rows* as CSV, below the names of their columns."""
    names = [column.name for column in COLUMNS]
    return csv_text(chain([names], ([getattr(row, name) for name in names] for row in rows)))


def package_file(agency: str, report: Report, files: Mapping[str, Content], notice: str = "") -> bytes:
    """Return the description of *files*, the CSV files beside it, by the id of their table.

    The files are named by *agency*, year and table; the *notice* of the site, for which CSV has no room, stands here.
    There is no licence: which one holds is not known.
    """
    name = f"{agency}-{report.year}".replace("_", "-")
    told = "；".join(notices(report, notice))
    descriptor: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": name,
        "title": report_name(report),
        **({"description": told} if told else {}),
        "resources": [
            _resource(table, csv_name(agency, report, table), files[table.id]) for table in report.form.tables
        ],
    }
    return json_file(descriptor)


def csv_name(agency: str, report: Report, table: Table) -> str:
    """Return the name of the CSV file of *table*."""
    return f"{agency}-{report.year}-{table.id}.csv"


def _resource(table: Table, path: str, content: Content) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.id.replace("_", "-"),
        "title": table.caption,
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": content.size,
        "hash": f"sha256:{content.digest}",
        "schema": {
            "fields": [_field(column) for column in COLUMNS],
            "missingValues": [""],
            "primaryKey": ["agency", "year", "address"],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.optional else {"required": True}
    description = column.description
    if column.name == "status":
        constraints["enum"] = list(CELL_STATUSES)
        description += "".join(f"{name}：{meaning}" for name, meaning in STATUS_MEANINGS.items())
    return {
        "name": column.name,
        "title": column.title,
        "description": description,
        "type": column.type,
        **({"constraints": constraints} if constraints else {}),
    }
