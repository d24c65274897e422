"""A client's own sessions: what is shown, moving, cancelling, and that nobody else gets there."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from practice.db import db, unit_of_work
from practice.domain.intervals import minute_floor
from practice.models import Appointment, Attendance, AuditEvent, Practice, Therapist
from tests.support.acting import act_as
from tests.support.cast import MONDAY, NOW, Cast, at
from tests.support.counting import statements
from tests.support.people import words_of
from tests.support.sessions import booked

NINE = at(MONDAY, 9)


@pytest.fixture
def place(app: Flask, cast: Cast) -> str:
    """Alice's place in a session on Monday at 9, as its address names it."""
    booked(cast, NINE, now=NOW)
    act_as(app, cast.identity("alice"), now=NOW)
    return place_of(cast)


def place_of(cast: Cast, who: str = "alice") -> str:
    db.session.rollback()
    return db.session.scalars(select(Attendance.public_id).where(Attendance.client_id == cast.parties[who].id)).one()


def state() -> tuple[str, str, object]:
    db.session.rollback()
    return tuple(  # type: ignore[return-value]
        db.session.execute(
            select(Appointment.status, Attendance.status, Appointment.starts_at).join(
                Attendance, Attendance.appointment_id == Appointment.id
            )
        ).one()
    )


def noted(action: str) -> int:
    db.session.rollback()
    return db.session.scalars(select(AuditEvent.action)).all().count(action)


def test_home_shows_the_next_session_with_where_and_when(client: FlaskClient, place: str) -> None:
    page = client.get("/me")
    assert page.status_code == 200
    for words in (
        "Monday 23 November<br>9:00 to 9:50 AM",
        "Individual session",
        "Bob Reyes",
        "There is nothing that you need to do.",
        "Online",
        "New York time",
    ):
        assert words in words_of(page)


def test_home_without_sessions_leads_to_booking(app: Flask, client: FlaskClient, cast: Cast) -> None:
    act_as(app, cast.identity("charlie"), now=NOW)
    assert "Nothing booked yet" in words_of(client.get("/me"))


def test_what_a_client_reads_is_recorded(client: FlaskClient, place: str) -> None:
    client.get(f"/me/sessions/{place}")
    db.session.rollback()
    assert ("session.read", place) in db.session.execute(select(AuditEvent.action, AuditEvent.subject_id)).all()


def test_somebody_elses_session_is_not_there(app: Flask, client: FlaskClient, cast: Cast, place: str) -> None:
    act_as(app, cast.identity("charlie"), now=NOW)
    for path in ("", "/cancel", "/move", ".ics"):
        assert client.get(f"/me/sessions/{place}{path}").status_code == 404
    for path in ("/cancel", "/move"):
        assert client.post(f"/me/sessions/{place}{path}", data={"start": "1"}).status_code == 404
    assert state() == ("booked", "booked", NINE)


@pytest.mark.parametrize(
    "hours_before, words, status",
    [
        (48, "Cancel free until Sunday 22 November at 9:00 AM. After that, the fee is $60.", "cancelled"),
        (3, "This session is soon: if you cancel it, the fee is $60.", "late_cancelled"),
    ],
)
def test_cancelling_means_what_the_page_said(
    app: Flask, client: FlaskClient, cast: Cast, place: str, hours_before: int, words: str, status: str
) -> None:
    act_as(app, cast.identity("alice"), now=NINE - timedelta(hours=hours_before))
    assert words in words_of(client.get(f"/me/sessions/{place}/cancel"))
    answer = client.post(f"/me/sessions/{place}/cancel")
    assert answer.status_code == 303
    assert "Your session is cancelled. There is nothing more to do." in words_of(client.get(answer.location))
    assert state()[:2] == ("cancelled", status)


