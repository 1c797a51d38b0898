"""Variants of a form: what an original prints otherwise is said once, and every part of the program takes it."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import jsonschema
import lxml.html
import pytest
import yaml
from building import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nianbao.command.new import new
from nianbao.comparison.macros import comparison_macros
from nianbao.comparison.series import NOT_COUNTED, Line, Years
from nianbao.comparison.topics import TITLES
from nianbao.data_files.schemas import FOLDER, write_schemas
from nianbao.downloads.exporting import export_year
from nianbao.exports.formats import FORMATS
from nianbao.html.table_reader import read_table
from nianbao.lifecycle.snapshot import SCHEMA, encoded, read_snapshot, take
from nianbao.model.cells_reader import TableLines
from nianbao.model.dataset import package_forms, read_dataset
from nianbao.model.form import Line as TypedLine
from nianbao.model.variant_reader import read_variant
from nianbao.pages.figures import addresses, figure
from nianbao.pages.lists import key_figures
from nianbao.pages.session import Session
from nianbao.picture.html import NO_TABLE, render
from nianbao.picture.model import year_picture
from nianbao.picture.poster import poster
from nianbao.prose.passages import YearText
from nianbao.reading.encoding import Encoding
from nianbao.reading.findings import Findings
from nianbao.reading.nodes import compose
from nianbao.reading.numbers import NOTHING
from nianbao.reading.values import Reader
from nianbao.rules.judging import judge_dataset
from nianbao.tables.html import render_table
from nianbao.tables.layout import Data, lay_out
from nianbao.tables.notes import note_texts
from projects import example_project, project_in, run
from saying import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nianbao.model.cells_reader import Cells
    from nianbao.model.dataset import Dataset
    from nianbao.model.form import Form, Group, Table
    from nianbao.model.report import Report

YEAR = 2025
NAME = "2021-本局"
NOTE = "本局的报告印法<不同>"

OTHERWISE = re.compile(r"    otherwise:.*\n(?: {6}.*\n){3}")
REVIEW = re.compile(r"review:\n(?:  .*\n)+")
COLUMNS = "requests.columns.organizations"
WORDS = {
    "disclosure.article_20_1.columns.issued": "本年制发数",
    "requests.received": "一、新收",
    "review": "复议<诉讼>",
    "disclosure.article_20_1": "第一项",
    "requests.corner": "单位：件",
    "requests.columns": "申请人",
}
# What the variant of each case changes, and how the data of 2025 are then typed: what stands there, and what then does.
CASES: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "one row for several": (
        "{merge: requests.results.otherwise}",
        ((OTHERWISE.pattern, "    otherwise: [2, 2, 0, 0, 0, 0]\n"),),
    ),
    "an extra row": (
        "{after: disclosure.normative_documents, id: other_documents, label: 其他主动公开文件}",
        ((r"(?=  licensing: )", "  other_documents: [30, 0, 120]\n"),),
    ),
    "one figure for three columns": (
        "{merge: disclosure.normative_documents}",
        ((r"(normative_documents: +)\[1, 0, 11\]", r"\1[12]"),),
    ),
    "the first of several rows": ("{merge: disclosure.regulations}", ((r"(regulations: +)\[0, 0, 0\]", r"\1[0]"),)),
    "a row of which only the total is printed": (
        "{merge: requests.received}",
        ((r"(received: +)\[54.*\]", r"\1[71]"),),
    ),
    "two columns as one": (
        f"{{join: [{COLUMNS}.public_welfare, {COLUMNS}.legal_service], id: social, label: 社会组织和法律服务机构}}",
        ((r"\[( *\d+), *(\d+), *(\d+), *(\d+), *(\d+), *(\d+)\]", r"[\1, \2, \3, SUM(\4,\5), \6]"),),
    ),
    "a group of columns as one": (
        "{merge: requests.columns.organizations}",
        ((r"\[( *\d+), *(\d+), *(\d+), *(\d+), *(\d+), *(\d+)\]", r"[\1, SUM(\2,\3,\4,\5,\6)]"),),
    ),
    "nothing but totals in a table": (
        "{merge: requests.columns}",
        ((r"\[( *\d+), *(\d+), *(\d+), *(\d+), *(\d+), *(\d+)\]", r"[SUM(\1,\2,\3,\4,\5,\6)]"),),
    ),
    "nothing but the total of a group": (
        "{merge: review.columns.reconsideration}",
        ((r"(reconsideration: +)\[2, 0, 1, 0\]", r"\1[3]"),),
    ),
    "other words": ("\n  - ".join(f"{{rename: {address}, label: {words}}}" for address, words in WORDS.items()), ()),
    "a row that is not there": ("{remove: disclosure.regulations}", ((r"  regulations: .*\n", ""),)),
    "a block that is not there": ("{remove: disclosure.article_20_8}", ((r"  administrative_fees: .*\n", ""),)),
    "a sentence in place of a table": ("{remove: review}", ((REVIEW.pattern, ""),)),
}


def added(text: str) -> str:
    """Return *text* with sums carried out."""
    return re.sub(r"SUM\(([0-9, ]+)\)", lambda found: str(sum(map(int, found[1].split(",")))), text)


def portal(folder: Path, case: str) -> Path:
    """Return a copy of the examples, whose report of 2025 is one of `CASES`."""
    changes, edits = CASES[case]
    project = example_project(folder)
    (project / "data/forms").mkdir()
    variant = f"format: 2021\nnote: {NOTE}\nchanges:\n  - {changes}\n"
    (project / f"data/forms/{NAME}.yml").write_text(variant, encoding="utf-8")
    path = project / f"data/{YEAR}.yml"
    text = path.read_text(encoding="utf-8").replace("format: 2021", f"format: 2021\nform: {NAME}", 1)
    for there, then in edits:
        assert re.search(there, text), there
        text = added(re.sub(there, then, text))
    path.write_text(text, encoding="utf-8")
    report = read_dataset(project, project / "data").reports[YEAR]
    before = read_dataset(ROOT, ROOT / "examples" / "data").reports[YEAR]
    for page in (project / f"docs/{YEAR}").glob("*.md"):
        words = page.read_text(encoding="utf-8")
        for path in set(re.findall(r'figure\("([a-z0-9_.]+)"\)', words)) - dict(addresses(report)).keys():
            words = words.replace(
                f'{{{{ figure("{path}") }}}}', figure(before, path)
            )  # What it does not print is typed.
        page.write_text(words, encoding="utf-8")
    if case == "a sentence in place of a table":
        page = project / f"docs/{YEAR}/4-review.md"
        page.write_text(
            "# 四、政府信息公开行政复议、行政诉讼情况 {#section-4}\n\n本年度行政复议3件。\n", encoding="utf-8"
        )
    return project


def read(project: Path) -> Dataset:
    """Return the data of *project*, in which nothing is wrong."""
    dataset = read_dataset(project, project / "data")
    assert [str(finding) for finding in dataset.findings] == []
    return dataset


def one(folder: Path, case: str) -> tuple[Dataset, Report]:
    """Return the data of a case with its report."""
    dataset = read(portal(folder, case))
    return dataset, dataset.reports[YEAR]


@pytest.mark.parametrize("case", CASES)
def test_every_part_of_the_program_takes_it(case: str, tmp_path: Path) -> None:
    """Tables fill their grids, all downloads are made, figures are compared, and no rule finds a fault in it."""
    project = portal(tmp_path, case)
    dataset = read(project)
    report = dataset.reports[YEAR]
    for table in report.form.tables:
        tree = lxml.html.fromstring(str(render_table(report, table)))
        figures, faults = read_table(next(tree.iter("table")))
        assert [fault for _, fault in faults] == []
        assert figures == {cell.address: cell.text for cell in report.cells[table.id].values()}
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids))
    judged = judge_dataset(dataset, project_in(project))
    assert [str(found) for found in judged.checked.errors([YEAR])] == []
    assert "S-15" in [found.rule for found in judged.checked.findings([YEAR])]
    done = export_year(project_in(project), project, YEAR, FORMATS, tmp_path / "out", everything=True, replacing=False)
    assert {".xlsx", ".docx", ".json"} <= {name[name.rindex(".") :] for name in done.files}
    schema = json.loads(next((tmp_path / "out").rglob("*.json")).read_text(encoding="utf-8"))
    assert schema["form"] == NAME
    session = Session(
        dataset=dataset, root=project, data=project, docs=project / "no", drafts=True, page=lambda: "2025/a.md"
    )
    macros = comparison_macros(session)
    for topic in TITLES:
        assert f"{YEAR}年" in str(macros["comparison"](topic))
    picture = year_picture(report, dataset.reports[YEAR - 1], dataset.forms)
    assert not [words for words in picture.counted if NOT_COUNTED in words]
    assert bool(picture.cases) == any(table.id == "review" for table in report.form.tables)
    for drawn in (render(picture, pixels=False), poster(picture).decode("utf-8")):
        assert NOT_COUNTED not in drawn or picture.cases  # A group of cases may be printed as its total.
        assert (NO_TABLE in drawn) != bool(picture.cases)
    key_figures(report)
    assert dict(addresses(report))
    pages = YearText(year=YEAR, form=report.form, pages={})
    kept = read_snapshot(json.loads(encoded(take(report, pages, tmp_path / "no").document())), SCHEMA)
    assert (kept.form, kept.format) == (NAME, 2021)


@pytest.mark.parametrize("case", CASES)
def test_editors_are_told_of_it(case: str, tmp_path: Path) -> None:
    """The schema beside the data takes the year's file as it is typed for the variant."""
    project = portal(tmp_path, case)
    write_schemas(project, project / "data")
    schema = json.loads((project / FOLDER / f"{NAME}.json").read_text(encoding="utf-8"))
    data = yaml.safe_load((project / f"data/{YEAR}.yml").read_text(encoding="utf-8"))
    data["published_on"] = str(data.get("published_on", "2026-01-20"))
    validator = jsonschema.Draft7Validator(schema)
    assert [error.message for error in validator.iter_errors(data)] == []
    assert list(validator.iter_errors({**data, "form": "2021-他局"}))


