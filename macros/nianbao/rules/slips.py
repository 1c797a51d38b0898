"""Slips of the pen that reports of this kind are known for, with the words that they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from nianbao.reading.patterns import lazy_pattern
from nianbao.rules.wording import CHINESE, Found, in_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.rules.rule import Case, Outcome


@dataclass(frozen=True, kw_only=True)
class Slip:
    """*wrong* words and the *right* ones.

    They are no slip after one of the characters *unless_after*, nor before the pattern *unless_before*.
    """

    wrong: str
    right: str
    unless_after: str = ""
    unless_before: str = ""

    def starts(self, text: str) -> Iterator[int]:
        """Yield where *wrong* stands in *text*."""
        if self.wrong not in text:
            return
        for match in self._pattern.finditer(text):
            yield match.start()

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        after = f"(?<![{self.unless_after}])" if self.unless_after else ""
        before = f"(?!{self.unless_before})" if self.unless_before else ""
        return re.compile(f"{after}{re.escape(self.wrong)}{before}")


# Doubled words. The exceptions are where one word ends and the next begins alike (目的|的, 为了|了解).
_DOUBLED = (
    Slip(wrong="的的", right="的", unless_after="目有标之", unless_before="确|士|卡"),
    Slip(wrong="了了", right="了", unless_after="为除不罢末明", unless_before="[解之结断事然]"),
    Slip(wrong="和和", right="和", unless_after="共饱缓总中柔温平调随不附祥谐", unless_before="[气睦美平谐解]"),
    Slip(wrong="是是", right="是", unless_after="凡还但就于可而要只不总都若或正算求国", unless_before="[非否]"),
    Slip(wrong="与与", right="与", unless_after="参给赋赠", unless_before="[会否]"),
    Slip(wrong="第第", right="第"),
    Slip(wrong="进行进行", right="进行"),
    Slip(wrong="开展开展", right="开展"),
    Slip(wrong="加强加强", right="加强"),
    Slip(wrong="提高提高", right="提高"),
    Slip(wrong="以及以及", right="以及"),
    Slip(wrong="或者或者", right="或者"),
    Slip(wrong="进一步进一步", right="进一步"),
    Slip(wrong="信息信息", right="信息", unless_before="化|员|系统|中心|资源|量|技术|安全|采集|工程"),
    Slip(wrong="保障保障", right="保障", unless_before="[性房金人水对]|标准"),
    Slip(wrong="行政行政", right="行政", unless_after="法"),
)

# Names of the law and of its notices. A citation with its number is a matter of S-12.
_NAMES = (
    Slip(wrong="国办公开函", right="国办公开办函", unless_before=r"\s*[〔\[［【（(]"),
    Slip(wrong="《中华人民共和国信息公开条例》", right="《中华人民共和国政府信息公开条例》"),
    Slip(wrong="《中华人民共和国政府信息公开管理条例》", right="《中华人民共和国政府信息公开条例》"),
    Slip(wrong="《中华人民共和国政府信息公开工作条例》", right="《中华人民共和国政府信息公开条例》"),
    Slip(wrong="《中华人民共和国政府信息公开法》", right="《中华人民共和国政府信息公开条例》"),
    Slip(wrong="公开条列", right="公开条例", unless_before="[出明举示入为成]"),
    Slip(wrong="条列》", right="条例》", unless_after="开"),
    Slip(wrong="《条列", right="《条例"),
    # A Chinese character behind it makes another word: 政府信箱, 政府信访, 政府信用.
    Slip(wrong="政府信", right="政府信息", unless_before=rf"\s?[{CHINESE}]"),
)

_WORDS = (
    ("主动工开", "主动公开"),
    ("政务工开", "政务公开"),
    ("信息工开", "信息公开"),
    ("申请工开", "申请公开"),
    ("依申清", "依申请"),
    ("申清公开", "申请公开"),
    ("公开拦目", "公开栏目"),
    ("公开渠到", "公开渠道"),
    ("公开平太", "公开平台"),
    ("公开意试", "公开意识"),
    ("公开年度报考", "公开年度报告"),
    ("工作年度报考", "工作年度报告"),
    ("年度报吿", "年度报告"),
    ("予授理", "予受理"),
    ("申请授理", "申请受理"),
    ("行政复义", "行政复议"),
    ("行政复仪", "行政复议"),
    ("行政夏议", "行政复议"),
    ("行政诉颂", "行政诉讼"),
    ("行政诉迅", "行政诉讼"),
    ("行政许司", "行政许可"),
    ("合法权宜", "合法权益"),
    ("规范性文见", "规范性文件"),
    ("门户网战", "门户网站"),
    ("政务新煤体", "政务新媒体"),
    ("保秘审查", "保密审查"),
    ("保蜜审查", "保密审查"),
    ("信息处里费", "信息处理费"),
    ("贯切落实", "贯彻落实"),
    ("惯彻", "贯彻"),
    ("贯彻落时", "贯彻落实"),
    ("一如继往", "一如既往"),
    ("再接再励", "再接再厉"),
    ("按步就班", "按部就班"),
    ("卓有成校", "卓有成效"),
    ("认真负则", "认真负责"),
    ("稳步推近", "稳步推进"),
    ("宣传报到", "宣传报道"),
    ("新闻报到", "新闻报道"),
    ("答覆", "答复"),
    ("帐号", "账号"),
    ("帐户", "账户"),
)
_OTHERS = (
    Slip(wrong="布署", right="部署", unless_after="公发颁", unless_before="名"),
    # Up to a day it is 截至; what ends on a day is 截止 (报名截止).
    Slip(wrong="截止", right="截至", unless_after="名请告标集交稿间期", unless_before=r"(?!目前|当前|20[0-9]{2}年)"),
    Slip(wrong="予已公开", right="予以公开", unless_after="给赋授"),
    Slip(wrong="予已答复", right="予以答复", unless_after="给赋授"),
    Slip(wrong="行政处法", right="行政处罚", unless_before="[制规律]"),
    Slip(wrong="回覆", right="回复", unless_before="盖"),
    Slip(wrong="批覆", right="批复", unless_before="盖"),
)

SLIPS = (*_DOUBLED, *_NAMES, *_OTHERS, *(Slip(wrong=wrong, right=right) for wrong, right in _WORDS))

_CHINESE = lazy_pattern(f"[{CHINESE}]")

# “2023年年” is a slip unless a word such as 年度 or 年底 begins there.
_YEARS = re.compile(r"[0-9]{4}年年(?![度初底末中终报均检审鉴会货]|内)")


def national(case: Case) -> Iterator[Outcome]:
    """Yield slips of the dictionary that the profile does not have itself."""
    own = {wrong for wrong, _ in case.profile.typing}
    slips = [slip for slip in SLIPS if slip.wrong not in own]

    def look(text: str) -> Iterator[Found]:
        for slip in slips:
            for start in slip.starts(text):
                yield _found(start, slip.wrong, slip.right)
        for match in _YEARS.finditer(text):
            yield Found(start=match.start(), end=match.end(), message=f"“{match[0]}”多写了一个“年”；请改正")

    yield from in_pages(case, look)


def local(case: Case) -> Iterator[Outcome]:
    """Yield slips of the profile's dictionary."""

    def look(text: str) -> Iterator[Found]:
        for wrong, right in case.profile.typing:
            for start in _occurrences(text, wrong, right):
                yield _found(start, wrong, right)

    yield from in_pages(case, look)


def _found(start: int, wrong: str, right: str) -> Found:
    return Found(start=start, end=start + len(wrong), message=f"“{wrong}”应为“{right}”；请改正")


def _occurrences(text: str, wrong: str, right: str) -> Iterator[int]:
    """Yield where *wrong* stands in *text*, but not where it is part of the *right* word, or of another.

    A word that is cut short is only known to be so where no Chinese character goes on beside it.
    """
    within = right.find(wrong)
    start = text.find(wrong)
    while start >= 0:
        end = start + len(wrong)
        if within < 0:
            yield start
        elif text[max(start - within, 0) : start - within + len(right)] != right:
            beside = text[max(start - 2, 0) : start].strip()[-1:] if within else text[end : end + 2].strip()
            if not _CHINESE.match(beside):
                yield start
        start = text.find(wrong, end)
