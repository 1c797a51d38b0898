"""Opens an address in QtWebEngine 5.12, whose Chromium is that of 2018, and prints what a script in the page gives.

Run as a process of its own: ``old_engine.py ADDRESS WIDTH HEIGHT SCRIPT``. The engine's own words go to stderr.
"""

from __future__ import annotations

import json
import os
import sys

os.environ |= {
    "QT_QPA_PLATFORM": "offscreen",
    "QT_QUICK_BACKEND": "software",  # What draws from 5.15 on asks for a graphics card else.
    "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu",
    "QTWEBENGINE_DISABLE_SANDBOX": "1",
}

from PyQt5.QtCore import QSize, QTimer, QUrl  # it reads the environment when it is imported
from PyQt5.QtWebEngineWidgets import QWebEnginePage, QWebEngineView
from PyQt5.QtWidgets import QApplication

_LONGEST = 60_000
# How long pages have for what they do after they were read, such as a search that waits for typing to end.
_SETTLED = 1_500


class _Page(QWebEnginePage):  # type: ignore[misc]  # the library has no types
    """Keeps what the page says in its console."""

    messages: list[str]

    def javaScriptConsoleMessage(self, _level: object, message: str, line: int, source: str) -> None:  # noqa: N802  # the library's name
        self.messages.append(f"{source}:{line} {message}")


def main(address: str, width: str, height: str, *scripts: str) -> None:
    """Print what each of *scripts* gives, each after the page has settled, and what the console said, as JSON."""
    application = QApplication([sys.argv[0]])
    view = QWebEngineView()
    page = _Page(view)
    page.messages = []
    view.setPage(page)
    view.resize(QSize(int(width), int(height)))
    view.show()
    results: list[object] = []

    def step() -> None:
        if len(results) == len(scripts):
            sys.stdout.write(json.dumps({"results": results, "console": page.messages}, ensure_ascii=False))
            application.quit()
            return
        page.runJavaScript(scripts[len(results)], took)

    def took(result: object) -> None:
        results.append(result)
        QTimer.singleShot(_SETTLED, step)

    page.loadFinished.connect(lambda _: QTimer.singleShot(_SETTLED, step))
    page.load(QUrl(address))
    QTimer.singleShot(_LONGEST, application.quit)
    application.exec_()
    view.setPage(None)
    page.deleteLater()


if __name__ == "__main__":
    main(*sys.argv[1:])