# What the comparison has for 2025, and the figure of the case's own, by address.
SERIES = {
    "one row for several": {"requests.results.otherwise": "4", "requests.results.otherwise.other": NOT_COUNTED},
    "an extra row": {"disclosure.normative_documents.issued": "1"},
    "one figure for three columns": {
        "disclosure.normative_documents.issued": NOT_COUNTED,
        "disclosure.regulations.issued": "0",
    },
    "a row of which only the total is printed": {
        "requests.received": "71",
        "requests.received.natural_person": NOT_COUNTED,
        "requests.results.total": "74",
    },
    "two columns as one": {
        "requests.received": "71",
        "requests.received.organizations": "17",
        "requests.received.organizations.legal_service": NOT_COUNTED,
        "requests.received.organizations.commercial": "14",
    },
    "a group of columns as one": {"requests.received": "71", "requests.received.organizations": "17"},
    "nothing but totals in a table": {"requests.received": "71", "requests.received.natural_person": NOT_COUNTED},
    "nothing but the total of a group": {
        "review.reconsideration": "3",
        "review.reconsideration.upheld": NOT_COUNTED,
        "review.litigation": "1",
    },
    "a row that is not there": {"disclosure.regulations.issued": NOT_COUNTED},
    "a sentence in place of a table": {"review.reconsideration": NOT_COUNTED, "requests.received": "71"},
}


