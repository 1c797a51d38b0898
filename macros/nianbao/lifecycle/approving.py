"""Approvals before publication (审签): each is of one content, known by its check number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.reading.check_numbers import read_number
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.profile import Profile
    from nianbao.model.report import Report


def demand_approvals(report: Report, profile: Profile, number: str) -> None:
    """Raise RefusedError unless *report*, whose check number is *number*, has the approvals that *profile* demands.

    An approval of other content is refused whether it is demanded or not.
    """
    problems = (*_of_other_content(report, number), *_missing(report, profile, number))
    if problems:
        message = f"{report.year} 年的审签不全，没有写入任何内容（{len(problems)} 处）："
        advice = (
            f"审签单用 nianbao export {report.year} --format approval --out 文件夹 生成，现在的内容的校验号是 {number}"
        )
        raise RefusedError(message, (*problems, advice))


def _of_other_content(report: Report, number: str) -> Iterator[str]:
    for approval in report.approvals:
        typed = read_number(approval.number)
        if typed != number:
            told = f"审签的是校验号 {typed} 的内容，现在的内容是 {number}；请重新审签，或把内容恢复原样"
            yield f"{approval.place}: {approval.role}：{told}"


def _missing(report: Report, profile: Profile, number: str) -> Iterator[str]:
    given = {approval.role for approval in report.approvals}
    for role in profile.roles(report.year):
        if role not in given:
            entry = f"{{role: {role}, by: 姓名或职务, on: 日期, number: {number}}}"
            told = f"缺少“{role}”的审签（{profile.name}）；审签后在 approvals 下写一行 - {entry}"
            yield f"{report.place('approvals')}: {told}"
