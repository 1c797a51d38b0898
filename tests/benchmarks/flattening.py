"""The pages of a project with every macro already rendered, and the host alone to build them: its floor.

The floor is without our plugin, macros and `nianbao.pages.raw_html`, which spares the host work of its own;
`nianbao.pages.chinese_line_breaks` stays, for without it the pages would not be the same to the byte.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import yaml
from building import ROOT
from mkdocs.config import load_config
from nianbao.engines import settings

if TYPE_CHECKING:
    from pathlib import Path

# The floor once more, with the Markdown extension that spares time.
FASTER = "faster.yml"

_ENVIRONMENT = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}

_SPARING = "nianbao.pages.raw_html"

# A plugin that writes down what the host gets from ours: pages, their order, what templates find. It is installed
# beside the project for one build, for a portal may have no program of its own.
_NAME = "writing_down"
_PLUGIN = """
import json, pathlib
from mkdocs.plugins import BasePlugin, event_priority
from nianbao.pages.session import FRONT_MATTER

folder = pathlib.Path({folder!r})

def order(items):
    return [
        {{item.title: order(item.children)}} if getattr(item, "children", None) else item.file.src_uri for item in items
    ]

class Writing(BasePlugin):
    @event_priority(-200)
    def on_page_markdown(self, markdown, page, config, files):
        front = FRONT_MATTER.match(pathlib.Path(page.file.abs_src_path).read_text(encoding="utf-8-sig"))
        path = folder / "docs" / page.file.src_uri
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((front.group() if front else "") + markdown, encoding="utf-8")
        return markdown

    @event_priority(-200)
    def on_nav(self, nav, config, files):
        (folder / "nav.json").write_text(json.dumps(order(nav.items)), encoding="utf-8")
        extra = {{key: value for key, value in config.extra.items() if isinstance(value, str | list | tuple | dict)}}
        (folder / "extra.json").write_text(json.dumps(extra), encoding="utf-8")
"""
_INSTALLED = {
    "METADATA": f"Metadata-Version: 2.1\nName: {_NAME}\nVersion: 1.0\n",
    "entry_points.txt": f"[mkdocs.plugins]\n{_NAME} = {_NAME}:Writing\n",
}


def environment() -> dict[str, str]:
    """Return the environment in which both are built."""
    path = os.pathsep.join(filter(None, [str(ROOT / "macros"), os.environ.get("PYTHONPATH")]))
    # The host is installed with its bytecode; without this one, ours would be compiled in every run.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | _ENVIRONMENT | {"PYTHONPATH": path}


def flatten(project: Path) -> Path:
    """Build *project* once and write what the host got into a folder beside it; return that folder."""
    folder = project.parent / "floor"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "docs").mkdir(parents=True)
    for path in (project / "docs").rglob("*"):
        if path.is_file() and path.suffix != ".md":
            copy = folder / "docs" / path.relative_to(project / "docs")
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    plugin, installed = project / f"{_NAME}.py", project / f"{_NAME}-1.0.dist-info"
    plugin.write_text(_PLUGIN.format(folder=str(folder)), encoding="utf-8")
    installed.mkdir()
    for name, text in _INSTALLED.items():
        (installed / name).write_text(text, encoding="utf-8")
    ours = project / f"{_NAME}.yml"
    config = yaml.safe_load((project / "mkdocs.yml").read_text(encoding="utf-8"))
    ours.write_text(yaml.safe_dump(config | {"plugins": [*config["plugins"], _NAME]}), encoding="utf-8")
    build(ours)
    loaded = load_config(str(project / "mkdocs.yml"))
    settings.apply(loaded)
    whole = settings.complete(loaded)
    whole["theme"]["custom_dir"] = str(settings.THEME)
    floor = whole | {"markdown_extensions": [name for name in whole["markdown_extensions"] if name != _SPARING]}
    floor["nav"] = yaml.safe_load((folder / "nav.json").read_text(encoding="utf-8"))
    floor["extra"] = yaml.safe_load((folder / "extra.json").read_text(encoding="utf-8"))
    faster = floor | {"markdown_extensions": whole["markdown_extensions"], "site_dir": "faster"}
    for name, told in (("mkdocs.yml", floor), (FASTER, faster)):
        (folder / name).write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), encoding="utf-8")
    ours.unlink()
    plugin.unlink()
    shutil.rmtree(installed)
    return folder


def build(config: Path) -> None:
    """Build the site of *config*. Raises CalledProcessError where that fails."""
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(config)]
    subprocess.run(command, cwd=config.parent, env=environment(), check=True)


def differing(ours: Path, floor: Path) -> tuple[int, list[str]]:
    """Return how many pages both sites have, and which of them differ by a byte."""
    pages = sorted(path.relative_to(ours).as_posix() for path in ours.rglob("*.html"))
    return len(pages), filecmp.cmpfiles(ours, floor, pages, shallow=False)[1]
