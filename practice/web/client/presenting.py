"""A client's sessions as their pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import url_for

from practice.domain.arriving import may_say_here, may_say_late, may_take_back
from practice.domain.lifecycle import UNDO_FOR
from practice.models import (
    Appointment,
    AppointmentStatus,
    AppointmentTherapist,
    Attendance,
    AttendanceStatus,
    ServiceKind,
)
from practice.queries.practice import PracticeFacts
from practice.web.board import Status
from practice.web.cancel_words import TAKING_BACK, cancel_words, terms_for_place
from practice.web.courses_shown import dates_card
from practice.web.expectations_shown import Expectations
from practice.web.facts import Fact
from practice.web.paging import PageLinks
from practice.web.presenting import (
    format_day,
    format_moment,
    format_money,
    format_span,
    format_zone,
    habit_of,
    humanize_minutes,
    join_words,
    relative_day,
)
from practice.web.series.words import every_words
from practice.web.sessions_shown import address_of

PAST = Status("Past")
STATUSES = {
    AttendanceStatus.COMPLETED: Status("Took place", "", "check"),
    AttendanceStatus.NO_SHOW: Status("Did not take place"),
    AttendanceStatus.CANCELLED: Status("Cancelled", "ended"),
    AttendanceStatus.LATE_CANCELLED: Status("Cancelled", "ended"),
    AttendanceStatus.CANCELLED_BY_PRACTICE: Status("Cancelled by us", "ended"),
}
REQUESTS = {
    AttendanceStatus.BOOKED: Status("Waiting for an answer", "now", "clock"),
    AttendanceStatus.CANCELLED: Status("Taken back", "ended"),
    AttendanceStatus.CANCELLED_BY_PRACTICE: Status("Could not be booked", "ended"),
}
OWN_CANCELLATIONS = (AttendanceStatus.CANCELLED, AttendanceStatus.LATE_CANCELLED)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: what they may change, whether sessions say for whom they are, and the photos that they see."""

    books_for: frozenset[int]
    own_id: int | None
    names_clients: bool
    photos: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Person:
    """A therapist of a session; ``photo_href`` is "" where there is only a name."""

    name: str
    pronouns: str
    photo_href: str


@dataclass(frozen=True, slots=True)
class OnTheDay:
    """What can be said on the day: that one is here, or late; and what was said."""

    can_say_here: bool
    can_say_late: bool
    can_take_back: bool
    late_words: str

    @property
    def is_shown(self) -> bool:
        """Whether there is anything of it."""
        return self.can_say_here or self.can_say_late or self.can_take_back


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session of a client; ``consequence`` says what cancelling it now means, ``whose`` begins a sentence.

    ``waiting`` says until when a request is answered, and is "" for what is booked.
    """

    public_id: str
    near: str
    day: str
    span: str
    zone: str
    service: str
    people: tuple[Person, ...]
    where: str
    directions: str
    what_to_expect: str
    who: str
    pronouns: str
    names_client: bool
    whose: str
    status: Status
    on_the_day: OnTheDay
    is_open: bool
    is_movable: bool
    can_undo: bool
    consequence: str
    fee: str
    waiting: str = ""
    expectations: Expectations | None = None
    course_href: str = ""
    repeats: str = ""
    series_href: str = ""
    rest_href: str = ""

    @property
    def therapist(self) -> str:
        """ "Maya Lindqvist and Jonah Weiss"."""
        return join_words([person.name for person in self.people])

    @property
    def is_unusual(self) -> bool:
        """Whether a list of the past has to say how it stands: it took place, unless something is said."""
        return self.status not in (PAST, STATUSES[AttendanceStatus.COMPLETED])

    @property
    def is_taken_back(self) -> bool:
        """Whether it was a request that whoever asked took back."""
        return self.status == REQUESTS[AttendanceStatus.CANCELLED]

    @property
    def for_whom(self) -> str:
        """ ", for Leo Carter" where that is not clear."""
        return f", for {self.who}" if self.names_client else ""

    @property
    def facts(self) -> list[Fact]:
        """What the session's page lists."""
        rows = [
            Fact("When", f"{self.day}, {self.span}\n{self.zone}"),
            Fact("For", " · ".join(part for part in (self.who, self.pronouns) if part) if self.names_client else ""),
            Fact("Where", self.where),
            Fact("How to get in", self.directions),
            Fact("What to expect", "" if self.expectations else self.what_to_expect),
            Fact("Fee for cancelling", self.fee),
        ]
        return [row for row in rows if row.value]


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is open, and where it can be done."""

    words: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class HomeView:
    """What a client's start page shows."""

    next: SessionView | None
    due: Sequence[Due]
    soon: Sequence[SessionView]
    later: Sequence[SessionView]
    past: Sequence[SessionView]
    pages: PageLinks
    can_book: bool
    has_details: bool
    looks_after: bool


def zone_of(appointment: Appointment, client_zone: str) -> str:
    """Return the zone a session's times are said in: its place's in person, the client's online."""
    return appointment.location.zone if appointment.location else client_zone


