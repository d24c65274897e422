"""Admins set the rules of time: lengths and what comes first, how much is enough, supervisors, licences."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from practice.db import db, in_unit_of_work
from practice.models import Licence, Practice, Room, Service, ServiceDuration, Therapist
from practice.queries.busy import current_rules
from tests.support.acting import act_as
from tests.support.cast import NOW, TODAY


@pytest.fixture
def ada(app, cast):
    act_as(app, cast.identity("ada"), now=NOW)
    return app.test_client()


def one(model, *where):
    db.session.close()
    return db.session.scalars(select(model).where(*where)).one()


def lengths(service_id):
    db.session.close()
    found = select(ServiceDuration).where(ServiceDuration.service_id == service_id).order_by(ServiceDuration.minutes)
    return [(each.minutes, each.price_cents) for each in db.session.scalars(found)]


def rules():
    db.session.close()
    return current_rules(db.session())


RULES = {
    "length_1": "80", "length_price_1": "240", "length_2": "30", "max_per_week": "2", "needs_consultation": "y",
    "needs_approval": "y", "room_features": ["step_free", "toys"],
}  # fmt: skip
SENTENCES = (
    "30 minutes for $140, 50 minutes for $140 or 1 hour 20 minutes for $240.",
    "Only after a first conversation here.",
    "At most 2 times a week.",
    "you have an answer within 2 days.",
    "In person, the room offers step-free access and toys.",
)


def test_the_rules_of_a_service_are_previewed_in_the_words_that_clients_read_and_kept(ada, cast):
    path = f"/admin/services/{one(Service, Service.slug == 'individual').public_id}"
    shown = ada.submit(path, RULES | {"preview": "yes"})
    assert (shown.status_code, "nothing is saved yet" in shown.text) == (200, True)
    assert lengths(cast.individual) == []
    assert ada.submit(path, RULES).status_code == 303
    page = ada.get(path).text
    for words in SENTENCES:
        assert words in shown.text, words
        assert words in page, words
    assert lengths(cast.individual) == [(30, None), (80, 24_000)]
    found = rules().service_by_slug["individual"]
    assert (found.max_per_week, found.needs_consultation, found.needs_approval) == (2, True, True)
    assert found.room_features == {"step_free", "toys"}
    assert [each.minutes for each in rules().lengths_of(found.id)] == [30, 50, 80]
    revision = rules().revision
    assert ada.submit(path, {"length_1": "", "length_price_1": "", "max_per_week": ""}).status_code == 303
    assert lengths(cast.individual) == [(80, 24_000)]
    assert rules().revision != revision
    assert rules().service_by_slug["individual"].max_per_week is None


def test_lengths_that_make_no_sense_are_refused(ada, cast):
    path = f"/admin/services/{one(Service, Service.slug == 'individual').public_id}"
    for wrong in (
        {"length_1": "50"}, {"length_1": "80", "length_2": "80"}, {"length_price_1": "90"}, {"length_1": "2"},
        {"max_per_week": "0"},
    ):  # fmt: skip
        assert ada.submit(path, wrong).status_code == 422, wrong
    good = {"name": "One", "audience": "clients", "duration_minutes": "50", "before_minutes": "0", "after_minutes": "0"}
    good |= {"step_minutes": "30", "price": "1", "online": "y"}
    assert ada.post(path, data=good | {"room_features": "a swimming pool"}).status_code == 422
    group = f"/admin/services/{one(Service, Service.slug == 'move-and-play').public_id}"
    assert "Other lengths" not in ada.get(group).text
    assert ada.post(group, data={"length_1": "90"}).status_code == 422
    new = {"name": "Circle", "kind": "group", "capacity": "8", "audience": "clients", "in_person": "y", "price": "0"}
    new |= {"duration_minutes": "75", "before_minutes": "0", "after_minutes": "0", "step_minutes": "15"}
    assert ada.post("/admin/services/new", data=new | {"length_1": "90"}).status_code == 422
    assert lengths(cast.individual) == []


def test_how_much_is_enough_and_who_supervises_stand_on_the_card_and_in_the_rules(ada, cast):
    load = {"max_in_row": "3", "break_minutes": "45", "max_a_day": "6", "max_first_a_week": "1", "supervisor": "bea"}
    load |= {"works_with_interpreter": "y", "npi": "1234567890"}
    shown = ada.submit("/admin/therapists/bob", load | {"preview": "yes"})
    assert ada.submit("/admin/therapists/bob", load).status_code == 303
    page = ada.get("/admin/therapists/bob").text
    for words in (
        "After 3 sessions in a row, nothing is offered for 45 minutes.", "At most 6 sessions a day.",
        "At most 1 first session with new people a week.", "Supervised by ",
    ):  # fmt: skip
        assert words in shown.text, words
        assert words in page, words
    bob = rules().therapist_by_slug["bob"]
    assert (bob.max_in_row, bob.break_minutes, bob.max_a_day, bob.max_first_a_week) == (3, 45, 6, 1)
    assert bob.works_with_interpreter
    bea = one(Therapist, Therapist.slug == "bea")
    for path in ("/therapists", "/therapists/bob"):
        assert f"Supervised by {bea.name}" in " ".join(ada.get(path).text.replace("</dt><dd>", " ").split()), path
    assert ada.submit("/admin/therapists/bob", {"max_in_row": "", "supervisor": ""}).status_code == 303
    assert (one(Therapist, Therapist.slug == "bob").supervisor_id, rules().therapist_by_slug["bob"].max_in_row) == (
        None,
        None,
    )


def test_nobody_supervises_themselves_or_each_other(ada, cast):
    assert ada.submit("/admin/therapists/bob", {"supervisor": "bea"}).status_code == 303
    good = {"name": "Bea", "zone": "America/New_York", "listing": "public"}
    for path, wrong in (("bea", "bea"), ("bea", "bob"), ("bob", "nobody")):
        answer = ada.post(f"/admin/therapists/{path}", data=good | {"supervisor": wrong})
        assert answer.status_code == 422, (path, wrong)
    for wrong in ({"max_in_row": "0"}, {"max_a_day": "x"}, {"break_minutes": "0"}, {"npi": "12"}):
        assert ada.post("/admin/therapists/bob", data=good | wrong).status_code == 422, wrong


def test_rooms_keep_free_words_beside_what_clients_can_need(ada, cast):
    room = one(Room, Room.id == cast.rooms[0])
    path = f"/admin/rooms/{room.public_id}"
    assert ada.submit(path, {"known": ["step_free", "quiet"], "features": "sand tray"}).status_code == 303
    assert one(Room, Room.id == cast.rooms[0]).features == ["step_free", "quiet", "sand tray"]
    page = ada.get(path).text
    assert "Step-free access" in page
    assert "Sand tray" in page


def test_licences_that_end_soon_or_have_ended_stand_on_the_home_page(ada, cast):
    assert "Licences to renew" not in ada.get("/admin").text
    last_days = {"soon": TODAY + timedelta(days=60), "later": TODAY + timedelta(days=61), "over": date(2026, 11, 19)}
    in_unit_of_work(
        lambda session: session.add_all(
            Licence(therapist_id=cast.bob, title=title, region="New York", number="1", expires_on=on)
            for title, on in last_days.items()
        )
    )
    page = ada.get("/admin").text
    assert page.count("Ends soon") == 1
    assert ": over, New York" in page
    assert ": later" not in page
    assert "Held until Thursday 19 November. Clients do not read it any more." in page
    assert "Holds until Tuesday 19 January 2027." in page
    assert rules().licences[0].region == "NY"
    sent = {"title_0": "LCSW", "region_0": "new york", "number_0": "7"} | {
        f"{name}_{at}": "" for at in (1, 2) for name in ("title", "region", "number", "expires_on")
    }
    assert ada.submit("/admin/therapists/bob/licences", sent).status_code == 303
    assert one(Licence).region == "NY"


def test_policies_of_requests_licences_and_estimates_are_previewed(ada, cast):
    sent = {"answer_hours": "24", "checks_licences": "y", "gives_estimates": "y"}
    shown = ada.submit("/admin/policies", sent | {"preview": "yes"}).text
    assert "you have an answer within 1 day." in shown
    assert "Where will you be during the session?" in shown
    assert ada.submit("/admin/policies", sent).status_code == 303
    found = one(Practice)
    assert (found.answer_hours, found.checks_licences, found.gives_estimates) == (24, True, True)
    for wrong in ({"answer_hours": ""}, {"answer_hours": "0"}, {"answer_hours": "721"}):
        assert ada.submit("/admin/policies", wrong).status_code == 422, wrong
    assert ada.submit("/admin/practice", {"tax_id": "12-3456789", "npi": "123"}).status_code == 422
    assert ada.submit("/admin/practice", {"tax_id": "12-3456789", "npi": "1234567890"}).status_code == 303
    assert one(Practice).tax_id == "12-3456789"
