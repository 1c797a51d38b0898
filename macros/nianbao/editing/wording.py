"""What is found, in the words of pages: what is done there stands in place of files, their fields, macros and commands.

Rules speak to whoever edits files. On the desk nobody sees a file, so their advice names the form, the button or the
figure by what is written on it. Whatever is advised about a block that pages cannot change is for an administrator.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from nianbao.editing.facts import FOOTER, ITEM_LIST, NAMES, PUBLICATION
from nianbao.editing.words import named_figures, offset_of, token_name
from nianbao.lifecycle.labels import cell_labels
from nianbao.pages.lists import section_at
from nianbao.prose.template import Call, parse
from nianbao.reading.legible import one_line

if TYPE_CHECKING:
    from nianbao.model.form import Form
    from nianbao.reading.findings import Finding

_SECTIONS = dict(zip("123456", "一二三四五六", strict=True))
_FOOTER = f"页面最下方的“修改{FOOTER}”"
_PUBLICATION = f"年度首页的“修改{PUBLICATION}”"
_NAMES = f"栏目首页的“修改{NAMES}”"
_ADVICE = (
    (r"（data/[^（）]*\.yml(?::[0-9]+)*）", ""),
    (r"运行 nianbao fill [0-9]{4} --zero", "点“其余填 0”"),
    (r"请运行 nianbao freeze .*", "请在工作台上定稿"),
    (r"在 late_reason 写明原因", f"在{_PUBLICATION}里写明原因"),
    (r"请删去 late_reason", f"请在{_PUBLICATION}里删去原因"),
    (r"在 published_on 写上，如 [0-9-]+", f"在{_PUBLICATION}里填写"),
    (r"摘要（digest）", "摘要"),
    (r"请从版本库恢复 digest 一行", "请管理员从备份恢复"),
    (r"，各页缺少标签 [A-Za-z]+；(.*)，在 site 里写上 .*", rf"；\1，在{_FOOTER}里填写"),
    (r"请写在 agency\.yml 的 contact 里", f"请写在{_FOOTER}里"),
    (r"在 agency\.yml 的 contact 里写上", f"在{_FOOTER}里填写"),
    (r"在 agency\.yml 的 powers 里写上 [a-z_]+", f"在{_NAMES}里选上这项职权"),
    (
        r"agency\.yml 的职权（powers）里没有这一项；请改正其一",
        f"登记的职权里没有这一项；请改正这个数，或{_NAMES}",
    ),
    (r"在数据文件里写一行 blanks_are_zero: true", f"在{_PUBLICATION}里选上“空白是否表示 0”"),
    (r"在 items 里列出，没有全部列出的写 count", f"在“修改{ITEM_LIST}”里列出，没有全部列出的填条数"),
    (r"写在一行的最后，或者写 total 一行", "先点“录入原件的合计”"),
    (r"，原件没有印这张表的，请在表格样式（data/forms）里写 remove: [a-z_]+", ""),
)
_PATTERNS = tuple((re.compile(pattern), words) for pattern, words in _ADVICE)
_PAGE = re.compile(r"（docs/([0-9]{4})/([1-6])-[a-z]+\.md(?::[0-9]+)*）")
# Where files of bodies lie at their superior, and places in such files.
_ABOVE = re.compile(r"（[^（）]*/(?=docs/[0-9]{4}/)")
_FILE_OF_DATA = re.compile(r"（[^（）]*\.yml(?::[0-9]+)*）")
_NOT_ON_PAGES = "这一处不能在页面上修改，请管理员在文件里改正"
_INSERTED = re.compile("请用“插入”放入")
_ADDRESS = re.compile(r"第一处是 ([a-z0-9_.]+)")
_MACRO = re.compile(r"(?:请改正，)?(?:数字|金额)?请[^，；{]*(\{\{.*?\}\})(?: 取得|，单独成行)?")


def in_words_of_pages(message: str, form: Form) -> str:
    """Return what a finding of a report in *form* says, as somebody reads it who sees pages alone."""
    for pattern, words in _PATTERNS:
        message = pattern.sub(words, message)
    message = _PAGE.sub(lambda found: f"（{found[1]}年第{_SECTIONS[found[2]]}部分）", message)
    labels = cell_labels(form)
    message = _ADDRESS.sub(lambda found: f"第一处是“{labels.get(found[1], found[1])}”", message)
    return _MACRO.sub(lambda found: _without_macro(found[1], form), message)


def in_words_of_letters(finding: Finding, form: Form) -> str:
    """Return what a *finding* of a rule says to the body whose report in *form* it is: its section in place of a file.

    The code of the rule stands at the end, for who asks for its basis.
    """
    table, page = finding.subject.partition(".")[0], PurePosixPath(finding.place.file).name
    section = section_at(form, page) or (form.section_of(table) if table else None)
    where = f"“{section.heading}”：" if section is not None else ""
    message = _FILE_OF_DATA.sub("", _ABOVE.sub("（", one_line(finding.message)))
    said = in_words_of_pages(message, form).replace(_NOT_ON_PAGES, "请改正")
    return f"{where}{_INSERTED.sub('请改为', said)}（{finding.rule}）"


def _without_macro(written: str, form: Form) -> str:
    """Return what to do in place of writing a call of a macro."""
    call = next((part for part in parse(written, 0).parts if isinstance(part, Call)), None)
    if call is not None and call.name == "figure":
        path = str(call.argument)
        figures = [] if offset_of(call) else named_figures(form)
        name = next((one.name for one in figures if path in {one.path, one.address}), "")
        return f"请用“插入”放入“{name}”" if name else f"请照“{token_name(call, form)}”改写"
    if call is not None and call.name == "agency":
        return "请改正"
    return _NOT_ON_PAGES
