"""Figures are exact or refused, whatever is written; the reader survives whatever a file holds."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nianbao.model.report_reader import read_report
from nianbao.reading import numbers
from nianbao.reading.findings import Findings

if TYPE_CHECKING:
    from collections.abc import Callable

    from nianbao.model.dataset import Dataset
    from nianbao.reading.numbers import Number

GOOD = (ROOT / "data" / "2023.yml").read_bytes()
YUAN = {"元": 1, "万元": 10_000}

# Texts that look like figures, mixed with any text at all.
FIGURES = st.text(alphabet="0123456789.,+-_eExXoO: 元万件０１２一不详\n", max_size=12) | st.text(max_size=30)

# Whole files of noise, and the good file with noise in the place of a few of its bytes.
SIGNS = (
    *("[", "]", "{", "}", "&a", "*a", "!x", "!!int", "|", ">", '"', "'", "#", "~", "-", "?", ":", "---", "..."),
    *("<<:", "null", "%YAML 1.1", "\0", "\ufeff", "\u3000", "\uffff"),
)
NOISE = (
    st.binary(max_size=40)
    | st.text(max_size=20).map(str.encode)
    | st.sampled_from(
        [f"{before}{sign}{after}".encode() for sign in SIGNS for before in ("", "\n") for after in ("", " ")]
    )
    | st.sampled_from([b"", b"\n", b"\r", b"\t", b"\xff"])
)


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """Return the good file with a few of its bytes replaced."""
    data = GOOD
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        data = data[:start] + draw(NOISE) + data[start + draw(st.integers(0, 30)) :]
    return data


def written_amount(text: str, value: Number) -> str:
    """Return the writing of *value* yuan in the unit that *text* ends with."""
    unit = "万元" if text.endswith("万元") else "元"
    digits = Decimal(text.removesuffix(unit))
    assert digits * YUAN[unit] == value
    return f"{digits:f}{unit}"


WRITTEN: dict[str, Callable[[str, Number], str]] = {
    "count": lambda _, value: f"{value:d}",
    "money": lambda _, value: f"{value:f}",
    "change": lambda _, value: f"{value:+d}" if value else "0",
    "amount": written_amount,
}


@pytest.mark.parametrize("kind", WRITTEN)
@settings(max_examples=200, deadline=None)
@given(text=FIGURES | st.decimals(allow_nan=False, allow_infinity=False).map(str))
@example(text="0")
@example(text="012")
@example(text="1_000")
@example(text="１２")
@example(text="1\n")
@example(text="-0")
@example(text="+3")
@example(text="0.50")
@example(text="36.8万元")
@example(text="9" * 5000)
def test_a_text_is_one_number_or_none(kind: str, text: str) -> None:
    """What is read as a number is that number's one writing; all else is no number."""
    value = numbers.parse(text, kind)
    assert value is None or WRITTEN[kind](text, value) == text


@settings(max_examples=200, deadline=None)
@given(number=st.integers(0, 10**20))
def test_every_writing_is_read_back(number: int) -> None:
    """Each number is read from its own writing, of every kind that can hold it."""
    tenth = Decimal(number) / 10
    assert numbers.parse(str(number), "count") == number
    assert numbers.parse(f"{tenth:f}", "money") == tenth
    assert numbers.parse(f"{number + 1:+d}", "change") == number + 1
    assert numbers.parse(f"{-number - 1:+d}", "change") == -number - 1
    assert numbers.parse(f"{number}元", "amount") == number
    assert numbers.parse(f"{tenth:f}万元", "amount") == number * 1000


@pytest.mark.parametrize("kind", numbers.EXPECTED)
@settings(max_examples=200, deadline=None)
@given(text=FIGURES, plain=st.booleans())
def test_advice_is_given_for_any_text(kind: str, text: str, *, plain: bool) -> None:
    """Whatever is refused, there is one line of advice."""
    advice = numbers.advice(text, kind, plain=plain)
    assert advice
    assert "\n" not in advice


@pytest.fixture(scope="session")
def outcome(own: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], tuple[bool, list[str]]]:
    """Return a function that reads a file of some bytes: whether there is a report, and the messages."""
    path = tmp_path_factory.mktemp("data") / "2023.yml"

    def read(data: bytes) -> tuple[bool, list[str]]:
        path.write_bytes(data)
        findings = Findings()
        report = read_report(path, "data/2023.yml", own.forms_by_name, own.agency, findings)
        return report is not None, [str(finding) for finding in findings.sorted()]

    return read


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=200) | st.text(max_size=100).map(str.encode) | spoilt())
@example(data=GOOD)
def test_any_bytes_give_a_report_or_a_finding(outcome: Callable[[bytes], tuple[bool, list[str]]], data: bytes) -> None:
    """Whatever 2023.yml holds, the reader ends with a report or says what is wrong, never both, never neither."""
    has_report, messages = outcome(data)
    assert has_report == (messages == [])
    assert [message for message in messages if "\n" in message] == []
