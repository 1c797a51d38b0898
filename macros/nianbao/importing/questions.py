"""The file 问题.yml: what an import asks, each with its proposal, and the answers that a person writes below it."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import yaml

from nianbao.data_files.entries import quoted
from nianbao.data_files.patching import parsed, patched, plain
from nianbao.importing.answering import AS_PROPOSED, AnswerError, choices, values
from nianbao.importing.folder import QUESTIONS
from nianbao.reading.findings import Findings
from nianbao.reading.nodes import compose
from nianbao.reading.numbers import BLANK, UNKNOWN
from nianbao.reading.refusal import refuse
from nianbao.reading.source import read_text
from nianbao.reading.values import Reader, describe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from nianbao.data_files.patching import Plain
    from nianbao.importing.answers import Question
    from nianbao.importing.originals import ReadReport
    from nianbao.model.form import Form

_ID, _ASKED, _PRINTED, _PLACE, _CELLS, _PROPOSED, _ANSWER = "编号", "问", "原件", "位置", "格", "提议", "答复"
ROOT = "问题"
# The questions on ten thousand files take some three million.
MOST_BYTES = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a person has written as answers, by the ids of questions, and at which *nodes* of the file of *reader*."""

    answers: Mapping[str, str]
    nodes: Mapping[str, yaml.Node]
    reader: Reader


def read_answers(folder: Path, name: str) -> Written:
    """Return the answers in *folder*. Raises RefusedError where the file, *name* in messages, cannot be read."""
    written = answers_written(folder, name)
    if len(written.reader.findings):
        refuse("答复有误，没有写入任何内容", written.reader.findings.sorted())
    return written


def answers_written(folder: Path, name: str) -> Written:
    """Return the answers in *folder*; what is wrong with the file, *name* in messages, is told to its reader."""
    findings = Findings()
    reader = Reader(name, findings)
    path = folder / QUESTIONS
    answers: dict[str, str] = {}
    nodes: dict[str, yaml.Node] = {}
    text = read_text(path, name, findings, most=MOST_BYTES) if path.is_file() else None
    root = compose(text, name, findings) if text is not None else None
    if root is not None:
        top = reader.mapping(root, QUESTIONS, required=[ROOT])
        for item in reader.sequence(top[ROOT], ROOT) if ROOT in top else ():
            known = reader.mapping(
                item, "问题", required=[_ID, _ANSWER], optional=[_ASKED, _PRINTED, _PLACE, _CELLS, _PROPOSED]
            )
            if _ID not in known or _ANSWER not in known:
                continue
            id_, answer = reader.text(known[_ID], _ID), known[_ANSWER]
            said = _answer(answer, reader)
            if not said or id_ is None:
                continue
            if answers.setdefault(id_, said) != said:
                line = reader.place(nodes[id_]).line
                reader.fault(answer, f"这一问答复了两次，另一处在第 {line} 行；请只留一处")
            nodes.setdefault(id_, answer)
    return Written(answers=MappingProxyType(answers), nodes=MappingProxyType(nodes), reader=reader)


def _answer(node: yaml.Node, reader: Reader) -> str:
    """Return what is written as an answer; a list of figures in brackets is one, too."""
    if isinstance(node, yaml.ScalarNode):
        return str(node.value).strip()
    if isinstance(node, yaml.SequenceNode) and all(isinstance(part, yaml.ScalarNode) for part in node.value):
        return ", ".join(str(part.value) for part in node.value)
    reader.fault(node, f"{_ANSWER}应写在一行里，实际为{describe(node)}；请改正")
    return ""


def taken(questions: Sequence[Question], written: Written, form: Form) -> Mapping[str, tuple[str, ...]]:
    """Return the values that *written* gives to *questions*. Raises RefusedError where one cannot be taken."""
    found: dict[str, tuple[str, ...]] = {}
    for question in questions:
        if question.id not in written.answers:
            continue
        try:
            found[question.id] = values(question, written.answers[question.id], form)
        except AnswerError as error:
            written.reader.fault(written.nodes[question.id], f"{_ANSWER}{error}")
    if len(written.reader.findings):
        refuse("答复有误，没有写入任何内容", written.reader.findings.sorted())
    return MappingProxyType(found)


