"""Cases that show each rule: edits to the example reports, and every word of what is then found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """In *file* of the examples, the first *old* becomes *new*; an empty *old* makes a new file."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Edits to the example reports and the *findings* that they add, none for a case that passes."""

    rule: str
    about: str
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
            edits=tuple(Edit(**edit) for edit in case.get("edits", ())),
            findings=tuple(case.get("findings", ())),
        )
        for entry in entries
        for case in (*entry.get("passes", ()), *entry.get("fails", ()))
    ]
