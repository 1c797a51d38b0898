"""The board of a county of sixty bodies: what is wrong with each is told, and nothing else."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import county
import pytest
from lxml import html
from nianbao.command.board import board_of
from nianbao.command.workers import LIMITS
from nianbao.members.answers import answers
from nianbao.members.board import Letter, letter
from nianbao.members.board_files import as_json, letters, page, text, workbook
from nianbao.members.bodies import TABLES, BodyRow, Rows, WordRow, files_of
from nianbao.members.copies import runs_of
from nianbao.members.register import read_register
from nianbao.model.project import project_at
from nianbao.reading.findings import Findings
from nianbao.running.processes import Processes
from python_calamine import CalamineWorkbook

if TYPE_CHECKING:
    from nianbao.members.board import Board

DAY = dt.date(2024, 2, 5)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Board:
    """Return the board of the county with all that is wrong in it."""
    portal = county.write_county(tmp_path_factory.mktemp("county"))
    county.plant(portal)
    return made(portal)


def made(portal: Path) -> Board:
    """Return the board of the county in *portal*."""
    register = read_register(portal / "data/members.yml", "data/members.yml", Findings())
    assert register is not None
    return board_of(register, project_at(portal), county.YEAR, DAY, Processes(2, LIMITS))


def numbers(board: Board, state: str) -> list[int]:
    """Return the numbers of the bodies in a *state*."""
    return [int(one.member.id.removeprefix("agency")) for one in board.standings if one.state == state]


def test_as_text_what_holds_for_all_bodies_of_a_state_is_said_once(board: Board) -> None:
    """Bodies that have not sent anything, and drafts, are late together; of the others each late one is told."""
    parts = {part.partition(" ")[0]: part for part in "\n".join(text(board)).split("\n\n")}
    for title in ("未报送", "草稿"):
        assert "/60，都已逾期：\n" in parts[title]
        assert "（逾期）" not in parts[title]
    for title, state in (("已报送", "submitted"), ("有错误", "failing")):
        assert parts[title].count("（逾期）") == sum(one.late for one in board.standings if one.state == state)
    assert "（逾期）" in parts["已报送"]


def test_every_planted_case_is_found_and_nothing_else(board: Board) -> None:
    """Each body stands where it was put, with n of sixty."""
    assert numbers(board, "missing") == [*county.MISSING, county.FOREIGN]
    assert numbers(board, "draft") == [*county.DRAFTS]
    assert numbers(board, "returned") == [county.RETURNED]
    assert numbers(board, "failing") == [*county.UNBALANCED, county.HOSTILE]
    assert numbers(board, "submitted") == [*county.LATE, *range(county.FOREIGN + 1, county.COUNT)]
    late = [int(one.member.id.removeprefix("agency")) for one in board.standings if one.late]
    assert late == [*county.MISSING, *county.DRAFTS, *county.LATE, county.RETURNED, county.FOREIGN]
    assert board.summary == (
        "2023 年度，截至 2024-02-05，应报送 60 个单位：未报送 6/60，已退回 1/60，有错误 7/60，待核实 0/60，草稿 3/60，"
        "已报送 43/60；逾期 14/60。"
    )
    first, second = county.COPIES
    assert [(copy.body, copy.other) for copy in board.copies] == [(f"agency{first:05}", f"agency{second:05}")]


def test_letters_name_what_is_to_be_done(board: Board) -> None:
    """Who has not reported is reminded, who has mistakes is told of each, who is done gets none."""
    written = [letter(one, board.office) for one in board.standings]
    assert written[0] == Letter(
        subject="催报",
        text=(
            "关于催报2023年政府信息公开工作年度报告的通知\n\n"
            "示例市示例区第0局：\n"
            "你单位2023年政府信息公开工作年度报告的报送期限为2024年1月31日，截至2024年2月5日尚未收到，已经逾期。\n"
            "请尽快报送。\n\n"
            "示例市示例区人民政府\n"
            "2024年2月5日\n"
        ),
    )
    draft, failing, hostile, returned = (text_of(written[n]) for n in (5, 12, county.HOSTILE, county.RETURNED))
    assert "仍是草稿，已经逾期。\n请尽快定稿报送。" in draft
    assert "你单位报来的2023年政府信息公开工作年度报告经检查有 1 处错误，现予退回：\n1. “三、收到和处理" in failing
    assert "请核对（T3-02）\n" in failing
    assert "\n1. 2023.yml:1:61: " in hostile
    assert "members/" not in "".join(map(text_of, written))
    assert "已于2024年1月20日退回，原因：第五部分空着。\n请改正后尽快重新报送。" in returned
    assert written[-1] is None
    assert letters(board).decode().count("：\n你单位") == 17


def text_of(written: Letter | None) -> str:
    """Return the text of a letter, nothing where none was written."""
    return written.text if written is not None else ""


def test_the_board_as_files(board: Board) -> None:
    """Page, workbook and JSON hold the same bodies; the page has no script and nothing from elsewhere."""
    tree = html.fromstring(page(board).decode())
    assert len(tree.findall(".//tbody/tr")) == 60
    assert not tree.findall(".//script")
    assert not tree.xpath("//@src | //@href")
    (sheet,) = (CalamineWorkbook.from_filelike(io.BytesIO(workbook(board))).get_sheet_by_index(0).to_python(),)
    assert sheet[0][0] == board.summary
    assert [row[0] for row in sheet[2:]] == [one.member.id for one in board.standings]
    data = json.loads(as_json(board))
    assert (data["expected"], sum(data["counts"].values()), data["late"]) == (60, 60, 14)


def test_what_a_body_writes_is_only_words(tmp_path: Path) -> None:
    """A body's words stay words on the page and in the workbook."""
    portal = county.write_county(tmp_path, 2)
    path = portal / "data/members.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("示例市示例区第0局", "'=1<script>alert(1)</script>'").partition("returned")[0], "utf-8"
    )
    board = made(portal)
    assert b"<script>" not in page(board)
    assert "<script>" in str(
        CalamineWorkbook.from_filelike(io.BytesIO(workbook(board))).get_sheet_by_index(0).to_python()
    )


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="此系统没有别的用户可换")
def test_a_folder_that_may_not_be_read_harms_nobody() -> None:
    """The body is not clear, with the reason, and is not asked for its report, the others are as they are."""
    root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as name:  # Those of pytest are closed to others as a whole.
        folder = Path(name)
        folder.chmod(0o755)
        portal = county.write_county(folder, 3)
        path = portal / "data/members.yml"
        path.write_text(path.read_text(encoding="utf-8").partition("returned")[0], encoding="utf-8")
        (portal / "members/agency00001").chmod(0)
        (portal / ".cache").mkdir()
        (portal / ".cache").chmod(0o777)
        try:
            if root:  # Root may read everything.
                os.seteuid(65534)
            board = made(portal)
        finally:
            if root:
                os.seteuid(0)
            (portal / "members/agency00001").chmod(0o755)
    assert [one.state for one in board.standings] == ["submitted", "unclear", "submitted"]
    assert board.standings[1].note == "members/agency00001 无法读取（没有权限）；请检查权限和磁盘"
    assert letters(board).decode() == "没有要催报或者退回的单位。\n"


