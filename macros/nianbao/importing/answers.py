"""What an original gives: readings of cells, and questions where a cell cannot be read with certainty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.cache.cache import digest_of

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The figure of the cell at *address*, which may be a printed total.

    *value* is as data files write it (a number, 空白). *raw* is what stands in the original, *place* where.
    *way* says how it was read: 表格, 文字, 原数据 or 答复.
    """

    address: str
    value: str
    raw: str
    place: str
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person must decide about the cells, or the fact, at *addresses*.

    *text* says in Chinese what is in doubt, *raw* what the original prints, *place* where.
    *proposal* has one value for each address, or is empty where nothing can be proposed. *reason* is what the text says
    behind the colon where others can be asked together with this one, for the same reason; else it is empty.
    *places* has the place of each address where they were asked together.
    """

    text: str
    raw: str
    place: str
    addresses: tuple[str, ...]
    proposal: tuple[str, ...] = ()
    reason: str = ""
    places: tuple[str, ...] = ()

    def where(self, address: str) -> str:
        """Return where the original prints what stands at *address*."""
        return self.places[self.addresses.index(address)] if self.places else self.place

    @property
    def subject(self) -> str:
        """What the text speaks of, before its reason."""
        return self.text.removesuffix(self.reason).removesuffix("：")

    @property
    def id(self) -> str:
        """Eight characters that the same question has at every run."""
        return digest_of("\0".join((self.raw, self.place, *self.addresses)).encode())[:8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """Something of the original that fits nowhere: *raw* at *place*, and *why* it was left out."""

    raw: str
    place: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was read of the three tables in the form called *format*.

    Every typed cell of that form has a reading, stands in a question, or is in *missing*: the original
    does not print it at all.
    """

    format: int
    readings: Mapping[str, Reading]
    questions: tuple[Question, ...] = ()
    unused: tuple[Unused, ...] = ()
    missing: tuple[str, ...] = ()
