"""Check numbers (校验号): how they are printed, and how people type them from paper."""

from __future__ import annotations

import re
import unicodedata

# Digits and capitals without those that are taken for one another: 0 and O, 1 and I.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUPS, GROUP = 4, 4


def printed(characters: str) -> str:
    """Return the *characters* of a check number in its groups."""
    return "-".join(characters[start : start + GROUP] for start in range(0, len(characters), GROUP))


def read_number(text: str) -> str | None:
    """Return the check number that somebody has typed, as it is printed, or None where it is none."""
    characters = re.sub(r"[\s\-‐‑–—－]", "", unicodedata.normalize("NFKC", text)).upper()  # typed dashes
    if len(characters) != GROUPS * GROUP or not set(characters) <= set(ALPHABET):
        return None
    return printed(characters)
