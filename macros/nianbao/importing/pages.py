"""A page as it was read beside the one that stands there: written, or kept as a person made it, or both asked about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.cache.cache import digest_of
from nianbao.importing.answers import Question
from nianbao.importing.merging import KEEP, PAGE, TAKE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nianbao.importing.folder import Past


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedPage:
    """What becomes of the page called *name*: its *content* goes to *path*, None where nothing is written.

    *written* and *read* are for the record: the digests of what stands there of an import, empty where a person made
    it, and of what was read. It is *kept* where what a person made of it stays; *conflict* asks where both changed.
    """

    name: str
    path: Path
    content: bytes | None
    written: str
    read: str
    kept: bool = False
    conflict: Question | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merger:
    """Pages in *docs*, and those that wait in *aside*, which messages call *shown*.

    *past* is what imports have written. *decide* returns the answer to a question, empty where there is none yet.
    """

    docs: Path
    aside: Path
    shown: str
    past: Past
    decide: Callable[[Question], str]

    def merged(self, name: str, text: str, begun: str) -> MergedPage:
        """Return what becomes of the page called *name*, read as *text*; a new year has *begun* with it so."""
        path, content = self.docs / name, text.encode()
        read = digest_of(content)
        mine = path.read_bytes() if path.is_file() else None
        taken = MergedPage(name=name, path=path, content=content, written=read, read=read)
        if mine in {None, content, begun.encode()} or self.past.wrote(name, mine or b""):
            return taken
        last = self.past.last
        before = last.read.get(name, "")
        kept = replace(taken, content=None, written=last.files.get(name, ""), kept=True)
        if before == read:
            return kept
        conflict = _question(name, f"{self.shown}/{name}")
        answer = self.decide(conflict)
        if answer == TAKE:
            return replace(taken, conflict=conflict)
        aside = self.aside / name
        return replace(kept, path=aside, content=content, read=read if answer else before, conflict=conflict)


def _question(name: str, new: str) -> Question:
    text = f"页面 {name} 人工改过，这次读到的文字也不同；现在保留人工的，读到的放在 {new}。要改用读到的，请答“{TAKE}”"
    return Question(text=text, raw="", place=name, addresses=(f"{PAGE}{name}",), proposal=(KEEP,))
