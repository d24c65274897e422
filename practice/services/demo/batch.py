"""Rows on their way into one table, and the fastest way in that each database has."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, text

CHUNK = 5_000
Value = Callable[[Any], Any]


@dataclass(frozen=True)
class Batch:
    """Rows of one table, in the order of ``columns``."""

    table: Table
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


def from_dicts(table: Any, rows: Sequence[dict[str, Any]]) -> Batch:
    """Return a batch of rows that are written as dicts with the same keys; for tables with few rows."""
    columns = tuple(rows[0]) if rows else ()
    return Batch(table, columns, [tuple(row[column] for column in columns) for row in rows])


def load(connection: Connection, batch: Batch, step: Callable[[int], Any]) -> None:
    """Write a batch: by COPY on PostgreSQL, as one prepared statement on SQLite. ``step`` counts rows."""
    write = _copy if connection.dialect.name == "postgresql" else _insert
    for rows in _chunks(_stored(connection, batch)):
        write(connection, batch, rows)
        step(len(rows))
    if connection.dialect.name == "postgresql" and batch.rows and "id" in batch.columns:
        _move_sequence(connection, batch.table.name)


def _stored(connection: Connection, batch: Batch) -> Iterator[tuple[Any, ...]]:
    """Yield the rows as the driver wants them, by the types of their columns."""
    processors = [
        batch.table.c[column].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        for column in batch.columns
    ]
    needed = [(at, process) for at, process in enumerate(processors) if process is not None]
    for row in batch.rows:
        values = list(row)
        for at, process in needed:
            values[at] = process(values[at])
        yield tuple(values)


def _chunks(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    chunk: list[tuple[Any, ...]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _insert(connection: Connection, batch: Batch, rows: list[tuple[Any, ...]]) -> None:
    places = ", ".join("?" * len(batch.columns))
    names = ", ".join(f'"{column}"' for column in batch.columns)
    connection.exec_driver_sql(f"INSERT INTO {batch.table.name} ({names}) VALUES ({places})", rows)  # noqa: S608 - our own names


def _copy(connection: Connection, batch: Batch, rows: list[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{column}"' for column in batch.columns)
    cursor: Any = connection.connection.cursor()
    with cursor.copy(f"COPY {batch.table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.close()


def _move_sequence(connection: Connection, table: str) -> None:
    connection.execute(
        text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608 - our own names
    )
