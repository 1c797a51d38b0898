"""What people type into the search and reports call otherwise, as 打官司 for 行政诉讼; the words are data."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

PATH = "search/words.json"

_FILE = Path(__file__).with_name("search_words.yml")


def search_words() -> bytes:
    """Return as JSON for each word that people type a list of the words by which reports mean the same."""
    terms = yaml.safe_load(_FILE.read_text("utf-8"))
    found: dict[str, list[str]] = {}
    for term, words in terms.items():
        for word in words.split():
            found.setdefault(word, []).append(term)
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
