"""A session moves while others book the time that it moves to: who loses keeps what they had."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.db import db, in_unit_of_work
from practice.models import Appointment
from practice.queries.busy import current_rules
from practice.services.checking import broken_invariants
from practice.services.finding import Wish
from practice.services.moving import move_appointment
from practice.services.swapping import Swap, What, swap_appointments
from tests.concurrency.arena import Act, at_once, furnish
from tests.concurrency.test_undoing import NOW, bookings
from tests.support.cast import MONDAY, at

BOOKING = 4


def test_the_old_time_goes_only_if_the_new_one_is_won(app: Flask, rounds: int) -> None:
    cast, clients, _ = furnish(app)
    dee = cast.identity("dee")
    for round_ in range(rounds):
        on = MONDAY + timedelta(days=round_ % 5 + round_ // 5 * 7)
        old, target = at(on, 9), at(on, 11)
        with app.app_context():
            rules = current_rules(db.session())
            (first,) = bookings(cast, clients[:1], old)
            others = bookings(cast, clients[1 : 1 + BOOKING], target)
            session = str(in_unit_of_work(first))
            wish = Wish(cast.individual, cast.bob, target, "in_person", cast.location)

        def move(unit: Session, session: str = session, wish: Wish = wish, rules=rules) -> object:
            return move_appointment(unit, rules, session, wish, by=dee, now=NOW)

        told = at_once(app, [move, *others])
        assert sorted(told) == ["taken"] * BOOKING + ["yes"], told
        with app.app_context():
            at_target = select(Appointment.public_id).where(
                Appointment.starts_at == target, Appointment.status == "booked"
            )
            found = db.session.scalars(at_target).all()
            stands = db.session.scalar(select(Appointment.starts_at).where(Appointment.public_id == session))
            assert len(found) == 1
            assert stands == (target if told[0] == "yes" else old)
            assert (found == [session]) == (told[0] == "yes")
    sound(app)


def test_swaps_moves_and_bookings_at_once_leave_each_session_whole(app: Flask, rounds: int) -> None:
    """Two opposite swaps of the same two, and bookings of the times that they leave: nothing is lost or doubled."""
    cast, clients, _ = furnish(app)
    dee = cast.identity("dee")
    for round_ in range(rounds):
        on = MONDAY + timedelta(days=round_ % 5 + round_ // 5 * 7)
        with app.app_context():
            rules = current_rules(db.session())
            pair = [
                str(in_unit_of_work(bookings(cast, clients[n : n + 1], at(on, hour))[0]))
                for n, hour in enumerate((9, 11))
            ]
            others = [*bookings(cast, clients[2:4], at(on, 9)), *bookings(cast, clients[4:6], at(on, 11))]

        def swapping(one: str, other: str, rules=rules) -> Act:
            swap = Swap(one, other, What.TIMES)
            return lambda unit: swap_appointments(unit, rules, swap, by=dee, now=NOW)

        told = at_once(app, [swapping(*pair), swapping(*pair[::-1]), *others])
        assert told == ["yes", "yes", *["taken"] * 4], told
        with app.app_context():
            starts = [
                db.session.scalar(select(Appointment.starts_at).where(Appointment.public_id == one)) for one in pair
            ]
            assert starts == [at(on, 9), at(on, 11)]  # swapped, and swapped again
    sound(app)


def sound(app: Flask) -> None:
    with app.app_context():
        vault, keys = app.extensions["vault"], app.extensions["settings"].encryption_keys
        assert list(broken_invariants(db.session(), vault=vault, master_keys=keys)) == []
