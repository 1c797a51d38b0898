"""What the rules for figures in the prose read in sentences as reports write them, and where they must be silent.

All sentences are read as if they stood in the example's report of 2024.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from nianbao.model.dataset import read_dataset
from nianbao.prose.extraction import passages
from nianbao.prose.passages import Page, PageText, YearText
from nianbao.prose.tree import grow
from nianbao.rules import arithmetic, text_figures
from nianbao.rules.rule import Case, Confirmed, Fault, NeedsReview
from nianbao.rules.text.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.dataset import Dataset
    from nianbao.rules.rule import Outcome

YEAR = 2024
RULES = {rule.code: rule for rule in (*text_figures.RULES, *arithmetic.RULES)}
# That figures are typed is told of every right one here, and is tested by itself.
TYPED = "X-09"

# Where sentences stand: the page, and the heading above them.
PLACES = {
    "主动公开": ("1-overview.md", "（一）主动公开"),
    "依申请": ("1-overview.md", "（二）依申请公开"),
    "管理": ("1-overview.md", "（三）政府信息管理"),
    "总体": ("1-overview.md", "一、总体情况"),
    "二": ("2-disclosure.md", "二、主动公开政府信息情况"),
    "三": ("3-requests.md", "三、收到和处理政府信息公开申请情况"),
    "四": ("4-review.md", "四、政府信息公开行政复议、行政诉讼情况"),
    "五": ("5-improvement.md", "（一）上一年问题的改进情况"),
    "六": ("6-other.md", "（一）信息处理费"),
}

# Sentences with right figures, and how many of the figures are at least confirmed.
RIGHT = [
    ("依申请", "2024年，我局共收到政府信息公开申请86件，上年结转4件，办结84件，结转下年度6件。", 4),
    ("依申请", "全年新收政府信息公开申请86件，较上年增长11.7%，全部为书面申请。", 2),
    ("依申请", "本年度共受理86件政府信息公开申请，其中自然人66件，法人或其他组织20件。", 3),
    ("依申请", "答复84件（含上年度结转申请4件，另有6件顺延到下年度）。", 3),
    ("依申请", "收办政府信息公开申请90件，已答复84件，转接下年度办理6件。", 3),
    ("依申请", "共接到社会公众依申请公开86件，2023年结转办理4件，年内共办结84件，结转2025年度继续办理6件。", 4),
    ("依申请", "全年收政府信息公开申请86件，结转上年度政府信息公开申请4件，剩余6件结转下年度办理。", 3),
    ("依申请", "受理政府信息公开申请（含上年结转）90件，均按期答复。", 1),
    ("依申请", "本机关新收信息公开申请八十六件，办结八十四件。", 2),
    ("依申请", "办结的84件申请中，予以公开37件，占44.05%；部分公开11件，占13.1%；不予公开16件，占19%。", 7),
    ("依申请", "予以公开、部分公开、不予公开的申请分别为37件、11件和16件。", 3),
    ("依申请", "同意公开或部分公开的申请共48件。", 1),
    ("依申请", "其中，无法提供12件，不予处理6件，其他处理2件。", 3),
    ("依申请", "不予公开16件，其中属于行政执法案卷7件、保护第三方合法权益4件。", 3),
    ("依申请", "本机关不掌握相关政府信息8件，没有现成信息需要另行制作3件，补正后申请内容仍不明确1件。", 3),
    ("依申请", "申请由2023年的77件增至86件。", 0),
    ("依申请", "与上年相比，自然人申请由58件增至66件，增长13.8%。", 4),
    ("依申请", "收到申请86件，比上年增加9件，同比增长11.69%。", 3),
    ("依申请", "收到依申请公开事项共计86件；收到商业企业申请16件。", 2),
    ("依申请", "全年未收到科研机构的政府信息公开申请。", 1),
    ("依申请", "收到政府信息公开申请８６件。", 1),
    ("依申请", "新收申请86件，上年结转4件。其中，予以公开37件，本机关无法提供12件，结转下年度继续办理6件。", 5),
    ("依申请", "办结依申请公开件84件（含2023年结转的4件），其中，予以公开37件。", 3),
    ("依申请", "收到的申请中，自然人66件，法人或其他组织20件。", 2),
    ("依申请", "共收到申请86件，已办结84件，其中自然人66件、法人或其他组织20件。", 4),
    ("三", "新收申请86件（其中自然人66件、法人或其他组织20件），办结84件。", 4),
    ("三", "（一）申请情况。共新收申请86件，其中网络申请60件，占69.8%，信函申请26件。", 3),
    ("三", "属于四类过程性信息的2件，属于行政查询事项的1件。", 2),
    ("三", "重复申请2件，要求行政机关确认或重新出具已获取信息1件，信访举报投诉类申请3件。", 3),
    ("三", "申请人无正当理由逾期不补正1件，行政机关不再处理。", 1),
    ("四", "因政府信息公开被申请行政复议6件，其中结果维持4件、结果纠正1件、其他结果1件。", 5),
    ("四", "全年发生政府信息公开行政诉讼3件，其中未经复议直接起诉1件，复议后起诉2件。", 4),
    ("四", "行政复议、行政诉讼案件共9件。", 1),
    ("四", "收到因政府信息公开申请引起的行政复议6起，其中4起维持、1起纠正、1起其他结果。", 5),
    ("四", "行政诉讼2件判决维持，1件尚未审结，零败诉。", 1),
    ("四", "行政复议尚未审结0件。", 1),
    ("总体", "2024年，共收到政府信息公开申请86件，因政府信息公开引发的行政诉讼3件，零败诉，1件正在审理。", 3),
    ("管理", "全年制发行政规范性文件2件，废止1件，截至12月底现行有效10件。", 3),
    ("管理", "制定规章0件、行政规范性文件2件，修改0件，废止行政规范性文件1件。", 3),
    ("管理", "没有制发规章，现行有效的行政规范性文件10件。", 2),
    ("二", "全年作出行政许可决定1463件，行政处罚决定4,875件，行政强制决定48件。", 3),
    ("二", "行政处罚4875件，较上年的5217件减少6.6%。", 3),
    ("二", "行政强制决定由上年的62件降至48件，同比下降22.6%。", 4),
    ("二", "收取行政事业性收费436.92万元。", 1),
    ("主动公开", "全年主动公开政府信息10条，其中财政信息2条、概况信息2条。", 3),
    ("六", "2024年共收取信息处理费300元。", 2),
    ("六", "本年收取政府信息公开信息处理费0.03万元。", 2),
    ("五", "2023年收到政府信息公开申请77件，办结78件。", 2),
    ("总体", "申请公开占比由42.9%提高到44.0%，提高1.1个百分点。", 1),
    ("三", "自然人申请的69件中，予以公开28件。", 2),
    ("三", "自然人申请的66件中，予以公开28件。", 2),
    ("依申请", "2023年收到政府信息公开申请77件，2024年收到政府信息公开申请86件，增加9件。", 3),
    ("依申请", "本年收到申请86件，加上上年结转4件，共需办理90件，办结率93.3%。", 4),
    ("依申请", "收到政府信息公开申请86件，办结率97.7%。", 2),
]

# Sentences with a wrong figure: the rule that says so, and its subject without the page.
WRONG = [
    ("依申请", "2024年，我局共收到政府信息公开申请85件，上年结转4件，办结84件。", "X-01", "收到政府信息公开申请85件"),
    ("依申请", "全年新收政府信息公开申请86件，上年结转5件，办结84件。", "X-01", "上年结转5件"),
    ("依申请", "共收到申请86件，上年结转4件，办结86件，结转下年度4件。", "X-01", "办结86件"),
    ("依申请", "答复84件（含上年度结转申请4件，另有5件顺延到下年度）。", "X-01", "5件顺延到下年度"),
    ("依申请", "收办政府信息公开申请86件，转接下年度办理6件。", "X-01", "收办政府信息公开申请86件"),
    ("依申请", "本年度未收到政府信息公开申请。", "X-01", "未收到政府信息公开申请"),
    (
        "依申请",
        "没有收到公民、法人和其他组织的政府信息公开申请。",
        "X-01",
        "没有收到公民、法人和其他组织的政府信息公开申请",
    ),
    ("依申请", "无结转2025年继续办理的申请。", "X-01", "无结转2025年继续办理的申请"),
    ("依申请", "本机关新收信息公开申请六十八件。", "X-01", "新收信息公开申请六十八件"),
    ("依申请", "受理政府信息公开申请（含上年结转）86件，另上年结转4件。", "", ""),
    ("依申请", "办理政府信息公开申请80件。", "X-01", "办理政府信息公开申请80件"),
    ("五", "2023年收到政府信息公开申请78件。", "X-01", "2023年收到政府信息公开申请78件"),
    ("依申请", "收到申请86件，少于上年的97件。", "X-01", "上年的97件"),
    ("依申请", "本年度共受理86件政府信息公开申请，其中自然人67件。", "X-02", "自然人67件"),
    ("依申请", "共新收政府信息公开申请86件，均为自然人申请。", "X-02", "均为自然人申请"),
    ("依申请", "办结的84件申请中，予以公开27件，部分公开11件。", "X-02", "予以公开27件"),
    ("依申请", "同意公开或部分公开的申请共47件。", "X-02", "同意公开或部分公开的申请共47件"),
    ("依申请", "予以公开、部分公开、不予公开的申请分别为37件、12件和16件。", "X-02", None),
    ("依申请", "其他处理1件，不予处理6件。", "X-02", "其他处理1件"),
    ("三", "不予公开16件，其中属于行政执法案卷8件、保护第三方合法权益4件。", "X-02", "属于行政执法案卷8件"),
    ("三", "没有现成信息需要另行制作2件。", "X-02", "没有现成信息需要另行制作2件"),
    ("三", "收到法律服务机构申请4件。", "X-02", "收到法律服务机构申请4件"),
    ("三", "自然人申请由上年的57件增至66件。", "X-02", "自然人申请由上年的57件"),
    ("四", "因政府信息公开被申请行政复议5件。", "X-01", "因政府信息公开被申请行政复议5件"),
    ("四", "本年没有发生因政府信息公开引起的行政复议、行政诉讼。", "X-01", None),
    ("四", "因政府信息公开被提起行政诉讼2件，其中复议后起诉2件。", "X-01", "因政府信息公开被提起行政诉讼2件"),
    ("四", "行政复议6件，其中维持5件、其他结果1件。", "X-14", "维持5件"),
    ("四", "行政诉讼3件，2件尚未审结。", "X-14", "2件尚未审结"),
    ("四", "因政府信息公开引起的行政复议6件，均获维持。", "X-04", "均获维持"),
    ("四", "行政复议案件全部维持，没有被纠正的案件。", "X-04", None),
    ("四", "行政诉讼3件全部胜诉。", "X-04", "全部胜诉"),
    ("管理", "全年制发行政规范性文件3件，废止1件。", "X-05", "制发行政规范性文件3件"),
    ("管理", "废止行政规范性文件1件，现行有效11件。", "X-05", "现行有效11件"),
    ("管理", "制发规章1件，制发行政规范性文件2件。", "X-05", "制发规章1件"),
    ("二", "全年作出行政许可决定1436件，行政处罚决定4875件。", "X-05", "作出行政许可决定1436件"),
    ("二", "本年未作出行政强制决定。", "X-05", "未作出行政强制决定"),
    ("二", "收取行政事业性收费436.29万元。", "X-05", "行政事业性收费436.29万元"),
    ("六", "2024年未收取信息处理费。", "X-13", "未收取信息处理费"),
    ("六", "2024年收取信息处理费3万元。", "X-13", "收取信息处理费3万元"),
    ("六", "全年信息处理费为200元。", "X-13", "信息处理费为200元"),
    ("主动公开", "全年主动公开政府信息11条。", "X-12", "主动公开政府信息11条"),
    ("主动公开", "全年主动公开政府信息10条，其中财政信息3条。", "X-12", "财政信息3条"),
    ("依申请", "收到申请86件，同比增长12.7%。", "X-03", "同比增长12.7%"),
    ("依申请", "收到申请86件，同比下降11.7%。", "X-03", "同比下降11.7%"),
    ("依申请", "收到申请86件，比上年增加8件。", "X-03", "比上年增加8件"),
    ("依申请", "收到申请86件，少于上年的77件。", "X-03", "少于上年的77件"),
    ("依申请", "办结84件，其中予以公开37件，占54.05%。", "X-03", "占54.05%"),
    ("依申请", "共收到申请86件，其中网络申请60件，占59.8%。", "X-03", "占59.8%"),
    ("总体", "公开占比由42.9%提高到44.0%，提高1.2个百分点。", "X-03", "提高1.2个百分点"),
    ("依申请", "收到申请86件，同比增长11.6%。", "X-15", "同比增长11.6%"),
    ("主动公开", "发布解读材料20件，其中图解12件、视频5件、问答4件。", "X-10", None),
    ("主动公开", "发布解读材料20件，其中图解12件、视频6件、问答4件、访谈2件。", "X-10", None),
    (
        "主动公开",
        "发布解读20条，其中图解12条、视频6条和问答4条。",
        "X-10",
        "发布解读20条，其中图解12条、视频6条和问答4条",
    ),
    ("主动公开", "发布解读20条，其中图解22条。", "X-06", "发布解读20条，其中图解22条"),
    (
        "主动公开",
        "发布解读20条，其中图解12条、视频4条、其他3条。",
        "X-10",
        "发布解读20条，其中图解12条、视频4条、其他3条",
    ),
    ("五", "主要问题有三个：一是更新不及时；二是解读不够。", "X-11", "主要问题有三个："),
    ("三", "自然人申请的66件中，予以公开37件。", "X-02", "予以公开37件"),
    (
        "依申请",
        "2023年收到政府信息公开申请77件，2024年收到政府信息公开申请86件，增加8件。",
        "X-03",
        "增加8件",
    ),
    ("依申请", "收到申请86件，加上上年结转4件，共91件。", "X-06", "收到申请86件，加上上年结转4件，共91件"),
    ("依申请", "收到政府信息公开申请86件，办结率100%。", "X-03", "办结率100%"),
    ("四", "行政复议案件均获维持。", "X-04", "行政复议案件均获维持"),
]

# Sentences that say nothing of the tables, whatever figures stand in them.
SILENT = [
    ("依申请", "近三年共收到申请250件，办结248件。"),
    ("依申请", "3名申请人提出政府信息公开申请30件。"),
    ("依申请", "2024年1-6月收到申请30件，答复28件。"),
    ("依申请", "一至六月收到申请30件，答复28件。"),
    ("依申请", "涉及土地征收的20件中，予以公开5件，不予公开3件。"),
    ("依申请", "收到申请86件，其中涉及土地征收的20件中，予以公开5件，不予公开3件。"),
    ("依申请", "部分公开的申请中，涉及第三方合法权益9件。"),
    ("依申请", "上年结转的申请中，予以公开3件，不予公开1件。"),
    ("依申请", "上年结转4件均已办结，予以公开3件，部分公开1件。"),
    ("依申请", "上年结转4件，本年新收86件，其中办结80件，6件结转下年度。"),
    ("依申请", "办结84件，其中本年新收80件、上年结转4件。"),
    ("依申请", "结转下年度6件，其中本年新收5件、上年结转1件。"),
    ("依申请", "收到申请86件，上年为77件，其中自然人58件。"),
    ("依申请", "收到申请86件，撤回3件，办结80件。"),
    ("依申请", "受理依申请公开86件，答复70件，不予受理14件。"),
    ("依申请", "收到申请86件，当场答复20件，延期答复5件，按期答复79件。"),
    ("依申请", "共收到申请86件，其中网络申请60件，予以公开30件，办结58件。"),
    ("依申请", "对涉及第三方的申请，不予公开3件。"),
    ("依申请", "会商疑难申请12件，答复12件。"),
    ("依申请", "征求第三方意见8件，其中第三方同意公开5件、不同意3件。"),
    ("依申请", "2022年、2023年、2024年分别收到申请66件、77件、86件。"),
    ("依申请", "全年收到申请86件，单月最多15件，最少3件。"),
    ("依申请", "无政府信息公开申请逾期答复的情况。"),
    ("依申请", "窗口未收到当面申请。"),
    ("依申请", "答复申请84件，出具答复书96份，送达84件。"),
    ("总体", "评查依申请公开案卷20件，其中予以公开12件、不予公开8件。"),
    ("总体", "模拟政府信息公开申请20件。"),
    ("四", "本局作为复议机关，受理政府信息公开行政复议案件20件，维持15件，纠正5件。"),
    ("四", "一审行政诉讼5件，二审3件，再审1件。"),
    ("四", "已审结的行政复议案件中，维持4件，纠正0件。"),
    ("二", "行政处罚案件立案5000件，办结行政处罚案件4700件。"),
    ("管理", "截至2024年6月底现行有效的行政规范性文件9件。"),
    ("管理", "起草行政规范性文件5件，已制发行政规范性文件2件。"),
    ("六", "本机关及下属单位共收取信息处理费500元。"),
    ("五", "上年存在答复不规范的问题，受理政府信息公开申请77件，办结78件。"),
    ("四", "本年备案政府信息公开行政复议案件134件。"),
    ("四", "全年办理行政复议案件134件，纠正20件，维持90件。"),
    ("四", "全市共审理行政诉讼案件56件，行政机关败诉8件。"),
    ("四", "其余复议案件均获维持。"),
    ("四", "已审结的行政复议均获维持。"),
    ("四", "没有因检索遗漏被纠正的复议案件。"),
    ("四", "2024年上半年，行政复议2件，均获维持。"),
    ("五", "上一年的行政复议均获维持。"),
    ("依申请", "其中网上申请24件，信函申请8件，当面申请3件。"),
    ("依申请", "涉及违法建设的申请5件，涉及征地拆迁的申请12件。"),
    ("依申请", "12月收到申请9件。"),
    ("依申请", "2024年上半年，收到政府信息公开申请30件，办结28件。其中予以公开10件。"),
    ("依申请", "第三季度，共收到申请12件，答复11件。"),
    ("依申请", "全区共收到政府信息公开申请267件，答复263件。"),
    ("依申请", "各街道收到政府信息公开申请20件，办结20件。"),
    ("依申请", "区政府办公室受理政府信息公开申请30件，予以公开5件。"),
    ("依申请", "下属单位共收到申请15件，其中自然人12件。"),
    ("依申请", "办理人大代表建议12件、政协提案8件，办结20件，答复20件。"),
    ("依申请", "处理群众投诉132件，办结130件，答复率98.5%。"),
    ("依申请", "受理热线工单563件。办结560件，转接下年度办理3件。"),
    ("依申请", "网站咨询留言45件，均已答复。答复45件。"),
    ("依申请", "平均每件申请答复用时12个工作日，人均办理申请15件。"),
    ("依申请", "收到申请约90件，答复80余件。"),
    ("依申请", "自2019年以来累计收到政府信息公开申请412件。"),
    ("依申请", "2019年至2024年共收到政府信息公开申请412件。"),
    ("依申请", "2022年收到政府信息公开申请60件。"),
    ("依申请", "收到的86件申请中，有5件涉及商业秘密，有3件经过补正。"),
    ("依申请", "同一申请人在当月提出申请12件。"),
    ("依申请", "收到“政府信息公开申请15件”的统计口径与《2024年政府信息公开申请18件目录》不同。"),
    ("依申请", "收到行政许可申请1500件，受理加装电梯申请30件。"),
    ("依申请", "没有申请达到收费条件，没有申请人提出异议的申请12件。"),
    ("依申请", "如未收到政府信息公开申请，应当填写0。"),
    ("依申请", "收到申请人补充材料35件。"),
    ("依申请", "收到申请80件（不含街道办理的申请）。"),
    ("依申请", "部分公开11件，其中涉及第三方合法权益6件。"),
    ("三", "收到复议机关转来的申请7件，收到法院司法建议2件。"),
    ("依申请", "答复时限由20个工作日缩短到15个工作日。"),
    ("依申请", "2025年将办结申请100件。"),
    ("依申请", "申请总量占全区的15%，位居第3位。"),
    ("主动公开", "通过政务新媒体发布信息300条，网站访问量达3782565次。"),
    ("主动公开", "公开行政许可信息1500条、行政处罚信息4900条。"),
    ("主动公开", "公示行政处罚决定300件。"),
    ("主动公开", "发布政策解读12条，回应关切15条，新闻发布会3场。"),
    ("主动公开", "公布行政许可事项12项，行政处罚事项198项。"),
    ("管理", "清理规范性文件35件，建议废止5件。"),
    ("管理", "对全区规范性文件开展清理，废止12件，现行有效89件。"),
    ("管理", "审查规范性文件20件，制发公文707件。"),
    ("管理", "转发上级行政规范性文件15件。"),
    ("二", "行政处罚由2022年的3000件增加到今年的水平。"),
    ("六", "对超出的部分按每件100元计收。"),
    ("六", "收取行政事业性收费信息见第二部分，退还信息处理费100元。"),
    ("六", "部门预算收入3000万元，行政事业性收费减免12.5万元。"),
    ("五", "上年收到的投诉15件已经办结。"),
    ("总体", "共办理依申请公开培训5次，培训120人次。"),
    ("总体", "申请公开工作要点共5个方面25项。"),
    ("主动公开", "发布信息100条，其中图片信息60条，视频信息50条，原创信息80条。"),
    ("主动公开", "公开政策文件15件，其中涉企文件4件。"),
    ("五", "主要问题有两个：一是更新不及时；二是解读不够。"),
    ("五", "重点抓好三个方面的工作。一是更新。"),
    ("依申请", "收到申请86件，同比增长约12%，答复满意率98%。"),
    ("依申请", "收到申请86件，办理提案12件，同比增长50%。"),
    ("四", "新增行政复议案件4件、行政诉讼案件0件。"),
    ("依申请", "收到政府信息公开申请86件，按期办结率100%，提案办结率100%。"),
    ("依申请", "办理建议12件、提案8件，办结率100%。"),
    ("依申请", "自然人66件、法人或其他组织20件，加上上年结转4件，共90件。"),
    ("主动公开", "发布动态120条、通知30条，加上转载的20条，图文共50条。"),
]


@cache
def example() -> Dataset:
    """Return the example portal."""
    root = ROOT / "examples"
    return read_dataset(root, root / "data")


def outcomes(place: str, *texts: str, scope: str = "own") -> Iterator[tuple[str, Outcome]]:
    """Yield what all rules say of paragraphs at *place* in the report of 2024."""
    dataset = example()
    assert dataset.agency is not None
    report = dataset.reports[YEAR]
    name, heading = PLACES[place]
    html = f"<h2>{heading}</h2>" + "".join(f"<p>{text}</p>" for text in texts)
    page = Page(name=name, file=f"docs/{YEAR}/{name}", source=html, calls=())
    tree = grow(html, ())
    read = PageText(page=page, tree=tree, passages=passages(tree, page))
    text = YearText(year=YEAR, form=report.form, pages={name: read})
    case = Case(
        report=report,
        reports=dataset.reports,
        years=dataset.years,
        agency=replace(dataset.agency, scope=scope),
        profile=dataset.profile,
        pages=text,
    )
    for code, rule in RULES.items():
        for outcome in rule.check(case):
            yield code, outcome


def findings(place: str, *texts: str) -> list[tuple[str, str]]:
    """Return rule and subject of what is found at *place*, but for typed figures."""
    return [
        (code, outcome.subject.partition("：")[2])
        for code, outcome in outcomes(place, *texts)
        if isinstance(outcome, Fault | NeedsReview) and code != TYPED
    ]


def confirmed(place: str, text: str) -> int:
    """Return how many figures of *text* are confirmed by the rules for single figures and rates."""
    codes = {"X-01", "X-02", "X-03", "X-04", "X-05", "X-06", "X-07", "X-12", "X-13", "X-14"}
    return sum(
        outcome.count for code, outcome in outcomes(place, text) if isinstance(outcome, Confirmed) and code in codes
    )


def subjects(code: str, place: str, *texts: str, scope: str = "own") -> list[str]:
    """Return the words that one rule finds at fault."""
    found = (outcome for name, outcome in outcomes(place, *texts, scope=scope) if name == code)
    return [outcome.subject.partition("：")[2] for outcome in found if isinstance(outcome, Fault)]


@pytest.mark.parametrize(("place", "text", "least"), RIGHT, ids=[text for _, text, _ in RIGHT])
def test_right_figures_are_confirmed(place: str, text: str, least: int) -> None:
    """Right sentences raise nothing, and their figures are recognised."""
    assert findings(place, text) == []
    assert confirmed(place, text) >= least


@pytest.mark.parametrize(("place", "text", "code", "subject"), WRONG, ids=[text for _, text, _, _ in WRONG])
def test_a_wrong_figure_is_told_by_its_rule(place: str, text: str, code: str, subject: str | None) -> None:
    """One wrong figure is told once or more by one rule, and by no other."""
    found = findings(place, text)
    assert {name for name, _ in found} == ({code} if code else set())
    assert not subject or subject in [words for _, words in found]


@pytest.mark.parametrize(("place", "text"), SILENT, ids=[text for _, text in SILENT])
def test_other_figures_are_left_alone(place: str, text: str) -> None:
    """What no table counts, or only might, raises nothing."""
    assert findings(place, text) == []


def test_typed_figures_are_told_with_the_macro_that_gives_them() -> None:
    """A right figure typed in digits is a finding of its own; one in Chinese numerals is not."""
    text = "收到申请86件，上年为77件，自然人六十六件。制发行政规范性文件2件。"
    told = [outcome for code, outcome in outcomes("依申请", text) if code == TYPED and isinstance(outcome, Fault)]
    calls = ("requests.received", "requests.received", "disclosure.normative_documents.issued")
    assert [fault.subject.partition("：")[2] for fault in told] == [
        "收到申请86件",
        "上年为77件",
        "制发行政规范性文件2件",
    ]
    assert all(call in fault.message for call, fault in zip(calls, told, strict=True))
    assert 'figure("requests.received", -1)' in told[1].message


def test_places_are_not_compared_where_the_data_tell() -> None:
    """Two wrong figures of the same are each told by the data, and not once more by each other."""
    text = ("主动公开政府信息120条。", "全年主动公开政府信息130条。")
    assert subjects("X-12", "主动公开", *text) == ["主动公开政府信息120条", "主动公开政府信息130条"]
    assert subjects("X-08", "主动公开", *text) == []


@pytest.mark.parametrize(
    "text", ["全区共收到政府信息公开申请85件。", "我区新收政府信息公开申请85件。", "收到政府信息公开申请85件。"]
)
def test_the_report_of_an_area_speaks_of_the_area(text: str) -> None:
    """全区 is the body itself where the report covers the area, and its office is not."""
    assert len(subjects("X-01", "依申请", text, scope="area")) == 1
    assert (
        subjects("X-01", "依申请", f"区政府办公室{text.removeprefix('全区共').removeprefix('我区')}", scope="area")
        == []
    )


WORDS_AND_MARKS = [
    *(word for values in WORDS.values() for text in values.values() for word in text.split()),
    *"，。；：、（）0123",
    "86件",
    "两件",
    "2023年",
    "2024年",
    "11.7%",
    "1个百分点",
    "300元",
    "10条",
    "涉及",
    "《通知》",
]


@given(st.lists(st.sampled_from(WORDS_AND_MARKS), max_size=25), st.sampled_from(sorted(PLACES)))
@settings(deadline=None, max_examples=200)
def test_any_words_are_read(words: list[str], place: str) -> None:
    """No order of the words that the rules know stops them, and what they quote stands in the text."""
    text = "".join(words)
    for _, outcome in outcomes(place, text or "。"):
        if isinstance(outcome, Fault | NeedsReview):
            assert outcome.subject.partition("：")[2] in text
