"""A database that is away is a calm 503, and what is logged of a fault says nothing about anybody."""

import logging
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from practice.db import WRITER, db
from practice.factory import create_app
from practice.settings import Settings, SettingsError

SOMEBODY = "Alice Moss"
NOBODY_LISTENS = "postgresql://somebody:secret@127.0.0.1:1/practice"


@pytest.mark.parametrize("path", ["/", "/book", "/api/v1/services", "/feeds/token.ics", "/readyz"])
def test_a_server_that_is_away_is_a_503(tmp_path: Path, path: str) -> None:
    environ = {"PRACTICE_MODE": "test", "PRACTICE_INSTANCE": str(tmp_path), "DATABASE_URL": NOBODY_LISTENS}
    answer = create_app(Settings.from_env(environ)).test_client().get(path)
    assert answer.status_code == 503
    assert "secret" not in answer.get_data(as_text=True)


def test_a_fault_is_logged_without_what_was_sent(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    @app.get("/fault")
    def fault() -> str:
        with db.engines[WRITER].connect() as connection:
            connection.execute(text("SELECT nothing FROM nowhere WHERE name = :name"), {"name": SOMEBODY})
        return ""

    with caplog.at_level(logging.INFO):
        assert app.test_client().get("/fault").status_code == 500
    assert "nowhere" in caplog.text
    assert SOMEBODY not in caplog.text


@pytest.mark.parametrize("url", ["https://", "https://book.example.org/?practice=1"])
def test_an_address_that_is_none_stops_the_start(url: str) -> None:
    with pytest.raises(SettingsError, match="PRACTICE_BASE_URL"):
        Settings.from_env({"PRACTICE_MODE": "test", "PRACTICE_BASE_URL": url})
