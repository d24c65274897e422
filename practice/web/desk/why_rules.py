"""A reason in full: what the rule says, where it stands, and a link for whoever may go there."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import g, url_for

from practice.db import db
from practice.domain.explaining import Question
from practice.domain.intervals import instant, minute_floor, overlaps
from practice.domain.permissions import Permission
from practice.domain.reasons import Code, Reason
from practice.domain.weekly_hours import date_of
from practice.queries.catalog import service_ids_by_slug
from practice.web.desk.appointment_shown import href_of_appointment
from practice.web.frame import the_facts
from practice.web.presenting import format_day, format_minute, format_time, habit_of, humanize_minutes, join_words
from practice.web.shell import Link


@dataclass(frozen=True)
class Case:
    """A reason that a start is not offered, and what it was asked about."""

    reason: Reason
    question: Question
    start: int

    @property
    def name(self) -> str:
        """The therapist's name."""
        return self.question.therapist.name

    @property
    def slug(self) -> str:
        """The therapist's, as addresses carry it."""
        return self.question.therapist.slug

    @property
    def zone(self) -> str:
        """The zone in which a reason is told: the practice's, as everywhere at the desk."""
        return self.question.rules.practice.zone


class Links:
    """Where rules stand. A link's address is empty where the person who looks may not go there."""

    @property
    def is_admin(self) -> bool:
        """Whether pages that set up the practice may be opened."""
        return bool(g.identity.can(Permission.ADMIN))

    @cached_property
    def _services(self) -> Mapping[str, str]:
        return service_ids_by_slug(db.session()) if self.is_admin else {}

    def admin(self, words: str, endpoint: str, **values: str) -> Link:
        """Return a link that admins may follow."""
        return Link(words, url_for(endpoint, **values) if self.is_admin else "")  # type: ignore[arg-type]

    def hours(self, case: Case) -> Link:
        """Return the link to a therapist's hours and time off: theirs to follow, and an admin's."""
        words = f"Hours of {case.name}"
        is_own = g.identity.therapist_id == case.question.therapist.id and g.identity.can(Permission.OWN_HOURS)
        return Link(words, url_for("therapist.hours")) if is_own else self.admin(words, "admin.hours", slug=case.slug)

    def offers(self, case: Case) -> Link:
        """Return the link to what a therapist offers."""
        return self.admin(f"What {case.name} offers", "admin.offers", slug=case.slug)

    def therapist(self, case: Case) -> Link:
        """Return the link to how a therapist is listed."""
        return self.admin(f"Listing of {case.name}", "admin.therapist", slug=case.slug)

    def limits(self, case: Case) -> Link:
        """Return the link to how much a therapist takes on, and with whom."""
        return self.admin(f"Limits of {case.name}", "admin.therapist", slug=case.slug)

    def service(self, case: Case) -> Link:
        """Return the link to a service."""
        service = case.question.service
        public_id = self._services.get(service.slug)
        return Link(f"Service: {service.name}", url_for("admin.service", public_id=public_id) if public_id else "")

    def session(self, reason: Reason, words: str = "The session that is in the way") -> tuple[Link, ...]:
        """Return the link to an appointment, where the reason is one."""
        return (Link(words, href_of_appointment(reason.subject)),) if reason.subject else ()


def rule_words(case: Case) -> str:
    """Return a reason in words: what it is, and what the rule says."""
    if has_gone_by(case):
        return "This time has gone by."
    more = _MORE.get(case.reason.code)
    return " ".join(part for part in (case.reason.for_staff(case.zone), more(case) if more else "") if part)


def has_gone_by(case: Case) -> bool:
    """Whether a start is too soon because it lies in the past."""
    return case.reason.code is Code.TOO_SOON and case.start < minute_floor(g.now)


def rule_links(case: Case, links: Links) -> tuple[Link, ...]:
    """Return where the rule of a reason stands, as far as the person who looks may go there."""
    return tuple(link for link in _WHERE[case.reason.code](case, links) if link.href)


def _hours_words(case: Case) -> str:
    therapist, habit = case.question.therapist, habit_of(the_facts().locale)
    on = date_of(therapist.zone, case.start)
    rows = sorted(case.question.rules.hours_on(therapist.id, on), key=lambda row: row.start_minute)
    if not rows:
        return f"{case.name} has no hours on {format_day(on)}."
    spans = [f"{format_minute(row.start_minute, habit)} to {format_minute(row.end_minute, habit)}" for row in rows]
    return f"{case.name} works {join_words(spans)} on {format_day(on)}."


def _way_words(case: Case) -> str:
    """Say where somebody works that day."""
    therapist, rules = case.question.therapist, case.question.rules
    on = date_of(therapist.zone, case.start)
    names = [
        *(rules.location_by_id[row.location_id].name for row in rules.hours_on(therapist.id, on) if row.location_id),
        *("online" for row in rules.hours_on(therapist.id, on) if row.is_online),
    ]
    return f"{case.name} works {join_words(list(dict.fromkeys(names)))} on {format_day(on)}." if names else ""


def _step_words(case: Case) -> str:
    service = case.question.service
    return f"{service.name} starts every {humanize_minutes(service.step_minutes)}, counted from the start of the hours."


