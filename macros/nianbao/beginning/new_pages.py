"""The pages of a new year: headings of the form, sentences with the year's figures, prompts for what is to write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.beginning import prompts
from nianbao.beginning.promises import SECTION as IMPROVEMENT
from nianbao.pages.lists import FULL_TEXT_PAGE, PICTURE_PAGE, section_page
from nianbao.prose.escaping import within_line
from nianbao.prose.numerals import TO_TEN
from nianbao.prose.passages import PROMPT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.beginning.promises import Promises
    from nianbao.model.form import Form, Section
    from nianbao.model.profile import Profile
    from nianbao.model.report import Report


# What section 1 reports on where the form does not list it.
_PARTS = ("主动公开", "依申请公开", "政府信息管理", "政府信息公开平台建设", "监督保障")

# Names that can stand between the quotes of a macro.
_QUOTABLE = re.compile(r"[\w（）、《》〔〕“”]+")


def page_texts(form: Form, year: int, previous: Report | None, promises: Promises, profile: Profile) -> dict[str, str]:
    """Return the pages of *year* by file name; *previous* is the report of the year before."""
    texts = {"index.md": f"{INDEX_ABOVE}\n\n{_preface(form)}\n\n{INDEX_BELOW}\n"}
    for number, section in enumerate(form.sections, 1):
        id_ = f"section-{number}"
        lines = list(_SECTIONS.get(section.id, _other_section)(form, section, previous, promises, id_))
        wanted = [rule.wanted for rule in profile.headings if rule.section == section.id and rule.holds_for(year)]
        lines += _local_headings(wanted, [line for line in lines if line.startswith("## ")], id_)
        texts[section_page(form, section)] = "\n\n".join([f"# {section.heading} {{#{id_}}}", *lines]) + "\n"
    texts[FULL_TEXT_PAGE] = _FULL_TEXT
    texts[PICTURE_PAGE] = _PICTURE
    return texts


def _local_headings(wanted: Sequence[str], headings: Sequence[str], id_: str) -> Iterator[str]:
    """Yield the headings that local requirements ask for beyond those that are there."""
    number = len(headings)
    for words in wanted:
        if number < len(TO_TEN) and not any(word in heading for word in words.split("|") for heading in headings):
            number += 1
            yield f"## （{TO_TEN[number - 1]}）{within_line(words.split('|')[0])} {{#{id_}-{number}}}"
            yield f"{PROMPT}写本地要求的这一项，没有这种情况的也写明。"


# What the page that opens a year has above and below its preface.
INDEX_ABOVE = "{{ report_heading() }}"
INDEX_BELOW = """\
{{ key_figures() }}

{{ correction_list() }}

## 报告正文 {#sections}

{{ section_list() }}

## 下载 {#downloads}

{{ download_list() }}"""


def _preface(form: Form) -> str:
    count = TO_TEN[len(form.sections) - 1]
    return f"""\
{{{{ agency() }}}}依照《中华人民共和国政府信息公开条例》第五十条，按{within_line(form.basis)}规定的格式编制本报告。
报告分为{count}个部分，数据的统计期限为{{{{ year() }}}}年1月1日至{{{{ year() }}}}年12月31日。

{PROMPT}{prompts.PREFACE}"""


_FULL_TEXT = """\
---
title: 全文
whole_report: true
search:
  exclude: true
---

{{ report_heading() }}

{{ correction_list() }}

{{ full_text() }}
"""


_PICTURE = """\
---
title: 一图读懂
---

