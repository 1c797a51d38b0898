"""What was done to the files of a portal, so that it can be undone and done again, after a restart as well.

The folder ``.edits`` holds each content once, named by its digest, and ``journal.jsonl`` with a line for each step.
A line is written before the file is changed: where the program was killed in between, the file tells that the step
has not been made.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from nianbao.cache.cache import digest_of
from nianbao.data_files.writing import put, replace_content, sync, write_new
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

FOLDER = ".edits"
_JOURNAL = "journal.jsonl"
_KEPT = 500  # steps
_NO_FILE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A change of *file*, a path below the portal, from the content *before* to *after*, at *time*, *what* in words.

    Contents are digests, empty where there was no file.
    """

    file: str
    before: str
    after: str
    time: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The steps that were *done* and can be undone, and those *undone* that can be done again; the next stand last."""

    done: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()


class Journal:
    """The journal of the portal in *root*. Who calls it sees to it that nobody else does meanwhile."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / FOLDER

    def history(self) -> History:
        """Return what can be undone and done again; a line that was cut off when the power went is passed over."""
        try:
            lines = (self._folder / _JOURNAL).read_text(encoding="utf-8").split("\n")
        except FileNotFoundError:
            return History()
        done: list[Step] = []
        undone: list[Step] = []
        for line in lines:
            with contextlib.suppress(ValueError, TypeError, KeyError):
                said = json.loads(line)
                match said.pop("kind"):
                    case "done":
                        done.append(Step(**said))
                        undone.clear()
                    case "undone" if done:
                        undone.append(done.pop())
                    case "redone" if undone:
                        done.append(undone.pop())
        # The last line may tell of what was not carried out any more.
        if done and self._is(done[-1].file, done[-1].before) and not self._is(done[-1].file, done[-1].after):
            undone.append(done.pop())
        elif (
            undone and self._is(undone[-1].file, undone[-1].after) and not self._is(undone[-1].file, undone[-1].before)
        ):
            done.append(undone.pop())
        return History(done=tuple(done), undone=tuple(undone))

    def carry_out(self, path: Path, old: bytes | None, new: bytes, what: str, now: dt.datetime) -> None:
        """Write *new* in place of *old* in the file at *path*, so that it can be undone; *what* says it in words.

        Raises RefusedError where the file is no longer *old*.
        """
        history = self.history()
        if len(history.done) >= 2 * _KEPT:
            self._shorten(history)
        step = Step(
            file=path.relative_to(self._root).as_posix(),
            before=self._keep(old),
            after=self._keep(new),
            time=now.isoformat(timespec="seconds"),
            what=what,
        )
        self._append("done", step)
        replace_content(path, old, new, self._folder)

    def undo(self) -> Step | None:
        """Take the last step back; return it, or None where there is none. Raises RefusedError where it cannot be."""
        history = self.history()
        if not history.done:
            return None
        step = history.done[-1]
        self._turn("undone", step, step.after, step.before)
        return step

    def redo(self) -> Step | None:
        """Make the step again that was taken back last; see `undo`."""
        history = self.history()
        if not history.undone:
            return None
        step = history.undone[-1]
        self._turn("redone", step, step.before, step.after)
        return step

    def _turn(self, kind: str, step: Step, now: str, then: str) -> None:
        if not self._is(step.file, now):
            word = "撤销" if kind == "undone" else "重做"
            message = f"{step.file} 后来在别处改动过，不能{word}“{step.what}”；要恢复的内容请在这里重新填写"
            raise RefusedError(message)
        path = self._root / step.file
        content = self._content(then)
        self._append(kind, step)
        if content is None:
            path.unlink()
            sync(path.parent)
        else:
            replace_content(path, self._content(now), content, self._folder)

    def _is(self, file: str, digest: str) -> bool:
        try:
            return digest_of((self._root / file).read_bytes()) == digest
        except FileNotFoundError:
            return digest == _NO_FILE

    def _keep(self, content: bytes | None) -> str:
        """Keep *content* and return its digest."""
        if content is None:
            return _NO_FILE
        digest = digest_of(content)
        path = self._folder / digest
        if not path.exists() or path.read_bytes() != content:
            put(path, content)
        return digest

    def _content(self, digest: str) -> bytes | None:
        if digest == _NO_FILE:
            return None
        try:
            content = (self._folder / digest).read_bytes()
        except FileNotFoundError:
            content = b""
        if digest_of(content) != digest:
            message = f"{FOLDER} 里保存的内容不在了或已损坏，不能恢复；请从版本库恢复"
            raise RefusedError(message)
        return content

    def _append(self, kind: str, step: Step) -> None:
        line = json.dumps({"kind": kind, **asdict(step)}, ensure_ascii=False)
        with (self._folder / _JOURNAL).open("ab") as file:
            file.write(b"\n" + line.encode())  # In front, so that a line cut off ends here.
            file.flush()
            os.fsync(file.fileno())

    def _shorten(self, history: History) -> None:
        """Keep the latest steps and what they need."""
        kept = history.done[-_KEPT:]
        lines = [json.dumps({"kind": "done", **asdict(step)}, ensure_ascii=False) for step in kept]
        waiting = self._folder / f"{_JOURNAL}.new"
        write_new(waiting, "\n".join(lines).encode())
        waiting.replace(self._folder / _JOURNAL)
        needed = {digest for step in kept for digest in (step.before, step.after)}
        for path in self._folder.iterdir():
            if len(path.name) == len(digest_of(b"")) and path.name not in needed:
                path.unlink()
