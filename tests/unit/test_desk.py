"""The desk without a server: its commands, what may be dropped, what an import asks, which files are handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from editing import wait
from nianbao.command.main import nianbao
from nianbao.command.start import start
from nianbao.editing.beginning import Beginning
from nianbao.editing.commands import COMMANDS, EXPORTS, START, SUBJECT, Blank, Command
from nianbao.editing.inbox import Inbox
from nianbao.editing.journal import FOLDER
from nianbao.editing.questions import answer_questions, questions
from nianbao.editing.results import result, results
from nianbao.model.project import project_at
from nianbao.reading.clock import today
from nianbao.reading.refusal import RefusedError
from previews import real_portal
from projects import run

if TYPE_CHECKING:
    from pathlib import Path

SAID = {"text": "--x 一句话", "day": "2025-01-20", "year": "2024", "yes": "yes"}


def said(command: Command) -> dict[str, str]:
    """Return something for each blank of *command*."""
    return {
        blank.name: blank.options[0][0] if blank.kind == "choice" else SAID.get(blank.kind, "")
        for blank in command.blanks
    }


@pytest.mark.parametrize("command", [*(one for one in COMMANDS if one.words), START], ids=lambda command: command.id)
def test_every_command_is_one_of_the_command_line(command: Command) -> None:
    """The command line takes the words of each button, and gets every blank as it was filled in."""
    name, *rest = command.arguments("2024", said(command), ["导入/待读/a.docx", "导入/待读/b.docx"])
    context = nianbao.commands[name].make_context(name, rest)
    given = str(context.params)
    for blank in command.blanks:
        assert blank.kind == "yes" or said(command)[blank.name] in given
    assert ("b.docx" in given) == any(blank.kind == "files" for blank in command.blanks)
    assert SUBJECT not in given


REFUSED = [
    ("day", "2025-02-30", "应为 2024-01-31 这样的日期"),
    ("day", "20250120", "应为 2024-01-31 这样的日期"),
    ("year", "24", "应为四位数的年份"),
    ("year", "--batch=x", "应为四位数的年份"),
    ("text", "a\nb", "应为一行文字"),
    ("text", "字" * 501, "应为一行文字"),
    ("text", " ", "请填写"),
    ("choice", "other", "请选择"),
]


@pytest.mark.parametrize(("kind", "text", "told"), REFUSED)
def test_what_cannot_be_taken_is_refused(kind: str, text: str, told: str) -> None:
    """What is filled in wrongly, or not at all, is told by the name of the blank."""
    blank = Blank(name="x", title="这一项", kind=kind, word="--x={}", required=True, options=(("own", "自己的"),))
    command = Command(id="c", step="", title="", hint="", words=("c",), blanks=(blank,))
    with pytest.raises(RefusedError, match=f"{told}.*|.*“这一项”.*{told}"):
        command.arguments("2024", {"x": text}, ())


def test_all_that_is_missing_is_said_at_once() -> None:
    """Somebody who fills in a form learns of every blank that it still needs, and how each is filled."""
    kinds = {"名称": "text", "类别": "choice", "材料": "files"}
    blanks = tuple(Blank(name=kind, title=title, kind=kind, word="{}", required=True) for title, kind in kinds.items())
    with pytest.raises(RefusedError) as refused:
        Command(id="c", step="", title="", hint="", words=("c",), blanks=blanks).arguments("2024", {}, ())
    assert str(refused.value).split("；") == ["请填写“名称”", "请选择“类别”", "请放入“材料”"]


BAD_NAMES = [
    "../a.docx",
    "a/b.docx",
    "a\\b.docx",
    ".a.docx",
    "a\0.docx",
    "a\n.docx",
    "",
    "con.docx",
    "x" * 121,
    "a.docx.",
    "\u202ea",
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_names_that_are_none(tmp_path: Path, name: str) -> None:
    """Nothing is written outside of the folder, nor under a name that some system does not know."""
    inbox = Inbox(tmp_path / "in")
    with pytest.raises(RefusedError, match="文件名"):
        inbox.take(name, b"x")
    with pytest.raises(RefusedError, match="文件名"):
        inbox.files([name])
    assert [*tmp_path.rglob("*")] == []


def test_files_wait_until_they_are_read(tmp_path: Path) -> None:
    """A file is kept whole, an older one of the name replaced; what is empty or too much is refused."""
    inbox = Inbox(tmp_path / "in")
    inbox.take("报告.docx", b"1")
    inbox.take("报告.docx", b"2")
    (path,) = inbox.files(["报告.docx"])
    assert path.read_bytes() == b"2"
    with pytest.raises(RefusedError, match="是空的"):
        inbox.take("b.docx", b"")
    with pytest.raises(RefusedError, match=r"b\.docx 没有收到"):
        inbox.files(["报告.docx", "b.docx"])
    for number in range(19):
        inbox.take(f"{number}.docx", b"x")
    with pytest.raises(RefusedError, match="最多 20 个"):
        inbox.take("20.docx", b"x")
    inbox.clear()
    assert [*inbox.path.iterdir()] == []


QUESTIONS = """\
# 2023年度报告导入时要问的。
问题:
  - 编号: "aaaa1111"
    问: "这一格印作“三”"
    原件: "三"
    位置: "表1"
    格: "requests.received.natural_person（自然人）"
    提议: "3"
    答复:
  - 编号: "bbbb2222"
    问: "页面人工改过"
    位置: "1-overview.md"
    格: "docs/1-overview.md"
    提议: "保留人工的"
    答复:   # 先放着
