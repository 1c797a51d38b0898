"""`nianbao check` as it is called: exit codes, formats, paths, explanations, wrong use."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from building import Result, copy_project, without_powers
from building import nianbao as run_command
from nianbao.model.dataset import FORMS
from nianbao.model.project import OWN_FORMS
from nianbao.rules.registry import ALL_RULES

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.rules.rule import Rule


def nianbao(*arguments: str, folder: Path) -> Result:
    """Run the command in *folder*, and assert that no bug shows; the terminal is none and has no colours."""
    result = run_command(*arguments, folder=folder)
    assert "Traceback" not in result.printed, result.printed
    return result


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project."""
    folder = copy_project(tmp_path_factory.mktemp("project"))
    shutil.copytree(FORMS, folder / "data" / OWN_FORMS)
    (folder / "other").mkdir()
    return folder


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return a copy of the project whose report does not balance."""
    folder = copy_project(tmp_path)
    data = folder / "data/2023.yml"
    text = data.read_text(encoding="utf-8")
    changed = text.replace("carried_out:                    [0,", "carried_out:                    [7,", 1)
    assert changed != text
    data.write_text(changed, encoding="utf-8")
    return folder


BALANCE = (
    "“自然人”一列不平：一、本年新收政府信息公开申请数量 0＋二、上年结转政府信息公开申请数量 0，合计 0；"
    "（七）总计 0＋四、结转下年度继续办理 7，合计 7；"
    "两边应当相等（第一项加第二项之和，等于第三项加第四项之和），请核对"
)


def test_real_report(project: Path) -> None:
    """The published report of 2023 has no error; what it lacks is told, and what was proved is counted."""
    result = nianbao("check", folder=project)
    assert result.code == 0, result.printed
    told = [line for line in result.printed.splitlines() if re.match(r"(data|docs)/", line)]
    rules = [re.sub(r".*: (\S+ \S+) .*", r"\1", line) for line in told]
    assert rules == ["待核 P-01", "提醒 P-11", *["提醒 P-10"] * 3, "提醒 S-07", "提醒 S-08", "提醒 S-08", "提醒 S-06"]
    assert re.search(r"检查了 1 份报告，用了 \d+ 条规则。\n", result.printed)
    proved = re.search(r"证实 (\d{3}) 处：(.*)。\n照原样公布 1 处：\n(.*)\n", result.printed)
    assert proved is not None, result.printed
    assert sum(map(int, re.findall(r" (\d+) 处", proved[2]))) == int(proved[1])
    assert "第三部分的表 182 处" in proved[2]
    assert proved[3].startswith("  docs/2023/1-overview.md:1:1: S-05 〔1-overview.md：政府信息管理〕原件")


def test_example_agency(project: Path) -> None:
    """Every fault planted in the examples is found, and nothing else; two more are waived with their reasons."""
    result = nianbao("check", folder=project / "examples")
    assert result.code == 0, result.printed
    told = [line for line in result.printed.splitlines() if re.match(r"(data|docs)/", line)]
    assert [re.sub(r"(:\d+:\d+: \S+ \S+).*〔(.*)〕", r"\1 \2", line) for line in told] == [
        "data/2019.yml:62:40: 待核 T3-01 requests.results.refused.internal_affairs.organizations.commercial",
        "docs/2025/2-disclosure.md:3:65: 提醒 X-09 2-disclosure.md：行政许可1398件",
        "docs/2025/2-disclosure.md:10:26: 提醒 Q-07 2-disclosure.md：后的次序排列,各类的的顺序",
        "docs/2025/2-disclosure.md:10:29: 提醒 Q-06 2-disclosure.md：的的",
    ]
    document = json.loads(nianbao("check", "--format", "json", folder=project / "examples").printed)
    waived = [
        (report["year"], rule["rule"], one["place"])
        for report in document["reports"]
        for rule in report["rules"]
        for one in rule.get("waived", ())
    ]
    assert waived == [(2020, "T3-04", "requests.received.total"), (2021, "L-05", "published_on")]


def test_strict_counts_everything(project: Path) -> None:
    """What is soft is enough to fail with --strict."""
    assert nianbao("check", "--strict", folder=project).code == 1


def test_error_stops(broken: Path) -> None:
    """A hard finding ends with 1 and comes first, with its rule, both sides of the sum and its place for waivers."""
    result = nianbao("check", folder=broken)
    assert result.code == 1
    first = result.printed.splitlines()[0]
    assert first == f"data/2023.yml:75:36: 错误 T3-02 {BALANCE} 〔requests.carried_out.natural_person〕"
    assert "改正错误后才能公布" in result.printed


def test_reading_errors_stop(broken: Path) -> None:
    """Data that cannot be read are errors of the same list."""
    (broken / "data/2023.yml").write_text("", encoding="utf-8")
    result = nianbao("check", folder=broken)
    assert result.code == 1
    assert "data/2023.yml:1:1: 错误 文件是空的；请按同类文件填写" in result.printed


def test_json(broken: Path) -> None:
    """JSON holds findings, the result of every rule for each report and the counts."""
    result = nianbao("check", "--format", "json", folder=broken)
    document = json.loads(result.printed)
    assert result.code == 1
    assert document["findings"][0] == {
        "file": "data/2023.yml",
        "line": 75,
        "column": 36,
        "level": "error",
        "rule": "T3-02",
        "place": "requests.carried_out.natural_person",
        "message": BALANCE,
    }
    (report,) = document["reports"]
    assert (report["agency"], report["year"]) == ("wghfwzx", 2023)
    assert [rule["rule"] for rule in report["rules"]] == [rule.code for rule in ALL_RULES]
    states = {rule["rule"]: rule["state"] for rule in report["rules"]}
    assert (states["T3-02"], states["S-05"], states["S-01"], states["T3-05"]) == (
        "failed",
        "waived",
        "kept",
        "inapplicable",
    )
    assert document["summary"]["errors"] == 1
    assert document["summary"]["reports"] == 1


def test_annotations(broken: Path) -> None:
    """Annotations name file, line and column, and escape what would end them."""
    first = nianbao("check", "--format", "github", folder=broken).printed.splitlines()[0]
    assert first == f"::error file=data/2023.yml,line=75,col=36,title=T3-02::{BALANCE}"


def test_sarif(broken: Path) -> None:
    """SARIF has one run whose results name its own rules."""
    document = json.loads(nianbao("check", "--format", "sarif", folder=broken).printed)
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    known = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} == known
    first = run["results"][0]
    assert (first["ruleId"], first["level"], first["message"]["text"]) == ("T3-02", "error", BALANCE)
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "data/2023.yml"},
        "region": {"startLine": 75, "startColumn": 36},
    }


def test_sarif_has_what_the_standard_asks(broken: Path) -> None:
    """Places and texts have the properties that SARIF 2.1.0 requires, with addresses that are none of this machine."""
    for folder in (broken, broken / "examples"):
        document = json.loads(nianbao("check", "--format", "sarif", folder=folder).printed)
        assert document["$schema"].endswith("/sarif-schema-2.1.0.json")
        (run,) = document["runs"]
        assert run["tool"]["driver"]["name"] == "nianbao"
        assert run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}
        for result in run["results"]:
            assert result["message"]["text"]
            assert result["level"] in {"none", "note", "warning", "error"}
            (location,) = result["locations"]
            region = location["physicalLocation"]["region"]
            assert min(region["startLine"], region["startColumn"]) >= 1
            address = location["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", address)
            assert not address.startswith("/")


def test_missing_pages_stop(tmp_path: Path) -> None:
    """A report that lacks a page, a year without pages and pages without data are as wrong as in a build."""
    folder = copy_project(tmp_path)
    shutil.copytree(folder / "docs/2023", folder / "docs/2022")
    (folder / "docs/2023/4-review.md").unlink()
    (folder / "docs/2023/full.md").unlink()
    result = nianbao("check", folder=folder)
    assert result.code == 1
    assert "data/2022.yml:1:1: 错误 缺少此文件：有 2022 年的页面，却没有数据；请补上\n" in result.printed
    assert "docs/2023/4-review.md:1:1: 错误 缺少此页面；请补上，可从其他年度复制\n" in result.printed
    assert "docs/2023/full.md:1:1: 错误 缺少此页面；请补上，可从其他年度复制\n" in result.printed
    shutil.rmtree(folder / "docs")
    result = nianbao("check", folder=folder)
    assert result.code == 1
    assert "docs/2023:1:1: 错误 缺少此文件夹：有 2023 年的数据，却没有页面；请补上\n" in result.printed
    assert "docs/index.md:1:1: 错误 缺少此页面" in result.printed


def test_paths(project: Path) -> None:
    """Projects, data folders, folders of agencies and year files can be named, files as seen from where one stands."""
    both = nianbao("check", ".", "examples", folder=project)
    assert "检查了 2 个机关的 8 份报告" in both.printed
    assert "\nexamples/data/2019.yml:62:40: 待核 T3-01 " in both.printed
    one = nianbao("check", "examples/data/2024.yml", folder=project)
    assert "检查了 1 份报告" in one.printed
    assert "2019.yml" not in one.printed
    for page in ("examples/docs/2025/5-improvement.md", "examples/docs/2025"):
        year = nianbao("check", page, folder=project)
        assert "检查了 1 份报告" in year.printed
        assert "\nexamples/docs/2025/2-disclosure.md:10:26: 提醒 Q-07 " in f"\n{year.printed}"
    for whole in ("examples/docs", "examples/docs/index.md", "examples/data/agency.yml", "examples/data/profile.yml"):
        assert "检查了 7 份报告" in nianbao("check", whole, folder=project).printed
    number = nianbao("check", "2024", folder=project / "examples")
    assert "检查了 1 份报告" in number.printed
    assert "2019.yml" not in number.printed
    data = nianbao("check", "examples/data", folder=project)
    assert "检查了 7 份报告" in data.printed
    inside = nianbao("check", folder=project / "examples")
    assert "\ndata/2019.yml:62:40: 待核 T3-01 " in f"\n{inside.printed}"


COMMANDS = (
    "start、template、new、import、edit、fill、check、build、freeze、reopen、publish、correct、verify、sites、rollback、"
    "headers、export、macros、upgrade、members、collect、board、rollup、cells"
)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["chek"], f"没有这个命令；可用的是 {COMMANDS}"),
        ([], f"缺少命令；可用的是 {COMMANDS}"),
        (["check", "nowhere"], "没有 nowhere 这个文件或文件夹；请检查路径"),
        (["check", "2022"], "没有 2022 年的数据（data/2022.yml）；新的年度先运行 nianbao new 2022"),
        (
            ["check", "mkdocs.yml"],
            "mkdocs.yml 不是报告的数据文件或页面；数据文件如 data/2023.yml，页面如 docs/2023/1-overview.md",
        ),
        (["check", "data/forms/2021.yml"], "2021.yml 不是报告的数据文件或页面"),
        (["check", "other"], "other 里没有年报数据"),
        (["check", "--formt", "json"], "没有 --formt 这个选项；是否应为 --format"),
        (["check", "--format", "xml"], "--format 应为 text、json、github、sarif 之一"),
        (["check", "--explain", "T3-5"], "没有 T3-5 这条规则；是否应为 T3-05；全部规则见 nianbao check --explain all"),
        (["check", "--explain"], "选项 --explain 缺少内容"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use(project: Path, arguments: list[str], reason: str) -> None:
    """Wrong use ends with 2 and says in Chinese what is wrong."""
    result = nianbao(*arguments, folder=project)
    assert result.code == 2, result.printed
    assert reason in result.printed
    command = " check" if "check" in arguments else ""
    assert f"运行 nianbao{command} --help 查看用法" in result.printed


def test_configuration_that_cannot_be_read(broken: Path) -> None:
    """A mkdocs.yml that is no YAML is told and not a traceback."""
    (broken / "mkdocs.yml").write_text("site_name: [", encoding="utf-8")
    result = nianbao("check", folder=broken)
    assert result.code == 2
    assert "mkdocs.yml:1:13: YAML 格式有误：" in result.printed


@pytest.mark.parametrize(
    ("command", "closed"),
    [
        (["check"], "data/forms"),
        (["check"], "docs/2023"),
        (["build"], "docs/2023"),
        (["export", "2023", "--out", "files"], "docs/2023"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_folders_that_may_not_be_read(project: Path, command: list[str], closed: str) -> None:
    """A folder that the system does not let us read, as a run by another user leaves it, is told."""
    (project / closed).chmod(0)
    try:
        result = without_powers(*command, folder=project)
    finally:
        (project / closed).chmod(0o755)
    assert result.code == 1
    assert re.search(rf"不能读写 \S*{closed}（没有权限）；请检查权限和磁盘", result.printed), result.printed


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.code)
def test_every_rule_has_a_statement_and_a_basis(rule: Rule) -> None:
    """Each rule has a permanent code of a known family, a statement of one Chinese sentence and a basis."""
    assert re.fullmatch(r"(S|T2|T3|T4|X|Q|L|P|W)-[0-9]{2}", rule.code)
    assert re.fullmatch(r"[^。]*[\u4e00-\u9fff][^。]*。", rule.statement)
    assert re.search(r"[\u4e00-\u9fff]", rule.basis)


def test_explanations(project: Path) -> None:
    """An explanation gives statement, basis and cases; the list has every rule."""
    one = nianbao("check", "--explain", "t3-05", folder=project).printed
    for words in (
        "T3-05  每一列：上年结转等于",
        "依据：国办公开办函",
        "符合的例子：",
        "不符合的例子：",
        "查出：data/2025.yml:",
    ):
        assert words in one
    listed = nianbao("check", "--explain", "all", folder=project).printed
    assert all(f"{rule.code:<6}" in listed and rule.statement in listed for rule in ALL_RULES)


def test_help(project: Path) -> None:
    """Help is Chinese throughout."""
    for arguments in (["--help"], ["check", "--help"]):
        result = nianbao(*arguments, folder=project)
        assert result.code == 0
        assert result.printed.startswith("用法：nianbao")
        assert not re.search(r"Usage|Options|Show this|Commands", result.printed)
