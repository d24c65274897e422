"""Buffers give way and grow back; sessions stay whole, and nothing ever overlaps."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from practice.domain.buffers import Standing, Stretch, given_up, regrown, squeezed

DAY = datetime(2026, 11, 23, tzinfo=UTC)


def stretch(first, last):
    return Stretch(DAY + timedelta(minutes=first), DAY + timedelta(minutes=last))


def one(number, core, before=0, after=0, span=None):
    whole = (core[0] - before, core[1] + after)
    return Standing(number, stretch(*(span or whole)), stretch(*core), stretch(*whole))


def test_the_buffer_of_the_session_before_is_cut_where_the_new_one_begins():
    span, cut = squeezed(stretch(110, 160), stretch(100, 170), [one(1, (60, 105), after=15)])
    assert span == stretch(110, 170)
    assert cut == {1: stretch(60, 110)}


def test_a_buffer_that_is_not_needed_stays_and_the_new_one_takes_what_is_left_between():
    span, cut = squeezed(stretch(110, 160), stretch(90, 170), [one(1, (60, 90), after=10)])
    assert (span, cut) == (stretch(100, 170), {})


def test_both_sides_give_way():
    others = [one(1, (60, 110), after=10), one(2, (160, 200), before=20, after=5)]
    span, cut = squeezed(stretch(110, 160), stretch(105, 165), others)
    assert span == stretch(110, 160)
    assert cut == {1: stretch(60, 110), 2: stretch(160, 205)}


def test_sessions_that_overlap_are_left_for_the_ledger_to_refuse():
    span, cut = squeezed(stretch(100, 150), stretch(90, 160), [one(1, (60, 101), after=10)])
    assert (span, cut) == (stretch(90, 160), {})


def test_a_buffer_grows_back_to_what_was_agreed_and_no_further_than_there_is_room():
    cut = one(1, (60, 110), before=5, after=20, span=(60, 110))
    assert regrown(cut, [cut]) == stretch(55, 130)
    assert regrown(cut, [cut, one(2, (120, 150)), one(3, (20, 58))]) == stretch(58, 120)


def test_what_had_given_way_to_a_buffer_that_is_cut_is_free_again():
    others = [one(1, (47, 54), 5, 8), one(2, (63, 68), before=2, span=(62, 68))]
    span, cut = squeezed(stretch(55, 60), stretch(51, 61), others)
    assert (span, cut) == (stretch(55, 61), {1: stretch(42, 55)})
    assert list(given_up(others, cut)) == [stretch(55, 62)]


sessions = st.lists(
    st.tuples(st.integers(0, 200), st.integers(5, 60), st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=7
)


@given(sessions, st.lists(st.integers(0, 6), max_size=6))
def test_whoever_comes_and_goes_nothing_overlaps_and_no_buffer_is_short_without_a_cause(come, go):
    """Each is squeezed in whose core is free; then some go, and what is beside them grows back."""
    standing: dict[int, Standing] = {}

    def put(number, span):
        standing[number] = standing[number]._replace(span=span)

    def grow_back(freed):
        touching = [
            other.id
            for other in standing.values()
            if any(other.span.ends_at == each.starts_at or other.span.starts_at == each.ends_at for each in freed)
        ]
        for other in sorted(touching, key=lambda key: standing[key].span):
            put(other, regrown(standing[other], standing.values()))

    for number, (start, length, before, after) in enumerate(come):
        new = one(number, (start, start + length), before, after)
        if any(other.core.overlaps(new.core) for other in standing.values()):
            continue
        span, cut = squeezed(new.core, new.whole, standing.values())
        freed = list(given_up(standing.values(), cut))
        for other, smaller in cut.items():
            put(other, smaller)
        standing[number] = new._replace(span=span)
        grow_back(freed)
        sound(standing)
    for number in go:
        gone = standing.pop(number, None)
        grow_back([gone.span] if gone else [])
        sound(standing)


def sound(standing):
    rows = sorted(standing.values(), key=lambda row: row.span)
    for row in rows:
        assert row.whole.starts_at <= row.span.starts_at <= row.core.starts_at, row
        assert row.core.ends_at <= row.span.ends_at <= row.whole.ends_at, row
    for before, after in pairwise(rows):
        assert not before.span.overlaps(after.span), (before, after)
    ends = {row.span.ends_at for row in rows}
    starts = {row.span.starts_at for row in rows}
    for row in rows:
        assert row.span.ends_at == row.whole.ends_at or row.span.ends_at in starts, row
        assert row.span.starts_at == row.whole.starts_at or row.span.starts_at in ends, row
