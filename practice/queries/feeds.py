"""What calendar feeds read: in one statement whether anything changed, in two more what there is to show."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    not_,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from practice.domain.ages import BirthDates
from practice.domain.calendars import Attendee, Window
from practice.domain.consenting import ConsentRules, is_of_age
from practice.domain.lifecycle import GIVEN_UP
from practice.domain.series import Rule
from practice.models import (
    AccessKind,
    Account,
    Appointment,
    AppointmentStatus,
    AppointmentTherapist,
    Attendance,
    CalendarFeed,
    Client,
    ClientAccess,
    FeedKind,
    Lead,
    Location,
    Practice,
    Resource,
    RuleBookRevision,
    Series,
    Service,
    ServiceKind,
    Therapist,
)
from practice.models.base import UtcDateTime
from practice.queries.appointments import SHOWN
from practice.queries.hot import HotStatement


@dataclass(frozen=True, slots=True)
class FeedState:
    """A feed, and everything that its ETag depends on."""

    id: int
    public_id: str
    kind: str
    resource_id: int | None
    level: str
    name: str
    revoked_at: datetime | None
    last_fetched_at: datetime | None
    content_tag: str
    content_at: datetime | None
    zone: str
    allows_full_names: bool
    revision: int
    rules: str
    is_disabled: bool
    is_bound: bool
    sees_times: bool | None
    valid_from: date | None
    valid_until: date | None
    access_kind: str | None
    client_public_id: str | None
    wrapped_key: bytes | None
    birth_date_sealed: bytes | None
    majority_age: int

    def is_allowed(self, today: date, born_on: BirthDates) -> bool:
        """Whether whoever made it may still see what it shows: a client's times need access that is valid today, and a
        guardian's ends when the client is of age.
        """
        if self.is_disabled:
            return False
        if not self.is_bound:
            return True
        is_valid = self.valid_from is not None and self.valid_from <= today
        if not (self.sees_times and is_valid and (self.valid_until is None or today <= self.valid_until)):
            return False
        if self.access_kind != AccessKind.GUARDIAN:
            return True
        born = born_on(self.wrapped_key, self.client_public_id or "", self.birth_date_sealed)
        return not is_of_age(born, ConsentRules(self.majority_age), today)


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One appointment of a feed, before its privacy level is applied."""

    id: int
    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    is_cancelled: bool
    revised_at: datetime
    is_group: bool
    lead: str
    location: str | None
    address: str | None
    series_id: int | None
    original_starts_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """What the sessions of a series share in a feed."""

    id: int
    uid: str
    sequence: int
    revised_at: datetime
    rule: Rule


@dataclass(frozen=True, slots=True)
class FeedOwner:
    """Somebody whose calendar can be linked to: a therapist, or a client whom an account acts for."""

    kind: str
    public_id: str
    resource_id: int
    name: str


@dataclass(frozen=True, slots=True)
class OwnFeed:
    """A live feed as its owner sees it; the link itself cannot be shown again."""

    resource_id: int | None
    public_id: str
    kind: str
    level: str
    name: str
    created_at: datetime
    last_fetched_at: datetime | None
    last_program: str


# A resource's revision rises with every change of its time; the practice's is the sum over its therapists.
_REVISION = func.coalesce(
    Resource.revision,
    select(func.sum(Resource.revision)).join(Therapist, Therapist.resource_id == Resource.id).scalar_subquery(),
    0,
)
_STATE = HotStatement(
    select(
        CalendarFeed.id,
        CalendarFeed.public_id,
        CalendarFeed.kind,
        CalendarFeed.resource_id,
        CalendarFeed.level,
        CalendarFeed.name,
        CalendarFeed.revoked_at,
        CalendarFeed.last_fetched_at,
        CalendarFeed.content_tag,
        CalendarFeed.content_at,
        Practice.zone,
        Practice.allows_full_names_in_feeds,
        _REVISION,
        RuleBookRevision.token,
        Account.disabled_at.is_not(None),
        and_(CalendarFeed.kind == FeedKind.CLIENT, CalendarFeed.account_id.is_not(None)),
        ClientAccess.can_see_times,
        ClientAccess.valid_from,
        ClientAccess.valid_until,
        ClientAccess.kind,
        Client.public_id,
        Client.wrapped_key,
        Client.birth_date_sealed,
        Practice.majority_age,
    )
    .select_from(CalendarFeed)
    .outerjoin(Resource, Resource.id == CalendarFeed.resource_id)
    .outerjoin(Account, Account.id == CalendarFeed.account_id)
    .outerjoin(Client, Client.resource_id == CalendarFeed.resource_id)
    .outerjoin(
        ClientAccess, and_(ClientAccess.client_id == Client.id, ClientAccess.account_id == CalendarFeed.account_id)
    )
    .join(Practice, Practice.id == 1)
    .join(RuleBookRevision, RuleBookRevision.id == 1)
    .where(CalendarFeed.token_hash == bindparam("token_hash"))
)


