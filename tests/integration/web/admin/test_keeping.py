"""Lists of what a practice has: their order, what is out of use with its undo, previews, licences and photos."""

import secrets
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image as Drawing
from sqlalchemy import select

from practice.db import db, unit_of_work
from practice.models import (
    AuditEvent,
    Closure,
    Licence,
    Location,
    Offer,
    Practice,
    Resource,
    Room,
    Service,
    Therapist,
)
from tests.support.acting import act_as
from tests.support.cast import NOW
from tests.support.counting import statements
from tests.support.forms import find


@pytest.fixture
def ada(app, cast):
    act_as(app, cast.identity("ada"), now=NOW)
    return app.test_client()


def names(model):
    db.session.close()
    rows = db.session.scalars(select(model).where(model.archived_at.is_(None)).order_by(model.position, model.id))
    return [row.name for row in rows]


def key(slug, model=Service):
    db.session.close()
    return db.session.scalars(select(model).where(model.slug == slug)).one().public_id


def actions():
    db.session.close()
    return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def drawn():
    written = BytesIO()
    Drawing.new("RGB", (300, 200), "teal").save(written, "PNG")
    return written.getvalue()


def test_things_move_up_and_down_and_stay_within_the_list(ada, cast):
    before = names(Service)
    path = f"/admin/services/{key('couple')}/move"
    assert ada.post(path, data={"to": "up"}).status_code == 303
    assert names(Service) == [before[0], before[2], before[1], before[3]]
    for _ in range(9):
        ada.post(path, data={"to": "down"})
    assert names(Service) == [before[0], before[1], before[3], before[2]]
    assert actions().count("service.moved") == 3  # the rest moved nothing
    assert ada.post("/admin/therapists/bea/move", data={"to": "up"}).status_code == 303
    assert names(Therapist) == ["Bea Lindqvist", "Bob Reyes"]
    assert ada.get("/therapists").text.index("Bea Lindqvist") < ada.get("/therapists").text.index("Bob Reyes")
    db.session.close()
    birch = db.session.scalars(select(Room).where(Room.name == "Birch")).one().public_id
    assert ada.post(f"/admin/rooms/{birch}/move", data={"to": "up"}).status_code == 303
    assert names(Room) == ["Birch", "Willow"]


def test_moving_and_archiving_need_a_thing_and_a_word(ada, cast):
    for path, status in (
        (f"/admin/services/{key('couple')}", 422),
        ("/admin/services/nothing", 404),
        ("/admin/persons/bob", 404),
    ):
        good = status == 404
        assert ada.post(f"{path}/move", data={"to": "up" if good else "left"}).status_code == status
        assert ada.post(f"{path}/archive", data={"archived": "yes" if good else "maybe"}).status_code == status


@pytest.mark.parametrize("kind", ["services", "therapists", "places", "rooms"])
def test_whatever_is_taken_out_of_use_can_be_taken_back_at_once(ada, cast, kind):
    db.session.close()
    room = db.session.scalars(select(Room).where(Room.name == "Birch")).one().public_id
    listed = ada.get("/admin/places").text
    place = listed.split("/admin/places/")[2].split("/")[0].split('"')[0]
    thing = {"services": key("couple"), "therapists": "bea", "places": place, "rooms": room}[kind]
    answer = ada.post(f"/admin/{kind}/{thing}/archive", data={"archived": "yes"})
    page = ada.get(answer.location).text
    assert "is out of use. Sessions that are booked stay booked." in page
    undo = find(page, {"archived": "no"}, f"/{thing}/archive")
    assert ada.post(undo.action, data=undo.filled({})).status_code == 303
    assert "in use again" in ada.get(answer.location).text
    assert ada.get(answer.location).text.count("not in use") == 0
    assert [action.partition(".")[2] for action in actions()[-2:]] == ["archived", "restored"]


def test_a_preview_shows_the_card_and_changes_nothing(ada, cast):
    path = f"/admin/services/{key('individual')}"
    change = {"name": "Quiet hour", "about": "An hour for you.", "price": "95", "preview": "yes"}
    answer = ada.submit(path, change)
    assert answer.status_code == 200
    card = answer.text.split('id="preview"')[1]
    for words in ("nothing is saved yet", "Quiet hour", "An hour for you.", "50 minutes · $95 · In person or online"):
        assert words in card, words
    assert "Individual session" in names(Service)
    assert ada.submit(path, change | {"in_person": [], "online": []}).status_code == 422
    new = {"name": "Walk", "kind": "individual", "audience": "public", "duration_minutes": "50", "price": "0"}
    answer = ada.submit("/admin/services/new", new | {"preview": "yes"})
    assert answer.status_code == 200
    assert 'href="#preview"' in answer.text
    assert "Walk" not in names(Service)


def test_who_offers_a_service_and_at_which_price(ada, cast):
    path = f"/admin/services/{key('individual')}/people"
    assert "The price is $140, but for whom another one stands here." in ada.get(path).text
    assert ada.submit(path, {"way_bob": "", "way_bea": "online", "price_bea": "95.50"}).status_code == 303
    db.session.close()
    offers = db.session.scalars(select(Offer).where(Offer.service_id == cast.individual)).all()
    assert [(each.therapist_id, each.in_person, each.price_cents) for each in offers] == [(cast.bea, False, 9550)]
    assert actions()[-1] == "offers.set"
    group = f"/admin/services/{key('move-and-play')}/people"
    for wrong in ({"way_bob": "online"}, {"way_bob": "person", "price_bob": "x"}, {"way_zoe": "both"}):
        assert ada.post(group, data=wrong).status_code == 422, wrong
    assert ada.get("/admin/services/nothing/people").status_code == 404