{{ year_picture() }}
"""


def _overview(form: Form, section: Section, previous: Report | None, _: Promises, id_: str) -> Iterator[str]:
    for number, part in enumerate(section.parts or _PARTS, 1):
        yield f"## （{TO_TEN[number - 1]}）{part} {{#{id_}-{number}}}"
        sentence = _part_sentence(form, part, previous)
        if sentence:
            yield sentence
        yield PROMPT + prompts.of_part(part)


def _part_sentence(form: Form, part: str, previous: Report | None) -> str:
    """Return what the data say of a *part* of section 1, by macros."""
    if part == "主动公开":
        known = previous.categories if previous is not None else ()
        named = [category.name for category in known if _QUOTABLE.fullmatch(category.name)]
        counts = "、".join(f"{name}{_figure(f'items.{name}')}条" for name in named)
        return f"{{{{ year() }}}}年主动公开政府信息{_figure('items')}条{f'，其中{counts}' if counts else ''}。"
    if part == "依申请公开":
        return (
            f"{{{{ year() }}}}年新收政府信息公开申请{_figure('requests.received')}件，"
            f"其中自然人{_figure('requests.received.natural_person')}件、"
            f"法人或其他组织{_figure('requests.received.organizations')}件；"
            f"上年结转{_figure('requests.carried_in')}件。\n"
            f"本年办结{_figure('requests.results.total')}件，结转下年度继续办理{_figure('requests.carried_out')}件。"
        )
    documents = "normative_documents"
    table = form.table("disclosure")
    if part == "政府信息管理" and table is not None and table.find(f"{documents}.in_force"):
        issued, repealed, in_force = (
            _figure(f"disclosure.{documents}.{column}") for column in ("issued", "repealed", "in_force")
        )
        return f"{{{{ year() }}}}年制发行政规范性文件{issued}件、废止{repealed}件，现行有效{in_force}件。"
    return ""


def _disclosure(_form: Form, _section: Section, _previous: Report | None, _: Promises, _id: str) -> Iterator[str]:
    yield f"{{{{ year() }}}}年主动公开政府信息{_figure('items')}条，各类处理决定和收费的数量见下表。"
    yield '{{ statutory_table("disclosure") }}'
    yield '{{ year_changes("disclosure") }}'
    yield PROMPT + prompts.PROMPTS["disclosure"][""]
    yield "主动公开的信息按类别列出如下。"
    yield "{{ item_list() }}"


def _requests(_form: Form, _section: Section, _previous: Report | None, _: Promises, _id: str) -> Iterator[str]:
    yield (
        f"{{{{ year() }}}}年新收政府信息公开申请{_figure('requests.received')}件，"
        f"上年结转{_figure('requests.carried_in')}件，结转下年度继续办理{_figure('requests.carried_out')}件。"
    )
    yield '{{ statutory_table("requests") }}'
    yield '{{ year_changes("requests") }}'
    yield PROMPT + prompts.PROMPTS["requests"][""]


def _review(_form: Form, _section: Section, _previous: Report | None, _: Promises, _id: str) -> Iterator[str]:
    yield (
        f"{{{{ year() }}}}年因政府信息公开引起的行政复议{_figure('review.reconsideration')}件、"
        f"行政诉讼{_figure('review.litigation')}件。"
    )
    yield '{{ statutory_table("review") }}'
    yield '{{ year_changes("review") }}'
    yield PROMPT + prompts.PROMPTS["review"][""]


def _improvement(
    _form: Form, _section: Section, previous: Report | None, promises: Promises, id_: str
) -> Iterator[str]:
    yield f"## （一）上一年问题的改进情况 {{#{id_}-1}}"
    items = [
        f"{PROMPT}{previous.year}年的问题：{within_line(text)}" for text in promises.problems if previous is not None
    ]
    items += [
        f"{PROMPT}{previous.year}年的措施：{within_line(text)}" for text in promises.measures if previous is not None
    ]
    if items:
        yield f"{PROMPT}上一年报告提出的问题和措施列在下面，逐条写明做了什么、结果怎样，写完后删去提示。"
        yield "\n".join(f"{number}. {item}" for number, item in enumerate(items, 1))
    else:
        yield PROMPT + prompts.PROMPTS[IMPROVEMENT]["上一年问题的改进情况"]
    yield f"## （二）存在的主要问题 {{#{id_}-2}}"
    yield PROMPT + prompts.PROMPTS[IMPROVEMENT]["存在的主要问题"]
    yield f"## （三）改进措施 {{#{id_}-3}}"
    yield PROMPT + prompts.PROMPTS[IMPROVEMENT]["改进措施"]


def _other(_form: Form, _section: Section, _previous: Report | None, _: Promises, id_: str) -> Iterator[str]:
    yield f"## （一）信息处理费 {{#{id_}-1}}"
    yield f"{{{{ year() }}}}年收取信息处理费{_figure('processing_fee')}元。"
    yield PROMPT + prompts.PROMPTS["other"]["信息处理费"]


def _other_section(_form: Form, section: Section, _previous: Report | None, _: Promises, _id: str) -> Iterator[str]:
    """Yield the text of a section that a later edition of the form adds."""
    if section.table:
        yield f'{{{{ statutory_table("{section.table}") }}}}'
    yield PROMPT + prompts.OTHER


_SECTIONS = {
    "overview": _overview,
    "disclosure": _disclosure,
    "requests": _requests,
    "review": _review,
    IMPROVEMENT: _improvement,
    "other": _other,
}


def _figure(path: str) -> str:
    return f'{{{{ figure("{path}") }}}}'
