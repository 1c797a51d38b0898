"""Findings: what is wrong, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from nianbao.reading.legible import one_line, visible


class Place(NamedTuple):
    """A position in a file; *line* and *column* count from 1, *file* is relative to the project."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{visible(self.file)}:{self.line}:{self.column}"


def position(text: str, offset: int) -> tuple[int, int]:
    """Return the line and column, both from 1, of the character at *offset*."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


# How much a finding weighs. An error stops publication; of an uncertain one the program could not
# judge and says what a person must look at; a warning is a local rule, a habit or a likelihood.
LEVELS = {"error": "错误", "uncertain": "待核", "warning": "提醒"}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One mistake: its place and a Chinese sentence that says what to do.

    A finding of a rule carries the *rule*'s code and its *subject*: the address of the cell, the key
    of the data file or the page and its words, by which a waiver names it.
    """

    place: Place
    message: str
    rule: str = ""
    level: str = "error"
    subject: str = ""

    def __str__(self) -> str:
        message = one_line(self.message)
        return f"{self.place}: {self.rule} {message}" if self.rule else f"{self.place}: {message}"


def most_serious_first(finding: Finding) -> tuple[int, Finding]:
    """Return a key that sorts findings by weight, then by place."""
    return list(LEVELS).index(finding.level), finding


@dataclass(slots=True)
class Findings:
    """Collects the findings of one run, each once, so that all mistakes are told at once."""

    _found: dict[Finding, None] = field(default_factory=dict)

    def add(self, place: Place, message: str) -> None:
        """Record a finding."""
        self._found[Finding(place, message)] = None

    def extend(self, findings: tuple[Finding, ...]) -> None:
        """Record findings that another run collected."""
        self._found.update(dict.fromkeys(findings))

    def sorted(self) -> tuple[Finding, ...]:
        """Return the findings in the order of files, lines and columns."""
        return tuple(sorted(self._found))

    def __len__(self) -> int:
        return len(self._found)


def shown(text: str, limit: int = 40) -> str:
    """Return *text* quoted for a message: one line, never longer than *limit* characters."""
    line = " ".join(text.split())
    return f"“{line[:limit]}…”" if len(line) > limit else f"“{line}”"
