"""The JSON Schemas: current, named by the data files, and in agreement with the reader."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from building import ROOT
from nianbao.data_files.schemas import FOLDER, SCHEMAS
from nianbao.members.register import REGISTER
from nianbao.model.agency import AGENCY
from nianbao.model.dataset import read_dataset
from nianbao.model.frame import FRAME
from nianbao.model.profile import PROFILE
from nianbao.model.report_reader import report_fields
from nianbao.model.schema import file_schema, report_schema

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nianbao.model.dataset import Dataset
    from nianbao.reading.fields import Fields

DATA_FILES = [path for folder in (ROOT / "data", ROOT / "examples/data") for path in sorted(folder.glob("*.yml"))]


class Loader(yaml.SafeLoader):
    """Loads as editors do, who leave dates as text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def schema_of(path: Path) -> Path:
    """Return the schema that the first line of a data file names."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert match is not None, first
    return (path.parent / match[1]).resolve()


# The files of one each, by the names of their schemas: what they are, and their fields.
NAMED: dict[str, tuple[str, Fields]] = {
    "agency": ("编制并公布年度报告的机关", AGENCY),
    "profile": ("本地要求", PROFILE),
    "frame": ("门户框架", FRAME),
    "members": ("单位名册", REGISTER),
}


def expected(own: Dataset, name: str) -> dict[str, Any]:
    """Return what the model makes of the schema called *name*."""
    return file_schema(*NAMED[name]) if name in NAMED else report_schema(own.forms[int(name)])


@pytest.mark.parametrize("name", ["agency", "profile", "frame", "members", "2019", "2021"])
def test_schemas_are_current(own: Dataset, golden: Callable[[Path, str], str], name: str) -> None:
    """The files in the package are what the model and the forms make."""
    made = json.dumps(expected(own, name), ensure_ascii=False, indent=1) + "\n"
    assert golden(SCHEMAS / f"{name}.json", made) == made


@pytest.mark.parametrize("path", DATA_FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_data_files_name_their_schema_and_follow_it(path: Path) -> None:
    """Every data file names the schema of its form in its first line, and is valid by it."""
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)  # noqa: S506  # a safe loader, see above
    name = str(data.get("format", path.stem))
    assert schema_of(path) == path.parent.parent / FOLDER / f"{name}.json"
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.Draft7Validator(schema).validate(data)


# Places in the year's data, and what the schema must not let stand there.
WRONG: list[tuple[list[str | int], object]] = [
    (["requests", "received"], [0, 0, 0, 0, 0]),
    (["requests", "received"], [0, 0, 0, 0, 0, 0, 0, 0]),
    (["requests", "received", 0], -1),
    (["requests", "received", 0], 1.5),
    (["requests", "received", 0], "1"),
    (["requests", "received", 0], 10_000_000),
    (["requests", "results", "total"], [0, 0, 0, 0, 0]),
    (["disclosure", "licencing"], [0]),
    (["review", "litigation"], [0, 0, 0, 0]),
    (["status"], "done"),
    (["format"], 2019),
    (["published_on"], "2024/01/31"),
    (["printed"], {"requests.received.natural_person": 1}),
]


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_schema_refuses(path: list[str | int], value: object) -> None:
    """What the reader refuses for its shape is marked by the editor too."""
    data: Any = yaml.load((ROOT / "data/2023.yml").read_text(encoding="utf-8"), Loader=Loader)  # noqa: S506
    schema = json.loads((SCHEMAS / "2021.json").read_text(encoding="utf-8"))
    target = data
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    assert list(jsonschema.Draft7Validator(schema).iter_errors(data))


def test_labels_of_the_form_explain_the_lines(own: Dataset) -> None:
    """An editor that stands on a line shows the words of the form."""
    schema = report_schema(own.forms[2021])
    line = schema["properties"]["requests"]["properties"]["results"]["properties"]["refused"]["properties"][
        "state_secrets"
    ]
    assert line["description"] == (
        "1.属于国家秘密：自然人、商业企业、科研机构、社会公益组织、法律服务机构、其他、总计（可以不填）"
    )
    assert (
        line["items"][0]["description"]
        == "自然人：0 或正整数；原件无法辨认时填“不详”，原件空着时填“空白”，还没有填写的是“待填”"
    )


@pytest.mark.parametrize("name", ["agency", "profile", "2024"])
def test_what_is_declared_is_read_and_described(name: str, own: Dataset, tmp_path: Path) -> None:
    """A value of no kind, at any field that is declared, is told by the reader at its line and marked by the schema."""
    fields = NAMED[name][1] if name in NAMED else report_fields(own.forms[2021])
    shutil.copytree(ROOT / "examples/data", tmp_path / "data")
    file = tmp_path / f"data/{name}.yml"
    text = file.read_text(encoding="utf-8")
    schema = expected(own, "2021" if name == "2024" else name)
    for field in (*fields.required, *fields.optional):
        if field.name == "format":  # Without it the file is read no further; see the cases of bad data.
            continue
        others = re.sub(rf"^{field.name}:.*\n((?:[ #-].*)?\n)*", "", text, flags=re.MULTILINE)
        file.write_text(f"{field.name}: [[[]], {{x: 1}}]\n{others}", encoding="utf-8")
        found = read_dataset(tmp_path, tmp_path / "data").findings
        assert f"data/{name}.yml:1" in {f"{one.place.file}:{one.place.line}" for one in found}, field.name
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=Loader)  # noqa: S506  # a safe loader, see above
        assert [error for error in jsonschema.Draft7Validator(schema).iter_errors(data) if field.name in error.path]
