"""Asking to be called: by anybody, about what they may see, and never twice for one press too many."""

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from practice.db import db, unit_of_work
from practice.models import AuditEvent, CallRequest, Therapist
from practice.web.public import calling
from tests.support.booking import TYPED, heading, keep
from tests.support.cast import MONDAY, NOW, Cast, at
from tests.support.client import CheckedClient
from tests.support.people import Clock, post, sign_in, words_of

ROBIN = {"name": "Robin Vale", "phone": "(212) 555-0123", "best_time": "morning"}


@pytest.fixture(autouse=True)
def friday(app: Flask, people: Cast) -> None:
    app.extensions["clock"] = Clock(NOW)


def asked(app: Flask) -> list[CallRequest]:
    with app.app_context():
        return list(db.session.scalars(select(CallRequest).order_by(CallRequest.id)))


def test_whoever_asks_is_told_that_we_call_and_when(app: Flask, client: CheckedClient, people: Cast) -> None:
    answer = client.submit("/call?service=individual&therapist=bob", ROBIN)
    assert answer.status_code == 303
    page = words_of(client.get(answer.location))
    assert heading(page) == "We will call you"
    assert "in the morning" in page
    assert "Robin" not in page + answer.location
    (request,) = asked(app)
    assert (request.name, request.phone, request.best_time) == ("Robin Vale", "+12125550123", "morning")
    assert (request.service_id, request.therapist_id) == (people.individual, people.bob)
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "call.asked")).one()
    assert event.subject_id == request.public_id
    assert "Robin" not in str(event.detail)


def test_the_page_says_what_it_is_about_and_keeps_it_through_a_mistake(client: CheckedClient) -> None:
    page = words_of(client.get("/call?service=individual&therapist=bob"))
    assert "<b>Individual session with Bob Reyes</b>" in page
    wrong = client.submit("/call?service=individual&therapist=bob", {"name": "", "phone": "call me"})
    page = words_of(wrong)
    assert wrong.status_code == 422
    assert "<title>Error: Ask us to call" in page
    assert "There is a problem" in page
    assert page.count("Enter your name.") == page.count("Enter a phone number, like 212 555 0123.") == 2
    assert "<b>Individual session with Bob Reyes</b>" in page
    assert 'value="call me"' in page


@pytest.mark.parametrize(
    "fields",
    [{"best_time": "at night"}, {"best_time": ""}, {"name": "a" * 121}, {"phone": "1"}, {"why": "a secret"}],
)
def test_what_is_not_on_the_form_is_refused(app: Flask, client: CheckedClient, fields: dict[str, str]) -> None:
    assert post(client, "/call", {**ROBIN, **fields}).status_code == 422
    assert asked(app) == []


def test_a_form_that_is_not_ours_is_refused(app: Flask, client: CheckedClient) -> None:
    assert client.post("/call", data=ROBIN).status_code == 400
    assert asked(app) == []


def test_a_therapist_who_is_not_shown_is_not_named_and_not_noted(app: Flask, client: CheckedClient, people: Cast):
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Therapist).where(Therapist.slug == "bea").values(listing="clients"))
    hidden, unknown = (words_of(client.get(f"/call?therapist={slug}")) for slug in ("bea", "who"))
    assert "Bea" not in hidden
    assert hidden.replace('value="bea"', 'value="who"') == unknown, "hidden and not there look the same"
    assert client.submit("/call?therapist=bea", ROBIN).status_code == 303
    alice = app.test_client()
    sign_in(alice, "alice@demo.test")
    assert "Bea Lindqvist" in words_of(alice.get("/call?therapist=bea"))
    assert 'value="Alice"' in words_of(alice.get("/call")), "nothing is asked that we know"
    assert alice.submit("/call?therapist=bea", {**ROBIN, "phone": "212 555 0124"}).status_code == 303
    assert [request.therapist_id for request in asked(app)] == [None, people.bea]


def test_asking_twice_is_one_wish_as_it_was_said_last(app: Flask, client: CheckedClient) -> None:
    for best_time in ("morning", "evening"):
        assert client.submit("/call", {**ROBIN, "best_time": best_time}).status_code == 303
    assert [request.best_time for request in asked(app)] == ["evening"]
    with app.app_context(), unit_of_work() as session:
        session.execute(update(CallRequest).values(answered_at=NOW))
    assert client.submit("/call", ROBIN).status_code == 303
    assert len(asked(app)) == 2, "after the call it is another wish"


def test_one_number_and_one_network_ask_only_so_often(app: Flask, client: CheckedClient, monkeypatch) -> None:
    for _ in range(calling.FOR_A_NUMBER):
        assert client.submit("/call", ROBIN).status_code == 303
    refused = client.submit("/call", ROBIN)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    monkeypatch.setattr(calling, "FROM_A_NETWORK", calling.FOR_A_NUMBER + 1)
    assert client.submit("/call", {**ROBIN, "phone": "212 555 0125"}).status_code == 303
    assert client.submit("/call", {**ROBIN, "phone": "212 555 0126"}).status_code == 429
    app.extensions["clock"].now += calling.WITHIN
    assert client.submit("/call", ROBIN).status_code == 303


def test_who_cannot_be_written_to_is_called_without_typing_it_again(app: Flask, client: CheckedClient) -> None:
    start = f"{int(at(MONDAY, 10).timestamp()) // 60}.bob"
    details = keep(client, start)
    contact = client.submit(details, {**TYPED, "phone": "212 555 0123"}, action="/details").location
    page = client.submit(contact, {"safe_contact": "call"}, action="/contact").location
    assert client.submit(page, {}, action="/call").location == "/call/asked?when=any"
    assert [(request.name, request.phone) for request in asked(app)] == [("Robin Vale", "+12125550123")]
    quiet = client.submit(contact, {"safe_contact": "none"}, action="/contact").location
    assert "Or we call you" not in words_of(client.get(quiet))
    client.submit(details, {**TYPED, "phone": ""}, action="/details")
    client.submit(contact, {"safe_contact": "call"}, action="/contact")
    assert 'href="/call?service=consultation&amp;therapist=bob"' in words_of(client.get(page))
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CallRequest)) == 1
