"""The process in which an engine builds a site for `nianbao build`; what it finds is written as JSON."""

from __future__ import annotations

import dataclasses
import importlib
import json
import logging
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nianbao.reading.findings import Finding

# Nothing of an engine is imported above: ProperDocs takes the place of MkDocs only before MkDocs is loaded.


class _Errors(logging.Handler):
    """Keeps what an engine logs as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the text of *record*."""
        self.messages.append(record.getMessage())


def main(engine: str, config: str, site: str, site_url: str) -> None:
    """Build the site and write to standard output what was found; an error of the program ends in a traceback."""
    answer = os.dup(1)
    os.dup2(2, 1)  # What engines print is none of the answer.
    threading.Thread(target=_end_with_the_command, daemon=True).start()
    errors = _Errors()
    logging.getLogger("properdocs" if engine == "properdocs" else "mkdocs").addHandler(errors)
    if engine == "properdocs":
        importlib.import_module("properdocs.replacement")
    exceptions = importlib.import_module("mkdocs.exceptions")  # Of the one that stands in its place.
    findings: Iterable[Finding] = ()
    try:
        build = _with_zensical if engine == "zensical" else _with_mkdocs
        findings, failure = build(Path(config), Path(site), site_url)
    except exceptions.Abort as error:
        findings = getattr(error.__context__, "findings", ())
        failure = "" if findings else f"{Path(config).name}：{'；'.join(errors.messages) or error}"
    except exceptions.ConfigurationError as error:
        failure = f"{Path(config).name} 的写法有误：{error}"
    except OSError as error:
        failure = _disk_failure(error)
    told = [{**dataclasses.asdict(finding), "place": dataclasses.astuple(finding.place)} for finding in findings]
    with os.fdopen(answer, "wb") as stream:
        stream.write(json.dumps({"findings": told, "failure": failure}).encode())


def _end_with_the_command() -> None:
    """End this process as soon as the one that has started it is gone, however it ended."""
    if not os.read(0, 1):
        os._exit(1)


def _with_mkdocs(config: Path, site: Path, site_url: str) -> tuple[Iterable[Finding], str]:
    """Build with MkDocs or ProperDocs, whose plugin does the rest."""
    settings = _load(config, site, site_url)
    settings.plugins.on_startup(command="build", dirty=False)
    importlib.import_module("mkdocs.commands.build").build(settings)
    settings.plugins.on_shutdown()
    return (), ""


def _with_zensical(config: Path, site: Path, site_url: str) -> tuple[Iterable[Finding], str]:
    from nianbao.engines import zensical

    return zensical.build(_load(config, site, site_url), site)


def _load(config: Path, site: Path, site_url: str) -> Any:  # noqa: ANN401  # MkDocsConfig of either engine
    """Return the settings in *config* with this place for the site, and this address where one is given."""
    changed = {"site_dir": str(site)} | ({"site_url": site_url} if site_url else {})
    return importlib.import_module("mkdocs.config").load_config(str(config), **changed)


def _disk_failure(error: OSError) -> str:
    """Return what to say of an error of the disk; raises *error* again where it is another."""
    from nianbao.reading.disk import failure

    told = failure(error)
    if told is None:
        raise error
    return told


if __name__ == "__main__":
    main(*sys.argv[1:])
