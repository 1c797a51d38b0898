"""`nianbao start`: make a portal from nothing."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.beginning.new_portal import Beginner, make_portal, refuse_what_is_there
from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.importing import files_from, finish
from nianbao.command.options import project_of, year_of
from nianbao.command.terminal import tell
from nianbao.importing.importing import import_report, read_first
from nianbao.importing.originals import opened
from nianbao.model.kinds import KIND_TITLES
from nianbao.model.project import WrongUseError
from nianbao.reading.clock import today
from nianbao.reading.findings import shown
from nianbao.reading.source import unseen
from nianbao.reading.values import ID, ID_WORDS, macro_mark

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from nianbao.importing.original import Original

_KINDS = "、".join(f"{kind}（{label}）" for kind, label in KIND_TITLES.items())

_HELP = """新建一个机关的年报项目。

在指定的文件夹里写好机关信息、网站设置、各个页面和第一个年度的草稿。文件夹应不存在或是空的。没有写明的选项，在终端里会逐项询问。

已有报告的用 --from 写明文件，机关名称和年度从文件读出，数和文字照 nianbao import 的办法读入。
"""


@click.command(cls=ChineseCommand, short_help="新建一个机关的年报项目。", help=_HELP)
@click.argument("folder", metavar="文件夹")
@click.argument("others", metavar="[文件]…", nargs=-1)
@click.option(
    "--from", "source", metavar="文件", help="从已有的报告开始：Word、PDF、Excel、网页或文本；可以写几个文件。"
)
@click.option("--name", metavar="名称", help="机关全称，如 某某市某某区民政局。")
@click.option("--id", "id_", metavar="标识", help="固定标识，小写字母开头的字母、数字和下划线，用在文件名里。")
@click.option("--kind", metavar="类别", help=f"机关类别：{_KINDS}。")
@click.option("--region", metavar="地区", help="所在地区，可以不写。")
@click.option("--superior", metavar="机关", help="上级机关，可以不写。")
@click.option("--year", metavar="年度", help="从哪一年度的报告开始，如 2025。")
@help_option
def start(  # noqa: PLR0913, PLR0917  # one for each option
    folder: str,
    others: Sequence[str],
    source: str | None,
    name: str | None,
    id_: str | None,
    kind: str | None,
    region: str | None,
    superior: str | None,
    year: str | None,
) -> None:
    """Ask for what is missing, and make the portal."""
    paths = files_from(source, others)
    said = {"name": name, "id": id_, "kind": kind, "region": region, "superior": superior, "year": year}
    originals: tuple[Original, ...] = ()
    refuse_what_is_there(Path(folder))
    # What the files may tell is not missing yet.
    said |= _judged(_QUESTIONS, said, awaited={"name", "year"} if paths else set())
    if paths:
        originals = opened(paths)
        read = read_first(originals, int(said["year"]) if said["year"] is not None else None)
        said |= {"name": said["name"] or read.told.name or None, "year": str(read.year)}
    answers = {
        question.name: answer if answer is not None else _asked(question)
        for question, answer in zip(_QUESTIONS, _judged(_QUESTIONS, said).values(), strict=True)
    }
    body = Beginner(
        name=answers["name"],
        id=answers["id"],
        kind=answers["kind"],
        region=answers["region"],
        superior=answers["superior"],
        year=int(answers["year"]),
    )
    files = make_portal(Path(folder), body)
    if originals:
        _import(folder, body, originals)
        return
    tell(f"已在 {folder} 建立{body.name}的年报项目，{body.year} 年是草稿：")
    for file in files:
        tell(f"  {file}")
    tell("接下来：")
    tell(f"1. cd {folder}，运行 nianbao edit，在浏览器里填数字、写文字、检查、定稿和生成网站；")
    tell(f"2. 习惯改文件的，在 data/{body.year}.yml 里填数字，在 docs/{body.year} 的页面里按〔提示〕写文字，")
    tell("   在 data/agency.yml 里补上网站信息和联系方式，用 mkdocs serve 预览，随时运行 nianbao check 检查；")
    tell(f"3. 公布时运行 nianbao freeze {body.year} --published 公布日期，再运行 nianbao build 生成网站。")


def _import(folder: str, body: Beginner, originals: tuple[Original, ...]) -> None:
    """Bring *originals* into the portal that was made in *folder*."""
    tell(f"已在 {folder} 建立{body.name}的年报项目；以后的命令在那里运行：cd {folder}")
    project = project_of(folder)
    done = import_report(project, originals, body.year, today())
    finish(done, project)


@dataclass(frozen=True, slots=True)
class _Question:
    """What the option *name* says, in *words*; *read* raises WrongUseError where it does not take an answer.

    One that is *optional* may be left empty; what is *proposed* is taken by an empty answer on a terminal.
    """

    name: str
    words: str
    read: Callable[[str], str]
    optional: bool = False
    proposed: Callable[[], str] | None = None

    @property
    def option(self) -> str:
        return f"--{self.name}"

    def answer(self, text: str) -> str:
        """Return what *text* says; it may be empty where it is optional."""
        return self.read(text.strip()) if text.strip() or not self.optional else ""


def _judged(
    questions: Sequence[_Question], said: Mapping[str, str | None], *, awaited: Collection[str] = ()
) -> dict[str, str | None]:
    """Return the answers to *questions* that options have *said*, each as it is read.

    None stands for what is *awaited* from elsewhere, or can be asked on the terminal.
    Raises WrongUseError of all that is wrong and missing.
    """
    answers: dict[str, str | None] = {}
    problems: list[str] = []
    for question in questions:
        given = said[question.name]
        if given is None and (question.name in awaited or _on_terminal()):
            answers[question.name] = None
        elif given is None and not question.optional:
            problems.append(f"缺少 {question.option}（{question.words}）")
        else:
            try:
                answers[question.name] = question.answer(given or "")
            except WrongUseError as error:
                problems.append(f"{question.option} {error}")
    if problems:
        raise WrongUseError("；".join(problems))
    return answers


def _asked(question: _Question) -> str:
    """Return what is answered to *question* on the terminal, which is asked until it can be taken."""
    default = "" if question.optional else question.proposed() if question.proposed is not None else None
    while True:
        try:
            return question.answer(click.prompt(question.words, default=default, show_default=bool(default)))
        except WrongUseError as error:
            tell(str(error))


def _on_terminal() -> bool:
    return sys.stdin.isatty()


def _line(text: str) -> str:
    """Return *text* where it can be the name of a body or of a place."""
    problem = "是空的；请填写" if not text else ""
    if "\n" in text or "\r" in text:
        problem = "应为一行文字，实际有多行"
    elif hidden := unseen(text):
        problem = f"不能使用{hidden}"
    elif mark := macro_mark(text):
        problem = mark
    elif len(text) > _LONGEST:
        problem = f"超过 {_LONGEST} 个字，实际为{shown(text)}；请核对"
    if problem:
        raise WrongUseError(problem)
    return text


_LONGEST = 100


def _identifier(text: str) -> str:
    if not ID.fullmatch(text):
        message = f"应为{ID_WORDS}，实际为{shown(text)}"
        raise WrongUseError(message)
    return text


def _year(text: str) -> str:
    return str(year_of(text))


def _kind(text: str) -> str:
    for kind, label in KIND_TITLES.items():
        if re.sub(r"\s", "", text) in {kind, label}:
            return kind
    message = f"应为 {_KINDS} 之一，实际为{shown(text)}"
    raise WrongUseError(message)


_QUESTIONS = (
    _Question("name", "机关全称", _line),
    _Question("id", "固定标识（如机关名称的拼音首字母）", _identifier),
    _Question("kind", f"机关类别（{'、'.join(KIND_TITLES.values())}）", _kind),
    _Question("region", "所在地区（可以不写，按回车跳过）", _line, optional=True),
    _Question("superior", "上级机关（可以不写，按回车跳过）", _line, optional=True),
    _Question("year", "从哪一年度的报告开始", _year, proposed=lambda: str(today().year - 1)),
)
