"""Every start on the step is offered or explained, and never both; and what the reasons are, by example."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings

from practice.domain.explaining import Choice, check_session, check_start, explain, free_rooms
from practice.domain.intervals import merge
from practice.domain.openings import Openings
from practice.domain.reasons import FOR_STRANGERS, WORDS, Code, Reason
from practice.domain.rule_book import Availability, Hours, Offer
from practice.domain.slots import GroupSession, bookable_span, therapists_offering
from tests.support.scale import TIMES
from tests.unit.domain.practices import (
    BOB,
    MORNING,
    NEW_YORK,
    NOW,
    ROOM_ONE,
    ROOM_TWO,
    RULES,
    SERVICE,
    ask,
    at,
    busy,
    code,
    with_service,
)
from tests.unit.domain.worlds import PROOF, first_minute, hours_of, worlds


def offered_by_the_engine(world, therapist):
    """Return the engine's starts and ways for one therapist, after notice and window."""
    service = world.service
    first, end = bookable_span(world.rules, service, world.now, "clients")
    span = (max(first, world.span[0]), min(end, world.span[1]))
    busy = {key: merge(spans) for key, spans in world.busy_spans().items()}
    openings = Openings(world.rules, busy, meetings=world.meetings())
    therapists = [each for each in therapists_offering(world.rules, service, "clients") if each is therapist]
    slots = openings.slots(service, therapists, span, world.asker)
    return {slot.start: (set(slot.ways.location_ids), slot.ways.online) for slot in slots}


def starts_on_the_step(world, therapist):
    """Return all starts on the step near the world's date, from the oracle's hours."""
    step = world.rules.services[0].step_minutes
    rows = [(start, end) for _, start, end in hours_of(world, therapist)]
    starts = {each for start, end in rows for each in range(start, end, step)}
    for offset in range(-3, 4):
        on = world.on + timedelta(days=offset)
        midnight, until = (first_minute(therapist.zone, world.on, on, minute) for minute in (0, 1440))
        outside = (each for each in range(midnight, until, step) if not any(row[0] <= each < row[1] for row in rows))
        starts.update(outside)
    return sorted(start for start in starts if world.span[0] <= start < world.span[1])


@settings(PROOF, max_examples=60 * TIMES)
@given(worlds())
def test_offered_and_explained_are_every_start_on_the_step(world):
    for therapist in world.rules.therapists:
        question = world.question(therapist)
        verdicts = explain(question, world.span)
        assert [verdict.start for verdict in verdicts] == starts_on_the_step(world, therapist)
        assert all((verdict.ways is None) != (verdict.reason is None) for verdict in verdicts)
        offered = {each.start: (set(each.ways.location_ids), each.ways.online) for each in verdicts if each.ways}
        assert offered == offered_by_the_engine(world, therapist)


def test_a_free_morning_needs_no_reason():
    assert code(ask(), at(9)) is None
    assert code(ask(), at(9), "online") is None


BOOKED = busy(BOB, at(9), at(9, 50), span=(at(8, 55), at(10)))
ALL_ROOMS = (busy(ROOM_ONE, at(9), at(10)), busy(ROOM_TWO, at(9), at(10)))
ONE_DAY = replace(RULES.practice, window_days=1)


@pytest.mark.parametrize(
    "question, start, wanted",
    [
        (ask(), at(8, 30), "outside_hours"),
        (ask(), at(11, 30), "outside_hours"),  # the session would end after the hours
        (ask(), at(9, 10), "not_on_step"),
        (ask(rules=replace(RULES, time_off=((1, (at(9, 49), at(10))),))), at(9), "time_off"),
        (ask(rules=replace(RULES, closures=((None, (at(8), at(9, 1))),))), at(9), "closure"),
        (ask(rules=replace(RULES, closures=((1, (at(8), at(9, 1))),))), at(9), "closure"),
        (ask(BOOKED), at(9, 30), "booked"),
        (ask(BOOKED), at(10), "buffer"),
        (ask(BOOKED), at(10, 30), None),
        (ask(replace(BOOKED, kind="held", held_until=NOW + timedelta(seconds=1))), at(9), "held"),
        (ask(replace(BOOKED, kind="held", held_until=NOW)), at(9), None),
        (ask(replace(BOOKED, kind="outside")), at(9), "outside_calendar"),
        (ask(now=datetime(2026, 11, 23, 14, 1, tzinfo=UTC)), at(9), "too_soon"),
        (ask(rules=replace(RULES, practice=ONE_DAY)), at(9), "too_far"),
        (ask(*ALL_ROOMS), at(9), "no_room"),
        (ask(ALL_ROOMS[0]), at(9), None),
        (ask(rules=with_service(audience="clients")), at(9), "clients_only"),
        (ask(rules=with_service(audience="clients"), viewer="clients"), at(9), None),
        (ask(rules=with_service(audience="staff"), viewer="clients"), at(9), "staff_only"),
        (
            ask(rules=replace(RULES, therapists=(replace(RULES.therapists[0], listing="clients"),))),
            at(9),
            "clients_only",
        ),
        (
            ask(rules=replace(RULES, therapists=(replace(RULES.therapists[0], takes_new_clients=False),))),
            at(9),
            "no_new_clients",
        ),
        (ask(rules=replace(RULES, offers=())), at(9), "not_offered_by_therapist"),
        (ask(rules=with_service(kind="group")), at(9), "group_dates_only"),
        (ask(rules=with_service(in_person=False)), at(9), "other_modality"),
        (ask(rules=replace(RULES, offers=(Offer(1, 1, in_person=False),))), at(9), "other_modality"),
    ],
)
def test_the_reason_of_a_start_in_person(question, start, wanted):
    assert code(question, start) == wanted


