"""The engine offers exactly what the oracle finds minute by minute; and what that means, by example."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practice.domain import openings, slots
from practice.domain.intervals import merge
from practice.domain.openings import BLOCK, Openings
from practice.domain.rule_book import Availability, Hours, Offer
from practice.domain.slots import GroupSession, Ways, group_slots, therapists_offering
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
    clocks,
    offered,
    with_service,
)
from tests.unit.domain.worlds import PROOF, oracle, worlds

WHOLE_MORNING = ["9:00", "9:30", "10:00", "10:30", "11:00"]


@PROOF
@given(worlds(), st.sampled_from([BLOCK, 1440, 317]))
def test_the_engine_finds_what_the_oracle_finds(world, block):
    """Short blocks put their edges into the middle of hours, sessions and busy spans."""
    service = world.service
    busy_spans = {resource: merge(spans) for resource, spans in world.busy_spans().items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(openings, "BLOCK", block)
        engine = Openings(world.rules, busy_spans, meetings=world.meetings())
        therapists = therapists_offering(world.rules, service, "clients")
        slots_found = engine.slots(service, therapists, world.span, world.asker)
    found = {(slot.start, slot.therapist_id): (set(slot.ways.location_ids), slot.ways.online) for slot in slots_found}
    expected = oracle(world, service)
    assert found == {key: ways for key, ways in expected.items() if world.span[0] <= key[0] < world.span[1]}


@PROOF
@given(st.sets(st.integers(0, 99), max_size=4), st.integers(1, 66))
def test_fits_are_the_minutes_from_which_all_are_free(taken, length):
    free = set(range(100)) - taken
    fits = slots.fits(sum(1 << minute for minute in free), length)
    assert set(slots.starts_in(fits, 0)) == {each for each in range(100) if set(range(each, each + length)) <= free}


@PROOF
@given(st.sets(st.integers(0, 200)), st.integers(-50, 50))
def test_the_bits_of_a_mask_are_its_starts(minutes, first):
    assert slots.starts_in(sum(1 << minute for minute in minutes), first) == [first + each for each in sorted(minutes)]


def test_starts_lie_on_the_step_of_their_row_and_the_session_inside_it():
    assert clocks(ask()) == WHOLE_MORNING
    assert clocks(ask(rules=with_service(step_minutes=45))) == ["9:00", "9:45", "10:30"]
    assert clocks(ask(rules=with_service(duration_minutes=180))) == ["9:00"]
    assert clocks(ask(rules=with_service(duration_minutes=181))) == []


def test_rows_that_touch_keep_their_own_steps():
    rows = (
        Availability(1, 1, replace(MORNING, end_minute=620), date(2026, 1, 1)),
        Availability(1, 1, replace(MORNING, start_minute=620), date(2026, 1, 1)),
    )
    rules = replace(RULES, availability=rows)
    assert clocks(ask(rules=rules)) == ["9:00", "9:30", "10:20", "10:50"]


def test_a_start_in_two_rows_is_one_slot_with_both_ways():
    rows = (
        Availability(1, 1, Hours(540, 600, NEW_YORK, None, is_online=True), date(2026, 1, 1)),
        Availability(1, 1, Hours(540, 600, NEW_YORK, 1, is_online=False), date(2026, 1, 1)),
    )
    assert [slot.ways for slot in offered(ask(rules=replace(RULES, availability=rows)))] == [Ways((1,), online=True)]


def test_the_neighbours_buffers_and_its_own_keep_a_session_away():
    neighbour = busy(BOB, at(10), at(10, 50), span=(at(9, 55), at(11)))
    assert clocks(ask(neighbour)) == []
    assert clocks(ask(neighbour, rules=with_service(before_minutes=0))) == ["11:00"]
    assert clocks(ask(neighbour, rules=with_service(after_minutes=5))) == ["9:00"]


def test_buffers_may_reach_outside_hours_and_into_time_off():
    rules = replace(RULES, time_off=((1, (at(8), at(9))), (1, (at(11, 50), at(13)))))
    assert clocks(ask(rules=rules)) == WHOLE_MORNING
    assert clocks(ask(rules=replace(RULES, time_off=((1, (at(11, 49), at(13))),)))) == WHOLE_MORNING[:-1]


def test_one_free_room_is_enough_and_without_one_only_online_is_left():
    all_day = (at(8), at(13))
    one = ask(busy(ROOM_ONE, *all_day))
    assert {slot.ways for slot in offered(one)} == {Ways((1,), online=True)}
    both = ask(busy(ROOM_ONE, *all_day), busy(ROOM_TWO, *all_day))
    assert {slot.ways for slot in offered(both)} == {Ways((), online=True)}
    in_person = replace(with_service(online=False), offers=(Offer(1, 1),))
    assert clocks(ask(busy(ROOM_ONE, *all_day), busy(ROOM_TWO, *all_day), rules=in_person)) == []


def test_two_rooms_that_are_each_free_for_half_are_not_one_room():
    halves = (busy(ROOM_ONE, at(8), at(9, 30)), busy(ROOM_TWO, at(9, 30), at(10)))
    nine = offered(ask(*halves))[0]
    assert nine.start == at(9)
    assert nine.ways == Ways((), online=True)


def test_a_closed_place_leaves_online_sessions_and_a_closed_practice_none():
    closed = (at(0), at(24))
    assert {slot.ways for slot in offered(ask(rules=replace(RULES, closures=((1, closed),))))} == {
        Ways((), online=True)
    }
    assert clocks(ask(rules=replace(RULES, closures=((None, closed),)))) == []


def test_notice_is_elapsed_time_to_the_second():
    nine_the_day_before = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    assert clocks(ask(now=nine_the_day_before)) == WHOLE_MORNING
    assert clocks(ask(now=nine_the_day_before + timedelta(microseconds=1))) == WHOLE_MORNING[1:]
    assert clocks(ask(now=nine_the_day_before + timedelta(hours=5), viewer="staff")) == WHOLE_MORNING


def test_notice_over_the_change_of_clocks_is_still_elapsed_time():
    rules = replace(RULES, availability=(Availability(1, 6, MORNING, date(2026, 1, 1)),))
    sunday = datetime(2026, 11, 1, 14, 0, tzinfo=UTC)  # 9:00, 25 hours after 9:00 on Saturday
    assert clocks(ask(rules=rules, now=sunday - timedelta(hours=24)), day=1) == WHOLE_MORNING
    assert clocks(ask(rules=rules, now=sunday - timedelta(hours=23)), day=1) == WHOLE_MORNING[2:]


def test_the_window_counts_dates_of_the_practice():
    rules = replace(RULES, practice=replace(RULES.practice, window_days=4))
    assert clocks(ask(rules=rules, now=datetime(2026, 11, 20, 5, 0, tzinfo=UTC))) == WHOLE_MORNING
    assert clocks(ask(rules=rules, now=datetime(2026, 11, 20, 4, 59, tzinfo=UTC))) == []
    assert clocks(ask(rules=rules, now=datetime(2026, 11, 20, 4, 59, 59, tzinfo=UTC))) == []


@pytest.mark.parametrize(
    "audience, listing, new, seen_by",
    [
        ("public", "public", True, ["public", "clients", "staff"]),
        ("clients", "public", True, ["clients", "staff"]),
        ("public", "clients", True, ["clients", "staff"]),
        ("public", "public", False, ["clients", "staff"]),
        ("staff", "public", True, ["staff"]),
    ],
)
def test_who_sees_a_time(audience, listing, new, seen_by):
    therapist = replace(RULES.therapists[0], listing=listing, takes_new_clients=new)
    rules = replace(with_service(audience=audience), therapists=(therapist,))
    assert [each for each in ("public", "clients", "staff") if clocks(ask(rules=rules, viewer=each))] == seen_by


def test_a_group_has_no_starts_but_the_dates_that_staff_made():
    rules = with_service(kind="group", capacity=12)
    assert clocks(ask(rules=rules)) == []
    date_of_group = GroupSession(7, SERVICE.id, 1, at(9), at(10, 15), 12, 11, "in_person", 1)
    dates = [
        date_of_group,
        replace(date_of_group, appointment_id=8, places_taken=12),
        replace(date_of_group, appointment_id=9, start=at(9, day=21)),
        replace(date_of_group, appointment_id=10, start=at(9, day=23)),
        replace(date_of_group, appointment_id=11, service_id=2),
        replace(date_of_group, appointment_id=12, therapist_id=2),
    ]
    found = group_slots(rules, rules.services[0], dates, NOW, "public")
    assert [each.appointment_id for each in found] == [10, 7]
    hidden = with_service(kind="group", capacity=12, audience="clients")
    assert group_slots(hidden, hidden.services[0], dates, NOW, "public") == []
