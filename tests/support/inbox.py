"""A synthetic county of sixty bodies that send their reports as files.

Forty departments and twenty townships, files in five formats. On purpose five send nothing, three send drafts, four
are late, six have sums that do not fit, two have copied from one another, one was renamed, one merged into another,
and one sends a hostile file.
"""

from __future__ import annotations

import random
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agencies import write_agencies
from nianbao.beginning.new_portal import Beginner, make_portal
from nianbao.cache.cache import Cache
from nianbao.downloads.downloads import Downloads
from nianbao.exports.formats import FORMATS
from nianbao.exports.office import OFFICE_FORMATS
from nianbao.lifecycle.changes import published_changes
from nianbao.members.public_pages import INDEX
from nianbao.model.dataset import package_forms, read_dataset
from nianbao.model.project import Project
from nianbao.pages.session import Session
from nianbao.rules.judging import judge_dataset, remember

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.exports.formats import Download

YEAR, COUNT = 2023, 60
MISSING, DRAFTS, LATE, UNBALANCED = range(5), range(5, 8), range(8, 12), range(12, 18)
HOSTILE, COPIES, RENAMED, MERGED = 19, (21, 22), 23, 24


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split(" "))


KINDS = ("docx", "pdf", "json", "sheets", "zip")
_DEPARTMENTS = _listed(
    "发展和改革局 教育局 科学技术局 工业和信息化局 公安局 民政局 司法局 财政局 人力资源和社会保障局 "
    "自然资源局 生态环境局 住房和城乡建设局 交通运输局 水务局 农业农村局 商务局 文化和旅游局 "
    "卫生健康局 退役军人事务局 应急管理局 审计局 市场监督管理局 体育局 统计局 医疗保障局 乡村振兴局 "
    "林业局 信访局 行政审批局 城市管理局 粮食和物资储备局 地方金融工作局 机关事务管理局 大数据管理局 "
    "国防动员办公室 政务服务中心 招商服务中心 档案馆 供销合作社 地震台"
)
_TOWNS = _listed("东 西 南 北 上 下 前 后 青山 白水 红石 黄土 清泉 长桥 新桥 石桥 柳树 杨树 松树 竹园")
OLD_NAME, MERGED_NAME = "示例县物价办公室", "示例县旅游发展局"


@dataclass(frozen=True, slots=True)
class Body:
    """A body of the county: its *number* from 0, *id*, *name* of the year and *kind*."""

    number: int
    id: str
    name: str
    kind: str

    @property
    def format(self) -> str:
        """In what it sends its report."""
        return KINDS[self.number % len(KINDS)]


def bodies(count: int = COUNT) -> tuple[Body, ...]:
    """Return the first *count* bodies."""
    names = [(f"示例县{name}", "department") for name in _DEPARTMENTS]
    names += [(f"示例县{name}镇人民政府", "township") for name in _TOWNS]
    return tuple(Body(at, f"agency{at:05}", name, kind) for at, (name, kind) in enumerate(names[:count]))


def write_portal(portal: Path, count: int = COUNT) -> None:
    """Write the portal of the superior, with the register of *count* bodies that send files."""
    beginner = Beginner(name="示例县人民政府", id="county", kind="government", region="示例县", superior="", year=YEAR)
    make_portal(portal, beginner)
    _edit(portal / "data/agency.yml", "scope: own ", "scope: area")
    _edit(portal / "mkdocs.yml", "  - nianbao\n", "  - nianbao:\n      notice: 合成示例，不对应任何真实机关。\n")
    (portal / "docs/members").mkdir()
    (portal / "docs/members/index.md").write_text(INDEX, encoding="utf-8")
    (portal / "data/members.yml").write_text("".join(_register(bodies(count))), encoding="utf-8")


def _register(every: Sequence[Body]) -> Iterator[str]:
    yield "# 合成示例，不对应任何真实机关。\nmembers:\n"
    for body in every:
        old = f"{{name: {OLD_NAME}, from: 2019, to: {YEAR - 1}}}, " if body.number == RENAMED else ""
        first = YEAR if old else 2019
        group = "乡镇" if body.kind == "township" else "部门"
        yield f"  - {{id: {body.id}, names: [{old}{{name: {body.name}, from: {first}}}], kind: {body.kind}, "
        yield f"class: {group}, from: 2019}}\n"
    if len(every) > MERGED:
        yield f"  - {{id: tourism, names: [{{name: {MERGED_NAME}, from: 2019}}], kind: department, class: 部门, "
        yield f"from: 2019, to: {YEAR - 1}, into: [{every[MERGED].id}]}}\n"


def write_inbox(
    folder: Path, count: int = COUNT, *, planted: bool = True, only: Sequence[int] = ()
) -> tuple[Path, Path]:
    """Write what *count* bodies send below *folder*: in time, and late; return both folders.

    Where *only* names some by their numbers, the others send nothing.
    """
    forms = {number: form for number, form in package_forms().editions.items() if form is not None}
    prompt, late = folder / "收件", folder / "补报"
    prompt.mkdir(parents=True)
    late.mkdir()
    with tempfile.TemporaryDirectory() as scratch:
        write_agencies(Path(scratch), forms, count, (YEAR,), pages=True)
        for body in bodies(count):
            if (planted and body.number in MISSING) or (only and body.number not in only):
                continue
            place = late if planted and body.number in LATE else prompt
            if planted and body.number == HOSTILE:
                _hostile(place / f"{body.name}{YEAR}年报.docx")
                continue
            _prepare(Path(scratch) / body.id, body, planted=planted)
            _send(Path(scratch) / body.id, body, place)
    return prompt, late


