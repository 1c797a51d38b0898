"""What is installed and run from elsewhere is named to the byte, and what could not be looked up is told."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOCKS = ("requirements.txt", "requirements-dev.txt", "deploy/supply-chain/requirements.txt")
_REQUIREMENT = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9._-]*)(?:\[[a-z,]+\])?==[^ ;]+(?: ; .+?)?((?: --hash=sha256:[0-9a-f]{64})+)"
)


def requirements(text: str) -> list[str]:
    """Return the entries of a lock file, each as one line with single blanks."""
    joined = re.sub(r"\\\n", " ", text)
    return [" ".join(line.split()) for line in joined.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_locked_with_hashes(root: Path, lock: str) -> None:
    """Every line of a lock file is one version with the digests of its files, and none names an address."""
    text = (root / lock).read_text(encoding="utf-8")
    found = requirements(text)
    assert len(found) > 20
    assert [entry for entry in found if not _REQUIREMENT.fullmatch(entry)] == []
    assert "://" not in text
    assert "--index-url" not in text


@pytest.mark.parametrize(
    "broken",
    ["jinja2==3.1.6", "jinja2>=3 --hash=sha256:" + "0" * 64, "jinja2 @ https://example.org/jinja2.whl"],
)
def test_a_line_without_version_or_hash_is_seen(broken: str) -> None:
    """What the test above looks for is not found in a line that lacks it."""
    assert not _REQUIREMENT.fullmatch(requirements(broken)[0])


def test_all_that_the_project_names_is_locked(root: Path) -> None:
    """Each dependency of pyproject.toml has its line in the lock file."""
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    block = text[text.index("dependencies = [") : text.index("]\n", text.index("dependencies = ["))]
    named = set(re.findall(r'^ +"([A-Za-z0-9-]+)', block, re.MULTILINE))
    locked = {entry.partition("==")[0] for entry in requirements((root / LOCKS[0]).read_text(encoding="utf-8"))}
    assert len(named) > 5
    assert named <= locked


def actions(steps: Any) -> list[str]:  # noqa: ANN401  # YAML
    """Return the actions that the *steps* of a job use."""
    return [step["uses"] for step in steps if "uses" in step]


@pytest.mark.parametrize("name", ["github.yml", "gitea.yml"])
def test_actions_are_pinned_and_rights_are_least(root: Path, name: str) -> None:
    """A workflow has no rights but those that its jobs name, and its actions are named by commit and version."""
    text = (root / "deploy" / "pages" / name).read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    used = [action for job in workflow["jobs"].values() for action in actions(job["steps"])]
    assert used
    assert [action for action in used if not re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action)] == []
    assert len(re.findall(r"@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+$", text, re.MULTILINE)) == len(used)
    rights = {key: value for job in workflow["jobs"].values() for key, value in job["permissions"].items()}
    assert set(rights) <= {"contents", "pages", "id-token"}
    assert (rights["contents"] == "write") == (name == "gitea.yml")  # There the site is a branch.
    checkouts = [step for job in workflow["jobs"].values() for step in job["steps"] if "checkout@" in str(step)]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_workflows_publish_what_the_build_writes(root: Path) -> None:
    """Each workflow installs by hash, builds with the project's own command and publishes the folder that it writes."""
    for name, folder in {"github.yml": "site", "gitea.yml": "site", "gitlab.yml": "public"}.items():
        text = (root / "deploy" / "pages" / name).read_text(encoding="utf-8")
        assert yaml.safe_load(text)
        assert "--require-hashes -r program/requirements.txt" in text
        assert ".venv/bin/nianbao build --site-url" in text
        assert re.search(rf"(?:path: |cd |- ){folder}$", text, re.MULTILINE), name


@pytest.fixture(scope="module")
def judge(root: Path) -> Callable[[str, str, str], tuple[int, list[str]]]:
    """Return what judges the words of pip-audit."""
    path = root / "deploy" / "supply-chain" / "audit.py"
    spec = importlib.util.spec_from_file_location("audit", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[[str, str, str], tuple[int, list[str]]] = module.judge
    return found


SOUND: dict[str, Any] = {"name": "jinja2", "version": "3.1.6", "vulns": []}
SKIPPED = {"name": "jieba", "skip_reason": "Dependency not found on PyPI and could not be audited: jieba (0.42.1)"}
FAULTY = {"name": "jinja2", "version": "3.1.5", "vulns": [{"id": "PYSEC-2025-1", "fix_versions": ["3.1.6"]}]}


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        ([SOUND], 0, "核对了 1 个依赖，0 个已知漏洞"),
        ([FAULTY, SOUND], 1, "jinja2 3.1.5 有已知漏洞 PYSEC-2025-1，修复版本 3.1.6"),
        ([SOUND, SKIPPED], 3, "1 个依赖没有核对"),
        ([SKIPPED], 3, "核对了 0 个依赖"),
        ([FAULTY, SKIPPED], 1, "1 个依赖没有核对"),
        ([], 3, "不能当作没有漏洞"),
    ],
)
def test_an_audit_never_passes_in_silence(
    judge: Callable[[str, str, str], tuple[int, list[str]]], packages: list[dict[str, Any]], code: int, said: str
) -> None:
    """Only where every package was looked up and none is known does an audit succeed."""
    found, lines = judge("requirements.txt", json.dumps({"dependencies": packages, "fixes": []}), "")
    assert found == code
    assert said in "\n".join(lines)


def test_an_audit_that_fails_says_so(judge: Callable[[str, str, str], tuple[int, list[str]]]) -> None:
    """Where pip-audit gives nothing that can be read, its last words are told."""
    code, lines = judge("requirements.txt", "", "Traceback\nConnectionError: api.osv.dev")
    assert code == 3
    assert lines == ["requirements.txt：没有核对，漏洞库连接不上或 pip-audit 出错（ConnectionError: api.osv.dev）"]


def test_scripts_are_sound(root: Path) -> None:
    """The shell reads the script that uploads, and what it lists as first is no page."""
    script = root / "deploy" / "object-storage" / "upload.sh"
    subprocess.run(["sh", "-n", str(script)], check=True)
    lines = [line for line in script.read_text(encoding="utf-8").splitlines() if line.startswith(("put ", "aws "))]
    assert [number for number, line in enumerate(lines) if "$page" in line] == [len(lines) - 3, len(lines) - 2]
    assert "--delete" in lines[-1]
