"""The desk before there is a portal: what a new one must know is filled in on its page, then it is made."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from nianbao.editing.commands import START
from nianbao.editing.inbox import Inbox
from nianbao.editing.running import Runner
from nianbao.model.configuration import FILE
from nianbao.reading.clock import today
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Json = dict[str, Any]


class Beginning:
    """A portal that is to be made at *folder*, where there is nothing yet; what is dropped waits in *waiting*."""

    def __init__(self, folder: Path, waiting: Path) -> None:
        self._folder = folder
        self.runner = Runner(folder.parent, waiting / "printed.txt")
        self.inbox = Inbox(waiting / "files")
        self.told = threading.Event()  # Set once a page knows that the portal is there.

    def state(self) -> Json:
        """Return what is asked of who begins, and how far the making is."""
        job = self.runner.state()
        if job.get("result") and (self._folder / FILE).is_file():
            self.told.set()
        return {"folder": str(self._folder), "command": START.described(), "made": self.told.is_set(), "job": job}

    def start(self, said: Mapping[str, str], names: Sequence[str]) -> Json:
        """Make the portal of what was *said*, from the files called *names*. Raises RefusedError."""
        files = self.inbox.files(names)
        if not files and not said.get("year", "").strip():
            said = {**said, "year": str(today().year - 1)}
        refused = []
        if not files and not said.get("name", "").strip():
            refused.append("请填写“机关全称”，或者放入往年的报告")
        try:
            arguments = START.arguments(str(self._folder), said, [str(path) for path in files])
        except RefusedError as error:
            refused.append(str(error))
        if refused:
            raise RefusedError("；".join(refused))
        return self.runner.start(START, "", arguments, files)
