"""A new edition of the form is one file: what it adds or renames is read, shown, written, compared and judged."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import jsonschema
import openpyxl
import pytest
import yaml
from bs4 import BeautifulSoup
from building import ROOT
from nianbao.comparison.macros import comparison_macros
from nianbao.comparison.series import NOT_COUNTED, Years, trace
from nianbao.comparison.topics import topics
from nianbao.exports.comma_separated import csv_file
from nianbao.exports.excel import excel_file
from nianbao.exports.json_report import json_file, report_facts
from nianbao.exports.json_schema import report_json_schema
from nianbao.exports.tidy import tidy_rows
from nianbao.model.dataset import FORMS, read_dataset, read_forms
from nianbao.model.profile import SECTIONS
from nianbao.model.project import OWN_FORMS
from nianbao.model.schema import report_schema
from nianbao.pages.session import Session
from nianbao.picture.model import year_picture
from nianbao.rules.checking import check
from nianbao.rules.rule import Fault, NeedsReview
from nianbao.tables.html import render_table
from saying import said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nianbao.model.dataset import Dataset
    from nianbao.model.form import Form, Heading, Table
    from nianbao.rules.checking import Result

YEAR = 2027
LAST = 2026
REFUSED = "requests.results.refused"
NOTE = "“国家秘密和工作秘密”（2027年格式）接在“国家秘密”（2021年格式）后面。"
ADDED, RENAMED, FORMER = f"{REFUSED}.commercial_secrets", f"{REFUSED}.classified", f"{REFUSED}.state_secrets"
LINES = {"received": [60, 14, 0, 0, 2, 1], "commercial_secrets": [3, 1, 0, 0, 0, 0], "classified": [2, 0, 0, 0, 0, 0]}


def portal(folder: Path, form: str, report: str) -> Dataset:
    """Return the examples with the texts of a *form* for 2027 and of a *report* in it, and one for 2026."""
    data = folder / "data"
    shutil.copytree(ROOT / "examples/data", data)
    (data / OWN_FORMS).mkdir()
    (data / OWN_FORMS / f"{YEAR}.yml").write_text(form, encoding="utf-8")
    (data / f"{LAST}.yml").write_text(example(LAST, 2021), encoding="utf-8")
    (data / f"{YEAR}.yml").write_text(report, encoding="utf-8")
    return read_dataset(folder, data)


def example(year: int, edition: int) -> str:
    """Return the report of 2025 as if it were that of *year* in the form of *edition*."""
    text = (ROOT / "examples/data/2025.yml").read_text(encoding="utf-8")
    return text.replace("year: 2025", f"year: {year}").replace("format: 2021", f"format: {edition}")


def edition(*edits: tuple[str, str], earlier: str) -> str:
    """Return the text of the form of 2021 with *edits* as the form of 2027, with what it says of that of 2021."""
    text = (FORMS / "2021.yml").read_text(encoding="utf-8").partition("\nearlier:")[0]
    for old, new in (("format: 2021", f"format: {YEAR}"), ("{from: 2021}", f"{{from: {YEAR}}}"), *edits):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return f"{text}\n{earlier}"


@pytest.fixture(scope="module")
def renewed(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Return the examples with a form of 2027 that has one refusal more and another renamed."""
    last = "                  - {id: administrative_inquiries, label: 8.属于行政查询事项}\n"
    form = edition(
        (last, f"{last}                  - {{id: commercial_secrets, label: 9.属于商业秘密}}\n"),
        ("{id: state_secrets, label: 1.属于国家秘密}", "{id: classified, label: 1.属于国家秘密和工作秘密}"),
        earlier=f"earlier: {{format: 2021, figures: [{{here: {RENAMED}, there: {FORMER}, note: {NOTE}}}]}}\n",
    )
    report = re.sub(r"received: +\[.*?\]", f"received: {LINES['received']}", example(YEAR, YEAR))
    report = report.replace("state_secrets:", "classified:", 1)
    report = re.sub(r"classified: +\[.*?\]", f"classified: {LINES['classified']}", report)
    more = f"      commercial_secrets: {LINES['commercial_secrets']}\n    unavailable:"
    report = report.replace("    unavailable:", more)
    dataset = portal(tmp_path_factory.mktemp("renewed"), form, report)
    assert [str(finding) for finding in dataset.findings] == []
    return dataset


