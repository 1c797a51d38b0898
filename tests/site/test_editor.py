"""The editor before the host's server: only pages of this server and this start reach it, and no built site has it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from asking import PAGE, asked, own, token_of
from building import run
from previews import Served, real_portal, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECEIVED = "requests.received.natural_person"


@pytest.fixture(scope="module", params=["mkdocs", "properdocs"])
def preview(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a preview of the real portal."""
    folder = real_portal(tmp_path_factory.mktemp("portal"))
    with served(folder, request.param) as preview:
        yield preview


def change(old: str, new: str) -> bytes:
    """Return what a page sends to change a figure."""
    return json.dumps({"changes": [{"where": RECEIVED, "old": old, "new": new}]}).encode()


def test_our_own_page_reads_and_writes(preview: Served) -> None:
    """A page gets the editor in place of the host's script; what it sends is written."""
    status, headers, content = asked(preview, "GET", PAGE, {})
    assert status == 200
    assert content.count(b"<script") == content.count(b'<script src="') + 1 == 2
    assert b"livereload" not in content
    assert f'data-token="{token_of(preview)}"'.encode() in content
    assert headers["x-frame-options"] == "DENY"
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers
    for name in ("editor.js", "editor.css", "table.js", "paste.js"):
        status, headers, content = asked(preview, "GET", f"/_edit/browser/{name}", {})
        assert (status, headers["x-content-type-options"]) == (200, "nosniff")
        assert token_of(preview).encode() not in content
    before = preview.data.read_bytes()
    status, headers, content = asked(preview, "PUT", "/_edit/cells/2023", own(preview), change("0", "7"))
    assert (status, json.loads(content)["typed"][RECEIVED]) == (200, "7")
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert asked(preview, "POST", "/_edit/undo", own(preview), last(preview))[0] == 200
    assert preview.data.read_bytes() == before


STRANGERS = {
    "no token": {"X_Nianbao_Token": ""},
    "another token": {"X_Nianbao_Token": "x" * 43},
    "a token that is no ASCII": {"X_Nianbao_Token": "\xe9"},
    "another origin": {"Origin": "http://evil.example"},
    "no origin": {"Origin": ""},
    "the origin of a file": {"Origin": "null"},
    "another port": {"Origin": "http://127.0.0.1:1"},
    "a name made to lead here": {"Host": "evil.example", "Origin": "http://evil.example"},
    "another site": {"Sec_Fetch_Site": "cross-site"},
    "another page of this machine": {"Sec_Fetch_Site": "same-site"},
}


@pytest.mark.parametrize("case", STRANGERS)
def test_strangers_read_and_write_nothing(preview: Served, case: str) -> None:
    """Whatever is not of our page and our start is refused, for reading and for writing."""
    before = preview.data.read_bytes()
    headers = own(preview, **STRANGERS[case])
    if case == "no origin":
        del headers["Origin"]
    elif asked(preview, "GET", "/_edit/year/2023", headers)[0] != 403:
        pytest.fail("a stranger could read")
    assert asked(preview, "PUT", "/_edit/cells/2023", headers, change("0", "9"))[0] == 403
    assert asked(preview, "POST", "/_edit/zeros/2023", headers, b"{}")[0] == 403
    assert preview.data.read_bytes() == before


def test_a_name_made_to_lead_here_gets_no_token(preview: Served) -> None:
    """A page that is asked for by another name has nothing of the editor; its files are refused as well."""
    for host in (
        "evil.example",
        f"evil.example:{preview.port}",
        "127.0.0.1.evil.example",
        f"127.0.0.1:{preview.port}0",
    ):
        _, _, content = asked(preview, "GET", PAGE, {"Host": host})
        assert b"nianbao-editor" not in content
        assert b"data-token" not in content
        assert asked(preview, "GET", "/_edit/browser/editor.js", {"Host": host})[0] == 403
    for host in (f"localhost:{preview.port}", f"[::1]:{preview.port}"):
        assert b"data-token" in asked(preview, "GET", PAGE, {"Host": host})[2]


def test_only_json_of_a_size_is_read(preview: Served) -> None:
    """A form of another page cannot send JSON; nothing larger than a report is taken; other methods do nothing."""
    before = preview.data.read_bytes()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""):
        assert asked(preview, "PUT", "/_edit/cells/2023", own(preview, Content_Type=kind), change("0", "9"))[0] == 415
    for length in ("1000001", "-1", "x", ""):
        headers = own(preview, Content_Length=length)
        assert asked(preview, "PUT", "/_edit/cells/2023", headers)[0] == 413
    for path in (
        "/_edit/year/20233",
        "/_edit/../data/2023.yml",
        "/_edit/browser/../desk.py",
        "/_edit/browser/x.js",
        "/_edit/x",
    ):
        assert asked(preview, "GET", path, own(preview))[0] == 404
    assert asked(preview, "POST", PAGE, own(preview), b"{}")[0] == 405
    assert asked(preview, "OPTIONS", "/_edit/cells/2023", own(preview))[0] in {404, 413, 415}
    assert preview.data.read_bytes() == before


def test_below_a_path(tmp_path: Path) -> None:
    """Where the site stands below a path, the editor does too."""
    folder = real_portal(tmp_path)
    settings = folder / "mkdocs.yml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + "\nsite_url: https://example.org/xxgk/nianbao/\n", encoding="utf-8"
    )
    with served(folder, path="xxgk/nianbao/") as preview:
        content = asked(preview, "GET", "/xxgk/nianbao/2023/3-requests.html", {})[2].decode()
        assert 'src="/xxgk/nianbao/_edit/browser/editor.js"' in content
        token = re.search('data-token="([^"]+)"', content)
        assert token is not None
        headers = {"X-Nianbao-Token": token[1]}
        assert asked(preview, "GET", "/xxgk/nianbao/_edit/year/2023", headers)[0] == 200


def test_open_to_other_machines_it_is_off(tmp_path: Path) -> None:
    """Bound to more than this machine, the preview shows and does not edit, and says so."""
    with served(real_portal(tmp_path), host="0.0.0.0") as preview:  # noqa: S104  # what is tested
        assert b"nianbao-editor" not in asked(preview, "GET", PAGE, {})[2]
        assert asked(preview, "GET", "/_edit/browser/editor.js", {})[0] == 404
        assert "页面里的编辑已关闭" in preview.terminal


def last(preview: Served) -> bytes:
    """Return what a page sends that would undo the last step."""
    told = json.loads(asked(preview, "GET", "/_edit/history", own(preview))[2])
    return json.dumps({"seen": told["undo"]}).encode()


@pytest.mark.parametrize("engine", ["mkdocs", "properdocs"])
def test_a_built_site_holds_nothing_of_it(tmp_path: Path, engine: str) -> None:
    """After editing, what is built has no file, no address and no word of the editor, and nothing was undone."""
    folder = real_portal(tmp_path)
    with served(folder, engine) as preview:
        assert asked(preview, "PUT", "/_edit/cells/2023", own(preview), change("0", "0 "))[0] == 200
        assert asked(preview, "POST", "/_edit/undo", own(preview), last(preview))[0] == 200
    assert run(engine, "build", folder=folder, fresh=True).code == 0
    files = [path for path in (folder / "site").rglob("*") if path.is_file()]
    assert len(files) > 20
    for path in files:
        assert not re.search(rb"_edit/|nianbao-editor|edit-cell|data-token|X-Nianbao", path.read_bytes()), path
