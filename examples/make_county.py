# ruff: noqa: INP001, T201 -- a script that stands alone and speaks
"""Makes the example of a superior office: `python examples/make_county.py FOLDER`.

It writes a portal with a register of sixty synthetic bodies into FOLDER/county, and what they send into FOLDER/收件
and, after the deadline, FOLDER/补报. What it prints and guides/superior.md tell how to go on: collect, board, rollup.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "tests" / "support")]

from inbox import YEAR, write_inbox, write_portal  # noqa: E402  # found by the line above


def main() -> None:
    """Write the county into a folder that is not there yet, and tell how to go on."""
    if len(sys.argv) != 2:  # noqa: PLR2004  # the script and its argument
        sys.exit("请写明一个新的文件夹，如 python examples/make_county.py 合成县")
    folder = Path(sys.argv[1])
    if folder.exists():
        sys.exit(f"{folder} 已经有了，没有写入任何内容；请写明一个新的文件夹")
    folder.mkdir(parents=True)
    write_portal(folder / "county")
    write_inbox(folder)
    print(
        f"已写出合成的县：{folder}/county 是上级机关的项目，收件和补报是六十个单位报来的文件。接下来：\n"
        f"1. cd {folder}/county\n"
        f"2. nianbao collect ../收件 --on {YEAR + 1}-01-20\n"
        f"3. nianbao board {YEAR} --on {YEAR + 1}-02-01 --out ../报送情况\n"
        f"4. nianbao collect ../补报 --on {YEAR + 1}-02-10\n"
        f"5. nianbao rollup {YEAR} --pages"
    )


if __name__ == "__main__":
    main()
