"""What the pages of groups show staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from practice.domain.rule_book import RuleBook, Service
from practice.models import Appointment, AppointmentStatus, Lead
from practice.queries.courses import CourseDates
from practice.queries.practice import PracticeFacts
from practice.services.group_dates import Planned
from practice.web.board import Status
from practice.web.facts import Fact
from practice.web.frame import the_facts
from practice.web.groups.forms import ENROL, CourseForm
from practice.web.groups.keeper import Keeper
from practice.web.presenting import (
    format_day,
    format_minute,
    format_moment,
    format_money,
    format_span,
    format_zone,
    habit_of,
    join_words,
)
from practice.web.sessions_shown import where_of


@dataclass(frozen=True, slots=True)
class DateRow:
    """One date of a group; ``course`` is what its course is called, "" where it stands alone."""

    when: str
    therapist: str
    where: str
    places: str
    href: str
    course: str = ""
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course in a list."""

    name: str
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class GroupShown:
    """A group with its courses and the dates that come."""

    name: str
    courses: tuple[CourseRow, ...]
    rows: tuple[DateRow, ...]
    new_href: str
    new_course_href: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A date that could be made: what stands in its way, and whether it can be made all the same."""

    value: str
    day: str
    stop: str
    doubts: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class CourseCheck:
    """A course before it is made."""

    heading: str
    facts: tuple[Fact, ...]
    rows: tuple[PlannedRow, ...]
    hidden: tuple[tuple[str, str], ...]
    action: str
    change_href: str


@dataclass(frozen=True, slots=True)
class CoursePage:
    """A course with all its dates."""

    name: str
    service: str
    facts: tuple[Fact, ...]
    rows: tuple[DateRow, ...]
    is_cancelled: bool
    cancel_href: str
    back_href: str


def groups_page(
    keeper: Keeper, rules: RuleBook, dates: Sequence[Appointment], courses: Sequence[CourseDates], now: datetime
) -> tuple[GroupShown, ...]:
    """Return the groups that somebody keeps in their order, each with its courses and dates."""
    names = {each.course.id: each.course.name for each in courses}
    return tuple(
        GroupShown(
            service.name,
            tuple(
                _course_row(keeper, each, now)
                for each in courses
                if each.service.id == service.id and any(keeper.keeps(date) for date in each.dates)
            ),
            tuple(
                date_row(keeper, one, names.get(one.course_id or 0, ""))
                for one in dates
                if one.service_id == service.id and keeper.keeps(one)
            ),
            keeper.url("new_group_date", slug=service.slug),
            keeper.url("group_course_new", slug=service.slug),
        )
        for service in rules.services
        if service.kind == "group" and keeper.leads(rules, service)
    )


def date_row(keeper: Keeper, date: Appointment, course: str = "", *, status: Status | None = None) -> DateRow:
    """Return one date of a list."""
    facts = the_facts()
    return DateRow(
        when=format_moment(date.starts_at, facts.zone, habit_of(facts.locale)),
        therapist=led_by(date),
        where=where_of(date),
        places=f"{date.places_taken} of {date.capacity} taken",
        href=keeper.href_of_date(date.public_id),
        course=course,
        status=status,
    )


def led_by(date: Appointment) -> str:
    """ "Maya Lindqvist, with Jonah Weiss"."""
    leads = sorted(date.therapists, key=lambda row: row.part != Lead.LEAD)
    return ", with ".join(row.therapist.name for row in leads)


def _course_row(keeper: Keeper, found: CourseDates, now: datetime) -> CourseRow:
    left = len(found.coming(now))
    words = f"{left} of {len(found.dates)} dates to come. {ENROL[found.course.enrol]}."
    return CourseRow(found.course.name, words, keeper.url("group_course", public_id=found.course.public_id))


def course_check(
    keeper: Keeper, rules: RuleBook, service: Service, form: CourseForm, planned: Sequence[Planned]
) -> CourseCheck:
    """Return the page that lists every date first, each with what stands in its way."""
    facts, first = the_facts(), planned[0].new
    sent = tuple((field.name, field._value() if hasattr(field, "_value") else str(field.data or "")) for field in form)  # noqa: SLF001
    hidden = tuple((name, value) for name, value in sent if value and name != "on")
    place = rules.location_by_id[first.room.location_id].name if first.room else ""
    where = f"{place}, {first.room.name}" if first.room else "Online"
    start, habit = first.minute, habit_of(facts.locale)
    price = format_money(rules.price_cents(first.therapist.id, service.id), facts.currency)
    return CourseCheck(
        heading=f"Check the dates of {form.name.data}",
        facts=(
            Fact("Group", service.name),
            Fact("Led by", join_words([one.name for one in first.leads])),
            Fact("Time", f"{format_minute(start, habit)} to {format_minute(start + service.duration_minutes, habit)}"),
            Fact("Where", where),
            Fact("Places", str(first.capacity)),
            Fact("Price", f"{price} a date"),
            Fact("People take a place in", ENROL[str(form.enrol.data)]),
        ),
        rows=tuple(_planned_row(each, rules) for each in planned),
        hidden=hidden,
        action=keeper.url("group_course_make", slug=service.slug),
        change_href=keeper.url("group_course_new", slug=service.slug, **dict(hidden)),
    )


def _planned_row(planned: Planned, rules: RuleBook) -> PlannedRow:
    return PlannedRow(
        value=planned.new.on.isoformat(),
        day=format_day(planned.new.on),
        stop=planned.stop.partition(". Choose")[0].partition(" Please choose")[0],
        doubts=" ".join(reason.for_staff(rules.practice.zone) for reason in planned.doubts),
        is_ticked=not planned.stop and not planned.doubts,
    )


def course_page(keeper: Keeper, found: CourseDates, now: datetime) -> CoursePage:
    """Return a course with its dates."""
    facts, coming = the_facts(), found.coming(now)
    price = sum(date.price_cents for date in coming)
    can_cancel = bool(coming) and keeper.is_whole(found.course, found)
    return CoursePage(
        name=found.course.name,
        service=found.service.name,
        facts=(
            Fact("People take a place in", ENROL[found.course.enrol]),
            Fact("Dates to come", f"{len(coming)} of {len(found.dates)}"),
            Fact("Price of all that come", format_money(price, facts.currency)),
        ),
        rows=tuple(date_row(keeper, date, status=_status(date, now)) for date in found.dates),
        is_cancelled=found.course.cancelled_at is not None,
        cancel_href=keeper.url("group_course_cancel", public_id=found.course.public_id) if can_cancel else "",
        back_href=keeper.url("groups"),
    )


def _status(date: Appointment, now: datetime) -> Status | None:
    if date.status == AppointmentStatus.CANCELLED:
        return Status("Cancelled", "ended")
    return Status("Took place") if date.ends_at <= now else None


def date_words(date: Appointment, facts: PracticeFacts) -> str:
    """ "Thursday 26 November, 5:30 to 6:45 PM, New York time"."""
    habit = habit_of(facts.locale)
    day = format_moment(date.starts_at, facts.zone, habit).rpartition(", ")[0]
    return f"{day}, {format_span(date.starts_at, date.ends_at, facts.zone, habit)}, {format_zone(facts.zone)}"
