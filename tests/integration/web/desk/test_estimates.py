"""Good-faith estimates: due with a booking, written in a press, printed or mailed, and kept as they were."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from practice.db import db, in_unit_of_work
from practice.models import (
    Attendance,
    AuditEvent,
    Client,
    Closure,
    Estimate,
    Licence,
    OutboxMessage,
    Practice,
    Therapist,
)
from practice.queries.busy import current_rules
from practice.queries.estimates import expected_sessions
from practice.services.cancelling import cancel_appointment
from practice.services.enrolling import book_course
from practice.services.finding import Wish
from practice.services.moving import move_appointment
from tests.integration.web.desk.conftest import NOW
from tests.support.acting import act_as
from tests.support.cast import MONDAY, at
from tests.support.counting import statements
from tests.support.groups import course
from tests.support.series import repeated
from tests.support.sessions import booked

SOON, LATER = MONDAY + timedelta(days=3), MONDAY + timedelta(days=14)
TEN = 10


@pytest.fixture
def practice(cast):
    """A practice that gives estimates."""
    on_paper = {"gives_estimates": True, "tax_id": "12-3456789", "npi": "1234567890", "phone": "+12125550100"}

    def work(session):
        session.execute(update(Practice).values(**on_paper))
        session.execute(update(Therapist).where(Therapist.id == cast.bob).values(credentials="LCSW", npi="9876543210"))
        session.add(Licence(therapist_id=cast.bob, title="LCSW", region="NY", number="081234"))

    in_unit_of_work(work)
    return cast


def estimates():
    db.session.close()
    return db.session.scalars(select(Estimate).order_by(Estimate.id)).all()


def place_of(appointment):
    db.session.close()
    return db.session.scalars(
        select(Attendance).where(Attendance.appointment_id == appointment.id).order_by(Attendance.id)
    ).first()


def move(cast, appointment, starts_at):
    wish = Wish(cast.individual, cast.bob, starts_at, "online")
    rules = current_rules(db.session())
    in_unit_of_work(
        lambda session: move_appointment(session, rules, appointment.public_id, wish, by=cast.identity("dee"), now=NOW)
    )


def test_none_falls_due_unless_the_practice_gives_them_and_it_is_booked_ahead_and_costs_something(cast):
    booked(cast, at(LATER, TEN), now=NOW)
    assert estimates() == []
    in_unit_of_work(lambda session: session.execute(update(Practice).values(gives_estimates=True)))
    booked(cast, at(MONDAY + timedelta(days=2), TEN), now=NOW)
    assert estimates() == []


def test_a_booking_ahead_has_one_due_in_business_days(practice):
    closed = Closure(name="Thanksgiving", starts_at=at(SOON, 0), ends_at=at(SOON + timedelta(days=1), 0))
    in_unit_of_work(lambda session: session.add(closed))
    booked(practice, at(MONDAY + timedelta(days=4), TEN), now=NOW)
    booked(practice, at(LATER + timedelta(days=1), TEN), "charlie", now=NOW)
    assert [(each.due_on, each.made_at, each.content) for each in estimates()] == [
        (date(2026, 11, 24), None, {}), (date(2026, 11, 27), None, {}),
    ]  # fmt: skip


def test_each_of_two_has_their_own(practice):
    booked(practice, at(LATER, TEN), others=("charlie",), now=NOW)
    assert {each.client_id for each in estimates()} == {practice.alice.id, practice.charlie.id}


def test_a_series_has_one_estimate_for_all_of_its_sessions(practice):
    first = booked(practice, at(LATER, TEN), now=NOW)
    made = repeated(practice, first, now=NOW, times=4)
    (due,) = estimates()
    assert (due.appointment_id, due.series_id) == (None, made.id)
    assert len(expected_sessions(db.session(), due, now=NOW)) == 4
    soon = booked(practice, at(MONDAY + timedelta(days=1), TEN), "charlie", now=NOW)
    assert len(estimates()) == 1  # too soon for one of its own
    repeated(practice, soon, now=NOW, times=3)
    assert len(estimates()) == 2


def test_a_course_has_one_estimate_for_all_of_its_dates(practice):
    dates = [MONDAY + timedelta(days=days) for days in (1, 8, 15)]
    course_id = course(practice, dates)
    rules = current_rules(db.session())
    in_unit_of_work(
        lambda session: book_course(
            session, rules, course_id, [practice.parties["alice"]], by=practice.identity("dee"), now=NOW
        )
    )
    (due,) = estimates()
    assert [each.starts_at for each in expected_sessions(db.session(), due, now=NOW)] == [at(on, 15) for on in dates]


def test_the_desk_writes_it_in_a_press_prints_it_and_notes_that_it_was_given(dee, practice):
    made = booked(practice, at(LATER, TEN), now=NOW)
    page = dee.get("/desk/estimates").text
    for words in (
        "To give (1)",
        "Alice",
        "Individual session with Bob Reyes",
        "Thursday 26 November",
        ">Estimates</a>",
    ):
        assert words in page, words
    (due,) = estimates()
    assert "It is not written yet." in dee.get(f"/desk/estimates/{due.public_id}").text
    assert dee.submit("/desk/estimates", action="/make").location.endswith(f"/desk/estimates/{due.public_id}")
    page = dee.get(f"/desk/estimates/{due.public_id}").text
    for words in (
        "Alice", "Monday 7 December, 10:00 AM (New York time)", "Individual session", "50 minutes", "$140",
        "1 session, $140 in all.", "Bob Reyes, LCSW", "LCSW, New York 081234", "9876543210", "12-3456789", "1234567890",
        "This is an estimate.", "$400 or more above", "This is no contract.", "Keep a copy.",
        "within three business days",
    ):  # fmt: skip
        assert words in page, words
    (written,) = estimates()
    assert "Alice" not in str(written.content)
    assert dee.submit(f"/desk/estimates/{due.public_id}", {"how": "paper"}, action="/give").status_code == 303
    assert "No estimate is to be given" in dee.get("/desk/estimates").text
    assert "Alice" in dee.get("/desk/estimates?given=yes").text
    assert "Given on Monday 23 November, 10:30 AM." in dee.get(f"/desk/estimates/{due.public_id}").text
    assert dee.post(f"/desk/estimates/{due.public_id}/make").status_code == 303
    (given,) = estimates()
    assert given.content == written.content
    assert given.given_at == NOW
    act_as(dee.application, practice.identity("alice"), now=NOW)
    alice = dee.application.test_client()
    place = place_of(made).public_id
    assert "Read the estimate" in alice.get(f"/me/sessions/{place}").text
    assert "1 session, $140 in all." in alice.get(f"/me/sessions/{place}/estimate").text
    act_as(dee.application, practice.identity("charlie"), now=NOW)
    assert dee.application.test_client().get(f"/me/sessions/{place}/estimate").status_code == 404
    db.session.close()
    noted = set(db.session.scalars(select(AuditEvent.action)))
    assert {"estimates.listed", "estimate.read", "estimate.made", "estimate.given", "session.read"} <= noted


def test_it_is_mailed_as_a_link_only_where_that_is_safe(dee, practice):
    booked(practice, at(LATER, TEN), now=NOW)
    (due,) = estimates()
    path = f"/desk/estimates/{due.public_id}"
    assert dee.post(f"{path}/give", data={"how": "mail"}).status_code == 303  # it is not written yet
    assert estimates()[0].given_at is None
    dee.post(f"{path}/make")
    assert dee.post(f"{path}/give", data={"how": "pigeon"}).status_code == 422
    reach = update(Client).where(Client.id == practice.alice.id)
    in_unit_of_work(lambda session: session.execute(reach.values(safe_contact="call")))
    assert "Mail a link" not in dee.get(path).text
    dee.post(f"{path}/give", data={"how": "mail"})
    assert estimates()[0].given_at is None
    in_unit_of_work(lambda session: session.execute(reach.values(safe_contact="email")))
    assert dee.submit(path, {"how": "mail"}, action="/give").status_code == 303
    dee.post(f"{path}/give", data={"how": "mail"})
    db.session.close()
    (sent,) = db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == "estimate")).all()
    assert set(sent.context) == {"appointment", "client"}


def test_what_changes_before_it_was_given_makes_a_new_one_and_keeps_the_old(dee, practice):
    made = booked(practice, at(LATER, TEN), now=NOW)
    move(practice, made, at(LATER, TEN + 1))
    assert len(estimates()) == 1  # it is not written yet: it says what holds when it is
    first = estimates()[0].public_id
    dee.post(f"/desk/estimates/{first}/make")
    before = estimates()[0].content
    move(practice, made, at(LATER + timedelta(days=1), TEN))
    old, new = estimates()
    assert (old.content, new.made_at, new.due_on) == (before, None, old.due_on)
    page = dee.get("/desk/estimates").text
    assert "To give (1)" in page
    assert first not in page
    dee.post(f"/desk/estimates/{new.public_id}/make")
    dee.post(f"/desk/estimates/{new.public_id}/give", data={"how": "paper"})
    move(practice, made, at(LATER, TEN))
    assert len(estimates()) == 2
    booked_later = booked(practice, at(LATER + timedelta(days=2), TEN), "charlie", now=NOW)
    in_unit_of_work(
        lambda session: cancel_appointment(
            session, booked_later.public_id, by=practice.identity("dee"), now=NOW, by_practice=True
        )
    )
    assert "No estimate is to be given" in dee.get("/desk/estimates").text
    dee.post(f"/desk/estimates/{estimates()[-1].public_id}/make")
    assert estimates()[-1].made_at is None


def test_whoever_asks_has_one_and_asking_twice_is_one(dee, practice):
    made = booked(practice, at(MONDAY + timedelta(days=1), TEN), now=NOW)
    place = place_of(made).public_id
    act_as(dee.application, practice.identity("alice"), now=NOW)
    alice = dee.application.test_client()
    assert "Ask for an estimate" in alice.get(f"/me/sessions/{place}").text
    for _ in range(2):
        assert alice.post(f"/me/sessions/{place}/estimate").status_code == 303
    (asked,) = estimates()
    assert asked.due_on == date(2026, 11, 26)
    assert "We are writing down" in alice.get(f"/me/sessions/{place}").text
    assert alice.get(f"/me/sessions/{place}/estimate").status_code == 404
    act_as(dee.application, practice.identity("dee"), now=NOW)
    answer = dee.post(f"/desk/attendances/{place}/estimate")
    assert answer.location.endswith(f"/desk/estimates/{asked.public_id}")
    assert estimates()[0].made_at == NOW
    in_unit_of_work(lambda session: session.execute(update(Practice).values(gives_estimates=False)))
    act_as(dee.application, practice.identity("alice"), now=NOW)
    assert alice.post(f"/me/sessions/{place}/estimate").status_code == 404


def test_the_list_costs_the_same_for_two_and_for_many(app, dee, practice):
    made = booked(practice, at(LATER, TEN), now=NOW)

    def count():
        with statements(app) as sent:
            assert dee.get("/desk/estimates").status_code == 200
        return len(sent)

    few = count()
    (due,) = estimates()
    in_unit_of_work(
        lambda session: session.add_all(
            Estimate(client_id=client.id, appointment_id=made.id, due_on=due.due_on, content={}, created_at=NOW)
            for client in session.scalars(select(Client))
        )
    )
    assert count() == few
    assert dee.get("/desk/estimates/nothing").status_code == 404
    assert dee.get("/desk/estimates?page=x").status_code == 404
