"""What the import of a year asks, and what is answered on the desk: both stand in its file, which people may edit."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from nianbao.data_files import writing
from nianbao.data_files.entries import LayoutError
from nianbao.importing.folder import QUESTIONS, REVIEW, folder_of
from nianbao.importing.questions import asked_in, with_answers
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nianbao.importing.questions import Asked
    from nianbao.model.project import Project

Json = dict[str, Any]


def questions(project: Project, year: int) -> Json:
    """Return what the import of *year* asks, and the page to check it by; nothing where there was no import."""
    folder = folder_of(project, year)
    asked = _asked(folder / QUESTIONS)
    page = folder / REVIEW
    return {
        "questions": [asdict(one) for one in asked],
        "open": sum(not one.answer for one in asked),
        "review": page.relative_to(project.folder).as_posix() if page.is_file() else "",
    }


def answer_questions(project: Project, year: int, answers: Mapping[str, str]) -> Json:
    """Write *answers*, by the ids of questions, into the file; whether they can be taken the next run tells."""
    path = folder_of(project, year) / QUESTIONS
    with writing.exclusively(project.data):
        writing.put(path, _changed(path, answers).encode())
    return questions(project, year)


def _asked(path: Path) -> tuple[Asked, ...]:
    try:
        return asked_in(_text(path)) if path.is_file() else ()
    except LayoutError:
        raise _unreadable(path) from None


def _changed(path: Path, answers: Mapping[str, str]) -> str:
    try:
        return with_answers(_text(path), answers)
    except LayoutError:
        raise _unreadable(path) from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise _unreadable(path) from None


def _unreadable(path: Path) -> RefusedError:
    message = f"{path.parent.name}/{path.name} 不能读取；请重新读入报告"
    return RefusedError(message)
