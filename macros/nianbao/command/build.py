"""`nianbao build`: checks, builds beside the old site, reads the result back, and only then publishes it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.judging import judge_project, result_of
from nianbao.command.options import project_of, project_option
from nianbao.command.progress import Progress
from nianbao.command.screen import finding_line
from nianbao.engines import engines
from nianbao.installation import PACKAGE
from nianbao.model.configuration import Configuration
from nianbao.model.project import WrongUseError
from nianbao.pages.session import Session
from nianbao.publishing.output import IN_ONE_STEP, OutputError, Staging, TargetError
from nianbao.reading.addresses import web_address
from nianbao.reading.findings import LEVELS, most_serious_first
from nianbao.rules.judging import refusals
from nianbao.rules.registry import ALL_RULES
from nianbao.verifying.crawl import Expected, changes, crawl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.command.judging import ProjectResult
    from nianbao.engines.engines import Outcome
    from nianbao.model.dataset import Dataset
    from nianbao.model.project import Project
    from nianbao.reading.findings import Finding
    from nianbao.rules.judging import Judged
    from nianbao.verifying.crawl import Crawl

_HELP = """检查、生成并发布网站。

先检查数据和文字，再把网站生成在旁边，逐页读回核对（链接、载入的内容、HTML、每一个数），全部无误才一步换上；有错误时列出全部错误，原来的网站不变。

以 0 结束表示网站已更新，1 表示有错误、没有更新，2 表示用法不对。
"""
_CHANGED_SHOWN = 6
_NOTHING = (
    "还没有公布的报告，没有生成网站。预览草稿用 mkdocs serve；"
    "报告写好以后先定稿，如 nianbao freeze 2024 --published 2025-01-20，再生成网站。"
)


class _RefusedError(Exception):
    """The site is not published; the text, if any, says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """A project to build: the *folder* of mkdocs.yml, as messages call it the *prefix* of its files."""

    folder: Path
    prefix: str
    project: Project
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
def build(engine: str, site_url: str, out: str, folder: str) -> int:
    """Build and publish a site and return the exit code."""
    name = engines.named(engine)
    chosen = _job(folder, out, _address(site_url))
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


def _job(name: str, out: str, site_url: str) -> _Job:
    """Return what is to be built where. Raises WrongUseError where there is no project."""
    folder = (Path.cwd() / name).resolve()
    project = replace(project_of(name), root=folder)
    configuration = project.configuration or Configuration(folder=folder)
    if configuration.unfit:
        raise WrongUseError("\n".join(["这个项目不能生成网站：", *map(str, sorted(configuration.unfit))]))
    own = [folder / configuration.templates] if configuration.templates else []
    url = site_url or configuration.site_url
    return _Job(
        folder=folder,
        prefix=f"{name.rstrip('/')}/" if name and folder != Path.cwd() else "",
        project=project,
        target=Path.cwd() / out if out else folder / configuration.site,
        sources=(project.data, project.docs, PACKAGE, *own),
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


def _publish(job: _Job, engine: str, name: str, staging: Staging) -> None:
    """Take the site through all steps. Raises _RefusedError after telling why it is not published."""
    with Progress() as progress:
        running = engines.start(engine, job.folder / "mkdocs.yml", staging, job.site_url)
        try:
            progress.begin("检查", "数据和文字")
            dataset, judged = judge_project(job.project)
            result = result_of(job.project, dataset, judged)
            refused = set(refusals(_session(job, dataset), judged))
            progress.end(_checked(dataset, result), good=not refused)
            if not refused and set(dataset.years) <= dataset.drafts:
                raise _RefusedError(_NOTHING)
            progress.begin("生成", f"用 {name} 生成网站")
            outcome = running.outcome()
        finally:
            running.stop()
        expected = _expected(job, dataset, judged, staging)
        if (
            outcome.findings and staging.path.is_dir()
        ):  # Zensical builds a site all the same: its mistakes are told too.
            known = {finding.place for finding in outcome.findings}
            read = (finding for finding in crawl(staging.path, expected).findings if finding.place not in known)
            typed = tuple(finding for finding in read if (job.folder / finding.place.file).is_file())
            outcome = replace(outcome, findings=(*outcome.findings, *typed))
        _refuse_mistakes(job, refused, outcome, progress)
        progress.end(f"{name} 生成了网站，放在旁边等待核对")
        progress.begin("核对", "逐页读回")
        crawled = crawl(staging.path, expected)
        if crawled.findings:
            progress.end(f"{crawled.pages} 个页面里有 {len(set(crawled.findings))} 处错误", good=False)
            _refuse(job, crawled.findings)
        progress.end(_confirmed(crawled))
        progress.begin("发布", "换上新网站")
        difference = changes(staging.target, staging.path) if staging.target.exists() else None
        try:
            way = staging.publish()
        except OutputError as error:
            progress.fail()
            raise _RefusedError(str(error)) from error
        progress.end(f"{way}：{staging.target}" if way == IN_ONE_STEP else f"{staging.target}：{way}")
    for line in _summary(job, crawled, difference):
        click.echo(line)


def _refuse_mistakes(job: _Job, refused: set[Finding], outcome: Outcome, progress: Progress) -> None:
    """Refuse the site for what the check and the engine have found, all at once."""
    more = set(outcome.findings) - refused
    if refused or more:
        told = f"{'另' if refused else ''}有 {len(more)} 处错误" if more else "没有发现别的错误"
        progress.end(told, good=not more)
        _refuse(job, refused | more)
    if outcome.failure or outcome.broken:
        progress.fail()
        raise _RefusedError(
            f"网站没有更新：{outcome.failure}" if outcome.failure else f"程序出错，网站没有更新：\n{outcome.broken}"
        )


def _refuse(job: _Job, findings: Iterable[Finding]) -> None:
    """Tell *findings* and end without publishing."""
    found = sorted(set(findings), key=most_serious_first)
    for finding in found:
        place = finding.place
        own = job.prefix if (job.folder / place.file).exists() else ""
        click.echo(finding_line(replace(finding, place=replace(place, file=f"{own}{place.file}"))))
    click.echo("")
    told = click.style(f"有 {len(found)} 处错误，网站没有更新", fg="red", bold=True)
    click.echo(f"{told}；改正后再运行一次。")
    raise _RefusedError


def _expected(job: _Job, dataset: Dataset, judged: Judged, staging: Staging) -> Expected:
    session = _session(job, dataset)
    reports = {year: dataset.reports[year] for year in session.shown_years() if year in dataset.reports}
    return Expected(
        session=session,
        reports=reports,
        texts=judged.texts,
        site_url=job.site_url,
        secrets=_secrets(job, staging),
    )


def _session(job: _Job, dataset: Dataset) -> Session:
    project = job.project
    return Session(
        dataset=dataset, root=project.root, data=project.data, docs=project.docs, drafts=False, page=lambda: ""
    )


def _secrets(job: _Job, staging: Staging) -> tuple[str, ...]:
    """Return the paths of this machine that a page could give away."""
    environment = [sys.prefix] if sys.prefix != sys.base_prefix else []
    return (str(job.folder), str(staging.container), str(PACKAGE), *environment)


def _checked(dataset: Dataset, result: ProjectResult) -> str:
    kept = sum(rule.confirmed for rules in result.years.values() for rule in rules)
    counts = {level: sum(finding.level == level for finding in result.findings) for level in LEVELS}
    drafts = [str(year) for year in sorted(dataset.drafts)]
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
    job: _Job, crawled: Crawl, difference: tuple[Sequence[str], Sequence[str], Sequence[str]] | None
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
    if not job.site_url:
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
