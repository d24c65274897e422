"""A client's sessions as their pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from practice.domain.lifecycle import cancellation
from practice.models import Appointment, Attendance, AttendanceStatus, Modality
from practice.queries.practice import PracticeFacts
from practice.web.presenting import format_day, format_moment, format_money, format_span, format_zone, habit_of

WORDS = {
    AttendanceStatus.BOOKED: ("Booked", "good", "check"),
    AttendanceStatus.ARRIVED: ("You are here", "now", "check"),
    AttendanceStatus.COMPLETED: ("Took place", "", "check"),
    AttendanceStatus.NO_SHOW: ("Did not take place", "", ""),
    AttendanceStatus.CANCELLED: ("Cancelled", "ended", ""),
    AttendanceStatus.LATE_CANCELLED: ("Cancelled", "ended", ""),
    AttendanceStatus.CANCELLED_BY_PRACTICE: ("Cancelled by us", "ended", ""),
}


@dataclass(frozen=True, slots=True)
class StatusView:
    """A status in words, with its tone and icon."""

    words: str
    tone: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of a list of facts."""

    label: str
    value: str
    change_href: str = ""


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session of a client."""

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
    status: StatusView
    is_open: bool
    is_movable: bool

    @property
    def facts(self) -> list[Fact]:
        """What the session's page lists."""
        rows = [
            Fact("When", f"{self.day}, {self.span} ({self.zone})"),
            Fact("With", self.therapist),
            Fact("Where", self.where),
            Fact("How to get in", self.directions),
            Fact("For", self.who),
            Fact("What to expect", self.what_to_expect),
        ]
        return [row for row in rows if row.value]


def zone_of(appointment: Appointment, client_zone: str) -> str:
    """Return the zone a session's times are said in: its place's in person, the client's online."""
    return appointment.location.zone if appointment.location else client_zone


def session_view(attendance: Attendance, facts: PracticeFacts, now: datetime) -> SessionView:
    """Return one session as its client sees it. The appointment must be loaded whole."""
    appointment, client = attendance.appointment, attendance.client
    zone, habit = zone_of(appointment, client.zone), habit_of(facts.locale)
    is_open = attendance.status == AttendanceStatus.BOOKED and appointment.starts_at > now
    return SessionView(
        public_id=attendance.public_id,
        day=format_day(local_date(appointment.starts_at, zone), relative_to=local_date(now, zone)),
        span=format_span(appointment.starts_at, appointment.ends_at, zone, habit),
        zone=format_zone(zone),
        service=appointment.service.name,
        therapist=" and ".join(row.therapist.name for row in appointment.therapists),
        where=_where(appointment),
        directions=appointment.location.directions if appointment.location else "",
        what_to_expect=appointment.service.what_to_expect,
        who=client.display_name,
        status=StatusView(*WORDS[AttendanceStatus(attendance.status)]),
        is_open=is_open,
        is_movable=is_open and appointment.service.kind != "group",
    )


def local_date(at: datetime, zone: str) -> date:
    """Return the date that the zone's clocks show."""
    return at.astimezone(ZoneInfo(zone)).date()


def _where(appointment: Appointment) -> str:
    if appointment.modality == Modality.ONLINE or appointment.location is None:
        return "Online"
    return ", ".join(part for part in (appointment.location.name, appointment.location.address) if part)


def consequence(attendance: Attendance, facts: PracticeFacts, now: datetime) -> str:
    """Return what cancelling now means, by the rule that is applied when it is done."""
    meaning = cancellation(
        attendance.appointment.starts_at,
        now=now,
        free_cancel_hours=facts.free_cancel_hours,
        late_fee_cents=facts.late_fee_cents,
    )
    zone = zone_of(attendance.appointment, attendance.client.zone)
    until = format_moment(meaning.free_until, zone, habit_of(facts.locale))
    fee = format_money(facts.late_fee_cents, facts.currency)
    if meaning.late_fee_cents is None:
        after = f" After that, the fee is {fee}." if facts.late_fee_cents else ""
        return f"Cancelling is free until {until}.{after}"
    if not meaning.late_fee_cents:
        return "Cancelling is free."
    return f"Cancelling was free until {until}. If you cancel now, the fee is {fee}."


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Where the pages before and after this one are."""

    previous_href: str = ""
    next_href: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class HomeView:
    """What a client's start page shows."""

    next: SessionView | None
    coming: Sequence[SessionView]
    past: Sequence[SessionView]
