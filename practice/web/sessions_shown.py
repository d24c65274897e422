"""Sessions as staff pages show them: who, when, where, how it stands, and what can be done next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from practice.domain.intervals import DAY
from practice.domain.lifecycle import OPEN
from practice.models import Appointment, AppointmentStatus, Attendance, Client, ServiceKind
from practice.web.board import Action, Block, Data, Status
from practice.web.presenting import Habit, format_span, format_time, initials, join_words

HrefOf = Callable[[str], str]
ARRIVES_WITHIN: Final = timedelta(hours=12)


class State(StrEnum):
    """Where a place stands on its day: what the desk counts, and looks for."""

    WAITING = "waiting"
    LATE = "late"
    IN_SESSION = "in-session"
    TO_COME = "to-come"
    TO_NOTE = "to-note"
    DONE = "done"
    GIVEN_UP = "given-up"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that can be noted of a place next: the words of the button, and the status it sends."""

    label: str
    status: str


@dataclass(frozen=True, slots=True)
class Seat:
    """One client's place in a session."""

    public_id: str
    name: str
    client_public_id: str
    status: Status
    state: State
    steps: tuple[Step, ...]
    can_be_cancelled: bool


@dataclass(frozen=True, slots=True)
class SessionCard:
    """One session. A group says how many come; the others name who comes."""

    public_id: str
    when: str
    title: str
    service: str
    where: str
    is_online: bool
    is_cancelled: bool
    href: str
    seats: tuple[Seat, ...]
    is_group: bool
    therapists: str

    @property
    def standing(self) -> str:
        """How its places stand, each word once: "Booked", "Waiting and booked"; of a group nothing."""
        words = [] if self.is_group else list(dict.fromkeys(seat.status.words for seat in self.seats))
        return join_words([words[0], *(each[:1].lower() + each[1:] for each in words[1:])]) if words else ""


@dataclass(frozen=True, slots=True)
class View:
    """How times and names are written, what time it is, and where a session's link leads."""

    zone: str
    habit: Habit
    now: datetime
    href_of: HrefOf
    hides_names: bool = False

    def name_of(self, client: Client) -> str:
        """Return what a client is called, or only the first letters where names are hidden."""
        return initials(client.display_name) if self.hides_names else client.display_name


WAITS: Final = Status("Waiting for an answer", "attention", "clock")
SETTLED: Final = {
    "completed": Status("Completed", "good", "check"),
    "no_show": Status("Did not come", "ended"),
    "cancelled": Status("Cancelled", "ended"),
    "late_cancelled": Status("Cancelled late", "ended"),
    "cancelled_by_practice": Status("Cancelled by us", "ended"),
}


def state_of(attendance: Attendance, starts_at: datetime, ends_at: datetime, now: datetime) -> State:
    """Return where a place stands now. Late is who said so, and who is not here once the session has begun."""
    if attendance.status in SETTLED:
        return State.GIVEN_UP if attendance.status.endswith(("cancelled", "by_practice")) else State.DONE
    if attendance.status == "arrived":
        if now < starts_at:
            return State.WAITING
        return State.IN_SESSION if now < ends_at else State.TO_NOTE
    if now >= ends_at:
        return State.TO_NOTE
    return State.LATE if now >= starts_at or attendance.late_minutes else State.TO_COME


def status_of(attendance: Attendance, starts_at: datetime, ends_at: datetime, now: datetime) -> Status:
    """Return how a place stands now, in words."""
    settled = SETTLED.get(attendance.status)
    if settled:
        return settled
    state = state_of(attendance, starts_at, ends_at, now)
    if state == State.LATE:
        said = attendance.late_minutes
        if said and now < starts_at + timedelta(minutes=said):
            return Status(f"Late: said {said} min", "attention", "clock")
        return Status("Not here yet", "attention", "clock")
    if state == State.TO_NOTE:
        has_come = attendance.status == "arrived"
        return Status("Session over", "attention", "clock") if has_come else Status("Not noted yet", "attention")
    return {
        State.WAITING: Status("Waiting", "good", "check"),
        State.IN_SESSION: Status("In session", "now"),
    }.get(state, Status("Booked"))


def steps_of(status: str, starts_at: datetime, now: datetime) -> tuple[Step, ...]:
    """Return what can be noted next; whatever was noted can be taken back."""
    has_begun = now >= starts_at
    if status == "booked":
        if now < starts_at - ARRIVES_WITHIN:
            return ()
        later = (Step("Completed", "completed"), Step("Did not come", "no_show")) if has_begun else ()
        return (Step("Arrived", "arrived"), *later)
    if status == "arrived":
        return (*((Step("Completed", "completed"),) if has_begun else ()), Step("Undo", "booked"))
    return {"completed": (Step("Undo", "arrived"),), "no_show": (Step("Undo", "booked"),)}.get(status, ())


