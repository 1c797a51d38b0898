"""Words of originals: sections, items and facts are found; what is left out is told; no word does any harm."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import markdown
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html
from nianbao.importing.original import Cell, Original, Paragraph, Picture, Table
from nianbao.importing.page_sources import page_sources, paragraph
from nianbao.importing.words.fee import stated_fee
from nianbao.importing.words.items import find_items
from nianbao.importing.words.sections import read_words
from nianbao.importing.words.spelling import han, spelled
from nianbao.model.dataset import package_forms
from nianbao.prose.template import parse, sandbox
from printed import PROSE_2023, cut, printed_2023, text_original

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.importing.original import Content
    from nianbao.importing.words.sections import Told
    from nianbao.model.dataset import Dataset
    from nianbao.model.form import Form

DATA_ROW = re.compile(r"(?:\b0 ?){2,}")


def form(year: int = 2021) -> Form:
    """Return the edition *year* of the form."""
    found = package_forms().editions[year]
    assert found is not None
    return found


def told_lines(*lines: str, kind: str = "文本") -> Told:
    """Return what an original of these *lines* says."""
    return read_words(text_original("\n".join(lines), kind=kind), form())


def texts(told: Told, section: str) -> list[str]:
    """Return headings, with #, and paragraphs of a section."""
    return [f"# {one.text}" if one.heading else one.text for one in told.sections[section]]


SIX: tuple[str, ...] = ("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况")
SIX += ("四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项")


def test_the_printed_page_of_2023_is_sorted(own: Dataset) -> None:
    """Six sections with 三 twice told, items 3 + 2 + 4, headings that run in, tables cut away to the last label."""
    report = own.reports[2023]
    told = read_words(text_original(printed_2023(report)), report.form)
    assert told.name == report.agency_name
    assert told.year is None
    assert list(told.sections) == [section.id for section in report.form.sections]
    assert dict(told.numbers) == {"review": "三"}
    assert told.unused == ()
    assert told.items is not None
    assert told.items.full_text is True
    listed = [(category.name, category.titles) for category in told.items.categories]
    assert listed == [(one.name, tuple(item.title for item in one.items)) for one in report.categories]
    assert texts(told, "overview")[0] == "# （一）政府信息主动公开情况"
    assert texts(told, "requests") == ["2023年，中心新收政府信息公开申请0件，未收到依申请公开事项。"]
    assert texts(told, "review") == ["本年度无政府信息公开行政复议、诉讼件。"]
    assert texts(told, "improvement")[0] == "# （一）上一年度存在的主要问题"
    assert texts(told, "improvement")[3].startswith("（二）本年度存在的问题是")
    assert texts(told, "other")[:2] == ["# （一）政府信息处理费收取情况", "2023年我中心未收取政府信息处理费。"]
    for section in told.sections:
        assert not [text for text in texts(told, section) if DATA_ROW.search(text)]


def test_every_sentence_of_the_printed_page_is_kept(own: Dataset) -> None:
    """No sentence is lost with the tables beside it, or where lines are joined."""
    report = own.reports[2023]
    told = read_words(text_original(printed_2023(report)), report.form)
    for section, printed in PROSE_2023.items():
        said = "".join(one.text for one in told.sections[section]).replace("。", "")
        for text in printed:
            assert spelled(text, typeset=True).replace("(", "（").replace("。", "") in said


@pytest.mark.parametrize("numbers", ["一二三四五六", "一二三三五六", "一一一一一一", "二三四五六七"])
def test_sections_are_found_whatever_their_numbers(numbers: str) -> None:
    """The title decides; a number that is not the form's is told."""
    headings = [f"{number}{heading[1:]}" for number, heading in zip(numbers, SIX, strict=True)]
    told = told_lines("某局2023年政府信息公开工作年度报告", *(line for one in headings for line in (one, f"{one}说。")))
    assert list(told.sections) == [section.id for section in form().sections]
    expected = {
        section.id: number for section, number in zip(form().sections, numbers, strict=True) if number != section.number
    }
    assert dict(told.numbers) == expected


def test_automatic_numbers_and_a_table_of_contents() -> None:
    """Headings that an office program numbers by itself have no number in their text; contents stand before them."""
    contents = tuple(Paragraph(text=heading, place="目录") for heading in SIX)
    body = tuple(
        paragraph
        for heading in SIX
        for paragraph in (
            Paragraph(text=heading[2:], place="标题", level=1),
            Paragraph(text=f"{heading[2:]}的文字。", place="正文"),
        )
    )
    told = read_words(Original(name="a.docx", kind="Word", digest="0", contents=(*contents, *body)), form())
    assert [part[0].text for part in told.sections.values()] == [f"{heading[2:]}的文字。" for heading in SIX]
    assert not told.numbers
    assert not told.titles


