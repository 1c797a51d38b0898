"""The picture of a year: what it says follows from the data, and it is one page."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest
from nianbao.model.report import Category, Item
from nianbao.pages.session import Session
from nianbao.picture.html import SOURCE
from nianbao.picture.macros import picture_files
from nianbao.picture.model import year_picture
from nianbao.picture.poster import poster
from nianbao.picture.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nianbao.model.dataset import Dataset
    from nianbao.model.report import Report
    from nianbao.picture.model import YearPicture

SVG = "{http://www.w3.org/2000/svg}"


def picture(dataset: Dataset, year: int) -> YearPicture:
    """Return the picture of *year*, beside the year before where there is one."""
    return year_picture(dataset.reports[year], dataset.reports.get(year - 1), dataset.forms)


def changed(report: Report, figures: Mapping[str, int | None]) -> Report:
    """Return *report* with other figures at some addresses; totals stay."""
    cells = {
        table: MappingProxyType(
            {
                position: cell._replace(value=figures[cell.address]) if cell.address in figures else cell
                for position, cell in found.items()
            }
        )
        for table, found in report.cells.items()
    }
    return replace(report, cells=MappingProxyType(cells))


def test_nothing_is_told_as_nothing(own: Dataset) -> None:
    """A year without requests says so in sentences: no rates, no bars, no missing data."""
    found = picture(own, 2023)
    assert found.sentences == (
        "2023年没有收到政府信息公开申请，也没有上年结转的申请。",
        "政府信息公开行政复议、行政诉讼均为0件。",
        "主动公开政府信息9条，有电子化全文的占100%。",
        "没有收取信息处理费。",
    )
    assert found.results == ()
    assert found.counted == ("规章、行政规范性文件、行政许可、行政处罚、行政强制和行政事业性收费均为0。",)
    assert [(key.text, key.change) for key in found.keys] == [("9", ""), *[("0", "")] * 7]


def test_sentences_follow_from_the_data(examples: Dataset) -> None:
    """Each figure of the sentences of 2024 is that of its tables, counted by hand."""
    found = picture(examples, 2024)
    assert found.sentences == (
        "新收政府信息公开申请86件，其中自然人66件、法人或其他组织20件。",
        "上年结转4件，本年办理84件，结转下年度6件。",
        "新收申请比上年增加9件，增长11.7%。",
        "办理结果中，予以公开37件、部分公开11件，合占57.1%。",
        "不予公开16件，最多的理由是“属于行政执法案卷”，7件。",
        "行政复议6件、行政诉讼3件，其中结果纠正1件。",
        "主动公开政府信息10条，有电子化全文的占90%。",
        "收取信息处理费300元。",
    )
    assert found.counted == (
        "规章：本年制发件数0件、本年废止件数0件、现行有效件数0件。",
        "行政规范性文件：本年制发件数2件、本年废止件数1件、现行有效件数10件。",
        "行政许可1463件、行政处罚4875件、行政强制48件。",
        "行政事业性收费：本年收费金额436.92万元。",
    )
    assert [bar.text for bar in found.results] == [
        "37件 44.0%",
        "11件 13.1%",
        "16件 19.0%",
        "12件 14.3%",
        "6件 7.1%",
        "2件 2.4%",
    ]
    assert [(key.text, key.change) for key in found.keys] == [
        ("10", ""),
        ("86", "比上年增加9件"),
        ("4", "比上年减少1件"),
        ("84", "比上年增加6件"),
        ("6", "比上年增加2件"),
        ("6", "比上年增加1件"),
        ("3", "与上年持平"),
        ("300", "比上年增加300元"),
    ]


def test_of_the_unknown_nothing_is_said(examples: Dataset) -> None:
    """Where refusals cannot be added up, no sentence counts them and their bar reads 不详."""
    found = picture(examples, 2019)
    assert not [sentence for sentence in found.sentences if "不予公开" in sentence]
    assert [(bar.value, bar.text) for bar in found.results][2] == (None, "不详")
    unknown = changed(examples.reports[2024], {"requests.received.natural_person": None})
    told = sentences(unknown, None)
    assert not [sentence for sentence in told if "自然人" in sentence or "None" in sentence]


def test_few_cases_and_equal_reasons_are_told(examples: Dataset) -> None:
    """Shares of fewer than 30 say so; reasons that are equally frequent are all named."""
    report = examples.reports[2024]
    few = sentences(changed(report, {"requests.results.total.total": 20}), None)
    assert [sentence for sentence in few if sentence.endswith("（办理总数不足30件）。")]
    address = "requests.results.refused.third_party_rights.total"
    equal = sentences(changed(report, {address: 7}), None)
    assert [
        sentence
        for sentence in equal
        if sentence.endswith("最多的理由是“保护第三方合法权益”、“属于行政执法案卷”，各7件。")
    ]


def test_a_reason_that_all_refusals_had_is_told_as_such(examples: Dataset) -> None:
    """Where every refusal had one reason there is no most frequent one."""
    report = examples.reports[2024]
    none = {f"{address}.total": 0 for address in report.form.below("requests.results.refused")}
    address = "requests.results.refused.third_party_rights.total"
    for cases, words in ((4, "理由都是“保护第三方合法权益”"), (1, "理由是“保护第三方合法权益”")):
        found = changed(report, {**none, address: cases, "requests.results.refused.total": cases})
        assert f"不予公开{cases}件，{words}。" in sentences(found, None)


def test_editions_that_are_not_joined_are_not_compared(examples: Dataset) -> None:
    """Without a crosswalk the figures of 2021 are not set beside those of 2020."""
    assert [key.change for key in picture(examples, 2021).keys][1] == "比上年减少6件"
    form = replace(examples.forms[2021], earlier=None)
    report = replace(examples.reports[2021], form=form)
    forms = MappingProxyType({2019: examples.forms[2019], 2021: form})
    alone = year_picture(report, examples.reports[2020], forms)
    assert {key.change for key in alone.keys[1:7]} == {""}
    assert not [sentence for sentence in alone.sentences if "上年增加" in sentence or "上年减少" in sentence]


# The file


def drawn(found: YearPicture) -> ET.Element:
    """Return the poster of *found* parsed."""
    return ET.fromstring(poster(found))  # noqa: S314  # made by our own code


def texts(root: ET.Element) -> list[str]:
    """Return the lines of text of a drawing."""
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def shape(root: ET.Element) -> float:
    """Return the height of a drawing in millimetres: all it draws is on its sheet, which is no longer than A4."""
    assert root.get("width") == "210mm"
    height = float(str(root.get("height")).removesuffix("mm"))
    left, top, across, down = (float(part) for part in str(root.get("viewBox")).split())
    assert height <= 297
    assert abs(down / across - height / 210) < 0.001
    lowest = max(float(str(text.get("y"))) for text in root.iter(f"{SVG}text"))
    assert top == 0
    assert 0 < down - lowest < 40
    # Bands reach both edges, whatever the shape.
    edges = [(float(str(rect.get("x"))), float(str(rect.get("width")))) for rect in root.iter(f"{SVG}rect")]
    assert sum(x <= left and x + width >= left + across for x, width in edges) >= 2
    return height


def test_a_year_of_zeros_has_no_empty_half(examples: Dataset, own: Dataset) -> None:
    """The sheet is as high as what it shows."""
    assert shape(drawn(picture(own, 2023))) < 220
    assert shape(drawn(picture(examples, 2024))) > 280


@pytest.mark.parametrize("year", [2019, 2024])
def test_the_file_is_a_sheet_of_text(examples: Dataset, year: int) -> None:
    """A sheet of A4 with title and description, real text of every figure, and neither script, style nor address."""
    found = picture(examples, year)
    root = drawn(found)
    shape(root)
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    allowed = {f"{SVG}{name}" for name in ("svg", "title", "desc", "g", "rect", "line", "text")}
    assert {element.tag for element in root.iter()} == allowed
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in attributes if name == "style" or name.startswith("on") or "href" in name}
    written = texts(root)
    whole = "".join(written)
    for sentence in (*found.sentences, *found.counted, found.agency, found.title, SOURCE):
        assert sentence in whole
    for key in found.keys:
        assert key.text in written
    for bar in found.results:
        assert bar.text in written
    bars = [rect for rect in root.iter(f"{SVG}rect") if rect.get("fill") == "#1f6fb2"]
    assert len(bars) == len([bar for bar in found.results if bar.value])
    assert poster(found) == poster(found)


def test_bars_are_as_long_as_their_figures(examples: Dataset) -> None:
    """The lengths of bars are to each other as the figures."""
    found = picture(examples, 2024)
    lengths = [
        float(str(rect.get("width"))) for rect in drawn(found).iter(f"{SVG}rect") if rect.get("fill") == "#1f6fb2"
    ]
    ratios = [length / float(bar.value) for length, bar in zip(lengths, found.results, strict=True) if bar.value]
    assert max(ratios) < min(ratios) * 1.01


def test_words_of_the_data_are_words_of_the_file(own: Dataset) -> None:
    """A name that tries to be markup is text."""
    evil = '局</text><script>x()</script>&"'
    report = replace(own.reports[2023], agency_name=evil)
    root = drawn(year_picture(report, None, own.forms))
    assert evil in texts(root)
    assert not list(root.iter(f"{SVG}script"))


def test_what_is_too_long_is_made_smaller(own: Dataset) -> None:
    """Hundreds of categories still make one sheet: all of it is drawn smaller, nothing is cut."""
    items = (Item(title="公开指南", full_text=True),)
    many = tuple(Category(name=f"第{number}类主动公开的政府信息", items=items) for number in range(1, 200))
    found = year_picture(replace(own.reports[2023], categories=many), None, own.forms)
    root = drawn(found)
    assert shape(root) == 297
    assert float(str(root.get("viewBox")).split()[2]) > 1000  # Drawn smaller.
    assert "第199类" in "".join(texts(root))


def test_kept_pictures_follow_what_they_show(examples: Dataset, tmp_path: Path) -> None:
    """Pictures that were kept are those that would be drawn: figures of the year and of the one before count."""

    def pictures(dataset: Dataset, *, drafts: bool) -> dict[int, bytes]:
        session = Session(
            dataset=dataset, root=tmp_path, data=tmp_path, docs=tmp_path, drafts=drafts, page=lambda: "index.md"
        )
        files = {path: content.read() for path, content in picture_files(session)}
        found = {int(path.partition("/")[0]): content for path, content in files.items() if path.endswith(".svg")}
        assert found == {
            year: poster(year_picture(dataset.reports[year], dataset.reports.get(year - 1), dataset.forms))
            for year in session.shown_years()
        }
        return found

    first = pictures(examples, drafts=False)
    report = changed(examples.reports[2023], {"requests.received.total": 987})
    later = pictures(replace(examples, reports={**examples.reports, 2023: report}), drafts=False)
    assert {year for year in first if first[year] != later[year]} == {2023, 2024}
    forms = {number: replace(form, earlier=None) for number, form in examples.forms.items()}
    assert pictures(replace(examples, forms=forms), drafts=False) != first
    assert set(pictures(examples, drafts=True)) == {*first, 2025}
    assert pictures(examples, drafts=False) == first