def _hostile(path: Path) -> None:
    """Write a Word file whose document would fill the memory."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        with package.open("word/document.xml", "w") as part:
            for _ in range(300):
                part.write(b" " * 1_000_000)


def _prepare(data: Path, body: Body, *, planted: bool) -> None:
    """Give the report of *body* its name, words of its own, and what is wrong with it."""
    agency = (data / "agency.yml").read_text(encoding="utf-8")
    agency = agency.replace(f"示例市示例区第{body.number}局", body.name).replace("department", body.kind)
    (data / "agency.yml").write_text(agency, encoding="utf-8")
    model = COPIES[0] if planted and body.number in COPIES else body.number
    words = _words(random.Random(model))  # noqa: S311  # the same words in every run
    for path in sorted((data / "docs" / str(YEAR)).glob("*.md")):
        text = path.read_text(encoding="utf-8").replace("下一步将逐项", f"{next(words)}{next(words)}下一步将逐项")
        numbers = iter("一二三四五")
        lines = [_line(line, words, numbers) for line in text.split("\n")]
        if path.name == "1-overview.md" and body.kind == "township":
            lines.append("本年工作考核为合格，社会评议没有收到差评，没有需要追究责任的情形。\n")
        path.write_text("\n".join(lines), encoding="utf-8")
    report = data / f"{YEAR}.yml"
    if planted and body.number in DRAFTS:
        _edit(report, "status: published ", "status: draft ")
        _edit(report, f"published_on: {YEAR + 1}-01-18   # 公布日期\n", "")
    if planted and body.number in UNBALANCED:
        lines = report.read_text(encoding="utf-8").splitlines()
        line = next(line for line in lines if line.strip().startswith("received:"))
        first = line[line.index("[") + 1 : line.index(",")]
        _edit(report, line, line.replace(f"[{first},", f"[{int(first) + 1},"))


def _line(line: str, words: Iterator[str], numbers: Iterator[str]) -> str:
    """Return a *line* of a page with *words* of the body's own; headings are numbered as in print."""
    if line.startswith("## "):
        return f"## （{next(numbers)}）{line[3:]}"
    return f"{next(words)}{next(words)}" if line.endswith("工作按计划完成。") else line


_WHEN = _listed("年初 春季 汛期前 第二季度 暑期 下半年 入冬以后 岁末")
_WHO = _listed("办公室 值班窗口 信息科 法规股 档案员 热线坐席 基层站所 网络管理员")
_WHAT = _listed("答复文书样本 办事指南条目 目录分类 热点问答 补贴发放名单 工程进度图 会议纪要摘编 规范文件附注")
_DONE = _listed("逐条改写成白话 按来信次序重排 与邻县样本对照后增补 交群众代表试读 换成大字版面 配上咨询电话")
_EFFECT = _listed("误填明显减少 咨询等候缩短 退件不再反复 查找少走弯路 留言多为致谢 现场解释省去大半")


def _words(chance: random.Random) -> Iterator[str]:
    """Yield sentences that no other body writes in the same way."""
    while True:
        when, who, what, done, effect = (chance.choice(words) for words in (_WHEN, _WHO, _WHAT, _DONE, _EFFECT))
        yield f"{when}由{who}把{what}{done}，{effect}。"


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new), encoding="utf-8")


def _send(data: Path, body: Body, place: Path) -> None:
    """Write the report in *data* into *place* in the format of *body*."""
    stem = f"{body.name}{YEAR}年政府信息公开工作年度报告"
    wanted = {"sheets": ("docx", "xlsx"), "zip": ("filing",)}.get(body.format, (body.format,))
    made = dict(_made(data, wanted))
    match body.format:
        case "sheets":
            (place / body.name).mkdir()
            (place / body.name / "报告.docx").write_bytes(made["docx"])
            (place / body.name / "三张表.xlsx").write_bytes(made["xlsx"])
        case "zip":
            (place / f"{body.name}报送材料.zip").write_bytes(made["filing"])
        case kind:
            (place / f"{stem}.{kind}").write_bytes(made[kind])


def write_sites(folder: Path, count: int, numbers: Sequence[int]) -> None:
    """Write the data that the sites of some of *count* bodies offer below *folder*, each where a build has it."""
    forms = {number: form for number, form in package_forms().editions.items() if form is not None}
    with tempfile.TemporaryDirectory() as scratch:
        write_agencies(Path(scratch), forms, count, (YEAR,), pages=True)
        for body in (inner for inner in bodies(count) if inner.number in numbers):
            _prepare(Path(scratch) / body.id, body, planted=False)
            for one in _downloads(Path(scratch) / body.id, ("json", "csv", "package")):
                path = folder / body.id / one.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(one.content.read())


def _made(data: Path, wanted: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the report in *data*, right or wrong, by the ids of their formats."""
    for one in _downloads(data, wanted):
        yield one.kind, one.content.read()


def _downloads(data: Path, wanted: Sequence[str]) -> Sequence[Download]:
    dataset = read_dataset(data, data)
    project = Project(root=data, data=data, docs=data / "docs", years=frozenset({YEAR}))
    session = Session(
        dataset=dataset, root=data, data=data, docs=data / "docs", drafts=True, page=lambda: "", notice=""
    )
    remember(session, judge_dataset(dataset, project, published_changes(data, data / "docs", dataset)))
    kinds = [kind for kind in (*FORMATS, *OFFICE_FORMATS) if kind.id in wanted]
    downloads = Downloads(session, Cache(data / ".cache")).made(dataset.reports[YEAR], kinds)
    assert not downloads.missing, downloads.missing
    return downloads.files
