"""Changing a client: who may, what is kept, and what the record says of it."""

from sqlalchemy import select

from practice.db import db
from practice.models import AuditEvent, Client
from tests.support.acting import act_as
from tests.support.cast import MONDAY, ZONE, at


def sent(**changed):
    return {
        "name": "Alice Example", "chosen_name": "Ali", "pronouns": "they/them", "email": "ali@mail.test",
        "phone": "", "safe_contact": "email", "zone": ZONE, **changed,
    }  # fmt: skip


def test_a_change_is_kept_found_and_recorded_without_what_it_holds(dee, cast):
    here = f"/desk/clients/{cast.alice.public_id}"
    assert f"{here}/edit" in dee.get(here).text
    assert dee.get(f"{here}/edit").status_code == 200
    assert dee.post(f"{here}/edit", data=sent()).location == here
    assert dee.post(f"{here}/edit", data=sent()).status_code == 303

    db.session.close()
    client = db.session.scalars(select(Client).where(Client.public_id == cast.alice.public_id)).one()
    assert (client.chosen_name, client.email, client.phone) == ("Ali", "ali@mail.test", None)
    for words, is_found in {"ali example": True, "alice moss": False, "ali@mail": True}.items():
        page = dee.post("/desk/clients", data={"words": words}, headers={"HX-Request": "true"}).text
        assert (f"/desk/clients/{cast.alice.public_id}" in page) == is_found, words
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "client.changed")).one()
    assert {"chosen_name", "email", "pronouns"} <= set(event.detail["fields"])
    assert set(event.detail) == {"fields"}


def test_a_birth_date_is_sealed_shown_to_be_changed_found_and_forgotten(dee, cast):
    here = f"/desk/clients/{cast.alice.public_id}/edit"
    born = {"birth_date-month": "March", "birth_date-day": "27", "birth_date-year": "1987"}

    def known():
        db.session.close()
        return db.session.scalars(select(Client).where(Client.public_id == cast.alice.public_id)).one()

    def is_found():
        page = dee.post("/desk/clients", data={"words": "3/27/1987"}, headers={"HX-Request": "true"}).text
        return cast.alice.public_id in page

    assert dee.post(here, data=sent(**born)).status_code == 303
    assert b"1987" not in known().birth_date_sealed
    assert is_found()
    assert 'value="1987"' in dee.get(here).text
    dee.post(here, data=sent(**born))
    dee.post(here, data=sent(**dict.fromkeys(born, "")))
    assert known().birth_date_sealed is None
    assert not is_found()
    changes = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "client.changed")).all()
    assert [event.detail["fields"].count("birth_date") for event in changes] == [1, 1]
    wrong = {"birth_date-month": "3", "birth_date-day": "27", "birth_date-year": "2187"}
    assert "not in the future" in dee.post(here, data=sent(**wrong)).text


def test_what_cannot_be_kept_is_said_and_changes_nothing(dee, cast):
    here = f"/desk/clients/{cast.alice.public_id}/edit"
    wrong = {"name": "", "email": "no address", "safe_contact": "text", "zone": "Mars/Base"}
    for field, value in wrong.items():
        page = dee.post(here, data=sent(**{field: value}))
        assert page.status_code == 422, field
        assert "error-summary" in page.text, field
    assert db.session.scalars(select(AuditEvent).where(AuditEvent.action == "client.changed")).all() == []


def test_there_is_nothing_for_others_and_nobody_unknown(app, dee, cast):
    here = f"/desk/clients/{cast.alice.public_id}/edit"
    assert dee.get("/desk/clients/nobody/edit").status_code == 404
    assert dee.post("/desk/clients/nobody/edit", data=sent()).status_code == 404
    for name in ("bob", "alice"):
        act_as(app, cast.identity(name), now=at(MONDAY, 10, 30))
        visitor = app.test_client()
        assert visitor.get(here).status_code == 404, name
        assert visitor.post(here, data=sent()).status_code == 404, name
