"""Changing a client: who may, what is kept, and what the record says of it."""

from sqlalchemy import select

from practice.db import db
from practice.models import AuditEvent, Client
from practice.queries.clients import clients_like
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
    assert [found.public_id for found in clients_like(db.session(), "ali example")] == [cast.alice.public_id]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "client.changed")).one()
    assert {"chosen_name", "email", "pronouns"} <= set(event.detail["fields"])
    assert set(event.detail) == {"fields"}


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
