"""The place of work: figures and facts are written piece by piece, refused with the reader's own words, and undone."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from building import ROOT
from nianbao.beginning.prompts import PREFACE, PROMPTS
from nianbao.editing.answers import answer
from nianbao.editing.desk import Change, Desk
from nianbao.editing.journal import FOLDER, Journal
from nianbao.editing.wording import in_words_of_letters, in_words_of_pages
from nianbao.editing.words import boxes, rewritten
from nianbao.model.agency import AGENCY
from nianbao.model.dataset import read_dataset
from nianbao.model.profile import PROFILE
from nianbao.model.project import project_at
from nianbao.model.report_reader import report_fields
from nianbao.reading.encoding import Encoding
from nianbao.reading.findings import Finding, Place
from nianbao.reading.refusal import RefusedError
from nianbao.rules.cases import examples
from projects import edit, example_project, without_digest

if TYPE_CHECKING:
    from pathlib import Path

NOW = dt.datetime(2026, 1, 5, 9, 30, tzinfo=dt.UTC)
RECEIVED, CARRIED = "requests.received.natural_person", "requests.carried_in.natural_person"


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    """Return a copy of the real portal."""
    for name in ("data", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    return tmp_path


def desk_of(portal: Path) -> Desk:
    """Return the desk of *portal*."""
    return Desk(project_at(portal), lambda: NOW)


def asked(desk: Desk, method: str, path: str, **body: object) -> Any:  # noqa: ANN401  # what JSON says
    """Return what the desk answers to a request that it carries out."""
    given = answer(desk, method, path, json.dumps(body).encode())
    assert given.status == 200, given.body
    return given.body


def seen(desk: Desk, way: str) -> bytes:
    """Return what a page sends that would undo or redo what it has seen last."""
    return json.dumps({"seen": asked(desk, "GET", "history")[way]}).encode()


def turned(desk: Desk, way: str) -> Any:  # noqa: ANN401  # what JSON says
    """Undo or redo a step, and return what the desk says of it."""
    given = answer(desk, "POST", way, seen(desk, way))
    assert given.status == 200, given.body
    return given.body


def cells(desk: Desk, year: int = 2023, *, dry: bool = False, **texts: tuple[str, str]) -> Any:  # noqa: ANN401
    """Write figures: old and new text by address, with ``__`` for the dots."""
    changes = [{"where": name.replace("__", "."), "old": old, "new": new} for name, (old, new) in texts.items()]
    return asked(desk, "PUT", f"cells/{year}", changes=changes, dry=dry)


def test_a_figure_is_written_and_totals_follow(portal: Path) -> None:
    """What was typed is made half-width; the answer has the totals; nothing but the figure changes in the file."""
    desk, file = desk_of(portal), portal / "data" / "2023.yml"
    before = file.read_text(encoding="utf-8")
    state = asked(desk, "GET", "year/2023")
    assert state["typed"][RECEIVED] == "0"
    assert len(state["typed"]) == 166
    tried = cells(desk, dry=True, requests__received__natural_person=("0", "１,２３４"))
    assert tried["totals"]["requests.received.total"] == "1234"
    assert file.read_text(encoding="utf-8") == before
    told = cells(desk, requests__received__natural_person=("0", "１,２３４"))
    assert told["typed"][RECEIVED] == "1234"
    assert told["written"] == [RECEIVED]
    lines = zip(before.split("\n"), file.read_text(encoding="utf-8").split("\n"), strict=True)
    changed = [(one, other) for one, other in lines if one != other]
    assert [other[34:] for _, other in changed] == ["[1234, 0, 0,   0,   0,   0]    # 一、本年新收政府信息公开申请数量"]


def test_what_the_reader_refuses_is_not_written_and_the_rest_is(portal: Path) -> None:
    """The reader's own sentence comes back for each figure; others are written; nothing is cleared to 0."""
    desk = desk_of(portal)
    told = cells(
        desk,
        requests__received__natural_person=("0", "七"),
        requests__carried_in__natural_person=("0", "3"),
        requests__carried_out__natural_person=("0", ""),
        disclosure__administrative_fees__amount=("0", "1: [2"),
    )
    assert told["faults"][RECEIVED] == (
        "“一、本年新收政府信息公开申请数量”的“自然人”应为 0 或正整数，实际为“七”；请只写阿拉伯数字"
    )
    assert set(told["faults"]) == {RECEIVED, *(key for key in told["faults"] if key.startswith("disclosure."))}
    assert told["typed"][RECEIVED] == "0"
    assert told["typed"][CARRIED] == "3"
    assert told["typed"]["requests.carried_out.natural_person"] == "待填"
    assert told["waiting"] == 1


def test_a_change_by_others_is_never_lost(portal: Path) -> None:
    """Another figure that another program changed is kept; the same figure is told and not written."""
    desk, file = desk_of(portal), portal / "data" / "2023.yml"
    asked(desk, "GET", "year/2023")
    edit(file, "received:                       [0,", "received:                       [8,")
    told = cells(desk, requests__carried_in__natural_person=("0", "3"), requests__received__natural_person=("0", "5"))
    assert told["conflicts"] == {RECEIVED: "8"}
    assert told["typed"][RECEIVED] == "8"
    assert told["typed"][CARRIED] == "3"
    # Two windows that write the same do not disagree.
    assert cells(desk, requests__received__natural_person=("0", "8"))["conflicts"] == {}


