"""The annual report on government information disclosure as a site: data, pages, tables, checks.

The host calls `define_env` before it renders pages; everything else lives in the packages below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from macros.host.environment import MacrosEnvironment


def define_env(env: MacrosEnvironment) -> None:
    """Register the macros that pages may call."""
    from macros.comparison.page import comparison_macros
    from macros.exports.page import export_macros
    from macros.host.environment import open_checked, open_session
    from macros.life.page import life_macros
    from macros.pages.registry import page_macros
    from macros.picture.page import picture_macros
    from macros.rules.page import rule_macros

    session = open_session(env)
    env.variables["session"] = session
    macros = page_macros(session) | life_macros(session) | rule_macros(session, open_checked(session))
    macros |= export_macros(session)
    macros |= comparison_macros(session) | picture_macros(session)
    for name, macro in macros.items():
        env.macro(macro, name)
