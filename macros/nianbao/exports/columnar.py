"""The cells of all years as one Parquet file, which engines for analysis read as it is."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from nianbao.exports.columns import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nianbao.exports.tidy import TidyRow

# Twelve digits before the point, six behind it: more than any figure of a form has. Decimal numbers
# and not binary ones, because sums of 万元 must be exact; engines add them up in 38 digits.
_PRECISION, _SCALE = 18, 6


def parquet_file(rows: Iterable[TidyRow]) -> bytes:
    """Return *rows* as Parquet with the columns of `nianbao.exports.columns`; figures are decimal numbers."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {
        "string": pa.string(),
        "integer": pa.int16(),
        "number": pa.decimal128(_PRECISION, _SCALE),
    }
    listed = list(rows)
    schema = pa.schema(
        [
            pa.field(column.name, types[column.type], nullable=column.optional, metadata={"title": column.title})
            for column in COLUMNS
        ]
    )
    columns = [pa.array([getattr(row, field.name) for row in listed], type=field.type) for field in schema]
    file = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), file, compression="zstd", version="2.6")
    return file.getvalue()
