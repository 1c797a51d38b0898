"""The page of troubles, made from the messages that tests know whole: what is told, and what to do about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml
from building import ROOT
from nianbao.rules.cases import examples
from nianbao.rules.registry import ALL_RULES
from nianbao.rules.rule import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PAGE = ROOT / "guides" / "troubles.md"

_CASES = ROOT / "tests" / "bad_data" / "cases"
# Sections of the page, with the files of cases whose messages they tell.
_SUBJECTS = {
    "数字": _CASES / "figures.yml",
    "年度数据里的其他项目": _CASES / "reports.yml",
    "文件的写法": _CASES / "writing.yml",
    "缺少的文件和多出的文件": _CASES / "files.yml",
    "机关信息": _CASES / "agency.yml",
    "本地要求": _CASES / "profile.yml",
    "门户框架": ROOT / "tests" / "unit" / "frame_mistakes.yml",
}
_HEAD = """\
# 程序提示了什么，怎么办

检查、预览和生成都用同样的话提示：`文件:行:列`，哪里不对，实际写的是什么，怎样改。
照分号后面的话做，改好以后再检查一次。
下面的提示是从程序自己的例子里取的，括号里的名称和数换成您的就是；规则的编号永久不变，可以按编号找。

先看这几种：

| 情况 | 办法 |
| --- | --- |
| 一下子提示很多处 | 从最上面的改起；改好一处常常少几处 |
| 标着“错误” | 不改不能公布；表格确实照原样公布的，写豁免和理由，见[编辑指南](../EDITING.md) |
| 标着“待核” | 程序判断不了，请人看一遍，不影响公布 |
| 标着“提醒” | 本地要求或者习惯，看过就行，不影响公布 |
| 提示“程序出错” | 这是程序的问题，不是报告的；把终端里的全部文字交给维护的人 |
| 提示“用法不对” | 命令写错了；照提示运行 `nianbao 命令 --help` |
| 网站换错了 | `nianbao rollback` 换回上一个，见[网站管理员](webmaster.md) |
"""
_PLACE = re.compile(r"\S+?:[0-9]+:[0-9]+: ")


def troubles() -> str:
    """Return the page in Markdown. The same messages give the same page."""
    return "\n".join([_HEAD, *_of_rules(), *_of_files()])


def _of_rules() -> Iterator[str]:
    """Yield a table for each family of rules: what each asks, and how it tells a fault."""
    shown: dict[str, str] = {}
    for case in examples():
        for finding in case.findings:
            shown.setdefault(case.rule, finding)
    yield "## 规则查出的问题\n"
    for family, title in FAMILIES.items():
        rules = [rule for rule in ALL_RULES if rule.code.partition("-")[0] == family]
        rows = []
        for rule in rules:
            message = _PLACE.sub("", shown.get(rule.code, ""), count=1).removeprefix(f"{rule.code} ")
            rows.append((rule.code, rule.statement, message or "—"))
        yield f"### {family} {title}\n"
        yield _table(("编号", "规则", "提示的例子"), rows)


def _of_files() -> Iterator[str]:
    """Yield a table for each subject: what is told of a file, and what to do."""
    yield "## 写文件时的问题\n"
    for title, path in _SUBJECTS.items():
        yield f"### {title}\n"
        yield _table(("提示的例子", "怎么办"), _advised(path))


def _advised(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the messages of the cases at *path* cut before their advice, which is told once."""
    told: set[str] = set()
    for case in yaml.safe_load(path.read_text(encoding="utf-8")):
        for line in case["messages"].splitlines():
            said, _, advice = _PLACE.sub("", line, count=1).partition("；")
            if advice and advice not in told:
                told.add(advice)
                yield said, advice


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *(tuple(map(_cell, row)) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _cell(text: str) -> str:
    """Return *text* as the cell of a table, where Markdown finds no marks of its own in it."""
    return re.sub(r"([\\`*_\[\]<>|~#{}])", r"\\\1", text)
