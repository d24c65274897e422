"""One's own account: changing the password, and seeing and ending one's sessions."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from practice.db import db
from practice.models import OutboxMessage, Session
from tests.support.people import PASSWORD, Clock, make_account, post, sign_in, words_of

NEW = "seven slow boats at anchor"


@pytest.fixture
def alice(app: Flask) -> int:
    app.extensions["clock"] = Clock()
    return make_account(app, "alice@example.com", password=PASSWORD)


def change(client: FlaskClient, present: str = PASSWORD, new: str = NEW):
    return post(client, "/account/password", {"present_password": present, "new_password": new})


def test_changing_the_password_asks_for_the_present_one(app: Flask, client: FlaskClient, alice: int) -> None:
    elsewhere = app.test_client()
    for browser in (client, elsewhere):
        sign_in(browser, "alice@example.com")
    refused = change(client, present="not the present one")
    assert refused.status_code == 422
    assert "That is not your present password." in words_of(refused)
    assert elsewhere.get("/account").status_code == 200
    assert change(client).status_code == 303
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    form = {"email": "alice@example.com", "password": NEW, "next": ""}
    assert post(app.test_client(), "/sign-in", form).status_code == 303


@pytest.mark.parametrize("new", ["short", "alice@example.com", "correct horse battery staple", "x7" * 129])
def test_bad_passwords_are_refused_kindly(client: FlaskClient, alice: int, new: str) -> None:
    sign_in(client, "alice@example.com")
    refused = change(client, new=new)
    assert refused.status_code == 422
    assert "There is a problem" in words_of(refused)


def test_unknown_fields_are_refused(client: FlaskClient, alice: int) -> None:
    sign_in(client, "alice@example.com")
    form = {"present_password": PASSWORD, "new_password": NEW, "roles": "admin"}
    assert post(client, "/account/password", form).status_code == 422


def test_whoever_has_no_password_gets_a_link(app: Flask, client: FlaskClient, alice: int) -> None:
    make_account(app, "link@example.com")
    sign_in(client, "link@example.com")
    assert "Present password" not in words_of(client.get("/account"))
    assert change(client).status_code == 422
    assert post(client, "/account/password-link").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(OutboxMessage.template)).all() == ["set_password"]


def test_sessions_can_be_seen_and_ended(app: Flask, client: FlaskClient, alice: int) -> None:
    others = [app.test_client(), app.test_client(), app.test_client()]
    for browser in (client, *others):
        sign_in(browser, "alice@example.com")
    page = words_of(client.get("/account"))
    assert page.count("Sign out there") == 3
    with app.app_context():
        ids = db.session.scalars(select(Session.public_id).order_by(Session.id)).all()
    assert post(client, f"/account/sessions/{ids[1]}/end").status_code == 303
    assert post(client, f"/account/sessions/{ids[1]}/end").status_code == 404
    assert [browser.get("/account").status_code for browser in others] == [303, 200, 200]
    assert post(client, "/account/sessions/end-others").status_code == 303
    assert [browser.get("/account").status_code for browser in (client, *others)] == [200, 303, 303, 303]


def test_nobody_ends_the_sessions_of_others(app: Flask, client: FlaskClient, alice: int) -> None:
    make_account(app, "mallory@example.com")
    hers = app.test_client()
    sign_in(hers, "alice@example.com")
    with app.app_context():
        public_id = db.session.scalars(select(Session.public_id)).one()
    sign_in(client, "mallory@example.com")
    assert post(client, f"/account/sessions/{public_id}/end").status_code == 404
    assert hers.get("/account").status_code == 200
