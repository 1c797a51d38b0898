"""JSON Schemas of the data files, made from their fields, for editors to complete and explain.

Draft 7, which the YAML plug-ins of editors understand. The schemas help while typing; what counts is the
reader, which is stricter and says what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.model.report_reader import report_fields

if TYPE_CHECKING:
    from nianbao.model.form import Form
    from nianbao.reading.fields import Fields, Schema

_DRAFT = "http://json-schema.org/draft-07/schema#"


def report_schema(form: Form) -> Schema:
    """Return the schema of a year's file that uses *form*."""
    return file_schema(form.name, report_fields(form))


def file_schema(title: str, fields: Fields) -> Schema:
    """Return the schema of a file that has *fields*."""
    return {"$schema": _DRAFT, "title": title, **fields.schema(title, "")}