def test_totals_are_a_second_entry(portal: Path) -> None:
    """A total is typed beside the computed one, compared with it, and left out again; a row of them goes whole."""
    desk, file = desk_of(portal), portal / "data" / "2023.yml"
    before = file.read_bytes()
    told = cells(desk, requests__received__total=("", "3"))
    assert told["entered"] == {"requests.received.total": "3"}
    assert told["differ"] == ["requests.received.total"]
    assert told["totals"]["requests.received.total"] == "0"
    assert cells(desk, requests__received__total=("3", "待填"))["faults"].keys() == {"requests.received.total"}
    told = cells(desk, requests__received__total=("3", ""))
    assert (told["entered"], told["differ"]) == ({}, [])
    assert file.read_bytes() == before
    row = [address for address in told["totals"] if address.startswith("requests.results.total.")]
    assert len(row) == 7
    assert sorted(cells(desk, requests__results__total__natural_person=("", "0"))["held"]) == [row[0]]
    changes = [{"where": address, "old": "", "new": "0"} for address in row]
    told = asked(desk, "PUT", "cells/2023", changes=changes)
    assert sorted(told["entered"]) == sorted(row)
    assert b"total: [0, 0, 0, 0, 0, 0, 0]" in file.read_bytes()
    changes = [{"where": address, "old": "0", "new": ""} for address in row]
    assert asked(desk, "PUT", "cells/2023", changes=changes)["entered"] == {}
    assert file.read_bytes() == before


def test_one_unreadable_cell_leaves_the_others(portal: Path) -> None:
    """A year that cannot be shown can still be corrected: its cells, its tables, what is wrong with it."""
    desk, file = desk_of(portal), portal / "data" / "2023.yml"
    edit(file, "received:                       [0,", "received:                       [七,")
    state = asked(desk, "GET", "year/2023")
    assert state["unread"].keys() == {RECEIVED}
    assert state["typed"][RECEIVED] == "七"
    assert '<td id="requests.carried_in.natural_person"' in state["tables"]["requests"]
    found = asked(desk, "GET", "findings/2023")["findings"]
    assert [(one["address"], one["page"]) for one in found] == [(RECEIVED, f"2023/3-requests.html#{RECEIVED}")]
    assert cells(desk, requests__carried_in__natural_person=("0", "3"))["typed"][CARRIED] == "3"
    told = cells(desk, requests__received__natural_person=("七", "7"))
    assert told["unread"] == {}
    assert "tables" not in asked(desk, "GET", "year/2023")
    file.write_text("year: [", encoding="utf-8")
    given = answer(desk, "GET", "year/2023", b"")
    assert given.status == 422
    assert "data/2023.yml:1:8" in given.body["message"]


def test_what_waits_is_set_to_nothing_in_one_step(portal: Path) -> None:
    """«其余填 0»: all that waits, the fee as well, amounts with their unit; undone at once."""
    desk, file = desk_of(portal), portal / "data" / "2023.yml"
    text = (
        file.read_text(encoding="utf-8").replace("[0,", "[待填,").replace("processing_fee: 0", "processing_fee: 待填")
    )
    file.write_text(text, encoding="utf-8")
    waiting = asked(desk, "GET", "year/2023")["waiting"]
    assert waiting == text.count("待填")
    told = asked(desk, "POST", "zeros/2023")
    assert told["waiting"] == 0
    assert told["undo"] == f"2023年其余 {waiting} 格填为 0"
    turned(desk, "undo")
    assert file.read_text(encoding="utf-8") == text


def test_undo_and_redo_outlast_a_restart(portal: Path) -> None:
    """Steps are taken back and made again to the byte, by another start as well; not over another's change."""
    file = portal / "data" / "2023.yml"
    contents = [file.read_bytes()]
    for number in range(1, 4):
        cells(desk_of(portal), requests__received__natural_person=(str(number - 1), str(number)))
        contents.append(file.read_bytes())
    for content in reversed(contents[:-1]):
        turned(desk_of(portal), "undo")
        assert file.read_bytes() == content
    assert turned(desk_of(portal), "undo")["what"] == ""
    for content in contents[1:3]:
        told = turned(desk_of(portal), "redo")
        assert file.read_bytes() == content
    assert told["redo"].endswith("自然人：2改为3")
    edit(file, "carried_in:                     [0,", "carried_in:                     [4,")
    desk = desk_of(portal)
    given = answer(desk, "POST", "undo", seen(desk, "undo"))
    assert given.status == 422
    assert "data/2023.yml 后来在别处改动过" in given.body["message"]
    cells(desk_of(portal), requests__carried_in__natural_person=("4", "5"))
    assert turned(desk_of(portal), "redo")["what"] == ""  # What is new leaves nothing to be made again.


