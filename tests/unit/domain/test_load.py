"""The load guard on bitmaps, one start at a time, and by a slow judge: the same for every minute of a day."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practice.domain.guarding import too_much
from practice.domain.load import Load, Meeting
from practice.domain.rule_book import Service, Therapist
from tests.unit.domain.loads import is_too_much, sessions
from tests.unit.domain.practices import NEW_YORK, NOW, at
from tests.unit.domain.worlds import CHECK, ZONES

DAY = 1440
WHOM = Therapist(1, "bob", 1, NEW_YORK, break_minutes=30)
SERVICE = Service(1, "individual", "individual", duration_minutes=50, before_minutes=5, after_minutes=10)
SHORT = Service(2, "consultation", "consultation", duration_minutes=20)


def guards() -> st.SearchStrategy[Therapist]:
    """One limit or several."""
    few = st.sampled_from((None, 1, 2, 3))
    return st.builds(
        replace,
        st.just(WHOM),
        max_in_row=few,
        max_a_day=few,
        max_first_a_week=st.sampled_from((None, 0, 1, 2)),
        break_minutes=st.sampled_from((15, 30, 60)),
    )


@CHECK
@given(guards(), st.sampled_from([SERVICE, SHORT]), st.sampled_from(ZONES), st.integers(0, 2 * DAY), st.data())
def test_every_minute_of_a_day_is_judged_alike_in_three_ways(whom, service, zone, first_until, data):
    noon = at(12, day=22)  # a Sunday: the week ends that night
    rows = data.draw(sessions(1, noon, NOW))
    meetings = [Meeting(row.span, row.core[0], row.is_first) for row in rows]
    block = (noon - DAY // 2 - 200, noon + DAY)
    mask = Load(whom, zone, meetings).allowed(service, block, first_until)
    for start in range(*block):
        taken = (start - service.before_minutes, start - service.before_minutes + service.total_minutes)
        if any(meeting.span[0] < taken[1] and taken[0] < meeting.span[1] for meeting in meetings):
            continue  # the ledger refuses it anyway
        is_first = start - block[0] < first_until
        wanted = not is_too_much(whom, zone, meetings, taken, start, is_first=is_first)
        assert bool(mask >> (start - block[0]) & 1) == wanted
        assert (not list(too_much(whom, zone, meetings, service, start, is_first=is_first))) == wanted


def run(*hours: int, is_first: bool = False) -> list[Meeting]:
    """Sessions of 50 minutes with 10 after, at hours of the Tuesday."""
    return [Meeting((at(hour), at(hour + 1)), at(hour), is_first) for hour in hours]


@pytest.mark.parametrize(
    "hours, start, wanted",
    [
        ((9, 10), (11, 0), True),
        ((9, 10, 11), (12, 5), False),
        ((9, 10, 11), (12, 34), False),  # 29 minutes between the busy spans
        ((9, 10, 11), (12, 35), True),  # a break of 30: the session's own 5 minutes before are no break
        ((12, 13, 14), (10, 56), False),
        ((12, 13, 14), (10, 30), True),  # busy to 11:30
        ((8, 11), (9, 34), True),  # joins one with one: three in a row
        ((7, 8, 11), (9, 34), False),  # joins two with one
        ((8, 9, 12), (10, 5), True),  # the one after it is 55 minutes away
    ],
)
def test_a_break_is_free_time_between_busy_spans(hours, start, wanted):
    whom = replace(WHOM, max_in_row=3)
    reasons = list(too_much(whom, NEW_YORK, run(*hours), SERVICE, at(*start), is_first=False))
    assert [reason.code.value for reason in reasons] == ([] if wanted else ["too_many_in_a_row"])
    allowed = Load(whom, NEW_YORK, run(*hours)).allowed(SERVICE, (at(0), at(24)), 0)
    assert bool(allowed >> (at(*start) - at(0)) & 1) == wanted


def test_a_break_that_is_just_long_enough_ends_a_row():
    meetings = [Meeting((at(8), at(9)), at(8)), Meeting((at(9, 30), at(10, 30)), at(9, 30))]
    whom = replace(WHOM, max_in_row=2)
    allowed = Load(whom, NEW_YORK, meetings).allowed(SERVICE, (at(0), at(24)), 0)
    assert allowed >> (at(10, 35) - at(0)) & 1
    assert list(too_much(whom, NEW_YORK, meetings, SERVICE, at(10, 35), is_first=False)) == []


def test_a_reason_spans_what_is_too_much():
    whom = replace(WHOM, max_in_row=2, max_a_day=2, max_first_a_week=1)
    reasons = list(too_much(whom, NEW_YORK, run(9, 10, is_first=True), SHORT, at(11), is_first=True))
    assert [(reason.code.value, reason.span) for reason in reasons] == [
        ("too_many_in_a_row", (at(9), at(11, 20))),
        ("too_many_that_day", (at(0), at(24))),
        ("too_many_first_sessions", (at(0, day=23), at(24, day=29))),
    ]