def question_file(questions: Sequence[Question], written: Mapping[str, str], read: ReadReport, command: str) -> bytes:
    """Return the file with *questions* on what was *read*, below each the answer that is *written* already.

    *command* takes the answers.
    """
    head = [f"# {read.year}年度报告导入时要问的。原件："]
    head += [f"#   {' '.join(one.name.split())}，sha256 {one.digest}" for one in read.originals]
    head += [
        f"# 在“{_ANSWER}”后面写：{AS_PROPOSED}、{UNKNOWN}、{BLANK}，或者每格一个数，用逗号隔开；",
        "# 各格都是同一个数的，写“全部 0”这样的一个数。",
        f"# 没有提议、要填的多的，也可以直接填进 data/{read.year}.yml，填好的不再问；在这里可以一行一行写。",
        f"# 写好以后再运行一次 {command}。",
    ]
    parts = ["\n".join(head)]
    if not questions:
        parts.append(f"{ROOT}: []")
    else:
        parts.append(f"{ROOT}:")
        parts += ["\n".join(_question(question, written.get(question.id, ""), read.form)) for question in questions]
    return ("\n".join(parts) + "\n").encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as the file has it, with its *answer*, empty where there is none.

    *choices* are all answers that it takes besides figures; *figures* says whether it takes those.
    """

    id: str
    text: str
    printed: str
    place: str
    cells: str
    proposal: str
    answer: str
    choices: tuple[str, ...]
    figures: bool


def asked_in(text: str) -> tuple[Asked, ...]:
    """Return the questions of the file *text*. Raises LayoutError where it is not laid out as `question_file` does."""
    found = []
    for one in _listed(text):
        said = {key: str(one.get(key, "")) for key in (_ID, _ASKED, _PRINTED, _PLACE, _CELLS, _PROPOSED, _ANSWER)}
        words = choices(said[_CELLS].partition("（")[0])
        proposed = (AS_PROPOSED,) if said[_PROPOSED] else ()
        found.append(
            Asked(
                id=said[_ID],
                text=said[_ASKED],
                printed=said[_PRINTED],
                place=said[_PLACE],
                cells=said[_CELLS],
                proposal=said[_PROPOSED],
                answer=said[_ANSWER],
                choices=words or (*proposed, UNKNOWN, BLANK),
                figures=not words,
            )
        )
    return tuple(found)


def with_answers(text: str, answers: Mapping[str, str]) -> str:
    """Return the file *text* with *answers* by the ids of questions; the others stay. Raises LayoutError as above."""
    changed: list[Plain] = [
        {**one, _ANSWER: answers.get(str(one.get(_ID, "")), one.get(_ANSWER, ""))} for one in _listed(text)
    ]
    return patched(text, {ROOT: changed}, lambda _: False) if changed else text


def _listed(text: str) -> list[dict[str, Plain]]:
    data = plain(parsed(text))
    listed = data.get(ROOT) if isinstance(data, dict) else None
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _question(question: Question, answer: str, form: Form) -> Iterator[str]:
    told = {
        _ASKED: question.text,
        _PRINTED: question.raw,
        _PLACE: question.place,
        _CELLS: cells_named(question, form),
        _PROPOSED: proposal(question) if question.proposal else "",
    }
    return _entry(question.id, told, answer)


def file_question(id_: str, text: str, place: str, proposed: str, answer: str) -> Iterator[str]:
    """Yield the lines of a question on the whole file at *place*, with what is *proposed*, if anything."""
    return _entry(id_, {_ASKED: text, _PLACE: place, _PROPOSED: proposed}, answer)


def _entry(id_: str, told: Mapping[str, str], answer: str) -> Iterator[str]:
    """Yield the lines of a question: what is *told* of it by key, empty ones left out, and its *answer*."""
    yield f"  - {_ID}: {quoted(id_)}"
    yield from (f"    {key}: {quoted(text)}" for key, text in told.items() if text)
    yield f"    {_ANSWER}: {quoted(answer)}" if answer else f"    {_ANSWER}:"


def proposal(question: Question) -> str:
    """Return the proposal of *question* as an answer would write it."""
    same = len(question.addresses) > 1 and len(set(question.proposal)) == 1
    return f"全部 {question.proposal[0]}" if same else ", ".join(question.proposal)


def cells_named(question: Question, form: Form) -> str:
    """Return what the cells of *question* are called: the address that they share, and the words of the form."""
    addresses = question.addresses
    if len(addresses) == 1:
        return f"{addresses[0]}（{form.words(addresses[0])}）" if form.find(addresses[0]) else addresses[0]
    columns = "、".join(dict.fromkeys(_column(address, form) for address in addresses))
    first, last = addresses[0], addresses[-1]
    return f"{first} … {last}（{len(addresses)} 格：{columns}）"


def _column(address: str, form: Form) -> str:
    found = form.find(address)
    return address if found is None else found[2].label
