"""Staff book against rules that can give way, with a reason; the overlap never gives way, and buffers come back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from practice.db import db, in_unit_of_work
from practice.domain.errors import NotOffered, RoomTaken, SlotTaken
from practice.domain.overriding import SOFT
from practice.domain.reasons import Code
from practice.models import AuditEvent, Closure, Occupancy, TimeOff
from practice.queries.busy import current_rules
from practice.services.booking import book_appointment
from practice.services.cancelling import cancel_appointment
from practice.services.checking import broken_invariants
from practice.services.finding import BY_STAFF, Override, Wish
from practice.services.moving import move_appointment
from practice.services.undoing import undo_cancelled_appointment
from tests.support.cast import MONDAY, at
from tests.support.sessions import booked, whole

NOW = at(MONDAY, 8)
WHY = "The client asked for this time."
ALL = Override(SOFT, WHY)
NINE = at(MONDAY, 9)


def wish(cast, starts_at, *, override=ALL, therapist="bob", room=None, modality="online"):
    place = cast.location if modality == "in_person" else None
    return Wish(cast.individual, getattr(cast, therapist), starts_at, modality, place, room, override=override)


def book(cast, starts_at, who="charlie", *, by="dee", now=NOW, **wanted):
    rules, wanted = current_rules(db.session()), wish(cast, starts_at, **wanted)
    parties, identity = [cast.parties[who]], cast.identity(by)
    made = in_unit_of_work(lambda session: book_appointment(session, rules, wanted, parties, by=identity, now=now))
    return whole(made.public_id)


def move(cast, appointment, starts_at, *, by="dee", now=NOW, takes_back=None, **wanted):
    rules, wanted, identity = current_rules(db.session()), wish(cast, starts_at, **wanted), cast.identity(by)
    in_unit_of_work(
        lambda session: move_appointment(
            session, rules, appointment.public_id, wanted, by=identity, now=now, takes_back=takes_back
        )
    )
    return whole(appointment.public_id)


def cancel(cast, appointment):
    by = cast.identity("dee")
    in_unit_of_work(lambda s: cancel_appointment(s, appointment.public_id, by=by, now=NOW, by_practice=True))


def undo(cast, appointment):
    in_unit_of_work(lambda s: undo_cancelled_appointment(s, appointment.public_id, by=cast.identity("dee"), now=NOW))


def spans(cast, name="bob"):
    """What somebody is busy with, as minutes since nine on Monday."""
    db.session.close()
    wanted = select(Occupancy.starts_at, Occupancy.ends_at).where(Occupancy.resource_id == cast.resources[name])
    rows = db.session.execute(wanted.order_by(Occupancy.starts_at))
    return [tuple(int((instant - NINE).total_seconds() // 60) for instant in row) for row in rows]


def said(appointment):
    return appointment.override_codes, appointment.override_reason


@pytest.fixture
def sound(app, cast):
    """Whatever a test did, `check` finds nothing afterwards."""
    yield
    vault, keys = app.extensions["vault"], app.extensions["settings"].encryption_keys
    db.session.close()
    assert list(broken_invariants(db.session(), vault=vault, master_keys=keys)) == []


pytestmark = pytest.mark.usefixtures("sound")


def test_each_rule_gives_way_to_a_reason_and_no_more_is_noted_than_was_broken(cast):
    off = {"starts_at": at(MONDAY, 11), "ends_at": at(MONDAY, 12)}
    in_unit_of_work(lambda session: session.add(TimeOff(therapist_id=cast.bob, **off)))
    off = {"starts_at": at(MONDAY, 13), "ends_at": at(MONDAY, 14)}
    in_unit_of_work(lambda session: session.add(Closure(location_id=None, **off)))
    for starts_at, codes in (
        (at(MONDAY, 18), ["outside_hours"]),
        (at(MONDAY, 16, 5), ["not_on_step"]),
        (at(MONDAY + timedelta(days=70), 9), ["too_far"]),
        (at(MONDAY, 11), ["time_off"]),
        (at(MONDAY, 13), ["closure"]),
        (at(MONDAY, 14, 30), []),
    ):
        if codes:
            for override in (None, Override(SOFT - {Code(codes[0])}, WHY)):
                with pytest.raises(NotOffered) as refused:
                    book(cast, starts_at, override=override)
                assert refused.value.detail == {"reason": codes[0]}
        assert said(book(cast, starts_at)) == (codes, WHY if codes else "")


def test_what_was_booked_against_is_on_record_without_the_words(cast):
    made = book(cast, at(MONDAY, 18))
    moved = move(cast, made, at(MONDAY, 19))
    assert said(moved) == (["outside_hours"], WHY)
    wanted = select(AuditEvent.action, AuditEvent.detail).where(AuditEvent.subject_id == made.public_id)
    rows = {act.action: act.detail for act in db.session.execute(wanted)}
    assert rows["appointment.booked"] == {"anyway": ["outside_hours"]}
    assert rows["appointment.moved"]["anyway"] == ["outside_hours"]
    assert WHY not in str(rows)

    assert said(move(cast, made, at(MONDAY, 10), override=None)) == ([], "")


def test_only_the_desk_books_against_rules(cast):
    made = booked(cast, at(MONDAY, 14), now=NOW)
    for who in ("alice", "bob", "ada"):
        with pytest.raises(NotOffered):
            book(cast, at(MONDAY, 18), who="alice", by=who)
    with pytest.raises(NotOffered):
        move(cast, made, at(MONDAY, 18), by="alice")


def test_notice_is_for_clients_and_what_the_desk_books_within_it_is_noted(cast):
    assert said(book(cast, at(MONDAY, 9), now=at(MONDAY, 8, 30), override=None)) == (["too_soon"], BY_STAFF)
    assert said(book(cast, at(MONDAY, 10), now=at(MONDAY, 8, 30), override=None)) == ([], "")
    assert said(book(cast, at(MONDAY, 11), now=at(MONDAY, 10, 30))) == (["too_soon"], WHY)
    with pytest.raises(NotOffered):
        book(cast, at(MONDAY, 12), now=at(MONDAY, 12, 1))


def test_sessions_never_overlap_whatever_the_reason(cast):
    booked(cast, at(MONDAY, 10), now=NOW, modality="in_person")
    before = spans(cast), spans(cast, "willow")
    for starts_at in (at(MONDAY, 10, 49), at(MONDAY, 9, 11), at(MONDAY, 10), at(MONDAY, 10, 30)):
        with pytest.raises(SlotTaken):
            book(cast, starts_at)
    with pytest.raises(RoomTaken):
        book(cast, at(MONDAY, 10, 49), therapist="bea", modality="in_person", room=cast.rooms[0])
    with pytest.raises(SlotTaken):
        book(cast, at(MONDAY, 10, 49), "alice", therapist="bea")
    assert (spans(cast), spans(cast, "willow")) == before


def test_buffers_give_way_on_both_sides_and_come_back_when_it_goes(cast):
    booked(cast, at(MONDAY, 9), now=NOW, modality="in_person")
    booked(cast, at(MONDAY, 10, 30), now=NOW)
    with pytest.raises(SlotTaken):
        book(cast, at(MONDAY, 9, 50), override=Override(SOFT - {Code.BUFFER}, WHY))
    between = book(cast, at(MONDAY, 9, 50), therapist="bea", modality="in_person", room=cast.rooms[0])
    assert said(between) == (["not_on_step", "buffer"], WHY)
    assert spans(cast) == [(0, 60), (90, 150)]
    assert spans(cast, "willow") == [(0, 50), (50, 110)]

    cancel(cast, between)
    assert spans(cast, "willow") == [(0, 60)]
    undo(cast, between)
    assert spans(cast, "willow") == [(0, 50), (50, 110)]


def test_whoever_stood_close_to_it_lets_a_cancelled_session_come_back(cast):
    first = booked(cast, at(MONDAY, 9), now=NOW)
    close = book(cast, at(MONDAY, 9, 50))
    cancel(cast, first)
    assert spans(cast) == [(50, 110)]
    undo(cast, first)
    assert spans(cast) == [(0, 50), (50, 110)]

    cancel(cast, close)
    assert spans(cast) == [(0, 60)]


def test_an_undone_session_does_not_cut_the_buffers_of_what_was_booked_meanwhile(cast):
    rules, by, parties = current_rules(db.session()), cast.identity("dee"), [cast.parties["charlie"]]
    late = booked(cast, at(MONDAY, 14), now=NOW)
    cancel(cast, late)
    off_step = Override(frozenset({Code.NOT_ON_STEP}), WHY)
    short = replace(wish(cast, at(MONDAY, 14, 50), override=off_step), service_id=cast.consultation)
    in_unit_of_work(lambda session: book_appointment(session, rules, short, parties, by=by, now=NOW))
    with pytest.raises(SlotTaken):  # only its buffer is in the way, and nobody said that it may give way
        undo(cast, late)
    assert spans(cast) == [(350, 370)]


def test_what_moves_away_gives_the_buffer_back_and_what_stays_close_needs_the_reason_again(cast):
    booked(cast, at(MONDAY, 9), now=NOW)
    close = book(cast, at(MONDAY, 9, 50))
    with pytest.raises(SlotTaken):  # five minutes later it would still cut the buffer
        move(cast, close, at(MONDAY, 9, 55), override=Override(frozenset({Code.NOT_ON_STEP}), WHY))
    close = move(cast, close, at(MONDAY, 9, 55))
    assert (said(close)[0], spans(cast)) == (["not_on_step", "buffer"], [(0, 55), (55, 115)])

    away = move(cast, close, at(MONDAY, 14), override=None)
    assert (said(away), spans(cast)) == (([], ""), [(0, 60), (300, 360)])
    later = NOW + timedelta(minutes=1)
    with pytest.raises(NotOffered):
        move(cast, away, at(MONDAY, 9, 55), override=None, now=later)
    back = move(cast, away, at(MONDAY, 9, 55), override=None, now=later, takes_back=NOW)
    assert (said(back)[0], spans(cast)) == (["not_on_step", "buffer"], [(0, 55), (55, 115)])


def test_a_neighbour_that_moves_leaves_nothing_of_the_buffer_behind(cast):
    first = booked(cast, at(MONDAY, 9), now=NOW)
    close = book(cast, at(MONDAY, 9, 50))
    move(cast, first, at(MONDAY, 13), override=None)
    assert spans(cast) == [(50, 110), (240, 300)]
    assert said(whole(close.public_id))[0] == ["not_on_step", "buffer"]
