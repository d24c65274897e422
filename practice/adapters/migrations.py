"""Alembic, run from Python: one place that knows where the migrations are."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, bound to ``connection`` where one is given."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.set_main_option("path_separator", "os")
    if connection is not None:
        made.attributes["connection"] = connection
    return made


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate up to ``revision`` in one transaction. SQLite checks foreign keys at the end, not on the way.

    Raises RuntimeError where the migrated rows break a foreign key.
    """
    _run(engine, lambda made: command.upgrade(made, revision))


def downgrade(engine: Engine, revision: str) -> None:
    """Migrate down to ``revision`` in one transaction."""
    _run(engine, lambda made: command.downgrade(made, revision))


def _run(engine: Engine, action: Callable[[Config], None]) -> None:
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        raw = connection.connection.dbapi_connection
        if is_sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        try:
            with connection.begin():
                action(config(connection))
                if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    msg = "a migration left rows that point nowhere"
                    raise RuntimeError(msg)
        finally:
            if is_sqlite:
                raw.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def is_at_head(connection: Connection) -> bool:
    """Whether the database has every migration that this code knows."""
    script = ScriptDirectory.from_config(config())
    return set(MigrationContext.configure(connection).get_current_heads()) == set(script.get_heads())
