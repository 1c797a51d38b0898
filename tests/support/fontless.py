"""A machine without Chinese fonts, for programs that a test starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def without_fonts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let programs that are started find no fonts of this machine; what they need lies in *folder*."""
    (folder / "empty").mkdir()
    settings = folder / "fonts.conf"
    settings.write_text(f"<fontconfig><dir>{folder / 'empty'}</dir></fontconfig>", encoding="utf-8")
    monkeypatch.setenv("FONTCONFIG_FILE", str(settings))
    monkeypatch.setenv("HOME", str(folder / "empty"))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
