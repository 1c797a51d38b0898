"""The host's warnings, such as broken links, as findings: they stop a build also with -q and without --strict."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from nianbao.reading.findings import Finding, Place

if TYPE_CHECKING:
    from nianbao.pages.session import Session

# MkDocs logs below "mkdocs", ProperDocs below "properdocs".
_LOGGERS = ("mkdocs", "properdocs")

_LINK = re.compile(
    r"Doc file '(?P<page>[^']+)' contains (?:a|an) (?:\w+ )*?(?:link|path) '(?P<link>[^']*)'(?P<rest>.*)", re.DOTALL
)
_CLASH = re.compile(r"Excluding '(?P<one>[^']+)' from the site because it conflicts with '(?P<other>[^']+)'")
_ANCHOR = re.compile(r"does not contain an anchor '(?P<anchor>[^']+)'|no such anchor")


class WarningCollector(logging.Handler):
    """Collects the records of level WARNING and above, whatever the terminal is asked to show."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep *record*."""
        self.records.append(record)

    def start(self) -> None:
        """Listen. With -q the loggers drop warnings, so the quiet moves to what prints them."""
        for name in _LOGGERS:
            logger = logging.getLogger(name)
            if logger.level > logging.WARNING:
                for handler in logger.handlers:
                    handler.setLevel(max(handler.level, logger.level))
                logger.setLevel(logging.WARNING)
            logger.addHandler(self)

    def stop(self) -> None:
        """Listen no more."""
        for name in _LOGGERS:
            logging.getLogger(name).removeHandler(self)


# A dirty build is made into an empty folder and so is a whole one.
_IDLE = ("A 'dirty' build is being performed",)


def finding(message: str, session: Session) -> Finding | None:
    """Return a warning of the host as a finding, at the link that it speaks of where it names one.

    None stands for a link that no author wrote: a macro made it, and the page it leads to is missing,
    which is told already.
    """
    if message.startswith(_IDLE):
        return None
    clash = _CLASH.match(message)
    if clash is not None:
        one, other = (session.file(clash[name]) for name in ("one", "other"))
        return Finding(Place(one), f"与 {other} 的网址相同；请改名或删去其一")
    match = _LINK.match(message)
    if match is None:
        return Finding(Place("mkdocs.yml"), f"生成网站时有警告：{message}")
    page, link = match["page"], match["link"]
    if link.startswith("/"):
        return Finding(session.find(page, link), f"链接“{link}”从网站的根写起，网站换了位置就会断；请改成相对地址")
    problem = "指向的标题或锚点不存在" if _ANCHOR.search(match["rest"]) else "指向的页面或文件不存在"
    place = session.find(page, link)
    if place == Place(session.file(page)) and len(session.findings):
        return None
    return Finding(place, f"链接“{link}”{problem}；请改正")
