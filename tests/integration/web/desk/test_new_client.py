"""Somebody new: added once, with what is known, and not beside the same person unless that is meant."""

import re
from datetime import date

import pytest
from sqlalchemy import func, select

from practice.db import db, unit_of_work
from practice.domain.intervals import minute_floor
from practice.domain.permissions import SYSTEM
from practice.models import Appointment, Client
from practice.services.clients import NewClient, create_client
from tests.support.acting import act_as
from tests.support.cast import MONDAY, NOW, ZONE, at

PATH = "/desk/clients/new"
BORN = {"birth_date-month": "3", "birth_date-day": "27", "birth_date-year": "1987"}


@pytest.fixture
def robin(app, cast):
    with unit_of_work() as session:
        new = NewClient("Robin Carter", ZONE, email="r@mail.test", phone="+12125550147", birth_date=date(1987, 3, 27))
        return create_client(session, new, vault=app.extensions["vault"], by=SYSTEM, now=NOW).public_id


def filled(**known):
    return {"name": "Nina Novak", "safe_contact": "none", "zone": ZONE, **known}


def count(model):
    db.session.close()
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_client_is_added_with_all_that_is_known(dee, cast):
    known = {"chosen_name": "Nin", "pronouns": "she/her", "email": "n@mail.test", "phone": "(212) 555-0199", **BORN}
    answer = dee.submit(PATH, known | {"name": "Nina Novak", "safe_contact": "text"})
    assert answer.status_code == 303
    page = dee.get(answer.location).text
    for words in ("The new client is added.", "Nin", "Nina Novak", "she/her", "n@mail.test", "(212) 555-0199"):
        assert words in page, words
    found = dee.post("/desk/clients", data={"words": "27.3.87"}, headers={"HX-Request": "true"}).text
    assert answer.location in found


@pytest.mark.parametrize(
    "wrong, says",
    [
        ({"name": " "}, "Enter the name."),
        ({"safe_contact": "email"}, "Enter the e-mail address, or choose another way to reach this person."),
        ({"phone": "12"}, "Enter a phone number, like 212 555 0123."),
        ({"birth_date-month": "2", "birth_date-day": "30", "birth_date-year": "1987"}, "Enter a real date"),
        ({"birth_date-year": "1987"}, "The date needs a month and a day."),
        ({"birth_date-month": "1", "birth_date-day": "1", "birth_date-year": "2031"}, "not in the future"),
        ({"once": "x" * 50}, "There is a problem"),
        ({"role": "admin"}, "was not recognized"),
    ],
)
def test_what_is_wrong_is_said_kindly_and_nothing_is_lost(dee, cast, wrong, says):
    clients = count(Client)
    answer = dee.post(PATH, data=filled(pronouns="she/her", **{"name": "Nina Novak", **wrong}))
    assert answer.status_code == 422
    assert says in answer.text
    assert "<title>Error: " in answer.text
    assert 'value="she/her"' in answer.text
    assert count(Client) == clients


def test_a_button_pressed_twice_makes_one_client(dee, cast):
    clients = count(Client)
    once = re.search(r'name="once" value="([^"]+)"', dee.get(PATH).text)[1]
    first, second = (dee.post(PATH, data=filled(once=once)) for _ in "12")
    assert first.location == second.location
    assert count(Client) == clients + 1
    another = dee.post(PATH, data=filled(once=once, name="Otto Oak"))
    assert another.location != first.location


def test_a_booking_button_pressed_twice_makes_one_client_and_one_session(dee, cast):
    path = f"/desk/book/individual/new-client?at={minute_floor(at(MONDAY, 14))}.bob"
    once = re.search(r'name="once" value="([^"]+)"', dee.get(path).text)[1]
    sent = filled(once=once, way="online", at=f"{minute_floor(at(MONDAY, 14))}.bob")
    first, second = (dee.post(path, data=sent) for _ in "12")
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert count(Appointment) == 1


@pytest.mark.parametrize(
    "known, why",
    [
        ({"name": "Robin Carter"}, "The same name"),
        ({"name": "Carter Robin"}, "The same name"),
        ({"name": "Robyn Karter"}, "A similar name"),
        ({"email": "R@mail.test"}, "The same e-mail address"),
        ({"phone": "212 555 0147"}, "The same phone number"),
        (BORN, "The same date of birth"),
        (BORN | {"name": "Robin C Carter", "phone": "212 555 0147"}, "phone number and the same date of birth"),
    ],
)
def test_somebody_alike_is_asked_about_first_and_both_answers_are_taken(dee, robin, known, why):
    clients = count(Client)
    answer = dee.post(PATH, data=filled(**{"name": "Nina Novak", **known}))
    assert answer.status_code == 409
    assert "Is it one of these people?" in answer.text
    assert f'href="/desk/clients/{robin}"' in answer.text
    assert why in answer.text
    assert "<title>Error" not in answer.text
    assert count(Client) == clients
    assert dee.post(PATH, data=filled(**{"name": "Nina Novak", **known}, anyway="y")).status_code == 303
    assert count(Client) == clients + 1


def test_nobody_alike_is_not_asked_about(dee, robin):
    assert dee.post(PATH, data=filled(email="other@mail.test", phone="212 555 0148")).status_code == 303


def test_within_the_booking_whoever_is_alike_can_be_booked_instead(dee, robin):
    slot = f"{minute_floor(at(MONDAY, 14))}.bob"
    path = f"/desk/book/individual/new-client?at={slot}"
    sent = filled(name="Robin Carter", way="online", at=slot)
    answer = dee.post(path, data=sent)
    assert answer.status_code == 409
    assert f'href="/desk/book/individual/who?at={slot}&amp;client={robin}"' in answer.text
    assert count(Appointment) == 0
    assert dee.post(path, data=sent | {"anyway": "y"}).status_code == 303
    assert count(Appointment) == 1


def test_only_the_desk_adds_clients(app, cast):
    for name in ("alice", "bob", "ada"):
        act_as(app, cast.identity(name), now=NOW)
        visitor = app.test_client()
        assert visitor.get(PATH).status_code == 404, name
        assert visitor.post(PATH, data=filled()).status_code == 404, name
