"""The site that stands, before another takes its place: what is frozen there is neither taken away nor altered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.lifecycle.changes import describe
from nianbao.lifecycle.differences import differences
from nianbao.lifecycle.site_record import MAXIMUM, RecordError, SiteRecord, read_site_record, site_records
from nianbao.model.dataset import package_forms
from nianbao.reading.findings import Finding, Place, shown

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from nianbao.model.form import Form

_MOST_TOLD = 5
_FORBIDDEN = "公布过的内容只能登记更正，不能撤下或改写"
_RESTORE = "请从版本库恢复数据文件和 published 里的记录；确需更正的，恢复以后改好，运行 nianbao correct"


def taken_away_or_altered(standing: Path, new: Path, today: dt.date) -> tuple[Finding, ...]:
    """Return what is frozen in the site *standing* and is not, or not the same, in the *new* one.

    What has its day of publication still to come, as seen from *today*, is not published yet, and held to nothing.
    Both carry records of their own, so that data, record and digest that were rewritten together are found.
    What a correction says whose chain goes on from there is no difference.
    """
    return tuple(finding for path in site_records(standing) for finding in _compared(path, standing, new, today))


def _compared(path: Path, standing: Path, new: Path, today: dt.date) -> Iterator[Finding]:
    year = path.relative_to(standing).parts[0]
    place = Place(f"原来网站的 {path.relative_to(standing).as_posix()}")
    before = _read(path)
    if isinstance(before, str):
        advice = f"请从备份恢复 {path}；确知{year}年的内容没有改动的，删去这个文件，再生成一次"
        yield Finding(place, f"{before}，不能核对{year}年公布过的内容；{advice}")
        return
    day = before.last.report.published_on
    if day is not None and day > today:
        return
    after = next(iter(site_records(new, year)), None)
    if after is None:
        gone = "的定稿记录没有了" if (new / year / "index.html").is_file() else "要从网站上撤下"
        yield Finding(place, f"{year}年已经公布并定稿，现在{gone}；{_FORBIDDEN}；{_RESTORE}")
        return
    now = _read(after)
    if isinstance(now, str):
        yield Finding(place, f"新网站里{year}年的记录{now}；{_RESTORE}")
    elif before.agency and now.agency and before.agency != now.agency:
        message = f"那里公布的是另一个机关（{before.agency}）的报告；请换一个文件夹"
        yield Finding(place, message)
    else:
        yield from (Finding(place, message) for message in _problems(before, now))


def _read(path: Path) -> SiteRecord | str:
    """Return the record at *path*, or what is wrong with it."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > MAXIMUM:
        return "不是公布的记录"
    try:
        return read_site_record(path.read_bytes())
    except RecordError as error:
        return str(error)


def _problems(before: SiteRecord, now: SiteRecord) -> Iterator[str]:
    year = now.year
    for number, old in enumerate(before.digests):
        if number >= len(now.digests):
            times, (day, reason) = _correction(before, number)
            yield (
                f"{year}年第 {times} 次更正（{day} {shown(reason)}）已经公布，现在的记录里没有；"
                f"更正公布以后不能收回，也不能并入另一次；{_RESTORE}"
            )
        elif old not in {now.digests[number], now.records[number].replaced}:
            what = "公布的内容" if number == 0 else f"第 {_correction(before, number)[0]} 次更正后的内容"
            told = list(told_differences(before, now, number))
            more = f"等 {len(told)} 处" if len(told) > _MOST_TOLD else ""
            said = f"：{'；'.join(told[:_MOST_TOLD])}{more}" if told else "，内容相同，记录重新写过了"
            yield f"{year}年{what}与原来网站上的记录不同{said}；{_FORBIDDEN}；{_RESTORE}"
            return  # What follows stands on another ground.


def _correction(site: SiteRecord, number: int) -> tuple[int, tuple[dt.date | str, str]]:
    """Return which correction record *number* of *site* belongs to, counted from 1, with its day and reason."""
    corrections = site.records[number].report.corrections
    return (len(corrections), corrections[-1]) if corrections else (number, ("", ""))


def told_differences(before: SiteRecord, now: SiteRecord, number: int) -> Iterator[str]:
    """Yield in words what differs between two records that should be the same."""
    old, new = before.records[number].report, now.records[number].report
    form = form_of(new.format)
    if form is not None:
        yield from (describe(change) for change in differences(old, new, form))


def form_of(number: int) -> Form | None:
    """Return the edition of the form that has this *number*, or another whose names serve as well."""
    editions = package_forms().editions
    return editions.get(number) or next((form for form in editions.values() if form is not None), None)