def test_only_the_step_that_was_seen_is_turned(tmp_path: Path) -> None:
    """Each step tells its year, so that a page of another asks; what another window has done since stays."""
    project = example_project(tmp_path)
    desk = desk_of(project)
    told = cells(desk, 2024, requests__received__natural_person=("66", "67"))
    assert (told["undo_year"], told["redo_year"]) == ("2024", "")
    page = seen(desk, "undo")
    told = cells(desk, 2025, requests__received__natural_person=("54", "55"))
    assert told["undo_year"] == "2025"
    given = answer(desk, "POST", "undo", page)
    assert (given.status, "刚才在别处又做了一步：“2025年" in given.body["message"]) == (422, True)
    assert asked(desk, "GET", "history")["undo_year"] == "2025"
    assert turned(desk, "undo")["redo_year"] == "2025"
    assert turned(desk, "undo")["undo_year"] == ""
    change = [{"where": "superior", "old": "示例市示例区人民政府", "new": "示例市人民政府"}]
    assert asked(desk, "PUT", "facts/agency", changes=change)["undo_year"] == ""


def test_a_draft_becomes_published_by_freezing_alone(tmp_path: Path) -> None:
    """Its form tells the state and leads to the step; whoever sends it all the same is told, and nothing is written."""
    project = example_project(tmp_path)
    desk, file = desk_of(project), project / "data" / "2025.yml"
    before = file.read_bytes()
    told = {field["name"]: field for field in asked(desk, "GET", "facts/2025")["fields"]}
    assert (told["status"]["kind"], told["status"]["step"], "published_on" in told) == ("step", "freeze", False)
    published = {field["name"]: field for field in asked(desk, "GET", "facts/2024")["fields"]}
    assert (published["status"]["kind"], "published_on" in published) == ("choice", True)
    change = [{"where": "status", "old": "draft", "new": "published"}]
    (fault,) = asked(desk, "PUT", "facts/2025", changes=change)["faults"]
    assert fault["path"] == ["status"]
    assert "“定稿”一步" in fault["message"]
    assert file.read_bytes() == before


def test_a_step_that_was_not_carried_out_is_none(portal: Path) -> None:
    """A line of the journal whose file was not written before the end counts as taken back; a torn line as nothing."""
    desk, file = desk_of(portal), portal / "data" / "2023.yml"
    before = file.read_bytes()
    cells(desk, requests__received__natural_person=("0", "1"))
    file.write_bytes(before)  # As if the program had been killed before the exchange.
    history = Journal(portal).history()
    assert (len(history.done), len(history.undone)) == (0, 1)
    with (portal / FOLDER / "journal.jsonl").open("ab") as journal:
        journal.write(b'\n{"kind": "do')
    assert len(Journal(portal).history().undone) == 1
    cells(desk, requests__received__natural_person=("0", "2"))
    turned(desk, "undo")
    assert file.read_bytes() == before
    (portal / FOLDER / history.undone[-1].before).write_bytes(b"damaged")
    cells(desk, requests__received__natural_person=("0", "3"))
    turned(desk, "undo")  # What is damaged was kept anew.
    assert file.read_bytes() == before


KILLED = """
import datetime as dt, sys
from pathlib import Path
from nianbao.editing.desk import Change, Desk
from nianbao.model.project import project_at
desk = Desk(project_at(Path(sys.argv[1])), lambda: dt.datetime.now(dt.UTC))
number = 0
print("begun", flush=True)
while True:
    old = desk.year(2023)["typed"]["requests.received.natural_person"]
    number += 1
    desk.write_cells(2023, [Change(where="requests.received.natural_person", old=old, new=str(number))])
    if number % 5 == 0:
        desk.undo(desk.history()["undo"])
"""


def test_killed_at_any_moment_the_file_is_old_or_new(portal: Path) -> None:
    """After each kill the file is whole, nothing is left in data, and a further step can be made and taken back."""
    chance = random.Random(15)  # noqa: S311  # moments, not secrets
    names = sorted(path.name for path in (portal / "data").iterdir())
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(portal)],
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(ROOT / "macros")},
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        time.sleep(chance.uniform(0.2, 0.9))
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL  # It was at work until then.
        desk = desk_of(portal)
        state = asked(desk, "GET", "year/2023")
        assert state["typed"][RECEIVED].isdigit()
        assert len(state["typed"]) == 166
        assert sorted(path.name for path in (portal / "data").iterdir()) == names
        content = (portal / "data" / "2023.yml").read_bytes()
        cells(desk, requests__carried_in__natural_person=(state["typed"][CARRIED], "9999"))
        turned(desk, "undo")
        assert (portal / "data" / "2023.yml").read_bytes() == content


def test_a_frozen_year_is_read_only(portal: Path) -> None:
    """What is published is changed by a correction and not by accident."""
    desk, file = desk_of(portal), portal / "data" / "2023.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("processing_fee", f"digest: {'0' * 64}\nprocessing_fee", 1), encoding="utf-8")
    assert asked(desk, "GET", "year/2023")["frozen"]
    change = [{"where": RECEIVED, "old": "0", "new": "1"}]
    for method, path in (("PUT", "cells/2023"), ("POST", "zeros/2023"), ("PUT", "facts/2023")):
        given = answer(desk, method, path, json.dumps({"changes": change}).encode())
        assert given.status == 423
        assert "更正" in given.body["message"]
    told = asked(desk, "PUT", "cells/2023", changes=change, correcting=True)
    assert told["typed"][RECEIVED] == "1"