def _soon_words(case: Case) -> str:
    service, practice = case.question.service, case.question.rules.practice
    notice = practice.notice_minutes if service.notice_minutes is None else service.notice_minutes
    return f"{service.name} is booked at least {humanize_minutes(notice)} ahead."


def _far_words(case: Case) -> str:
    service, practice = case.question.service, case.question.rules.practice
    days = practice.window_days if service.window_days is None else service.window_days
    return f"{service.name} is offered {days} days ahead."


def _room_words(case: Case) -> str:
    places = case.question.rules.places_of(case.question.therapist.id)
    names = [place.name for place in case.question.rules.locations if place.id in places and not place.rooms]
    return f"{join_words(names)} has no rooms yet." if names else ""


def _held_words(_case: Case) -> str:
    return "It is offered again if they do not book it."


_MORE: Mapping[Code, Callable[[Case], str]] = {
    Code.OUTSIDE_HOURS: _hours_words,
    Code.NOT_ON_STEP: _step_words,
    Code.OTHER_MODALITY: _way_words,
    Code.HELD: _held_words,
    Code.OUTSIDE_CALENDAR: lambda case: f"It stands in a calendar of {case.name} elsewhere.",
    Code.TOO_SOON: _soon_words,
    Code.TOO_FAR: _far_words,
    Code.NO_ROOM: _room_words,
}


def _ahead_links(case: Case, links: Links) -> Iterator[Link]:
    service = case.question.service
    own = service.notice_minutes if case.reason.code is Code.TOO_SOON else service.window_days
    if case.start >= minute_floor(g.now):
        yield links.admin("Policies of the practice", "admin.policies") if own is None else links.service(case)


def _room_links(case: Case, links: Links) -> Iterator[Link]:
    """Yield the sessions that are in the rooms, and the rooms."""
    service, rules = case.question.service, case.question.rules
    taken = (case.start - service.before_minutes, case.start + service.duration_minutes + service.after_minutes)
    habit, zone = habit_of(the_facts().locale), case.zone
    for place in rules.locations:
        for room in place.rooms if place.id in rules.places_of(case.question.therapist.id) else ():
            for row in case.question.rows_of(room.resource_id):
                if overlaps(row.span, taken) and row.subject:
                    when = format_time(instant(row.core[0]), zone, habit)
                    yield Link(f"{room.name}: session at {when}", href_of_appointment(row.subject))
    yield links.admin("Places and rooms", "admin.places")


def _audience_links(case: Case, links: Links) -> Iterator[Link]:
    """Yield what keeps somebody out: the service, or how the therapist is listed."""
    shut = {"clients_only": ("clients", "staff"), "staff_only": ("staff",)}[case.reason.code.value]
    yield links.service(case) if case.question.service.audience in shut else links.therapist(case)


_WHERE: Mapping[Code, Callable[[Case, Links], Iterator[Link] | tuple[Link, ...]]] = {
    Code.OUTSIDE_HOURS: lambda case, links: (links.hours(case),),
    Code.NOT_ON_STEP: lambda case, links: (links.hours(case), links.service(case)),
    Code.OTHER_MODALITY: lambda case, links: (links.hours(case), links.offers(case), links.service(case)),
    Code.TIME_OFF: lambda case, links: (links.hours(case),),
    Code.CLOSURE: lambda _case, links: (links.admin("Closures", "admin.closures"),),
    Code.BOOKED: lambda case, links: links.session(case.reason),
    Code.BUFFER: lambda case, links: links.session(case.reason),
    Code.HELD: lambda _case, _links: (),
    Code.CLIENT_BUSY: lambda case, links: links.session(case.reason),
    Code.OUTSIDE_CALENDAR: lambda _case, _links: (),
    Code.TOO_SOON: _ahead_links,
    Code.TOO_FAR: _ahead_links,
    Code.NO_ROOM: _room_links,
    Code.NO_PLACES: lambda case, links: links.session(case.reason, "This date of the group"),
    Code.CLIENTS_ONLY: _audience_links,
    Code.STAFF_ONLY: _audience_links,
    Code.NO_NEW_CLIENTS: lambda case, links: (links.therapist(case),),
    Code.NOT_OFFERED_BY_THERAPIST: lambda case, links: (links.offers(case),),
    Code.DURATION_NOT_OFFERED: lambda case, links: (links.service(case),),
    Code.CONSULTATION_FIRST: lambda case, links: (links.service(case),),
    Code.TOO_MANY_THAT_WEEK: lambda case, links: (links.service(case),),
    Code.NO_INTERPRETER: lambda case, links: (links.limits(case),),
    Code.NOT_LICENSED: lambda case, links: (links.limits(case),),
    Code.TOO_MANY_IN_A_ROW: lambda case, links: (links.limits(case),),
    Code.TOO_MANY_THAT_DAY: lambda case, links: (links.limits(case),),
    Code.TOO_MANY_FIRST_SESSIONS: lambda case, links: (links.limits(case),),
    Code.GROUP_DATES_ONLY: lambda _case, _links: (Link("Dates of the groups", url_for("desk.groups")),),
}
