"""A record: what was published with the digest of the record before it, and the check number that paper carries."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nianbao.lifecycle.snapshot import APPROVALS, OLD, SCHEMA, Snapshot, digest, encoded, read_snapshot
from nianbao.reading.check_numbers import ALPHABET, GROUP, GROUPS, printed

if TYPE_CHECKING:
    from collections.abc import Mapping

_DIGEST = re.compile("[0-9a-f]{64}")

_BITS = 5


@dataclass(frozen=True, kw_only=True)
class Record:
    """What was published once: the *report*, and what binds this record to others.

    *previous* is the digest of the record of this year before it, empty for the first; *others* are the digests of
    the last records of all other frozen years, as they were then; *earlier* is the text of a record of an earlier
    kind in whose place this one stands. *reopened* has day, reason and digest of each record before it that was
    taken back before its day of publication. *digest* names this record in the data file and in the record after it.
    """

    report: Snapshot
    previous: str = ""
    others: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    earlier: str = ""
    reopened: tuple[tuple[dt.date, str, str], ...] = ()

    def encoded(self) -> bytes:
        """Return the one way to write this down."""
        return encoded(
            {
                "schema": SCHEMA,
                "report": self.report.document(),
                "previous": self.previous or None,
                "others": {str(year): digest_ for year, digest_ in self.others.items()},
                **({"earlier": self.earlier} if self.earlier else {}),
                **({"reopened": [_reopening(*one) for one in self.reopened]} if self.reopened else {}),
            }
        )

    @property
    def replaced(self) -> str:
        """The digest of the record of an earlier kind in whose place this one stands, empty where there is none."""
        return digest(self.earlier.encode()) if self.earlier else ""

    @property
    def number(self) -> str:
        """The check number of what was published; empty where the record is of a kind that holds too little."""
        before = self.previous if self.report.corrections else ""  # What was taken back was never published.
        return "" if self.report.schema == OLD else check_number(self.report, before)


def decoded(content: bytes) -> Record:
    """Return the record that *content* writes down. Raises ValueError where it is none that can be read."""
    try:
        document: dict[str, Any] = json.loads(content)
        schema = document["schema"]
        if schema == OLD:
            return Record(report=read_snapshot(document, OLD))
        if schema != SCHEMA:
            message = f"schema {schema}"
            raise ValueError(message)
        previous = document["previous"]
        return Record(
            report=read_snapshot(document["report"], SCHEMA),
            previous="" if previous is None else _digest(previous),
            others=MappingProxyType({int(year): _digest(named) for year, named in document["others"].items()}),
            earlier=str(document.get("earlier", "")),
            reopened=tuple(
                (dt.date.fromisoformat(one["on"]), str(one["reason"]), _digest(one["digest"]))
                for one in document.get("reopened", ())
            ),
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _reopening(day: dt.date, reason: str, digest_: str) -> dict[str, str]:
    return {"on": day.isoformat(), "reason": reason, "digest": digest_}


def _digest(text: object) -> str:
    if not isinstance(text, str) or not _DIGEST.fullmatch(text):
        message = f"no digest: {text}"
        raise ValueError(message)
    return text


def check_number(report: Snapshot, previous: str) -> str:
    """Return the number that proves on paper what the site shows: four groups of four characters, 80 bits.

    It stands for all that readers see of *report*, with its corrections and the record before the last, *previous*;
    not for the day and the fact of publication, nor for approvals, so that a draft has the number under which it is
    approved and published.
    """
    document = report.document()
    content = {key: value for key, value in document.items() if key not in {"status", "published_on", APPROVALS}}
    sum_ = hashlib.sha256(encoded({"report": content, "previous": previous or None})).digest()
    bits = int.from_bytes(sum_)
    count = len(sum_) * 8
    places = (bits >> (count - _BITS * (index + 1)) & (len(ALPHABET) - 1) for index in range(GROUPS * GROUP))
    return printed("".join(ALPHABET[place] for place in places))
