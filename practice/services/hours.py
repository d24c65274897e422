"""Changing when a therapist works. What held in the past stays computable: a row is ended, never overwritten.

Every function locks the therapist, so that two edits come one after the other, and raises ValidationFailed with the
field that needs another look, or NotFound for a row that is not this therapist's. Dates are the practice's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.intervals import DAY
from practice.domain.permissions import Identity
from practice.domain.wall_time import instants_of
from practice.models import Availability, DateHours, DateHoursSpan, Location, Therapist, TimeOff
from practice.queries.practice import date_at, the_practice
from practice.services import audit, ledger
from practice.services.hours_overlap import Row, meets

MOST_STRETCHES = 8
LONGEST_OFF = timedelta(days=731)
OVERLAP = "These hours overlap others of that day. Please change or end those first."


@dataclass(frozen=True, slots=True)
class Stretch:
    """Hours on the wall: minutes of the day (0 to 1440), at a location (its public id) or, with "", online only."""

    start_minute: int
    end_minute: int
    location: str = ""
    is_online: bool = True


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Hours of one weekday (0 is Monday), from a date on and, where it is given, until another, both inclusive."""

    weekday: int
    stretch: Stretch
    valid_from: date
    valid_until: date | None = None


def add_weekly_hours(
    session: Session, therapist_id: int, new: WeeklyHours, *, by: Identity, now: datetime
) -> Availability:
    """Add a row of weekly hours that begins today or later and does not overlap another."""
    therapist = _locked(session, therapist_id)
    return _add(session, therapist, new, by=by, now=now)


def change_weekly_hours(
    session: Session, therapist_id: int, public_id: str, new: WeeklyHours, *, by: Identity, now: datetime
) -> Availability:
    """Let ``new`` take the place of a row from ``new.valid_from`` on; before that date the old one stays true."""
    therapist = _locked(session, therapist_id)
    row = _own(session, therapist_id, public_id)
    _refuse_past(session, new.valid_from, now)
    if row.valid_until is not None and new.valid_from > row.valid_until:
        raise _wrong("valid_from", f"These hours end on {row.valid_until:%B} {row.valid_until.day}.")
    if new.valid_until is None and row.valid_until is not None:
        new = replace(new, valid_until=row.valid_until)
    _end(session, row, new.valid_from - timedelta(days=1), by=by, now=now)
    return _add(session, therapist, new, by=by, now=now)


def end_weekly_hours(
    session: Session, therapist_id: int, public_id: str, last_on: date, *, by: Identity, now: datetime
) -> None:
    """Let a row hold for the last time on or before ``last_on``: yesterday at the earliest."""
    _locked(session, therapist_id)
    row = _own(session, therapist_id, public_id)
    _refuse_past(session, last_on + timedelta(days=1), now, "last_on")
    if row.valid_until is not None and last_on >= row.valid_until:
        raise _wrong("last_on", "These hours end before that already.")
    _end(session, row, last_on, by=by, now=now)


def set_date_hours(
    session: Session, therapist_id: int, on: date, stretches: Sequence[Stretch], *, by: Identity, now: datetime
) -> DateHours:
    """Replace all hours of one date, today or later; without stretches there are none."""
    therapist = _locked(session, therapist_id)
    _refuse_past(session, on, now, "")
    if len(stretches) > MOST_STRETCHES:
        raise _wrong("", f"A day can have {MOST_STRETCHES} stretches of hours.")
    rows = [_row(session, therapist, stretch, f"starts_{at}") for at, stretch in enumerate(stretches)]
    for at, row in enumerate(rows):
        _refuse_skipped(row, on, at)
        if any(meets(row, on, other, on) for other in rows[:at]):
            raise _wrong(f"starts_{at}", "These hours overlap the ones above.")
    session.execute(delete(DateHours).where(DateHours.therapist_id == therapist_id, DateHours.on_date == on))
    made = DateHours(therapist_id=therapist_id, on_date=on, spans=[DateHoursSpan(**row.columns) for row in rows])
    session.add(made)
    session.flush()
    _note(session, "date_hours.set", ("date_hours", made.public_id), by, now, on=on.isoformat(), spans=len(rows))
    return made


def clear_date_hours(session: Session, therapist_id: int, on: date, *, by: Identity, now: datetime) -> None:
    """Let one date, today or later, have its weekly hours again."""
    _locked(session, therapist_id)
    _refuse_past(session, on, now, "")
    found = session.scalars(
        select(DateHours).where(DateHours.therapist_id == therapist_id, DateHours.on_date == on)
    ).one_or_none()
    if found is None:
        raise NotFound
    session.execute(delete(DateHours).where(DateHours.id == found.id))
    _note(session, "date_hours.cleared", ("date_hours", found.public_id), by, now, on=on.isoformat())


def add_time_off(
    session: Session, therapist_id: int, starts_at: datetime, ends_at: datetime, note: str, *, by: Identity,
    now: datetime,
) -> TimeOff:  # fmt: skip
    """Take a stretch of time, at most two years, away from a therapist's hours. It may have begun, not ended."""
    _locked(session, therapist_id)
    if ends_at <= starts_at:
        raise _wrong("ends_on", "The end must be after the start.")
    if ends_at <= now:
        raise _wrong("ends_on", "Choose an end that is still to come.")
    if ends_at - starts_at > LONGEST_OFF:
        raise _wrong("ends_on", "Choose an end within two years of the start.")
    made = TimeOff(therapist_id=therapist_id, starts_at=starts_at, ends_at=ends_at, note=note)
    session.add(made)
    session.flush()
    span = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    _note(session, "time_off.added", ("time_off", made.public_id), by, now, **span)
    return made


