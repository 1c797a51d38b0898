"""What the rules for figures in the prose read in sentences as reports write them, and where they must be silent.

All sentences are read as if they stood in the example's report of 2024; they are rows of ``sentences.yml``.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from building import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from nianbao.model.dataset import read_dataset
from nianbao.rules.rule import Confirmed, Fault, NeedsReview
from nianbao.rules.text.vocabulary import known_words
from saying import PLACES, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.dataset import Dataset
    from nianbao.rules.rule import Outcome

YEAR = 2024
SENTENCES = Path(__file__).with_name("sentences.yml")
# That figures are typed is told of every right one here, and is tested by itself.
TYPED = "X-09"


@cache
def example() -> Dataset:
    """Return the example portal."""
    root = ROOT / "examples"
    return read_dataset(root, root / "data")


def outcomes(
    place: str, *texts: str, scope: str = "own", dataset: Dataset | None = None
) -> Iterator[tuple[str, Outcome]]:
    """Yield what all rules say of paragraphs at *place* in the report of 2024, of the example or *dataset*."""
    return said(dataset or example(), YEAR, place, *texts, scope=scope)


def told(at: str, *says: str, scope: str = "own") -> list[tuple[str, str, str]]:
    """Return rule, ``wrong`` or ``doubt``, and subject of what is found, but for typed figures."""
    return [
        (code, "wrong" if isinstance(outcome, Fault) else "doubt", outcome.subject.partition("：")[2])
        for code, outcome in outcomes(at, *says, scope=scope)
        if isinstance(outcome, Fault | NeedsReview) and code != TYPED
    ]


def confirmed(at: str, says: str, scope: str) -> int:
    """Return how many figures of a sentence are confirmed by the rules for single figures and rates."""
    codes = {"X-01", "X-02", "X-03", "X-04", "X-05", "X-06", "X-07", "X-12", "X-13", "X-14"}
    found = outcomes(at, says, scope=scope)
    return sum(outcome.count for code, outcome in found if isinstance(outcome, Confirmed) and code in codes)


def subjects(code: str, place: str, *texts: str, scope: str = "own") -> list[str]:
    """Return the words that one rule finds at fault."""
    found = (outcome for name, outcome in outcomes(place, *texts, scope=scope) if name == code)
    return [outcome.subject.partition("：")[2] for outcome in found if isinstance(outcome, Fault)]


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A row of the table: where a sentence stands, what it *says*, and what must be told of it.

    *right* is how many figures are at least confirmed, *wrong* and *doubt* are the rules that find a
    fault or want a person to look, *words* the subject of one of them.
    """

    at: str
    says: str
    right: int | None = None
    wrong: str = ""
    doubt: str = ""
    words: str = ""
    scope: str = "own"


def table() -> list[Sentence]:
    """Return the rows of ``sentences.yml``."""
    rows = yaml.safe_load(SENTENCES.read_text(encoding="utf-8"))
    return [Sentence(**row) for row in rows]


@pytest.mark.parametrize("row", table(), ids=lambda row: row.says)
def test_a_sentence_is_told_as_the_table_says(row: Sentence) -> None:
    """Right figures are confirmed and nothing is told; wrong ones are told by just the rules of the row."""
    found = told(row.at, row.says, scope=row.scope)
    expected = {(code, "wrong") for code in row.wrong.split()} | {(code, "doubt") for code in row.doubt.split()}
    assert {(code, verdict) for code, verdict, _ in found} == expected
    assert not row.words or row.words in [words for _, _, words in found]
    assert (row.right is None) == bool(expected), "a row says either how many are right, or what is told"
    assert confirmed(row.at, row.says, row.scope) >= (row.right or 0)


def test_no_sentence_stands_twice() -> None:
    """A row that repeats another would hide which of them somebody meant to change."""
    keys = [(row.at, row.says, row.scope) for row in table()]
    assert sorted(keys) == sorted(set(keys))


