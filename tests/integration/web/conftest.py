"""The small practice behind the application, a clock that stands still, and a program that asks."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from practice import clock
from practice.db import unit_of_work
from tests.support.cast import Cast, assemble
from tests.support.meetings import Clock


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock, which stands still until it is told to go."""
    made = Clock()
    monkeypatch.setattr(clock, "now", made)
    return made


@pytest.fixture
def people(app: Flask, ticking: Clock) -> Cast:
    """The small practice, stored; no application context stays open, so that each request begins anew."""
    with app.app_context(), unit_of_work() as session:
        return assemble(session, app.extensions["vault"])


@pytest.fixture
def http(app: Flask, people: Cast) -> FlaskClient:
    """A program that talks to the application, without cookies."""
    return app.test_client(use_cookies=False)
