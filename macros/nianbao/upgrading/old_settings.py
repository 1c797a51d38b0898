"""The mkdocs.yml of version 0.1.0 as that of 0.2.0: what the program sets now goes, the rest stays as it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from nianbao.data_files.entries import quoted
from nianbao.model.configuration import PLUGIN, SETTINGS
from nianbao.reading.findings import Findings
from nianbao.reading.nodes import compose

if TYPE_CHECKING:
    from collections.abc import Callable

# A line that begins a setting, a key or an item of a list.
_NAME = r"(?P<quote>['\"]?)(?P<name>[^\s:'\"#][^:'\"#]*?)(?P=quote)"
_BEGINS = re.compile(rf"(?P<indent> *)(?:- +)?{_NAME}\s*(?::(?:\s|$)|#|$)")
_HOOK = re.compile(r"(?:\.\./)*macros/(?:nianbao/)?hooks\.py")
_WATCHED = re.compile(r"(?:\.\./)*(?:macros|theme|data|data/formats)/?")
_EXTENSION = re.compile(r"(?:attr_list|toc|(?:macros|nianbao)\..*)")
# What 0.1.0 said in its own mkdocs.yml of the body whose report came with it: no other body has a use for it.
_DESCRIPTION = "武昌区社会管理网格化服务中心（武昌区城市运行管理中心）政府信息公开工作年度报告"
_PALETTE = {"scheme": "default", "primary": "custom", "accent": "custom"}
_LOGO = {"logo": "material/file-document-outline"}


def is_old(text: str) -> bool:
    """Say whether *text* is a mkdocs.yml of version 0.1.0, or one that inherits such a file."""
    values = _values(text)
    hooks = values.get("hooks")
    known = isinstance(hooks, list) and any(_HOOK.fullmatch(str(hook)) for hook in hooks)
    return known and PLUGIN not in _names(values.get("plugins"))


def old_data(text: str) -> str:
    """Return the folder of data that a mkdocs.yml of version 0.1.0 names."""
    extra = _values(text).get("extra")
    return str(extra.get("data") or "data") if isinstance(extra, dict) else "data"


def new_settings(text: str) -> str:
    """Return the mkdocs.yml *text* without what the program sets now, and with the plugin; another text stays."""
    if not is_old(text):
        return text
    values = _values(text)
    blocks = _split(text.splitlines())
    lines: list[str] = []
    for block in blocks:
        lines += _DROPPED[block.name](block, values) if block.name in _DROPPED else block.lines
    missing = {"theme": _theme, "plugins": _plugins}
    for name, make in missing.items():
        if name not in values:  # It was inherited.
            lines += make(_Block(name), values)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


@dataclass(frozen=True, slots=True)
class _Block:
    """A setting with the lines above it that are comments or empty, its own and those below it."""

    name: str
    above: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """All lines."""
        return [*self.above, *self.own]


def _split(lines: list[str], indent: int = 0) -> list[_Block]:
    """Return the settings that begin at *indent*; comments and empty lines belong to what follows them."""
    blocks: list[_Block] = []
    above: list[str] = []
    for line in lines:
        match = _BEGINS.match(line)
        stripped = line.strip()
        if match is not None and len(match["indent"]) == indent and not stripped.startswith("#"):
            blocks.append(_Block(match["name"], above, [line]))
            above = []
        elif not stripped or (stripped.startswith("#") and len(line) - len(line.lstrip()) <= indent):
            above.append(line)
        elif blocks:
            blocks[-1].own.extend([*above, line])
            above = []
    if above:
        blocks.append(_Block("", above))
    return blocks


def _below(block: _Block) -> list[_Block]:
    """Return the settings or items below that of *block*; none where they stand in its own line."""
    indents = [len(line) - len(line.lstrip()) for line in block.own[1:] if line.strip() and line.strip()[0] != "#"]
    return _split(block.own[1:], indents[0]) if indents else []


def _without(drop: Callable[[str], bool]) -> Callable[[_Block, dict[str, Any]], list[str]]:
    """Return a function that gives a block without those of its settings or items for whose name *drop* is true."""

    def rest(block: _Block, values: dict[str, Any]) -> list[str]:
        below = _below(block)
        if below:
            left = [line for child in below if not child.name or not drop(child.name) for line in child.lines]
            return [*block.lines[: len(block.above) + 1], *left] if any(map(str.strip, left)) else []
        value = values.get(block.name)
        if "!" in "".join(block.own):  # A tag cannot be written again; what is left of ours is told by the check.
            return block.lines
        if isinstance(value, dict):
            value = {key: kept for key, kept in value.items() if not drop(key)}
        elif isinstance(value, list):
            value = [item for item in value if not drop(next(iter(item)) if isinstance(item, dict) else str(item))]
        return [*block.above, f"{block.name}: {_flow(value)}"] if value else []

    return rest


def _theme(block: _Block, values: dict[str, Any]) -> list[str]:
    theme = values.get("theme")
    theme = theme if isinstance(theme, dict) else {}
    ours = {"name", "custom_dir", "language", "font", "variant", "features"}
    ours |= {key for key, value in (("palette", _PALETTE), ("icon", _LOGO)) if theme.get(key) == value}
    below = [line for child in _below(block) if child.name not in ours for line in child.lines]
    if not below:
        below = [f"  {key}: {_flow(value)}" for key, value in theme.items() if key not in ours]
    return [*block.above, "theme:", "  name: material", *below]


def _plugins(block: _Block, values: dict[str, Any]) -> list[str]:
    """Return the plugins: ours with what ``extra`` said, and those that the portal has besides."""
    extra = values.get("extra")
    extra = extra if isinstance(extra, dict) else {}
    options = {key: str(extra[key]) for key in ("data", "notice") if extra.get(key) and extra[key] != _DATA.get(key)}
    own = [f"      {key}: {quoted(value)}" for key, value in options.items()]
    lines = [*block.above, "plugins:", "  - search", "  - macros", f"  - {PLUGIN}:" if own else f"  - {PLUGIN}", *own]
    plugins = values.get("plugins")
    entries: dict[str, Any] = {}
    for entry in plugins if isinstance(plugins, list) else [plugins] if plugins else []:
        entries |= entry if isinstance(entry, dict) else {str(entry): None}
    others = {name: value for name, value in entries.items() if name not in {"search", "macros"}}
    return [*lines, *(f"  - {name}: {_flow(value)}" if value else f"  - {name}" for name, value in others.items())]


_DATA = {"data": "data"}


def _description(block: _Block, values: dict[str, Any]) -> list[str]:
    return [] if values.get("site_description") == _DESCRIPTION else block.lines


def _excluded(block: _Block, values: dict[str, Any]) -> list[str]:
    ours = set(SETTINGS["exclude_docs"].split())
    return [] if set(str(values.get("exclude_docs")).split()) <= ours else block.lines


def _settled(block: _Block, values: dict[str, Any]) -> list[str]:
    """Return what of a block above its setting tells of the file and not of it: what an empty line follows."""
    del values
    last = max((number for number, line in enumerate(block.above) if not line.strip()), default=-1)
    return block.above[: last + 1]


_DROPPED: dict[str, Callable[[_Block, dict[str, Any]], list[str]]] = {
    "INHERIT": lambda block, _: block.above,  # The comment of the file may stand above it.
    "site_description": _description,
    "use_directory_urls": _settled,
    "theme": _theme,
    "plugins": _plugins,
    "hooks": _without(lambda name: _HOOK.fullmatch(name) is not None),
    "exclude_docs": _excluded,
    "watch": _without(lambda name: _WATCHED.fullmatch(name) is not None),
    "markdown_extensions": _without(lambda name: _EXTENSION.fullmatch(name) is not None),
    "extra_css": _without(lambda name: name in SETTINGS["extra_css"]),
    "extra": _without(lambda name: name in {"generator", "data", "formats", "drafts", "notice"}),
    "validation": _settled,
}


def _values(text: str) -> dict[str, Any]:
    """Return what *text* says as values, lists and mappings; nothing where it is no YAML."""
    root = compose(text, "", Findings(), tags=True)
    value = _value(root) if root is not None else None
    return value if isinstance(value, dict) else {}


def _value(node: yaml.Node) -> Any:  # noqa: ANN401  # whatever the file says
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    if not isinstance(node, yaml.ScalarNode) or node.style or not node.tag.startswith("tag:yaml.org,2002:"):
        return str(node.value)
    return yaml.safe_load(node.value)  # A number, a truth value, a date: written again it is the same.


def _names(plugins: object) -> set[str]:
    if isinstance(plugins, dict):
        return set(plugins)
    entries = plugins if isinstance(plugins, list) else []
    return {next(iter(entry)) if isinstance(entry, dict) else str(entry) for entry in entries}


def _flow(value: object) -> str:
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10_000, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...")
