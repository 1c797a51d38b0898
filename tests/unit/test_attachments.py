"""Files below the folder of pages: kinds that may be published, left-overs, places of the program, copies of pages."""

from __future__ import annotations

import os
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from nianbao.command.judging import check_project
from nianbao.model.configuration import SETTINGS
from nianbao.model.dataset import read_dataset
from nianbao.pages.attachments import refused
from nianbao.pages.completeness import page_paths
from nianbao.pages.session import Session
from nianbao.rules.judging import judge_dataset
from pathspec.gitignore import GitIgnoreSpec
from projects import example_project, project_in

if TYPE_CHECKING:
    from nianbao.model.dataset import Dataset

KINDS = "可以公布图片、PDF、OFD、办公文档、CSV、TXT、JSON 和 ZIP，请换成其中一种，或移出 docs"
TAKEN = "这个位置是程序自己的文件用的；请改名或移到别处"
LEFT = "这是软件留下的临时文件或备份；请关闭软件后删去"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
SAVE = "请用绘图软件另存为“普通 SVG”，或换成 PNG"


@pytest.fixture
def session(examples: Dataset, tmp_path: Path) -> Session:
    """Return a session whose folder of pages is empty."""
    docs = tmp_path / "docs"
    docs.mkdir()
    return Session(dataset=examples, root=tmp_path, data=tmp_path, docs=docs, drafts=False, page=lambda: "")


def told(session: Session, path: str, content: str = "a") -> str:
    """Return what is told of a file at *path* below docs, or nothing."""
    file = session.docs / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    left_out = GitIgnoreSpec.from_lines(SETTINGS["exclude_docs"].splitlines()).match_file
    found = list(refused(session, page_paths(session), left_out))
    assert all(finding.place.file == f"docs/{path}" for finding in found)
    return "".join(finding.message for finding in found)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        *(
            (f"2023/附件.{kind}", "")
            for kind in ("pdf", "PDF", "docx", "xlsx", "wps", "ofd", "png", "jpeg", "csv", "zip")
        ),
        *(
            (f"a.{kind}", f"不能公布这种文件（.{kind}）；{KINDS}")
            for kind in ("js", "mjs", "html", "htm", "xhtml", "css")
        ),
        *(
            (f"a.{kind}", f"不能公布这种文件（.{kind}）；{KINDS}")
            for kind in ("xml", "xsl", "exe", "docm", "php", "mht", "wasm")
        ),
        ("说明", f"不能公布这种文件；{KINDS}"),
        ("附件.pdf.html", f"不能公布这种文件（.html）；{KINDS}"),
        *((path, TAKEN) for path in ("assets/a.png", "assets/images/favicon.png", "Assets/a.png", "search/a.json")),
        *((path, TAKEN) for path in ("downloads/a.csv", "2023/downloads/a.pdf", "latest/a.png", "search.json")),
        *(
            (path, TAKEN)
            for path in ("2023/picture.svg", "404.md", "404.html", "sitemap.xml", "feed.xml", "search/index.md")
        ),
        *(
            (path, LEFT)
            for path in ("2023/~$附件.docx", "a.md~", "1-overview.md.bak", "~WRL0001.tmp", "a.docx.tmp", "a.md.orig")
        ),
        ("2023/Thumbs.db", ""),
        ("desktop.ini", ""),
        ("robots.txt", ""),
        ("favicon.ico", ""),
    ],
)
def test_kinds_and_places(session: Session, path: str, message: str) -> None:
    """Documents and pictures may be published, but nothing that runs, is left over or stands in our places."""
    content = DRAWING.format("") if path.endswith(".svg") else "a"
    assert told(session, path, content) == message


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ('<path d="M0 0"/><text x="1">甲</text><use href="#a"/><rect fill="url(#b)"/><!-- a -->', ""),
        ("<script>alert(1)</script>", f"SVG 里不能有 <script>；{SAVE}"),
        ('<g onload="alert(1)"/>', f"SVG 里不能有 onload；{SAVE}"),
        ("<foreignObject/>", f"SVG 里不能有 <foreignObject>；{SAVE}"),
        ('<a xmlns:x="http://www.w3.org/1999/xlink" x:href="javascript:a()"/>', f"SVG 里不能有 <a>；{SAVE}"),
        ('<use href="https://a.example/b.svg#c"/>', f"SVG 里不能有 href；{SAVE}"),
        ('<rect style="fill:url(https://a.example/b)"/>', f"SVG 里不能有 style；{SAVE}"),
        ('<rect style="fill:u\\72l(https://a.example/b)"/>', f"SVG 里不能有 style；{SAVE}"),
        ("<rect style=\"fill:image-set('b' 1x)\"/>", f"SVG 里不能有 style；{SAVE}"),
        ('<g xml:base="https://a.example/"/>', f"SVG 里不能有 base；{SAVE}"),
        ("<!-- 内部意见 -->", f"SVG 里有注释，谁都看得到；请删去，或{SAVE[1:]}"),
        ("<!-- Created with Inkscape --><text>甲</text>", ""),
        ("<style>@import 'a'</style>", f"SVG 里不能有 <style>；{SAVE}"),
        ('<animate attributeName="href"/>', f"SVG 里不能有 <animate>；{SAVE}"),
        ('<h:img xmlns:h="http://www.w3.org/1999/xhtml" src="a"/>', f"SVG 里不能有 <img>；{SAVE}"),
        ("<g>", f"不是完好的 SVG 图形；{SAVE}"),
    ],
)
def test_drawings(session: Session, inside: str, message: str) -> None:
    """A drawing that readers may open by itself holds shapes and words alone."""
    assert told(session, "图.svg", DRAWING.format(inside)) == message


