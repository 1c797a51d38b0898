"""Where the program that runs is installed."""

from __future__ import annotations

import sys
from pathlib import Path

PACKAGE = Path(__file__).parent


def other_program(folder: Path) -> str:
    """Return what to tell people where *folder* has a program of its own and another one runs, or nothing.

    An environment that was moved or copied with its folder goes on running the program of the old place.
    """
    environment, clone = folder / ".venv", folder / "macros" / "nianbao"
    if environment.is_dir() and environment.resolve() != Path(sys.prefix).resolve():
        running, own = sys.prefix, environment
    elif clone.is_dir() and clone.resolve() != PACKAGE.resolve():
        running, own = str(PACKAGE), clone
    else:
        return ""
    return (
        f"注意：运行的是 {running} 里的 nianbao，不是这个文件夹里的（{own}）；"
        "文件夹移动或复制过的，请删去 .venv，按说明重新安装"
    )
