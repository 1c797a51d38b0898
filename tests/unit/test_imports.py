"""Imports of the package go one way, those for types and those within functions as well."""

from __future__ import annotations

import ast
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from building import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
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


def graph() -> Mapping[str, set[str]]:
    """Return for each module of the package those that it imports."""
    paths = {module_name(path): path for path in (ROOT / "macros" / "nianbao").rglob("*.py")}
    found = {name: set(imported(path, set(paths))) for name, path in paths.items()}
    assert "nianbao.model.form" in found["nianbao.model.form_reader"]
    return found


def refuse_circles(found: Mapping[str, set[str]]) -> None:
    """Fail with the names in a circle of *found*, if there is one."""
    try:
        TopologicalSorter(found).prepare()
    except CycleError as error:
        raise AssertionError(" <- ".join(error.args[1])) from None


def test_no_imports_run_in_a_circle() -> None:
    """No module needs, over however many others, one that needs it."""
    refuse_circles(graph())


# What every command raises stands beside the commands that publish, and knows none of them.
ALONE = "nianbao.reading.refusal"


def room(module: str) -> str:
    """Return the folder of the package in which *module* lies, or itself where it lies in none."""
    return ".".join(module.split(".")[:2])


def test_folders_know_each_other_one_way() -> None:
    """No folder of the package needs, over however many others, one that needs it."""
    rooms: dict[str, set[str]] = defaultdict(set)
    for module, needed in graph().items():
        rooms[room(module)] |= {room(one) for one in needed} - {room(module)}
    refuse_circles(rooms)
