# ruff: noqa: ANN401 -- the host passes objects of MkDocs or of ProperDocs, which share no types.
"""The plugin of MkDocs and ProperDocs: makes the settings and passes events on to `nianbao.engines.build`."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.config.config_options import Type
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority

from nianbao.cache.kept import Kept
from nianbao.data_files.schemas import write_schemas
from nianbao.engines import preview, settings
from nianbao.engines.build import Build
from nianbao.engines.editor import attach
from nianbao.engines.environment import desk_of
from nianbao.engines.inventory import source_of
from nianbao.engines.kept_pages import CompiledTemplates
from nianbao.installation import other_program
from nianbao.members.register import FILE as REGISTER
from nianbao.reading.legible import lines

if TYPE_CHECKING:
    from nianbao.engines.editor import Editor
    from nianbao.pages.session import Session
    from nianbao.reading.findings import Finding

log = logging.getLogger("mkdocs.plugins.nianbao")


def _legible(record: logging.LogRecord) -> bool:
    """Write in *record*, which is always printed, whatever a terminal would obey by its code."""
    record.msg, record.args = lines(record.getMessage()), ()
    return True


class NianbaoPlugin(BasePlugin):  # type: ignore[type-arg, no-untyped-call]  # the host's older kind, see below
    """One portal. It outlives a build of the preview, for the host tells the command once.

    Its options are the folder of *data*, relative to mkdocs.yml, and the *notice* that every page shows.
    """

    # The newer kind is a class with an attribute for each option, and keeps its own values in one called data.
    config_scheme = (("data", Type(str, default="data")), ("notice", Type(str, default="")))

    _command = "build"
    _build: Build | None = None
    _editor: Editor | None = None
    _kept: Kept | None = None
    _templates: CompiledTemplates | None = None

    def tell_judged(self, session: Session, refused: tuple[Finding, ...]) -> None:
        """Take what was judged before anything is built; `nianbao build` puts a function of its own in this place."""

    def on_startup(self, *, command: str, **_: Any) -> None:
        """Keep the command, and let the host print what it quotes as we do."""
        self._command = command
        for name in ("mkdocs", "properdocs"):
            for handler in logging.getLogger(name).handlers:
                handler.addFilter(_legible)
        if command == "serve":
            self._kept, self._templates = Kept(), CompiledTemplates()
            preview.wait_until_fit(Path(str(self.config.config_file_path)))

    @event_priority(100)
    def _before_plugins(self, config: Any) -> None:
        settings.apply(config)
        root = Path(str(config.config_file_path)).parent
        if self._command == "serve" and (told := other_program(root)):
            log.warning(told)
        write_schemas(root, root / config.extra["data"])
        self._build = Build(self._command, self.tell_judged, self._kept_of(root / config.extra["data"]))
        self._build.before_plugins(config)
        if self._editor is not None:
            self._editor.built()

    @event_priority(-100)
    def _after_plugins(self, config: Any) -> None:
        self._current.after_plugins(config)

    on_config = CombinedEvent(_before_plugins, _after_plugins)

    def _kept_of(self, data: Path) -> Kept | None:
        """Return what earlier builds have worked out; a superior's pages are made of other portals too."""
        return None if (data / REGISTER).exists() else self._kept

    @property
    def _current(self) -> Build:
        assert self._build is not None  # noqa: S101  # the host begins every build with on_config
        return self._build

    @event_priority(-100)
    def on_files(self, files: Any, **_: Any) -> None:
        """Leave drafts out."""
        self._current.files(files)

    @event_priority(100)
    def on_nav(self, nav: Any, **_: Any) -> None:
        """Order the years."""
        self._current.nav(nav)

    @event_priority(-100)
    def on_pre_page(self, page: Any, /, files: Any, **_: Any) -> Any:
        """Give back what is known of a page."""
        self._current.begin_page(page, files)
        return page

    @event_priority(100)
    def on_page_read_source(self, page: Any, **_: Any) -> str | None:
        """Read a page in whatever encoding it is; the host reads UTF-8 alone."""
        return source_of(page.file)

    @event_priority(100)
    def _before_macros(self, markdown: str, /, page: Any, **_: Any) -> str:
        return self._current.before_macros(markdown, page)

    @event_priority(-100)
    def _after_macros(self, markdown: str, /, page: Any, **_: Any) -> str:
        return self._current.after_macros(markdown, page)

    on_page_markdown = CombinedEvent(_before_macros, _after_macros)

    @event_priority(-100)
    def on_page_content(self, html: str, /, page: Any, **_: Any) -> str:
        """Keep what is refused out of a preview."""
        return self._current.after_markdown(html, page)

    @event_priority(-100)
    def on_env(self, env: Any, config: Any, files: Any) -> Any:
        """Judge the pages before anything is written."""
        env.bytecode_cache = self._templates
        self._current.judge(config, files)
        return env

    @event_priority(-100)
    def on_post_build(self, config: Any) -> None:
        """Publish."""
        self._current.publish(config)

    def on_build_error(self, **_: Any) -> None:
        """Leave the old site as it is."""
        if self._build is not None:
            self._build.abandon()

    def on_serve(self, server: Any, config: Any, **_: Any) -> None:
        """Watch all that the portal is made of, survive what happens to it, and let pages be edited."""
        preview.guard(server, config)
        self._editor = attach(server, desk_of(config))
