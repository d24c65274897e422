"""A therapist's own hours, on their pages: asked for, checked with what they leave outside, saved, taken back."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from practice.db import db
from practice.models import AuditEvent, Availability, DateHours, Location, TimeOff
from practice.queries.busy import current_rules
from tests.support.acting import act_as
from tests.support.cast import MONDAY, at
from tests.support.forms import find
from tests.support.sessions import booked

NOW = at(MONDAY, 10, 30)
HOURS = "/therapist/hours"
WEEKLY, DATE, OFF = f"{HOURS}/weekly", f"{HOURS}/dates/2026-11-24", f"{HOURS}/time-off"
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def bob(app, cast):
    act_as(app, cast.identity("bob"), now=NOW)
    return app.test_client()


def count(model):
    db.session.close()
    return db.session.scalar(select(func.count()).select_from(model))


def check(client, path, sent):
    """Ask for the page that checks ``sent``."""
    return client.get(f"{path}/check?{urlencode(sent, doseq=True)}")


def save(client, path, sent, **more):
    """Check ``sent`` and press the button of the page that answers."""
    page = check(client, path, sent)
    assert page.status_code == 200, page.text
    form = find(page.text, more, path)
    return client.post(form.action, data=form.filled(more))


def on(cast, day):
    """The hours of a date."""
    db.session.close()
    return sorted((row.start_minute, row.end_minute) for row in current_rules(db.session()).hours_on(cast.bob, day))


def test_the_hours_of_a_day_are_changed_and_copied_from_a_date_on(bob, cast):
    page = bob.get(f"{WEEKLY}?days=0").text
    assert "Hours on Mondays" in page
    assert re.findall(r'<option selected value="(09:00|17:00)"', page) == ["09:00", "17:00"]
    sent = {
        "days": ["0", "2"], "starts_0": "09:00", "ends_0": "12:00", "place_0": "online", "starts_3": "13:00",
        "ends_3": "15:30", "place_3": "online", "valid_from": "2026-12-01", "valid_until": "2026-12-31",
    }  # fmt: skip

    before = [(540, 1020)]
    page = check(bob, WEEKLY, sent).text
    assert "Mondays and Wednesdays" in page
    assert "9:00 AM to 12:00 PM, Online\n1:00 PM to 3:30 PM, Online" in page
    assert "Mondays, 9:00 AM to 5:00 PM" in page
    assert "Every booked session still fits." in page
    assert on(cast, MONDAY + timedelta(weeks=2)) == before  # looking changes nothing

    answer = save(bob, WEEKLY, sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, HOURS)
    for day, expected in (
        ("2026-11-30", before),
        ("2026-12-07", [(540, 720), (780, 930)]),
        ("2026-12-08", before),
        ("2026-12-09", [(540, 720), (780, 930)]),
        ("2027-01-04", before),
    ):
        assert on(cast, type(MONDAY).fromisoformat(day)) == expected, day
    assert "until Thursday 31 December" in bob.get(HOURS).text


def test_what_would_lie_outside_is_shown_before_and_stays_booked(bob, cast):
    inside = booked(cast, at(TUESDAY, 9), now=NOW)
    outside = booked(cast, at(TUESDAY, 14), "charlie", now=NOW)
    booked(cast, at(TUESDAY, 15), now=NOW, therapist="bea")
    sent = {"days": "1", "starts_0": "09:00", "ends_0": "12:00", "place_0": "online", "valid_from": "2026-11-24"}
    for path, asked in (
        (WEEKLY, sent),
        (DATE, {"starts_0": "09:00", "ends_0": "12:00", "place_0": "online"}),
        (OFF, {"starts_on": "2026-11-24", "starts": "13:00"}),
    ):
        page = check(bob, path, asked).text
        assert "A booked session would lie outside these hours" in page, path
        assert f'href="/therapist/appointments/{outside.public_id}"' in page, path
        assert "Charlie Moss" in page, path
        assert inside.public_id not in page, path
    db.session.close()
    read = db.session.scalars(select(AuditEvent.detail).where(AuditEvent.action == "stranded.read")).all()
    assert [each["appointments"] for each in read] == [[outside.public_id]] * 3

    save(bob, WEEKLY, sent)
    page = bob.get(HOURS).text
    assert "Booked outside these hours" in page
    assert "Tuesday 24 November, 2:00 PM" in page
    assert "Every booked session still fits." in check(bob, WEEKLY, sent).text  # it is outside already


def test_pressing_twice_saves_once_and_undo_takes_all_of_it_back(bob, cast):
    before = count(Availability)
    sent = {"days": ["0", "1"], "starts_0": "10:00", "ends_0": "11:00", "place_0": "online", "valid_from": "2026-11-23"}
    assert save(bob, WEEKLY, sent).status_code == 303
    made = count(Availability)
    assert save(bob, WEEKLY, sent).status_code == 303
    assert count(Availability) == made
    assert on(cast, MONDAY) == [(600, 660)]

    assert "Undo what you just saved" in bob.get(HOURS).text
    assert bob.submit(HOURS, action="/undo").status_code == 303
    assert on(cast, MONDAY) == on(cast, TUESDAY) == [(540, 1020)]
    assert count(Availability) == before
    assert "Undo what you just saved" not in bob.get(HOURS).text
    assert bob.post(f"{HOURS}/undo").status_code == 404

    assert [save(bob, OFF, {"starts_on": "2026-12-24"}).status_code for _ in range(2)] == [303, 303]
    assert count(TimeOff) == 1
    assert bob.submit(HOURS, action="/undo").status_code == 303
    assert count(TimeOff) == 0


def test_undo_is_offered_for_minutes_and_refused_where_the_hours_changed_since(app, bob, cast):
    sent = {"days": "0", "starts_0": "10:00", "ends_0": "11:00", "place_0": "online", "valid_from": "2026-11-23"}
    save(bob, WEEKLY, sent)
    other = app.test_client()
    save(other, WEEKLY, sent | {"ends_0": "12:00"})
    assert bob.post(f"{HOURS}/undo").status_code == 409
    assert on(cast, MONDAY) == [(600, 720)]

    act_as(app, cast.identity("bob"), now=NOW + timedelta(minutes=11))
    assert "Undo what you just saved" not in other.get(HOURS).text
    assert other.post(f"{HOURS}/undo").status_code == 404


def test_hours_that_make_no_sense_are_refused_and_change_nothing(bob, cast):
    good = {"days": "5", "starts_0": "10:00", "ends_0": "13:00", "place_0": "online", "valid_from": "2026-12-01"}
    before = count(Availability)
    for wrong in (
        {"days": "7"}, {"days": ""}, {"starts_0": "25:00"}, {"starts_0": "24:00"}, {"ends_0": "10:00"}, {"ends_0": ""},
        {"starts_0": ""}, {"place_0": "nowhere"}, {"place_0": "+online"}, {"valid_from": "2026-11-22"},
        {"valid_from": "soon"}, {"valid_from": ""}, {"valid_from": "9999-01-01"}, {"valid_until": "2026-11-30"},
        {"therapist_id": "2"}, {"starts_1": "12:00", "ends_1": "14:00", "place_1": "online"},
    ):  # fmt: skip
        for answer in (check(bob, WEEKLY, good | wrong), bob.post(WEEKLY, data=good | wrong)):
            assert answer.status_code == 422, wrong
            assert "There is a problem" in answer.text, wrong
            assert "<title>Error: " in answer.text, wrong
    assert bob.post(WEEKLY, data=good | {"starts_0": "\x00"}).status_code == 422
    assert count(Availability) == before
    both = check(bob, WEEKLY, good | {"ends_0": "", "starts_2": "14:00", "ends_2": "13:00"}).text
    assert "Choose when these hours end." in both
    assert "The end must be after the start." in both
    overlap = check(bob, WEEKLY, good | {"starts_2": "12:00", "ends_2": "14:00", "place_2": "online"}).text
    assert 'href="#starts_2">These hours overlap the ones above.' in overlap
    for days in ("7", "x", ""):
        assert bob.get(f"{WEEKLY}?days={days}").status_code == 404, days


def test_going_back_from_the_check_keeps_what_was_typed(bob, cast):
    sent = {"days": ["0", "4"], "starts_0": "10:15", "ends_0": "11:45", "place_0": "online", "valid_from": "2026-12-01"}
    back = re.search(r'class="back" href="([^"]+)"', check(bob, WEEKLY, sent).text)
    page = bob.get(back[1].replace("&amp;", "&")).text
    assert "Hours on Mondays and Fridays" in page
    assert re.findall(r'<option selected value="(10:15|11:45)"', page) == ["10:15", "11:45"]
    assert page.count('name="days"') == 7
    assert len(re.findall(r'name="days"[^>]*checked', page)) == 2


def test_one_date_and_time_off_on_the_pages(bob, cast):
    booked(cast, at(TUESDAY, 9), now=NOW)
    village = db.session.scalars(select(Location.public_id)).one()
    assert bob.get(f"{HOURS}/dates?on=2026-11-24").headers["Location"] == DATE
    assert save(bob, DATE, {"starts_0": "13:00", "ends_0": "15:00", "place_0": village}).status_code == 303
    assert on(cast, TUESDAY) == [(780, 900)]
    page = bob.get(HOURS).text
    assert "Booked outside these hours" in page
    assert "Tuesday 24 November, 9:00 AM" in page
    assert "1:00 PM to 3:00 PM, Village studio" in page
    page = bob.get(f"{DATE}/clear").text
    assert "Every booked session still fits." in page
    assert bob.submit(f"{DATE}/clear", action="/clear").status_code == 303
    assert count(DateHours) == 0
    assert bob.get(f"{DATE}/clear").status_code == 404

    assert save(bob, OFF, {"starts_on": "2026-12-24", "ends_on": "2026-12-31"}, note="Winter").status_code == 303
    page = bob.get(HOURS).text
    assert "Thursday 24 December to Thursday 31 December" in page
    db.session.close()
    off = db.session.scalars(select(TimeOff)).one()
    assert (off.starts_at, off.ends_at) == (at(off.starts_at.date(), 0), at(off.ends_at.date(), 0))
    assert off.note == "Winter"
    assert bob.submit(HOURS, action="/remove").status_code == 303
    assert count(TimeOff) == 0
    assert bob.post(f"{OFF}/{off.public_id}/remove").status_code == 404


def test_dates_and_time_off_that_make_no_sense_are_refused(bob, cast):
    for path, sent in (
        (DATE, {"starts_0": "13:00", "place_0": "online"}),
        (DATE, {"ends_0": "13:00"}),
        (DATE, {"starts_0": "13:00", "ends_0": "12:00"}),
        (DATE, {"starts_0": "13:00", "ends_0": "14:00", "place_0": "nowhere"}),
        (f"{HOURS}/dates/2026-11-20", {}),
        (OFF, {}),
        (OFF, {"starts_on": "2026-12-24", "ends_on": "2026-12-23"}),
        (OFF, {"starts_on": "2026-11-20"}),
        (OFF, {"starts_on": "2027-03-14", "starts": "02:30"}),
        (OFF, {"starts_on": "2026-12-24", "note": "x" * 201}),
    ):
        assert check(bob, path, sent).status_code == 422, (path, sent)
        assert bob.post(path, data=sent).status_code == 422, (path, sent)
    for path in (f"{HOURS}/dates/2026-02-30", f"{HOURS}/dates/2026-02-30/clear"):
        assert bob.post(path, data={}).status_code == 404
        assert bob.get(path).status_code == 404
    assert (count(DateHours), count(TimeOff)) == (0, 0)


def test_a_time_that_comes_twice_is_asked_about(bob, cast):
    sent = {"starts_on": "2027-11-07", "starts": "01:30", "ends": "12:00"}
    answer = check(bob, OFF, sent)
    assert answer.status_code == 422
    assert "1:30 AM comes twice" in answer.text
    assert 'name="which_start"' in answer.text

    assert save(bob, OFF, sent | {"which_start": "1"}).status_code == 303
    assert db.session.scalars(select(TimeOff.starts_at)).one().hour == 6


def test_only_therapists_have_these_pages(app, cast):
    for who in ("alice", "dee", "ada"):
        act_as(app, cast.identity(who), now=NOW)
        client = app.test_client()
        for path in (HOURS, WEEKLY, f"{WEEKLY}/check", DATE, f"{DATE}/check", f"{DATE}/clear", OFF, f"{OFF}/check"):
            assert client.get(path).status_code == 404, (who, path)
        for path in (WEEKLY, DATE, OFF, f"{HOURS}/undo"):
            assert client.post(path, data={}).status_code == 404, (who, path)
    assert on(cast, MONDAY)
