"""Rules for names: the reporting agency under its own name of the year, and no place or agency of somebody else."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from nianbao.prose.passages import is_prompt
from nianbao.reading.findings import Finding, Place
from nianbao.reading.patterns import lazy_pattern
from nianbao.rules.rule import Confirmed, Fault, Inapplicable, NeedsReview, Reads, Rule
from nianbao.rules.wording import CHINESE, outcomes_on, quotes_out, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.agency import Agency
    from nianbao.prose.passages import Passage, Sentence
    from nianbao.rules.rule import Case, Outcome

_UNIT = lazy_pattern(rf"(?:[{CHINESE}]{{2,7}}?(?P<level>自治区|自治州|省|市|区|县|州|盟|旗)|[{CHINESE}](?P<short>县))")
_COUNTIES = frozenset("区县旗")
# What ends like a place and is none (社区, 高新区), or is not named (全市, 各县).
_NO_PLACE = re.compile(
    r"社区|小区|园区|地区|辖区|片区|景区|城区|市区|校区|山区|库区|新区|开发区|高新区|自治区|功能区|示范区|城市|集市|超市|上市|门市|股市"
    r"|^[各全本该我其省市县区]|上级|街道|乡镇|主管|政府|部门|领导|组织|[委党和及与等]"
)
_PARTY = r"(?:委(?!员|办|托|派)|党委|党工委|人民政府|政府)"
_LEADERSHIP = lazy_pattern(rf"(?:在|和|及|与|、|以及)(?:中共)?(?P<place>[{CHINESE}]{{2,12}}?[市区县旗])(?={_PARTY})")
_BODY = r"(?:局|委员会|办公室|人民政府|管理中心|服务中心|中心|街道办事处|街道|厅)"
# Who presents the report, as the first words of a sentence; the name of the law settles what is presented.
_PRESENTS = lazy_pattern(
    rf"^(?:[0-9]{{4}}年度?，?)?(?P<name>[{CHINESE}]{{2,30}}?{_BODY})(?=现(?:公布|发布|将)|编制(?:本|了本)|(?:根据|依据|依照|按照)《)"
)
_PRESENTED = lazy_pattern(
    rf"现(?:公布|发布|将|就)(?P<name>[{CHINESE}]{{2,30}}?{_BODY})(?=(?:[0-9]{{4}}年度?)?政府信息公开(?:工作)?(?:年度报告|情况))"
)
# Whose report something is called, in descriptions and titles of the site.
_ENTITLED = lazy_pattern(
    rf"(?P<name>[{CHINESE}]{{2,30}}?{_BODY})(?:（[^（）]*）)?(?:[0-9]{{4}}年度?)?(?=政府信息公开(?:工作)?(?:年度报告|年报))"
)
_BUDGET = lazy_pattern(rf"《(?P<name>[{CHINESE}]{{4,40}}?)[0-9]{{4}}年度?部门[预决]算")
_LEVEL = re.compile(r"(?<![自基根日样资成文版原])[我本](?P<level>县|镇)(?![级情])")

_SELVES = {
    "局": re.compile(r"(?<![自基根日样资成文版原])[我本]局(?![限部面势域促])"),
    "委": re.compile(r"(?<![自基根日样资成文版原])[我本]委(?![托派屈婉任])"),
    "厅": re.compile(r"(?<![自基根日样资成文版原])[我本]厅"),
    "中心": re.compile(r"(?<![自基根日样资成文版原])[我本]中心"),
    "街道": re.compile(r"(?<![自基根日样资成文版原])[我本]街道"),
}
_ENDINGS = {
    "局": ("局",),
    "委": ("委员会", "委", "党委", "管委会"),
    "厅": ("厅",),
    "中心": ("中心",),
    "街道": ("街道办事处", "街道", "街道办"),
}
_RENAMED = re.compile(r"更名|改名|改称|名称|划转|划入|并入|改革|组建|挂牌|前身|原名|撤销|曾用|合并|旧|历史")


def _known(agency: Agency) -> dict[str, str]:
    """Return the places that the agency's own file names, with their levels."""
    texts = (*(name.text for name in agency.names), agency.superior, agency.region)
    return {match[0]: match["level"] or match["short"] for text in texts for match in _UNIT.finditer(text)}


