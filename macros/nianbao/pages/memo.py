"""What is worked out once in a run and asked for often."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Memo:
    """Keeps things by their own types, so that whoever keeps one need not be known to who holds the memo."""

    def __init__(self) -> None:
        self._kept: dict[type, object] = {}

    def keep(self, thing: object) -> None:
        """Keep *thing* in the place of an earlier one."""
        self._kept[type(thing)] = thing

    def kept(self, kind: type[T]) -> T:
        """Return the thing of this *kind*. Raises LookupError where none is kept."""
        return cast("T", self._kept[kind])

    def once(self, kind: type[T], make: Callable[[], T]) -> T:
        """Return the thing of this *kind*, made when it is first asked for."""
        if kind not in self._kept:
            self._kept[kind] = make()
        return self.kept(kind)
