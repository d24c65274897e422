"""A client's sessions as their pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from practice.models import Appointment, Attendance, AttendanceStatus, ServiceKind
from practice.queries.practice import PracticeFacts
from practice.web.board import Status
from practice.web.cancel_words import cancel_words
from practice.web.facts import Fact
from practice.web.paging import PageLinks
from practice.web.presenting import format_day, format_span, format_zone, habit_of, join_words
from practice.web.sessions_shown import address_of

STATUSES = {
    AttendanceStatus.BOOKED: Status("Booked", "good", "check"),
    AttendanceStatus.ARRIVED: Status("You are here", "now", "check"),
    AttendanceStatus.COMPLETED: Status("Took place", "", "check"),
    AttendanceStatus.NO_SHOW: Status("Did not take place"),
    AttendanceStatus.CANCELLED: Status("Cancelled", "ended"),
    AttendanceStatus.LATE_CANCELLED: Status("Cancelled", "ended"),
    AttendanceStatus.CANCELLED_BY_PRACTICE: Status("Cancelled by us", "ended"),
}


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session of a client; ``consequence`` says what cancelling it now means."""

    public_id: str
    day: str
    span: str
    zone: str
    service: str
    therapist: str
    where: str
    directions: str
    what_to_expect: str
    who: str
    status: Status
    is_open: bool
    is_movable: bool
    consequence: str

    @property
    def facts(self) -> list[Fact]:
        """What the session's page lists."""
        rows = [
            Fact("When", f"{self.day}, {self.span}\n{self.zone}"),
            Fact("With", self.therapist),
            Fact("Where", self.where),
            Fact("How to get in", self.directions),
            Fact("For", self.who),
            Fact("What to expect", self.what_to_expect),
        ]
        return [row for row in rows if row.value]


@dataclass(frozen=True, slots=True)
class HomeView:
    """What a client's start page shows; ``names_clients`` where the account acts for more than one."""

    next: SessionView | None
    coming: Sequence[SessionView]
    past: Sequence[SessionView]
    pages: PageLinks
    names_clients: bool


def zone_of(appointment: Appointment, client_zone: str) -> str:
    """Return the zone a session's times are said in: its place's in person, the client's online."""
    return appointment.location.zone if appointment.location else client_zone


def session_view(attendance: Attendance, facts: PracticeFacts, now: datetime, *, may_change: bool) -> SessionView:
    """Return one session as its client sees it. The appointment must be loaded whole."""
    appointment, client = attendance.appointment, attendance.client
    zone, habit = zone_of(appointment, client.zone), habit_of(facts.locale)
    is_open = may_change and attendance.status == AttendanceStatus.BOOKED and appointment.starts_at > now
    return SessionView(
        public_id=attendance.public_id,
        day=format_day(local_date(appointment.starts_at, zone), relative_to=local_date(now, zone)),
        span=format_span(appointment.starts_at, appointment.ends_at, zone, habit),
        zone=format_zone(zone),
        service=appointment.service.name,
        therapist=join_words([row.therapist.name for row in appointment.therapists]),
        where=address_of(appointment),
        directions=appointment.location.directions if appointment.location else "",
        what_to_expect=appointment.service.what_to_expect,
        who=client.display_name,
        status=STATUSES[AttendanceStatus(attendance.status)],
        is_open=is_open,
        is_movable=is_open and appointment.service.kind != ServiceKind.GROUP,
        consequence=cancel_words(appointment.starts_at, zone, facts, now) if is_open else "",
    )


def local_date(at: datetime, zone: str) -> date:
    """Return the date that the zone's clocks show."""
    return at.astimezone(ZoneInfo(zone)).date()
