"""`nianbao collect`: what bodies have sent is taken in, whosever it is."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.members import register_at
from nianbao.command.options import day_of, project_of, project_option, scheduler_option, year_of
from nianbao.command.terminal import progress, tell
from nianbao.data_files import writing
from nianbao.importing.failures import told
from nianbao.importing.gathering import Found, gather
from nianbao.members.intake import Came, sort
from nianbao.members.naming import labels_of
from nianbao.members.questions import FILE, answer_findings, answers_in, asked_before, write_questions
from nianbao.members.receipts import FOLDER as RECEIPTS
from nianbao.members.receipts import changed_pages, changes, newest, receipts_of, years_of
from nianbao.members.receiving import Answered, Taken, Task, take, take_answers, untaken
from nianbao.members.sites import fetch_all
from nianbao.members.sources import RECEIVED
from nianbao.model.project import WrongUseError
from nianbao.model.report import ITEMS
from nianbao.reading.clock import BEIJING, today
from nianbao.reading.disk import reason
from nianbao.running.choosing import crew_of
from nianbao.running.crew import Failure, Limits, each

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.members.intake import Sorting, Submission
    from nianbao.members.receipts import Receipt
    from nianbao.members.register import Member, Register
    from nianbao.members.sites import Offered
    from nianbao.model.project import Project
    from nianbao.reading.findings import Finding
    from nianbao.running.crew import Crew

_REFUSED, _QUESTIONS_LEFT = 1, 3
# So many changes of a report are told; its receipt has all.
_TOLD = 5
_UNPACKED, _SITES = ".zip-", "网站"
_NAMED = 2  # files of a report, likewise
_HELP = """收下各单位报来的文件：文件夹、ZIP、Word、Excel、PDF、网页、文本、JSON 都可以，放在一起也可以。

按标题、文件名和文件夹名对照名册，认出是哪个单位、哪个年度的；不能确定的写进 来件/问题.yml，答复以后写上同样的
文件再运行一次。每个单位每次报来的文件照原样保存在 来件 里，读成的数据和页面在 members 里；再报来的，说明与上一次相比
变了哪些格。名册里写了网站而没有写文件夹的，用 --sites 从网站上取：取 JSON，没有的取数据包（datapackage.json）的各表。
不写文件的，只读入对 members 里 问题.yml 的答复。

