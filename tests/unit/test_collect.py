"""What bodies send is taken in: whose it is, kept as it came, newest version, what changed; nobody harms another."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import inbox
import pytest
import yaml
from agencies import write_agencies
from nianbao.command.board import board_of
from nianbao.command.collect import collect
from nianbao.command.rollup import rollup
from nianbao.command.workers import LIMITS
from nianbao.importing.gathering import gather
from nianbao.importing.importing import import_report
from nianbao.members import receiving
from nianbao.members.intake import Came, sort
from nianbao.members.receipts import newest, receipts_of
from nianbao.members.register import read_register
from nianbao.model.dataset import package_forms
from nianbao.model.project import project_at
from nianbao.reading.findings import Findings
from nianbao.running.processes import Processes
from projects import everything, run

if TYPE_CHECKING:
    from nianbao.importing.importing import Imported
    from nianbao.members.board import Board
    from nianbao.model.project import Project

# Enough for all that is planted.
COUNT = 25
DAY = dt.date(2024, 2, 5)
IN_TIME, TOO_LATE = "2024-01-20", "2024-02-03"


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the portal of a county and what its bodies send, none of it taken in."""
    folder = tmp_path_factory.mktemp("inbox")
    inbox.write_portal(folder / "county", COUNT)
    inbox.write_inbox(folder, COUNT)
    return folder


