"""A cancellation is undone while others book the time that it freed: one of them has it, and nobody sees a fault."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.db import db, in_unit_of_work
from practice.models import Appointment, Client
from practice.queries.appointments import appointment_by_public_id
from practice.queries.busy import current_rules
from practice.queries.parties import parties
from practice.services.booking import book_appointment
from practice.services.cancelling import cancel_appointment
from practice.services.finding import Wish
from practice.services.undoing import undo_cancelled_appointment, undo_cancelled_place
from tests.concurrency.arena import Act, at_once, furnish
from tests.support.cast import MONDAY, TODAY, Cast, at

UNDOING, BOOKING = 4, 6
NOW = at(MONDAY, 8)


def test_a_freed_time_goes_back_or_to_somebody_else_but_never_to_both(app: Flask, rounds: int) -> None:
    cast, clients, _ = furnish(app)
    for round_ in range(rounds):
        day, hour = divmod(round_, 4)
        starts_at = at(MONDAY, 9 + 2 * hour) + timedelta(days=day % 5 + day // 5 * 7)
        with app.app_context():
            first, *others = bookings(cast, clients[: BOOKING + 1], starts_at)
            undos = cancelled(cast, str(in_unit_of_work(first)))
        told = at_once(app, [*undos, *others])
        undone, booked = told[:UNDOING], sorted(told[UNDOING:])
        if "yes" in undone:
            assert (undone, booked) == (["yes"] * UNDOING, ["taken"] * BOOKING), told
        else:
            assert (undone, booked) == (["taken"] * UNDOING, ["taken"] * (BOOKING - 1) + ["yes"]), told
        with app.app_context():
            there = select(Appointment.places_taken).where(
                Appointment.starts_at == starts_at, Appointment.status == "booked"
            )
            assert db.session.scalars(there).all() == [1]


def bookings(cast: Cast, clients: Sequence[str], starts_at: datetime) -> list[Act]:
    """Return for each of the clients what books that time with Bob, and returns the session's public id."""
    rules, dee = current_rules(db.session()), cast.identity("dee")
    wish = Wish(cast.individual, cast.bob, starts_at, "in_person", cast.location)

    def booking(client_id: int) -> Act:
        def book(session: Session) -> str:
            who = parties(session, [client_id], TODAY)
            return book_appointment(session, rules, wish, who, by=dee, now=NOW).public_id

        return book

    return [booking(each) for each in db.session.scalars(select(Client.id).where(Client.public_id.in_(clients)))]


def cancelled(cast: Cast, public_id: str) -> list[Act]:
    """Cancel a session, and return what takes that back: the half of them whole, the others by its one place."""
    dee = cast.identity("dee")
    in_unit_of_work(lambda session: cancel_appointment(session, public_id, by=dee, now=NOW, by_practice=False))
    found = appointment_by_public_id(db.session(), public_id)
    assert found is not None
    place = found.attendances[0].public_id
    whole: Act = lambda session: undo_cancelled_appointment(session, public_id, by=dee, now=NOW)  # noqa: E731
    one: Act = lambda session: undo_cancelled_place(session, place, by=dee, now=NOW)  # noqa: E731
    return [whole, one] * (UNDOING // 2)
