"""Who asks for times, as far as the times depend on it.

    Asking(duration_minutes=80, needs=needs, region="NY", past=past)  # what a page or program knows; all of it optional
    asker_of(rules, asking)                                           # what of it the slot engine has to know

``past`` is what those who will come have had and have booked (``practice.queries.pasts`` reads it). Nobody in
particular is None: then no session is taken for a first one, and nothing for too much. Somebody new has
``NOTHING_YET``, as in ``STRANGER``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple

from practice.domain.intervals import Span
from practice.domain.needs import NO_NEEDS, Needs
from practice.domain.rule_book import RuleBook, Service
from practice.domain.weekly_hours import date_of, days_span

ELSEWHERE = "-"
FOREVER = 10**9
NEVER = -(10**9)


@dataclass(frozen=True, slots=True)
class Past:
    """What those who come have had and have booked, as epoch minutes of starts.

    ``met`` are the therapists whom all of them have met, each with the earliest session, of several people the latest.
    ``consulted_at`` is the earliest consultation or completed session of any of them. ``starts`` are, for each of
    them, their sessions of the service. ``regions`` are where they last said to be.
    """

    met: frozenset[tuple[int, int]] = frozenset()
    consulted_at: int | None = None
    starts: tuple[tuple[int, ...], ...] = ()
    regions: frozenset[str] = frozenset()

    def met_at(self, therapist_id: int) -> int | None:
        """Return the start of the earliest session with a therapist, or None."""
        return next((start for known, start in self.met if known == therapist_id), None)

    def is_first(self, therapist_id: int, start: int) -> bool:
        """Whether a session with a therapist would be the first of one of them."""
        met_at = self.met_at(therapist_id)
        return met_at is None or start <= met_at

    def after_meeting(self, therapist_id: int, start: int) -> "Past":
        """Return the past once they have met a therapist at ``start``, or earlier where they did."""
        met = dict(self.met)
        met[therapist_id] = min(start, met.get(therapist_id, start))
        return replace(self, met=frozenset(met.items()))


class Asking(NamedTuple):
    """What narrows the times that fit whoever will come: another length, needs, where they will be, what they had."""

    duration_minutes: int | None = None
    needs: Needs = NO_NEEDS
    region: str = ""
    past: Past | None = None


class Asker(NamedTuple):
    """What of an ``Asking`` the starts with a therapist depend on, beside the service that it asks for.

    ``region`` is "" where it does not matter. ``first`` holds, for therapists who limit first sessions, until which
    epoch minute a session would be the first.
    """

    region: str = ""
    first: tuple[tuple[int, int], ...] = ()

    def first_until(self, therapist_id: int) -> int:
        """Return the epoch minute before which a session would be a first one: 0 where none is, or none counts."""
        for known, until in self.first:
            if known == therapist_id:
                return until
        return 0


NOTHING_YET = Past()
NOT_ASKING = Asking()
STRANGER = Asking(past=NOTHING_YET)
ANYBODY = Asker()


def asker_of(rules: RuleBook, asking: Asking) -> Asker:
    """Return what the slot engine has to know of whoever asks: equal for all whom it treats alike."""
    region = ""
    if asking.region and rules.practice.checks_licences:
        region = asking.region if asking.region in rules.licence_regions else ELSEWHERE
    if asking.past is None or not rules.limit_first:
        return Asker(region)
    met = {whom.id: asking.past.met_at(whom.id) for whom in rules.limit_first}
    return Asker(region, tuple((each, FOREVER if at is None else at + 1) for each, at in met.items()))


def follows_consultation(service: Service) -> bool:
    """Whether somebody new has to come to a consultation first."""
    return service.needs_consultation and service.kind in ("individual", "couple")


def refused_spans(rules: RuleBook, service: Service, past: Past, span: Span) -> Iterator[Span]:
    """Yield the parts of ``span`` in which no start is open to those who come, because of what they had and booked.

    Until their consultation has begun, that is where one comes first, and weeks that hold as many as they may.
    """
    if follows_consultation(service):
        yield span[0], span[1] if past.consulted_at is None else past.consulted_at + 1
    if service.max_per_week is None or not past.starts:
        return
    zone = rules.practice.zone
    monday = date_of(zone, span[0])
    monday -= timedelta(days=monday.weekday())
    while True:
        first, end = days_span(zone, monday, monday + timedelta(days=6))
        if first >= span[1]:
            return
        if max(sum(first <= start < end for start in starts) for starts in past.starts) >= service.max_per_week:
            yield first, end
        monday += timedelta(days=7)
