"""The file 来件/问题.yml: files of which it is not certain whose they are, and the answers written below them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.data_files import writing
from nianbao.importing.answering import AS_PROPOSED
from nianbao.importing.folder import QUESTIONS
from nianbao.importing.questions import MOST_BYTES, ROOT, answers_written, asked_in, file_question
from nianbao.members.matching import Doubt, Match, Matcher
from nianbao.members.names import name_key
from nianbao.members.receipts import FOLDER
from nianbao.reading.refusal import refuse
from nianbao.reading.source import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from nianbao.importing.questions import Asked as Question
    from nianbao.importing.questions import Written
    from nianbao.members.intake import Asked
    from nianbao.members.register import Register
    from nianbao.reading.findings import Finding

FILE = f"{FOLDER}/{QUESTIONS}"
# The answer that a file is none of the reports.
_NOT_TAKEN = "不收"
_HEAD = f"""\
# 收到的文件里，不能确定是哪个单位、哪个年度的。
# 在“答复”后面写单位的名称或标识，文件没有写年度的再写年度，如 示例县水务局 2023；
# 同意提议的写 {AS_PROPOSED}；不是年度报告的写 {_NOT_TAKEN}。
# 写好以后再运行一次 nianbao collect，写上同样的文件或文件夹；答复过的留在这里，以后不再问。
"""


def asked_before(portal: Path) -> tuple[Written, tuple[Question, ...]]:
    """Return the answers that stand in the file, and all its questions. Raises RefusedError where it cannot be read."""
    written, questions = _read(portal, FILE)
    if len(written.reader.findings):
        refuse("答复有误，没有收下任何文件", written.reader.findings.sorted())
    return written, questions


def _read(portal: Path, name: str) -> tuple[Written, tuple[Question, ...]]:
    """Return answers and questions of the file, *name* in messages; no questions where there are findings."""
    written = answers_written(portal / FOLDER, name)
    path = portal / FOLDER / QUESTIONS
    text = read_text(path, name, written.reader.findings, most=MOST_BYTES) if path.is_file() else None
    return written, asked_in(text) if text is not None and not len(written.reader.findings) else ()


def answer_findings(portal: Path, name: str, register: Register) -> tuple[Finding, ...]:
    """Return what is wrong with the answers in the file, *name* in messages."""
    written, questions = _read(portal, name)
    if not len(written.reader.findings):
        answers_in(written, questions, register)
    return written.reader.findings.sorted()


def answers_in(written: Written, before: Sequence[Question], register: Register) -> Mapping[str, Match | Doubt | None]:
    """Return what was *written* below the questions *before*, by their ids; None is for a file that is not taken.

    An answer that is nobody's name is told to the reader of what was written, and its file is asked about as before.
    """
    matcher = Matcher(register)
    asked = {one.id: Doubt(text=one.text, proposal=one.proposal) for one in before}
    found: dict[str, Match | Doubt | None] = {}
    for id_, text in written.answers.items():
        doubt = asked[id_]
        said = doubt.proposal if name_key(text) == AS_PROPOSED else text
        if name_key(said) == _NOT_TAKEN:
            found[id_] = None
            continue
        match = matcher.answered(said) if said else Doubt(text="这一问没有提议")
        found[id_] = match
        if isinstance(match, Doubt):
            found[id_] = doubt
            agreed = f"，同意提议的写 {AS_PROPOSED}" if doubt.proposal else ""
            message = f"{match.text}；请写名册里的名称或标识，后面可以写年度{agreed}，不收的写 {_NOT_TAKEN}"
            written.reader.fault(written.nodes[id_], message)
    return found


def write_questions(portal: Path, asked: Sequence[Asked], before: Sequence[Question]) -> None:
    """Write what is *asked*, and below it what was answered *before*: its files may come again.

    What is asked in spite of its answer keeps that. The same file is asked about once, however often it came.
    """
    answers = {one.id: one.answer for one in before}
    waiting: dict[str, Asked] = {}
    for one in asked:
        waiting.setdefault(one.id, one)
    rows = [
        line
        for one in waiting.values()
        for line in file_question(one.id, one.text, one.sent_as, one.proposal, answers.get(one.id, ""))
    ]
    rows += [
        line
        for one in before
        if one.answer and one.id not in waiting
        for line in file_question(one.id, one.text, one.place, one.proposal, one.answer)
    ]
    text = f"{_HEAD}{ROOT}:\n" + "\n".join(rows) + "\n" if rows else f"{_HEAD}{ROOT}: []\n"
    path = portal / FOLDER / QUESTIONS
    if rows or path.is_file():
        path.parent.mkdir(exist_ok=True)
        writing.put(path, text.encode())
