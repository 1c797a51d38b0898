"""The HTML of head and foot, judged as pages are: by the list of `nianbao.pages.allowed`, and whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.frame.pictures import pieces, relative
from nianbao.html.structure import Structure
from nianbao.model.frame import LARGEST, PICTURES
from nianbao.pages.attachments import drawing_problem
from nianbao.prose.markup import judge
from nianbao.reading.disk import reason, size_of
from nianbao.reading.findings import Finding, Place, position, shown
from nianbao.reading.values import macro_mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.frame import Fragment, Frame

_COMMENT = re.compile("<!--.*?(?:-->|\\Z)", re.DOTALL)
_DOCTYPE = "<!doctype html>"
_HEADING = re.compile("<h1[\\s>]", re.IGNORECASE)


def frame_problems(frame: Frame | None) -> Iterator[Finding]:
    """Yield what is wrong with the files of *frame*, each at its place; nothing where there is no frame."""
    if frame is None:
        return
    for fragment in frame.fragments:
        yield from _problems(fragment, frame)
    if frame.logo and (message := _picture_problem(frame, frame.logo)) is not None:
        yield Finding(frame.place, f"标志 {frame.logo}：{message}")


def _problems(fragment: Fragment, frame: Frame) -> Iterator[Finding]:
    html = fragment.html
    for comment in _COMMENT.finditer(html):
        yield _finding(fragment, comment.start(), "注释会留在公开网页的源代码里，谁都看得到；请删去")
    plain = _COMMENT.sub(lambda found: re.sub("[^\n]", " ", found[0]), html)
    mark = macro_mark(plain)
    if mark is not None:
        yield Finding(Place(fragment.file), f"页头、页脚的文件{mark}")
    for heading in _HEADING.finditer(plain):
        yield _finding(fragment, heading.start(), "页头、页脚里不能用 <h1>，它是每页的标题；请改用段落")
    markup = judge(plain, plain, 0)
    for refused in markup.refused:
        yield _finding(fragment, refused.at, refused.message.replace("放进 docs", f"放进 {frame.folder_name}"))
    for fault in Structure(_DOCTYPE + plain).faults:
        column = fault.column - (len(_DOCTYPE) if fault.line == 1 else 0)
        yield Finding(Place(fragment.file, fault.line, max(column, 1)), f"{fault.text}；请改正")
    pictures = {file for _, file in pieces(fragment) if file}
    for address in markup.addresses:
        if not relative(address.text):
            continue
        if address.text not in pictures:
            message = f"链接{shown(address.text)}应为完整的网址，相对地址在各页指向不同的地方；请从浏览器的地址栏复制"
            yield _finding(fragment, address.at, message)
        elif (problem := _picture_problem(frame, address.text)) is not None:
            yield _finding(fragment, address.at, f"图片{shown(address.text)}：{problem}")


def _picture_problem(frame: Frame, name: str) -> str | None:
    """Return why the picture *name* cannot be shown, or None."""
    if name.rpartition(".")[2] not in PICTURES or "/" in name or not name.isascii():
        return f"应为 {frame.folder_name} 里的文件名，用英文字母和数字，以 .{'、.'.join(sorted(PICTURES))} 结尾；请改名"
    try:
        size = size_of(frame.folder / name)
    except OSError as error:
        return f"{frame.folder_name}/{name} 读不了（{reason(error)}）；请补上文件"
    if size > LARGEST:
        return f"超过 {LARGEST} 字节，每一页都要载入；请缩小"
    return drawing_problem(frame.folder / name, size) if name.endswith(".svg") else None


def _finding(fragment: Fragment, at: int, message: str) -> Finding:
    return Finding(Place(fragment.file, *position(fragment.html, at)), message)
