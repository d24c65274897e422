"""What a client needs, said at the desk and by themselves: kept sealed, told on the client's page, and explained."""

from sqlalchemy import select, update

from practice.db import db, in_unit_of_work
from practice.models import AuditEvent, Client, Practice
from tests.integration.web.desk.conftest import NOW
from tests.support.acting import act_as

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
