"""What can be filled in beside figures, as forms: made from the declaration of the fields that reads the files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from nianbao.model.agency import AGENCY
from nianbao.model.profile import PROFILE
from nianbao.model.remarks_reader import CellRemarks
from nianbao.model.report import FEE, ITEMS
from nianbao.model.report_reader import FORM, report_fields
from nianbao.reading.fields import Field, Fields, Items, OrUnknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nianbao.data_files.patching import Plain
    from nianbao.model.form import Form

Json = dict[str, Any]

AGENCY_FILE, PROFILE_FILE = "agency", "profile"
FILES = {AGENCY_FILE: AGENCY, PROFILE_FILE: PROFILE}

STATUS, PUBLISHED_ON, DRAFT, PUBLISHED = "status", "published_on", "draft", "published"
TO_BE_FROZEN = "草稿；公布的日期和内容在工作台的“定稿”一步登记，登记以后就是已公布"

# What is not filled in by hand: what a file is known by, and what the commands that publish write. The tables of the
# form are filled in where they stand.
_IDENTITY = {AGENCY_FILE: ("id",), PROFILE_FILE: ()}
_IDENTITY_OF_YEAR = ("year", "format", "digest", "corrections", "reopened")
# The order in which a year's file has its fields; others come last.
_ORDER = (
    "year",
    "format",
    "form",
    "status",
    "published_on",
    "late_reason",
    "transcribed",
    "blanks_are_zero",
    FEE,
    ITEMS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields that are filled in together, in one place of the pages; without *names* it has those no other names."""

    id: str
    title: str
    names: tuple[str, ...] = ()


# What forms are called on the pages.
FOOTER, NAMES = "页脚的机关信息", "机关名称、类别和职权"
ITEM_LIST, PUBLICATION = "主动公开的信息", "公布日期和状态等事项"
_GROUPS = {
    AGENCY_FILE: (
        Group(id="footer", title=FOOTER, names=("superior", "region", "site", "contact")),
        Group(id="names", title=NAMES),
    ),
    PROFILE_FILE: (Group(id="profile", title="本地要求"),),
}
_GROUPS_OF_YEAR = (
    Group(id="items", title=ITEM_LIST, names=(ITEMS,)),
    Group(id="fee", title="信息处理费", names=(FEE,)),
    Group(id="remarks", title="表中数字的说明", names=("remarks",)),
    Group(id="publication", title=PUBLICATION),
)


def groups_of(file: str, form: Form | None) -> tuple[Group, ...]:
    """Return the groups in which all fields of `fields_of` stand, each in one."""
    groups = _GROUPS.get(file, _GROUPS_OF_YEAR)
    named = {name for group in groups for name in group.names}
    others = tuple(field.name for field in fields_of(file, form) if field.name not in named)
    return tuple(group if group.names else replace(group, names=others) for group in groups)


def declared(file: str, form: Form | None) -> Fields:
    """Return all fields that *file* may have: ``agency``, ``profile``, or else a year's, of *form*."""
    return FILES[file] if form is None else report_fields(form)


def fields_of(file: str, form: Form | None) -> tuple[Field[Any], ...]:
    """Return those fields of `declared` that can be filled in by hand, in the order in which files have them."""
    fields = declared(file, form).all
    if form is None:
        return tuple(field for field in fields if field.name not in _IDENTITY[file])
    shut = {*_IDENTITY_OF_YEAR, *(table.id for table in form.tables)}
    found = [field for field in fields if field.name not in shut]
    return tuple(sorted(found, key=lambda field: _ORDER.index(field.name) if field.name in _ORDER else len(_ORDER)))


def described(fields: Iterable[Field[Any]], required: Iterable[str] = ()) -> list[Json]:
    """Return *fields* as a browser builds a form from them; *required* are the names of those that must be filled in.

    Each has its ``name``, ``title`` and ``hint``, a ``kind`` (``text``, ``word``, ``choice``, ``yes``, ``list``,
    ``record``, ``remarks``) and, by kind, ``options``, ``item`` or ``fields``; ``unknown`` tells that 不详 may stand
    for it.
    """
    needed = set(required)
    return [_described(field, required=field.name in needed) for field in fields]


def described_file(file: str, form: Form | None, said: Mapping[str, Plain], variants: Iterable[str] = ()) -> list[Json]:
    """Return the fields of `fields_of` as `described`; *variants* are the forms that a year may be printed in.

    What freezing alone may write into a draft, which is what *said* tells of, is of the ``kind`` ``step``.
    """
    found = described(fields_of(file, form), (field.name for field in declared(file, form).required))
    ways = [[name, name if "-" in name else f"{name}年的规定格式"] for name in variants]
    others = {FORM: {"kind": "choice", "options": ways}}
    if said.get(STATUS) == DRAFT:
        others |= {STATUS: {"kind": "step", "step": "freeze", "words": TO_BE_FROZEN}}
        found = [one for one in found if one["name"] != PUBLISHED_ON or PUBLISHED_ON in said]
    return [one | others.get(one["name"], {}) for one in found]


def _described(field: Field[Any], *, required: bool) -> Json:
    return {
        "name": field.name,
        "title": field.title,
        "hint": field.description,
        "required": required,
        **_kind(field.kind),
    }


def _kind(kind: Any) -> Json:  # noqa: ANN401, PLR0911  # kinds share no class; one return for each
    if isinstance(kind, OrUnknown):
        return {**_kind(kind.kind), "unknown": True}
    if isinstance(kind, Items):
        return {"kind": "list", "item": _kind(kind.kind)}
    if isinstance(kind, CellRemarks):
        return {"kind": "remarks"}
    if isinstance(kind, Fields):
        names = [field.name for field in kind.required]
        return {"kind": "record", "title": kind.title, "fields": described(kind.all, names)}
    if isinstance(kind, Value) and kind.options:
        return {"kind": "choice", "options": [list(option) for option in kind.options]}
    if isinstance(kind, Value) and kind.written.get("type") == "boolean":
        return {"kind": "yes"}
    return {"kind": "text" if isinstance(kind, Value) and kind.free else "word"}


def with_fact(data: dict[str, Plain], name: str, value: Plain | None, file: str) -> dict[str, Plain]:
    """Return *data*, what *file* says, with *value* under *name*, or without it; a new one goes where files have it."""
    if value is None or name in data:
        changed = {key: said for key, said in data.items() if key != name or value is not None}
        return changed if value is None else {**changed, name: value}
    order = [field.name for field in FILES[file].all] if file in FILES else list(_ORDER)
    before = [key for key in order[: order.index(name)] if key in data] if name in order else list(data)
    found: dict[str, Plain] = {} if before else {name: value}
    for key, said in data.items():
        found[key] = said
        if before and key == before[-1]:
            found[name] = value
    return found