def feed_state(engine: Engine, token_hash: bytes) -> FeedState | None:
    """Return the feed of a token, live or revoked; one statement, which reads no appointment.

    Calendar programs ask often, and nearly always only this.
    """
    row = _STATE.first(engine, token_hash=token_hash)
    return None if row is None else FeedState(*row)


def feed_owners(session: Session, therapist_id: int | None, client_ids: Collection[int]) -> list[FeedOwner]:
    """Return whose calendars somebody may link to: their own as a therapist, then their clients'. One statement."""
    therapist = select(
        literal(FeedKind.THERAPIST.value), Therapist.public_id, Therapist.resource_id, Therapist.name
    ).where(Therapist.id == therapist_id)
    clients = select(literal(FeedKind.CLIENT.value), Client.public_id, Client.resource_id, Client.name).where(
        Client.id.in_(client_ids)
    )
    rows = session.execute(union_all(therapist, clients))
    return sorted((FeedOwner(*row) for row in rows), key=lambda each: (each.kind == FeedKind.CLIENT, each.resource_id))


def feeds_of(session: Session, resource_ids: Collection[int | None]) -> list[OwnFeed]:
    """Return the live feeds of therapists or clients, newest first. One statement."""
    rows = session.execute(
        select(
            CalendarFeed.resource_id,
            CalendarFeed.public_id,
            CalendarFeed.kind,
            CalendarFeed.level,
            CalendarFeed.name,
            CalendarFeed.created_at,
            CalendarFeed.last_fetched_at,
            CalendarFeed.last_program,
        )
        .where(CalendarFeed.resource_id.in_(resource_ids), CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.created_at.desc(), CalendarFeed.id.desc())
    )
    return [OwnFeed(*row) for row in rows]


def feed_rows(session: Session, feed: FeedState, window: Window) -> list[FeedRow]:
    """Return the appointments that the feed shows, by start; holds are never among them."""
    if feed.kind == FeedKind.CLIENT:
        query = (
            _sessions(_of_place(), window)
            .join(Attendance, Attendance.appointment_id == Appointment.id)
            .join(Client, Client.id == Attendance.client_id)
            .where(Client.resource_id == feed.resource_id)
        )
    elif feed.kind == FeedKind.THERAPIST:
        query = _sessions(_of_appointment(), window).where(Appointment.id.in_(_led_by(feed.resource_id)))
    else:
        query = _sessions(_of_appointment(), window)
    return [FeedRow(*row) for row in session.execute(query)]


def series_in(session: Session, rows: Iterable[FeedRow]) -> dict[int, SeriesRow]:
    """Return the series that some rows of a feed belong to, by id. One statement, or none where there is no series."""
    ids = sorted({row.series_id for row in rows if row.series_id is not None})
    found: dict[int, SeriesRow] = {}
    for start in range(0, len(ids), 5000):
        for row in session.execute(select(*_SERIES).where(Series.id.in_(ids[start : start + 5000]))):
            number, uid, sequence, revised_at, zone, start_minute, starts_on, every_weeks = row
            found[number] = SeriesRow(
                number, uid, sequence, revised_at, Rule(zone, start_minute, starts_on, every_weeks)
            )
    return found


