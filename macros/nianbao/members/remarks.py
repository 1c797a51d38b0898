"""What the remarks of a list of bodies tell of their years: founded, renamed, merged, split, abolished."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# A body that ends or changes in a year does so before it reports for that year: who goes on reports for all of it.
_DAY = (
    r"(?:已?于)?(?P<year>(?:19|20)[0-9]{2})年(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?(?:初|底|起)?,?(?:机构改革[中后时]?)?,?"
)
_NEW = r"(?:更名|改名|改称|更为现名)(?:而来|为现名)?"
_FOUNDED = re.compile(rf"{_DAY}(?:[由从].+?)?(?:合并|新)*(?:组建|设立|设置|增设|增|设|成立|析出)(?:而成)?")
_RENAMED = re.compile(
    rf"(?:原(?:名称?)?为?|曾用名:?)(?P<old>[^,]+),?{_DAY}{_NEW}|{_DAY.replace('year', 'since')}由原?(?P<from>.+?){_NEW}"
)
_ENDED = re.compile(rf"{_DAY}(?:已|被|予以)*(?:撤销|裁撤|注销)")
_MERGED = re.compile(rf"{_DAY}(?:已|被|整体|职能|职责)*(?:并入|划入|归入|合并(?:到|至|入))(?P<into>.+)")
_SPLIT = re.compile(rf"{_DAY}(?:已|被)*(?:拆分|分设|分立)[为成](?P<into>.+)")
_TELLS = re.compile("撤销|裁撤|注销|并入|划入|归入|合并|更名|改名|改称|现名|拆分|分设|分立|组建|设立|新设|成立|析出")
_CLAUSES = re.compile(r"[;。\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a remark tells: the *first* or *last* year of a body, who goes *into* its work, or its *old* name.

    An *old* name held until the year before *first*. *text* is what it reads as, empty where it tells of a change that
    is not understood.
    """

    first: int | None = None
    last: int | None = None
    into: str = ""
    old: str = ""
    text: str = ""


def remarks_in(written: str) -> Iterator[Remark]:
    """Yield what *written* tells, clause by clause; other words are passed over."""
    for part in _CLAUSES.split(unicodedata.normalize("NFKC", written)):
        clause = "".join(part.split()).strip(",、()")
        if _TELLS.search(clause):
            yield _remark(clause)


def _remark(clause: str) -> Remark:
    if found := _FOUNDED.fullmatch(clause):
        return Remark(first=int(found["year"]), text=f"起始年度 {found['year']}")
    if found := _RENAMED.fullmatch(clause):
        year, old = found["year"] or found["since"], found["old"] or found["from"]
        return Remark(first=int(year), old=old, text=f"{year} 年度以前名称为 {old}")
    if found := _ENDED.fullmatch(clause):
        last = int(found["year"]) - 1
        return Remark(last=last, text=f"截止年度 {last}，没有承接单位")
    if found := _MERGED.fullmatch(clause) or _SPLIT.fullmatch(clause):
        last = int(found["year"]) - 1
        return Remark(last=last, into=found["into"], text=f"截止年度 {last}，承接单位 {found['into']}")
    return Remark()
