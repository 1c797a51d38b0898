"""The Parquet file of all cells: DuckDB reads in it what another library wrote, exact figures, and no wrong ones."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from building import ROOT
from columnar import parquet_rows, parquet_schema, parquet_titles, parquet_types
from nianbao.exports.columns import COLUMNS
from nianbao.exports.parquet import parquet_file
from nianbao.exports.tidy import tidy_rows

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.exports.tidy import TidyRow
    from nianbao.model.dataset import Dataset

TYPES = {"string": "VARCHAR", "integer": "SMALLINT", "number": "DECIMAL(18,6)"}


@pytest.fixture(scope="module")
def rows(own: Dataset) -> list[TidyRow]:
    """Return the cells of the report of 2023."""
    report = own.reports[2023]
    return [row for table in report.form.tables for row in tidy_rows("wghfwzx", report, table)]


def test_the_file_is_what_pyarrow_wrote(rows: list[TidyRow]) -> None:
    """Columns, types, gaps and values are those of what 0.1.0 wrote with pyarrow 26; later ones stand behind."""
    old = (ROOT / "tests/golden/cells-of-0.1.0.parquet").read_bytes()
    new = parquet_file(rows)
    assert parquet_schema(new)[: len(parquet_schema(old))] == parquet_schema(old)
    assert dict(list(parquet_types(new).items())[: len(parquet_types(old))]) == parquet_types(old)
    was, is_ = parquet_rows(old), parquet_rows(new)
    assert len(is_) == len(was) == 200
    for name in was[0]:
        assert [row[name] for row in is_] == [row[name] for row in was]


def test_every_type_is_told_and_every_column_has_its_title(rows: list[TidyRow]) -> None:
    """DuckDB sees text, whole numbers and decimal numbers as `COLUMNS` says, and what each column is called."""
    content = parquet_file(rows)
    assert parquet_types(content) == {column.name: TYPES[column.type] for column in COLUMNS}
    assert parquet_titles(content) == {column.name: column.title for column in COLUMNS}


def test_gaps_and_all_kinds_of_text_and_numbers_come_back(examples: Dataset, rows: list[TidyRow]) -> None:
    """Whatever stands in a row is read back: gaps in runs, empty and rare text, the largest and smallest figures."""
    report = examples.reports[2019]
    every = [row for table in report.form.tables for row in tidy_rows("a", report, table)]
    assert any(row.value is None for row in every)
    largest = Decimal("999999999999.999999")
    odd: list[dict[str, Any]] = [
        {"value": None, "computed": largest},
        {"value": -largest, "computed": None},
        {"value": 0, "computed": Decimal("0.000001")},
        {"report": "", "row_label": "𠮷e\u0301\n\x00'\"" * 9000},
        {"year": 32767, "format": -32768},
    ]
    every += [replace(rows[0], **fields) for fields in odd] * 40
    found = parquet_rows(parquet_file(every))
    assert len(found) == len(every)
    for row, read in zip(every, found, strict=True):
        assert read == {column.name: getattr(row, column.name) for column in COLUMNS}


def test_a_file_without_rows_is_one() -> None:
    """Where there is no cell the columns are there all the same."""
    content = parquet_file([])
    assert parquet_rows(content) == []
    assert list(parquet_types(content)) == [column.name for column in COLUMNS]


def test_sums_of_money_are_exact(rows: list[TidyRow], tmp_path: Path) -> None:
    """Three times 0.10 is 0.30 to the last digit, as 万元 must be; binary numbers would not give it."""
    path = tmp_path / "three.parquet"
    path.write_bytes(parquet_file([replace(rows[-1], value=Decimal("0.10"))] * 3))
    found = duckdb.connect().execute("SELECT sum(value) FROM read_parquet(?)", [str(path)]).fetchone()
    assert found == (Decimal("0.3"),)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"value": 10**12}, ValueError),
        ({"computed": Decimal("0.0000001")}, ValueError),
        ({"value": Decimal("NaN")}, ValueError),
        ({"year": 32768}, OverflowError),
        ({"unit": None}, TypeError),
    ],
)
def test_what_would_not_be_exact_is_refused(
    rows: list[TidyRow], fields: dict[str, Any], error: type[Exception]
) -> None:
    """A figure with more digits than the type has, and a gap where there is none, are errors of the program."""
    with pytest.raises(error):
        parquet_file([replace(rows[0], **fields)])


def test_the_same_rows_give_the_same_bytes(rows: list[TidyRow]) -> None:
    """No clock and no name of a system is in the file, which is small."""
    first = parquet_file(rows)
    assert parquet_file(iter(rows)) == first
    assert len(first) < 6_000
    assert first[:4] == first[-4:] == b"PAR1"
