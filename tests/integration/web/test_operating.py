"""Is it alive, is it ready, how is it doing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, text

from practice.db import db, unit_of_work
from practice.factory import create_app
from practice.models import Practice
from practice.settings import Settings
from tests.support.apps import engines_of, settings_for
from tests.support.cast import MONDAY, Cast, at
from tests.support.databases import Database
from tests.support.meetings import meeting


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    settings = settings_for(database, tmp_path)
    return Settings(**{**vars(settings), "metrics_token": "s3cret"})


@pytest.fixture
def nowhere(tmp_path: Path) -> Iterator[Flask]:
    """The application on a database that cannot be opened."""
    (tmp_path / "file").write_text("in the way")
    made = create_app(settings_for(Database("sqlite", f"sqlite:///{tmp_path}/file/x.sqlite3"), tmp_path))
    yield made
    for engine in engines_of(made):
        engine.dispose()


def test_a_migrated_database_is_ready(http: FlaskClient) -> None:
    assert http.get("/healthz").json == {"status": "ok"}
    assert http.get("/readyz").json == {"status": "ok", "database": "ready"}


def test_a_practice_that_is_not_set_up_is_ready_too(app: Flask, http: FlaskClient) -> None:
    with app.app_context(), unit_of_work() as session:
        session.execute(delete(Practice))
    assert http.get("/readyz").status_code == 200


def test_a_database_that_waits_for_migrations_is_not_ready(app: Flask, http: FlaskClient) -> None:
    with app.app_context(), db.engines["writer"].begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    answer = http.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, "waits for its migrations")


def test_no_database_is_not_ready_but_alive(nowhere: Flask) -> None:
    http = nowhere.test_client()
    assert http.get("/healthz").status_code == 200
    answer = http.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, "does not answer")


def test_figures_are_for_this_machine_or_for_whoever_has_the_token(http: FlaskClient) -> None:
    away = {"REMOTE_ADDR": "192.0.2.7"}
    assert http.get("/metrics").status_code == 200
    assert http.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    assert http.get("/metrics", headers={"X-Forwarded-Proto": "https"}).status_code == 404
    assert http.get("/metrics", environ_base=away).status_code == 404
    socket = {"REMOTE_ADDR": ""}
    assert http.get("/metrics", environ_base=socket).status_code == 200
    assert http.get("/metrics", environ_base=socket, headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404
    for token, status in (("s3cret", 200), ("secret", 404), ("", 404), ("ü", 404)):
        headers = {"Authorization": f"Bearer {token}"}
        assert http.get("/metrics", environ_base=away, headers=headers).status_code == status


def test_figures_count_what_waits_and_name_nobody(app: Flask, http: FlaskClient, people: Cast) -> None:
    with app.app_context(), unit_of_work() as session:
        meeting(session, people, at(MONDAY, 10))
    told = http.get("/metrics").get_data(as_text=True)
    assert "practice_appointments_to_come 1.0\n" in told
    assert "practice_outbox_waiting 0.0\n" in told
    assert "Alice" not in told
