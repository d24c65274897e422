"""One session at the desk, and cancelling it."""

import pytest

from practice.db import db
from practice.domain.intervals import minute_floor
from practice.models import Occupancy, OutboxMessage
from tests.support.cast import MONDAY, at
from tests.support.counting import statements
from tests.support.sessions import booked, whole

EARLY = at(MONDAY, 8)


@pytest.fixture
def session_at_two(cast):
    return booked(cast, at(MONDAY, 14), now=EARLY)


def test_a_session_says_when_where_with_whom_and_what_it_costs(dee, session_at_two):
    page = dee.get(f"/desk/appointments/{session_at_two.public_id}").text

    for words in ("Monday 23 November, 2:00 to 2:50 PM", "Online", "Bob Reyes", "$140", "Alice Moss"):
        assert words in page, words
    assert dee.get("/desk/appointments/nothing").status_code == 404


@pytest.mark.parametrize(
    ("who", "status", "fee"), [("client", "late_cancelled", 6000), ("practice", "cancelled_by_practice", None)]
)
def test_cancelling_frees_the_time_and_tells_whoever_chose_it(dee, session_at_two, who, status, fee):
    path = f"/desk/appointments/{session_at_two.public_id}/cancel"
    page = dee.get(path)
    assert "After that, the fee is $60." in page.text
    told = db.session.query(OutboxMessage).filter_by(template="cancelled").count()

    answer = dee.submit(path, {"who": who})

    assert answer.status_code == 303
    found = whole(session_at_two.public_id)
    assert (found.status, found.attendances[0].status, found.attendances[0].late_fee_cents) == (
        "cancelled",
        status,
        fee,
    )
    assert db.session.query(Occupancy).filter_by(appointment_id=found.id).count() == 0
    assert db.session.query(OutboxMessage).filter_by(template="cancelled").count() == told + 1
    assert "There is nothing more to do." in dee.get(answer.headers["Location"]).text
    assert dee.get(path).status_code == 404
    assert dee.post(path, data={"who": who}).status_code == 409


def test_without_saying_who_nothing_is_cancelled(dee, session_at_two):
    path = f"/desk/appointments/{session_at_two.public_id}/cancel"
    for sent in ({}, {"who": "nobody"}, {"who": "client", "extra": "1"}):
        answer = dee.post(path, data=sent)
        assert answer.status_code == 422, sent
        assert "There is a problem" in answer.text
        assert "<title>Error: " in answer.text
    assert whole(session_at_two.public_id).status == "booked"


def test_one_of_two_can_cancel_and_the_other_still_comes(dee, cast):
    session = booked(cast, at(MONDAY, 14), now=EARLY, others=("charlie",))
    first = session.attendances[0]

    answer = dee.submit(f"/desk/attendances/{first.public_id}/cancel", {"who": "practice"})

    assert answer.headers["Location"] == f"/desk/appointments/{session.public_id}"
    found = whole(session.public_id)
    assert found.status == "booked"
    assert [place.status for place in found.attendances] == ["cancelled_by_practice", "booked"]
    assert dee.post(f"/desk/attendances/{first.public_id}/cancel", data={"who": "practice"}).status_code == 409


def test_the_page_says_what_happened_who_comes_and_how_to_reach_them(dee, session_at_two):
    page, place = f"/desk/appointments/{session_at_two.public_id}", session_at_two.attendances[0].public_id
    dee.post(f"{page}/move/check", data={"at": f"{minute_floor(at(MONDAY, 15))}.bob", "way": "online"})
    dee.post(f"/desk/attendances/{place}/status", data={"status": "arrived", "back": page})
    dee.post(f"/desk/attendances/{place}/status", data={"status": "fee_noted", "back": page})
    text = dee.get(page).text
    for words in (
        "Booked", "Moved from Monday 23 November, 2:00 PM to Monday 23 November, 3:00 PM", "Alice Moss arrived",
        "The fee of Alice Moss was noted", "Monday 23 November, 10:30 AM, by Dee", "E-mail is safe: alice@demo.test",
        "Fee $140, noted on Monday 23 November, 10:30 AM.", "Fee not noted", "We cancel (free)",
    ):  # fmt: skip
        assert words in text, words
    assert text.index("Moved from") < text.index("Alice Moss arrived") < text.index("was noted")
    assert "Client cancels" not in text  # she is here

    dee.post(f"/desk/attendances/{place}/status", data={"status": "booked"})
    assert "Client cancels (fee $60)" in dee.get(page).text


def test_the_page_costs_the_same_however_much_has_happened(app, dee, session_at_two):
    page, place = f"/desk/appointments/{session_at_two.public_id}", session_at_two.attendances[0].public_id

    def cost():
        dee.get(page)
        with statements(app) as seen:
            assert dee.get(page).status_code == 200
        return len(seen)

    before = cost()
    for status in ("arrived", "booked") * 5:
        dee.post(f"/desk/attendances/{place}/status", data={"status": status})
    assert cost() == before
    assert cost() < 10


def test_each_fee_is_said_as_it_stands(dee, session_at_two):
    page, place = f"/desk/appointments/{session_at_two.public_id}", session_at_two.attendances[0].public_id
    assert "Fee $140, not noted yet." in dee.get(page).text
    dee.post(f"/desk/attendances/{place}/status", data={"status": "cancelled"})
    assert "Late fee $60, not noted yet." in dee.get(page).text
    dee.post(f"/desk/attendances/{place}/undo", data={"status": "cancelled"})
    dee.post(f"/desk/attendances/{place}/status", data={"status": "cancelled_by_practice"})
    text = dee.get(page).text
    assert "not noted yet" not in text
    assert "Cancellation taken back" in text