"""


def test_questions_are_answered_in_their_file(tmp_path: Path) -> None:
    """Each question says what it takes; an answer changes its line and nothing else."""
    project = project_at(real_portal(tmp_path))
    folder = tmp_path / "导入" / "2023"
    folder.mkdir(parents=True)
    assert questions(project, 2023) == {"questions": [], "open": 0, "review": ""}
    (folder / "问题.yml").write_text(QUESTIONS, encoding="utf-8")
    first, second = questions(project, 2023)["questions"]
    assert (first["choices"], first["figures"]) == (("照提议", "不详", "空白"), True)
    assert (second["choices"], second["figures"]) == (("保留人工的", "用读到的"), False)
    told = answer_questions(project, 2023, {"aaaa1111": "照提议"})
    assert told["open"] == 1
    assert answer_questions(project, 2023, {})["questions"][0]["answer"] == "照提议"
    assert (folder / "问题.yml").read_text(encoding="utf-8") == QUESTIONS.replace("答复:\n", "答复: 照提议\n", 1)
    (folder / "问题.yml").write_text("- x", encoding="utf-8")
    with pytest.raises(RefusedError, match="不能读取"):
        answer_questions(project, 2023, {})


def test_only_results_are_handed_out(tmp_path: Path) -> None:
    """The packed site, exports of a year and the page of a review; nothing else of the portal or beyond it."""
    root = real_portal(tmp_path / "portal")
    project = project_at(root)
    for name in ("site.zip", "导出/2023/a.docx", "导出/2023/.b", "导入/2023/核对.html", "导入/2023/问题.yml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    (root / "导出" / "2023" / "link.docx").symlink_to(tmp_path)
    (root / "导出" / "2024").symlink_to(tmp_path)
    (tmp_path / "secret.docx").write_bytes(b"x")
    assert [one["path"] for one in results(project, 2023)] == ["网站", "导出/2023/a.docx"]
    for name in ("网站", "导出/2023/a.docx", "导入/2023/核对.html"):
        assert result(project, name) is not None
    for name in (
        "导出/2023/.b",
        "导出/2023/../../data/2023.yml",
        "导出/2023/link.docx",
        "导出/2024/secret.docx",
        "导入/2023/问题.yml",
        "data/2023.yml",
        "site.zip",
        "",
    ):
        assert result(project, name) is None


def test_a_portal_begins_with_last_year_where_no_year_is_said(tmp_path: Path) -> None:
    """What the page promises of a blank that stays empty is what is made."""
    beginning = Beginning(tmp_path / "年报", tmp_path / "waiting")
    beginning.start({"name": "某市某区民政局", "id": "mzj", "kind": "department", "year": " "}, [])
    wait(lambda: beginning.state()["job"].get("result"), "the portal")
    state = beginning.state()
    assert (state["job"]["result"], state["made"]) == ("done", True), state["job"]["text"]
    assert [path.stem for path in (tmp_path / "年报" / "data").glob("20*.yml")] == [str(today().year - 1)]


def test_what_the_desk_makes_is_ignored_by_git(tmp_path: Path) -> None:
    """A new portal keeps exports and the journal out of Git, as it does the built site."""
    done = run(
        start,
        str(tmp_path / "年报"),
        "--name",
        "某市某区民政局",
        "--id",
        "mzj",
        "--kind",
        "department",
        "--year",
        "2025",
        project=tmp_path,
    )
    assert done.code == 0, done.printed
    ignored = (tmp_path / "年报" / ".gitignore").read_text(encoding="utf-8").split()
    assert {f"/{EXPORTS}/", f"/{FOLDER}/", "/site.zip"} <= {*ignored}
