"""Going back, changing an answer and pressing twice: nothing is lost, nothing is done twice, nothing is asked again."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from practice.db import db
from practice.domain.intervals import minute_floor
from practice.models import Appointment, Attendance, Hold, OutboxMessage
from tests.support.booking import TYPED, ask, heading, keep, mailed
from tests.support.cast import MONDAY, NOW, Cast, at
from tests.support.client import CheckedClient
from tests.support.people import Clock, post, sign_in, words_of

TEN = f"{minute_floor(at(MONDAY, 10))}.bob"
CHANGE = re.compile(r'<a href="([^"]+)">Change<span class="visually-hidden"> ([^<]+)</span>')


@pytest.fixture(autouse=True)
def clock(app: Flask, people: Cast) -> Clock:
    app.extensions["clock"] = clock = Clock(NOW)
    return clock


def count(app: Flask, model) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def checked(client: CheckedClient, **typed: str) -> str:
    """Answer everything, and return the address of the check page."""
    contact = client.submit(keep(client, TEN), {**TYPED, **typed}, action="/details").location
    return str(client.submit(contact, {"safe_contact": "email"}, action="/contact").location)


def changes(client: CheckedClient, check: str) -> dict[str, str]:
    return {label: href.replace("&amp;", "&") for href, label in CHANGE.findall(words_of(client.get(check)))}


def test_every_answer_can_be_changed_and_leads_back_to_the_check_page(app: Flask, client: CheckedClient) -> None:
    check = checked(client)
    links = changes(client, check)
    assert {"session", "who it is for", "with", "when", "where", "your name", "safe to reach you"} <= set(links)
    name = links["your name"]
    assert f'class="back" href="{check}"' in words_of(client.get(name))
    wrong = client.submit(name, {"email": "nobody"}, action="/details?change=1")
    assert wrong.status_code == 422
    assert f'class="back" href="{check}"' in words_of(wrong)
    assert client.submit(name, {"name": "Rowan Vale"}, action="/details?change=1").location == check
    assert client.submit(links["safe to reach you"], {}, action="/contact?change=1").location == check
    assert "Rowan Vale" in words_of(client.get(check))
    assert count(app, Hold) == 1


def test_another_person_keeps_the_time_where_as_many_come(app: Flask, client: CheckedClient) -> None:
    check = checked(client)
    who = changes(client, check)["who it is for"]
    assert 'value="me" checked' in words_of(client.get(who))
    details = client.submit(who, {"who": "someone"}).location
    assert details.endswith("/details")
    assert client.submit(details, {"other_name": "Kit Vale"}, action="/details").location == check
    assert "Kit Vale" in words_of(client.get(check))
    assert count(app, Hold) == 1
    times = client.submit(who, {"who": "us"}).location
    assert count(app, Hold) == 0
    assert heading(words_of(client.get(times))) == "Choose a time"
    again = client.submit(times, {"at": TEN}, action="/time").location
    page = words_of(client.get(again))
    assert heading(page) == "Check your answers"
    assert "Us two" in page


def test_another_time_comes_back_to_the_check_page(app: Flask, client: CheckedClient) -> None:
    links = changes(client, checked(client))
    times = client.submit(links["when"], {}, action="/again").location
    assert f'value="{TEN}">Keep this time' in words_of(client.get(times))
    eleven = {"who": "me", "therapist": "bob", "meet": "online", "at": f"{minute_floor(at(MONDAY, 11))}.bob"}
    check = post(client, "/book/consultation/time", eleven).location
    page = words_of(client.get(check))
    assert heading(page) == "Check your answers"
    assert "11:00 to 11:20 AM" in page
    assert client.submit(changes(client, check)["with"], {}, action="/again").location == (
        "/book/consultation/with?who=me&meet=online"
    )


def test_a_time_pressed_twice_is_kept_once(app: Flask, client: CheckedClient) -> None:
    client.get("/book/consultation/time?who=me&therapist=bob")
    form = {"who": "me", "therapist": "bob", "meet": "online", "at": TEN}
    first, second = (post(client, "/book/consultation/time", form) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert count(app, Hold) == 1


def test_a_code_is_asked_for_once_and_again_on_request(app: Flask, client: CheckedClient) -> None:
    check = checked(client)
    first, second = (post(client, check, {"asked": ""}) for _ in range(2))
    assert first.location == second.location
    assert count(app, OutboxMessage) == 1
    assert client.submit(first.location, {}, action="/check").location == first.location
    assert count(app, OutboxMessage) == 2


def test_a_booking_sent_twice_is_made_once_and_shown(app: Flask, client: CheckedClient) -> None:
    proof = ask(client, keep(client, TEN))
    code = mailed(app)[1]
    with client.session_transaction() as cookie:
        before = dict(cookie)
    booked = post(client, proof, {"code": code}).location
    assert post(client, proof, {"code": code}).location == booked  # Back, and once more
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie.update(before)
    assert post(client, proof, {"code": code}).location == booked  # sent before the first answer was there
    for step in ("details", "contact", "check", "proof"):
        assert client.get(proof.replace("/proof", f"/{step}")).location == booked
    assert (count(app, Appointment), count(app, Attendance)) == (1, 1)
    assert heading(words_of(client.get(booked))) == "Your session is booked"


def test_a_client_who_presses_twice_books_once(app: Flask, client: CheckedClient, people: Cast) -> None:
    sign_in(client, "alice@demo.test")
    check = keep(client, TEN, who=people.alice.public_id, service="individual")
    with client.session_transaction() as cookie:
        before = dict(cookie)
    first = post(client, check).location
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie.update(before)
    assert post(client, check).location == first
    assert count(app, Attendance) == 1
    assert "/me/sessions/" in words_of(client.get(first))


def test_a_time_that_went_back_offers_close_ones_and_keeps_what_was_typed(
    app: Flask, client: CheckedClient, clock: Clock
) -> None:
    check = checked(client)
    with app.app_context():
        clock.now = NOW.replace(hour=16)
    page = words_of(client.get(check))
    assert "We kept this time until 10:15 AM, and nobody else has asked for it: you can go on." in page
    form = {"who": "me", "therapist": "bob", "meet": "online", "at": TEN}
    assert post(app.test_client(), "/book/consultation/time", form).status_code == 303
    lost = client.get(check)
    assert lost.status_code == 409
    assert "What you typed before is still here." in words_of(lost)
    form["at"] = f"{minute_floor(at(MONDAY, 10, 20))}.bob"
    assert f'value="{form["at"]}"' in words_of(lost)
    anew = post(client, "/book/consultation/time", form).location
    assert "Robin Vale" in words_of(client.get(anew))


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("", "Appointment"),
        ("?calendar=practice", "Appointment at Foundations Therapy"),
        ("?calendar=session", "First conversation with Bob Reyes"),
        ("?calendar=anything", "Appointment"),
    ],
)
def test_a_calendar_is_told_what_its_owner_chose(app: Flask, client: CheckedClient, asked: str, title: str) -> None:
    booked = client.submit(ask(client, keep(client, TEN)), {"code": mailed(app)[1]}).location
    page = words_of(client.get(booked + asked))
    encoded = title.replace(" ", "%20")
    assert f"https://calendar.google.com/calendar/render?action=TEMPLATE&amp;text={encoded}&amp;" in page
    assert f"&amp;subject={encoded}&amp;startdt=2026-11-23T15:00:00Z&amp;" in page
    file = re.search(r'href="([^"]+/session\.ics[^"]*)"', page)
    assert file is not None
    assert f"SUMMARY:{title}\r\n".encode() in client.get(file[1]).data
