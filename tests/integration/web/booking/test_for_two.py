"""Two who come together: each agrees before being written to, a refusal never says whose, and each sees their own."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from practice.db import db, unit_of_work
from practice.domain.intervals import minute_floor
from practice.models import (
    Account,
    Appointment,
    Attendance,
    Client,
    ClientAccess,
    Decision,
    OneTimeToken,
    OutboxMessage,
)
from practice.services.deciding import decide_due
from practice.services.links import forget_old_links
from tests.support.booking import ask, heading, keep, mailed
from tests.support.cast import MONDAY, NOW, Cast, at
from tests.support.client import CheckedClient
from tests.support.meetings import Clock, Program, meeting
from tests.support.people import post, sign_in, words_of

START = minute_floor(at(MONDAY, 10))
TEN = f"{START}.bob"
LINK = re.compile(r"/partner/([\w-]{20,})")


def visitor(app: Flask, email: str = "") -> CheckedClient:
    made: CheckedClient = app.test_client()  # type: ignore[assignment]
    if email:
        sign_in(made, email)
    return made


def link_on(page: str) -> str:
    found = LINK.search(page)
    assert found, page[:3000]
    return f"/partner/{found[1]}"


def book_as_strangers(app: Flask, client: CheckedClient) -> str:
    """Robin and Lee book a first conversation; returns the address of the page that says so."""
    proof = ask(client, keep(client, TEN, who="us"), other_name="Lee Vale")
    booked = client.submit(proof, {"code": mailed(app)[1]}, action="/proof")
    assert booked.status_code == 303
    return str(booked.location)


def lee(app: Flask) -> Client:
    with app.app_context():
        return db.session.scalars(select(Client).where(Client.name == "Lee Vale")).one()


def written_to(app: Flask, template: str) -> list[str]:
    with app.app_context():
        wanted = select(OutboxMessage.to_email).where(OutboxMessage.template == template).order_by(OutboxMessage.id)
        return list(db.session.scalars(wanted))


def test_the_link_is_shown_once_and_its_owner_agrees_for_themselves(
    app: Flask, client: CheckedClient, people: Cast, ticking: Clock
) -> None:
    here = book_as_strangers(app, client)
    assert written_to(app, "booked") == ["robin@example.com"]
    link = link_on(words_of(client.get(here)))
    assert not LINK.search(words_of(client.get(here)))
    assert client.submit(here, {}, action="/partner-link").status_code == 303
    newer = link_on(words_of(client.get(here)))
    other = visitor(app)
    assert other.get(link).status_code == 410
    assert post(other, newer.replace("/partner/", "/partner/mailed/")).status_code == 410
    page = words_of(other.get(newer))
    assert "Bob Reyes" in page
    assert "10:00 AM" in page
    assert not any(word in page for word in ("Robin", "Lee", "robin@", "First conversation"))
    assert post(other, newer, {"safe_contact": "email"}).status_code == 422
    answered = other.submit(newer, {"safe_contact": "email", "email": "lee@example.com"})
    assert heading(words_of(other.get(answered.location))) == "Check your e-mail"
    assert lee(app).email is None  # nothing is kept before the address is proven
    assert other.get(newer).status_code == 410
    with app.app_context():
        context = db.session.scalars(select(OutboxMessage.context).where(OutboxMessage.template == "partner")).one()
    proof = "/partner" + context["link"].partition("/partner")[2]
    assert other.get(proof.replace("/mailed", "")).status_code == 410
    assert post(other, proof.replace("/mailed", ""), {"safe_contact": "none"}).status_code == 410
    entered = other.submit(proof, {})
    assert entered.location == "/me"
    assert (lee(app).email, lee(app).safe_contact, lee(app).awaits_agreement) == ("lee@example.com", "email", False)
    assert written_to(app, "booked") == ["robin@example.com", "lee@example.com"]
    assert "First conversation" in words_of(other.get("/me"))
    assert other.get(proof).status_code == 410
    assert "hand-on" not in words_of(client.get(here))
    with app.app_context():
        assert not any(db.session.scalars(select(OneTimeToken.payload["email"].as_string())))


def test_who_is_not_safe_by_mail_agrees_without_any(
    app: Flask, client: CheckedClient, people: Cast, ticking: Clock
) -> None:
    link = link_on(words_of(client.get(book_as_strangers(app, client))))
    other = visitor(app)
    answered = other.submit(link, {"safe_contact": "text", "phone": "212 555 0199", "email": "lee@example.com"})
    assert answered.status_code == 303
    assert (lee(app).email, lee(app).phone, lee(app).safe_contact) == (None, "+12125550199", "text")
    assert written_to(app, "partner") == []
    with app.app_context():
        assert not db.session.scalars(select(Account.id).where(Account.email == "lee@example.com")).all()


def test_links_end_after_seven_days(app: Flask, client: CheckedClient, people: Cast, ticking: Clock) -> None:
    link = link_on(words_of(client.get(book_as_strangers(app, client))))
    other = visitor(app)
    ticking.go(days=7, seconds=-1)
    assert other.get(link).status_code == 200
    ticking.go(seconds=1)
    assert other.get(link).status_code == 410
    assert post(other, link, {"safe_contact": "none"}).status_code == 410
    assert post(other, f"{link}/decline").status_code == 410
    assert other.get("/partner/nothing-like-a-link-of-ours").status_code == 410


def test_an_address_that_is_not_proven_in_a_day_is_forgotten(
    app: Flask, client: CheckedClient, people: Cast, ticking: Clock
) -> None:
    link = link_on(words_of(client.get(book_as_strangers(app, client))))
    visitor(app).submit(link, {"safe_contact": "email", "email": "lee@example.com"})
    ticking.go(days=1, seconds=1)
    with app.app_context(), unit_of_work() as session:
        forget_old_links(session, now=ticking.now)
        assert not any(session.scalars(select(OneTimeToken.payload["email"].as_string())))
    assert lee(app).email is None


def test_who_declines_leaves_nothing_and_the_therapist_is_asked(
    app: Flask, client: CheckedClient, people: Cast, ticking: Clock
) -> None:
    link = link_on(words_of(client.get(book_as_strangers(app, client))))
    other = visitor(app)
    assert other.get(other.submit(link, {}, action="/decline").location).status_code == 200
    assert (lee(app).email, lee(app).phone, lee(app).safe_contact) == (None, None, "none")
    assert other.get(link).status_code == 410
    with app.app_context():
        asked = db.session.scalars(select(Decision)).one()
        assert (asked.kind, asked.code, asked.therapist_id) == ("partner", "declined", people.bob)
        assert db.session.scalars(select(Attendance.late_fee_cents)).all() == [None, None]
    page = words_of(visitor(app, "dee@demo.test").get(f"/desk/decisions/{asked.public_id}"))
    assert "One of two is not coming" in page
    assert "Keep it with the one who comes" in page


def pair(app: Flask, people: Cast) -> list[str]:
    """Alice and Charlie have a session for two; returns their places, hers first."""
    with app.app_context(), unit_of_work() as session:
        meeting(session, people, at(MONDAY, 10), clients=("alice", "charlie"), kind="couple")
        return list(session.scalars(select(Attendance.public_id).order_by(Attendance.client_id)))


def asked(app: Flask) -> Decision:
    with app.app_context():
        return db.session.scalars(select(Decision).order_by(Decision.id.desc())).first()  # type: ignore[return-value]


def test_one_partners_cancellation_changes_nothing_for_the_other_until_it_is_decided(
    app: Flask, people: Cast, ticking: Clock
) -> None:
    hers, his = pair(app, people)
    alice, charlie = visitor(app, "alice@demo.test"), visitor(app, "charlie@demo.test")
    before = words_of(charlie.get(f"/me/sessions/{his}"))
    assert alice.submit(f"/me/sessions/{hers}/cancel", {}).status_code == 303
    assert "Cancelled" in words_of(alice.get(f"/me/sessions/{hers}"))
    after = words_of(charlie.get(f"/me/sessions/{his}"))
    assert re.sub("csrf_token[^>]*", "", after) == re.sub("csrf_token[^>]*", "", before)
    assert "Alice" not in after
    assert alice.get(f"/me/sessions/{his}").status_code == charlie.get(f"/me/sessions/{hers}").status_code == 404
    question = asked(app)
    assert question.due_at == NOW + timedelta(hours=48)
    assert written_to(app, "to_decide") == ["bob@demo.test"]
    # Taken back within three minutes, the question goes, and so does what was to be written about it.
    assert post(alice, f"/me/sessions/{hers}/cancel/undo").status_code == 303
    assert asked(app).outcome == "withdraw"
    assert written_to(app, "to_decide") == []
    # Cancelled again, and nobody decides: it goes on.
    assert post(alice, f"/me/sessions/{hers}/cancel").status_code == 303
    ticking.now = asked(app).due_at
    with app.app_context(), unit_of_work() as session:
        assert decide_due(session, ticking.now) == 1
    assert asked(app).outcome == "go_on"
    with app.app_context():
        assert db.session.scalars(select(Appointment.status)).one() == "booked"
    assert written_to(app, "cancelled") == ["alice@demo.test"]


def test_the_therapist_cancels_for_both_at_no_cost(app: Flask, people: Cast, ticking: Clock) -> None:
    hers, his = pair(app, people)
    ticking.now = at(MONDAY, 8)  # late: her own cancellation has its fee, his has none
    assert post(visitor(app, "alice@demo.test"), f"/me/sessions/{hers}/cancel").status_code == 303
    bob, question = visitor(app, "bob@demo.test"), asked(app)
    assert question.due_at == at(MONDAY, 10)
    page = words_of(bob.get(f"/therapist/decisions/{question.public_id}"))
    assert "Charlie Moss" in page
    assert post(bob, f"/therapist/decisions/{question.public_id}", {"answer": "cancel"}).status_code == 303
    with app.app_context():
        found = db.session.execute(select(Attendance.status, Attendance.late_fee_cents).order_by(Attendance.client_id))
        assert [tuple(row) for row in found] == [("late_cancelled", 6000), ("cancelled_by_practice", None)]
    assert asked(app).outcome == "cancel"
    assert sorted(written_to(app, "cancelled")) == ["alice@demo.test", "charlie@demo.test"]
    assert post(bob, f"/therapist/decisions/{question.public_id}", {"answer": "go_on"}).status_code == 409
    assert "Cancelled by us" in words_of(visitor(app, "charlie@demo.test").get(f"/me/sessions/{his}"))


def test_the_therapist_moves_it_for_the_one_who_comes(app: Flask, people: Cast, ticking: Clock) -> None:
    hers, _ = pair(app, people)
    assert post(visitor(app, "alice@demo.test"), f"/me/sessions/{hers}/cancel").status_code == 303
    bob, question = visitor(app, "bob@demo.test"), asked(app)
    here = f"/therapist/decisions/{question.public_id}"
    offered = re.findall(r'name="choice"[^>]*value="(\d+)"', words_of(bob.get(here)))
    assert offered
    assert post(bob, here, {"answer": "other"}).status_code == 422
    assert post(bob, here, {"answer": "other", "choice": offered[0]}).status_code == 303
    with app.app_context():
        assert minute_floor(db.session.scalars(select(Appointment.starts_at)).one()) == int(offered[0])
    assert written_to(app, "moved") == ["charlie@demo.test"]


def test_when_the_other_does_not_come_either_the_question_is_gone(app: Flask, people: Cast, ticking: Clock) -> None:
    hers, his = pair(app, people)
    for email, place in (("alice@demo.test", hers), ("charlie@demo.test", his)):
        assert post(visitor(app, email), f"/me/sessions/{place}/cancel").status_code == 303
    assert asked(app).outcome == "lapse"
    assert written_to(app, "to_decide") == []


def test_somebody_signed_in_comes_with_a_partner_who_is_new_and_then_known(
    app: Flask, people: Cast, ticking: Clock
) -> None:
    alice = visitor(app, "alice@demo.test")
    who = f"{people.alice.public_id}.new"
    refused = post(alice, "/book/couple", {"who": people.alice.public_id})
    assert refused.status_code == 422
    assert "Choose the two who are coming" in words_of(refused)
    chosen = post(alice, "/book/couple", {"who": [people.alice.public_id, "new"]})
    assert chosen.location == f"/book/couple/with?who={who}"
    name = keep(alice, TEN, who=who, service="couple")
    assert name.endswith("/partner")
    check = alice.submit(name, {"other_name": "Lee Vale"}, action="/partner").location
    assert "Lee Vale" in words_of(alice.get(check))
    booked = alice.submit(check, {}, action="/check").location
    link_on(words_of(alice.get(booked)))
    with app.app_context():
        assert db.session.scalars(select(ClientAccess.id).where(ClientAccess.client_id == lee(app).id)).all() == []
        place = db.session.scalars(select(Attendance.public_id).where(Attendance.client_id == people.alice.id)).one()
    session_page = f"/me/sessions/{place}"
    assert alice.submit(session_page, {}, action="/partner-link").status_code == 303
    link_on(words_of(alice.get(session_page)))
    again = words_of(alice.get("/book/couple"))
    assert "Lee Vale" in again
    later = f"{START + 240}.bob"
    check = keep(alice, later, who=f"{people.alice.public_id}.{lee(app).public_id}", service="couple")
    assert check.endswith("/check")
    assert alice.submit(check, {}, action="/check").status_code == 303


@pytest.mark.parametrize("busy", ["alice", "charlie"])
def test_a_time_that_one_of_two_does_not_have_never_says_whose(
    app: Flask, people: Cast, ticking: Clock, program: Program, busy: str
) -> None:
    pair(app, people)
    both = f"{people.alice.public_id}.{people.charlie.public_id}"
    with app.app_context(), unit_of_work() as session:
        meeting(session, people, at(MONDAY, 14), clients=(busy,), lead="bea")
    alice = visitor(app, "alice@demo.test")
    form = {"who": both, "therapist": "bob", "meet": "online", "at": f"{START + 240}.bob"}
    refused = post(alice, "/book/couple/time", form)
    assert refused.status_code == 409
    assert "That time has just been taken." in words_of(refused)
    assert "another session" not in words_of(refused)
    assert "Charlie" not in words_of(refused)
    with app.app_context():
        theirs = select(Attendance.public_id).where(Attendance.client_id == people.alice.id)
        place = db.session.scalars(theirs.order_by(Attendance.id)).first()
    moved = program.ask("PATCH", f"/appointments/{place}", {"starts_at": at(MONDAY, 14).isoformat()})
    assert moved.status_code == 409
    assert moved.json is not None
    assert (moved.json["code"], moved.json["detail"]) == (
        "slot_taken", "That time has just been taken. These are close to it.",
    )  # fmt: skip


def test_nobody_comes_with_somebody_whom_they_never_came_with(app: Flask, people: Cast, ticking: Clock) -> None:
    alice = visitor(app, "alice@demo.test")
    for who in (
        f"{people.alice.public_id}.{people.charlie.public_id}",
        f"{people.charlie.public_id}.new",
        f"{people.alice.public_id}.{people.alice.public_id}",
        "new.new",
        "new",
        people.alice.public_id,
    ):
        form = {"who": who, "therapist": "bob", "meet": "online", "at": TEN}
        assert post(alice, "/book/couple/time", form).status_code == 404, who


def test_the_desk_notes_what_was_said_in_person_and_nothing_for_somebody_else(
    app: Flask, client: CheckedClient, people: Cast, ticking: Clock
) -> None:
    book_as_strangers(app, client)
    desk, here = visitor(app, "dee@demo.test"), f"/desk/clients/{lee(app).public_id}"
    assert "They have not said yet whether we may write to them" in words_of(desk.get(here))
    edit = desk.submit(f"{here}/edit", {"safe_contact": "email", "email": "lee@example.com"})
    assert edit.status_code == 422
    assert "Note first what they said themselves." in words_of(edit)
    assert post(desk, f"{here}/people/sign-in", {"email": "lee@example.com"}).status_code == 422
    assert desk.submit(here, {}, action="/partner-link").status_code == 303
    link = link_on(words_of(desk.get(here)))
    assert desk.submit(f"{here}/said", {"safe_contact": "call", "phone": "212 555 0199"}).status_code == 303
    assert (lee(app).safe_contact, lee(app).awaits_agreement) == ("call", False)
    assert visitor(app).get(link).status_code == 410
    assert desk.get(f"{here}/said").status_code == 404
    at_ten = f"{START + 240}.bob"
    new = f"/desk/book/couple/new-client?at={at_ten}&client={people.alice.public_id}"
    sent = {"name": "Kim Vale", "safe_contact": "email", "email": "kim@example.com", "way": "online"}
    refused = desk.submit(new, sent)
    assert refused.status_code == 422
    assert "Tick this if they said so themselves." in words_of(refused)
    without = {"name": "Kim Vale", "safe_contact": "none", "way": "online"}
    assert desk.submit(new, without).status_code == 303
    with app.app_context(), unit_of_work() as session:
        kim = session.scalars(select(Client).where(Client.name == "Kim Vale")).one()
        assert kim.awaits_agreement
        session.execute(update(Client).where(Client.id == kim.id).values(name="Kim"))