def test_facts_are_written_by_their_declaration(portal: Path) -> None:
    """Items, fee and agency: all or nothing, in place, with the reader's sentence at the value that it is about."""
    desk, file, agency = desk_of(portal), portal / "data" / "2023.yml", portal / "data" / "agency.yml"
    before = file.read_text(encoding="utf-8")
    facts = asked(desk, "GET", "facts/2023")
    kinds = {field["name"]: field["kind"] for field in facts["fields"]}
    assert kinds["items"] == "list"
    assert kinds["processing_fee"] == "word"
    assert kinds["status"] == "choice"
    items = facts["said"]["items"]
    new = [{**items[0], "entries": [*items[0]["entries"], {"title": "预算: 说明", "full_text": "true"}]}, *items[1:]]
    change = [{"where": "items", "old": items, "new": new}, {"where": "processing_fee", "old": "0", "new": "12.5"}]
    told = asked(desk, "PUT", "facts/2023", changes=change)
    assert (told["faults"], told["conflicts"]) == ([], {})
    line = "      - {title: 内设机构信息, full_text: true}\n"
    after = before.replace(line, line + '      - {title: "预算: 说明", full_text: true}\n')
    assert file.read_text(encoding="utf-8") == after.replace("fee: 0          #", "fee: 12.5       #")
    twice = [{**new[0], "entries": [*new[0]["entries"], new[0]["entries"][0]]}, *new[1:]]
    told = asked(desk, "PUT", "facts/2023", changes=[{"where": "items", "old": new, "new": twice}])
    assert told["faults"] == [
        {"path": ["items", 0, "entries", 4, "title"], "message": "“机构职能信息”写了两次，第一次在第 14 行；请只留一处"}
    ]
    assert asked(desk, "PUT", "facts/2023", changes=[{"where": "items", "old": items, "new": twice}])["conflicts"]
    said = asked(desk, "GET", "facts/agency")["said"]
    contact = {"address": "某路 1 号", "telephone": "027-00000000"}
    asked(desk, "PUT", "facts/agency", changes=[{"where": "contact", "old": None, "new": contact}])
    assert asked(desk, "GET", "facts/agency")["said"]["contact"] == contact
    told = asked(desk, "PUT", "facts/agency", changes=[{"where": "names", "old": said["names"], "new": []}])
    assert told["faults"][0]["path"] == ["names"]
    asked(desk, "PUT", "facts/agency", changes=[{"where": "contact", "old": contact, "new": None}])
    assert agency.read_bytes() == (ROOT / "data" / "agency.yml").read_bytes()
    (portal / "data" / "profile.yml").unlink()
    asked(desk, "PUT", "facts/profile", changes=[{"where": "basis", "old": None, "new": "惯例"}])
    assert (portal / "data" / "profile.yml").read_text(encoding="utf-8").endswith("name: 本地要求\nbasis: 惯例\n")
    turned(desk, "undo")
    assert not (portal / "data" / "profile.yml").exists()


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("GET", "year/1899", b"", 404),
        ("GET", "year/2023/../agency", b"", 404),
        ("GET", "facts/..%2Fsecret", b"", 404),
        ("GET", "year/agency", b"", 400),
        ("GET", "year/2022", b"", 404),
        ("GET", "cells/2023", b"", 404),
        ("PUT", "cells/2023", b"[]", 400),
        ("PUT", "cells/2023", b"{", 400),
        ("PUT", "cells/2023", b"[" * 100_000, 400),
        ("PUT", "cells/2023", b'{"changes": [{"where": "nothing", "old": "", "new": "1"}]}', 400),
        ("PUT", "cells/2023", b'{"changes": [{"where": "items", "old": [], "new": "1"}]}', 400),
        ("PUT", "facts/2023", b'{"changes": [{"where": "digest", "old": null, "new": "1"}]}', 400),
        ("PUT", "facts/2023", b'{"changes": [{"where": "items", "old": null, "new": 7}]}', 400),
        ("PUT", "facts/2023", b'{"changes": [{"where": "items", "old": null, "new": "\\ud800"}]}', 400),
        ("POST", "undo", b"1", 400),
        ("POST", "undo", b"{}", 400),
    ],
)
def test_what_no_page_of_ours_asks_is_refused(
    portal: Path, method: str, path: str, content: bytes, status: int
) -> None:
    """Paths are patterns, bodies are what the pages send, and nothing is written."""
    before = {file.name: file.read_bytes() for file in (portal / "data").glob("*.yml")}
    assert answer(desk_of(portal), method, path, content).status == status
    assert {file.name: file.read_bytes() for file in (portal / "data").glob("*.yml")} == before


