"""What the Parquet files of all bodies answer to questions in SQL: how far each is, what they add up to, who copied.

DuckDB reads the files, within a bound of memory whatever their number.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.cache.cache import is_whole
from nianbao.members.board import Standing
from nianbao.members.copies import FEW, OWNERS, Copy
from nianbao.model.project import WrongUseError
from nianbao.reading.disk import reason
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from duckdb import DuckDBPyConnection

    from nianbao.members.register import Register
    from nianbao.reading.numbers import Number

_ERRNO = re.compile(r"errno\W{1,10}([0-9]{1,5})")
# What DuckDB may hold at once; beyond that it goes on in files.
_MEMORY = "128MB"
# Rows of a folder of cells that wait to be written.
_WAITING = 20_000

_REGISTER = "CREATE TABLE register AS SELECT unnest(?::VARCHAR[]) AS agency, unnest(range(len(?))) AS place"
_STANDINGS = """
    SELECT place, state, came_on, late_reason, note, returned, list(text ORDER BY ordinal) FILTER (text IS NOT NULL)
    FROM register JOIN bodies USING (agency) LEFT JOIN errors USING (agency)
    GROUP BY ALL ORDER BY place
"""
# Of a run that many have, the first owners stand for all: the work grows with the words, not with the pairs.
_COPIES = """
    WITH owned AS (
        SELECT run, place, row_number() OVER (PARTITION BY run ORDER BY place) AS owner
        FROM words JOIN register USING (agency)
    ), sizes AS (SELECT place, count(*) AS size FROM owned GROUP BY place),
    pairs AS (
        SELECT one.place AS body, two.place AS other, count(*) AS common
        FROM owned AS one JOIN owned AS two ON one.run = two.run AND one.owner < two.owner AND one.owner <= $owners
        GROUP BY ALL
    )
    SELECT a.agency, b.agency, 100 * common // least(x.size, y.size) AS share
    FROM pairs
    JOIN register AS a ON a.place = body JOIN register AS b ON b.place = other
    JOIN sizes AS x ON x.place = body JOIN sizes AS y ON y.place = other
    WHERE least(x.size, y.size) >= $few AND 100 * common > $most * least(x.size, y.size)
    ORDER BY share DESC, a.agency, b.agency
"""
_INCLUDED = """
    CREATE TABLE included AS
    SELECT agency, place FROM bodies JOIN register USING (agency) WHERE state = 'submitted' AND format = ?
"""
_OTHERS = """
    SELECT agency, format FROM bodies JOIN register USING (agency)
    WHERE state = 'submitted' AND agency NOT IN (SELECT agency FROM included)
"""
_ADDRESSES = "CREATE TABLE addresses AS SELECT unnest(?::VARCHAR[]) AS address, unnest(range(len(?))) AS ordinal"
# A cell counts with its own figure where its original prints another.
_FIGURES = """
    CREATE VIEW figures AS
    SELECT ordinal, place, CASE WHEN status = 'printed' OR computed IS NOT NULL THEN computed ELSE value END AS figure
    FROM cells JOIN included USING (agency) JOIN addresses USING (address)
    UNION ALL
    SELECT ordinal, place, fee FROM bodies JOIN included USING (agency) JOIN addresses ON address = 'processing_fee'
"""
# One unknown part makes the sum unknown; a cell that a body's own form does not have is unknown as well.
_SUMS = """
    SELECT address, CASE WHEN count(figure) = (SELECT count(*) FROM included) THEN coalesce(sum(figure), 0) END
    FROM figures RIGHT JOIN addresses USING (ordinal) GROUP BY address, ordinal ORDER BY ordinal
"""
# Cells that not every body has in its own form are found first: it is seldom that there are any.
_FEW = """
    CREATE TABLE few AS
    SELECT ordinal FROM figures GROUP BY ordinal HAVING count(*) < (SELECT count(*) FROM included)
