"""A series in a feed: one event that repeats, overrides, and excluded dates. Expanded, it is what is booked."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
import recurring_ical_events
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.db import db, unit_of_work
from practice.domain.calendars import DAYS_AHEAD, DAYS_BACK
from practice.domain.permissions import Identity, permissions_of_scopes
from practice.models import Appointment, AppointmentTherapist
from practice.queries.busy import current_rules
from practice.queries.series import sessions_of
from practice.services.cancelling import cancel_appointment
from practice.services.feeds import FeedWish, create_feed
from practice.services.finding import Wish
from practice.services.moving import move_appointment
from practice.services.series import MadeSeries
from practice.services.series_ahead import extend_series
from practice.services.series_changes import cancel_from, move_from
from practice.services.series_undoing import undo_cancellation
from practice.services.undoing import undo_cancelled_appointment
from tests.support.cast import MONDAY, NEW_YORK, NOW, Cast, at
from tests.support.meetings import Clock
from tests.support.series import pattern_for, weekly
from tests.support.sessions import whole

PROGRAM = Identity(kind="token", id="t", permissions=permissions_of_scopes(["feeds:write"]))
TEN = at(MONDAY, 10)
FAR = timedelta(days=400)


class Reader:
    """Reads three feeds as a calendar program does, and holds each against what is booked."""

    def __init__(self, app: Flask, http: FlaskClient, cast: Cast, clock: Clock) -> None:
        self.app, self.http, self.cast, self.clock = app, http, cast, clock
        self.numbers: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
        self.tags: dict[str, str] = {}
        wishes = [
            FeedWish("therapist", "bob", "initials", "Bob"),
            FeedWish("therapist", "bea", "initials", "Bea"),
            FeedWish("client", cast.alice.public_id, "appointment", "Alice"),
            FeedWish("practice", None, "busy", "All"),
        ]
        with self.at_work() as session:
            self.urls = {
                wish.name: f"/feeds/{create_feed(session, wish, by=PROGRAM, now=NOW).token}.ics" for wish in wishes
            }

    @contextmanager
    def at_work(self) -> Iterator[Session]:
        with self.app.app_context(), unit_of_work() as session:
            yield session

    def read(self, name: str) -> icalendar.Calendar:
        """Fetch a feed; where its tag is the same, so are its bytes."""
        answer = self.http.get(self.urls[name])
        body, tag = answer.get_data(as_text=True), answer.headers["ETag"]
        assert self.tags.setdefault(tag, body) == body, f"{name} changed under the same tag"
        return icalendar.Calendar.from_ical(body)

    def agrees(self) -> None:
        """Every feed, expanded, holds exactly what is booked in its window, and no number ever falls."""
        for name in self.urls:
            calendar = self.read(name)
            found = recurring_ical_events.of(calendar).between(NOW - timedelta(days=40), self.clock.now + FAR)
            shown = {
                (each["DTSTART"].dt.astimezone(UTC), each["DTEND"].dt.astimezone(UTC)) for each in found if live(each)
            }
            assert shown == self.booked(name), name
            assert len(shown) == sum(live(each) for each in found), f"{name} says a session twice"
            for each in found:
                self.rises(name, each)

    def rises(self, name: str, event: icalendar.Event) -> None:
        original = event.get("RECURRENCE-ID") or event["DTSTART"]
        key, number = (str(event["UID"]), str(original.dt.astimezone(UTC))), int(event["SEQUENCE"])
        assert number >= self.numbers[name].get(key, 0), f"{name}: SEQUENCE of {key} fell"
        self.numbers[name][key] = number

    def booked(self, name: str) -> set[tuple[datetime, datetime]]:
        today = self.clock.now.astimezone(NEW_YORK).date()
        wanted = select(Appointment.starts_at, Appointment.ends_at).where(
            Appointment.status == "booked",
            Appointment.starts_at >= at(today - timedelta(days=DAYS_BACK), 0),
            Appointment.starts_at < at(today + timedelta(days=DAYS_AHEAD + 1), 0),
        )
        leads = {"Bob": self.cast.bob, "Bea": self.cast.bea}
        if name in leads:
            wanted = wanted.join(AppointmentTherapist).where(AppointmentTherapist.therapist_id == leads[name])
        with self.app.app_context():
            return {tuple(row) for row in db.session.execute(wanted)}


def live(event: icalendar.Event) -> bool:
    return str(event["STATUS"]) != "CANCELLED"


@pytest.fixture
def reader(app: Flask, http: FlaskClient, people: Cast, ticking: Clock) -> Reader:
    return Reader(app, http, people, ticking)


def make(reader: Reader, **rule: Any) -> MadeSeries:
    with reader.app.app_context():
        return weekly(reader.cast, TEN, now=reader.clock.now, modality="in_person", **rule)


def move(reader: Reader, public_id: str, **changes: Any) -> None:
    cast = reader.cast
    with reader.app.app_context():
        rules = current_rules(db.session())
        wish = Wish(**{"service_id": cast.individual, "therapist_id": cast.bob, "modality": "in_person", **changes})
        with unit_of_work() as session:
            move_appointment(session, rules, public_id, wish, by=cast.identity("dee"), now=reader.clock.now)


def test_every_change_of_a_series_is_read_as_it_is_booked(reader: Reader) -> None:
    made, dee = make(reader), reader.cast.identity("dee")
    reader.agrees()
    with reader.app.app_context():
        ids = [each.public_id for each in sessions_of(db.session(), made.id)]
        originals = [each.original_starts_at for each in sessions_of(db.session(), made.id)]
    reader.clock.go(minutes=1)
    move(reader, ids[1], starts_at=at(date(2026, 12, 1), 14))
    reader.agrees()
    move(reader, ids[2], therapist_id=reader.cast.bea, starts_at=originals[2])
    reader.agrees()
    move(reader, ids[1], starts_at=originals[1])
    reader.agrees()
    with reader.at_work() as session:
        cancel_appointment(session, ids[3], by=dee, now=reader.clock.now, by_practice=True)
    reader.agrees()
    with reader.at_work() as session:
        undo_cancelled_appointment(session, ids[3], by=dee, now=reader.clock.now)
        cancel_appointment(session, ids[4], by=dee, now=reader.clock.now, by_practice=True)
    reader.agrees()
    with reader.at_work() as session:
        cancel_from(session, made.public_id, originals[8], by=dee, now=reader.clock.now, by_practice=True)
    reader.agrees()
    with reader.at_work() as session:
        undo_cancellation(session, made.public_id, by=dee, now=reader.clock.now)
    reader.agrees()
    reader.clock.go(days=21)
    with reader.at_work() as session:
        extend_series(session, made.id, now=reader.clock.now)
    reader.agrees()
    with reader.app.app_context():
        pattern = pattern_for(whole(ids[10]))
        pattern = replace(pattern, rule=replace(pattern.rule, start_minute=15 * 60))
        rules = current_rules(db.session())
        with unit_of_work() as session:
            move_from(session, rules, made.public_id, originals[10], pattern, {}, by=dee, now=reader.clock.now)
    reader.agrees()
    reader.clock.go(days=15)
    reader.agrees()


def test_a_series_is_one_event_that_repeats_with_overrides_and_excluded_dates(reader: Reader) -> None:
    made, cast = make(reader, times=12), reader.cast
    (only,) = reader.read("Bob").walk("VEVENT")
    with reader.app.app_context():
        ids = [each.public_id for each in sessions_of(db.session(), made.id)]
        first = whole(ids[0])
    assert only["UID"] == first.uid, "the session that it began with keeps its entry"
    assert only["RRULE"].to_ical() == b"FREQ=WEEKLY;UNTIL=20270208T150000Z;INTERVAL=1"
    assert only["DTSTART"].to_ical() == b"20261123T100000"
    assert only["DTSTART"].params["TZID"] == "America/New_York"
    move(reader, ids[2], starts_at=at(date(2026, 12, 8), 14))
    with reader.at_work() as session:
        cancel_appointment(session, ids[3], by=cast.identity("dee"), now=NOW, by_practice=True)
    whole_series, moved, cancelled = reader.read("Bob").walk("VEVENT")
    assert {each["UID"] for each in (whole_series, moved, cancelled)} == {first.uid}
    assert moved["RECURRENCE-ID"].to_ical() == b"20261207T100000"
    assert moved["RECURRENCE-ID"].params["TZID"] == "America/New_York"
    assert moved["DTSTART"].to_ical() == b"20261208T140000"
    assert moved["SEQUENCE"] > whole_series["SEQUENCE"]
    assert (cancelled["RECURRENCE-ID"].to_ical(), cancelled["STATUS"]) == (b"20261214T100000", "CANCELLED")
    assert "EXDATE" not in whole_series
    reader.clock.go(days=15)
    whole_series, moved = reader.read("Bob").walk("VEVENT")
    assert whole_series["EXDATE"].to_ical() == b"20261214T100000"


def test_a_change_of_a_series_moves_the_tags_of_all_who_see_it(reader: Reader) -> None:
    made = make(reader)
    for name in ("Bob", "Alice", "All"):
        before = reader.http.get(reader.urls[name]).headers["ETag"]
        again = reader.http.get(reader.urls[name], headers={"If-None-Match": before})
        assert again.status_code == 304
    seen = {name: reader.http.get(reader.urls[name]).headers["ETag"] for name in ("Bob", "Alice", "All", "Bea")}
    with reader.at_work() as session:
        extend_series(session, made.id, now=NOW + timedelta(days=10))
    changed = {name for name, tag in seen.items() if reader.http.get(reader.urls[name]).headers["ETag"] != tag}
    assert changed == {"Bob", "Alice", "All"}
