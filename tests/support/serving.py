"""The real nginx with the configuration of deploy/nginx, below a path, on a free port of this machine."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from building import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = "/xxgk/nianbao/"
_SITE = "/srv/nianbao/site/"

# What the package of the system keeps in /etc and /var stands in the working folder instead.
_MAIN = """\
{user}
daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include mime.types;
    default_type application/octet-stream;
    sendfile on;
    include conf.d/*.conf;
}}
"""


def nginx() -> str | None:
    """Return where nginx is installed, or None."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@contextlib.contextmanager
def served(site: Path, folder: Path, extra: str = "", policy: str = "") -> Iterator[str]:
    """Serve *site* as deploy/nginx says, with *extra* lines in the server; yield the address, with `PATH`.

    *folder* is empty and takes the configuration and all that nginx writes. *policy* stands in place of policy.conf.
    """
    port = _free_port()
    shipped = ROOT / "deploy" / "nginx"
    (folder / "conf.d").mkdir()
    (folder / "nianbao").mkdir()
    shutil.copy(shipped / "http.conf", folder / "conf.d" / "nianbao-http.conf")
    policy = policy or (shipped / "policy.conf").read_text(encoding="utf-8")
    (folder / "conf.d" / "nianbao-policy.conf").write_text(policy, encoding="utf-8")
    server = (shipped / "server.conf").read_text(encoding="utf-8").replace("listen 80;", f"listen 127.0.0.1:{port};")
    server = server.replace("server_tokens off;", f"server_tokens off;\n{extra}")
    (folder / "conf.d" / "nianbao.conf").write_text(server, encoding="utf-8")
    location = (shipped / "location.conf").read_text(encoding="utf-8").replace(_SITE, f"{site}/")
    (folder / "nianbao" / "location.conf").write_text(location, encoding="utf-8")
    shutil.copy(_types(), folder / "mime.types")
    user = "user root;" if os.getuid() == 0 else ""  # Folders of tests are closed to others.
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, user=user), encoding="utf-8")
    command = [nginx() or "nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        _wait(f"http://127.0.0.1:{port}/", process)
        yield f"http://127.0.0.1:{port}{PATH}"
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _types() -> Path:
    return next(
        path for path in map(Path, ("/etc/nginx/mime.types", "/usr/local/nginx/conf/mime.types")) if path.exists()
    )


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(address: str, process: subprocess.Popen[str]) -> None:
    """Return when *address* answers. Raises RuntimeError where nginx ends before."""
    for _ in range(200):
        if process.poll() is not None:
            message = f"nginx ended:\n{process.communicate()[1]}"
            raise RuntimeError(message)
        try:
            urllib.request.urlopen(address, timeout=10).close()  # noqa: S310  # always http
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    message = "nginx does not answer"
    raise RuntimeError(message)
