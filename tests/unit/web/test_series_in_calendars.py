"""A series in a calendar, across both changes of the clocks: expanded, each session is there once, at its instant."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given
from hypothesis import strategies as st

from practice.adapters.ical_export import EventView, FeedView, render_feed
from practice.domain.intervals import instant
from practice.domain.series import Rule, occurrences
from practice.domain.wall_time import instants_of
from practice.queries.feeds import FeedRow, SeriesRow
from practice.web.feeds.repeating import as_series

AT = datetime(2026, 1, 1, tzinfo=UTC)
UID = "9c6d0a0e-9b0b-4b2e-8f7d-3f0a5f1d2c11"


def calendar(rule: Rule, starts: list[datetime], changes: dict[int, str]) -> icalendar.Calendar:
    """Return what a reader gets of sessions that begin at ``starts``, some of them moved or cancelled since."""
    rows, events = [], []
    for at, original in enumerate(starts):
        change = changes.get(at, "")
        begins = original + timedelta(days=1, hours=2) if change == "moved" else original
        is_cancelled = change == "cancelled"
        row = FeedRow(
            id=at, uid=f"own-{at}", sequence=1 if change else 0, starts_at=begins,
            ends_at=begins + timedelta(minutes=50), zone=rule.zone, is_cancelled=is_cancelled, revised_at=AT,
            is_group=False, lead="", location=None, address=None, series_id=1, original_starts_at=original,
        )  # fmt: skip
        rows.append(row)
        events.append(
            EventView(row.uid, row.sequence, begins, row.ends_at, rule.zone, "cancelled" if is_cancelled else "booked",
                      AT, "Busy")
        )  # fmt: skip
    found = as_series(SeriesRow(1, UID, 0, AT, rule), rows, events) if rows else []
    return icalendar.Calendar.from_ical(render_feed(FeedView("Calendar", rule.zone), found))


def read(expanded: icalendar.Calendar) -> list[datetime]:
    """Return when the sessions begin that somebody sees who expands it."""
    years = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
    found = recurring_ical_events.of(expanded).between(*years)
    return sorted(each["DTSTART"].dt.astimezone(UTC) for each in found if str(each["STATUS"]) != "CANCELLED")


def starts_of(rule: Rule, weeks: int) -> list[datetime]:
    until = rule.starts_on + timedelta(weeks=weeks - 1)
    return [instant(each.start) for each in occurrences(rule, 50, until)]


@pytest.mark.parametrize("minute", [10 * 60, 150, 90, 165], ids=["morning", "02:30", "01:30", "02:45"])
@pytest.mark.parametrize(
    "zone, sunday",
    [
        ("America/New_York", date(2027, 2, 28)),
        ("America/New_York", date(2026, 10, 18)),
        ("Australia/Sydney", date(2026, 9, 20)),
        ("Australia/Sydney", date(2027, 3, 21)),
    ],
)
def test_each_session_is_read_once_at_its_instant(zone: str, sunday: date, minute: int) -> None:
    rule = Rule(zone, minute, sunday)
    starts = starts_of(rule, 5)
    made = calendar(rule, starts, {})
    twice = [at for at in starts if len(instants_of(zone, rule.date_of(at) or sunday, minute)) == 2]
    alone = [event["DTSTART"].dt for event in made.walk("VEVENT") if "RECURRENCE-ID" in event]
    if twice:  # in UTC, so that nobody has to know which showing of the clock is meant
        assert alone == twice
        assert all(at.utcoffset() == timedelta() for at in alone)
    else:
        assert read(made) == starts
    for event in made.walk("VEVENT"):
        length = event["DTEND"].dt.astimezone(UTC) - event["DTSTART"].dt.astimezone(UTC)
        assert length == timedelta(minutes=50)
        if "RECURRENCE-ID" not in event:
            assert rule.is_plain_on(event["DTSTART"].dt.date()), "it begins where nobody can read it in two ways"


changes = st.dictionaries(st.integers(0, 11), st.sampled_from(["moved", "cancelled"]), max_size=6)


@given(st.sampled_from(["America/New_York", "Europe/London", "America/Santiago"]), st.integers(1, 3), changes)
def test_whatever_was_moved_or_cancelled_is_read_as_it_is(zone: str, every: int, changed: dict[int, str]) -> None:
    rule = Rule(zone, 10 * 60, date(2026, 9, 1), every)
    starts = starts_of(rule, 12)
    at = {number: change for number, change in changed.items() if number < len(starts)}
    wanted = sorted(
        start + timedelta(days=1, hours=2) if at.get(number) == "moved" else start
        for number, start in enumerate(starts)
        if at.get(number) != "cancelled"
    )
    assert read(calendar(rule, starts, at)) == wanted
