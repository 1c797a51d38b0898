"""The board of a year: how far every body of the register is, and what to write to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.members.sites import SITES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

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
        lines += [f"定于 {self.came_on} 公布"] if self.came_on is not None and self.came_on > self.day else []
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
    """All bodies that must report for *year*, what changed among them, and reports that are alike."""

    year: int
    day: dt.date
    standings: tuple[Standing, ...]
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

    def name(self, member: str) -> str:
        """Return the name of a *member* of the board."""
        return next(standing.name for standing in self.standings if standing.member.id == member)

    def alike(self) -> Iterator[str]:
        """Yield a sentence for each pair of reports that are alike; which copied from which is not known."""
        for copy in self.copies:
            yield f"{self.name(copy.body)}与{self.name(copy.other)}的文字有 {copy.share}% 相同；请核对是否照抄"


def letter(standing: Standing) -> str:
    """Return the letter to send to a body: 催报 where nothing final came, 退回 for mistakes, or nothing."""
    report = f"{standing.year}年政府信息公开工作年度报告"
    due = standing.member.due(standing.year)
    day = f"{standing.day.year}年{standing.day.month}月{standing.day.day}日"
    until = f"{due.year}年{due.month}月{due.day}日"
    match standing.state:
        case "missing":
            text = f"贵单位{report}的报送期限为{until}，截至{day}没有收到。"
            asks = "请尽快报送。" if standing.late else "请按期报送。"
        case "draft":
            text = f"贵单位{report}的报送期限为{until}，截至{day}仍是草稿。"
            asks = "请尽快定稿报送。" if standing.late else "请按期定稿报送。"
        case "failing" | "returned":
            reason = standing.returned.reason if standing.returned is not None else ""
            text = f"贵单位{report}退回修改。" + (f"原因：{reason}。" if reason else "")
            text += f"{standing.note}。" if standing.note else ""
            asks = "请改正后重新报送。"
        case _:
            return ""
    mistakes = [f"{number}. {error}" for number, error in enumerate(standing.errors, 1)]
    found = [f"检查中查出 {len(mistakes)} 处错误：", *mistakes] if mistakes else []
    return "\n".join([f"{standing.name}：", text, *found, asks, ""])
