"""What the desk notes in one press, and takes back in another."""

import re

import pytest
from sqlalchemy import select

from practice.db import db, unit_of_work
from practice.models import AuditEvent, Occupancy, OutboxMessage
from practice.services import outbox
from tests.support.acting import act_as
from tests.support.cast import MONDAY, at
from tests.support.people import sign_in
from tests.support.sessions import booked, whole

NOW = at(MONDAY, 10, 30)
HERE = "/desk/days/2026-11-23"


@pytest.fixture
def session(cast):
    return booked(cast, at(MONDAY, 10), now=at(MONDAY, 8))


@pytest.fixture
def later(cast):
    return booked(cast, at(MONDAY, 14), now=at(MONDAY, 8), modality="in_person")


def path(session, what="status"):
    return f"/desk/attendances/{session.attendances[0].public_id}/{what}"


def mark(dee, session, status):
    answer = dee.post(path(session), data={"status": status, "back": HERE})
    assert (answer.status_code, answer.headers["Location"]) == (303, HERE)


def place(session):
    return whole(session.public_id).attendances[0]


def acts(kind):
    db.session.close()
    rows = select(AuditEvent.action).where(AuditEvent.action.like(f"{kind}.%"), AuditEvent.subject_kind == kind)
    return db.session.scalars(rows.order_by(AuditEvent.id)).all()


@pytest.mark.parametrize(
    ("first", "status", "words", "event"),
    [
        (None, "arrived", "Alice Moss is marked as arrived.", "attendance.arrived"),
        (None, "completed", "The session of Alice Moss is marked as completed.", "attendance.completed"),
        ("arrived", "completed", "The session of Alice Moss is marked as completed.", "attendance.completed"),
        (None, "no_show", "It is noted that Alice Moss did not come.", "attendance.no_show"),
        ("arrived", "no_show", "It is noted that Alice Moss did not come.", "attendance.no_show"),
        ("arrived", "booked", "Alice Moss is booked, as before.", "attendance.booked"),
    ],
)
def test_each_mark_is_one_press_and_so_is_its_undo(dee, session, first, status, words, event):
    if first:
        mark(dee, session, first)
        dee.get(HERE)
    mark(dee, session, status)
    assert place(session).status == status
    assert acts("attendance")[-1] == event
    assert words in dee.get(HERE).text

    mark(dee, session, status)  # a second press changes nothing, and has nothing to undo
    page = dee.get(HERE)
    assert words in page.text
    assert "/undo" not in page.text

    dee.post(path(session, "undo"), data={"status": status, "before": first or "booked", "back": HERE})
    assert place(session).status == (first or "booked")


def test_the_undo_stands_beside_the_message_and_can_be_pressed_twice(dee, session):
    mark(dee, session, "arrived")
    page = dee.get(HERE).text
    assert re.search(
        r'role="status".*Undo<span class="visually-hidden">: Alice Moss is marked as arrived', page, re.DOTALL
    )
    mark(dee, session, "completed")

    sent = {"status": "completed", "before": "arrived", "back": HERE}
    for _ in range(2):
        answer = dee.post(path(session, "undo"), data=sent)
        assert (answer.status_code, answer.headers["Location"]) == (303, HERE)
        assert "Taken back. Alice Moss is marked as arrived." in dee.get(HERE).text
    assert place(session).status == "arrived"


def test_the_button_of_the_message_does_what_it_says(dee, session):
    mark(dee, session, "arrived")
    answer = dee.submit(HERE, {}, action="/undo")
    assert answer.headers["Location"] == HERE
    assert place(session).status == "booked"


