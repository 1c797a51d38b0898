"""The picture of a year as part of a page: text that reflows, one drawing, one A4 in print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from nianbao.charts import svg
from nianbao.charts.bars import Style, draw_bars
from nianbao.model.rates import FEW
from nianbao.pages.lists import FULL_TEXT_PAGE
from nianbao.pages.text import markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nianbao.picture.model import Cases, Key, YearPicture

_WIDTH = 330.0
_STYLE = Style(across=_WIDTH, pitch=26.0, size=svg.LABEL, look=svg.classes)

NO_RESULTS = "本年没有需要办理的申请，办理结果各项均为0。"
NO_TABLE = "本年的报告没有这张表，见报告正文。"
HEADINGS = {
    "findings": "数据说明了什么",
    "results": "申请的办理结果",
    "cases": "行政复议和行政诉讼",
    "disclosure": "主动公开",
}
SOURCE = "本页由程序按年度报告的数据生成，数字以报告正文为准。"


def render(picture: YearPicture, *, pixels: bool) -> str:
    """Return *picture* as Markdown: its heading, and below it HTML without a blank line.

    *pixels* says whether there is a file of it in pixels.
    """
    png = Markup(' <a href="picture.png">下载本图（PNG，可以转发）</a>') if pixels else ""
    lines = [
        Markup('<div class="year-picture">'),
        Markup('<p class="picture-agency">{}</p>').format(markdown(picture.agency)),
        Markup('<p class="report-notes">{}</p>').format(markdown("；".join(picture.notes))),
        key_list(picture.keys),
        *(_section("findings", _findings(picture)) if picture.sentences else ()),
        Markup('<div class="picture-columns">'),
        *_section("results", _results(picture)),
        *_section("cases", _cases(picture.cases)),
        Markup("</div>"),
        *_section("disclosure", _disclosure(picture)),
        Markup('<p class="picture-source">{}</p>').format(SOURCE),
        Markup(
            '<p class="picture-links"><a href="{}">报告全文</a>{} <a href="picture.svg">下载本图（SVG）</a></p>'
        ).format(FULL_TEXT_PAGE.replace(".md", ".html"), png),
        Markup("</div>"),
    ]
    heading = f"# 一图读懂{picture.title} {{: #picture }}"
    return "\n".join([heading, "", *lines])


def key_list(keys: Iterable[Key]) -> Markup:
    """Return *keys* as a list of terms, each with its figure and what changed since last year."""
    terms = (
        Markup(
            '<div><dt>{}</dt><dd data-search-exclude><span class="number" data-figure="{}">{}</span> {}</dd>{}</div>'
        ).format(
            key.label,
            key.path,
            key.text,
            key.unit,
            Markup('<dd class="change">{}</dd>').format(key.change) if key.change else "",
        )
        for key in keys
    )
    return Markup("\n").join([Markup('<dl class="picture-keys">'), *terms, Markup("</dl>")])


def _section(id_: str, content: Iterator[Markup]) -> Iterator[Markup]:
    yield Markup('<section class="picture-{0}" aria-labelledby="picture-{0}">').format(id_)
    yield Markup('<h2 id="picture-{}">{}</h2>').format(id_, HEADINGS[id_])
    yield from content
    yield Markup("</section>")


def _findings(picture: YearPicture) -> Iterator[Markup]:
    yield Markup("<ul>")
    yield from (Markup("<li>{}</li>").format(sentence) for sentence in picture.sentences)
    yield Markup("</ul>")


def _results(picture: YearPicture) -> Iterator[Markup]:
    if not picture.results:
        yield Markup("<p>{}</p>").format(NO_RESULTS)
        return
    drawing, height = draw_bars(picture.results, _STYLE)
    naming = svg.Naming(
        id="picture-bars",
        title=f"{picture.year}年申请的办理结果",
        description="，".join(f"{bar.label}{bar.text}" for bar in picture.results) + "。",
    )
    yield svg.picture(naming, (_WIDTH, height), drawing, "year-chart year-chart-small")
    yield Markup("<p>比重是占办理结果总计的比重{}。</p>").format(f"；总计不足{FEW}件，仅供参考" if picture.few else "")


def _cases(cases: tuple[Cases, ...]) -> Iterator[Markup]:
    if not cases:
        yield Markup("<p>{}</p>").format(NO_TABLE)
        return
    yield Markup('<table class="picture-table">\n<thead>\n<tr>\n<th scope="col">项目</th>')
    yield from (Markup('<th scope="col">{}</th>').format(one.label) for one in cases)
    yield Markup("</tr>\n</thead>\n<tbody>")
    for number, (label, _, _) in enumerate(cases[0].outcomes):
        yield _row(label, [one.outcomes[number][1] for one in cases])
    yield _row("总计", [one.total[0] for one in cases])
    yield Markup("</tbody>\n</table>")


def _row(label: str, figures: list[str]) -> Markup:
    cells = Markup("").join(Markup("<td data-search-exclude>{}</td>").format(figure) for figure in figures)
    return Markup('<tr>\n<th scope="row">{}</th>{}\n</tr>').format(label, cells)


def _disclosure(picture: YearPicture) -> Iterator[Markup]:
    yield Markup("<p>{}</p>").format(markdown(picture.items))
    yield from (Markup("<p>{}</p>").format(sentence) for sentence in picture.counted)
