"""Links into web calendars carry the instant, the place and the title, encoded so that both calendars read them."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from practice.adapters.calendar_links import google_link, outlook_link
from practice.adapters.ical_export import EventView

EVENT = EventView(
    uid="1",
    sequence=0,
    starts_at=datetime(2026, 11, 23, 14, 0, tzinfo=UTC),
    ends_at=datetime(2026, 11, 23, 14, 50, tzinfo=UTC),
    zone="America/New_York",
    status="booked",
    revised_at=datetime(2026, 11, 20, tzinfo=UTC),
    title="Appointment at Elm & Oak",
    location="Élan, 1 Elm Street #4",
)


def test_google_gets_the_span_in_utc_and_the_zone_it_was_agreed_in() -> None:
    address = urlsplit(google_link(EVENT))
    assert (address.scheme, address.netloc, address.path) == ("https", "calendar.google.com", "/calendar/render")
    assert parse_qs(address.query, strict_parsing=True) == {
        "action": ["TEMPLATE"],
        "text": ["Appointment at Elm & Oak"],
        "dates": ["20261123T140000Z/20261123T145000Z"],
        "ctz": ["America/New_York"],
        "location": ["Élan, 1 Elm Street #4"],
    }


def test_outlook_gets_instants_in_utc() -> None:
    address = urlsplit(outlook_link(EVENT))
    assert (address.scheme, address.netloc) == ("https", "outlook.live.com")
    assert address.path == "/calendar/0/deeplink/compose"
    assert parse_qs(address.query, strict_parsing=True) == {
        "path": ["/calendar/action/compose"],
        "rru": ["addevent"],
        "subject": ["Appointment at Elm & Oak"],
        "startdt": ["2026-11-23T14:00:00Z"],
        "enddt": ["2026-11-23T14:50:00Z"],
        "location": ["Élan, 1 Elm Street #4"],
    }


@pytest.mark.parametrize("link", [google_link, outlook_link])
def test_spaces_are_no_plus_signs_and_nothing_breaks_out_of_its_field(link) -> None:
    address = link(EVENT)
    assert "+" not in address
    assert "Elm%20%26%20Oak" in address
    assert "%234" in address
    assert address.isascii()
    lines = link(replace(EVENT, location="1 Elm Street\r\nNew York", title="A\x00B"))
    assert "1%20Elm%20Street%2C%20New%20York" in lines
    assert "%00" not in lines


@pytest.mark.parametrize("link", [google_link, outlook_link])
def test_what_is_not_known_is_left_out(link) -> None:
    assert "location" not in link(replace(EVENT, location=None))
