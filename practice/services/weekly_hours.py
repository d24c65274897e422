"""Changing when a therapist works every week. What was stays computable: a row is ended, never overwritten.

A change says what holds on some weekdays from a date on, and perhaps until another, after which what held before goes
on. Functions that change something lock the therapist, so that two edits come one after the other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.changed_hours import Dates, remains
from practice.domain.errors import ImpossibleStep
from practice.domain.permissions import Identity
from practice.models import Availability, Therapist
from practice.services import audit
from practice.services.hours import Stretch, locked, refuse_past, rows_of, wrong
from practice.services.hours_overlap import Row, meets

OVERLAP = "These hours overlap those of another day, in the time of another place. Change those first."
WEEKS = 54  # a year of weeks shows every change of the clocks
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Hours of some weekdays (0 is Monday), from a date on and, where it is given, until another, both inclusive.

    Without stretches there are no hours on these days.
    """

    days: tuple[int, ...]
    stretches: tuple[Stretch, ...]
    valid_from: date
    valid_until: date | None = None

    @property
    def dates(self) -> Dates:
        """The first and the last date."""
        return self.valid_from, self.valid_until


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of weekly hours as it was before a change, and the last day that the change gave it ("" where it went)."""

    public_id: str
    weekday: int
    start_minute: int
    end_minute: int
    zone: str
    location_id: int | None
    is_online: bool
    valid_from: str
    valid_until: str
    ended_on: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a change did, enough to take it back: rows that it added (public ids), and rows that it ended or removed."""

    added: tuple[str, ...] = ()
    ended: tuple[Kept, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether everything was so already."""
        return not self.added and not self.ended


def check_weekly_hours(session: Session, therapist: Therapist, new: WeeklyHours, *, now: datetime) -> list[Row]:
    """Return the rows that ``set_weekly_hours`` would give each day, or raise what it raises. Changes nothing.

    Raises ValidationFailed for dates that are over or the wrong way round, and for hours that overlap.
    """
    refuse_past(session, new.valid_from, now)
    if new.valid_until is not None and new.valid_until < new.valid_from:
        raise wrong("valid_until", "The last day must not be before the first.")
    rows = rows_of(session, therapist, new.stretches)
    others = [row for row in _all(session, therapist.id) if row.weekday not in new.days]
    for day in new.days:
        if any(_overlaps(row, day, new.dates, other) for row in rows for other in others):
            raise wrong("days", OVERLAP)
    return rows


def set_weekly_hours(session: Session, therapist_id: int, new: WeeklyHours, *, by: Identity, now: datetime) -> Change:
    """Let ``new`` alone hold on its days from its first date to its last. Days that have it already stay untouched.

    Raises what ``check_weekly_hours`` raises, and NotFound.
    """
    therapist = locked(session, therapist_id)
    rows = check_weekly_hours(session, therapist, new, now=now)
    held = _all(session, therapist_id)
    added: list[Availability] = []
    ended: list[Kept] = []
    for day in sorted(set(new.days)):
        touched = [row for row in held if row.weekday == day and _touches(row, new.dates)]
        if _is_so_already(touched, rows, new.dates):
            continue
        for row in touched:
            before, after = remains((row.valid_from, row.valid_until), new.dates)
            ended.append(_kept(row, before))
            added += [_row(therapist_id, day, Row.of(row), after)] if after else []
            _end(session, row, before, by=by, now=now)
        added += [_row(therapist_id, day, row, new.dates) for row in rows]
    session.add_all(added)
    session.flush()
    for made in added:
        audit.record(session, "hours.added", by=by, now=now, subject=("availability", made.public_id), **_words(made))
    return Change(tuple(each.public_id for each in added), tuple(ended))


def undo_weekly_hours(session: Session, therapist_id: int, change: Change, *, by: Identity, now: datetime) -> None:
    """Take a change back: what it added goes, what it ended goes on.

    Raises NotFound, or ImpossibleStep where the hours have changed since.
    """
    locked(session, therapist_id)
    held = {row.public_id: row for row in _all(session, therapist_id)}
    is_as_left = all(name in held for name in change.added) and all(_is_as_left(each, held) for each in change.ended)
    if not is_as_left or change.is_nothing:
        raise ImpossibleStep("The hours have changed since, so nothing was taken back.")
    for name in change.added:
        _end(session, held[name], None, by=by, now=now)
    for each in change.ended:
        until = date.fromisoformat(each.valid_until) if each.valid_until else None
        row = held.get(each.public_id) or _again(therapist_id, each)
        row.valid_until = until
        session.add(row)
        session.flush()
        audit.record(session, "hours.restored", by=by, now=now, subject=("availability", row.public_id), **_words(row))


def _is_as_left(kept: Kept, held: Mapping[str, Availability]) -> bool:
    row = held.get(kept.public_id)
    if not kept.ended_on:
        return row is None
    return row is not None and row.valid_until == date.fromisoformat(kept.ended_on)


def _all(session: Session, therapist_id: int) -> Sequence[Availability]:
    return session.scalars(
        select(Availability)
        .where(Availability.therapist_id == therapist_id)
        .order_by(Availability.weekday, Availability.start_minute, Availability.id)
    ).all()


def _touches(row: Availability, dates: Dates) -> bool:
    is_over = row.valid_until is not None and row.valid_until < dates[0]
    return not is_over and (dates[1] is None or row.valid_from <= dates[1])


def _is_so_already(touched: Sequence[Availability], rows: Sequence[Row], dates: Dates) -> bool:
    """Whether these rows, and no others, hold on every date."""
    is_whole = all(
        row.valid_from <= dates[0]
        and (row.valid_until is None or (dates[1] is not None and dates[1] <= row.valid_until))
        for row in touched
    )
    return is_whole and sorted(map(_sort_key, map(Row.of, touched))) == sorted(map(_sort_key, rows))


def _sort_key(row: Row) -> tuple[int, int, str, int, bool]:
    return row.start_minute, row.end_minute, row.zone, row.location_id or 0, row.is_online


def _row(therapist_id: int, day: int, row: Row, dates: Dates) -> Availability:
    return Availability(
        therapist_id=therapist_id, weekday=day, valid_from=dates[0], valid_until=dates[1], **row.columns
    )


def _again(therapist_id: int, kept: Kept) -> Availability:
    return Availability(
        public_id=kept.public_id, therapist_id=therapist_id, weekday=kept.weekday, start_minute=kept.start_minute,
        end_minute=kept.end_minute, zone=kept.zone, location_id=kept.location_id, is_online=kept.is_online,
        valid_from=date.fromisoformat(kept.valid_from),
    )  # fmt: skip


def _kept(row: Availability, before: Dates | None) -> Kept:
    until = row.valid_until.isoformat() if row.valid_until else ""
    ended_on = before[1].isoformat() if before and before[1] else ""
    return Kept(
        row.public_id, row.weekday, row.start_minute, row.end_minute, row.zone, row.location_id, row.is_online,
        row.valid_from.isoformat(), until, ended_on,
    )  # fmt: skip


def _end(session: Session, row: Availability, before: Dates | None, *, by: Identity, now: datetime) -> None:
    """End a row, or remove it where it never held on any date that has passed, so that nothing of the past is lost."""
    if before is None:
        session.delete(row)
    else:
        row.valid_until = before[1]
    session.flush()
    action = "hours.removed" if before is None else "hours.ended"
    audit.record(session, action, by=by, now=now, subject=("availability", row.public_id), **_words(row))


def _overlaps(row: Row, day: int, dates: Dates, other: Availability) -> bool:
    """Whether a row of one weekday shares a minute with one of another, which only happens between two zones."""
    if row.zone == other.zone:
        return False
    return any(
        _holds(other, near) and meets(row, on, Row.of(other), near)
        for on in _weeks(day, max(dates[0], other.valid_from - ONE_DAY), dates[1])
        for near in (on - ONE_DAY, on + ONE_DAY)
    )


def _weeks(day: int, since: date, until: date | None) -> Iterator[date]:
    first = since + timedelta(days=(day - since.weekday()) % 7)
    found = (first + timedelta(weeks=week) for week in range(WEEKS))
    return (on for on in found if until is None or on <= until)


def _holds(row: Availability, on: date) -> bool:
    is_begun = row.valid_from <= on and (row.valid_until is None or on <= row.valid_until)
    return is_begun and row.weekday == on.weekday()


def _words(row: Availability) -> dict[str, object]:
    until = row.valid_until.isoformat() if row.valid_until else None
    return {
        "weekday": row.weekday, "start_minute": row.start_minute, "end_minute": row.end_minute, "zone": row.zone,
        "valid_from": row.valid_from.isoformat(), "valid_until": until,
    }  # fmt: skip
