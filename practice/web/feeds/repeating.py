"""Turns the sessions of a series into an event that repeats, and events of their own for those that were changed."""

from collections.abc import Sequence
from dataclasses import replace

from practice.adapters.ical_export import EventView, Repeats
from practice.domain.repeating import Session, cover_of
from practice.queries.feeds import FeedRow, SeriesRow
from practice.web.series.instances import instance_of


def as_series(series: SeriesRow, rows: Sequence[FeedRow], events: Sequence[EventView]) -> list[EventView]:
    """Return the events of one series: ``events`` are its sessions as if each stood alone, in the order of ``rows``."""
    cover = cover_of(series.rule, [_session(series, row, event) for row, event in zip(rows, events, strict=True)])
    covered = cover.covered if cover else frozenset()
    changed = [
        replace(event, uid=series.uid, instance=instance_of(series.rule, row.original_starts_at))
        for at, (row, event) in enumerate(zip(rows, events, strict=True))
        if at not in covered
    ]
    if cover is None:
        return changed
    repeats = Repeats(series.rule.start_minute, series.rule.every_weeks, cover.first, cover.last, cover.excluded)
    whole = replace(
        events[cover.model],
        uid=series.uid,
        sequence=series.sequence,
        revised_at=series.revised_at,
        zone=series.rule.zone,
        repeats=repeats,
    )
    return [whole, *changed]


def _session(series: SeriesRow, row: FeedRow, event: EventView) -> Session:
    return Session(
        original=row.original_starts_at or row.starts_at,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        is_cancelled=row.is_cancelled,
        is_unchanged=row.sequence == series.sequence,
        look=(event.title, event.location, event.zone == series.rule.zone),
    )