def test_title_name_year_and_day() -> None:
    """The title may take lines; the day stands beside it, or below the report with the name."""
    told = told_lines(
        "首页 > 政府信息公开", "某某市某某区民政局", "2023年政府信息公开工作年度报告",
        "发布时间：2024-01-20 来源：某局",
        "本报告按规定编制。", *SIX, "没有。", "某某市某某区民政局", "2024年1月18日",
    )  # fmt: skip
    assert (told.name, told.year, str(told.published_on)) == ("某某市某某区民政局", 2023, "2024-01-20")
    assert [one.text for one in told.preface] == ["本报告按规定编制。"]
    assert texts(told, "other") == ["没有。"]
    assert [(one.raw, one.why) for one in told.unused] == [
        ("发布时间：2024-01-20来源：某局", "发布信息，日期已另记"),
        ("首页 > 政府信息公开", "标题前面的文字"),
        ("某某市某某区民政局", "落款"),
        ("2024年1月18日", "落款"),
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("扫一扫在手机打开当前页", "网页或版面上的文字"),
        ("附件：2023年年报.docx", "附件没有读入，要公布的另放进 docs 并加链接"),
        ("- 4 -", "页码"),
        ("第3页 共8页", "页码"),
        ("二〇二四年一月十八日", "落款"),
    ],
)
def test_what_is_left_out_is_told(line: str, why: str) -> None:
    """Page numbers, what a website adds, attachments and the signature are no part of a report."""
    told = told_lines(*SIX, "没有。", line)
    assert [(one.raw.replace(" ", ""), one.why) for one in told.unused] == [(line.replace(" ", ""), why)]
    assert texts(told, "other") == ["没有。"]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("二〇二四年一月十八日", "2024-01-18"),
        ("二○二四年十二月三十一日", "2024-12-31"),
        ("二〇二四年一月二三日", "2024-01-23"),
        ("二〇二四年一月十十日", "None"),
        ("二〇二四年三四月一日", "None"),
    ],
)
def test_a_day_in_chinese_numerals(line: str, day: str) -> None:
    """However it is written it is read, and what is no day stops nothing."""
    assert str(told_lines(*SIX, "没有。", line).published_on) == day


def test_the_year_of_the_period_counts_where_the_title_has_none() -> None:
    """Statistics from the first of January tell the year."""
    told = told_lines("某局", "政府信息公开工作年度报告", "统计期限自2022年1月1日至2022年12月31日。", *SIX)
    assert (told.name, told.year) == ("某局", 2022)


def test_lines_that_a_page_has_cut_are_joined() -> None:
    """What was one paragraph is one again; a short finished line and a numbered heading end one."""
    long = "我局按照要求公开工作目标和完成情况，" * 9 + "有序推进。"
    other = "另外一段也很长，" * 8 + "完成了。"
    told = told_lines(SIX[0], *cut(long), *cut(other), "（一）主动公开", *cut(other), *SIX[1:])
    assert texts(told, "overview") == [long, other, "# （一）主动公开", other]


def test_short_paragraphs_of_like_width_are_not_lines_of_one() -> None:
    """A report with one line that is full has no usual width: what ends a sentence ends its paragraph."""
    lines = (
        "2024年，柳湾镇人民政府认真贯彻落实《中华人民共和国政府信息公开条例》，",
        "扎实推进政府信息公开工作。",
        "1、主动公开情况。全年主动公开政府信息23条。",
        "2、依申请公开情况。全年未收到申请，未收取费用。",
        "3、监督保障情况。没有行政复议和行政诉讼案件。",
    )
    others = ("1、存在问题：公开的及时性不够。", "2、改进措施：加强人员培训。", "本年度没有收取信息处理费。")
    told = told_lines(SIX[0], *lines, *SIX[1:5], *others[:2], SIX[5], others[2], kind="PDF")
    assert texts(told, "overview") == [lines[0] + lines[1], *lines[2:]]


