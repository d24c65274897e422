"""Only what fits is offered: the length that was chosen, where a therapist is licensed, and what somebody needs."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from practice.db import db, unit_of_work
from practice.domain.intervals import minute_floor
from practice.domain.needs import Needs
from practice.models import Appointment, BookingRequest, Client, Licence, Practice, Room, ServiceDuration, Therapist
from practice.services.needs import change_needs
from tests.support.booking import TYPED, ask, heading, keep, mailed
from tests.support.cast import MONDAY, NOW, Cast, at
from tests.support.client import CheckedClient
from tests.support.people import Clock, post, sign_in, words_of

TEN = f"{minute_floor(at(MONDAY, 10))}.bob"


@pytest.fixture
def alice(app: Flask, client: CheckedClient, people: Cast) -> str:
    """Alice is signed in; returns her client's public id."""
    app.extensions["clock"] = Clock(NOW)
    sign_in(client, "alice@demo.test")
    return people.alice.public_id


def lengths(app: Flask, people: Cast) -> None:
    with app.app_context(), unit_of_work() as session:
        session.add(ServiceDuration(service_id=people.individual, minutes=80, price_cents=21_000))


def licensed(app: Flask, people: Cast) -> None:
    """Bob may work in New York and, until last week, in New Jersey; Bea in California."""
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Practice).values(checks_licences=True, phone="+12125550100"))
        for whom, region, until in (
            (people.bob, "NY", None),
            (people.bob, "NJ", date(2026, 11, 13)),
            (people.bea, "CA", None),
        ):
            session.add(Licence(therapist_id=whom, title="LCSW", region=region, number="1", expires_on=until))


def needs(app: Flask, people: Cast, needed: Needs) -> None:
    with app.app_context(), unit_of_work() as session:
        change_needs(
            session, people.alice.id, needed, None, vault=app.extensions["vault"], by=people.identity("dee"), now=NOW
        )


def appointment(app: Flask) -> Appointment:
    with app.app_context():
        return db.session.scalars(select(Appointment).order_by(Appointment.id.desc())).first()


def region_of(app: Flask, name: str) -> str:
    with app.app_context():
        return db.session.scalars(select(Client.region).where(Client.name == name)).one()


def test_a_length_is_chosen_where_there_is_a_choice_and_paid_for(
    app: Flask, client: CheckedClient, alice: str, people: Cast
) -> None:
    lengths(app, people)
    asked = client.get("/book/individual").location
    assert asked == f"/book/individual/length?who={alice}"
    page = words_of(client.get(asked))
    assert heading(page) == "How long shall it be?"
    for words in ("50 minutes", "$140", "1 hour 20 minutes", "$210"):
        assert words in page, words
    page = words_of(client.get(f"/book/individual/time?who={alice}&therapist=bob&length=80&meet=online"))
    assert "Individual session · 1 hour 20 minutes" in page
    assert "Choose another length" in page
    form = {"who": alice, "therapist": "bob", "meet": "online", "at": TEN, "length": "80"}
    check = str(post(client, "/book/individual/time", form).location)
    page = words_of(client.get(check))
    assert "1 hour 20 minutes" in page
    assert "$210" in page
    again = client.submit(f"{check.removesuffix('/check')}/again?what=length", {}, action="/again").location
    assert again == f"/book/individual/length?who={alice}&therapist=bob&meet=online"
    check = str(post(client, "/book/individual/time", form).location)
    assert client.submit(check, {}, action="/check").status_code == 303
    made = appointment(app)
    assert (made.ends_at - made.starts_at, made.price_cents) == (timedelta(minutes=80), 21_000)
    assert client.get(f"/book/individual/time?who={alice}&therapist=bob&length=70").status_code == 404
    assert client.get(f"/book/individual/time?who={alice}&length=0").status_code == 404
    other = {**form, "length": "70", "at": f"{minute_floor(at(MONDAY, 14))}.bob"}
    assert post(client, "/book/individual/time", other).status_code == 422


def test_somebody_new_is_asked_where_they_will_be_before_times_online(
    app: Flask, client: CheckedClient, people: Cast
) -> None:
    app.extensions["clock"] = Clock(NOW)
    licensed(app, people)
    path = "/book/consultation/time?who=me&therapist=bob"
    assert client.get(path).status_code == 200  # in person, where nobody has to ask
    asked = client.get(f"{path}&meet=online").location
    assert asked == "/book/consultation/where?who=me&therapist=bob&meet=online"
    page = words_of(client.get(asked))
    assert heading(page) == "Where will you be during the session?"
    assert client.submit(asked, {"region": ""}, action="/where").status_code == 422
    assert post(client, "/book/consultation/where", {"who": "me", "region": "Mars"}).status_code == 422
    there = client.submit(asked, {"region": "NY"}, action="/where").location
    assert there == "/book/consultation/time?who=me&therapist=bob&meet=online&region=NY"
    page = words_of(client.get(there))
    assert "You will be in New York." in page
    assert 'name="at"' in page
    # Without an answer nothing is kept: the question comes, and leads back to the time.
    form = {"who": "me", "therapist": "bob", "meet": "online", "at": TEN}
    asked = post(client, "/book/consultation/time", form).location
    assert asked.startswith("/book/consultation/where?")
    back = client.submit(asked, {"region": "NY"}, action="/where").location
    assert "Keep this time" in words_of(client.get(back))
    details = post(client, "/book/consultation/time", form | {"region": "NY"}).location
    check = str(details).removesuffix("/details") + "/check"
    proof = ask(client, str(details))
    assert "New York" in words_of(client.get(check))
    with app.app_context():
        assert db.session.scalars(select(BookingRequest.region)).one() == "NY"
    assert client.submit(proof, {"code": mailed(app)[1]}).status_code == 303
    assert region_of(app, TYPED["name"]) == "NY"


