"""The declaration of the portal's frame: what is wrong with it is told at its place, and its policy is exact."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from nianbao.command.headers import headers
from nianbao.command.judging import check_project
from nianbao.metadata.policy import POLICY, nginx_policy, page_policy
from nianbao.model.dataset import read_dataset
from nianbao.model.project import project_at
from projects import run

if TYPE_CHECKING:
    from pathlib import Path

FRAMED = ROOT / "tests" / "portals" / "framed"


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    """Return a copy of the real portal within a frame."""
    for name in ("data", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns(".cache"))
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    shutil.copytree(FRAMED, tmp_path / "data", dirs_exist_ok=True)
    return tmp_path


def told(portal: Path) -> list[str]:
    """Return what a check tells of the frame."""
    checked = check_project(project_at(portal))
    return [str(finding) for finding in checked.findings if "frame" in finding.place.file]


def test_a_good_frame_tells_nothing(portal: Path) -> None:
    """The frame of the tests is without fault."""
    assert told(portal) == []


def test_policy_adds_exactly_what_is_declared(portal: Path) -> None:
    """Each directive gains the addresses declared for it; queries, which no policy knows, are left out."""
    frame = read_dataset(portal, portal / "data").frame
    parts = dict(part.split(" ", 1) for part in page_policy(frame).split("; "))
    plain = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert {name: value for name, value in parts.items() if plain[name] != value} == {
        "script-src": "'self' https://statistics.example/count.js",
        "img-src": "'self' data: https://statistics.example/hit",
        "connect-src": "'self' https://data.statistics.example/",
    }
    assert page_policy(None) == POLICY


def test_the_shipped_policy_is_that_of_a_site_without_a_frame(portal: Path) -> None:
    """The file in deploy/nginx is what the command writes, and so is that of a frame."""
    shipped = (ROOT / "deploy" / "nginx" / "policy.conf").read_text(encoding="utf-8")
    framed = run(headers, "--nginx", project=portal)
    assert framed.printed == nginx_policy(read_dataset(portal, portal / "data").frame)
    assert "https://statistics.example/count.js" in framed.printed
    (portal / "data" / "frame.yml").unlink()
    assert run(headers, "--nginx", project=portal).printed == shipped
    assert "Content-Security-Policy: default-src 'none'" in run(headers, project=portal).printed


def test_the_guide_shows_a_frame_that_is_read(portal: Path) -> None:
    """What the guide of the frame shows as data/frame.yml is without fault beside the files of the tests."""
    guide = (ROOT / "deploy" / "frame" / "README.md").read_text(encoding="utf-8")
    shown = guide.partition("```yaml\n")[2].partition("```")[0]
    (portal / "data" / "frame.yml").write_text(shown, encoding="utf-8")
    assert told(portal) == []
    frame = read_dataset(portal, portal / "data").frame
    assert frame is not None
    assert len(frame.programs) == 2


# A file of the frame, what is replaced in it, and what is told.
WRONG: dict[str, tuple[str, str, str, str]] = {
    "script without encryption": (
        "frame.yml",
        '"https://statistics.example/count.js?site=3701"',
        '"http://statistics.example/count.js"',
        (
            "data/frame.yml:14:14: 程序的网址应以 https:// 开头，实际为“http://statistics.example/count.js”；"
            "不加密的程序谁都能在路上改"
        ),
    ),
    "script without a reason": (
        "frame.yml",
        "\n    reason: 无障碍工具",
        "",
        "data/frame.yml:19:5: 程序缺少 reason（理由）；请补上",
    ),
    "script from two places": (
        "frame.yml",
        "file: care.js",
        'file: care.js\n    address: "https://care.example/a.js"',
        "data/frame.yml:19:5: 程序应写 address（网址）或 file（文件）中的一项；请补上或删去一项",
    ),
    "file above the folder": (
        "frame.yml",
        "logo: logo.svg",
        "logo: ../../logo.svg",
        (
            "data/frame.yml:5:7: 标志应为 frame 文件夹里的文件名，用英文字母和数字，"
            "以 .gif、.jpeg、.jpg、.png、.svg、.webp 结尾，实际为“../../logo.svg”；请改名"
        ),
    ),
    "file that is not there": (
        "frame.yml",
        "logo: logo.svg",
        "logo: seal.png",
        "data/frame.yml:5:7: 标志用的 data/frame/seal.png 读不了（没有这个文件或文件夹）；请补上文件",
    ),
    "script in the head": (
        "frame/header.html",
        "</p>",
        "</p>\n<script>alert(1)</script>",
        "data/frame/header.html:2:1: 网页里不能用 <script>（程序）；请删去，改用文字、列表、表格、链接或图片",
    ),
    "handler": (
        "frame/header.html",
        "<p>示",
        '<p onclick="go()">示',
        "data/frame/header.html:1:4: <p> 不能有 onclick（程序）；请删去，样式和行为由网站统一规定",
    ),
    "not closed": (
        "frame/header.html",
        "</p>",
        "<b></p>",
        "data/frame/header.html:1:73: <b> 没有结束标签；请改正",
    ),
    "closes what it did not open": (
        "frame/footer.html",
        "公室</p>",
        "公室</p></div>",
        "data/frame/footer.html:3:21: 多了 </div>，前面没有 <div>；请改正",
    ),
    "comment": (
        "frame/footer.html",
        "<p>主办",
        "<!-- 内部电话 -->\n<p>主办",
        "data/frame/footer.html:3:1: 注释会留在公开网页的源代码里，谁都看得到；请删去",
    ),
    "macro": (
        "frame/footer.html",
        "示例市人民政府办公室",
        "{{ agency_name() }}",
        (
            "data/frame/footer.html:1:1: 页头、页脚的文件不能含有“{{”，页面里用它写宏，数据里的宏不会展开；"
            "请改成直接写的文字"
        ),
    ),
    "heading of the page": (
        "frame/header.html",
        "<p>示",
        "<h1>市政府</h1><p>示",
        "data/frame/header.html:1:1: 页头、页脚里不能用 <h1>，它是每页的标题；请改用段落",
    ),
    "relative link": (
        "frame/header.html",
        "https://www.city.example/help.html",
        "/help.html",
        (
            "data/frame/header.html:1:28: 链接“/help.html”应为完整的网址；页头、页脚在每一页上，"
            "相对地址在各页指向不同的地方，请从浏览器的地址栏复制"
        ),
    ),
    "picture of another site": (
        "frame/footer.html",
        'src="mark.png"',
        'src="https://www.city.example/mark.png"',
        (
            "data/frame/footer.html:1:59: 不能从其他网站载入“https://www.city.example/mark.png”；"
            "请把文件放进 data/frame，或改成链接"
        ),
    ),
    "picture that is not there": (
        "frame/footer.html",
        "mark.png",
        "marks.png",
        "data/frame/footer.html:1:59: 图片“marks.png”：data/frame/marks.png 读不了（没有这个文件或文件夹）；请补上文件",
    ),
    "program in a drawing": (
        "frame/logo.svg",
        "<circle",
        "<script>1</script><circle",
        "data/frame.yml:3:1: 标志 logo.svg：SVG 里不能有 <script>；请用绘图软件另存为“普通 SVG”，或换成 PNG",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_at_its_place(portal: Path, name: str) -> None:
    """Each mistake is told once, where it stands, with what to do."""
    file, old, new, message = WRONG[name]
    path = portal / "data" / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, name
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert told(portal) == [message]
