"""What macros share in one build, opened from the configuration of the site."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.editing.desk import Desk
from nianbao.exports.printable import with_unprintable
from nianbao.lifecycle.changes import published_changes
from nianbao.model.configuration import FILE, read_configuration
from nianbao.model.dataset import read_dataset
from nianbao.model.project import Project
from nianbao.pages.session import Session
from nianbao.reading.findings import Findings
from nianbao.rules.judging import judge_dataset

if TYPE_CHECKING:
    from collections.abc import Callable

    from mkdocs.config.defaults import MkDocsConfig

    from nianbao.cache.kept import Kept
    from nianbao.rules.judging import Judged


def open_session(config: MkDocsConfig, page: Callable[[], str], *, drafts: bool) -> Session:
    """Read the data that *config* names under ``extra`` and return a session for the pages.

    ``extra.data`` is a folder relative to mkdocs.yml, ``extra.notice`` what all readers are told.
    *page* tells the path of the page being rendered; *drafts* lets drafts appear in lists.
    """
    root = Path(str(config.config_file_path)).parent
    data = root / config.extra["data"]
    return Session(
        dataset=read_dataset(root, data),
        root=root,
        data=data,
        docs=Path(config.docs_dir),
        drafts=drafts,
        page=page,
        site_url=config.site_url or "",
        notice=config.extra["notice"],
    )


def desk_of(config: MkDocsConfig) -> Desk:
    """Return the place where the files of the portal of *config* are edited."""
    settings = Path(str(config.config_file_path))
    root = settings.parent
    project = Project(
        root=root,
        data=root / config.extra["data"],
        docs=Path(config.docs_dir),
        configuration=read_configuration(settings, settings.name, Findings()),
    )
    return Desk(project, lambda: dt.datetime.now(dt.UTC).astimezone())


def judge_session(session: Session, kept: Kept | None = None) -> Judged:
    """Judge the portal of *session* with all its pages; *kept* may know what those of a year say."""
    written = read_configuration(session.root / FILE, FILE, Findings())  # What is wrong with it was told before.
    project = Project(
        root=session.root,
        data=session.data,
        docs=session.docs,
        configuration=replace(written, notice=session.notice, site_url=session.site_url),
    )
    changes = published_changes(session.data, session.docs, session.dataset)
    judged = judge_dataset(session.dataset, project, changes, kept)
    return with_unprintable(judged, session.dataset, project)
