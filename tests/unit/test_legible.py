"""What terminals and other programs are given of names and quoted words."""

from __future__ import annotations

import json
import re

import pytest
from nianbao.command import formats
from nianbao.command.screen import finding_line
from nianbao.model.project import WrongUseError
from nianbao.pages import cards
from nianbao.publishing.output import OutputError
from nianbao.reading.findings import Finding, Place
from nianbao.reading.legible import lines, one_line, visible
from nianbao.reading.refusal import RefusedError

# Whatever a terminal obeys, turns text around, ends a line or is no character.
HOSTILE = "".join(
    map(chr, [*range(0x20), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)])
)
BYTES = b"\xff\x80".decode("utf-8", "surrogateescape")
OBEYED = re.compile(f"[{re.escape(HOSTILE)}\ud800-\udfff]")
FORGED = f"a\nmkdocs.yml:1:1: 没有错误\r{HOSTILE}{BYTES}"
FINDING = Finding(Place(f"docs/{FORGED}.md", 2, 3), f"甲{FORGED}", rule="X-01", subject=FORGED)


def test_ordinary_text_stays() -> None:
    """Chinese, signs and emoji are what they are."""
    text = "docs/2023/第 1 页（甲）.md：“收到”👍\u3000\u00a0é"
    assert visible(text) == one_line(text) == lines(text) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\x1b[2J", r"\x1b[2J"),
        ("a\n\r\tb", r"a\n\r\tb"),
        ("\u202e", r"\u202e"),
        ("\x9b", r"\x9b"),
        (BYTES, r"\xff\x80"),
    ],
)
def test_others_are_shown_by_their_codes(text: str, told: str) -> None:
    """As programmers write them; a byte that is no text is the byte."""
    assert visible(text) == told


def test_words_stay_on_their_line() -> None:
    """Line ends within a message become blanks, in a text of several lines they stay."""
    assert one_line("a \r\n b\u2028c\x1b") == r"a b c\x1b"
    assert lines("a\nb\x1b\n") == "a\nb\\x1b\n"


def test_nothing_forges_a_line() -> None:
    """A name and quoted words, wherever a finding is told, stay on one line and are harmless."""
    for told in (str(FINDING), str(FINDING.place), finding_line(FINDING)):
        assert not OBEYED.search(re.sub(r"\x1b\[[0-9;]*m", "", told))
    assert not OBEYED.search(str(OutputError(FORGED)))
    assert len(str(RefusedError(FORGED, (FORGED, FORGED))).split("\n")) == 3
    assert len(str(WrongUseError(FORGED, FORGED)).split("\n")) == 2
    for error in (RefusedError(FORGED), WrongUseError(FORGED)):
        assert not OBEYED.search(str(error))
    assert not OBEYED.search(cards.card([FINDING]).replace("\n", ""))


def test_each_kind_escapes_as_it_does() -> None:
    """JSON keeps every character, annotations keep their line, SARIF its address."""
    told = formats.as_json([FINDING], [], {})
    assert not OBEYED.search(told.replace("\n", ""))
    (found,) = json.loads(told)["findings"]
    assert (found["file"], found["message"], found["place"]) == (FINDING.place.file, FINDING.message, FORGED)
    annotations = formats.as_annotations([FINDING])
    assert not OBEYED.search(annotations)
    assert annotations.startswith("::error file=docs/a%0Amkdocs.yml%3A1%3A1%3A 没有错误%0D")
    sarif = formats.as_sarif([FINDING])
    assert not OBEYED.search(sarif.replace("\n", ""))
    (result,) = json.loads(sarif)["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.startswith("docs/a%0Amkdocs.yml%3A1%3A1%3A%20%E6%B2%A1")
    assert uri.endswith("%FF%80.md")
    assert result["message"]["text"] == FINDING.message
