"""What the macros plugin of each engine offers, and the session made from it."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from nianbao.cache.cache import FOLDER, Cache
from nianbao.cache.yearly import open_yearly
from nianbao.lifecycle.changes import published_changes
from nianbao.model.dataset import Dataset, read_dataset
from nianbao.model.project import Project
from nianbao.pages.session import Session
from nianbao.rules.cached import judge_cached

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nianbao.cache.yearly import Yearly
    from nianbao.rules.checking import Checked

    Stamp = tuple[tuple[str, tuple[int, ...]], ...]


class MacrosEnvironment(Protocol):
    """The part of mkdocs-macros' environment that is used, alike in MkDocs, ProperDocs and Zensical."""

    variables: dict[str, Any]
    project_dir: str

    @property
    def conf(self) -> Mapping[str, Any]:
        """The configuration of the site."""

    @property
    def page(self) -> Any:  # noqa: ANN401  # a Page of the engine
        """The page being rendered."""

    def macro(self, v: Callable[..., Any], name: str = ...) -> Callable[..., Any]:
        """Register a macro."""


def open_checked(session: Session) -> Callable[[], Checked]:
    """Return a function that gives the results of all rules, worked out when they are first asked for."""

    def checked() -> Checked:
        project = Project(root=session.root, data=session.data, docs=session.docs)
        return _judged(open_yearly(session), project, _stamp(session.data, "**/*"), _stamp(session.docs, "**/*"))

    return checked


@functools.lru_cache(maxsize=1)
def _judged(yearly: Yearly, project: Project, *_stamps: Stamp) -> Checked:
    """Judge once for the same files: two macros ask, and Zensical anew for every page."""
    cache = Cache(project.root / FOLDER / "results")
    return judge_cached(yearly, project, published_changes(project.data, project.docs), cache)


def open_session(env: MacrosEnvironment) -> Session:
    """Read the data that the configuration names under ``extra`` and return a session for the pages.

    ``extra.data`` and ``extra.formats`` are folders relative to mkdocs.yml (``data``, ``data/formats``);
    ``extra.drafts`` lets drafts appear in lists.
    """
    root = Path(env.project_dir)
    extra = env.conf.get("extra") or {}
    data = root / str(extra.get("data", "data"))
    formats = root / str(extra.get("formats", "data/formats"))
    return Session(
        dataset=_dataset(root, data, formats, _stamp(data, "*"), _stamp(formats, "*")),
        root=root,
        data=data,
        docs=root / str(env.conf.get("docs_dir", "docs")),
        drafts=bool(extra.get("drafts", False)),
        page=lambda: page_path(env.page),
        site_url=_with_slash(str(env.conf.get("site_url") or "")),
        notice=str(extra.get("notice") or ""),
    )


def _with_slash(address: str) -> str:
    return f"{address.rstrip('/')}/" if address else ""


@functools.lru_cache(maxsize=1)
def _dataset(root: Path, data: Path, formats: Path, *_stamps: Stamp) -> Dataset:
    """Read the portal once for the same files: Zensical asks anew for every page."""
    return read_dataset(root, data, formats)


def _stamp(folder: Path, pattern: str) -> Stamp:
    """Return the paths of the files in *folder* by *pattern*, and what of each changes whenever it is written.

    A copy can be given the time of another file and have its size; the system's own time of the change it cannot.
    """
    found = ((str(path), path.stat()) for path in sorted(folder.glob(pattern)) if path.is_file())
    return tuple(
        (path, (status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_size)) for path, status in found
    )


def page_path(page: Any) -> str:  # noqa: ANN401  # a Page of the engine
    """Return the path of a page below docs: `file.src_uri` in MkDocs, `path` in Zensical."""
    file = getattr(page, "file", None)
    return str(page.path if file is None else file.src_uri)
