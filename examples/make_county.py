# ruff: noqa: INP001 -- a script that stands alone
"""Makes the example of a superior office: `python examples/make_county.py FOLDER`.

It writes a portal with a register of sixty synthetic bodies into FOLDER/county, and what they send into FOLDER/收件
and, after the deadline, FOLDER/补报. EDITING.md tells how to go on: collect, board, rollup.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "tests" / "support")]

from inbox import write_inbox, write_portal  # noqa: E402  # found by the line above


def main() -> None:
    """Write the county into a folder that is not there yet."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True)
    write_portal(folder / "county")
    write_inbox(folder)


if __name__ == "__main__":
    main()
