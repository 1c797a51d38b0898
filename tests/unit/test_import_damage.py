"""Damaged originals: no cell is read otherwise than it is printed, and no file ends in a traceback."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from damaging import damage_bytes, damaged
from nianbao.importing.reading import read_original
from nianbao.reading.refusal import RefusedError
from originals import KINDS, Score, made

if TYPE_CHECKING:
    from pathlib import Path

# `python tests/benchmarks/importing.py --minutes 60` goes on with other seeds.
SEEDS = 24


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_read_wrong_in_silence(kind: str, tmp_path: Path) -> None:
    """Cells lost, rows cut, headings broken: what is read is what is printed."""
    found = sum((damaged(kind, seed, tmp_path / "x") for seed in range(6 if kind.endswith("pdf") else SEEDS)), Score())
    assert found.wrong == ()
    assert found.right > found.asked + found.missing


@pytest.mark.parametrize("kind", KINDS)
def test_broken_files_end_in_words(kind: str, tmp_path: Path) -> None:
    """A file that is cut off or has wrong bytes is read or refused, never a traceback."""
    data = KINDS[kind](made(2021, 5))
    path = tmp_path / "x"
    for seed in range(40):
        path.write_bytes(damage_bytes(data, seed))
        with suppress(RefusedError):
            assert read_original(path).kind
