"""Characters that no document can hold."""

from __future__ import annotations

import re

# Control characters, halves of pairs and non-characters: neither XML nor a typesetter has a use for them.
_ILLEGAL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean(text: str) -> str:
    """Return *text* with every such character replaced by the sign for it, U+FFFD."""
    return _ILLEGAL.sub("\ufffd", text)
