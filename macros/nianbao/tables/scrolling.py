"""A table in a region that scrolls by keyboard: the one scaffold of all tables that pages show.

Every line starts at column 0 and none is blank, so that Markdown passes the block through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterable


# The class of regions that begin at their end, where the newest year stands: what came before is scrolled to.
NEWEST_LAST = "newest-last"


def scrolling_table(  # noqa: PLR0913  # the names and looks of one scaffold
    caption: Markup | str,
    parts: Iterable[Markup],
    *,
    kind: str,
    caption_id: str,
    id_: str = "",
    newest_last: bool = False,
) -> Markup:
    """Return a table of the classes *kind* with its *caption*, by whose id the region is named, and its *parts*.

    Where years stand in rising order, *newest_last*, the region begins at its end.
    """
    own = Markup(' id="{}"').format(id_) if id_ else ""
    classes = f"statutory-table {NEWEST_LAST}" if newest_last else "statutory-table"
    return Markup("\n").join(
        [
            Markup('<div class="{}" role="region" aria-labelledby="{}" tabindex="0">').format(classes, caption_id),
            Markup('<table{} class="statutory {}">').format(own, kind),
            Markup('<caption id="{}">{}</caption>').format(caption_id, caption),
            *parts,
            Markup("</table>\n</div>"),
        ]
    )


def head(columns: Iterable[Markup | str], *, apart: bool = False) -> Markup:
    """Return the head over *columns* as one row, its cells *apart* on lines of their own or side by side."""
    cells = [Markup('<th scope="col">{}</th>').format(column) for column in columns]
    row = Markup("\n").join(["", *cells, ""]) if apart else Markup("").join(cells)
    return Markup("<thead>\n<tr>{}</tr>\n</thead>").format(row)


def body(rows: Iterable[Markup]) -> Markup:
    """Return *rows* as a body."""
    return Markup("\n").join([Markup("<tbody>"), *rows, Markup("</tbody>")])
