"""The pages of a report as statements: each sentence passes through tokens, frames, meanings and claims.

Every pass is a function over frozen values: `nianbao.rules.text.vocabulary` gives tokens,
`nianbao.rules.text.frames` frames, `nianbao.rules.text.meanings` what their words mean, and
`nianbao.rules.text.reading` goes from frame to frame with what earlier ones leave open and gives claims,
which `nianbao.rules.text.claims` holds against the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import merge
from typing import TYPE_CHECKING

from nianbao.prose.clauses import sentences
from nianbao.reading.patterns import lazy_pattern
from nianbao.rules.text.frames import frames
from nianbao.rules.text.reading import read_sentence
from nianbao.rules.text.revising import revised
from nianbao.rules.text.states import Context, Sentence, State
from nianbao.rules.text.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.agency import Agency
    from nianbao.model.form import Form
    from nianbao.prose.passages import Passage
    from nianbao.rules.rule import Case
    from nianbao.rules.text.units import Unit

# A number as prose writes it; what denies, affirms of all or compares; and what the tables count.
_NUMBER = lazy_pattern(
    "[0-9０-９]|[〇零一二两三四五六七八九十百千万][件起宗例份条项部次元个倍%场篇封期批]|分之|[一二两三四五六七八九]成|[一过]半|半数|番|[壹贰叁肆伍陆柒捌玖拾佰仟]|率[为是]?零"
)
_OF_ALL = lazy_pattern("未|没|无|零|均|全|都|皆|律|超|增|减|升|降|多|少|高|低|涨|落|滑|扬|攀|平|相[同当]|不变|变化")
_NAMED = lazy_pattern(
    "申请|复议|诉讼|起诉|许可|处罚|强制|规章|规范性文件|收费|处理费|予公开|以公开|分公开|无法提供|予处理"
)

_LEVELS = "省市区县州盟旗"
_GOVERNMENT = lazy_pattern("(.*?)(?:人民)?政府$")

# Words of headings of the first section, and what is told below them.
_LOCATIONS = (("依申请", "requests"), ("主动公开", "publication"), ("信息管理", "documents"))


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a *passage* as units, in order; *about* tells that its cases are over disclosure."""

    passage: Passage
    units: tuple[Unit, ...]
    about: bool


@dataclass(frozen=True, slots=True)
class _Stated:
    """What the pages of a case state, kept in its memo."""

    statements: tuple[Statement, ...]


def statements(case: Case) -> tuple[Statement, ...]:
    """Return what the pages of *case* state, in reading order; they are read once for all rules."""
    return case.memo.once(_Stated, lambda: _Stated(tuple(_read(case)))).statements


def _may_state(text: str) -> bool:
    """Say whether a passage can state anything: it has a figure, or denies or compares what the tables count."""
    return _NUMBER.search(text) is not None or (_OF_ALL.search(text) is not None and _NAMED.search(text) is not None)


def _read(case: Case) -> Iterator[Statement]:
    vocabulary = Vocabulary(
        _forms(case),
        case.report.year,
        (name.text for name in case.agency.names),
        (category.name for category in case.report.categories),
        area=_levels(case.agency) if case.agency.scope == "area" else "",
    )
    for page in case.pages or ():
        section = page.page.name.removesuffix(".md").partition("-")[2]
        location = section
        for passage in merge(page.reported, page.pictures, key=_typed_at):
            if passage.level:
                found = next((place for word, place in _LOCATIONS if word in passage.text), "")
                location = found if section == "overview" else section
            elif passage.kind != "td" and passage.reported and _may_state(passage.text):
                yield from _read_passage(passage, location, vocabulary, case.report.form)


def _typed_at(passage: Passage) -> int:
    return passage.offsets[0]


def _levels(agency: Agency) -> str:
    """Return the levels by which an area may be called: those above its government are not its own."""
    government = _GOVERNMENT.match(agency.superior)
    named = [level for level in government[1] if level in _LEVELS] if government is not None else []
    if not named:
        return _LEVELS
    above = {"省", *named} if agency.kind == "government" else {"省", *named[:-1]} - {named[-1]}
    return "".join(level for level in _LEVELS if level not in above)


def _forms(case: Case) -> tuple[Form, ...]:
    """Return the form of the report, and the forms of years before, the newest first."""
    form = case.report.form
    used = {report.form.format: report.form for report in case.reports.values()}
    return (form, *(used[number] for number in sorted(used, reverse=True) if number < form.format))


def _read_passage(passage: Passage, location: str, vocabulary: Vocabulary, form: Form) -> Iterator[Statement]:
    context = Context(location, open=location == "requests", about=location in {"requests", "review"})
    sentence = Sentence()
    for clauses in sentences(passage.text, vocabulary.labels):
        found = frames(clauses, vocabulary)
        spoken = [token for frame in found if frame.begins and not frame.note for token in frame.words]
        state = State(passage, form, vocabulary, context.begin(spoken), sentence.following(spoken), found)
        state = read_sentence(state)
        context, sentence = state.context, state.sentence
        yield Statement(passage, revised(state.units), context.about)
