"""What staff may book against, and what stays whatever they say."""

from dataclasses import replace
from datetime import timedelta

import pytest

from practice.domain.explaining import Choice, reasons_against
from practice.domain.intervals import instant
from practice.domain.overriding import SOFT, is_soft
from practice.domain.reasons import Code, Reason
from practice.domain.rule_book import Offer
from tests.unit.domain.practices import BOB, NOW, ROOM_ONE, ROOM_TWO, RULES, ask, at, busy, code, with_service

EVERYTHING = list(Code)


def against(question, start, *choice):
    found = reasons_against(question, start, Choice(*choice) if choice else Choice("in_person", 1))
    return [reason.code.value for reason in found]


def test_all_that_speaks_against_a_start_is_told_once_each_in_order():
    closed = replace(RULES, closures=((None, (at(8), at(9))), (1, (at(8), at(9)))), time_off=((1, (at(8), at(9))),))
    rows = (busy(BOB, at(9, 5), at(9, 50)), busy(BOB, at(7), at(8, 10)), busy(BOB, at(9, 0), at(9, 5)))
    question = ask(*rows, rules=closed, viewer="staff", now=NOW - timedelta(days=60))
    assert against(question, at(8, 10)) == ["too_far", "outside_hours", "closure", "time_off", "buffer"]
    assert against(question, at(8)) == ["too_far", "outside_hours", "closure", "time_off", "booked"]
    assert against(ask(viewer="staff"), at(9)) == []


@pytest.mark.parametrize("waived", [Code.BOOKED, Code.HELD, Code.OUTSIDE_CALENDAR, Code.NO_ROOM, Code.GROUP_DATES_ONLY])
def test_what_the_ledger_or_a_calendar_elsewhere_protects_is_not_soft(waived):
    assert waived not in SOFT
    assert not ask(viewer="staff", waived=EVERYTHING).is_waived(Reason(waived))


def test_time_that_has_gone_by_stays_gone():
    gone = ask(now=instant(at(9)) + timedelta(minutes=1), viewer="staff", waived=EVERYTHING)
    assert code(gone, at(9), "online") == "too_soon"
    assert [is_soft(reason) for reason in reasons_against(gone, at(9), Choice("online"))] == [False]
    soon = ask(now=instant(at(9)), waived=[Code.TOO_SOON])
    assert code(soon, at(9), "online") is None  # the notice alone


def test_a_way_to_meet_that_is_not_offered_stays_so_but_the_hours_of_another_give_way():
    only_there = with_service(online=False)
    assert code(ask(rules=only_there, viewer="staff", waived=EVERYTHING), at(9), "online") == "other_modality"
    theirs = replace(RULES, offers=(Offer(1, 1, in_person=False),))
    assert code(ask(rules=theirs, viewer="staff", waived=EVERYTHING), at(9), "in_person", 1) == "other_modality"
    rows = tuple(replace(each, hours=replace(each.hours, is_online=False)) for each in RULES.availability)
    question = ask(rules=replace(RULES, availability=rows), viewer="staff", waived=[Code.OTHER_MODALITY])
    assert code(question, at(9), "online") is None


def test_a_calendar_elsewhere_and_the_last_room_are_not_booked_over():
    away = busy(BOB, at(9), at(9, 30), kind="outside")
    assert code(ask(away, viewer="staff", waived=EVERYTHING), at(9), "online") == "outside_calendar"
    rooms = (busy(ROOM_ONE, at(9), at(10)), busy(ROOM_TWO, at(9, 30), at(10, 30)))
    assert code(ask(*rooms, viewer="staff", waived=EVERYTHING), at(9)) == "no_room"
