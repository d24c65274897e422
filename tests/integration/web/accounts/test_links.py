"""Mailed links: who gets one, what the answer tells, and that each works once."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from practice.db import db
from practice.models import OneTimeToken, OutboxMessage
from tests.support.people import PASSWORD, Clock, make_account, post, sign_in, words_of

NEW = "seven slow boats at anchor"


@pytest.fixture
def clock(app: Flask) -> Clock:
    app.extensions["clock"] = clock = Clock()
    return clock


@pytest.fixture
def alice(app: Flask, clock: Clock) -> int:
    return make_account(app, "alice@example.com", password=PASSWORD)


def mailed(app: Flask) -> list[OutboxMessage]:
    with app.app_context():
        return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def path_in(message: OutboxMessage) -> str:
    found = re.fullmatch(r"http://127\.0\.0\.1:8000(/\S+)", message.context["link"])
    assert found
    return found[1]


def ask(client: FlaskClient, page: str = "/sign-in/link", email: str = "alice@example.com", **more: str):
    return post(client, page, {"email": email, "next": "", **more})


@pytest.mark.parametrize("page", ["/sign-in/link", "/password"])
def test_the_answer_does_not_tell_who_has_an_account(app: Flask, client: FlaskClient, alice: int, page: str) -> None:
    make_account(app, "gone@example.com", disabled=True)
    answers = [ask(client, page, email) for email in ("alice@example.com", "nobody@example.com", "gone@example.com")]
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, "/sign-in/link/sent")}
    assert [message.to_email for message in mailed(app)] == ["alice@example.com"]


def test_a_link_signs_in_once(app: Flask, client: FlaskClient, alice: int) -> None:
    ask(client, next="/account?tab=1")
    path = path_in(mailed(app)[0])
    for _ in range(2):
        assert client.get(path).status_code == 200
    assert client.get("/account").status_code == 303
    used = post(client, path)
    assert (used.status_code, used.location) == (303, "/account?tab=1")
    assert client.get("/account").status_code == 200
    other = app.test_client()
    assert other.get(path).status_code == 410
    assert post(other, path).status_code == 410
    assert other.get("/account").status_code == 303


def test_links_end_after_twenty_minutes(app: Flask, client: FlaskClient, alice: int, clock: Clock) -> None:
    ask(client)
    path = path_in(mailed(app)[0])
    clock.now += timedelta(minutes=20)
    assert client.get(path).status_code == 410
    assert post(client, path).status_code == 410


def test_only_hashes_are_kept(app: Flask, client: FlaskClient, alice: int) -> None:
    ask(client)
    token = path_in(mailed(app)[0]).rpartition("/")[2]
    with app.app_context():
        kept = db.session.scalars(select(OneTimeToken)).one()
        assert token.encode() not in kept.token_hash
        assert token not in str(kept.payload)


def test_a_link_is_good_for_its_purpose_only(app: Flask, client: FlaskClient, alice: int) -> None:
    ask(client)
    ask(client, "/password")
    signs_in, sets_password = (path_in(message).rpartition("/")[2] for message in mailed(app))
    assert client.get(f"/password/{signs_in}").status_code == 410
    assert post(client, f"/password/{signs_in}", {"new_password": NEW}).status_code == 410
    assert post(client, f"/sign-in/link/{sets_password}").status_code == 410


def test_a_mailbox_is_not_flooded_and_nobody_is_told(app: Flask, client: FlaskClient, alice: int) -> None:
    answers = {ask(client).status_code for _ in range(5)}
    assert answers == {303}
    assert len(mailed(app)) == 3


def test_one_address_cannot_ask_for_everybody(client: FlaskClient, alice: int) -> None:
    answers = [ask(client, email=f"person{number}@example.com").status_code for number in range(21)]
    assert answers == [303] * 20 + [429]


def test_links_work_while_guessing_is_slowed(app: Flask, client: FlaskClient, alice: int) -> None:
    for _ in range(9):
        slowed = post(client, "/sign-in", {"email": "alice@example.com", "password": "not the password", "next": ""})
    assert slowed.status_code == 429
    ask(client)
    assert post(client, path_in(mailed(app)[0])).status_code == 303


def test_choosing_a_password_ends_what_was_before(app: Flask, client: FlaskClient, alice: int) -> None:
    elsewhere = app.test_client()
    sign_in(elsewhere, "alice@example.com")
    ask(client)
    ask(client, "/password")
    link, choice = (path_in(message) for message in mailed(app))
    assert "alice@example.com" in words_of(client.get(choice))
    assert post(client, choice, {"new_password": "too short"}).status_code == 422
    assert post(client, choice, {"new_password": NEW}).status_code == 303
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    for path in (link, choice):
        assert app.test_client().get(path).status_code == 410
    form = {"email": "alice@example.com", "next": ""}
    assert post(app.test_client(), "/sign-in", {**form, "password": PASSWORD}).status_code == 422
    assert post(app.test_client(), "/sign-in", {**form, "password": NEW}).status_code == 303


def test_a_link_leads_to_the_practice_whatever_host_was_asked(app: Flask, client: FlaskClient, alice: int) -> None:
    post(client, "/sign-in/link", {"email": "alice@example.com", "next": ""}, headers={"Host": "evil.example"})
    assert all(message.context["link"].startswith("http://127.0.0.1:8000/") for message in mailed(app))


def test_using_a_link_needs_the_form_of_its_page(app: Flask, client: FlaskClient, alice: int) -> None:
    ask(client)
    assert client.post(path_in(mailed(app)[0])).status_code == 400