def test_typed_figures_are_told_with_the_macro_that_gives_them() -> None:
    """A right figure typed in digits is a finding of its own; one in Chinese numerals is not."""
    text = "收到申请86件，上年为77件，自然人六十六件。制发行政规范性文件2件。"
    told = [outcome for code, outcome in outcomes("依申请", text) if code == TYPED and isinstance(outcome, Fault)]
    calls = ("requests.received", "requests.received", "disclosure.normative_documents.issued")
    assert [fault.subject.partition("：")[2] for fault in told] == [
        "收到申请86件",
        "上年为77件",
        "制发行政规范性文件2件",
    ]
    assert all(call in fault.message for call, fault in zip(calls, told, strict=True))
    assert 'figure("requests.received", -1)' in told[1].message


def test_places_are_not_compared_where_the_data_tell() -> None:
    """Two wrong figures of the same are each told by the data, and not once more by each other."""
    text = ("主动公开政府信息120条。", "全年主动公开政府信息130条。")
    assert subjects("X-12", "主动公开", *text) == ["主动公开政府信息120条", "主动公开政府信息130条"]
    assert subjects("X-08", "主动公开", *text) == []


@pytest.mark.parametrize(
    "text", ["全区共收到政府信息公开申请85件。", "我区新收政府信息公开申请85件。", "收到政府信息公开申请85件。"]
)
def test_the_report_of_an_area_speaks_of_the_area(text: str) -> None:
    """全区 is the body itself where the report covers the area, and its office is not."""
    assert len(subjects("X-01", "依申请", text, scope="area")) == 1
    assert (
        subjects("X-01", "依申请", f"区政府办公室{text.removeprefix('全区共').removeprefix('我区')}", scope="area")
        == []
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("示例市示例区示例镇人民政府", "全镇共收到政府信息公开申请85件。"),
        ("示例市示例区示例镇人民政府", "镇政府新收政府信息公开申请85件。"),
        ("示例市示例区示例街道办事处", "街道共收到政府信息公开申请85件。"),
    ],
)
def test_a_township_or_street_speaks_of_itself_by_its_kind(name: str, text: str) -> None:
    """全镇 is the body itself in the report of a township, and another's in that of a bureau."""
    agency = example().agency
    assert agency is not None
    township = replace(example(), agency=replace(agency, names=(replace(agency.names[0], text=name),)))
    found = outcomes("依申请", text, dataset=township)
    assert sum(code == "X-01" and isinstance(outcome, Fault) for code, outcome in found) == 1
    assert subjects("X-01", "依申请", text) == []


@pytest.mark.parametrize(
    ("edit", "place", "text", "code"),
    [
        (("[1, 0, 0, 1]     # 复议后", "[1, 不详, 0, 1]  # 复议后"), "四", "行政诉讼均获维持。", "X-04"),
        (("[ 6,  2,   0,", "[ 6,  2,  不详,"), "依申请", "无法提供5件。", "X-02"),
    ],
)
def test_what_can_be_read_is_enough_to_tell(
    edit: tuple[str, str], place: str, text: str, code: str, tmp_path: Path
) -> None:
    """A cell that nobody can read does not hide what the others already say."""
    shutil.copytree(ROOT / "examples" / "data", tmp_path / "data")
    path = tmp_path / "data" / f"{YEAR}.yml"
    typed = path.read_text(encoding="utf-8")
    assert edit[0] in typed
    path.write_text(typed.replace(*edit, 1), encoding="utf-8")
    found = outcomes(place, text, dataset=read_dataset(tmp_path, tmp_path / "data"))
    messages = [outcome.message for name, outcome in found if name == code and isinstance(outcome, Fault)]
    assert len(messages) == 1
    assert "可以辨认的已有 12 件" in messages[0] or "尚未审结之和是 1 件" in messages[0]


WORDS_AND_MARKS = [
    *sorted(set(known_words())),
    *"，。；：、（）0123",
    "86件",
    "两件",
    "2023年",
    "2024年",
    "11.7%",
    "1个百分点",
    "300元",
    "10条",
    "涉及",
    "《通知》",
]


@given(st.lists(st.sampled_from(WORDS_AND_MARKS), max_size=25), st.sampled_from(sorted(PLACES)))
@settings(deadline=None, max_examples=200)
def test_any_words_are_read(words: list[str], place: str) -> None:
    """No order of the words that the rules know stops them, and what they quote stands in the text."""
    text = "".join(words)
    for _, outcome in outcomes(place, text or "。"):
        if isinstance(outcome, Fault | NeedsReview):
            assert outcome.subject.partition("：")[2] in text
