"""Zensical reads no hooks: it builds a copy of the project in which everything that hooks would do is done."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from mkdocs.structure.files import get_files, set_exclusions
from mkdocs.structure.nav import get_navigation
from mkdocs.utils.yaml import yaml_load

from nianbao.cache.cache import FOLDER as CACHE
from nianbao.engines import inventory, warnings
from nianbao.engines.navigation import nav_setting, order_years
from nianbao.metadata.facts import site_facts
from nianbao.model.dataset import read_dataset
from nianbao.model.project import WrongUseError
from nianbao.pages.lists import FULL_TEXT_PAGE
from nianbao.pages.session import Session
from nianbao.prose.rendering import Renderer
from nianbao.publishing.additions import write_additions
from nianbao.reading.disk import FULL
from nianbao.reading.findings import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# A warning, the place that it names, and the line of the page that it shows, macros rendered.
_WARNING = re.compile(
    r"^(?:Warning|Error): (?P<text>[^\n]+)"
    r"(?:\n\s*╭─\[ (?P<page>[^\n]+?):(?P<line>\d+):(?P<column>\d+) \]\n[^\n]*\n\s*\d+ │ (?P<shown>[^\n]*))?",
    re.MULTILINE,
)
_LINK_PROBLEMS = {"page does not exist": "指向的页面或文件不存在", "anchor does not exist": "指向的标题或锚点不存在"}
_LINK = re.compile(r"[^\s()<>]+")


def build(config: MkDocsConfig, site: Path) -> tuple[list[Finding], str]:
    """Build the project of *config* at *site* and return what was found, and why Zensical could not go on."""
    session = _session(config)
    collector = warnings.WarningCollector()
    collector.start()
    files = get_files(config)
    set_exclusions(files, config)
    inventory.take_stock(files, session, drafts=False)
    _judge_other_pages(files, session)
    navigation = get_navigation(files, config)
    order_years(navigation)
    collector.stop()
    warned = (warnings.finding(record.getMessage(), session) for record in collector.records)
    session.findings.extend(tuple(finding for finding in warned if finding is not None))

    folder = site.with_name("source")
    _stage(config, files, session, nav_setting(navigation), folder)
    printed = _run(folder)
    session.findings.extend(tuple(_told(printed, session)))
    if not (folder / "site").is_dir():
        return list(session.findings.sorted()), "" if len(session.findings) else printed.strip() or "没有生成网站"
    (folder / "site").rename(site)
    write_additions(session, site)
    return list(session.findings.sorted()), ""


def _session(config: MkDocsConfig) -> Session:
    root = Path(str(config.config_file_path)).parent
    data, formats = (root / str(config.extra.get(key, value)) for key, value in _FOLDERS.items())
    dataset = read_dataset(root, data, formats)
    docs = Path(config.docs_dir)
    return Session(
        dataset=dataset,
        root=root,
        data=data,
        docs=docs,
        drafts=False,
        page=lambda: "",
        site_url=config.site_url or "",
        notice=str(config.extra.get("notice") or ""),
    )


_FOLDERS = {"data": "data", "formats": "data/formats"}


def _judge_other_pages(files: Files, session: Session) -> None:
    """Find the mistakes of pages outside the years and of full texts, which no rule reads."""
    renderer = Renderer(session.dataset, session.root, session.data, session.docs)
    for file in files.documentation_pages():
        if inventory.year_of(file) is None or file.src_uri.endswith(f"/{FULL_TEXT_PAGE}"):
            renderer.judge(file.src_uri)
    session.findings.extend(renderer.findings)


def _stage(config: MkDocsConfig, files: Files, session: Session, nav: list[Any], folder: Path) -> None:
    """Copy to *folder* what Zensical is to read: pages without drafts, data, and settings that need nothing else."""
    for file in files:
        if file.abs_src_path is not None and not file.inclusion.is_excluded():  # type: ignore[no-untyped-call]
            target = folder / "docs" / file.src_uri
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file.abs_src_path, target)
    shutil.copytree(session.data, folder / "data", ignore=shutil.ignore_patterns("formats", "schemas"))
    root = session.root
    shutil.copytree(root / str(config.extra.get("formats", _FOLDERS["formats"])), folder / "data" / "formats")
    with contextlib.suppress(OSError):  # Downloads of earlier builds are found again; without them it takes longer.
        (root / CACHE).mkdir(parents=True, exist_ok=True)
        (folder / CACHE).parent.mkdir(parents=True)
        (folder / CACHE).symlink_to((root / CACHE).resolve())
    settings = _settings(config)
    theme = settings.get("theme")
    if isinstance(theme, dict) and theme.get("custom_dir"):
        shutil.copytree(root / theme["custom_dir"], folder / "theme")
        theme["custom_dir"] = "theme"
    settings |= {"docs_dir": "docs", "site_dir": "site", "nav": nav}
    settings |= {"site_url": config.site_url} if config.site_url else {}
    settings["extra"] = {**(settings.get("extra") or {}), **_FOLDERS, "drafts": False, **site_facts(session)}
    for idle in ("hooks", "watch", "exclude_docs", "draft_docs", "not_in_nav"):
        settings.pop(idle, None)
    try:
        text = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
    except yaml.representer.RepresenterError as error:
        message = f"mkdocs.yml 里有 Zensical 不能照搬的设置（{error.args[-1]}）；请换成文字"
        raise WrongUseError(message) from error
    (folder / "mkdocs.yml").write_text(text, encoding="utf-8")


def _settings(config: MkDocsConfig) -> dict[str, Any]:
    """Return the settings as they are written, with what they inherit."""
    with Path(str(config.config_file_path)).open("rb") as file:
        settings: dict[str, Any] = yaml_load(file)
    return settings


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
