"""What the process of an engine answers arrives as it was."""

from __future__ import annotations

import pytest
from nianbao.engines.engines import Answer, Built, Checked, decoded, encoded
from nianbao.reading.findings import Finding, Place
from nianbao.verifying.crawl import Crawl

FOUND = (
    Finding(Place("docs/a.md", 3, 7), "一句话"),
    Finding(Place("data/2023.yml"), "另一句", "T3-01", "warning", "x"),
)


@pytest.mark.parametrize(
    "answer",
    [
        Checked(reports=1, confirmed=2, levels={"error": 1}, drafts=(2024,), published=True, refused=FOUND),
        Built(findings=FOUND, failure="坏了", remarks=("没有 PDF",)),
        Crawl(pages=3, findings=list(FOUND)),
    ],
)
def test_findings_arrive_with_their_places(answer: Answer) -> None:
    """Each answer with findings is read as it was written."""
    read = decoded(encoded(answer))
    told = read.refused if isinstance(read, Checked) else read.findings
    assert tuple(told) == FOUND
    assert str(told[0].place) == "docs/a.md:3:7"
