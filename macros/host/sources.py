"""Sources of pages that the host cannot read, or reads as something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from macros.pages import cards
from macros.reading.findings import Findings, Place
from macros.reading.nodes import compose

if TYPE_CHECKING:
    from mkdocs.structure.files import File

    from macros.pages.session import Session

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*\n", re.DOTALL)


def check(file: File, session: Session) -> None:
    """Record what keeps *file* from being read, and let it show a card instead.

    The host ends with a traceback at a page that is not UTF-8, and shows front matter that is no YAML
    as text to the public.
    """
    findings = Findings()
    name = session.file(file.src_uri)
    try:
        source = file.content_string
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        findings.add(Place(name, line, column), "不是 UTF-8 编码；请把文件另存为 UTF-8")
    except OSError as error:
        findings.add(Place(name), f"文件无法读取（{error.strerror}）；请检查文件和权限")
    else:
        front = _FRONT_MATTER.match(source)
        node = compose(f"# \n{front[1]}", name, findings) if front else None
        if node is not None and not isinstance(node, yaml.MappingNode):
            findings.add(Place(name, 2), "页首两条 --- 之间应为“项目: 内容”；请改正或删去")
    if len(findings):
        session.findings.extend(findings.sorted())
        file.content_string = f"# 页面有误\n\n{cards.card(findings.sorted())}\n".replace("{", "&#123;")