"""
_ABSENT = """
    UNION ALL SELECT ordinal, place, NULL FROM few CROSS JOIN included
    WHERE NOT EXISTS (FROM figures WHERE figures.ordinal = few.ordinal AND figures.place = included.place)
"""
_PARTS = """
    COPY (
        WITH parts AS (SELECT ordinal, place, figure FROM figures WHERE figure IS DISTINCT FROM 0 {absent})
        SELECT address AS cell, agency AS body, rtrim(rtrim(figure::VARCHAR, '0'), '.') AS value
        FROM parts JOIN addresses USING (ordinal) JOIN included USING (place)
    ) TO {path} (FORMAT csv, HEADER)
"""
_ITEMS = """
    SELECT category, CASE WHEN count(*) = count(count) THEN sum(count)::BIGINT END
    FROM items JOIN included USING (agency) GROUP BY category ORDER BY min((place, ordinal))
"""
_CELLS = """
    COPY (
        SELECT cells.*, region FROM cells JOIN bodies USING (agency) WHERE left_out = ''
    ) TO {path} (FORMAT parquet, PARTITION_BY (region), COMPRESSION gzip)
"""


def required() -> None:
    """Raise WrongUseError with what to do where DuckDB is not installed."""
    try:
        import duckdb  # noqa: F401  # an extra
    except ModuleNotFoundError as error:
        message = "各单位的数由 DuckDB 汇总，还没有安装；请先运行 pip install duckdb，再运行这个命令"
        raise WrongUseError(message) from error


@contextlib.contextmanager
def answers(files: Mapping[str, Sequence[Path]], register: Register, year: int) -> Iterator[Answers]:
    """Give the answers of Parquet *files* by table, see `nianbao.members.bodies.TABLES`, for *year* of a *register*.

    Raises RefusedError where a file cannot be read any more.
    """
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _MEMORY,
        # Several would write rows in another order each time, and need more memory.
        "threads": "1",
        # Made when it is needed, and removed.
        "temp_directory": str(Path(tempfile.gettempdir(), f"nianbao-{secrets.token_hex(8)}")),
        "partitioned_write_flush_threshold": str(_WAITING),
        # Nothing is asked of other machines.
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    with duckdb.connect(config=settings) as one:
        try:
            for table, paths in files.items():
                listed = ", ".join(_quoted(path) for path in paths)
                one.execute(f"CREATE VIEW {table} AS FROM read_parquet([{listed}])")
            ids = [member.id for member in register.of(year)]
            one.execute(_REGISTER, [ids, ids])
            yield Answers(one, register, year)
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            message = f"各单位的数据文件读写不了（{_reason(error)}）；请检查权限和磁盘，再运行一次"
            raise RefusedError(message) from error
        except duckdb.Error as error:
            if all(is_whole(path) for paths in files.values() for path in paths):
                raise  # An error of ours.
            message = "各单位的数据文件（.cache/members）在读取时损坏；请再运行一次，损坏的会重新写出"
            raise RefusedError(message) from error


def _reason(error: Exception) -> str:
    """Return why a file cannot be read or written: DuckDB tells the number of the system's error in its text."""
    number = _ERRNO.search(str(error))
    return reason(OSError(int(number[1]), os.strerror(int(number[1])))) if number else str(error)


