"""What can be filled in beside figures, as forms: made from the declaration of the fields that reads the files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nianbao.model.agency import AGENCY
from nianbao.model.profile import PROFILE
from nianbao.model.report_reader import report_fields
from nianbao.reading.fields import Field, Fields, Items, OrUnknown, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nianbao.lifecycle.patching import Path, Plain
    from nianbao.model.form import Form

Json = dict[str, Any]

AGENCY_FILE, PROFILE_FILE = "agency", "profile"
FILES = {AGENCY_FILE: AGENCY, PROFILE_FILE: PROFILE}

# What a form may change in a year's file, in the order in which the file has it. Its number and its edition of the form
# are its identity; digest and corrections are written by the commands that publish; waivers name findings.
_YEAR = ("status", "published_on", "transcribed", "blanks_are_zero", "processing_fee", "items", "waivers", "approvals")
_ORDER = ("year", "format", *_YEAR[:-2])


def fields_of(file: str, form: Form | None) -> tuple[Field[Any], ...]:
    """Return the fields that a form may change in *file*: ``agency``, ``profile``, or else a year's, of *form*."""
    if file in FILES:
        fields = FILES[file]
        return (*fields.required, *fields.optional)
    known = {field.name: field for field in _all_of(report_fields(form))} if form is not None else {}
    return tuple(known[name] for name in _YEAR if name in known)


def _all_of(fields: Fields) -> tuple[Field[Any], ...]:
    return (*fields.required, *fields.optional)


def described(fields: Iterable[Field[Any]], required: Iterable[str] = ()) -> list[Json]:
    """Return *fields* as a browser builds a form from them; *required* are the names of those that must be filled in.

    Each has its ``name``, ``title`` and ``hint``, a ``kind`` (``text``, ``word``, ``choice``, ``yes``, ``list``,
    ``record``) and, by kind, ``options``, ``item`` or ``fields``; ``unknown`` tells that 不详 may stand for it.
    """
    needed = set(required)
    return [_described(field, required=field.name in needed) for field in fields]


def described_file(file: str, form: Form | None) -> list[Json]:
    """Return the fields of `fields_of` as `described`."""
    fields = FILES.get(file) or (report_fields(form) if form is not None else Fields(""))
    return described(fields_of(file, form), (field.name for field in fields.required))


def _described(field: Field[Any], *, required: bool) -> Json:
    return {
        "name": field.name,
        "title": field.title,
        "hint": field.description,
        "required": required,
        **_kind(field.kind),
    }


def _kind(kind: Any) -> Json:  # noqa: ANN401  # kinds share no class
    if isinstance(kind, OrUnknown):
        return {**_kind(kind.kind), "unknown": True}
    if isinstance(kind, Items):
        return {"kind": "list", "item": _kind(kind.kind)}
    if isinstance(kind, Fields):
        names = [field.name for field in kind.required]
        return {"kind": "record", "title": kind.title, "fields": described(_all_of(kind), names)}
    if isinstance(kind, Value) and kind.options:
        return {"kind": "choice", "options": [list(option) for option in kind.options]}
    if isinstance(kind, Value) and kind.written.get("type") == "boolean":
        return {"kind": "yes"}
    return {"kind": "text" if isinstance(kind, Value) and kind.free else "word"}


def bare_in(file: str, form: Form | None) -> Callable[[Path], bool]:
    """Return a function that tells of a path in *file* whether what stands there is no text of any words."""
    free = frozenset(_free(fields_of(file, form), ()))

    def bare(path: Path) -> bool:
        return tuple(step for step in path if isinstance(step, str)) not in free

    return bare


def _free(fields: Iterable[Field[Any]], path: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    """Yield the paths, without places in lists, at which texts of any words stand."""
    for field in fields:
        kind: Any = field.kind
        while isinstance(kind, (OrUnknown, Items)):
            kind = kind.kind
        own = (*path, field.name)
        if isinstance(kind, Fields):
            yield from _free(_all_of(kind), own)
        elif isinstance(kind, Value) and kind.free:
            yield own


def with_fact(data: dict[str, Plain], name: str, value: Plain | None, file: str) -> dict[str, Plain]:
    """Return *data*, what *file* says, with *value* under *name*, or without it; a new one goes where files have it."""
    if value is None or name in data:
        changed = {key: said for key, said in data.items() if key != name or value is not None}
        return changed if value is None else {**changed, name: value}
    order = [field.name for field in _all_of(FILES[file])] if file in FILES else list(_ORDER)
    before = [key for key in order[: order.index(name)] if key in data] if name in order else list(data)
    found: dict[str, Plain] = {} if before else {name: value}
    for key, said in data.items():
        found[key] = said
        if before and key == before[-1]:
            found[name] = value
    return found