def test_licences_are_kept_in_their_order(ada, cast):
    path = "/admin/therapists/bob/licences"
    first = {"title_0": "LCSW", "region_0": "NY", "number_0": "081234", "expires_on_0": "2027-06-30"}
    for _ in range(2):
        assert ada.submit(path, first).status_code == 303
    assert ada.submit(path, {"title_1": "LMFT", "region_1": "NJ"}).status_code == 303
    db.session.close()
    found = db.session.scalars(select(Licence).order_by(Licence.position)).all()
    assert [(each.title, each.region, each.number) for each in found] == [("LCSW", "NY", "081234"), ("LMFT", "NJ", "")]
    assert actions().count("licences.set") == 2  # saving the same again is no change
    for wrong in ({"title_0": "LCSW"}, {"region_0": "NY"}, {"title_0": "x" * 81, "region_0": "NY"}, {"title_9": "x"}):
        assert ada.post(path, data=wrong).status_code == 422, wrong
    assert ada.submit(path, {"title_0": "", "region_0": "", "number_0": "", "expires_on_0": ""}).status_code == 303
    db.session.close()
    assert [each.title for each in db.session.scalars(select(Licence))] == ["LMFT"]
    assert ada.get("/admin/therapists/nobody/licences").status_code == 404


def test_photo_and_logo_are_sent_shown_and_taken_away(ada, cast):
    for path, model in (("/admin/therapists/bob/photo", Therapist), ("/admin/look/logo", Practice)):
        page = path if model is Therapist else "/admin/look"
        for wrong in ({}, {"picture": (BytesIO(b"no picture"), "x.png")}, {"picture": (BytesIO(b""), "x.png")}):
            answer = ada.post(path, data=wrong, content_type="multipart/form-data")
            assert answer.status_code == 422, (path, wrong)
            assert "There is a problem" in answer.text
        sent = {"picture": (BytesIO(drawn()), "x.png")}
        assert ada.post(path, data=sent, content_type="multipart/form-data").location == page
        assert "/pictures/" in ada.get(page).text
        assert ada.submit(page, action="/remove").status_code == 303
        assert "/pictures/" not in ada.get(page).text


def test_the_look_is_previewed_and_saved_and_a_colour_that_nobody_can_read_is_refused(app, ada, cast):
    plum = {"tagline": "At your pace", "colour": "#6b3a6e"}
    shown = ada.submit("/admin/look", plum | {"preview": "yes"})
    assert shown.status_code == 200
    assert "nothing is saved yet" in shown.text
    assert "/brand-6b3a6e." in shown.text
    assert "/brand-" not in ada.get("/admin/look").text

    refused = ada.submit("/admin/look", {"colour": "own", "own": "#ffcc00"})
    assert refused.status_code == 422
    assert "#ffcc00 is too light to read: its contrast with a page is 1.3 to 1" in refused.text
    assert 'value="#856a00"' in refused.text
    for wrong in ({"colour": "own", "own": ""}, {"colour": "own", "own": "red"}, {"colour": "pink"}, {"accent": "x"}):
        assert ada.post("/admin/look", data=wrong).status_code == 422, wrong

    assert ada.submit("/admin/look", plum).status_code == 303
    assert "practice.changed" in actions()
    page = app.test_client().get("/").text
    href = "/brand-" + page.split('href="/brand-')[1].split('"')[0]
    sheet = ada.get(href)
    assert sheet.mimetype == "text/css"
    assert "#6b3a6e" in sheet.text
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert ada.get(href.replace("6b3a6e", "6b3a6f")).status_code == 404
    assert ada.get("/brand-zzzzzz.0123456789ab.css").status_code == 404


def add_of_each(count):
    """Write so many services, therapists, places and closures."""
    with unit_of_work() as session:
        for _ in range(count):
            name = secrets.token_hex(6)
            resource = Resource(kind="therapist")
            session.add(resource)
            session.flush()
            session.add_all(
                (
                    Service(slug=name, name=name, kind="individual", duration_minutes=50, step_minutes=30),
                    Therapist(slug=name, name=name, zone="UTC", resource_id=resource.id),
                    Location(slug=name, name=name, zone="UTC"),
                    Closure(name=name, starts_at=NOW + timedelta(days=1), ends_at=NOW + timedelta(days=2)),
                )
            )


def test_lists_have_pages_and_cost_the_same(app, ada, cast):
    paths = ("/admin/services", "/admin/therapists", "/admin/places", "/admin/staff", "/admin/closures", "/admin")

    def cost():
        found = {}
        for path in paths:
            ada.get(path)
            with statements(app) as seen:
                assert ada.get(path).status_code == 200
            found[path] = len(seen)
        return found

    add_of_each(1)
    few = cost()
    add_of_each(25)
    assert cost() == few
    for path in ("/admin/services", "/admin/therapists", "/admin/places", "/admin/closures"):
        first, second = ada.get(path).text, ada.get(f"{path}?page=2").text
        assert "1 to 25 of" in first, path
        assert "26 to 2" in second or "26 to 3" in second, path
