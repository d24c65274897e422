"""Wall-clock times that never come, or come twice."""

from datetime import UTC, date, datetime

from practice.domain.wall_time import instants_of

NEW_YORK = "America/New_York"


def test_an_ordinary_time_comes_once():
    assert instants_of(NEW_YORK, date(2026, 11, 24), 540) == (datetime(2026, 11, 24, 14, tzinfo=UTC),)
    assert instants_of(NEW_YORK, date(2026, 11, 24), 1440) == (datetime(2026, 11, 25, 5, tzinfo=UTC),)


def test_a_skipped_time_never_comes():
    assert instants_of(NEW_YORK, date(2027, 3, 14), 150) == ()
    assert len(instants_of(NEW_YORK, date(2027, 3, 14), 180)) == 1


def test_a_repeated_time_comes_twice_in_order():
    first, second = instants_of(NEW_YORK, date(2026, 11, 1), 90)
    assert (first.hour, second.hour) == (5, 6)
    assert len(instants_of("Australia/Lord_Howe", date(2027, 4, 4), 105)) == 2
