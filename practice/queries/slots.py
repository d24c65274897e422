"""Open times, for pages and for the API: one statement for any request whose rules and calendars did not change.

    times = times_of(session, "individual", None, viewer="public", now=g.now)  # None: with everyone
    times.between(first_on, last_on, "America/New_York")  # every Slot, by start and therapist
    times.first_on("America/New_York", since)             # the first date with a slot, or None
    times.next_from(last_on, "America/New_York")          # the first date after last_on with a slot, or None

What narrows the times for whoever will come is an ``Asking`` (``practice.domain.asking``): another length of the
service, needs, the region they will be in, what they had and booked already (``practice.queries.pasts``):

    asking = Asking(duration_minutes=80, needs=needs, region="NY", past=past)
    times_of(session, "individual", None, viewer="clients", now=g.now, asking=asking)

At most three statements, whatever the number of therapists (``practice.queries.busy``); a group's dates are one more
than the revisions, and busy time is then not read. Only ``times_of`` asks the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Select, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from practice.domain.asking import ANYBODY, NOT_ASKING, Asker, Asking, asker_of, refused_spans
from practice.domain.errors import NotFound
from practice.domain.intervals import Span, instant, merge, without
from practice.domain.openings import Openings, Sheet
from practice.domain.rule_book import Audience, Modality, RuleBook, Service, Therapist
from practice.domain.slots import GroupSession, Slot, Ways, bookable_span, group_slots
from practice.domain.weekly_hours import date_of, minute_of
from practice.models import Appointment, AppointmentStatus, AppointmentTherapist, Course, Enrolment, Hold, Lead
from practice.models.base import UtcDateTime
from practice.queries.busy import Wanted, openings_for
from practice.queries.expressions import minute_down, minute_up

__all__ = ["Times", "times_of"]


@dataclass(frozen=True)
class Times:
    """The open times of one service with some therapists, as one moment has them. Dates are those of the zone named.

    ``service`` is as it was asked for: its length may be another, its rooms may need more. ``refused`` are spans that
    are not open to those who come, because of what they had and booked: sorted and apart.
    """

    openings: Openings
    service: Service
    therapists: tuple[Therapist, ...]
    bookable: Span
    sessions: Mapping[Slot, GroupSession] = field(default_factory=dict)
    asker: Asker = ANYBODY
    refused: tuple[Span, ...] = ()

    @property
    def rules(self) -> RuleBook:
        """The rule book that the times follow."""
        return self.openings.rules

    def end_of(self, slot: Slot) -> int:
        """Return the epoch minute at which a slot's session ends."""
        session = self.sessions.get(slot)
        return session.end if session else slot.start + self.service.duration_minutes

    def span(self, first_on: date, last_on: date, zone: str) -> Span:
        """Return the bookable part of some days, both inclusive: empty where they lie outside, however far."""
        low, high = (date_of(zone, minute) for minute in self.bookable)
        if last_on < low or first_on > high:
            return self.bookable[0], self.bookable[0]
        first = minute_of(zone, max(first_on, low), 0)
        end = minute_of(zone, min(last_on, high) + timedelta(days=1), 0)
        return max(first, self.bookable[0]), max(first, min(end, self.bookable[1]))

    def between(self, first_on: date, last_on: date, zone: str) -> list[Slot]:
        """Return every slot on some days, both inclusive, by start and then in the order of the therapists."""
        return self.within(self.span(first_on, last_on, zone))

    def within(self, span: Span) -> list[Slot]:
        """Return every slot in a bookable span, by start and then in the order of the therapists."""
        if self.service.kind == "group":
            return [slot for slot in self.sessions if span[0] <= slot.start < span[1]]
        slots = self.openings.slots(self.service, self.therapists, span, self.asker)
        return [slot for slot in slots if not self._is_refused(slot.start)] if self.refused else slots

    def _is_refused(self, start: int) -> bool:
        return any(span[0] <= start < span[1] for span in self.refused)

    def sheets(self, span: Span) -> Sequence[Sheet]:
        """Return what the slots in a span are kept in (``practice.domain.openings``); a group has none.

        They hold what is refused, too.
        """
        if self.service.kind == "group":
            return ()
        return self.openings.sheets(self.service, self.therapists, span, self.asker)

    def first_on(self, zone: str, since: date | None = None) -> date | None:
        """Return the first date with a slot, not before ``since``, or None within the window. It lists nothing."""
        first = self.bookable[0]
        if since is not None:
            if since > date_of(zone, self.bookable[1]):
                return None
            first = max(first, minute_of(zone, max(since, date_of(zone, first)), 0))
        start = self._first_start((first, self.bookable[1]))
        return None if start is None else date_of(zone, start)

    def next_from(self, last_on: date, zone: str) -> date | None:
        """Return the first date after ``last_on`` with a slot, or None within the window."""
        if last_on >= date_of(zone, self.bookable[1]):
            return None
        return self.first_on(zone, last_on + timedelta(days=1))

    def first_start(self) -> int | None:
        """Return the first start within the window as an epoch minute, or None. It lists nothing."""
        return self._first_start(self.bookable)

    def _first_start(self, span: Span) -> int | None:
        if self.service.kind == "group":
            return next((slot.start for slot in self.sessions if span[0] <= slot.start < span[1]), None)
        starts = (
            self.openings.first_start(self.service, self.therapists, part, self.asker)
            for part in without([span], self.refused)
        )
        return next((start for start in starts if start is not None), None)