@pytest.fixture(scope="module")
def taken(sent: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a county that has taken everything in, and what was told."""
    folder = tmp_path_factory.mktemp("taken") / "all"
    shutil.copytree(sent, folder)
    portal = folder / "county"
    told = run(collect, "../收件", "--on", IN_TIME, project=portal)
    late = run(collect, "../补报", "--on", TOO_LATE, project=portal)
    assert (told.code, late.code) == (1, 0)
    return portal, told.printed + late.printed


@pytest.fixture
def own(taken: tuple[Path, str], tmp_path: Path) -> Path:
    """Return a copy of the county that a test may change."""
    shutil.copytree(taken[0].parent, tmp_path / "all")
    return tmp_path / "all/county"


def board_at(portal: Path) -> Board:
    """Return the board of the county in *portal*."""
    register = read_register(portal / "data/members.yml", "data/members.yml", Findings())
    assert register is not None
    return board_of(register, project_at(portal), inbox.YEAR, DAY, Processes(2, LIMITS))


def test_everything_planted_is_found_and_nothing_else(taken: tuple[Path, str]) -> None:
    """Reports in five formats stand where they were put; the only file that cannot be read is told."""
    portal, told = taken
    board = board_at(portal)
    states: dict[str, list[int]] = {}
    for one in board.standings:
        states.setdefault(one.state, []).append(int(one.member.id.removeprefix("agency")))
    assert states == {
        "missing": [*inbox.MISSING],
        "draft": [*inbox.DRAFTS],
        "failing": [*inbox.UNBALANCED, inbox.HOSTILE],
        "submitted": [*inbox.LATE, 18, *range(inbox.HOSTILE + 1, COUNT)],
    }
    late = [int(one.member.id.removeprefix("agency")) for one in board.standings if one.late]
    assert late == [*inbox.MISSING, *inbox.DRAFTS, *inbox.LATE]
    assert {error.rpartition("（")[2] for one in board.standings for error in one.errors} == {"T3-02）"}
    first, second = inbox.COPIES
    assert [(copy.body, copy.other) for copy in board.copies] == [(f"agency{first:05}", f"agency{second:05}")]
    assert list(board.changes) == [
        f"{inbox.OLD_NAME}自 2023 年度起改称示例县统计局。",
        f"{inbox.MERGED_NAME}自 2023 年度起不再报告：并入示例县医疗保障局。",
    ]
    assert told.splitlines()[-7].startswith("读不了  ")  # Below all that was taken in time.
    assert [line for line in told.splitlines() if not line.startswith("收下  ")] == [
        (
            "读不了  示例县应急管理局 2023 年度第 1 份（示例县应急管理局2023年报.docx）："
            "文件展开后太大，不像一份年度报告；请检查是否选错了文件"
        ),
        "收下 15 份报告，另有 1 份读不了。",
        "收下 4 份报告。",
    ]


def test_files_are_kept_as_they_came(taken: tuple[Path, str]) -> None:
    """Each file lies there with the bytes that came, its digest and the day."""
    portal, _ = taken
    came = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (portal.parent / "收件").rglob("*.*")}
    for body in inbox.bodies(COUNT):
        receipt = newest(portal, body.id, inbox.YEAR)
        if body.number in inbox.MISSING:
            assert receipt is None
            continue
        assert receipt is not None
        assert str(receipt.at.date()) == (TOO_LATE if body.number in inbox.LATE else IN_TIME)
        folder = portal / "来件" / body.id / str(inbox.YEAR) / "1"
        for sent in receipt.files:
            assert hashlib.sha256((folder / sent.name).read_bytes()).hexdigest() == sent.digest
        if body.format != "zip" and body.number not in inbox.LATE:
            assert {sent.digest for sent in receipt.files} <= came


def test_a_second_version_says_what_changed(own: Path) -> None:
    """The same again is known; a new version is the newest, and the cells that are others are told."""
    before = everything(own)
    told = run(collect, "../补报", project=own)
    assert (told.code, told.printed) == (0, "收下 0 份报告，另有 4 份以前已经收过。\n")
    assert everything(own) == before
    body = next(one for one in inbox.bodies(COUNT) if one.format == "json" and one.number in inbox.UNBALANCED)
    (file,) = (own.parent / "收件").glob(f"{body.name}*.json")
    text = file.read_text(encoding="utf-8")
    address = '"address": "requests.received.natural_person"'
    head, _, tail = text.partition(address)
    value = int(tail.partition('"value": ')[2].partition(",")[0])
    tail = tail.replace(f'"value": {value}', f'"value": {value - 1}', 1)
    text = re.sub("新收申请 ([0-9]+) 件", lambda found: f"新收申请 {int(found[1]) - 1} 件", head + address + tail)
    (own.parent / "新报").mkdir()
    (own.parent / "新报" / file.name).write_text(text, encoding="utf-8")
    told = run(collect, "../新报", project=own)
    assert told.code == 0
    assert "第 2 份" in told.printed
    label = "第三部分的表：一、本年新收政府信息公开申请数量，自然人"
    assert f"    与上一次相比变了 1 格：\n      {label}：{value} → {value - 1}\n" in told.printed
    assert len(receipts_of(own, body.id, inbox.YEAR)) == 2
    (standing,) = (one for one in board_at(own).standings if one.member.id == body.id)
    assert (standing.state, standing.errors) == ("submitted", ())


def test_what_comes_again_on_the_day_of_its_return_counts(own: Path) -> None:
    """A version taken in when the return was registered is another one; the one sent back, sent again, is not."""
    body = next(one for one in inbox.bodies(COUNT) if one.format == "json" and one.number > inbox.HOSTILE)
    (file,) = (own.parent / "收件").glob(f"{body.name}*.json")
    (own.parent / "新报").mkdir()
    register = own / "data/members.yml"

    def sent_back() -> str:
        text = register.read_text(encoding="utf-8")
        entry = f"  - {{id: {body.id}, year: {inbox.YEAR}, on: {IN_TIME}, reason: 第五部分空着}}\n"
        register.write_text(f"{text}{'' if 'returned:' in text else f'returned:{chr(10)}'}{entry}", encoding="utf-8")
        return state()

    def state() -> str:
        return next(one.state for one in board_at(own).standings if one.member.id == body.id)

    def comes(words: str) -> str:
        text = file.read_text(encoding="utf-8").replace("按类别重新整理目录", f"按类别{words}重新整理目录")
        (own.parent / "新报" / file.name).write_text(text, encoding="utf-8")
        assert run(collect, "../新报", "--on", IN_TIME, project=own).code == 0
        return state()

    assert state() == "submitted"
    assert sent_back() == "returned"
    assert comes("") == "returned"
    assert comes("再次") == "submitted"
    assert sent_back() == "returned"
    assert comes("再次") == "returned"
    assert comes("逐条") == "submitted"


def test_doubts_are_asked_and_answers_taken(own: Path) -> None:
    """A file of nobody, and one in the folder of another, are asked; answers settle them, wrong ones are told."""
    folder = own.parent / "新报"
    other, mine = (one for one in inbox.bodies(COUNT) if one.format == "docx" and one.number in {10, 15})
    (file,) = (own.parent / "收件").glob(f"{mine.name}*.docx")
    (folder / other.name).mkdir(parents=True)
    shutil.copy(file, folder / other.name / "报告.docx")
    (folder / "某处.txt").write_text("示例县保密局2023年政府信息公开工作年度报告\n", encoding="utf-8")
    (folder / "说明.txt").write_text("附上材料。\n", encoding="utf-8")
    before = everything(own)
    told = run(collect, "../新报", project=own)
    assert told.code == 3
    assert (
        f"标题写的机关是“{mine.name}”，文件或文件夹的名称却是“{other.name}”（提议：{mine.name} 2023）" in told.printed
    )
    assert "标题写的机关是“示例县保密局”，名册里没有这个名称" in told.printed
    assert "没有用到 1 个文件：\n  说明.txt：不像年度报告" in told.printed
    questions = own / "来件/问题.yml"
    assert {name for name, content in everything(own).items() if before.get(name) != content} == {"来件/问题.yml"}
    text = questions.read_text(encoding="utf-8")
    wrong = text.replace("    答复:", f"    答复: {mine.name[:-1]}")
    questions.write_text(wrong, encoding="utf-8")
    shutil.copy(file, folder / other.name / "报告（再一份）.docx")
    told = run(collect, "../新报", project=own)
    assert told.code == 1
    first, *_ = (number for number, line in enumerate(wrong.splitlines(), 1) if "答复: " in line)
    assert f"\n  来件/问题.yml:{first}:9: 名册里没有“{mine.name[:-1]}”这个单位；是否应为 {mine.name}；" in told.printed
    assert "答复有误 2 处" in told.printed
    assert told.printed.count("“示例县保密局”，名册里没有这个名称") == 1  # It is asked as before.
    assert questions.read_text(encoding="utf-8").replace('"', "") == wrong.replace('"', "")
    (folder / other.name / "报告（再一份）.docx").unlink()
    head, _, tail = text.partition("    答复:")
    places = text.split("位置: ")
    answers = ("不收", "照提议") if "某处" in places[1] else ("照提议", "不收")
    questions.write_text(
        f"{head}    答复: {answers[0]}{tail.replace('    答复:', f'    答复: {answers[1]}')}", encoding="utf-8"
    )
    told = run(collect, "../新报", project=own)
    assert told.code == 0, told.printed
    assert "另有 1 份以前已经收过" in told.printed
    assert "某处.txt：答复为不收" in told.printed
    again = run(collect, "../新报", project=own)
    assert (again.code, again.printed) == (0, told.printed)  # What was answered is not asked again.


@pytest.mark.parametrize("titled", ["报告.html", "报告.txt"])
def test_files_of_one_name_are_one_report_in_any_order(sent: Path, tmp_path: Path, titled: str) -> None:
    """One tells the body and the other the year; it is the same whichever comes first."""
    for name in ("报告.html", "报告.txt"):
        period = "统计期限自2022年1月1日起至2022年12月31日止。政府信息公开情况如下。"
        words = "示例县民政局政府信息公开工作年度报告" if name == titled else period
        (tmp_path / name).write_text(f"<p>{words}</p>" if name.endswith("html") else f"{words}\n", encoding="utf-8")
    register = read_register(sent / "county/data/members.yml", "data/members.yml", Findings())
    assert register is not None
    came = Came(gathered=gather([tmp_path], tmp_path / "展开"), sites={}, year=None, answers={})
    done = sort(came, register, Processes(1, LIMITS))
    assert [(one.member.id, one.year, len(one.files)) for one in done.submissions] == [("agency00005", 2022, 2)]
    assert (done.asked, done.refused, done.unused) == ((), (), ())


def test_two_reports_in_one_file_are_asked(own: Path) -> None:
    """A file with the reports of two bodies is taken as neither's."""
    one, other = inbox.bodies(COUNT)[20:22]
    reports = [
        f"{body.name}2023年政府信息公开工作年度报告\n政府信息公开平稳。\n一、本年新收政府信息公开申请数量 1\n"
        for body in (one, other)
    ]
    (own.parent / "新报").mkdir()
    (own.parent / "新报/年报.txt").write_text("".join(reports), encoding="utf-8")
    told = run(collect, "../新报", project=own)
    assert told.code == 3
    assert f"年报.txt：除{one.name}以外，还有{other.name}的报告；请写 不收，让各单位分开报来\n" in told.printed
    (own.parent / "新报/年报.txt").write_text(reports[0] + reports[0], encoding="utf-8")
    assert "以外" not in run(collect, "../新报", project=own).printed


def test_names_and_years_that_do_not_fit_are_told(own: Path) -> None:
    """An old name is taken and told; who has been merged is asked about, with who goes on; years are counted."""
    folder = own.parent / "新报"
    folder.mkdir()
    body = inbox.bodies(COUNT)[inbox.RENAMED]
    (source,) = (own.parent / "收件").glob(f"{inbox.bodies(COUNT)[20].name}*")
    for number, (name, year) in enumerate([(inbox.OLD_NAME, 2023), (inbox.OLD_NAME, 2022), (inbox.MERGED_NAME, 2023)]):
        report = docx.Document(str(source))
        for run_ in (run_ for paragraph in report.paragraphs for run_ in paragraph.runs):
            run_.text = run_.text.replace(inbox.bodies(COUNT)[20].name, name).replace("2023", str(year))
        report.save(str(folder / f"{number}.docx"))
    told = run(collect, "../新报", project=own).printed
    assert f"    标题写的是“{inbox.OLD_NAME}”，2023 年度的名称是“{body.name}”；请核对\n" in told
    assert told.count("标题写的是") == 1
    assert "\n收下 2 份报告（2022 年度 1 份，2023 年度 1 份）。\n" in told
    assert f"“{inbox.MERGED_NAME}”按名册不编制 2023 年度的报告，由示例县医疗保障局承接\n" in told


def test_what_could_not_be_read_keeps_its_day(own: Path) -> None:
    """A file that is tried again came on the day on which it came first."""
    hostile = inbox.bodies(COUNT)[inbox.HOSTILE]
    (file,) = (own.parent / "收件").glob(f"{hostile.name}*")
    told = run(collect, str(file), "--on", TOO_LATE, project=own)
    assert told.printed.endswith("\n收下 0 份报告，另有 1 份读不了。\n")
    receipt = newest(own, hostile.id, inbox.YEAR)
    assert receipt is not None
    assert (str(receipt.at.date()), receipt.number) == (IN_TIME, 1)


def test_a_run_that_ends_in_the_middle_starts_again(sent: Path, tmp_path: Path) -> None:
    """What was half kept when the process was killed has not come; the next run takes it, and nothing twice."""
    shutil.copytree(sent, tmp_path / "all")
    portal = tmp_path / "all/county"
    body = inbox.bodies(COUNT)[20]
    half = portal / "来件" / body.id / str(inbox.YEAR) / ".1.new"
    half.mkdir(parents=True)
    (half / "报告.docx").write_bytes(b"half")
    (tmp_path / "all/一份").mkdir()
    (file,) = (tmp_path / "all/收件").glob(f"{body.name}*")
    shutil.copy(file, tmp_path / "all/一份")
    assert newest(portal, body.id, inbox.YEAR) is None
    assert run(collect, "../一份", project=portal).code == 0
    assert [path.name for path in half.parent.iterdir()] == ["1"]
    assert run(collect, "../一份", project=portal).printed == "收下 0 份报告，另有 1 份以前已经收过。\n"


def test_a_copy_of_a_file_is_the_same_report(own: Path) -> None:
    """It is told beside the file that was taken, whatever its name and folder; once taken, it stays so."""
    folder = own.parent / "两份"
    (folder / "再发").mkdir(parents=True)
    body = inbox.bodies(COUNT)[20]
    (file,) = (own.parent / "收件").glob(f"{body.name}*")
    shutil.rmtree(own / "来件" / body.id)
    for name in (f"{file.stem}{file.suffix}", f"{file.stem} (1){file.suffix}", f"再发/{file.name}"):
        shutil.copy2(file, folder / name)
    told = run(collect, "../两份", project=own)
    assert told.code == 0
    assert told.printed.count("收下  ") == 1
    assert "收下 1 份报告。" in told.printed
    assert told.printed.count("是同一份") == 2
    assert run(collect, "../两份", project=own).printed.startswith("收下 0 份报告，另有 1 份以前已经收过。\n")


def test_hostile_archives_are_told(own: Path) -> None:
    """Locked, damaged, packed in one another and leading elsewhere: each is told, the good one beside is taken."""
    folder = own.parent / "新报"
    folder.mkdir()
    body = inbox.bodies(COUNT)[20]
    (file,) = (own.parent / "收件").glob(f"{body.name}*")
    (folder / "坏.zip").write_bytes(b"PK\x03\x04 damaged")
    (folder / "包.rar").write_bytes(b"Rar!")
    (folder / "链接.docx").symlink_to("/etc/passwd")
    inner = folder / "0.zip"
    for depth in range(5):
        outer = folder / f"{depth + 1}.zip"
        with zipfile.ZipFile(outer, "w") as packed:
            if depth:
                packed.write(inner, inner.name)
            else:
                packed.writestr("a.txt", "x")
        inner.unlink(missing_ok=True)
        inner = outer
    with zipfile.ZipFile(folder / "越界.zip", "w") as packed:
        packed.write(file, f"../../../{file.name}")
        packed.writestr("../../../../tmp/nianbao-stranger.txt", "x")
    told = run(collect, "../新报", project=own)
    assert told.code == 1
    assert "坏.zip：ZIP 已经损坏" in told.printed
    assert "包.rar：这种压缩文件不能解开" in told.printed
    assert "ZIP 里又有 ZIP" in told.printed
    assert "passwd" not in told.printed
    assert "另有 1 份以前已经收过" in told.printed
    assert not Path("/tmp/nianbao-stranger.txt").exists()  # noqa: S108  # where it would have led


def test_a_killed_worker_and_a_full_disk_leave_the_others_alone(
    sent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose process is killed is told and read again by the next run; a full disk takes nothing half."""
    shutil.copytree(sent, tmp_path / "all")
    portal, few = tmp_path / "all/county", tmp_path / "all/几份"
    few.mkdir()
    chosen = [body for body in inbox.bodies(COUNT) if body.number in {10, 17, 22}]
    for body in chosen:
        (file,) = (path for name in ("收件", "补报") for path in (tmp_path / "all" / name).glob(f"{body.name}*"))
        shutil.copy(file, few)
    full = subprocess.run(
        ["bash", "-c", 'ulimit -f 4; exec "$0" -m nianbao collect ../几份', sys.executable],
        cwd=portal,
        capture_output=True,
        text=True,
        check=False,
    )
    assert full.returncode == 1, full.stderr
    assert "文件超过了允许的大小" in full.stdout + full.stderr
    assert "Traceback" not in full.stderr
    assert all(newest(portal, body.id, inbox.YEAR) is None for body in chosen)
    victim = chosen[1]

    def killed(project: Project, *others: Any) -> Imported:  # noqa: ANN401  # as the real one
        if project.data.parent.name == victim.id:
            os.kill(os.getpid(), signal.SIGKILL)
        return import_report(project, *others)

    monkeypatch.setattr(receiving, "import_report", killed)  # Processes of the crew are forked with it.
    told = run(collect, "../几份", project=portal)
    assert told.code == 1
    assert f"读不了  {victim.name} 2023 年度第 1 份" in told.printed
    assert "程序意外结束" in told.printed
    assert told.printed.count("收下  ") == 2
    monkeypatch.undo()
    told = run(collect, "../几份", project=portal)
    assert (told.code, told.printed.count("收下  ")) == (0, 1), told.printed
    assert "另有 2 份以前已经收过" in told.printed
    assert not receipts_of(portal, victim.id, inbox.YEAR)[0].refused


def test_the_roll_up_is_an_independent_sum(own: Path, tmp_path: Path) -> None:
    """What came as Word, PDF, Excel, JSON and ZIP adds up to the figures from which these files were made."""
    forms = {number: form for number, form in package_forms().editions.items() if form is not None}
    write_agencies(tmp_path / "made", forms, COUNT, (inbox.YEAR,))
    good = [*inbox.LATE, 18, *range(inbox.HOSTILE + 1, COUNT)]
    expected = [
        [sum(cells) for cells in zip(*rows, strict=True)]
        for rows in zip(*(rows_of(tmp_path / f"made/agency{number:05}/2023.yml") for number in good), strict=True)
    ]
    assert run(rollup, str(inbox.YEAR), project=own).code == 0
    assert rows_of(own / "data/2023.yml") == expected


def rows_of(path: Path) -> list[list[Any]]:
    """Return the rows of figures in a data file, in its order, without totals."""
    found: list[list[Any]] = []

    def walk(node: Any, width: int) -> None:  # noqa: ANN401  # what YAML holds
        if isinstance(node, dict):
            for below in node.values():
                walk(below, width)
        else:
            found.append([Decimal(str(value)) for value in node[:width]])

    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    for table, width in (("disclosure", 3), ("requests", 6), ("review", 4)):
        walk(data[table], width)
    return found