def test_who_is_not_licensed_there_is_not_offered_and_others_are(
    app: Flask, client: CheckedClient, people: Cast
) -> None:
    app.extensions["clock"] = Clock(NOW)
    licensed(app, people)
    for region, words in (
        ("CA", "Bob Reyes is not licensed in California"),
        ("NJ", "Bob Reyes is not licensed in New Jersey"),  # not any more
        ("other", "Bob Reyes is licensed in the United States only"),
    ):
        page = words_of(client.get(f"/book/consultation/time?who=me&therapist=bob&meet=online&region={region}"))
        assert words in page, region
        assert "Meet in person" in page
        assert 'name="at"' not in page
        assert ("See who is licensed there" in page) == (region == "CA")
    page = words_of(client.get("/book/consultation/time?who=me&therapist=anyone&meet=online&region=TX"))
    assert "Nobody who offers this is licensed in Texas" in page
    people_page = client.get("/book/consultation/with?who=me&meet=online&region=CA")
    assert people_page.location.startswith("/book/consultation/time?who=me&therapist=bea")  # only she is left
    taken = post(
        client,
        "/book/consultation/time",
        {"who": "me", "therapist": "bob", "meet": "online", "at": TEN, "region": "CA"},
    )
    assert taken.status_code == 422
    assert "not licensed where you will be" in words_of(taken)
    assert client.get("/book/consultation/time?who=me&region=Mars").status_code == 404


def test_where_a_client_is_online_is_asked_once_and_can_be_changed(
    app: Flask, client: CheckedClient, alice: str, people: Cast
) -> None:
    licensed(app, people)
    path = f"/book/individual/time?who={alice}&therapist=bob&meet=online"
    assert "/where?" in client.get(path).location
    form = {"who": alice, "therapist": "bob", "meet": "online", "at": TEN, "region": "NY"}
    check = str(post(client, "/book/individual/time", form).location)
    page = words_of(client.get(check))
    assert "Where you will be" in page
    assert client.submit(check, {}, action="/check").status_code == 303
    assert region_of(app, "Alice Moss") == "NY"
    page = words_of(client.get(path))
    assert "You will be in New York." in page
    asked = f"/book/individual/where?who={alice}&therapist=bob&meet=online"
    assert asked.replace("&", "&amp;") in page
    assert '<option selected value="NY">' in words_of(client.get(asked))
    # Somewhere else this time: where they were before is no matter.
    form = {"who": alice, "therapist": "bea", "meet": "online", "at": f"{minute_floor(at(MONDAY, 14))}.bea"}
    assert post(client, "/book/individual/time", form | {"region": "CA"}).status_code == 303
    assert post(client, "/book/individual/time", form).status_code == 422


def test_a_client_is_offered_only_what_fits_their_needs(
    app: Flask, client: CheckedClient, alice: str, people: Cast
) -> None:
    needs(app, people, Needs(frozenset({"step_free"}), interpreter=False, extra_minutes=15))
    path = f"/book/individual/time?who={alice}&therapist=bob&meet=in_person"
    page = words_of(client.get(path))
    assert "There is no time that fits at the moment" in page
    assert "we find a way together" in page
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Room).where(Room.id == people.rooms[1]).values(features=["step_free"]))
    page = words_of(client.get(path))
    assert "1 hour 5 minutes" in page
    check = keep(client, TEN, who=alice, service="individual", meet="in_person")
    page = words_of(client.get(check))
    assert "$140" in page
    assert client.submit(check, {}, action="/check").status_code == 303
    made = appointment(app)
    assert (made.room_id, made.ends_at - made.starts_at) == (people.rooms[1], timedelta(minutes=65))
    assert made.price_cents == 14_000
    needs(app, people, Needs(interpreter=True))
    page = words_of(client.get(f"/book/individual/with?who={alice}"))
    assert "Nobody who offers this fits at the moment." in page
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Therapist).where(Therapist.id == people.bea).values(works_with_interpreter=True))
    assert "therapist=bea" in client.get(f"/book/individual/with?who={alice}").location


def test_strangers_read_whom_to_call_about_their_needs(app: Flask, client: CheckedClient, people: Cast) -> None:
    app.extensions["clock"] = Clock(NOW)
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Practice).values(phone="+12125550100"))
    page = words_of(client.get("/book/consultation/time?who=me&therapist=bob"))
    assert "Do you need step-free access, a quiet room, an interpreter or more time?" in page
    assert 'href="tel:+12125550100"' in page


def test_a_supervisor_is_named_where_somebody_chooses_and_checks(
    app: Flask, client: CheckedClient, alice: str, people: Cast
) -> None:
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Therapist).where(Therapist.id == people.bob).values(supervisor_id=people.bea))
    with app.app_context():
        bea = db.session.get_one(Therapist, people.bea).name
    assert f"Supervised by {bea}" in words_of(client.get(f"/book/individual/with?who={alice}"))
    page = words_of(client.get(keep(client, TEN, who=alice, service="individual")))
    assert "Supervised by" in page
    assert bea in page
