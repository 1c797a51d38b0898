"""Every figure of a page against the data: cells by their addresses, and marked numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.html.structure import Mark
from nianbao.pages.figures import figure
from nianbao.pages.lists import FULL_TEXT_PAGE, section_page
from nianbao.pages.session import AuthorError
from nianbao.reading.findings import shown
from nianbao.tables.lines import CELL

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from nianbao.html.page_reader import PageRead
    from nianbao.model.report import Report

_PAGE = re.compile(r"((?:19|20)[0-9]{2})/([^/]+)\.html")
_OF_A_YEAR = re.compile(r"((?:19|20)[0-9]{2}):(.+)")


def _expected(report: Report, named: str) -> str:
    """Return the figure that is *named*, or what the table shows in a cell, ``cell:requests.received.total``.

    Raises AuthorError where there is none.
    """
    address = named.removeprefix(CELL)
    cell = report.cell(address) if address != named else None
    return figure(report, address) if cell is None else cell.text


class FigureCheck:
    """Compares pages as they come. *figures* counts what was equal."""

    def __init__(self, reports: Mapping[int, Report]) -> None:
        self.figures = 0
        self._reports = reports
        self._shown: set[tuple[str, str]] = set()

    def page(self, name: str, page: PageRead) -> Iterator[Mark]:
        """Yield what differs on the page *name*."""
        match = _PAGE.fullmatch(name)
        report = self._reports.get(int(match[1])) if match else None
        yield from self._marked(page, report)
        if match is None or report is None:
            return
        for table in report.form.tables:
            if table.id in page.tables:
                self._shown.add((name, table.id))
                yield from self._table(table.id, page.tables[table.id], report)

    def missing(self, pages: Container[str]) -> Iterator[tuple[str, str]]:
        """Yield the page and what it lacks, for every table that is not on its own page and in the full text."""
        for year, report in self._reports.items():
            for section in report.form.sections:
                if not section.table:
                    continue
                for file in (section_page(report.form, section), FULL_TEXT_PAGE):
                    name = f"{year}/{file.removesuffix('.md')}.html"
                    if name not in pages:
                        yield name, "缺少这个页面"
                    elif (name, section.table) not in self._shown:
                        yield name, f"缺少法定表格 {section.table}"

    def _table(self, id_: str, there: Mapping[str, str], report: Report) -> Iterator[Mark]:
        expected = {cell.address: cell.text for cell in report.cells[id_].values()}
        for address in sorted(expected.keys() | there.keys()):
            if there.get(address) == expected.get(address):
                self.figures += 1
            else:
                is_, should = (shown(found[address]) if address in found else "没有" for found in (there, expected))
                yield Mark(f"{report.year}年的数 {address} 在页面上为{is_}，数据里为{should}", 1, 1)

    def _marked(self, page: PageRead, report: Report | None) -> Iterator[Mark]:
        """Compare numbers that name what they are: ``data-figure="requests.received"``, or with ``2023:`` before it."""
        for named, mark in page.figures:
            other = _OF_A_YEAR.fullmatch(named)
            of = self._reports.get(int(other[1])) if other else report
            path = other[2] if other else named
            if of is None:
                yield Mark(f"数 {named} 没有对应的年度", mark.line, mark.column)
                continue
            try:
                expected = _expected(of, path)
            except AuthorError as error:
                yield Mark(str(error), mark.line, mark.column)
                continue
            if mark.text == expected:
                self.figures += 1
            else:
                problem = f"{of.year}年的数 {path} 在页面上为{shown(mark.text)}，数据里为{shown(expected)}"
                yield Mark(problem, mark.line, mark.column)
