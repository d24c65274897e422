"""The day of all therapists: shown, counted, noted, taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from practice.db import db, unit_of_work
from practice.domain.permissions import SYSTEM
from practice.models import Attendance, AuditEvent
from practice.services.clients import NewClient, create_client
from tests.support.acting import act_as
from tests.support.cast import MONDAY, ZONE, add_group_date, at
from tests.support.counting import statements
from tests.support.sessions import booked, whole

NOW = at(MONDAY, 10, 30)


@pytest.fixture
def session_at_ten(cast):
    return booked(cast, at(MONDAY, 10), now=at(MONDAY, 8))


@pytest.fixture
def session_at_two(cast):
    return booked(cast, at(MONDAY, 14), "charlie", now=at(MONDAY, 8), therapist="bea", modality="in_person")


def mark_path(session):
    return f"/desk/attendances/{session.attendances[0].public_id}/status"


def test_the_day_shows_every_session_with_its_place_and_counts(dee, session_at_ten, session_at_two):
    page = dee.get("/desk")

    assert page.status_code == 200
    for words in ("Monday 23 November", "Bob Reyes", "Bea Lindqvist", "Alice Moss",
                  "Charlie Moss", "Willow · Individual session", "Not here yet", "<b>1</b> still to come",
                  "<b>1</b> late"):  # fmt: skip
        assert words in page.text, words


def test_any_day_can_be_opened_and_an_empty_one_says_so(dee, session_at_ten):
    assert "Alice Moss" in dee.get("/desk/days/2026-11-23").text
    empty = dee.get("/desk/days/2026-11-24").text
    assert "9:00 AM to 5:00 PM</span> free" in empty
    assert "No sessions on this day" in dee.get("/desk/days/2026-11-28").text
    assert dee.get("/desk?on=2026-11-24").headers["Location"] == "/desk/days/2026-11-24"


def test_a_date_that_is_none_is_not_there(dee):
    for on in ("2026-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "tomorrow", "2026-1-1", "%00"):
        assert dee.get(f"/desk/days/{on}").status_code == 404, on
        assert dee.get(f"/desk/days/{on}/sheet").status_code == 404, on
        assert dee.get("/desk", query_string={"on": on}).status_code == 404, on


def test_arrived_completed_and_back_again(dee, session_at_ten):
    here = "/desk/days/2026-11-23"

    def mark(status):
        answer = dee.post(mark_path(session_at_ten), data={"status": status, "back": here})
        assert (answer.status_code, answer.headers["Location"]) == (303, here)
        return whole(session_at_ten.public_id).attendances[0].status

    assert [mark(status) for status in ("arrived", "completed", "arrived", "booked", "no_show", "booked")] == [
        "arrived", "completed", "arrived", "booked", "no_show", "booked",
    ]  # fmt: skip
    assert "Alice Moss is booked, as before." in dee.get(here).text
    db.session.close()
    actions = db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject_kind == "attendance")).all()
    assert actions.count("attendance.arrived") == 2


def test_the_buttons_on_the_page_do_what_they_say(dee, session_at_ten):
    place = session_at_ten.attendances[0].public_id
    answer = dee.submit("/desk", {"do": f"arrived.{place}"}, action="/acts")

    assert answer.headers["Location"] == "/desk"
    assert "In session" in dee.get("/desk").text


def test_what_makes_no_sense_is_refused_and_changes_nothing(dee, session_at_ten):
    for sent in (
        {}, {"status": "late_cancelled"}, {"status": "x" * 500}, {"status": "arrived", "more": "1"},
        {"status": "arrived", "back": "https://elsewhere.test/"}, {"status": "arrived", "back": "//elsewhere.test"},
        {"status": "arrived", "back": "/desk/../../sign-out"}, {"status": "arrived", "back": "/desk\\@elsewhere.test"},
    ):  # fmt: skip
        assert dee.post(mark_path(session_at_ten), data=sent).status_code == 422, sent
    assert whole(session_at_ten.public_id).attendances[0].status == "booked"


def test_steps_that_are_not_possible_are_refused(dee, cast, session_at_two):
    assert dee.post(mark_path(session_at_two), data={"status": "no_show"}).status_code == 409
    assert dee.post("/desk/attendances/nobody/status", data={"status": "arrived"}).status_code == 404


def test_the_desk_is_nothing_to_anybody_else(app, cast, session_at_ten):
    one = f"/desk/appointments/{session_at_ten.public_id}"
    pages = ("/desk", "/desk/days/2026-11-23", "/desk/days/2026-11-23/sheet", "/desk/clients", one, f"{one}/cancel",
             f"/desk/clients/{cast.alice.public_id}")  # fmt: skip
    for who in ("alice", "bob", "ada"):
        act_as(app, cast.identity(who), now=NOW)
        client = app.test_client()
        assert [path for path in pages if client.get(path).status_code != 404] == []
        assert client.post(mark_path(session_at_ten), data={"status": "arrived"}).status_code == 404
        assert client.post(f"{one}/cancel", data={"who": "client"}).status_code == 404


def test_the_sheet_lists_the_day_without_what_was_cancelled(dee, session_at_ten, session_at_two):
    dee.post(f"/desk/appointments/{session_at_two.public_id}/cancel", data={"who": "practice"})
    page = dee.get("/desk/days/2026-11-23/sheet")

    assert "10:00 to 10:50 AM" in page.text
    assert "Alice Moss" in page.text
    assert "Charlie Moss" not in page.text


def test_what_was_read_is_on_record(dee, session_at_ten):
    dee.get("/desk")
    dee.get(f"/desk/appointments/{session_at_ten.public_id}")

    db.session.close()
    columns = (AuditEvent.action, AuditEvent.subject_id, AuditEvent.detail)
    read = db.session.execute(select(*columns).where(AuditEvent.action.like("%.read")).order_by(AuditEvent.id)).all()
    assert [tuple(row) for row in read] == [
        ("day.read", "2026-11-23", {"appointments": [session_at_ten.public_id]}),
        ("appointment.read", session_at_ten.public_id, {}),
    ]


def test_a_full_day_costs_as_many_statements_as_an_empty_one(app, dee, cast):
    def add(count):
        with unit_of_work() as session:
            date = add_group_date(session, cast, at(MONDAY, 11) + timedelta(days=count), capacity=100)
            for number in range(count):
                new = NewClient(name=f"Client {number}", zone=ZONE)
                party = create_client(session, new, vault=app.extensions["vault"], by=SYSTEM, now=NOW)
                session.add(Attendance(appointment_id=date.id, client_id=party.id, created_at=NOW, status_at=NOW))

    def cost(path):
        dee.get(path)
        with statements(app) as seen:
            assert dee.get(path).status_code == 200
        return len(seen)

    add(2)
    add(60)
    assert cost("/desk/days/2026-11-25") == cost("/desk/days/2027-01-22")