@pytest.mark.parametrize(
    "before",
    ['<!DOCTYPE svg [<!ENTITY a "b">]>', '<?xml-stylesheet href="a.css"?>'],
)
def test_drawings_with_more_before_them(session: Session, before: str) -> None:
    """Entities and style sheets before a drawing are refused."""
    assert told(session, "图.svg", before + DRAWING.format("")) == f"不是普通的 SVG 图形；{SAVE}"


BODY = '<w:document xmlns:w="w"><w:body><w:p>{}<w:r><w:t>甲</w:t></w:r></w:p></w:body></w:document>'
BOOK = '<workbook xmlns="x"><sheets><sheet name="甲" sheetId="1"{}/></sheets></workbook>'


@pytest.mark.parametrize(
    ("name", "parts", "message"),
    [
        ("a.docx", {"word/document.xml": BODY.format("")}, ""),
        ("a.docx", {"word/document.xml": BODY.format("<w:ins w:id='1'/>")}, "文件里有没有接受的修订"),
        ("a.docx", {"word/document.xml": BODY.format("<w:instrText>PAGE</w:instrText>")}, ""),
        ("a.docx", {"word/footer1.xml": BODY.format("<w:del w:id='1'/>")}, "文件里有没有接受的修订"),
        ("a.docx", {"word/comments.xml": '<w:comments xmlns:w="w"><w:comment w:id="1"/></w:comments>'}, "文件里有批注"),
        ("a.docx", {"word/comments.xml": '<w:comments xmlns:w="w"/>'}, ""),
        (
            "a.pptx",
            {"ppt/comments/comment1.xml": '<p:cmLst xmlns:p="p"><p:cm idx="0"/></p:cmLst>'},
            "文件里有批注",
        ),
        ("a.xlsx", {"xl/workbook.xml": BOOK.format("")}, ""),
        ("a.xlsx", {"xl/workbook.xml": BOOK.format(' state="veryHidden"')}, "文件里有隐藏的工作表"),
        ("a.xlsx", {"xl/vbaProject.bin": "a"}, "文件里有宏（程序）"),
        ("a.docx", {}, ""),
    ],
)
def test_documents_of_offices(session: Session, name: str, parts: dict[str, str], message: str) -> None:
    """What who downloads a document can read beside its pages is told; a file that is none is let be."""
    told(session, name)  # Of a file that is no ZIP nothing is known.
    with zipfile.ZipFile(session.docs / name, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    found = [finding.message for finding in refused(session, (), lambda _: False)]
    assert [one.startswith(message) for one in found] == [True] * bool(message), found


def test_a_drawing_of_another_encoding(session: Session) -> None:
    """What stands before a drawing is seen whatever its encoding."""
    text = f'<?xml version="1.0" encoding="utf-16"?><?xml-stylesheet href="a.css"?>{DRAWING.format("")}'
    file = session.docs / "图.svg"
    file.write_bytes(text.encode("utf-16"))
    assert [finding.message for finding in refused(session, (), lambda _: False)] == [f"不是普通的 SVG 图形；{SAVE}"]


def test_links_of_the_disk(session: Session, tmp_path: Path) -> None:
    """A link to a file elsewhere would publish that file."""
    (tmp_path / "secret.txt").write_text("a", encoding="utf-8")
    for name, target in (("a.txt", "secret.txt"), ("b.md", "secret.txt"), ("c", ".")):
        (session.docs / name).symlink_to(tmp_path / target)
    assert [str(finding) for finding in refused(session, (), lambda _: False)] == [
        f"docs/{name}:1:1: 这是指向别处的链接，不是文件；请换成文件本身" for name in ("a.txt", "b.md", "c")
    ]


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="此系统没有别的用户可换")
def test_a_folder_that_may_not_be_read_is_told(examples: Dataset) -> None:
    """What lies in it would be left out in silence."""
    root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as name:  # Those of pytest are closed to others as a whole.
        folder = Path(name)
        session = Session(
            dataset=examples, root=folder, data=folder, docs=folder / "docs", drafts=False, page=lambda: ""
        )
        (session.docs / "closed/deep").mkdir(parents=True)
        folder.chmod(0o755)
        (session.docs / "closed").chmod(0)
        try:
            if root:  # Root may read everything.
                os.seteuid(65534)
            told = [str(finding) for finding in refused(session, (), lambda _: False)]
        finally:
            if root:
                os.seteuid(0)
            (session.docs / "closed").chmod(0o755)
    assert told == ["docs/closed:1:1: 文件夹无法读取（没有权限）；请改正权限，不公布的请移出 docs"]


