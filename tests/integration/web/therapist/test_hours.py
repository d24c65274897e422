"""A therapist's own hours, on their pages."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from practice.db import db
from practice.models import Availability, DateHours, TimeOff
from practice.queries.busy import current_rules
from tests.support.acting import act_as
from tests.support.cast import MONDAY, at
from tests.support.sessions import booked

NOW = at(MONDAY, 10, 30)
HOURS = "/therapist/hours"


@pytest.fixture
def bob(app, cast):
    act_as(app, cast.identity("bob"), now=NOW)
    return app.test_client()


def count(model):
    db.session.close()
    return db.session.scalar(select(func.count()).select_from(model))


def test_weekly_hours_are_added_changed_and_ended_on_the_pages(bob, cast):
    fields = {"weekday": "5", "starts": "10:00", "ends": "13:00", "place": "online"}
    answer = bob.submit(f"{HOURS}/new?weekday=5", fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, HOURS)
    assert "10:00 AM to 1:00 PM" in bob.get(HOURS).text

    row = db.session.scalars(select(Availability.public_id).where(Availability.weekday == 5)).one()
    answer = bob.submit(f"{HOURS}/{row}/change", {"ends": "14:30", "valid_from": "2026-12-01"})
    assert answer.status_code == 303
    assert "from Tuesday 1 December" in bob.get(HOURS).text

    answer = bob.submit(f"{HOURS}/{row}/end", {"last_on": "2026-11-28"})
    assert answer.status_code == 303
    assert "until Saturday 28 November" in bob.get(HOURS).text


def test_hours_that_make_no_sense_are_refused_and_change_nothing(bob, cast):
    good = {"weekday": "5", "starts": "10:00", "ends": "13:00", "place": "online", "valid_from": "2026-12-01"}
    before = count(Availability)
    for wrong in (
        {"weekday": "7"}, {"weekday": ""}, {"starts": "25:00"}, {"starts": "24:00"}, {"ends": "10:00"}, {"ends": ""},
        {"place": "nowhere"}, {"place": "+online"}, {"valid_from": "2026-11-22"}, {"valid_from": "soon"},
        {"valid_from": "9999-01-01"}, {"valid_until": "2026-11-30"}, {"weekday": "0"}, {"therapist_id": "2"},
        {"starts": "\x00"},
    ):  # fmt: skip
        answer = bob.post(f"{HOURS}/new", data=good | wrong)
        assert answer.status_code == 422, wrong
        assert "There is a problem" in answer.text, wrong
    assert count(Availability) == before


def test_one_date_and_time_off_on_the_pages(bob, cast):
    booked(cast, at(MONDAY + timedelta(days=1), 9), now=NOW)
    path = f"{HOURS}/dates/2026-11-24"
    assert bob.get(f"{HOURS}/dates?on=2026-11-24").headers["Location"] == path
    answer = bob.submit(path, {"starts_0": "13:00", "ends_0": "15:00"})
    assert answer.status_code == 303
    page = bob.get(HOURS).text
    assert "Booked outside these hours" in page
    assert "Tuesday 24 November, 9:00 AM" in page
    assert bob.post(f"{path}/clear").status_code == 303
    assert count(DateHours) == 0

    answer = bob.submit(f"{HOURS}/time-off", {"starts_on": "2026-12-24", "ends_on": "2026-12-31", "note": "Winter"})
    assert answer.status_code == 303
    page = bob.get(HOURS).text
    assert "Thursday 24 December to Thursday 31 December" in page
    db.session.close()
    off = db.session.scalars(select(TimeOff)).one()
    assert (off.starts_at, off.ends_at) == (at(off.starts_at.date(), 0), at(off.ends_at.date(), 0))
    assert bob.submit(HOURS, action="/remove").status_code == 303
    assert count(TimeOff) == 0
    assert bob.post(f"{HOURS}/time-off/{off.public_id}/remove").status_code == 404


def test_dates_and_time_off_that_make_no_sense_are_refused(bob, cast):
    for path, sent in (
        (f"{HOURS}/dates/2026-11-24", {"starts_0": "13:00", "place_0": "online"}),
        (f"{HOURS}/dates/2026-11-24", {"ends_0": "13:00"}),
        (f"{HOURS}/dates/2026-11-24", {"starts_0": "13:00", "ends_0": "12:00"}),
        (f"{HOURS}/dates/2026-11-24", {"starts_0": "13:00", "ends_0": "14:00", "place_0": "nowhere"}),
        (f"{HOURS}/dates/2026-11-20", {}),
        (f"{HOURS}/time-off", {}),
        (f"{HOURS}/time-off", {"starts_on": "2026-12-24", "ends_on": "2026-12-23"}),
        (f"{HOURS}/time-off", {"starts_on": "2026-11-20"}),
        (f"{HOURS}/time-off", {"starts_on": "2027-03-14", "starts": "02:30"}),
    ):
        assert bob.post(path, data=sent).status_code == 422, (path, sent)
    assert bob.post(f"{HOURS}/dates/2026-02-30", data={}).status_code == 404
    assert (count(DateHours), count(TimeOff)) == (0, 0)


def test_a_time_that_comes_twice_is_asked_about(bob, cast):
    sent = {"starts_on": "2027-11-07", "starts": "01:30", "ends": "12:00"}
    answer = bob.post(f"{HOURS}/time-off", data=sent)
    assert answer.status_code == 422
    assert "1:30 AM comes twice" in answer.text
    assert 'name="which_start"' in answer.text

    assert bob.post(f"{HOURS}/time-off", data=sent | {"which_start": "1"}).status_code == 303
    assert db.session.scalars(select(TimeOff.starts_at)).one().hour == 6


def test_only_therapists_have_these_pages(app, cast):
    for who in ("alice", "dee", "ada"):
        act_as(app, cast.identity(who), now=NOW)
        client = app.test_client()
        for path in (HOURS, f"{HOURS}/new", f"{HOURS}/dates/2026-11-24", f"{HOURS}/time-off"):
            assert client.get(path).status_code == 404, (who, path)
        assert client.post(f"{HOURS}/dates/2026-11-24", data={}).status_code == 404
    assert current_rules(db.session()).hours_on(cast.bob, MONDAY)