def session(dataset: Dataset, page: str = "compare.md") -> Session:
    """Return a session of *dataset* without pages."""
    return Session(dataset=dataset, root=ROOT, data=ROOT, docs=ROOT / "none", drafts=True, page=lambda: page)


def rows(html: str) -> dict[str, list[str]]:
    """Return the figures of the rows of *html* by their heads."""
    found = BeautifulSoup(html, "html.parser").select("tbody tr")
    return {row.select("th")[-1].get_text(): [cell.get_text() for cell in row.select("td")] for row in found}


def test_it_is_read_and_added_up(renewed: Dataset) -> None:
    """The new row counts among the refusals; the data of the year are read by the new names, others by theirs."""
    report = renewed.reports[YEAR]
    assert (report.figure(ADDED), report.figure(RENAMED), report.figure(FORMER)) == (4, 2, None)
    assert report.figure(REFUSED) == (renewed.reports[LAST].figure(REFUSED) or 0) + 6
    assert renewed.reports[LAST].figure(FORMER) == 0


def test_it_stands_in_table_and_files(renewed: Dataset) -> None:
    """Table, workbook, CSV, JSON and their descriptions have the new row and the new name."""
    report = renewed.reports[YEAR]
    table = report.form.table("requests")
    assert table is not None
    html = rows(str(render_table(report, table)))
    assert html["9.属于商业秘密"] == ["3", "1", "0", "0", "0", "0", "4"]
    assert html["1.属于国家秘密和工作秘密"][-1] == "2"
    lines = csv.DictReader(io.StringIO(csv_file(tidy_rows("a", report, table)).decode("utf-8-sig")))
    labels = {line["address"]: line["row_label"] for line in lines if line["value"] in {"3", "4"}}
    assert labels[f"{ADDED}.natural_person"] == "三、本年度办理结果 / （三）不予公开 / 9.属于商业秘密"
    book = openpyxl.load_workbook(io.BytesIO(excel_file("a", report)))
    cells = {cell.value for sheet in book for line in sheet.iter_rows() for cell in line}
    assert {"9.属于商业秘密", "1.属于国家秘密和工作秘密"} <= cells
    written = json.loads(json_file(report_facts("a", report, "")))
    assert f"{RENAMED}.total" in [cell["address"] for table in written["tables"] for cell in table["cells"]]
    assert YEAR in report_json_schema(renewed.forms.values())["properties"]["format"]["enum"]


def test_its_schemas_know_it(renewed: Dataset) -> None:
    """The schema for editors takes the year's file with the new row, and refuses it without."""
    schema = report_schema(renewed.forms[YEAR])
    data: Any = yaml.safe_load(example(YEAR, YEAR))
    refused = data["requests"]["results"]["refused"]
    del refused["state_secrets"]
    refused |= {"classified": LINES["classified"], "commercial_secrets": LINES["commercial_secrets"]}
    jsonschema.Draft7Validator(schema).validate(data)
    del refused["commercial_secrets"]
    assert list(jsonschema.Draft7Validator(schema).iter_errors(data))


def test_it_is_compared(renewed: Dataset) -> None:
    """The new row stands in the comparison with gaps before; the renamed one runs through, with a note."""
    macros = comparison_macros(session(renewed))
    html = str(macros["comparison"]("refusals"))
    found = rows(html)
    assert found["属于商业秘密"] == [NOT_COUNTED] * 8 + ["4"]
    years = [str(report.figure(FORMER)) for year, report in renewed.reports.items() if year != YEAR]
    assert found["属于国家秘密和工作秘密"] == [*years, "2"]
    assert "属于国家秘密" not in found
    assert NOTE in html


