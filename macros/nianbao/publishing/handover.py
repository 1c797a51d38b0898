"""A built site as one file for the operator who puts it on a server, with a page of what it is and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from nianbao.cache.cache import held
from nianbao.exports.archives import write_zip
from nianbao.lifecycle.site_record import read_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nianbao.lifecycle.site_record import Site
    from nianbao.model.frame import Frame

GUIDE, FOLDER = "README.html", "site"

_PAGE = Markup("""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}上网说明</title>
</head>
<body style="max-width: 45em; margin: 2em auto; padding: 0 1em; line-height: 1.8;">
<h1>{title}上网说明</h1>
<h2>这是什么</h2>
<p>文件夹 site 是“{title}”的全部网页和下载文件，共 {count} 个文件，{built} 生成。</p>
{numbers}
<h2>怎样做</h2>
<ol>
<li>先备份网站上原来的这个栏目，整个文件夹留一份。</li>
<li>在自己的机器上解压，双击 site/index.html 看一遍。</li>
<li>把 site 文件夹里的全部文件放到栏目的文件夹里，保留文件夹结构和文件名，不改内容；同名的文件替换。</li>
<li>顺序：先 assets、search、downloads 和各年度的 downloads，再各年度的页面，最后是根下的页面。</li>
<li>栏目里原来有、site 里没有的文件，放好以后删去；不是这个栏目的文件不动。</li>
<li>打开栏目首页和最新年度的页面，页面上的校验号应与本页相同。</li>
</ol>
<h2>不变的</h2>
<p>栏目的网址、平台的导航和其他栏目都不变。{loaded}不需要数据库和程序。</p>
<h2>不对时</h2>
<p>把备份的栏目放回去，告诉交来本文件的单位。</p>
<p>SHA256SUMS 是每个文件的校验值，可以用 sha256sum --check SHA256SUMS 核对。</p>
</body>
</html>
""")


def write_handover(target: Path, title: str, frame: Frame | None) -> Path:
    """Write the site *target*, called *title*, as a ZIP beside it and return its path; the same site gives the same.

    *frame* is that of its pages. Hidden files are left out. Raises OSError; then an older file is as it was.
    """
    path = target.with_name(f"{target.name}.zip")
    beside = target.with_name(f".{target.name}.zip.new")
    files = [file.relative_to(target) for file in sorted(target.rglob("*")) if file.is_file()]
    shown = [file for file in files if not any(part.startswith(".") for part in file.parts)]
    guide = guide_page(read_site(target), title, len(shown), frame).encode()
    contents = {f"{FOLDER}/{file.as_posix()}": held((target / file).read_bytes()) for file in shown}
    try:
        with beside.open("wb") as file:
            write_zip(file, {GUIDE: held(guide), **contents})
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def guide_page(site: Site, title: str, count: int, frame: Frame | None) -> str:
    """Return the page that tells the operator what the *count* files of *site* are and what to do with them."""
    built = site.built.strftime("%Y-%m-%d %H:%M")
    numbers = Markup("\n").join(_numbers(site))
    return str(_PAGE.format(title=title, count=count, built=built, numbers=numbers, loaded=_loaded(frame)))


def _loaded(frame: Frame | None) -> str:
    """Return what an operator's own policy must let pages load of other sites."""
    sources = frame.sources if frame is not None else ()
    if not sources:
        return "网页不从其他网站载入任何内容，"
    return f"网页从其他网站载入的只有 {'、'.join(sources)}，平台另设安全策略的请放行；"


def _numbers(site: Site) -> Iterator[Markup]:
    numbers = {year: number for year, number in site.numbers.items() if number}
    if not numbers:
        yield Markup("<p>各年度都没有定稿，没有校验号。</p>")
        return
    yield Markup('<table border="1" cellspacing="0" cellpadding="4">\n<tr><th>年度</th><th>校验号</th></tr>')
    yield from (Markup("<tr><td>{}年</td><td>{}</td></tr>").format(*pair) for pair in numbers.items())
    yield Markup("</table>")
