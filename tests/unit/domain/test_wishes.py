"""Lengths, needs, licences, load guards and what people had, by example: engine and explanation say the same."""

from dataclasses import replace
from datetime import date

import pytest

from practice.domain.asking import NOTHING_YET, Past, refused_spans
from practice.domain.explaining import Choice, check_people
from practice.domain.needs import NO_NEEDS, Needs, as_it_was, fitted
from practice.domain.reasons import FOR_CLIENTS, Code
from practice.domain.rule_book import Length, Licence, Offer
from practice.domain.slots import therapists_offering
from tests.unit.domain.practices import (
    BOB,
    ROOM_ONE,
    ROOM_TWO,
    RULES,
    SERVICE,
    STUDIO,
    ask,
    at,
    busy,
    clocks,
    code,
    offered,
    with_service,
)

WHOLE_MORNING = ["9:00", "9:30", "10:00", "10:30", "11:00"]
FULL_DAY = (at(8), at(13))


def wanting(rules=RULES, length=None, needs=NO_NEEDS, *rows, **more):
    """Ask for Bob's sessions as somebody wants them."""
    question = ask(*rows, rules=rules, viewer="clients")
    return replace(question, service=fitted(rules.services[0], length, needs), **more)


def with_bob(**changes):
    return replace(RULES, therapists=(replace(RULES.therapists[0], **changes),))


def test_a_length_that_is_offered_and_extra_minutes_move_the_last_start():
    rules = replace(RULES, lengths=(Length(1, 80), Length(1, 25, 7000), Length(2, 120)))
    assert clocks(wanting(rules, 80)) == WHOLE_MORNING[:-1]
    assert clocks(wanting(rules, 25)) == [*WHOLE_MORNING, "11:30"]
    assert clocks(wanting(rules, 25, Needs(extra_minutes=40))) == WHOLE_MORNING[:-1]
    assert clocks(wanting(rules, 120)) == []
    assert code(wanting(rules, 120), at(9)) == "duration_not_offered"
    assert [length.minutes for length in rules.lengths_of(1)] == [25, 50, 80]


def test_a_length_costs_what_it_says_or_what_the_usual_one_does():
    dear = replace(RULES, offers=(Offer(1, 1, price_cents=15000),), lengths=(Length(1, 80, 21000), Length(1, 25)))
    assert [dear.price_cents(1, 1, minutes) for minutes in (None, 50, 80, 25)] == [15000, 15000, 21000, 15000]
    as_long = [as_it_was(dear, SERVICE, 80, lead=1, price_cents=cents) for cents in (21000, 15000)]
    assert [(each.length_minutes, each.extra_minutes) for each in as_long] == [(80, 0), (50, 30)]
    short = as_it_was(dear, SERVICE, 20)
    assert (short.duration_minutes, short.length_minutes) == (20, 25)
    assert as_it_was(dear, SERVICE, 50) is SERVICE


def test_a_service_that_asks_for_nothing_more_stays_itself():
    quiet = replace(SERVICE, room_features=frozenset(["quiet"]))
    assert fitted(quiet, 50, Needs(frozenset(["quiet"]))) is quiet
    variants = {
        fitted(quiet, length, needs).variant
        for length in (50, 80)
        for needs in (NO_NEEDS, Needs(frozenset(["step_free"])), Needs(interpreter=True), Needs(extra_minutes=15))
    }
    assert len(variants) == 8


def test_only_a_room_with_every_feature_will_do_and_online_needs_none():
    rooms = (replace(STUDIO.rooms[0], features=frozenset(["quiet"])), STUDIO.rooms[1])
    rules = replace(RULES, locations=(replace(STUDIO, rooms=rooms),))
    needs = Needs(frozenset(["quiet"]))
    taken = busy(ROOM_ONE, *FULL_DAY)
    assert {slot.ways.modalities for slot in offered(wanting(rules, None, needs))} == {("in_person", "online")}
    assert {slot.ways.modalities for slot in offered(wanting(rules, None, needs, taken))} == {("online",)}
    assert code(wanting(rules, None, needs, taken), at(9)) == "no_room"
    assert code(wanting(rules, None, needs, busy(ROOM_TWO, *FULL_DAY)), at(9)) is None
    both = Needs(frozenset(["quiet", "step_free"]))
    assert code(wanting(rules, None, both), at(9)) == "no_room"


def test_an_interpreter_comes_to_those_who_work_with_one():
    needs = Needs(interpreter=True)
    assert clocks(wanting(RULES, None, needs)) == []
    assert code(wanting(RULES, None, needs), at(9)) == "no_interpreter"
    assert clocks(wanting(with_bob(works_with_interpreter=True), None, needs)) == WHOLE_MORNING


