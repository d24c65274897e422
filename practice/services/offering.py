"""What the practice offers: services, and which therapist offers which. Every change is audited."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.permissions import Identity
from practice.models import Offer, Service, ServiceDuration, ServiceKind, Therapist
from practice.services import audit
from practice.services.keeping import same_in_use, take_turns
from practice.services.slugs import free_slug

PLACES = {ServiceKind.CONSULTATION: 1, ServiceKind.INDIVIDUAL: 1, ServiceKind.COUPLE: 2}
LEAST_IN_A_GROUP = 2


@dataclass(frozen=True, slots=True)
class DurationDetails:
    """Another length, in minutes, with its price where it has one; ``field`` is where somebody typed it."""

    minutes: int
    price_cents: int | None = None
    field: str = ""


@dataclass(frozen=True, slots=True)
class ServiceDetails:
    """A kind of session. Lengths are in minutes, the price in the smallest unit; None is as the practice has it.

    ``max_per_week`` None is no limit; a room must have all of ``room_features``.
    """

    name: str
    kind: str
    audience: str
    duration_minutes: int
    before_minutes: int
    after_minutes: int
    step_minutes: int
    capacity: int
    price_cents: int
    in_person: bool
    online: bool
    notice_minutes: int | None = None
    window_days: int | None = None
    about: str = ""
    what_to_expect: str = ""
    max_per_week: int | None = None
    needs_consultation: bool = False
    needs_approval: bool = False
    room_features: tuple[str, ...] = ()
    durations: tuple[DurationDetails, ...] = ()


@dataclass(frozen=True, slots=True)
class Offering:
    """That a therapist offers a service (its public id), how, and at which price where it differs."""

    service: str
    in_person: bool
    online: bool
    price_cents: int | None = None


def add_service(session: Session, new: ServiceDetails, *, by: Identity, now: datetime) -> Service:
    """Add a service after the others; the same one sent twice is one. Raises ValidationFailed."""
    values = _columns(new)
    same = same_in_use(session, Service, values)
    if same is not None and _lengths(durations_of(session, same.id)) == _lengths(new.durations):
        return same
    made = Service(
        slug=free_slug(session, Service.slug, new.name, "service"),
        position=(session.scalar(select(func.max(Service.position))) or 0) + 1,
        **values,
    )
    session.add(made)
    session.flush()
    _set_durations(session, made.id, new.durations)
    audit.record(session, "service.added", by=by, now=now, subject=("service", made.public_id))
    return made


def change_service(session: Session, public_id: str, new: ServiceDetails, *, by: Identity, now: datetime) -> None:
    """Change a service for bookings from now on; sessions that are booked keep what was agreed.

    Its kind stays what it was. Raises NotFound or ValidationFailed.
    """
    service = service_named(session, public_id)
    values = _columns(new) | {"kind": service.kind}
    values["capacity"] = PLACES.get(ServiceKind(service.kind), new.capacity)
    changed = sorted(name for name, value in values.items() if getattr(service, name) != value)
    for name in changed:
        setattr(service, name, values[name])
    if _lengths(durations_of(session, service.id)) != _lengths(new.durations):
        _set_durations(session, service.id, new.durations)
        changed.append("durations")
    session.flush()
    audit.record(session, "service.changed", by=by, now=now, subject=("service", public_id), fields=changed)


def archive_service(session: Session, public_id: str, *, is_archived: bool, by: Identity, now: datetime) -> None:
    """Take a service out of the offer, or bring it back. Sessions that are booked stay booked. Raises NotFound."""
    service = service_named(session, public_id)
    service.archived_at = now if is_archived else None
    session.flush()
    action = "service.archived" if is_archived else "service.restored"
    audit.record(session, action, by=by, now=now, subject=("service", public_id))


def set_offers(
    session: Session, therapist_id: int, offers: Collection[Offering], *, by: Identity, now: datetime
) -> None:
    """Let a therapist offer exactly these of the services in use. Raises NotFound or ValidationFailed."""
    therapist = session.get(Therapist, therapist_id)
    if therapist is None:
        raise NotFound
    in_use = session.scalars(select(Service).where(Service.archived_at.is_(None))).all()
    services = {service.public_id: service for service in in_use}
    ids = [service.id for service in in_use]
    session.execute(delete(Offer).where(Offer.therapist_id == therapist_id, Offer.service_id.in_(ids)))
    for offer in offers:
        service = services.get(offer.service)
        if service is None or not (offer.in_person or offer.online):
            raise ValidationFailed("Choose services from the list.")
        session.add(
            Offer(
                therapist_id=therapist_id,
                service_id=service.id,
                in_person=offer.in_person,
                online=offer.online,
                price_cents=offer.price_cents,
            )
        )
    session.flush()
    named = sorted(offer.service for offer in offers)
    audit.record(session, "offers.set", by=by, now=now, subject=("therapist", therapist.public_id), services=named)


def set_people(
    session: Session, service: Service, offers: Mapping[str, Offering], *, by: Identity, now: datetime
) -> None:
    """Let exactly these therapists (slugs) offer a service. Raises ValidationFailed for an unknown one."""
    take_turns(session)
    here = session.scalars(select(Therapist).where(Therapist.archived_at.is_(None))).all()
    ids = {each.slug: each.id for each in here}
    if not set(offers) <= set(ids) or not all(each.in_person or each.online for each in offers.values()):
        raise ValidationFailed("Choose therapists from the list.")
    session.execute(delete(Offer).where(Offer.service_id == service.id, Offer.therapist_id.in_(ids.values())))
    session.add_all(
        Offer(
            therapist_id=ids[slug],
            service_id=service.id,
            in_person=each.in_person,
            online=each.online,
            price_cents=each.price_cents,
        )
        for slug, each in offers.items()
    )
    session.flush()
    named = sorted(each.public_id for each in here if each.slug in offers)
    audit.record(session, "offers.set", by=by, now=now, subject=("service", service.public_id), therapists=named)


def service_of(details: ServiceDetails, *, like: Service | None = None) -> Service:
    """Return the service that ``details`` would make, stored nowhere: with the slug of ``like`` where given.

    Raises ValidationFailed.
    """
    values = _columns(details)
    return Service(**values, slug="preview") if like is None else Service(**values, id=like.id, slug=like.slug)


def service_named(session: Session, public_id: str) -> Service:
    """Return the service with this public id, archived or not. Raises NotFound."""
    found = session.scalars(select(Service).where(Service.public_id == public_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def durations_of(session: Session, service_id: int) -> Sequence[ServiceDuration]:
    """Return the other lengths of a service, the shortest first."""
    its = select(ServiceDuration).where(ServiceDuration.service_id == service_id)
    return session.scalars(its.order_by(ServiceDuration.minutes)).all()


def _set_durations(session: Session, service_id: int, durations: Collection[DurationDetails]) -> None:
    session.execute(delete(ServiceDuration).where(ServiceDuration.service_id == service_id))
    session.add_all(
        ServiceDuration(service_id=service_id, minutes=each.minutes, price_cents=each.price_cents) for each in durations
    )
    session.flush()


def _lengths(durations: Iterable[ServiceDuration | DurationDetails]) -> dict[int, int | None]:
    return {each.minutes: each.price_cents for each in durations}


def _columns(new: ServiceDetails) -> dict[str, object]:
    if not (new.in_person or new.online):
        raise _wrong("in_person", "Choose at least one way to meet.")
    capacity = PLACES.get(ServiceKind(new.kind), new.capacity)
    if new.kind == ServiceKind.GROUP and capacity < LEAST_IN_A_GROUP:
        raise _wrong("capacity", "A group has at least two places.")
    _check_durations(new)
    values = asdict(new) | {"capacity": capacity, "room_features": sorted(new.room_features)}
    del values["durations"]
    return values


def _check_durations(new: ServiceDetails) -> None:
    known = {new.duration_minutes}
    for each in new.durations:
        if new.kind == ServiceKind.GROUP:
            raise _wrong(each.field, "A group has one length: each of its dates is as long as it is planned.")
        if each.minutes in known:
            raise _wrong(each.field, "This length stands here already.")
        known.add(each.minutes)


def _wrong(field: str, sentence: str) -> ValidationFailed:
    return ValidationFailed(sentence, errors={field: sentence})