def test_words_around_a_table_of_cells_keep_their_order() -> None:
    """What stands behind the table stays behind it; a sentence that ends in a label is no table."""
    table = Table(cells=(Cell(text="行政许可", row=0, column=0),), place="表1")
    contents: tuple[Content, ...] = (
        *(Paragraph(text=text, place="段") for text in (SIX[0], SIX[1], "见下表。")),
        table,
        *(Paragraph(text=text, place="段") for text in ("变化的原因是", "行政许可", *SIX[2:])),
        Picture(place="第2段"),
    )
    told = read_words(Original(name="a.docx", kind="Word", digest="0", contents=contents), form())
    assert texts(told, "disclosure") == ["见下表。"]
    assert [one.text for one in told.after["disclosure"]] == ["变化的原因是", "行政许可"]
    assert [(one.raw, one.place) for one in told.unused] == [("图片", "第2段")]
    pages = {page.name: page.text() for page in page_sources(form(), told, transcribed=True)}
    parts = ("见下表。", '{{ statutory_table("disclosure") }}', "变化的原因是")
    assert [pages["2-disclosure.md"].index(part) for part in parts] == sorted(
        pages["2-disclosure.md"].index(part) for part in parts
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("主动公开政府信息9条。其中，甲类3条，乙类6条。", [("甲类", 3, ()), ("乙类", 6, ())]),
        ("主动公开政府信息3条，其中甲类1条、乙类2条。信息包括：1.《子》；2.《丑》《寅》。",
         [("甲类", 1, ("《子》",)), ("乙类", 2, ("《丑》", "《寅》"))]),
        ("主动公开政府信息2条。主动公开政府信息包括：1.公开甲；2.公开乙。", [("主动公开的信息", 2, ("甲", "乙"))]),
        ("主动公开政府信息2条。主动公开政府信息包括：1.公开甲；2.宣传栏。",
         [("主动公开的信息", 2, ("公开甲", "宣传栏"))]),
        # Parts that do not add up, and lists of another length, are not taken.
        ("主动公开政府信息9条，其中甲类3条，乙类5条。", [("主动公开的信息", 9, ())]),
        ("主动公开政府信息3条，其中甲类1条、乙类2条。信息包括：1.子；2.丑。", [("甲类", 1, ()), ("乙类", 2, ())]),
    ],
)  # fmt: skip
def test_items_are_taken_where_they_add_up(text: str, expected: list[tuple[str, int, tuple[str, ...]]]) -> None:
    """Categories count where they give the number of all, titles where they are as many."""
    found = find_items([text])
    assert found is not None
    assert [(one.name, one.count, one.titles) for one in found.categories] == expected


def test_no_number_no_items() -> None:
    """Nothing is counted that the words do not count."""
    assert find_items(["主动公开政府信息，接受监督。"]) is None


@pytest.mark.parametrize(
    ("text", "fee"),
    [
        ("全年收取政府信息公开信息处理费0元。", "0"),
        ("共对3件申请收取信息处理费共计300元。", "300"),
        ("收取信息处理费1.25万元。", "12500"),
        ("收取信息处理费300元；收取信息处理费300元。", "300"),
        ("收取信息处理费300元。收取信息处理费200元。", ""),
        ("上年收取信息处理费300元。", ""),
        ("按规定标准收取信息处理费10元。", ""),
        ("没有收取。", ""),
    ],
)
def test_an_amount_is_the_fee(text: str, fee: str) -> None:
    """One amount of this year is the fee; others, and what is to be charged, are not."""
    assert stated_fee([text]) == fee


def test_odd_lines_of_a_table_are_told() -> None:
    """What stands in a table and is no label of the form is left out with a word; a sentence is kept."""
    told = told_lines(SIX[0], SIX[1], "规章 1 2 3", "双公示 7 8", "表中数字含下属单位。", "行政许可 5", *SIX[2:])
    assert [(one.raw, one.why) for one in told.unused] == [("双公示7 8", "表格里的文字，格式里没有")]
    assert texts(told, "disclosure") + [one.text for one in told.after["disclosure"]] == ["表中数字含下属单位。"]


def shown(source: str) -> Iterator[str]:
    """Yield the paragraphs that the site shows of the page *source*: macros first, then Markdown as it is set up."""
    rendered = sandbox().from_string(source).render()
    extensions = ["attr_list", "tables", "fenced_code", "toc"]
    extensions += ["nianbao.pages.chinese_line_breaks", "nianbao.pages.raw_html"]
    tree = html.fragment_fromstring(markdown.markdown(rendered, extensions=extensions), create_parent=True)
    for child in tree:
        assert (child.tag, dict(child.attrib), len(child)) == ("p", {}, 0), source
        yield str(child.text_content())


