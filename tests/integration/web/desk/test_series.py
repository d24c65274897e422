"""Series at the desk: every date first, each conflict with its choices, a check, made; moved and cancelled."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import select

from practice.db import db, unit_of_work
from practice.models import Appointment, AuditEvent, Decision, Series
from practice.queries.series import sessions_of
from practice.services.series_ahead import extend_series
from practice.web.series import repeating
from tests.support.acting import act_as
from tests.support.cast import MONDAY, NOW, at
from tests.support.series import repeated, weekly
from tests.support.sessions import booked, whole

TEN = at(MONDAY, 10)
TWELVE = "every=1&ends=times&times=12&skips=y"


@pytest.fixture
def first(cast):
    return booked(cast, TEN, now=NOW, modality="in_person")


@pytest.fixture
def path(first):
    return f"/desk/appointments/{first.public_id}/repeat"


def words(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def kept(series_id: int) -> list:
    db.session.close()
    return [each for each in sessions_of(db.session(), series_id) if each.is_kept]


def the_series() -> Series:
    db.session.close()
    return db.session.scalars(select(Series).order_by(Series.id.desc())).first()


def test_a_session_is_repeated_after_all_of_its_dates_were_seen(cast, dee, first, path):
    assert "Repeat this" in dee.get(f"/desk/appointments/{first.public_id}").text
    assert 'value="12"' in dee.get(path).text
    booked(cast, at(date(2026, 12, 7), 10), "charlie", now=NOW)
    page = dee.get(f"{path}/dates?{TWELVE}").text
    assert "One date cannot be as it is." in page
    assert "Another session is booked" in page
    assert page.count('name="on20261207"') > 3
    assert "Charlie" not in page
    undecided = dee.get(f"{path}/check?{TWELVE}")
    assert undecided.status_code == 422
    assert "<title>Error:" in undecided.text
    assert "Choose what happens on Monday 7 December." in undecided.text
    checked = dee.get(f"{path}/check?{TWELVE}&on20261207=skip").text
    assert "Left out" in checked
    assert "Monday 8 February" in checked
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', checked))
    sent.pop("csrf_token", None)
    made = dee.post(path, data=sent)
    assert made.status_code == 303
    series = the_series()
    assert made.location == f"/desk/series/{series.public_id}"
    assert len(kept(series.id)) == 11
    assert dee.post(path, data=sent).location == made.location, "pressed twice, it is one series"
    assert len(kept(series.id)) == 11
    shown = words(dee.get(made.location).text)
    assert "Every week on Mondays at 10:00 AM" in shown
    assert "Every week, 1 of 11" in words(dee.get(f"/desk/appointments/{first.public_id}").text)


def test_a_date_that_was_taken_meanwhile_shows_the_dates_once_more(cast, dee, path):
    booked(cast, at(date(2026, 11, 30), 10), "charlie", now=NOW)
    answer = dee.post(path, data={"every": "1", "ends": "times", "times": "3", "on20261130": str(27_000_000)})
    assert answer.status_code == 422
    at_noon = str(int(at(date(2026, 11, 30), 11).timestamp()) // 60)
    page = dee.get(f"{path}/dates?every=1&ends=times&times=3").text
    assert at_noon in page
    booked(cast, at(date(2026, 11, 30), 11), "charlie", now=NOW)
    answer = dee.post(path, data={"every": "1", "ends": "times", "times": "3", "on20261130": at_noon})
    assert answer.status_code == 422
    assert db.session.scalar(select(Series.id)) is None


def test_pressed_twice_at_the_same_moment_it_is_one_series(cast, dee, first, path, monkeypatch):
    looks = repeating._already

    def late(side, found):
        monkeypatch.setattr(repeating, "_already", looks)
        repeated(cast, first, now=NOW, times=3)  # by the other press, after this one has looked

    monkeypatch.setattr(repeating, "_already", late)
    answer = dee.post(path, data={"every": "1", "ends": "times", "times": "3"})
    assert (answer.status_code, answer.location) == (303, f"/desk/series/{the_series().public_id}")
    assert len(kept(the_series().id)) == 3


@pytest.mark.parametrize(
    "sent, said",
    [
        ("every=1&ends=times", "Enter how many sessions."),
        ("every=1&ends=times&times=1", "whole number from 2 to 104"),
        ("every=1&ends=until", "Enter the last possible day."),
        ("every=1&ends=until&until=2026-11-25", "or later."),
        ("every=1&ends=until&until=2090-11-25", "at most 104 sessions"),
        ("every=5&ends=open", "Choose"),
        ("every=1&ends=never", "Choose"),
        ("every=1&ends=open&odd=1", "not recognized"),
    ],
)
def test_what_cannot_be_repeated_is_asked_again(dee, path, sent, said):
    for step in ("dates", "check"):
        answer = dee.get(f"{path}/{step}?{sent}")
        assert answer.status_code == 422
        assert said in answer.text


def test_the_rest_of_a_series_is_moved(cast, dee):
    made = weekly(cast, TEN, now=NOW, modality="in_person", times=4)
    second = kept(made.id)[1]
    here = f"/desk/series/{made.public_id}"
    session_page = dee.get(f"/desk/appointments/{second.public_id}").text
    assert "This one and those after it" in session_page
    assert f"{here}/move?since={second.public_id}" in session_page
    assert "3 sessions move" in dee.get(f"{here}/move?since={second.public_id}").text
    asked = f"since={second.public_id}&on=2026-12-01&time=14:00&every=1"
    assert "All of these dates are free." in dee.get(f"{here}/move/dates?{asked}").text
    assert "Tuesday 15 December" in dee.get(f"{here}/move/check?{asked}").text
    past = dee.get(f"{here}/move/dates?since={second.public_id}&on=2026-11-02&time=14:00&every=1")
    assert past.status_code == 422
    sent = {"since": second.public_id, "on": "2026-12-01", "time": "14:00", "every": "1"}
    answer = dee.post(f"{here}/move", data=sent)
    assert answer.status_code == 303
    after = the_series()
    assert [each.starts_at for each in kept(after.id)] == [at(date(2026, 12, day), 14) for day in (1, 8, 15)]
    assert len(kept(made.id)) == 1


def test_the_rest_of_a_series_is_cancelled_with_what_each_costs_and_taken_back(cast, dee, app):
    made = weekly(cast, TEN, now=NOW, times=3)
    act_as(app, cast.identity("dee"), now=TEN - timedelta(hours=3))
    here = f"/desk/series/{made.public_id}"
    page = words(dee.get(f"{here}/cancel").text)
    assert "Cancel 3 sessions" in page
    assert "The fee is $60 for one of them, the others are free of charge." in page
    assert page.count("Free of charge") == 2
    assert dee.post(f"{here}/cancel", data={}).status_code == 422
    answer = dee.post(f"{here}/cancel", data={"who": "client"})
    assert (answer.status_code, kept(made.id)) == (303, [])
    assert "Take it back" in dee.get(here).text
    assert dee.post(f"{here}/cancel/undo", data={}).status_code == 303
    assert len(kept(made.id)) == 3


def test_a_date_that_a_series_could_not_have_is_put_to_the_therapist(cast, dee, app):
    made, taken = weekly(cast, TEN, now=NOW), at(MONDAY + timedelta(weeks=27), 10)
    booked(cast, taken, "charlie", now=NOW + timedelta(weeks=20))
    later = NOW + timedelta(weeks=4)
    with unit_of_work() as session:
        extend_series(session, made.id, vault=app.extensions["vault"], now=later)
    asked = db.session.scalars(select(Decision.public_id)).one()
    act_as(app, cast.identity("dee"), now=later)
    assert "A date of a series" in dee.get("/desk/decisions").text
    page = dee.get(f"/desk/decisions/{asked}").text
    assert "Another session is booked" in page
    assert "Alice" in page
    assert "Charlie" not in page
    noon = str(int(at(MONDAY + timedelta(weeks=27), 11).timestamp()) // 60)
    assert f'value="{noon}"' in page
    assert dee.post(f"/desk/decisions/{asked}", data={"answer": "other", "choice": noon}).status_code == 303
    assert taken in [each.original_starts_at for each in kept(made.id) if each.is_moved]


def test_reads_and_changes_are_on_record(cast, dee):
    made = weekly(cast, TEN, now=NOW, times=3)
    dee.get(f"/desk/series/{made.public_id}")
    actions = set(db.session.scalars(select(AuditEvent.action)))
    assert {"series.made", "series.read"} <= actions


def test_a_therapist_sees_and_changes_their_own_series_only(cast, app, dee):
    made = weekly(cast, TEN, now=NOW, times=3)
    third = kept(made.id)[2]
    act_as(app, cast.identity("bob"), now=NOW)
    here = f"/therapist/series/{made.public_id}"
    assert dee.get(here).status_code == 200
    page = dee.get(f"/therapist/appointments/{third.public_id}").text
    assert "Every week, 3 of 3" in page
    one = f"since={third.public_id}&only=1"
    assert "Move one session" in dee.get(f"{here}/move?{one}").text
    taken = dee.get(f"{here}/move/check?{one}&on=2026-12-07&time=20:00")
    assert taken.status_code == 422
    assert "Outside working hours" in taken.text
    sent = {"since": third.public_id, "only": "1", "on": "2026-12-08", "time": "14:00"}
    assert dee.post(f"{here}/move", data=sent).status_code == 303
    assert kept(made.id)[2].starts_at == at(date(2026, 12, 8), 14)
    assert "Cancel one session" in dee.get(f"{here}/cancel?{one}").text
    sent = {"since": third.public_id, "only": "1", "who": "practice"}
    assert dee.post(f"{here}/cancel", data=sent).status_code == 303
    assert len(kept(made.id)) == 2
    assert dee.post(f"{here}/cancel", data={"who": "practice"}).status_code == 303
    assert whole(third.public_id).status == "cancelled"
    assert db.session.scalar(select(Appointment.id).where(Appointment.status == "booked")) is None
    bea = booked(cast, at(MONDAY, 14), now=NOW, therapist="bea")
    for address in (f"/therapist/appointments/{bea.public_id}/repeat", "/therapist/series/nothing"):
        assert dee.get(address).status_code == 404
