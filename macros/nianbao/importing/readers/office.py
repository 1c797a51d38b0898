"""Old office files (.doc, .wps, .rtf, .odt) turned into .docx by LibreOffice, where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from nianbao.importing.readers.packages import DAMAGED
from nianbao.reading.refusal import RefusedError

_PROGRAMS = ("soffice", "libreoffice")
# A report takes a second; the first start of a slow machine ten.
SECONDS = 60.0

NOT_INSTALLED = "这是旧格式的文件，这台机器没有安装 LibreOffice，不能直接读；请在 Word 或 WPS 里另存为 .docx 再导入"
_TOO_LONG = "LibreOffice 等了很久还没有读完；请在 Word 或 WPS 里另存为 .docx 再导入"

# A profile in which no macro runs and nothing is loaded from elsewhere.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def as_docx(data: bytes, kind: str) -> bytes:
    """Return the file in *data*, of the *kind* doc, rtf or odt, as .docx.

    Raises RefusedError where LibreOffice is not installed, takes too long or cannot read it.
    """
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise RefusedError(NOT_INSTALLED)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = folder / "profile" / "user"
        settings.mkdir(parents=True)
        (settings / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        source = folder / f"original.{kind}"
        source.write_bytes(data)
        made = folder / "made"
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
            *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(made), str(source)),
        ]
        _run(command, folder)
        result = made / "original.docx"
        if not result.is_file():
            raise RefusedError(DAMAGED)
        return result.read_bytes()


def _run(command: list[str], folder: Path) -> None:
    """Run *command* with no input and a limit of time, after which all that it started ends."""
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(  # noqa: S603  # a program of the system, with files of our own
        command, cwd=folder, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired as error:
        raise RefusedError(_TOO_LONG) from error
    finally:
        if process.poll() is None:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            process.wait()
