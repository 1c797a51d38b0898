"""Cases that show each rule: edits to the example reports, and every word of what is then found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """In *file*, the first *old* becomes *new*; with *copy* the file is first made from that one."""

    file: str
    old: str = ""
    new: str = ""
    copy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Edits and the *findings* that they add, none for a case that passes.

    *base* is what is edited: the ``examples``, or the ``own`` reports of this project.
    """

    rule: str
    about: str
    base: str
    edits: tuple[Edit, ...]
    findings: tuple[str, ...]


def examples() -> tuple[Example, ...]:
    """Return all cases, in the order of their files."""
    return tuple(example for path in sorted(FOLDER.glob("*.yml")) for example in _read(path))


def _read(path: Path) -> list[Example]:
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    return [
        Example(
            rule=str(entry["rule"]),
            about=str(case["about"]),
            base=str(case.get("base", "examples")),
            edits=tuple(Edit(**edit) for edit in case.get("edits", ())),
            findings=tuple(case.get("findings", ())),
        )
        for entry in entries
        for case in (*entry.get("passes", ()), *entry.get("fails", ()))
    ]
