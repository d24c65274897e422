"""The desk's list of calls: who waits, who was called, and taking it back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from practice.db import db, unit_of_work
from practice.models import AuditEvent, CallRequest
from practice.services.tidying import tidy
from tests.integration.web.desk.conftest import NOW
from tests.support.acting import act_as
from tests.support.counting import statements


@pytest.fixture
def waiting(cast):
    """Return a function that lets some people ask to be called, the first one first."""

    def ask(count):
        rows = [
            CallRequest(
                name=f"Caller {number:02}", phone=f"+121255501{number:02}", best_time="evening",
                service_id=cast.individual, therapist_id=cast.bob, created_at=NOW - timedelta(hours=30 - number),
            )
            for number in range(count)
        ]  # fmt: skip
        with unit_of_work() as session:
            session.add_all(rows)
            session.flush()
            return [row.public_id for row in rows]

    return ask


def test_nobody_waits(dee):
    page = dee.get("/desk/calls").text
    assert "Nobody waits for a call" in page
    assert ">Calls</a>" in page


def test_the_list_says_whom_to_call_when_and_about_what(dee, waiting):
    (asked,) = waiting(1)
    page = dee.get("/desk/calls").text
    said = ["Caller 00", 'href="tel:+12125550100"', "(212) 555-0100", "In the evening", "Calls (1)", "To call (1)"]
    said += ["Individual session with Bob Reyes", "Sunday 22 November, 4:30 AM"]
    assert [words for words in said if words not in page] == []
    read = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "calls.listed")).one()
    assert read.detail == {"calls": [asked]}


def test_who_was_called_leaves_the_list_and_can_be_put_back(dee, waiting, cast):
    first, _ = waiting(2)
    after = dee.submit("/desk/calls", action=f"/{first}/answered")
    assert after.status_code == 303
    page = dee.get(after.location).text
    assert "Caller 00" not in page
    assert "Caller 01" in page
    assert "Calls (1)" in page
    assert "Today, 10:30 AM by Dee" in dee.get("/desk/calls?answered=yes").text
    again = dee.submit(after.location, action=f"/{first}/waiting")
    page = dee.get(again.location).text
    assert page.index("Caller 00") < page.index("Caller 01")
    assert "Taken back" in page
    actions = db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == first)).all()
    assert actions == ["call.answered", "call.reopened"]


def test_noting_it_twice_changes_and_records_nothing_more(dee, waiting):
    (asked,) = waiting(1)
    for _ in range(2):
        assert dee.post(f"/desk/calls/{asked}/answered").status_code == 303
    assert len(db.session.scalars(select(AuditEvent).where(AuditEvent.action == "call.answered")).all()) == 1


def test_nonsense_is_nothing_there(dee, waiting):
    waiting(1)
    assert dee.post("/desk/calls/nobody/answered").status_code == 404
    assert dee.get("/desk/calls?page=none").status_code == 404
    assert "Noted: called" not in dee.get("/desk/calls?undo=nobody").text


def test_many_cost_as_many_statements_as_few_and_are_paged(app, dee, waiting):
    waiting(2)
    with statements(app) as few:
        dee.get("/desk/calls")
    waiting(23)
    with statements(app) as many:
        page = dee.get("/desk/calls").text
    assert len(many) == len(few)
    assert page.count('<th scope="row">') == 20
    assert dee.get("/desk/calls?page=2").text.count('<th scope="row">') == 5


def test_only_the_desk_sees_them_and_only_the_desk_counts_them(app, dee, waiting, cast):
    waiting(1)
    for name in ("alice", "bob", "ada"):
        act_as(app, cast.identity(name), now=NOW)
        assert app.test_client().get("/desk/calls").status_code == 404
        assert "Calls" not in app.test_client().get("/account").text


def test_names_and_numbers_are_forgotten_some_weeks_after_the_call(dee, waiting):
    called, still = waiting(2)
    dee.post(f"/desk/calls/{called}/answered")
    for days, left in ((29, [called, still]), (31, [still])):
        with unit_of_work() as session:
            tidy(session, now=NOW + timedelta(days=days))
        assert db.session.scalars(select(CallRequest.public_id).order_by(CallRequest.id)).all() == left
