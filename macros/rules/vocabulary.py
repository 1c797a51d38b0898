"""The words in which reports tell their figures: what each means for a figure beside it.

A clause is read as a figure of the tables only where every word of it stands here: whatever is not
known might make the figure something else. Words are data; `macros.rules.statements` joins them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from macros.prose.numerals import Numeral, numerals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What an unknown run of characters is called.
UNKNOWN = "?"

# Kinds of words, the values they stand for, and the words.
_WORDS: dict[str, dict[str, str]] = {
    # Words without weight for the meaning of a figure.
    "fill": {
        "": (
            "共 共计 共有 总计 合计 总共 一共 累计 计 为 是 有 的 了 已 已经 达 达到 数 数量 总数 总数量 总量 量 件数 件 申请人 向 提出 提交 "
            "情况 情形 方面 案件 案 事项 请求 结果 办理结果 处理结果 办理结果中 处理结果中 从结果看 从理由看 从申请人看 从申请人类型看 按结果划分 "
            "期间 报告期内 统计期内 任何 年底 年末 在内 在 对 经 后 以 并 且 还 即 表中 因而 只有 仅有 据此 我们 "
            "新增 实际 依法 依规 依法依规 按规定 按要求 按照规定 "
            "尚未到期 年底尚未到期 收到补正通知后 发出收费通知后 检索后确认 而不再处理 不再处理 行政机关不再处理 能够公开而 "
            "区分处理、 区分处理 属于 属 发生 产生 引发 引起 出现 提起 被提起 被 被申请 存在 社会公众 公众 群众 各类 "
            "公民、法人和其他组织 公民、法人或其他组织 公民、法人或者其他组织 公民、法人及其他组织 公民、法人和其它组织 公民和法人或其他组织 "
            "自然人、法人和其他组织 自然人、法人或其他组织 自然人和法人 社会公众和法人 余 尚 尚有 仍有 剩余 剩 一行 一类 类 类型 "
            "一是 二是 三是 四是 五是 其一 其二 第一 第二 保持 实现 保留 确 经检索 经检索确 向法院 向人民法院 进行 做出 给予"
        ),
    },
    # Some of the cases, perhaps: what was done in time need not be all.
    "some": {"": "法定期限内 在法定期限内 规定时限内 在规定时限内 规定期限内 在规定期限内 法定时限内 在法定时限内 首次 按时 按期 及时 如期 截至目前 目前 当场"},
    "among": {"": "中 里 当中"},
    "join": {"": "连同 加 连同其"},
    "extra": {"": "另有 另 还有 此外还有 同时 此外 另外"},
    "and": {"": "、 和 与 及 以及 或 或者"},
    # 政府信息公开 as such: it says of a case what it was about.
    "about": {
        "": (
            "政府信息公开 信息公开 政务公开 政府信息公开工作 涉及政府信息公开 涉及信息公开 涉政府信息公开 涉信息公开 有关政府信息公开 "
            "针对政府信息公开 政府信息公开类 信息公开类 政府信息公开答复"
        ),
        "because": (
            "因政府信息公开 因政府信息公开工作 因政府信息公开申请 因信息公开 因信息公开工作 因信息公开申请 因政务公开 因依申请公开 "
            "因政府信息公开答复 因政府信息公开行为 因政府信息公开事项 因不服政府信息公开答复"
        ),
    },
    "whole": {"": "全年 本年 本年度 今年 今年以来 当年 年内 一年来 全年度 全年内 本年内"},
    "year": {"-1": "上年 上年度 上一年 上一年度 去年 去年度 上年同期 去年同期 上一年同期"},
    "same": {"": "同期"},
    "period": {
        "": (
            "上半年 下半年 一季度 二季度 三季度 四季度 第一季度 第二季度 第三季度 第四季度 当月 本月 每月 每季度 每季 每年 每半年 月均 日均 年均 "
            "月度 季度 平均 人均 历年 历年累计 近年 近年来 以来 年中 当季 当日 当天 每天 每周 单月 同月"
        ),
    },
    "body": {
        "": (
            "全省 全市 全区 全县 全州 全盟 全旗 全镇 全乡 全街道 全国 我省 我市 我区 我县 我州 本省 本市 本区 本县 各级 各部门 各单位 各街道 各镇 "
            "各乡镇 各县 各区 各市 各镇街 各地 街道 乡镇 镇街 下属 所属 直属 下级 基层 区级 市级 县级 省级 区直 市直 县直 其他单位 其他部门 "
            "辖区 辖内 区政府 市政府 县政府 省政府 区政府办公室 市政府办公厅 区政府办 本级"
        ),
    },
    "neg": {"": "未 没有 无 未曾 并未 暂无 零 尚无 并无 从未 没"},
    "all": {"": "均 全部 都 皆 全 一律"},
    "each": {"": "各 各有"},
    "part": {"": "其中 含 包含 包括 其中包括 其中含"},
    "rest": {"": "每 其余 其他 其它 余下 除 之外 以外 除外 不含 不包括 剔除 扣除"},
    "resp": {"": "分别 分别为 分别是 分别有 依次为 分别达"},
    "cmp": {"": "较 比 与 相比 同比 相较 相较于 高于 低于 多于 少于 三项均高于 三项均低于 两项均高于 两项均低于"},
    "up": {"": "增长 上升 增加 提高 上涨 提升 增幅 增 多 上浮 略有增加 略有上升 略有增长 有所增加 有所上升 明显增加"},
    "down": {"": "下降 减少 降低 下跌 降幅 减 少 回落 减幅 略有下降 略有减少 有所下降 有所减少 明显减少 明显下降"},
    "from": {"": "由 从 自"},
    "to": {
        "up": "增至 增加到 增加至 上升至 上升到 升至 升到 增长到 增长至 提高到 提高至 提升到 提升至 上涨到",
        "down": "降至 降到 下降至 下降到 减少到 减少至 减至 降为 减为 降低到 降低至 回落到",
        "": "变为 变成 达到了",
    },
    "share": {"": "占 占比 占比为 占比达 所占比例 所占比例为 约占 比例为"},
    "rate": {"": "办结率 答复率 按期答复率 公开率 办复率 按时办结率 按时答复率 回复率 满意率 纠错率 败诉率 全文电子化率"},
    # Table of section 3.
    "noun": {
        "explicit": (
            "政府信息公开申请 政府信息依申请公开申请 政府信息依申请公开 政府信息公开依申请 信息公开申请 依申请公开申请 依申请公开政府信息申请 "
            "依申请公开政府信息 依申请公开信息 依申请公开事项 依申请公开件 依申请公开 依申请信息公开件 依申请信息公开 依申请信息 申请公开政府信息 "
            "申请政府信息公开 政务公开申请 信息依申请公开 申请信息公开 政府信息申请 依申请公开案件 政府信息公开申请件 政府信息公开申请事项 "
            "依申请公开申请件 政府信息公开申请数量 依申请公开政府信息公开申请"
        ),
        "plain": "申请 申请件 申请事项 申请量 申请数量 公开申请",
    },
    "row": {
        "received": "收到 新收 新收到 受理 接收 接到 新受理 新接收 收 接收到 新接到 收到的 新收的 登记受理 收到并受理 新增受理",
        "results": (
            "办结 答复 回复 办复 已办结 答复办结 办理答复 办结答复 办理完毕 办理办结 共办结 予以答复 作出答复 答复完毕 办理完成 作答复 已答复 "
            "处理完毕 办毕"
        ),
        "handled": "办理 处理 办理的 处理的 共办理",
        "both": "收办 共收办",
        "unfinished": "年末在办 年底在办 期末在办 尚未办结 未办结 正在办理 正在办理中 尚在办理 尚在办理中 未办理完毕",
        "begun": "年初在办 期初在办",
    },
    "group": {
        "granted": "予以公开 同意公开",
        "partly_granted": "部分公开 予以部分公开 部分予以公开",
        "refused": "不予公开",
        "unavailable": "无法提供",
        "not_processed": "不予处理",
        "otherwise": "其他处理 作其他处理 其它处理",
    },
    "item": {
        "refused.state_secrets": "国家秘密 属于国家秘密 涉及国家秘密",
        "refused.forbidden_by_law": "其他法律行政法规禁止公开 其他法律、行政法规禁止公开 法律行政法规禁止公开 法律、行政法规禁止公开",
        "refused.security_and_stability": "危及三安全一稳定 三安全一稳定",
        "refused.third_party_rights": "保护第三方合法权益 涉及第三方合法权益 侵害第三方合法权益 损害第三方合法权益 第三方合法权益",
        "refused.internal_affairs": "三类内部事务信息 内部事务信息 属于三类内部事务信息",
        "refused.process_information": "四类过程性信息 过程性信息 属于四类过程性信息",
        "refused.enforcement_files": "行政执法案卷 行政执法案卷信息 属于行政执法案卷",
        "refused.administrative_inquiries": "行政查询事项 属于行政查询事项",
        "unavailable.not_held": (
            "本机关不掌握相关政府信息 不掌握相关政府信息 本机关不掌握 不掌握 确不掌握 不掌握政府信息 本单位不掌握相关政府信息 我局不掌握相关政府信息"
        ),
        "unavailable.to_be_created": "没有现成信息需要另行制作 没有现成信息、需要另行制作 没有现成信息 需要另行制作",
        "unavailable.still_unclear": "补正后申请内容仍不明确 补正后仍不明确 经补正后申请内容仍不明确 经补正仍不明确",
        "not_processed.petitions": "信访举报投诉类申请 信访举报投诉类 信访举报投诉 信访、举报、投诉类申请 信访、投诉、举报类申请",
        "not_processed.repeated": "重复申请",
        "not_processed.publications": "要求提供公开出版物 公开出版物",
        "not_processed.excessive": "无正当理由大量反复申请 大量反复申请",
        "not_processed.reconfirmation": (
            "要求行政机关确认或重新出具已获取信息 要求确认或重新出具已获取信息 确认或重新出具已获取信息 要求确认已获取信息"
        ),
        "otherwise.not_corrected": (
            "申请人无正当理由逾期不补正 无正当理由逾期不补正 逾期不补正 逾期未补正 申请人逾期不补正 申请人逾期未补正 "
            "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"
        ),
        "otherwise.fee_not_paid": (
            "申请人逾期未按收费通知要求缴纳费用 逾期未按收费通知要求缴纳费用 逾期未缴纳费用 逾期未缴费 "
            "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"
        ),
    },
    "col": {
        "natural_person": "自然人",
        "organizations": "法人或其他组织 法人和其他组织 法人及其他组织 法人或者其他组织 法人与其他组织 法人、其他组织 法人和其它组织 法人或其它组织",
        "organizations.commercial": "商业企业",
        "organizations.research": "科研机构",
        "organizations.public_welfare": "社会公益组织",
        "organizations.legal_service": "法律服务机构",
    },
    # Ways of asking, which no table counts.
    "channel": {
        "": (
            "网上 网络 网站 信函 邮寄 来信 当面 现场 电子邮件 邮件 传真 窗口 线上 线下 邮政 网上申请 网络申请 信函申请 邮寄申请 当面申请 现场申请 "
            "通过网络 通过网上 通过信函 通过邮寄 通过当面 通过电子邮件 通过网络申请 通过信函申请 通过当面申请 网络渠道 信函渠道 其他方式 其他渠道"
        ),
    },
    # Table of section 4.
    "topic": {
        "reconsideration": "行政复议 复议 行政复议案件 复议案件 行政复议申请 申请行政复议 被申请行政复议 被行政复议 被复议 提起行政复议 提起复议 复议机关 被复议机关",
        "litigation": "行政诉讼 诉讼 行政诉讼案件 诉讼案件 提起行政诉讼 被提起行政诉讼 被行政诉讼 行政应诉 行政应诉案件 法院 人民法院",
        "direct": "未经复议直接起诉 未经行政复议直接起诉 直接起诉 直接提起行政诉讼 直接向法院起诉 直接向人民法院起诉 未经复议直接提起行政诉讼",
        "after_reconsideration": "复议后起诉 经复议后起诉 行政复议后起诉 复议后提起行政诉讼 经行政复议后提起行政诉讼 经复议后提起行政诉讼",
    },
    "out": {
        "upheld": "结果维持 维持 被维持 获维持 获得维持 予以维持 维持原行政行为 维持原行为 维持原答复",
        "corrected": "结果纠正 纠正 被纠正 予以纠正 被纠错 纠错",
        "lost": "败诉 被判败诉 判决败诉",
        "won": "胜诉 驳回 被驳回 判决驳回 驳回诉讼请求 驳回原告诉讼请求 判决驳回诉讼请求 判决驳回原告诉讼请求",
        "other": "其他结果 其它结果",
        "pending": "尚未审结 未审结 尚未办结的行政复议 仍在审理 正在审理 仍在审理中 正在审理中 尚在审理 尚在审理中 审理中 留待下年度审理 结转下年度审理",
    },
    "decided": {"": "已审结 已办结案件 已结案 审结"},
    # Table of section 2.
    "doc": {
        "regulations": "规章 政府规章 部门规章",
        "normative_documents": "行政规范性文件",
        "normative_documents?": "规范性文件",
        "licensing": "行政许可",
        "penalties": "行政处罚",
        "penalties?": "行政处罚案件",
        "coercion": "行政强制",
        "coercion?": "行政强制案件",
        "administrative_fees": "行政事业性收费",
        "government_procurement": "政府集中采购 政府集中采购项目",
        "other_services": "其他对外管理服务事项",
    },
    "act": {
        "issued": "制发 新制发 制定 新制定 制定出台 制定印发 本年制发 制定发布",
        "issued?": "出台 印发 新出台 新发 新印发 发布",
        "made": "新制作 制作",
        "newly_published": "新公开",
        "published_in_all": "对外公开总数 对外公开总数量 对外公开",
        "repealed": "废止 宣布废止",
        "in_force": "现行有效 现行有效件数",
        "in_force?": "继续有效 有效",
        "changed": "修改 修订 失效 宣布失效 清理 备案 审查 解读 公开解读",
    },
    "decide": {"": "作出 决定 处理决定 决定书 作出处理决定 处理决定数量"},
    # Other figures of the data.
    "fee": {"": "信息处理费 政府信息公开信息处理费 政府信息处理费 信息公开处理费 政府信息公开处理费"},
    "take": {"": "收取 收缴 征收 收入 实际收取 共收取 收费 实收 金额 缴纳"},
    "publish": {"": "主动公开 公开 主动公开发布 公开发布"},
    "info": {"": "政府信息 各类政府信息 信息 各类信息 政府信息总数 各类信息合计"},
    "site": {
        "": (
            "通过区政府门户网站 通过市政府门户网站 通过县政府门户网站 通过政府门户网站 通过门户网站 通过政府网站 在区政府门户网站 在市政府门户网站 "
            "在政府门户网站 在门户网站 在政府网站 通过部门网站 在部门网站"
        ),
    },
    # What is no request for information, and whatever follows is of it.
    "foreign": {
        "": (
            "建议 提案 议案 投诉 举报 咨询 热线 留言 来访 来电 信访 诉求 信件 工单 意见 线索 纠纷 仲裁 赔偿 听证 备案 行政许可申请 行政许可事项 "
            "行政处罚事项 行政强制事项 行政许可信息 行政处罚信息 许可申请 人大代表建议 政协提案 行政检查 调解 来函 平台 依职权 更正 复核 "
            "公文 稿件 新闻 动态 行政裁决 行政确认 国家赔偿 行政奖励"
        ),
    },
}

# Units of what is counted or paid, and of time; figures of anything else are words that are not known.
_COUNTING = frozenset("件起宗例份条项部封批篇场期%倍元") | {"", "件次", "万元", "亿元", "个百分点", "百分点"}
_TIMES = frozenset("天日年月时") | {"个月", "个工作日", "工作日"}

_YEAR = "[0-9]{4}年度?"
_LAST = f"上一?年度?|去年度?|{_YEAR}"
_NEXT = f"下一?年度?|次年度?|明年|翌年|{_YEAR}"
_CARRY = "结转|转入|转接|遗留|顺延|延续|结余|跨年"
_GO_ON = "(?:继续|接续|再)?(?:办理|处理|答复|办结)?"

# Expressions with years in them. Each names a kind and value; years in a group must fit the report.
_EXPRESSIONS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("whole", "", re.compile(rf"(?:自|从)?(?P<this>{_YEAR})?1月1日起?[至到—–~～-]+(?P<same>{_YEAR})?12月31日(?:止|期间)?")),
    ("fill", "", re.compile(rf"(?:截至|截止|至|到)?(?P<this>{_YEAR})?(?:12月31日|12月底|年底|年末)(?:止)?")),
    ("fill", "", re.compile("加上(?!一?年)|两段合计")),
    ("out", "pending", re.compile("(?:留待|结转|转入|结转到|转到)?下一?年度?(?:继续)?审理")),
    (
        "row",
        "carried_in",
        re.compile(
            rf"(?P<last>{_LAST})(?:年?末|底)?(?:尚未办结|未办结|未办理完毕|办理未结)?的?(?:{_CARRY})"
            rf"(?:到|至|入)?(?:(?P<this>本年度?|今年|{_YEAR}))?{_GO_ON}(?!下|次|明|[0-9]{{4}}年)"
        ),
    ),
    ("row", "carried_in", re.compile(rf"结转(?:自|的)?(?P<last>{_LAST})(?:的)?(?!末)")),
    ("row", "carried_out", re.compile(rf"(?:{_CARRY}|转到|转至|转|延期|延至|留待|推迟)(?:到|至|入|于)?(?P<next>{_NEXT}){_GO_ON}")),
    ("row", "carried_out", re.compile(rf"(?P<next>{_NEXT})结转")),
    ("period", "", re.compile(rf"(?:{_YEAR})?(?:[0-9]{{1,2}}[-—–~～至到、])?(?:1[0-2]|0?[1-9])月(?:份|底|初|[上中下]旬|[0-9]{{1,2}}日)?")),
    ("period", "", re.compile("[一二三四五六七八九十]{1,2}(?:[至到][一二三四五六七八九十]{1,2})?月(?:份|底|初)?")),
)
_PLAIN_YEAR = re.compile(r"([0-9]{4})年度?")
_EXPRESSION_STARTS = frozenset("0123456789一二三四五六七八九十自从截至到留结转下上去次明翌顺延推遗跨年加两")
_SELF = re.compile(
    "[我本](?:局|委|办|厅|院|校|镇|乡|街道|街|中心|单位|机关|部门|支队|大队|总队|所|站|馆|处|室|部|会|街道办|办公室|行政机关)|全局|全委"
)
_AREA = re.compile("[全我本][省市区县州盟旗]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a clause from *start* up to *end*, its *kind* and *value*; *numeral* where it is a number."""

    kind: str
    value: str
    start: int
    end: int
    numeral: Numeral | None = None


