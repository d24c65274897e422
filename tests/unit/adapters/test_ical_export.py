"""Calendars as other programs read them: icalendar, vobject and recurring-ical-events are the readers here."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
import vobject
from hypothesis import given
from hypothesis import strategies as st

from practice.adapters.ical_export import (
    EventView,
    FeedView,
    printable,
    render_appointment,
    render_event,
    render_feed,
)
from practice.adapters.ical_zones import FIRST_YEAR, LAST_YEAR, vtimezone

ZONES = ["America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns"]
ODD_ZONES = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "Europe/Dublin",
    "Asia/Gaza",
    "Pacific/Apia",
    "America/Santiago",
    "UTC",
]
FEED = FeedView(name="Bob's sessions", zone="America/New_York")
EVENT = EventView(
    uid="f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    sequence=2,
    starts_at=datetime(2026, 11, 24, 22, 0, tzinfo=UTC),
    ends_at=datetime(2026, 11, 24, 22, 50, tzinfo=UTC),
    zone="America/New_York",
    status="booked",
    revised_at=datetime(2026, 11, 1, 12, 0, 0, 999, tzinfo=UTC),
    title="Busy",
)


def one_event(raw: bytes) -> icalendar.Event:
    (event,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    return event


def test_a_feed_says_what_it_is_and_how_often_to_come_back() -> None:
    calendar = icalendar.Calendar.from_ical(render_feed(replace(FEED, color="teal"), [EVENT]))
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"] == "-//Foundations//Practice//EN"
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Bob's sessions"
    assert calendar["COLOR"] == "teal"
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in render_feed(FEED, [])
    assert calendar["X-PUBLISHED-TTL"] == "PT1H"
    assert "METHOD" not in calendar


def test_an_event_carries_its_revision_and_nobody_by_name() -> None:
    event = one_event(render_feed(FEED, [EVENT]))
    assert event["UID"] == EVENT.uid
    assert event["SEQUENCE"] == 2
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert (event["STATUS"], event["TRANSP"], event["CLASS"]) == ("CONFIRMED", "OPAQUE", "PRIVATE")
    assert not {"ATTENDEE", "ORGANIZER", "LOCATION", "DESCRIPTION", "URL"} & set(event)
    assert not event.subcomponents


@pytest.mark.parametrize(
    "status, shown",
    [
        ("held", ("TENTATIVE", "OPAQUE")),
        ("booked", ("CONFIRMED", "OPAQUE")),
        ("cancelled", ("CANCELLED", "TRANSPARENT")),
    ],
)
def test_a_status_is_said_in_the_calendars_words(status: str, shown: tuple[str, str]) -> None:
    event = one_event(render_appointment(replace(EVENT, status=status)))
    assert (event["STATUS"], event["TRANSP"]) == shown


def test_an_empty_feed_still_holds_its_zone() -> None:
    calendar = vobject.readOne(render_feed(FEED, []).decode())
    assert [zone.tzid.value for zone in calendar.vtimezone_list] == ["America/New_York"]
    assert "vevent" not in calendar.contents


def test_each_zone_in_use_is_carried_once() -> None:
    raw = render_feed(FEED, [EVENT, replace(EVENT, zone="Europe/London"), replace(EVENT, zone="Europe/London")])
    zones = [zone["TZID"] for zone in icalendar.Calendar.from_ical(raw).walk("VTIMEZONE")]
    assert zones == ["America/New_York", "Europe/London"]


def test_a_feed_is_its_events_joined_and_always_the_same_bytes() -> None:
    other = replace(EVENT, uid="0e1d2c3b-7dec-11d0-a765-00a0c91e6bf6")
    raw = render_feed(FEED, [EVENT, other])
    assert render_event(EVENT) + render_event(other) in raw
    render_event.cache_clear()
    assert render_feed(FEED, iter([EVENT, other])) == raw


def test_a_download_is_one_appointment_without_the_feeds_name() -> None:
    raw = render_appointment(replace(EVENT, location="12 Elm St, Suite 4; NY", description="Line one\nline two"))
    calendar = vobject.readOne(raw.decode())
    assert calendar.vevent.location.value == "12 Elm St, Suite 4; NY"
    assert calendar.vevent.description.value == "Line one\nline two"
    assert "x-wr-calname" not in calendar.contents


MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2039, 12, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


@given(MOMENTS, st.integers(min_value=5, max_value=600), st.sampled_from(ZONES + ODD_ZONES))
def test_every_reader_finds_the_same_instants(starts_at: datetime, minutes: int, zone: str) -> None:
    event = replace(EVENT, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), zone=zone)
    raw = render_feed(FEED, [event])
    read = one_event(raw)
    assert (read["DTSTART"].dt, read["DTEND"].dt) == (event.starts_at, event.ends_at)
    (again,) = recurring_ical_events.of(icalendar.Calendar.from_ical(raw)).between(starts_at, event.ends_at)
    assert again.start.astimezone(UTC) == event.starts_at


@given(MOMENTS, st.sampled_from(ZONES + ODD_ZONES[:4]))
def test_a_reader_that_knows_only_the_components_rules_finds_the_same_offset(moment: datetime, zone: str) -> None:
    local = moment.astimezone(ZoneInfo(zone))
    component = icalendar.Calendar.from_ical(render_feed(replace(FEED, zone=zone), [])).walk("VTIMEZONE")[0]
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        assert offset_by_the_rules(component, local.replace(tzinfo=None)) == local.utcoffset()


def offset_by_the_rules(component: icalendar.Timezone, wall: datetime) -> timedelta:
    """Find the last onset before a wall time as RFC 5545 says, with nothing but the component."""
    onsets = []
    for observance in component.subcomponents:
        dates = [observance["DTSTART"].dt]
        if "RDATE" in observance:
            dates += [value.dt for value in observance["RDATE"].dts]
        if "RRULE" in observance:
            (by_day,) = observance["RRULE"]["BYDAY"]
            (month,) = observance["RRULE"]["BYMONTH"]
            dates = [nth(dates[0], year, int(month), str(by_day)) for year in range(FIRST_YEAR, LAST_YEAR + 1)]
        onsets += [(onset, observance["TZOFFSETTO"].td) for onset in dates if onset <= wall]
    return max(onsets)[1]


def nth(first: datetime, year: int, month: int, by_day: str) -> datetime:
    weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU").index(by_day[-2:])
    days = [first.replace(year=year, month=month, day=1) + timedelta(days=number) for number in range(31)]
    days = [day for day in days if day.month == month and day.weekday() == weekday]
    week = int(by_day[:-2])
    return days[week] if week < 0 else days[week - 1]


@pytest.mark.parametrize(
    "zone, repeated",
    [
        ("America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
        ("Europe/London", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, 15, tzinfo=UTC)),
    ],
)
def test_inside_the_repeated_hour_times_are_utc(zone: str, repeated: datetime) -> None:
    event = replace(EVENT, zone=zone, starts_at=repeated, ends_at=repeated + timedelta(minutes=50))
    assert f"DTSTART:{repeated:%Y%m%dT%H%M%SZ}\r\n".encode() in render_event(event)
    assert b"\r\nDTEND:" in render_event(event)
    before = replace(event, starts_at=repeated - timedelta(hours=4), ends_at=repeated - timedelta(hours=3))
    assert f"DTSTART;TZID={zone}:".encode() in render_event(before)


def test_a_zone_with_a_yearly_rule_is_a_rule() -> None:
    assert b"RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\r\n" in vtimezone("America/New_York")
    assert b"RDATE" not in vtimezone("Europe/London")
    assert b"RDATE" in vtimezone("Africa/Casablanca")


@given(st.text(max_size=200))
def test_any_title_of_unicode_is_carried_in_short_whole_lines(title: str) -> None:
    raw = render_feed(FEED, [replace(EVENT, title=title, location=title, description=title)])
    lines = raw.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)
    for line in lines:
        assert len(line) <= 75
        line.decode()
    event = one_event(raw)
    assert str(event["SUMMARY"]) == printable(title)
    assert vobject.readOne(raw.decode()).vevent.summary.value == printable(title)
    assert len(icalendar.Calendar.from_ical(raw).walk("VEVENT")) == 1


@given(st.text(max_size=60))
def test_what_is_printable_stays_as_it_is(text: str) -> None:
    assert printable(printable(text)) == printable(text)


def test_a_title_cannot_end_its_event() -> None:
    raw = render_feed(
        FEED, [replace(EVENT, title="x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nATTENDEE:mailto:eve@example.org")]
    )
    event = one_event(raw)
    assert "ATTENDEE" not in event
    assert raw.count(b"\r\nBEGIN:VEVENT\r\n") == 1