def test_findings_of_all_rules_lead_to_their_cells(portal: Path) -> None:
    """A figure that breaks an identity is found at once, with the page and the cell that show it."""
    desk = desk_of(portal)
    assert [one for one in asked(desk, "GET", "findings/2023")["findings"] if one["level"] == "error"] == []
    cells(desk, requests__received__natural_person=("0", "5"))
    found = [one for one in asked(desk, "GET", "findings/2023")["findings"] if one["rule"] == "T3-02"]
    assert [one["page"] for one in found] == ["2023/3-requests.html#requests.carried_out.natural_person"]
    cells(desk, requests__received__natural_person=("5", "0"))
    assert [one for one in asked(desk, "GET", "findings/2023")["findings"] if one["level"] == "error"] == []


def test_random_figures_of_both_forms(tmp_path: Path) -> None:
    """Whatever is written is what the file says then, and every other figure is as it was."""
    for name in ("data", "docs"):
        shutil.copytree(ROOT / "examples" / name, tmp_path / name)
    shutil.copy(ROOT / "examples" / "mkdocs.yml", tmp_path)
    for path in (tmp_path / "data").glob("20*.yml"):
        path.write_text(without_digest(path.read_text(encoding="utf-8")), encoding="utf-8")
    desk = desk_of(tmp_path)
    chance = random.Random(2)  # noqa: S311  # the same cases in every run
    for year in (2019, 2020, 2021, 2025):
        typed = desk.year(year)["typed"]
        for _ in range(15):
            chosen = chance.sample(sorted(typed), chance.randint(1, 40))
            changes = [
                Change(
                    where=address,
                    old=typed[address],
                    new=chance.choice(["0", "+3", "7", "99999", "不详", "251元", "x"]),
                )
                for address in chosen
            ]
            told = desk.write_cells(year, changes)
            wanted = {change.where: str(change.new) for change in changes if change.where not in told["faults"]}
            assert told["typed"] == typed | wanted
            typed = told["typed"]


def test_another_command_at_work_is_told(portal: Path) -> None:
    """While another command has the data, nothing is written."""
    fcntl = pytest.importorskip("fcntl")
    handle = os.open(portal / "data", os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(RefusedError, match="另一个 nianbao 命令"):
            desk_of(portal).write_cells(2023, [Change(where=RECEIVED, old="0", new="1")])
    finally:
        os.close(handle)


@pytest.mark.parametrize(("codec", "line_end"), [("utf-8-sig", "\r\n"), ("gb18030", "\n"), ("gb18030", "\r\n")])
def test_a_file_stays_in_its_encoding(portal: Path, codec: str, line_end: str) -> None:
    """What the page writes differs from what was there by the figure alone, and is undone to the byte."""
    file, way = portal / "data" / "2023.yml", Encoding(codec, line_end)
    text = file.read_text(encoding="utf-8")
    file.write_bytes(way.encoded(text))
    desk = desk_of(portal)
    assert cells(desk, requests__received__natural_person=("0", "7"))["typed"][RECEIVED] == "7"
    written = text.replace("received:                       [0,", "received:                       [7,")
    assert written != text
    assert file.read_bytes() == way.encoded(written)
    turned(desk, "undo")
    assert file.read_bytes() == way.encoded(text)


@pytest.mark.parametrize("count", [2, 8])
def test_a_line_of_another_length_is_left_alone(portal: Path, count: int) -> None:
    """Of a line with too few or too many figures nobody knows which is which: it is left alone, and that is told."""
    desk, file = desk_of(portal), portal / "data" / "2023.yml"
    edit(file, "received:                       [0,  0,   0,   0,   0,   0]", f"received: [{', '.join('0' * count)}]")
    before = file.read_bytes()
    told = cells(desk, requests__received__natural_person=("0", "7"))
    assert "个数不对" in told["faults"][RECEIVED]
    assert told["held"] == []
    assert file.read_bytes() == before


# What browsers have learnt after Chromium 86, as it is written in programs and styles.
NEWER = {
    ".js": (
        r"(?:\|\||&&|\?\?)=",
        r"\.(?:at|findLast|findLastIndex|replaceChildren|toSorted|toReversed|with|hasOwn|groupBy)\(",
        r"\b(?:structuredClone|queueMicrotask\.|AbortSignal\.|Array\.fromAsync|Promise\.withResolvers)",
        r"#[a-z]+\s*(?:=|\()",
        r"^\s*static\s*\{",
        r"^await ",
        r"^\s*static\s+[a-zA-Z]+\s*=",
    ),
    ".css": (
        r":(?:has|is|where)\(",
        r"\b(?:inset|aspect-ratio|accent-color|translate|rotate|scale)\s*:",
        r"@(?:layer|container|property|scope)\b",
        r"\b[0-9.]+(?:dvh|svh|lvh|cqw)\b",
        r"^\s*&",
        r"color-mix\(",
    ),
}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "macros/nianbao/editing/browser").iterdir()), ids=lambda path: path.name
)
def test_offices_with_old_browsers_can_edit(path: Path) -> None:
    """Nothing is used that Chromium 86 does not know, and nothing comes from elsewhere."""
    text = path.read_text(encoding="utf-8")
    for pattern in NEWER[path.suffix]:
        assert re.search(pattern, text, re.MULTILINE) is None, pattern
    assert "http" not in text


