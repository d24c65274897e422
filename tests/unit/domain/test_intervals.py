"""Spans of minutes behave as the sets of minutes that they stand for."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from practice.domain import intervals
from tests.unit.domain.worlds import PROOF

spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: (min(pair), max(pair))), max_size=6)


def minutes(found) -> set[int]:
    return {minute for start, end in found for minute in range(start, end)}


def are_apart(found) -> bool:
    return all(one[1] < other[0] for one, other in pairwise(found)) and all(start < end for start, end in found)


@PROOF
@given(spans)
def test_merged_spans_are_the_same_minutes_apart(some):
    merged = intervals.merge(some)
    assert minutes(merged) == minutes(some)
    assert are_apart(merged)


@PROOF
@given(st.tuples(st.integers(0, 9), st.integers(1, 9)), st.tuples(st.integers(0, 9), st.integers(1, 9)))
def test_overlap_is_a_shared_minute(one, other):
    one, other = (one[0], one[0] + one[1]), (other[0], other[0] + other[1])
    assert intervals.overlaps(one, other) == bool(minutes([one]) & minutes([other]))


def test_spans_that_touch_do_not_overlap():
    assert not intervals.overlaps((540, 600), (600, 660))
    assert intervals.merge([(600, 660), (540, 600)]) == ((540, 660),)


def test_instants_become_minutes_down_or_up():
    nine = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    minute = intervals.minute_floor(nine)
    assert intervals.instant(minute) == nine
    assert intervals.minute_ceil(nine) == minute
    assert intervals.minute_floor(nine + timedelta(seconds=59)) == minute
    assert intervals.minute_ceil(nine + timedelta(microseconds=1)) == minute + 1
    assert intervals.outer_span(nine + timedelta(seconds=1), nine + timedelta(seconds=61)) == (minute, minute + 2)


def test_instants_of_any_zone_are_the_same_minute():
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    assert intervals.minute_floor(datetime(1970, 1, 1, 5, 45, tzinfo=kathmandu)) == 0
    assert intervals.minute_floor(datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)) == -1
    assert intervals.minute_ceil(datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)) == 0
