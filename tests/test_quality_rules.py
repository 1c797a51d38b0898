"""Rules on words, against sentences as reports have them: those to be found, and those to be left alone.

All agencies and places at fault are made up.
"""

from __future__ import annotations

import time
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from macros.model.profile import Profile
from macros.prose.passages import Page, PageText, Passage, YearText
from macros.rules.checking import judge
from macros.rules.registry import RULES
from macros.rules.rule import Case, Doubt, Fault

if TYPE_CHECKING:
    from macros.model.portal import Portal
    from macros.rules.rule import Rule

YEAR = 2023
OVERVIEW = "1-overview.md"
IMPROVEMENT = "5-improvement.md"
OTHER = "6-other.md"

# Rules that judge any sentence by itself, wherever it stands.
WORDS = ("Q-02", "Q-03", "Q-06", "Q-07", "Q-10", "Q-11", "Q-12", "Q-15", "Q-16")


def rule(code: str) -> Rule:
    """Return the rule with *code*."""
    return next(rule for rule in RULES if rule.code == code)


def page_text(name: str, *texts: str, year: int = YEAR) -> PageText:
    """Return a page of paragraphs; one that begins with # is a heading, one with - or 1. an item of a list."""
    source = "\n\n".join(texts)
    page = Page(name=name, file=f"docs/{year}/{name}", source=source, calls=())
    passages: list[Passage] = []
    offset = 0
    for text in texts:
        marks = len(text) - len(text.lstrip("#"))
        item = text.startswith(("- ", "1. "))
        skipped = text.index(" ") + 1 if marks or item else 0
        passages.append(
            Passage(
                page=page,
                kind=f"h{marks}" if marks else "li" if item else "p",
                classes=frozenset(),
                text=text[skipped:],
                offsets=tuple(range(offset + skipped, offset + len(text))),
                typed=(True,) * (len(text) - skipped),
            )
        )
        offset += len(text) + 2
    return PageText(page=page, passages=tuple(passages))


def case_of(portal: Portal, pages: list[PageText], before: list[PageText] | None = None, year: int = YEAR) -> Case:
    """Return a case of the example agency with *pages*, and those of the year *before*."""
    assert portal.agency is not None
    report = portal.reports[year]
    texts = [
        None
        if own is None
        else YearText(year=number, form=report.form, pages=MappingProxyType({page.page.name: page for page in own}))
        for number, own in ((year, pages), (year - 1, before))
    ]
    return Case(
        report=report,
        reports=portal.reports,
        years=portal.years,
        agency=portal.agency,
        profile=Profile(),
        pages=texts[0],
        previous_pages=texts[1],
    )


def found(case: Case, *codes: str) -> list[tuple[str, str]]:
    """Return the code and the words of all that rules find."""
    return [
        (code, outcome.subject.partition("：")[2])
        for code in codes
        for outcome in rule(code).check(case)
        if isinstance(outcome, Fault | Doubt)
    ]


