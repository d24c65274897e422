"""A request keeps its time in full until it is answered, taken back, or not answered in time; what is told is true."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from practice.db import db, in_unit_of_work, unit_of_work
from practice.domain.errors import ImpossibleStep, NotFound, SlotTaken
from practice.models import Appointment, Attendance, AuditEvent, Decision, Occupancy, OutboxMessage, Practice, Service
from practice.queries.busy import current_rules
from practice.queries.invariants import invariants
from practice.queries.slots import times_of
from practice.queries.waiting import what_waits
from practice.services.attending import mark_attendance
from practice.services.booking import Keep, book_appointment, confirm_hold, hold_slot
from practice.services.cancelling import cancel_appointment, cancel_attendance
from practice.services.deciding import decide, decide_due
from practice.services.finding import Wish
from practice.services.moving import move_appointment
from practice.services.undoing import undo_cancelled_place
from tests.support.cast import MONDAY, NOW, at

TEN = at(MONDAY, 10)


@pytest.fixture(autouse=True)
def approval(cast):
    """Individual sessions need the therapist's yes, within 24 hours."""
    with unit_of_work() as session:
        session.execute(update(Service).where(Service.slug == "individual").values(needs_approval=True))
        session.execute(update(Practice).values(answer_hours=24))


def ask(cast, who="alice", *, by=None, start=TEN, therapist="bob", now=NOW):
    rules = current_rules(db.session())
    wish = Wish(cast.individual, getattr(cast, therapist), start, "online")
    party, identity = cast.parties[who], by or cast.identity(who)
    return in_unit_of_work(lambda s: book_appointment(s, rules, wish, [party], by=identity, now=now))


def stands():
    db.session.close()
    row = db.session.execute(
        select(Appointment.status, Attendance.status, Appointment.answer_by)
        .join(Attendance, Attendance.appointment_id == Appointment.id)
        .order_by(Appointment.id.desc())
        .limit(1)
    ).one()
    return row[0], row[1]


def busy():
    db.session.close()
    return set(db.session.scalars(select(Occupancy.resource_id)))


def told():
    db.session.close()
    return [tuple(row) for row in db.session.execute(
        select(OutboxMessage.template, OutboxMessage.to_email).order_by(OutboxMessage.id)
    )]  # fmt: skip


def question():
    db.session.close()
    return db.session.scalars(select(Decision).order_by(Decision.id.desc()).limit(1)).one()


def answer(cast, what, *, by="bob", choice="", now=NOW):
    public_id = question().public_id
    return in_unit_of_work(lambda s: decide(s, public_id, what, choice=choice, by=cast.identity(by), now=now))


def broken():
    db.session.close()
    return [one.sentence for one in invariants() if db.session.scalars(one.rows).all()]


def open_starts(now):
    times = times_of(db.session(), "individual", "bob", viewer="clients", now=now)
    return {slot.start for slot in times.between(MONDAY, MONDAY, "America/New_York")}


def test_what_a_client_books_is_asked_for_and_keeps_its_time(cast):
    asked = ask(cast)
    assert (asked.status, asked.answer_by) == ("requested", NOW + timedelta(hours=24))
    assert stands() == ("requested", "booked")
    assert busy() == {cast.resources["bob"], cast.alice.resource_id}
    assert told() == [("requested", "alice@demo.test"), ("to_decide", "bob@demo.test")]
    assert (question().kind, question().due_at, question().decided_at) == ("request", asked.answer_by, None)
    assert int(TEN.timestamp()) // 60 not in open_starts(NOW)
    with pytest.raises(SlotTaken):
        ask(cast, "charlie")
    assert broken() == []


def test_an_answer_is_due_before_the_session_begins(cast):
    assert ask(cast, now=TEN - timedelta(hours=3)).answer_by == TEN


@pytest.mark.parametrize("by", ["bob", "dee"])
def test_accepting_books_it_and_says_so_once(cast, by):
    asked = ask(cast)
    for _ in range(2):
        answer(cast, "accept", by=by)
    assert stands() == ("booked", "booked")
    assert told()[2:] == [("accepted", "alice@demo.test")]
    assert question().outcome == "accept"
    with pytest.raises(ImpossibleStep):
        answer(cast, "decline", by=by)
    assert broken() == []
    # From here on it is a session like any other.
    in_unit_of_work(
        lambda s: cancel_appointment(s, asked.public_id, by=cast.identity("alice"), now=NOW, by_practice=False)
    )
    assert stands() == ("cancelled", "cancelled")


def test_declining_gives_the_time_back_with_one_of_the_reasons(cast):
    ask(cast)
    with pytest.raises(NotFound):
        answer(cast, "decline", choice="because I say so")
    answer(cast, "decline", choice="talk")
    assert stands() == ("cancelled", "cancelled_by_practice")
    assert busy() == set()
    db.session.close()
    assert (
        db.session.scalars(select(OutboxMessage.context).where(OutboxMessage.template == "declined")).one()["reason"]
        == "talk"
    )
    assert ask(cast, "charlie").status == "requested"
    assert broken() == []


