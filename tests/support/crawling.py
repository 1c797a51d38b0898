"""What a built site must agree with, as a build would have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from building import ROOT
from nianbao.command.judging import judge_project
from nianbao.engines.macros import all_macros
from nianbao.model.project import project_at
from nianbao.pages.session import Session
from nianbao.publishing.additions import additions
from nianbao.rules.judging import remember
from nianbao.verifying.articles import expected_articles
from nianbao.verifying.crawl import Expected

if TYPE_CHECKING:
    from pathlib import Path


def expected(root: Path, site_url: str = "") -> Expected:
    """Return what the site of the project in *root* must agree with."""
    opened = project_at(root)
    dataset, judged = judge_project(opened)
    session = Session(
        dataset=dataset,
        root=root,
        data=opened.data,
        docs=opened.docs,
        drafts=False,
        page=lambda: "",
        notice=opened.notice,
    )
    remember(session, judged)
    return Expected(
        session=session,
        reports={year: dataset.reports[year] for year in session.shown_years()},
        files={addition.path: addition.content.digest for addition in additions(session)},
        articles=expected_articles(session, judged, all_macros),
        site_name="政府信息公开年报" if root == ROOT else "政府信息公开年报（示例）",
        site_url=site_url,
        secrets=("/srv/nianbao",),
    )