全部收下时以 0 结束，还有要问的以 3 结束，有文件不能读入、有答复不对、有网站读不到的以 1 结束，用法不对时以 2 结束。
"""


@click.command(cls=ChineseCommand, short_help="收下各单位报来的报告。", help=_HELP)
@click.argument("files", metavar="[文件或文件夹…]", nargs=-1)
@click.option("--year", metavar="年度", help="报告的年度，文件里和文件名里都没有写明时用。")
@click.option("--sites", is_flag=True, help="另从名册里写明的网站取 --year 年度的报告；要能连到这些网站。")
@click.option("--on", "on", metavar="日期", help="哪一天收到的，如 2026-01-20；不写就是现在。")
@click.option(
    "--seconds", type=click.IntRange(1, 3600), default=120, metavar="秒", help="每份最多用多少秒，缺省为 120。"
)
@scheduler_option
@project_option
@help_option
def collect(  # noqa: PLR0913, PLR0917  # its options
    files: Sequence[str],
    year: str | None,
    sites: bool,  # noqa: FBT001  # a flag of click
    on: str | None,
    seconds: int,
    scheduler: str,
    folder: str,
) -> None:
    """Take in what was sent."""
    project, number = project_of(folder), year_of(year) if year is not None else None
    if sites and number is None:
        message = "--sites 要写明 --year，如 --sites --year 2023"
        raise WrongUseError(message)
    register = register_at(project)
    paths = [Path.cwd() / file for file in files]
    missing = next((path for path in paths if not path.exists()), None)
    if missing is not None:
        message = f"没有 {missing}；请检查路径"
        raise WrongUseError(message)
    now = dt.datetime.now(BEIJING).replace(microsecond=0)
    came = _Coming(
        at=dt.datetime.combine(day_of(on, "--on"), dt.time(), BEIJING) if on else now, year=number, sites=sites
    )
    limits = Limits(work=seconds, seconds=seconds)
    with crew_of(scheduler, limits) as crew, writing.exclusively(project.data):
        code = _collected(project, register, paths, came, crew)
    if code:
        raise click.exceptions.Exit(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coming:
    """When files came *at*, of which *year* those are that do not tell, and whether *sites* are read as well."""

    at: dt.datetime
    year: int | None
    sites: bool


def _collected(project: Project, register: Register, paths: Sequence[Path], came: _Coming, crew: Crew) -> int:
    """Take in the files at *paths*, tell of it, and return the exit code."""
    written, before = asked_before(project.folder)
    failures = list(_take_answers(project, register, crew))
    for left in project.folder.glob(f"{_UNPACKED}*"):
        shutil.rmtree(left, ignore_errors=True)  # Of a run that was killed.
    # In the portal, so that the machines of a cluster see it as well.
    with tempfile.TemporaryDirectory(dir=project.folder, prefix=_UNPACKED) as unpacked:
        sites, missed = _fetched(register, came, Path(unpacked))
        gathered = gather(paths, Path(unpacked))
        answers = answers_in(written, before, register)
        sorting = sort(Came(gathered=gathered, sites=sites, year=came.year, answers=answers), register, crew)
        tasks = [
            Task(
                portal=project.folder,
                submission=one,
                at=came.at,
                come=_come(project, one),
                returns=register.returns_of(one.member.id, one.year),
            )
            for one in sorting.submissions
        ]
        taking = each(crew, take, tasks, alone=lambda task: task.submission.member.id)
        taken = {
            task: untaken(task, told(answer)) if isinstance(answer, Failure) else answer
            for task, answer in progress(taking, len(tasks), "读入各份报告")
        }
    if paths:
        write_questions(project.folder, sorting.asked, before)
    # As the file stands now: what was asked anew stands above what was answered before.
    wrong = answer_findings(project.folder, FILE, register)
    done = [taken[task] for task in tasks]
    for line in (*_lines(done, labels_of(project)), *_left(sorting), *_missed(missed), *failures, *_wrong(wrong)):
        tell(line)
    if not all(one.gone for one in missed):
        return _REFUSED
    if sorting.refused or failures or wrong or any(one.failed or _refusal(one) for one in done):
        return _REFUSED
    waiting = any(one.receipt is not None and one.receipt.asked for one in done)
    return _QUESTIONS_LEFT if sorting.asked or waiting else 0


def _come(project: Project, one: Submission) -> int:
    """Return how many versions of a report have come before."""
    try:
        return max((e.number for e in receipts_of(project.folder, one.member.id, one.year)), default=0)
    except OSError:  # To take it tells of that.
        return 0


def _fetched(register: Register, came: _Coming, folder: Path) -> tuple[Mapping[Found, Offered], Sequence[Offered]]:
    """Return by file what sites offer, written below *folder*, and the sites that offer nothing."""
    if not came.sites or came.year is None:
        return {}, ()
    place = folder / _SITES
    members = [member for member in register.of(came.year) if member.site and not member.folder]
    place.mkdir()
    offers = list(fetch_all(members, came.year, place))
    now = time.time()
    files = {
        Found(path=path, shown=f"{_SITES}/{path.name}", folder=f"{_SITES}/{one.member.id}", changed=now): one
        for one in offers
        for path in one.files
    }
    return files, [one for one in offers if not one.files]


def _missed(missed: Sequence[Offered]) -> Iterator[str]:
    """Yield the sites that offer nothing, and why."""
    for one in missed:
        yield f"网站没有取到  {one.member.name(one.year)}（{one.address}）：{one.why}"


def _wrong(wrong: Sequence[Finding]) -> Iterator[str]:
    """Yield the answers that cannot be taken, where they stand."""
    if wrong:
        yield f"答复有误 {len(wrong)} 处，这些文件没有收下，请改正后再运行一次："
        yield from (f"  {finding}" for finding in wrong)


def _take_answers(project: Project, register: Register, crew: Crew) -> Iterator[str]:
    """Take the answers to what was asked of reports that came before, and yield what is wrong with them."""
    tasks = []
    for member in register.members:
        try:
            tasks += [
                Answered(portal=project.folder, member=member, receipt=receipt, today=today())
                for receipt in _newest(project, member)
                if receipt.asked and not receipt.refused
            ]
        except OSError as error:
            where = f"{RECEIPTS}/{member.id}"
            yield f"{member.names[-1].text}的来件没有看：{where} 无法读取（{reason(error)}）；请检查权限和磁盘"
    done = each(crew, take_answers, tasks, alone=lambda task: task.member.id)
    for task, answer in sorted(done, key=lambda pair: (pair[0].member.id, pair[0].receipt.year)):
        receipt, why = (task.receipt, told(answer)) if isinstance(answer, Failure) else answer
        if why:
            yield f"{task.member.name(receipt.year)} {receipt.year} 年度的答复：{why}"
        elif receipt.asked < task.receipt.asked:
            left = f"，还有 {receipt.asked} 格要问" if receipt.asked else "，全部读出"
            tell(f"{task.member.name(receipt.year)} {receipt.year} 年度：采用了答复{left}。")


def _newest(project: Project, member: Member) -> Iterator[Receipt]:
    """Yield the newest version of each year of *member*."""
    for year in years_of(project.folder, member.id):
        receipt = newest(project.folder, member.id, year)
        if receipt is not None:
            yield receipt


def _refusal(one: Taken) -> str:
    """Return why what came now cannot be read, or nothing."""
    return one.receipt.refused if one.receipt is not None and not one.again else ""


def _lines(done: Sequence[Taken], labels: Mapping[str, str]) -> Iterator[str]:
    """Yield what became of each report, its figures called by *labels*, and how many came."""
    fresh = [one for one in done if not one.again]
    # What has failed stands last, where it is seen.
    for one in sorted(fresh, key=lambda one: one.receipt is None or bool(_refusal(one))):
        who = f"{one.submission.member.name(one.submission.year)} {one.submission.year} 年度"
        if one.receipt is None:
            yield f"没有收下  {who}：{one.failed}"
            continue
        which = f"第 {one.receipt.number} 份" + ("（草稿）" if one.receipt.draft else "")
        names = [sent.sent_as for sent in one.receipt.files]
        files = "、".join(names[:_NAMED]) + (f"等 {len(names)} 个文件" if len(names) > _NAMED else "")
        if one.receipt.refused:
            yield f"读不了  {who}{which}（{files}）：{one.receipt.refused}"
            continue
        yield f"收下  {who}{which}（{files}）" + _asked(one.receipt)
        if one.submission.titled:
            name = one.submission.member.name(one.submission.year)
            yield f"    标题写的是“{one.submission.titled}”，{one.submission.year} 年度的名称是“{name}”；请核对"
        yield from _changes(one, labels)
    again, refused = len(done) - len(fresh), sum(1 for one in fresh if _refusal(one))
    years = Counter(one.submission.year for one in fresh if one.receipt is not None and not _refusal(one))
    told = "，".join(f"{year} 年度 {count} 份" for year, count in sorted(years.items()))
    yield (
        f"收下 {years.total()} 份报告"
        + (f"（{told}）" if len(years) > 1 else "")
        + (f"，另有 {refused} 份读不了" if refused else "")
        + (f"，另有 {again} 份以前已经收过" if again else "")
        + "。"
    )


def _asked(receipt: Receipt) -> str:
    if not receipt.asked:
        return ""
    return f"，有 {receipt.asked} 格要问，见 {RECEIVED}/{receipt.member}/导入/{receipt.year}/问题.yml"


def _changes(one: Taken, labels: Mapping[str, str]) -> Iterator[str]:
    """Yield what a version says otherwise than the one before."""
    before, now = one.before, one.receipt
    if before is None or now is None or before.refused:
        return
    cells = list(changes(before, now))
    # Pages without words of the body's own have no name here.
    pages = [labels[page] for page in changed_pages(before, now) if page in labels]
    if not cells and not pages:
        yield "    与上一次的内容相同"
        return
    if cells:
        yield f"    与上一次相比变了 {len(cells)} 格："
    for address, old, new in cells[:_TOLD]:
        said = "有改动" if address == ITEMS else f"{old or '没有'} → {new or '没有'}"
        yield f"      {labels.get(address, address)}：{said}"
    if len(cells) > _TOLD:
        yield f"      另有 {len(cells) - _TOLD} 格"
    if pages:
        yield f"    文字变了：{'；'.join(pages)}"


def _left(sorting: Sorting) -> Iterator[str]:
    """Yield what was not taken in, and why."""
    if sorting.asked:
        yield f"要问 {len(sorting.asked)} 个文件，请在 {FILE} 里答复："
        for one in sorting.asked:
            proposed = f"（提议：{one.proposal}）" if one.proposal else ""
            yield f"  {one.sent_as}：{one.text}{proposed}"
    for title, listed in (("不能读入", sorting.refused), ("没有用到", sorting.unused)):
        if listed:
            yield f"{title} {len(listed)} 个文件："
            yield from (f"  {shown}：{why}" for shown, why in listed)
