"""One private PostgreSQL server a test run, and clean databases on it."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

from tests.support import keeper, run_folder

TEMPLATE = "practice_template"


def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL server's programs, or None where none is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    named = shutil.which("initdb")
    if found:
        return found[-1].parent
    return Path(named).resolve().parent if named else None


def url(database: str) -> str:
    """Return the SQLAlchemy address of ``database`` on the run's server."""
    return f"postgresql+psycopg://{keeper.SUPERUSER}@/{database}?host={run_folder.path() / 'data'}"


def ensure_template(migrate: Callable[[str], None]) -> None:
    """Start the run's server and fill the template database, unless another process of this run has done so."""
    with run_folder.locked("postgresql") as done:
        if done.exists():
            return
        folder = binaries()
        assert folder is not None
        started = subprocess.run(
            [sys.executable, keeper.__file__, str(run_folder.path()), str(folder)],
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )
        assert started.returncode == 0, started.stderr
        administer(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        migrate(url(TEMPLATE))
        done.touch()


def create(database: str, template: str = TEMPLATE) -> None:
    """Make ``database`` as a copy of ``template``."""
    names = {"database": sql.Identifier(database), "template": sql.Identifier(template)}
    administer(sql.SQL("CREATE DATABASE {database} TEMPLATE {template} STRATEGY FILE_COPY").format(**names))


def drop(database: str) -> None:
    """Remove ``database``, whoever is still connected to it."""
    administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


def administer(statement: sql.Composed) -> None:
    """Run one statement outside any transaction."""
    host = str(run_folder.path() / "data")
    with psycopg.connect(host=host, dbname="postgres", user=keeper.SUPERUSER, autocommit=True) as connection:
        connection.execute(statement)
