"""Courses and dates of the cast's group, made as staff make them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask import Flask

from practice.db import db, unit_of_work
from practice.queries.busy import current_rules
from practice.services.checking import broken_invariants
from practice.services.courses import NewCourse, make_course
from practice.services.group_dates import NewDate
from tests.support.cast import MONDAY, NOW, Cast

TUESDAY = MONDAY + timedelta(days=1)
TUESDAYS = tuple(TUESDAY + timedelta(weeks=week) for week in range(3))


def new_date(
    cast: Cast, on: date = TUESDAY, minute: int = 15 * 60, *, co_lead: bool = False, capacity: int = 3, minimum: int = 0
) -> NewDate:
    """One date, led by Bob in the first room."""
    rules = current_rules(db.session())
    return NewDate(
        rules.service_by_id[cast.group],
        rules.therapist_by_id[cast.bob],
        rules.locations[0].rooms[0],
        on,
        minute,
        capacity,
        anyway=True,
        co_lead=rules.therapist_by_id[cast.bea] if co_lead else None,
        minimum=minimum,
    )


def course(
    cast: Cast,
    dates: Sequence[date] = TUESDAYS,
    *,
    enrol: str = "both",
    now: datetime = NOW,
    capacity: int = 3,
    co_lead: bool = False,
    minimum: int = 0,
) -> str:
    """Make a course on Tuesdays at 3 PM, and return its public id."""
    rules = current_rules(db.session())
    news = [new_date(cast, on, capacity=capacity, co_lead=co_lead, minimum=minimum) for on in dates]
    with unit_of_work() as session:
        return make_course(session, rules, NewCourse("Winter", enrol, news), by=cast.identity("dee"), now=now)


def all_is_well(app: Flask) -> None:
    """Fail where ``check`` would."""
    db.session.close()
    vault, keys = app.extensions["vault"], app.extensions["settings"].encryption_keys
    assert list(broken_invariants(db.session(), vault=vault, master_keys=keys)) == []