@pytest.mark.parametrize("case", SERIES)
def test_series_stay_right(case: str, tmp_path: Path) -> None:
    """What is merged is summed or not counted, never 0; what is added stands outside; other years are as they were."""
    dataset, report = one(tmp_path, case)
    years = Years.of(dataset.reports[YEAR - 1], report, forms=dataset.forms)
    before = read_dataset(ROOT, ROOT / "examples" / "data").reports[YEAR - 1]
    for address, expected in SERIES[case].items():
        series = years.series(Line(addresses=(address,)))
        assert series is not None
        assert (address, series.points[1].text) == (address, expected)
        assert series.points[0].text == figure(before, address)
        assert bool(series.points[1].mark) == (expected != NOT_COUNTED)
        told_why = any(note.startswith(f"{YEAR}年的报告没有“") and note.endswith(f"{NOTE}。") for note in series.notes)
        assert told_why == (expected == NOT_COUNTED and address.partition(".")[0] in report.cells)


def test_readers_are_told_below_the_tables_that_differ(tmp_path: Path) -> None:
    """The note of the variant stands below its table, escaped, and below no other."""
    _, report = one(tmp_path, "an extra row")
    notes = {table.id: note_texts(table, report.cells[table.id]) for table in report.form.tables}
    assert notes == {"disclosure": (f"注：{NOTE}。",), "requests": (), "review": ()}
    table = report.form.table("disclosure")
    assert table is not None
    assert "印法&lt;不同&gt;。" in str(render_table(report, table))


