"""The settings of every portal, made on the configuration of an engine, and written out for Zensical."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.config.config_options import PathSpec
from mkdocs.exceptions import ConfigurationError

from nianbao.installation import PACKAGE
from nianbao.model.configuration import BUILT_IN, SETTINGS, TASTE, Configuration, read_configuration
from nianbao.model.project import path_from
from nianbao.reading.addresses import site_address
from nianbao.reading.clock import behind, today
from nianbao.reading.findings import Findings

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.plugins import BasePlugin

# What a portal may say besides, as the engine has read it.
_OWN = ("site_name", "site_url", "site_description", "site_author", "copyright", "extra_css", "repo_url", "repo_name")

THEME = PACKAGE / "theme"


def apply(config: MkDocsConfig) -> None:
    """Make the settings on *config*, before any other plugin reads it.

    Raises ConfigurationError, with every place, where mkdocs.yml says what keeps a site from being built.
    """
    configuration = _configuration(config)
    if config.site_url:
        config.site_url = site_address(config.site_url) or config.site_url  # Asked about where it is written.
    config.use_directory_urls = SETTINGS["use_directory_urls"]
    config.theme.dirs.insert(0, str(THEME))
    for key, value in SETTINGS["theme"].items():
        if f"theme.{key}" not in TASTE & configuration.written:
            config.theme[key] = value
    for name, settings in SETTINGS["plugins"].items():
        _plugin(config, name).config.update(settings)
    ours = PathSpec().run_validation(SETTINGS["exclude_docs"])
    config.exclude_docs = ours if config.exclude_docs is None else ours + config.exclude_docs
    extensions = SETTINGS["markdown_extensions"]
    config.markdown_extensions += [name for name in extensions if name not in config.markdown_extensions]
    config.mdx_configs.update({name: dict(options) for name, options in extensions.items() if options})
    config.extra_css[:0] = [file for file in SETTINGS["extra_css"] if file not in config.extra_css]
    config.extra.update(SETTINGS["extra"])
    config.extra.update(data=configuration.data, notice=configuration.notice)
    for group, levels in SETTINGS["validation"].items():
        config.validation[group].update(dict.fromkeys(levels, logging.WARNING))


def _configuration(config: MkDocsConfig) -> Configuration:
    path, findings = Path(str(config.config_file_path)), Findings()
    configuration = read_configuration(path, path_from(path, Path.cwd()), findings)
    findings.extend(configuration.unfit)
    wrong = behind(today())
    if wrong:
        raise ConfigurationError(wrong)
    if len(findings):
        raise ConfigurationError("\n".join(["mkdocs.yml 有误：", *map(str, findings.sorted())]))
    return configuration


def _plugin(config: MkDocsConfig, name: str) -> BasePlugin[Any]:
    """Return the plugin *name*, which may be the theme's own."""
    return next(plugin for key, plugin in config.plugins.items() if key in {name, f"{config.theme.name}/{name}"})


def complete(config: MkDocsConfig) -> dict[str, Any]:
    """Return the settings of *config*, after `apply`, as a mkdocs.yml that needs no plugin of ours to set them.

    Where the templates of `THEME` lie is for the caller to say.
    """
    extensions = [name for name in config.markdown_extensions if name not in BUILT_IN or name in config.mdx_configs]
    written = {key: config[key] for key in _OWN if config[key]}
    theme = {key: config.theme[key] for key in (*SETTINGS["theme"], "favicon", "logo") if config.theme.get(key)}
    return written | {
        "use_directory_urls": config.use_directory_urls,
        "theme": SETTINGS["theme"] | theme,
        "plugins": dict(SETTINGS["plugins"]),
        "markdown_extensions": [
            {name: config.mdx_configs[name]} if name in config.mdx_configs else name for name in extensions
        ],
        "extra": dict(config.extra),
        "validation": SETTINGS["validation"],
    }
