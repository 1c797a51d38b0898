"""Files that commands have made in a portal, for a person to take away or to look at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from nianbao.editing.commands import EXPORTS
from nianbao.importing.folder import FOLDER, REVIEW

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.model.project import Project

Json = dict[str, Any]

# How the packed site is called here, wherever the portal puts it.
PACKED = "网站"
_ABOUT = {
    "-approval.docx": "审签单",
    "-filing.zip": "报送材料",
    "-article.html": "网页文章",
    ".docx": "报告的 Word",
    ".pdf": "报告的 PDF",
    ".xlsx": "报告的 Excel",
    ".csv": "表格数据",
    ".json": "程序用的数据",
    ".parquet": "程序用的数据",
    ".zip": "打包的文件",
    "SHA256SUMS": "校验值",
}
_YEAR = r"(?:19|20)[0-9]{2}"
_EXPORTED = re.compile(rf"{EXPORTS}/{_YEAR}/[^./\\][^/\\]*")
_REVIEW = re.compile(rf"{FOLDER}/{_YEAR}/{re.escape(REVIEW)}")


def handover(project: Project) -> Path:
    """Return where the site is packed, see `nianbao.publishing.handover`."""
    return project.site.with_name(f"{project.site.name}.zip")


def results(project: Project, year: int) -> list[Json]:
    """Return the files that there are of *year*, the packed site first: ``path``, ``name``, ``about``, ``size``."""
    folder = project.folder / EXPORTS / str(year)
    exported = sorted(folder.iterdir()) if folder.is_dir() else []
    named = [(PACKED, handover(project)), *((path.relative_to(project.folder).as_posix(), path) for path in exported)]
    return [
        {"path": name, "name": path.name, "about": _about(name), "size": path.stat().st_size}
        for name, path in named
        if path.is_file() and (name == PACKED or _EXPORTED.fullmatch(name))
    ]


def _about(name: str) -> str:
    """Return in words what the result called *name* is."""
    if name == PACKED:
        return "打包的网站"
    return next((words for end, words in _ABOUT.items() if name.endswith(end)), "")


def result(project: Project, name: str) -> Path | None:
    """Return the file called *name* where it is one of the results of *project*; None where it is not."""
    if name == PACKED:
        path = handover(project)
    elif _EXPORTED.fullmatch(name) or _REVIEW.fullmatch(name):
        path = project.folder / name
        if not path.resolve().is_relative_to(project.folder.resolve()):
            return None
    else:
        return None
    return path if path.is_file() else None


def is_page(name: str) -> bool:
    """Say whether *name* is a page that is shown and not saved."""
    return bool(_REVIEW.fullmatch(name))