def session_card(appointment: Appointment, view: View) -> SessionCard:
    """Return a session as a card. Everything that ``queries.appointments`` loads must be loaded."""
    is_group = appointment.service.kind == ServiceKind.GROUP
    is_cancelled = appointment.status == AppointmentStatus.CANCELLED
    seats = tuple(seat_of(attendance, appointment, view) for attendance in appointment.attendances)
    names = [seat.name for seat in seats if is_cancelled or seat.status.tone != "ended"] or [s.name for s in seats]
    return SessionCard(
        public_id=appointment.public_id,
        when=format_span(appointment.starts_at, appointment.ends_at, view.zone, view.habit),
        title=appointment.service.name if is_group else join_words(names) or "Nobody yet",
        service=f"{appointment.places_taken} of {appointment.capacity} places"
        if is_group
        else appointment.service.name,
        where=where_of(appointment),
        is_online=appointment.location is None,
        is_cancelled=is_cancelled,
        href=view.href_of(appointment.public_id),
        seats=seats,
        is_group=is_group,
        therapists=join_words([row.therapist.name for row in appointment.therapists]),
    )


def session_block(
    appointment: Appointment,
    view: View,
    *,
    look: str,
    card: SessionCard | None = None,
    line: str = "",
    more: Sequence[Step] | None = None,
    data: Data = (),
    key: str = "",
) -> Block:
    """Return a session as a block of a board, with buttons that note what happened where ``more`` may be noted too.

    ``card`` saves making it again; ``line`` stands in the place of the service and where it is. The first button
    stands on the block, the others in its menu.
    """
    card = card or session_card(appointment, view)
    start, end = (moment.astimezone(ZoneInfo(view.zone)) for moment in (appointment.starts_at, appointment.ends_at))
    only = card.seats[0] if len(card.seats) == 1 and not card.is_group and not card.is_cancelled else None
    steps = (*only.steps, *more) if only and more is not None else ()
    actions = [_action(step, only) for step in steps if only]
    first = 1 if only and only.steps else 0
    return Block(
        start_minute=start.hour * 60 + start.minute,
        end_minute=end.hour * 60 + end.minute if end.date() == start.date() else DAY,
        when=format_time(appointment.starts_at, view.zone, view.habit),
        title=card.title,
        href=card.href,
        lines=(line or f"{card.service} · {card.where}",),
        status=_shown(card),
        actions=tuple(actions[:first]),
        look="ended" if card.is_cancelled else look,
        data=data,
        key=key,
        menu=tuple(actions[first:]),
    )


def _shown(card: SessionCard) -> Status | None:
    """Return what a block says of a session: nothing where it is simply booked, or where its places differ."""
    if card.is_cancelled:
        return Status("Cancelled", "ended")
    found = {seat.status for seat in card.seats}
    if card.is_group or len(found) != 1:
        return None
    (only,) = found
    return only if only.words != "Booked" else None


def _action(step: Step, seat: Seat) -> Action:
    return Action(step.label, "", "do", f"{step.status}.{seat.public_id}")


def seat_of(attendance: Attendance, appointment: Appointment, view: View) -> Seat:
    """Return one client's place."""
    is_live = appointment.status == AppointmentStatus.BOOKED
    is_asked = appointment.status == AppointmentStatus.REQUESTED
    starts_at, ends_at = appointment.starts_at, appointment.ends_at
    return Seat(
        public_id=attendance.public_id,
        name=view.name_of(attendance.client),
        client_public_id=attendance.client.public_id,
        status=WAITS if is_asked else status_of(attendance, starts_at, ends_at, view.now),
        state=state_of(attendance, starts_at, ends_at, view.now),
        steps=steps_of(attendance.status, starts_at, view.now) if is_live else (),
        can_be_cancelled=is_live and attendance.status in OPEN,
    )


def where_of(appointment: Appointment) -> str:
    """ "West 12th Street, Garden room" or "Online"."""
    parts = [place.name for place in (appointment.location, appointment.room) if place is not None]
    return ", ".join(parts) or "Online"


def address_of(appointment: Appointment) -> str:
    """ "West 12th Street, 31 West 12th Street, New York" or "Online", for whoever has to get there."""
    place = appointment.location
    return ", ".join(part for part in (place.name, place.address) if part) if place else "Online"
