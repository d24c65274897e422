"""Two sessions swap times, rooms or therapists as one act: both, or neither."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from practice.db import db, in_unit_of_work, unit_of_work
from practice.domain.errors import (
    ClientBusy,
    ImpossibleStep,
    NotFound,
    NotOffered,
    RoomTaken,
    SlotTaken,
    ValidationFailed,
)
from practice.domain.lifecycle import UNDO_FOR
from practice.models import AuditEvent, Occupancy, Offer, OutboxMessage
from practice.queries.busy import current_rules
from practice.services import outbox
from practice.services.booking import Keep, hold_slot
from practice.services.cancelling import cancel_appointment
from practice.services.checking import broken_invariants
from practice.services.finding import Wish
from practice.services.swapping import Swap, What, swap_appointments
from tests.support.cast import MONDAY, add_group_date, at
from tests.support.sessions import booked, whole

NOW = at(MONDAY, 8)
LATER = NOW + timedelta(minutes=1)


def swap(cast, one, other, what, *, now=NOW, takes_back=None):
    rules, by = current_rules(db.session()), cast.identity("dee")
    in_unit_of_work(
        lambda session: swap_appointments(
            session, rules, Swap(one.public_id, other.public_id, what), by=by, now=now, takes_back=takes_back
        )
    )


def stands(*sessions):
    found = [whole(each.public_id) for each in sessions]
    return [(each.starts_at, each.lead.slug, each.room.name if each.room else "online") for each in found]


def ledger():
    db.session.close()
    columns = (Occupancy.resource_id, Occupancy.appointment_id, Occupancy.starts_at, Occupancy.ends_at)
    return sorted(tuple(row) for row in db.session.execute(select(*columns)))


def told():
    db.session.close()
    wanted = select(OutboxMessage.to_email, OutboxMessage.due_at).where(OutboxMessage.template == "moved")
    return sorted(tuple(row) for row in db.session.execute(wanted))


@pytest.fixture
def pair(cast):
    """Alice with Bob at two in Willow, Charlie with Bea at half past two in Birch: each in the way of the other."""
    return (
        booked(cast, at(MONDAY, 14), now=NOW, modality="in_person"),
        booked(cast, at(MONDAY, 14, 30), "charlie", now=NOW, modality="in_person", therapist="bea"),
    )


@pytest.mark.parametrize(
    ("what", "wanted"),
    [
        (What.TIMES, [(at(MONDAY, 14, 30), "bob", "Willow"), (at(MONDAY, 14), "bea", "Birch")]),
        (What.ROOMS, [(at(MONDAY, 14), "bob", "Birch"), (at(MONDAY, 14, 30), "bea", "Willow")]),
        (What.THERAPISTS, [(at(MONDAY, 14), "bea", "Willow"), (at(MONDAY, 14, 30), "bob", "Birch")]),
    ],
)
def test_they_swap_and_swap_back_and_nobody_is_told_of_a_slip(app, cast, pair, what, wanted):
    before, kept = stands(*pair), ledger()
    swap(cast, *pair, what)
    assert stands(*pair) == wanted
    assert told() == [("alice@demo.test", NOW + UNDO_FOR), ("charlie@demo.test", NOW + UNDO_FOR)]
    assert [whole(each.public_id).sequence for each in pair] == [1, 1]
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "appointment.swapped")).all()
    assert {(event.subject_id, event.detail["other"], event.detail["what"]) for event in events} == {
        (pair[0].public_id, pair[1].public_id, what.value), (pair[1].public_id, pair[0].public_id, what.value)
    }  # fmt: skip
    vault, keys = app.extensions["vault"], app.extensions["settings"].encryption_keys
    assert list(broken_invariants(db.session(), vault=vault, master_keys=keys)) == []

    swap(cast, *pair, what, now=LATER, takes_back=NOW)
    assert (stands(*pair), ledger(), told()) == (before, kept, [])


def test_two_sessions_of_one_therapist_swap_times(cast):
    one = booked(cast, at(MONDAY, 10), now=NOW)
    other = booked(cast, at(MONDAY, 11), "charlie", now=NOW)
    swap(cast, one, other, What.TIMES)
    assert stands(one, other) == [(at(MONDAY, 11), "bob", "online"), (at(MONDAY, 10), "bob", "online")]


def test_swapping_back_leaves_what_changed_since_and_tells_again_what_was_told(cast, pair):
    swap(cast, *pair, What.ROOMS)
    swap(cast, *pair, What.TIMES, now=LATER)
    after = stands(*pair)
    with pytest.raises(ImpossibleStep):
        swap(cast, *pair, What.ROOMS, now=LATER, takes_back=NOW)
    assert stands(*pair) == after

    before = len(told())
    claimed = in_unit_of_work(lambda session: outbox.claim_due(session, now=LATER + UNDO_FOR, limit=20))
    assert [one.template for one in claimed].count("moved") == before == 4
    swap(cast, *pair, What.TIMES, now=LATER + timedelta(minutes=2), takes_back=LATER)
    assert len(told()) == before + 2


def hold(cast, starts_at, therapist, modality="online"):
    rules = current_rules(db.session())
    wish = Wish(cast.individual, getattr(cast, therapist), starts_at, modality)
    keep = Keep(NOW + timedelta(minutes=15), b"somebody")
    in_unit_of_work(lambda session: hold_slot(session, rules, wish, by=cast.identity("dee"), now=NOW, keep=keep)[0].id)


def elsewhere(cast, *, modality="online", therapist="bea"):
    return booked(cast, at(MONDAY, 11), "charlie", now=NOW, modality=modality, therapist=therapist)


def stands_in_the_way(cast, what):
    """A session to swap with, and something in the way of it."""
    if what == "therapist":
        other = elsewhere(cast)
        hold(cast, at(MONDAY, 11, 30), "bob")
        return What.TIMES, other, SlotTaken
    if what == "room":
        hold(cast, at(MONDAY, 11), "bob", "in_person")  # so that Charlie comes to Birch
        other = elsewhere(cast, modality="in_person")
        hold(cast, at(MONDAY, 14), "bea", "in_person")
        return What.ROOMS, other, RoomTaken
    if what == "client":
        booked(cast, at(MONDAY, 11), now=NOW, therapist="bea")
        return What.TIMES, elsewhere(cast, therapist="bob"), ClientBusy
    other = elsewhere(cast)
    with unit_of_work() as session:
        session.execute(delete(Offer).where(Offer.therapist_id == cast.bea, Offer.service_id == cast.individual))
    return What.THERAPISTS, other, NotOffered


@pytest.mark.parametrize("in_the_way", ["therapist", "room", "client", "offer"])
def test_what_stands_in_the_way_of_one_leaves_both_as_they_are(cast, in_the_way):
    one = booked(cast, at(MONDAY, 14), now=NOW, modality="in_person")
    what, other, error = stands_in_the_way(cast, in_the_way)
    before, kept = stands(one, other), ledger()
    for pair in ((one, other), (other, one)):
        with pytest.raises(error):
            swap(cast, *pair, what)
        assert (stands(one, other), ledger(), told()) == (before, kept, [])


def test_what_has_nothing_to_swap_is_refused_kindly(cast, pair):
    one, other = pair
    alone = booked(cast, at(MONDAY, 16), now=NOW)
    with unit_of_work() as session:
        group = add_group_date(session, cast, at(MONDAY, 9))
    for first, second, what, words in (
        (one, one, What.TIMES, "with itself"),
        (one, alone, What.ROOMS, "in a room"),
        (one, alone, What.THERAPISTS, "same therapist"),
        (one, group, What.TIMES, "group's date"),
    ):
        with pytest.raises(ValidationFailed, match=words):
            swap(cast, first, second, what)
    with pytest.raises(ValidationFailed, match="has begun"):
        swap(cast, one, alone, What.TIMES, now=at(MONDAY, 14))
    in_unit_of_work(
        lambda s: cancel_appointment(s, other.public_id, by=cast.identity("dee"), now=NOW, by_practice=False)
    )
    for first, second in ((one, other), (other, one)):
        with pytest.raises(ValidationFailed, match="is cancelled"):
            swap(cast, first, second, What.TIMES)
    alone.public_id = "nothing"
    with pytest.raises(NotFound):
        swap(cast, one, alone, What.TIMES)
    assert stands(one) == [(at(MONDAY, 14), "bob", "Willow")]
