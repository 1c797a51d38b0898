"""Patterns that wait for their first use."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from building import ROOT
from nianbao.documents.blocks import clean
from nianbao.reading.patterns import lazy_pattern


def test_a_lazy_pattern_is_a_pattern() -> None:
    """It finds what the same pattern of the library finds, by any method; a mistake is told at its first use."""
    lazy, plain = lazy_pattern("(?P<a>[甲乙])丙?"), re.compile("(?P<a>[甲乙])丙?")
    text = "子甲丙乙"
    for _ in range(2):
        assert [match.span("a") for match in lazy.finditer(text)] == [match.span("a") for match in plain.finditer(text)]
        assert lazy.sub("丁", text) == plain.sub("丁", text) == "子丁丁"
        assert lazy.match(text) is None
    assert lazy.groupindex == plain.groupindex
    broken = lazy_pattern("(")
    with pytest.raises(re.error):
        broken.search(text)


def test_nothing_is_compiled_at_import() -> None:
    """Rules of wording, which have the largest classes of characters, are loaded without compiling them."""
    script = (
        "import re; compiled = []; compile = re._compiler.compile\n"
        "def noted(text, flags=0):\n"
        "    compiled.append(text); return compile(text, flags)\n"
        "re._compiler.compile = noted\n"
        "import nianbao.rules.punctuation as module\n"
        "large = [text for text in compiled if '\\u3400-' in str(text)]; assert not large, large\n"
        "list(module._HALF.finditer('')); assert [text for text in compiled if '\\u3400-' in str(text)]"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_characters_that_no_document_holds() -> None:
    """Controls, halves of pairs and non-characters of the first plane are replaced; all others stay."""
    kept = {
        *(0x09, 0x0A),
        *range(0x20, 0x7F),
        *range(0xA0, 0xD800),
        *range(0xE000, 0xFDD0),
        *range(0xFDF0, 0xFFFE),
        *range(0x10000, 0x110000),
    }
    assert {code for code in range(0x110000) if clean(chr(code)) == chr(code)} == kept
