"""What is true after every step of the machine, beside what ``check`` tests on a live database."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, Select, select
from sqlalchemy.orm import Session

from practice.adapters.ical_export import render_feed
from practice.domain.calendars import window_of
from practice.domain.lifecycle import GIVEN_UP, LIVE
from practice.models import (
    Appointment,
    Attendance,
    Client,
    Decision,
    Hold,
    Occupancy,
    OutboxMessage,
    Series,
    SeriesClient,
)
from practice.queries.feeds import feed_state
from practice.queries.practice import the_practice
from practice.web.feeds.presenting import event_views, feed_view
from practice.web.feeds.views import _tag
from tests.integration.services.any_order.beginning import FEEDS
from tests.support.cast import NOW

LISTS: tuple[Select[*tuple[Any, ...]], ...] = (
    select(Occupancy.resource_id, Occupancy.appointment_id, Occupancy.starts_at, Occupancy.ends_at),
    select(Appointment.id, Appointment.status, Appointment.sequence, Appointment.places_taken, Appointment.starts_at),
    select(Attendance.id, Attendance.status, Attendance.status_at, Attendance.fee_cents),
    select(Attendance.id, Attendance.late_fee_cents.is_(None), Attendance.fee_waived_at.is_(None)),
    select(Hold.id, Hold.appointment_id, Hold.places, Hold.held_until),
    select(Series.id, Series.sequence, Series.filled_until),
    select(Decision.id, Decision.outcome),
    select(OutboxMessage.id, OutboxMessage.template),
)


def everything(session: Session) -> list[list[Row[*tuple[Any, ...]]]]:
    """Return what a refusal leaves as it was: time, sessions, places, holds, series, questions and messages."""
    return [sorted(session.execute(wanted).all()) for wanted in LISTS]


def every_hold_ends(session: Session, now: datetime) -> None:
    """Nothing is kept longer than a request may wait, asked for a second time; what waits for an answer has an end."""
    longest = now + timedelta(minutes=2 * the_practice(session).request_minutes)
    assert session.scalars(select(Hold.id).where(Hold.held_until > longest)).all() == []
    waiting = select(Appointment.id).where(Appointment.status == "requested")
    endless = waiting.where(Appointment.answer_by.is_(None) | (Appointment.answer_by > Appointment.starts_at))
    assert session.scalars(endless).all() == []


@dataclass
class Calendars:
    """What calendars have seen: numbers only grow, a change has a new one, and a feed changes with its tag."""

    numbers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    feeds: dict[str, bytes] = field(default_factory=dict)

    def look(self, session: Session, engine: Engine) -> None:
        """Compare what is there now with what was seen before."""
        rows = session.execute(
            select(
                Appointment.public_id, Appointment.sequence, Appointment.status, Appointment.starts_at,
                Appointment.ends_at, Appointment.location_id, Appointment.room_id,
            ).where(Appointment.status.in_(("booked", "cancelled")))
        )  # fmt: skip
        series = session.execute(select(Series.public_id, Series.sequence))
        for name, number, *shown in (*rows, *series):
            before, said = self.numbers.get(name, (number, shown))
            assert number >= before, f"the number of {name} fell from {before} to {number}"
            assert number > before or said == shown, f"{name} changed under its number: {said}, then {shown}"
            self.numbers[name] = number, shown
        midnight = NOW.replace(hour=5, minute=0)
        for kind in FEEDS:
            feed = feed_state(engine, kind.encode())
            assert feed is not None
            tag = _tag(feed, midnight)
            body = render_feed(feed_view(feed), event_views(session, feed, window_of(midnight)))
            assert self.feeds.setdefault(tag, body) == body, f"the {feed.kind}'s calendar changed under its tag"


# What the client's place, and the appointment, must be when a message of a template is posted.
COMES = {
    "booked": ("booked", LIVE),
    "requested": ("requested", LIVE),
    "accepted": ("booked", LIVE),
    "moved": ("booked", LIVE),
    "group_lead": ("booked", LIVE),
    "course_booked": ("booked", LIVE),
}
GOES = frozenset({"cancelled", "declined", "lapsed"})


@dataclass
class Messages:
    """The outbox: whatever a step posted tells of what that step did."""

    seen: set[str] = field(default_factory=set)

    def look(self, session: Session) -> None:
        """Look at the messages that were not there the last time."""
        there = session.execute(
            select(OutboxMessage.public_id, OutboxMessage.template, OutboxMessage.context, OutboxMessage.created_at)
        ).all()
        for name, template, context, created_at in there:
            if name not in self.seen:
                self.seen.add(name)
                told = is_true(session, template, context, created_at)
                assert told, f"{template} tells of what did not happen: {context}"


def is_true(session: Session, template: str, context: dict[str, str], created_at: datetime) -> bool:
    """Whether what a message says is so at this moment."""
    if template in COMES:
        status, place = COMES[template]
        return any(row.status == status and row.place in place for row in _places(session, context))
    if template in GOES:
        return any(row.place in GIVEN_UP for row in _places(session, context))
    if template == "course_cancelled":
        gave_up = select(Attendance.id).join(Client, Client.id == Attendance.client_id)
        wanted = gave_up.where(
            Client.public_id == context["client"], Attendance.status.in_(GIVEN_UP), Attendance.status_at == created_at
        )
        return session.scalar(wanted.limit(1)) is not None
    if template in ("series_booked", "series_moved", "series_cancelled"):
        return _is_true_of_series(session, template, context, created_at)
    if template == "to_decide":
        open_ = select(Decision.id).where(Decision.public_id == context["decision"], Decision.decided_at.is_(None))
        return session.scalar(open_) is not None
    return True


def _places(session: Session, context: dict[str, str]) -> list[Row[*tuple[Any, ...]]]:
    return list(
        session.execute(
            select(Appointment.status, Attendance.status.label("place"))
            .join(Attendance, Attendance.appointment_id == Appointment.id)
            .join(Client, Client.id == Attendance.client_id)
            .where(Appointment.public_id == context["appointment"], Client.public_id == context["client"])
        )
    )


def _is_true_of_series(session: Session, template: str, context: dict[str, str], created_at: datetime) -> bool:
    row = session.execute(
        select(Series.id, Series.ended_at)
        .join(SeriesClient, SeriesClient.series_id == Series.id)
        .join(Client, Client.id == SeriesClient.client_id)
        .where(Series.public_id == context["series"], Client.public_id == context["client"])
    ).one_or_none()
    if row is None:
        return False
    if template == "series_cancelled":
        return bool(row.ended_at == created_at)
    sessions = select(Appointment.id).where(Appointment.series_id == row.id, Appointment.status == "booked")
    return row.ended_at is None and session.scalar(sessions.limit(1)) is not None
