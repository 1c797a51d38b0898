"""`nianbao build`: checks, builds beside the old site, reads the result back, and only then publishes it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from mkdocs.utils.yaml import yaml_load

from macros.command.chinese import ChineseCommand, help_option
from macros.command.judging import judge_desk, result_of
from macros.command.options import desk_of, project_option
from macros.command.progress import Progress
from macros.command.screen import finding_line
from macros.host import engines
from macros.host.output import IN_ONE_STEP, OutputError, Staging, TargetError
from macros.model.desk import WrongUseError
from macros.pages.session import Session
from macros.publishing.crawl import Expected, changes, crawl
from macros.reading.addresses import web_address
from macros.reading.findings import LEVELS, most_serious_first
from macros.rules.portal import refusals
from macros.rules.registry import ALL_RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from macros.command.judging import DeskResult
    from macros.host.engines import Outcome
    from macros.model.desk import Desk
    from macros.model.portal import Portal
    from macros.publishing.crawl import Crawl
    from macros.reading.findings import Finding
    from macros.rules.portal import Judged

_HELP = """检查、生成并发布网站。

先检查数据和文字，再把网站生成在旁边，逐页读回核对（链接、载入的内容、HTML、每一个数），全部无误才一步换上；有错误时列出全部错误，原来的网站不变。

以 0 结束表示网站已更新，1 表示有错误、没有更新，2 表示用法不对。
"""
_CHANGED_SHOWN = 6


class _RefusedError(Exception):
    """The site is not published; the text, if any, says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Project:
    """A project to build: the *folder* of mkdocs.yml, as messages call it the *prefix* of its files."""

    folder: Path
    prefix: str
    desk: Desk
    target: Path
    sources: tuple[Path, ...]
    site_url: str


@click.command(cls=ChineseCommand, short_help="检查、生成并发布网站。", help=_HELP)
@click.option(
    "--engine", type=click.Choice(list(engines.ENGINES)), default="mkdocs", help="用哪个程序生成，缺省为 mkdocs。"
)
@click.option(
    "--site-url", metavar="网址", default="", help="网站公布后的网址，如 https://www.example.gov.cn/nianbao/。"
)
@click.option("--out", metavar="文件夹", default="", help="网站放在哪里，不写就是 mkdocs.yml 里的 site_dir。")
@project_option
@help_option
def build(engine: str, site_url: str, out: str, project: str) -> int:
    """Build and publish a site and return the exit code."""
    name = engines.named(engine)
    chosen = _project(project, out, _address(site_url))
    try:
        staging = Staging.beside(chosen.target, chosen.folder, chosen.sources)
    except TargetError as error:
        raise WrongUseError(str(error)) from error
    except OutputError as error:
        click.echo(str(error), err=True)
        return 1
    try:
        _publish(chosen, engine, name, staging)
    except _RefusedError as error:
        if str(error):
            click.echo(str(error), err=True)
        return 1
    finally:
        staging.remove()
    return 0


def _project(project: str, out: str, site_url: str) -> _Project:
    """Return what is to be built where. Raises WrongUseError where there is no project."""
    folder = (Path.cwd() / project).resolve()
    desk = replace(desk_of(project), root=folder)
    with (folder / "mkdocs.yml").open("rb") as file:
        settings = yaml_load(file)
    target = Path.cwd() / out if out else folder / str(settings.get("site_dir", "site"))
    theme = settings.get("theme")
    custom = theme.get("custom_dir") if isinstance(theme, dict) else None
    sources = [desk.data, desk.docs, folder / "macros", *([folder / custom] if custom else [])]
    url = site_url or str(settings.get("site_url") or "")
    return _Project(
        folder=folder,
        prefix=f"{project.rstrip('/')}/" if project and folder != Path.cwd() else "",
        desk=desk,
        target=target,
        sources=tuple(sources),
        site_url=url if not url or url.endswith("/") else f"{url}/",
    )


def _address(url: str) -> str:
    """Return *url* with a slash at its end. Raises WrongUseError where it is no address of a site."""
    if not url:
        return ""
    parts = web_address(url)
    if parts is None or parts.query or parts.fragment:
        message = f"--site-url 应为网站的网址，如 https://www.example.gov.cn/nianbao/，实际为“{url}”"
        raise WrongUseError(message)
    return url if url.endswith("/") else f"{url}/"


def _publish(project: _Project, engine: str, name: str, staging: Staging) -> None:
    """Take the site through all steps. Raises _RefusedError after telling why it is not published."""
    with Progress() as progress:
        running = engines.start(engine, project.folder / "mkdocs.yml", staging, project.site_url)
        try:
            progress.begin("检查", "数据和文字")
            portal, judged = judge_desk(project.desk)
            result = result_of(project.desk, portal, judged)
            refused = _refused_by_check(project, portal, judged)
            progress.end(_checked(portal, result), good=not refused)
            progress.begin("生成", f"用 {name} 生成网站")
            outcome = running.outcome()
        finally:
            running.stop()
        expected = _expected(project, portal, judged, staging)
        if (
            outcome.findings and staging.path.is_dir()
        ):  # Zensical builds a site all the same: its mistakes are told too.
            known = {finding.place for finding in outcome.findings}
            read = (finding for finding in crawl(staging.path, expected).findings if finding.place not in known)
            typed = tuple(finding for finding in read if (project.folder / finding.place.file).is_file())
            outcome = replace(outcome, findings=(*outcome.findings, *typed))
        _refuse_mistakes(project, refused, outcome, progress)
        progress.end(f"{name} 生成了网站，放在旁边等待核对")
        progress.begin("核对", "逐页读回")
        crawled = crawl(staging.path, expected)
        if crawled.findings:
            progress.end(f"{crawled.pages} 个页面里有 {len(set(crawled.findings))} 处错误", good=False)
            _refuse(project, crawled.findings)
        progress.end(_confirmed(crawled))
        progress.begin("发布", "换上新网站")
        difference = changes(staging.target, staging.path) if staging.target.exists() else None
        try:
            way = staging.publish()
        except OutputError as error:
            progress.fail()
            raise _RefusedError(str(error)) from error
        progress.end(f"{way}：{staging.target}" if way == IN_ONE_STEP else f"{staging.target}：{way}")
    for line in _summary(project, crawled, difference):
        click.echo(line)


