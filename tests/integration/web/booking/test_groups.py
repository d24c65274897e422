"""A place in a group: what to expect is said first, the agreement is read, and nobody is named to anybody."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from practice.db import db, unit_of_work
from practice.domain.intervals import minute_floor
from practice.models import Appointment, Attendance, Consent, Hold, OutboxMessage, Service
from practice.queries.busy import current_rules
from practice.services.agreements import digest, publish
from practice.services.booking import book_appointment
from practice.services.enrolling import book_course
from practice.services.feeds import FeedWish, create_feed
from practice.services.finding import Wish
from tests.support.booking import heading, mailed
from tests.support.cast import NOW, Cast, at
from tests.support.client import CheckedClient
from tests.support.groups import TUESDAY, TUESDAYS, all_is_well, course
from tests.support.people import Clock, sign_in, words_of

TEXT = "What is said here stays here.\n\nNobody has to speak."
FIRST = f"{minute_floor(at(TUESDAY, 15))}.bob"


@pytest.fixture
def made(app: Flask, people: Cast) -> str:
    """A course on three Tuesdays, in which Charlie has places already."""
    app.extensions["clock"] = Clock(NOW)
    with app.app_context():
        found = course(people)
        rules = current_rules(db.session())
        with unit_of_work() as session:
            session.execute(
                update(Service).where(Service.id == people.group).values(
                    what_to_expect="We move, play and rest.", wear_bring="Soft shoes.", audience="public",
                )
            )  # fmt: skip
            book_course(session, rules, found, [people.charlie], by=people.identity("charlie"), now=NOW)
            publish(session, "group", TEXT, by=people.identity("ada"), now=NOW, service_id=people.group)
    return found


@pytest.fixture
def alice(app: Flask, client: CheckedClient, people: Cast, made: str) -> str:
    sign_in(client, "alice@demo.test")
    return people.alice.public_id


def rows(app: Flask, wanted):
    with app.app_context():
        return list(db.session.scalars(wanted))


def keep_course(client: CheckedClient, who: str, made: str) -> str:
    page = f"/book/move-and-play/time?who={who}&therapist=anyone"
    return str(client.submit(page, {"course": made}, action="/course").location)


def test_what_to_expect_stands_wherever_a_group_is_looked_at(client: CheckedClient, made: str) -> None:
    for page in ("/services/move-and-play", "/services/move-and-play/times", "/book/move-and-play/time?who=me"):
        words = words_of(client.get(page))
        for said in ("Set time", "We move, play and rest.", "Bob Reyes", "Soft shoes.", "step out", "Coming late is"):
            assert said in words, (page, said)
        assert "Charlie" not in words


def test_a_client_reads_agrees_and_has_a_place_in_every_date(
    app: Flask, client: CheckedClient, alice: str, made: str, people: Cast
) -> None:
    times = words_of(client.get(f"/book/move-and-play/time?who={alice}&therapist=anyone"))
    assert "3 dates, 1 hour 15 minutes each. $120 in all, $40 a date" in re.sub(r"<[^>]+>", "", times)
    check = keep_course(client, alice, made)
    assert keep_course(client, alice, made) == check  # pressed twice
    assert len(rows(app, select(Hold.id))) == 3
    agreement = client.get(check).location
    page = words_of(client.get(agreement))
    assert "What is said here stays here." in page
    assert client.submit(agreement, {}, action="/agreement").status_code == 422
    assert client.submit(check.replace("/check", "/agreement"), {"agree": "y"}, action="/agreement").location == check
    page = words_of(client.get(check))
    for said in ("Tuesday 24 November", "Tuesday 1 December", "Tuesday 8 December", "$120 in all, $40 a date"):
        assert said in page
    assert "Each is free to cancel until 24 hours before it begins. After that, its fee is $60." in page
    assert "Soft shoes." in page
    booked = client.submit(check, {}, action="/check").location
    page = words_of(client.get(booked))
    assert heading(page) == "Your session is booked"
    assert page.count("3:00 to 4:15 PM") >= 3
    assert "Coming late is welcome" in page
    assert "Charlie" not in page
    calendar = client.get(booked + "/session.ics").get_data(as_text=True)
    assert calendar.count("BEGIN:VEVENT") == 3
    assert "Charlie" not in calendar
    (consent,) = rows(app, select(Consent))
    assert (consent.client_id, consent.given_as) == (people.alice.id, "self")
    assert rows(app, select(OutboxMessage.template).where(OutboxMessage.to_email == "alice@demo.test")) == [
        "course_booked"
    ]
    with app.app_context():
        all_is_well(app)


def test_a_new_version_is_asked_for_at_the_next_enrolment_and_no_other(
    app: Flask, client: CheckedClient, alice: str, made: str, people: Cast
) -> None:
    check = keep_course(client, alice, made)
    client.submit(client.get(check).location, {"agree": "y"}, action="/agreement")
    client.submit(check, {}, action="/check")
    with app.app_context():
        other = course(people, [on + timedelta(days=1) for on in TUESDAYS])
    assert client.get(keep_course(client, alice, other)).status_code == 200  # agreed to already
    with app.app_context(), unit_of_work() as session:
        publish(session, "group", "Other words.", by=people.identity("ada"), now=NOW, service_id=people.group)
    check = keep_course(client, alice, other)
    agreement = client.get(check).location
    assert "Other words." in words_of(client.get(agreement))
    client.submit(agreement, {"agree": "y"}, action="/agreement")
    client.submit(check, {}, action="/check")
    assert len(rows(app, select(Consent.agreement_id).distinct())) == 2


def test_a_stranger_agrees_before_the_address_is_proven(app: Flask, client: CheckedClient, made: str) -> None:
    details = keep_course(client, "me", made)
    agreement = ask_until_agreement(client, details)
    check = client.submit(agreement, {"agree": "y"}, action="/agreement").location
    proof = client.submit(check, {}, action="/check").location
    assert rows(app, select(Consent.id)) == []
    booked = client.submit(proof, {"code": mailed(app)[1]}).location
    page = words_of(client.get(booked))
    assert heading(page) == "Your session is booked"
    assert page.count("3:00 to 4:15 PM") >= 3
    assert "Charlie" not in page
    (consent,) = rows(app, select(Consent))
    with app.app_context():
        from_text = digest(TEXT)
        assert db.session.execute(db.text("SELECT sha256 FROM agreement")).scalar() == from_text
        assert db.session.scalars(select(Appointment.places_taken)).all() == [2, 2, 2]
        all_is_well(app)
    assert consent.given_as == "self"


def ask_until_agreement(client: CheckedClient, details: str) -> str:
    """Type the details and the safe contact; returns the page that asks for consent."""
    typed = {"name": "Robin Vale", "email": "robin@example.com", "phone": "", "pronouns": ""}
    contact = client.submit(details, typed, action="/details").location
    check = client.submit(contact, {"safe_contact": "email"}, action="/contact").location
    return str(client.get(check).location)


def test_all_dates_are_given_up_with_each_consequence_said_before(
    app: Flask, client: CheckedClient, alice: str, made: str, people: Cast
) -> None:
    with app.app_context(), unit_of_work() as session:
        rules = current_rules(session)
        book_course(session, rules, made, [people.alice], by=people.identity("alice"), now=NOW)
    app.extensions["clock"].now = at(TUESDAY, 13)
    place = rows(app, select(Attendance.public_id).where(Attendance.client_id == people.alice.id))[0]
    base = f"/me/sessions/{place}/course"
    assert "Charlie" not in words_of(client.get(base))
    page = words_of(client.get(base + "/cancel"))
    assert "This session is soon: if you cancel it, the fee is $60." in page
    assert page.count("Cancel free until") == 2
    client.submit(base + "/cancel", {}, action="/cancel")
    given_up = select(Attendance.status).where(Attendance.client_id == people.alice.id).order_by(Attendance.id)
    assert rows(app, given_up) == ["late_cancelled", "cancelled", "cancelled"]
    client.submit(base, {}, action="/undo")
    assert rows(app, given_up) == ["booked"] * 3
    with app.app_context():
        all_is_well(app)


def test_nobody_reads_another_name_anywhere(
    app: Flask, client: CheckedClient, alice: str, made: str, people: Cast
) -> None:
    with app.app_context(), unit_of_work() as session:
        rules = current_rules(session)
        wish = Wish(people.group, people.bob, at(TUESDAY, 15), "in_person", people.location)
        book_appointment(session, rules, wish, [people.alice], by=people.identity("alice"), now=NOW)
        asked = FeedWish("client", people.alice.public_id, "appointment", "Mine")
        feed = create_feed(session, asked, by=people.identity("alice"), now=NOW)
    place = rows(app, select(Attendance.public_id).where(Attendance.client_id == people.alice.id))[0]
    shown = ["/me", f"/me/sessions/{place}", f"/me/sessions/{place}.ics", f"/me/sessions/{place}/course"]
    shown += ["/services/move-and-play", f"/book/move-and-play/time?who={alice}&therapist=anyone"]
    shown += ["/api/v1/slots?service=move-and-play&from=2026-11-23&to=2026-12-20", f"/feeds/{feed.token}.ics"]
    for address in shown:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "Charlie" not in answer.get_data(as_text=True), address