def _index(words: Mapping[str, Mapping[str, str]]) -> dict[str, list[tuple[str, str, str]]]:
    """Return words with kind and value by first character, longest first."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for kind, values in words.items():
        for value, text in values.items():
            for word in text.split():
                found.setdefault(word[0], []).append((word, kind, value))
    return {first: sorted(entries, key=lambda entry: -len(entry[0])) for first, entries in found.items()}


_BY_FIRST = _index(_WORDS)


class Vocabulary:
    """The words of one report: those of all reports, its years, its body's names and its categories of items."""

    def __init__(self, year: int, names: Iterable[str], categories: Iterable[str], *, area: bool) -> None:
        self._year = year
        self._area = area
        own: dict[str, list[tuple[str, str, str]]] = {}
        for name in names:
            for length in range(2, len(name) + 1):
                tail = name[-length:]
                own.setdefault(tail[0], []).append((tail, "self", ""))
        for category in categories:
            own.setdefault(category[0], []).append((category, "category", category))
        self._own = {first: sorted(set(entries), key=lambda entry: -len(entry[0])) for first, entries in own.items()}

    def tokens(self, text: str) -> tuple[Token, ...]:
        """Return *text* as words; what is unknown becomes one token for each run."""
        numbers = {numeral.start: numeral for numeral in numerals(text)}
        found: list[Token] = []
        position = 0
        while position < len(text):
            choices = (self._expression(text, position), self._word(text, position, numbers))
            token = max(filter(None, choices), key=lambda choice: choice.end, default=None)
            if token is None:
                if found and found[-1].kind == UNKNOWN:
                    found[-1] = Token(UNKNOWN, "", found[-1].start, position + 1)
                else:
                    found.append(Token(UNKNOWN, "", position, position + 1))
                position += 1
            else:
                found.append(token)
                position = token.end
        return tuple(found)

    def _expression(self, text: str, position: int) -> Token | None:
        if text[position] not in _EXPRESSION_STARTS:
            return None
        for kind, value, pattern in _EXPRESSIONS:
            match = pattern.match(text, position)
            if match and match.end() > position and self._fits(match.groupdict()):
                return Token(kind, value, position, match.end())
        plain = _PLAIN_YEAR.match(text, position)
        if plain:
            offset = int(plain[1]) - self._year
            return Token("year" if offset else "whole", str(offset), position, plain.end())
        return None

    def _fits(self, groups: dict[str, str | None]) -> bool:
        """Say whether the years that an expression names are those that it means."""
        meant = {"last": self._year - 1, "this": self._year, "same": self._year, "next": self._year + 1}
        return all(
            text is None or not text[0].isdigit() or int(text[:4]) == meant[name] for name, text in groups.items()
        )

    def _word(self, text: str, position: int, numbers: Mapping[int, Numeral]) -> Token | None:
        """Return the longest word at *position*, or the number; words like 三类内部事务信息 go before numbers."""
        best: tuple[str, str, str] | None = None
        for index in (self._own, _BY_FIRST):
            for entry in index.get(text[position], ()):
                if (best is None or len(entry[0]) > len(best[0])) and text.startswith(entry[0], position):
                    best = entry
                    break
        numeral = numbers.get(position)
        if numeral is not None and (best is None or position + len(best[0]) < numeral.end or numeral.digits):
            kind = "num" if numeral.unit in _COUNTING else "period" if numeral.unit in _TIMES else UNKNOWN
            return Token(kind, numeral.unit, numeral.start, numeral.end, numeral if kind == "num" else None)
        pronoun = (_AREA if self._area else _SELF).match(text, position)
        if pronoun and (best is None or pronoun.end() - position >= len(best[0])):
            return Token("self", "", position, pronoun.end())
        if self._area and best is None and _SELF.match(text, position):
            best = (text[position : position + 2], "body", "")
        return None if best is None else Token(best[1], best[2], position, position + len(best[0]))
