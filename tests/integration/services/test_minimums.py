"""A group's date with too few people: its lead is asked in time, the default comes by itself, and it lapses."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from practice.db import db, unit_of_work
from practice.domain.errors import ImpossibleStep, NotFound
from practice.models import Appointment, Decision, OutboxMessage
from practice.queries.busy import current_rules
from practice.queries.waiting import what_waits
from practice.services.booking import book_appointment
from practice.services.cancelling import cancel_attendance
from practice.services.deciding import decide, decide_due
from practice.services.finding import Wish
from practice.services.group_dates import add_date
from practice.services.leading import Leads, substitute_lead
from practice.services.minimums import ask_leads
from tests.support.cast import NOW, Cast, at
from tests.support.groups import TUESDAY, all_is_well, new_date

START = at(TUESDAY, 15)
ASKED = START - timedelta(hours=24)
DUE = START - timedelta(hours=12)


@pytest.fixture
def date(cast: Cast) -> str:
    with unit_of_work() as session:
        rules = current_rules(session)
        return add_date(session, rules, new_date(cast, minimum=2), by=cast.identity("dee"), now=NOW)


def book(cast: Cast, who: str) -> str:
    rules, wish = current_rules(db.session()), Wish(cast.group, cast.bob, START, "in_person", cast.location)
    with unit_of_work() as session:
        made = book_appointment(session, rules, wish, [cast.parties[who]], by=cast.identity("dee"), now=NOW)
        return made.places[0]


def work(now) -> int:
    with unit_of_work() as session:
        return ask_leads(session, now)


def due(now) -> int:
    with unit_of_work() as session:
        return decide_due(session, now)


def decisions() -> list[Decision]:
    db.session.close()
    return list(db.session.scalars(select(Decision).order_by(Decision.id)))


def status(date: str) -> str:
    db.session.close()
    return db.session.scalar(select(Appointment.status).where(Appointment.public_id == date)) or ""


def told(template: str) -> list[str]:
    db.session.close()
    wanted = select(OutboxMessage.to_email).where(OutboxMessage.template == template)
    return sorted(db.session.scalars(wanted))


def answer(cast: Cast, who: str, given: str, now=ASKED) -> None:
    (asked,) = decisions()
    with unit_of_work() as session:
        decide(session, asked.public_id, given, by=cast.identity(who), now=now)


def test_the_lead_is_asked_once_at_its_time(app: Flask, cast: Cast, date: str) -> None:
    book(cast, "alice")
    assert work(ASKED - timedelta(seconds=1)) == 0
    assert not what_waits(db.session(), ASKED - timedelta(seconds=1)).minimums
    assert what_waits(db.session(), ASKED).minimums
    assert work(ASKED) == 1
    assert work(ASKED) == 0
    (asked,) = decisions()
    assert (asked.kind, asked.therapist_id, asked.due_at) == ("minimum", cast.bob, DUE)
    assert told("to_decide") == ["bob@demo.test"]
    all_is_well(app)


def test_enough_people_are_never_asked_about(app: Flask, cast: Cast, date: str) -> None:
    book(cast, "alice")
    book(cast, "charlie")
    assert work(ASKED) == 0


def test_the_lead_cancels_and_all_who_come_are_told(app: Flask, cast: Cast, date: str) -> None:
    book(cast, "alice")
    work(ASKED)
    with pytest.raises(NotFound):
        answer(cast, "alice", "cancel")
    answer(cast, "bob", "cancel")
    assert (status(date), told("cancelled")) == ("cancelled", ["alice@demo.test"])
    assert due(DUE) == 0
    assert work(DUE) == 0
    all_is_well(app)


def test_the_lead_lets_it_take_place_and_nobody_is_told(app: Flask, cast: Cast, date: str) -> None:
    place = book(cast, "alice")
    work(ASKED)
    answer(cast, "bob", "go_on")
    with unit_of_work() as session:
        cancel_attendance(session, place, by=cast.identity("alice"), now=ASKED)
    assert (due(START), work(DUE), status(date)) == (0, 0, "booked")
    assert told("cancelled") == ["alice@demo.test"]  # of her own cancellation, and of nothing else
    all_is_well(app)


@pytest.mark.parametrize(("default", "after"), [("go_on", "booked"), ("cancel", "cancelled")])
def test_what_was_set_happens_where_nobody_decides(app: Flask, cast: Cast, date: str, default: str, after: str) -> None:
    book(cast, "alice")
    with unit_of_work() as session:
        session.scalars(select(Appointment).where(Appointment.public_id == date)).one().below_minimum = default
    work(ASKED)
    assert due(DUE - timedelta(seconds=1)) == 0
    assert due(DUE) == 1
    assert status(date) == after
    assert told("cancelled") == (["alice@demo.test"] if after == "cancelled" else [])
    assert decisions()[0].outcome == default
    with pytest.raises(ImpossibleStep):
        answer(cast, "bob", "cancel" if default == "go_on" else "go_on", DUE)
    all_is_well(app)


def test_it_lapses_when_enough_come_and_is_asked_again_when_they_go(app: Flask, cast: Cast, date: str) -> None:
    book(cast, "alice")
    work(ASKED)
    place = book(cast, "charlie")
    assert work(ASKED) == 1
    assert decisions()[0].outcome == "lapse"
    assert due(DUE) == 0
    with unit_of_work() as session:
        cancel_attendance(session, place, by=cast.identity("charlie"), now=DUE)
    assert work(DUE) == 1
    assert [each.outcome for each in decisions()] == ["lapse", ""]


def test_who_came_in_the_last_moment_keeps_it_from_being_cancelled(app: Flask, cast: Cast, date: str) -> None:
    with unit_of_work() as session:
        session.scalars(select(Appointment).where(Appointment.public_id == date)).one().below_minimum = "cancel"
    work(ASKED)
    book(cast, "alice")
    book(cast, "charlie")
    assert due(DUE) == 1
    assert (status(date), decisions()[0].outcome) == ("booked", "lapse")


def test_a_substitute_is_the_one_who_decides(app: Flask, cast: Cast, date: str) -> None:
    work(ASKED)
    rules = current_rules(db.session())
    with unit_of_work() as session:
        substitute_lead(session, rules, date, Leads(cast.bea), by=cast.identity("dee"), now=ASKED)
    assert decisions()[0].therapist_id == cast.bea
    with pytest.raises(NotFound):
        answer(cast, "bob", "cancel")