def body_row(id_: str) -> BodyRow:
    """Return what is known of a body that has submitted, beside its words."""
    texts = dict.fromkeys(("came_on", "late_reason", "note", "check_number", "left_out", "trace"), "")
    numbers = dict.fromkeys(("returned", "format", "items_unknown"), 0)
    return BodyRow(agency=id_, state="submitted", region=None, fee=0, **texts, **numbers)  # type: ignore[arg-type]  # by name


def test_copies_are_found_among_many(tmp_path: Path) -> None:
    """One model copied by many is found; reports of their own are not, nor are names, figures and macros words."""
    model = "".join(f"窗口第{chr(0x4E00 + number)}组逐项改写{chr(0x5100 + number)}类指南。" for number in range(40))
    own = {f"own{n}": "".join(chr(0x6000 + 400 * n + m) for m in range(300)) for n in range(20)}
    own["half"] = "".join(chr(0x9000 + m) for m in range(300)) + "。" + own["own0"]  # Shares half of the words, and
    own["own0"] += "。" + "".join(chr(0x9200 + m) for m in range(300))  # so has the other.
    texts = {f"copy{n}": f"示例第{n}局{{{{ figure('a') }}}}{model}" for n in range(30)} | own
    runs = {id_: runs_of([text], [f"示例第{id_.removeprefix('copy')}局"]) for id_, text in texts.items()}
    rows = [Rows(body=body_row(id_), words=[WordRow(agency=id_, run=run) for run in own]) for id_, own in runs.items()]
    files = {name: [tmp_path / name] for name in TABLES}
    for name, content in files_of(rows).items():
        files[name][0].write_bytes(content)
    names = (f"  - {{id: {id_}, names: [{{name: {id_}, from: 2019}}], kind: department, from: 2019}}" for id_ in runs)
    (tmp_path / "members.yml").write_text("\n".join(["members:", *names]), encoding="utf-8")
    register = read_register(tmp_path / "members.yml", "members.yml", Findings())
    assert register is not None
    with answers(files, register, county.YEAR) as known:
        found = known.copies(80)
        assert known.copies(100) == ()
    assert {copy.body for copy in found} | {copy.other for copy in found} == {f"copy{n}" for n in range(30)}
    assert {copy.share for copy in found} == {100}
    bare = runs_of([model[:200]], ())
    assert bare
    assert runs_of([f"# 一 {{#s-1}}\n{model[:200]}\n{{{{ figure('a') }}}}"], ()) == bare
