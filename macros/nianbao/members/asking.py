"""The file 来件/问题.yml: files of which it is not certain whose they are, and the answers written below them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.data_files import writing
from nianbao.importing.folder import QUESTIONS
from nianbao.importing.questions import ROOT, file_question, read_answers
from nianbao.lifecycle.judging import refuse
from nianbao.members.matching import Matcher
from nianbao.members.receipts import FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from nianbao.importing.questions import Written
    from nianbao.members.intake import Asked
    from nianbao.members.matching import Match
    from nianbao.members.register import Register

FILE = f"{FOLDER}/{QUESTIONS}"
# The answer that a file is none of the reports.
_NOT_TAKEN = "不收"
_HEAD = f"""\
# 收到的文件里，不能确定是哪个单位、哪个年度的。
# 在“答复”后面写单位的名称或标识，文件没有写年度的再写年度，如 示例县水务局 2023；不是年度报告的写 {_NOT_TAKEN}。
# 写好以后再运行一次 nianbao collect，写上同样的文件或文件夹。
"""


def written_answers(portal: Path) -> Written:
    """Return the answers that stand in the file. Raises RefusedError where it cannot be read."""
    return read_answers(portal / FOLDER, FILE)


def answers_in(written: Written, register: Register) -> Mapping[str, Match | None]:
    """Return what was *written*, by ids; None is for a file that is not taken. Raises RefusedError for no body."""
    matcher, found = Matcher(register), {}
    for id_, text in written.answers.items():
        found[id_] = None if text == _NOT_TAKEN else matcher.answered(text)
        if text != _NOT_TAKEN and found[id_] is None:
            message = f"名册里没有“{text[:60]}”这个单位；请写名册里的名称或标识，后面可以写年度，不收的写 {_NOT_TAKEN}"
            written.reader.fault(written.nodes[id_], message)
    if len(written.reader.findings):
        refuse("答复有误，没有收下任何文件", written.reader.findings.sorted())
    return found


def write_questions(portal: Path, asked: Sequence[Asked], written: Written) -> None:
    """Write what is *asked*; answers stay as long as their files come again."""
    rows = [
        line
        for one in asked
        for line in file_question(one.id, one.text, one.sent_as, one.proposal, written.answers.get(one.id, ""))
    ]
    text = f"{_HEAD}{ROOT}:\n" + "\n".join(rows) + "\n" if rows else f"{_HEAD}{ROOT}: []\n"
    path = portal / FOLDER / QUESTIONS
    if rows or path.is_file():
        path.parent.mkdir(exist_ok=True)
        writing.put(path, text.encode())
