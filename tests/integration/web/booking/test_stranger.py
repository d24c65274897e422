"""A stranger books a first conversation: one question a page, the time kept, the e-mail proven."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from practice.db import db, unit_of_work
from practice.domain.intervals import minute_floor
from practice.models import (
    Account,
    Appointment,
    Attendance,
    BookingRequest,
    Client,
    Hold,
    Occupancy,
    OutboxMessage,
    Practice,
    Service,
)
from practice.queries.busy import current_rules
from practice.services import hoarding
from practice.services.booking import book_appointment
from practice.services.finding import Wish
from practice.services.holds import release_expired
from tests.support.booking import TYPED, ask, heading, keep, mailed
from tests.support.cast import MONDAY, NOW, Cast, add_group_date, at
from tests.support.client import CheckedClient
from tests.support.people import Clock, post, words_of

TEN = f"{minute_floor(at(MONDAY, 10))}.bob"


@pytest.fixture(autouse=True)
def clock(app: Flask, people: Cast) -> Clock:
    app.extensions["clock"] = clock = Clock(NOW)
    return clock


def count(app: Flask, model) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_one_question_follows_the_other(app: Flask, client: CheckedClient) -> None:
    assert heading(words_of(client.get("/book"))) == "What would you like to book?"
    who = client.submit("/book/consultation", {"who": "me"})
    people = client.get(who.location)
    assert heading(words_of(people)) == "With whom would you like to meet?"
    times = client.get("/book/consultation/time?who=me&therapist=anyone")
    assert "Times are shown in New York time." in words_of(times)
    details = keep(client, TEN)
    assert "We keep this time for you until 10:15 AM." in words_of(client.get(details))
    proof = ask(client, details)
    booked = client.submit(proof, {"code": mailed(app)[1]})
    page = words_of(client.get(booked.location))
    assert heading(page) == "Your session is booked"
    assert "Monday 23 November, 10:00 to 10:20 AM, New York time" in page
    assert "Cancel free until Sunday 22 November at 10:00 AM. After that, the fee is $60." in page
    calendar = client.get(booked.location + "/session.ics")
    assert calendar.mimetype == "text/calendar"
    assert b"SUMMARY:Appointment\r\n" in calendar.data
    assert b"conversation" not in calendar.data
    assert b"Robin" not in calendar.data


def test_who_else_comes_to_a_group_of_two_is_not_said(app: Flask, client: CheckedClient, people: Cast) -> None:
    starts_at = at(MONDAY, 18)
    with app.app_context():
        with unit_of_work() as session:
            session.execute(update(Service).where(Service.id == people.group).values(audience="public", capacity=2))
            add_group_date(session, people, starts_at, capacity=2)
        rules = current_rules(db.session())
        wish = Wish(people.group, people.bob, starts_at, "in_person", people.location)
        with unit_of_work() as session:
            book_appointment(session, rules, wish, [people.charlie], by=people.identity("dee"), now=NOW)
    date = f"{minute_floor(starts_at)}.bob"
    proof = ask(client, keep(client, date, service="move-and-play", meet="in_person"))
    booked = client.submit(proof, {"code": mailed(app)[1]})
    page = words_of(client.get(booked.location))
    assert heading(page) == "Your session is booked"
    assert "Charlie" not in page


def test_nothing_is_sent_and_nobody_is_made_before_the_proof(app: Flask, client: CheckedClient) -> None:
    before = count(app, Client), count(app, Account)
    details = keep(client, TEN)
    contact = client.submit(details, TYPED, action="/details").location
    assert count(app, OutboxMessage) == 0
    check = client.submit(contact, {"safe_contact": "email"}, action="/contact").location
    assert count(app, OutboxMessage) == 0
    client.submit(check, {}, action="/check")
    assert (count(app, Client), count(app, Account)) == before
    assert count(app, OutboxMessage) == 1


def test_the_link_shows_a_button_and_works_in_another_browser_once(app: Flask, client: CheckedClient) -> None:
    proof = ask(client, keep(client, TEN))
    link = f"/book/confirm/{mailed(app)[0]}"
    other = app.test_client()
    assert heading(words_of(other.get(link))) == "Book this session?"
    assert count(app, BookingRequest) == 1
    assert client.get(proof).status_code == 200
    booked = other.submit(link)
    assert other.get(booked.location).status_code == 200
    assert other.get(link).status_code == 410
    assert client.get(booked.location).status_code == 404
    assert client.get(proof).location == booked.location  # who typed it all is led to what came of it


def test_unsafe_e_mail_is_never_written_to(app: Flask, client: CheckedClient) -> None:
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Practice).values(phone="+12125550100"))
    contact = client.submit(keep(client, TEN), TYPED, action="/details").location
    call = client.submit(contact, {"safe_contact": "none"}, action="/contact").location
    page = words_of(client.get(call))
    assert heading(page) == "We will not write to you"
    assert "(212) 555-0100" in page
    sent = post(client, call.replace("/call", "/check"))
    assert sent.location == call
    assert (count(app, OutboxMessage), count(app, BookingRequest)) == (0, 0)
    assert client.submit(call, {}, action="/forget").location == "/"
    assert count(app, Hold) == 0
    with client.session_transaction() as cookie:
        assert "Robin" not in str(dict(cookie))


def test_two_people_and_those_who_are_looked_after_come_by_name(app: Flask, client: CheckedClient) -> None:
    details = keep(client, TEN, who="us")
    assert client.submit(details, TYPED, action="/details").status_code == 422
    ask_for = ask(client, details, other_name="Kim Vale")
    client.submit(ask_for, {"code": mailed(app)[1]})
    with app.app_context():
        seats = db.session.scalars(select(Client.name).join(Attendance, Attendance.client_id == Client.id)).all()
    assert sorted(seats) == ["Kim Vale", "Robin Vale"]


def test_wrong_codes_are_counted_and_said_kindly(app: Flask, client: CheckedClient) -> None:
    proof = ask(client, keep(client, TEN))
    right = mailed(app)[1]
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(6):
        answer = client.submit(proof, {"code": wrong})
        assert answer.status_code == 422
        assert "That is not the code that we sent." in words_of(answer)
    assert post(client, proof, {"code": right}).status_code == 429
    assert app.test_client().submit(f"/book/confirm/{mailed(app)[0]}").status_code == 303


def test_a_lost_race_is_answered_with_times_close_to_it(client: CheckedClient, app: Flask) -> None:
    keep(client, TEN)
    form = {"who": "me", "therapist": "bob", "meet": "online", "at": TEN}
    answer = post(app.test_client(), "/book/consultation/time", form)
    page = words_of(answer)
    assert answer.status_code == 409
    assert "That time has just been taken. These are close to it." in page
    assert "Monday 23 November, 9:40 AM, Bob Reyes" in page
    assert "10:00 AM" not in page


def test_a_hold_that_ended_leads_to_other_times(app: Flask, client: CheckedClient, clock: Clock) -> None:
    details = keep(client, TEN)
    clock.now += timedelta(minutes=16)
    assert client.get(details).status_code == 200  # late, but nobody else wanted it
    with app.app_context(), unit_of_work() as session:
        assert release_expired(session, clock.now) == 1
    answer = client.get(details)
    assert answer.status_code == 409
    assert "We could not keep that time any longer." in words_of(answer)


def test_a_hold_is_kept_longer_once(app: Flask, client: CheckedClient) -> None:
    details = keep(client, TEN)
    assert client.submit(details, {}, action="/longer").status_code == 303
    page = words_of(client.get(details))
    assert "We keep this time for you until 10:30 AM." in page
    assert "Keep it longer" not in page
    post(client, details.replace("/details", "/longer"))
    assert "until 10:30 AM" in words_of(client.get(details))


def test_a_browser_keeps_two_times_at_most(app: Flask, client: CheckedClient, clock: Clock) -> None:
    kept = []
    for hour in (9, 10, 11):
        kept.append(keep(client, f"{minute_floor(at(MONDAY, hour))}.bob"))
        clock.now += timedelta(minutes=1)
    assert count(app, Hold) == 2
    assert client.get(kept[-1]).status_code == 200


def test_choosing_again_gives_the_time_back_and_keeps_what_was_typed(app: Flask, client: CheckedClient) -> None:
    details = keep(client, TEN)
    client.submit(details, TYPED, action="/details")
    back = client.submit(details.replace("/details", "/again"), {}, action="/again")
    assert (count(app, Hold), count(app, Occupancy)) == (0, 0)
    anew = client.submit(back.location, {"at": TEN}, action="/time").location
    assert anew.endswith("/contact")
    check = client.submit(anew, {"safe_contact": "email"}, action="/contact").location
    assert "Robin Vale" in words_of(client.get(check))


def test_holds_belong_to_their_browser(app: Flask, client: CheckedClient) -> None:
    details = keep(client, TEN)
    other = app.test_client()
    for step in ("details", "contact", "check", "proof", "again", "call"):
        assert other.get(details.replace("/details", f"/{step}")).status_code == 404
    assert post(other, details.replace("/details", "/again")).status_code == 404
    assert count(app, Hold) == 1


def test_one_address_cannot_hold_everything(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty at once, and thirty in a quarter of an hour, whatever becomes of them."""
    form = {"who": "me", "therapist": "bob", "meet": "online", "at": TEN}
    with app.app_context():
        app.extensions["clock"] = Clock(NOW)
    statuses = []
    for number in range(32):
        if number == 21:
            monkeypatch.setattr(hoarding, "MOST_IN_A_NETWORK", 99)
        moment = minute_floor(at(MONDAY, 9)) + 20 * (number % 24)
        day = 24 * 60 * (number // 24)
        visitor = app.test_client()
        statuses.append(post(visitor, "/book/consultation/time", {**form, "at": f"{moment + day}.bob"}).status_code)
    assert statuses == [303] * 20 + [429] + [303] * 10 + [429]


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/book/consultation", {}, 422),
        ("/book/consultation", {"who": "everybody"}, 422),
        ("/book/consultation", {"who": "me", "colour": "green"}, 422),
        ("/book/nothing", {"who": "me"}, 404),
        ("/book/consultation/time", {"who": "me"}, 422),
        ("/book/consultation/time", {"who": "me", "at": "yesterday"}, 404),
        ("/book/consultation/time", {"who": "me", "at": "999999999.bob"}, 422),
        ("/book/consultation/time", {"who": "me", "at": f"{TEN}x"}, 404),
        ("/book/consultation/time", {"who": "a stranger", "at": TEN}, 404),
        ("/book/individual/time", {"who": "me", "at": TEN}, 404),
        ("/book/held/nothing/details", {"name": "x"}, 404),
        ("/book/confirm/nothing", {}, 410),
    ],
)
def test_nonsense_changes_nothing(app: Flask, client: CheckedClient, path: str, form: dict, status: int) -> None:
    assert post(client, path, form).status_code == status
    assert (count(app, Appointment), count(app, Hold)) == (0, 0)


def test_what_clients_book_leads_strangers_to_a_first_conversation(client: CheckedClient) -> None:
    page = words_of(client.get(f"/book/individual?at={TEN}"))
    assert heading(page) == "Have you been here before?"
    assert "/sign-in?next=/book/individual?at%3D" in page or "/sign-in?next=%2Fbook%2Findividual" in page