PAGES = [*sorted((ROOT / "docs").glob("20*/*.md")), *sorted((ROOT / "examples" / "docs").glob("20*/*.md"))]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_words_that_stay_keep_their_bytes(path: Path) -> None:
    """Each box of each page is written back as it stands; macros are tokens; one change touches one paragraph."""
    source = path.read_text(encoding="utf-8")
    found = boxes(source, lambda call: (call.words, "值"))
    assert "".join(source.split()).endswith("".join(source[found[-1].start :].split()))
    for box in found:
        if box.fixed:
            continue
        assert "{{" not in box.shown
        old = source[box.start : box.end]
        assert rewritten(source, box, box.shown) == old
        if not box.shown.startswith(("1. ", "- ")):
            assert rewritten(source, box, f"{box.shown}\n又一段。再一句。") == f"{old.rstrip()}\n\n又一段。\n再一句。\n"
            assert rewritten(source, box, f"开头。{box.shown}").startswith("开头。\n")


def test_words_are_written_with_tokens_and_undone(portal: Path) -> None:
    """A page's words go back as macros, a sentence a line; damaged tokens are told; another's change is kept."""
    desk, page = desk_of(portal), portal / "docs" / "2023" / "3-requests.md"
    before = page.read_text(encoding="utf-8")
    told = asked(desk, "GET", "words/2023/3-requests")
    shown = [box["shown"] for box in told["boxes"] if not box["fixed"]]
    assert shown[0].startswith("⟦年度＝2023⟧年，中心新收政府信息公开申请⟦本年新收政府信息公开申请数量＝0⟧件")
    shown_first = shown[0]
    where = str([box["shown"] for box in told["boxes"]].index(shown_first))
    new = f"{shown[0]}收到的申请都按期答复。没有⟦年度＝1999⟧年的遗留。"
    change = [{"where": where, "old": shown[0], "new": new}]
    told = asked(desk, "PUT", "words/2023/3-requests", changes=change)
    assert (told["faults"], told["conflicts"]) == ({}, {})
    line = before.split("\n")[2]
    added = "收到的申请都按期答复。\n没有{{ year() }}年的遗留。"
    assert page.read_text(encoding="utf-8") == before.replace(line, f"{line}\n{added}")
    assert asked(desk, "PUT", "words/2023/3-requests", changes=change)["conflicts"].keys() == {where}
    shown = [box["shown"] for box in told["boxes"]]
    for text, said in (
        (shown[int(where)].replace("年度＝2023⟧", "年度"), "没有配对"),
        (shown[int(where)] + "⟦别的＝3⟧", "“⟦别的＝3⟧”不是数据里的数"),
        (shown[int(where)] + "{{ figure('x') }}", "不能含有"),
        (shown[int(where)] + "\u200b", "不能使用"),
        (shown[int(where)] + "<script>x</script>", "script"),
        (shown[int(where)] + "[点这里](javascript:x)", "不是网址"),
    ):
        change = [{"where": where, "old": shown[int(where)], "new": text}]
        assert said in asked(desk, "PUT", "words/2023/3-requests", changes=change)["faults"][where]
    said = "2023年的文字：三、收到和处理政府信息公开申请情况"
    changed = page.read_bytes()
    assert turned(desk_of(portal), "undo")["what"] == said  # After a restart, as after another.
    assert turned(desk_of(portal), "redo")["what"] == said
    assert page.read_bytes() == changed
    assert turned(desk_of(portal), "undo")["what"] == said
    assert page.read_text(encoding="utf-8") == before
    one = asked(desk, "GET", "words/2023/3-requests")["figures"][10]
    change = [{"where": where, "old": shown_first, "new": f"{shown_first}另有⟦{one['name']}＝{one['value']}⟧件。"}]
    asked(desk, "PUT", "words/2023/3-requests", changes=change)
    assert re.search(r"\n另有\{\{ figure\(\"[a-z_.]+\"\) \}\}件。\n", page.read_text(encoding="utf-8"))
    fixed = [{"where": "0", "old": "# 三、", "new": "x"}]
    assert answer(desk, "PUT", "words/2023/3-requests", json.dumps({"changes": fixed}).encode()).status == 400
    for path in ("words/2023/full", "words/2023/9-nothing", "words/2023/1-overvie"):
        assert answer(desk, "GET", path, b"").status == 404


def test_the_words_of_last_year_stand_beside_and_are_told_when_typed_again(tmp_path: Path) -> None:
    """Last year's section comes with the boxes; what the rule on likeness would tell is told of a sentence as typed."""
    project = example_project(tmp_path)
    desk = desk_of(project)
    told = asked(desk, "GET", "words/2025/1-overview")
    assert told["before"]["year"] == 2024
    said = {part["heading"]: part["paragraphs"] for part in told["before"]["parts"]}
    old = said["（三）政府信息管理"][0]
    assert old[-1] == "执法音像记录的保存期限、调阅手续形成清单对外公布。"
    typed = f"今年全部改写，没有旧话。{old[-1].replace('公布', '发布')}公开⟦主动公开条数＝9⟧条。"
    (found,) = asked(desk, "POST", "likeness/2025/1-overview", text=typed)["sentences"]
    assert typed[found["start"] : found["end"]] == old[-1].replace("公布", "发布")
    assert found["before"] == old[-1]
    assert 80 < found["share"] < 100
    assert asked(desk, "GET", "words/2019/1-overview")["before"] is None
    assert asked(desk, "POST", "likeness/2019/1-overview", text=typed)["sentences"] == []


