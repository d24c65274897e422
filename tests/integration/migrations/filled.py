"""Databases as they stood at a landed revision, with rows in every table: what each later migration has to carry over.

``data/<revision>.json`` maps tables to rows. It is written once, when a revision lands, and never changed::

    python -m tests.integration.migrations.filled sqlite:///instance/practice.sqlite3 0001
"""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Date, DateTime, LargeBinary, MetaData, create_engine, select

FOLDER = Path(__file__).parent / "data"
ROWS_EACH = 6


def revisions() -> list[str]:
    """Return the landed revisions, oldest first."""
    return sorted(file.stem for file in FOLDER.glob("*.json"))


def fill(connection: Connection, revision: str) -> dict[str, int]:
    """Write the rows of a revision, and return how many each table got. The schema is read from the database."""
    tables = MetaData()
    tables.reflect(connection)
    rows: dict[str, list[dict[str, Any]]] = json.loads((FOLDER / f"{revision}.json").read_text(encoding="utf-8"))
    is_sqlite = connection.dialect.name == "sqlite"
    for table in tables.sorted_tables:
        if rows.get(table.name):
            values = [
                {name: read(table.c[name], value, is_sqlite) for name, value in row.items()} for row in rows[table.name]
            ]
            connection.execute(table.delete())
            connection.execute(table.insert(), values)
    return {name: len(found) for name, found in rows.items()}


def read(column: Column[Any], value: Any, is_sqlite: bool) -> Any:
    """Turn JSON into what the column takes."""
    if value is None:
        return None
    if isinstance(column.type, LargeBinary):
        return bytes.fromhex(value)
    if isinstance(column.type, DateTime):
        at = datetime.fromisoformat(value)
        return at.replace(tzinfo=None) if is_sqlite else at
    return date.fromisoformat(value) if isinstance(column.type, Date) else value


def write(value: Any) -> Any:
    """Turn what a column gives into JSON."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def main() -> None:
    """Keep a few rows of every table of a SQLite database, with all rows that they point to."""
    url, revision = sys.argv[1:]
    tables = MetaData()
    with create_engine(url).connect() as connection:
        tables.reflect(connection)
        kept: dict[str, dict[Any, dict[str, Any]]] = {}
        for table in reversed(tables.sorted_tables):
            if table.name == "alembic_version":
                continue
            wanted = kept.setdefault(table.name, {})
            for row in connection.execute(select(table).limit(ROWS_EACH)).mappings():
                wanted.setdefault(tuple(row[column.name] for column in table.primary_key), dict(row))
            for row in wanted.values():
                for key in table.foreign_keys:
                    if row[key.parent.name] is not None:
                        other = key.column.table
                        found = (
                            connection.execute(select(other).where(key.column == row[key.parent.name])).mappings().one()
                        )
                        kept.setdefault(other.name, {})[tuple(found[c.name] for c in other.primary_key)] = dict(found)
    rows = {
        table.name: [{name: write(value) for name, value in row.items()} for row in kept[table.name].values()]
        for table in tables.sorted_tables
        if table.name in kept
    }
    (FOLDER / f"{revision}.json").write_text(json.dumps(rows, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
