"""Somebody signed in books for those whom they act for, and hears before what cancelling means."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from practice.db import db, unit_of_work
from practice.domain.intervals import minute_floor
from practice.models import Attendance, Client, ClientAccess, OutboxMessage
from tests.support.booking import heading, keep
from tests.support.cast import MONDAY, NOW, Cast, add_group_date, at
from tests.support.client import CheckedClient
from tests.support.people import Clock, make_client, post, sign_in, words_of

TEN = f"{minute_floor(at(MONDAY, 10))}.bob"


@pytest.fixture
def alice(app: Flask, client: CheckedClient, people: Cast) -> str:
    """Alice is signed in; returns her client's public id."""
    app.extensions["clock"] = Clock(NOW)
    sign_in(client, "alice@demo.test")
    return people.alice.public_id


def guests(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Client.name).join(Attendance, Attendance.client_id == Client.id)))


def test_a_client_books_in_fewer_steps(app: Flask, client: CheckedClient, alice: str) -> None:
    assert client.get("/book/individual").location == f"/book/individual/with?who={alice}"
    check = keep(client, TEN, who=alice, service="individual")
    page = words_of(client.get(check))
    assert heading(page) == "Check your answers"
    assert "$140" in page
    assert "Cancel free until Sunday 22 November at 10:00 AM. After that, the fee is $60." in page
    booked = client.submit(check, {}, action="/check")
    assert heading(words_of(client.get(booked.location))) == "Your session is booked"
    assert guests(app) == ["Alice Moss"]
    with app.app_context():
        assert db.session.scalars(select(OutboxMessage.template)).all() == ["booked"]


def test_guardians_choose_for_whom_and_nobody_else(app: Flask, client: CheckedClient, alice: str) -> None:
    with app.app_context():
        account = db.session.scalars(
            select(ClientAccess.account_id).join(Client).where(Client.public_id == alice)
        ).one()
    kit = make_client(app, account, name="Kit Moss")
    barred = make_client(app, account, name="Jo Moss")
    with app.app_context(), unit_of_work() as session:
        kit_and_jo = ClientAccess.client_id.in_([kit, barred])
        session.execute(update(ClientAccess).where(kit_and_jo).values(kind="guardian"))
        session.execute(update(ClientAccess).where(ClientAccess.client_id == barred).values(can_book=False))
        charlie = session.scalars(select(Client.public_id).where(Client.name == "Charlie Moss")).one()
    page = words_of(client.get("/book/individual"))
    assert "Kit Moss" in page
    assert "Jo Moss" not in page
    form = {"who": charlie, "therapist": "bob", "meet": "online", "at": TEN}
    assert post(client, "/book/individual/time", form).status_code == 404
    assert guests(app) == []
    with app.app_context():
        kits_id = db.session.scalars(select(Client.public_id).where(Client.id == kit)).one()
    check = keep(client, TEN, who=kits_id, service="individual")
    assert "Kit Moss" in words_of(client.get(check))
    booked = words_of(client.get(client.submit(check, {}, action="/check").location))
    assert heading(booked) == "Kit Moss’s session is booked"
    assert guests(app) == ["Kit Moss"]


def test_places_in_groups_are_booked_once_a_client(app: Flask, client: CheckedClient, alice: str, people: Cast) -> None:
    starts_at = at(MONDAY, 18)
    with app.app_context(), unit_of_work() as session:
        add_group_date(session, people, starts_at)
    date = f"{minute_floor(starts_at)}.bob"
    first = keep(client, date, who=alice, service="move-and-play", meet="in_person")
    assert client.submit(first, {}, action="/check").status_code == 303
    again = keep(client, date, who=alice, service="move-and-play", meet="in_person")
    answer = client.submit(again, {}, action="/check")
    assert answer.status_code == 409
    assert "There is a place for you in this session already." in words_of(answer)
    assert guests(app) == ["Alice Moss"]


def test_a_time_at_which_a_client_is_elsewhere_is_said_when_it_is_chosen(
    app: Flask, client: CheckedClient, alice: str
) -> None:
    assert client.submit(keep(client, TEN, who=alice, service="individual"), {}, action="/check").status_code == 303
    form = {"who": alice, "therapist": "bea", "meet": "online", "at": TEN.replace("bob", "bea")}
    answer = post(client, "/book/individual/time", form)
    assert answer.status_code == 409
    assert "There is another session at that time. These are close to it." in words_of(answer)
    page = words_of(client.get(f"/book/individual/time?who={alice}&therapist=bea&meet=online"))
    assert form["at"] not in page
    form["at"] = f"{minute_floor(at(MONDAY, 11))}.bea"
    assert form["at"] in page
    assert post(client, "/book/individual/time", form).status_code == 303


def test_late_bookings_say_that_cancelling_costs(app: Flask, client: CheckedClient, alice: str) -> None:
    app.extensions["clock"] = Clock(at(MONDAY, 8))
    with client.session_transaction() as cookie:
        cookie.clear()
    sign_in(client, "alice@demo.test")
    check = keep(client, TEN, who=alice, service="individual")
    assert "This session is soon: if you cancel it, the fee is $60." in words_of(client.get(check))


def test_access_that_ended_books_nothing(app: Flask, client: CheckedClient, alice: str) -> None:
    check = keep(client, TEN, who=alice, service="individual")
    with app.app_context(), unit_of_work() as session:
        session.execute(update(ClientAccess).values(valid_until=(NOW - timedelta(days=1)).date()))
    form = {"name": "Alice", "other_name": "Moss", "email": "alice@example.com"}
    assert post(client, check).status_code == 404
    assert post(client, check.replace("/check", "/details"), form).status_code == 404
    assert guests(app) == []


def test_staff_book_at_the_desk(app: Flask, client: CheckedClient, alice: str) -> None:
    visitor = app.test_client()
    sign_in(visitor, "dee@demo.test")
    assert visitor.get("/book").location == visitor.get("/book/individual").location == "/desk"
    assert post(visitor, "/book/consultation/time", {"who": "me", "at": TEN}).status_code == 404