SILENT = [
    # Years
    "公开2022年部门决算和2023年部门预算。",
    "《示例市示例区城市管理和综合执法局2022年部门决算》已于2023年9月公布。",
    "2022年部门决算公开1条，与预算公开在同一栏目。",
    "新收申请81件，比2022年的71件增加10件。",
    "2022年共收到申请71件。2023年共收到申请81件。",
    "2022年收到的申请中有5件在本年办结。",
    "2021年、2022年分别收到政府信息公开申请50件、71件。",
    "2019年以来共收到政府信息公开申请300件。",
    "截至2022年底，累计公开信息500条。",
    "2022年12月31日前收到的5件申请，均在期限内答复。",
    "2022年印发的3件文件继续有效。",
    "修订后的《中华人民共和国行政复议法》自2024年1月1日起施行。",
    "按照《法治政府建设实施纲要（2021—2025年）》，完成年度任务3项。",
    "依据国办公开办函〔2021〕30号和国办发〔2017〕47号编制。",
    "对照2023年政务公开工作要点，任务全部完成。",
    "2022年政务公开工作要点中遗留的两项任务已经完成。",
    "2024年，本局将继续加强培训。",
    "2023年，本局将政府信息公开列入科室考核。",
    "上年（2022年）收到71件。",
    "党的十九大以来，执法公示不断推进。",
    "深入学习贯彻党的十九大和二十大精神。",
    # Names
    "在示例市委、市政府和示例区委、区政府的领导下，各项工作按期完成。",
    "在区委、区政府的领导下，各街道社区党委配合开展工作。",
    "示例市城市管理委员会根据《城市市容和环境卫生管理条例》印发文件。",
    "我市统一部署的专项行动由我区各部门参加。",
    "原示例市示例区城市管理局的文件继续有效。",
    "本局由示例市示例区城市管理局更名而来。",
    "通过自我局限性分析，查找不足。",
    "本局限期改正通知书的样本已经公布。",
    "公共服务基本县情资料由档案馆提供。",
    "向样板市学习城市管理经验，开展交流2次。",
    # Slips
    "以公开为目的的各项工作按期完成，的的确确方便了群众。",
    "为了了解群众的需要，不能不了了之。",
    "中华人民共和国和和平建设的历程。",
    "网站提供政府信箱、政府信用和政府信访的入口，还有政府信息查询。",
    "应当公开的内容逐条列明，分条列举。",
    "2023年年度报告、2023年年底和2023年年初的数字一致。",
    "区政府政府信息公开工作由办公室负责。",
    "各部门部门预算同日公布。",
    "向申请人重申清单的内容，报名截止时间为5月。",
    "一是是否按期答复，二是是否说理。",
    "发布署名文章3篇，信息信息化水平提高。",
    "信号分批覆盖，来回覆盖各街道。",
    "应当在20日内答复，申请截止20个工作日后不再补正。",
    # Punctuation
    "地址：示例路1号 邮编：000000 电话：000-00000000",
    "依照《条例》第四十九条 县级以上人民政府部门应当公布年度报告。",
    "网址为www.example.gov.cn,邮箱为a@example.org",
    "查阅点每天8:30至12:00开放，比例为1:2，合计1,000件。",
    "1）登记；2）答复；3）归档。",
    "……等内容！？",
    "见“三安全一稳定”（《条例》第十四条）。",
    "（2023）示0106行初12号判决维持本局的答复。",
    "《〈条例〉解读》和《“十四五”规划》已经公布。",
    "It’s an e-mail.",
    # Placeholders
    "户外招牌尺寸不超过3×4米，网址为/xx/index.html",
    "【政策解读】栏目发布3篇，【典型案例】栏目发布2篇。",
    "制度有待完善，申请材料有待补充的一次告知。",
    "申请表（填写说明附后）放在窗口，待办事项定期清理。",
    # Personal data
    "监督电话12345、000-00000000、4008123456、02788888888。",
    "统一社会信用代码110101199003070011已经公示。",
    "流水号13812345678的申请已经办结。",
    "申请编号为20230713812345678901。",
    "身份证号码110101199003070012有误的，告知补正。",
]