def remove_time_off(session: Session, therapist_id: int, public_id: str, *, by: Identity, now: datetime) -> None:
    """Give time off back to the hours: what is over stays on record, what goes on ends now."""
    _locked(session, therapist_id)
    found = session.scalars(
        select(TimeOff).where(TimeOff.public_id == public_id, TimeOff.therapist_id == therapist_id)
    ).one_or_none()
    if found is None or found.ends_at <= now:
        raise NotFound
    if found.starts_at < now:
        found.ends_at = now
    else:
        session.delete(found)
    session.flush()
    _note(session, "time_off.removed", ("time_off", public_id), by, now)


def _locked(session: Session, therapist_id: int) -> Therapist:
    therapist = session.get(Therapist, therapist_id)
    if therapist is None or therapist.archived_at is not None:
        raise NotFound
    ledger.lock(session, [therapist.resource_id])
    return therapist


def _own(session: Session, therapist_id: int, public_id: str) -> Availability:
    found = session.scalars(
        select(Availability).where(Availability.public_id == public_id, Availability.therapist_id == therapist_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def _add(session: Session, therapist: Therapist, new: WeeklyHours, *, by: Identity, now: datetime) -> Availability:
    _refuse_past(session, new.valid_from, now)
    if new.valid_until is not None and new.valid_until < new.valid_from:
        raise _wrong("valid_until", "The last day must not be before the first.")
    row = _row(session, therapist, new.stretch, "starts")
    _refuse_overlap(session, therapist.id, new, row)
    made = Availability(
        therapist_id=therapist.id, weekday=new.weekday, valid_from=new.valid_from, valid_until=new.valid_until,
        **row.columns,
    )  # fmt: skip
    session.add(made)
    session.flush()
    _note(session, "hours.added", ("availability", made.public_id), by, now, **_words(made))
    return made


def _end(session: Session, row: Availability, last_on: date, *, by: Identity, now: datetime) -> None:
    if row.valid_from > last_on:  # it never held on any date that has passed, so nothing of the past is lost
        session.delete(row)
        action = "hours.removed"
    else:
        row.valid_until = last_on
        action = "hours.ended"
    session.flush()
    _note(session, action, ("availability", row.public_id), by, now, **_words(row))


def _row(session: Session, therapist: Therapist, stretch: Stretch, field: str) -> Row:
    if stretch.end_minute <= stretch.start_minute:
        raise _wrong(field.replace("starts", "ends"), "The end must be after the start.")
    if not 0 <= stretch.start_minute < stretch.end_minute <= DAY:
        raise _wrong(field, "Choose times of one day.")
    if not stretch.location:
        return Row(stretch.start_minute, stretch.end_minute, therapist.zone, None, is_online=True)
    location = session.scalars(
        select(Location).where(Location.public_id == stretch.location, Location.archived_at.is_(None))
    ).one_or_none()
    if location is None:
        raise _wrong(field.replace("starts", "place"), "Choose a place from the list.")
    return Row(stretch.start_minute, stretch.end_minute, location.zone, location.id, is_online=stretch.is_online)


def _refuse_overlap(session: Session, therapist_id: int, new: WeeklyHours, row: Row) -> None:
    """Refuse a row that shares a minute with another within a year of the first date on which both hold."""
    for other in session.scalars(select(Availability).where(Availability.therapist_id == therapist_id)):
        since = max(new.valid_from, other.valid_from - timedelta(days=1))
        first = since + timedelta(days=(new.weekday - since.weekday()) % 7)
        for on in (first + timedelta(weeks=week) for week in range(54)):
            if new.valid_until is not None and on > new.valid_until:
                break
            for near in (on - timedelta(days=1), on, on + timedelta(days=1)):
                if _holds(other, near) and meets(row, on, Row.of(other), near):
                    raise _wrong("starts", OVERLAP)


def _holds(row: Availability, on: date) -> bool:
    is_begun = row.valid_from <= on and (row.valid_until is None or on <= row.valid_until)
    return is_begun and row.weekday == on.weekday()


def _refuse_skipped(row: Row, on: date, at: int) -> None:
    for minute, name in ((row.start_minute, "starts"), (row.end_minute, "ends")):
        if not instants_of(row.zone, on, minute):
            raise _wrong(f"{name}_{at}", "The clocks go forward that day, so this time does not exist. Choose another.")


def _refuse_past(session: Session, on: date, now: datetime, field: str = "valid_from") -> None:
    if on < date_at(the_practice(session), now):
        raise _wrong(field, "Choose today or a later day. What was, stays as it was.")


def _wrong(field: str, sentence: str) -> ValidationFailed:
    return ValidationFailed(sentence, errors={field: sentence})


def _words(row: Availability) -> dict[str, object]:
    until = row.valid_until.isoformat() if row.valid_until else None
    return {
        "weekday": row.weekday, "start_minute": row.start_minute, "end_minute": row.end_minute, "zone": row.zone,
        "valid_from": row.valid_from.isoformat(), "valid_until": until,
    }  # fmt: skip


def _note(
    session: Session, action: str, subject: tuple[str, str], by: Identity, now: datetime, **detail: object
) -> None:
    audit.record(session, action, by=by, now=now, subject=subject, **detail)
