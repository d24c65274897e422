"""The harness: the application answers on either database, and broken pages are caught at the request."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from practice.db import db


def test_the_application_answers(client: FlaskClient) -> None:
    assert client.get("/nowhere").status_code == 404


def test_a_broken_page_fails_the_test_that_asks_for_it(app: Flask) -> None:
    app.add_url_rule("/broken", view_func=lambda: "<p><b>x</p></b>")
    with pytest.raises(AssertionError, match="</p> inside <b>"):
        app.test_client().get("/broken")


def test_a_connection_that_is_kept_is_noticed(app: Flask) -> None:
    with app.app_context():
        connection = db.engine.connect()
        assert sum(engine.pool.checkedout() for engine in db.engines.values()) == 1  # type: ignore[attr-defined]
        connection.close()
