"""JSON Schemas of the data files, made from their fields, for editors to complete and explain.

Draft 7, which the YAML plug-ins of editors understand. The schemas help while typing; what counts is the
reader, which is stricter and says what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.members.register import REGISTER
from nianbao.model.agency import AGENCY
from nianbao.model.frame import FRAME
from nianbao.model.profile import PROFILE
from nianbao.model.report_reader import report_fields

if TYPE_CHECKING:
    from nianbao.model.form import Form
    from nianbao.reading.fields import Fields, Schema

_DRAFT = "http://json-schema.org/draft-07/schema#"


def report_schema(form: Form) -> Schema:
    """Return the schema of a year's file that uses *form*."""
    return _file(form.name, report_fields(form))


def agency_schema() -> Schema:
    """Return the schema of the agency's file."""
    return _file("编制并公布年度报告的机关", AGENCY)


def profile_schema() -> Schema:
    """Return the schema of the file of local requirements."""
    return _file("本地要求", PROFILE)


def frame_schema() -> Schema:
    """Return the schema of the file of the portal's frame."""
    return _file("门户框架", FRAME)


def register_schema() -> Schema:
    """Return the schema of the file that registers the bodies of a superior office."""
    return _file("单位名册", REGISTER)


def _file(title: str, fields: Fields) -> Schema:
    return {"$schema": _DRAFT, "title": title, **fields.schema(title, "")}