def test_rules_judge_what_there_is(tmp_path: Path) -> None:
    """Totals of what is merged are held against the rest, and what cannot be judged is not."""
    project = portal(tmp_path, "a row of which only the total is printed")
    path = project / f"data/{YEAR}.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("[71]", "[72]"), encoding="utf-8")
    judged = judge_dataset(read(project), project_in(project))
    codes = [(found.rule, found.subject) for found in judged.checked.errors([YEAR]) if found.rule.startswith("T")]
    assert codes == [("T3-02", "requests.carried_out.total")]


@pytest.mark.parametrize(
    ("case", "place", "text", "expected"),
    [
        ("one row for several", "三", "其他处理4件。", []),
        ("one row for several", "三", "其他处理3件。", ["X-02"]),
        ("a group of columns as one", "三", "收到申请71件，其中法人或其他组织17件、自然人54件。", []),
        ("a group of columns as one", "三", "收到申请71件，其中商业企业14件。", []),
        ("nothing but the total of a group", "四", "行政复议3件，结果维持2件。行政诉讼1件。", []),
        ("nothing but the total of a group", "四", "行政复议2件，结果维持2件。行政诉讼1件。", ["X-01"]),
        ("a sentence in place of a table", "四", "行政复议3件，均获维持。行政诉讼5件。", []),
        ("one figure for three columns", "二", "制发行政规范性文件2件，现行有效11件。", []),
        ("a row that is not there", "二", "制发规章2件。", []),
    ],
)
def test_sentences_are_held_against_what_there_is(
    case: str, place: str, text: str, expected: list[str], tmp_path: Path
) -> None:
    """A figure that the original does not print makes no sentence wrong."""
    dataset, _ = one(tmp_path, case)
    found = [code for code, outcome in said(dataset, YEAR, place, text) if hasattr(outcome, "message")]
    assert [code for code in found if code != "X-09"] == expected


