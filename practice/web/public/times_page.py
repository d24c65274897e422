"""The page of open times, made from what its address asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from flask import request, url_for

from practice.domain.errors import NotFound
from practice.domain.rule_book import Modality
from practice.queries.practice import PracticeFacts
from practice.queries.slots import Times
from practice.web.calendar_days import read_day
from practice.web.presenting import format_zone, habit_of
from practice.web.shell import Link
from practice.web.slot_days import Day
from practice.web.times_shown import MEET_WORDS, MEETINGS, days_of, week_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: whose times, how to meet, from which date on."""

    therapist: str | None = None
    meet: Modality | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class TimesPage:
    """A week of times."""

    service: str
    with_whom: str
    zone: str
    words: str
    days: tuple[Day, ...]
    meetings: tuple[Link, ...]
    earlier_href: str
    later_href: str
    back_href: str
    anyone_href: str
    first_href: str
    call_href: str


def asked_of(args: Mapping[str, str]) -> Asked:
    """Read ?therapist=, ?meet= and ?from=. Raises NotFound for what they cannot be."""
    meet, since = args.get("meet", ""), args.get("from", "")
    if meet and meet not in MEETINGS:
        raise NotFound
    return Asked(args.get("therapist") or None, MEETINGS.get(meet), read_day(since) if since else None)


@lru_cache(maxsize=256)
def addresses_of(slug: str, therapist: str | None, _root_path: str) -> tuple[str, str, str, str]:
    """Return where a service's times, its own page and its booking are, and where to ask for a call about it."""
    return (
        url_for(".times", slug=slug),
        url_for(".service", slug=slug),
        url_for("booking.who", slug=slug),
        url_for(".call", service=slug, therapist=therapist),
    )


def times_page(times: Times, asked: Asked, facts: PracticeFacts) -> TimesPage:
    """Return what the page shows."""
    rules, zone = times.rules, times.rules.practice.zone
    week = week_of(times, asked.since, zone, asked.meet)
    person = rules.therapist_by_slug[asked.therapist] if asked.therapist else None
    base, back_href, booking_href, call_href = addresses_of(times.service.slug, asked.therapist, request.root_path)
    known = {"therapist": asked.therapist, "meet": asked.meet}

    def address(**more: object) -> str:
        query = {name: value for name, value in {**known, **more}.items() if value}
        return f"{base}?{urlencode(query)}" if query else base

    is_only_way = not (times.service.in_person and times.service.online)
    meet_query = f"meet={asked.meet}&" if asked.meet else ""
    return TimesPage(
        service=times.service.name,
        with_whom=person.name if person else "",
        zone=format_zone(zone),
        words=week.words if week else "",
        days=days_of(
            week.slots, rules, habit_of(facts.locale), meet=asked.meet, names_therapist=person is None,
            prefix=f"{booking_href}?{meet_query}at=",
        ) if week else (),
        meetings=() if is_only_way else (
            Link("Either way", address(meet=None), asked.meet is None),
            *(Link(words, address(meet=way), asked.meet == way) for way, words in MEET_WORDS.items()),
        ),
        earlier_href=address(**{"from": week.earlier}) if week and week.earlier else "",
        later_href=address(**{"from": week.later}) if week and week.later else "",
        back_href=back_href,
        anyone_href=base if asked.therapist or asked.meet else "",
        first_href=address() if asked.since else "",
        call_href=call_href,
    )  # fmt: skip
