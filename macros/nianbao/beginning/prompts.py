"""What each section of a report has to say: told to those who write it, in new pages and beside what they type.

By the notices of the national office (国办公开办函〔2019〕60号、〔2021〕30号), article 50 of the Regulation, and what
reviewers find missing; what local requirements ask for comes from the profile.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.model.form import Section
    from nianbao.model.profile import Profile

PREFACE = "写明对报告有疑问时的联系方式，以及电子版在哪里下载。"

# By section, and there by words of the heading above; without headings for the section as a whole.
PROMPTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "overview": {
            "主动公开": (
                "写本年公开的重点、做法和成效，能用数字的用数字，例如规范性文件、政策解读、行政许可和处罚的结果。"
            ),
            "依申请公开": "写申请集中在哪些事项、与上年相比的增减和原因、答复质量怎样保证。",
            "政府信息管理": "写公开审查、公开属性认定、文件清理和效力标注等工作。",
            "政府信息公开平台建设": "写网站专栏、政务新媒体、公报、查阅点等的建设和维护。",
            "监督保障": "写机构人员、培训、考核、社会评议，并写明有没有责任追究。",
        },
        "disclosure": {"": "说明表中变化较大的数和变化的原因。"},
        "requests": {"": "说明不予公开、无法提供和不予处理的主要情形；没有申请的删去本段。"},
        "review": {"": "有被纠正的，写明原因和改进；没有复议和诉讼的删去本段。"},
        "improvement": {
            "上一年问题的改进情况": "逐条写明上一年报告提出的问题怎样改进、结果怎样。",
            "存在的主要问题": "写本年工作中真实、具体的问题，不重复上一年。",
            "改进措施": "逐条对应上面的问题，写明做什么、什么时候做完。",
        },
        "other": {"信息处理费": "收取了的写明收取的情形；另有需要报告的事项，在下面加标题写明。"},
    }
)
OTHER = "写本部分的内容。"


def of_part(part: str) -> str:
    """Return what to write of a *part* of section 1."""
    return PROMPTS["overview"].get(part, f"写本年{part}的情况。")


def wanted(section: Section, heading: str, profile: Profile, year: int) -> tuple[str, ...]:
    """Return what *section* of the report of *year* has to say below *heading*, and what *profile* asks of it all.

    Below a heading in other words than the usual ones stands all that the section has to say.
    """
    known = PROMPTS.get(section.id, {})
    own = [prompt for words, prompt in known.items() if words in heading]
    asked = [
        *((f"写到{_ways(rule.words)}", rule) for rule in profile.topics),
        *((f"写明{rule.label or rule.wanted}", rule) for rule in profile.figures),
        *((f"不多于 {rule.wanted} 字", rule) for rule in profile.lengths),
    ]
    held = (words for words, rule in asked if rule.section == section.id and rule.holds_for(year))
    local = (f"{words}（{profile.name}）" for words in held)
    return (*(own or known.values() or (OTHER,)), *local)


def _ways(words: tuple[str, ...]) -> str:
    return words[0] + (f"（也可以写作{'、'.join(words[1:])}）" if words[1:] else "")
