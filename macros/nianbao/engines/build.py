"""One build under MkDocs or ProperDocs: pages are judged before anything of the old site is replaced."""

from __future__ import annotations

import functools
import html
import logging
import posixpath
import re
import traceback
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from mkdocs.exceptions import PluginError

from nianbao.cache.kept import sources_of, stamps_of
from nianbao.downloads.downloads import open_downloads
from nianbao.engines import inventory, kept_pages, warnings
from nianbao.engines.environment import judge_session, open_session
from nianbao.engines.macros import all_macros
from nianbao.engines.navigation import order_years
from nianbao.html.structure import refused_of
from nianbao.installation import PACKAGE
from nianbao.metadata.facts import site_description, site_facts
from nianbao.pages import cards, contents
from nianbao.prose.template import parse, sandbox
from nianbao.publishing import output
from nianbao.publishing.additions import compress_site_map, write_additions
from nianbao.publishing.kinds import lost_files, refusal
from nianbao.publishing.standing import taken_away_or_altered
from nianbao.publishing.sums import write_sums
from nianbao.reading.clock import today
from nianbao.reading.findings import LEVELS, Finding, Place
from nianbao.reading.html import parse_fragment
from nianbao.rules.checking import Checked
from nianbao.rules.judging import Judged, refusals, remember

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

    from nianbao.cache.kept import Kept
    from nianbao.pages.session import Session

_FIRST_HEADING = re.compile(r"\s*# .*\n")

log = logging.getLogger("mkdocs.plugins.nianbao")


