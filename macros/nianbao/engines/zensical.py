"""Zensical reads no hooks: it builds a copy of the project in which everything that hooks would do is done."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import tempfile
from typing import TYPE_CHECKING, Any

import yaml
from mkdocs.structure.files import get_files, set_exclusions
from mkdocs.structure.nav import get_navigation

from nianbao.engines import inventory, settings, warnings
from nianbao.engines.environment import judge_session, open_session
from nianbao.engines.macros import all_macros
from nianbao.engines.navigation import nav_setting, order_years
from nianbao.metadata.facts import site_description, site_facts
from nianbao.model.project import WrongUseError
from nianbao.pages.session import FRONT_MATTER
from nianbao.prose.rendering import rendered
from nianbao.publishing.additions import write_additions
from nianbao.publishing.sums import write_sums
from nianbao.reading.disk import FULL
from nianbao.reading.encoding import decoded
from nianbao.reading.findings import Finding, Place
from nianbao.rules.judging import refusals, remember

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from mkdocs.config.defaults import MkDocsConfig

    from nianbao.pages.session import Session

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# A warning, the place that it names, and the line of the page that it shows, macros rendered.
_WARNING = re.compile(
    r"^(?:Warning|Error): (?P<text>[^\n]+)"
    r"(?:\n\s*╭─\[ (?P<page>[^\n]+?):(?P<line>\d+):(?P<column>\d+) \]\n[^\n]*\n\s*\d+ │ (?P<shown>[^\n]*))?",
    re.MULTILINE,
)
_LINK_PROBLEMS = {"page does not exist": "指向的页面或文件不存在", "anchor does not exist": "指向的标题或锚点不存在"}
_LINK = re.compile(r"[^\s()<>]+")


def build(
    config: MkDocsConfig, site: Path, tell_judged: Callable[[Session, tuple[Finding, ...]], None]
) -> tuple[list[Finding], str]:
    """Build the project of *config* at *site* and return what was found, and why Zensical could not go on.

    *tell_judged* is told the session that was judged, and what keeps it from being published.
    """
    settings.apply(config)
    path = [""]
    session = open_session(config, lambda: path[0], drafts=False)
    judged = judge_session(session)
    remember(session, judged)
    refused = refusals(session, judged)
    tell_judged(session, refused)
    if refused:
        return list(refused), ""
    collector = warnings.WarningCollector()
    collector.start()
    files = get_files(config)
    set_exclusions(files, config)
    inventory.take_stock(files, session, drafts=False)
    navigation = get_navigation(files, config)
    order_years(navigation)
    collector.stop()
    warned = (warnings.finding(record.getMessage(), session) for record in collector.records)
    session.findings.extend(tuple(finding for finding in warned if finding is not None))

    folder = site.with_name("source")
    macros = all_macros(session)
    for file in files:
        if file.abs_src_path is not None and not file.inclusion.is_excluded():  # type: ignore[no-untyped-call]
            target = folder / "docs" / file.src_uri
            target.parent.mkdir(parents=True, exist_ok=True)
            if file.is_documentation_page():
                path[0] = file.src_uri
                target.write_text(_rendered(session, file.src_uri, macros), encoding="utf-8")
            else:
                shutil.copy2(file.abs_src_path, target)
    _write_settings(config, session, nav_setting(navigation), folder)
    printed = _run(folder)
    session.findings.extend(tuple(_told(printed, session)))
    if not (folder / "site").is_dir():
        return list(session.findings.sorted()), "" if len(session.findings) else printed.strip() or "没有生成网站"
    (folder / "site").rename(site)
    write_additions(session, site)
    write_sums(site)
    return list(session.findings.sorted()), ""


def _rendered(session: Session, path: str, macros: Mapping[str, Callable[..., Any]]) -> str:
    """Return the source of the page at *path* with its *macros* carried out, which Zensical then need not know."""
    source, _ = decoded((session.docs / path).read_bytes())
    front = FRONT_MATTER.match(source)
    session.rendered[path] = rendered(source, macros)
    return source[: front.end() if front else 0] + session.rendered[path]


def _write_settings(config: MkDocsConfig, session: Session, nav: list[Any], folder: Path) -> None:
    """Write the settings that Zensical is to read, and the templates that they name."""
    shutil.copytree(settings.THEME, folder / "theme")
    written = settings.complete(config)
    written["theme"]["custom_dir"] = "theme"
    written["extra"] |= site_facts(session)
    written["site_description"] = config.site_description or site_description(session)
    written |= {"docs_dir": "docs", "site_dir": "site", "nav": nav}
    try:
        text = yaml.safe_dump(written, allow_unicode=True, sort_keys=False)
    except yaml.representer.RepresenterError as error:
        message = f"mkdocs.yml 里有 Zensical 不能照搬的设置（{error.args[-1]}）；请换成文字"
        raise WrongUseError(message) from error
    (folder / "mkdocs.yml").write_text(text, encoding="utf-8")


def _run(folder: Path) -> str:
    """Run Zensical on *folder* and return all it prints, which its own code writes past Python."""
    from zensical import build as zensical_build

    kept = os.dup(1), os.dup(2)
    with tempfile.TemporaryFile() as output:
        for stream in (1, 2):
            os.dup2(output.fileno(), stream)
        try:
            with contextlib.chdir(folder):
                zensical_build(str(folder / "mkdocs.yml"), {"strict": False, "clean": False})
        except Exception as error:  # noqa: BLE001  # what it raises is told with what it printed
            output.write(f"{error}\n".encode())
            output.flush()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for stream, old in enumerate(kept, 1):
                os.dup2(old, stream)
                os.close(old)
        output.seek(0)
        printed = output.read().decode("utf-8", "replace")
    for number in FULL:
        if os.strerror(number) in printed:
            raise OSError(number, os.strerror(number))
    return _COLOURS.sub("", printed).replace(f"{folder}{os.sep}", "")


def _told(printed: str, session: Session) -> Iterator[Finding]:
    """Yield the warnings that Zensical has printed as findings."""
    for match in _WARNING.finditer(printed):
        problem = _LINK_PROBLEMS.get(match["text"].strip())
        if match["page"] is None or problem is None:
            place = Place(session.file(match["page"]) if match["page"] else "mkdocs.yml")
            yield Finding(place, f"生成网站时有警告：{match['text'].strip()}")
            continue
        # The line is that after macros; where the link was typed is found by its words.
        column = int(match["column"]) - 1
        link = next((found.group() for found in _LINK.finditer(match["shown"]) if found.end() > column), "")
        place = session.find(match["page"], link)
        if place != Place(session.file(match["page"])) or not len(session.findings):
            yield Finding(place, f"链接“{link}”{problem}；请改正")
