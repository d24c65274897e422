"""Clients say themselves what they are called and how it is safe to reach them; nobody says it for them."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from practice.db import db, unit_of_work
from practice.models import Account, AuditEvent, Client, ClientAccess, ClientSearch
from tests.support.cast import MONDAY, Cast, at
from tests.support.client import CheckedClient
from tests.support.meetings import Clock, meeting
from tests.support.people import post, sign_in, words_of

CHANGED = {"chosen_name": "  Al   Moss ", "pronouns": "they/them", "phone": "212 555 0123", "safe_contact": "text"}


@pytest.fixture
def alice(app: Flask, client: CheckedClient, people: Cast, ticking: Clock) -> int:
    """Alice is signed in; returns her client's id."""
    sign_in(client, "alice@demo.test")
    return people.alice.id


def of(app: Flask, client_id: int) -> Client:
    with app.app_context():
        return db.session.get_one(Client, client_id)


def test_a_chosen_name_is_used_everywhere_and_the_full_one_kept(
    app: Flask, client: CheckedClient, alice: int, people: Cast
) -> None:
    with app.app_context(), unit_of_work() as session:
        meeting(session, people, at(MONDAY, 10))
    answer = client.submit("/me/details", CHANGED)
    assert answer.location == "/me"
    page = words_of(client.get("/me"))
    assert "Your details are saved." in page
    assert "Al Moss" in page  # in the corner where they are signed in
    assert "Alice Moss" not in page
    found = of(app, alice)
    assert (found.name, found.chosen_name) == ("Alice Moss", "Al Moss")
    with app.app_context():
        assert db.session.get_one(ClientSearch, alice).words == " alice moss al almoss "
    assert (found.pronouns, found.phone, found.safe_contact) == ("they/them", "+12125550123", "text")
    assert found.email == "alice@demo.test"
    again = words_of(client.get("/me/details"))
    assert 'value="(212) 555-0123"' in again
    assert "We know you as <b>Alice Moss</b>" in again
    with app.app_context():
        noted = db.session.execute(select(AuditEvent.action, AuditEvent.detail)).all()
        assert ("client.changed", {"fields": ["chosen_name", "pronouns", "phone", "safe_contact"]}) in noted
        assert "client.read" in [action for action, _ in noted]
        assert db.session.scalars(select(Account.name).where(Account.email == "alice@demo.test")).one() == "Al Moss"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"phone": "1"}, "Enter a phone number"),
        ({"phone": "", "safe_contact": "call"}, "Enter your phone number, or choose another way to be reached."),
        ({"chosen_name": "x" * 121}, "There is a problem"),
        ({"safe_contact": "pigeon"}, "There is a problem"),
        ({"chosen_name": "Al\u202eice"}, "There is a problem"),
    ],
)
def test_what_cannot_be_used_is_said_and_changes_nothing(
    app: Flask, client: CheckedClient, alice: int, typed: dict[str, str], words: str
) -> None:
    answer = post(client, "/me/details", {**CHANGED, **typed})
    assert answer.status_code == 422
    page = words_of(answer)
    assert "<title>Error: Your details" in page
    assert words in page
    assert of(app, alice).chosen_name == ""


def test_without_a_way_to_be_reached_the_start_page_asks_for_one(app: Flask, client: CheckedClient, alice: int) -> None:
    assert "Tell us how" not in words_of(client.get("/me"))
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Client).where(Client.id == alice).values(email=None))
    assert 'We have no safe way to reach you. <a href="/me/details">Tell us how</a>' in words_of(client.get("/me"))
    answer = client.submit("/me/details", {"safe_contact": "email"})
    assert "We have no e-mail address of yours yet" in words_of(answer)
    client.submit("/me/details", {"safe_contact": "call", "phone": "212 555 0123"})
    assert "Tell us how" not in words_of(client.get("/me"))


def test_guardians_do_not_say_it_for_others_and_hear_for_whom_everything_is(
    app: Flask, client: CheckedClient, alice: int, people: Cast
) -> None:
    with app.app_context(), unit_of_work() as session:
        meeting(session, people, at(MONDAY, 10))
        session.execute(update(ClientAccess).where(ClientAccess.client_id == alice).values(kind="guardian"))
        session.execute(update(Client).where(Client.id == alice).values(chosen_name="Al", pronouns="he/him"))
    home = words_of(client.get("/me"))
    assert "Next session, for Al" in home
    assert "/me/details" not in home
    assert client.get("/me/details").status_code == 404
    place = home.split("/me/sessions/")[1].split("/")[0]
    assert "Al · he/him" in words_of(client.get(f"/me/sessions/{place}"))
    cancelled = client.submit(f"/me/sessions/{place}/cancel", {}, action="/cancel")
    assert "Al’s session is cancelled. There is nothing more to do." in words_of(client.get(cancelled.location))
    with app.app_context(), unit_of_work() as session:
        session.execute(update(ClientAccess).where(ClientAccess.client_id == alice).values(can_book=False))
    assert "Book a session" not in words_of(client.get("/me"))