class BuildRefusedError(PluginError):
    """A site is not published because of *findings*; the text lists them all."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(set(findings)))
        lines = "\n".join(map(str, self.findings))
        super().__init__(f"有 {len(self.findings)} 处错误，网站没有更新：\n{lines}")


# What they tell of every build is about themselves; mistakes of the report must not drown in it.
_CHATTY = ("mkdocs.plugins.mkdocs_macros",)


@dataclass(slots=True)
class Build:
    """The state of one build. *command* is that of the host: ``serve`` shows mistakes, others refuse them.

    *tell_judged* is told the session that was judged, and what keeps it from being published. *kept* is what the
    builds of a preview have worked out before this one; a build that publishes has none.
    """

    command: str
    tell_judged: Callable[[Session, tuple[Finding, ...]], None] = lambda *_: None
    kept: Kept | None = None
    session: Session = field(init=False)
    judged: Judged = field(init=False)
    warnings: warnings.WarningCollector = field(default_factory=warnings.WarningCollector)
    staging: output.Staging | None = None
    draft_pages: frozenset[str] = frozenset()
    path: str = ""
    pages: kept_pages.KeptPages | None = None

    @property
    def serving(self) -> bool:
        """Whether this is a preview."""
        return self.command == "serve"

    def before_plugins(self, config: MkDocsConfig) -> None:
        """Set what plugins read from the configuration, before they do."""
        root = Path(config.config_file_path).parent
        for name in _CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)
        config.extra["drafts"] = self.serving
        if self.kept is not None:
            self.kept.begin(sources_of(*_sources(config)))
        if not self.serving:
            self.warnings.start()
            sources = [root / config.extra["data"], Path(config.docs_dir), PACKAGE]
            try:
                self.staging = output.Staging.beside(Path(config.site_dir), root, sources)
            except output.OutputError as error:
                raise PluginError(str(error)) from error
            config.site_dir = str(self.staging.path)

    def after_plugins(self, config: MkDocsConfig) -> None:
        """Read and judge the portal, and end here where it is refused; then take over how pages are rendered."""
        self.session = open_session(config, lambda: self.path, drafts=self.serving)
        if self.kept is not None:
            self.session.dataset = kept_pages.noted_dataset(self.kept, config, self.session.dataset)
        self.judged = self._judge()
        if self.kept is not None:
            self.judged = kept_pages.noted_results(self.kept, self.judged)
            self.pages = kept_pages.KeptPages(self.kept, partial(kept_pages.shown_beside, self.session, self.judged))
            kept_pages.keep_search(self.kept, config)
        remember(self.session, self.judged)
        refused = refusals(self.session, self.judged)
        self.tell_judged(self.session, refused)
        if not self.serving:
            self._refuse(refused)
        else:
            _tell(self.session.dataset.findings)
        config.extra.update(site_facts(self.session))
        config.site_description = config.site_description or site_description(self.session)
        vars(config.plugins["macros"])["_env"] = _environment(self.session)  # It has no other way to take one.

    def _judge(self) -> Judged:
        """Return what was judged; a preview survives an error of our own and shows it in the terminal."""
        try:
            return judge_session(self.session, self.kept)
        except Exception:
            if not self.serving:
                raise
            log.exception("检查时程序出错，预览里没有检查结果")
            return Judged(checked=Checked(results={}), mistakes=(), texts={}, pages={})

    def files(self, files: Files) -> None:
        """Take stock of the pages."""
        self.draft_pages = inventory.take_stock(files, self.session, drafts=self.serving)

    def nav(self, nav: Navigation) -> None:
        """Order the pages."""
        order_years(nav)

    def begin_page(self, page: Page, files: Files) -> None:
        """Give back what is known of *page*."""
        if self.pages is not None:
            self.pages.begin(page, files)

    def before_macros(self, markdown: str, page: Page) -> str:
        """Return the page's Markdown, or a card where it cannot be rendered."""
        self.path = page.file.src_uri
        # Only a preview shows pages that have mistakes of this kind.
        if not self.serving or page.meta.get("render_macros") is False or not parse(markdown, 0).mistakes:
            return markdown
        file = self.session.file(self.path)
        found = [finding for finding in self.session.mistakes if finding.place.file == file]
        title = next(iter(re.findall(r"^# .*", markdown, re.MULTILINE)), "# 页面有误")
        heading = title if "{{" not in title and "{%" not in title else "# 页面有误"
        return f"{heading}\n\n{cards.card(found).replace('{', '&#123;')}\n"

    def after_macros(self, markdown: str, page: Page) -> str:
        """Return the page's Markdown with a notice where it is a draft, and in a preview with what rules found."""
        path = page.file.src_uri
        rendered = self.session.rendered
        if any(posixpath.dirname(other) != posixpath.dirname(path) for other in rendered):
            rendered.clear()  # The full text of a year takes in the pages beside it and no others.
        rendered[path] = markdown
        notices = []
        if path in self.draft_pages:
            notices.append('<p class="draft-notice" role="note">草稿：本年度报告尚未公布，仅供预览。</p>')
        found = self._found(path) if self.serving else ()
        if path not in self.draft_pages:
            found = tuple(finding for finding in found if finding.level == "error")
        if self.serving:
            own = self.session.file(path)
            found += tuple(finding for finding in self.judged.doubts if finding.place.file == own)
        if found:
            title = f"检查发现 {len(found)} 处；有错误就不能公布，待核和提醒请看一遍"
            lines = [
                " ".join(filter(None, (str(finding.place), LEVELS[finding.level], finding.rule, finding.message)))
                for finding in found
            ]
            notices.append(cards.block(title, lines, "findings"))
        if not notices:
            return markdown
        # Below the heading: the host takes a page's title from what stands first.
        heading = _FIRST_HEADING.match(markdown)
        end = heading.end() if heading else 0
        return "\n\n".join(filter(None, [markdown[:end], *notices, markdown[end:]]))

    def after_markdown(self, content: str, page: Page) -> str:
        """Return the HTML *content* of a page, or in a preview what is refused of it: no browser shall run that."""
        if self.pages is not None and self.pages.knows(page):
            return content
        faults = refused_of(content) if self.serving else []
        if not faults:
            return content
        file = self.session.file(page.file.src_uri)
        told = [finding for finding in self.session.mistakes if finding.place.file == file]
        return cards.card(told or [Finding(Place(file), fault) for fault in faults])

    def _found(self, page: str) -> tuple[Finding, ...]:
        """Return what rules found on *page*, and about the table that it shows; the first page of a year tells all."""
        year, _, name = page.partition("/")
        report = self.session.dataset.reports.get(int(year)) if year.isdigit() else None
        if report is None:
            return ()
        found = self.judged.checked.findings([report.year])
        if name == "index.md":
            return found
        sections = (part for part in report.form.sections if part.table and name.endswith(f"-{part.id}.md"))
        tables = tuple(f"{part.table}." for part in sections)
        own = self.session.file(page)
        return tuple(
            finding for finding in found if finding.place.file == own or (tables and finding.subject.startswith(tables))
        )

    def judge(self, config: MkDocsConfig, files: Files) -> None:
        """Refuse the build, or tell the mistakes of a preview, once all pages are rendered."""
        session = self.session
        if self.pages is not None:
            self.pages.end(whole=not session.bugs)
        pages = [file.page for file in files.documentation_pages() if file.page is not None]
        for page in pages:  # The host knows no ids of elements that a macro has drawn.
            ids = self._ids(page.content or "")
            page.present_anchor_ids = {*(page.present_anchor_ids or ()), *ids}
        for page in pages:
            session.findings.extend(tuple(contents.problems(page.content or "", page.file.src_uri, session)))
            if page.title and re.search("[<>&]", str(page.title)):
                # The theme writes titles as they are; the host takes those of headings as HTML, others as typed.
                typed = str(page.title) if "title" in page.meta else html.unescape(str(page.title))
                page.title = html.escape(typed)
            if not self.serving:  # The host does so too, but only after writing.
                page.validate_anchor_links(files=files, log_level=config.validation.links.anchors)
        if session.bugs and not self.serving:
            raise session.bugs[0]
        for bug in session.bugs:
            log.error("程序出错：\n%s", "".join(traceback.format_exception(bug)).rstrip())
        if self.serving:
            judged = self.judged
            _tell((*session.findings.sorted(), *judged.mistakes, *judged.checked.errors()))
            _tell(judged.doubts, "有 {} 处待核或提醒，请看一遍：")
        else:
            self._refuse([*session.findings.sorted(), *self._warned()])

    def _ids(self, content: str) -> set[str]:
        def make() -> set[str]:
            return {element.get("id", "") for element in parse_fragment(content).iter()}

        return make() if self.kept is None else self.kept.pure("ids", content, make)

    def publish(self, config: MkDocsConfig) -> None:
        """Add what no page makes, and put the finished site in place of the old one; a preview only adds."""
        if self.serving or self.staging is None:
            self._add(Path(config.site_dir))
            if self.kept is not None:
                self.kept.end(stamps_of(*_sources(config)))
            return
        self._refuse(self._warned())
        write_additions(self.session, Path(config.site_dir))
        self._refuse(taken_away_or_altered(self.staging.target, Path(config.site_dir), today()))
        self.warnings.stop()
        compress_site_map(Path(config.site_dir))
        write_sums(Path(config.site_dir))
        config.site_dir = str(self.staging.target)
        lost = lost_files(self.staging.target, self.staging.path)
        if lost:
            raise PluginError(refusal(lost, open_downloads(self.session).remarks()))
        try:
            way = self.staging.publish()
        except output.OutputError as error:
            raise PluginError(str(error)) from error
        log.info("网站已更新：%s", way)

    def _add(self, site: Path) -> None:
        """Add files to a preview, which survives an error of our own and shows it in the terminal."""
        try:
            write_additions(self.session, site)
        except Exception:
            log.exception("生成下载文件等时程序出错，预览里没有这些文件")

    def abandon(self) -> None:
        """Remove what an unfinished build has written."""
        self.warnings.stop()
        if self.staging is not None:
            self.staging.remove()

    def _warned(self) -> list[Finding]:
        found = (warnings.finding(record.getMessage(), self.session) for record in self.warnings.records)
        return [finding for finding in found if finding is not None]

    def _refuse(self, findings: Iterable[Finding]) -> None:
        told = tuple(findings)
        if told:
            raise BuildRefusedError(told)