def _quoted(path: Path) -> str:
    """Return *path* as SQL writes a text."""
    return "'" + str(path).replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the database behind *connection* knows of the bodies of a *register* for a *year*."""

    connection: DuckDBPyConnection
    register: Register
    year: int

    def standings(self, day: dt.date) -> Iterator[Standing]:
        """Yield how far each body is on *day*, in the order of the register."""
        members = self.register.of(self.year)
        for place, state, came_on, late_reason, note, returned, errors in self._rows(_STANDINGS):
            member = members[place]
            yield Standing(
                member=member,
                year=self.year,
                day=day,
                state=state,
                came_on=dt.date.fromisoformat(came_on) if came_on else None,
                late_reason=late_reason,
                note=note,
                errors=tuple(errors or ()),
                returned=self.register.returned(member.id, self.year) if returned else None,
            )

    def check_numbers(self, agencies: Sequence[str]) -> Mapping[str, str]:
        """Return the check numbers of *agencies* by id."""
        asked = "SELECT agency, check_number FROM bodies WHERE agency IN (SELECT unnest(?::VARCHAR[]))"
        return dict(self._rows(asked, [list(agencies)]))

    def traces(self) -> Iterator[tuple[str, str]]:
        """Yield by id what errors of ours have left."""
        return self._rows(
            "SELECT agency, trace FROM bodies JOIN register USING (agency) WHERE trace <> '' ORDER BY place"
        )

    def copies(self, most: int) -> tuple[Copy, ...]:
        """Return the pairs of bodies with more than *most* per cent of their words in common, most alike first."""
        return tuple(Copy(*row) for row in self._rows(_COPIES, {"most": most, "few": FEW, "owners": OWNERS}))

    def left_out(self) -> Sequence[tuple[str, str]]:
        """Return by id why the cells of bodies are not among those of all."""
        asked = "SELECT agency, left_out FROM bodies JOIN register USING (agency) WHERE left_out <> '' ORDER BY place"
        return tuple(self._rows(asked))

    def write_cells(self, folder: Path) -> int:
        """Write the cells of all bodies that are not left out, in folders by region; return how many there are."""
        ((count,),) = self._rows(_CELLS.format(path=_quoted(folder)))
        return int(count)

    def _rows(self, asked: str, values: object = None) -> Iterator[tuple[Any, ...]]:
        found = self.connection.execute(asked, values)
        while rows := found.fetchmany(1000):
            yield from rows


class Totals:
    """The figures at *addresses* of the bodies that have submitted, with the form of a *format_*, added up."""

    def __init__(self, known: Answers, format_: int, addresses: Sequence[str]) -> None:
        self._connection = known.connection
        self._connection.execute(_INCLUDED, [format_])
        self._connection.execute(_ADDRESSES, [addresses, addresses])
        self._connection.execute(_FIGURES)

    @property
    def included(self) -> tuple[str, ...]:
        """The ids of the bodies in the order of the register."""
        return tuple(agency for (agency,) in self._all("SELECT agency FROM included ORDER BY place"))

    def others(self) -> Mapping[str, int]:
        """Return by id the format of each body that has submitted with another form."""
        return dict(self._all(_OTHERS))

    def sums(self) -> Mapping[str, Number | None]:
        """Return the sum of each figure by address, None where one part is unknown."""
        return {address: _number(value) for address, value in self._all(_SUMS)}

    def items(self) -> Mapping[str, int | None] | None:
        """Return the counts of what was published by category, None for an unknown one and where nothing is known."""
        asked = "SELECT coalesce(bool_or(items_unknown <> 0), false) FROM bodies JOIN included USING (agency)"
        ((unknown,),) = self._all(asked)
        return None if unknown else dict(self._all(_ITEMS))

    def reports(self) -> Iterator[tuple[str, str]]:
        """Yield all bodies by id with their reports as HTML.

        None is left out here: what joins or filters rows first gathers two thousand of them, each a whole report.
        """
        found = self._connection.execute("SELECT agency, html FROM reports")
        while rows := found.fetchmany(10):
            yield from rows

    def write_parts(self, path: Path) -> None:
        """Write what each body adds to each figure as CSV: cell, body, value, which is empty where it is unknown.

        The rows of a body stand together, in the same order each time; to sort a million would need much memory.
        """
        self._connection.execute(_FEW)
        ((few,),) = self._all("SELECT count(*) FROM few")
        self._connection.execute(_PARTS.format(path=_quoted(path), absent=_ABSENT if few else ""))

    def _all(self, asked: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(asked).fetchall()


def _number(value: Decimal | None) -> Number | None:
    """Return a sum as a whole number where it is one, else without zeros at its end."""
    if value is None:
        return None
    return int(value) if value == int(value) else value.normalize()
