"""What a client needs, said at the desk and by themselves: kept sealed, told on the client's page, and explained."""

from datetime import timedelta

from sqlalchemy import select, update

from practice.db import db, in_unit_of_work
from practice.domain.intervals import minute_floor
from practice.models import (
    Appointment,
    Attendance,
    AuditEvent,
    Client,
    Location,
    Practice,
    Room,
    ServiceDuration,
)
from tests.integration.web.desk.conftest import NOW
from tests.support.acting import act_as
from tests.support.cast import MONDAY, at
from tests.support.sessions import booked

TUESDAY = MONDAY + timedelta(days=1)

SENT = {"features": ["step_free"], "interpreter": "y", "extra_minutes": "15"}


def alice_of(cast):
    db.session.close()
    return db.session.get_one(Client, cast.alice.id)


def asks_region():
    in_unit_of_work(lambda session: session.execute(update(Practice).values(checks_licences=True)))


def test_the_desk_keeps_needs_and_reads_them_on_the_clients_page(dee, cast):
    here = f"/desk/clients/{cast.alice.public_id}"
    page = dee.get(here).text
    assert "Nothing in particular" in page
    assert f"{here}/needs" in page
    assert "Only times with a room, a therapist and a length that fit are offered" in dee.get(f"{here}/needs").text
    assert "during sessions online" not in dee.get(f"{here}/needs").text
    assert dee.submit(f"{here}/needs", SENT).location == here
    assert "Step-free access, an interpreter and 15 minutes more" in dee.get(here).text
    assert 'value="step_free" checked' in dee.get(f"{here}/needs").text
    for wrong in ({"extra_minutes": "7"}, {"features": "pool"}, {"region": "NY"}, {"extra_minutes": "x"}):
        assert dee.post(f"{here}/needs", data=wrong).status_code == 422, wrong
    asks_region()
    assert dee.submit(f"{here}/needs", {"region": "NJ"}).status_code == 303
    assert "New Jersey" in dee.get(here).text
    assert alice_of(cast).region == "NJ"
    assert dee.get("/desk/clients/nobody/needs").status_code == 404
    assert dee.post("/desk/clients/nobody/needs", data=SENT).status_code == 404
    changed = select(AuditEvent.detail).where(AuditEvent.action == "client.changed").order_by(AuditEvent.id)
    assert list(db.session.scalars(changed)) == [{"fields": ["needs"]}, {"fields": ["region"]}]


def test_clients_say_themselves_what_they_need(app, cast):
    act_as(app, cast.identity("alice"), now=NOW)
    alice = app.test_client()
    page = alice.get("/me/details").text
    assert "you are only offered times with a room, a therapist and a length that fit" in page
    assert "Where are you during sessions online?" not in page
    asks_region()
    assert "Where are you during sessions online?" in alice.get("/me/details").text
    assert alice.submit("/me/details", SENT | {"region": "NY"}).location == "/me"
    page = alice.get("/me/details").text
    assert 'value="step_free" checked' in page
    assert '<option selected value="15">' in page
    assert alice_of(cast).region == "NY"
    assert alice.submit("/me/details", {"safe_contact": "none"}).status_code == 303
    assert alice_of(cast).needs_sealed is not None
    kept = {"features": [], "interpreter": [], "extra_minutes": "0"}
    assert alice.submit("/me/details", kept).status_code == 303
    assert alice_of(cast).needs_sealed is None


def test_the_desk_books_and_moves_only_what_fits(dee, cast):
    """In a room that is step-free, a quarter of an hour longer, in the length that was chosen and at its price."""
    in_unit_of_work(lambda session: session.add(ServiceDuration(service_id=cast.individual, minutes=80, price_cents=1)))
    dee.submit(f"/desk/clients/{cast.alice.public_id}/needs", SENT | {"interpreter": []})
    who = cast.alice.public_id
    assert "1 hour 20 minutes" in dee.get(f"/desk/book/individual?client={who}").text
    at_ten = f"{minute_floor(at(TUESDAY, 10))}.bob"
    check = f"/desk/book/individual/check?at={at_ten}&client={who}&length=80"
    refused = dee.get(check)
    assert refused.status_code == 409 or "In person" not in refused.text
    free_room(cast, ["step_free"])
    page = dee.get(check).text
    assert "95 minutes" in page
    place = db.session.get_one(Location, cast.location).slug
    assert dee.submit(check, {"way": f"at:{place}"}).status_code == 303
    made = newest()
    assert (made.room_id, made.ends_at - made.starts_at) == (cast.rooms[1], timedelta(minutes=95))
    assert made.price_cents == 1
    at_two = f"{minute_floor(at(TUESDAY, 14))}.bob"
    form = {"at": at_two, "way": f"room:{cast.rooms[0]}"}
    assert dee.post(f"/desk/appointments/{made.public_id}/move/check", data=form).status_code in (409, 422)
    form["way"] = f"room:{cast.rooms[1]}"
    assert dee.post(f"/desk/appointments/{made.public_id}/move/check", data=form).status_code == 303
    moved = newest()
    assert (moved.starts_at, moved.room_id) == (at(TUESDAY, 14), cast.rooms[1])
    assert moved.ends_at - moved.starts_at == timedelta(minutes=95)
    assert dee.get(f"/desk/book/individual?client={who}&length=70").status_code == 404


def test_clients_move_only_to_what_fits(dee, cast):
    free_room(cast, ["step_free"])
    dee.submit(f"/desk/clients/{cast.alice.public_id}/needs", {"features": ["step_free"]})
    made = booked(cast, at(TUESDAY, 10), now=NOW)
    place = db.session.scalars(select(Attendance.public_id)).one()
    act_as(dee.application, cast.identity("alice"), now=NOW)
    alice = dee.application.test_client()
    sent = {"start": str(minute_floor(at(TUESDAY, 14))), "meet": "in_person"}
    assert alice.post(f"/me/sessions/{place}/move", data=sent).status_code == 303
    assert newest().room_id == cast.rooms[1]
    free_room(cast, [])
    sent["start"] = str(minute_floor(at(TUESDAY, 11)))
    assert alice.post(f"/me/sessions/{place}/move", data=sent).status_code in (409, 422)
    assert newest().starts_at == at(TUESDAY, 14)
    assert newest().public_id == made.public_id


def free_room(cast, features):
    db.session.close()
    in_unit_of_work(
        lambda session: session.execute(update(Room).where(Room.id == cast.rooms[1]).values(features=features))
    )


def newest():
    db.session.close()
    return db.session.scalars(select(Appointment).order_by(Appointment.id.desc())).first()
