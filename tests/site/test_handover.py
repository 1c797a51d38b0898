"""`nianbao build --zip`: one file for the operator, with what it is, the check numbers and what to do."""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from building import ROOT, copy_project, nianbao
from nianbao.lifecycle.site_record import read_site_record
from nianbao.publishing.handover import GUIDE, write_handover
from projects import everything

if TYPE_CHECKING:
    from pathlib import Path


def test_the_file_has_the_site_and_says_what_it_is(tmp_path: Path) -> None:
    """Every file of the site and no hidden one, the sums of them all, the check number of the year, its name."""
    folder = copy_project(tmp_path)
    done = nianbao("build", "--zip", folder=folder)
    assert done.code == 0, done.printed
    assert f"打包交给操作人员：{folder / 'site.zip'}" in done.printed
    with zipfile.ZipFile(folder / "site.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    sums = files.pop("SHA256SUMS").decode().splitlines()
    assert dict(line.split("  ", 1)[::-1] for line in sums) == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    guide = BeautifulSoup(files.pop(GUIDE), "html5lib")
    site = everything(folder / "site")
    assert files == {f"site/{name}": content for name, content in site.items()}
    assert guide.select_one("h1").get_text() == "武昌区社会管理网格化服务中心政府信息公开工作年度报告上网说明"  # type: ignore[union-attr]
    assert "没有校验号" in guide.get_text()  # No year of this portal is frozen.
    assert f"共 {len(site)} 个文件" in guide.get_text()


def test_the_same_site_gives_the_same_file(tmp_path: Path) -> None:
    """Hidden files are left out, a title stays text, an older file is replaced, and nothing else is left."""
    site = tmp_path / "site"
    (site / ".git").mkdir(parents=True)
    for name in ("index.html", "404.html", ".git/HEAD", ".hidden"):
        (site / name).write_text(name, encoding="utf-8")
    record = (ROOT / "examples/data/published/2023-1.json").read_bytes()
    (site / "2023/downloads").mkdir(parents=True)
    (site / "2023/downloads/a-2023-record.json").write_bytes(record)
    (tmp_path / "site.zip").write_text("old", encoding="utf-8")
    path = write_handover(site, "<b>甲</b>", None)
    first = path.read_bytes()
    assert write_handover(site, "<b>甲</b>", None).read_bytes() == first
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == sorted(
            [GUIDE, "SHA256SUMS", "site/404.html", "site/index.html", "site/2023/downloads/a-2023-record.json"]
        )
        guide = archive.read(GUIDE).decode()
    assert "&lt;b&gt;甲&lt;/b&gt;上网说明" in guide
    assert f"<tr><td>2023年</td><td>{read_site_record(record).last.number}</td></tr>" in guide
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site", "site.zip"]
