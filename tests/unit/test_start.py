"""A portal made from nothing: right at once, of nobody else, and whole or not there."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

import pytest
import yaml
from building import ROOT, nianbao
from building import run as run_engine
from click.testing import CliRunner
from nianbao.beginning import new_portal
from nianbao.beginning.new_portal import Beginner, make_portal
from nianbao.command import start as command
from nianbao.command.start import start
from nianbao.model.dataset import read_dataset
from nianbao.reading.refusal import RefusedError
from projects import everything

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = ("--name", "某某市某某区民政局", "--id", "mzj", "--kind", "department", "--year", "2025")
# Words of the bodies whose reports lie in this repository.
STRANGERS = ("武昌", "武汉", "网格化", "示例", "wghfwzx", "slqcgj")


def started(folder: Path, *options: str, answers: str | None = None) -> tuple[int, str]:
    """Run the command in *folder*; return its exit code, or 2 for wrong use, and what it prints."""
    with contextlib.chdir(folder):
        done = CliRunner().invoke(start, options, input=answers)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        return 2, str(done.exception)
    return done.exit_code, done.output


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a portal just made."""
    folder = tmp_path_factory.mktemp("started")
    code, printed = started(folder, "portal", *OPTIONS, "--region", "某某市", "--superior", "某某市某某区人民政府")
    assert code == 0, printed
    assert "1. cd portal，运行 nianbao edit" in printed, "the desk is what most begin with"
    return folder / "portal"


def test_it_is_right_at_once(portal: Path) -> None:
    """The check finds no error, and only what is still to write."""
    done = nianbao("check", folder=portal)
    assert done.code == 0, done.printed
    assert "不能撤下" not in done.printed
    assert "可以公布" not in done.printed
    assert done.printed.count("提示还没有改写") == 13
    assert "P-12 主动公开的信息一条也没有列出" in done.printed


def test_settings_are_short_and_of_nobody_else(portal: Path) -> None:
    """mkdocs.yml has at most 20 lines; no file says a word of the bodies in this repository."""
    assert len((portal / "mkdocs.yml").read_text(encoding="utf-8").splitlines()) <= 20
    for name, content in everything(portal).items():
        assert [word for word in STRANGERS if word.encode() in content] == [], name


def test_its_data_are_read(portal: Path) -> None:
    """The agency and the draft of the first year are what was said."""
    dataset = read_dataset(portal, portal / "data")
    assert dataset.findings == ()
    assert dataset.agency is not None
    assert (dataset.agency.id, dataset.agency.kind, dataset.agency.region) == ("mzj", "department", "某某市")
    assert dataset.agency.superior == "某某市某某区人民政府"
    assert dataset.reports[2025].agency_name == "某某市某某区民政局"
    assert dataset.drafts == {2025}


def test_nothing_is_published_yet(portal: Path) -> None:
    """A build says so in plain words and makes no site; the preview's engine builds all pages."""
    done = nianbao("build", folder=portal)
    assert done.code == 1
    assert "还没有公布的报告，没有生成网站" in done.printed
    assert not (portal / "site").exists()
    done = run_engine("mkdocs", "build", "-q", "-d", "elsewhere", folder=portal)
    assert done.code == 0, done.printed
    assert (portal / "elsewhere/index.html").is_file()
    assert not (portal / "elsewhere/2025").exists()


NAMES = [
    "某某\"市\" '区': 民政局 # 甲",
    "<script>alert(1)</script>局",
    "- [甲]: {乙} & *丙 !丁 %戊 @己 `庚`",
    "yes",
    "甲\\n乙局",
    "甲" * 100,
]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_written_as_they_are(tmp_path: Path, name: str) -> None:
    """Whatever a name holds is data: it comes back as it was given."""
    code, printed = started(tmp_path, "portal", "--name", name, *OPTIONS[2:])
    assert code == 0, printed
    dataset = read_dataset(tmp_path / "portal", tmp_path / "portal" / "data")
    assert dataset.findings == ()
    assert dataset.reports[2025].agency_name == name
    done = nianbao("check", folder=tmp_path / "portal")
    assert "Traceback" not in done.printed
    assert done.code == 0, done.printed


WRONG = {
    ("--name", "甲\n乙局"): "--name 应为一行文字，实际有多行",
    ("--name", "甲{{ year() }}局"): "--name 不能含有“{{”",
    ("--name", "  "): "--name 是空的",
    ("--name", "甲\u200b局"): "--name 不能使用看不见的字符 U+200B",
    ("--name", "甲" * 101): "--name 超过 100 个字",
    ("--region", "甲\r市"): "--region 应为一行文字",
    ("--superior", "{% x %}"): "--superior 不能含有“{%”",
    ("--id", "Mzj"): "--id 应为小写字母开头的字母、数字和下划线",
    ("--id", "m" * 61): "--id 应为小写字母开头的字母、数字和下划线，不多于 60 个",
    ("--id", "../mzj"): "--id 应为小写字母开头",
    ("--kind", "局"): "--kind 应为 government（县级以上人民政府）、township（乡镇人民政府）",
    ("--year", "25"): "--year 年度应为四位数的年份",
}


