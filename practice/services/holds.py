"""Holds that ended: their time goes back, and a request that waited on them leaves without trace."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from practice.models import Appointment, AppointmentTherapist, BookingRequest, Hold, Occupancy, Service, ServiceKind
from practice.services import approving, ledger

BATCH = 200


def release_expired(session: Session, now: datetime) -> int:
    """Release every hold that ended by ``now``, at most 200 at a time. Returns how many there were."""
    rows = session.execute(
        select(Hold.id, Hold.appointment_id).where(Hold.held_until <= now).order_by(Hold.id).limit(BATCH)
    ).all()
    if rows:
        busy = select(Occupancy.resource_id).where(Occupancy.appointment_id.in_([row[1] for row in rows]))
        ledger.lock(session, session.scalars(busy))
        release_holds(session, [row[0] for row in rows], now)
    return len(rows)


def release_holds(session: Session, hold_ids: Collection[int], now: datetime) -> None:
    """Give back what the holds keep: a place in a group, or the whole of a held appointment, which then is no more.

    The holds of a course go together, whichever of them is named.
    """
    hold_ids = _families(session, hold_ids) if hold_ids else ()
    if not hold_ids:
        return
    rows = session.execute(
        select(Hold.id, Hold.places, Appointment.id, Service.kind)
        .join(Appointment, Appointment.id == Hold.appointment_id)
        .join(Service, Service.id == Appointment.service_id)
        .where(Hold.id.in_(hold_ids))
        .order_by(Appointment.id, Hold.id)
        .with_for_update(of=[Hold, Appointment])
    ).all()
    session.execute(delete(BookingRequest).where(BookingRequest.hold_id.in_(hold_ids)))
    session.execute(delete(Hold).where(Hold.parent_id.in_(hold_ids)))
    session.execute(delete(Hold).where(Hold.id.in_(hold_ids)))
    whole = [appointment_id for _, _, appointment_id, kind in rows if kind != ServiceKind.GROUP]
    for _, places, appointment_id, kind in rows:
        if kind == ServiceKind.GROUP:
            give_places(session, appointment_id, places, now)
    remove_held(session, whole)


def give_places(session: Session, appointment_id: int, places: int, now: datetime) -> None:
    """Count places of a group's date as free again."""
    session.execute(
        update(Appointment)
        .where(Appointment.id == appointment_id)
        .values(places_taken=Appointment.places_taken - places, revised_at=now)
    )


def of_family(hold_id: int) -> ColumnElement[bool]:
    """Whether a hold is this one, or keeps another date of the same course with it."""
    return or_(Hold.id == hold_id, Hold.parent_id == hold_id)


def _families(session: Session, hold_ids: Collection[int]) -> Sequence[int]:
    """Return the ids of the holds, and of those that keep other dates of the same courses."""
    parents = select(func.coalesce(Hold.parent_id, Hold.id)).where(Hold.id.in_(hold_ids))
    return session.scalars(select(Hold.id).where(or_(Hold.id.in_(parents), Hold.parent_id.in_(parents)))).all()


def remove_held(session: Session, appointment_ids: Collection[int]) -> None:
    """Delete held appointments, which nobody was told of, with their time."""
    if not appointment_ids:
        return
    ledger.release(session, appointment_ids)
    session.execute(delete(AppointmentTherapist).where(AppointmentTherapist.appointment_id.in_(appointment_ids)))
    session.execute(delete(Appointment).where(Appointment.id.in_(appointment_ids), Appointment.status == "held"))


def remove_expired(session: Session, appointment_ids: Collection[int], now: datetime) -> None:
    """Release the ended holds that keep these held appointments, and end those that are requests nobody answered."""
    if appointment_ids:
        approving.lapse(session, appointment_ids, now)
        ended = select(Hold.id).where(Hold.appointment_id.in_(appointment_ids), Hold.held_until <= now)
        release_holds(session, session.scalars(ended).all(), now)


def forget(session: Session, hold_id: int) -> None:
    """Delete a hold, and the request that waited on it, but leave its time to whoever confirmed it."""
    session.execute(delete(BookingRequest).where(BookingRequest.hold_id == hold_id))
    session.execute(delete(Hold).where(Hold.parent_id == hold_id))
    session.execute(delete(Hold).where(Hold.id == hold_id))


def drop(session: Session, appointment_id: int, now: datetime) -> None:
    """Release every hold on an appointment that is cancelled; a course that was held with it has changed, and goes."""
    kept = session.scalars(
        select(Hold.id)
        .join(Appointment, Appointment.id == Hold.appointment_id)
        .join(Service, Service.id == Appointment.service_id)
        .where(Hold.appointment_id == appointment_id, Service.kind == ServiceKind.GROUP)
    ).all()
    release_holds(session, kept, now)
    wanted = select(Hold.id).where(Hold.appointment_id == appointment_id)
    session.execute(delete(BookingRequest).where(BookingRequest.hold_id.in_(wanted)))
    session.execute(delete(Hold).where(Hold.appointment_id == appointment_id))


def extend(session: Session, hold: Hold, until: datetime) -> bool:
    """Keep the hold longer, once. Returns whether it was extended."""
    changed = session.execute(
        update(Hold).where(of_family(hold.id), Hold.extensions == 0).values(held_until=until, extensions=1)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]
