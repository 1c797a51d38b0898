"""What `nianbao build` shows to people: its steps as they are made, what each has proved, what has changed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

import click

from nianbao.command.terminal import marks
from nianbao.model.frame import FILE as FRAME_FILE
from nianbao.reading.findings import LEVELS
from nianbao.reading.legible import visible
from nianbao.rules.registry import ALL_RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from nianbao.engines.engines import Checked
    from nianbao.verifying.crawl import Crawl

_CHANGED_SHOWN = 6
_CLEAR = "\r\x1b[2K"


class Progress:
    """Tells steps on standard output. A step that does not end has failed."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty()
        self._step = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt) and self._step:
            self.end("已中断", good=False)
        self.fail()

    def begin(self, step: str, doing: str) -> None:
        """Begin *step*."""
        self._step = step
        if self._live:
            click.echo(f"… {step}  {doing}", nl=False)

    def end(self, confirmed: str, *, good: bool = True) -> None:
        """End the step with what it has confirmed, or with what is not good."""
        self._write(click.style(marks()[0], fg="green") if good else click.style(marks()[1], fg="red"), confirmed)

    def fail(self) -> None:
        """End the step, if one is under way, without success."""
        if self._step:
            self.end("没有通过", good=False)

    def _write(self, mark: str, words: str) -> None:
        click.echo(f"{_CLEAR if self._live else ''}{mark} {self._step}  {visible(words)}")
        self._step = ""


def checked(answer: Checked) -> str:
    """Return what the check of a build has found and proved."""
    levels = answer.levels
    told = "，".join(f"{words} {levels[level]} 处" for level, words in LEVELS.items() if levels[level])
    told += "（见 nianbao check）" if levels["uncertain"] or levels["warning"] else ""
    left_out = f"；{'、'.join(map(str, answer.drafts))} 年是草稿，不公布" if answer.drafts else ""
    return (
        f"{answer.reports} 份报告，{len(ALL_RULES)} 条规则：证实 {answer.confirmed} 处"
        f"{'，' if told else ''}{told}{left_out}"
    )


def confirmed(crawled: Crawl) -> str:
    """Return what was proved of the new site when it was read back."""
    outside = f"（另有 {crawled.outside} 个指向其他网站，没有查）" if crawled.outside else ""
    loaded = "不从其他网站载入"
    if crawled.declared:
        loaded = f"只从其他网站载入 data/{FRAME_FILE} 写明的 {crawled.declared} 个网址"
    return (
        f"{crawled.pages} 个页面：{crawled.links} 个链接都通{outside}，{crawled.figures} 个数与数据一致，"
        f"{crawled.passages} 段文字与检查过的一致，{crawled.digests} 处大小和校验值与下载文件相符，"
        f"HTML 没有错误，{loaded}"
    )


def summary(
    crawled: Crawl, difference: tuple[Sequence[str], Sequence[str], Sequence[str]] | None, site_url: str
) -> Iterator[str]:
    """Yield what the new site is, and its *difference* from the old one: new files, other ones, those that are gone."""
    done = click.style("网站已更新", fg="green", bold=True)
    yield f"{done}：{crawled.pages} 个页面，共 {crawled.files} 个文件，{_size(crawled.size)}。"
    if difference is not None:
        parts = [
            f"{words} {len(files)} 个文件{_named(files)}"
            for words, files in zip(("新增", "改动", "删去"), difference, strict=True)
            if files
        ]
        yield f"与原来的网站相比：{'；'.join(parts) or '没有变化'}。"
    if not site_url:
        yield (
            "没有写网址：页面照常能用，网站地图和订阅里没有完整地址；"
            "网站不在域名最外层的，地址打错时显示的页面（404.html）没有样式。知道网址后加 --site-url。"
        )


def _named(files: Sequence[str]) -> str:
    """Return the pages among *files*, some by name."""
    pages = [file for file in files if file.endswith(".html")]
    if not pages:
        return ""
    more = f" 等 {len(pages)} 个页面" if len(pages) > _CHANGED_SHOWN else ""
    return f"（{'、'.join(map(visible, pages[:_CHANGED_SHOWN]))}{more}）"


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
