"""Sources of pages that the host cannot read, or reads as something else than the author meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from macros.pages import cards
from macros.pages.lists import section_page
from macros.pages.session import FRONT_MATTER, front_matter
from macros.reading.findings import Findings, Place, shown
from macros.reading.nodes import compose
from macros.reading.source import unseen
from macros.reading.values import Reader

if TYPE_CHECKING:
    from mkdocs.structure.files import File

    from macros.pages.session import Session

# What a page may say above its text, and how: words, true or false, or left to the theme.
_TEXTS, _SWITCHES, _OTHER = ("title", "description"), ("render_macros", "whole_report"), ("hide", "search")

_HEADING = re.compile(r"^#(?!#)[ \t]+(?P<text>.*?)[ \t]*(?:\{[:#][^{}]*\})?[ \t]*#*$", re.MULTILINE)
_FENCED = re.compile(r"^(```+|~~~+).*?^\1", re.MULTILINE | re.DOTALL)


def check(file: File, session: Session) -> None:
    """Record what is wrong with the source of *file*; what cannot be read shows a card instead.

    The host ends with a traceback at a page that is not UTF-8 or whose title is a number, and shows
    front matter that is no YAML as text to the public.
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
        _front_matter(source, name, findings)
        _characters(source, name, findings)
    if len(findings):
        session.findings.extend(findings.sorted())
        file.content_string = f"# 页面有误\n\n{cards.card(findings.sorted())}\n".replace("{", "&#123;")
    else:
        _title(file, source, session)


def _front_matter(source: str, name: str, findings: Findings) -> None:
    front = FRONT_MATTER.match(source)
    if front is None:
        if re.match(r"---[ \t]*\n\S", source):
            findings.add(Place(name), "页首的 --- 没有结束；请在页首内容之后另起一行写 ---")
        return
    root = compose(f"# \n{front[1]}", name, findings)
    if root is None:
        return
    reader = Reader(name, findings)
    nodes = reader.mapping(root, "页首", required=(), optional=[*_TEXTS, *_SWITCHES, *_OTHER])
    for key in _SWITCHES:
        if key in nodes:
            reader.boolean(nodes[key], f"页首的 {key} ")
    for key in _TEXTS:
        text = reader.text(nodes[key], f"页首的 {key} ") if key in nodes else None
        if text is None:
            continue
        if "{{" in text or "{%" in text:
            reader.fault(nodes[key], f"页首的 {key} 里不能用宏；请直接写文字，或删去此行")
        elif not isinstance(front_matter(source).get(key), str):
            reader.fault(nodes[key], f"页首的 {key} 应为文字，实际为{shown(text)}；请加双引号")


def _characters(source: str, name: str, findings: Findings) -> None:
    """Record control characters and those that make a line read otherwise than it says; tabs are no harm here."""
    for number, line in enumerate(source.split("\n"), 1):
        harmless = re.sub("[\t\u3000\u00a0\u00ad\u200b-\u200d\u2060]", "", line.removesuffix("\r"))
        what = unseen(harmless)
        if what is not None:
            findings.add(Place(name, number), f"不能使用{what}")
            return


def _title(file: File, source: str, session: Session) -> None:
    """Record a section's page whose heading is not the statutory one (第五十条; 2021 form, six sections)."""
    year, _, page = file.src_uri.partition("/")
    report = session.portal.reports.get(int(year)) if year.isdigit() else None
    if report is None:
        return
    titles = {section_page(report.form, section): section.heading for section in report.form.sections}
    if page not in titles:
        return
    expected = titles[page]
    front = FRONT_MATTER.match(source)
    start = front.end() if front else 0
    body = _FENCED.sub(lambda fence: re.sub(r"[^\n]", " ", fence.group()), source[start:])
    found = _HEADING.search(body)
    if found is None:
        session.findings.add(Place(session.file(file.src_uri)), f"缺少大标题；第一行应为“# {expected}”")
    elif found["text"] != expected:
        line = source.count("\n", 0, start + found.start()) + 1
        place = Place(session.file(file.src_uri), line, 3)
        session.findings.add(place, f"大标题应为“{expected}”，实际为{shown(found['text'])}；请照格式改正")
