"""The groups' dates: one is made, shows where clients look, and never takes time that is taken."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from sqlalchemy import func, select

from practice.db import db, in_unit_of_work, unit_of_work
from practice.domain.errors import SlotTaken
from practice.models import Appointment, AuditEvent, Closure, Occupancy, Therapist, TimeOff
from practice.queries.busy import current_rules
from practice.services.checking import broken_invariants
from practice.services.group_dates import NewDate, add_date
from tests.support.acting import act_as
from tests.support.cast import MONDAY, at
from tests.support.sessions import booked

TUESDAY = MONDAY + timedelta(days=1)
NEW = "/desk/groups/move-and-play/dates/new"


def sent(cast, **changed):
    return {
        "therapist": "bob", "on": "2026-11-24", "start": "15:00", "place": str(cast.rooms[0]), "capacity": "3",
        **changed,
    }  # fmt: skip


def count(model):
    db.session.close()
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_date_is_made_once_keeps_its_time_and_is_shown(app, dee, cast):
    assert "No dates yet" in dee.get("/desk/groups").text
    assert dee.get(NEW).status_code == 200
    assert dee.post(NEW, data=sent(cast)).status_code == 303
    assert "0 of 3 taken" in dee.get("/desk/groups").text
    assert "3:00 PM" in dee.get("/desk/book/move-and-play").text
    assert dee.post(NEW, data=sent(cast)).status_code == 303  # pressed twice: it is there already
    assert dee.post(NEW, data=sent(cast, capacity="2")).status_code == 409

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


def test_what_speaks_against_a_date_is_said_and_can_be_weighed(app, dee, cast):
    with unit_of_work() as session:
        tuesday = {"starts_at": at(TUESDAY, 13), "ends_at": at(TUESDAY, 14)}
        session.add(TimeOff(therapist_id=cast.bob, **tuesday))
        session.add(Closure(starts_at=at(TUESDAY, 10), ends_at=at(TUESDAY, 11), location_id=None))
        session.add(Closure(starts_at=at(TUESDAY, 16), ends_at=at(TUESDAY, 17), location_id=cast.location))
    for changed, words in (
        ({"start": "12:45"}, "Time off, 1:00 PM to 2:00 PM."),
        ({"start": "10:30"}, "Closed, 10:00 AM to 11:00 AM."),
        ({"start": "15:30"}, "Closed, 4:00 PM to 5:00 PM."),
        ({"start": "16:30"}, "Outside working hours, 9:00 AM to 5:00 PM."),
        ({"on": "2026-11-28"}, "Outside working hours."),
        ({"on": "2027-03-02"}, "Further ahead than times are offered."),
    ):
        page = dee.post(NEW, data=sent(cast, **changed))
        assert page.status_code == 422, changed
        assert words in page.text, changed
        assert "Make this date all the same" in page.text
    assert count(Appointment) == 0

    answer = dee.post(NEW, data=sent(cast, start="12:45", anyway="y"))
    assert answer.status_code == 303
    assert count(Appointment) == 1
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "group_date.added")).one()
    assert event.detail == {"anyway": ["time_off"]}
    vault, keys = app.extensions["vault"], app.extensions["settings"].encryption_keys
    assert list(broken_invariants(db.session(), vault=vault, master_keys=keys)) == []


def test_a_lead_with_enough_that_day_is_doubted_and_can_be_asked_all_the_same(dee, cast):
    booked(cast, at(TUESDAY, 10), now=at(MONDAY, 8))
    with unit_of_work() as session:
        session.get_one(Therapist, cast.bob).max_a_day = 1
    page = dee.post(NEW, data=sent(cast))
    assert page.status_code == 422
    assert "As many sessions as this therapist sees on one day" in page.text
    assert dee.post(NEW, data=sent(cast, anyway="y")).status_code == 303


def test_a_room_that_is_taken_is_said_and_cannot_be_overridden(dee, cast):
    booked(cast, at(TUESDAY, 15), now=at(MONDAY, 8), therapist="bea", modality="in_person")
    page = dee.post(NEW, data=sent(cast, anyway="y"))
    assert page.status_code == 409
    assert "The room is taken at that time. Please choose another." in page.text
    assert dee.post(NEW, data=sent(cast, place=str(cast.rooms[1]))).status_code == 303


def test_the_same_date_made_by_several_at_once_is_made_once(app, dee, cast):
    rules, by = current_rules(db.session()), cast.identity("dee")
    service, bob = rules.service_by_id[cast.group], rules.therapist_by_id[cast.bob]
    room = rules.locations[0].rooms[0]
    new = NewDate(service, bob, room, TUESDAY, 15 * 60, 3)
    together = Barrier(4)

    def make(_: int) -> str:
        with app.app_context():
            together.wait()
            try:
                in_unit_of_work(lambda session: add_date(session, rules, new, by=by, now=at(MONDAY, 8)))
            except SlotTaken:
                return "taken"
            return "made"

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(make, range(4))) == {"made"}  # each is told of the one that there is
    assert count(Appointment) == 1


def test_nobody_but_the_desk_makes_dates(app, cast):
    for who in ("alice", "bob", "ada"):
        act_as(app, cast.identity(who), now=at(MONDAY, 8))
        client = app.test_client()
        assert (client.get(NEW).status_code, client.get("/desk/groups").status_code) == (404, 404)
        assert client.post(NEW, data=sent(cast)).status_code == 404
    assert count(Appointment) == 0
