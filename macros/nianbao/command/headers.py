"""`nianbao headers`: the security policy that a web server sends with the site, as the portal's frame asks."""

from __future__ import annotations

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.options import project_of, project_option
from nianbao.command.terminal import tell
from nianbao.metadata.policy import nginx_policy, server_policy
from nianbao.model.dataset import read_dataset

_HELP = """写出网站服务器要发的内容安全策略。

网站只载入自己的文件；data/frame.yml 写明其他网站的程序的，策略里恰好加上这些。
页面里已有同样的策略，服务器再发一次；服务器发的旧了，新加的程序会被浏览器拦下。
"""


@click.command(cls=ChineseCommand, short_help="写出网站服务器要发的内容安全策略。", help=_HELP)
@click.option("--nginx", is_flag=True, help="写成 nginx 的配置文件 policy.conf。")
@project_option
@help_option
def headers(folder: str, *, nginx: bool) -> int:
    """Write the policy to standard output; return the exit code."""
    project = project_of(folder)
    dataset = read_dataset(project.root, project.data)
    wrong = [finding for finding in dataset.findings if finding.place.file.endswith(_FILES)]
    for finding in wrong:
        tell(str(finding), err=True)
    if wrong:
        return 1
    text = nginx_policy(dataset.frame) if nginx else f"Content-Security-Policy: {server_policy(dataset.frame)}\n"
    click.echo(text, nl=False)
    return 0


# Mistakes elsewhere change nothing of the policy.
_FILES = ("frame.yml", ".html")
