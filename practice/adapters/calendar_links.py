"""Addresses that open a web calendar with an event filled in, for people who have no use for a file.

Both calendars read instants in UTC. Spaces are written %20: Outlook shows a plus sign as it stands. What is in the
address is what the calendar's owner and provider learn, so a view holds no more than a feed would.
"""

from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from practice.adapters.ical_export import EventView, printable

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"


def google_link(event: EventView) -> str:
    """Return the address that offers the event to a Google calendar, shown in the zone that it was agreed in."""
    span = f"{_moment(event.starts_at, '%Y%m%dT%H%M%SZ')}/{_moment(event.ends_at, '%Y%m%dT%H%M%SZ')}"
    return _address(
        GOOGLE,
        {"action": "TEMPLATE", "text": event.title, "dates": span, "ctz": event.zone, "location": event.location},
    )


def outlook_link(event: EventView) -> str:
    """Return the address that offers the event to an Outlook.com calendar."""
    return _address(
        OUTLOOK,
        {
            "path": "/calendar/action/compose",
            "rru": "addevent",
            "subject": event.title,
            "startdt": _moment(event.starts_at, "%Y-%m-%dT%H:%M:%SZ"),
            "enddt": _moment(event.ends_at, "%Y-%m-%dT%H:%M:%SZ"),
            "location": event.location,
        },
    )


def _moment(at: datetime, form: str) -> str:
    return at.astimezone(UTC).strftime(form)


def _address(base: str, fields: dict[str, str | None]) -> str:
    known = {name: printable(value).replace("\n", ", ") for name, value in fields.items() if value}
    return f"{base}?{urlencode(known, quote_via=quote, safe='/:')}"