HARMFUL = "{{ figure('x') }} {% if %} {# #} {## ##} <script> </p> & &lt; &#35; *甲* _乙_ `丙` [丁](戊) ![己] # 标 > 引"
HARMFUL += " | 格 | ~~~ === --- + - 1. 2) : ^ ~ $ \\ \\* {: .transcription } { #id } 〔〕“”《》（）。！？ 12条 abc"
PIECES = st.sampled_from([*HARMFUL.split(" "), *HARMFUL, "。", "！”", "a。 b", "1. ", "- ", "\n", "\t", "    "])


@given(st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=12).map("".join))
@example("1. 甲。2. 乙。- 丙。+ 丁。=== 戊。--- 己。: 庚。")
@example("1.")
@example("- 甲")
@example("+ 乙")
@example(": 丙")
@example("---")
@example("===")
@example("2023.5万元。3.5万元。")
@example("“甲。” 乙。（丙。） 丁")
@example(HARMFUL)
def test_imported_words_read_the_same_and_do_no_harm(text: str) -> None:
    """Whatever an original says is a paragraph that shows just it: no macro, markup, heading, list or attribute."""
    words = spelled(text, typeset=True)
    source = f"甲。\n\n{paragraph(words)}\n\n乙。\n"
    assert parse(source, 0).mistakes == ()
    assert list(shown(source)) == ["甲。", *([words] if words else []), "乙。"]


WORDS: tuple[str, ...] = ("（一）主动公开", "2023年，", "没有。", "没有", "行政许可", "0 0 0", "结果维持", "附件：")
WORDS += ("- 3 -", "1.甲", "某局", "2024年1月1日", "2024.1.20", "12345热线", "a@b.cn", "其他，", "总计12条")
WORDS += ("一段很长的话，" * 5, "概况信息（2条）", "规章 1 2 3")
LINE = st.lists(st.sampled_from([*SIX, *WORDS]), min_size=1, max_size=3).map("".join)
# What no label of the form has, so that whatever has it is no part of a table.
SAID = re.compile(r"[。！？；A-Za-z]|[0-9]\.[0-9]+\.|[0-9] ?[年月日条热]")


def made_of_labels(line: str) -> bool:
    """Say whether characters and commas of *line* stand in pieces of labels, single ones at both ends alone."""
    found = [words for text in labels_of(form()) for words in (spoken(text), han(text))]
    words, reached = spoken(line), {0}
    for end in range(1, len(words) + 1):
        pieces = {words[start:end] for start in reached if end - start > 1 or start == 0 or end == len(words)}
        if any(piece in label for piece in pieces for label in found):
            reached.add(end)
    return len(words) in reached and not SAID.search(line)


def spoken(text: str) -> str:
    """Return characters and commas of *text*."""
    return "".join(character for character in text if character == "，" or han(character))


def labels_of(printed: Form) -> Iterator[str]:
    """Yield the words that stand in the tables of *printed*."""
    for table in printed.tables:
        yield from (table.caption, *(identity.text for identity in table.identities))
        for block in table.blocks:
            yield from (block.caption, block.corner)
            for root in (block.rows, block.columns):
                yield from (heading.label for heading in root.walk())


def letters(text: str) -> str:
    """Return *text* without blanks and punctuation."""
    return "".join(filter(str.isalnum, text))


@given(st.lists(LINE, max_size=30), st.sampled_from(["文本", "PDF", "Word"]))
@example(["二、主动公开政府信息情况", "2023年，", "没有。"], "文本")
@example(["二、主动公开政府信息情况", "行政许可 1", "12345热线", "行政许可2024.1.20、", "a@b.cn", "行政处罚 2"], "文本")
def test_nothing_is_lost_whatever_the_order_of_lines(lines: list[str], kind: str) -> None:
    """Each line is said, left out with a word, a heading of a section, or made of labels of a table."""
    told = read_words(text_original("\n".join(lines), kind=kind), form())
    said = [one.text for part in (told.preface, *told.sections.values(), *told.after.values()) for one in part]
    known = letters("".join([*said, *told.titles.values(), *(one.raw for one in told.unused)]))
    titles = [letters(section.title) for section in form().sections]
    for line in lines:
        words = letters(spelled(line, typeset=True))
        if words and words not in known and told.name != line:
            words = words.lstrip("第一二三四五六")
            heading = words in "".join(titles) or any(words.removeprefix(title) in known for title in titles)
            assert heading or made_of_labels(line), line
