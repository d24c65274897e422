"""Making, changing and extending series: by the rules of any booking, all at once or not at all."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from practice.cli.worker import Worker
from practice.db import db, unit_of_work
from practice.domain.errors import ImpossibleStep, SlotTaken
from practice.domain.reasons import Code
from practice.models import (
    Appointment,
    Attendance,
    Availability,
    Client,
    Closure,
    Decision,
    Occupancy,
    OutboxMessage,
    Room,
    Series,
    SeriesClient,
    TimeOff,
)
from practice.queries.busy import current_rules
from practice.queries.series import sessions_of, standing_of
from practice.services import ledger
from practice.services.checking import broken_invariants
from practice.services.deciding import decide
from practice.services.series import MadeSeries
from practice.services.series_ahead import extend_series
from practice.services.series_changes import cancel_from, move_from
from practice.services.series_plan import plan_series
from practice.services.series_undoing import undo_cancellation
from practice.services.undoing import undo_cancelled_appointment
from tests.support.cast import MONDAY, NEW_YORK, NOW, Cast, at
from tests.support.counting import statements
from tests.support.post import Postbox
from tests.support.series import pattern_for, repeated, weekly
from tests.support.sessions import booked, whole

TEN = at(MONDAY, 10)


def kept(series_id: int) -> list[datetime]:
    db.session.close()
    return [each.starts_at for each in sessions_of(db.session(), series_id) if each.is_kept]


def plan(cast: Cast, first: Appointment, **rule: object):
    pattern = pattern_for(first, **rule)
    clients = [each.client.resource_id for each in first.attendances]
    rules = current_rules(db.session())
    return plan_series(db.session(), rules, pattern, clients, now=NOW, after=pattern.rule.starts_on)


def messages(template: str) -> list[dict]:
    db.session.close()
    return list(db.session.scalars(select(OutboxMessage.context).where(OutboxMessage.template == template)))


def nothing_is_broken() -> None:
    db.session.close()
    assert list(broken_invariants(db.session(), vault=None, master_keys=())) == []


def test_a_year_is_made_in_few_statements_with_one_message(cast: Cast, app) -> None:
    first = booked(cast, TEN, now=NOW, modality="in_person")
    with statements(app) as seen:
        made = repeated(cast, first, now=NOW, times=52)
    bulk = [one for one in seen if one.startswith("INSERT INTO") and not one.startswith("INSERT INTO series (")]
    assert len(seen) - len(bulk) <= 12, seen
    assert len(bulk) == len({one.split("(")[0] for one in bulk}) + 1, "one a table, and a second into the history"
    starts = kept(made.id)
    assert len(starts) == 52
    assert {each.astimezone(NEW_YORK).hour for each in starts} == {10}, (
        "the clocks changed twice, the wall time did not"
    )
    assert {each.astimezone(UTC).hour for each in starts} == {14, 15}
    assert len(messages("series_booked")) == 1
    assert len(messages("booked")) == 1, "only the first session has a message of its own"
    assert whole(first.public_id).series_id == made.id
    assert db.session.get_one(Series, made.id).uid == whole(first.public_id).uid


def test_each_conflict_has_the_reason_that_a_booking_would_have(cast: Cast) -> None:
    with unit_of_work() as session:
        session.execute(update(Room).where(Room.id == cast.rooms[1]).values(archived_at=NOW))
    first = booked(cast, TEN, now=NOW, modality="in_person")
    booked(cast, at(date(2026, 11, 30), 10), "charlie", now=NOW)  # Bob is busy
    booked(cast, at(date(2026, 12, 7), 10, 30), now=NOW, therapist="bea")  # so is Alice
    booked(cast, at(date(2026, 12, 14), 10), "charlie", now=NOW, therapist="bea", modality="in_person")
    with unit_of_work() as session:
        session.add(
            TimeOff(therapist_id=cast.bob, starts_at=at(date(2026, 12, 21), 0), ends_at=at(date(2026, 12, 22), 0))
        )
        session.add(Closure(name="Closed", starts_at=at(date(2026, 12, 28), 0), ends_at=at(date(2026, 12, 29), 0)))
        session.execute(
            update(Availability)
            .where(Availability.therapist_id == cast.bob, Availability.weekday == 0)
            .values(valid_until=date(2027, 1, 4))
        )
    planned = plan(cast, whole(first.public_id), times=8).planned
    said = {each.on: each.reason.code if each.reason else "closed" if each.is_closed else "" for each in planned}
    assert said == {
        date(2026, 11, 30): Code.BOOKED,
        date(2026, 12, 7): Code.CLIENT_BUSY,
        date(2026, 12, 14): Code.NO_ROOM,
        date(2026, 12, 21): Code.TIME_OFF,
        date(2026, 12, 28): "closed",
        date(2027, 1, 4): "",
        date(2027, 1, 11): Code.OUTSIDE_HOURS,
        date(2027, 1, 18): Code.OUTSIDE_HOURS,
    }
    weighed = plan(cast, whole(first.public_id), skips_closures=False, times=6).planned
    assert {each.on: each.reason.code for each in weighed if each.reason}[date(2026, 12, 28)] == Code.CLOSURE


def test_what_conflicts_is_left_out_or_at_another_time_or_the_end(cast: Cast) -> None:
    first = booked(cast, TEN, now=NOW)
    taken = [date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 21)]
    for on in taken:
        booked(cast, at(on, 10), "charlie", now=NOW)
    with pytest.raises(SlotTaken):
        repeated(cast, first, now=NOW, times=8)
    assert whole(first.public_id).series_id is None, "all of it or nothing"
    near = plan(cast, first, times=8)
    other = at(date(2026, 12, 7), 11)
    assert any(start == int(other.timestamp()) // 60 for start in near.near(int(at(taken[1], 10).timestamp()) // 60))
    answers = {taken[0]: "skip", taken[1]: other, taken[2]: "stop"}
    made = repeated(cast, first, now=NOW, answers=answers, times=8)
    assert kept(made.id) == [TEN, other, at(date(2026, 12, 14), 10)]
    series = db.session.get_one(Series, made.id)
    assert (series.ends_on, series.times) == (date(2026, 12, 20), None)
    nothing_is_broken()


def test_another_time_that_was_taken_meanwhile_makes_nothing(cast: Cast) -> None:
    first = booked(cast, TEN, now=NOW)
    booked(cast, at(date(2026, 11, 30), 10), "charlie", now=NOW)
    booked(cast, at(date(2026, 11, 30), 12), "charlie", now=NOW)
    with pytest.raises(SlotTaken):
        repeated(cast, first, now=NOW, answers={date(2026, 11, 30): at(date(2026, 11, 30), 12)}, times=3)
    assert db.session.scalar(select(func.count()).select_from(Series)) == 0


def test_who_left_while_it_waited_for_them_comes_to_no_series(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first = booked(cast, TEN, now=NOW, others=("charlie",))
    lock = ledger.lock

    def wait(session, resources) -> None:
        lock(session, resources)
        theirs = Attendance.client_id == cast.charlie.id
        session.execute(update(Attendance).where(theirs).values(status="cancelled"))

    monkeypatch.setattr(ledger, "lock", wait)
    with pytest.raises(ImpossibleStep):
        repeated(cast, first, now=NOW, times=3)
    assert db.session.scalar(select(func.count(Series.id))) == 0


def test_staff_repeat_beyond_notice_and_window(cast: Cast) -> None:
    made = weekly(cast, TEN, now=NOW, times=30)
    assert kept(made.id)[-1] > NOW + timedelta(days=200)


def test_a_session_begins_one_series_only(cast: Cast) -> None:
    first = booked(cast, TEN, now=NOW)
    repeated(cast, first, now=NOW, times=3)
    with pytest.raises(ImpossibleStep):
        repeated(cast, first, now=NOW, times=3)


def test_cancelling_the_rest_follows_the_policy_of_each_session(cast: Cast) -> None:
    made = weekly(cast, TEN, now=NOW, times=6)
    later = TEN - timedelta(hours=2)  # the first is late by now, the others are not
    with unit_of_work() as session:
        number = cancel_from(session, made.public_id, None, by=cast.identity("alice"), now=later, by_practice=False)
    assert number == 6
    db.session.close()
    rows = db.session.execute(
        select(Attendance.status, Attendance.late_fee_cents)
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .order_by(Appointment.starts_at)
    ).all()
    assert [tuple(row) for row in rows] == [("late_cancelled", 6000), *[("cancelled", None)] * 5]
    assert db.session.scalar(select(func.count()).select_from(Occupancy)) == 0
    (told,) = messages("series_cancelled")
    assert told["series"] == made.public_id
    assert messages("cancelled") == []
    nothing_is_broken()


def test_this_and_following_leaves_what_was_before(cast: Cast) -> None:
    made = weekly(cast, TEN, now=NOW, times=6)
    third = sessions_of(db.session(), made.id)[2].original_starts_at
    with unit_of_work() as session:
        cancel_from(session, made.public_id, third, by=cast.identity("dee"), now=NOW, by_practice=True)
    assert kept(made.id) == [TEN, TEN + timedelta(weeks=1)]
    standing = standing_of(db.session(), made.id, TEN + timedelta(weeks=1))
    assert (standing.number, standing.total) == (2, 2)


def test_a_cancellation_of_the_rest_is_undone_as_a_whole_or_not_at_all(cast: Cast) -> None:
    made = weekly(cast, TEN, now=NOW, modality="in_person", times=6)
    before = kept(made.id)
    second = NOW + timedelta(minutes=1)
    with unit_of_work() as session:
        cancel_from(session, made.public_id, before[1], by=cast.identity("alice"), now=NOW, by_practice=False)
    with unit_of_work() as session:
        assert undo_cancellation(session, made.public_id, by=cast.identity("alice"), now=second) == 5
    assert kept(made.id) == before
    assert messages("series_cancelled") == []
    nothing_is_broken()
    with unit_of_work() as session:
        assert undo_cancellation(session, made.public_id, by=cast.identity("alice"), now=second) == 0, "pressed twice"
    with unit_of_work() as session:
        cancel_from(session, made.public_id, before[1], by=cast.identity("alice"), now=second, by_practice=False)
    booked(cast, before[3], "charlie", now=second)
    with pytest.raises(SlotTaken), unit_of_work() as session:
        undo_cancellation(session, made.public_id, by=cast.identity("alice"), now=second)
    assert kept(made.id) == before[:1]
    with pytest.raises(ImpossibleStep), unit_of_work() as session:
        undo_cancellation(session, made.public_id, by=cast.identity("alice"), now=second + timedelta(minutes=3))


def test_a_session_that_went_with_its_series_does_not_come_back_alone(cast: Cast) -> None:
    first = booked(cast, TEN, now=NOW)
    made = repeated(cast, first, now=NOW, times=3)
    with unit_of_work() as session:
        cancel_from(session, made.public_id, None, by=cast.identity("dee"), now=NOW, by_practice=True)
    with pytest.raises(ImpossibleStep), unit_of_work() as session:
        undo_cancelled_appointment(session, first.public_id, by=cast.identity("dee"), now=NOW)
    assert kept(made.id) == []


def test_a_client_cannot_take_back_what_the_practice_cancelled(cast: Cast) -> None:
    made = weekly(cast, TEN, now=NOW, times=3)
    with unit_of_work() as session:
        cancel_from(session, made.public_id, None, by=cast.identity("dee"), now=NOW, by_practice=True)
    with pytest.raises(ImpossibleStep), unit_of_work() as session:
        undo_cancellation(session, made.public_id, by=cast.identity("alice"), now=NOW)


def test_moving_this_and_following_is_a_series_of_its_own(cast: Cast) -> None:
    made = weekly(cast, TEN, now=NOW, modality="in_person", times=6)
    before = sessions_of(db.session(), made.id)
    pattern = pattern_for(whole(before[2].public_id), times=4)
    tuesday = date(2026, 12, 8)
    pattern = replace(pattern, rule=replace(pattern.rule, starts_on=tuesday, start_minute=10 * 60 + 30))
    rules = current_rules(db.session())
    with unit_of_work() as session:
        after = move_from(
            session, rules, made.public_id, before[2].original_starts_at, pattern, {}, by=cast.identity("dee"), now=NOW
        )
    assert kept(made.id) == [TEN, TEN + timedelta(weeks=1)]
    assert kept(after.id) == [at(tuesday + timedelta(weeks=week), 10, 30) for week in range(4)]
    old, new = db.session.get_one(Series, made.id), db.session.get_one(Series, after.id)
    assert (new.follows_id, new.uid != old.uid, old.ended_at) == (old.id, True, NOW)
    assert len(messages("series_moved")) == 1
    nothing_is_broken()


def test_moving_half_an_hour_is_not_in_its_own_way(cast: Cast) -> None:
    made = weekly(cast, TEN, now=NOW, modality="in_person", times=4)
    pattern = pattern_for(whole(sessions_of(db.session(), made.id)[0].public_id), times=4)
    pattern = replace(pattern, rule=replace(pattern.rule, start_minute=10 * 60 + 30))
    rules = current_rules(db.session())
    booked(cast, TEN + timedelta(weeks=1, hours=1), "charlie", now=NOW)
    with pytest.raises(SlotTaken), unit_of_work() as session:
        move_from(session, rules, made.public_id, None, pattern, {}, by=cast.identity("dee"), now=NOW)
    assert len(kept(made.id)) == 4, "the old times go back only if the new ones are won"
    answers = {date(2026, 11, 30): "skip"}
    with unit_of_work() as session:
        after = move_from(session, rules, made.public_id, None, pattern, answers, by=cast.identity("dee"), now=NOW)
    assert len(kept(after.id)) == 3


def test_an_open_ended_series_goes_on_and_its_conflicts_are_asked_about(cast: Cast) -> None:
    made = weekly(cast, TEN, now=NOW)
    first_fill = kept(made.id)
    assert first_fill[-1].astimezone(NEW_YORK).date() == MONDAY + timedelta(weeks=25)
    taken = MONDAY + timedelta(weeks=27)
    booked(cast, at(taken, 10), "charlie", now=NOW + timedelta(weeks=20))
    later = NOW + timedelta(weeks=3)
    for _ in range(2):  # however often it runs
        with unit_of_work() as session:
            extend_series(session, made.id, now=later)
    assert len(kept(made.id)) == len(first_fill) + 2
    (question,) = db.session.scalars(select(Decision)).all()
    assert (question.kind, question.code, question.original_starts_at) == ("series", "booked", at(taken, 10))
    assert (question.therapist_id, question.due_at) == (cast.bob, None)
    assert len(messages("series_booked")) == 1, "nobody is written to every week"
    nothing_is_broken()


def asked(cast: Cast) -> tuple[MadeSeries, Decision, datetime]:
    """Let an open-ended series run into a session of somebody else, and return what is asked about it."""
    made, taken = weekly(cast, TEN, now=NOW), MONDAY + timedelta(weeks=27)
    booked(cast, at(taken, 10), "charlie", now=NOW + timedelta(weeks=20))
    with unit_of_work() as session:
        extend_series(session, made.id, now=NOW + timedelta(weeks=4))
    return made, db.session.scalars(select(Decision)).one(), at(taken, 10)


@pytest.mark.parametrize("answer", ["skip", "other", "stop"])
def test_a_date_that_could_not_be_is_left_out_or_at_another_time_or_the_end(cast: Cast, answer: str) -> None:
    made, decision, original = asked(cast)
    later, before = NOW + timedelta(weeks=4), kept(made.id)
    noon = original + timedelta(hours=2)
    choice = str(int(noon.timestamp()) // 60) if answer == "other" else ""
    for _ in range(2):  # pressed twice
        with unit_of_work() as session:
            decide(session, decision.public_id, answer, choice=choice, by=cast.identity("bob"), now=later)
    wanted = {
        "skip": before,
        "other": sorted([*before, noon]),
        "stop": [each for each in before if each < original],
    }
    assert kept(made.id) == wanted[answer]
    moved = {each.original_starts_at for each in sessions_of(db.session(), made.id) if each.is_moved}
    assert moved == ({original} if answer == "other" else set())
    nothing_is_broken()


def test_a_series_of_nobody_ends_by_itself(cast: Cast) -> None:
    made = weekly(cast, TEN, now=NOW)
    with unit_of_work() as session:
        session.execute(update(Client).where(Client.id == cast.alice.id).values(archived_at=NOW))
        assert extend_series(session, made.id, now=NOW + timedelta(weeks=3)) == 0
    assert db.session.get_one(Series, made.id).ended_at is not None


def test_the_worker_extends_what_is_due(cast: Cast, app: Flask) -> None:
    made = weekly(cast, TEN, now=NOW)
    number = len(kept(made.id))
    app.extensions["clock"] = lambda: NOW + timedelta(weeks=2)
    Worker(app, Postbox()).run_once()
    assert len(kept(made.id)) == number + 2


BROKEN = [
    (update(Appointment).values(original_starts_at=None), "a series and no place in it"),
    (update(Series).values(every_weeks=2), "on no date of it"),
    (update(Series).values(filled_until=MONDAY), "on no date of it"),
    (update(Series).values(times=2), "more sessions than it is for"),
    (update(Series).values(sequence=9), "a lower number than its series"),
    (update(Series).values(service_id=1), "another service than its series"),
    (delete(SeriesClient), "who does not come to the series"),
    (delete(SeriesClient), "nobody who comes to it"),
    (update(Decision).values(original_starts_at=None), "names no date of it"),
]


def test_what_does_not_hold_of_a_series_is_found(cast: Cast) -> None:
    made = weekly(cast, TEN, now=NOW, times=3)
    nothing_is_broken()
    question = {"kind": "series", "therapist_id": cast.bob, "series_id": made.id, "original_starts_at": TEN}
    for broken, sentence in BROKEN:
        with unit_of_work() as session:
            session.add(Decision(**question, created_at=NOW))
            session.flush()
            session.execute(broken)
            assert sentence in "\n".join(broken_invariants(session, vault=None, master_keys=()))
            session.rollback()
