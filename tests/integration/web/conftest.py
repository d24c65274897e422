"""The small practice behind the application, a clock that stands still, and programs that ask."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from practice.db import unit_of_work
from practice.domain.tokens import hash_token
from practice.models import ApiToken
from tests.support.cast import NOW, Cast
from tests.support.meetings import Clock, Program

SCOPES = ("slots:read", "appointments:write", "feeds:write")


@pytest.fixture
def ticking(app: Flask) -> Clock:
    """The clock, which stands still until it is told to go."""
    made = app.extensions["clock"] = Clock()
    return made


@pytest.fixture
def people(app: Flask, ticking: Clock, furnished: Cast) -> Cast:
    """The small practice, stored; no application context stays open, so that each request begins anew."""
    return furnished


@pytest.fixture
def http(app: Flask, people: Cast) -> FlaskClient:
    """Somebody without cookies or token."""
    return app.test_client(use_cookies=False)


@pytest.fixture
def tokens(app: Flask, people: Cast) -> dict[str, str]:
    """A token for each scope, under the scope's name, and one for all of them, under "all"."""
    made = {scope: [scope] for scope in SCOPES} | {"all": list(SCOPES)}
    with app.app_context(), unit_of_work() as session:
        session.add_all(
            ApiToken(name=name, token_hash=hash_token(f"token of {name}"), scopes=scopes, created_at=NOW)
            for name, scopes in made.items()
        )
    return {name: f"token of {name}" for name in made}


@pytest.fixture
def program(http: FlaskClient, tokens: dict[str, str]) -> Program:
    """A program with every scope."""
    return Program(http, tokens["all"])
