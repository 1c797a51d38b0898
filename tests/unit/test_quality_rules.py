"""Rules on words, against sentences as reports have them: those to be found, and those to be left alone.

All agencies and places at fault are made up.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest
from counting import calls
from nianbao.model.profile import Profile
from nianbao.prose.passages import Page, PageText, Passage, YearText
from nianbao.prose.tree import Element
from nianbao.rules.checking import judge
from nianbao.rules.registry import RULES
from nianbao.rules.rule import Case, Fault, NeedsReview

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.model.dataset import Dataset
    from nianbao.rules.checking import Result
    from nianbao.rules.rule import Rule

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
    return PageText(page=page, tree=Element(""), passages=tuple(passages))


def case_of(dataset: Dataset, pages: list[PageText], before: list[PageText] | None = None, year: int = YEAR) -> Case:
    """Return a case of the example agency with *pages*, and those of the year *before*."""
    assert dataset.agency is not None
    report = dataset.reports[year]
    texts = [
        None
        if own is None
        else YearText(year=number, form=report.form, pages=MappingProxyType({page.page.name: page for page in own}))
        for number, own in ((year, pages), (year - 1, before))
    ]
    return Case(
        report=report,
        reports=dataset.reports,
        years=dataset.years,
        agency=dataset.agency,
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
        if isinstance(outcome, Fault | NeedsReview)
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
    "2023年共收到申请30件，上年度结转1件，共办结24件，结转到2024年办理7件。",
    "公布2022年度重大行政决策事项目录的执行情况，公开市人大代表建议的答复2篇。",
    "2022年成立的工作专班公开办理流程3项。",
    "2022年完成机构改革，公开职能调整信息12条。",
    "现公布2023年政府信息公开工作年度报告。",
    # Names
    "在市委市政府、区委区政府的正确领导下，各级党委政府和市区两级部门共同推进。",
    "在上级部门和局党委、市委的领导下，完成年度任务。",
    "省、市、县三级联动，全县、全市的先进经验值得学习。",
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
    "开展“5·15政务公开日”活动，推行“应公开、尽公开”。",
    "本年度报告由六部分组成：一、总体情况；二、主动公开政府信息情况。",
    # Placeholders
    "户外招牌尺寸不超过3×4米，网址为/xx/index.html",
    "【政策解读】栏目发布3篇，【典型案例】栏目发布2篇。",
    "制度有待完善，申请材料有待补充的一次告知。",
    "《管理办法（送审稿）》报请局长审定，请领导审阅后公布。",
    "收到几件？均已答复。",
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
    ("Q-07", "全年公开信息,其中全文公开", "全年公开信息,其中全文公开9条。"),
    ("Q-07", "咨询电话:000-00", "咨询电话:000-00000000"),
    ("Q-07", "认真落实政 策要求", "认真落实政 策要求。"),
    ("Q-07", "全年公开信息 ，按期公布", "全年公开信息 ，按期公布。"),
    ("Q-07", "信息按期公布。。", "各项信息按期公布。。"),
    ("Q-10", "全年收到申请XX件", "全年收到申请XX件，均已答复。"),
    ("Q-10", "20××年", "20××年，本局公开信息9条。"),
    ("Q-10", "（文字描述）", "（文字描述）"),
    ("Q-10", "TODO", "改进措施：TODO"),
    ("Q-10", "主动公开信息____条", "主动公开信息____条。"),
    ("Q-10", "待补充。", "待补充。"),
    ("Q-10", "全年收到申请**件", "全年收到申请**件，均已答复。"),
    ("Q-10", "全年收到申请？件", "全年收到申请？件，均已答复。"),
    ("Q-10", "【批注：此处核实】", "【批注：此处核实】"),
    ("Q-10", "请领导审定。", "以上内容，请领导审定。"),
    ("Q-10", "工作年度报告（送审稿）", "政府信息公开工作年度报告（送审稿）"),
    ("Q-10", "由【请填写机关名称】公布", "由【请填写机关名称】公布。"),
    ("Q-10", "〔提示〕写申请集中在哪些事项。", "〔提示〕写申请集中在哪些事项。"),
    ("Q-10", "申请人赵××提出申请", "申请人赵××提出申请。"),
    ("Q-11", "1101…11", "申请人的身份证号码是110101199003070011。"),
    ("Q-11", "138…78", "申请人手机13812345678。"),
    ("Q-11", "138…78", "联系方式：138-1234-5678"),
    ("Q-11", "138…78", "监督电话13812345678。"),
    ("Q-15", "依照《政府信息公开条例", "依照《政府信息公开条例编制。"),
    ("Q-15", "印发条例》编制", "印发条例》编制。"),
    ("Q-15", "做到“应公开尽公开", "做到“应公开尽公开。"),
    ("Q-15", "[2017]47号", "按照国办发[2017]47号编制。"),
    ("Q-15", "（2023）第5号", "按照示政办发（2023）第5号执行。"),
    ("Q-15", "2023（5）号", "按照示政办发2023（5）号执行。"),
]


@pytest.mark.parametrize("sentence", SILENT)
def test_correct_sentences_are_left_alone(examples: Dataset, sentence: str) -> None:
    """Sentences that only look like faults raise nothing."""
    assert found(case_of(examples, [page_text(OVERVIEW, sentence)]), *WORDS) == []


@pytest.mark.parametrize(
    ("code", "words", "sentence"), FOUND, ids=[f"{code}-{sentence}" for code, _, sentence in FOUND]
)
def test_faulty_sentences_are_found(examples: Dataset, code: str, words: str, sentence: str) -> None:
    """A sentence with one fault raises just that, under a name by which it can be waived."""
    assert found(case_of(examples, [page_text(OVERVIEW, sentence)]), *WORDS) == [(code, words)]


PROBLEMS = "仍存在以下问题：一是公开目录更新不及时，群众查找不便；二是信息员多为兼职，对条例掌握得还不全面。"
REMEDY = "针对以上问题，我局将采取以下措施：一是按季度核对目录；二是每半年组织一次培训。"

# Section 5 as reports have it, with the rules among that find something.
SECTIONS_5 = [
    ((), [PROBLEMS + REMEDY]),
    (
        (),
        ["## （一）存在的主要问题", "公开目录更新不及时。", "## （二）改进措施", "按季度核对目录，逐项落实到人。" * 4],
    ),
    (
        (),
        [
            "（一）存在的问题",
            "1. 目录不全。",
            "1. 更新不及时。",
            "（二）改进措施",
            "1. 补齐目录。" * 5,
            "1. 按季度核对。" * 5,
        ],
    ),
    (
        (),
        [
            "公开目录更新不及时，群众查找不便；下一步，将按季度核对目录，逐项落实到人，并且每半年培训一次信息员，考核结果在全局通报。"
        ],
    ),
    (
        (),
        [
            "## （一）存在的问题及改进措施",
            "一是目录更新不及时，改为按季度核对；二是信息员多为兼职，每半年培训一次。" * 2,
        ],
    ),
    (("Q-05",), []),
    (("Q-05",), ["无。"]),
    (("Q-05",), ["本年度没有存在的问题。"]),
    (("Q-05",), ["## （一）存在的主要问题", "无", "## （二）改进情况", "无"]),
    (("Q-17",), ["公开目录更新不及时，下一步按季度核对。"]),
    (
        ("Q-18",),
        [
            "## （一）存在的主要问题",
            "公开目录更新不及时，群众查找不便，信息员多为兼职，对条例掌握得还不全面，对程序也不熟悉，答复文书的格式也不统一。",
        ],
    ),
    (
        ("Q-18",),
        [
            "## （一）存在的主要问题",
            "1. 公开目录更新不及时，群众查找不便。",
            "1. 信息员多为兼职，对条例掌握得还不全面。",
            "## （二）改进措施",
            "1. 按季度核对目录，由责任科室签字确认，过期内容当季更换，结果在全局通报。",
        ],
    ),
    (("Q-18",), [PROBLEMS.replace("二是", "二是解读材料少；三是") + REMEDY]),
    ((), ["〔提示〕写本年的问题。"]),
]


@pytest.mark.parametrize(("codes", "texts"), SECTIONS_5)
def test_section_5_is_judged_by_what_it_says(examples: Dataset, codes: tuple[str, ...], texts: list[str]) -> None:
    """Section 5 may be cast in many forms; what counts is that problems stand there, each with a remedy."""
    pages = [page_text(IMPROVEMENT, "# 五、存在的主要问题及改进情况", *texts)]
    assert tuple(code for code, _ in found(case_of(examples, pages), "Q-05", "Q-17", "Q-18")) == codes


FEES = [
    (True, ["本年没有收取信息处理费。"]),
    (True, ["依申请公开未收取任何处理费用。"]),
    (True, ["## （一）信息处理费收取情况", "无。"]),
    (True, ["## （一）收费情况", "本年度收取政府信息公开信息处理费0元。"]),
    (False, ["无其他需要报告的事项。"]),
    (False, ["## （一）信息处理费收取情况"]),
    (False, ["行政事业性收费的标准已经公布。"]),
    (False, []),
]


@pytest.mark.parametrize(("stated", "texts"), FEES)
def test_section_6_states_the_fee(examples: Dataset, texts: list[str], *, stated: bool) -> None:
    """A statement of the fee is known in whatever words; charges of other kinds are none."""
    case = case_of(examples, [page_text(OTHER, "# 六、其他需要报告的事项", *texts)])
    assert (found(case, "Q-13") == []) is stated


def test_other_charges_are_no_fault_but_a_doubt(examples: Dataset) -> None:
    """Where section 6 speaks of charges that may be the fee, a person must look."""
    case = case_of(examples, [page_text(OTHER, "依申请公开没有收费。")])
    assert [type(outcome) for outcome in rule("Q-13").check(case)] == [NeedsReview]


@pytest.mark.parametrize(
    ("fee", "texts", "faulty"),
    [
        (380, ["无。"], True),
        (380, ["本年度没有其他需要报告的事项。"], True),
        (380, ["## （一）信息处理费", "无。", "## （二）其他", "建议提案全部公开。"], True),
        (380, ["收取信息处理费380元。", "没有其他需要报告的事项。"], False),
        (0, ["无。"], False),
    ],
)
def test_nothing_to_report_needs_no_fee(examples: Dataset, fee: int, texts: list[str], *, faulty: bool) -> None:
    """Section 6 cannot say that there is nothing where a fee was charged."""
    case = case_of(examples, [page_text(OTHER, *texts)])
    case = replace(case, report=replace(case.report, processing_fee=fee))
    assert bool(found(case, "Q-14")) is faulty


OWN = [
    "中心对照年度要点开展工作，做到专题研究、专门部署，明确职责，健全程序，通过多种渠道公开工作目标和工作成果。",
    "信息公开工作领导小组由主要负责人任组长，安排专人定期公布工作进展，保证公开的信息真实、准确。",
    "2022年主动公开政府信息8条，其中概况信息3条、财政信息2条。",
    "没有收到政府信息公开申请，没有发生行政复议和行政诉讼。",
]


def liked(examples: Dataset, own: list[str], before: list[str]) -> list[str]:
    """Return what Q-01 says of section 1."""
    case = case_of(examples, [page_text(OVERVIEW, *own)], [page_text(OVERVIEW, *before, year=YEAR - 1)])
    return [outcome.message for outcome in rule("Q-01").check(case) if isinstance(outcome, Fault)]


def test_a_section_copied_with_new_figures_is_like_itself(examples: Dataset) -> None:
    """Years, figures and the order of sentences make no copied section a new one; both places are told."""
    own = [OWN[1], OWN[0], OWN[2].replace("2022", "2023").replace("8条", "9条"), OWN[3]]
    (message,) = liked(examples, own, OWN)
    assert message == (
        "与上年报告第一部分的文字有 100% 相同（上限 80%），"
        "例如“中心对照年度要点开展工作，做到专题研究、专门部署，明确职责，健全程序，通过多种渠…”"
        "（docs/2022/1-overview.md:1:1）；请写本年的情况"
    )


def test_names_of_the_agency_make_no_difference(examples: Dataset) -> None:
    """A renamed agency that copies its report is found out."""
    names = [name.text for name in examples.agency.names] if examples.agency else []
    own, before = ([f"{name}{text}" for text in OWN] for name in (names[1], names[0]))
    assert len(liked(examples, own, before)) == 1


def test_figures_and_nil_returns_may_be_alike(examples: Dataset) -> None:
    """What every year has to say in the same words is not compared."""
    same = [
        *OWN[2:],
        "本报告根据《中华人民共和国政府信息公开条例》第五十条和国办公开办函〔2021〕30号编制。",
        "统计期限为2022年1月1日至2022年12月31日，各项数量见下表。",
        "规章、行政规范性文件、行政许可、行政处罚、行政强制和行政事业性收费的情况见下表。",
        "2022年，本局新收政府信息公开申请0件，上年结转0件，结转下年度继续办理0件。",
    ]
    assert liked(examples, same, same) == []


def test_a_rewritten_section_is_not_alike(examples: Dataset) -> None:
    """The same matters in other words are no copy."""
    own = [
        "领导小组听取汇报两次，确定由办公室牵头，各科室指定联络员，公开前由分管负责人审查签字，并留存审查记录备查。",
        "公开渠道以政府门户网站为主，查阅点备有目录和申请表，工作成果通过公告栏和新媒体同步发布，方便不上网的居民。",
    ]
    assert liked(examples, own, OWN) == []


def test_the_limit_is_that_of_the_profile(examples: Dataset) -> None:
    """A section that is half new is let pass by one limit and not by a lower one."""
    fresh = (
        "公开渠道以政府门户网站为主，查阅点备有目录和申请表，公告栏和新媒体同步发布，方便不上网的居民和商户了解情况。"
    )
    case = case_of(examples, [page_text(OVERVIEW, OWN[0], OWN[1], fresh)], [page_text(OVERVIEW, *OWN, year=YEAR - 1)])
    assert found(case, "Q-01") == []
    assert found(replace(case, profile=Profile(similarity=50)), "Q-01") == [("Q-01", "")]


@pytest.mark.parametrize(
    "text",
    [
        "2022年，本局在",
        "《",
        "（",
        "“",
        "第" * 3,
        "政府信 ",
        "一是",
        "在示例市",
        "1381234567 ",
        "XX",
        "，，",
        "政 策",
        "2022年公开9件，",
        "2022年主动公开政府信息9条。",
        "全文电子化率为100%，各项工作按期完成。",
        "○",
        "通过在",
        "2022年通过",
    ],
)
def test_a_long_page_is_judged_with_little_work(examples: Dataset, text: str) -> None:
    """Twice as long a page takes twice the work, whatever it repeats, and no rule tells of each repetition.

    What a search does within itself is not counted: with the longest page, a bad one would not come to an end.
    """
    rules = [rule for rule in RULES if rule.family in {"Q", "L"}]

    def judged(length: int) -> Sequence[Result]:
        long = text * (length // len(text))
        names = (OVERVIEW, IMPROVEMENT, OTHER)
        now = [page_text(name, long) for name in names]
        before = [page_text(name, long, year=YEAR - 1) for name in names]
        return judge(case_of(examples, now, before), rules)

    judged(1_000)  # What is made once for all pages is made now.
    once, twice = (calls(partial(judged, length)) for length in (5_000, 10_000))
    assert twice < 2.2 * once
    assert sum(len(result.findings) for result in judged(60_000)) < 1000