def test_the_menu_of_a_session_has_all_of_it(dee, session, later):
    page = dee.get("/desk").text
    here, coming = session.attendances[0].public_id, later.attendances[0].public_id
    for value in (f"arrived.{here}", f"arrived.{coming}", "completed.~", "no_show.~", "fee_noted.~",
                  "cancelled_by_practice.~", "cancelled.~"):  # fmt: skip
        assert f'name="do" value="{value}"' in page, value
    assert f'data-choices="0 1 2 3" data-of="{here}"' in page
    assert f'value="cancelled.{here}"' not in page  # it has begun
    assert "Client cancels (fee $60)" in page
    menu = f"/desk/appointments/{session.public_id}/menu"
    assert f'href="{menu}"' in page
    begun, to_come = dee.get(menu).text, dee.get(f"/desk/appointments/{later.public_id}/menu?back=/desk?by=room").text
    for status in ("arrived", "completed", "no_show", "fee_noted", "cancelled_by_practice"):
        assert f'name="status" value="{status}"' in begun, status
    assert 'value="cancelled"' not in begun  # it has begun
    assert "Client cancels (fee $60)" in to_come
    assert f'href="/desk/appointments/{later.public_id}/move">Move…</a>' in to_come
    assert 'name="back" value="/desk?by=room"' in to_come
    assert 'name="back" value="/desk/days/2026-11-23"' in begun
    assert 'value="/desk/days/2026-11-23"' in dee.get(f"{menu}?back=//elsewhere.test").text
    assert dee.get("/desk/appointments/nothing/menu").status_code == 404

    answer = dee.post("/desk/acts", data={"do": f"fee_noted.{coming}", "back": HERE})
    assert (answer.status_code, answer.headers["Location"]) == (303, HERE)
    assert place(later).fee_noted_at == NOW
    assert "The fee of Alice Moss is noted." in dee.get(HERE).text
    for do in ("", "arrived", f"late_cancelled.{coming}", f"arrived.{coming}.x", f"arrived.{'x' * 41}", "arrived.\x00"):
        assert dee.post("/desk/acts", data={"do": do}).status_code == 422, do
    assert dee.post("/desk/acts", data={"do": "arrived.nobody"}).status_code == 404


def test_an_undo_leaves_what_changed_since(dee, session):
    mark(dee, session, "arrived")
    mark(dee, session, "no_show")
    dee.get(HERE)
    answer = dee.post(path(session, "undo"), data={"status": "arrived", "before": "booked", "back": HERE})
    assert answer.status_code == 303
    page = dee.get(HERE).text
    assert "This has changed in the meantime, so nothing was taken back." in page
    assert 'role="alert"' in page
    assert place(session).status == "no_show"


def test_the_fee_is_noted_and_taken_back(dee, session):
    mark(dee, session, "fee_noted")
    assert place(session).fee_noted_at == NOW
    assert "The fee of Alice Moss is noted." in dee.get(HERE).text
    mark(dee, session, "fee_noted")
    dee.get(HERE)
    dee.post(path(session, "undo"), data={"status": "fee_noted", "back": HERE})
    dee.post(path(session, "undo"), data={"status": "fee_noted", "back": HERE})
    assert place(session).fee_noted_at is None
    mark(dee, session, "fee_open")
    assert acts("attendance") == ["attendance.fee_noted", "attendance.fee_taken_back"]


@pytest.mark.parametrize(
    ("status", "stands", "fee"),
    [("cancelled", "late_cancelled", 6000), ("cancelled_by_practice", "cancelled_by_practice", None)],
)
def test_cancelling_is_one_press_and_can_be_undone_before_anybody_is_told(dee, later, status, stands, fee):
    mark(dee, later, status)
    mark(dee, later, status)  # pressed twice
    found = whole(later.public_id)
    assert (found.status, found.attendances[0].status, found.attendances[0].late_fee_cents) == (
        "cancelled",
        stands,
        fee,
    )
    assert "There is nothing more to do." in dee.get(HERE).text

    for _ in range(2):
        assert dee.post(path(later, "undo"), data={"status": status, "back": HERE}).status_code == 303
        assert "Taken back. Alice Moss is booked, as before." in dee.get(HERE).text
    found = whole(later.public_id)
    assert (found.status, found.attendances[0].status, found.attendances[0].late_fee_cents) == (
        "booked",
        "booked",
        None,
    )
    assert db.session.query(Occupancy).filter_by(appointment_id=found.id).count() == 3
    assert db.session.query(OutboxMessage).filter_by(template="cancelled").count() == 0


