"""Signing in by password and out again: who gets in, what the answers give away, and what a cookie is worth."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from practice.adapters.passwords import Passwords
from practice.db import db
from practice.models import Account, Session
from tests.support.people import PASSWORD, Clock, csrf_token, make_account, post, sign_in, words_of

REFUSED = "That e-mail address and password do not match."


@pytest.fixture
def clock(app: Flask) -> Clock:
    app.extensions["clock"] = clock = Clock()
    return clock


@pytest.fixture
def alice(app: Flask, clock: Clock) -> int:
    return make_account(app, "alice@example.com", password=PASSWORD)


def try_to_sign_in(client: FlaskClient, email: str = "alice@example.com", password: str = PASSWORD, **more: str):
    return post(client, "/sign-in", {"email": email, "password": password, "next": "", **more})


def test_right_password_signs_in(client: FlaskClient, alice: int) -> None:
    answer = try_to_sign_in(client, email="Alice@Example.com ")
    assert answer.status_code == 303
    assert client.get("/account").status_code == 200


def without_what_changes(answer: TestResponse, email: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", words_of(answer)).replace(email, "")


def test_refusals_are_all_alike(app: Flask, client: FlaskClient, alice: int) -> None:
    make_account(app, "gone@example.com", password="a wrong password indeed", disabled=True)
    make_account(app, "link@example.com")
    pages = set()
    for email in ("alice@example.com", "nobody@example.com", "gone@example.com", "link@example.com"):
        answer = try_to_sign_in(client, email, "a wrong password indeed")
        assert answer.status_code == 422
        assert REFUSED in words_of(answer)
        pages.add(without_what_changes(answer, email))
    assert len(pages) == 1


def test_unknown_accounts_cost_one_comparison_too(app: Flask, client: FlaskClient, alice: int, monkeypatch) -> None:
    compared = []
    hasher = app.extensions["passwords"]._hasher
    verify = type(hasher).verify
    monkeypatch.setattr(type(hasher), "verify", lambda self, *args: compared.append(args[0]) or verify(self, *args))
    for email in ("alice@example.com", "nobody@example.com"):
        try_to_sign_in(client, email, "a wrong password indeed")
    assert len(compared) == 2


def test_passwords_are_never_shown_again(client: FlaskClient, alice: int) -> None:
    assert "a wrong password indeed" not in words_of(try_to_sign_in(client, password="a wrong password indeed"))


def test_session_is_new_at_sign_in(app: Flask, client: FlaskClient, alice: int) -> None:
    """A session that somebody else put into the browser does not become Alice's."""
    make_account(app, "mallory@example.com")
    planted = sign_in(client, "mallory@example.com")
    with client.session_transaction() as cookie:
        cookie["left"] = "behind"
    try_to_sign_in(client)
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != planted
        assert "left" not in cookie


def test_copied_cookie_is_dead_after_sign_out(client: FlaskClient, alice: int) -> None:
    try_to_sign_in(client)
    copied = client.get_cookie("session").value
    assert post(client, "/sign-out").status_code == 303
    client.set_cookie("session", copied)
    assert client.get("/account").status_code == 303


def test_disabling_an_account_counts_at_once(app: Flask, client: FlaskClient, alice: int, clock: Clock) -> None:
    try_to_sign_in(client)
    with app.app_context(), db.engines["writer"].begin() as connection:
        connection.execute(Account.__table__.update().values(disabled_at=clock()))
    assert client.get("/account").status_code == 303


def test_guessing_is_slowed_for_the_guesser_only(app: Flask, client: FlaskClient, alice: int, clock: Clock) -> None:
    for _ in range(8):
        assert try_to_sign_in(client, password="a wrong password indeed").status_code == 422
    slowed = try_to_sign_in(client)
    assert slowed.status_code == 429
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    token = csrf_token(client)
    form = {"email": "alice@example.com", "password": PASSWORD, "next": "", "csrf_token": token}
    assert client.post("/sign-in", data=form, environ_overrides=elsewhere).status_code == 303
    clock.now += timedelta(minutes=16)
    assert try_to_sign_in(app.test_client()).status_code == 303


def test_one_address_cannot_guess_for_everybody(client: FlaskClient, alice: int) -> None:
    statuses = [
        try_to_sign_in(client, f"person{number}@example.com", "a wrong password indeed").status_code
        for number in range(61)
    ]
    assert statuses == [422] * 60 + [429]


def test_success_forgives_the_tries_before_it(client: FlaskClient, alice: int) -> None:
    for _ in range(3):
        for _ in range(7):
            try_to_sign_in(client, password="a wrong password indeed")
        assert try_to_sign_in(client).status_code == 303


def test_form_without_its_token_is_refused(client: FlaskClient, alice: int) -> None:
    form = {"email": "alice@example.com", "password": PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 400
    sign_in(client, "alice@example.com")
    assert client.post("/sign-out").status_code == 400
    assert client.get("/account").status_code == 200


def test_signing_in_leads_on_within_this_site_only(client: FlaskClient, alice: int) -> None:
    assert try_to_sign_in(client, next="/account?tab=1").location == "/account?tab=1"
    assert client.get("/sign-in", query_string={"next": "//evil.example"}).location == "/me"
    assert try_to_sign_in(client, next="https://evil.example").location == "/me"


def test_an_older_hash_is_renewed(app: Flask, client: FlaskClient, alice: int) -> None:
    with app.app_context():
        before = db.session.scalars(select(Account.password_hash)).one()
    app.extensions["passwords"] = Passwords(memory_kib=64, rounds=2)
    assert try_to_sign_in(client).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Account.password_hash)).one() != before
    assert try_to_sign_in(client).status_code == 303


def test_refused_tries_start_no_session(app: Flask, client: FlaskClient, alice: int) -> None:
    try_to_sign_in(client, password="a wrong password indeed")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Session)) == 0