def test_cancelling_twice_is_cancelling_once(app: Flask, client: FlaskClient, cast: Cast, place: str) -> None:
    answers = [client.post(f"/me/sessions/{place}/cancel") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert noted("attendance.cancelled") == 1
    act_as(app, cast.identity("alice"), now=NOW + timedelta(minutes=10))
    assert client.post(f"/me/sessions/{place}/cancel").status_code == 409


def test_a_slip_can_be_taken_back_for_a_few_minutes(app: Flask, client: FlaskClient, cast: Cast, place: str) -> None:
    client.post(f"/me/sessions/{place}/cancel")
    assert "Take it back" in words_of(client.get(f"/me/sessions/{place}"))
    answer = client.post(f"/me/sessions/{place}/cancel/undo")
    assert "Your session is booked, as it was before." in words_of(client.get(answer.location))
    assert state() == ("booked", "booked", NINE)
    client.post(f"/me/sessions/{place}/cancel")
    act_as(app, cast.identity("alice"), now=NOW + timedelta(minutes=4))
    assert "Take it back" not in words_of(client.get(f"/me/sessions/{place}"))
    assert client.post(f"/me/sessions/{place}/cancel/undo").status_code == 409
    assert state()[0] == "cancelled"


def test_what_somebody_else_took_meanwhile_stays_theirs(client: FlaskClient, cast: Cast, place: str) -> None:
    client.post(f"/me/sessions/{place}/cancel")
    booked(cast, NINE, "charlie", now=NOW)
    answer = client.post(f"/me/sessions/{place}/cancel/undo")
    assert "Somebody else has that time now. You can book another one." in words_of(client.get(answer.location))


def test_moving_takes_the_time_that_was_chosen(client: FlaskClient, place: str) -> None:
    page = words_of(client.get(f"/me/sessions/{place}/move"))
    ten = at(MONDAY, 10)
    check = f"/me/sessions/{place}/move/check?meet=online&start={minute_floor(ten)}"
    assert f'href="{check.replace("&", "&amp;")}"' in page
    checked = words_of(client.get(check))
    assert "Cancel free until Sunday 22 November at 10:00 AM. After that, the fee is $60." in checked
    assert state()[2] == NINE
    for _ in range(2):  # pressing twice is no other wish
        answer = client.post(f"/me/sessions/{place}/move", data={"start": str(minute_floor(ten)), "meet": "online"})
        assert answer.status_code == 303
    assert state()[2] == ten
    assert noted("appointment.moved") == 1


def test_a_session_moves_by_half_an_hour_and_to_another_way_to_meet(client: FlaskClient, place: str) -> None:
    page = words_of(client.get(f"/me/sessions/{place}/move?meet=in_person"))
    half_past = at(MONDAY, 9, 30)
    assert f"start={minute_floor(half_past)}" in page  # its own time does not stand in its way
    assert f"start={minute_floor(NINE)}" in page  # at the same time, but in person
    assert f"start={minute_floor(NINE)}" not in words_of(client.get(f"/me/sessions/{place}/move"))
    data = {"start": str(minute_floor(half_past)), "meet": "in_person"}
    assert client.post(f"/me/sessions/{place}/move", data=data).status_code == 303
    assert "Village studio" in words_of(client.get(f"/me/sessions/{place}"))
    assert state()[2] == half_past


def test_times_at_which_the_client_is_elsewhere_are_not_offered(client: FlaskClient, cast: Cast, place: str) -> None:
    booked(cast, at(MONDAY, 14), now=NOW, therapist="bea")
    page = words_of(client.get(f"/me/sessions/{place}/move"))
    offered = [f"start={minute_floor(at(MONDAY, hour))}" in page for hour in (13, 14, 15)]
    assert offered == [True, False, True]


def test_a_time_that_went_while_it_was_looked_at_is_answered_with_others(
    client: FlaskClient, cast: Cast, place: str
) -> None:
    booked(cast, at(MONDAY, 11), "charlie", now=NOW)
    answer = client.get(f"/me/sessions/{place}/move/check?meet=online&start={minute_floor(at(MONDAY, 11))}")
    assert answer.status_code == 409
    assert "That time has just been taken. These are close to it." in words_of(answer)
    assert client.get(f"/me/sessions/{place}/move/check").status_code == 409


def test_a_lost_move_keeps_the_old_time_and_offers_others(client: FlaskClient, cast: Cast, place: str) -> None:
    booked(cast, at(MONDAY, 11), "charlie", now=NOW)
    answer = client.post(f"/me/sessions/{place}/move", data={"start": str(int(at(MONDAY, 11).timestamp()) // 60)})
    assert answer.status_code == 409
    assert "That time has just been taken. These are close to it." in words_of(answer)
    assert "12:00 PM" in words_of(answer)
    db.session.rollback()
    assert NINE in db.session.scalars(select(Appointment.starts_at)).all()


@pytest.mark.parametrize("start", ["", "x", "-5", "9" * 30, "١٢٣", "1"])
def test_a_time_that_is_none_changes_nothing(client: FlaskClient, place: str, start: str) -> None:
    assert client.post(f"/me/sessions/{place}/move", data={"start": start}).status_code == 422
    assert state() == ("booked", "booked", NINE)


@pytest.mark.parametrize("path", ["/me?page=0", "/me?page=x", "/me?page=²", "/me/sessions/nothing"])
def test_addresses_that_lead_nowhere(client: FlaskClient, place: str, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_calendar_file_says_nothing_of_the_session(client: FlaskClient, place: str) -> None:
    answer = client.get(f"/me/sessions/{place}.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert b"SUMMARY:Appointment\r\n" in answer.data
    for secret in (b"Individual", b"Alice", b"Bob"):
        assert secret not in answer.data


def test_the_past_comes_in_pages(app: Flask, client: FlaskClient, cast: Cast) -> None:
    for day in range(11):
        booked(cast, at(MONDAY + timedelta(days=day + 2 * (day // 5)), 9), now=NOW)
    act_as(app, cast.identity("alice"), now=NOW + timedelta(days=50))
    first, second = (words_of(client.get(path)) for path in ("/me", "/me?page=2"))
    assert (first.count("/me/sessions/"), second.count("/me/sessions/")) == (10, 1)
    assert 'href="/me?page=2"' in first


def test_the_start_page_costs_the_same_however_many_sessions_there_are(
    app: Flask, client: FlaskClient, cast: Cast, place: str
) -> None:
    client.get("/me")  # what is read once a process is read
    with statements(app) as few:
        client.get("/me")
    for day in range(1, 13):
        booked(cast, at(MONDAY + timedelta(days=day + 2 * (day // 5)), 9), now=NOW)
    act_as(app, cast.identity("alice"), now=NOW + timedelta(days=8))
    client.get("/me")
    with statements(app) as many:
        client.get("/me")
    assert len(many) <= len(few) + 1  # that of the therapists of the past
    assert len(many) <= 10


def test_a_place_that_was_given_back_is_not_to_come(client: FlaskClient, app: Flask, cast: Cast) -> None:
    booked(cast, NINE, now=NOW, others=("charlie",))
    act_as(app, cast.identity("alice"), now=NOW)
    client.post(f"/me/sessions/{place_of(cast)}/cancel")
    page = words_of(client.get("/me"))
    assert 'id="next"' not in page
    assert 'id="past"' in page
    act_as(app, cast.identity("charlie"), now=NOW)
    assert 'id="next"' in words_of(client.get("/me"))


def test_a_therapist_who_is_not_booked_any_more_leads_to_a_call(client: FlaskClient, cast: Cast, place: str) -> None:
    with unit_of_work() as session:
        session.execute(update(Therapist).where(Therapist.id == cast.bob).values(listing="staff"))
        session.execute(update(Practice).values(phone="+12125550100"))
    page = client.get(f"/me/sessions/{place}/move")
    assert page.status_code == 200
    assert "No other times at the moment" in words_of(page)
    assert 'href="tel:+12125550100">(212) 555-0100</a>' in words_of(page)
    start = str(minute_floor(at(MONDAY, 10)))
    assert client.get(f"/me/sessions/{place}/move/check?start={start}").status_code == 409
    assert client.post(f"/me/sessions/{place}/move", data={"start": start}).status_code == 422
    assert state() == ("booked", "booked", NINE)


def test_other_weeks_can_be_looked_at_before_moving(client: FlaskClient, place: str) -> None:
    first = words_of(client.get(f"/me/sessions/{place}/move"))
    assert "Earlier dates" not in first
    assert f"/me/sessions/{place}/move?from=2026-11-27" in first
    assert "Earlier dates" in words_of(client.get(f"/me/sessions/{place}/move?from=2026-11-27"))
    assert client.get(f"/me/sessions/{place}/move?from=tomorrow").status_code == 404
