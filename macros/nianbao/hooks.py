# ruff: noqa: ANN401 -- the host passes objects of MkDocs or of ProperDocs, which share no types.
"""Events of MkDocs and ProperDocs, passed on to `nianbao.engines.build`. Zensical knows no hooks.

The host loads this file once and keeps it, so it stays small: what it calls is imported afresh for
every build, and edits to the package are seen by a running preview.
"""

from __future__ import annotations

import importlib
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.plugins import CombinedEvent, event_priority

if TYPE_CHECKING:
    from nianbao.engines.build import Build

log = logging.getLogger("mkdocs.plugins.nianbao")

_PACKAGE = "nianbao"


class _Host:
    """What must outlive one build: the command, which the host tells once, and the build under way."""

    command = "build"
    build: Build
    program: frozenset[tuple[str, int, int]] = frozenset()


def on_startup(command: str, **_: Any) -> None:
    """Keep the command."""
    _Host.command = command


@event_priority(100)
def _before_plugins(config: Any) -> None:
    if _Host.command == "serve":
        _import_afresh()
    from nianbao.engines.build import Build

    _Host.build = Build(_Host.command)
    _Host.build.before_plugins(config)


@event_priority(-100)
def _after_plugins(config: Any) -> None:
    _Host.build.after_plugins(config)


on_config = CombinedEvent(_before_plugins, _after_plugins)


@event_priority(-100)
def on_files(files: Any, **_: Any) -> None:
    """Leave drafts out."""
    _Host.build.files(files)


@event_priority(100)
def on_nav(nav: Any, **_: Any) -> None:
    """Order the years."""
    _Host.build.nav(nav)


@event_priority(100)
def _before_macros(markdown: str, /, page: Any, **_: Any) -> str:
    return _Host.build.before_macros(markdown, page)


@event_priority(-100)
def _after_macros(markdown: str, /, page: Any, **_: Any) -> str:
    return _Host.build.after_macros(markdown, page)


on_page_markdown = CombinedEvent(_before_macros, _after_macros)


@event_priority(-100)
def on_env(env: Any, config: Any, files: Any) -> Any:
    """Judge the pages before anything is written."""
    _Host.build.judge(config, files)
    return env


@event_priority(-100)
def on_post_build(config: Any) -> None:
    """Publish."""
    _Host.build.publish(config)


def on_build_error(**_: Any) -> None:
    """Leave the old site as it is."""
    if hasattr(_Host, "build"):
        _Host.build.abandon()


def _program() -> frozenset[tuple[str, int, int]]:
    """Return names, times and sizes of the files of the package."""
    found = ((path, path.stat()) for path in Path(__file__).parent.rglob("*.py"))
    return frozenset((str(path), status.st_mtime_ns, status.st_size) for path, status in found)


def _import_afresh() -> None:
    """Forget the package after edits, so that it is read again; keep the old one while the new one does not load."""
    program = _program()
    if program == _Host.program:
        return
    _Host.program = program
    old = {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] == _PACKAGE}
    importlib.invalidate_caches()
    try:
        importlib.import_module("nianbao.engines.build")
        importlib.import_module("nianbao.pages.macros")
    except Exception:
        for name in [name for name in sys.modules if name.split(".")[0] == _PACKAGE]:
            del sys.modules[name]
        sys.modules.update(old)
        log.exception("macros/ 里的程序无法载入，仍用修改前的程序预览")