def _sources(config: MkDocsConfig) -> tuple[Path, Path, Path]:
    """Return what the portal is made of: its settings, the folder of data and that of pages."""
    settings = Path(config.config_file_path)
    return settings, settings.parent / config.extra["data"], Path(config.docs_dir)


def _tell(findings: tuple[Finding, ...], title: str = "有 {} 处错误，改正后页面自动恢复：") -> None:
    if findings:
        log.warning("%s", "\n".join([title.format(len(findings)), *map(str, findings)]))


class _PageTemplate(jinja2.Template):
    """A page's template that never fails: an error of our own is kept with its traceback, and a card says so."""

    def render(self, *args: Any, **keywords: Any) -> str:  # noqa: ANN401  # as in Jinja
        """Return the rendered page, or a card in its place."""
        session: Session = self.environment.session  # type: ignore[attr-defined]  # set by extend()
        try:
            return super().render(*args, **keywords)
        except Exception as error:  # noqa: BLE001  # whatever our own code raises
            session.bugs.append(error)
            return cards.block("程序出错，此页暂不能显示；请把终端里的出错信息告诉维护人员", [])


def _environment(session: Session) -> jinja2.Environment:
    """Return the environment for the pages of *session*: our macros, and nothing else that a page could reach."""
    environment = sandbox()
    environment.globals.update(all_macros(session))
    environment.template_class = _PageTemplate
    environment.extend(session=session)
    # Titles of pages come again and again.
    environment.from_string = functools.lru_cache(environment.from_string)  # type: ignore[assignment]  # takes the same
    return environment
