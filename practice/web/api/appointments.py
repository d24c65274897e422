"""Booking, moving and cancelling by programs. An id stands for one client's place in a session."""

from collections.abc import Callable
from typing import TypeVar

from flask import g, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from practice.db import as_practice_error, db, in_unit_of_work
from practice.domain.errors import ImpossibleStep, PracticeError, SlotTaken
from practice.domain.permissions import Permission
from practice.queries.places import Place
from practice.services.booking import book_appointment
from practice.services.cancelling import cancel_attendance
from practice.services.finding import Wish
from practice.services.idempotency import Answered, first_answer, keep_answer, repeatable
from practice.services.moving import move_appointment
from practice.services.needs import remember_region
from practice.web.access import requires
from practice.web.api import schemas, wishes
from practice.web.api.blueprint import bp
from practice.web.api.requests import read_body, read_query
from practice.web.api.times import other_times
from practice.web.reading import note_read

T = TypeVar("T")


@bp.post("/appointments")
@requires(Permission.APPOINTMENTS_WRITE)
def appointments_create() -> ResponseReturnValue:
    """Book a session; with an Idempotency-Key, once however often the request comes."""
    read_query()
    asked = read_body(schemas.AppointmentWish)
    key = wishes.idempotency_key()
    again = repeatable(key, "appointments.create", asked.model_dump_json(), by=g.identity) if key else None
    rules = wishes.rules_with(asked.service, asked.therapist)
    zone = rules.practice.zone
    wish, client = wishes.wish_of(rules, asked), wishes.prepared_client(asked.client, zone)

    def work(session: Session) -> Answered:
        first = first_answer(session, again, now=g.now) if again else None
        if first is not None:
            return first
        party = wishes.party_of(session, client, zone)
        if asked.client.region:
            remember_region(session, [party.id], asked.client.region, by=g.identity, now=g.now)
        booked = book_appointment(session, rules, wish, [party], by=g.identity, now=g.now)
        answered = Answered(201, wishes.item_of_booked(booked, rules))
        if again is not None:
            keep_answer(session, again, answered)
        return answered

    answered = _or_other_times(work, asked.service, asked.therapist, wish)
    return jsonify(answered.answer), answered.status


@bp.get("/appointments/<public_id>")
@requires(Permission.APPOINTMENTS_WRITE)
def appointments_show(public_id: str) -> ResponseReturnValue:
    """Show one session."""
    read_query()
    place = wishes.place_with(db.session(), public_id)
    note_read("attendance.read", ("attendance", place.public_id))
    return jsonify(wishes.item_of(place))


@bp.patch("/appointments/<public_id>")
@requires(Permission.APPOINTMENTS_WRITE)
def appointments_move(public_id: str) -> ResponseReturnValue:
    """Move a session; what the body leaves out stays as it is."""
    read_query()
    asked = read_body(schemas.AppointmentChange)
    before = wishes.place_with(db.session(), public_id)
    rules = wishes.rules_with(before.service, asked.therapist or before.therapist)
    wish = wishes.moved_wish(rules, before, asked)

    def work(session: Session) -> Place:
        place = wishes.place_with(session, public_id)
        if wishes.is_there(place, wish):
            return place
        if place.status != "booked":  # the session may go on for others
            raise ImpossibleStep
        move_appointment(session, rules, place.appointment_id, wish, by=g.identity, now=g.now)
        return wishes.place_with(session, public_id)

    place = _or_other_times(work, before.service, asked.therapist or before.therapist, wish)
    return jsonify(wishes.item_of(place))


@bp.delete("/appointments/<public_id>")
@requires(Permission.APPOINTMENTS_WRITE)
def appointments_cancel(public_id: str) -> ResponseReturnValue:
    """Cancel a client's place; the session goes on for the others, if there are any."""
    read_query()

    def work(session: Session) -> Place:
        place = wishes.place_with(session, public_id)
        cancel_attendance(session, place.public_id, by=g.identity, now=g.now)
        return wishes.place_with(session, public_id)

    return jsonify(wishes.item_of(in_unit_of_work(work)))


def _or_other_times(work: Callable[[Session], T], service: str, therapist: str, wish: Wish) -> T:
    """Do the work. Whoever loses the time to somebody else is told of others that are close to it."""
    try:
        return in_unit_of_work(work)
    except SlotTaken as error:
        lost: PracticeError = error
    except DBAPIError as error:
        known = as_practice_error(error)
        if not isinstance(known, SlotTaken):
            raise
        lost = known
    raise type(lost)(lost.message, slots=other_times(service, therapist, wish.starts_at, wish.modality))
