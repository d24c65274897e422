"""Public holidays: looked at with what they would do, closed on in one act, never twice, and taken back."""

import pytest
from sqlalchemy import select

from practice.adapters.holiday_calendars import holidays_of, regions_of
from practice.db import db
from practice.models import AuditEvent, Closure, Location
from tests.support.acting import act_as
from tests.support.cast import NOW, TODAY, at
from tests.support.forms import find
from tests.support.sessions import booked

PATH = "/admin/closures/holidays"
NEW_YORK = f"{PATH}?country=US&region=NY&year=2026&location="
THANKSGIVING = TODAY.replace(day=26)


@pytest.fixture
def ada(app, cast):
    act_as(app, cast.identity("ada"), now=NOW)
    return app.test_client()


def closed():
    db.session.close()
    return db.session.scalars(select(Closure).order_by(Closure.starts_at)).all()


def test_the_calendar_knows_regions_and_names_each_day():
    assert regions_of("US")["NY"] == "New York"
    assert regions_of("IE") == {}
    found = {day.key: day.name for day in holidays_of("US", "NY", 2026)}
    assert found["US-NY:2026-12-25"] == "Christmas Day"
    assert "US-NY:2026-02-12" in found  # Lincoln's birthday is New York's own
    assert "US:2026-02-12" not in {day.key for day in holidays_of("US", "", 2026)}
    assert any(day.name == "Christmas Day" for day in holidays_of("DE", "BY", 2026))


def test_each_day_says_what_it_would_do(ada, cast):
    booked(cast, at(THANKSGIVING, 9), now=NOW)
    page = ada.get(NEW_YORK).text
    assert "Thursday 26 November: Thanksgiving Day" in page
    assert "1 session would stay booked, for the front desk to move" in page
    assert "Alice" not in page
    assert "Lincoln" not in page  # it is over
    days = find(page, {"days": []}).values["days"]
    assert days == ["US-NY:2026-12-25"]  # what nobody is booked on is ticked


def test_days_are_closed_in_one_act_and_only_once(ada, cast):
    both = {"days": ["US-NY:2026-11-26", "US-NY:2026-12-25"]}
    for _ in range(2):
        answer = ada.post(NEW_YORK, data={"country": "US", "region": "NY", "year": "2026", "location": ""} | both)
        assert answer.status_code == 303
    first, second = closed()
    assert (first.holiday, first.name, first.location_id) == ("US-NY:2026-11-26", "Thanksgiving Day", None)
    assert (first.starts_at, first.ends_at) == (at(THANKSGIVING, 0), at(THANKSGIVING.replace(day=27), 0))
    assert second.holiday == "US-NY:2026-12-25"
    page = ada.get("/admin/closures").text
    assert "2 days are closed now." in page
    assert "These days were closed already." in page
    assert ada.get(NEW_YORK).text.count("Closed already") == 2
    db.session.close()
    details = db.session.scalars(select(AuditEvent.detail).where(AuditEvent.action == "closure.added")).all()
    assert sorted(each["holiday"] for each in details) == ["US-NY:2026-11-26", "US-NY:2026-12-25"]

    assert ada.submit("/admin/closures", action="/remove").status_code == 303
    assert [each.holiday for each in closed()] == ["US-NY:2026-12-25"]


def test_one_place_closes_alone(ada, cast):
    db.session.close()
    place = db.session.scalars(select(Location)).one()
    sent = {"country": "US", "region": "", "year": "2027", "location": place.public_id, "days": ["US:2027-01-01"]}
    assert ada.post(PATH, data=sent).status_code == 303
    assert [each.location_id for each in closed()] == [place.id]
    assert "Closed already" not in ada.get(f"{PATH}?country=US&region=&year=2027&location=").text


def test_what_makes_no_sense_closes_nothing(ada, cast):
    good = {"country": "US", "region": "NY", "year": "2026", "location": "", "days": ["US-NY:2026-12-25"]}
    for wrong in (
        {"country": "XX"}, {"region": "XX"}, {"year": "1999"}, {"year": "x"}, {"location": "nowhere"}, {"days": []},
        {"days": ["US-NY:2026-12-24"]}, {"country": "DE", "region": "BY"}, {"more": "x"},
    ):  # fmt: skip
        answer = ada.post(PATH, data=good | wrong)
        assert answer.status_code == 422, wrong
        assert "There is a problem" in answer.text
    for query in ("country=XX", "country=US&region=BY&year=2026&location=", "year=1", "more=x"):
        assert ada.get(f"{PATH}?{query}").status_code == 200, query
    assert closed() == []
