"""The application on a test's own database, inside the test process or as real server processes."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from practice.db import WRITER, db
from practice.factory import create_app
from practice.settings import Settings
from tests.support import run_folder
from tests.support.client import CheckedClient
from tests.support.databases import Database
from tests.support.server import Server
from tests.support.sharing import Statements, Templates


def environ_for(database: Database) -> dict[str, str]:
    """Return the environment of an application on ``database``."""
    return {"PRACTICE_MODE": "test", "DATABASE_URL": database.url}


def settings_for(database: Database, folder: Path) -> Settings:
    """Return the settings of an application on ``database`` that keeps its files in ``folder``.

    Static files are compressed once a run: their names carry a hash, and each application looks whether they are there.
    """
    compressed, static = run_folder.path() / "static", folder / "static"
    compressed.mkdir(exist_ok=True)
    if folder.is_dir() and not static.exists():
        static.symlink_to(compressed, target_is_directory=True)
    return Settings.from_env({**environ_for(database), "PRACTICE_INSTANCE": str(folder)})


def engines_of(app: Flask) -> list[Engine]:
    """Return the engines of ``app``, reader and writer."""
    with app.app_context():
        return [db.engines[None], db.engines[WRITER]]


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """The settings of ``app``; a test module overrides this fixture to change one."""
    return settings_for(database, tmp_path)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on a clean database. A test that leaves a unit of work open fails here."""
    made = create_app(settings)
    made.jinja_env.bytecode_cache = Templates()
    made.test_client_class = CheckedClient
    engines = engines_of(made)
    Statements.lend(engines)
    yield made
    Statements.keep(engines)
    lent = sum(engine.pool.checkedout() for engine in engines)  # type: ignore[attr-defined]
    for engine in engines:
        engine.dispose()
    assert not lent, f"{lent} connections were not given back"


@pytest.fixture
def client(app: Flask) -> CheckedClient:
    """A visitor who has not signed in; every page they get is read as strict HTML."""
    made = app.test_client()
    assert isinstance(made, CheckedClient)
    return made


@pytest.fixture
def start_server(database: Database, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start the application on the test's database as real processes, as often as asked; all stop with the test.

    Takes what ``Server`` takes by name, and ``environ`` to change the environment.
    """
    with ExitStack() as stack:

        def start(environ: dict[str, str] | None = None, **options: int) -> Server:
            return stack.enter_context(Server(tmp_path, {**environ_for(database), **(environ or {})}, **options))

        yield start


@pytest.fixture
def live_server(start_server: Callable[..., Server]) -> Server:
    """The application as one real server process with eight threads."""
    return start_server()
