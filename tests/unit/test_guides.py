"""The guides: made of the messages as they are, with links that lead somewhere and commands that there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from building import ROOT
from nianbao.command.main import nianbao
from troubles import PAGE, troubles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GUIDES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("guides/*.md"), *ROOT.glob("deploy/**/README.md")],
    key=lambda path: path.relative_to(ROOT).as_posix(),
)
HEAVIEST = 100_000  # bytes of a picture


def anchors(path: Path) -> set[str]:
    """Return the headings of the guide at *path* as hosts of code make addresses of them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def test_the_page_of_troubles_is_that_of_the_messages(golden: Callable[[Path, str], str]) -> None:
    """What is told of mistakes is what the page tells."""
    made = troubles()
    assert golden(PAGE, made) == made


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(guide: Path) -> None:
    """Files and headings that a guide names are there, and pictures are light."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", guide.read_text(encoding="utf-8"), flags=re.DOTALL)
    for address in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match("[a-z]+:", address):
            continue
        name, _, anchor = address.partition("#")
        target = (guide.parent / unquote(name)).resolve() if name else guide
        assert target.exists(), address
        if anchor and target.suffix == ".md":
            assert unquote(anchor) in anchors(target), address
        if target.suffix == ".png":
            assert target.stat().st_size <= HEAVIEST, address


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_are_there(guide: Path) -> None:
    """Every command and option of ours that a guide shows can be run."""
    if guide.name == "CHANGELOG.md":
        return  # It tells of commands that there were.
    text = guide.read_text(encoding="utf-8")
    shown = re.findall(r"(?:^|bin/|\.\.?/|`)nianbao ([a-z]+)((?: [^`\n]*)?)", text, re.MULTILINE)
    for name, rest in shown:
        command = nianbao.commands.get(name)
        assert command is not None, name
        known = {option for parameter in command.params for option in parameter.opts}
        for option in re.findall(r"(?<= )--[a-z][a-z-]*", rest.partition("|")[0].partition("&&")[0]):
            assert option in known | {"--help"}, (name, option)


def test_everyone_has_a_guide() -> None:
    """The README leads to every guide."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in ROOT.glob("guides/*.md") if f"(guides/{path.name})" not in readme] == []
