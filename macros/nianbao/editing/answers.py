"""What a browser may ask of the desk, and what it is answered: JSON both ways, by method and path.

=======  =========================  ================================================================
GET      ``year/2023``              figures, totals, what is unread, what waits
GET      ``tables/2023``            its tables as HTML
GET      ``facts/2023``             fields and what they say; ``agency`` and ``profile`` as well
GET      ``words/2023/1-overview``  the boxes of a page, what is wanted there, last year's words, figures to put in
GET      ``findings/2023``          what readers and rules find
GET      ``history``                what can be undone and done again
GET      ``path/2023``              the year's path, see `nianbao.editing.year_path`; ``path`` that of the year at work
GET      ``job``                    how far the last command is, see `nianbao.editing.running`
PUT      ``cells/2023``             ``{changes: [{where, old, new}], dry?, correcting?}``
PUT      ``facts/2023``             the same without ``dry``; ``agency`` and ``profile`` as well
PUT      ``words/2023/1-overview``  the same, boxes by their numbers
POST     ``likeness/2023/1-…``      ``{text}``: which of its sentences are last year's; nothing is written
POST     ``zeros/2023``             ``{correcting?}``
GET      ``correction/2023``        what was changed in a frozen year and is not registered yet, and the day
POST     ``correction/2023``        ``{reason, on}``: register it
PUT      ``answers/2023``           ``{answers: {id: text}}``, to what an import asks
POST     ``undo``, ``redo``         ``{seen, correcting?}``, the step that the page has seen, in words
POST     ``job/2023``               ``{command, said: {blank: text}, files: [name]}``: run a command of the desk
POST     ``stop``, ``clear``        ``{}``: end the command; take away the files that were dropped
=======  =========================  ================================================================
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nianbao.editing.commands import command_of
from nianbao.editing.desk import Change, Desk, FrozenError
from nianbao.editing.files import BrokenError, NotThereError
from nianbao.editing.questions import answer_questions
from nianbao.editing.year_path import year_path
from nianbao.model.project import WrongUseError
from nianbao.reading.refusal import HinderedError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nianbao.editing.beginning import Beginning

Json = dict[str, Any]

# A whole report takes 12 KB.
LARGEST = 1_000_000
_DEEPEST = 6
_MOST_CHANGES = 2000
_PATH = re.compile(r"(?P<what>[a-z]+)(?:/(?P<file>(?:19|20)[0-9]{2}(?:/(?:[1-9]-[a-z]+|index))?|agency|profile))?")
_YEAR = re.compile(r"[0-9]{4}")
_KEY = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*")


class MalformedError(Exception):
    """Not what our own pages ask; there is nothing to be said to a person."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A *status* of HTTP and what is said with it."""

    status: int
    body: Json


def answer(place: Desk | Beginning, method: str, path: str, content: bytes) -> Answer:  # noqa: PLR0911  # one for each way it ends
    """Return the answer of *place* to a request with *content*."""
    found = _PATH.fullmatch(path)
    key = (method, found["what"]) if found else ("", "")
    asked: Mapping[tuple[str, str], Callable[[Any, str, Json], Json]] = _ASKED if isinstance(place, Desk) else _FIRST
    known = asked.get(key)
    if found is None or known is None:
        return Answer(404, {"message": "没有这一项"})
    try:
        return Answer(200, known(place, found["file"] or "", _body(content) if method != "GET" else {}))
    except MalformedError:
        return Answer(400, {"message": "请求不完整；请刷新页面再试"})
    except NotThereError:
        return Answer(404, {"message": "没有这个年度或文件"})
    except FrozenError:
        return Answer(423, {"message": "本年度的报告已经定稿公布，只能查看；确需更正的，先点“更正”"})
    except BrokenError as error:
        return Answer(422, {"message": f"数据文件不能读取，请先在文本编辑器里改正：\n{error}"})
    except HinderedError as error:
        return Answer(503, {"message": str(error)})
    except (RefusedError, WrongUseError) as error:
        return Answer(422, {"message": str(error)})


def _year(file: str) -> int:
    if not _YEAR.fullmatch(file):
        raise MalformedError
    return int(file)


def _file(file: str) -> str:
    if not file:
        raise MalformedError
    return file


def _body(content: bytes) -> Json:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        raise MalformedError from None
    if not isinstance(said, dict):
        raise MalformedError
    return said


def _flag(body: Json, name: str) -> bool:
    said = body.get(name, False)
    if not isinstance(said, bool):
        raise MalformedError
    return said


def _seen(body: Json) -> str:
    said = body.get("seen")
    if not isinstance(said, str):
        raise MalformedError
    return said


def _changes(body: Json) -> list[Change]:
    said = body.get("changes")
    if not isinstance(said, list) or len(said) > _MOST_CHANGES:
        raise MalformedError
    return [_change(one) for one in said]


def _change(said: Any) -> Change:  # noqa: ANN401  # what the browser sent
    if not isinstance(said, dict) or said.keys() != {"where", "old", "new"} or not isinstance(said["where"], str):
        raise MalformedError
    for value in (said["old"], said["new"]):
        if value is not None and not _is_plain(value, 0):
            raise MalformedError
    return Change(where=said["where"], old=said["old"], new=said["new"])


