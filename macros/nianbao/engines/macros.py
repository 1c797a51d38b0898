"""All macros of pages, from the packages that draw them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nianbao.comparison.macros import comparison_macros
from nianbao.downloads.macros import export_macros
from nianbao.front.macros import front_macros
from nianbao.lifecycle.macros import lifecycle_macros
from nianbao.members.macros import member_macros
from nianbao.pages.macros import page_macros
from nianbao.picture.macros import picture_macros
from nianbao.prose.macros import bound
from nianbao.rules.macros import rule_macros

if TYPE_CHECKING:
    from collections.abc import Callable

    from nianbao.pages.session import Session


def all_macros(session: Session) -> dict[str, Callable[..., Any]]:
    """Return the macros by name, ready for the pages of *session*."""
    return bound(
        session,
        {
            **page_macros(session),
            **comparison_macros(session),
            **lifecycle_macros(session),
            **export_macros(session),
            **picture_macros(session),
            **front_macros(session),
            **rule_macros(session),
            **member_macros(session),
        },
    )
