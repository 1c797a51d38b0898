"""The desk by its requests: one command at a time, what it refuses, what it takes and hands out, and to whom."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from asking import asked, own
from building import nianbao
from nianbao.reading.clock import today
from previews import PATIENCE, Served, real_portal, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Served]:
    """Return a preview of the real portal."""
    with served(real_portal(tmp_path)) as preview:
        yield preview


def got(preview: Served, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
    """Return status and content of what the desk answers."""
    content = None if method == "GET" else json.dumps(body or {}).encode()
    status, _, answer = asked(preview, method, f"/_edit/{path}", own(preview, **headers), content)
    return status, json.loads(answer)


def start(preview: Served, command: str, year: int = 2023, files: list[str] | None = None, **said: str) -> int:
    """Start a command and return the status."""
    return got(preview, "POST", f"job/{year}", {"command": command, "said": said, "files": files or []})[0]


def ended(preview: Served) -> dict[str, Any]:
    """Return the state of the command once it has ended."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        state: dict[str, Any] = got(preview, "GET", "job")[1]
        if state["result"]:
            return state
        time.sleep(0.1)
    pytest.fail("the command does not end")


def until_shown(preview: Served, page: str, words: str) -> None:
    """Wait until the preview shows *words* on a *page*."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if words in asked(preview, "GET", f"/{page}", {})[2].decode():
            return
        time.sleep(0.2)
    pytest.fail(f"{page} does not show {words}")


def test_a_new_year_and_its_path(preview: Served) -> None:
    """A command runs while the preview lives on; the path tells what is open then, and where."""
    agency = preview.folder / "data" / "agency.yml"
    agency.write_text(agency.read_text(encoding="utf-8").replace("to: 2023", "to: 2024"), encoding="utf-8")
    path = got(preview, "GET", "path")[1]
    assert (path["year"], path["here"], path["next"]) == (2023, "freeze", 2024)
    assert start(preview, "new") == 422  # The year is not filled in.
    assert got(preview, "POST", "job/2023", {"command": "new", "said": {"year": "2024"}, "files": []})[0] == 200
    assert start(preview, "check") == 422  # One at a time.
    assert asked(preview, "GET", "/_edit/browser/desk.js", {})[0] == 200
    state = ended(preview)
    assert (state["result"], state["command"], state["year"]) == ("done", "new", "2023")
    assert "接下来" not in state["text"]
    path = got(preview, "GET", "path")[1]
    assert (path["year"], path["here"], path["job"]["result"]) == (2024, "figures", "done")
    steps = {step["id"]: step for step in path["steps"]}
    points = steps["figures"]["points"]
    assert [point["text"] for point in points] == [
        "第二部分的表：8 格待填",
        "第三部分的表：138 格待填",
        "第四部分的表：12 格待填",
        "信息处理费待填",
        "主动公开的信息还没有列出",
    ]
    page, _, address = points[1]["page"].partition("#")
    until_shown(preview, page, f'id="{address}"')  # The preview builds the new year while the desk tells of it.
    assert sum("处提示待写" in point["text"] for point in steps["words"]["points"]) >= 6
    assert [command["id"] for command in steps["figures"]["commands"]] == ["zeros"]
    assert steps["check"]["word"] == "待办"
    assert steps["approval"]["word"] == "可以不办"


def test_the_same_refusal_as_on_the_command_line(preview: Served) -> None:
    """What a command refuses is told in the same words, and nothing is written."""
    text = preview.data.read_text(encoding="utf-8")
    preview.data.write_text(re.sub(r"(?m)^( *received: *)\[", r"\1[7", text, count=1), encoding="utf-8")
    before = preview.data.read_bytes()
    assert start(preview, "freeze", published="2024-01-20") == 200
    state = ended(preview)
    printed = nianbao("freeze", "2023", "--published", "2024-01-20", folder=preview.folder).printed
    assert (state["result"], state["text"]) == ("refused", printed.strip())
    assert preview.data.read_bytes() == before


def test_a_command_is_ended(preview: Served) -> None:
    """One that takes too long can be ended; the next one runs."""
    assert start(preview, "build") == 200
    assert got(preview, "POST", "stop")[0] == 200
    assert ended(preview)["result"] == "stopped"
    assert not (preview.folder / "site").exists()
    assert start(preview, "check") == 200
    assert "校验号" in ended(preview)["text"]


def test_files_are_dropped_read_and_handed_out(preview: Served) -> None:
    """A file is taken below 导入, read, and taken away; exports and the review are handed out by their ticket."""
    assert start(preview, "export", year=2023) == 200
    assert ended(preview)["result"] == "done"
    path = got(preview, "GET", "path/2023")[1]
    word = next(one for one in path["results"] if one["about"] == "报告的 Word")
    page = asked(preview, "GET", "/_edit/", {})[2].decode()
    ticket = re.search('data-ticket="([^"]+)"', page)
    assert ticket is not None
    made = f"/_edit/made/{ticket[1]}/"
    quoted = re.sub("[^ -~]+", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), word["path"])
    status, headers, content = asked(preview, "GET", made + quoted, {})
    assert (status, content[:2], headers["content-disposition"][:11]) == (200, b"PK", "attachment;")
    for address, sent in (
        (f"/_edit/made/{'x' * 43}/{quoted}", {}),
        (made + quoted, {"Sec-Fetch-Site": "cross-site"}),
        (made + quoted, {"Host": "evil.example"}),
    ):
        assert asked(preview, "GET", address, sent)[0] == 403
    assert asked(preview, "GET", f"{made}data/2023.yml", {})[0] == 404

    for year in ("data/2023.yml", "docs/2023"):  # As if it had never been there.
        target = preview.folder / year
        target.rename(preview.folder / f"old-{target.name}")
    octets = own(preview, Content_Type="application/octet-stream")
    name = "/_edit/files/%E6%8A%A5%E5%91%8A.docx"
    assert asked(preview, "PUT", name, own(preview), content)[0] == 415
    assert asked(preview, "PUT", name, octets | {"Origin": "http://evil.example"}, content)[0] == 403
    assert asked(preview, "PUT", name, octets | {"Content-Length": "50000001"})[0] == 413
    assert asked(preview, "PUT", "/_edit/files/..%2Fa.docx", octets, content)[0] == 422
    assert asked(preview, "PUT", name, octets, content)[0] == 200
    waiting = preview.folder / "导入" / "待读"
    assert [one.name for one in waiting.iterdir()] == ["报告.docx"]
    assert start(preview, "import", files=["报告.docx"]) == 200
    state = ended(preview)
    assert state["result"] in {"done", "asks"}, state["text"]
    assert [*waiting.iterdir()] == []
    assert preview.data.is_file()
    path = got(preview, "GET", "path/2023")[1]
    assert path["review"] == "导入/2023/核对.html"
    status, headers, content = asked(preview, "GET", f"{made}%E5%AF%BC%E5%85%A5/2023/%E6%A0%B8%E5%AF%B9.html", {})
    assert (status, content[:15]) == (200, b"<!DOCTYPE html>")
    assert headers["content-security-policy"].startswith("sandbox")
    assert "script" not in headers["content-security-policy"]


def test_what_is_frozen_for_a_day_to_come_can_be_taken_back(preview: Served) -> None:
    """Until that day other commands are offered than afterwards; taken back, the year is a draft again."""
    day = today() + dt.timedelta(days=30)
    assert start(preview, "freeze", published=day.isoformat()) == 200
    assert ended(preview)["result"] == "done", ended(preview)["text"]
    freezing = got(preview, "GET", "path/2023")[1]["steps"][5]
    assert [one["id"] for one in freezing["commands"]] == ["publish", "reopen"]
    assert freezing["points"][1]["text"] == "公布日期还没有到，那天以前可以撤回定稿"
    assert start(preview, "reopen", reason="补充第五部分。") == 200
    assert ended(preview)["result"] == "done", ended(preview)["text"]
    freezing = got(preview, "GET", "path/2023")[1]["steps"][5]
    assert [one["id"] for one in freezing["commands"]] == ["freeze"]
