"""`nianbao build`: checks, builds beside the old site, reads the result back, and only then publishes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.command.build_screen import Progress, checked, confirmed, summary
from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.options import project_of, project_option
from nianbao.command.screen import finding_line
from nianbao.command.terminal import tell
from nianbao.engines import engines
from nianbao.exports.formats import FORMATS
from nianbao.installation import PACKAGE
from nianbao.lifecycle.freezing import awaits
from nianbao.model.configuration import Configuration
from nianbao.model.dataset import read_dataset
from nianbao.model.project import WrongUseError
from nianbao.publishing.handover import GUIDE, write_handover
from nianbao.publishing.kinds import OPTION, lost_files, refusal
from nianbao.publishing.output import IN_ONE_STEP, OutputError, Staging, TargetError
from nianbao.publishing.standing import taken_away_or_altered
from nianbao.reading.addresses import site_address
from nianbao.reading.clock import today
from nianbao.reading.findings import most_serious_first
from nianbao.verifying.crawl import Crawl, changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nianbao.model.project import Project
    from nianbao.reading.findings import Finding


_HELP = """检查、生成并发布网站。

先检查数据和文字，再把网站生成在旁边，逐页读回核对（链接、载入的内容、HTML、每一个数），全部无误才一步换上；有错误时列出全部错误，原来的网站不变。

