"""Programs book another length, and say where a client will be: optional, described, and refused where it cannot be."""

from datetime import date

from flask import Flask
from sqlalchemy import select, update

from practice.db import db, unit_of_work
from practice.domain.needs import Needs
from practice.models import Appointment, Client, Licence, Practice, ServiceDuration
from practice.services.needs import change_needs
from tests.integration.web.api.test_appointments import book, wish
from tests.support.cast import NOW, Cast
from tests.support.meetings import Program

DAY = "service=individual&therapist=bob&from=2026-11-23&to=2026-11-23"


def lengths(app: Flask, people: Cast) -> None:
    with app.app_context(), unit_of_work() as session:
        session.add(ServiceDuration(service_id=people.individual, minutes=80, price_cents=21_000))


def test_a_length_is_listed_offered_and_booked(app: Flask, program: Program, people: Cast) -> None:
    lengths(app, people)
    listed = {each["slug"]: each["durations"] for each in program.ask("GET", "/services").json["services"]}
    assert listed["individual"] == [50, 80]
    assert listed["consultation"] == [20]
    usual, longer = (program.ask("GET", f"/slots?{DAY}{more}").json["slots"] for more in ("", "&duration=80"))
    assert usual[0]["ends_at"] == "2026-11-23T09:50:00-05:00"
    assert longer[0]["ends_at"] == "2026-11-23T10:20:00-05:00"
    assert longer[-1]["starts_at"] < usual[-1]["starts_at"]
    for wrong, status in (("70", 404), ("0", 422), ("x", 422), ("8000", 422)):
        assert program.ask("GET", f"/slots?{DAY}&duration={wrong}").status_code == status, wrong
    assert book(program, people, duration_minutes=80)["ends_at"] == "2026-11-23T11:20:00-05:00"
    with app.app_context():
        assert db.session.scalars(select(Appointment.price_cents)).all() == [21_000]
    refused = program.ask(
        "POST", "/appointments", wish(people, duration_minutes=70, starts_at="2026-11-23T14:00:00-05:00")
    )
    assert (refused.status_code, refused.json["reason"]) == (422, "duration_not_offered")
    assert program.ask("POST", "/appointments", wish(people, duration_minutes="80")).status_code == 422


def test_where_a_client_will_be_decides_and_is_remembered(app: Flask, program: Program, people: Cast) -> None:
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Practice).values(checks_licences=True))
        session.add(
            Licence(therapist_id=people.bob, title="LCSW", region="NY", number="1", expires_on=date(2027, 1, 1))
        )
    there = {"id": people.alice.public_id, "region": "CA"}
    refused = program.ask("POST", "/appointments", wish(people, client=there))
    assert (refused.status_code, refused.json["reason"]) == (422, "not_licensed")
    assert program.ask("POST", "/appointments", wish(people, client={**there, "region": "Mars"})).status_code == 422
    book(program, people, client={**there, "region": "NY"})
    book(program, people, client={"name": "Nora New", "region": "NY"}, starts_at="2026-11-24T10:00:00-05:00")
    with app.app_context():
        assert db.session.scalars(select(Client.region).order_by(Client.id)).all().count("NY") == 2


def test_what_a_client_needs_counts_for_programs_too(app: Flask, program: Program, people: Cast) -> None:
    needed, by = Needs(interpreter=True), people.identity("dee")
    with app.app_context(), unit_of_work() as session:
        change_needs(session, people.alice.id, needed, None, vault=app.extensions["vault"], by=by, now=NOW)
    refused = program.ask("POST", "/appointments", wish(people))
    assert (refused.status_code, refused.json["reason"]) == (422, "no_interpreter")
