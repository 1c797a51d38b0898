"""The process in which an engine builds a site for `nianbao build`: all is read and judged here, once."""

from __future__ import annotations

import importlib
import logging
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nianbao.engines.engines import Answer
    from nianbao.pages.session import Session
    from nianbao.reading.findings import Finding
    from nianbao.verifying.crawl import Crawl

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
    """Check, build and read the site back; each answer is a line on standard output, as `engines.decoded` reads it.

    An error of the program ends in a traceback.
    """
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # What engines print is none of the answers.
    threading.Thread(target=_end_with_the_command, daemon=True).start()
    errors = _Errors()
    logging.getLogger("properdocs" if engine == "properdocs" else "mkdocs").addHandler(errors)
    if engine == "properdocs":
        importlib.import_module("properdocs.replacement")
    exceptions = importlib.import_module("mkdocs.exceptions")  # Of the one that stands in its place.
    from nianbao.engines.engines import Built, encoded

    def tell(answer: Answer) -> None:
        answers.write(encoded(answer))
        answers.flush()

    work = _Work(Path(config), Path(site), site_url, tell)
    try:
        if engine == "zensical":
            work.with_zensical()
        else:
            work.with_mkdocs()
        tell(Built(remarks=work.remarks()))
        tell(work.read_back())
    except exceptions.Abort as error:
        findings = getattr(error.__context__, "findings", ())
        failure = "" if findings else f"{Path(config).name}：{'；'.join(errors.messages) or error}"
        tell(Built(findings=tuple(findings), failure=failure))
    except exceptions.ConfigurationError as error:
        tell(Built(failure=f"{Path(config).name} 的写法有误：{error}"))
    except _StoppedError as error:
        tell(Built(findings=error.findings, failure=error.failure))
    except OSError as error:
        tell(Built(failure=_disk_failure(error)))


class _StoppedError(Exception):
    """The site is not read back, for what is told already: *findings*, or a *failure*."""

    def __init__(self, findings: Iterable[Finding], failure: str = "") -> None:
        super().__init__(failure)
        self.findings = tuple(findings)
        self.failure = failure


def _end_with_the_command() -> None:
    """End this process as soon as the one that has started it is gone, however it ended."""
    if not os.read(0, 1):
        os._exit(1)


class _Work:
    """The way from *config* to the finished *site*; *tell* takes the answers on the way."""

    def __init__(self, config: Path, site: Path, site_url: str, tell: Callable[[Answer], None]) -> None:
        self._config = config
        self._site = site
        self._site_url = site_url
        self._tell = tell
        self._session: Session | None = None
        self._site_name = ""

    def with_mkdocs(self) -> None:
        """Build with MkDocs or ProperDocs, whose plugin does the rest."""
        settings = self._load()
        settings.plugins["nianbao"].tell_judged = self._judged
        settings.plugins.on_startup(command="build", dirty=False)
        importlib.import_module("mkdocs.commands.build").build(settings)
        settings.plugins.on_shutdown()

    def with_zensical(self) -> None:
        """Build with Zensical. Raises _StoppedError where it has found anything."""
        from nianbao.engines import zensical

        settings = self._load()
        findings, failure = zensical.build(settings, self._site, self._judged)
        if findings and self._site.is_dir():  # It builds a site all the same: what that shows is told too.
            known = {finding.place for finding in findings}
            root = self._config.parent
            read = (finding for finding in self.read_back().findings if finding.place not in known)
            findings += [finding for finding in read if (root / finding.place.file).is_file()]
        if findings or failure:
            raise _StoppedError(findings, failure)

    def remarks(self) -> tuple[str, ...]:
        """Return which kinds of files could not be made, and why."""
        from nianbao.downloads.downloads import open_downloads

        return () if self._session is None else tuple(open_downloads(self._session).remarks())

    def read_back(self) -> Crawl:
        """Return what the finished site shows."""
        from nianbao.engines.macros import all_macros
        from nianbao.installation import PACKAGE
        from nianbao.publishing.additions import written_of
        from nianbao.rules.judging import judged_of
        from nianbao.verifying.articles import expected_articles
        from nianbao.verifying.crawl import Expected, crawl

        session = self._session
        if session is None:
            raise LookupError(self._config)
        reports = session.dataset.reports
        environment = [sys.prefix] if sys.prefix != sys.base_prefix else []
        expected = Expected(
            session=session,
            reports={year: reports[year] for year in session.shown_years() if year in reports},
            files=written_of(session).digests,
            articles=expected_articles(session, judged_of(session), all_macros),
            site_name=self._site_name,
            site_url=session.site_url,
            secrets=(str(session.root), str(self._site.parent), str(PACKAGE), *environment),
        )
        return crawl(self._site, expected)

    def _load(self) -> Any:  # noqa: ANN401  # MkDocsConfig of either engine
        """Return the settings of the portal with our place for the site, and the given address where there is one."""
        changed = {"site_dir": str(self._site)} | ({"site_url": self._site_url} if self._site_url else {})
        settings = importlib.import_module("mkdocs.config").load_config(str(self._config), **changed)
        self._site_name = settings.site_name
        return settings

    def _judged(self, session: Session, refused: tuple[Finding, ...]) -> None:
        """Tell what the check has found before anything is built."""
        from nianbao.engines.engines import Checked
        from nianbao.reading.findings import LEVELS
        from nianbao.rules.judging import judged_of

        self._session = session
        judged, dataset = judged_of(session), session.dataset
        found = {*dataset.findings, *judged.mistakes, *judged.doubts, *judged.checked.findings()}
        self._tell(
            Checked(
                reports=len(judged.checked.results),
                confirmed=sum(result.confirmed for year in judged.checked.results.values() for result in year),
                levels={level: sum(finding.level == level for finding in found) for level in LEVELS},
                drafts=tuple(sorted(dataset.drafts)),
                published=not set(dataset.years) <= dataset.drafts,
                refused=refused,
            )
        )


def _disk_failure(error: OSError) -> str:
    """Return what to say of an error of the disk; raises *error* again where it is another."""
    from nianbao.reading.disk import failure

    told = failure(error)
    if told is None:
        raise error
    return told


if __name__ == "__main__":
    main(*sys.argv[1:])
