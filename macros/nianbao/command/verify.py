"""`nianbao verify`: proves that a site, a ZIP of it or the folder of a year is what was published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.lifecycle.site_record import MAXIMUM, RecordError, read_site_record
from nianbao.model.project import WrongUseError
from nianbao.proving.download_readers import DamagedError
from nianbao.proving.proving import NothingToProveError, Proof, numbers, prove
from nianbao.proving.sources import open_source
from nianbao.proving.sums import read_sums
from nianbao.reading.check_numbers import read_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.lifecycle.site_record import SiteRecord

_HELP = """核对网站是不是公布的样子。

只凭公布的记录，逐页、逐个文件读出内容来比，不需要项目文件夹；其余的文件按网站的 SHA256SUMS 核对。
PATH 是网站的文件夹、网站或下载文件的 ZIP，或者一个年度的文件夹；不写就是 site。

以 0 结束表示相符，1 表示不符（逐处列出），2 表示用法不对。
"""


@click.command(cls=ChineseCommand, short_help="核对网站是不是公布的样子。", help=_HELP)
@click.argument("path", metavar="[PATH]", default="site", type=click.Path(path_type=Path))
@click.option("--record", "kept", metavar="文件", help="另外保存的记录，如上级机关留存的一份；不写就用网站里的。")
@click.option("--sums", "kept_sums", metavar="文件", help="另外保存的网站的 SHA256SUMS；不写就用网站里的。")
@click.option("--number", metavar="校验号", help="纸上、Word 或 PDF 上印的校验号，看网站上公布的是不是同一份。")
@help_option
def verify(path: Path, kept: str | None, kept_sums: str | None, number: str | None) -> int:
    """Prove what lies at *path* and return the exit code."""
    wanted = None if number is None else read_number(number)
    if number is not None and wanted is None:
        message = (
            f"校验号应为四组四个字符，如 KLDA-444M-R5YE-FPBN，实际为“{number}”；其中没有数字 0、1，也没有字母 O、I"
        )
        raise WrongUseError(message)
    record = None if kept is None else _record(Path(kept))
    sums = None if kept_sums is None else _sums(Path(kept_sums))
    try:
        proof = prove(open_source(Path.cwd() / path), record, sums)
    except NothingToProveError as error:
        raise WrongUseError(str(error)) from None
    return _told(proof, path, wanted)


def _record(path: Path) -> SiteRecord:
    """Return the record at *path*. Raises WrongUseError where it is none."""
    content = _kept(path, "记录文件", "公布的记录")
    try:
        return read_site_record(content)
    except RecordError as error:
        message = f"{path} {error}"
        raise WrongUseError(message) from error


def _sums(path: Path) -> Mapping[str, str]:
    """Return the list of digests at *path*. Raises WrongUseError where it is none."""
    content = _kept(path, "校验值文件", "网站的校验值")
    try:
        return read_sums(content)
    except DamagedError as error:
        message = f"{path} 不是网站的 SHA256SUMS，或者已经损坏"
        raise WrongUseError(message) from error


def _kept(path: Path, named: str, what: str) -> bytes:
    """Return the content of the file at *path*. Raises WrongUseError where it is not there or too large."""
    if not path.is_file():
        message = f"没有{named} {path}"
        raise WrongUseError(message)
    if path.stat().st_size > MAXIMUM:
        message = f"{path} 太大，不是{what}"
        raise WrongUseError(message)
    return path.read_bytes()


def _told(proof: Proof, path: Path, wanted: str | None) -> int:
    """Print what came of it and return the exit code."""
    for finding in proof.findings:
        click.echo(str(finding))
    for remark in proof.remarks:
        click.echo(f"请注意：{remark}。")
    for line in numbers(proof):
        click.echo(line)
    named = wanted is None or wanted in proof.years.values()
    if not named:
        click.echo(f"校验号 {wanted} 不是这里任何一个年度的：纸上的与网站上的不是同一份，或者抄错了字。")
    if proof.findings:
        click.echo(f"有 {len(proof.findings)} 处与公布的不符：{path}")
    elif named:
        years = "、".join(map(str, sorted(proof.years)))
        click.echo(f"{years}年与公布的记录相符：{proof.pages} 个页面，{proof.files} 个文件。")
        if proof.listed:
            click.echo(f"全部 {proof.listed} 个文件与生成网站时的校验值相符。")
    return int(bool(proof.findings) or not named)
