"""How much of a report's words stood in last year's report already.

Years, digits and names of the agency count for nothing, nor do figures, nil returns and what the law has
everyone say; tables are no words. What is left is compared by runs of characters, so that a sentence
moved or changed in one place is still like itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.prose.passages import is_prompt
from nianbao.reading.findings import shown
from nianbao.reading.patterns import lazy_pattern
from nianbao.rules.rule import Confirmed, Fault, Inapplicable, Reads, Rule
from nianbao.rules.wording import CHINESE, PREVIOUS_PAGES_MISSING, subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nianbao.model.agency import Agency
    from nianbao.model.form import Form, Section
    from nianbao.prose.passages import PageText, Sentence
    from nianbao.rules.rule import Case, Outcome

# So many characters in a row are taken for the same words; 政府信息公开 alone is six.
_RUN = 8
# Shorter sentences, and sections with fewer characters left, say nothing.
_SHORT, _FEW = 12, 80
# A section has a few thousand characters; beyond this many it is compared by its beginning.
_MOST = 100_000

_CLAUSE = re.compile(r"[^，：。；！？]*[，：。；！？]?")
_FIGURE = re.compile(r"[0-9]\s*(?:余|多)?(?:件|条|次|篇|个|份|期|起|宗|人|万?元|项|%|％|名|场)")
_NIL = re.compile(r"(?:未|没有|无|不存在|尚无)[^，。；]{0,16}(?:申请|复议|诉讼|费|追究|问责|追责|事项|情形|情况|发生)")
_STATUTORY = re.compile(
    r"国办公开办函|编制本|本报告|统计(?:期限|数据)|数据统计|[如见][下上]表|下表|1月1日|（单位：|第二十条第"
)
_WORD = lazy_pattern(f"[{CHINESE}A-Za-z]")
# How a body calls itself stands for its name, whatever that is.
_SELF = re.compile(r"[本我](?:局|委|办|厅|院|单位|机关|部门|中心|街道|镇|乡)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A *sentence*, and the characters of it that are compared."""

    sentence: Sentence
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What an earlier report said of its own in a section: its *lines*, and in which of them each run first stands."""

    lines: tuple[Compared, ...]
    runs: Mapping[str, int]

    def covered(self, text: str) -> int:
        """Return how many of the characters of *text* stand in runs that were there already."""
        return _covered(text, self.runs)

    def source(self, text: str) -> tuple[int, int]:
        """Return how many runs of *text* stand in one of the lines, and which; the line with most of them."""
        votes = Counter(self.runs[run] for run in _runs(text) if run in self.runs)
        return next(((count, number) for number, count in votes.most_common(1)), (0, 0))


def earlier(page: PageText, names: tuple[str, ...]) -> Earlier:
    """Return what *page*, of an earlier report, says of its own; *names* are those of the agency."""
    lines = tuple(_sentences(page, names))
    runs: dict[str, int] = {}
    for number, line in enumerate(lines):
        for run in _runs(line.text):
            runs.setdefault(run, number)
    return Earlier(lines=lines, runs=runs)


def taken_over(text: str, before: Earlier, names: tuple[str, ...]) -> tuple[int, Sentence] | None:
    """Return how much of the sentence *text* stood in *before*, in per cent, and the sentence with most of it.

    None stands for a sentence that says too little to be compared, or of which nothing was there.
    """
    words = own_words(text, names)
    count, number = before.source(words) if len(words) >= _SHORT else (0, 0)
    if not count:
        return None
    return _percent(before.covered(words), len(words)), before.lines[number].sentence


def normalised(text: str, names: Iterable[str] = ()) -> str:
    """Return the letters of *text* without years, digits, marks and *names*."""
    for name in names:
        text = text.replace(name, "")
    return "".join(_WORD.findall(_SELF.sub("", re.sub("[0-9]+年度?", "", text))))


def own_words(text: str, names: Iterable[str] = ()) -> str:
    """Return the letters of a sentence that are compared: without *names*, figures, nil returns and what all say."""
    return normalised(_own(unicodedata.normalize("NFKC", text)), names)


def alike(text: str, other: str) -> int:
    """Return how many of the characters of *text* stand in runs that *other* has too, in per cent."""
    runs = {other[start : start + _RUN // 2] for start in range(len(other))}
    return _percent(_covered(text, runs, _RUN // 2), len(text))


def names_of(agency: Agency) -> tuple[str, ...]:
    """Return all names of *agency*, the longest first."""
    return tuple(sorted((name.text for name in agency.names), key=len, reverse=True))


def _likeness(case: Case) -> Iterator[Outcome]:
    if case.pages is None:
        return
    if case.previous_pages is None:
        yield Inapplicable(PREVIOUS_PAGES_MISSING)
        return
    names = names_of(case.agency)
    compared = False
    for section in case.report.form.sections:
        page, before = case.pages.section(section), case.previous_pages.section(section)
        if page is None or before is None:
            continue
        own, old = _sentences(page, names), earlier(before, names)
        if sum(len(line.text) for line in own) < _FEW or not old.lines:
            continue
        compared = True
        yield _compare(case, section, own, old)
    if not compared:
        yield Inapplicable(f"各部分可比的文字都不足 {_FEW} 字")


def same_section(form: Form, section: Section) -> Section | None:
    """Return what *section* of another edition is in *form*."""
    return form.section(section.id)


def _compare(case: Case, section: Section, own: list[Compared], old: Earlier) -> Outcome:
    like = sum(old.covered(line.text) for line in own)
    share = _percent(like, sum(len(line.text) for line in own))
    if share <= case.profile.similarity:
        return Confirmed()
    line, other = _longest(own, old)
    message = (
        f"与上年报告第{section.number}部分的文字有 {share}% 相同（上限 {case.profile.similarity}%），"
        f"例如{shown(line.sentence.text)}（{other.sentence.passage.place(other.sentence.start)}）；请写本年的情况"
    )
    place = line.sentence.passage.place(line.sentence.start)
    return Fault(place=place, message=message, subject=subject(line.sentence.passage.page))


def _longest(own: list[Compared], old: Earlier) -> tuple[Compared, Compared]:
    """Return the sentence with most characters taken over from one of *old*, and that one."""
    best: tuple[int, int, int] = (0, 0, 0)
    for number, line in enumerate(own):
        count, source = old.source(line.text)
        best = max(best, (count, -number, source))
    return own[-best[1]], old.lines[best[2]]


def _sentences(page: PageText, names: tuple[str, ...]) -> list[Compared]:
    """Return the sentences of *page* that say something of their own."""
    lines: list[Compared] = []
    room = _MOST
    for passage in page.body:
        for sentence in () if is_prompt(passage) else passage.sentences:
            text = sentence.text[:room]
            room -= len(text)
            if room <= 0:
                return lines
            words = own_words(text, names)
            if len(words) >= _SHORT:
                lines.append(Compared(sentence=sentence, text=words))
    return lines


def _own(text: str) -> str:
    """Return *text* without clauses that give figures or nil returns; nothing of what everyone must say."""
    text = text.replace(",", "，").replace(";", "；").replace(":", "：")
    if _STATUTORY.search(text):
        return ""
    clauses = (match[0] for match in _CLAUSE.finditer(text))
    return "".join(clause for clause in clauses if not _FIGURE.search(clause) and not _NIL.search(clause))


def _runs(text: str) -> Iterator[str]:
    return (text[start : start + _RUN] for start in range(len(text) - _RUN + 1))


def _covered(text: str, runs: Mapping[str, int] | set[str], length: int = _RUN) -> int:
    """Return how many characters of *text* stand in one of *runs*."""
    covered = end = 0
    for start in range(len(text) - length + 1):
        if text[start : start + length] in runs:
            covered += start + length - max(start, end)
            end = start + length
    return covered


def _percent(part: int, whole: int) -> int:
    """Return *part* of *whole* in per cent, rounded up: a share above a limit reads as above it."""
    return -(-100 * part // whole) if whole else 0


RULES = (
    Rule(
        code="Q-01",
        hard=False,
        statement="各部分的文字是本年的情况，与上年报告相同的不超过本地要求所定的上限。",
        basis="国办公开办函〔2021〕30号：内容雷同的，依照条例第四十七条追究；上限由本地要求规定，未规定的为 80%",
        check=_likeness,
        reads=Reads.AGENCY | Reads.PROFILE | Reads.PAGES | Reads.PREVIOUS_PAGES,
    ),
)
