"""Pages of staff, at three widths, stand in nobody's way."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from practice.db import db, unit_of_work
from practice.domain.intervals import minute_floor
from practice.models import Room, Service
from practice.queries.hours import hours_from
from practice.services.hours import Stretch, add_time_off, set_date_hours
from tests.support import axe, in_process
from tests.support.acting import act_as
from tests.support.cast import MONDAY, Cast, add_group_date, at
from tests.support.databases import Database, create
from tests.support.sessions import booked

NOW = at(MONDAY, 10, 30)
EARLY = at(MONDAY, 7)


@pytest.fixture
def database() -> Iterator[Database]:
    """One kind is enough: no page looks different on the other."""
    yield from create("sqlite")


@pytest.fixture
def places(app: Flask, cast: Cast) -> dict[str, list[str]]:
    """A busy Monday, and the address of every page by who opens it."""
    with unit_of_work() as session:
        add_group_date(session, cast, at(MONDAY, 15), capacity=8)
    begun = booked(cast, at(MONDAY, 10), now=EARLY)
    later = booked(cast, at(MONDAY, 13), "charlie", now=EARLY, modality="in_person")
    booked(cast, at(MONDAY, 13), now=EARLY, therapist="bea")
    with unit_of_work() as session:
        bob, tuesday = cast.identity("bob"), MONDAY + timedelta(days=1)
        add_time_off(session, cast.bob, at(MONDAY, 13), at(MONDAY, 14), "Training", by=bob, now=EARLY)
        set_date_hours(session, cast.bob, tuesday, [Stretch(600, 720)], by=bob, now=EARLY)
    row = hours_from(db.session(), cast.bob, MONDAY, NOW).weekly[0].public_id
    service, room = (db.session.query(model).first().public_id for model in (Service, Room))
    client, slot, taken = cast.alice.public_id, minute_floor(at(MONDAY, 16)), minute_floor(at(MONDAY, 10))
    db.session.close()
    book = "/desk/book/individual"
    return {
        "dee": [
            "/desk", "/desk/days/2026-11-23/sheet", f"/desk/appointments/{begun.public_id}",
            f"/desk/appointments/{later.public_id}/cancel", f"/desk/appointments/{later.public_id}/move",
            f"/desk/appointments/{later.public_id}/move/check?at={slot}.bob", "/desk/clients?q=moss",
            f"/desk/clients/{client}", "/desk/book", book, f"{book}/who?at={slot}.bob&q=a",
            f"{book}/check?at={slot}.bob&client={client}", f"{book}/check?at={taken}.bob&client={client}",
            f"{book}/new-client?at={slot}.bob", "/desk/why?service=individual&therapist=bob&on=2026-11-23",
        ],
        "bob": [
            "/therapist", f"/therapist/appointments/{begun.public_id}", "/therapist/hours", "/therapist/hours/new",
            f"/therapist/hours/{row}/change", f"/therapist/hours/{row}/end", "/therapist/hours/dates/2026-11-24",
            "/therapist/hours/time-off",
        ],
        "ada": [
            "/admin", "/admin/practice", "/admin/policies", "/admin/services", f"/admin/services/{service}",
            "/admin/therapists", "/admin/therapists/bob", "/admin/therapists/bob/offers", "/admin/therapists/bob/hours",
            "/admin/places", f"/admin/rooms/{room}", "/admin/closures", "/admin/closures/new", "/admin/staff",
            "/admin/staff/new",
        ],
    }  # fmt: skip


@pytest.mark.parametrize("who", ["dee", "bob", "ada"])
def test_pages_are_in_nobodys_way(
    app: Flask, cast: Cast, places: dict[str, list[str]], context: BrowserContext, page: Page, who: str
):
    act_as(app, cast.identity(who), now=NOW)
    in_process.connect(context, app)
    wrong = []
    for path in places[who]:
        page.goto(in_process.ORIGIN + path)
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            wrong += [f"{path} at {width}: {found}" for found in axe.violations(page)]
            wrong += [f"{path} at {width}: small {found}" for found in axe.small_targets(page, 24)]
        page.set_viewport_size({"width": 320, "height": 900})
        wrong += [f"{path} at 320: wide {found}" for found in axe.overflows(page)]
    assert wrong == []
