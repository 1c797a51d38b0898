"""The pages that a superior's site has for its bodies, as they are written first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.data_files import writing
from nianbao.members.rollup_record import PAGES, page_of
from nianbao.prose.escaping import within_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nianbao.members.register import Register

INDEX = """\
---
title: 各单位
---

# 各单位的报告和数据 {#members}

{{ member_reports() }}

## 办理申请的情况 {#rates}

{{ member_rates() }}

## 本级各数由哪些单位的数相加 {#parts}

### 主动公开 {#parts-disclosure}

{{ member_parts("disclosure") }}

### 申请 {#parts-requests}

{{ member_parts("requests") }}

### 复议和诉讼 {#parts-review}

{{ member_parts("review") }}
"""


def write_pages(docs: Path, register: Register, year: int) -> int:
    """Write a page for each body of *year* and one of all below *docs*; return how many, those that are there stay."""
    (docs / PAGES).mkdir(exist_ok=True)
    missing = [(path, text) for path, text in _pages(docs, register, year) if not path.exists()]
    for path, text in missing:
        writing.put(path, text.encode())
    return len(missing)


def _pages(docs: Path, register: Register, year: int) -> Iterator[tuple[Path, str]]:
    yield docs / PAGES / "index.md", INDEX
    for member in register.of(year):
        name = within_line(member.name(year))
        yield page_of(docs, member.id), f'# {name} {{#report}}\n\n{{{{ member_report("{member.id}") }}}}\n'
