"""The desk's pages are opened by Dee, on Monday 23 November 2026, at 10:30 in New York."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.acting import act_as
from tests.support.cast import MONDAY, Cast, at

NOW = at(MONDAY, 10, 30)


@pytest.fixture
def dee(app: Flask, cast: Cast) -> FlaskClient:
    """Dee at the desk."""
    act_as(app, cast.identity("dee"), now=NOW)
    return app.test_client()
