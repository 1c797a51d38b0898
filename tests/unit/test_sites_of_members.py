"""Sites of bodies read back over HTTP from a server of this machine: published, changed, gone, hostile ones."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import inbox
import pytest
from nianbao.command.board import board, board_of
from nianbao.command.collect import collect
from nianbao.command.workers import LIMITS
from nianbao.members.register import read_register
from nianbao.members.sites import FetchError, Limits, fetched
from nianbao.model.project import project_at
from nianbao.reading.findings import Findings
from nianbao.running.processes import Processes
from projects import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Of these bodies JSON files are made, by the example's own way: the twentieth has none that can be read.
COUNT = 24
BODIES = tuple(body for body in inbox.bodies(COUNT) if body.format == "json" and body.number in {7, 17, 22})


class _Server(BaseHTTPRequestHandler):
    """Serves what `answers` has by path; some paths do what no server should."""

    answers: dict[str, bytes]

    def do_GET(self) -> None:  # the name of the method is given
        """Answer."""
        path = self.path
        if path.startswith("/elsewhere/"):
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/secret")
            self.end_headers()
            return
        odd = {"/large/a.json": b"x" * 300_000, "/slow/a.json": b""}
        content = odd.get(path, self.answers.get(path))
        self.send_response(404 if content is None else 200)
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # The reader has gone.
            for _ in range(100 if path.startswith("/slow/") else 0):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.1)
            self.wfile.write(content or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is given
        """Tell nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """Serve on a free port, and yield the address."""
    _Server.answers = {}
    made = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()
    thread.join()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return what the sites of three bodies offer as JSON, by the ids of the bodies."""
    folder = tmp_path_factory.mktemp("sent")
    prompt, _ = inbox.write_inbox(folder, COUNT, planted=False, only=[body.number for body in BODIES])
    return {body.id: next(prompt.glob(f"{body.name}*.json")).read_bytes() for body in BODIES}


def test_sites_are_taken_in_and_compared(server: str, files: dict[str, bytes], tmp_path: Path) -> None:
    """What sites offer is taken in like files; afterwards each site is told as it is, and only where it is asked."""
    portal = tmp_path / "county"
    inbox.write_portal(portal, COUNT)
    register = portal / "data/members.yml"
    text = register.read_text(encoding="utf-8")
    for body in BODIES:
        text = text.replace(f"{{id: {body.id}, ", f"{{id: {body.id}, site: {server}/{body.id}/, ")
        _Server.answers[f"/{body.id}/2023/downloads/{body.id}-2023.json"] = files[body.id]
    register.write_text(text, encoding="utf-8")
    assert run(collect, "--sites", project=portal).code == 2
    told = run(collect, "--sites", "--year", "2023", project=portal)
    assert (told.code, told.printed.count("收下  ")) == (0, 3), told.printed
    same, changed, gone = (body.id for body in BODIES)
    path = f"/{changed}/2023/downloads/{changed}-2023.json"
    old = files[changed].decode()
    head, _, tail = old.partition('"address": "requests.received.natural_person"')
    value = int(tail.partition('"value": ')[2].partition(",")[0])
    tail = tail.replace(f'"value": {value}', f'"value": {value + 5}', 1)
    _Server.answers[path] = f'{head}"address": "requests.received.natural_person"{tail}'.encode()
    del _Server.answers[f"/{gone}/2023/downloads/{gone}-2023.json"]
    read = read_register(register, "members.yml", Findings())
    assert read is not None
    day = dt.date(2024, 2, 5)
    made = board_of(read, project_at(portal), 2023, day, Processes(2, LIMITS), sites=True)
    shown = {one.member.id: (one.seen.state, one.seen.note) for one in made.standings if one.seen is not None}
    assert shown == {
        same: ("published", ""),
        changed: ("changed", f"requests.received.natural_person 报送 {value}、网站 {value + 5}"),
        gone: ("absent", "服务器回答 404"),
    }
    assert made.summary.endswith("；网站已公布 1/3。")
    told = run(board, "2023", "--sites", project=portal)
    assert f"网站与报送的不同：requests.received.natural_person 报送 {value}、网站 {value + 5}" in told.printed
    shutil.rmtree(portal / "来件")
    assert all(
        one.seen is None for one in board_of(read, project_at(portal), 2023, day, Processes(2, LIMITS)).standings
    )


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("large/", "超过了 0 MB"),
        ("slow/", "超过 1 秒没有读完"),
        ("elsewhere/", "服务器让到别的网站去读，没有去"),
        ("none/", "服务器回答 404"),
    ],
)
def test_hostile_servers(server: str, path: str, why: str) -> None:
    """Too large, too slow, leading elsewhere: each is given up in time and told."""
    begun = time.monotonic()
    with pytest.raises(FetchError, match=why):
        fetched(f"{server}/{path}a.json", Limits(seconds=1, size=200_000))
    assert time.monotonic() - begun < 8


def test_nobody_answers() -> None:
    """A port at which nobody listens is told."""
    with pytest.raises(FetchError, match="没有应答"):
        fetched("http://127.0.0.1:9/a.json", Limits(seconds=2))
