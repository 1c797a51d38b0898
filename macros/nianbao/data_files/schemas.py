"""JSON Schemas beside a portal's data, for editors that complete and explain the data files.

They lie in the cache, which is no part of the portal, so that they are always those of the program that is
installed and a change of the program is no change of the portal.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
from typing import TYPE_CHECKING

from nianbao.cache.cache import FOLDER as CACHE
from nianbao.installation import PACKAGE
from nianbao.model.dataset import read_forms
from nianbao.model.project import OWN_FORMS
from nianbao.model.schema import report_schema

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCHEMAS = PACKAGE / "schemas"
FOLDER = CACHE / "schemas"


def schema_line(data: Path, name: str, root: Path) -> str:
    """Return the first line of a file in the folder *data* that has the schema *name*; *root* is the portal."""
    path = os.path.relpath(root.resolve() / FOLDER / f"{name}.json", data.resolve()).replace(os.sep, "/")
    return f"# yaml-language-server: $schema={path}"


def write_schemas(root: Path, data: Path) -> None:
    """Write the schemas of the portal in *root*, where they are not there or are others; without leave nothing is."""
    with contextlib.suppress(OSError):
        contents = dict(_package_schemas())
        if (data / OWN_FORMS).is_dir():
            for name, form in read_forms(root, data).by_name.items():
                if form is not None:
                    contents[f"{name}.json"] = json.dumps(report_schema(form), ensure_ascii=False, indent=1).encode()
        for name, content in contents.items():
            path = root / FOLDER / name
            if not path.is_file() or path.read_bytes() != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)


@functools.cache
def _package_schemas() -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(SCHEMAS.glob("*.json"))}
