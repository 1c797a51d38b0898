"""Sites of bodies read back over HTTP from a server of this machine: however they are named, and hostile ones."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import hashlib
import json
import shutil
import threading
import time
import tracemalloc
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import inbox
import pytest
import yaml
from nianbao.command.board import board, board_of
from nianbao.command.collect import collect
from nianbao.command.workers import LIMITS
from nianbao.members.fetching import Fetcher, FetchError, Limits
from nianbao.members.packages import read_package
from nianbao.members.register import read_register
from nianbao.members.sites import places, report_address
from nianbao.model.project import project_at
from nianbao.reading.findings import Findings
from nianbao.running.processes import Processes
from projects import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nianbao.members.board import Board

# Of these bodies files are made, by the example's own way: the twentieth has none that can be read.
COUNT = 24
BODIES = tuple(body for body in inbox.bodies(COUNT) if body.format == "json" and body.number in {7, 17, 22})
YEAR = inbox.YEAR
RECEIVED = "requests.received.natural_person"
LABEL = "第三部分的表：一、本年新收政府信息公开申请数量，自然人"


class _Server(BaseHTTPRequestHandler):
    """Serves what `answers` has by path: bytes, or a function that answers by itself."""

    answers: dict[str, bytes | Callable[[_Server], None]]
    address: str

    def do_GET(self) -> None:  # the name of the method is given
        """Answer."""
        answer = self.answers.get(self.path)
        with contextlib.suppress(ConnectionError):  # The reader has gone.
            if callable(answer):
                answer(self)
                return
            self.send_response(404 if answer is None else 200)
            self.end_headers()
            self.wfile.write(answer or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is given
        """Tell nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Serve on a free port, and yield the address."""
    made = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    _Server.address = f"http://127.0.0.1:{made.server_port}"
    yield _Server.address
    made.shutdown()
    made.server_close()
    thread.join()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return what the sites of three bodies offer for download, by path."""
    folder = tmp_path_factory.mktemp("sites")
    inbox.write_sites(folder, COUNT, [body.number for body in BODIES])
    files = (path for path in folder.rglob("*") if path.is_file())
    return {f"/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in files}


@pytest.fixture
def county(server: str, built: dict[str, bytes], tmp_path: Path) -> Path:
    """Return a county in whose register three bodies have a site, each served as it is built."""
    _Server.answers = dict(built)
    portal = tmp_path / "county"
    inbox.write_portal(portal, COUNT)
    for body in BODIES:
        name(portal, body.id, f"{server}/{body.id}/")
    return portal


@pytest.fixture(scope="module")
def collected(server: str, built: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return such a county that has taken in what the sites offer; no test changes it."""
    _Server.answers = dict(built)
    portal = tmp_path_factory.mktemp("collected") / "county"
    inbox.write_portal(portal, COUNT)
    for body in BODIES:
        name(portal, body.id, f"{server}/{body.id}/")
    told = run(collect, "--sites", "--year", str(YEAR), project=portal)
    assert (told.code, told.printed.count("收下  ")) == (0, 3), told.printed
    assert sites_of(portal) == dict.fromkeys([body.id for body in BODIES], ("published", ""))
    return portal


@pytest.fixture
def own(collected: Path, built: dict[str, bytes], tmp_path: Path) -> Path:
    """Return a copy of it that a test may change, with the sites as they are built."""
    _Server.answers = dict(built)
    shutil.copytree(collected, tmp_path / "own")
    return tmp_path / "own"


def name(portal: Path, id_: str, site: str) -> None:
    """Name the *site* of the body *id_* in the register of *portal*."""
    path = portal / "data/members.yml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    (at,) = (at for at, line in enumerate(lines) if f"{{id: {id_}, " in line)
    head, _, tail = lines[at].partition(f"{{id: {id_}, ")
    if tail.startswith("site: "):
        tail = tail.partition(", ")[2]
    lines[at] = f'{head}{{id: {id_}, site: "{site}", {tail}'
    path.write_text("".join(lines), encoding="utf-8")


def folder_of(body: inbox.Body) -> str:
    """Return where the site of *body* has its downloads."""
    return f"/{body.id}/{YEAR}/downloads/"


def sites_of(portal: Path) -> dict[str, tuple[str, str]]:
    """Return by id what the board tells of the sites."""
    made = board_at(portal)
    return {one.member.id: (one.seen.state, one.seen.note) for one in made.standings if one.seen is not None}


def board_at(portal: Path, *, sites: bool = True) -> Board:
    """Return the board of the county in *portal*."""
    read = read_register(portal / "data/members.yml", "members.yml", Findings())
    assert read is not None
    return board_of(read, project_at(portal), YEAR, dt.date(2024, 2, 5), Processes(2, LIMITS), sites=sites)


def tables_of(portal: Path, body: inbox.Body) -> dict[str, Any]:
    """Return the tables of the report of *body* as they were taken in."""
    data = yaml.safe_load((portal / f"members/{body.id}/data/{YEAR}.yml").read_text(encoding="utf-8"))
    return {table: data[table] for table in ("disclosure", "requests", "review")}


def other_value(content: bytes) -> tuple[bytes, int]:
    """Return a JSON file in which one figure is larger by 5, and what it was."""
    head, mark, tail = content.decode().partition(f'"address": "{RECEIVED}"')
    value = int(tail.partition('"value": ')[2].partition(",")[0])
    tail = tail.replace(f'"value": {value}', f'"value": {value + 5}', 1)
    return f"{head}{mark}{tail}".encode(), value


def test_sites_are_compared_with_what_was_submitted(own: Path) -> None:
    """Each site is told as it is, and only where it is asked; what has become other is taken in as a new version."""
    same, changed, gone = BODIES
    path = f"{folder_of(changed)}{changed.id}-{YEAR}.json"
    content = _Server.answers[path]
    assert isinstance(content, bytes)
    _Server.answers[path], value = other_value(content)
    for file in [file for file in _Server.answers if file.startswith(f"/{gone.id}/")]:
        del _Server.answers[file]
    assert sites_of(own) == {
        same.id: ("published", ""),
        changed.id: ("changed", f"{LABEL}：报送 {value}、网站 {value + 5}"),
        gone.id: ("absent", "服务器回答 404"),
    }
    assert board_at(own).summary.endswith("；网站已公布 1/3。")
    shown = run(board, str(YEAR), "--sites", project=own)
    assert f"网站与报送的不同：{LABEL}：报送 {value}、网站 {value + 5}" in shown.printed
    assert not list((own / ".cache/members").glob(".sites-*"))
    assert all(one.seen is None for one in board_at(own, sites=False).standings)
    assert run(collect, "--sites", project=own).code == 2
    told = run(collect, "--sites", "--year", str(YEAR), project=own)
    assert (told.code, told.printed.count("网站没有取到  ")) == (0, 1), told.printed
    assert f"一、本年新收政府信息公开申请数量，自然人：{value} → {value + 5}" in told.printed


@pytest.mark.parametrize(
    "named",
    [
        "index.html",
        f"{YEAR}/",
        f"{YEAR}",
        "2019/1-overview.html",
        f"{YEAR}/downloads/{{id}}-{YEAR}.json",
        "2021/downloads/{id}-2021.json",
        f"{YEAR}/downloads/datapackage.json",
        "2021/downloads/datapackage.json",
    ],
)
def test_a_site_may_be_named_by_any_page_or_file(own: Path, named: str) -> None:
    """Root, page of any year, JSON, Data Package: the same is taken in, and the board compares it."""
    body = BODIES[0]
    before = tables_of(own, body)
    shutil.rmtree(own / "来件")
    shutil.rmtree(own / "members")
    name(own, body.id, f"{_Server.address}/{body.id}/{named.format(id=body.id)}")
    assert sites_of(own)[body.id] == ("published", "没有可以对照的报告")
    told = run(collect, "--sites", "--year", str(YEAR), project=own)
    assert (told.code, told.printed.count("收下  ")) == (0, 3), told.printed
    assert tables_of(own, body) == before
    kept = list((own / f"来件/{body.id}/{YEAR}/1").glob("*.csv"))
    assert len(kept) == (3 if "datapackage" in named else 0)


def test_a_package_beside_the_site_is_found_where_there_is_no_json(county: Path, server: str) -> None:
    """Of a site with tables alone these are taken; so it is of a package that lies anywhere, which is compared too."""
    first, second, _ = BODIES
    _Server.answers = {path: one for path, one in _Server.answers.items() if f"{second.id}-{YEAR}.json" not in path}
    for path in [path for path in _Server.answers if path.startswith(folder_of(first))]:
        _Server.answers[f"/shu%20ju/{path.rpartition('/')[2]}"] = _Server.answers.pop(path)
    name(county, first.id, f"{server}/shu%20ju/datapackage.json")
    told = run(collect, "--sites", "--year", str(YEAR), project=county)
    assert (told.code, told.printed.count("收下  ")) == (0, 3), told.printed
    assert [sites_of(county)[one.id] for one in (first, second)] == [("published", "")] * 2
    old = (county / f"members/{first.id}/data/{YEAR}.yml").read_text(encoding="utf-8")
    line = next(line for line in old.splitlines() if line.strip().startswith("received:"))
    digits = line[line.index("[") + 1 : line.index(",")].strip()
    (county / f"members/{first.id}/data/{YEAR}.yml").write_text(
        old.replace(line, line.replace(f"{digits},", f"{int(digits) + 1},", 1)), encoding="utf-8"
    )
    assert sites_of(county)[first.id] == ("changed", f"{LABEL}：报送 {int(digits) + 1}、网站 {digits}")


def _with_package(change: Callable[[dict[str, Any]], None]) -> Callable[[inbox.Body], None]:
    def apply(body: inbox.Body) -> None:
        content = _Server.answers[f"{folder_of(body)}datapackage.json"]
        assert isinstance(content, bytes)
        document = json.loads(content)
        change(document)
        _Server.answers[f"{folder_of(body)}datapackage.json"] = json.dumps(document).encode()

    return apply


def _resource(**fields: object) -> Callable[[inbox.Body], None]:
    return _with_package(lambda document: document["resources"][1].update(fields))


def _of_other_body(body: inbox.Body) -> None:
    other = BODIES[1]
    for path, content in list(_Server.answers.items()):
        if path.startswith(folder_of(other)):
            _Server.answers[path.replace(other.id, body.id, 1)] = content
            _Server.answers[path.replace(other.id, body.id)] = content


def _of_other_year(body: inbox.Body) -> None:
    path = f"{folder_of(body)}{body.id}-{YEAR}.json"
    content = _Server.answers[path]
    assert isinstance(content, bytes)
    _Server.answers[path] = content.replace(b'"year": 2023', b'"year": 2022')


def _cut(body: inbox.Body) -> None:
    path = f"{folder_of(body)}{body.id}-{YEAR}-requests.csv"
    content = _Server.answers[path]
    assert isinstance(content, bytes)
    _Server.answers[path] = content[:-1]


def _altered(body: inbox.Body) -> None:
    path = f"{folder_of(body)}{body.id}-{YEAR}-requests.csv"
    content = _Server.answers[path]
    assert isinstance(content, bytes)
    _Server.answers[path] = content.replace(b",0,", b",1,", 1)


def _json_of_nothing(body: inbox.Body) -> None:
    _Server.answers[f"{folder_of(body)}{body.id}-{YEAR}.json"] = b'{"agency": 0, "tables": [' + b'{"cells": [' * 100_000


def _without_a_cell(body: inbox.Body) -> None:
    path = f"{folder_of(body)}{body.id}-{YEAR}.json"
    content = _Server.answers[path]
    assert isinstance(content, bytes)
    document = json.loads(content)
    document["tables"][1]["cells"] = [one for one in document["tables"][1]["cells"] if one["address"] != RECEIVED]
    _Server.answers[path] = json.dumps(document, ensure_ascii=False).encode()


PACKAGE, SITE = f"/{{}}/{YEAR}/downloads/datapackage.json", "/{}/"
FOREIGN = {"resources": [{"name": "shou-li", "path": "a.csv"}, {"name": "review", "path": "b.csv"}]}


@pytest.mark.parametrize(
    ("named", "change", "told"),
    [
        (PACKAGE, _cut, "unreachable：requests 的文件有"),
        (PACKAGE, _altered, "unreachable：requests 的文件校验值是"),
        (PACKAGE, _resource(hash="md5:" + "0" * 32), "unreachable：datapackage.json 写的是 000000000000…"),
        (
            PACKAGE,
            _resource(hash="crc32:" + "0" * 32),
            "unreachable：应为 md5、sha1、sha256、sha512 之一，实际为“crc32:",
        ),
        (PACKAGE, _resource(path="../../a.csv"), "unreachable：应为它旁边的文件或网址，实际为“../../a.csv”"),
        (PACKAGE, _resource(path="/etc/passwd"), "unreachable：应为它旁边的文件或网址，实际为“/etc/passwd”"),
        (PACKAGE, _resource(path="file:///etc/passwd"), "unreachable：应为它旁边的文件或网址"),
        (PACKAGE, _resource(path="http://localhost:9/a.csv"), "unreachable：服务器让到别的网站去读，没有去"),
        (PACKAGE, _resource(path="no.csv"), "unreachable：数据包里 requests 的文件没有取到：服务器回答 404"),
        (PACKAGE, _resource(path=None), "unreachable：应为它旁边的文件或网址，没有写"),
        (
            PACKAGE,
            _with_package(lambda document: document.update(FOREIGN)),
            "unreachable：datapackage.json 里缺 disclosure、requests（resources 里的 name），有的是 shou_li、review",
        ),
        (SITE, _of_other_body, "absent：是 agency00017示例县"),
        (PACKAGE, _of_other_body, "absent：是 agency00017 的报告，不是 agency00007 的"),
        (SITE, _of_other_year, "absent：是 2022 年度的报告，不是 2023 年度的"),
        (SITE, _json_of_nothing, "unreachable：文件已损坏"),
    ],
)
def test_what_a_site_may_not_offer(own: Path, named: str, change: Callable[[inbox.Body], None], told: str) -> None:
    """A file that is not what its package says, or of another body, is told and not taken; others are not harmed."""
    body = BODIES[0]
    before = (own / f"members/{body.id}/data/{YEAR}.yml").read_bytes()
    change(body)
    name(own, body.id, _Server.address + named.format(body.id))
    state, _, why = told.partition("：")
    shown, note = sites_of(own)[body.id]
    assert (shown, why in note) == (state, True), note
    done = run(collect, "--sites", "--year", str(YEAR), project=own)
    assert (done.code, why in done.printed) == (1, True), done.printed
    assert "另有 2 份以前已经收过" in done.printed
    assert (own / f"members/{body.id}/data/{YEAR}.yml").read_bytes() == before


def test_a_site_that_lacks_a_figure_shows_another_report(own: Path) -> None:
    """A cell that was submitted and that the site does not have is told as one."""
    body = BODIES[0]
    _without_a_cell(body)
    state, note = sites_of(own)[body.id]
    assert (state, note.startswith(f"{LABEL}：报送 "), note.endswith("、网站 没有")) == ("changed", True, True), note


def _head(handler: _Server, *lines: str, code: int = 200) -> None:
    handler.send_response(code)
    for line in lines:
        handler.send_header(*line.split(": ", 1))
    handler.end_headers()


def _endless(handler: _Server, code: int = 200, *lines: str) -> None:
    _head(handler, *lines, code=code)
    while True:
        handler.wfile.write(b"{" + b" " * 65_536)


def _slow_body(handler: _Server) -> None:
    _head(handler)
    for _ in range(100):
        handler.wfile.write(b" ")
        time.sleep(0.1)


def _slow_head(handler: _Server) -> None:
    handler.wfile.write(b"HTTP/1.0 200 OK\r\n")
    for number in range(90):
        handler.wfile.write(f"X-{number}: a\r\n".encode())
        time.sleep(0.1)


def _silent(handler: _Server) -> None:
    del handler
    time.sleep(4)


def _redirect(target: str) -> Callable[[_Server], None]:
    return lambda handler: _head(handler, f"Location: {target}", code=302)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (_endless, "超过了 0.2 MB"),
        (lambda handler: _endless(handler, 302, "Location: /b.json"), "超过了 0.2 MB"),
        (_slow_body, "超过 1 秒没有读完"),
        (_slow_head, "超过 1 秒没有读完"),
        (_silent, "超过 1 秒没有读完"),
        (_redirect("http://169.254.169.254/secret"), "服务器让到别的网站去读，没有去"),
        (_redirect("http://localhost/secret"), "服务器让到别的网站去读，没有去"),
        (_redirect("file:///etc/passwd"), "服务器让到别的网站去读，没有去"),
        (_redirect("ftp://127.0.0.1/a"), "服务器让到别的网站去读，没有去"),
        (_redirect("/a.json"), "服务器让到别的网站去读，没有去"),
        (lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH\r\n"), "服务器没有应答，或者应答不是网页"),
        (lambda handler: _head(handler, code=500), "服务器回答 500"),
    ],
)
def test_hostile_servers(server: str, answer: Callable[[_Server], None], why: str, tmp_path: Path) -> None:
    """Too large, too slow, leading elsewhere: each is given up in time, with little memory, and told."""
    _Server.answers = {"/a.json": answer, "/b.json": _endless}
    begun = time.monotonic()
    tracemalloc.start()
    with pytest.raises(FetchError, match=why):
        Fetcher("127.0.0.1", Limits(seconds=1, size=200_000)).fetch(f"{server}/a.json", tmp_path / "a.json")
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert time.monotonic() - begun < 3
    assert (tmp_path / "a.json").stat().st_size <= 200_000


def test_all_of_a_site_is_within_its_limits(server: str, tmp_path: Path) -> None:
    """The bytes of several answers count together, and an answer that leads on within the site is followed."""
    _Server.answers = {"/a": _redirect("/b"), "/b": b"x" * 70_000}
    fetcher = Fetcher("127.0.0.1", Limits(seconds=9, size=100_000))
    fetcher.fetch(f"{server}/a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"x" * 70_000
    with pytest.raises(FetchError, match="超过了"):
        fetcher.fetch(f"{server}/a", tmp_path / "b")
    with pytest.raises(FetchError, match="别的网站"):
        fetcher.fetch("http://localhost:1/a", tmp_path / "b")


def test_what_is_packed_is_not_unpacked(own: Path) -> None:
    """A server that packs what nobody asked it to pack, a gigabyte in a megabyte, is told to give no JSON."""
    body = BODIES[0]
    bomb = gzip.compress(b"{" + b" " * 50_000_000)

    def packed(handler: _Server) -> None:
        _head(handler, "Content-Encoding: gzip")
        handler.wfile.write(bomb)

    _Server.answers = {path: packed for path in _Server.answers if path.startswith(folder_of(body))}
    assert sites_of(own)[body.id] == ("absent", "那里的不是 JSON")


def test_a_package_by_older_digests_and_addresses_is_read(county: Path, server: str) -> None:
    """MD5 without a name, a path in a list, an address of the same site, no digest at all: as the standard has it."""
    body = BODIES[0]
    content = _Server.answers[f"{folder_of(body)}{body.id}-{YEAR}-requests.csv"]
    assert isinstance(content, bytes)
    whole = f"{server}{folder_of(body)}{body.id}-{YEAR}-requests.csv"

    def old(document: dict[str, Any]) -> None:
        disclosure, requests, review = document["resources"]
        disclosure.update(path=[disclosure["path"]])
        requests.update(path=whole, hash=hashlib.md5(content, usedforsecurity=False).hexdigest())
        del review["hash"], review["bytes"]

    _with_package(old)(body)
    name(county, body.id, f"{server}{folder_of(body)}datapackage.json")
    told = run(collect, "--sites", "--year", str(YEAR), project=county)
    assert (told.code, told.printed.count("收下  ")) == (0, 3), told.printed


def test_nobody_answers(tmp_path: Path) -> None:
    """A port at which nobody listens is told."""
    with pytest.raises(FetchError, match="没有应答"):
        Fetcher("127.0.0.1", Limits(seconds=2)).fetch("http://127.0.0.1:9/a.json", tmp_path / "a")


@pytest.mark.parametrize(
    ("site", "first", "page"),
    [
        ("https://A.example.org", "https://a.example.org/2024/downloads/x-2024.json", "https://a.example.org/2024/"),
        ("http://e.org/年报/", "http://e.org/%E5%B9%B4%E6%8A%A5/2024/downloads/x-2024.json", None),
        (
            "http://e.org/2019/2023/index.html",
            "http://e.org/2019/2024/downloads/x-2024.json",
            "http://e.org/2019/2024/",
        ),
        ("http://e.org/data/x.json?v=2", "http://e.org/data/x.json?v=2", "http://e.org/data/x.json?v=2"),
        ("http://e.org/get?id=7#a", "http://e.org/get?id=7", "http://e.org/get?id=7"),
        (
            "http://e.org/n/2023/downloads/y-2023.json",
            "http://e.org/n/2024/downloads/y-2024.json",
            "http://e.org/n/2024/",
        ),
    ],
)
def test_where_a_site_has_its_report(site: str, first: str, page: str | None) -> None:
    """The year that is asked for takes the place of any year in an address; readers are led to the page of the year."""
    assert places(site, "x", 2024)[0] == first
    assert report_address(site, 2024) == (page or "http://e.org/%E5%B9%B4%E6%8A%A5/2024/")


def test_a_file_that_is_no_package_is_none(tmp_path: Path) -> None:
    """JSON of another kind, broken JSON and what is too large for a package have no tables to fetch."""
    path = tmp_path / "a.json"
    for content in (b"{}", b'{"resources": 3}', b"[]", b"[" * 9_999, b'{"resources": [' + b" " * 1_000_000 + b"]}"):
        path.write_bytes(content)
        assert read_package(path) == ()
    path.write_bytes(b'{"resources": []}')
    with pytest.raises(FetchError, match="缺 disclosure、requests、review（resources 里的 name），有的是 没有别的"):
        read_package(path)
