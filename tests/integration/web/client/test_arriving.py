""" "I'm here" and "Running late? Tell us and come in.": in their time, by whom it concerns, and taken back."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from practice.db import db, unit_of_work
from practice.models import Attendance, AuditEvent
from practice.services.attending import mark_attendance
from tests.support.acting import act_as
from tests.support.cast import MONDAY, NOW, Cast, at
from tests.support.people import words_of
from tests.support.sessions import booked

NINE = at(MONDAY, 9)
END = at(MONDAY, 9, 50)
MINUTE = timedelta(minutes=1)
HERE, LATE = "I’m here", "Running late</a>"


@pytest.fixture
def place(cast: Cast) -> str:
    """Alice's place in a session on Monday at 9, as its address names it."""
    booked(cast, NINE, now=NOW)
    db.session.rollback()
    return db.session.scalars(select(Attendance.public_id)).one()


def state() -> tuple[str, int | None, object]:
    db.session.rollback()
    return tuple(db.session.execute(select(Attendance.status, Attendance.late_minutes, Attendance.said_at)).one())  # type: ignore[return-value]


def actions() -> list[str]:
    db.session.rollback()
    found = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    return [action for action in found if action.startswith("attendance.")]


@pytest.mark.parametrize(
    ("now", "can_say_here", "can_say_late"),
    [
        (NINE - timedelta(hours=3) - MINUTE, False, False),
        (NINE - timedelta(hours=3), False, True),
        (NINE - timedelta(hours=1) - MINUTE, False, True),
        (NINE - timedelta(hours=1), True, True),
        (END - MINUTE, True, True),
        (END, False, False),
    ],
)
def test_both_are_offered_when_they_make_sense_and_only_then(
    app: Flask, client: FlaskClient, cast: Cast, place: str, now, can_say_here: bool, can_say_late: bool
) -> None:
    act_as(app, cast.identity("alice"), now=now)
    pages = [words_of(client.get(path)) for path in ("/me", f"/me/sessions/{place}")]
    assert {HERE in page for page in pages} == {can_say_here}
    assert {LATE in page for page in pages} == {can_say_late}
    assert client.get(f"/me/sessions/{place}/late").status_code == (200 if can_say_late else 409)
    late = client.post(f"/me/sessions/{place}/late", data={"minutes": "10"})
    assert late.status_code == (303 if can_say_late else 409)
    assert state()[1] == (10 if can_say_late else None)
    assert client.post(f"/me/sessions/{place}/here").status_code == (303 if can_say_here else 409)
    assert state()[0] == ("arrived" if can_say_here else "booked")


def test_late_is_said_changed_and_taken_back(app: Flask, client: FlaskClient, cast: Cast, place: str) -> None:
    now = NINE - 10 * MINUTE
    act_as(app, cast.identity("alice"), now=now)
    late = f"/me/sessions/{place}/late"
    page = words_of(client.get(late))
    assert [f'value="{minutes}"' in page for minutes in (0, 5, 10, 15, 20, 30)] == [False, True, True, True, True, True]
    answer = client.post(late, data={"minutes": "10"})
    assert "Thank you for telling us. Come in when you are here." in words_of(client.get(answer.location))
    assert state() == ("booked", 10, now)
    assert "You told us that you come about 10 minutes late." in words_of(client.get("/me"))
    for wrong in ("", "7", "-5", "x", "500"):
        assert client.post(late, data={"minutes": wrong}).status_code == 422
    assert "Choose how late you will be." in words_of(client.post(late))
    client.post(late, data={"minutes": "0"})
    assert state() == ("booked", None, now)
    assert actions() == ["attendance.said_late"] * 2


def test_here_is_noted_once_and_can_be_taken_back(app: Flask, client: FlaskClient, cast: Cast, place: str) -> None:
    now = NINE - 10 * MINUTE
    act_as(app, cast.identity("alice"), now=now)
    for _ in range(2):
        answer = client.post(f"/me/sessions/{place}/here")
    page = words_of(client.get(answer.location))
    assert "We know that you are here." in page
    assert LATE not in page
    assert state() == ("arrived", None, now)
    act_as(app, cast.identity("alice"), now=now + MINUTE)
    assert client.post(f"/me/sessions/{place}/here/undo").status_code == 303
    assert state()[0] == "booked"
    assert actions() == ["attendance.arrived", "attendance.booked"]


def test_what_the_desk_noted_is_not_taken_back_by_a_client(
    app: Flask, client: FlaskClient, cast: Cast, place: str
) -> None:
    now = NINE - 10 * MINUTE
    with unit_of_work() as session:
        mark_attendance(session, place, "arrived", by=cast.identity("dee"), now=now)
    act_as(app, cast.identity("alice"), now=now + MINUTE)
    assert "I am not here yet" not in words_of(client.get(f"/me/sessions/{place}"))
    assert client.post(f"/me/sessions/{place}/here/undo").status_code == 409
    assert state()[0] == "arrived"


def test_nobody_else_says_it(app: Flask, client: FlaskClient, cast: Cast, place: str) -> None:
    act_as(app, cast.identity("charlie"), now=NINE)
    for step in ("here", "here/undo", "late"):
        assert client.post(f"/me/sessions/{place}/{step}", data={"minutes": "10"}).status_code == 404
    assert client.get(f"/me/sessions/{place}/late").status_code == 404
    assert state() == ("booked", None, None)


def test_a_session_that_moves_is_not_late_any_more(app: Flask, client: FlaskClient, cast: Cast, place: str) -> None:
    with unit_of_work() as session:
        session.execute(update(Attendance).values(late_minutes=10, said_at=NOW))
    act_as(app, cast.identity("alice"), now=NOW)
    start = int(at(MONDAY, 11).timestamp()) // 60
    assert client.post(f"/me/sessions/{place}/move", data={"start": str(start)}).status_code == 303
    assert state() == ("booked", None, None)
