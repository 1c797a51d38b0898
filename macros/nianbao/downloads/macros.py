"""What pages show of downloads: the list of a year, and the list of all years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from nianbao.downloads.downloads import SUMS_PATH, open_downloads
from nianbao.exports.columns import CELL_STATUSES, COLUMNS, STATUS_MEANINGS
from nianbao.exports.formats import FORMATS
from nianbao.pages import cards
from nianbao.pages.text import markdown
from nianbao.tables.scrolling import body, head, scrolling_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from nianbao.downloads.downloads import Downloads
    from nianbao.exports.formats import Download, ExportFormat
    from nianbao.model.report import Report
    from nianbao.pages.session import Session


@dataclass(frozen=True, slots=True)
class Group:
    """Files by who needs them: an *id*, a *caption*, and whether they are for *reading*; the others are data."""

    id: str
    caption: str
    reading: bool = False

    def holds(self, kind: str) -> bool:
        """Say whether files of the *kind* belong here."""
        return (kind in READ) is self.reading


# What people read; the other kinds of files are data.
READ = ("docx", "pdf")
GROUPS = (Group("reading", "报告文件（Word、PDF）", reading=True), Group("data", "数据文件"))
_TOGETHER = Group("together", "历年合在一起的文件")
_BODIES = Group("bodies", "各单位的数据")


def export_macros(session: Session) -> dict[str, Callable[..., Any]]:
    """Return the macros of this page by name, bound to *session*."""

    def download_list() -> Markup:
        """Return the downloads of the page's report: what people read, then the data, folded."""
        year = open_downloads(session).year(session.report())
        read, data = (_list(session, group, [one for one in year.files if group.holds(one.kind)]) for group in GROUPS)
        parts = [read, *_folded(GROUPS[1].caption, data), _sums(session)]
        if session.drafts and year.missing:  # Only a preview tells of what readers shall not have to know.
            parts.insert(0, cards.block("有的文件没有生成", year.missing.values()))
        return Markup("\n").join(parts)

    def all_downloads() -> Markup:
        """Return the files that hold all years, and folded by who needs them those of every year."""
        downloads = open_downloads(session)
        files = downloads.all_years()
        if not files:
            return Markup("<p>还没有可以下载的文件。</p>")
        parts = [_list(session, _TOGETHER, files)]
        if bodies := downloads.bodies():
            parts.append(_list(session, _BODIES, bodies))
        for group in GROUPS:
            parts += _folded(f"各年度的{group.caption}", _years(session, downloads, group))
        return Markup("\n").join(parts)

    def data_columns() -> Markup:
        """Return what the columns of the data and the words in them mean."""
        return Markup("\n").join([_columns(), _statuses()])

    return {macro.__name__: macro for macro in (download_list, all_downloads, data_columns)}


def _folded(summary: str, content: Markup) -> tuple[Markup, ...]:
    """Return *content* in a part of the page that opens, nothing where there is none."""
    if not content:
        return ()
    return (Markup('<details class="folded">\n<summary>{}</summary>').format(summary), content, Markup("</details>"))


def _sums(session: Session) -> Markup:
    return Markup(
        '<p class="download-notes">核对文件是否完整：<a href="{}">全部文件的校验值（SHA256SUMS）</a></p>'
    ).format(session.address(SUMS_PATH))


def _list(session: Session, group: Group, files: Sequence[Download]) -> Markup:
    """Return a table of *files*, nothing where there are none."""
    if not files:
        return Markup()
    rows = (_row(session, item) for item in files)
    return _table(f"downloads-{group.id}", group.caption, ("内容", "格式", "大小"), rows, kind="downloads")


def _table(name: str, caption: str, columns: Iterable[str], rows: Iterable[Markup], kind: str = "") -> Markup:
    parts = [head(columns), body(rows)]
    return scrolling_table(caption, parts, kind=f"data {kind or name}", caption_id=f"{name}.caption")


def _row(session: Session, item: Download) -> Markup:
    return Markup('<tr>\n<th scope="row">{}</th>\n<td>{}</td>\n<td data-search-exclude>{}</td>\n</tr>').format(
        _link(session, item, item.title), item.format, item.size
    )


def _link(session: Session, item: Download, text: str) -> Markup:
    return Markup('<a href="{}" download="{}">{}</a>').format(session.address(item.path), markdown(item.kept_as), text)


def _years(session: Session, downloads: Downloads, group: Group) -> Markup:
    """Return a table of the years with links to their files of *group* by kind, nothing where there are none."""
    reports = list(downloads.reports())
    made = {item.kind for report in reports for item in downloads.year(report).files if group.holds(item.kind)}
    kinds = [kind for kind in FORMATS if kind.id in made]
    if not kinds:
        return Markup()
    rows = (_year(session, downloads, report, kinds) for report in reports)
    columns = ("年度", *(kind.title for kind in kinds))
    return _table(f"yearly-{group.id}", f"各年度的{group.caption}", columns, rows, kind=f"downloads-by-year {group.id}")


def _year(session: Session, downloads: Downloads, report: Report, kinds: Iterable[ExportFormat]) -> Markup:
    files = downloads.year(report).files
    links = (_links(session, [item for item in files if item.kind == kind.id]) for kind in kinds)
    cells = Markup("\n").join(Markup("<td data-search-exclude>{}</td>").format(link) for link in links)
    return Markup('<tr>\n<th scope="row">{}年</th>\n{}\n</tr>').format(report.year, cells)


def _links(session: Session, files: Sequence[Download]) -> Markup:
    """Return links to the *files* of one kind: a single one shows its size, others what they hold."""
    if len(files) == 1:
        item = files[0]
        return Markup('<a href="{}" download="{}"><span class="visually-hidden">{}（{}）</span>{}</a>').format(
            session.address(item.path), markdown(item.kept_as), item.title, item.format, item.size
        )
    return Markup("<br>").join(_link(session, item, item.title) for item in files) or Markup("—")


def _columns() -> Markup:
    rows = (
        Markup('<tr>\n<th scope="row"><code>{}</code></th>\n<td>{}</td>\n<td>{}</td>\n</tr>').format(
            column.name, column.title, column.description
        )
        for column in COLUMNS
    )
    return _table("data-columns", "数据的列", ("列名", "Excel 中的列名", "含义"), rows)


def _statuses() -> Markup:
    rows = (
        Markup('<tr>\n<th scope="row"><code>{}</code></th>\n<td>{}</td>\n<td>{}</td>\n</tr>').format(
            name, title, STATUS_MEANINGS[name]
        )
        for name, title in CELL_STATUSES.items()
    )
    return _table("data-statuses", "数的来历（status）", ("取值", "Excel 中的取值", "含义"), rows)
