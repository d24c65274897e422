"""Good-faith estimates of what sessions will cost: when one falls due, what stands on it, and that it was given.

An estimate is a row from the booking on; making it keeps what was printed as it was. What changes a date, a price or
who leads before it was given makes a new one, and the old one is kept. Clients' names and birth dates stand in none of
them: they are read when one is shown.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.errors import ImpossibleStep, NotFound
from practice.domain.estimates import FARTHEST, due_after_booking, due_when_asked
from practice.domain.permissions import Identity
from practice.domain.regions import region_name
from practice.models import Appointment, AppointmentStatus, Attendance, Client, Estimate, SafeContact
from practice.queries.estimates import (
    Expected,
    closed_days,
    estimate_of,
    expected_sessions,
    gives_estimates,
    therapist_on_paper,
)
from practice.queries.practice import date_at, the_practice
from practice.services import audit, messages

TEXT_VERSION = 1
LINK = "estimate"


def fall_due(session: Session, appointment_ids: Collection[int], client_ids: Collection[int], *, now: datetime) -> None:
    """Let the estimate of what some clients booked fall due, where the practice gives any and this costs anything.

    Of sessions that were booked together (a course) it is one, about the first that is far enough ahead for one to be
    needed. Nothing where all are too soon, or where they have one about it.
    """
    if not gives_estimates(session):
        return
    rows = session.execute(
        select(Appointment.id, Appointment.starts_at, Appointment.series_id)
        .where(
            Appointment.id.in_(appointment_ids),
            Appointment.price_cents > 0,
            Appointment.status == AppointmentStatus.BOOKED,
        )
        .order_by(Appointment.starts_at)
    ).all()
    dues = _dues_after_booking(session, [row.starts_at for row in rows], now)
    for row, due_on in zip(rows, dues, strict=True):
        if due_on is not None:
            for client_id in client_ids:
                if estimate_of(session, client_id, row.id, row.series_id) is None:
                    _add(session, client_id, row.id, row.series_id, due_on, now)
            return


def fall_due_for_series(
    session: Session, series_id: int, first_id: int, client_ids: Collection[int], *, now: datetime
) -> None:
    """Let one estimate of a whole series fall due for each client; whether the practice gives any is for the caller.

    What was due about its first session alone, and is not written yet, becomes that estimate.
    """
    starts = session.scalars(
        select(Appointment.starts_at)
        .where(Appointment.series_id == series_id, Appointment.starts_at > now, Appointment.price_cents > 0)
        .order_by(Appointment.starts_at)
    ).all()
    dues = [due_on for due_on in _dues_after_booking(session, starts, now) if due_on is not None]
    if not dues:
        return
    for client_id in client_ids:
        known = estimate_of(session, client_id, first_id)
        if known is not None and known.made_at is None and known.appointment_id is not None:
            known.appointment_id, known.series_id, known.due_on = None, series_id, min(known.due_on, *dues)
        else:
            _add(session, client_id, first_id, series_id, min(dues), now)
    session.flush()


def ask_for_estimate(session: Session, client_id: int, appointment_id: int, *, by: Identity, now: datetime) -> Estimate:
    """Let an estimate fall due because somebody asks for one; asked twice it is one. Raises NotFound."""
    series_id = session.execute(
        select(Appointment.series_id)
        .join(Attendance, Attendance.appointment_id == Appointment.id)
        .where(Appointment.id == appointment_id, Attendance.client_id == client_id)
    ).one_or_none()
    if series_id is None:
        raise NotFound
    known = estimate_of(session, client_id, appointment_id, series_id[0])
    if known is not None and known.given_at is None:
        return known
    practice = the_practice(session)
    today = date_at(practice, now)
    closed = closed_days(session, practice.zone, today, today + FARTHEST)
    made = _add(session, client_id, appointment_id, series_id[0], due_when_asked(today, closed), now)
    audit.record(session, "estimate.asked", by=by, now=now, subject=("estimate", made.public_id))
    return made


def renew(session: Session, appointment_id: int, *, now: datetime) -> None:
    """Begin the estimates about a session anew, where they were not given yet and what they are about has changed.

    One that was never made says what holds on the day it is made, and stays.
    """
    found = session.scalars(
        select(Estimate).where(
            Estimate.appointment_id == appointment_id, Estimate.given_at.is_(None), Estimate.made_at.is_not(None)
        )
    ).all()
    for old in found:
        newest = estimate_of(session, old.client_id, appointment_id)
        if newest is None or newest.id != old.id:
            continue
        today = date_at(the_practice(session), now)
        sessions = expected_sessions(session, old, now=now)
        due_on = _due_after_booking(session, sessions[0].starts_at, now) if sessions else None
        if sessions and _says(_content(session, sessions, now)) != _says(old.content):
            _add(session, old.client_id, appointment_id, old.series_id, min(old.due_on, due_on or today), now)


def make_estimate(session: Session, public_id: str, *, by: Identity, now: datetime) -> Estimate:
    """Write down what an estimate says. Made again before it was given, it is written anew.

    Raises NotFound, and ImpossibleStep where it was given, or where nothing that it is about is to come any more.
    """
    found = estimate_named(session, public_id)
    if found.given_at is not None:
        raise ImpossibleStep("This estimate was given already, and stays as it was.")
    sessions = expected_sessions(session, found, now=now)
    if not sessions:
        raise ImpossibleStep("None of these sessions is to come any more, so there is nothing to estimate.")
    found.content = _content(session, sessions, now)
    found.made_at = now
    session.flush()
    audit.record(session, "estimate.made", by=by, now=now, subject=("estimate", public_id))
    return found


def give_estimate(session: Session, public_id: str, *, is_mailed: bool, by: Identity, now: datetime) -> None:
    """Note that an estimate was given: on paper, or by a message that leads to it and says nothing of it.

    Given twice it stays given. Raises NotFound, and ImpossibleStep where it is not made, or cannot be mailed.
    """
    found = estimate_named(session, public_id)
    if found.made_at is None:
        raise ImpossibleStep("Make the estimate first.")
    if found.given_at is not None:
        return
    if is_mailed:
        client = session.get_one(Client, found.client_id)
        if not client.email or client.safe_contact != SafeContact.EMAIL:
            raise ImpossibleStep("It is not safe to write to this client. Give it on paper.")
        about = {"appointment": _first_of(session, found), "client": client.public_id}
        messages.post(session, "estimate", client.email, now=now, client_id=client.id, **about)
    found.given_at = now
    session.flush()
    how = "mailed" if is_mailed else "printed"
    audit.record(session, "estimate.given", by=by, now=now, subject=("estimate", public_id), how=how)


def estimate_named(session: Session, public_id: str) -> Estimate:
    """Return an estimate by its public id. Raises NotFound."""
    found = session.scalars(select(Estimate).where(Estimate.public_id == public_id).with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    return found


def _first_of(session: Session, estimate: Estimate) -> str:
    """Return the session whose page leads to an estimate, by its public id."""
    about = (
        Appointment.id == estimate.appointment_id
        if estimate.appointment_id is not None
        else Appointment.series_id == estimate.series_id
    )
    return session.scalars(
        select(Appointment.public_id)
        .join(Attendance, Attendance.appointment_id == Appointment.id)
        .where(about, Attendance.client_id == estimate.client_id)
        .order_by(Appointment.starts_at.desc(), Appointment.id)
        .limit(1)
    ).one()


def _add(
    session: Session, client_id: int, appointment_id: int, series_id: int | None, due_on: date, now: datetime
) -> Estimate:
    about = {"series_id": series_id} if series_id is not None else {"appointment_id": appointment_id}
    made = Estimate(client_id=client_id, due_on=due_on, content={}, created_at=now, **about)
    session.add(made)
    session.flush()
    return made


def _due_after_booking(session: Session, starts_at: datetime, now: datetime) -> date | None:
    return _dues_after_booking(session, [starts_at], now)[0]


def _dues_after_booking(session: Session, starts: Sequence[datetime], now: datetime) -> list[date | None]:
    practice = the_practice(session)
    today = date_at(practice, now)
    closed = closed_days(session, practice.zone, today, today + FARTHEST + timedelta(days=1))
    return [due_after_booking(today, date_at(practice, starts_at), closed) for starts_at in starts]


def _content(session: Session, sessions: Sequence[Expected], now: datetime) -> dict[str, Any]:
    """Return all that stands on an estimate and is no secret: what, when, by whom, where, and what it costs."""
    practice = the_practice(session)
    items = _items(sessions)
    therapist, licences = therapist_on_paper(session, sessions[0].therapist_id, date_at(practice, now))
    return {
        "version": TEXT_VERSION,
        "made_on": date_at(practice, now).isoformat(),
        "currency": practice.currency,
        "items": items,
        "total_cents": sum(item["price_cents"] for item in items),
        "therapist": {
            "name": therapist.name if therapist else "",
            "credentials": therapist.credentials if therapist else "",
            "npi": therapist.npi if therapist else "",
            "licences": [f"{each.title}, {region_name(each.region)} {each.number}".rstrip() for each in licences],
        },
        "practice": {name: getattr(practice, name) for name in ("name", "email", "phone", "npi", "tax_id", "country")},
    }


def _says(content: dict[str, Any]) -> dict[str, Any]:
    """Return what of an estimate is about the sessions, and not about the day it was made on."""
    return {name: content.get(name) for name in ("items", "therapist")}


def _items(sessions: Sequence[Expected]) -> list[dict[str, Any]]:
    return [
        {
            "service": each.service,
            "starts_at": each.starts_at.isoformat(),
            "minutes": round((each.ends_at - each.starts_at).total_seconds() / 60),
            "zone": each.zone,
            "place": ", ".join(part for part in (each.place, each.address) if part) or "Online",
            "price_cents": each.fee_cents,
        }
        for each in sessions
    ]
