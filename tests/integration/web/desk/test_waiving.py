"""What was agreed about money, a waived fee, and a late move, as pages say it and as it is applied."""

import re

import pytest
from sqlalchemy import select, update

from practice.db import db, in_unit_of_work, unit_of_work
from practice.domain.intervals import minute_floor
from practice.models import Appointment, Attendance, Client, Service
from practice.services.cancelling import cancel_attendance
from tests.support.acting import act_as
from tests.support.cast import MONDAY, NOW, at
from tests.support.sessions import booked

TEN, SOON = at(MONDAY, 10), at(MONDAY, 8)


@pytest.fixture
def place(app, cast):
    """Alice's place on Monday at 10, at $140."""
    with unit_of_work() as session:
        session.execute(update(Service).values(price_cents=14000))
    booked(cast, TEN, now=NOW)
    return the_place().public_id


def the_place():
    db.session.close()
    return db.session.scalars(select(Attendance)).one()


def as_(app, cast, who, now):
    act_as(app, cast.identity(who), now=now)
    return app.test_client()


def agree(app, cast, **sent):
    dee = as_(app, cast, "dee", NOW)
    answer = dee.post(f"/desk/clients/{cast.alice.public_id}/agreed", data=sent)
    assert answer.status_code == 303, answer.text


def test_the_desk_agrees_on_a_fee_and_every_page_says_the_same(app, cast, place):
    path = f"/desk/clients/{cast.alice.public_id}"
    dee = as_(app, cast, "dee", NOW)
    assert dee.post(f"{path}/agreed", data={"agreed_fee": "a lot"}).status_code == 422
    assert dee.get("/desk/clients/nobody/agreed").status_code == 404
    agree(app, cast, agreed_fee="40")
    page = dee.get(path).text
    assert "$40 a session" in page
    assert 'value="40"' in dee.get(f"{path}/agreed").text

    appointment = db.session.scalar(select(Appointment.public_id))
    late = as_(app, cast, "dee", SOON)
    assert "After that, the fee is $40." in late.get(f"/desk/appointments/{appointment}/cancel").text
    assert "Client cancels (fee $40)" in late.get(f"/desk/appointments/{appointment}").text
    alice = as_(app, cast, "alice", SOON)
    assert "if you cancel it, the fee is $40." in alice.get(f"/me/sessions/{place}/cancel").text
    alice.post(f"/me/sessions/{place}/cancel")
    assert (the_place().status, the_place().late_fee_cents) == ("late_cancelled", 4000)
    assert "$40" in alice.get(f"/me/sessions/{place}").text


def test_without_late_fees_nothing_is_said_of_any(app, cast, place):
    agree(app, cast, no_late_fees="y")
    alice = as_(app, cast, "alice", SOON)
    assert "You can cancel at any time, free of charge." in alice.get(f"/me/sessions/{place}/cancel").text
    alice.post(f"/me/sessions/{place}/cancel")
    assert (the_place().status, the_place().late_fee_cents) == ("late_cancelled", 0)
    assert db.session.scalar(select(Client.no_late_fees).where(Client.id == cast.alice.id)) is True


def test_a_fee_is_waived_for_a_reason_and_noted_again(app, cast, place):
    dee, path = as_(app, cast, "dee", SOON), f"/desk/attendances/{place}/waive"
    assert dee.get(path).status_code == 404
    in_unit_of_work(lambda s: cancel_attendance(s, place, by=cast.identity("alice"), now=SOON))
    appointment = db.session.scalar(select(Appointment.public_id))
    page = f"/desk/appointments/{appointment}"
    assert "Late fee $60, not noted yet." in dee.get(page).text
    assert "Waive the late fee of $60" in dee.get(path).text
    refused = dee.post(path, data={"reason": " "})
    assert (refused.status_code, "Error:" in refused.text) == (422, True)
    assert dee.post(path, data={"reason": "The train stood still"}).status_code == 303
    shown = dee.get(page).text
    assert "Late fee $60, waived on Monday 23 November, 8:00 AM: The train stood still." in shown
    assert "The late fee of Alice Moss was waived" in shown
    assert "Fee noted" not in shown
    alice = as_(app, cast, "alice", SOON)
    mine = alice.get(f"/me/sessions/{place}").text
    assert "$60, which we have waived" in mine
    assert "train" not in mine
    dee = as_(app, cast, "dee", SOON)
    assert dee.post(f"{path}/undo", data={"back": page}).headers["Location"] == page
    assert "Late fee $60, not noted yet." in dee.get(page).text
    for other in ("alice", "bob", "ada"):
        assert as_(app, cast, other, SOON).post(path, data={"reason": "x"}).status_code == 404


def test_a_late_move_says_what_it_means_before_and_after(app, cast, place):
    alice = as_(app, cast, "alice", SOON)
    week = minute_floor(at(MONDAY.replace(day=30), 10))
    check = alice.get(f"/me/sessions/{place}/move/check?start={week}&meet=online").text
    said = re.sub(r"\s+", " ", check)
    assert "if you cancel it after moving, whenever that is, the fee is $60." in said
    alice.post(f"/me/sessions/{place}/move", data={"start": week, "meet": "online"})
    page = alice.get(f"/me/sessions/{place}/cancel").text
    assert "This session was moved shortly before it was to begin: if you cancel it now, the fee is $60." in page
    alice.post(f"/me/sessions/{place}/cancel")
    assert (the_place().status, the_place().late_fee_cents) == ("late_cancelled", 6000)
