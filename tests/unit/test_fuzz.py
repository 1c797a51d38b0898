"""Damaged files of every kind: whatever stands in them, checking ends with findings that people can use.

Copies of real files are cut, doubled, mixed and sprinkled with what YAML, Jinja, Markdown, HTML and
Unicode find hard. Nothing may raise; every finding has a place inside its file and a Chinese sentence.
The folders of fuzz_cases hold what was once found: their files replace those of the project.

NIANBAO_FUZZ_SECONDS=600 pytest tests/unit/test_fuzz.py goes on with other examples for ten minutes.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nianbao.command import formats
from nianbao.command.judging import check_project
from nianbao.model.dataset import FORMS, OWN_FORMS
from nianbao.model.project import Project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.reading.findings import Finding

CASES = ROOT / "tests" / "fuzz_cases"

# Two years of one form with pages, and one of the other.
YEARS = (2020, 2022, 2023)
PROFILE = """\
name: 本地要求
basis: 合成示例
deadline: 01-20
similarity: 70
jump: 150
headings: [{section: overview, text: 主动公开, from: 2020}]
topics: [{section: other, text: 信息处理费}]
figures: [{section: requests, figure: requests.received}]
lengths: [{section: overview, maximum: 1000}]
typing: [{wrong: 公开公开, right: 公开}]
"""

# Every file is damaged alike often, so those of 2020 and 2022 that are like those of 2023 are left out.
TARGETS = (
    *("data/2020.yml", "data/2023.yml", "data/agency.yml", "data/profile.yml"),
    *("data/forms/2019.yml", "data/forms/2021.yml", "docs/2022/1-overview.md", "docs/2022/5-improvement.md"),
    *("docs/2023/index.md", "docs/2023/1-overview.md", "docs/2023/2-disclosure.md", "docs/2023/3-requests.md"),
    *("docs/2023/4-review.md", "docs/2023/5-improvement.md", "docs/2023/6-other.md"),
)
WORDS = {
    "yaml": "&a |*a |!x |!!python/object:os.system |? |- |---\n|...\n|\t|\r\n|[|]|{|}|, |: |%YAML 1.1\n|'|\"|>\n|#",
    "figures": "不详|-1|+3|0x10|1e999|１２|．|1,000|null|~|" + "9" * 30 + "|" + "9" * 5000 + "|1.5|万元|元",
    "keys": "total: true|children: []|blocks: []|rows: []|columns: []|tables: []|kind: count|id: total|typed_by: group",
    "jinja": "{{ |}}|{% |%}|{##|##}|{{ year() }}|{{ year(-1) }}|{{ agency(1) }}|{{ figure(1) }}|{{ figure(*[1,2,3]) }}"
    "|{{ 1/0 }}|{{ a.b }}|{{ page.x }}|{% for i in range(3) %}|{% endfor %}|{% raw %}|{% if year() %}|{% endif %}"
    "|{% include 'docs/2023/index.md' %}|{{ full_text() }}|{{ statutory_table('x') }}|{{ ''.__class__ }}|{{ [1] * 3 }}",
    "markdown": "](|![|**|_|`|```\n|~~~\n|# |## |> |1. 1. 1. |    |- |{: .transcription }|[a]: b\n|*[A]: b\n|---\n",
    "html": "<|</p>|<p>|<div>|<pre>|<!--|-->|<![CDATA[|<![x[|<?|<!|<script>|&#|&#x110000;|<br>|<td>|<li>|<a b='|>",
    "chinese": "，|、|；|。|（一）|一、|共收到|申请5件|同比增长|50%|百分之五|2022年|2024年|其中"
    "|“|”|《|》|〔2021〕|号|：|零|十",
    "characters": "\ue000|\ue001|\ue002|\ue003|\ue00212\ue003|\ufeff|\u200b|\u3000|\u2028|\u0000|\u001b|\r|\u202e|𠀀",
    "entries": "waivers:\n  - {rule: T3-02, place: x, reason: y}\n|blanks_are_zero: true\n"
    "|transcribed: true\n|items: 不详\n"
    "|corrections:\n  - {on: 2024-02-01, reason: x, digest: " + "0" * 64 + "}\n|digest: " + "1" * 64 + "\n",
}
TOKENS = [
    *(word.encode() for words in WORDS.values() for word in words.split("|") if word),
    *(b"|", b"|a|b|\n|-|-|\n", b"\xff", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", "中".encode()[:2]),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project of few years whose files may be damaged one after another."""
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "data").mkdir()
    for year in YEARS:
        shutil.copy(ROOT / f"examples/data/{year}.yml", folder / "data")
        shutil.copytree(ROOT / f"examples/docs/{year}", folder / f"docs/{year}")
    shutil.copy(ROOT / "examples/data/agency.yml", folder / "data")
    (folder / "data/profile.yml").write_text(PROFILE, encoding="utf-8")
    shutil.copytree(FORMS, folder / "data" / OWN_FORMS)
    return folder


