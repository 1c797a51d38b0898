"""Findings for other programs: JSON, annotations of code hosts, and SARIF 2.1.0."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from nianbao.reading.legible import lines
from nianbao.rules.registry import ALL_RULES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nianbao.reading.findings import Finding

JSON_VERSION = 1
# JSON itself escapes only those below the blank.
_ESCAPED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_SARIF = "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/main/sarif-2.1/schema/sarif-schema-2.1.0.json"

# SARIF and annotations have three weights of their own.
_SARIF_LEVELS = {"error": "error", "uncertain": "warning", "warning": "note"}
_ANNOTATIONS = {"error": "error", "uncertain": "warning", "warning": "notice"}


def as_json(findings: Sequence[Finding], reports: Sequence[Mapping[str, Any]], summary: Mapping[str, int]) -> str:
    """Return everything as one JSON document: findings, the result of every rule by report, and the counts."""
    document = {
        "version": JSON_VERSION,
        "summary": dict(summary),
        "findings": [
            {
                "file": finding.place.file,
                "line": finding.place.line,
                "column": finding.place.column,
                "level": finding.level,
                "rule": finding.rule or None,
                "place": finding.subject or None,
                "message": finding.message,
            }
            for finding in findings
        ],
        "reports": list(reports),
    }
    return _json(document)


def _json(document: object) -> str:
    """Return *document* as JSON in which what a terminal would obey, or no encoding holds, is escaped as well."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def as_annotations(findings: Sequence[Finding]) -> str:
    """Return a line for each finding as continuous integration shows them beside the changed lines."""
    return "\n".join(
        f"::{_ANNOTATIONS[finding.level]} file={_property(finding.place.file)},line={finding.place.line},"
        f"col={finding.place.column},title={_property(finding.rule or '数据有误')}::{_data(finding.message)}"
        for finding in findings
    )


def _data(text: str) -> str:
    return lines(text.replace("%", "%25").replace("\r", "%0D")).replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _uri(file: str) -> str:
    return quote(file.encode("utf-8", "surrogateescape"))


def as_sarif(findings: Sequence[Finding]) -> str:
    """Return the findings as SARIF, with the rules that they break."""
    broken = {finding.rule for finding in findings}
    rules = [
        {
            "id": rule.code,
            "shortDescription": {"text": rule.statement},
            "help": {"text": f"依据：{rule.basis}"},
            "defaultConfiguration": {"level": "error" if rule.hard else "note"},
        }
        for rule in ALL_RULES
        if rule.code in broken
    ]
    driver = {"name": "nianbao", "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": [*map(_sarif, findings)]}
    document = {"$schema": _SARIF, "version": "2.1.0", "runs": [run]}
    return _json(document)


def _sarif(finding: Finding) -> dict[str, Any]:
    place = finding.place
    location = {
        "artifactLocation": {"uri": f"file://{_uri(place.file)}" if place.file[0] == "/" else _uri(place.file)},
        "region": {"startLine": place.line, "startColumn": place.column},
    }
    result: dict[str, Any] = {
        "level": _SARIF_LEVELS[finding.level],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": location}],
    }
    return {"ruleId": finding.rule, **result} if finding.rule else result
