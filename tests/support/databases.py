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
    name: str = ""
    template: str | None = None


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


def make(kind: Kind, template: str | None = None) -> Database:
    """Return a new database: clean and migrated, or a copy of the one that is named ``template``."""
    name = f"practice_{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}_{next(counter)}"
    if kind == "sqlite":
        file = run_folder.path() / f"{name}.sqlite3"
        shutil.copyfile(file.with_name(f"{template}.sqlite3") if template else sqlite_template(), file)
        return Database(kind, f"sqlite:///{file}", name, template)
    postgresql_is_ready()
    postgres.create(name, template or postgres.TEMPLATE)
    return Database(kind, postgres.url(name), name, template)


def remove(database: Database) -> None:
    """Remove what ``make`` made."""
    if database.kind == "postgresql":
        postgres.drop(database.name)
        return
    for rest in run_folder.path().glob(f"{database.name}.sqlite3*"):
        rest.unlink(missing_ok=True)


def create(kind: Kind, template: str | None = None) -> Iterator[Database]:
    """Yield a database as ``make`` makes it, and remove it afterwards."""
    made = make(kind, template)
    try:
        yield made
    finally:
        remove(made)


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
    """A migrated database of each kind: clean, or with the small practice for whoever asks for ``furnished``."""
    template = None
    if "furnished" in request.fixturenames:
        template = request.getfixturevalue("furnishing").template(request.param).name
    yield from create(request.param, template)


@pytest.fixture(params=KINDS)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of each kind without any table."""
    yield from unmigrated(request.param, tmp_path)


@pytest.fixture
def database_url(database: Database) -> str:
    """The address of the test's clean database."""
    return database.url
