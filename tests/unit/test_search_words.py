"""The words of the search: what people type leads to words that reports hold."""

from __future__ import annotations

import json

from building import ROOT
from nianbao.publishing.search_words import search_words

# Words by which what the program itself writes is called: pages, headings and the foot.
OF_PAGES = {"联系方式", "历年比较", "数据下载", "更正"}


def test_each_word_leads_to_words_of_reports() -> None:
    """Every word of reports stands in the form of today, in its headings or in the pages that each portal has."""
    found = json.loads(search_words())
    assert found["打官司"] == ["行政诉讼"]
    form = (ROOT / "macros/nianbao/forms/2021.yml").read_text("utf-8")
    start = "".join(path.read_text("utf-8") for path in (ROOT / "macros/nianbao/start").rglob("*.md"))
    terms = {term for words in found.values() for term in words}
    assert {term for term in terms - OF_PAGES if term not in form + start} == set()


def test_no_word_leads_to_itself() -> None:
    """A word that is part of the word of reports finds that by itself."""
    assert [(word, term) for word, terms in json.loads(search_words()).items() for term in terms if word in term] == []
