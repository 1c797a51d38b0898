"""A tag of Git over a record: an anchor outside the portal, signed where a key is at hand."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SECONDS = 120  # Who signs may be asked for a pass phrase.


def tag_name(agency: str, year: int, number: int) -> str:
    """Return what the tag over record *number* of *year* is called."""
    return f"nianbao/{agency}/{year}-{number}"


def ready(folder: Path) -> None:
    """Raise RefusedError where *folder* cannot be tagged: no Git, or no repository."""
    if shutil.which("git") is None:
        message = "本机没有 git，不能打标签；请安装 git，或去掉 --tag，没有写入任何内容"
        raise RefusedError(message)
    done = _git(folder, "rev-parse", "--is-inside-work-tree")
    if done.returncode:
        message = (
            f"{folder} 不在 git 的版本库里，不能打标签；请先用 git init 建立版本库，或去掉 --tag，没有写入任何内容"
        )
        raise RefusedError(message)


def tag(folder: Path, name: str, files: Sequence[Path], message: str, *, sign: bool) -> str:
    """Commit *files* alone and put an annotated tag called *name* over them; return the commit.

    *sign* has Git sign the tag with the key of its settings. Raises RefusedError with what Git says; what was
    frozen stays frozen then.
    """
    if not _git(folder, "rev-parse", "--verify", "--quiet", f"refs/tags/{name}").returncode:
        _refuse(f"已经有标签 {name}", "")
    paths = [str(path) for path in files]
    for arguments in (("add", "--", *paths), ("commit", "--quiet", "--message", message, "--", *paths)):
        done = _git(folder, *arguments)
        if done.returncode and not _committed(folder, paths):
            _refuse("不能提交定稿的记录", done.stderr or done.stdout)
    done = _git(folder, "tag", *(["--sign"] if sign else ["--annotate"]), name, "--message", message)
    if done.returncode:
        advice = "；没有签名用的密钥时，请设置 user.signingkey，或去掉 --sign" if sign else ""
        _refuse(f"不能打标签 {name}{advice}", done.stderr)
    return _git(folder, "rev-parse", "--short", f"{name}^{{commit}}").stdout.strip()


def _committed(folder: Path, paths: Sequence[str]) -> bool:
    return not _git(folder, "status", "--porcelain", "--", *paths).stdout.strip()


def _refuse(what: str, said: str) -> None:
    lines = tuple(f"git：{line}" for line in said.strip().splitlines())
    message = f"已经定稿，但是{what}；请照下面改好，再用 git tag 自己打上："
    raise RefusedError(message, lines)


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603  # no shell
            ["git", "-C", str(folder), *arguments],  # noqa: S607  # as the officer's own
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        message = f"已经定稿，但是 git 超过 {_SECONDS} 秒没有答复；请自己打标签"
        raise RefusedError(message) from error
