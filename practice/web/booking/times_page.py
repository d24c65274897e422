"""The question how to meet, and when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from practice.domain.intervals import Span, instant
from practice.domain.rule_book import Modality, Service
from practice.domain.weekly_hours import date_of
from practice.queries.practice import PracticeFacts
from practice.queries.slots import Times
from practice.web.booking.fits import NO_FITS, Fits
from practice.web.booking.path import Chosen
from practice.web.courses_shown import CourseCard
from practice.web.expectations_shown import Expectations
from practice.web.presenting import format_moment, format_zone, habit_of, humanize_minutes
from practice.web.slot_days import Day
from practice.web.times_shown import MEET_WORDS, Week, days_of, free_of, note_of, week_of

MEET_ICONS: dict[Modality, str] = {"in_person": "map-pin", "online": "video"}


@dataclass(frozen=True, slots=True)
class ChosenTime:
    """The time that somebody came with."""

    value: str
    when: str
    note: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """A way to meet; ``is_current`` where its times are shown."""

    label: str
    icon: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class TimePage:
    """Times to keep."""

    slug: str
    service: str
    length: str
    meet: Modality
    with_whom: str
    zone: str
    words: str
    days: tuple[Day, ...]
    meetings: tuple[Meeting, ...]
    chosen: ChosenTime | None
    is_gone: bool
    hidden: dict[str, str]
    earlier_href: str
    later_href: str
    back_href: str
    anyone_href: str
    first_href: str
    courses: tuple[CourseCard, ...] = ()
    expectations: Expectations | None = None
    fits: Fits = NO_FITS


def time_page(
    times: Times, chosen: Chosen, since: date | None, facts: PracticeFacts, elsewhere: Sequence[Span] = ()
) -> TimePage:
    """Return the page; it opens on the first day with times, or on the date of the time that somebody came with.

    Times at which those who come are ``elsewhere`` are left out.
    """
    rules, service, zone = times.rules, times.service, times.rules.practice.zone
    start = int(chosen.at.partition(".")[0]) if chosen.at else None
    if start is not None and since is None:
        since = date_of(zone, start)
    meet, week = _first_way(times, chosen, since, start)
    person = rules.therapist_by_slug[chosen.person] if chosen.person else None
    here = replace(chosen, meet=meet, at="")
    found = _came_with(times, chosen, meet, facts)

    def address(at: date | None) -> str:
        return here.address("booking.time", service.slug, **{"from": at}) if at else ""

    slots = free_of(week.slots, service, elsewhere) if week else []
    days = days_of(slots, rules, habit_of(facts.locale), meet=meet, names_therapist=person is None, prefix="")
    return TimePage(
        slug=service.slug,
        service=service.name,
        length=humanize_minutes(service.duration_minutes),
        meet=meet,
        with_whom=person.name if person else "",
        zone=format_zone(zone),
        words=week.words if week else "",
        days=days,
        meetings=_meetings(service, chosen, meet),
        chosen=found,
        is_gone=start is not None and found is None,
        hidden=replace(here, therapist=chosen.therapist or "anyone").query(),
        earlier_href=address(week.earlier) if week else "",
        later_href=address(week.later) if week else "",
        back_href=replace(chosen, at="", therapist="").address("booking.with_whom", service.slug),
        anyone_href=replace(here, therapist="anyone").address("booking.time", service.slug) if person else "",
        first_href=here.address("booking.time", service.slug) if since else "",
    )


def _meetings(service: Service, chosen: Chosen, meet: Modality) -> tuple[Meeting, ...]:
    """Return the ways to meet, where there is a choice."""
    found = tuple(
        Meeting(
            MEET_WORDS[way],
            MEET_ICONS[way],
            replace(chosen, meet=way).address("booking.time", service.slug),
            way == meet,
        )
        for way in ways_of(service)
    )
    return found if len(found) > 1 else ()


def ways_of(service: Service) -> tuple[Modality, ...]:
    """Return how a service can be met."""
    both: tuple[tuple[Modality, bool], ...] = (("in_person", service.in_person), ("online", service.online))
    return tuple(way for way, is_offered in both if is_offered)


def _first_way(times: Times, chosen: Chosen, since: date | None, start: int | None) -> tuple[Modality, Week | None]:
    """Return the way that was chosen, or the first one that has times (the time that somebody came with, if any)."""
    zone = times.rules.practice.zone
    ways = (chosen.meet,) if chosen.meet else ways_of(times.service)
    found = [(way, week_of(times, since, zone, way)) for way in ways]
    fitting = [(way, week) for way, week in found if week and (start is None or start in _starts(week))]
    return next(iter(fitting), next(((way, week) for way, week in found if week), found[0]))


def _starts(week: Week) -> Iterator[int]:
    return (slot.start for slot in week.slots)


def _came_with(times: Times, chosen: Chosen, meet: Modality, facts: PracticeFacts) -> ChosenTime | None:
    if not chosen.at:
        return None
    start, _, slug = chosen.at.partition(".")
    zone, rules = times.rules.practice.zone, times.rules
    on = date_of(zone, int(start))
    for slot in times.between(on, on, zone):
        if slot.start == int(start) and rules.therapist_by_id[slot.therapist_id].slug == slug:
            if meet not in slot.ways.modalities:
                return None
            note = note_of(slot, rules, meet, names_therapist=True)
            return ChosenTime(chosen.at, format_moment(instant(slot.start), zone, habit_of(facts.locale)), note)
    return None
