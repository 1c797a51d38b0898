"""One build under MkDocs or ProperDocs: pages are judged before anything of the old site is replaced."""

from __future__ import annotations

import logging
import re
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.nav import Section

from macros.host import output, sources, warnings
from macros.pages import cards
from macros.pages.templates import PageTemplate, problems
from macros.reading.findings import Finding, Place

if TYPE_CHECKING:
    import jinja2
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

    from macros.pages.session import Session

log = logging.getLogger("mkdocs.plugins.nianbao")

# What they tell of every build is about themselves; mistakes of the report must not drown in it.
_CHATTY = ("mkdocs.plugins.mkdocs_macros", "jieba")

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(slots=True)
class Build:
    """The state of one build. *command* is that of the host: ``serve`` shows mistakes, others refuse them."""

    command: str
    warnings: warnings.WarningCollector = field(default_factory=warnings.WarningCollector)
    staging: output.Staging | None = None
    draft_pages: set[str] = field(default_factory=set)

    @property
    def serving(self) -> bool:
        """Whether this is a preview."""
        return self.command == "serve"

    def before_plugins(self, config: MkDocsConfig, *, dirty: bool) -> None:
        """Set what plugins read from the configuration, before they do."""
        root = Path(config.config_file_path).parent
        for name in _CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)
        config.extra["drafts"] = self.serving
        for plugin in config.plugins.values():
            options = getattr(plugin, "config", {})
            if isinstance(options, dict) or hasattr(options, "get"):
                terms = options.get("jieba_dict_user")
                if terms:  # Material takes it from the working directory; everything else is from mkdocs.yml.
                    options["jieba_dict_user"] = str(root / terms)
        if not self.serving:
            self.warnings.start()
            if not dirty:
                self.staging = output.Staging.beside(Path(config.site_dir))
                config.site_dir = str(self.staging.path)

    def after_plugins(self, config: MkDocsConfig) -> None:
        """Make pages fail well: the macros plugin's environment now knows all macros."""
        agency = _session(config).portal.agency
        config.extra["footer"] = agency.public_lines if agency is not None else ()
        environment = _environment(config)
        environment.template_class = PageTemplate
        environment.extend(session=_session(config))
        if self.serving:
            _tell(_session(config).portal.findings)

    def files(self, files: Files, config: MkDocsConfig) -> None:
        """Leave drafts out of a build, and record years whose data and pages do not go together."""
        session = _session(config)
        years = set()
        for file in list(files):
            year = _year_of(file)
            years.add(year)
            report = session.portal.reports.get(year) if year is not None else None
            if report is not None and report.status == "draft":
                self.draft_pages.add(file.src_uri)
                if not self.serving:
                    files.remove(file)  # Gone, not excluded: a link to an excluded page is no warning.
                    continue
            if file.is_documentation_page():
                sources.check(file, session)
        for year in session.portal.years:
            if year not in years:
                place = Place(session.file(str(year)))
                session.findings.add(place, f"缺少此文件夹：有 {year} 年的数据，却没有页面；请补上")
        missing = [
            session.missing_data(year) for year in years if year is not None and year not in session.portal.years
        ]
        session.findings.extend(tuple(missing))

    def nav(self, nav: Navigation) -> None:
        """Put the newest year first and call years 2023年."""
        years = [item for item in nav.items if isinstance(item, Section) and _YEAR.fullmatch(item.title)]
        newest_first = iter(sorted(years, key=lambda item: item.title, reverse=True))
        nav.items = [next(newest_first) if item in years else item for item in nav.items]
        pages = [page for item in nav.items for page in _pages(item)]
        nav.pages = pages
        for page, before, after in zip(pages, [None, *pages], [*pages[1:], None], strict=False):
            page.previous_page, page.next_page = before, after
        for item in years:
            item.title = f"{item.title}年"

    def before_macros(self, markdown: str, page: Page, config: MkDocsConfig) -> str:
        """Return the page's Markdown, or a card where it cannot be rendered."""
        if page.meta.get("render_macros") is False:
            return markdown
        session = _session(config)
        variables = {**_macros(config).variables, **page.meta, "page": page}
        found = problems(_environment(config), markdown, variables, session, page.file.src_uri)
        if not found:
            return markdown
        session.findings.extend(found)
        title = next(iter(re.findall(r"^# .*", markdown, re.MULTILINE)), "# 页面有误")
        heading = title if "{{" not in title and "{%" not in title else "# 页面有误"
        return f"{heading}\n\n{cards.card(found).replace('{', '&#123;')}\n"

    def after_macros(self, markdown: str, page: Page) -> str:
        """Return the page's Markdown with a notice where it is a draft."""
        if page.file.src_uri not in self.draft_pages:
            return markdown
        return f'<p class="draft-notice" role="note">草稿：本年度报告尚未公布，仅供预览。</p>\n\n{markdown}'

    def judge(self, config: MkDocsConfig, files: Files) -> None:
        """Refuse the build, or tell the mistakes of a preview, once all pages are rendered."""
        session = _session(config)
        for file in files.documentation_pages():
            if file.page is not None and not self.serving:  # The host does so too, but only after writing.
                file.page.validate_anchor_links(files=files, log_level=config.validation.links.anchors)
        if session.bugs and not self.serving:
            raise session.bugs[0]
        for bug in session.bugs:
            log.error("程序出错：\n%s", "".join(traceback.format_exception(bug)).rstrip())
        if self.serving:
            _tell(session.findings.sorted())
        else:
            self._refuse([*session.portal.findings, *session.findings.sorted(), *self._warned(config)])

    def publish(self, config: MkDocsConfig) -> None:
        """Put the finished site in place of the old one."""
        if self.serving:
            return
        self._refuse(self._warned(config))
        self.warnings.stop()
        if self.staging is not None:
            config.site_dir = str(self.staging.target)
            self.staging.publish()

    def abandon(self) -> None:
        """Remove what an unfinished build has written."""
        self.warnings.stop()
        if self.staging is not None:
            self.staging.remove()

    def _warned(self, config: MkDocsConfig) -> list[Finding]:
        session = _session(config)
        return [warnings.finding(record.getMessage(), session) for record in self.warnings.records]

    def _refuse(self, findings: list[Finding]) -> None:
        if findings:
            lines = "\n".join(map(str, sorted(set(findings))))
            message = f"有 {len(set(findings))} 处错误，网站没有更新：\n{lines}"
            raise PluginError(message)


def _tell(findings: tuple[Finding, ...]) -> None:
    if findings:
        log.warning("有 %d 处错误，改正后页面自动恢复：\n%s", len(findings), "\n".join(map(str, findings)))


def _macros(config: MkDocsConfig) -> Any:  # noqa: ANN401  # the plugin ships no types
    return config.plugins["macros"]


def _session(config: MkDocsConfig) -> Session:
    session: Session = _macros(config).variables["session"]
    return session


def _environment(config: MkDocsConfig) -> jinja2.Environment:
    environment: jinja2.Environment = _macros(config).env
    return environment


def _year_of(file: File) -> int | None:
    folder, _, rest = file.src_uri.partition("/")
    return int(folder) if rest and _YEAR.fullmatch(folder) else None


def _pages(item: Any) -> list[Page]:  # noqa: ANN401  # Page, Section or Link
    if isinstance(item, Section):
        return [page for child in item.children for page in _pages(child)]
    return [item] if getattr(item, "file", None) is not None else []
