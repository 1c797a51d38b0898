"""Which body of the register a file is from, and for which year; what is not certain is asked."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from nianbao.members.names import LONGEST, SHORTEST, is_short, name_key
from nianbao.reading.findings import shown
from nianbao.reading.values import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nianbao.members.identity import Identity
    from nianbao.members.register import Member, Register

_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")
_WITH_YEAR = re.compile(r"(.+?)[\s,、(]*(20[0-9]{2})\s*(?:年度?)?\)?")
_NOT_A_NAME = re.compile("[0-9]+|年度?|政府信息(?:与政务)?公开|工作|报告|最终版?|定稿|盖章版?|修改版?|_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The report of a *member* for a *year*; None is what the file does not tell."""

    member: Member | None
    year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Why it is not certain whose report a file is, and whose it may be, by name."""

    text: str
    proposal: str = ""


class Matcher:
    """The names of a *register* as files may write them."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._ids = {member.id: member for member in register.members}
        self._names: dict[str, list[Member]] = {}
        for member in register.members:
            for name in {name_key(one.text) for one in member.names}:
                self._names.setdefault(name, []).append(member)

    def member(self, text: str, year: int | None) -> Member | None:
        """Return the body whose id or name *text* is, or None."""
        return self._ids.get(text.strip()) or _one(self._names.get(name_key(text), ()), year)

    def answered(self, text: str) -> Match | Doubt:
        """Return what an answer says, the id or name of a body with or without a year, or why it says none."""
        words, year = text.strip(), None
        member = self.member(words, None)
        found = _WITH_YEAR.fullmatch(unicodedata.normalize("NFKC", words))
        if member is None and found is not None:
            words, year = found[1], int(found[2])
            member = self.member(words, year)
        if member is not None:
            return Match(member=member, year=year)
        several = [one.id for one in self._names.get(name_key(words), ())]
        if several:
            return Doubt(text=f"叫{shown(words)}的有 {len(several)} 个单位，标识是 {'、'.join(several)}")
        names = (one.text for member in self._register.members for one in member.names)
        return Doubt(text=f"名册里没有{shown(text)}这个单位{nearest(words, names)}")

    def match(self, identity: Identity, shown: str, year: int | None) -> Match | Doubt:
        """Return whose report a file of this *identity* is, called *shown*; *year* where nothing tells it.

        What a file says counts, then what its name and its folders are called. Where they differ, or a name is
        nobody's or that of a body that need not report, it is a doubt.
        """
        *folders, name = (re.sub(r"\.[A-Za-z0-9]{1,5}$", "", part) for part in shown.split("/"))
        parts = [name, *reversed(folders)]
        number = identity.year or next(map(int, (found for part in parts for found in _YEAR.findall(part))), year)
        said = self._said(identity, number)
        others = [name for name in identity.others if name_key(name) in self._names]
        if others:
            text = f"除{identity.name}以外，还有{'、'.join(others)}的报告；请写 不收，让各单位分开报来"
            return Doubt(text=text)
        called = next(filter(None, (self._within(part, number) for part in parts)), None)
        claims = self._within(name, number) or next(
            filter(None, (self.member(_NOT_A_NAME.sub("", part), number) for part in reversed(folders))), None
        )
        if said is None and identity.name:
            near = get_close_matches(name_key(identity.name), self._names, 1, 0.8)
            proposal = called or (_one(self._names[near[0]], number) if near else None)
            return _doubt(f"标题写的机关是“{identity.name}”，名册里没有这个名称", proposal, number)
        if said is not None and claims is not None and claims is not said:
            text = f"标题写的机关是“{_name(said, number)}”，文件或文件夹的名称却是“{_name(claims, number)}”"
            return _doubt(text, said, number)
        found = said or called or next(filter(None, (self._in_short(part, number) for part in parts)), None)
        if found is not None and number is not None and not found.reports_for(number):
            after = "、".join(self._ids[id_].name(number) for id_ in found.successors)
            known = f"，由{after}承接" if after and found.last is not None and number > found.last else ""
            return _doubt(f"“{_name(found, number)}”按名册不编制 {number} 年度的报告{known}", None, number)
        return Match(member=found, year=number)

    def _said(self, identity: Identity, year: int | None) -> Member | None:
        if identity.id in self._ids and (
            not identity.name or self._ids[identity.id] in self._names.get(name_key(identity.name), [])
        ):
            return self._ids[identity.id]
        if identity.name:
            return _one(self._names.get(name_key(identity.name), ()), year) or self._in_short(identity.name, year)
        return next(
            (found for line in identity.lines if (found := _one(self._names.get(name_key(line), ()), year))), None
        )

    def _within(self, part: str, year: int | None) -> Member | None:
        """Return the body whose whole name stands in *part*, the longest where there are several."""
        text = name_key(part)[:LONGEST]
        if text in self._ids:
            return self._ids[text]
        size = len(text)
        pieces = (text[at : at + length] for length in range(size, 1, -1) for at in range(size - length + 1))
        return _one(self._names.get(next((piece for piece in pieces if piece in self._names), ""), ()), year)

    def _in_short(self, part: str, year: int | None) -> Member | None:
        """Return the one body of whose name *part* is a short form: all its characters, in their order."""
        text = _NOT_A_NAME.sub("", name_key(part))
        if len(text) < SHORTEST:
            return None
        return _one({id(m): m for name, own in self._names.items() if is_short(text, name) for m in own}.values(), year)


def _one(members: Iterable[Member], year: int | None) -> Member | None:
    """Return the only one of *members*, or the only one that reports for *year*."""
    every = list(members)
    due = [member for member in every if year is None or member.reports_for(year)]
    found = due or every
    return found[0] if len(found) == 1 else None


def _name(member: Member, year: int | None) -> str:
    return member.name(year) if year is not None else member.names[-1].text


def _doubt(text: str, member: Member | None, year: int | None) -> Doubt:
    if member is None or (year is not None and not member.reports_for(year)):
        return Doubt(text=text)
    return Doubt(text=text, proposal=f"{_name(member, year)} {year}" if year is not None else _name(member, year))
