"""Admins set the practice up: every page is a form that changes one thing, and says no to what makes no sense."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from practice.db import db
from practice.domain.permissions import Identity, permissions_of
from practice.models import (
    Account,
    AuditEvent,
    Availability,
    Closure,
    Location,
    Offer,
    OutboxMessage,
    Practice,
    Resource,
    Room,
    Service,
    Therapist,
)
from practice.queries.busy import current_rules
from tests.support.acting import act_as
from tests.support.cast import MONDAY, NOW, at
from tests.support.people import sign_in
from tests.support.sessions import booked

NOBODY_YET = Identity(
    kind="account", id="first", name="First", roles=frozenset({"admin"}), permissions=permissions_of(["admin"])
)


@pytest.fixture
def ada(app, cast):
    act_as(app, cast.identity("ada"), now=NOW)
    return app.test_client()


def one(model, *where):
    db.session.close()
    return db.session.scalars(select(model).where(*where)).one()


def count(model):
    db.session.close()
    return db.session.scalar(select(func.count()).select_from(model))


def rules():
    db.session.close()
    return current_rules(db.session())


def actions():
    db.session.close()
    return set(db.session.scalars(select(AuditEvent.action)))


def refused(client, path, good, wrongs):
    for wrong in wrongs:
        answer = client.post(path, data=good | wrong)
        assert answer.status_code == 422, wrong
        assert "There is a problem" in answer.text, wrong


def test_home_says_what_is_there_and_what_is_not(ada, cast):
    page = ada.get("/admin").text

    for words in (
        "2 rooms",
        "4 services",
        "2 therapists, 2 with hours",
        "3 people with an account",
        "Clients can book: the first open day is Friday 20 November.",
        "/book</code>",
    ):
        assert words in page, words


def test_a_practice_with_nothing_is_led_through_its_setup(app):
    act_as(app, NOBODY_YET, now=NOW)
    page = app.test_client().get("/admin").text

    assert page.count(">Next<") == 1
    assert page.count(">To do<") == 6
    assert "These steps lead to your first booking." in page
    assert "/book</code>" not in page


def test_the_practice_and_its_policies_change_with_what_clients_read(ada, cast):
    answer = ada.submit("/admin/practice", {"name": "Willow House", "zone": "Europe/London", "locale": "en_GB"})
    assert answer.status_code == 303
    assert "Willow House" in ada.get("/admin").text
    policies = {"free_cancel_hours": "48", "late_fee": "75.50", "notice_minutes": "90", "hold_minutes": "20"}
    for button, status in (({"preview": "yes"}, 200), ({}, 303)):
        before = ada.get("/admin/policies").text
        assert "$60" in before
        answer = ada.submit("/admin/policies", policies | button)
        assert answer.status_code == status
        page = answer.text if button else ada.get("/admin/policies").text
        assert ("nothing is saved yet" in page) == bool(button)
        for words in (
            "Cancel free until Tuesday 1 December at 17:00. After that, the fee is $75.50.",
            "Up to 1 hour 30 minutes before it begins, and at most 60 days ahead.",
            "We keep this time for you until 15:20.",
            "We keep this time for you until 16:00.",
            "S. R.",
        ):
            assert words in page, words
    assert "Up to 1 hour 30 minutes before it begins" in ada.get("/services/individual").text
    found = one(Practice)
    assert (found.free_cancel_hours, found.late_fee_cents, found.notice_minutes) == (48, 7550, 90)
    assert rules().practice.notice_minutes == 90
    assert "practice.changed" in actions()


def test_policies_that_make_no_sense_are_refused(ada, cast):
    good = {"notice_minutes": "60", "window_days": "60", "free_cancel_hours": "24", "late_fee": "60"}
    good |= {"hold_minutes": "15", "request_minutes": "60"}
    refused(ada, "/admin/policies", good, (
        {"notice_minutes": "-1"}, {"notice_minutes": "1e3"}, {"window_days": "0"}, {"window_days": "731"},
        {"late_fee": "-1"},
        {"late_fee": "a lot"}, {"hold_minutes": "0"}, {"hold_minutes": "²"}, {"notice_minutes": "7"},
        {"request_minutes": ""}, {"id": "2"},
    ))  # fmt: skip
    good = {"name": "X", "zone": "America/New_York", "country": "US", "currency": "USD", "locale": "en_US"}
    refused(ada, "/admin/practice", good, (
        {"zone": "Mars"}, {"name": ""}, {"name": "x" * 121}, {"country": "??"}, {"email": "x"}, {"is_demo": "1"},
    ))  # fmt: skip
    found = one(Practice)
    assert (found.name, found.notice_minutes, found.late_fee_cents) == ("Foundations Therapy", 60, 6000)


SERVICE = {
    "name": "Walk & Talk", "kind": "individual", "audience": "clients", "duration_minutes": "50", "before_minutes": "0",
    "after_minutes": "10", "step_minutes": "30", "capacity": "9", "price": "120", "in_person": "y",
}  # fmt: skip


def test_a_service_is_added_changed_and_taken_out_of_use(ada, cast):
    for price in ("120", "120", "90"):  # the second time the same form came twice
        assert ada.post("/admin/services/new", data=SERVICE | {"price": price}).status_code == 303
    db.session.close()
    slugs = db.session.scalars(select(Service.slug).where(Service.name == "Walk & Talk").order_by(Service.id)).all()
    assert slugs == ["walk-talk", "walk-talk-2"]
    made = one(Service, Service.slug == "walk-talk")
    assert (made.capacity, made.price_cents, made.in_person, made.online) == (1, 12_000, True, False)

    path = f"/admin/services/{made.public_id}"
    assert ada.submit(path, {"name": "Walking", "duration_minutes": "60", "notice_minutes": "0"}).status_code == 303
    changed = one(Service, Service.id == made.id)
    assert (changed.name, changed.duration_minutes, changed.notice_minutes, changed.slug) == (
        "Walking",
        60,
        0,
        "walk-talk",
    )
    assert ada.post(f"{path}/archive", data={"archived": "yes"}).status_code == 303
    assert "walk-talk" not in rules().service_by_slug
    assert ada.post(f"{path}/archive", data={"archived": "no"}).status_code == 303
    assert ada.post(f"{path}/archive", data={"archived": "perhaps"}).status_code == 422
    assert {"service.added", "service.changed", "service.archived", "service.restored"} <= actions()


def test_services_that_make_no_sense_are_refused(ada, cast):
    before = count(Service)
    refused(ada, "/admin/services/new", SERVICE, (
        {"name": ""}, {"kind": "party"}, {"kind": "group", "capacity": "1"}, {"audience": "all"},
        {"duration_minutes": "4"},
        {"duration_minutes": "721"}, {"after_minutes": "241"}, {"step_minutes": "0"}, {"capacity": "501"},
        {"price": "-3"},
        {"in_person": "", "online": ""}, {"window_days": "0"}, {"about": "\x00"}, {"slug": "mine"},
    ))  # fmt: skip
    assert ada.get("/admin/services/nothing").status_code == 404
    assert ada.post("/admin/services/nothing/archive", data={"archived": "yes"}).status_code == 404
    assert count(Service) == before


def test_a_therapist_is_added_with_offers_and_hours(ada, cast):
    resources = count(Resource)
    fields = {"name": "Dr. Zoë Ångström", "languages": "Swedish\nEnglish\n\nSwedish", "about": "Hello"}
    assert ada.submit("/admin/therapists/new", fields).status_code == 303
    made = one(Therapist, Therapist.slug == "dr-zoe-angstrom")
    assert made.languages == ["Swedish", "English"]
    assert count(Resource) == resources + 1

    individual = one(Service, Service.slug == "individual").public_id
    path = "/admin/therapists/dr-zoe-angstrom"
    answer = ada.submit(f"{path}/offers", {f"way_{individual}": "online", f"price_{individual}": "160"})
    assert answer.status_code == 303
    offer = one(Offer, Offer.therapist_id == made.id)
    assert (offer.in_person, offer.online, offer.price_cents) == (False, True, 16_000)
    asked = "days=0&starts_0=09:00&ends_0=12:00&place_0=online&valid_from=2026-12-01"
    assert ada.submit(f"{path}/hours/weekly/check?{asked}", action="/weekly").status_code == 303
    assert one(Availability, Availability.therapist_id == made.id).end_minute == 720
    assert ada.submit(path, {"listing": "clients"}).status_code == 303
    assert rules().therapist_by_slug["dr-zoe-angstrom"].listing == "clients"
    assert ada.post(f"{path}/archive", data={"archived": "yes"}).status_code == 303
    assert ada.get(f"{path}/hours").status_code == 404
    assert {"therapist.added", "offers.set", "hours.added", "therapist.changed", "therapist.archived"} <= actions()


def test_therapists_and_offers_that_make_no_sense_are_refused(ada, cast):
    good = {"name": "Bo", "zone": "America/New_York", "listing": "public"}
    before = (count(Therapist), count(Offer))
    refused(ada, "/admin/therapists/new", good, (
        {"name": ""}, {"zone": "Mars"}, {"listing": "all"}, {"about": "x" * 4001}, {"account_id": "1"},
    ))  # fmt: skip
    group = one(Service, Service.slug == "move-and-play").public_id
    refused(ada, "/admin/therapists/bob/offers", {}, (
        {f"way_{group}": "online"}, {f"way_{group}": "person", f"price_{group}": "x"}, {"way_nothing": "both"},
    ))  # fmt: skip
    for path in ("/admin/therapists/nobody", "/admin/therapists/nobody/offers", "/admin/therapists/nobody/hours"):
        assert ada.get(path).status_code == 404, path
    assert (count(Therapist), count(Offer)) == before


def test_places_and_rooms(ada, cast):
    assert ada.submit("/admin/places/new", {"name": "Garden House", "address": "2 Oak Lane"}).status_code == 303
    made = one(Location, Location.slug == "garden-house")
    rooms = f"/admin/places/{made.public_id}/rooms/new"
    assert ada.submit(rooms, {"name": "Attic", "features": "step-free\nquiet"}).status_code == 303
    room = one(Room, Room.location_id == made.id)
    assert room.features == ["step-free", "quiet"]
    assert one(Resource, Resource.id == room.resource_id).kind == "room"
    assert ada.submit(f"/admin/rooms/{room.public_id}", {"name": "Loft"}).status_code == 303
    assert "Loft" in ada.get("/admin/places").text
    assert ada.submit(f"/admin/places/{made.public_id}", {"name": "Garden"}).status_code == 303
    for path in (f"/admin/rooms/{room.public_id}", f"/admin/places/{made.public_id}"):
        assert ada.post(f"{path}/archive", data={"archived": "yes"}).status_code == 303
    assert made.id not in rules().location_by_id
    refused(
        ada,
        "/admin/places/new",
        {"name": "X", "address": "Y", "zone": "UTC"},
        ({"name": ""}, {"zone": "x"}, {"address": ""}),
    )
    refused(ada, rooms, {"name": "X"}, ({"name": ""}, {"resource_id": "1"}))
    for path in ("/admin/places/x", "/admin/rooms/x", "/admin/places/x/rooms/new"):
        assert ada.get(path).status_code == 404, path


def test_closed_days_list_what_is_booked_on_them_without_names(ada, cast):
    booked(cast, at(MONDAY, 9), now=NOW)
    fields = {"name": "Repairs", "starts_on": "2026-11-23", "location": one(Location).public_id}
    preview = ada.submit("/admin/closures/new", fields | {"location": "", "preview": "yes"})
    assert preview.status_code == 200
    assert "Monday 23 November, 9:00 AM, Individual session with Bob Reyes" in preview.text
    preview = ada.submit("/admin/closures/new", fields | {"preview": "yes"})  # the session is online, not in that place
    assert "Nothing is booked then." in preview.text
    assert count(Closure) == 0
    assert ada.submit("/admin/closures/new", fields | {"location": ""}).status_code == 303
    page = ada.get("/admin/closures").text
    assert "Repairs" in page
    assert "Monday 23 November, 9:00 AM, Individual session with Bob Reyes" in page
    assert "Alice" not in page
    closure = one(Closure)
    assert (closure.starts_at, closure.ends_at) == (at(MONDAY, 0), at(MONDAY + timedelta(days=1), 0))
    assert ada.submit("/admin/closures", action="/remove").status_code == 303
    assert count(Closure) == 0
    refused(ada, "/admin/closures/new", fields, (
        {"starts_on": ""}, {"starts_on": "2026-11-01"}, {"ends_on": "2026-11-22"}, {"location": "nowhere"},
        {"starts_on": "2027-03-14", "starts": "02:30"}, {"ends_on": "2026-11-22", "preview": "yes"},
    ))  # fmt: skip
    assert ada.post("/admin/closures/nothing/remove").status_code == 404
    assert count(Closure) == 0


def test_staff_are_invited_by_mail_and_accounts_close_and_open(ada, cast):
    fields = {"name": "Bea", "email": "Bea@practice.test", "roles": ["therapist"], "therapist": "bea"}
    assert ada.submit("/admin/staff/new", fields).status_code == 303
    made = one(Account, Account.name == "Bea")
    assert one(Therapist, Therapist.slug == "bea").account_id == made.id
    assert one(OutboxMessage, OutboxMessage.template == "invitation").to_email == made.email
    page = ada.get("/admin/staff").text
    assert "Bea@practice.test".lower() in page.lower()

    path = f"/admin/staff/{made.public_id}"
    assert ada.post(f"{path}/close").status_code == 303
    assert one(Account, Account.id == made.id).disabled_at == NOW
    assert ada.post(f"{path}/open").status_code == 303
    assert one(Account, Account.id == made.id).disabled_at is None
    assert ada.post(f"/admin/staff/{cast.identity('ada').id}/close").status_code == 422
    assert ada.post("/admin/staff/nobody/close").status_code == 404
    clients_own = one(Account, Account.name == "Alice").public_id
    assert ada.post(f"/admin/staff/{clients_own}/close").status_code == 404


def test_invitations_that_make_no_sense_are_refused(ada, cast):
    good = {"name": "Eve", "email": "eve@practice.test", "roles": ["front_desk"]}
    before = count(Account)
    refused(ada, "/admin/staff/new", good, (
        {"email": "eve"}, {"email": "dee@demo.test"}, {"roles": []}, {"roles": ["owner"]}, {"roles": ["therapist"]},
        {"therapist": "bea"}, {"roles": ["therapist"], "therapist": "bob"}, {"password": "x"},
    ))  # fmt: skip
    assert (count(Account), count(OutboxMessage)) == (before, 0)


def test_no_form_does_anything_without_its_token(app, cast):
    app.extensions["clock"] = lambda: NOW
    client = app.test_client()
    sign_in(client, "ada@demo.test")
    before = actions()
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("admin.")]
    posts = [rule.build(dict.fromkeys(rule.arguments, "x"))[1] for rule in rules if "POST" in rule.methods]
    assert len(posts) > 30
    assert {path: status for path in posts if (status := client.post(path).status_code) != 400} == {}
    assert actions() == before


def test_only_admins_have_these_pages(app, cast):
    for who in ("alice", "bob", "dee"):
        act_as(app, cast.identity(who), now=NOW)
        client = app.test_client()
        for path in ("/admin", "/admin/practice", "/admin/services/new", "/admin/therapists/bob/hours", "/admin/staff"):
            assert client.get(path).status_code == 404, (who, path)
        for path in ("/admin/services/new", "/admin/staff/new", "/admin/therapists/bob/archive"):
            assert client.post(path, data=SERVICE | {"archived": "yes"}).status_code == 404, (who, path)
    assert count(Service) == 4
