"""Imports of the package go one way, those for types and those within functions as well."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from building import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def module_name(path: Path) -> str:
    """Return the name under which *path* is imported."""
    parts = path.relative_to(ROOT / "macros").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path, modules: set[str]) -> Iterator[str]:
    """Yield the *modules* that the one at *path* imports, wherever the statement stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found = inner if inner in modules else node.module
                if found in modules:
                    yield found


def test_no_imports_run_in_a_circle() -> None:
    """No module needs, over however many others, one that needs it."""
    paths = {module_name(path): path for path in (ROOT / "macros" / "nianbao").rglob("*.py")}
    graph = {name: set(imported(path, set(paths))) for name, path in paths.items()}
    assert "nianbao.model.form" in graph["nianbao.model.form_reader"]
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(" <- ".join(error.args[1])) from None