def test_a_start_is_explained_by_what_stands_in_the_way_of_any_way_to_meet():
    online_only = ask(BOOKED, rules=with_service(in_person=False))
    nine = next(verdict for verdict in explain(online_only, (at(9), at(9) + 1)))
    assert nine.reason == Reason(Code.BOOKED, (at(9), at(9, 50)))


def test_online_needs_no_room_and_no_open_place():
    rules = replace(RULES, closures=((1, (at(0), at(24))),))
    assert code(ask(*ALL_ROOMS, rules=rules), at(9), "online") is None


def test_hours_without_online_sessions_are_said_to_be_for_meeting_in_another_way():
    rows = (Availability(1, 1, replace(MORNING, is_online=False), date(2026, 1, 1)),)
    assert code(ask(rules=replace(RULES, availability=rows)), at(9), "online") == "other_modality"
    rows = (Availability(1, 1, Hours(540, 720, NEW_YORK), date(2026, 1, 1)),)
    assert code(ask(rules=replace(RULES, availability=rows)), at(9), "in_person") == "other_modality"


def test_a_chosen_room_must_be_free_and_a_chosen_place_be_the_rows():
    question = ask(ALL_ROOMS[0])
    assert code(question, at(9), "in_person", 1, 1) == "no_room"
    assert code(question, at(9), "in_person", 1, 2) is None
    assert code(question, at(9), "in_person", 2) == "other_modality"
    assert [room.name for room in free_rooms(question, 1, at(9))] == ["Two"]
    assert [room.name for room in free_rooms(question, 1, at(11))] == ["One", "Two"]
    assert free_rooms(question, 2, at(9)) == []


def test_a_room_needs_the_buffers_too():
    late = busy(ROOM_ONE, at(9, 55), at(10, 30))
    assert [room.name for room in free_rooms(ask(late), 1, at(9))] == ["Two"]
    assert [room.name for room in free_rooms(ask(late, waived=[Code.BUFFER]), 1, at(9))] == ["One", "Two"]


def test_staff_waive_rules_but_never_what_the_ledger_protects():
    everything = list(Code)
    assert code(ask(viewer="staff", waived=[Code.OUTSIDE_HOURS]), at(8, 30), "online") is None
    assert code(ask(viewer="staff", waived=[Code.OUTSIDE_HOURS]), at(8, 30), "in_person", 1) is None
    closed = replace(RULES, closures=((1, (at(0), at(24))),))
    assert code(ask(rules=closed, viewer="staff", waived=[Code.CLOSURE]), at(9), "in_person", 1) is None
    assert (
        code(ask(*ALL_ROOMS, rules=closed, viewer="staff", waived=[Code.CLOSURE]), at(9), "in_person", 1) == "no_room"
    )
    assert code(ask(BOOKED, viewer="staff", waived=everything), at(9), "online") == "booked"
    assert code(ask(*ALL_ROOMS, viewer="staff", waived=everything), at(9), "in_person", 1) == "no_room"
    assert code(ask(BOOKED, viewer="staff", waived=[Code.BUFFER]), at(10), "online") is None


def test_staff_need_no_notice_but_do_not_book_the_past_unawares():
    late = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    assert code(ask(now=late, viewer="staff"), at(9)) is None
    assert code(ask(now=late + timedelta(seconds=1), viewer="staff"), at(9)) == "too_soon"


def test_a_reason_names_its_span_for_staff_and_nothing_for_strangers():
    reason = check_start(ask(replace(BOOKED, subject="a1")), at(9), Choice("online"))
    assert reason is not None
    assert reason == Reason(Code.BOOKED, (at(9), at(9, 50)), "a1")
    assert reason.for_staff(NEW_YORK) == "Another session is booked, 9:00 AM to 9:50 AM."
    assert reason.for_staff("Asia/Kathmandu") == "Another session is booked, 7:45 PM to 8:35 PM."
    away = Reason(Code.TIME_OFF, (at(12), at(12, day=26)))
    assert away.for_staff(NEW_YORK) == "Time off, Tuesday 24 November, 12:00 PM to Thursday 26 November, 12:00 PM."
    assert Reason(Code.TOO_FAR).for_staff(NEW_YORK) == "Further ahead than times are offered."
    assert {Reason(each, (at(9), at(10))).for_strangers() for each in Code} == {FOR_STRANGERS}


def test_every_code_has_words():
    assert set(WORDS) == set(Code)


def test_a_place_in_a_group_needs_a_free_place_and_notice():
    rules = with_service(kind="group", capacity=2)
    session = GroupSession(7, SERVICE.id, 1, at(9), at(10, 15), 2, 1, "in_person", 1)
    reasons = [
        check_session(ask(rules=rules), session),
        check_session(ask(rules=rules), replace(session, places_taken=2)),
        check_session(ask(rules=rules), replace(session, start=at(9, day=20))),
        check_session(ask(rules=replace(rules, practice=ONE_DAY)), session),
        check_session(ask(rules=with_service(kind="group", audience="clients")), session),
        check_session(ask(rules=rules, viewer="staff", waived=[Code.NO_PLACES]), replace(session, places_taken=2)),
    ]
    assert [reason and reason.code.value for reason in reasons] == [
        None,
        "no_places",
        "too_soon",
        "too_far",
        "clients_only",
        "no_places",
    ]
