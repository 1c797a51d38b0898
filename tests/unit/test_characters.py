"""Characters that people and programs read differently are refused where they stand, in pages and in data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nianbao.prose.reading import PageReader
from nianbao.reading.characters import misread
from nianbao.reading.findings import Findings
from nianbao.reading.source import read_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nianbao.model.dataset import Dataset

UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u180b\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u202e\u2060\u2061\u2063\u206a"
    "\u2066\u2800\u3164\ufe00\ufe0e\ufe0f\ufeff\uffa0\ufff9\ufffe\x00\x1b\x7f\x85\U000e0001\U000e0041\U000e0100\U0001d173"
)
WORDS = {
    # damaged
    "政\ufffd文件": "损坏的字符 U+FFFD",
    "关锟斤拷强": "乱码“锟斤拷”",
    "烫烫烫烫": "乱码“烫烫烫烫”",
    "屯屯屯": "乱码",
    "政府".encode().decode("latin-1"): "乱码",
    "???开": "乱码",
    "葺葺葺": "乱码",
    "公¿ª": "乱码“¿ª”",
    "政府信息".encode("gb18030").decode("latin-1"): "乱码",
    "各单位".encode("gb18030").decode("latin-1"): "乱码",
    "没有".encode("gb18030")[1:].decode("latin-1"): "乱码",
    "公开".encode().decode("cp1252", "replace")[:4]: "乱码",
    "政务公开" + "信息".encode().decode("gb18030"): "原文像是“信息”",
    "你好".encode().decode("gb18030"): "原文像是“你好”",
    "ｺﾞ": "乱码",
    "公开ȫ部": "多是编码弄错留下的",
    "\u05bb为": "多是编码弄错留下的",
    "甲\u0378": "没有编码的字符 U+0378",
    "\U0010ffff": "没有编码的字符",
    "\uf0b7加强": "Word 符号字体里的字符 U+F0B7",
    "\uf06c加强": "Word 符号字体",
    "\ue123字": "自造字 U+E123",
    "\U000f0000字": "自造字",
    # forms of other characters
    "⼯作": "请改为“工”",
    "⾏政": "请改为“行”",
    "⻓期": "请改为“长”",
    "⺠政": "请改为“民”",
    "⺀": "部首",
    "不\uf967": "请改为“不”",
    "⿰木木": "不是汉字",
    "㇐件": "不是汉字",
    "收到ー件": "应为汉字“一”",
    "ニ件": "应为汉字“二”",
    "𝐀类": "请改为“A”",
    # digits of others
    "١٢件": "请改为“1”",
    "१२件": "请改为“1”",
    "𝟏𝟐件": "请改为“1”",
    "𝟷件": "请改为“1”",
    "申请①件": "“①”这样的数字",
    "申请①②件": "“①②”这样的数字",
    "，①② 件": "“①②”这样的数字",
    "申请❶件": "“❶”这样的数字",
    "申请⑴件": "“⑴”这样的数字",
    "申请⒈件": "“⒈”这样的数字",
    "申请㈠件": "“㈠”这样的数字",
    "申请⑫件": "“⑫”这样的数字",
    "申请Ⅻ件": "“Ⅻ”这样的数字",
    "申请ⅠⅡ条": "“ⅠⅡ”这样的数字",
    "申请1②件": "“1②”这样的数字",
    "申请①2件": "“①2”这样的数字",
    "申请¹²件": "“¹²”这样的数字",
    "申请1½件": "“1½”这样的数字",
    "申请〡〢件": "不是汉字",
    "㋀至㋁": "请改为“1月”",
    "申请1O件": "夹着字母的数字“1O”",
    "申请l2件": "夹着字母的数字“l2”",
    "申请O件": "夹着字母的数字“O”",
    "申请Ｉ2件": "夹着字母的数字“Ｉ2”",
    "申请1\u18e2件": "夹在数字旁的别种字母",
    "申请1\u0202件": "夹在数字旁的别种字母",
    "申请1'234件": "“1'234”这样的数字",
    "申请1_234件": "“1_234”这样的数字",
    "申请廿二件": "“廿二”这样的数字",
    "1\u20e3件": "加在“1”上的符号 U+20E3",
    "1\u03382件": "加在“1”上的符号 U+0338",
    "件\u0336": "加在“件”上的符号",
    "99﹒5件": "请改为“.”",
    "50﹪": "请改为“%”",
    "50٪": "请改为“%”",
    "99٫5": "请改为“.”",
    # blanks that nobody sees
    "申\u200a请": "不寻常的空格 U+200A",
}

SOUND = (
    "政府信息公开，共12件、１２件、十二件，占99.5%、９９．５％，〔2021〕30号，2023年1月1日—12月31日。",
    "①加强领导；②部门协同；③个别单位",
    "属于第②项、第①条的",
    "Ⅱ类水体、Ⅲ级响应、Ⅱ期工程、第Ⅳ部分",
    "面积12㎡，体积3m³，温度36℃，№1，±5‰，10²=100，×÷≥≤→·…—–“”‘’『』￥",
    "㈠总体情况",
    "〇二一年，二〇二三年，𠮷、𰻝、㐂",
    "カード、データ、ニュース",
    "Füße、Éric、São、m²·K、12µg/m³、±5℃、A4、3Å、lǜ、1’30”、廿四条措施、滂沱、漯河",
    "2023ལོ、俄语Россия、俄罗斯（Россия）",
    "Café, naïve, Ünal, ÷ ×, α、β，Привет",
    "藏文བོད་ཡིག་、维吾尔文ئۇيغۇرچە",
    "联通、烫伤、屯田、斤拷贝",
    "https://www.example.gov.cn/t20231l0_1.html?a=b??c",
    "全角　空格，不间断\u00a0空格\t制表符",
    "👍好",
)


@pytest.mark.parametrize("character", UNSEEN)
def test_unseen(character: str) -> None:
    """Each is told at its place by its number."""
    found = list(misread(f"申{character}请12件"))
    assert [(one.start, one.end) for one in found] == [(1, 2)]
    assert f"U+{ord(character):04X}，请删去" in found[0].message


@pytest.mark.parametrize(("text", "told"), WORDS.items())
def test_what_looks_otherwise(text: str, told: str) -> None:
    """Each is told, with what to write instead."""
    found = list(misread(text))
    assert found
    assert told in found[0].message


def test_text_read_as_gbk() -> None:
    """Text whose bytes were taken for another encoding is told with what it was."""
    damaged = "政府信息公开工作".encode().decode("gb18030")
    assert "原文像是“政府信息公开工作”；请改正" in next(misread(damaged)).message


@pytest.mark.parametrize("text", SOUND)
def test_sound_text_is_let_be(text: str) -> None:
    """Signs of lists, classes, units and other scripts are no figures."""
    assert list(misread(text)) == []


@pytest.fixture
def judged(examples: Dataset, tmp_path: Path) -> Callable[[str], list[str]]:
    """Return a function that judges a page of no year and returns what was found, as lines of a terminal."""
    (tmp_path / "docs").mkdir()

    def judge(source: str) -> list[str]:
        (tmp_path / "docs/a.md").write_text(source, encoding="utf-8")
        reader = PageReader(examples, tmp_path, tmp_path / "data", tmp_path / "docs")
        reader.judge("a.md")
        return [str(finding) for finding in reader.findings]

    return judge


REFERENCES = ("&#8203;", "&#x200B;", "&ZeroWidthSpace;", "&#xad;", "&shy;", "&zwnj;", "&#8288;", "&#xFFFD;", "&#xF0B7;")


@pytest.mark.parametrize("reference", REFERENCES)
def test_references(judged: Callable[[str], list[str]], reference: str) -> None:
    """A reference to such a character is told at its place, too; those to blanks are let be."""
    found = judged(f"# 标题\n\n第一句。\n收到申{reference}请12件&nbsp;。\n")
    assert len(found) == 1
    assert found[0].startswith("docs/a.md:4:4: 不能使用")


@pytest.mark.parametrize("code", ["&amp;nbsp;", "&amp;#20013;", "\\u4e2d\\u56fd", "=E4=B8=AD", "=?utf-8?B?5Lit?="])
def test_codes_instead_of_signs(judged: Callable[[str], list[str]], code: str) -> None:
    """A sign that readers would see as the code by which files and mails write it is told."""
    (found,) = judged(f"# 标题\n\n政务{code}公开&nbsp;。\n")
    assert found.startswith("docs/a.md:3:3: 不能使用“")
    assert "它是字符的编码，读者会照样看到" in found


def test_markup_between(judged: Callable[[str], list[str]]) -> None:
    """Markup between the characters of a figure does not hide it."""
    assert judged("# 标题\n\n收到申请1**②**件。\n") == [
        "docs/a.md:3:5: 不能使用“1②”这样的数字，核对时不会当作数；请写阿拉伯数字"
    ]


def test_a_line_of_a_page_and_of_data(judged: Callable[[str], list[str]], tmp_path: Path) -> None:
    """Pages and data are told in the same words, a line at a time."""
    message = "不能使用“⼯”（U+2F2F），它不是“工”字，多由 PDF 复制而来；请改为“工”"
    assert judged("# ⼯作\n\n⼯作和⼯程\n") == [f"docs/a.md:1:3: {message}", f"docs/a.md:3:1: {message}"]
    findings = Findings()
    (tmp_path / "a.yml").write_text("a: ⼯作\n", encoding="utf-8")
    assert read_text(tmp_path / "a.yml", "a.yml", findings) is None
    assert [str(finding) for finding in findings.sorted()] == [f"a.yml:1:4: {message}"]
