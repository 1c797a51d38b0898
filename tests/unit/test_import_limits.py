"""A file that makes a reader hang, fall or fill the memory is one refusal; nothing that was started is left behind."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
from typing import TYPE_CHECKING

import pytest
from nianbao.command.importing import import_
from nianbao.command.start import start
from nianbao.importing.many import import_many
from nianbao.importing.originals import opened
from nianbao.importing.readers import office
from nianbao.reading.clock import today
from nianbao.reading.refusal import RefusedError
from nianbao.running.crew import Failure, Limits, each
from nianbao.running.processes import Processes
from originals import pdf_of
from printed import printed_2023
from projects import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nianbao.model.dataset import Dataset

SOON = Limits(seconds=1)


def hanging(path: Path) -> Path:
    """Write a PDF whose forms hold one another twelve times over, so that PDFium never comes to an end of them."""
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]%s/Length %d>>\nstream\n%s\nendstream"
    again = b"/F Do " * 12
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</F 4 0 R>>>>>>"
    held = [b"/Resources<</XObject<</F %d 0 R>>>>" % number for number in range(5, 16)]
    path.write_bytes(pdf_of(page, *(form % (inner, len(again), again) for inner in held), form % (b"", 1, b" ")))
    return path


@pytest.fixture
def silent() -> Iterator[None]:
    """Keep Python from telling of a process that falls, which is no failure of a test."""
    faulthandler.disable()
    yield
    faulthandler.enable()


@pytest.mark.usefixtures("silent")
def test_a_reader_that_hangs_is_one_refusal(own: Dataset, tmp_path: Path) -> None:
    """It is ended in time, with what to do; the other file of the same run is read."""
    asked = ("--name", "某市某局", "--id", "mj", "--kind", "department", "--year", "2023")
    assert run(start, "portal", *asked, project=tmp_path).code == 0
    file, other = hanging(tmp_path / "a.pdf"), tmp_path / "b.txt"
    done = run(import_, str(file), "--year", "2023", "--seconds", "1", project=tmp_path / "portal")
    assert done.code == 1
    assert "a.pdf：超过 1 秒还没有读完；请用原来的程序打开，另存为新文件" in done.printed
    other.write_text(printed_2023(own.reports[2023]), encoding="utf-8")
    # The memory ends it long before the time, which a busy machine may need for the other.
    crew = Processes(2, Limits(seconds=90, memory=400_000_000))
    rows = list(import_many([(file,), (other,)], tmp_path / "out", 2023, today(), crew))
    assert {row.files: row.refused for row in rows} == {"a.pdf": True, "b.txt": False}
    assert multiprocessing.active_children() == []


@pytest.mark.usefixtures("silent")
def test_a_reader_that_fills_the_memory_is_one_refusal(tmp_path: Path) -> None:
    """What the system ends is told as what it is, with what to do."""
    with pytest.raises(RefusedError, match=r"意外结束，文件可能坏了，或者要用的内存太多；请用原来的程序打开"):
        opened([hanging(tmp_path / "a.pdf")], Limits(memory=300_000_000))


def run_long(folder: Path) -> None:
    """Start a program that takes long, as LibreOffice is started."""
    office._run(["sh", "-c", f"echo $$ > {folder}/pid; exec sleep 1000"], folder)  # noqa: SLF001


def test_what_was_started_is_ended(tmp_path: Path) -> None:
    """A process that is told to end takes with it what it has started itself."""
    ((_, failed),) = each(Processes(1, SOON), run_long, [tmp_path])
    assert failed == Failure(kind="slow", detail="1")
    number = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
