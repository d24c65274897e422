"""What can be read without a token: services, therapists and open times."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update

from practice.db import db, unit_of_work
from practice.models import Therapist
from tests.support.cast import MONDAY, Cast, add_group_date, at
from tests.support.meetings import Program, meeting

NEXT_WEEK = {"from": "2026-11-23", "to": "2026-11-29"}


def slots(http: FlaskClient, **query: str) -> Any:
    answer = http.get("/api/v1/slots", query_string={"service": "individual", **NEXT_WEEK, **query})
    assert answer.status_code == 200, answer.json
    assert answer.content_type == "application/json"
    return answer.json


def test_services_and_therapists_say_who_offers_what(http: FlaskClient) -> None:
    services = {item["slug"]: item for item in http.get("/api/v1/services").json["services"]}
    assert services["consultation"]["is_public"]
    assert services["individual"]["duration_minutes"] == 50
    assert services["individual"]["therapists"] == ["bea", "bob"]
    assert services["move-and-play"]["modalities"] == ["in_person"]
    therapists = {item["slug"]: item for item in http.get("/api/v1/therapists").json["therapists"]}
    assert therapists["bob"]["name"] == "Bob Reyes"
    assert "individual" in therapists["bob"]["services"]


def test_a_therapists_slots_lie_on_the_step_in_the_practices_zone(http: FlaskClient, people: Cast) -> None:
    found = slots(http, therapist="bob", **{"from": "2026-11-24", "to": "2026-11-24"})
    assert found["time_zone"] == "America/New_York"
    assert found["next_from"] == "2026-11-25"
    assert found["slots"][0] == {
        "starts_at": "2026-11-24T09:00:00-05:00",
        "ends_at": "2026-11-24T09:50:00-05:00",
        "therapist": "bob",
        "service": "individual",
        "modalities": ["in_person", "online"],
    }
    starts = [datetime.fromisoformat(slot["starts_at"]) for slot in found["slots"]]
    assert starts == [at(MONDAY + timedelta(days=1), 9) + timedelta(minutes=30 * number) for number in range(15)]


def test_without_a_therapist_everyone_is_listed_by_start(http: FlaskClient, people: Cast) -> None:
    found = slots(http)["slots"]
    assert len(found) == 2 * 5 * 15
    order = [(slot["starts_at"], slot["therapist"]) for slot in found]
    assert order == sorted(order)


def test_days_are_those_of_the_zone_that_was_asked_for(http: FlaskClient, people: Cast) -> None:
    found = slots(http, tz="Asia/Tokyo", therapist="bob", **{"from": "2026-11-24", "to": "2026-11-24"})
    local = [datetime.fromisoformat(slot["starts_at"]) for slot in found["slots"]]
    assert {start.utcoffset() for start in local} == {timedelta(hours=9)}
    assert {start.date().isoformat() for start in local} == {"2026-11-24"}
    tokyo = ZoneInfo("Asia/Tokyo")
    assert local[-1] == at(MONDAY + timedelta(days=1), 9, 30).astimezone(tokyo)


def test_a_booked_time_is_gone_at_once_and_only_for_that_therapist(app: Flask, http: FlaskClient, people: Cast) -> None:
    before = slots(http)["slots"]
    with app.app_context(), unit_of_work() as session:
        meeting(session, people, at(MONDAY, 12))
    after = slots(http)["slots"]
    gone = {(slot["therapist"], slot["starts_at"][11:16]) for slot in before if slot not in after}
    assert gone == {("bob", time) for time in ("11:30", "12:00", "12:30")}
    assert [slot for slot in after if slot not in before] == []


def test_next_from_skips_what_is_empty_and_is_null_at_the_end(http: FlaskClient, people: Cast) -> None:
    assert slots(http, **{"from": "2026-11-27", "to": "2026-11-27"})["next_from"] == "2026-11-30"
    assert slots(http, **{"from": "2026-11-28", "to": "2026-11-29"}) == {
        "time_zone": "America/New_York",
        "slots": [],
        "next_from": "2026-11-30",
    }
    assert slots(http, **{"from": "2030-01-01", "to": "2030-01-31"})["next_from"] is None
    assert slots(http, **{"from": "0001-01-01", "to": "0001-01-02"})["next_from"] == "2026-11-20"
    assert slots(http, **{"from": "9999-12-30", "to": "9999-12-31"})["next_from"] is None


def test_a_groups_dates_are_its_slots(app: Flask, http: FlaskClient, people: Cast) -> None:
    with app.app_context(), unit_of_work() as session:
        add_group_date(session, people, at(MONDAY, 18))
    assert slots(http, service="move-and-play")["slots"] == [
        {
            "starts_at": "2026-11-23T18:00:00-05:00",
            "ends_at": "2026-11-23T19:15:00-05:00",
            "therapist": "bob",
            "service": "move-and-play",
            "modalities": ["in_person"],
        }
    ]


def test_who_is_listed_to_clients_only_is_nobody_to_a_stranger(
    app: Flask, http: FlaskClient, people: Cast, tokens: dict[str, str]
) -> None:
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Therapist).where(Therapist.slug == "bob").values(listing="clients"))
    assert {slot["therapist"] for slot in slots(http)["slots"]} == {"bea"}
    assert [item["slug"] for item in http.get("/api/v1/therapists").json["therapists"]] == ["bea"]
    query = {"service": "individual", "therapist": "bob", **NEXT_WEEK}
    assert http.get("/api/v1/slots", query_string=query).status_code == 404
    reader = Program(http, tokens["slots:read"])
    answer = reader.ask("GET", "/slots?service=individual&therapist=bob&from=2026-11-23&to=2026-11-29")
    assert {slot["therapist"] for slot in answer.json["slots"]} == {"bob"}


def test_first_conversations_are_with_those_who_take_new_clients(
    app: Flask, http: FlaskClient, people: Cast, tokens: dict[str, str]
) -> None:
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Therapist).where(Therapist.slug == "bob").values(takes_new_clients=False))
    assert {slot["therapist"] for slot in slots(http, service="consultation")["slots"]} == {"bea"}
    assert slots(http, service="consultation", therapist="bob")["slots"] == []
    assert {slot["therapist"] for slot in slots(http)["slots"]} == {"bea", "bob"}
    reader = Program(http, tokens["slots:read"])
    answer = reader.ask("GET", "/slots?service=consultation&therapist=bob&from=2026-11-23&to=2026-11-29")
    assert {slot["therapist"] for slot in answer.json["slots"]} == {"bob"}


def test_slots_cost_one_statement_once_they_are_known(app: Flask, http: FlaskClient, people: Cast) -> None:
    statements: list[str] = []
    with app.app_context():
        event.listen(db.engines[None], "before_cursor_execute", lambda *told: statements.append(told[2]))
    slots(http)
    assert len(statements) <= 3
    statements.clear()
    slots(http)
    assert len(statements) == 1


ODD_QUERIES = [
    ("from=2026-11-23&to=2026-11-24", "service"),
    ("service=individual&to=2026-11-24", "from"),
    ("service=individual&from=2026-11-23", "to"),
    ("service=individual&from=2026-11-24&to=2026-11-23", "to"),
    ("service=individual&from=2026-01-01&to=2026-04-03", "to"),
    ("service=individual&from=2026-02-30&to=2026-03-01", "from"),
    ("service=individual&from=20261123&to=2026-11-24", "from"),
    ("service=individual&from=%D9%A2026-11-23&to=2026-11-24", "from"),
    ("service=individual&from=2026-11-23&to=2026-11-24&tz=Mars/Olympus", "tz"),
    ("service=individual&from=2026-11-23&to=2026-11-24&tz=../../etc/passwd", "tz"),
    ("service=individual&from=2026-11-23&to=2026-11-24&therapist=", "therapist"),
    ("service=%00&from=2026-11-23&to=2026-11-24", "service"),
    ("service=individual&from=2026-11-23&to=2026-11-24&zone=UTC", "zone"),
    ("service=individual&from=2026-11-23&from=2026-11-24&to=2026-11-24", "from"),
]


def test_a_query_that_cannot_be_meant_is_422_and_says_where(http: FlaskClient) -> None:
    for query, field in ODD_QUERIES:
        answer = http.get(f"/api/v1/slots?{query}")
        assert (answer.status_code, answer.content_type) == (422, "application/problem+json"), query
        assert answer.json["code"] == "validation"
        assert list(answer.json["errors"]) == [field], query


def test_92_days_are_not_too_many(http: FlaskClient, people: Cast) -> None:
    assert http.get("/api/v1/slots?service=individual&from=2026-01-01&to=2026-04-02").status_code == 200


def test_what_is_not_there_is_404(http: FlaskClient) -> None:
    for query in ("service=nothing", "service=individual&therapist=nobody"):
        answer = http.get(f"/api/v1/slots?{query}&from=2026-11-23&to=2026-11-24")
        assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert http.get("/api/v1/nothing").json["code"] == "not_found"


def test_times_are_read_at_the_moment_of_asking(http: FlaskClient, people: Cast, ticking: Any) -> None:
    today = {"from": "2026-11-20", "to": "2026-11-20"}
    assert slots(http, therapist="bob", **today)["slots"][0]["starts_at"] == "2026-11-20T11:00:00-05:00"
    ticking.go(minutes=1)
    assert slots(http, therapist="bob", **today)["slots"][0]["starts_at"] == "2026-11-20T11:30:00-05:00"
    assert datetime.fromisoformat("2026-11-20T11:30:00-05:00") > ticking.now.astimezone(UTC)
