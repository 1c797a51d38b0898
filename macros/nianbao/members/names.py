"""How names of bodies are compared, and what is a name in short."""

from __future__ import annotations

import unicodedata

LONGEST = 120
# Characters of a name in short, or any folder called 局 would be a body.
SHORTEST = 3


def name_key(text: str) -> str:
    """Return the letters and digits of *text*, by which names are compared."""
    return "".join(each for each in unicodedata.normalize("NFKC", text) if each.isalnum())


def is_short(text: str, name: str) -> bool:
    """Say whether *text*, which is not empty, is a short form of a *name*: characters of it in their order."""
    characters = iter(name)
    return text[-1] == name[-1] and all(each in characters for each in text)
