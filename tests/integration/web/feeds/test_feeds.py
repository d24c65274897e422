"""A calendar feed over HTTP, as calendar programs ask for it, and what each privacy level lets them see."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from practice.db import db, unit_of_work
from practice.domain.calendars import client_code
from practice.domain.permissions import Identity, permissions_of_scopes
from practice.models import AppointmentStatus, Attendance, CalendarFeed, Location, Practice
from practice.services.cancelling import cancel_appointment, cancel_attendance
from practice.services.feeds import FeedWish, create_feed, revoke_feed, rotate_feed
from tests.support.cast import ZONE, Cast
from tests.support.meetings import Clock, Meeting, meeting

PROGRAM = Identity(kind="token", id="t", permissions=permissions_of_scopes(["feeds:write"]))
TUESDAY_5PM = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)


@dataclass
class Feeds:
    """Makes feeds and reads them as calendars."""

    app: Flask
    http: FlaskClient
    now: Callable[[], datetime]

    def make(self, kind: str, owner: str | None, level: str, name: str = "My sessions") -> str:
        with self.app.app_context(), unit_of_work() as session:
            made = create_feed(session, FeedWish(kind, owner, level, name), by=PROGRAM, now=self.now())
        return f"/feeds/{made.token}.ics"

    def events(self, url: str) -> list[icalendar.Event]:
        response = self.http.get(url)
        assert response.status_code == 200
        return icalendar.Calendar.from_ical(response.data).walk("VEVENT")

    def titles(self, url: str) -> list[str]:
        return [str(event["SUMMARY"]) for event in self.events(url)]


@pytest.fixture
def feeds(app: Flask, http: FlaskClient, ticking: Clock) -> Feeds:
    return Feeds(app, http, ticking)


@pytest.fixture
def session_of_alice(app: Flask, people: Cast) -> Meeting:
    """Alice sees Bob on Tuesday at 5 PM, at the studio."""
    with app.app_context(), unit_of_work() as session:
        return meeting(session, people, TUESDAY_5PM)


def test_a_feed_is_a_private_calendar_without_cookies(feeds: Feeds, people: Cast, session_of_alice: Meeting) -> None:
    url = feeds.make("therapist", "bob", "busy", name="Bob's week")
    response = feeds.http.get(url, headers={"Accept": "text/html"})
    assert response.content_type == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in response.headers
    assert url.split("/")[-1].removesuffix(".ics").encode() not in response.data
    calendar = icalendar.Calendar.from_ical(response.data)
    assert calendar["X-WR-CALNAME"] == "Bob's week"
    (found,) = calendar.walk("VEVENT")
    assert found["UID"] == session_of_alice.uid
    assert (found["SUMMARY"], found["STATUS"], found["TRANSP"]) == ("Busy", "CONFIRMED", "OPAQUE")
    assert found["DTSTART"].dt == TUESDAY_5PM
    assert "LOCATION" not in found


def test_the_same_feed_is_answered_with_304_by_one_statement(
    app: Flask, feeds: Feeds, people: Cast, session_of_alice: Meeting
) -> None:
    url = feeds.make("therapist", "bob", "initials")
    first = feeds.http.get(url)
    statements = []
    with app.app_context():
        engine = db.engines[None]
    event.listen(engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    second = feeds.http.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (second.status_code, second.data) == (304, b"")
    assert second.headers["ETag"] == first.headers["ETag"]
    assert len(statements) == 1
    assert "appointment" not in statements[0]


@pytest.mark.parametrize("kind, owner", [("therapist", "bob"), ("client", "alice"), ("practice", None)])
def test_every_change_gives_another_tag(
    app: Flask, feeds: Feeds, people: Cast, ticking: Clock, session_of_alice: Meeting, kind: str, owner: str | None
) -> None:
    owner = people.alice.public_id if owner == "alice" else owner
    url = feeds.make(kind, owner, "busy")
    seen = [feeds.http.get(url)]

    def is_new() -> bool:
        answer = feeds.http.get(url, headers={"If-None-Match": seen[-1].headers["ETag"]})
        since = feeds.http.get(url, headers={"If-Modified-Since": seen[-1].headers["Last-Modified"]})
        assert answer.status_code == since.status_code
        if answer.status_code == 200:
            seen.append(answer)
        return answer.status_code == 200

    assert not is_new()
    with app.app_context(), unit_of_work() as session:
        cancel_appointment(session, session_of_alice.public_id, by=PROGRAM, now=ticking.now, by_practice=True)
    assert is_new()
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Location).values(name="Elm Street, back door"))
    assert is_new()
    ticking.go(hours=13)
    assert not is_new()
    ticking.go(hours=1)
    assert is_new(), "the window slides at the practice's midnight"


def test_a_tag_of_the_zipped_calendar_is_its_own(feeds: Feeds, people: Cast, session_of_alice: Meeting) -> None:
    url = feeds.make("therapist", "bob", "busy")
    plain = feeds.http.get(url)
    zipped = feeds.http.get(url, headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    again = feeds.http.get(url, headers={"Accept-Encoding": "gzip", "If-None-Match": zipped.headers["ETag"]})
    assert again.status_code == 304


def test_head_is_get_without_the_calendar(feeds: Feeds, people: Cast) -> None:
    url = feeds.make("therapist", "bob", "busy")
    got, head = feeds.http.get(url), feeds.http.head(url)
    assert head.data == b""
    assert {name: head.headers[name] for name in ("ETag", "Content-Type", "Content-Length")} == {
        name: got.headers[name] for name in ("ETag", "Content-Type", "Content-Length")
    }


def test_an_unknown_feed_is_404_and_a_revoked_or_rotated_one_410(app: Flask, feeds: Feeds, people: Cast) -> None:
    assert feeds.http.get("/feeds/unknown.ics").status_code == 404
    assert feeds.http.get("/feeds/%00%ff.ics").status_code == 404
    url = feeds.make("therapist", "bob", "busy")
    with app.app_context():
        with unit_of_work() as session:
            public_id = session.scalars(select(CalendarFeed.public_id)).one()
            rotated = rotate_feed(session, public_id, by=PROGRAM, now=feeds.now())
        assert feeds.http.get(url).status_code == 410
        assert feeds.http.get(f"/feeds/{rotated.token}.ics").status_code == 200
        with unit_of_work() as session:
            revoke_feed(session, rotated.public_id, by=PROGRAM, now=feeds.now())
    assert feeds.http.get(f"/feeds/{rotated.token}.ics").status_code == 410


def test_a_client_is_called_as_the_level_says(
    app: Flask, feeds: Feeds, people: Cast, session_of_alice: Meeting
) -> None:
    shown = {level: feeds.titles(feeds.make("therapist", "bob", level)) for level in ("busy", "code", "initials")}
    assert shown == {
        "busy": ["Busy"],
        "code": [f"Client {client_code(people.alice.public_id)}"],
        "initials": ["A. M."],
    }


def test_a_full_name_is_shown_only_while_the_practice_allows_it(
    app: Flask, feeds: Feeds, people: Cast, session_of_alice: Meeting
) -> None:
    def allow(*, is_allowed: bool) -> None:
        with app.app_context(), unit_of_work() as session:
            session.execute(update(Practice).values(allows_full_names_in_feeds=is_allowed))

    allow(is_allowed=True)
    url = feeds.make("therapist", "bob", "full")
    assert feeds.titles(url) == ["Alice Moss"]
    allow(is_allowed=False)
    assert feeds.titles(url) == ["A. M."]


def test_a_clients_feed_names_nobody_and_says_where(feeds: Feeds, people: Cast, session_of_alice: Meeting) -> None:
    (found,) = feeds.events(feeds.make("client", people.alice.public_id, "appointment"))
    assert (found["SUMMARY"], found["LOCATION"]) == ("Appointment", "Village studio, 1 Elm Street")
    assert feeds.titles(feeds.make("client", people.charlie.public_id, "appointment")) == []


def test_the_desk_sees_all_therapists_and_a_therapist_only_their_own(
    app: Flask, feeds: Feeds, people: Cast, session_of_alice: Meeting
) -> None:
    with app.app_context(), unit_of_work() as session:
        meeting(session, people, TUESDAY_5PM, lead="bea", clients=["charlie"], is_online=True)
        meeting(session, people, TUESDAY_5PM + timedelta(days=1), lead="bea", kind="group")
    assert feeds.titles(feeds.make("practice", None, "initials")) == [
        "Bob Reyes: A. M.",
        "Bea Lindqvist: C. M.",
        "Bea Lindqvist: Group (1)",
    ]
    assert feeds.titles(feeds.make("therapist", "bob", "initials")) == ["A. M."]


def test_a_cancelled_session_stays_for_two_weeks_and_takes_no_time(
    app: Flask, feeds: Feeds, people: Cast, ticking: Clock, session_of_alice: Meeting
) -> None:
    url = feeds.make("therapist", "bob", "initials")
    with app.app_context(), unit_of_work() as session:
        cancel_appointment(session, session_of_alice.public_id, by=PROGRAM, now=ticking.now, by_practice=True)
    (found,) = feeds.events(url)
    assert (found["STATUS"], found["TRANSP"], found["SEQUENCE"]) == ("CANCELLED", "TRANSPARENT", 1)
    ticking.go(days=14)
    assert len(feeds.events(url)) == 1
    ticking.go(days=1)
    assert feeds.events(url) == []


def test_a_place_given_up_in_a_group_is_cancelled_for_that_client_alone(
    app: Flask, feeds: Feeds, people: Cast, ticking: Clock
) -> None:
    with app.app_context(), unit_of_work() as session:
        made = meeting(session, people, TUESDAY_5PM, lead="bea", clients=["alice", "charlie"], kind="group")
        place = session.scalars(select(Attendance).where(Attendance.client_id == people.alice.id)).one()
        place_id, uid = place.public_id, made.uid
    ticking.go(minutes=1)
    with app.app_context(), unit_of_work() as session:
        cancel_attendance(session, place_id, by=PROGRAM, now=ticking.now)
    (hers,) = feeds.events(feeds.make("client", people.alice.public_id, "appointment"))
    (his,) = feeds.events(feeds.make("client", people.charlie.public_id, "appointment"))
    assert (hers["UID"], hers["STATUS"], hers["SEQUENCE"]) == (uid, "CANCELLED", 1)
    assert hers["DTSTAMP"].dt == ticking.now
    assert (his["UID"], his["STATUS"], his["SEQUENCE"]) == (uid, "CONFIRMED", 0)
    assert feeds.titles(feeds.make("therapist", "bea", "initials")) == ["Group (1)"]


def test_the_window_is_30_days_back_and_180_ahead_and_holds_are_not_in_it(
    app: Flask, feeds: Feeds, people: Cast
) -> None:
    midnight = datetime(2026, 11, 20, tzinfo=ZoneInfo(ZONE))
    inside = [midnight - timedelta(days=30), midnight + timedelta(days=181) - timedelta(hours=1)]
    outside = [inside[0] - timedelta(hours=1), midnight + timedelta(days=181)]
    with app.app_context(), unit_of_work() as session:
        for starts_at in (*inside, *outside):
            meeting(session, people, starts_at)
        meeting(session, people, TUESDAY_5PM, clients=(), status=AppointmentStatus.HELD)
    url = feeds.make("therapist", "bob", "busy")
    assert [found["DTSTART"].dt for found in feeds.events(url)] == inside


def test_a_fetch_is_noted_with_its_program_at_most_once_in_five_minutes(
    app: Flask, feeds: Feeds, people: Cast, ticking: Clock
) -> None:
    url = feeds.make("therapist", "bob", "busy")

    def fetch(program: str) -> tuple[datetime, str]:
        assert feeds.http.get(url, headers={"User-Agent": program}).status_code == 200
        with app.app_context():
            feed = db.session.scalars(select(CalendarFeed)).one()
            return feed.last_fetched_at, feed.last_program

    start = ticking.now
    assert fetch("Thunderbird/140") == (start, "Thunderbird/140")
    ticking.go(minutes=4)
    assert fetch("Evolution") == (start, "Thunderbird/140")
    ticking.go(minutes=1)
    assert fetch("E" * 500) == (ticking.now, "E" * 120)
