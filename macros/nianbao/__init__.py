"""The annual report on government information disclosure as a site: data, pages, tables, checks.

The host calls `define_env` before it renders pages; everything else lives in the packages below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nianbao.engines.environment import MacrosEnvironment


def define_env(env: MacrosEnvironment) -> None:
    """Register the macros that pages may call."""
    from nianbao.comparison.macros import comparison_macros
    from nianbao.engines.environment import open_checked, open_session
    from nianbao.exports.macros import export_macros
    from nianbao.lifecycle.macros import lifecycle_macros
    from nianbao.pages.macros import page_macros
    from nianbao.picture.macros import picture_macros
    from nianbao.rules.macros import rule_macros

    session = open_session(env)
    env.variables["session"] = session
    macros = page_macros(session) | lifecycle_macros(session) | rule_macros(session, open_checked(session))
    macros |= export_macros(session)
    macros |= comparison_macros(session) | picture_macros(session)
    for name, macro in macros.items():
        env.macro(macro, name)
