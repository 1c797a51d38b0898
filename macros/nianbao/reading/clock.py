"""The day, by Chinese time, and what is told where the clock of this machine cannot be right."""

from __future__ import annotations

import datetime as dt

# Reports are published by Chinese time, wherever the program runs.
BEIJING = dt.timezone(dt.timedelta(hours=8))

_WRITTEN = dt.date(2026, 1, 1)  # Before this the program was not there.
_YEARS = 2  # The report of a year comes out in the next; a correction now and then another year later.


def today() -> dt.date:
    """Return the day that the clock of this machine gives for Beijing."""
    return dt.datetime.now(BEIJING).date()


def behind(day: dt.date) -> str:
    """Return what to say where a clock that shows *day* is older than the program, or nothing."""
    return f"本机的时钟是 {day}，比这个程序还早；请校准时钟再运行" if day < _WRITTEN else ""


def ahead(day: dt.date, newest: int, option: str) -> str:
    """Return what to say where a clock that shows *day* is years ahead of the *newest* report, or nothing.

    Whoever means that day writes it with *option*.
    """
    if day.year <= newest + _YEARS:
        return ""
    return (
        f"本机的时钟是 {day}，比最新的 {newest} 年的报告晚了 {day.year - newest} 年；"
        f"请核对时钟，确是这一天的，用 {option} {day} 写明"
    )
