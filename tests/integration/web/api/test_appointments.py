"""Booking, moving and cancelling by programs, and every way in which that can be refused."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from practice.db import db, unit_of_work
from practice.models import Appointment, AuditEvent, Client, IdempotencyKey, Occupancy, OutboxMessage
from tests.support.cast import MONDAY, Cast, add_group_date, at
from tests.support.meetings import Clock, Program

TEN = "2026-11-23T10:00:00-05:00"


def wish(people: Cast, **changes: Any) -> dict[str, Any]:
    """Alice wants to see Bob on Monday at 10."""
    body = {
        "service": "individual",
        "therapist": "bob",
        "starts_at": TEN,
        "modality": "online",
        "client": {"id": people.alice.public_id},
    }
    return {**body, **changes}


def counts(app: Flask) -> dict[str, int]:
    """How many rows there are of all that a booking touches."""
    tables = (Appointment, AuditEvent, Client, IdempotencyKey, Occupancy, OutboxMessage)
    with app.app_context():
        return {each.__name__: db.session.scalar(select(func.count()).select_from(each)) or 0 for each in tables}


def book(program: Program, people: Cast, **changes: Any) -> dict[str, Any]:
    answer = program.ask("POST", "/appointments", wish(people, **changes))
    assert answer.status_code == 201, answer.json
    found: dict[str, Any] = answer.json
    return found


def test_a_session_is_booked_shown_and_told_of(app: Flask, program: Program, people: Cast) -> None:
    made = book(program, people)
    assert made == {
        "id": made["id"],
        "status": "booked",
        "starts_at": TEN,
        "ends_at": "2026-11-23T10:50:00-05:00",
        "therapist": "bob",
        "service": "individual",
        "modality": "online",
        "client": {"id": people.alice.public_id},
    }
    assert program.ask("GET", f"/appointments/{made['id']}").json == made
    with app.app_context():
        assert db.session.scalars(select(OutboxMessage.template)).all() == ["booked"]
        actions = db.session.scalars(select(AuditEvent.action).where(AuditEvent.actor_kind == "token")).all()
    assert actions == ["appointment.booked", "attendance.read"]


def test_somebody_new_becomes_a_client(app: Flask, program: Program, people: Cast) -> None:
    new = {"name": " Nora New ", "email": "nora@Example.ORG", "phone": "(212) 555-0123"}
    made = book(program, people, client=new)
    with app.app_context():
        client = db.session.scalars(select(Client).where(Client.public_id == made["client"]["id"])).one()
        assert (client.name, client.email, client.phone) == ("Nora New", "nora@example.org", "+12125550123")
    again = book(program, people, client={"id": made["client"]["id"]}, starts_at="2026-11-24T10:00:00-05:00")
    assert again["client"] == made["client"]
    book(program, people, client={"name": "No Contact"}, starts_at="2026-11-25T10:00:00-05:00")


def test_who_loses_the_time_is_told_of_others_that_can_be_booked(app: Flask, program: Program, people: Cast) -> None:
    book(program, people)
    before = counts(app)
    answer = program.ask("POST", "/appointments", wish(people, client={"name": "Late Comer"}))
    assert (answer.status_code, answer.content_type) == (409, "application/problem+json")
    assert answer.json["code"] == "slot_taken"
    assert counts(app) == before
    others = answer.json["slots"]
    assert {slot["therapist"] for slot in others} == {"bob"}
    assert len(others) == 6
    assert TEN not in [slot["starts_at"] for slot in others]
    book(program, people, client={"name": "Late Comer"}, starts_at=others[0]["starts_at"])


def test_a_client_is_in_one_place_at_a_time(program: Program, people: Cast) -> None:
    book(program, people)
    answer = program.ask("POST", "/appointments", wish(people, therapist="bea"))
    assert (answer.status_code, answer.json["code"]) == (409, "slot_taken")


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"starts_at": "2026-11-23T10:10:00-05:00"}, "not_on_step"),
        ({"starts_at": "2026-11-23T10:00:01-05:00"}, "not_on_step"),
        ({"starts_at": "2026-11-23T20:00:00-05:00"}, "outside_hours"),
        ({"starts_at": "2026-11-20T10:30:00-05:00"}, "too_soon"),
        ({"starts_at": "2027-11-22T10:00:00-05:00"}, "too_far"),
    ],
)
def test_a_time_that_is_not_offered_says_why(
    app: Flask, program: Program, people: Cast, changes: dict[str, str], reason: str
) -> None:
    before = counts(app)
    answer = program.ask("POST", "/appointments", wish(people, **changes))
    assert (answer.status_code, answer.json["code"], answer.json.get("reason")) == (422, "not_offered", reason)
    assert counts(app) == before


def test_what_does_not_exist_is_404(program: Program, people: Cast) -> None:
    for changes in ({"service": "nothing"}, {"therapist": "nobody"}, {"client": {"id": "nobody"}}):
        answer = program.ask("POST", "/appointments", wish(people, **changes))
        assert (answer.status_code, answer.json["code"]) == (404, "not_found"), changes
    for method in ("GET", "DELETE"):
        for name in ("nothing", "%00", "x" * 500, "%ff%fe"):
            assert program.ask(method, f"/appointments/{name}").status_code == 404
    assert program.ask("PATCH", "/appointments/nothing", {}).status_code == 404


def test_a_group_has_a_place_for_each_and_each_cancels_their_own(app: Flask, program: Program, people: Cast) -> None:
    with app.app_context(), unit_of_work() as session:
        add_group_date(session, people, at(MONDAY, 18), capacity=2)
    group = {"service": "move-and-play", "modality": "in_person", "starts_at": "2026-11-23T18:00:00-05:00"}
    hers = book(program, people, **group)
    his = book(program, people, **group, client={"id": people.charlie.public_id})
    assert hers["id"] != his["id"]
    full = program.ask("POST", "/appointments", wish(people, **group, client={"name": "Too Late"}))
    assert (full.status_code, full.json["code"]) == (409, "slot_taken")
    assert program.ask("PATCH", f"/appointments/{hers['id']}", {"starts_at": TEN}).status_code == 409
    assert program.ask("DELETE", f"/appointments/{hers['id']}").json["status"] == "cancelled"
    assert program.ask("GET", f"/appointments/{his['id']}").json["status"] == "booked"
    book(program, people, **group, client={"name": "In Time"})


def test_a_session_moves_and_its_old_time_is_free_again(program: Program, people: Cast) -> None:
    made = book(program, people)
    moved = program.ask("PATCH", f"/appointments/{made['id']}", {"starts_at": "2026-11-24T15:00:00+00:00"})
    assert moved.status_code == 200
    assert moved.json == {**made, "starts_at": "2026-11-24T10:00:00-05:00", "ends_at": "2026-11-24T10:50:00-05:00"}
    with_bea = program.ask("PATCH", f"/appointments/{made['id']}", {"therapist": "bea", "modality": "in_person"})
    assert (with_bea.json["therapist"], with_bea.json["modality"]) == ("bea", "in_person")
    book(program, people, client={"id": people.charlie.public_id})


def test_a_change_that_changes_nothing_tells_nobody(app: Flask, program: Program, people: Cast) -> None:
    made = book(program, people)
    before = counts(app)
    for body in ({}, {"starts_at": TEN}, {"therapist": "bob", "modality": "online"}):
        answer = program.ask("PATCH", f"/appointments/{made['id']}", body)
        assert (answer.status_code, answer.json) == (200, made)
    assert counts(app) == before


def test_a_move_onto_a_taken_time_changes_nothing(app: Flask, program: Program, people: Cast) -> None:
    made = book(program, people)
    book(program, people, client={"id": people.charlie.public_id}, starts_at="2026-11-24T10:00:00-05:00")
    before = counts(app)
    answer = program.ask("PATCH", f"/appointments/{made['id']}", {"starts_at": "2026-11-24T10:30:00-05:00"})
    assert (answer.status_code, answer.json["code"]) == (409, "slot_taken")
    assert answer.json["slots"]
    assert program.ask("GET", f"/appointments/{made['id']}").json == made
    assert counts(app) | {"AuditEvent": 0} == before | {"AuditEvent": 0}


def test_a_cancelled_session_gives_its_time_back_once(program: Program, people: Cast) -> None:
    made = book(program, people)
    cancelled = program.ask("DELETE", f"/appointments/{made['id']}")
    assert (cancelled.status_code, cancelled.json) == (200, {**made, "status": "cancelled"})
    again = program.ask("DELETE", f"/appointments/{made['id']}")
    assert (again.status_code, again.json["code"]) == (409, "impossible_step")
    moved = program.ask("PATCH", f"/appointments/{made['id']}", {"starts_at": "2026-11-24T10:00:00-05:00"})
    assert moved.status_code == 409
    book(program, people)


def test_the_same_key_and_body_book_once(app: Flask, program: Program, people: Cast, ticking: Clock) -> None:
    first = program.ask("POST", "/appointments", wish(people), Idempotency_Key="k-1")
    before = counts(app)
    ticking.go(minutes=5)
    again = program.ask("POST", "/appointments", wish(people), Idempotency_Key="k-1")
    assert (again.status_code, again.json) == (201, first.json)
    other = program.ask("POST", "/appointments", wish(people, modality="in_person"), Idempotency_Key="k-1")
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert counts(app) == before
    taken = program.ask("POST", "/appointments", wish(people), Idempotency_Key="k-2")
    assert taken.status_code == 409


def test_a_key_is_each_programs_own_and_a_failure_does_not_use_it_up(
    app: Flask, http: FlaskClient, program: Program, people: Cast, tokens: dict[str, str]
) -> None:
    late = wish(people, starts_at="2026-11-20T10:30:00-05:00")
    assert program.ask("POST", "/appointments", late, Idempotency_Key="k").status_code == 422
    assert program.ask("POST", "/appointments", wish(people), Idempotency_Key="k").status_code == 201
    other = Program(http, tokens["appointments:write"])
    tomorrow = wish(people, starts_at="2026-11-24T10:00:00-05:00")
    assert other.ask("POST", "/appointments", tomorrow, Idempotency_Key="k").status_code == 201
    for key in ("", "with space", "x" * 201, "ü"):
        answer = program.ask("POST", "/appointments", tomorrow, Idempotency_Key=key)
        assert (answer.status_code, answer.json["code"]) == (422, "validation"), key


def test_who_may_not_is_told_so_before_anything_is_read(
    app: Flask, http: FlaskClient, people: Cast, tokens: dict[str, str]
) -> None:
    before = counts(app)
    for method, path in (
        ("POST", "/appointments"),
        ("GET", "/appointments/x"),
        ("PATCH", "/appointments/x"),
        ("DELETE", "/appointments/x"),
        ("POST", "/feeds"),
    ):
        signed_out = http.open(f"/api/v1{path}", method=method)
        assert (signed_out.status_code, signed_out.headers["WWW-Authenticate"]) == (401, "Bearer")
        unknown = Program(http, "unknown").ask(method, path, {})
        assert (unknown.status_code, unknown.json["code"]) == (401, "sign_in_needed")
        scope = Program(http, tokens["slots:read"]).ask(method, path, {})
        assert (scope.status_code, scope.json["code"]) == (403, "scope_missing")
    assert Program(http, "unknown").ask("GET", "/services").status_code == 401
    basic = http.get("/api/v1/services", headers={"Authorization": "Basic dTpw"})
    assert basic.status_code == 401
    assert counts(app) == before


BODIES: list[tuple[bytes, int]] = [
    (b"", 400),
    (b"{", 400),
    (b"\xff\xfe{}", 400),
    (b'{"service": "\\ud800"}', 400),
    (b"[" * 100_000, 400),
    (b"null", 422),
    (b"[]", 422),
    (b"{}", 422),
    (b'{"service": NaN}', 422),
    (b"1" * 5000, 400),
    (json.dumps({"x": "y" * 2_000_000}).encode(), 413),
]
ODD_FIELDS: list[tuple[str, Any]] = [
    ("service", 7),
    ("service", "Individual"),
    ("service", "a\x00b"),
    ("therapist", None),
    ("starts_at", 1764000000),
    ("starts_at", "2026-11-23T10:00:00"),
    ("starts_at", "2026-11-23"),
    ("starts_at", "2026-02-30T10:00:00Z"),
    ("starts_at", "0001-01-01T00:00:00+14:00"),
    ("starts_at", "9999-12-31T23:59:59-12:00"),
    ("starts_at", "2026-11-23T10:00:00+24:00"),
    ("modality", "telepathy"),
    ("client", "alice"),
    ("client", {}),
    ("client", {"id": "x", "name": "both"}),
    ("client", {"id": "a\x00b"}),
    ("client", {"name": ""}),
    ("client", {"name": "   "}),
    ("client", {"name": "a\nb"}),
    ("client", {"name": "x" * 121}),
    ("client", {"name": "Nora", "email": "nora"}),
    ("client", {"name": "Nora", "email": "nora@example.org\r\nBcc: x@y.org"}),
    ("client", {"name": "Nora", "phone": "call me"}),
    ("client", {"name": "Nora", "phone": "0000000000000"}),
    ("client", {"name": "Nora", "wrapped_key": "x"}),
    ("id", "mine"),
    ("status", "completed"),
]


def test_a_body_that_cannot_be_meant_is_refused_and_changes_nothing(app: Flask, program: Program, people: Cast) -> None:
    before = counts(app)
    for body, status in BODIES:
        answer = program.http.post(
            "/api/v1/appointments",
            data=body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {program.token}"},
        )
        assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), body[:40]
    for field, value in ODD_FIELDS:
        answer = program.ask("POST", "/appointments", wish(people, **{field: value}))
        assert (answer.status_code, answer.json["code"]) == (422, "validation"), (field, value)
        assert [name for name in answer.json["errors"] if name.startswith(field)], answer.json
    form = program.http.post(
        "/api/v1/appointments", data={"service": "individual"}, headers={"Authorization": f"Bearer {program.token}"}
    )
    assert (form.status_code, form.json["code"]) == (415, "unsupported_media_type")
    unknown = program.ask("POST", "/appointments?dry_run=1", wish(people))
    assert unknown.status_code == 422
    assert counts(app) == before


def test_methods_that_are_not_there_are_405(program: Program) -> None:
    answer = program.ask("PUT", "/appointments", {})
    assert (answer.status_code, answer.json["code"]) == (405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]


def test_a_session_keeps_its_wall_time_over_a_change_of_the_clocks(
    app: Flask, program: Program, people: Cast, ticking: Clock
) -> None:
    ticking.go(days=100)
    before = book(program, people, starts_at="2027-03-12T10:00:00-05:00")
    after = book(program, people, starts_at="2027-03-15T10:00:00-04:00")
    starts = [datetime.fromisoformat(made["starts_at"]) for made in (before, after)]
    assert [start.hour for start in starts] == [10, 10]
    assert starts[1] - starts[0] == timedelta(days=3) - timedelta(hours=1)
