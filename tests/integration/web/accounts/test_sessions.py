"""Sessions between requests: when they were last used, and what the cookie that carries them is like."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from practice.db import WRITER, db
from practice.factory import create_app
from practice.models import Session
from practice.settings import Settings
from tests.support.apps import engines_of
from tests.support.people import PASSWORD, Clock, make_account, post, sign_in

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock(app: Flask) -> Clock:
    app.extensions["clock"] = clock = Clock()
    make_account(app, "alice@example.com", password=PASSWORD)
    make_account(app, "dee@example.com", "front_desk", password=PASSWORD)
    return clock


def last_seen(app: Flask) -> datetime:
    with app.app_context():
        return db.session.scalars(select(Session.last_seen_at)).one()


def test_use_is_noted_at_most_once_a_minute(app: Flask, clock: Clock) -> None:
    client = app.test_client()
    began = clock()
    sign_in(client, "alice@example.com")
    clock.now += MINUTE - timedelta(seconds=1)
    client.get("/account")
    assert last_seen(app) == began
    clock.now += timedelta(seconds=1)
    client.get("/account")
    assert last_seen(app) == began + MINUTE


def test_a_busy_database_costs_only_the_note(app: Flask, clock: Clock) -> None:
    client = app.test_client()
    began = clock()
    sign_in(client, "alice@example.com")
    clock.now += MINUTE
    with app.app_context():
        writer = db.engines[WRITER]
    with writer.begin() as somebody_else:  # on SQLite this is the one writer, on PostgreSQL it holds the row
        somebody_else.execute(select(Session.id).with_for_update())
        assert client.get("/account").status_code == 200
    assert last_seen(app) == began
    client.get("/account")
    assert last_seen(app) == began + MINUTE


def test_cookies_of_staff_end_with_the_browser_and_those_of_clients_do_not(app: Flask, clock: Clock) -> None:
    cookies = {}
    for email in ("alice@example.com", "dee@example.com"):
        client = app.test_client()
        post(client, "/sign-in", {"email": email, "password": PASSWORD, "next": ""})
        cookies[email] = client.get_cookie("session")
    assert all(cookie.http_only and cookie.same_site == "Lax" for cookie in cookies.values())
    assert cookies["alice@example.com"].expires is not None
    assert cookies["dee@example.com"].expires is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_over_tls_the_cookie_belongs_to_this_host_alone(app: Flask, settings: Settings) -> None:
    made = create_app(replace(settings, base_url="https://book.example.org"))
    try:
        answer = made.test_client().get("/sign-in", base_url="https://book.example.org")
    finally:
        for engine in engines_of(made):
            engine.dispose()
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in cookie
    assert "Domain" not in cookie