@pytest.mark.parametrize(
    "licences, region, open_",
    [
        ([], "NY", False),
        ([], "", True),
        ([("NY", None)], "NY", True),
        ([("NY", None)], "NJ", False),
        ([("NY", None)], "XX", False),
        ([("NY", date(2026, 11, 24))], "NY", True),  # to its last day
        ([("NY", date(2026, 11, 23))], "NY", False),
        ([("NY", date(2026, 11, 23)), ("NY", date(2027, 1, 1))], "NY", True),
    ],
)
def test_online_a_licence_must_hold_where_the_client_is_on_that_day(licences, region, open_):
    held = tuple(Licence(1, *each) for each in licences)
    practice = replace(RULES.practice, checks_licences=True)
    rules = replace(with_service(in_person=False), practice=practice, licences=(*held, Licence(2, "NJ")))
    question = wanting(rules, region=region)
    assert clocks(question) == (WHOLE_MORNING if open_ else [])
    assert code(question, at(9), "online") == (None if open_ else "not_licensed")
    assert clocks(replace(question, rules=replace(rules, practice=RULES.practice))) == WHOLE_MORNING
    both = replace(rules, services=(SERVICE,))
    assert clocks(wanting(both, region=region)) == WHOLE_MORNING  # in person
    assert code(wanting(both, region=region), at(9)) is None


def test_what_is_said_now_counts_and_of_two_each_may_be_somewhere_else():
    practice = replace(RULES.practice, checks_licences=True)
    rules = replace(RULES, practice=practice, licences=(Licence(1, "NY"),))
    one, two = (Past(starts=((),) * people, regions=frozenset(["NJ"])) for people in (1, 2))
    assert code(wanting(rules, past=one), at(9), "online") == "not_licensed"
    assert code(wanting(rules, region="NY", past=one), at(9), "online") is None
    assert code(wanting(rules, region="NY", past=two), at(9), "online") == "not_licensed"


def sessions(*hours, is_first=False, kind="booked"):
    return [busy(BOB, at(hour), at(hour, 50), kind, span=(at(hour), at(hour + 1)), is_first=is_first) for hour in hours]


def test_a_guarded_morning_by_engine_and_explanation():
    rows = sessions(7, 8)
    assert clocks(wanting(with_bob(max_in_row=2), None, NO_NEEDS, *rows)) == ["10:00", "10:30", "11:00"]
    assert clocks(wanting(with_bob(max_in_row=3), None, NO_NEEDS, *rows)) == ["9:30", *WHOLE_MORNING[2:]]
    assert clocks(wanting(with_bob(max_a_day=2), None, NO_NEEDS, *rows)) == []
    assert clocks(wanting(with_bob(max_a_day=3), None, NO_NEEDS, *rows)) == WHOLE_MORNING[1:]
    outside = sessions(7, 8, kind="outside")
    assert clocks(wanting(with_bob(max_a_day=1, max_in_row=1), None, NO_NEEDS, *outside)) == WHOLE_MORNING[1:]
    assert code(wanting(with_bob(max_a_day=2), None, NO_NEEDS, *rows), at(10)) == "too_many_that_day"


def test_first_sessions_are_counted_for_those_who_have_not_met_the_therapist():
    rules, rows = with_bob(max_first_a_week=1), sessions(7, is_first=True)
    assert clocks(ask(*rows, rules=rules)) == []  # a stranger
    assert clocks(wanting(rules, None, NO_NEEDS, *rows)) == WHOLE_MORNING  # nobody in particular
    assert clocks(wanting(rules, None, NO_NEEDS, *rows, past=NOTHING_YET)) == []
    since_ten = Past(frozenset([(1, at(10))]))
    assert clocks(wanting(rules, None, NO_NEEDS, *rows, past=since_ten)) == WHOLE_MORNING[3:]
    other = Past(frozenset([(2, at(7))]))
    assert clocks(wanting(rules, None, NO_NEEDS, *rows, past=other)) == []
    assert clocks(wanting(rules, None, NO_NEEDS, *sessions(7), past=NOTHING_YET)) == WHOLE_MORNING
    assert clocks(wanting(with_bob(max_first_a_week=0), past=NOTHING_YET)) == []


def test_what_people_had_already_refuses_the_same_as_spans_and_start_by_start():
    rules = with_service(needs_consultation=True, max_per_week=2)
    service = rules.services[0]
    sunday = at(23, 30, day=22)
    past = Past(consulted_at=at(10), starts=((sunday,), (at(9, day=23), at(9, day=25))))
    span = (at(0, day=20), at(0, day=30) + 14 * 1440)
    spans = list(refused_spans(rules, service, past, span))
    assert spans == [(span[0], at(10) + 1), (at(0, day=23), at(0, day=30))]
    for start in (at(10), at(10) + 1, sunday, at(23, 59, day=29), at(0, day=30)):
        refused = check_people(wanting(rules, past=past), start, Choice("online")) is not None
        assert refused == any(first <= start < end for first, end in spans)
    assert list(refused_spans(rules, service, NOTHING_YET, span)) == [span]
    assert therapists_offering(rules, service, "public") == ()
    assert code(ask(rules=rules), at(9)) == "consultation_first"
    assert code(wanting(rules), at(9)) is None
    group = with_service(needs_consultation=True, kind="consultation")
    assert code(ask(rules=group), at(9)) is None


def test_clients_are_told_what_is_about_them_and_never_how_much_somebody_works():
    loads = {Code.TOO_MANY_IN_A_ROW, Code.TOO_MANY_THAT_DAY, Code.TOO_MANY_FIRST_SESSIONS}
    assert loads.isdisjoint(FOR_CLIENTS)
    assert {Code.TOO_MANY_THAT_WEEK, Code.CONSULTATION_FIRST, Code.NOT_LICENSED} <= set(FOR_CLIENTS)