@pytest.mark.parametrize("wrong", WRONG, ids=" ".join)
def test_wrong_answers_are_refused(tmp_path: Path, wrong: tuple[str, str]) -> None:
    """What cannot be used is told with its option, and nothing is made."""
    code, printed = started(tmp_path, "portal", *OPTIONS, *wrong)
    assert code == 2
    assert printed.startswith(WRONG[wrong])
    assert list(tmp_path.iterdir()) == []


def test_missing_answers_are_refused_where_nobody_can_be_asked(tmp_path: Path) -> None:
    """Without a terminal all missing and wrong options are named, before any file is read."""
    code, printed = started(tmp_path, "portal", "--year", "25")
    assert code == 2
    assert [part.split("（")[0] for part in printed.split("；")][:3] == ["缺少 --name", "缺少 --id", "缺少 --kind"]
    assert "；--year 年度应为四位数的年份" in printed
    (tmp_path / "report.docx").write_bytes(b"never read")
    code, printed = started(tmp_path, "portal", "--from", str(tmp_path / "report.docx"))
    assert code == 2
    assert printed.startswith(
        "缺少 --id（固定标识（如机关名称的拼音首字母））；缺少 --kind（机关类别（县级以上人民政府、"
    )


def test_a_terminal_is_asked_until_the_answer_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each question is put again after a wrong answer; what may be left out can be passed over."""
    monkeypatch.setattr(command, "_on_terminal", lambda: True)
    answers = "某某局\nMZJ\nmzj\n局\n政府部门\n\n某某区人民政府\n2024\n"
    code, printed = started(tmp_path, "portal", answers=answers)
    assert code == 0, printed
    dataset = read_dataset(tmp_path / "portal", tmp_path / "portal" / "data")
    assert dataset.agency is not None
    assert (dataset.agency.kind, dataset.agency.region, dataset.agency.superior) == ("department", "", "某某区人民政府")
    assert set(dataset.reports) == {2024}


@pytest.mark.parametrize("taken", ["file", "folder", "hidden"])
def test_what_is_there_stays(tmp_path: Path, taken: str) -> None:
    """A folder that holds anything is refused, and left as it is."""
    target = tmp_path / "portal"
    if taken == "file":
        target.write_text("work", encoding="utf-8")
    else:
        target.mkdir()
        (target / (".git" if taken == "hidden" else "work.txt")).write_text("work", encoding="utf-8")
    before = everything(tmp_path)
    code, printed = started(tmp_path, "portal", *OPTIONS)
    assert code == 1
    assert "没有建立任何内容" in printed
    assert everything(tmp_path) == before


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    """A folder that is empty takes the portal."""
    (tmp_path / "portal").mkdir()
    assert started(tmp_path, "portal", *OPTIONS)[0] == 0
    assert (tmp_path / "portal/mkdocs.yml").is_file()


def test_the_current_folder_is_refused(tmp_path: Path) -> None:
    """The folder in which people stand cannot be exchanged under them."""
    (tmp_path / "portal").mkdir()
    code, printed = started(tmp_path / "portal", ".", *OPTIONS)
    assert code == 1
    assert "请到上一级文件夹里运行 nianbao start portal" in printed


def test_a_year_without_a_form_is_refused(tmp_path: Path) -> None:
    """Where no edition of the form holds for the year, nothing is made."""
    code, printed = started(tmp_path, "portal", *OPTIONS[:-1], "2007")
    assert code == 1
    assert "没有适用于 2007 年度的格式" in printed
    assert list(tmp_path.iterdir()) == []


BODY = Beginner(name="某某局", id="mzj", kind="department", region="", superior="", year=2025)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, OSError, RuntimeError])
def test_interrupted_it_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[BaseException]
) -> None:
    """Whatever ends it before the last step, there is no portal and no trace."""

    def fail(*_: object) -> None:
        raise kind

    monkeypatch.setattr(new_portal, "write_schemas", fail)
    with pytest.raises((kind, RefusedError)):
        make_portal(tmp_path / "portal", BODY)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be forked and killed")
def test_killed_it_leaves_no_half_portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that is killed before the last step has made no portal, and the next one clears up after it."""
    monkeypatch.setattr(new_portal, "write_schemas", lambda *_: os._exit(9))
    child = os.fork()
    if not child:
        make_portal(tmp_path / "portal", BODY)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert not (tmp_path / "portal").exists()
    monkeypatch.undo()
    make_portal(tmp_path / "portal", BODY)
    assert [path.name for path in tmp_path.iterdir()] == ["portal"]


def test_its_pages_are_those_of_this_repository() -> None:
    """A new portal begins with the pages that the published portal has."""
    pages = {path.name: path.read_text(encoding="utf-8") for path in (new_portal.START / "docs").glob("*.md")}
    assert set(pages) == {"index.md", "check.md", "compare.md", "downloads.md"}
    for name in ("check.md", "compare.md", "downloads.md"):
        assert pages[name] == (ROOT / "docs" / name).read_text(encoding="utf-8"), name
    assert yaml.safe_load((new_portal.START / "mkdocs.yml").read_text(encoding="utf-8")) == yaml.safe_load(
        (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    )
