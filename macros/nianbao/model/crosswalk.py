"""How the figures of one edition of the form continue those of the edition before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nianbao.reading.findings import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What holds of the figures at and below the address *here*, with a *note* for readers.

    *there* is the address in the edition before that they continue, empty where they continue none.
    """

    here: str
    there: str
    note: str
    place: Place

    def covers(self, address: str) -> bool:
        """Say whether *address* is *here* or below it."""
        return address == self.here or address.startswith(f"{self.here}.")

    def translated(self, address: str) -> str:
        """Return the address in the edition before that *address*, which is covered, continues; empty for none."""
        return self.there + address.removeprefix(self.here) if self.there else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosswalk:
    """The way back to the edition called *format*. What no link covers continues what has the same address."""

    format: int
    links: tuple[Link, ...]
    place: Place

    def link(self, address: str) -> Link | None:
        """Return the link that covers *address*, or None."""
        return next((link for link in self.links if link.covers(address)), None)