_SERIES = (
    Series.id,
    Series.uid,
    Series.sequence,
    Series.revised_at,
    Series.zone,
    Series.start_minute,
    Series.starts_on,
    Series.every_weeks,
)


def attendees_of(session: Session, appointment_ids: Sequence[int]) -> dict[int, list[Attendee]]:
    """Return who comes to each appointment, in the order in which they booked."""
    found: dict[int, list[Attendee]] = defaultdict(list)
    for start in range(0, len(appointment_ids), 5000):
        rows = session.execute(
            select(Attendance.appointment_id, Client.public_id, Client.chosen_name, Client.name)
            .join(Client, Client.id == Attendance.client_id)
            .join(Appointment, Appointment.id == Attendance.appointment_id)
            .where(
                Attendance.appointment_id.in_(appointment_ids[start : start + 5000]),
                Attendance.status.not_in(GIVEN_UP) | (Appointment.status == AppointmentStatus.CANCELLED),
            )
            .order_by(Attendance.id)
        )
        for appointment_id, public_id, chosen_name, name in rows:
            found[appointment_id].append(Attendee(public_id, chosen_name or name))
    return found


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where a row's place in its own life is read from: an appointment's, or one client's place in it."""

    sequence: ColumnElement[int]
    is_cancelled: ColumnElement[bool]
    cancelled_at: ColumnElement[datetime]
    revised_at: ColumnElement[datetime]


def _of_appointment() -> _Shape:
    return _Shape(
        sequence=type_coerce(Appointment.sequence, Integer),
        is_cancelled=Appointment.status == AppointmentStatus.CANCELLED,
        cancelled_at=type_coerce(Appointment.cancelled_at, UtcDateTime),
        revised_at=type_coerce(Appointment.revised_at, UtcDateTime),
    )


def _of_place() -> _Shape:
    """A place that was given up is a cancelled event, also where the group goes on without this client."""
    gave_up = Attendance.status.in_(GIVEN_UP)
    left_early = and_(gave_up, Appointment.status != AppointmentStatus.CANCELLED)
    return _Shape(
        sequence=Appointment.sequence + case((left_early, 1), else_=0),
        is_cancelled=or_(Appointment.status == AppointmentStatus.CANCELLED, gave_up),
        cancelled_at=func.coalesce(Appointment.cancelled_at, Attendance.status_at),
        revised_at=case(
            (and_(left_early, Attendance.status_at > Appointment.revised_at), Attendance.status_at),
            else_=Appointment.revised_at,
        ),
    )


def _sessions(shape: _Shape, window: Window) -> Select[*tuple[Any, ...]]:
    lead = and_(AppointmentTherapist.appointment_id == Appointment.id, AppointmentTherapist.part == Lead.LEAD)
    return (
        select(
            Appointment.id,
            Appointment.uid,
            shape.sequence,
            Appointment.starts_at,
            Appointment.ends_at,
            Appointment.zone,
            shape.is_cancelled,
            shape.revised_at,
            Service.kind == ServiceKind.GROUP,
            Therapist.name,
            Location.name,
            Location.address,
            Appointment.series_id,
            Appointment.original_starts_at,
        )
        .join(Service, Service.id == Appointment.service_id)
        .join(AppointmentTherapist, lead)
        .join(Therapist, Therapist.id == AppointmentTherapist.therapist_id)
        .outerjoin(Location, Location.id == Appointment.location_id)
        .where(
            Appointment.status.in_(SHOWN),
            Appointment.answer_by.is_(None),  # what was asked for and never booked is not cancelled either
            Appointment.starts_at >= window.starts_at,
            Appointment.starts_at < window.ends_at,
            or_(not_(shape.is_cancelled), shape.cancelled_at >= window.cancelled_since),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )


def _led_by(resource_id: int | None) -> Select[int]:
    """The appointments that a therapist leads or co-leads."""
    part, therapist = aliased(AppointmentTherapist), aliased(Therapist)
    return (
        select(part.appointment_id)
        .join(therapist, therapist.id == part.therapist_id)
        .where(therapist.resource_id == resource_id)
    )
