"""To be filled."""

from __future__ import annotations

from macros.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
