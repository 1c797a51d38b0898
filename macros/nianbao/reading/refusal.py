"""Why a command does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from nianbao.reading.legible import one_line

if TYPE_CHECKING:
    from nianbao.reading.findings import Finding


class RefusedError(Exception):
    """The command leaves everything as it is; the text and its *lines* say why and what to do, in Chinese."""

    def __init__(self, message: str, lines: tuple[str, ...] = ()) -> None:
        super().__init__("\n".join(map(one_line, (message, *lines))))


class HinderedError(RefusedError):
    """Not what was asked is in the way but the system, or another command: the same may be carried out later."""


def refuse(message: str, findings: tuple[Finding, ...]) -> NoReturn:
    """Raise RefusedError with all *findings*, each with the place that a waiver would name."""
    subjects = [f"〔{finding.subject}〕" if finding.subject else "" for finding in findings]
    lines = [f"{finding}{subject}" for finding, subject in zip(findings, subjects, strict=True)]
    heading = f"{message}（{len(findings)} 处）："
    raise RefusedError(heading, tuple(lines))
