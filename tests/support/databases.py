"""Clean, migrated databases for tests: a copy of a template a test, so that what a test commits is gone with it."""

import itertools
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from practice.adapters.migrations import upgrade
from practice.db import plain_engine
from tests.support import postgres, run_folder
from tests.support.absent import give_up

Kind = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")
counter = itertools.count(1)


@dataclass(frozen=True)
class Database:
    """One database that belongs to one test."""

    kind: Kind
    url: str


def migrate(url: str) -> None:
    """Bring the database at ``url`` to the newest revision, with the real migrations, and let go of it."""
    engine = plain_engine(url)
    try:
        upgrade(engine)
    finally:
        engine.dispose()


def sqlite_template() -> Path:
    """Return the migrated file that SQLite tests copy; the first process of the run that asks makes it."""
    with run_folder.locked("sqlite") as done:
        template = run_folder.path() / "template.sqlite3"
        if not done.exists():
            migrate(f"sqlite:///{template}")
            done.touch()
        return template


def postgresql_is_ready() -> None:
    """Start the run's server; where there is none to start, skip the test, or fail it in CI."""
    if postgres.binaries() is None:
        give_up("PostgreSQL")
    postgres.ensure_template(migrate)


def create(kind: Kind) -> Iterator[Database]:
    """Yield a clean database and remove it afterwards."""
    name = f"practice_{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}_{next(counter)}"
    if kind == "sqlite":
        file = run_folder.path() / f"{name}.sqlite3"
        shutil.copyfile(sqlite_template(), file)
        yield Database(kind, f"sqlite:///{file}")
        for rest in file.parent.glob(f"{file.name}*"):
            rest.unlink(missing_ok=True)
        return
    postgresql_is_ready()
    postgres.create(name)
    try:
        yield Database(kind, postgres.url(name))
    finally:
        postgres.drop(name)


def unmigrated(kind: Kind, folder: Path) -> Iterator[Database]:
    """Yield a database without a single table, for the tests of the migrations."""
    name = f"empty_{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}_{next(counter)}"
    if kind == "sqlite":
        yield Database(kind, f"sqlite:///{folder / name}.sqlite3")
        return
    postgresql_is_ready()
    postgres.create(name, template="template0")
    try:
        yield Database(kind, postgres.url(name))
    finally:
        postgres.drop(name)


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A clean, migrated database of each kind."""
    yield from create(request.param)


@pytest.fixture(params=KINDS)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of each kind without any table."""
    yield from unmigrated(request.param, tmp_path)


@pytest.fixture
def database_url(database: Database) -> str:
    """The address of the test's clean database."""
    return database.url
