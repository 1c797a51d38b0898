"""Parquet read by DuckDB, as a researcher does."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import duckdb


def parquet_types(content: bytes) -> dict[str, str]:
    """Return the type that DuckDB gives each column, in the order of the file."""
    return {
        row["column_name"]: row["column_type"] for row in _answer("DESCRIBE SELECT * FROM read_parquet(?)", content)
    }


def parquet_rows(content: bytes) -> list[dict[str, Any]]:
    """Return the rows by the names of their columns."""
    return _answer("SELECT * FROM read_parquet(?)", content)


def parquet_schema(content: bytes) -> list[dict[str, Any]]:
    """Return how Parquet stores each column, and whether it may have gaps."""
    question = "SELECT name, type, type_length, repetition_type, converted_type, scale, precision, logical_type"
    return _answer(f"{question} FROM parquet_schema(?) WHERE type IS NOT NULL", content)


def parquet_titles(content: bytes) -> dict[str, str]:
    """Return what the file says of itself by key."""
    rows = _answer("SELECT key, value FROM parquet_kv_metadata(?)", content)
    return {row["key"].decode(): row["value"].decode() for row in rows}


def _answer(question: str, content: bytes) -> list[dict[str, Any]]:
    """Return the rows that answer a *question* about a file of *content*."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cells.parquet"
        path.write_bytes(content)
        found = duckdb.connect().execute(question, [str(path)])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