UNFIT = "文件名里有换行、控制符或不是 UTF-8 的字节；请改名"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("附\u200b件.pdf", "docs/附\u200b件.pdf:1:1: 文件名不能使用看不见的字符 U+200B，请删去"),
        ("⼯作.md", "docs/⼯作.md:1:1: 文件名不能使用“⼯”（U+2F2F），它不是“工”字，多由 PDF 复制而来；请改为“工”"),
        ("a\nb.md", f"docs/a\\nb.md:1:1: {UNFIT}"),
        ("a\x1b[2Jb.pdf", f"docs/a\\x1b[2Jb.pdf:1:1: {UNFIT}"),
        ("cod\u202egpj.png", f"docs/cod\\u202egpj.png:1:1: {UNFIT}"),
        (
            "cafe\u0301.pdf",
            "docs/cafe\u0301.pdf:1:1: 文件名里的“e\u0301”由几个字符拼成（NFD），链接写成一个字符就找不到；请改名重输",
        ),
        ("\udcff\udcfe.png", f"docs/\\xff\\xfe.png:1:1: {UNFIT}"),
    ],
)
def test_names(session: Session, name: str, told: str) -> None:
    """A name says what it seems to say, and makes no line of its own in a terminal."""
    (session.docs / name).write_text("a", encoding="utf-8")
    assert [str(finding) for finding in refused(session, page_paths(session), lambda _: False)] == [told]


def test_the_places_of_the_program_are_known(session: Session, real_site: Path) -> None:
    """Each file of the real site that no page of it makes stands where nothing of docs may."""
    docs = real_site.parent / "docs"
    pages = {path.relative_to(docs).with_suffix(".html").as_posix() for path in docs.rglob("*.md")}
    made = {path.relative_to(real_site).as_posix() for path in real_site.rglob("*") if path.is_file()} - pages
    assert len(made) > 40
    for path in made:
        file = session.docs / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("a", encoding="utf-8")
    found = {finding.place.file.removeprefix("docs/") for finding in refused(session, (), lambda _: False)}
    assert found == made


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the example project."""
    return example_project(tmp_path_factory.mktemp("attachments"))


def mistakes(project: Path) -> list[str]:
    """Return what is wrong with the pages and files of *project*."""
    opened = project_in(project)
    judged = judge_dataset(read_dataset(opened.root, opened.data), opened)
    return [str(finding).replace(f"{project.as_posix()}/", "") for finding in judged.mistakes]


COPY = "像是另一页的副本，却会公开；请与原来的页面比对，留下要公布的内容，再删去此文件"
ASKED = "不是年度报告的 9 个页面之一，也会公开；请看一遍是否应当公布，不公布的请移走"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        *((f"2023/1-overview{mark}.md", COPY) for mark in (" - 副本", "(1)", " (2)", "（1）", " (冲突副本)", "-PC01")),
        *(
            (f"index{mark}.md", COPY)
            for mark in ("-DESKTOP-A1B2", " copy", ".orig", "_LOCAL_123", " (conflicted copy)", "-旧")
        ),
        ("2023/1-Overview.md", COPY),
        ("2023/6-other2.md", COPY),
        ("2023年底稿/a.md", "文件夹“2023年底稿”像是年度的底稿，里面的页面却会公开；请移出 docs"),
        ("2023.md", "年度的首页应是年度文件夹里的 index.md；请移到文件夹里或改名"),
        ("Check.md", "与 check.md 的文件名只差大小写；请删去其中一个"),
        ("备份/a.md", "文件夹“备份”像是备份或系统的文件夹，里面的页面却会公开；请移出 docs"),
        ("公开指南/@eaDir/a.md", "文件夹“@eaDir”像是备份或系统的文件夹，里面的页面却会公开；请移出 docs"),
        ("index 2.md", COPY),
        ("compare-2021.md", ""),
        ("关于本站.md", ""),
        ("公开指南/index.md", ""),
        ("公开指南/v2-overview.md", ""),
    ],
)
def test_pages_beside_those_of_a_report(project: Path, path: str, message: str) -> None:
    """A copy of a page and a tenth page of a year are told once; pages of the portal's own are let be."""
    page = project / "docs" / path
    page.parent.mkdir(exist_ok=True, parents=True)
    page.write_text("# 标题\n\n内容。\n", encoding="utf-8")
    try:
        found = mistakes(project)
    finally:
        page.unlink()
        for folder in page.parents[:2]:
            if not any(folder.iterdir()):
                folder.rmdir()
    assert [line.partition("docs/")[2] for line in found] == ([f"{path}:1:1: {message}"] if message else [])


