"""Looks the locked dependencies up in the database of known vulnerabilities: `python deploy/supply-chain/audit.py`.

pip-audit must be installed. What could not be looked up is told and never taken for sound: by itself
pip-audit ends with success where it reached nothing. Exit codes: 0 all looked up and none known, 1 some
known, 3 not all looked up.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCKS = ("requirements.txt", "requirements-dev.txt")
KNOWN, UNKNOWN = 1, 3


def main() -> int:
    """Look up both lock files, print what was found, and return the exit code."""
    root = Path(__file__).resolve().parent.parent.parent
    codes = []
    for lock in LOCKS:
        command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "-r", lock, "-f", "json"]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603  # fixed
        code, lines = judge(lock, done.stdout, done.stderr)
        print("\n".join(lines))  # noqa: T201  # the command's output
        codes.append(code)
    return KNOWN if KNOWN in codes else max(codes)


def judge(lock: str, output: str, errors: str) -> tuple[int, list[str]]:
    """Return the exit code and the lines to print for what pip-audit said of *lock*."""
    try:
        packages: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        reason = errors.strip().splitlines()[-1:] or ["没有输出"]
        return UNKNOWN, [f"{lock}：没有核对，漏洞库连接不上或 pip-audit 出错（{reason[0]}）"]
    looked_up = [package for package in packages if "vulns" in package]
    missing = [package["name"] for package in packages if "vulns" not in package]
    known = [
        f"{lock}：{package['name']} {package['version']} 有已知漏洞 {found['id']}，"
        f"修复版本 {'、'.join(found['fix_versions']) or '还没有'}"
        for package in looked_up
        for found in package["vulns"]
    ]
    lines = [*known, f"{lock}：核对了 {len(looked_up)} 个依赖，{len(known)} 个已知漏洞"]
    if missing or not looked_up:
        lines.append(f"{lock}：{len(missing)} 个依赖没有核对，漏洞库里查不到或连接不上，不能当作没有漏洞")
    if known:
        return KNOWN, lines
    return (UNKNOWN if missing or not looked_up else 0), lines


if __name__ == "__main__":
    sys.exit(main())
