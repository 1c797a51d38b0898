"""What stands in quotes in a data file: texts of any words; figures and the program's own words stand without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nianbao.model.remarks_reader import CellRemarks
from nianbao.reading.fields import Field, Fields, Items, OrUnknown, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nianbao.data_files.patching import Path


def bare_in(fields: Fields) -> Callable[[Path], bool]:
    """Return a function that tells of a path in a file of *fields* whether what stands there is without quotes."""
    free = frozenset(_free(fields.all, ()))

    def bare(path: Path) -> bool:
        names = tuple(step for step in path if isinstance(step, str))
        return not any(names[:length] in free for length in range(1, len(names) + 1))

    return bare


def _free(fields: Iterable[Field[Any]], path: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    """Yield the paths, without places in lists, at or below which texts of any words stand."""
    for field in fields:
        kind: Any = field.kind
        while isinstance(kind, (OrUnknown, Items)):
            kind = kind.kind
        own = (*path, field.name)
        if isinstance(kind, Fields):
            yield from _free(kind.all, own)
        elif isinstance(kind, CellRemarks) or (isinstance(kind, Value) and kind.free):
            yield own