def _certain(known: dict[str, str], level: str) -> bool:
    """Say whether all places above the agency are known at *level*, so that any other is somebody else's."""
    levels = list(known.values())
    counties = sum(own in _COUNTIES for own in levels)
    if level in _COUNTIES:
        return counties > 0
    return levels.count("市") > 1 or (levels.count("市") == 1 and (counties > 0 or "省" in levels))


def _foreign(place: str, known: dict[str, str]) -> str:
    """Return the level of a place in *place*, a city or a county, or nothing where one of the agency's is there.

    The province above is mostly not recorded, so that its name proves nothing.
    """
    if any(own in place or own.endswith(place) for own in known):
        return ""
    units = [unit for unit in _UNIT.finditer(place) if unit["level"] == "市" or unit["level"] in _COUNTIES]
    return units[0]["level"] if units and not any(_NO_PLACE.search(unit[0]) for unit in units) else ""


def strangers(agency: Agency, text: str, file: str) -> Iterator[Finding]:
    """Yield the names of other bodies and places in *text*, a page of no year or the settings, at places in *file*.

    Only those of which the program is sure: nobody can waive them there.
    """
    known = _known(agency)
    names = {name.text for name in agency.names}
    where = "、".join(filter(None, (*names, agency.superior, agency.region)))
    for number, line in enumerate(text.split("\n"), 1):
        words = quotes_out(line)
        seen = 0  # What two patterns find is told once.
        for pattern in (_PRESENTS, _PRESENTED, *([_LEADERSHIP] if "领导下" in words else []), _ENTITLED):
            for match in pattern.finditer(words, seen):
                name, seen = match[1], match.end()
                level = "" if name in names else _foreign(name, known)
                if level and _certain(known, level):
                    message = f"“{name}”不是本机关和所在地区（{where}）；请改成本机关的，或删去"
                    yield Finding(Place(file, number, match.start(1) + 1), message, rule="Q-03")


def _places(case: Case) -> Iterator[Outcome]:
    known = _known(case.agency)
    if not known:
        yield Inapplicable("机关信息里没有所在地区")
        return
    names = {name.text for name in case.agency.names}
    for page in case.pages or ():
        sentences = (sentence for passage in page.reported if not is_prompt(passage) for sentence in passage.sentences)
        typed = (sentence for sentence in sentences if any(sentence.passage.typed[sentence.start : sentence.end]))
        yield from outcomes_on(
            page, (outcome for sentence in typed for outcome in _in_sentence(case, sentence, known, names))
        )
    for title in dict.fromkeys(item.title for item in case.report.items):
        match = _BUDGET.search(title)
        level = _foreign(match["name"], known) if match is not None and match["name"] not in names else ""
        if match is not None and level and _certain(known, level):
            strange = f"“{match['name']}”不是本机关（{case.report.agency_name}）"
            message = f"公开信息的标题里，{strange}；请核对是否误用了其他机关的内容"
            yield Fault(place=case.report.place("items"), message=message, subject=f"items：{match['name']}")


def _in_sentence(
    case: Case, sentence: Sentence, known: dict[str, str], names: set[str]
) -> Iterator[Fault | NeedsReview]:
    text = quotes_out(sentence.text)
    for pattern in (_PRESENTS, _PRESENTED):
        for match in pattern.finditer(text):
            level = "" if match["name"] in names else _foreign(match["name"], known)
            if level:
                yield _stranger(case, sentence, match, "name", sure=_certain(known, level))
    if "领导下" in text:
        for match in _LEADERSHIP.finditer(text):
            level = _foreign(match["place"], known)
            if level:
                yield _stranger(case, sentence, match, "place", sure=_certain(known, level))
    for match in _LEVEL.finditer(text):
        others = _COUNTIES | {"市"}
        if match["level"] in "".join((*known, case.agency.superior, case.agency.region, *names)):
            continue
        sure = any(own in others for own in known.values())
        message = f"“{match[0]}”与本机关不符（{case.report.agency_name}）；请核对是否误用了其他地方的内容"
        yield _outcome(sentence, match.start(), match[0], message, sure=sure)


