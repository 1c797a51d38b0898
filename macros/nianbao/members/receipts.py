"""What came in from bodies: every version kept as it was received, with digest and time, in 来件/<id>/<year>/<number>.

A version is a folder that appears whole: its files as they came, and 来件.json, which says what they are.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FOLDER, RECORD = "来件", "来件.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file of a version: the *name* under which it is kept, what its sender called it, and its SHA-256.

    One that is not *read* has the same report in another form.
    """

    name: str
    sent_as: str
    digest: str
    read: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A version of the report of a *member* for a *year*, the one of a *number* from 1, received *at* a time.

    *values* are the cells and facts that were read, by address, *pages* the digests of the pages that were made of
    its words. *asked* counts the cells that still wait for an answer; *refused* is why nothing could be read.
    *returns* counts the returns of the report that the register had by then.
    """

    member: str
    year: int
    number: int
    at: dt.datetime
    files: tuple[Sent, ...]
    draft: bool = False
    refused: str = ""
    asked: int = 0
    returns: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)

    @property
    def digests(self) -> frozenset[str]:
        """The digests of its files, by which it is known when it comes again."""
        return frozenset(one.digest for one in self.files)


def folder_of(portal: Path, member: str, year: int) -> Path:
    """Return the folder of all versions of a report."""
    return portal / FOLDER / member / str(year)


def receipts_of(portal: Path, member: str, year: int) -> tuple[Receipt, ...]:
    """Return all versions of a report in the order in which they came. Raises OSError where they cannot be read."""
    folder = folder_of(portal, member, year)
    if not folder.is_dir():
        return ()
    numbers = sorted(int(path.name) for path in folder.iterdir() if path.name.isdecimal() and path.is_dir())
    return tuple(_receipt(folder, member, year, number) for number in numbers)


def years_of(portal: Path, member: str) -> tuple[int, ...]:
    """Return the years for which anything came from a body."""
    folder = portal / FOLDER / member
    return (
        tuple(sorted(int(path.name) for path in folder.iterdir() if path.name.isdecimal())) if folder.is_dir() else ()
    )


def newest(portal: Path, member: str, year: int) -> Receipt | None:
    """Return the version that came last, None where none came."""
    every = receipts_of(portal, member, year)
    return every[-1] if every else None


def _receipt(folder: Path, member: str, year: int, number: int) -> Receipt:
    path = folder / str(number) / RECORD
    try:
        content = json.loads(path.read_bytes() if path.exists() else b"")
        return Receipt(
            member=member,
            year=year,
            number=number,
            at=dt.datetime.fromisoformat(content["at"]),
            files=tuple(
                Sent(
                    name=str(one["name"]),
                    sent_as=str(one["sent_as"]),
                    digest=str(one["sha256"]),
                    read=one["read"] is True,
                )
                for one in content["files"]
            ),
            draft=content["draft"] is True,
            refused=str(content["refused"]),
            asked=int(content["asked"]),
            returns=int(content.get("returns", 0)),  # There are records from before they were counted.
            values={str(key): str(value) for key, value in content["values"].items()},
            pages={str(key): str(value) for key, value in content["pages"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        why = f"{FOLDER}/{member}/{year}/{number}/{RECORD} 已经损坏；请把这个文件夹移走，再收一次"
        return Receipt(member=member, year=year, number=number, at=_NEVER, files=(), refused=why)


_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def record(receipt: Receipt) -> bytes:
    """Return the file that says what *receipt* is."""
    content = {
        "version": 1,
        "at": receipt.at.isoformat(),
        "files": [
            {"name": one.name, "sent_as": one.sent_as, "sha256": one.digest, "read": one.read} for one in receipt.files
        ],
        "draft": receipt.draft,
        "refused": receipt.refused,
        "asked": receipt.asked,
        "returns": receipt.returns,
        "values": dict(receipt.values),
        "pages": dict(receipt.pages),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def changes(before: Receipt, after: Receipt) -> Iterator[tuple[str, str, str]]:
    """Yield address, old and new text of every cell or fact that two versions say otherwise; nothing is empty."""
    for address in dict.fromkeys((*before.values, *after.values)):
        old, new = before.values.get(address, ""), after.values.get(address, "")
        if old != new:
            yield address, old, new


def changed_pages(before: Receipt, after: Receipt) -> tuple[str, ...]:
    """Return the names of the pages whose words two versions have otherwise."""
    names = sorted({*before.pages, *after.pages})
    return tuple(name for name in names if before.pages.get(name) != after.pages.get(name))
