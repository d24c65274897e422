"""The application on a clean database of each kind, with a small practice in it and a clock that stands still."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from practice import clock
from practice.db import db, unit_of_work
from practice.factory import create_app
from practice.settings import Settings
from tests.support.client import CheckedClient
from tests.support.databases import Database
from tests.support.world import NOW, World, build


class Clock:
    """What the application takes for the time."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def go(self, **length: int) -> None:
        """Let time pass."""
        self.now += timedelta(**length)


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock, which stands still until it is told to go."""
    made = Clock()
    monkeypatch.setattr(clock, "now", made)
    return made


@pytest.fixture
def app(database: Database, tmp_path: Path, ticking: Clock) -> Iterator[Flask]:
    """The application on this test's database."""
    settings = Settings.from_env(
        {"PRACTICE_MODE": "test", "DATABASE_URL": database.url, "PRACTICE_INSTANCE": str(tmp_path / "instance")}
    )
    made = create_app(settings)
    made.testing = True
    made.test_client_class = CheckedClient
    yield made
    with made.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def world(app: Flask) -> World:
    """The small practice, stored."""
    with app.app_context(), unit_of_work() as session:
        made = build(session)
        session.flush()
        session.expunge_all()
        return made


@pytest.fixture
def http(app: Flask, world: World) -> FlaskClient:
    """A program that talks to the application, without cookies."""
    return app.test_client(use_cookies=False)
