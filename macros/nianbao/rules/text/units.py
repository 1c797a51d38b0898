"""A frame with what it states."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from nianbao.prose.clauses import Clause
    from nianbao.prose.numerals import Numeral
    from nianbao.rules.text.claims import Claim
    from nianbao.rules.text.frames import Frame
    from nianbao.rules.text.quantities import Meaning


class Unit(NamedTuple):
    """A *frame* with what it states: *claim* where its words are known, *hint* where unknown ones may narrow it.

    *also* is what the words behind the figure say of all that it counts.

    *part* tells that it is one of the parts of a figure before, *elsewhere* that it is of another time or
    body. *subject* is what changes or has a share, where its own words say so, *whole* that which the
    share is of, and *compared* the year
    that it is compared with. *each* are the subjects of a change that is told of several together.
    *spoken* tells that requests are spoken of.
    """

    frame: Frame
    part: bool = False
    elsewhere: bool = False
    claim: Claim | None = None
    also: Claim | None = None
    hint: Claim | None = None
    subject: Meaning | None = None
    whole: Meaning | None = None
    compared: int = 0
    each: tuple[Meaning, ...] = ()
    spoken: bool = False

    @property
    def numeral(self) -> Numeral | None:
        """The figure."""
        return self.frame.numeral

    @property
    def clause(self) -> Clause:
        """The clause that the figure stands in."""
        return self.frame.clause

    def has(self, *kinds: str) -> bool:
        """Say whether a word of one of *kinds* stands beside the figure."""
        return self.frame.has(*kinds)

    @property
    def exact(self) -> bool:
        """Whether there is a figure that no word makes rough."""
        return self.numeral is not None and self.numeral.exact