以 0 结束表示网站已更新，1 表示有错误、没有更新，2 表示用法不对。
"""
_NOTHING = (
    "还没有公布的报告，没有生成网站。预览草稿用 mkdocs serve；"
    "报告写好以后先定稿，运行 nianbao freeze {} --published 公布日期，再生成网站。"
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
@click.option(
    OPTION,
    "given_up",
    multiple=True,
    type=click.Choice(sorted({kind.suffix for kind in FORMATS})),
    help="原来的网站有、这次不能生成也不再提供的文件，如 pdf；可以写几次。",
)
@click.option(
    "--zip", "packed", is_flag=True, help="另把网站打包成一个文件，放在网站的文件夹旁边，交给操作人员；里面有说明。"
)
@project_option
@help_option
def build(engine: str, site_url: str, out: str, given_up: tuple[str, ...], folder: str, *, packed: bool) -> int:  # noqa: PLR0913  # options
    """Build and publish a site and return the exit code."""
    name = engines.named(engine)
    chosen = _job(folder, out, _address(site_url))
    try:
        staging = Staging.beside(chosen.target, chosen.folder, chosen.sources)
    except TargetError as error:
        raise WrongUseError(str(error)) from error
    except OutputError as error:
        tell(str(error), err=True)
        return 1
    try:
        _publish(chosen, engine, name, staging, given_up)
        if packed:
            tell(f"打包交给操作人员：{_handed_over(chosen, staging.target)}，解压后先看 {GUIDE}。")
    except _RefusedError as error:
        if str(error):
            tell(str(error), err=True)
        return 1
    finally:
        staging.remove()
    return 0


def _handed_over(job: _Job, site: Path) -> Path:
    """Write the *site* as one file for the operator and return it; it is called by the name that the body has now."""
    dataset = read_dataset(job.project.root, job.project.data)
    newest = dataset.reports[max(dataset.reports)]
    return write_handover(site, f"{newest.agency_name}政府信息公开工作年度报告", dataset.frame)


def _job(name: str, out: str, site_url: str) -> _Job:
    """Return what is to be built where. Raises WrongUseError where there is no project."""
    folder = (Path.cwd() / name).resolve()
    project = replace(project_of(name), root=folder)
    configuration = project.configuration or Configuration(folder=folder)
    if configuration.unfit:
        heading = "这个项目不能生成网站："
        raise WrongUseError(heading, *map(str, sorted(configuration.unfit)))
    return _Job(
        folder=folder,
        prefix=f"{name.rstrip('/')}/" if name and folder != Path.cwd() else "",
        project=project,
        target=Path.cwd() / out if out else folder / configuration.site,
        sources=(project.data, project.docs, PACKAGE),
        site_url=site_url or configuration.site_url,
    )


def _address(url: str) -> str:
    """Return *url* with a slash at its end. Raises WrongUseError where it is no address of a site."""
    if not url:
        return ""
    address = site_address(url)
    if address is None:
        message = f"--site-url 应为网站的网址，如 https://www.example.gov.cn/nianbao/，实际为“{url}”"
        raise WrongUseError(message)
    return address


def _publish(job: _Job, engine: str, name: str, staging: Staging, given_up: tuple[str, ...]) -> None:
    """Take the site through all steps. Raises _RefusedError after telling why it is not published."""
    with Progress() as progress:
        running = engines.start(engine, job.folder / "mkdocs.yml", staging, job.site_url)
        try:
            crawled, remarks = _built(job, running, name, progress)
        except engines.BrokenError as error:
            progress.fail()
            message = f"程序出错，网站没有更新：\n{error}"
            raise _RefusedError(message) from None
        finally:
            running.stop()
        altered = taken_away_or_altered(staging.target, staging.path, today())
        if altered:
            progress.begin("对照", "原来的网站")
            progress.end(f"公布过的内容有 {len(altered)} 处对不上", good=False)
            _refuse(job, altered)
        progress.begin("发布", "换上新网站")
        lost = lost_files(staging.target, staging.path, given_up)
        if lost:
            progress.fail()
            raise _RefusedError(refusal(lost, remarks))
        difference = changes(staging.target, staging.path) if staging.target.exists() else None
        try:
            way = staging.publish(keeping=difference is not None and any(difference))
        except OutputError as error:
            progress.fail()
            raise _RefusedError(str(error)) from error
        progress.end(f"{way}：{staging.target}" if way == IN_ONE_STEP else f"{staging.target}：{way}")
    for line in (*summary(crawled, difference, job.site_url), *_awaiting(job)):
        click.echo(line)
    for remark in remarks:
        tell(remark)


def _built(job: _Job, running: engines.Running, name: str, progress: Progress) -> tuple[Crawl, tuple[str, ...]]:
    """Return what the new site shows once it is built, checked and read back, and what files it lacks, and why.

    Raises _RefusedError as above.
    """
    progress.begin("检查", "数据和文字")
    answer = running.answer()
    if isinstance(answer, engines.Checked):
        progress.end(checked(answer), good=not answer.refused)
        if answer.refused:
            _refuse(job, answer.refused)
        if not answer.published:
            raise _RefusedError(_NOTHING.format(max(answer.drafts, default="年度")))
        progress.begin("生成", f"用 {name} 生成网站")
        answer = running.answer()
    if not isinstance(answer, engines.Built):
        raise TypeError(answer)
    if answer.findings:
        progress.end(f"有 {len(set(answer.findings))} 处错误", good=False)
        _refuse(job, answer.findings)
    if answer.failure:
        progress.fail()
        message = f"网站没有更新：{answer.failure}"
        raise _RefusedError(message)
    remarks = answer.remarks
    progress.end(f"{name} 生成了网站，放在旁边等待核对")
    progress.begin("核对", "逐页读回")
    crawled = running.answer()
    if isinstance(crawled, engines.Built):  # The disk has failed while the site was read.
        progress.fail()
        message = f"网站没有更新：{crawled.failure}"
        raise _RefusedError(message)
    if not isinstance(crawled, Crawl):
        raise TypeError(crawled)
    if crawled.findings:
        progress.end(f"{crawled.pages} 个页面里有 {len(set(crawled.findings))} 处错误", good=False)
        _refuse(job, crawled.findings)
    progress.end(confirmed(crawled))
    return crawled, remarks


def _refuse(job: _Job, findings: Iterable[Finding]) -> None:
    """Tell *findings* and end without publishing."""
    found = sorted(set(findings), key=most_serious_first)
    for finding in found:
        place = finding.place
        own = job.prefix if (job.folder / place.file).exists() else ""
        click.echo(finding_line(replace(finding, place=place._replace(file=f"{own}{place.file}"))))
    click.echo("")
    told = click.style(f"有 {len(found)} 处错误，网站没有更新", fg="red", bold=True)
    click.echo(f"{told}；改正后再运行一次。")
    raise _RefusedError


def _awaiting(job: _Job) -> Iterator[str]:
    """Yield which years of the site have their day of publication still to come."""
    for year, report in sorted(read_dataset(job.project.root, job.project.data).reports.items()):
        if awaits(report, today()):
            yield (
                f"{year} 年定于 {report.published_on} 公布，请在那天上网；那天以前可以用 nianbao reopen 撤回，"
                "用 nianbao publish 改期，然后重新生成。"
            )