def test_what_it_drops_is_still_compared(tmp_path: Path) -> None:
    """A row that the new form has no more stands behind the others, with gaps since."""
    form = edition(
        ("                  - {id: enforcement_files, label: 7.属于行政执法案卷}\n", ""),
        earlier="earlier: {format: 2021, figures: []}\n",
    )
    dataset = portal(tmp_path, form, re.sub(r" +enforcement_files:.*\n", "", example(YEAR, YEAR)))
    found = rows(str(comparison_macros(session(dataset))["comparison"]("refusals")))
    assert found["属于行政执法案卷"][-2:] == ["6", NOT_COUNTED]
    assert list(found)[-2:] == ["属于行政执法案卷", "不予公开合计"]


def test_it_is_in_the_picture(renewed: Dataset) -> None:
    """The sentence on refusals knows the new row: with most cases it is the reason told."""
    report = renewed.reports[YEAR]
    assert any("不予公开18件，最多的理由是" in one for one in year_picture(report, None, renewed.forms).sentences)
    known = dict(report.form.below(REFUSED))
    assert {ADDED, RENAMED} <= set(known)
    assert len(known) == 9


def results(dataset: Dataset) -> dict[str, Result]:
    """Return what the rules for tables give for 2027."""
    found = check(dataset, {}, years={YEAR}).results[YEAR]
    return {result.rule.code: result for result in found if result.rule.family in {"T2", "T3", "T4"}}


def test_its_table_is_judged(renewed: Dataset) -> None:
    """The rules count the cells of the new row, and compare with last year as far as the editions say so."""
    found = results(renewed)
    assert found["T3-01"].confirmed == 6 * 25
    assert found["T3-04"].confirmed == 25
    assert found["T2-02"].confirmed + len(found["T2-02"].findings) == 2
    assert found["T3-02"].findings
    assert "9.属于商业秘密" not in found["T3-02"].findings[0].message


def told(dataset: Dataset, year: int, place: str, text: str) -> list[tuple[str, str]]:
    """Return rule and words of what the rules for figures in the prose find in *text*, but for typed figures."""
    return [
        (code, outcome.subject.partition("：")[2])
        for code, outcome in said(dataset, year, place, text)
        if isinstance(outcome, Fault | NeedsReview) and code != "X-09"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不予公开18件，其中属于商业秘密4件，属于国家秘密和工作秘密2件，属于行政执法案卷6件。", []),
        ("属于商业秘密的5件。", [("X-02", "属于商业秘密的5件")]),
        ("不予公开18件，其中商业秘密3件。", [("X-02", "商业秘密3件")]),
        ("属于商业秘密的申请4件，其中自然人3件、商业企业2件。", [("X-02", "商业企业2件")]),
        ("属于国家秘密和工作秘密的3件。", [("X-02", "属于国家秘密和工作秘密的3件")]),
        # What the row was called before may count something else now; of the year before it is the same figure.
        ("属于国家秘密的7件。", []),
        ("上年属于国家秘密的0件。", []),
        ("上年属于国家秘密的3件。", [("X-02", "上年属于国家秘密的3件")]),
        ("上年属于国家秘密和工作秘密的3件。", [("X-02", "上年属于国家秘密和工作秘密的3件")]),
        ("不予公开12件。", [("X-02", "不予公开12件")]),
    ],
)
def test_its_figures_are_read_in_sentences(renewed: Dataset, text: str, expected: list[tuple[str, str]]) -> None:
    """The new row and the new name are read by their labels, and the group that they count in by its sum."""
    assert told(renewed, YEAR, "三", text) == expected


