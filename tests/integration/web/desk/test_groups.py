"""The groups' dates: one is made, shows where clients look, and never takes time that is taken."""

from sqlalchemy import select

from practice.db import db
from practice.models import Appointment, AuditEvent, Occupancy
from practice.services.checking import broken_invariants
from tests.support.cast import MONDAY, at
from tests.support.sessions import booked

NEW = "/desk/groups/move-and-play/dates/new"


def sent(cast, **changed):
    return {
        "therapist": "bob", "on": "2026-11-24", "start": "15:00", "place": str(cast.rooms[0]), "capacity": "3",
        **changed,
    }  # fmt: skip


def test_a_date_is_made_once_keeps_its_time_and_is_shown(app, dee, cast):
    assert "No dates yet" in dee.get("/desk/groups").text
    assert dee.get(NEW).status_code == 200
    assert dee.post(NEW, data=sent(cast)).status_code == 303
    assert "0 of 3 taken" in dee.get("/desk/groups").text
    assert "3:00 PM" in dee.get("/desk/book/move-and-play").text
    assert dee.post(NEW, data=sent(cast)).status_code == 409

    db.session.close()
    assert len(db.session.scalars(select(Appointment)).all()) == 1
    claimed = set(db.session.scalars(select(Occupancy.resource_id)))
    assert claimed == {cast.resources["bob"], cast.resources["willow"]}
    assert len(db.session.scalars(select(AuditEvent).where(AuditEvent.action == "group_date.added")).all()) == 1
    vault, keys = app.extensions["vault"], app.extensions["settings"].encryption_keys
    assert list(broken_invariants(db.session(), vault=vault, master_keys=keys)) == []


def test_what_cannot_be_is_refused(dee, cast):
    for wrong in (
        {"on": "2027-03-14", "start": "02:30"},
        {"on": "2026-11-20"},
        {"capacity": "0"},
        {"therapist": "nobody"},
        {"place": "online"},
    ):
        page = dee.post(NEW, data=sent(cast, **wrong))
        assert page.status_code == 422, wrong
        assert "error-summary" in page.text, wrong
    assert dee.get("/desk/groups/individual/dates/new").status_code == 404


def test_a_busy_therapist_is_said_without_a_name(dee, cast):
    booked(cast, at(MONDAY, 15), now=at(MONDAY, 8))
    page = dee.post(NEW, data=sent(cast, on=MONDAY.isoformat()))
    assert page.status_code == 409
    assert "Alice" not in page.text
