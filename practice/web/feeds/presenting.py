"""Turns a feed's appointments into what its privacy level lets a reader see."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from practice.adapters.ical_export import EventView, FeedView
from practice.domain.calendars import Attendee, Window, level_in_force, session_title
from practice.models import FeedKind
from practice.queries.feeds import FeedRow, FeedState, attendees_of, feed_rows, series_in
from practice.web.feeds.repeating import as_series

NAMELESS = ("busy", "appointment")


def feed_view(feed: FeedState) -> FeedView:
    """Return what the feed says of itself."""
    return FeedView(name=feed.name, zone=feed.zone)


def event_views(session: Session, feed: FeedState, window: Window) -> list[EventView]:
    """Return the feed's events; names are not even read where the level shows none."""
    level = level_in_force(feed.level, allows_full_names=feed.allows_full_names)
    rows = feed_rows(session, feed, window)
    attendees = {} if level in NAMELESS else attendees_of(session, [row.id for row in rows])
    series = series_in(session, rows)
    alone: list[EventView] = []
    together: dict[int, list[tuple[FeedRow, EventView]]] = {number: [] for number in series}
    for row in rows:
        event = _event(feed, level, row, attendees.get(row.id, ()))
        if row.series_id is None:
            alone.append(event)
        else:
            together[row.series_id].append((row, event))
    repeating = (as_series(series[number], *zip(*found, strict=True)) for number, found in together.items())
    return [*alone, *(event for events in repeating for event in events)]


def _event(feed: FeedState, level: str, row: FeedRow, attendees: Sequence[Attendee]) -> EventView:
    title = session_title(level, attendees, is_group=row.is_group)
    if feed.kind == FeedKind.PRACTICE and level != "busy":
        title = f"{row.lead}: {title}"
    return EventView(
        uid=row.uid,
        sequence=row.sequence,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=row.zone,
        status="cancelled" if row.is_cancelled else "booked",
        revised_at=row.revised_at,
        title=title,
        location=None if level == "busy" else _place(row),
    )


def _place(row: FeedRow) -> str:
    if row.location is None:
        return "Online"
    return ", ".join(part for part in (row.location, row.address) if part)
