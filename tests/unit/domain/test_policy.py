"""What cancelling costs: by the hour, by what was agreed with the client, and after a late move."""

from datetime import datetime, timedelta

import pytest

from practice.domain.policy import cancellation, fee_of, terms_of

START = datetime.fromisoformat("2026-11-24T15:00:00+00:00")
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "agreed, hours, expected",
    [
        ({}, 24, ("cancelled", None)),
        ({}, 23.99, ("late_cancelled", 6000)),
        ({"no_late_fees": True}, 1, ("late_cancelled", 0)),
        ({"agreed_fee_cents": 9000}, 1, ("late_cancelled", 6000)),
        ({"agreed_fee_cents": 4000}, 1, ("late_cancelled", 4000)),
        ({"agreed_fee_cents": 0}, 1, ("late_cancelled", 0)),
        ({"agreed_fee_cents": 4000, "kind": "group"}, 1, ("late_cancelled", 6000)),
        ({"late_since": START - 200 * HOUR}, 100, ("late_cancelled", 6000)),
        ({"late_since": START - 200 * HOUR, "no_late_fees": True}, 100, ("late_cancelled", 0)),
    ],
)
def test_what_cancelling_costs(agreed, hours, expected) -> None:
    terms = terms_of(24, 6000, **{"kind": "individual", **agreed})
    found = cancellation(START, terms, now=START - hours * HOUR)
    assert (found.status, found.late_fee_cents) == expected
    free = cancellation(START, terms, now=START - hours * HOUR, by_practice=True)
    assert (free.status, free.late_fee_cents) == ("cancelled_by_practice", None)


@pytest.mark.parametrize(
    "kind, cents", [("individual", 9000), ("couple", 9000), ("group", 14000), ("consultation", 14000)]
)
def test_an_agreed_fee_is_for_sessions_alone_or_of_two(kind, cents) -> None:
    assert fee_of(kind, 14000, 9000) == cents
    assert fee_of(kind, 14000, None) == 14000
