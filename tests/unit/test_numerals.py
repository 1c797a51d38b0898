"""Numbers in prose are read as they are written, and clauses keep the places of their words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nianbao.prose.clauses import HIDDEN, sentences
from nianbao.prose.numerals import chinese, numerals

DIGITS = "零一二三四五六七八九"


def written(number: int) -> str:
    """Return *number* below a hundred million as it is read aloud."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        return f"{written(high)}万" + ("" if not low else ("零" if low < 1000 else "") + written(low))
    text, skipped = "", False
    for step, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, step)
        if digit:
            text += ("零" if skipped and text else "") + DIGITS[digit] + name
        skipped = not digit
    return text or DIGITS[0]


@given(st.integers(min_value=0, max_value=99_999_999))
def test_what_is_read_aloud_is_read_back(number: int) -> None:
    """Every number of Chinese numerals is read as the number that it was."""
    assert chinese(written(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("十二", 12),
        ("两", 2),
        ("两千", 2000),
        ("两百零三", 203),
        ("二〇二四", 2024),
        ("八六", 86),
        ("一万零三", 10_003),
    ],
)
def test_usual_ways_of_writing(text: str, number: int) -> None:
    """两 counts as 二, 十 needs no 一, and digits may stand side by side."""
    assert chinese(text) == number


@pytest.mark.parametrize(
    "text", ["", "一百二", "百", "百零", "一百十", "一万二", "两两", "一十百", "零十", "万", "一零万"]
)
def test_what_is_no_number(text: str) -> None:
    """Slips, and short forms that leave a step out, are no numbers."""
    assert chinese(text) is None


@pytest.mark.parametrize(
    ("text", "value", "unit", "digits", "exact"),
    [
        ("收到申请86件。", 86, "件", True, True),
        ("收到申请８６件。", 86, "件", True, True),
        ("决定1,036件", 1036, "件", True, True),
        ("决定１,０３６件", 1036, "件", True, True),
        ("收费412.36万元", Decimal("412.36"), "万元", True, True),
        ("占６６．４８％", Decimal("66.48"), "%", True, True),
        ("提高2.5个百分点", Decimal("2.5"), "个百分点", True, True),
        ("共八十六件", 86, "件", False, True),
        ("有两起案件", 2, "起", False, True),
        ("约20件", 20, "件", True, False),
        ("20余件", 20, "件", True, False),
        ("20多件", 20, "件", True, False),
        ("30件以上", 30, "件", True, False),
        ("近百件", None, "", False, False),
        ("几十件", 10, "件", False, False),
        ("1.3万条", 13_000, "条", True, False),
        ("总数5件", 5, "件", True, True),
        ("剩余6件", 6, "件", True, True),
        ("达百分之九十七点七", Decimal("97.7"), "%", False, True),
        ("占百分之百", 100, "%", False, True),
        ("约四分之三", 75, "%", False, False),
        ("增长两成多", 20, "%", False, False),
        ("增长两成八", 28, "%", False, True),
        ("三成一样", 30, "%", False, False),
        ("下降一半", 50, "%", False, False),
        ("翻了一番", 100, "%", False, False),
        ("纠错率为零", 0, "%", False, True),
        ("叁佰元整", 300, "元", False, True),
    ],
)
def test_a_number_with_its_unit(text: str, value: object, unit: str, digits: bool, exact: bool) -> None:  # noqa: FBT001  # what is expected
    """Value, unit, kind of digits, and whether the words make it rough."""
    found = list(numerals(text))
    if value is None:
        assert not found
        return
    assert [(each.value, each.unit, each.digits, each.exact) for each in found] == [(value, unit, digits, exact)]
    assert text[found[0].start : found[0].end].endswith(text[found[0].end - 1])


@pytest.mark.parametrize(
    "text", ["第三件", "每一件", "同一件", "统一件", "一般事项", "一并办理", "逐一条目", "电话0531-12345678901234"]
)
def test_words_with_numerals_are_no_numbers(text: str) -> None:
    """Ordinals, words such as 统一, and what is too long to be a count."""
    assert not [each for each in numerals(text) if each.unit]


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("两成多", ["20", "29.9"], ["19.9", "30"]),
        ("三成", ["25", "35"], ["24.9", "35.1"]),
        ("近一半", ["40", "50"], ["39.9", "50.1"]),
        ("近九成", ["80", "90"], ["79.9", "90.1"]),
        ("近三成", ["24", "30"], ["23.9", "30.1"]),
        ("超过三分之二", ["66.7", "90"], ["66.6"]),
        ("过半", ["50"], ["49.9"]),
        ("约四分之三", ["71.3", "78.7"], ["71.2", "78.8"]),
    ],
)
def test_shares_in_words_take_in_what_is_near(text: str, right: list[str], wrong: list[str]) -> None:
    """How far a share in words may be from the one that it tells."""
    (found,) = numerals(text)
    assert [share for share in right if not found.may_be(Decimal(share))] == []
    assert [share for share in wrong if found.may_be(Decimal(share))] == []


@pytest.mark.parametrize(
    "text", ["上半年", "专班一成立", "三成员单位", "完成率", "成分之一", "百分之一百二", "十百分之一"]
)
def test_words_that_look_like_shares(text: str) -> None:
    """Words that only look like parts of a whole."""
    assert not [each for each in numerals(text) if each.unit == "%"]


@pytest.mark.parametrize("text", ["3-5件", "3至5件", "3，100件", "1，036件"])
def test_ranges_and_doubtful_groups_are_not_exact(text: str) -> None:
    """What may be one number or two is none to be compared."""
    assert not any(each.exact for each in numerals(text))


def test_clauses_and_notes() -> None:
    """Brackets become notes, numbers of headings begin something new, blanks are left out."""
    (heading,), clauses = sentences("（二）依申请公开情况。共受理 36 件申请(均为自然人,含上年结转2件),同比上升.")
    assert heading.text == "依申请公开情况"
    assert [(clause.mark, clause.text) for clause in clauses] == [("", "共受理36件申请"), ("，", "同比上升")]
    assert [[note.text for note in notes] for notes in clauses[0].notes] == [["均为自然人", "含上年结转2件"]]
    assert clauses[0].offsets[:5] == (11, 12, 13, 15, 16)


def test_titles_and_quotations_are_hidden() -> None:
    """What others say is no statement; a quotation that the form prints is."""
    ((clause,),) = sentences("《2022年部门决算》和“收到5件”都提到危及“三安全一稳定”")
    assert clause.text == f"{HIDDEN * 11}和{HIDDEN * 6}都提到危及三安全一稳定"


def test_a_label_may_stand_in_quotation_marks() -> None:
    """What the form calls so is no quotation."""
    ((clause,),) = sentences("按“不予处理”办结6件，", {"不予处理"})
    assert (clause.text, clause.offsets[1:3]) == ("按不予处理办结6件", (2, 3))
    ((hidden,),) = sentences("按“不予处理”办结6件，")
    assert hidden.text == f"按{HIDDEN * 6}办结6件"


@given(st.text(alphabet="（）()《》“”，。；:,.1 一件", max_size=60))
def test_any_brackets_and_marks(text: str) -> None:
    """Unpaired brackets and marks in any order are split, and every place is one of the text."""
    waiting = [clause for sentence in sentences(text) for clause in sentence]
    while waiting:
        clause = waiting.pop()
        assert len(clause.text) == len(clause.offsets)
        assert all(0 <= offset < len(text) for offset in clause.offsets)
        assert list(clause.offsets) == sorted(clause.offsets)
        waiting.extend(note for notes in clause.notes for note in notes)
