"""Other times for whoever lost one."""

from datetime import timedelta

import pytest
from flask import Flask

from practice.db import db, unit_of_work
from practice.domain.errors import NotFound
from practice.domain.intervals import instant
from practice.domain.slots import Slot
from practice.queries.busy import current_rules
from practice.queries.near import near_times
from practice.services.booking import book_appointment
from practice.services.finding import Wish
from tests.support.cast import MONDAY, NOW, Cast, add_group_date, at

TEN = at(MONDAY, 10)


def near(service: str, therapist: str | None, **more) -> list[Slot]:
    found = near_times(db.session(), service, therapist, TEN, viewer="clients", now=NOW, **more)[1]
    db.session.remove()
    return found


def test_nearest_times_with_the_same_therapist_come_first(cast: Cast) -> None:
    rules = current_rules(db.session())
    with unit_of_work() as session:
        wish = Wish(cast.individual, cast.bob, TEN, "online")
        book_appointment(session, rules, wish, [cast.alice], by=cast.identity("alice"), now=NOW)
    found = near("individual", "bob")
    assert {slot.therapist_id for slot in found} == {cast.bob}
    assert [instant(slot.start) - TEN for slot in found] == [timedelta(minutes=m) for m in (-60, 60, 90, 120, 150, 180)]


def test_with_anyone_each_start_is_there_once(cast: Cast) -> None:
    found = near("individual", None)
    assert len({slot.start for slot in found}) == len(found) == 6


def test_groups_lead_to_their_other_dates(cast: Cast) -> None:
    with unit_of_work() as session:
        add_group_date(session, cast, TEN + timedelta(days=3))
        add_group_date(session, cast, TEN + timedelta(days=30))
    assert [instant(slot.start) for slot in near("move-and-play", "bob")] == [TEN + timedelta(days=3)]
    assert near("move-and-play", "bob", modality="online") == []


def test_services_that_are_not_there_have_no_times(cast: Cast, app: Flask) -> None:
    with pytest.raises(NotFound):
        near("nothing", None)
