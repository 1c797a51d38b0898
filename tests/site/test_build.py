"""`nianbao build` as it is called: what it tells, what it refuses, and a published folder that is always whole."""

from __future__ import annotations

import gzip
import hashlib
import html
import os
import random
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import time
from typing import IO, TYPE_CHECKING

import pytest
from building import NIANBAO, copy_program, copy_project, nianbao, program
from lxml.etree import fromstring

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def digests(site: Path) -> dict[str, str]:
    """Return the digest of every file of *site*."""
    files = {path.relative_to(site).as_posix(): path for path in sorted(site.rglob("*")) if path.is_file()}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


def left_over(folder: Path) -> list[str]:
    """Return what a build has left in *folder*."""
    return sorted(path.name for path in folder.iterdir() if path.name.endswith(".building"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project with a site that the command has published."""
    folder = copy_project(tmp_path_factory.mktemp("project"))
    result = nianbao("build", folder=folder)
    assert result.code == 0, result.printed
    (folder / "printed.txt").write_text(result.printed, encoding="utf-8")
    return folder


@pytest.fixture
def changed(project: Path) -> Iterator[Path]:
    """Return the project, whose sources a test may change, and put them back."""
    kept = project / "kept"
    for name in ("docs", "data", "mkdocs.yml"):
        path = project / name
        shutil.copytree(path, kept / name) if path.is_dir() else shutil.copy(path, kept / name)
    try:
        yield project
    finally:
        for name in ("docs", "data"):
            shutil.rmtree(project / name)
        shutil.copytree(kept, project, dirs_exist_ok=True)
        shutil.rmtree(kept)


def append(path: Path, text: str) -> None:
    """Add *text* to the end of the file at *path*."""
    path.write_bytes(path.read_bytes() + text.encode())


def test_every_step_tells_what_it_confirmed(project: Path) -> None:
    """Four steps and a summary, each with counts that are not nothing."""
    lines = (project / "printed.txt").read_text(encoding="utf-8").splitlines()
    patterns = (
        r"✓ 检查  1 份报告，[1-9]\d+ 条规则：证实 [1-9]\d+ 处.*",
        r"✓ 生成  MkDocs 1\.6\.1 生成了网站，放在旁边等待核对",
        r"✓ 核对  [1-9]\d+ 个页面：[1-9]\d+ 个链接都通，[1-9]\d+ 个数与数据一致，[1-9]\d+ 段文字与检查过的一致，.*",
        r"✓ 发布  一步换上：.*/site",
        r"网站已更新：[1-9]\d+ 个页面，共 [1-9]\d+ 个文件，[1-9]\d*\.\d MB。",
        r"没有写网址：.*",
    )
    assert len(lines) == len(patterns), lines
    for pattern, line in zip(patterns, lines, strict=True):
        assert re.fullmatch(pattern, line), line
    assert left_over(project) == []


def test_same_site_as_the_engine_alone(project: Path, real_site: Path) -> None:
    """`mkdocs build` by itself publishes the very same bytes."""
    assert digests(project / "site") == digests(real_site)


LINKS = "\n[a](nowhere.md) [b](6-other.md#nope) ![c](gone.png)\n"


def findings(printed: str) -> list[str]:
    """Return the lines of findings among what a refused build has printed."""
    lines = printed.splitlines()
    found = [line for line in lines[: lines.index("")] if not line.startswith(("✓", "✗"))]
    assert lines[-1] == f"有 {len(found)} 处错误，网站没有更新；改正后再运行一次。"
    return found


@pytest.mark.parametrize("engine", ["mkdocs", "zensical"])
def test_mistakes_are_told_at_once(changed: Path, engine: str) -> None:
    """Mistakes of data, rules, macros, loads and links are one list; the old site stays."""
    before = digests(changed / "site")
    planted = {
        "data/2023.yml": ("carried_out:                    [0,", "carried_out:                    [7,"),
        "docs/index.md": ("# ", "{{ agncy() }}\n\n# "),
        "docs/check.md": ("# ", '<img alt="" src="https://a.example/b.png">\n\n# '),
    }
    good = {name: (changed / name).read_text(encoding="utf-8") for name in planted}
    for name, (old, new) in planted.items():
        assert old in good[name]
        (changed / name).write_text(good[name].replace(old, new, 1), encoding="utf-8")
    append(changed / "docs/2023/5-improvement.md", LINKS)
    result = nianbao("build", "--engine", engine, folder=changed)
    assert result.code == 1
    assert result.printed.startswith("✗ 检查  1 份报告，")
    found = findings(result.printed)
    assert found[0].startswith("data/2023.yml:75:36: 错误 T3-02 ")
    check, index = (good[name].partition("# ")[0].count("\n") + 1 for name in ("docs/check.md", "docs/index.md"))
    assert found[1:] == [
        "docs/2023/5-improvement.md:23:5: 错误 链接“nowhere.md”指向的页面或文件不存在；请改正",
        "docs/2023/5-improvement.md:23:21: 错误 链接“6-other.md#nope”指向的标题或锚点不存在；请改正",
        "docs/2023/5-improvement.md:23:43: 错误 链接“gone.png”指向的页面或文件不存在；请改正",
        f"docs/check.md:{check}:18: 错误 不能从其他网站载入“https://a.example/b.png”；请把文件放进 docs，或改成链接",
        f"docs/index.md:{index}:4: 错误 没有“agncy”这个宏；是否应为 agency",
    ]
    assert digests(changed / "site") == before
    assert left_over(changed) == []


@pytest.mark.parametrize(
    ("html", "told", "step"),
    [
        # It might lead to a file of the program: only the built site tells.
        ('<p><a href="gone.html">a</a></p>', r"13: 错误 链接“gone\.html”指向的页面或文件不存在；请改正", "核对"),
        ('<p><a href="index.html">a</a>', r"4: 错误 <p> 没有结束标签；请改正这里的 HTML", "检查"),
    ],
)
def test_raw_html_is_judged(changed: Path, html: str, told: str, step: str) -> None:
    """A link of raw HTML, which engines pass over, and an element that does not end are told where they were typed."""
    append(changed / "docs/check.md", f"\n{html}\n")
    before = digests(changed / "site")
    result = nianbao("build", folder=changed)
    assert result.code == 1
    assert re.search(rf"^docs/check\.md:\d+:{told}$", result.printed, re.MULTILINE), result.printed
    assert f"✗ {step}" in result.printed
    assert digests(changed / "site") == before
    assert left_over(changed) == []


def test_address_of_the_site(project: Path, tmp_path: Path) -> None:
    """`--site-url` gives every page its full address, without a change of mkdocs.yml."""
    result = nianbao("build", "--site-url", "https://a.example/b", "--out", str(tmp_path / "out"), folder=project)
    assert result.code == 0, result.printed
    assert "没有写网址" not in result.printed
    page = (tmp_path / "out/2023/1-overview.html").read_text(encoding="utf-8")
    assert '<link rel="canonical" href="https://a.example/b/2023/1-overview.html">' in page
    locations = re.findall("<loc>(.*?)</loc>", (tmp_path / "out/sitemap.xml").read_text(encoding="utf-8"))
    assert "https://a.example/b/2023/1-overview.html" in locations
    assert all(location.startswith("https://a.example/b/") for location in locations)


@pytest.mark.parametrize("engine", ["mkdocs", "zensical"])
def test_an_address_with_signs_and_a_chinese_host(project: Path, tmp_path: Path, engine: str) -> None:
    """The site map is XML that its readers take, from the same content to the same bytes, old and new clocks alike."""
    address = "HTTPS://政务.中国/a&b/年报"
    made = []
    for clock in ("0", "1900000000"):
        out = tmp_path / clock / "site"
        os.environ["SOURCE_DATE_EPOCH"] = clock
        try:
            result = nianbao("build", "--engine", engine, "--site-url", address, "--out", str(out), folder=project)
        finally:
            del os.environ["SOURCE_DATE_EPOCH"]
        assert result.code == 0, result.printed
        made.append(digests(out))
    assert made[0] == made[1]
    base = "https://xn--zfr164b.xn--fiqs8s/a%26b/%E5%B9%B4%E6%8A%A5/"
    found = [element.text or "" for element in fromstring((out / "sitemap.xml").read_bytes()).iter("{*}loc")]
    assert f"{base}2023/1-overview.html" in found
    assert all(location.startswith(base) for location in found)
    if engine == "mkdocs":  # Zensical compresses none.
        assert gzip.decompress((out / "sitemap.xml.gz").read_bytes()) == (out / "sitemap.xml").read_bytes()
    page = html.unescape((out / "2023/1-overview.html").read_text(encoding="utf-8"))  # Zensical escapes slashes.
    assert f'<link rel="canonical" href="{base}2023/1-overview.html">' in page


WRONG: dict[tuple[str, ...], str] = {
    ("--engine", "jekyll"): "--engine 应为 mkdocs、properdocs、zensical 之一",
    ("--site-url", "www.example.gov.cn"): "--site-url 应为网站的网址",
    ("--site-url", "https://a.example/?a=1"): "--site-url 应为网站的网址",
    ("--site-url", "https://[a.example/"): "--site-url 应为网站的网址",
    ("--out", "docs"): "那里有源文件",
    ("--out", "."): "网站不能生成到",
    ("--out", "other"): "里有不是网站的文件",
    ("--out", "other/work.txt"): "网站不能生成到",
    ("--project", "nowhere"): "请在存放 mkdocs.yml 的文件夹里运行",
}


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_use(project: Path, arguments: tuple[str, ...]) -> None:
    """Wrong use ends with 2 before anything is built, and nothing is touched."""
    (project / "other").mkdir(exist_ok=True)
    (project / "other/work.txt").write_text("work", encoding="utf-8")
    result = nianbao("build", *arguments, folder=project)
    assert result.code == 2
    assert result.printed.startswith("用法不对：")
    assert WRONG[arguments] in result.printed
    assert (project / "other/work.txt").read_text(encoding="utf-8") == "work"
    assert left_over(project) == []


def test_settings_without_the_plugin(changed: Path) -> None:
    """Without the plugin drafts could be published, so that nothing is."""
    text = (changed / "mkdocs.yml").read_text(encoding="utf-8")
    (changed / "mkdocs.yml").write_text(text.replace("  - nianbao\n", ""), encoding="utf-8")
    result = nianbao("build", folder=changed)
    assert result.code == 2
    assert "mkdocs.yml:1:1: 缺少 plugins.nianbao；没有它就没有宏和检查" in result.printed
    assert "请在 plugins 下面加一行 - nianbao" in result.printed


@pytest.mark.parametrize("engine", ["mkdocs", "zensical"])
def test_settings_that_are_none(changed: Path, engine: str) -> None:
    """A plugin that is not on the list is told at its place, before any engine reads mkdocs.yml."""
    append(changed / "mkdocs.yml", "  - nothing-like-it\n")
    result = nianbao("build", "--engine", engine, folder=changed)
    assert result.code == 2
    assert re.search(r"mkdocs\.yml:\d+:5: plugins\.nothing-like-it 不能写", result.printed), result.printed
    assert "Traceback" not in result.printed


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk of one megabyte; who may not mount gets one where files cannot be large."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(tmp_path)]
    mounted = not subprocess.run(mount, capture_output=True, check=False).returncode
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    if not mounted:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    yield tmp_path
    if mounted:
        subprocess.run(["umount", "-l", str(tmp_path)], check=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("engine", ["mkdocs", "zensical"])
def test_full_disk(project: Path, full_disk: Path, engine: str) -> None:
    """Where the disk is full the message says so, and the old site stays."""
    (full_disk / "site").mkdir()
    (full_disk / "site/404.html").write_text("old", encoding="utf-8")
    result = nianbao("build", "--engine", engine, "--out", str(full_disk / "site"), folder=project)
    assert result.code == 1, result.printed
    assert re.search("网站没有更新：(磁盘已满|文件超过了允许的大小)；请腾出空间再运行", result.printed), result.printed
    assert "Traceback" not in result.printed
    assert digests(full_disk / "site") == {"404.html": hashlib.sha256(b"old").hexdigest()}
    assert left_over(full_disk) == []


def test_a_disk_that_fails_while_the_site_is_read_back(tmp_path: Path) -> None:
    """What the system says of the disk is told as such, and the old site stays."""
    folder = copy_project(tmp_path)
    reading = copy_program(folder) / "verifying" / "crawl.py"
    text = reading.read_text(encoding="utf-8")
    head = "    return _Crawler(site, expected).result()\n"
    assert head in text
    planted = '    raise OSError(5, "Input/output error", "page.html")\n'
    reading.write_text(text.replace(head, planted), encoding="utf-8")
    (folder / "site").mkdir()
    (folder / "site/404.html").write_text("old", encoding="utf-8")
    result = nianbao("build", folder=folder, fresh=True)
    assert result.code == 1
    assert "✗ 核对  没有通过" in result.printed
    assert "网站没有更新：不能读写 page.html（磁盘读写出错）；请检查权限和磁盘\n" in result.printed
    assert "Traceback" not in result.printed
    assert digests(folder / "site") == {"404.html": hashlib.sha256(b"old").hexdigest()}
    assert left_over(folder) == []


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Start the command in *folder*."""
    return subprocess.Popen(
        [sys.executable, "-c", NIANBAO, "build"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(program(folder))},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def wait_for(text: str, stream: IO[bytes], seconds: float) -> None:
    """Read *stream* until it has told *text*, or for so many *seconds*."""
    end = time.monotonic() + seconds
    read = b""
    while text.encode() not in read:
        ready, _, _ = select.select([stream], [], [], max(0, end - time.monotonic()))
        piece = os.read(stream.fileno(), 4096) if ready else b""
        if not piece:
            return
        read += piece


def wait_for_work(folder: Path) -> None:
    """Wait until a build in *folder* has begun to work."""
    for _ in range(1000):
        if left_over(folder):
            return
        time.sleep(0.01)


def test_killed_at_any_moment(changed: Path) -> None:
    """Killed while it checks, builds, reads back or publishes, the command leaves the old site or the new one."""
    page = changed / "docs/2023/6-other.md"
    text = page.read_text(encoding="utf-8")
    versions = [digests(changed / "site")]
    page.write_text(f"{text}\n本段是第二版。\n", encoding="utf-8")
    begun = time.monotonic()
    assert nianbao("build", folder=changed, fresh=True).code == 0
    taken = time.monotonic() - begun
    versions.append(digests(changed / "site"))
    assert versions[0] != versions[1]
    source = random.Random(2023)  # noqa: S311  # moments, not secrets
    left, published, attempt = 0, 0, 0
    # Until most have died with work half done and some have published, and that may take longer on a busy machine.
    while attempt < 8 or left <= 2 or not published:
        assert attempt < 80
        before = digests(changed / "site")
        wanted = 1 - versions.index(before)
        page.write_text(f"{text}\n本段是第二版。\n" if wanted else text, encoding="utf-8")
        process = start(changed)
        assert process.stdout is not None
        if attempt % 2:
            wait_for("✓ 核对", process.stdout, 60)
            time.sleep(source.uniform(0, 0.15))
        else:
            wait_for("never", process.stdout, taken * source.uniform(0.4, 0.9))
        process.kill()
        process.wait()
        process.stdout.close()
        after = digests(changed / "site")
        assert after in versions
        published += after != before
        left += bool(left_over(changed))
        attempt += 1
    for _ in range(100):
        result = nianbao("build", folder=changed)
        if "另一个命令正在生成" not in result.printed:  # The engine ends soon after the command that was killed.
            break
        time.sleep(0.1)
    assert result.code == 0, result.printed
    assert left_over(changed) == []


def test_two_at_once(project: Path) -> None:
    """A second build for the same folder is refused at once while the first goes on to its end."""
    process = start(project)
    try:
        wait_for_work(project)
        result = nianbao("build", folder=project)
        assert (result.code, result.printed.partition(" ")[0]) == (1, "另一个命令正在生成")
        printed, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        assert "网站已更新" in printed.decode()
    finally:
        process.kill()
        process.wait()
    assert left_over(project) == []


def test_interrupted(project: Path) -> None:
    """Ctrl-C ends the command with its code, clears up and leaves the site."""
    before = digests(project / "site")
    process = start(project)
    assert process.stdout is not None
    wait_for_work(project)
    process.send_signal(signal.SIGINT)
    assert process.wait() == 130
    process.stdout.close()
    assert digests(project / "site") == before
    assert left_over(project) == []


# Builds the site of the current folder and prints how often each text was laid out, counted by its first heading.
_COUNTING = """
import re
from collections import Counter
import markdown
from mkdocs.commands.build import build
from mkdocs.config import load_config

counted = Counter()
convert = markdown.Markdown.convert

def counting(self, source):
    heading = re.search("(?m)^# .*", re.sub("[\ue000-\uf8ff][0-9]*", "", source))
    counted[heading.group() if heading else ""] += 1
    return convert(self, source)

markdown.Markdown.convert = counting
config = load_config("mkdocs.yml")
config.plugins.on_startup(command="build", dirty=False)
build(config)
print(*(f"{times} {heading}" for heading, times in sorted(counted.items())), sep="\\n")
"""


def test_a_page_is_laid_out_twice(tmp_path: Path) -> None:
    """A cold build lays out a section once for all who read its words, and once for the site."""
    project = copy_project(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", _COUNTING],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(program(project)), "NO_MKDOCS_2_WARNING": "1"},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=True,
    )
    sections = [line for line in done.stdout.splitlines() if re.search(r"# [一二三四五六]、", line)]
    assert len(sections) == 6
    assert {line.partition(" ")[0] for line in sections} == {"2"}
