# ruff: noqa: T201 -- what is found is printed
"""The editor in a browser of 2020: `python tests/benchmarks/old_editor.py PYTHON`.

PYTHON is one that has PyQtWebEngine 5.15.2, whose engine is Chromium 83; that does not go together with the 5.12 that
the tests of readers' pages use, so it needs an environment of its own:

    python3 -m venv old && old/bin/pip install PyQt5==5.15.11 PyQt5-Qt5==5.15.2 PyQtWebEngine==5.15.7 \
        PyQtWebEngine-Qt5==5.15.2

A figure is typed, a sentence of last year's is told, a figure is picked in the tables, words are saved.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]  # Run by hand, this file stands outside of both.

from previews import served  # noqa: E402  # found by the line above
from projects import example_project  # noqa: E402  # likewise

_PAUSE = ("0", "0", "0")  # Each script is followed by a pause.
_TYPE = """(() => {
  const input = document.querySelector('[data-address="requests.received.natural_person"]');
  input.focus();
  input.value = "55";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  return document.activeElement.dataset.address;
})()"""
_STATUS = 'document.querySelector(".edit-status").textContent'
_WRITE = """(() => {
  const details = document.querySelectorAll("details.edit-words")[2];
  details.open = true;
  const area = details.querySelector("textarea");
  area.value += "执法音像记录的保存期限、调阅手续形成清单对外公布。";
  area.dispatchEvent(new Event("input", { bubbles: true }));
})()"""
_REPEATED = 'document.querySelector("details[open] .edit-like").textContent'
_PRESS = 'Array.from(document.querySelectorAll("details[open] button")).find((one) => one.textContent === "{}").click()'
_PICKED = 'document.querySelectorAll(".edit-dialog .edit-pick")[3].click()'
_SAVED = 'document.querySelector("details[open] .edit-form-status").textContent'


def main() -> None:
    """Print what each step gives, and fail where one does not give what it should."""
    with tempfile.TemporaryDirectory() as name:
        project = example_project(Path(name))
        with served(project) as preview:
            figures = _ran(
                f"{preview.address}2025/3-requests.html", *_PAUSE, "navigator.userAgent", _TYPE, *_PAUSE, _STATUS
            )
            words = _ran(
                f"{preview.address}2025/1-overview.html",
                *(
                    *_PAUSE,
                    _WRITE,
                    *_PAUSE,
                    _REPEATED,
                    _PRESS.format("从表里取数"),
                    *_PAUSE,
                    _PICKED,
                    _PRESS.format("保存"),
                    *_PAUSE,
                    _SAVED,
                ),
            )
        page = (project / "docs" / "2025" / "1-overview.md").read_text(encoding="utf-8")
    assert "Chrome/83." in figures["results"][3], figures
    assert figures["results"][4] == "requests.carried_in.natural_person", figures
    assert figures["results"][-1].startswith("已保存"), figures
    assert "有 1 句与上年报告相同" in words["results"][7], words
    assert words["results"][-1].startswith("已保存"), words
    assert figures["console"] == words["console"] == []
    assert '公布。\n{{ figure("disclosure.normative_documents.issued") }}' in page, page
    print(f"{figures['results'][3]}: figures, words, likeness and picking work")


def _ran(address: str, *scripts: str) -> dict[str, Any]:
    engine = ROOT / "tests" / "support" / "old_engine.py"
    command = [sys.argv[1], "-W", "ignore", str(engine), address, "1280", "900", *scripts]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
