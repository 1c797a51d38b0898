"""Characters that no document can hold."""

from __future__ import annotations

import re

# Control characters, halves of pairs and non-characters: neither XML nor a typesetter has a use for them.
_ILLEGAL = re.compile("[^\t\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Return *text* with every such character replaced by the sign for it, U+FFFD."""
    return _ILLEGAL.sub("\ufffd", text)