def test_a_whole_session_that_was_cancelled_on_its_page_comes_back(dee, cast):
    couple = booked(cast, at(MONDAY, 14), now=at(MONDAY, 8), others=("charlie",))
    page = f"/desk/appointments/{couple.public_id}"
    dee.submit(f"{page}/cancel", {"who": "client"})
    assert whole(couple.public_id).status == "cancelled"
    answer = dee.submit(page, {}, action="/undo")
    assert answer.headers["Location"] == page
    assert "Taken back. The session is booked, as before." in dee.get(page).text
    assert [each.status for each in whole(couple.public_id).attendances] == ["booked", "booked"]

    first = couple.attendances[0]
    dee.submit(f"/desk/attendances/{first.public_id}/cancel", {"who": "client"})
    dee.submit(page, {}, action="/undo")
    assert [each.status for each in whole(couple.public_id).attendances] == ["booked", "booked"]


def test_a_cancellation_that_was_told_stays(dee, app, cast, later):
    mark(dee, later, "cancelled")
    act_as(app, cast.identity("dee"), now=at(MONDAY, 10, 33))
    dee.get(HERE)
    for to, sent in (
        (path(later, "undo"), {"status": "cancelled", "back": HERE}),
        (f"/desk/appointments/{later.public_id}/undo", {"back": HERE}),
    ):
        assert dee.post(to, data=sent).status_code == 303
        assert "cannot be undone any more. The time can be booked again." in dee.get(HERE).text
    with unit_of_work() as writing:
        outbox.claim_due(writing, now=at(MONDAY, 10, 33))
    assert whole(later.public_id).status == "cancelled"


def test_a_time_that_is_taken_meanwhile_leads_to_others_for_the_same_client(dee, cast, later):
    mark(dee, later, "cancelled")
    booked(cast, at(MONDAY, 14), "charlie", now=NOW)
    for answer in (
        dee.post(path(later, "undo"), data={"status": "cancelled", "back": HERE}),
        dee.post(f"/desk/appointments/{later.public_id}/undo", data={"back": HERE}),
    ):
        assert answer.status_code == 409
        assert "The session stays cancelled" in answer.text
        assert "That time has just been taken. These are close to it." in answer.text
        links = re.findall(r'href="(/desk/book/individual/check[^"]+)"', answer.text)
        assert len(links) == 6
        assert all(f"client={cast.alice.public_id}" in link for link in links)
    assert dee.get(links[0].replace("&amp;", "&")).status_code == 200
    assert "Charlie" not in answer.text


def test_what_makes_no_sense_is_refused_and_changes_nothing(dee, session):
    for sent in (
        {}, {"status": "late_cancelled"}, {"status": "arrived", "before": "cancelled"}, {"status": "arrived", "x": "1"},
        {"status": "arrived", "back": "https://elsewhere.test/"}, {"before": "booked"}, {"status": "\x00"},
    ):  # fmt: skip
        assert dee.post(path(session, "undo"), data=sent).status_code == 422, sent
    undo = f"/desk/appointments/{session.public_id}/undo"
    assert dee.post(undo, data={"back": "//elsewhere.test"}).status_code == 422
    assert dee.post("/desk/attendances/nobody/undo", data={"status": "arrived"}).status_code == 404
    assert dee.post("/desk/appointments/nothing/undo").status_code == 404
    assert (place(session).status, acts("attendance")) == ("booked", [])


def test_nobody_but_the_desk_marks_or_undoes(app, cast, session, later):
    for who in ("alice", "bob", "ada"):
        act_as(app, cast.identity(who), now=NOW)
        client = app.test_client()
        for what in ("status", "undo"):
            for status in ("arrived", "fee_noted", "cancelled"):
                assert client.post(path(later, what), data={"status": status}).status_code == 404
        assert client.post(f"/desk/appointments/{session.public_id}/undo").status_code == 404
        do = f"arrived.{later.attendances[0].public_id}"
        assert client.post("/desk/acts", data={"do": do}).status_code == 404
        assert client.get(f"/desk/appointments/{later.public_id}/menu").status_code == 404
    assert (place(later).status, place(later).fee_noted_at) == ("booked", None)


def test_without_a_token_nothing_is_noted(app, cast, session):
    app.extensions["clock"] = lambda: NOW
    client = app.test_client()
    sign_in(client, "dee@demo.test")
    for sent in (path(session), path(session, "undo"), f"/desk/appointments/{session.public_id}/undo"):
        assert client.post(sent, data={"status": "arrived"}).status_code == 400
    assert place(session).status == "booked"
