"""Takes in what bodies have sent: whose it is, kept as it came, read into data of the body's own.

A body's report lies in members/<id> of the superior's portal, as data and pages that an import has made. Each file
is opened, and each report read, in a process that cannot harm another.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from nianbao.importing.failures import told
from nianbao.members.identity import Identity, identity_of
from nianbao.members.matching import Doubt, Match, Matcher
from nianbao.members.names import name_key
from nianbao.members.sites import problem_of
from nianbao.reading.disk import failure, reason
from nianbao.running.crew import Failure, each

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.importing.gathering import Found, Gathered
    from nianbao.members.register import Member, Register
    from nianbao.members.sites import Offered
    from nianbao.running.crew import Crew

_ID = 12  # digits of a digest that name a file in questions


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a file that was *sent_as*: whose it is. *id* is by its content, *proposal* may be empty."""

    id: str
    sent_as: str
    text: str
    proposal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A *file* that came, with its *digest*; not *read* is one that has the same report in another form."""

    file: Found
    digest: str
    read: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """The *files* of one report of a *member* for a *year*; *refused* is why none of them can be read.

    *titled* is a name in its title that the body had or has in another year.
    """

    member: Member
    year: int
    files: tuple[Arrived, ...]
    draft: bool = False
    refused: str = ""
    titled: str = ""

    @property
    def changed(self) -> float:
        """When the newest of the files was last changed, in seconds."""
        return max(one.file.changed for one in self.files)

    @property
    def digests(self) -> frozenset[str]:
        """The digests of the files."""
        return frozenset(one.digest for one in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorting:
    """What was sent, told apart: *submissions* in their order, what is *asked*, and what else lies there, why not."""

    submissions: tuple[Submission, ...]
    asked: tuple[Asked, ...]
    refused: tuple[tuple[str, str], ...]
    unused: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came: *gathered* files, and those that *sites* offer, by the site; *year* is what the others may not tell.

    *answers* are by the ids of what was asked before; None is for a file that is not to be taken, a doubt stays one.
    """

    gathered: Gathered
    sites: Mapping[Found, Offered]
    year: int | None
    answers: Mapping[str, Match | Doubt | None]


def sort(came: Came, register: Register, crew: Crew) -> Sorting:
    """Return whose the files are that *came*, opened by *crew*."""
    every = (*came.gathered.found, *came.sites)
    opened = {
        found: Identity(digest=_digest(found), refused=told(answer)) if isinstance(answer, Failure) else answer
        for found, answer in each(crew, _opened, every)
    }
    sorter = _Sorter(Matcher(register), came)
    folders: dict[str, list[tuple[Found, Identity]]] = defaultdict(list)
    for found in every:
        folders[found.folder].append((found, opened[found]))
    submissions = [one for folder, files in folders.items() for one in sorter.of_folder(folder, files)]
    submissions.sort(key=lambda one: (one.member.id, one.year, one.changed, one.files[0].file.shown))
    alike: dict[tuple[Member, int, frozenset[str]], Submission] = {}
    for one in submissions:
        first = alike.setdefault((one.member, one.year, one.digests), one)
        if first is not one:
            sorter.unused += ((copy.shown, f"与 {kept.shown} 是同一份") for copy, kept in _pairs(one, first))
    return Sorting(
        submissions=tuple(alike.values()),
        asked=tuple(sorter.asked),
        refused=(*came.gathered.refused, *sorter.refused),
        unused=tuple(sorter.unused),
    )


def _pairs(one: Submission, other: Submission) -> Iterator[tuple[Found, Found]]:
    """Return each file of *one* with that of the *other* that has the same content."""
    first = {arrived.digest: arrived.file for arrived in reversed(other.files)}
    return ((arrived.file, first[arrived.digest]) for arrived in one.files)


def _opened(found: Found) -> Identity:
    try:
        identity = identity_of(found.path)
    except OSError as error:
        identity = Identity(refused=failure(error) or f"文件无法读取（{reason(error)}）；请检查文件和权限")
    return identity if identity.digest else replace(identity, digest=_digest(found))