def session_view(attendance: Attendance, facts: PracticeFacts, now: datetime, reader: Reader) -> SessionView:
    """Return one session as its reader sees it. The appointment must be loaded whole."""
    appointment, client = attendance.appointment, attendance.client
    zone, habit = zone_of(appointment, client.zone), habit_of(facts.locale)
    may_change = attendance.client_id in reader.books_for
    is_open = may_change and attendance.status == AttendanceStatus.BOOKED and appointment.starts_at > now
    is_asked = appointment.answer_by is not None  # and never booked, whatever became of it
    on, today = local_date(appointment.starts_at, zone), local_date(now, zone)
    near = relative_day(on, today)
    return SessionView(
        public_id=attendance.public_id,
        near=near if near in ("Today", "Tomorrow") else "",
        day=format_day(on, relative_to=today),
        span=format_span(appointment.starts_at, appointment.ends_at, zone, habit),
        zone=format_zone(zone),
        service=appointment.service.name,
        people=tuple(_person(row, reader) for row in appointment.therapists),
        where=address_of(appointment),
        directions=appointment.location.directions if appointment.location else "",
        what_to_expect=appointment.service.what_to_expect,
        who=client.display_name,
        pronouns=client.pronouns,
        names_client=reader.names_clients,
        whose="Your session" if client.id == reader.own_id else f"{client.display_name}’s session",
        status=_status(attendance, now),
        on_the_day=_on_the_day(attendance, now, may_change=may_change and not is_asked),
        is_open=is_open,
        is_movable=is_open and appointment.service.kind != ServiceKind.GROUP and not is_asked,
        can_undo=may_change and not is_asked and is_undoable(attendance, now),
        consequence=_consequence(attendance, zone, facts, now) if is_open else "",
        fee=_fee(attendance, facts),
        expectations=dates_card([appointment], facts),
        course_href=url_for("client.course", public_id=attendance.public_id) if appointment.course_id else "",
        repeats=every_words(appointment.series.every_weeks) if appointment.series else "",
        series_href=url_for("client.series", public_id=appointment.series.public_id) if appointment.series else "",
        rest_href=_rest_href(attendance) if is_open else "",
        waiting=_waiting(appointment, zone, facts),
    )


def _fee(attendance: Attendance, facts: PracticeFacts) -> str:
    """ "$60", "$60, which we have waived", or "" where cancelling cost nothing."""
    if not attendance.late_fee_cents:
        return ""
    fee = format_money(attendance.late_fee_cents, facts.currency)
    return fee if attendance.fee_waived_at is None else f"{fee}, which we have waived"


def is_undoable(attendance: Attendance, now: datetime) -> bool:
    """Whether a client's own cancellation can still be taken back."""
    return attendance.status in OWN_CANCELLATIONS and now < attendance.status_at + UNDO_FOR


def _waiting(appointment: Appointment, zone: str, facts: PracticeFacts) -> str:
    """ "Waiting for an answer by Tuesday 24 November, 5:00 PM", "" for what is booked, or was never to be."""
    if appointment.status != AppointmentStatus.REQUESTED or appointment.answer_by is None:
        return ""
    return f"Waiting for an answer by {format_moment(appointment.answer_by, zone, habit_of(facts.locale))}."


def _consequence(attendance: Attendance, zone: str, facts: PracticeFacts, now: datetime) -> str:
    """Return what giving up a place means now: a request can always be taken back."""
    appointment = attendance.appointment
    if appointment.answer_by is not None:
        return TAKING_BACK
    return cancel_words(appointment.starts_at, zone, terms_for_place(attendance, facts), facts, now)


def _rest_href(attendance: Attendance) -> str:
    """Return where this session and those after it are cancelled; one of two cannot speak for the other."""
    appointment = attendance.appointment
    if appointment.series is None or appointment.service.kind != ServiceKind.INDIVIDUAL:
        return ""
    return url_for("client.series_cancel", public_id=appointment.series.public_id, since=attendance.public_id)


def local_date(at: datetime, zone: str) -> date:
    """Return the date that the zone's clocks show."""
    return at.astimezone(ZoneInfo(zone)).date()


def _person(row: AppointmentTherapist, reader: Reader) -> Person:
    digest = reader.photos.get(row.therapist_id)
    photo = url_for("public.picture", digest=digest) if digest else ""
    return Person(row.therapist.name, row.therapist.pronouns, photo)


def _status(attendance: Attendance, now: datetime) -> Status:
    """Return how a place stands: what was not noted afterwards is past, and nobody's fault."""
    appointment, status = attendance.appointment, AttendanceStatus(attendance.status)
    if appointment.answer_by is not None and status in REQUESTS:
        return REQUESTS[status]
    if status in STATUSES:
        return STATUSES[status]
    if status == AttendanceStatus.ARRIVED:
        is_over = now >= appointment.ends_at
        return STATUSES[AttendanceStatus.COMPLETED] if is_over else Status("Here", "now", "check")
    if now >= appointment.ends_at:
        return PAST
    return Status("Now", "now", "clock") if now >= appointment.starts_at else Status("Booked", "good", "check")


def _on_the_day(attendance: Attendance, now: datetime, *, may_change: bool) -> OnTheDay:
    appointment, status = attendance.appointment, attendance.status
    when = appointment.starts_at, appointment.ends_at, now
    can_say_late = may_change and may_say_late(status, *when)
    is_late = can_say_late and attendance.late_minutes
    return OnTheDay(
        can_say_here=may_change and may_say_here(status, *when),
        can_say_late=can_say_late,
        can_take_back=may_change
        and may_take_back(status, attendance.status_at, attendance.said_at, appointment.ends_at, now),
        late_words=f"about {humanize_minutes(attendance.late_minutes)}" if is_late else "",  # type: ignore[arg-type]
    )