def _refused_by_check(project: _Project, portal: Portal, judged: Judged) -> set[Finding]:
    """Return what the check has found that keeps the site from being published; drafts are not."""
    pages = (finding for finding in judged.pages if not _of_a_year(finding, project.desk, portal.drafts))
    return {*refusals(portal, judged.checked), *pages}


def _refuse_mistakes(project: _Project, refused: set[Finding], outcome: Outcome, progress: Progress) -> None:
    """Refuse the site for what the check and the engine have found, all at once."""
    more = set(outcome.findings) - refused
    if refused or more:
        told = f"{'另' if refused else ''}有 {len(more)} 处错误" if more else "没有发现别的错误"
        progress.end(told, good=not more)
        _refuse(project, refused | more)
    if outcome.failure or outcome.broken:
        progress.fail()
        raise _RefusedError(
            f"网站没有更新：{outcome.failure}" if outcome.failure else f"程序出错，网站没有更新：\n{outcome.broken}"
        )


def _of_a_year(finding: Finding, desk: Desk, years: Iterable[int]) -> bool:
    """Say whether *finding* is about a page of one of *years*."""
    docs = desk.docs.resolve()
    return any((docs / str(year)) in (desk.root / finding.place.file).resolve().parents for year in years)


def _refuse(project: _Project, findings: Iterable[Finding]) -> None:
    """Tell *findings* and end without publishing."""
    found = sorted(set(findings), key=most_serious_first)
    for finding in found:
        place = finding.place
        own = project.prefix if (project.folder / place.file).exists() else ""
        click.echo(finding_line(replace(finding, place=replace(place, file=f"{own}{place.file}"))))
    click.echo("")
    told = click.style(f"有 {len(found)} 处错误，网站没有更新", fg="red", bold=True)
    click.echo(f"{told}；改正后再运行一次。")
    raise _RefusedError


def _expected(project: _Project, portal: Portal, judged: Judged, staging: Staging) -> Expected:
    desk = project.desk
    session = Session(portal=portal, root=desk.root, data=desk.data, docs=desk.docs, drafts=False, page=lambda: "")
    reports = {year: portal.reports[year] for year in session.shown_years() if year in portal.reports}
    return Expected(
        session=session,
        reports=reports,
        texts=judged.texts,
        site_url=project.site_url,
        secrets=_secrets(project, staging),
    )


def _secrets(project: _Project, staging: Staging) -> tuple[str, ...]:
    """Return the paths of this machine that a page could give away."""
    environment = [sys.prefix] if sys.prefix != sys.base_prefix else []
    return (str(project.folder), str(staging.container), str(Path(engines.__file__).parent.parent), *environment)


def _checked(portal: Portal, result: DeskResult) -> str:
    kept = sum(rule.kept for rules in result.years.values() for rule in rules)
    counts = {level: sum(finding.level == level for finding in result.findings) for level in LEVELS}
    drafts = [str(year) for year in sorted(portal.drafts)]
    told = "，".join(f"{words} {counts[level]} 处" for level, words in LEVELS.items() if counts[level])
    told += "（见 nianbao check）" if counts["uncertain"] or counts["warning"] else ""
    left_out = f"；{'、'.join(drafts)} 年是草稿，不公布" if drafts else ""
    return f"{len(result.years)} 份报告，{len(ALL_RULES)} 条规则：证实 {kept} 处{'，' if told else ''}{told}{left_out}"


def _confirmed(crawled: Crawl) -> str:
    outside = f"（另有 {crawled.outside} 个指向其他网站，没有查）" if crawled.outside else ""
    return (
        f"{crawled.pages} 个页面：{crawled.links} 个链接都通{outside}，{crawled.figures} 个数与数据一致，"
        f"{crawled.passages} 段文字与检查过的一致，{crawled.digests} 处校验值与下载文件相符，"
        "HTML 没有错误，不从其他网站载入"
    )


def _summary(
    project: _Project, crawled: Crawl, difference: tuple[Sequence[str], Sequence[str], Sequence[str]] | None
) -> Iterator[str]:
    done = click.style("网站已更新", fg="green", bold=True)
    yield f"{done}：{crawled.pages} 个页面，共 {crawled.files} 个文件，{_size(crawled.size)}。"
    if difference is not None:
        parts = [
            f"{words} {len(files)} 个文件{_named(files)}"
            for words, files in zip(("新增", "改动", "删去"), difference, strict=True)
            if files
        ]
        yield f"与原来的网站相比：{'；'.join(parts) or '没有变化'}。"
    if not project.site_url:
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
    return f"（{'、'.join(pages[:_CHANGED_SHOWN])}{more}）"


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