def examine(project: Path, files: dict[str, bytes]) -> None:
    """Check *project* with *files* in the place of its own: nothing raises and every finding is of use."""
    kept = {name: (project / name).read_bytes() for name in files}
    years = {int(year) for name in files for year in re.findall(r"/(20[0-9]{2})[/.]", name) if OWN_FORMS not in name}
    opened = Project(
        root=project,
        data=project / "data",
        docs=project / "docs",
        years=frozenset(years),
    )
    try:
        for name, content in files.items():
            (project / name).write_bytes(content)
        findings = check_project(opened).findings
        for finding in findings:
            _assert_useful(finding, project)
        assert formats.as_json(findings, [], {}).encode()
        assert formats.as_sarif(findings).encode()
        assert formats.as_annotations(findings).encode() or not findings
    except Exception as error:
        failed = project.parent / "failed"
        for name, content in files.items():
            (failed / name).parent.mkdir(parents=True, exist_ok=True)
            (failed / name).write_bytes(content)
        error.add_note(f"the files are in {failed}; put what is left after mending into {CASES.name}")
        raise
    finally:
        for name, content in kept.items():
            (project / name).write_bytes(content)


def _assert_useful(finding: Finding, project: Path) -> None:
    """Say that *finding* has a place inside its file and tells in Chinese, without a trace of the machine."""
    told = f"{finding.message}{finding.subject}"
    assert re.search("[一-鿿]", finding.message), finding
    assert not re.search(r"Traceback|site-packages|\n", told), finding
    assert str(project) not in f"{finding}{told}", finding
    assert len(told) < 5000, finding
    place = finding.place
    path = project / place.file
    assert not Path(place.file).is_absolute(), finding
    if not path.is_file():
        assert (place.line, place.column) == (1, 1), finding
        return
    lines = re.split(r"\r\n|\r|\n", path.read_bytes().decode("utf-8-sig", "replace"))
    assert 1 <= place.line <= len(lines), finding
    # Bytes that are no UTF-8 have no columns.
    broken = "\ufffd" in lines[place.line - 1]
    assert 1 <= place.column <= len(lines[place.line - 1]) + 1 or broken, finding


@st.composite
def edits(draw: st.DrawFn, length: int) -> tuple[str, int, int, bytes]:
    """Return a kind of damage, where it begins and ends in a file of *length* bytes, and what is put there."""
    kind = draw(st.sampled_from(["insert", "insert", "delete", "double", "flip", "line", "mix"]))
    start = draw(st.integers(0, length))
    size = draw(st.sampled_from([1, 1, 3, 10, 100, 1000]))
    token = draw(st.sampled_from(TOKENS)) * draw(st.sampled_from([1, 1, 1, 2, 50]))
    return kind, start, start + size, draw(st.binary(min_size=1, max_size=8)) if kind == "flip" else token


def damaged(content: bytes, other: bytes, edit: tuple[str, int, int, bytes]) -> bytes:
    """Return *content* with one *edit*; *other* is the file that may be mixed in."""
    kind, start, end, token = edit
    match kind:
        case "insert" | "flip":
            return content[:start] + token + content[start if kind == "insert" else start + len(token) :]
        case "delete":
            return content[:start] + content[end:]
        case "double":
            return content[:start] + content[start:end] * 3 + content[end:]
        case "line":
            lines = content.split(b"\n")
            at = content.count(b"\n", 0, start)
            return b"\n".join([*lines[:at], token + lines[(at + end) % len(lines)], *lines[at:]])
        case _:
            return content[:start] + other[start:end] + content[start:]


@st.composite
def damages(draw: st.DrawFn) -> tuple[str, str, list[tuple[str, int, int, bytes]]]:
    """Return the file to damage, the one to mix in, and the edits."""
    target, other = draw(st.sampled_from(TARGETS)), draw(st.sampled_from(TARGETS))
    return target, other, draw(st.lists(edits(15_000), min_size=1, max_size=5))


def runs(examples: int) -> Iterator[settings]:
    """Yield what the search runs with: always the same examples, then others for the time that is asked for."""
    checks = list(HealthCheck)
    common = settings(max_examples=examples, deadline=None, database=None, suppress_health_check=checks)
    yield settings(common, derandomize=True)
    end = time.monotonic() + float(os.environ.get("NIANBAO_FUZZ_SECONDS", "0"))
    while time.monotonic() < end:
        yield settings(common, derandomize=False)


def test_damaged_files_give_findings(project: Path) -> None:
    """Real files, damaged."""

    def search(damage: tuple[str, str, list[tuple[str, int, int, bytes]]]) -> None:
        target, other, changes = damage
        content = (project / target).read_bytes()
        for kind, start, end, token in changes:
            length = len(content) + 1
            shifted = (kind, start % length, start % length + end - start, token)
            content = damaged(content, (project / other).read_bytes(), shifted)
        examine(project, {target: content})

    for chosen in runs(150):
        chosen(given(damages())(search))()


def test_any_bytes_give_findings(project: Path) -> None:
    """Files that were never files of ours."""

    def search(target: str, content: bytes) -> None:
        examine(project, {target: content})

    tokens = st.lists(st.sampled_from(TOKENS), max_size=40).map(b"".join)
    for chosen in runs(50):
        chosen(given(st.sampled_from(TARGETS), st.one_of(tokens, st.binary(max_size=200)))(search))()


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: str(case.name))
def test_what_was_found_stays_mended(project: Path, case: Path) -> None:
    """What a search has found once."""
    files = [path for path in sorted(case.rglob("*")) if path.is_file()]
    examine(project, {path.relative_to(case).as_posix(): path.read_bytes() for path in files})