def times_of(
    session: Session,
    service: str,
    therapist: str | None,
    *,
    viewer: Audience,
    now: datetime,
    asking: Asking = NOT_ASKING,
) -> Times:
    """Return the open times of a service with one therapist, or with everyone whom the viewer may see (slugs).

    Raises NotFound where the viewer sees no such service or therapist, or it has no such length. One statement, at most
    three.
    """
    wanted = Wanted(service, therapist, viewer, asking.duration_minutes, asking.needs)
    openings, named = openings_for(session, wanted, now)
    if named is None:
        raise NotFound
    bookable = bookable_span(openings.rules, named.service, now, viewer)
    if named.service.kind != "group":
        asker = asker_of(openings.rules, asking)
        past = asking.past
        refused = merge(refused_spans(openings.rules, named.service, past, bookable)) if past is not None else ()
        return Times(openings, named.service, named.therapists, bookable, asker=asker, refused=refused)
    dates = _group_sessions(session, named.service, bookable, now)
    if therapist is not None:
        whom = openings.rules.therapist_by_slug[therapist]
        dates = [each for each in dates if each.therapist_id == whom.id]
    found = group_slots(openings.rules, named.service, dates, now, viewer)
    leaders = {each.therapist_id for each in found}
    therapists = tuple(each for each in openings.rules.therapists if each.id in leaders)
    return Times(openings, named.service, therapists, bookable, {_slot(each): each for each in found})


def _slot(session: GroupSession) -> Slot:
    places = () if session.location_id is None else (session.location_id,)
    return Slot(session.start, session.therapist_id, Ways(places, online=session.modality == "online"))


def _group_sessions(session: Session, service: Service, span: Span, now: datetime) -> list[GroupSession]:
    rows = session.connection().execute(
        _GROUP_SESSIONS, {"service": service.id, "first": instant(span[0]), "end": instant(span[1]), "now": now}
    )
    return [
        GroupSession(
            row[0],
            service.id,
            row[1],
            row[2],
            row[3],
            row[4],
            row[5] - row[6],
            row[7],
            row[8],
            row[9] == Enrolment.COURSE,
        )
        for row in rows
    ]


def _group_sessions_statement() -> Select[int, int, int, int, int, int, int, Modality, int | None, str]:
    """Dates of a group with who leads them; places of holds that have lapsed are free again."""
    lapsed = (
        select(func.coalesce(func.sum(Hold.places), literal_column("0")))
        .where(Hold.appointment_id == Appointment.id, Hold.held_until <= bindparam("now", type_=UtcDateTime))
        .correlate(Appointment)
        .scalar_subquery()
    )
    return (
        select(
            Appointment.id,
            AppointmentTherapist.therapist_id,
            minute_down(Appointment.starts_at),
            minute_up(Appointment.ends_at),
            Appointment.capacity,
            Appointment.places_taken,
            lapsed,
            Appointment.modality,
            Appointment.location_id,
            Course.enrol,
        )
        .outerjoin(Course, Course.id == Appointment.course_id)
        .join(AppointmentTherapist, AppointmentTherapist.appointment_id == Appointment.id)
        .where(
            AppointmentTherapist.part == Lead.LEAD,
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.service_id == bindparam("service"),
            Appointment.starts_at >= bindparam("first", type_=UtcDateTime),
            Appointment.starts_at < bindparam("end", type_=UtcDateTime),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )


_GROUP_SESSIONS = _group_sessions_statement()
