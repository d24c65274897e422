"""The ledger lets buffers give way where it is told to, never sessions, and gives them back when it can."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from practice.db import as_practice_error, db, unit_of_work
from practice.domain.buffers import Stretch
from practice.domain.errors import SlotTaken
from practice.models import Appointment, AppointmentTherapist, Occupancy
from practice.services import ledger
from practice.services.ledger import Claim
from tests.support.cast import MONDAY, NOW, ZONE, at


def minutes(count):
    return timedelta(minutes=count)


def put(cast, starts_at, *, before=0, after=0, closely=True):
    """Write a session of fifty minutes with Bob in Willow, and return its id."""
    with unit_of_work() as session:
        made = Appointment(
            status="held", service_id=cast.individual, modality="in_person", location_id=cast.location,
            room_id=cast.rooms[0], starts_at=starts_at, ends_at=starts_at + minutes(50), zone=ZONE,
            before_minutes=before, after_minutes=after, created_at=NOW, revised_at=NOW,
        )  # fmt: skip
        session.add(made)
        session.flush()
        session.add(AppointmentTherapist(appointment_id=made.id, therapist_id=cast.bob))
        session.flush()
        whole = (made.starts_at - minutes(before), made.ends_at + minutes(after))
        claims = [Claim(cast.resources[name], *whole) for name in ("bob", "willow")]
        if closely:
            ledger.squeeze_in(session, made.id, claims, Stretch(made.starts_at, made.ends_at))
        else:
            ledger.claim(session, made.id, claims)
        return made.id


def release(*ids, only=None):
    with unit_of_work() as session:
        ledger.release(session, ids, only)


def spans(cast, name="bob"):
    """What somebody is busy with on Monday, as minutes since nine."""
    db.session.close()
    wanted = select(Occupancy.starts_at, Occupancy.ends_at).where(Occupancy.resource_id == cast.resources[name])
    nine = at(MONDAY, 9)
    return [
        tuple(int((instant - nine).total_seconds() // 60) for instant in row)
        for row in db.session.execute(wanted.order_by(Occupancy.starts_at))
    ]


def test_buffers_give_way_on_both_sides_and_grow_back(cast):
    put(cast, at(MONDAY, 9), after=30)
    put(cast, at(MONDAY, 11), before=30, after=5)
    between = put(cast, at(MONDAY, 10), before=15, after=15)
    assert spans(cast) == spans(cast, "willow") == [(0, 60), (60, 110), (110, 175)]

    release(between)
    assert spans(cast) == spans(cast, "willow") == [(0, 80), (90, 175)]


def test_buffers_that_meet_share_what_is_free(cast):
    put(cast, at(MONDAY, 9), after=60)
    between = put(cast, at(MONDAY, 10), after=60)
    put(cast, at(MONDAY, 11), before=60)
    assert spans(cast) == [(0, 60), (60, 120), (120, 170)]
    release(between)
    assert spans(cast) == [(0, 110), (110, 170)]


def test_a_buffer_does_not_grow_into_what_came_in_between_nor_on_its_other_side(cast):
    put(cast, at(MONDAY, 9), after=60)
    second = put(cast, at(MONDAY, 10), before=30, after=30)
    third = put(cast, at(MONDAY, 11), before=10, after=30)
    put(cast, at(MONDAY, 12))
    assert spans(cast) == [(0, 60), (60, 120), (120, 180), (180, 230)]
    release(second)
    assert spans(cast) == [(0, 110), (110, 180), (180, 230)]
    release(third)
    assert spans(cast) == [(0, 110), (180, 230)]


def test_what_had_given_way_to_a_buffer_grows_when_that_buffer_is_cut(cast):
    put(cast, at(MONDAY, 9), after=120)
    put(cast, at(MONDAY, 12), before=30)
    assert spans(cast) == [(0, 170), (170, 230)]
    put(cast, at(MONDAY, 10), after=30)
    assert spans(cast) == spans(cast, "willow") == [(0, 60), (60, 140), (150, 230)]


def test_only_the_resource_that_is_given_back_grows(cast):
    put(cast, at(MONDAY, 9), after=30)
    second = put(cast, at(MONDAY, 10))
    release(second, only=[cast.resources["willow"]])
    assert (spans(cast), spans(cast, "willow")) == ([(0, 60), (60, 110)], [(0, 80)])


def test_sessions_never_give_way_and_without_a_decision_buffers_do_not_either(cast):
    put(cast, at(MONDAY, 9), after=10)
    before = spans(cast)
    for starts_at, closely in ((at(MONDAY, 9, 45), True), (at(MONDAY, 8, 15), True), (at(MONDAY, 9, 55), False)):
        with pytest.raises(DBAPIError) as refused:
            put(cast, starts_at, before=5, closely=closely)
        assert isinstance(as_practice_error(refused.value), SlotTaken)
        assert spans(cast) == before
