"""The reasons for a day come from the ledger, and offer exactly what the list of times offers."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import insert

from practice.db import db, unit_of_work
from practice.domain.errors import NotFound
from practice.models import Closure, OutsideBusy, TimeOff
from practice.queries.explained import explained_day
from practice.queries.slots import times_of
from tests.support.practices import NEW_YORK, make_practice, take

NOW = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
FRIDAY = date(2026, 11, 27)
NINE = datetime(2026, 11, 27, 14, 0, tzinfo=UTC)


@pytest.fixture
def reasons(app: Flask) -> dict[str, str]:
    """A Friday on which something else stands in the way each hour: the reasons by New York clock time."""
    with app.app_context():
        with unit_of_work() as session:
            made = make_practice(session, NOW, therapists=2)
            take(session, made, NINE)
            take(session, made, NINE + timedelta(hours=1), held_until=NOW + timedelta(minutes=1))
            take(session, made, NINE + timedelta(hours=2), held_until=NOW)
            times = [(NINE + timedelta(hours=hour), NINE + timedelta(hours=hour + 1)) for hour in (4, 5, 6)]
            spans = [{"starts_at": start, "ends_at": end} for start, end in times]
            whose = {"resource_id": made.therapist_resources[0], "source": "import"}
            session.execute(insert(OutsideBusy), [{**spans[0], **whose}])
            session.execute(insert(TimeOff), [{**spans[1], "therapist_id": made.therapists[0]}])
            session.execute(insert(Closure), [{**spans[2], "location_id": None}])
        day = explained_day(db.session(), "individual", "therapist-000", FRIDAY, viewer="public", now=NOW)
        listed = times_of(db.session(), "individual", "therapist-000", viewer="public", now=NOW)
        slots = listed.between(FRIDAY, FRIDAY, NEW_YORK)
        assert [slot.start for slot in slots] == [verdict.start for verdict in day.verdicts if verdict.ways]
        assert [slot.ways for slot in slots] == [verdict.ways for verdict in day.verdicts if verdict.ways]
        for slug in ("nobody", ""):
            with pytest.raises(NotFound):
                explained_day(db.session(), "individual", slug, FRIDAY, viewer="public", now=NOW)
        db.session.remove()
    midnight = day.verdicts[0].start
    return {
        f"{(verdict.start - midnight) // 60}:00": verdict.reason.code.value if verdict.reason else "offered"
        for verdict in day.verdicts
    }


def test_each_start_of_a_day_is_offered_or_has_its_reason(reasons: dict[str, str]) -> None:
    assert len(reasons) == 24
    assert {clock: reason for clock, reason in reasons.items() if reason != "outside_hours"} == {
        "9:00": "booked",
        "10:00": "held",
        "11:00": "offered",
        "13:00": "outside_calendar",
        "14:00": "time_off",
        "15:00": "closure",
        "16:00": "offered",
    }