def _digest(found: Found) -> str:
    """Return the digest of a file, or of its name where it cannot be read."""
    digest = sha256()
    try:
        with found.path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    except OSError:
        digest = sha256(found.shown.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Known:
    """A file with what it says, and whose it is as far as that is known."""

    found: Found
    identity: Identity
    match: Match

    @property
    def stem(self) -> str:
        return PurePosixPath(self.found.shown).stem


class _Sorter:
    """Sorts the files folder by folder; what is *asked*, *refused* and *unused* is collected."""

    def __init__(self, matcher: Matcher, came: Came) -> None:
        self.asked: list[Asked] = []
        self.refused: list[tuple[str, str]] = []
        self.unused: list[tuple[str, str]] = []
        self._matcher = matcher
        self._came = came

    def of_folder(self, folder: str, files: Sequence[tuple[Found, Identity]]) -> Iterator[Submission]:
        """Yield the submissions in one *folder* or ZIP, or at the top of what was named where it is empty."""
        known = [one for found, identity in files if (one := self._matched(found, identity)) is not None]
        groups: dict[tuple[Member, int], list[_Known]] = defaultdict(list)
        for one in _joined(known, whole=bool(folder)):
            if one.match.member is not None and one.match.year is not None:
                groups[one.match.member, one.match.year].append(one)
            else:
                self._unknown(one)
        for (member, year), group in groups.items():
            yield from self._submissions(member, year, group)

    def _matched(self, found: Found, identity: Identity) -> _Known | None:
        id_ = identity.digest[:_ID]
        offered = self._came.sites.get(found)
        if offered is not None:
            return self._offered(found, identity, offered)
        if id_ in self._came.answers:
            answer = self._came.answers[id_]
            if answer is None:
                self.unused.append((found.shown, "答复为不收"))
                return None
            if isinstance(answer, Doubt):
                self._ask(found, identity, answer)
                return None
            year = answer.year or identity.year or self._came.year
            return _Known(found, identity, Match(member=answer.member, year=year))
        match = self._matcher.match(identity, found.shown, self._came.year)
        if isinstance(match, Match):
            return _Known(found, identity, match)
        self._ask(found, identity, match)
        return None

    def _offered(self, found: Found, identity: Identity, offered: Offered) -> _Known | None:
        """Return what a site has *offered*, which can be the report of its own body alone."""
        problem = problem_of(identity, offered.member, offered.year)
        if problem:
            self.refused.append((found.shown, problem))
            return None
        return _Known(found, identity, Match(member=offered.member, year=offered.year))

    def _ask(self, found: Found, identity: Identity, doubt: Doubt) -> None:
        one = Asked(id=identity.digest[:_ID], sent_as=found.shown, text=doubt.text, proposal=doubt.proposal)
        self.asked.append(one)

    def _unknown(self, one: _Known) -> None:
        """Ask whose a report is that tells neither by its words nor by its name; tell what is none."""
        member, shown = one.match.member, one.found.shown
        if one.identity.refused:
            self.refused.append((shown, one.identity.refused))
        elif member is not None:
            doubt = Doubt(text="没有写年度，不知道是哪一年度的报告", proposal="")
            self._ask(one.found, one.identity, doubt)
        elif one.identity.words or one.identity.tables:
            self._ask(one.found, one.identity, Doubt(text="没有写机关名称，文件名里也没有，不知道是哪个单位的报告"))
        else:
            self.unused.append((shown, "不像年度报告"))

    def _submissions(self, member: Member, year: int, group: Sequence[_Known]) -> Iterator[Submission]:
        """Yield the versions among the files of one report: one for all where they are parts of a whole."""
        if member.folder:
            why = f"{member.name(year)}的报告按名册在 {member.folder} 里读"
            self.unused += ((one.found.shown, why) for one in group)
            return
        good = [one for one in group if not one.identity.refused]
        if not good:
            files = tuple(Arrived(file=one.found, digest=one.identity.digest) for one in group)
            yield Submission(member=member, year=year, files=files, refused=group[0].identity.refused)
            return
        self.refused += ((one.found.shown, one.identity.refused) for one in group if one.identity.refused)
        stems: dict[str, list[_Known]] = defaultdict(list)
        for one in good:
            stems[one.stem].append(one)
        versions = list(stems.values())
        if not all(_complete(version) for version in versions):
            versions = [good]
        for version in versions:
            whole = next((one for one in version if one.identity.whole), None)
            yield Submission(
                member=member,
                year=year,
                files=tuple(
                    Arrived(file=one.found, digest=one.identity.digest, read=whole is None or one is whole)
                    for one in version
                ),
                draft=any(one.identity.draft for one in version),
                titled=next(filter(None, (_other_name(member, year, one.identity.name) for one in version)), ""),
            )


def _other_name(member: Member, year: int, title: str) -> str:
    """Return *title* where it is a name of *member*, but not that of *year*; nothing elsewhere."""
    others = {name_key(one.text) for one in member.names} - {name_key(member.name(year))}
    return title if name_key(title) in others else ""


def _complete(version: Sequence[_Known]) -> bool:
    """Say whether files have both the words and the tables of a report."""
    return any(one.identity.words for one in version) and any(one.identity.tables for one in version)


def _joined(known: Sequence[_Known], *, whole: bool) -> Iterator[_Known]:
    """Yield *known* so that files that do not tell whose they are go with those that do.

    These are files of the same name but for the ending, and where a folder holds the *whole* of what one body has
    sent, all in it.
    """
    sure = [one.match for one in known if one.match.member is not None]
    bodies = {match.member for match in sure}
    years = {match.year for match in sure if match.year is not None}
    for one in known:
        same = [other.match for other in known if other.stem == one.stem]
        member = one.match.member or next((match.member for match in same if match.member is not None), None)
        year = one.match.year or next((match.year for match in same if match.year is not None), None)
        if whole and len(bodies) == 1:
            member = member or next(iter(bodies))
            year = year or (next(iter(years)) if len(years) == 1 else None)
        yield replace(one, match=Match(member=member, year=year))
