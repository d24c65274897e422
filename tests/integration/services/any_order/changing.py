"""What becomes of sessions: moved, swapped, cancelled, taken back, marked; and of who comes to them."""

from datetime import datetime

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.db import db
from practice.domain.overriding import SOFT
from practice.models import Appointment, Attendance, Client
from practice.queries.busy import current_rules
from practice.services.arriving import say_here, say_late, take_back_here
from practice.services.attending import mark_attendance, note_fee
from practice.services.booking import book_appointment
from practice.services.cancelling import cancel_appointment, cancel_attendance
from practice.services.clients import rename_client
from practice.services.finding import Override, Wish
from practice.services.moving import move_appointment
from practice.services.swapping import Swap, What, swap_appointments
from practice.services.undoing import undo_cancelled_appointment, undo_cancelled_place
from tests.integration.services.any_order.machine import (
    TIMES,
    Machine,
    anybody,
    modalities,
    people,
    staff,
    therapists,
    which,
)

REASON = Override(SOFT, "There is no other time for it.")
overrides = st.sampled_from([None, REASON])
times = st.sampled_from(TIMES)


class GivingUp(Machine):
    """Cancelling, and taking that back."""

    @precondition(lambda self: self.sessions)
    @rule(number=which, by_practice=st.booleans(), by=anybody)
    def cancel(self, number: int, by_practice: bool, by: str) -> None:
        going_on = Appointment.status.in_(("booked", "requested"))
        public_id, now, who = self.pick(Appointment.public_id, number, going_on), self.now, self.who(by)
        if public_id:
            self.act(lambda session: cancel_appointment(session, public_id, by=who, now=now, by_practice=by_practice))

    @precondition(lambda self: self.places)
    @rule(number=which, by_practice=st.booleans(), by=anybody)
    def leave(self, number: int, by_practice: bool, by: str) -> None:
        public_id, now, who = self.pick(Attendance.public_id, number), self.now, self.who(by)
        if public_id:
            self.act(lambda session: cancel_attendance(session, public_id, by=who, now=now, by_practice=by_practice))

    @precondition(lambda self: self.sessions or self.places)
    @rule(number=which, by=anybody)
    def take_back(self, number: int, by: str) -> None:
        public_id, now, who = self.pick(Attendance.public_id, number), self.now, self.who(by)
        if public_id:
            self.act(lambda session: undo_cancelled_place(session, public_id, by=who, now=now))

    @rule(number=which, by=anybody)
    def take_back_all(self, number: int, by: str) -> None:
        public_id, now, who = self.pick(Appointment.public_id, number), self.now, self.who(by)
        if public_id:
            self.act(lambda session: undo_cancelled_appointment(session, public_id, by=who, now=now))


class OnTheDay(Machine):
    """What clients say of themselves, and what staff note."""

    @precondition(lambda self: self.places)
    @rule(number=which, status=st.sampled_from(["arrived", "completed", "no_show", "booked"]), by=anybody)
    def mark(self, number: int, status: str, by: str) -> None:
        public_id, now, who = self.pick(Attendance.public_id, number), self.now, self.who(by)
        if public_id:
            self.act(lambda session: mark_attendance(session, public_id, status, by=who, now=now))

    @precondition(lambda self: self.places)
    @rule(number=which, what=st.sampled_from(["here", "not here", "late", "fee"]), by=anybody)
    def say(self, number: int, what: str, by: str) -> None:
        public_id, now, who = self.pick(Attendance.public_id, number), self.now, self.who(by)

        def work(session: Session) -> None:
            if what == "late":
                say_late(session, public_id, 10, by=who, now=now)
            elif what == "fee":
                note_fee(session, public_id, is_noted=True, by=who, now=now)
            else:
                (say_here if what == "here" else take_back_here)(session, public_id, by=who, now=now)

        if public_id:
            self.act(work)

    @rule(name=st.sampled_from(["Alice", "Alix"]))
    def rename(self, name: str) -> None:
        number, now, by = self.cast.alice.id, self.now, self.who("dee")

        def work(session: Session) -> None:
            client = session.get_one(Client, number)
            rename_client(session, client, client.name, name, by=by, now=now)

        self.act(work)


class Rearranging(Machine):
    """Moving, swapping, and booking against rules with a reason."""

    @rule(therapist=therapists, start=times, modality=modalities, who=people, by=anybody)
    def book_anyway(self, therapist: str, start: datetime, modality: str, who: str, by: str) -> None:
        wish = self.wish("individual", therapist, start, modality, REASON)
        rules, identity, now = current_rules(db.session()), self.who(by), self.now
        party = self.cast.parties[who]
        self.act(lambda session: book_appointment(session, rules, wish, [party], by=identity, now=now))

    @precondition(lambda self: self.sessions)
    @rule(number=which, start=times, therapist=therapists, modality=modalities, by=anybody, override=overrides)
    def move(
        self, number: int, start: datetime, therapist: str, modality: str, by: str, override: Override | None
    ) -> None:
        booked = select(Appointment.public_id, Appointment.service_id).where(Appointment.status == "booked")
        row = db.session.execute(booked.order_by(Appointment.id)).all()
        if row:
            public_id, service = row[number % len(row)]
            wish = Wish(service, getattr(self.cast, therapist), start, modality, override=override)  # type: ignore[arg-type]
            rules, identity, now = current_rules(db.session()), self.who(by), self.now
            self.act(lambda session: move_appointment(session, rules, public_id, wish, by=identity, now=now))

    @precondition(lambda self: self.sessions)
    @rule(number=which, other=which, what=st.sampled_from(list(What)), by=staff)
    def swap(self, number: int, other: int, what: What, by: str) -> None:
        alone = (Appointment.status == "booked", Appointment.service_id != self.cast.group)
        one, two = (self.pick(Appointment.public_id, each, *alone) for each in (number, other))
        rules, identity, now = current_rules(db.session()), self.who(by), self.now
        if one and two:
            swap = Swap(one, two, what)
            self.act(lambda session: swap_appointments(session, rules, swap, by=identity, now=now))