def test_an_extra_row_has_an_address_of_its_own_in_the_downloads(tmp_path: Path) -> None:
    """Those who join years see that it is not the form's."""
    project = portal(tmp_path, "an extra row")
    export_year(
        project_in(project),
        project,
        YEAR,
        [kind for kind in FORMATS if kind.id == "csv"],
        tmp_path / "out",
        everything=False,
        replacing=False,
    )
    (path,) = (tmp_path / "out").rglob("*disclosure.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    found = [row for row in rows if row["row_id"] == "other_documents"]
    assert [(row["address"], row["value"]) for row in found] == [
        ("disclosure.other_documents.issued", "30"),
        ("disclosure.other_documents.repealed", "0"),
        ("disclosure.other_documents.in_force", "120"),
    ]


def old_form(folder: Path, *lines: str) -> Dataset:
    """Return the examples with a report of 2022 in the form of 2019, whose file has *lines* too."""
    project = example_project(folder)
    text = (project / "data/2020.yml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^(digest|published_on): .*\n", "", text)
    text = text.replace("year: 2020", "\n".join(["year: 2022", *lines]))
    (project / "data/2022.yml").write_text(text, encoding="utf-8")
    return read_dataset(project, project / "data")


def test_a_form_of_other_years_is_refused_unless_an_original_used_it(tmp_path: Path) -> None:
    """The message says which lines to write; with them the report is read, and the form is a doubt."""
    (finding,) = [one for one in old_form(tmp_path / "refused").findings if one.place.file == "data/2022.yml"]
    assert "2022 年度不能使用 2019 年格式" in finding.message
    lines = re.findall(r"transcribed: true|form: 2019", finding.message)
    assert len(lines) == 2
    half = [old_form(tmp_path / line.partition(":")[0], line).findings for line in lines]
    assert [len(found) for found in half] == [1, 1]
    dataset = old_form(tmp_path / "taken", *lines)
    assert [str(one) for one in dataset.findings] == []
    report = dataset.reports[2022]
    assert (report.form.format, report.form.id) == (2019, "2019")
    project = project_in(tmp_path / "taken" / "examples")
    found = judge_dataset(dataset, project).checked.findings([2021, 2022, 2023])
    assert [(one.place.file, one.level) for one in found if one.rule == "S-15"] == [("data/2022.yml", "uncertain")]
    tables = {one.rule for one in found if one.rule.startswith("T") and one.level == "error"}
    assert tables <= {"T3-05"}  # The figures are those of another year.
    years = Years.of(*dataset.reports.values(), forms=dataset.forms)
    series = years.series(Line(addresses=("requests.received",)))
    assert series is not None
    assert [point.text for point in series.points][3] == str(report.figure("requests.received"))
    fees = years.series(Line(addresses=("disclosure.administrative_fees.amount",)))
    assert fees is not None
    assert [point.text for point in fees.points][3] == NOT_COUNTED


@pytest.mark.parametrize("case", CASES)
def test_the_next_year_has_the_form_of_the_notice(case: str, tmp_path: Path) -> None:
    """A new year takes over from the variant what it can, in whatever encoding the year before is."""
    project = portal(tmp_path, case)
    for path in (project / f"data/{YEAR}.yml", *(project / f"docs/{YEAR}").glob("*.md")):
        path.write_bytes(Encoding("gb18030", "\r\n").encoded(path.read_text(encoding="utf-8")))
    done = run(new, str(YEAR + 1), project=project)
    assert done.code == 0, done.printed
    report = read(project).reports[YEAR + 1]
    assert report.form.id == "2021"
    assert len(report.open_cells("requests")) > 100


EDITIONS = package_forms().editions


def headings(form: Form) -> Iterator[str]:
    """Yield addresses of all that a variant can name in *form*, as a page has them, and of some cells."""
    for table in form.tables:
        yield table.id
        yield from (table.address(row.path, column.path) for _, row, column in table.grid[:3])
        for block in table.blocks:
            yield from (table.block_address(block), table.corner_address(block))
            yield from (table.column_address(block, heading) for heading in block.columns.walk())
            yield from (table.address(heading.path, "") for heading in block.rows.walk())


ADDRESSES = {number: sorted(set(headings(form))) for number, form in EDITIONS.items() if form is not None}


def change(number: int) -> st.SearchStrategy[dict[str, object]]:
    """Return any change to the edition of that *number*, most of which cannot be made."""
    address = st.sampled_from(ADDRESSES[number])
    some = st.lists(address, min_size=1, max_size=3)
    beside = st.integers(0, len(ADDRESSES[number]) - 3).map(lambda at: ADDRESSES[number][at : at + 2])
    names = {"id": st.sampled_from(["added", "other", "total"]), "label": st.sampled_from(["合印", "<其他>"])}
    return st.one_of(
        st.fixed_dictionaries({"rename": address, "label": names["label"]}),
        st.fixed_dictionaries({"merge": address}),
        st.fixed_dictionaries({"merge": st.just("requests.received")}),
        st.fixed_dictionaries({"join": some | beside, **names}),
        st.fixed_dictionaries({"after": address, **names}),
        st.fixed_dictionaries({"before": address, **names}),
        st.fixed_dictionaries({"remove": address}),
    )


def zeros(group: Group) -> dict[str, object]:
    """Return what is typed where nothing has happened."""
    lines: dict[str, object] = {}
    for key, below in group.below.items():
        if isinstance(below, TypedLine):
            lines[key] = [yaml.safe_load(NOTHING[slot.column.kind]) for slot in below.slots]
        else:
            lines[key] = zeros(below)
    return lines


SOME = read_dataset(ROOT, ROOT / "examples" / "data").reports[YEAR]


def html_of(table: Table, cells: Cells) -> str:
    """Return *table* as pages show it, with *cells*."""
    return str(render_table(replace(SOME, cells={table.id: cells}), table))


@given(st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_is_changed_is_told_or_is_a_form(tmp_path: Path, data: st.DataObject) -> None:
    """No change ends the program; what comes of those that can be made is typed, added up and shown without a gap."""
    number = data.draw(st.sampled_from(sorted(ADDRESSES)))
    changes = data.draw(st.lists(change(number), min_size=1, max_size=5))
    path = tmp_path / f"{number}-样.yml"
    text = yaml.safe_dump({"format": number, "note": "不同", "changes": changes}, allow_unicode=True)
    path.write_text(text, encoding="utf-8")
    found = Findings()
    form = read_variant(path, path.name, EDITIONS, found)
    assert (form is None) == bool(len(found))
    if form is None:
        return
    reader = Reader("zeros", found)
    for table in form.tables:
        node = compose(yaml.safe_dump(zeros(table.typed), allow_unicode=True), "zeros", found)
        assert node is not None
        cells = TableLines(table).read(reader, node, "")
        assert not len(found)
        assert len(cells) == len(table.grid)
        grid = lay_out(table, cells)
        placed = [
            cell.cell.address for block in grid.blocks for row in block for cell in row.cells if isinstance(cell, Data)
        ]
        assert sorted(placed) == sorted(cell.address for cell in cells.values())
        for block in grid.blocks:
            for row in block:
                assert sum(cell.colspan for cell in row.cells if isinstance(cell, Data)) <= grid.width
        assert all(form.find(f"{table.id}.{path}") for path in table.cell_addresses)


def test_a_column_that_adds_up_does_so_under_another_name(tmp_path: Path) -> None:
    """Where a row is printed as its total alone, the column of totals keeps adding up the other rows when renamed."""
    path = tmp_path / "2021-本局.yml"
    changes = "  - {merge: requests.received}\n  - {rename: requests.columns.total, label: 合计}\n"
    path.write_text(f"format: 2021\nnote: {NOTE}\nchanges:\n{changes}", encoding="utf-8")
    form = read_variant(path, path.name, package_forms().editions, Findings())
    assert form is not None
    totals = [column for _, _, column in form.tables[1].grid if column.path == "total"]
    assert {column.label for column in totals} == {"合计"}
    assert [column.total for column in totals].count(False) == 1


@pytest.mark.parametrize("where", ["after", "before"])
@pytest.mark.parametrize("row", ["disclosure.regulations", "disclosure.normative_documents", "requests.carried_in"])
def test_a_new_row_has_all_columns_whatever_was_changed_first(row: str, where: str, tmp_path: Path) -> None:
    """A row beside one that is printed as one figure is the same in either order of the two changes."""
    changes = [f"  - {{merge: {row}}}\n", f"  - {{{where}: {row}, id: added, label: 另印一行}}\n"]
    forms = []
    for number, written in enumerate((changes, changes[::-1])):
        path = tmp_path / str(number) / "2021-本局.yml"
        path.parent.mkdir()
        path.write_text(f"format: 2021\nnote: {NOTE}\nchanges:\n{''.join(written)}", encoding="utf-8")
        findings = Findings()
        forms.append(read_variant(path, path.name, package_forms().editions, findings))
        assert len(findings) == 0
    first, second = forms
    assert first is not None
    assert second is not None
    assert first.tables == second.tables
