"""A server on this machine for the desk of a portal that is still to be made; it ends when that is there."""

from __future__ import annotations

import socketserver
import tempfile
import threading
import wsgiref.simple_server
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.editing.beginning import Beginning
from nianbao.engines.local_application import PREFIX, LocalApplication, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# Seconds for the page to get its last answer.
_FAREWELL = 0.5


class _Server(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True


class _Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """Say nothing of single requests."""


def begin(folder: Path, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serve the desk of a portal that is to be made at *folder*, until it is; *ready* is called once it can be seen."""
    with tempfile.TemporaryDirectory() as waiting:
        place = Beginning(folder, Path(waiting))
        own = LocalApplication(place, "/", port)

        def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401  # PEP 3333
            path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
            if path.startswith(f"/{PREFIX}"):
                return own(environ, start_response, path.removeprefix(f"/{PREFIX}"))
            if environ["REQUEST_METHOD"] != "GET":
                return said(start_response, HTTPStatus.METHOD_NOT_ALLOWED, "不能这样访问")
            start_response("302 Found", [("Location", f"/{PREFIX}")])
            return []

        with _Server((host, port), _Quiet) as server:
            server.set_app(application)
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            ready()
            try:
                while not place.told.wait(_FAREWELL):  # Short, for Windows interrupts no longer wait.
                    pass
                threading.Event().wait(_FAREWELL)
            finally:
                server.shutdown()
                thread.join()