def _is_plain(value: Any, depth: int) -> bool:  # noqa: ANN401  # what the browser sent
    if depth > _DEEPEST:
        return False
    if isinstance(value, str):
        return not any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, list):
        return all(_is_plain(item, depth + 1) for item in value)
    return isinstance(value, dict) and all(
        _KEY.fullmatch(key) and _is_plain(item, depth + 1) for key, item in value.items()
    )


def _cells(desk: Desk, file: str, body: Json) -> Json:
    changes = _changes(body)
    if not all(isinstance(one.old, str) and isinstance(one.new, str) for one in changes):
        raise MalformedError
    try:
        return desk.write_cells(_year(file), changes, dry=_flag(body, "dry"), correcting=_flag(body, "correcting"))
    except KeyError:
        raise MalformedError from None


def _facts(desk: Desk, file: str, body: Json) -> Json:
    try:
        return desk.write_facts(_file(file), _changes(body), correcting=_flag(body, "correcting"))
    except KeyError:
        raise MalformedError from None


def _page(file: str) -> tuple[int, str]:
    year, _, page = file.partition("/")
    if not page:
        raise MalformedError
    return _year(year), page


def _words(desk: Desk, file: str, body: Json) -> Json:
    changes = _changes(body)
    if not all(isinstance(one.old, str) and isinstance(one.new, str) and one.where.isdecimal() for one in changes):
        raise MalformedError
    try:
        return desk.write_words(*_page(file), changes, correcting=_flag(body, "correcting"))
    except LookupError:
        raise MalformedError from None


def _likeness(desk: Desk, file: str, body: Json) -> Json:
    text = body.get("text")
    if not isinstance(text, str):
        raise MalformedError
    return desk.repeated(*_page(file), text)


def _correction(desk: Desk, file: str, body: Json) -> Json:
    reason, on = body.get("reason"), body.get("on")
    if not isinstance(reason, str) or not isinstance(on, str):
        raise MalformedError
    try:
        day = dt.date.fromisoformat(on.strip())
    except ValueError:
        message = f"更正日期应是实有的一天，写作 2024-01-31 的样子，实际为“{on}”"
        raise RefusedError(message) from None
    return desk.correct(_year(file), reason, day)


def _words_of(body: Json, name: str) -> dict[str, str]:
    said = body.get(name, {})
    if not isinstance(said, dict) or not all(isinstance(word, str) and _is_plain(word, 0) for word in said.values()):
        raise MalformedError
    return said


def _names(body: Json) -> list[str]:
    said = body.get("files", [])
    if not isinstance(said, list) or not all(isinstance(word, str) for word in said):
        raise MalformedError
    return said


def _job(desk: Desk, file: str, body: Json) -> Json:
    _year(file)
    command = command_of(str(body.get("command")))
    if command is None:
        raise MalformedError
    files = desk.inbox.files(_names(body))
    paths = [path.relative_to(desk.project.folder).as_posix() for path in files]
    return desk.runner.start(command, file, command.arguments(file, _words_of(body, "said"), paths), files)


def _clear(place: Desk | Beginning) -> Json:
    place.inbox.clear()
    return {}


_BOTH: dict[tuple[str, str], Callable[[Desk | Beginning, str, Json], Json]] = {
    ("GET", "job"): lambda place, _, __: place.runner.state(),
    ("POST", "stop"): lambda place, _, __: place.runner.stop(),
    ("POST", "clear"): lambda place, _, __: _clear(place),
}

_FIRST: dict[tuple[str, str], Callable[[Beginning, str, Json], Json]] = {
    **_BOTH,
    ("GET", "path"): lambda place, _, __: place.state(),
    ("POST", "job"): lambda place, _, body: place.start(_words_of(body, "said"), _names(body)),
}

_ASKED: dict[tuple[str, str], Callable[[Desk, str, Json], Json]] = {
    **_BOTH,
    ("GET", "year"): lambda desk, file, _: desk.year(_year(file)),
    ("GET", "tables"): lambda desk, file, _: desk.tables(_year(file)),
    ("GET", "facts"): lambda desk, file, _: desk.facts(_file(file)),
    ("GET", "findings"): lambda desk, file, _: desk.findings(_year(file)),
    ("GET", "history"): lambda desk, _, __: desk.history(),
    ("GET", "path"): lambda desk, file, _: year_path(desk, _year(file) if file else None),
    ("POST", "job"): _job,
    ("PUT", "answers"): lambda desk, file, body: answer_questions(
        desk.project, _year(file), _words_of(body, "answers")
    ),
    ("GET", "words"): lambda desk, file, _: desk.words(*_page(file)),
    ("PUT", "words"): _words,
    ("POST", "likeness"): _likeness,
    ("PUT", "cells"): _cells,
    ("PUT", "facts"): _facts,
    ("POST", "zeros"): lambda desk, file, body: desk.fill(_year(file), correcting=_flag(body, "correcting")),
    ("POST", "undo"): lambda desk, _, body: desk.undo(_seen(body), correcting=_flag(body, "correcting")),
    ("POST", "redo"): lambda desk, _, body: desk.redo(_seen(body), correcting=_flag(body, "correcting")),
    ("GET", "correction"): lambda desk, file, _: desk.correction(_year(file)),
    ("POST", "correction"): _correction,
}
