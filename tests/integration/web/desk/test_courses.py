"""Courses and dates as staff keep them: listed before they are made, changed, led by somebody else, cancelled."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from practice.db import db, in_unit_of_work, unit_of_work
from practice.domain.errors import SlotTaken
from practice.models import Appointment, AppointmentTherapist, Closure, Course, Occupancy, OutboxMessage
from practice.queries.busy import current_rules
from practice.services.booking import book_appointment
from practice.services.enrolling import book_course
from practice.services.finding import Wish
from practice.services.leading import Leads, substitute_lead
from tests.support.acting import act_as
from tests.support.cast import MONDAY, NOW, at
from tests.support.counting import statements
from tests.support.groups import TUESDAY, TUESDAYS, all_is_well, course
from tests.support.people import words_of
from tests.support.sessions import booked

AT = at(MONDAY, 10, 30)


@pytest.fixture
def bob(app, cast):
    """Bob's own pages; opened after Dee's, they are his from then on."""
    act_as(app, cast.identity("bob"), now=AT)
    return app.test_client()


def wish(cast, **changed):
    return {
        "name": "Winter", "enrol": "both", "first": "2026-11-24", "weeks": "3", "listed": "", "start": "15:00",
        "therapist": "bob", "co_lead": "bea", "place": str(cast.rooms[0]), "capacity": "3", "minimum": "2", **changed,
    }  # fmt: skip


def rows(wanted):
    db.session.close()
    return list(db.session.scalars(wanted))


def parts(public_id):
    db.session.close()
    found = db.session.execute(
        select(AppointmentTherapist.part, AppointmentTherapist.therapist_id)
        .join(Appointment, Appointment.id == AppointmentTherapist.appointment_id)
        .where(Appointment.public_id == public_id)
    )
    return dict(found.all())


def first_date():
    return rows(select(Appointment).order_by(Appointment.starts_at))[0]


def test_every_date_is_listed_first_with_what_stands_in_its_way(app, dee, cast):
    booked(cast, at(TUESDAYS[1], 15, 30), now=NOW, therapist="bea")
    with unit_of_work() as session:
        session.add(Closure(starts_at=at(TUESDAYS[2], 0), ends_at=at(TUESDAYS[2], 23), name="Rest"))
    page = dee.get("/desk/groups/move-and-play/courses/check?" + urlencode(wish(cast)))
    assert page.status_code == 200
    words = page.text
    assert "The co-lead is busy at that time" in words
    assert "Closed, 12:00 AM to 11:00 PM." in words
    assert words.count(" checked") == 1
    assert rows(select(Appointment.id).where(Appointment.course_id.is_not(None))) == []

    sent = wish(cast) | {"on": ["2026-11-24", "2026-12-08"]}  # the closed day all the same, the busy one not
    made = dee.post("/desk/groups/move-and-play/courses/new", data=sent)
    assert made.status_code == 303
    dates = rows(select(Appointment).where(Appointment.course_id.is_not(None)).order_by(Appointment.starts_at))
    assert [each.starts_at for each in dates] == [at(TUESDAYS[0], 15), at(TUESDAYS[2], 15)]
    assert {(each.minimum, each.decide_at) for each in dates} == {
        (2, each.starts_at - timedelta(hours=24)) for each in dates
    }
    taken = rows(select(Occupancy.resource_id).where(Occupancy.appointment_id == dates[0].id))
    assert set(taken) == {cast.resources[name] for name in ("bob", "bea", "willow")}
    assert "Winter" in dee.get("/desk/groups").text
    assert "2 of 2" in dee.get(made.location).text
    all_is_well(app)


def test_a_taken_date_is_not_made_and_neither_are_the_others(dee, cast):
    booked(cast, at(TUESDAYS[1], 15), now=NOW)
    sent = wish(cast) | {"on": ["2026-11-24", "2026-12-01"]}
    page = dee.post("/desk/groups/move-and-play/courses/new", data=sent)
    assert page.status_code == 409
    assert "1 December: The therapist is busy" in page.text
    assert rows(select(Course.id)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"first": ""},
        {"first": "2026-13-01"},
        {"weeks": "1"},
        {"listed": "soon"},
        {"co_lead": "bob"},
        {"place": "online"},
        {"therapist": "nobody"},
    ],
)
def test_what_cannot_be_a_course_is_refused(dee, cast, wrong):
    page = dee.get("/desk/groups/move-and-play/courses/check?" + urlencode(wish(cast, **wrong)))
    assert page.status_code == 422
    assert "There is a problem" in page.text
    assert dee.get("/desk/groups/individual/courses/new").status_code == 404


def test_dates_can_be_listed_and_keep_their_wall_time_across_the_clocks(dee, cast):
    listed = "2027-03-09\n2027-03-16\n\n2027-03-16"
    page = dee.get("/desk/groups/move-and-play/courses/check?" + urlencode(wish(cast, listed=listed)))
    assert page.text.count('name="on"') == 2
    sent = wish(cast, listed=listed) | {"on": ["2027-03-09", "2027-03-16"]}
    assert dee.post("/desk/groups/move-and-play/courses/new", data=sent).status_code == 303
    starts = rows(select(Appointment.starts_at).order_by(Appointment.starts_at))
    assert [each.hour for each in starts] == [20, 19]  # 3 PM before and after the clocks go forward


def test_a_date_is_changed_and_never_below_who_comes(app, dee, cast):
    made = course(cast)
    rules = current_rules(db.session())
    with unit_of_work() as session:
        for who in ("alice", "charlie"):
            book_course(session, rules, made, [cast.parties[who]], by=cast.identity("dee"), now=NOW)
    date = first_date()
    change = f"/desk/groups/dates/{date.public_id}/change"
    assert dee.get(change).status_code == 200
    sent = {"place": str(cast.rooms[1]), "co_lead": "bea", "capacity": "2", "minimum": "1"}
    assert dee.post(change, data=sent | {"capacity": "1"}).status_code == 422
    assert dee.post(change, data=sent).status_code == 303
    after = first_date()
    assert (after.capacity, after.room_id, after.minimum) == (2, cast.rooms[1], 1)
    assert after.sequence > date.sequence
    assert parts(date.public_id) == {"lead": cast.bob, "co_lead": cast.bea}
    all_is_well(app)
    dee.post(change, data=sent | {"co_lead": ""})
    assert parts(date.public_id) == {"lead": cast.bob}
    all_is_well(app)


def test_a_room_or_co_lead_that_is_taken_stays_who_it_is(app, dee, cast):
    course(cast)
    date = first_date()
    booked(cast, at(TUESDAY, 15), now=NOW, therapist="bea", modality="in_person")
    change = f"/desk/groups/dates/{date.public_id}/change"
    same = {"place": str(cast.rooms[0]), "co_lead": "", "capacity": "3", "minimum": "0"}
    assert dee.post(change, data=same | {"co_lead": "bea"}).status_code == 409
    assert dee.post(change, data=same | {"place": str(cast.rooms[1])}).status_code == 409
    assert parts(date.public_id) == {"lead": cast.bob}
    all_is_well(app)


def test_a_substitute_takes_over_in_one_step_and_gives_back(app, dee, cast):
    made = course(cast, co_lead=False)
    rules = current_rules(db.session())
    with unit_of_work() as session:
        book_course(session, rules, made, [cast.alice], by=cast.identity("dee"), now=NOW)
    date = first_date()
    lead = f"/desk/groups/dates/{date.public_id}/lead"
    assert "Bea Lindqvist" in dee.get(lead).text
    assert dee.post(lead, data={"therapist": "bob"}).status_code == 303  # who leads it already: nothing changes
    assert dee.post(lead, data={"therapist": "bea"}).status_code == 303
    assert parts(date.public_id) == {"lead": cast.bea}
    assert first_date().sequence == date.sequence + 1
    told = rows(select(OutboxMessage).where(OutboxMessage.template == "group_lead"))
    assert [(each.to_email, each.due_at - each.created_at) for each in told] == [
        ("alice@demo.test", timedelta(minutes=3))
    ]
    all_is_well(app)
    busy = rows(select(Occupancy.resource_id).where(Occupancy.appointment_id == date.id))
    assert cast.resources["bob"] not in busy

    assert dee.post(lead + "/undo").status_code == 303
    assert parts(date.public_id) == {"lead": cast.bob}
    assert first_date().sequence == date.sequence + 2
    assert rows(select(OutboxMessage.id).where(OutboxMessage.template == "group_lead")) == []
    assert dee.post(lead + "/undo").status_code == 404
    all_is_well(app)


def test_an_undo_takes_back_its_own_step_and_no_other(app, dee, cast):
    made = course(cast)
    date = first_date()
    lead = f"/desk/groups/dates/{date.public_id}/lead"
    dee.post(lead, data={"therapist": "bea"})
    rules = current_rules(db.session())
    with unit_of_work() as session:
        book_course(session, rules, made, [cast.alice], by=cast.identity("dee"), now=AT + timedelta(minutes=1))
    dee.post(lead + "/undo")
    assert "This has changed in the meantime" in dee.get("/desk/groups").text
    assert parts(date.public_id) == {"lead": cast.bea}


def test_a_co_lead_takes_over_alone_and_who_is_busy_cannot(app, dee, cast):
    course(cast, co_lead=True)
    date = first_date()
    lead = f"/desk/groups/dates/{date.public_id}/lead"
    assert "Leads it with them already." in dee.get(lead).text
    dee.post(lead, data={"therapist": "bea"})
    assert parts(date.public_id) == {"lead": cast.bea}
    booked(cast, at(TUESDAY, 15, 30), now=NOW, therapist="bob")
    assert "Nobody else who offers this group is free" in dee.get(lead).text
    assert dee.post(lead, data={"therapist": "bob"}).status_code == 409
    all_is_well(app)


def test_the_course_is_cancelled_once_with_all_its_dates(app, dee, cast):
    made = course(cast)
    page = words_of(dee.get(f"/desk/groups/courses/{made}/cancel"))
    for said in ("Tuesday 24 November", "Tuesday 1 December", "Tuesday 8 December", "costs nobody anything"):
        assert said in page
    assert dee.post(f"/desk/groups/courses/{made}/cancel").status_code == 303
    assert set(rows(select(Appointment.status))) == {"cancelled"}
    assert dee.post(f"/desk/groups/courses/{made}/cancel").status_code in (409, 422)
    all_is_well(app)


def test_a_therapist_keeps_what_they_lead_and_nothing_else(app, cast, bob):
    assert bob.get("/therapist/groups").status_code == 200
    sent = wish(cast) | {"on": ["2026-11-24", "2026-12-01"]}
    assert bob.post("/therapist/groups/move-and-play/courses/new", data=sent | {"therapist": "bea"}).status_code == 422
    assert bob.post("/therapist/groups/move-and-play/courses/new", data=sent).status_code == 303
    date = first_date()
    assert bob.get(f"/therapist/groups/dates/{date.public_id}/change").status_code == 200
    assert bob.post(f"/therapist/groups/dates/{date.public_id}/cancel").status_code == 303
    assert first_date().status == "cancelled"
    other = rows(select(Appointment).where(Appointment.status == "booked"))[0]
    act_as(app, cast.identity("dee"), now=AT)
    dee = app.test_client()
    dee.post(f"/desk/groups/dates/{other.public_id}/lead", data={"therapist": "bea"})
    act_as(app, cast.identity("bob"), now=AT)
    bob = app.test_client()
    for page in ("change", "lead", "cancel"):
        assert bob.get(f"/therapist/groups/dates/{other.public_id}/{page}").status_code == 404
    assert bob.post(f"/therapist/groups/dates/{other.public_id}/lead", data={"therapist": "bob"}).status_code == 404
    all_is_well(app)


def test_the_list_costs_the_same_for_many_dates(app, dee, cast):
    course(cast)
    dee.get("/desk/groups")
    with statements(app) as few:
        dee.get("/desk/groups")
    course(cast, [TUESDAY + timedelta(days=1, weeks=week) for week in range(8)])
    with statements(app) as many:
        dee.get("/desk/groups")
    assert len(many) == len(few)


def test_a_substitute_and_a_booking_for_the_same_time_have_one_winner(app, cast):
    course(cast)
    public_id, rules, by = first_date().public_id, current_rules(db.session()), cast.identity("dee")
    together = Barrier(4)

    def lead(session):
        substitute_lead(session, rules, public_id, Leads(cast.bea), by=by, now=NOW)

    def book(session):
        wish_ = Wish(cast.individual, cast.bea, at(TUESDAY, 15), "online")
        book_appointment(session, rules, wish_, [cast.charlie], by=by, now=NOW)

    def act(place):
        with app.app_context():
            together.wait()
            try:
                in_unit_of_work(book if place else lead)
            except SlotTaken:
                return "taken"
            return "lead" if place == 0 else "booked"

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(act, range(4)))
    assert told in (["lead", "taken", "taken", "taken"], ["booked", "taken", "taken", "taken"])
    all_is_well(app)
