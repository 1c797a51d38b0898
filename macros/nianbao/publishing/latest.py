"""The address that always leads to the newest report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from nianbao.pages.session import Session

LATEST_PATH = "latest/index.html"

# A page of its own making, and no page of the portal: it has no place in the menu, in search or in the site map.
_PAGE = """\
<!doctype html>
<html lang="zh">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width,initial-scale=1">
    <meta name="robots" content="noindex">
    <meta http-equiv="refresh" content="0; url={address}">
    <link rel="icon" href="../assets/images/favicon.png">
    <title>{title}</title>
  </head>
  <body>
    <main>
      <h1>最新的年度报告</h1>
      {notice}
      <p><a href="{address}">{title}</a></p>
    </main>
  </body>
</html>
"""


def latest_page(session: Session) -> str | None:
    """Return a page that leads to the first page of the newest year that readers may see, or None without one."""
    reports = session.dataset.reports
    year = next((year for year in session.shown_years() if year in reports), None)
    if year is None:
        return None
    notice = Markup("<p>{}</p>").format(session.notice) if session.notice else ""
    return Markup(_PAGE).format(address=f"../{year}/index.html", title=reports[year].title, notice=notice)  # noqa: S704  # our own text