@pytest.mark.parametrize("path", ["2023/7-附件.md", "2023/附件/说明.md", "2023/3-note.md"])
def test_a_tenth_page_is_asked(project: Path, path: str) -> None:
    """A page that a report need not have may be meant: it does not stop the site, but a person is told to look."""
    page = project / "docs" / path
    page.parent.mkdir(exist_ok=True)
    page.write_text("# 附注\n\n内容。\n", encoding="utf-8")
    try:
        opened = project_in(project)
        result = check_project(opened)
        assert mistakes(project) == []
    finally:
        page.unlink()
        if not any(page.parent.iterdir()):
            page.parent.rmdir()
    told = [finding for finding in result.findings if finding.place.file.endswith(path)]
    assert [(finding.level, finding.message) for finding in told] == [("uncertain", ASKED)]


def test_what_settings_leave_out(project: Path) -> None:
    """A page that must be public is not left out, and a folder of pages that is not there is told by its name."""
    settings = project / "mkdocs.yml"
    before = settings.read_text(encoding="utf-8")
    try:
        settings.write_text(f'{before}exclude_docs: "2023/3-*"\n', encoding="utf-8")
        (found,) = (line.partition("docs/")[2] for line in mistakes(project) if "exclude_docs" in line)
        assert found.startswith("2023/3-requests.md:1:1: 这一页必须公布，mkdocs.yml 的 exclude_docs 却把它排除了；")
        settings.write_text(f"{before}docs_dir: gone\n", encoding="utf-8")
        said = "gone:1:1: 没有这个存放页面的文件夹；请改正 mkdocs.yml 的 docs_dir，或把文件夹改回原名"
        assert said in mistakes(project)
    finally:
        settings.write_text(before, encoding="utf-8")


def test_files_that_nothing_links(project: Path) -> None:
    """An attachment that no page links would be public without anybody's knowing."""
    page, file = project / "docs/2023/6-other.md", project / "docs/2023/附件 一.pdf"
    before = page.read_text(encoding="utf-8")
    file.write_bytes(b"%PDF")
    try:
        message = "没有页面链接这个文件，放在这里就会公开；要公开的请在页面里链接，不公开的请移出 docs"
        assert [line.partition("docs/")[2] for line in mistakes(project)] == [f"2023/附件 一.pdf:1:1: {message}"]
        for link in ("[附件](附件%20一.pdf)", "[附件](<附件 一.pdf>)", "[附件](../2023/附件%20一.pdf#a)"):
            page.write_text(f"{before}\n见{link}。\n", encoding="utf-8")
            assert mistakes(project) == []
    finally:
        page.write_text(before, encoding="utf-8")
        file.unlink()


def test_own_portals_have_none(own: Dataset, examples: Dataset) -> None:
    """Nothing of both portals is refused."""
    for dataset, folder in ((own, ROOT), (examples, ROOT / "examples")):
        judged = judge_dataset(dataset, project_in(folder))
        assert judged.mistakes == ()