def test_each_place_says_what_is_wanted_there(tmp_path: Path) -> None:
    """The prompts are those of new pages, by the heading above, with what local requirements ask of the section."""
    desk = desk_of(example_project(tmp_path))
    boxes_of = [box for box in asked(desk, "GET", "words/2025/1-overview")["boxes"] if not box["fixed"]]
    requests = next(box for box in boxes_of if box["heading"] == "（二）依申请公开")
    assert requests["wanted"][0] == PROMPTS["overview"]["依申请公开"]
    assert "不多于 1000 字（示例区年度报告编制要求）" in requests["wanted"]
    first = asked(desk, "GET", "words/2025/index")["boxes"]
    assert [box["wanted"] for box in first if not box["fixed"]] == [[PREFACE]]


def test_a_heading_with_nothing_below_can_be_written_under(portal: Path) -> None:
    """What was taken out, or never written, has an empty box; written, it is a paragraph of its own."""
    page = portal / "docs" / "2023" / "5-improvement.md"
    edit(page, "信息公开的业务培训有待加强。\n", "")
    desk = desk_of(portal)
    found = asked(desk, "GET", "words/2023/5-improvement")["boxes"]
    (where,) = [number for number, box in enumerate(found) if not box["shown"]]
    change = [{"where": str(where), "old": "", "new": "答复不够细。培训不够多。"}]
    assert asked(desk, "PUT", "words/2023/5-improvement", changes=change)["faults"] == {}
    heading = "## （二）本年存在的主要问题 {#section-5-2}\n"
    assert f"{heading}\n答复不够细。\n培训不够多。\n\n" in page.read_text(encoding="utf-8")


def test_what_is_found_in_words_leads_to_its_sentence(portal: Path) -> None:
    """A finding in the prose names its box and its sentence as the text area shows them, tokens and all."""
    page = portal / "docs" / "2023" / "3-requests.md"
    line = page.read_text(encoding="utf-8").split("\n")[2]
    edit(page, line, f"{line}\n本年新收政府信息公开申请7件，{{{{ year() }}}}年如此。")
    desk = desk_of(portal)
    shown = asked(desk, "GET", "words/2023/3-requests")["boxes"]
    (found,) = [one for one in asked(desk, "GET", "findings/2023")["findings"] if one["level"] == "error"]
    assert found["sentence"] == "本年新收政府信息公开申请7件，⟦年度＝2023⟧年如此。"
    assert found["sentence"] in shown[found["box"]]["shown"]
    assert found["page"] == "2023/3-requests.html"