FOUND = [
    ("Q-02", "2022年，本局共收到政府信息公开申请71件", "2022年，本局共收到政府信息公开申请71件，均已答复。"),
    ("Q-02", "2022年主动公开政府信息9条", "2022年主动公开政府信息9条。"),
    ("Q-02", "2022年，本局未收到政府信息公开申请", "2022年，本局未收到政府信息公开申请。"),
    ("Q-02", "2021年度，全局共办理行政许可1520件", "2021年度，全局共办理行政许可1520件，按期办结。"),
    ("Q-02", "2022年，本局新收政府信息公开申请0件", "2022年，本局新收政府信息公开申请0件，上年结转0件。"),
    ("Q-02", "2022年通过政府网站主动公开信息12条", "按照统一安排，2022年通过政府网站主动公开信息12条。"),
    ("Q-16", "2022年政务公开工作要点", "对照2022年政务公开工作要点，完善公开制度。"),
    ("Q-16", "2022年度政务公开工作要点", "落实《示例市2022年度政务公开工作要点》。"),
    ("Q-16", "2022年，本局认真", "2022年，本局认真贯彻条例。"),
    ("Q-16", "2023年，本局将进一步", "2023年，本局将进一步加强培训。"),
    ("Q-16", "上年（2021年）", "上年（2021年）收到50件。"),
    ("Q-16", "今年（2022年）", "今年（2022年）公开9条。"),
    ("Q-16", "现公布本局2022年政府信息公开工作年度报告", "现公布本局2022年政府信息公开工作年度报告。"),
    ("Q-16", "学习贯彻党的十九大", "深入学习贯彻党的十九大精神。"),
    ("Q-03", "样板市样板区城市管理局", "样板市样板区城市管理局现公布2023年年度报告。"),
    ("Q-03", "样板市样板区城市管理局", "样板市样板区城市管理局根据《中华人民共和国政府信息公开条例》编制本报告。"),
    ("Q-03", "样板市样板区民政局", "现将样板市样板区民政局2023年度政府信息公开工作年度报告公布如下。"),
    ("Q-03", "样板市", "在样板市委、市政府的领导下，各项工作按期完成。"),
    ("Q-03", "样板区", "在示例市委和样板区委、区政府的领导下，各项工作按期完成。"),
    ("Q-03", "我县", "我县各乡镇按期公布年度报告。"),
    ("Q-12", "示例市示例区城市管理局", "示例市示例区城市管理局全年公开信息9条。"),
    ("Q-12", "我中心", "我中心安排专人负责。"),
    ("Q-12", "本委", "本委高度重视公开工作。"),
    ("Q-06", "政府信", "主动公开政府信 9 条。"),
    ("Q-06", "的的", "公开的的信息共9条。"),
    ("Q-06", "公开条列", "依照《政府信息公开条列》编制。"),
    ("Q-06", "国办公开函", "按照国办公开函的要求编制。"),
    ("Q-06", "2023年年", "2023年年，本局公开信息9条。"),
    ("Q-06", "布署", "召开会议布署公开工作。"),
    ("Q-06", "截止", "截止2023年12月31日，公开信息9条。"),
    ("Q-06", "进一步进一步", "进一步进一步加强培训。"),
    ("Q-06", "《中华人民共和国信息公开条例》", "依照《中华人民共和国信息公开条例》编制。"),
    ("Q-07", "（一)", "（一)主动公开情况"),
    ("Q-07", "(一）", "(一）主动公开情况"),
    ("Q-07", "(试行)", "印发管理办法(试行)。"),
    ("Q-07", "公开信息,其中全文", "全年公开信息,其中全文公开9条。"),
    ("Q-07", "咨询电话:000-", "咨询电话:000-00000000"),
    ("Q-07", "真落实政 策要求。", "认真落实政 策要求。"),
    ("Q-07", "公开信息 ，按期公", "全年公开信息 ，按期公布。"),
    ("Q-07", "按期公布。。", "各项信息按期公布。。"),
    ("Q-10", "全年收到申请XX件，均已", "全年收到申请XX件，均已答复。"),
    ("Q-10", "20××年，本局", "20××年，本局公开信息9条。"),
    ("Q-10", "（文字描述）", "（文字描述）"),
    ("Q-10", "改进措施：TODO", "改进措施：TODO"),
    ("Q-10", "主动公开信息____条。", "主动公开信息____条。"),
    ("Q-10", "待补充。", "待补充。"),
    ("Q-10", "由【请填写机关名称】公布。", "由【请填写机关名称】公布。"),
    ("Q-10", "〔提示〕写申请集中在哪些事项。", "〔提示〕写申请集中在哪些事项。"),
    ("Q-10", "申请人赵××提出申请", "申请人赵××提出申请。"),
    ("Q-11", "1101…11", "申请人的身份证号码是110101199003070011。"),
    ("Q-11", "138…78", "申请人手机13812345678。"),
    ("Q-11", "138…78", "联系方式：138-1234-5678"),
    ("Q-11", "138…78", "监督电话13812345678。"),
    ("Q-15", "依照《政府信息公开", "依照《政府信息公开条例编制。"),
    ("Q-15", "印发条例》编制。", "印发条例》编制。"),
    ("Q-15", "做到“应公开尽公开", "做到“应公开尽公开。"),
    ("Q-15", "[2017]47号", "按照国办发[2017]47号编制。"),
    ("Q-15", "（2023）第5号", "按照示政办发（2023）第5号执行。"),
    ("Q-15", "2023（5）号", "按照示政办发2023（5）号执行。"),
]


@pytest.mark.parametrize("sentence", SILENT)
def test_correct_sentences_are_left_alone(examples: Portal, sentence: str) -> None:
    """Sentences that only look like faults raise nothing."""
    assert found(case_of(examples, [page_text(OVERVIEW, sentence)]), *WORDS) == []


@pytest.mark.parametrize(("code", "words", "sentence"), FOUND, ids=[f"{code}-{sentence}" for code, _, sentence in FOUND])
def test_faulty_sentences_are_found(examples: Portal, code: str, words: str, sentence: str) -> None:
    """A sentence with one fault raises just that, under a name by which it can be waived."""
    assert found(case_of(examples, [page_text(OVERVIEW, sentence)]), *WORDS) == [(code, words)]