def test_messages_name_what_it_renames(renewed: Dataset) -> None:
    """The macro that a message advises is that of the report's own form, of whatever year it is."""
    texts = {
        "国家秘密和工作秘密3件。": f'figure("{RENAMED}")',
        "上年国家秘密和工作秘密3件。": f'figure("{FORMER}", -1)',
    }
    for text, call in texts.items():
        messages = [one.message for _, one in said(renewed, YEAR, "三", text) if isinstance(one, Fault)]
        assert len(messages) == 1
        assert call in messages[0]


@pytest.fixture(scope="module")
def divided(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Return the examples with a form of 2027 that has a result, a kind of suits and an outcome more."""
    form: Any = yaml.safe_load(edition(earlier="earlier: {format: 2021, figures: []}\n"))
    report: Any = yaml.safe_load(example(YEAR, YEAR))
    requests, review = form["tables"][1], form["tables"][2]
    results = next(row for row in requests["blocks"][0]["rows"] if row["id"] == "results")["children"]
    results.insert(-1, {"id": "transferred", "label": "（七）转送办理"})
    suits = review["blocks"][0]["columns"][1]["children"]
    suits.append(
        {"id": "public_interest", "label": "公益诉讼", "children": [dict(one) for one in suits[0]["children"]]}
    )
    for group in (review["blocks"][0]["columns"][0], *suits):
        group["children"].insert(-1, {"id": "withdrawn", "label": "申请撤回", "kind": "count", "unit": "件"})
    report["requests"]["results"]["transferred"] = [3, 0, 0, 0, 0, 0]
    report["review"]["litigation"]["public_interest"] = [4, 1, 0, 0]
    for lines in (report["review"], report["review"]["litigation"]):
        for key, line in lines.items():
            if isinstance(line, list):
                lines[key] = [*line, 2]
    dump = yaml.safe_dump
    folder = tmp_path_factory.mktemp("divided")
    dataset = portal(folder, dump(form, allow_unicode=True, sort_keys=False), dump(report, allow_unicode=True))
    assert [str(finding) for finding in dataset.findings] == []
    return dataset


def test_what_it_divides_anew_is_read_in_sentences(divided: Dataset) -> None:
    """A new result, a new kind of suits and a new outcome are read, and counted in what is said of all."""
    figure = divided.reports[YEAR].figure
    suits = sum(figure(f"review.litigation.{kind}.total") or 0 for kind in ("direct", "after_reconsideration"))
    right = {
        "三": "转送办理3件。",
        "四": f"行政诉讼{suits + 7}件，其中公益诉讼7件。公益诉讼结果维持4件、结果纠正1件、申请撤回2件。",
    }
    for place, text in right.items():
        assert told(divided, YEAR, place, text) == []
    wrong = {
        ("三", "转送办理2件。"): ("X-02", "转送办理2件"),
        ("四", f"行政诉讼{suits}件。"): ("X-01", f"行政诉讼{suits}件"),
        ("四", "公益诉讼8件。"): ("X-01", "公益诉讼8件"),
        ("四", "公益诉讼申请撤回1件。"): ("X-14", "公益诉讼申请撤回1件"),
        ("四", "公益诉讼均获维持。"): ("X-04", "公益诉讼均获维持"),
        ("四", "公益诉讼审结5件。"): ("X-14", "公益诉讼审结5件"),
    }
    for (place, text), expected in wrong.items():
        assert told(divided, YEAR, place, text) == [expected]


def test_a_new_result_is_one_of_all(divided: Dataset) -> None:
    """Results are all told, and have to add up to their whole, only together with the new one."""
    report = divided.reports[YEAR]
    results = report.form.below("requests.results")
    told_each = [f"{heading.words}{report.figure(address)}件" for address, heading in results.items()]
    assert told_each[-1] == "转送办理3件"
    whole = 20 + sum(report.figure(address) or 0 for address in results)
    some, every = (f"办结网上申请{whole}件，其中{'、'.join(parts)}。" for parts in (told_each[:-1], told_each))
    assert "X-06" not in [code for code, _ in told(divided, YEAR, "三", some)]
    assert "X-06" in [code for code, _ in told(divided, YEAR, "三", every)]


# Names that may change


def renamed(node: object, path: list[str], name: str) -> None:
    """Give the heading at *path* below the headings of *node* another id."""
    assert isinstance(node, list)
    heading = next(one for one in node if one["id"] == path[0])
    if len(path) == 1:
        heading["id"] = name
    else:
        renamed(heading["children"], path[1:], name)


def with_name(folder: Path, address: str) -> Dataset:
    """Return the examples with a form of 2027 that has another id at *address*, linked to that of 2021."""
    table, *path = address.split(".")
    name = f"{path[-1]}_renamed"
    here = ".".join((table, *path[:-1], name))
    form: Any = yaml.safe_load(edition(earlier=""))
    own = next(one for one in form["tables"] if one["id"] == table)
    renamed(own["blocks"][0]["rows" if own["typed_by"] == "row" else "columns"], path, name)
    for identity in own.get("identities", ()):
        for side in ("left", "right"):
            old, new = ".".join(path), here.partition(".")[2]
            identity[side] = [re.sub(rf"^{old}(?=\.|$)", new, row) for row in identity[side]]
    form["earlier"] = {"format": 2021, "figures": [{"here": here, "there": address, "note": "改了名称。"}]}
    report: Any = yaml.safe_load(example(YEAR, YEAR))
    lines = report[table]
    for key in path[:-1]:
        lines = lines[key]
    if path[-1] in lines:  # A total is not typed.
        lines[name] = lines.pop(path[-1])
    dump: Callable[[object], str] = lambda value: yaml.safe_dump(value, allow_unicode=True, sort_keys=False)  # noqa: E731
    return portal(folder, dump(form), dump(report))


def shown(dataset: Dataset) -> list[object]:
    """Return what readers see of 2027 and of all years, without addresses."""
    years = Years(reports=dataset.reports, forms=dataset.forms)
    compared: list[object] = []
    for topic in topics(years.editions):
        series = [years.series(line) for line in topic.lines]
        rates = [years.rate(share) for share in topic.shares]
        compared.append((topic.remark, [one and (one.label, [point.text for point in one.points]) for one in series]))
        compared.append([one and (one.label, [point.text for point in one.points]) for one in rates])
    picture = year_picture(dataset.reports[YEAR], dataset.reports[LAST], dataset.forms)
    keys = [(key.label, key.text, key.unit, key.change) for key in picture.keys]
    judged = [
        (code, result.confirmed, result.reason, len(result.findings)) for code, result in results(dataset).items()
    ]
    return [compared, keys, picture.results, picture.cases, picture.counted, picture.sentences, judged]


NAMES = (
    *("requests.received", "requests.carried_in", "requests.results", "requests.results.total", "requests.carried_out"),
    *("requests.results.granted", "requests.results.partly_granted", "requests.results.refused"),
    *("requests.results.otherwise", "requests.results.otherwise.fee_not_paid", "requests.results.otherwise.other"),
    *("review.reconsideration", "review.reconsideration.corrected", "review.reconsideration.pending"),
    *("review.litigation", "review.litigation.direct", "review.litigation.direct.corrected"),
    *("review.litigation.after_reconsideration", "review.litigation.after_reconsideration.pending"),
)


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """Return what is shown with a form for 2027 that is that of 2021 in all."""
    form = edition(earlier="earlier: {format: 2021, figures: []}\n")
    return shown(portal(tmp_path_factory.mktemp("unchanged"), form, example(YEAR, YEAR)))


@pytest.mark.parametrize("address", NAMES)
def test_every_name_that_the_program_knows_may_change(address: str, unchanged: list[object], tmp_path: Path) -> None:
    """A row or column under another id, linked to the one before, is compared, drawn, told and judged as before."""
    dataset = with_name(tmp_path, address)
    assert [str(finding) for finding in dataset.findings] == []
    assert shown(dataset) == unchanged


def test_names_are_found_two_editions_later(tmp_path: Path) -> None:
    """A row that is renamed twice is found by its first name; so is one that only the edition between has renamed."""
    texts: list[str] = []
    for own, before, change in ((YEAR, 2021, ("granted", "given")), (YEAR + 3, YEAR, ("given", "disclosed"))):
        last = texts[-1] if texts else (FORMS / "2021.yml").read_text(encoding="utf-8")
        links = [change, ("refused", "declined")] if own == YEAR else [change]
        text = last.partition("\nearlier:")[0].replace(f"format: {before}", f"format: {own}")
        for old, new in links:
            text = text.replace(f"id: {old}", f"id: {new}")
        rows = ", ".join(
            f"{{here: requests.results.{new}, there: requests.results.{old}, note: 注}}" for old, new in links
        )
        texts.append(f"{text}\nearlier: {{format: {before}, figures: [{rows}]}}\n")
        (tmp_path / OWN_FORMS).mkdir(exist_ok=True)
        (tmp_path / OWN_FORMS / f"{own}.yml").write_text(texts[-1], encoding="utf-8")
    forms = read_forms(tmp_path, tmp_path)
    assert [str(finding) for finding in forms.findings] == []
    newest = forms.editions[YEAR + 3]
    assert newest is not None
    assert newest.current("requests.results.granted.natural_person") == "requests.results.disclosed.natural_person"
    assert newest.current(FORMER) == "requests.results.declined.state_secrets"
    assert newest.current("disclosure.regulations.made") == "disclosure.regulations.issued"
    assert newest.current("requests.received") == "requests.received"


def test_local_requirements_name_the_sections_of_every_form(own: Dataset) -> None:
    """What data/profile.yml may ask for stands in sections that each edition has, under these headings."""
    for form in own.forms.values():
        assert {section.id: section.heading for section in form.sections} == SECTIONS


# Every figure is followed through the years by itself or in the total of its row, or here is why not.
NOT_COMPARED = {
    r"disclosure\.(licensing|other_services|penalties|coercion)\.(previous_items|change)": (
        "numbers of kinds of matters, which only the form of 2019 asks for: two years, and none since"
    ),
    r"disclosure\.government_procurement\.(projects|amount)": (
        "no later form asks for procurement, and amounts of 2019 carry units of their own"
    ),
}


def followed(form: Form, editions: tuple[Form, ...]) -> Iterator[str]:
    """Yield the addresses of the cells of *form* that the comparison of *editions* follows."""
    addresses = {address for topic in topics(editions) for line in topic.lines for address in line.addresses}
    own = (trace(editions, address)[0].get(form.format, "") for address in addresses)
    found = {(table.id, row.path, column.path) for table, row, column in filter(None, map(form.find, own))}
    for table in form.tables:
        for block, row, column in table.grid:
            totals = [other.path for other in block.columns.leaves if other.total and row.path]
            if any((table.id, row.path, path) in found for path in (column.path, *totals)):
                yield table.address(row.path, column.path)


def unfollowed(form: Form, editions: tuple[Form, ...]) -> set[str]:
    """Return the addresses of the typed cells of *form* that the comparison does not follow."""
    typed = {
        table.address(row.path, column.path)
        for table in form.tables
        for _, row, column in table.grid
        if not row.total and not column.total
    }
    return typed - set(followed(form, editions))


def test_every_figure_is_followed_or_exempt(own: Dataset) -> None:
    """No cell of a form is left out of the comparison without a reason, and no reason is idle."""
    editions = tuple(sorted(own.forms.values(), key=lambda form: -form.format))
    left = {address for form in editions for address in unfollowed(form, editions)}
    assert {address for address in left if not any(re.fullmatch(pattern, address) for pattern in NOT_COMPARED)} == set()
    for pattern in NOT_COMPARED:
        assert any(re.fullmatch(pattern, address) for address in left), pattern


def test_a_figure_that_nothing_follows_is_told(tmp_path: Path) -> None:
    """A form with a table that no topic knows has figures that are neither followed nor exempt."""
    block = "      - id: article_20_8\n"
    form = edition((block, block.replace("20_8", "20_10")), earlier="earlier: {format: 2021, figures: []}\n")
    forms = portal(tmp_path, form, example(YEAR, YEAR)).forms
    editions = tuple(sorted(forms.values(), key=lambda one: -one.format))
    assert unfollowed(forms[YEAR], editions) == {"disclosure.administrative_fees.amount"}


# Where the plainest sentence with a figure of each table stands, and how rows are told whose labels are no words.
PLACES_OF = {"disclosure": "二", "requests": "三", "review": "四"}
TOLD_AS = {
    "received": "新收政府信息公开申请",
    "carried_in": "上年结转政府信息公开申请",
    "carried_out": "结转下年度继续办理政府信息公开申请",
}
# The rules that hold a figure against a cell.
OF_CELLS = {"X-01", "X-02", "X-05", "X-14"}
# Cells of which no plain sentence is judged, with the reason.
NOT_JUDGED = {
    r"disclosure\.\w+\.(previous_items|change)": "numbers of kinds of matters, which only the form of 2019 asks for",
    r"disclosure\.government_procurement\.amount": "amounts of 2019 carry units of their own",
    r"requests\..*\.organizations\.other": "其他 as an applicant names nothing without what stands before it",
    r"requests\.results\.otherwise\.other\..*": "其他 as a result names nothing without what stands before it",
}


def sentence(table: Table, row: Heading, column: Heading) -> str:
    """Return the plainest words for a cell: the labels of its row and columns, without its figure."""
    above = [
        one for block in table.blocks for one in block.columns.walk() if f"{column.path}.".startswith(f"{one.path}.")
    ]
    if table.id == "review":
        return "".join(one.words for one in above if one.path)
    if table.id == "disclosure":
        act = re.sub("^本年|件数$|总?数量$|金额$", "", column.words)
        return f"{act}{row.words}" if act != "处理决定" else f"作出{row.words}决定"
    of = TOLD_AS.get(row.path, f"{row.words}的政府信息公开申请").replace("“", "").replace("”", "")
    return f"{of}，其中{column.words}"


def is_judged(dataset: Dataset, year: int, table: Table, row: Heading, column: Heading) -> bool:
    """Say whether a plain sentence with a wrong figure of a cell is told, and one with the right figure is not."""
    report = dataset.reports[year]
    value = report.figure(table.address(row.path, column.path))
    if value is None:
        return False
    whole = report.figure(f"{table.id}.{row.path}") if table.id == "requests" else None
    words = sentence(table, row, column)
    start, _, part = words.partition("，其中")
    verdicts = []
    for stated in (value, value + 1):
        text = f"{start}{whole}件，其中{part}{stated}件。" if part else f"{words}{stated}{column.unit}。"
        verdicts.append([code for code, _ in told(dataset, year, PLACES_OF[table.id], text)])
    right, wrong = verdicts
    return not right and bool(OF_CELLS & set(wrong))


def unjudged(dataset: Dataset, year: int) -> set[str]:
    """Return the addresses of the typed cells of the form of *year* of which a wrong figure is not told."""
    return {
        table.address(row.path, column.path)
        for table in dataset.reports[year].form.tables
        for _, row, column in table.grid
        if not row.total and not column.total and not is_judged(dataset, year, table, row, column)
    }


def test_every_figure_is_judged_in_sentences_or_exempt(examples: Dataset) -> None:
    """No cell of a form is left to the tables alone without a reason, and no reason is idle."""
    newest = {report.form.format: year for year, report in examples.reports.items()}
    assert set(newest) == set(examples.forms)
    left = {address for year in newest.values() for address in unjudged(examples, year)}
    assert {address for address in left if not any(re.fullmatch(pattern, address) for pattern in NOT_JUDGED)} == set()
    for pattern in NOT_JUDGED:
        assert any(re.fullmatch(pattern, address) for address in left), pattern
