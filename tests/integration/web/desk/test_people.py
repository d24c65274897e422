"""The desk says who acts for a client and with which rights, and notes agreements that were signed on paper."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from practice.db import db, unit_of_work
from practice.models import Account, AuditEvent, Client, ClientAccess, Consent, OutboxMessage, Practice
from tests.support.cast import NOW, TODAY, Cast
from tests.support.client import CheckedClient
from tests.support.people import post, sign_in, words_of

NEW = {"name": "Mo Vale", "email": "mo@example.com", "valid_from": TODAY.isoformat()}


@pytest.fixture
def here(app: Flask, people: Cast, client: CheckedClient) -> str:
    """Dee is signed in; returns the address of Alice's page."""
    sign_in(client, "dee@demo.test")
    return f"/desk/clients/{people.alice.public_id}"


def rows(app: Flask) -> list[ClientAccess]:
    with app.app_context():
        return list(db.session.scalars(select(ClientAccess).where(ClientAccess.kind == "guardian")))


def test_a_guardian_is_invited_with_rights_and_dates(app: Flask, client: CheckedClient, here: str) -> None:
    until = (TODAY + timedelta(days=30)).isoformat()
    sent = {**NEW, "rights": ["can_see_times", "is_written_to"], "valid_until": until}
    for _ in range(2):  # pressing twice invites once
        assert client.submit(f"{here}/people/new", sent).location == f"{here}/people"
    (row,) = rows(app)
    assert (row.can_book, row.can_see_times, row.can_consent, row.can_read, row.is_written_to) == (
        False, True, False, False, True,
    )  # fmt: skip
    assert (row.valid_from, row.valid_until) == (TODAY, date.fromisoformat(until))
    with app.app_context():
        mails = db.session.execute(select(OutboxMessage.template, OutboxMessage.to_email)).all()
    assert mails == [("invitation", "mo@example.com")]
    page = words_of(client.get(f"{here}/people"))
    assert "May see times and be written to" in page
    assert "Invited" in page
    assert "Mo Vale" in words_of(client.get(here))


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"email": "alice@demo.test"}, "A guardian of this client has this address"),
        ({"valid_until": "2026-11-01"}, "Enter a date that is not before the first one."),
        ({"email": "mo"}, "Enter an e-mail address in the right form"),
        ({"valid_from": ""}, "Enter the first day."),
        ({"rights": ["everything"]}, "Choose from the list."),
    ],
)
def test_what_does_not_go_is_said_at_its_field(
    app: Flask, client: CheckedClient, here: str, sent: dict[str, str], words: str
) -> None:
    answer = post(client, f"{here}/people/new", {**NEW, "rights": ["can_book"], **sent})
    assert answer.status_code == 422
    assert words in words_of(answer)
    assert "<title>Error: " in words_of(answer)
    assert rows(app) == []


def test_rights_are_changed_and_ended(app: Flask, client: CheckedClient, people: Cast, here: str) -> None:
    client.submit(f"{here}/people/new", {**NEW, "rights": ["can_book", "is_written_to"]})
    with app.app_context(), unit_of_work() as session:
        account = session.scalars(select(Account.public_id).where(Account.email == "mo@example.com")).one()
        session.add(
            OutboxMessage(template="booked", to_email="mo@example.com", client_id=people.alice.id, context={},
                          message_id="<1@test>", due_at=NOW, attempts=0, created_at=NOW)
        )  # fmt: skip
    person = f"{here}/people/{account}"
    assert client.submit(person, {"rights": ["can_consent"]}).status_code == 303
    (row,) = rows(app)
    assert (row.can_book, row.can_consent, row.is_written_to) == (False, True, False)
    with app.app_context():
        assert db.session.scalars(select(OutboxMessage.template)).all() == ["invitation"]
    for _ in range(2):
        assert post(client, f"{person}/end").status_code == 303
    assert rows(app)[0].valid_until == TODAY - timedelta(days=1)
    assert "Ended" in words_of(client.get(f"{here}/people"))
    with app.app_context():
        acts = db.session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("access.%"))).all()
        assert acts[-3:] == ["access.given", "access.changed", "access.ended"]
        own = db.session.scalars(select(Account.public_id).where(Account.email == "alice@demo.test")).one()
    assert client.get(f"{here}/people/{own}").status_code == 404  # nobody changes a client's own rights
    assert client.submit(f"{here}/people/new", {**NEW, "rights": ["can_book"]}).status_code == 303
    assert rows(app)[0].valid_until is None


def test_nobody_becomes_guardian_of_somebody_of_age(app: Flask, client: CheckedClient, people: Cast, here: str) -> None:
    with app.app_context(), unit_of_work() as session:
        alice, vault = session.get_one(Client, people.alice.id), app.extensions["vault"]
        alice.birth_date_sealed = vault.seal(alice.wrapped_key, "client", alice.public_id, "birth_date", "1990-01-01")
    answer = post(client, f"{here}/people/new", {**NEW, "rights": ["can_book"]})
    assert answer.status_code == 422
    assert "is of age, and acts for themselves" in words_of(answer)


def test_agreements_on_paper_are_noted_and_taken_back(
    app: Flask, client: CheckedClient, people: Cast, here: str
) -> None:
    assert client.get(f"{here}/agreement").status_code == 404
    admin: CheckedClient = app.test_client()  # type: ignore[assignment]
    sign_in(admin, "ada@demo.test")
    with app.app_context():
        ages = db.session.execute(select(Practice.majority_age, Practice.consents_needed)).one()
    assert ages == (18, 1)
    sent = {"text": "We meet.", "consents_alone_age": "14", "consents_needed": "2"}
    assert admin.submit("/admin/consent", sent).status_code == 303
    assert post(admin, "/admin/consent", {**sent, "majority_age": "99"}).status_code == 422
    assert "Version 1, since" in words_of(admin.get("/admin/consent"))
    assert "Not agreed yet" in words_of(client.get(here))
    assert client.submit(f"{here}/agreement", {"who": "self"}).status_code == 422
    assert client.submit(f"{here}/agreement", {"who": "self", "signed": "y"}).status_code == 303
    page = words_of(client.get(here))
    assert "Agreed." in page
    assert "The client, on paper" in page
    assert client.get(f"{here}/agreement").status_code == 404
    with app.app_context():
        given = db.session.scalars(select(Consent.public_id)).one()
    assert post(client, f"/desk/consents/{given}/end").status_code == 303
    assert "Not agreed yet" in words_of(client.get(here))


def test_only_the_desk_sees_them(app: Flask, client: CheckedClient, people: Cast, here: str) -> None:
    assert client.get(f"{here}/people").status_code == 200
    assert client.get("/desk/clients/nobody/people").status_code == 404
    stranger: CheckedClient = app.test_client()  # type: ignore[assignment]
    sign_in(stranger, "alice@demo.test")
    assert stranger.get(f"{here}/people").status_code == 404