def _stranger(case: Case, sentence: Sentence, match: re.Match[str], group: str, *, sure: bool) -> Fault | NeedsReview:
    words = match[group]
    where = "、".join(filter(None, (case.report.agency_name, case.agency.superior, case.agency.region)))
    message = f"“{words}”不是本机关和所在地区（{where}）；请核对是否误用了其他机关、其他地方的内容"
    return _outcome(sentence, match.start(group), words, message, sure=sure)


def _outcome(sentence: Sentence, start: int, words: str, message: str, *, sure: bool) -> Fault | NeedsReview:
    passage = sentence.passage
    make = Fault if sure else NeedsReview
    place = passage.place(sentence.start + start)
    return make(place=place, message=message, subject=subject(passage.page, words))


def _own_name(case: Case) -> Iterator[Outcome]:
    name = case.report.agency_name
    others = [other.text for other in case.agency.names if other.text != name]
    selves = [word for word, endings in _ENDINGS.items() if not name.endswith(endings)]
    for page in case.pages or ():
        own = sum(name in passage.text for passage in page.reported)
        passages = [passage for passage in page.reported if any(passage.typed) and not is_prompt(passage)]
        other_names = (fault for passage in passages for fault in _other_names(case, passage, others))
        other_selves = (fault for passage in passages for fault in _other_selves(case, passage, selves))
        for outcome in outcomes_on(page, chain(other_names, other_selves)):
            yield Confirmed(own) if isinstance(outcome, Confirmed) else outcome


def _other_names(case: Case, passage: Passage, others: list[str]) -> Iterator[Fault]:
    """Yield names of other years, but not where a sentence tells of the change, or quotes."""
    name = case.report.agency_name
    for sentence in passage.sentences if any(other in passage.text for other in others) else ():
        text = quotes_out(sentence.text).replace(name, "\0" * len(name))
        for other in others:
            start = text.find(other)
            if start < 0 or _RENAMED.search(text) or text[max(start - 1, 0) : start] == "原":
                continue
            if not passage.is_typed(sentence.start + start, sentence.start + start + len(other)):
                continue
            message = f"“{other}”不是 {case.report.year} 年使用的名称；本年的名称是“{name}”，请改用 {{{{ agency() }}}}"
            words = subject(passage.page, other)
            yield Fault(place=passage.place(sentence.start + start), message=message, subject=words)


def _other_selves(case: Case, passage: Passage, selves: list[str]) -> Iterator[Fault]:
    """Yield what another kind of body would call itself."""
    text = quotes_out(passage.text)
    for word in selves:
        for match in _SELVES[word].finditer(text):
            message = f"自称“{match[0]}”，与本机关的名称“{case.report.agency_name}”不符；请全文统一"
            words = subject(passage.page, match[0])
            yield Fault(place=passage.place(match.start()), message=message, subject=words)


RULES = (
    Rule(
        code="Q-03",
        hard=True,
        statement="没有误用其他机关、其他地方的名称。",
        basis="公开的报告中有照抄他处而留下外地名称的；按机关信息所写的名称、上级机关和所在地区核对",
        check=_places,
        reads=Reads.AGENCY | Reads.PAGES,
    ),
    Rule(
        code="Q-12",
        hard=False,
        statement="全文使用本机关当年的名称，自称与名称相符。",
        basis="评议中的要求：机关名称前后一致，与当年的法定名称相符",
        check=_own_name,
        reads=Reads.AGENCY | Reads.PAGES,
    ),
)
