"""Changing when a therapist works on one date, and when they are away. ``services.weekly_hours`` has the other weeks.

Every function locks the therapist, so that two edits come one after the other, and raises ValidationFailed with the
field that needs another look, or NotFound for a row that is not this therapist's. Dates are the practice's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.intervals import DAY
from practice.domain.permissions import Identity
from practice.domain.wall_time import instants_of
from practice.models import DateHours, DateHoursSpan, Location, Therapist, TimeOff
from practice.queries.practice import date_at, the_practice
from practice.services import audit, ledger
from practice.services.hours_overlap import Row, meets

MOST_STRETCHES = 8
LONGEST_OFF = timedelta(days=731)
ANY_DAY = date(2026, 1, 5)  # no clock changes on it
OVERLAP_ABOVE = "These hours overlap the ones above. Let one end before the other begins."


@dataclass(frozen=True, slots=True)
class Stretch:
    """Hours on the wall: minutes of the day (0 to 1440), at a location (its public id) or, with "", online only.

    ``line`` is which of several it is, for what is said of it.
    """

    start_minute: int
    end_minute: int
    location: str = ""
    is_online: bool = True
    line: int = 0


def rows_of(session: Session, therapist: Therapist, stretches: Sequence[Stretch]) -> list[Row]:
    """Return stretches of one day as rows with their zones. Raises ValidationFailed at the line that needs a look."""
    if len(stretches) > MOST_STRETCHES:
        raise wrong("", f"A day can have {MOST_STRETCHES} stretches of hours.")
    rows = [_row(session, therapist, stretch) for stretch in stretches]
    for at, row in enumerate(rows):
        if any(meets(row, ANY_DAY, other, ANY_DAY) for other in rows[:at]):
            raise wrong(f"starts_{stretches[at].line}", OVERLAP_ABOVE)
    return rows


def check_date_hours(
    session: Session, therapist: Therapist, on: date, stretches: Sequence[Stretch], *, now: datetime
) -> list[Row]:
    """Return what ``set_date_hours`` would store, or raise what it raises. Changes nothing."""
    refuse_past(session, on, now, "")
    rows = rows_of(session, therapist, stretches)
    for stretch, row in zip(stretches, rows, strict=True):
        _refuse_skipped(row, on, stretch.line)
    return rows


def set_date_hours(
    session: Session, therapist_id: int, on: date, stretches: Sequence[Stretch], *, by: Identity, now: datetime
) -> DateHours:
    """Replace all hours of one date, today or later; without stretches there are none."""
    therapist = locked(session, therapist_id)
    rows = check_date_hours(session, therapist, on, stretches, now=now)
    session.execute(delete(DateHours).where(DateHours.therapist_id == therapist_id, DateHours.on_date == on))
    made = DateHours(therapist_id=therapist_id, on_date=on, spans=[DateHoursSpan(**row.columns) for row in rows])
    session.add(made)
    session.flush()
    _note(session, "date_hours.set", ("date_hours", made.public_id), by, now, on=on.isoformat(), spans=len(rows))
    return made


def clear_date_hours(session: Session, therapist_id: int, on: date, *, by: Identity, now: datetime) -> None:
    """Let one date, today or later, have its weekly hours again."""
    locked(session, therapist_id)
    refuse_past(session, on, now, "")
    found = session.scalars(
        select(DateHours).where(DateHours.therapist_id == therapist_id, DateHours.on_date == on)
    ).one_or_none()
    if found is None:
        raise NotFound
    session.execute(delete(DateHours).where(DateHours.id == found.id))
    _note(session, "date_hours.cleared", ("date_hours", found.public_id), by, now, on=on.isoformat())


def check_time_off(starts_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    """Raise ValidationFailed for time off that ends before it starts, is over, or is longer than two years."""
    if ends_at <= starts_at:
        raise wrong("ends_on", "The end must be after the start.")
    if ends_at <= now:
        raise wrong("ends_on", "Choose an end that is still to come.")
    if ends_at - starts_at > LONGEST_OFF:
        raise wrong("ends_on", "Choose an end within two years of the start.")


def add_time_off(
    session: Session, therapist_id: int, starts_at: datetime, ends_at: datetime, note: str, *, by: Identity,
    now: datetime,
) -> TimeOff:  # fmt: skip
    """Take a stretch of time, at most two years, away from a therapist's hours. It may have begun, not ended.

    The same stretch taken twice is one: whoever presses a button twice has their time off once.
    """
    locked(session, therapist_id)
    check_time_off(starts_at, ends_at, now=now)
    same = select(TimeOff).where(
        TimeOff.therapist_id == therapist_id, TimeOff.starts_at == starts_at, TimeOff.ends_at == ends_at
    )
    found = session.scalars(same.limit(1)).one_or_none()
    if found is not None:
        return found
    made = TimeOff(therapist_id=therapist_id, starts_at=starts_at, ends_at=ends_at, note=note)
    session.add(made)
    session.flush()
    span = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    _note(session, "time_off.added", ("time_off", made.public_id), by, now, **span)
    return made


def remove_time_off(session: Session, therapist_id: int, public_id: str, *, by: Identity, now: datetime) -> None:
    """Give time off back to the hours: what is over stays on record, what goes on ends now."""
    locked(session, therapist_id)
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


def locked(session: Session, therapist_id: int) -> Therapist:
    """Lock a therapist and return them. Raises NotFound for nobody, or somebody who was archived."""
    therapist = session.get(Therapist, therapist_id)
    if therapist is None or therapist.archived_at is not None:
        raise NotFound
    ledger.lock(session, [therapist.resource_id])
    return therapist


def _row(session: Session, therapist: Therapist, stretch: Stretch) -> Row:
    field = f"starts_{stretch.line}"
    if stretch.end_minute <= stretch.start_minute:
        raise wrong(field.replace("starts", "ends"), "The end must be after the start.")
    if not 0 <= stretch.start_minute < stretch.end_minute <= DAY:
        raise wrong(field, "Choose times of one day.")
    if not stretch.location:
        return Row(stretch.start_minute, stretch.end_minute, therapist.zone, None, is_online=True)
    location = session.scalars(
        select(Location).where(Location.public_id == stretch.location, Location.archived_at.is_(None))
    ).one_or_none()
    if location is None:
        raise wrong(field.replace("starts", "place"), "Choose a place from the list.")
    return Row(stretch.start_minute, stretch.end_minute, location.zone, location.id, is_online=stretch.is_online)


def _refuse_skipped(row: Row, on: date, at: int) -> None:
    for minute, name in ((row.start_minute, "starts"), (row.end_minute, "ends")):
        if not instants_of(row.zone, on, minute):
            raise wrong(f"{name}_{at}", "The clocks go forward that day, so this time does not exist. Choose another.")


def refuse_past(session: Session, on: date, now: datetime, field: str = "valid_from") -> None:
    """Refuse a date that is over on the practice's clock."""
    if on < date_at(the_practice(session), now):
        raise wrong(field, "Choose today or a later day. What was, stays as it was.")


def wrong(field: str, sentence: str) -> ValidationFailed:
    """Return the refusal that says ``sentence`` at a field."""
    return ValidationFailed(sentence, errors={field: sentence})


def _note(
    session: Session, action: str, subject: tuple[str, str], by: Identity, now: datetime, **detail: object
) -> None:
    audit.record(session, action, by=by, now=now, subject=subject, **detail)