def test_a_correction_is_registered_as_by_the_command(tmp_path: Path) -> None:
    """What was changed is listed and registered with reason and day, or refused in the command's words."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("site", ".cache"))
    project = tmp_path / "examples"
    desk, file = desk_of(project), project / "data" / "2024.yml"
    assert asked(desk, "GET", "correction/2024")["changes"] == ()
    given = answer(desk, "POST", "correction/2024", '{"reason": "统计有误。", "on": "2026-02-01"}'.encode())
    assert (given.status, "没有要登记的更正" in given.body["message"]) == (422, True)
    told = asked(desk, "GET", "words/2024/3-requests")
    where, shown = next((str(n), box["shown"]) for n, box in enumerate(told["boxes"]) if not box["fixed"])
    change = [{"where": where, "old": shown, "new": f"{shown}另有说明。"}]
    assert answer(desk, "PUT", "words/2024/3-requests", json.dumps({"changes": change}).encode()).status == 423
    asked(desk, "PUT", "words/2024/3-requests", changes=change, correcting=True)
    assert "另有说明。" in asked(desk, "GET", "correction/2024")["changes"][0]
    for said, message in (
        ({"reason": "", "on": "2026-02-01"}, "更正原因是空的"),
        ({"reason": "有误。", "on": "2月1日"}, "更正日期应是实有的一天"),
        ({"reason": "有误。", "on": "2999-02-01"}, "还没有到"),
    ):
        given = answer(desk, "POST", "correction/2024", json.dumps(said).encode())
        assert (given.status, message in given.body["message"]) == (422, True), given.body
    assert "另有说明。" not in file.read_text(encoding="utf-8")
    done = asked(desk, "POST", "correction/2024", reason="统计有误。", on="2026-02-01")
    assert len(done["changes"]) == 1
    assert "统计有误。" in file.read_text(encoding="utf-8")
    assert asked(desk, "GET", "correction/2024")["changes"] == ()
    assert [one for one in asked(desk, "GET", "findings/2024")["findings"] if one["rule"] == "P-03"] == []
    given = answer(desk, "POST", "undo", seen(desk, "undo"))
    assert given.status == 423, "a published page is not changed by undoing"
    assert answer(desk, "GET", "correction/2030", b"").status == 422


@pytest.mark.parametrize("file", ["2023", "agency", "profile"])
def test_every_field_that_is_declared_has_a_place(portal: Path, file: str) -> None:
    """No field of a data file needs an editor of texts, but for what a file is known by and what commands write."""
    desk = desk_of(portal)
    form = desk.dataset().reports[2023].form
    declared = {"agency": AGENCY, "profile": PROFILE}.get(file) or report_fields(form)
    shut = {
        "2023": {"year", "format", "digest", "corrections", "reopened", "disclosure", "requests", "review"},
        "agency": {"id"},
    }
    names = {field.name for field in (*declared.required, *declared.optional)} - shut.get(file, set())
    told = asked(desk, "GET", f"facts/{file}")
    placed = [name for group in told["groups"] for name in group["names"]]
    assert sorted(placed) == sorted(names) == sorted(field["name"] for field in told["fields"])


def test_remarks_are_written_by_the_addresses_of_their_cells(portal: Path) -> None:
    """Words at a figure are texts of any words below its address; an address that no cell has is told."""
    desk, file = desk_of(portal), portal / "data" / "2023.yml"
    said = {RECEIVED: "原件此处写作“0: 无”"}
    told = asked(desk, "PUT", "facts/2023", changes=[{"where": "remarks", "old": None, "new": said}])
    assert (told["faults"], told["said"]["remarks"]) == ([], said)
    assert f'remarks:\n  {RECEIVED}: "原件此处写作“0: 无”"\n' in file.read_text(encoding="utf-8")
    change = {"where": "remarks", "old": said, "new": {RECEIVED: "2022"}}
    assert asked(desk, "PUT", "facts/2023", changes=[change])["faults"] == []
    assert f'{RECEIVED}: "2022"\n' in file.read_text(encoding="utf-8")
    turned(desk, "undo")
    change = {"where": "remarks", "old": said, "new": {"requests.nothing": "话"}}
    assert asked(desk, "PUT", "facts/2023", changes=[change])["faults"][0]["path"][0] == "remarks"
    turned(desk, "undo")
    assert file.read_bytes() == (ROOT / "data" / "2023.yml").read_bytes()


def test_another_form_is_chosen_and_figures_stay(portal: Path) -> None:
    """A report that prints rows as one takes the portal's form for it: what both have stays, the rest waits."""
    desk, file = desk_of(portal), portal / "data" / "2023.yml"
    cells(desk, requests__received__natural_person=("0", "5"))
    (portal / "data" / "forms").mkdir()
    variant = "format: 2021\nnote: 其他处理印作一行。\nchanges:\n  - {merge: requests.results.otherwise}\n"
    (portal / "data" / "forms" / "2021-本局.yml").write_text(variant, encoding="utf-8")
    field = next(field for field in asked(desk, "GET", "facts/2023")["fields"] if field["name"] == "form")
    assert [option[0] for option in field["options"]] == ["2021", "2021-本局"]
    change = {"where": "form", "old": None, "new": "2021-本局"}
    assert asked(desk, "PUT", "facts/2023", changes=[change])["faults"] == []
    year = asked(desk, "GET", "year/2023")
    assert year["typed"][RECEIVED] == "5"
    assert year["waiting"] == 6
    assert "# " in file.read_text(encoding="utf-8")
    turned(desk, "undo")
    assert asked(desk, "GET", "year/2023")["waiting"] == 0


def test_what_is_found_is_said_in_the_words_of_pages() -> None:
    """Whoever sees pages alone reads of no file, field, command or macro; rules speak to those who edit files.

    What stands in quotation marks is quoted from the report; an address that nobody knows is of the local requirements.
    """
    form = read_dataset(ROOT / "examples", ROOT / "examples" / "data").reports[2024].form
    told = {in_words_of_pages(finding, form) for example in examples() for finding in example.findings}
    said = [re.sub(r"^\S+ |“[^”]*”|requests\.recieved", "", message) for message in told]
    assert [message for message in said if re.search(r"[a-z_]{3,}|[{}]", message)] == []
    assert any("请用“插入”放入“第三部分的表：一、本年新收政府信息公开申请数量，总计”" in message for message in told)


def test_what_is_found_is_said_in_the_words_of_letters() -> None:
    """A body reads of its sections, and of no file or folder that its superior has of it."""
    form = read_dataset(ROOT / "examples", ROOT / "examples" / "data").reports[2024].form
    place = Place("members/x/docs/2024/3-requests.md", 7, 1)
    told = {
        in_words_of_letters(
            Finding(place, re.sub("（(?=data/2|docs/)", "（members/x/", finding.partition(": ")[2]), "T1-01"), form
        )
        for example in examples()
        for finding in example.findings
    }
    said = [re.sub("“[^”]*”", "", message) for message in told]
    assert [message for message in said if re.search(r"members/|\.md|\.yml:|页面上|插入", message)] == []
    assert all(
        message.startswith("“三、收到和处理政府信息公开申请情况”：") and message.endswith("（T1-01）")
        for message in told
    )