@pytest.mark.parametrize("who", ["alice", "dee"])
def test_taking_it_back_costs_nothing_and_closes_the_question(cast, who):
    ask(cast, now=TEN - timedelta(hours=2))
    place = db.session.scalars(select(Attendance.public_id)).one()
    late = TEN - timedelta(hours=1)
    meaning = in_unit_of_work(lambda s: cancel_attendance(s, place, by=cast.identity(who), now=late))
    assert (meaning.status, meaning.late_fee_cents) == ("cancelled", None)
    assert (stands(), busy(), question().outcome) == (("cancelled", "cancelled"), set(), "withdraw")
    assert [template for template, _ in told()] == ["requested", "to_decide"]
    with pytest.raises(ImpossibleStep, match="was a request"):
        in_unit_of_work(lambda s: undo_cancelled_place(s, place, by=cast.identity("alice"), now=late))
    assert broken() == []


def test_nobody_else_answers_and_a_request_can_neither_move_nor_be_marked(cast):
    asked = ask(cast)
    for by in ("alice", "ada"):
        with pytest.raises(NotFound):
            answer(cast, "accept", by=by)
    with pytest.raises(NotFound):
        answer(cast, "lapse")
    place = db.session.scalars(select(Attendance.public_id)).one()
    rules = current_rules(db.session())
    wish = Wish(cast.individual, cast.bob, at(MONDAY, 11), "online")
    for act in (
        lambda s: move_appointment(s, rules, asked.public_id, wish, by=cast.identity("dee"), now=NOW),
        lambda s: mark_attendance(s, place, "arrived", by=cast.identity("dee"), now=NOW),
    ):
        with pytest.raises(ImpossibleStep):
            in_unit_of_work(act)
    assert stands() == ("requested", "booked")


def test_unanswered_it_lapses_by_the_worker(cast):
    ask(cast)
    late = NOW + timedelta(hours=24)
    assert not what_waits(db.session(), late - timedelta(seconds=1)).decisions
    assert what_waits(db.session(), late).decisions
    assert in_unit_of_work(lambda s: decide_due(s, late)) == 1
    assert in_unit_of_work(lambda s: decide_due(s, late)) == 0
    assert (stands(), busy(), question().outcome) == (("cancelled", "cancelled_by_practice"), set(), "lapse")
    assert told()[-1] == ("lapsed", "alice@demo.test")
    assert broken() == []


@pytest.mark.parametrize("therapist, who", [("bob", "charlie"), ("bea", "alice")], ids=["the therapist", "the client"])
def test_unanswered_it_lapses_for_whoever_needs_its_time(cast, therapist, who):
    asked = ask(cast)
    late = asked.answer_by
    assert int(TEN.timestamp()) // 60 in open_starts(late)
    in_unit_of_work(lambda s: s.execute(update(Service).values(needs_approval=False, notice_minutes=0)))
    assert ask(cast, who, therapist=therapist, now=late).status == "booked"
    assert told()[-2:] == [("lapsed", "alice@demo.test"), ("booked", f"{who}@demo.test")]
    assert question().outcome == "lapse"
    assert broken() == []
    with pytest.raises(ImpossibleStep):
        answer(cast, "accept", now=late)


def test_too_late_to_accept_even_where_nobody_took_the_time_yet(cast):
    late = ask(cast).answer_by
    with pytest.raises(ImpossibleStep, match="time to answer this is over"):
        answer(cast, "accept", now=late)


def test_staff_book_at_once(cast):
    assert ask(cast, by=cast.identity("dee")).status == "booked"
    assert told() == [("booked", "alice@demo.test")]


def test_a_hold_that_is_confirmed_becomes_a_request(cast):
    rules, keep = current_rules(db.session()), Keep(NOW + timedelta(minutes=15), b"x")
    wish = Wish(cast.individual, cast.bob, TEN, "in_person")
    hold, _ = in_unit_of_work(lambda s: hold_slot(s, rules, wish, by=cast.identity("alice"), now=NOW, keep=keep))
    hold_id = hold.id
    made = in_unit_of_work(lambda s: confirm_hold(s, hold_id, [cast.alice], by=cast.identity("alice"), now=NOW))
    assert made.status == "requested"
    assert busy() == {cast.resources["bob"], cast.resources["willow"], cast.alice.resource_id}
    assert told() == [("requested", "alice@demo.test"), ("to_decide", "bob@demo.test")]
    assert "appointment.requested" in set(db.session.scalars(select(AuditEvent.action)))
    assert broken() == []
