"""The board of a year: how far every body of the register is, and what to write to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.members.sites import SITES
from nianbao.pages.text import date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from nianbao.members.copies import Copy
    from nianbao.members.register import Member, Return
    from nianbao.members.sites import Seen

# How far a body is, in the order of what is to be done first.
STATES = {
    "missing": "未报送",
    "returned": "已退回",
    "failing": "有错误",
    "unclear": "待核实",
    "draft": "草稿",
    "submitted": "已报送",
}
# In these a report has come that is final.
_CAME = frozenset({"submitted", "failing", "unclear"})
# So many mistakes of a body stand on the board; its letter has all.
TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a *member* is with the report of *year* on the *day* of the board, see `STATES`.

    *came_on* is the day on which it came, or which it gives as that of its publication, *late_reason* its reason for
    a late one; *note* is why nothing is known of it, *errors* what stops it. *seen* is what the body's site shows, None
    where nobody looked.
    """

    member: Member
    year: int
    day: dt.date
    state: str
    came_on: dt.date | None = None
    late_reason: str = ""
    note: str = ""
    errors: tuple[str, ...] = ()
    returned: Return | None = None
    seen: Seen | None = None

    @property
    def name(self) -> str:
        """The name that the report carries."""
        return self.member.name(self.year)

    @property
    def late(self) -> bool:
        """Whether the report came after its last day, or that day is over without it."""
        came = self.came_on if self.state in _CAME else self.day
        return came is not None and came > self.member.due(self.year)

    @property
    def told(self) -> tuple[str, ...]:
        """What the board says beside the state: why nothing is known, why it was returned, the first mistakes."""
        lines = [self.note] if self.note else []
        wrong = self.seen is not None and bool(self.seen.note)
        lines += [f"网站{SITES[self.seen.state]}：{self.seen.note}"] if self.seen is not None and wrong else []
        # What was sent says when it came; only a portal says when its report is to be published.
        planned = self.came_on is not None and self.came_on > self.day and bool(self.member.folder)
        lines += [f"定于 {self.came_on} 公布"] if planned else []
        lines += [f"迟延公布的原因：{self.late_reason}"] if self.late_reason else []
        lines += [f"{self.returned.on} 退回：{self.returned.reason}"] if self.returned is not None else []
        lines += self.errors[:TOLD]
        more = len(self.errors) - TOLD
        return (*lines, f"另有 {more} 处错误") if more > 0 else tuple(lines)


def state_of(*, status: str | None, errors: bool, returned: bool, asked: bool = False) -> str:
    """Return how far a report is that has a *status*, None where there is none to be read and no *errors*.

    Where *asked*, what was sent is not read with certainty yet.
    """
    if status is None and not errors:
        return "missing"
    if returned:
        return "returned"
    if status == "draft":
        return "draft"
    if asked:
        return "unclear"
    return "failing" if errors else "submitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All bodies that must report for *year* to an *office*, what changed among them, and reports that are alike."""

    year: int
    day: dt.date
    standings: tuple[Standing, ...]
    office: str = ""
    changes: tuple[str, ...] = ()
    copies: tuple[Copy, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many bodies are in each of `STATES`."""
        counted = Counter(standing.state for standing in self.standings)
        return {state: counted[state] for state in STATES}

    @property
    def summary(self) -> str:
        """The counts in a sentence, each of all bodies."""
        whole = len(self.standings)
        parts = "，".join(f"{STATES[state]} {count}/{whole}" for state, count in self.counts.items())
        late = sum(standing.late for standing in self.standings)
        return f"{self.year} 年度，截至 {self.day}，应报送 {whole} 个单位：{parts}；逾期 {late}/{whole}{self._sites}。"

    @property
    def _sites(self) -> str:
        """How many sites show the report that was submitted, of those that were looked at."""
        looked = [standing.seen.state for standing in self.standings if standing.seen is not None]
        return f"；网站已公布 {looked.count('published')}/{len(looked)}" if looked else ""

    def in_state(self, state: str) -> tuple[Standing, ...]:
        """Return the bodies in one of `STATES`, in the order of the register."""
        return tuple(standing for standing in self.standings if standing.state == state)

    @property
    def groups(self) -> Mapping[str, tuple[Standing, ...]]:
        """The bodies by the class that the register gives them, empty where it gives none."""
        found: dict[str, list[Standing]] = {}
        for standing in self.standings:
            found.setdefault(standing.member.group, []).append(standing)
        return {group: tuple(standings) for group, standings in found.items()}

    def name(self, member: str) -> str:
        """Return the name of a *member* of the board."""
        return next(standing.name for standing in self.standings if standing.member.id == member)

    def alike(self) -> Iterator[str]:
        """Yield a sentence for each pair of reports that are alike; which copied from which is not known."""
        for copy in self.copies:
            yield f"{self.name(copy.body)}与{self.name(copy.other)}的文字有 {copy.share}% 相同；请核对是否照抄"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is written to a body: the *subject*, 催报 or 退回, and the *text* as it is sent."""

    subject: str
    text: str


def letter(standing: Standing, office: str = "") -> Letter | None:
    """Return the letter of an *office* to a body: 催报 where nothing final came, 退回 for mistakes, or None."""
    report = f"{standing.year}年政府信息公开工作年度报告"
    until, day = date(standing.member.due(standing.year)), date(standing.day)
    late = "，已经逾期" if standing.late else ""
    match standing.state:
        case "missing":
            said = f"你单位{report}的报送期限为{until}，截至{day}尚未收到{late}。"
            asked = "请尽快报送。" if standing.late else "请按期报送。"
        case "draft":
            said = f"你单位{report}的报送期限为{until}，截至{day}仍是草稿{late}。"
            asked = "请尽快定稿报送。" if standing.late else "请按期定稿报送。"
        case "failing" | "returned":
            said, asked = _sent_back(standing, report), "请改正后尽快重新报送。"
        case _:
            return None
    subject = "退回" if standing.state in {"failing", "returned"} else "催报"
    title = f"关于{subject}{report}的通知"
    mistakes = [f"{number}. {error}" for number, error in enumerate(standing.errors, 1)]
    signed = ["", office, day] if office else ["", day]
    text = "\n".join([title, "", f"{standing.name}：", said, *mistakes, asked, *signed, ""])
    return Letter(subject=subject, text=text)


def _sent_back(standing: Standing, report: str) -> str:
    """Return why a report is sent back; a list of its mistakes follows where it has any."""
    count = len(standing.errors)
    if standing.returned is not None:
        reason = standing.returned.reason.rstrip("。")
        said = f"你单位{report}已于{date(standing.returned.on)}退回，原因：{reason}"
        said += f"；{standing.note}" if standing.note else ""
        return f"{said}。检查查出 {count} 处错误：" if count else f"{said}。"
    if standing.note:
        return f"你单位报来的{report}，{standing.note}。现予退回{'：' if count else '。'}"
    return f"你单位报来的{report}经检查有 {count} 处错误，现予退回："
