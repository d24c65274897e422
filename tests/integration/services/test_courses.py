"""Courses: places are kept, booked and given up in all dates or in none, and each date's count stays right."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from practice.cli.mailing import write_letter
from practice.db import db, unit_of_work
from practice.domain.errors import ClientBusy, GroupFull, HoldEnded, ImpossibleStep, NotOffered
from practice.domain.intervals import minute_floor
from practice.models import Appointment, Attendance, Hold, Occupancy, OutboxMessage
from practice.queries.busy import current_rules
from practice.queries.slots import times_of
from practice.services import outbox
from practice.services.booking import Keep, book_appointment, confirm_hold
from practice.services.cancelling import cancel_appointment, cancel_attendance
from practice.services.checkout import let_go, let_go_of_others
from practice.services.courses import cancel_course
from practice.services.enrolling import book_course, cancel_enrolment, hold_course, undo_enrolment
from practice.services.finding import Wish
from practice.services.holds import release_expired
from practice.services.undoing import undo_cancelled_appointment, undo_cancelled_place
from tests.support.cast import NOW, Cast, at
from tests.support.groups import TUESDAY, TUESDAYS, all_is_well, course
from tests.support.sessions import booked

LATER = NOW + timedelta(minutes=15)


def taken() -> list[int]:
    """How many places of each date are taken."""
    db.session.close()
    return list(db.session.scalars(select(Appointment.places_taken).order_by(Appointment.starts_at)))


def count(model) -> int:
    db.session.close()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def hold(cast: Cast, course_id: str, who: str = "alice", holder: bytes = b"browser") -> int:
    rules = current_rules(db.session())
    with unit_of_work() as session:
        keep = Keep(LATER, holder)
        by, parties = cast.identity(who), [cast.parties[who]]
        return hold_course(session, rules, course_id, parties, by=by, now=NOW, keep=keep)[0].id


def confirm(cast: Cast, hold_id: int, who: str = "alice", *, now=NOW):
    with unit_of_work() as session:
        return confirm_hold(session, hold_id, [cast.parties[who]], by=cast.identity(who), now=now)


def enrol(cast: Cast, course_id: str, who: str = "alice"):
    rules = current_rules(db.session())
    with unit_of_work() as session:
        return book_course(session, rules, course_id, [cast.parties[who]], by=cast.identity(who), now=NOW)


def take_date(cast: Cast, on, who: str, by: str = ""):
    rules, wish = current_rules(db.session()), Wish(cast.group, cast.bob, at(on, 15), "in_person", cast.location)
    with unit_of_work() as session:
        parties = [cast.parties[who]]
        return book_appointment(session, rules, wish, parties, by=cast.identity(by or who), now=NOW)


def mails(template: str):
    db.session.close()
    return db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == template)).all()


def test_a_course_is_held_confirmed_and_told_of_once(app: Flask, cast: Cast) -> None:
    made = course(cast, co_lead=True)
    hold_id = hold(cast, made)
    assert (taken(), count(Hold)) == ([1, 1, 1], 3)
    all_is_well(app)
    first = confirm(cast, hold_id)
    assert first.starts_at == at(TUESDAY, 15)
    assert (taken(), count(Hold), count(Attendance)) == ([1, 1, 1], 0, 3)
    assert [each.to_email for each in mails("course_booked")] == ["alice@demo.test"]
    assert not mails("booked")
    all_is_well(app)
    with pytest.raises(HoldEnded):
        confirm(cast, hold_id)


def test_what_ends_or_is_given_back_gives_back_every_date(app: Flask, cast: Cast) -> None:
    made = course(cast)
    first = hold(cast, made)
    with unit_of_work() as session:
        let_go(session, first, now=NOW)
    assert taken() == [0, 0, 0]
    hold(cast, made)
    with unit_of_work() as session:
        release_expired(session, LATER)
    assert (taken(), count(Hold)) == ([0, 0, 0], 0)
    for _ in range(3):  # a browser keeps two courses at most, each as one
        kept = hold(cast, made)
        with unit_of_work() as session:
            let_go_of_others(session, b"browser", kept, now=NOW)
    assert taken() == [2, 2, 2]
    all_is_well(app)


def test_an_ended_course_makes_way_for_a_single_date_and_loses_all(app: Flask, cast: Cast) -> None:
    made = course(cast, capacity=2)
    ended, other = hold(cast, made), hold(cast, made, "charlie", b"other")
    with unit_of_work() as session:
        rows = session.scalars(select(Hold).where((Hold.id == ended) | (Hold.parent_id == ended)))
        for row in rows:
            row.held_until = NOW - timedelta(seconds=1)
    take_date(cast, TUESDAYS[1], "alice")
    assert taken() == [1, 2, 1]
    with pytest.raises(HoldEnded):
        confirm(cast, ended)
    confirm(cast, other, "charlie")
    assert taken() == [1, 2, 1]
    all_is_well(app)


def test_one_full_date_fills_the_course_and_nothing_is_kept(app: Flask, cast: Cast) -> None:
    made = course(cast, capacity=2)
    take_date(cast, TUESDAYS[2], "charlie")
    hold(cast, made, "alice", b"one")
    with pytest.raises(GroupFull):
        hold(cast, made, "alice", b"another")
    assert taken() == [1, 1, 2]
    all_is_well(app)


def test_dates_that_somebody_has_already_are_left_out(app: Flask, cast: Cast) -> None:
    made = course(cast)
    take_date(cast, TUESDAYS[1], "alice")
    confirm(cast, hold(cast, made))
    assert (taken(), count(Attendance)) == ([1, 1, 1], 3)
    with pytest.raises(ClientBusy):
        hold(cast, made)
    all_is_well(app)


def test_a_date_booked_while_the_course_was_held_is_counted_once(app: Flask, cast: Cast) -> None:
    made = course(cast)
    hold_id = hold(cast, made)
    take_date(cast, TUESDAYS[1], "alice")
    confirm(cast, hold_id)
    assert (taken(), count(Attendance)) == ([1, 1, 1], 3)
    all_is_well(app)


def test_another_session_of_theirs_stands_in_the_way_of_all(app: Flask, cast: Cast) -> None:
    made = course(cast)
    booked(cast, at(TUESDAYS[1], 15, 30), now=NOW, therapist="bea")
    with pytest.raises(ClientBusy):
        hold(cast, made)
    assert taken()[:2] == [0, 0]
    assert count(Hold) == 0


def test_single_dates_and_whole_courses_are_what_the_course_says(app: Flask, cast: Cast) -> None:
    only_whole, only_dates = (
        course(cast, enrol="course"),
        course(cast, [on + timedelta(days=1) for on in TUESDAYS], enrol="date"),
    )
    offered = {
        viewer: {each.start for each in times_of(db.session(), "move-and-play", None, viewer=viewer, now=NOW).sessions}
        for viewer in ("clients", "staff")
    }
    assert minute_floor(at(TUESDAY, 15)) not in offered["clients"]
    assert minute_floor(at(TUESDAY + timedelta(days=1), 15)) in offered["clients"]
    assert minute_floor(at(TUESDAY, 15)) in offered["staff"]
    with pytest.raises(NotOffered):
        take_date(cast, TUESDAY, "alice")
    with pytest.raises(NotOffered):
        enrol(cast, only_dates)
    take_date(cast, TUESDAY, "alice", by="dee")  # the desk may
    assert len(enrol(cast, only_whole)) == 2
    all_is_well(app)


def test_giving_up_the_course_is_told_once_and_taken_back_whole(app: Flask, cast: Cast) -> None:
    made = course(cast)
    enrol(cast, made)
    enrol(cast, made, "charlie")
    with unit_of_work() as session:
        meanings = cancel_enrolment(session, made, cast.alice.public_id, by=cast.identity("alice"), now=NOW)
    assert [each.status for each in meanings] == ["cancelled"] * 3
    assert taken() == [1, 1, 1]
    assert len(mails("course_cancelled")) == 1
    assert not mails("cancelled")
    with unit_of_work() as session:
        back = undo_enrolment(
            session, made, cast.alice.public_id, by=cast.identity("alice"), now=NOW + timedelta(minutes=1)
        )
    assert (back, taken()) == (3, [2, 2, 2])
    assert not mails("course_cancelled")
    all_is_well(app)
    with pytest.raises(ImpossibleStep), unit_of_work() as session:
        undo_enrolment(session, made, cast.alice.public_id, by=cast.identity("alice"), now=NOW + timedelta(minutes=1))


def test_the_fee_of_each_date_follows_the_clock(app: Flask, cast: Cast) -> None:
    made = course(cast)
    enrol(cast, made)
    soon = at(TUESDAY, 15) - timedelta(hours=2)
    with unit_of_work() as session:
        meanings = cancel_enrolment(session, made, cast.alice.public_id, by=cast.identity("alice"), now=soon)
    assert [(each.status, each.late_fee_cents) for each in meanings] == [
        ("late_cancelled", 6000), ("cancelled", None), ("cancelled", None)
    ]  # fmt: skip


def test_the_practice_cancels_a_course_and_each_client_reads_of_it_once(app: Flask, cast: Cast) -> None:
    made = course(cast, co_lead=True)
    enrol(cast, made)
    take_date(cast, TUESDAYS[2], "charlie")
    with unit_of_work() as session:
        assert cancel_course(session, made, by=cast.identity("dee"), now=NOW) == 3
    assert count(Occupancy) == 0
    told = {each.to_email: each for each in mails("course_cancelled")}
    assert set(told) == {"alice@demo.test", "charlie@demo.test"}
    letter = write_letter(app, claimed(told["charlie@demo.test"]))
    assert "Tuesday 8 December" in letter.text
    assert "Tuesday 24 November" not in letter.text
    assert "Alice" not in letter.text + letter.html + letter.subject
    all_is_well(app)


def test_a_date_of_a_cancelled_course_does_not_come_back_alone(app: Flask, cast: Cast) -> None:
    made = course(cast)
    enrol(cast, made)
    with unit_of_work() as session:
        cancel_course(session, made, by=cast.identity("dee"), now=NOW)
    date = db.session.scalars(select(Appointment.public_id)).first()
    place = db.session.scalars(select(Attendance.public_id)).first()
    for undo, public_id in ((undo_cancelled_appointment, date), (undo_cancelled_place, place)):
        with pytest.raises(ImpossibleStep), unit_of_work() as session:
            undo(session, public_id, by=cast.identity("dee"), now=NOW)
    assert count(Occupancy) == 0
    all_is_well(app)


def claimed(row: OutboxMessage) -> outbox.Claimed:
    return outbox.Claimed(
        row.id, row.public_id, row.template, row.to_email, row.context, row.message_id, row.created_at, row.due_at, 1
    )


def test_a_cancelled_date_ends_the_hold_of_its_course(app: Flask, cast: Cast) -> None:
    made = course(cast)
    hold_id = hold(cast, made)
    db.session.close()
    second = db.session.scalars(select(Appointment.public_id).order_by(Appointment.starts_at)).all()[1]
    with unit_of_work() as session:
        cancel_appointment(session, second, by=cast.identity("dee"), now=NOW, by_practice=True)
    assert (taken(), count(Hold)) == ([0, 0, 0], 0)
    with pytest.raises(HoldEnded):
        confirm(cast, hold_id)
    all_is_well(app)


def test_one_date_is_given_up_and_the_others_stay(app: Flask, cast: Cast) -> None:
    made = course(cast)
    seated = enrol(cast, made)
    with unit_of_work() as session:
        cancel_attendance(session, seated[1].places[0], by=cast.identity("alice"), now=NOW)
    assert taken() == [1, 0, 1]
    letters = [write_letter(app, claimed(each)) for each in mails("course_booked")]
    assert "Tuesday 1 December" not in letters[0].text
    assert "Tuesday 8 December" in letters[0].text
    all_is_well(app)
