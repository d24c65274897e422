"""A database that is away is a calm 503, and what is logged of a fault says nothing about anybody."""

import logging
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from practice.db import WRITER, db
from practice.factory import create_app
from practice.settings import Settings, SettingsError
from tests.support.cast import Cast

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


def test_a_page_in_trouble_still_says_whose_it_is_and_leads_on(app: Flask, people: Cast) -> None:
    @app.get("/trouble")
    def trouble() -> str:
        raise RuntimeError

    client = app.test_client()
    assert "Foundations" in client.get("/").get_data(as_text=True)

    page = client.get("/trouble?day=2026-11-25").get_data(as_text=True)

    assert "Foundations" in page
    assert 'href="/trouble?day=2026-11-25"' in page, "a way to try again"
    assert 'href="/"' in page


@pytest.mark.parametrize(
    ("referrer", "is_led_back"),
    [
        ("http://localhost/sign-in?a=b", True),
        ("http://evil.test/", False),
        ("http://localhost//evil.test/", False),
        ("http://localhost/\\evil.test/", False),
        ("http://[", False),
    ],
)
def test_an_expired_form_leads_back_to_where_it_stood(
    app: Flask, people: Cast, referrer: str, is_led_back: bool
) -> None:
    answer = app.test_client().post("/sign-in", data={"csrf_token": "old"}, headers={"Referer": referrer})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert ('href="/sign-in?a=b">Go back' in page) is is_led_back
    assert "evil" not in page


@pytest.mark.parametrize("url", ["https://", "https://book.example.org/?practice=1"])
def test_an_address_that_is_none_stops_the_start(url: str) -> None:
    with pytest.raises(SettingsError, match="PRACTICE_BASE_URL"):
        Settings.from_env({"PRACTICE_MODE": "test", "PRACTICE_BASE_URL": url})
