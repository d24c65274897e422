"""A practice with a crowd, on a database of each kind, served by real processes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from practice.db import plain_engine
from practice.factory import create_app
from tests.concurrency.arena import Arena, furnish
from tests.support.apps import engines_of, settings_for
from tests.support.databases import Database
from tests.support.server import Server


@pytest.fixture
def arena(open_arena: Callable[..., Arena]) -> Arena:
    """The practice of the races under two processes of sixteen threads."""
    return open_arena(workers=2, threads=16)


@pytest.fixture
def open_arena(
    database: Database, tmp_path: Path, start_server: Callable[..., Server]
) -> Iterator[Callable[..., Arena]]:
    """Furnish the practice, and start a server on it with the options given."""
    app = create_app(settings_for(database, tmp_path))
    cast, clients, therapists = furnish(app)
    engine = plain_engine(database.url)

    def start(**options: object) -> Arena:
        return Arena(start_server(**options), app, engine, cast, clients, therapists)

    yield start
    for used in (*engines_of(app), engine):
        used.dispose()
