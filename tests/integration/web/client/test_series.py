"""A client sees a series as one thing with its dates, and cancels one of them or the rest, each consequence said."""

from datetime import timedelta

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient

from practice.db import db
from practice.queries.series import sessions_of
from tests.support.acting import act_as
from tests.support.cast import MONDAY, NOW, Cast, at
from tests.support.series import weekly
from tests.support.sessions import booked, whole

TEN = at(MONDAY, 10)
LATE = TEN - timedelta(hours=3)


@pytest.fixture
def alice(app: Flask, cast: Cast) -> FlaskClient:
    act_as(app, cast.identity("alice"), now=NOW)
    return app.test_client()


def kept(series_id: int) -> list:
    db.session.close()
    return [each for each in sessions_of(db.session(), series_id) if each.is_kept]


def place(public_id: str) -> str:
    return whole(public_id).attendances[0].public_id


def test_a_series_is_one_line_at_home_and_one_page_with_its_dates(cast: Cast, alice: FlaskClient) -> None:
    other = booked(cast, TEN + timedelta(days=1, weeks=3), now=NOW)
    made = weekly(cast, TEN, now=NOW, times=5)
    home = alice.get("/me").text
    assert home.count("Monday 30 November") == 0
    assert "Tuesday 15 December" in home, "what comes later is not hidden behind the series"
    assert f'href="/me/series/{made.public_id}"' in home
    page = alice.get(f"/me/series/{made.public_id}").text
    assert "Every week on Mondays at 10:00 AM" in page
    assert page.count("10:00 to 10:50 AM") == 5
    third = kept(made.id)[2]
    assert "Every week, 3 of 5." in alice.get(f"/me/sessions/{place(third.public_id)}").text
    assert other.series_id is None


def test_one_date_is_cancelled_and_the_series_goes_on(cast: Cast, alice: FlaskClient) -> None:
    made = weekly(cast, TEN, now=NOW, times=5)
    second = kept(made.id)[1]
    address = f"/me/sessions/{place(second.public_id)}"
    assert "Cancel this one and those after it" in alice.get(f"{address}/cancel").text
    assert alice.post(f"{address}/cancel").status_code == 303
    assert len(kept(made.id)) == 4
    assert "Cancelled" in alice.get(f"/me/series/{made.public_id}").text


def test_the_rest_is_cancelled_with_what_each_means_and_taken_back(cast: Cast, alice: FlaskClient, app: Flask) -> None:
    made = weekly(cast, TEN, now=NOW, times=4)
    act_as(app, cast.identity("alice"), now=LATE)
    here = f"/me/series/{made.public_id}"
    page = alice.get(f"{here}/cancel").text
    assert "Cancel 4 sessions" in page
    assert "The fee is $60 for one of them, the others are free of charge." in page
    since = place(kept(made.id)[1].public_id)
    assert "Free of charge." in alice.get(f"{here}/cancel?since={since}").text
    for _ in range(2):  # pressed twice
        assert alice.post(f"{here}/cancel", data={"since": since}).status_code == 303
    assert len(kept(made.id)) == 1
    assert "Take it back" in alice.get(here).text
    assert alice.post(f"{here}/cancel/undo").status_code == 303
    assert len(kept(made.id)) == 4


def test_somebody_elses_series_is_not_there(cast: Cast, alice: FlaskClient, app: Flask) -> None:
    made = weekly(cast, TEN, now=NOW, times=3)
    act_as(app, cast.identity("charlie"), now=NOW)
    here = f"/me/series/{made.public_id}"
    assert [alice.get(address).status_code for address in (here, f"{here}/cancel")] == [404, 404]
    assert [alice.post(address).status_code for address in (f"{here}/cancel", f"{here}/cancel/undo")] == [404, 404]
    act_as(app, cast.identity("alice"), now=NOW)
    assert alice.get(f"{here}/cancel?since=nothing").status_code == 404
    assert alice.post(f"{here}/cancel", data={"odd": "1"}).status_code == 422


def test_the_file_of_one_date_names_it_within_its_series(cast: Cast, alice: FlaskClient) -> None:
    made = weekly(cast, TEN, now=NOW, times=3)
    first, second = (whole(each.public_id) for each in kept(made.id)[:2])
    raw = alice.get(f"/me/sessions/{second.attendances[0].public_id}.ics").data
    (event,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert event["UID"] == first.uid, "all share the entry of the session that the series began with"
    assert event["RECURRENCE-ID"].to_ical() == b"20261130T100000"
