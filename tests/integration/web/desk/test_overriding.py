"""Booking and moving against rules at the desk: said in words, with a reason, and to be seen afterwards."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from practice.db import db, unit_of_work
from practice.domain.intervals import minute_floor
from practice.models import Appointment, AuditEvent, Closure, Service
from tests.support import forms
from tests.support.acting import act_as
from tests.support.cast import MONDAY, at
from tests.support.sessions import booked, whole

NOW = at(MONDAY, 10, 30)
WORDS = {"why": "other", "note": "Agreed with both at noon"}


def slot(hour, minute=0, who="bob", day=MONDAY):
    return f"{minute_floor(at(day, hour, minute))}.{who}"


def check(cast, hour, minute=0, who="charlie"):
    return f"/desk/book/individual/check?at={slot(hour, minute)}&client={cast.parties[who].public_id}"


def said(answer):
    found = whole(answer.headers["Location"].rpartition("/")[2])
    return found.override_codes, found.override_reason


def test_what_a_time_breaks_is_listed_and_booked_with_a_reason(dee, cast):
    path = check(cast, 20)
    page = dee.get(path)
    assert page.status_code == 200
    for words in ("This time is not offered", "Outside working hours", "Bob Reyes works 9:00 AM to 5:00 PM",
                  "Why is it booked all the same?", "Nothing about health, please."):  # fmt: skip
        assert words in page.text, words

    answer = dee.submit(path, {"way": "online", **WORDS})
    assert answer.status_code == 303
    assert said(answer) == (["outside_hours"], "Agreed with both at noon")
    page = dee.get(answer.headers["Location"]).text
    for words in ("Outside working hours.", "Agreed with both at noon", "Booked, although: outside working hours"):
        assert words in page, words
    again = dee.post(path, data={"at": slot(20), "way": "online", "against": "outside_hours", **WORDS})
    assert again.headers["Location"] == answer.headers["Location"]
    db.session.close()
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "appointment.booked")).one()
    assert event.detail == {"anyway": ["outside_hours"]}


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "That time is not offered."),
        ({"against": "outside_hours"}, "Choose why it is booked all the same."),
        ({"against": "outside_hours", "why": "other"}, "Say in a few words why."),
        ({"against": "outside_hours", "why": "owl"}, "Choose one from the list."),
        ({"against": "outside_hours", "why": "other", "note": "x" * 121}, "Use 120 characters or fewer."),
        ({"against": "closure", "why": "client"}, "That time is not offered."),
        ({"against": "booked.no_such_rule", "why": "client"}, "That time is not offered."),
    ],
)
def test_without_a_reason_nothing_is_booked_against_a_rule(dee, cast, sent, words):
    answer = dee.post(check(cast, 20), data={"at": slot(20), "way": "online", **sent})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="outside_hours"' in answer.text  # the page goes on asking
    assert db.session.scalars(select(Appointment)).all() == []


def test_a_session_in_the_way_is_never_among_what_gives_way(dee, cast):
    booked(cast, at(MONDAY, 20) - timedelta(hours=4), now=NOW)
    page = dee.get(check(cast, 16, 30))
    assert page.status_code == 409
    assert "Why is it booked all the same?" not in page.text
    sent = {"at": slot(16, 30), "way": "online", "against": "booked.outside_hours.not_on_step", "why": "client"}
    assert dee.post(check(cast, 16, 30), data=sent).status_code == 409


def test_buffers_give_way_at_the_desk(dee, cast):
    first = booked(cast, at(MONDAY, 14), now=NOW)
    page = dee.get(check(cast, 14, 50)).text
    assert "Too close to the buffer of another session" in page
    assert f"/desk/appointments/{first.public_id}" in page
    answer = dee.submit(check(cast, 14, 50), {"way": "online", "why": "client"})
    assert said(answer) == (["not_on_step", "buffer"], "The client asked for this time.")


def test_what_only_one_way_to_meet_breaks_is_said_beside_it(dee, cast):
    with unit_of_work() as session:
        closed = {"starts_at": at(MONDAY, 0), "ends_at": at(MONDAY + timedelta(days=1), 0)}
        session.add(Closure(location_id=cast.location, **closed))
    page = dee.get(check(cast, 20)).text
    shared, _, ways = page.partition("How will you meet?")
    assert "Outside working hours" in shared
    assert "Closed" not in shared
    assert "Closed, Monday 23 November, 12:00 AM" in ways
    answer = dee.submit(check(cast, 20), {"way": "at:village", "why": "client"})
    assert said(answer)[0] == ["outside_hours", "closure"]


def test_any_time_can_be_asked_for_and_leads_to_what_speaks_against_it(dee, cast):
    assert "Any other time" in dee.get("/desk/book/individual").text
    sent = {"whom": "bob", "on": "2026-11-23", "time": "20:00", "client": cast.charlie.public_id}
    answer = dee.get("/desk/book/individual/at", query_string=sent)
    assert dee.get(answer.headers["Location"]).headers["Location"] == check(cast, 20)
    for wrong in ({"whom": "nobody"}, {"on": "soon"}, {"time": "25:00"}, {"x": "1"}):
        page = dee.get("/desk/book/individual/at", query_string=sent | wrong)
        assert page.status_code == 422, wrong
        assert "<title>Error: " in page.text


def test_free_time_of_the_board_and_the_explanation_lead_there_too(dee, cast):
    at_eight, step = minute_floor(at(MONDAY, 20)), f"/desk/book/individual/who?at={slot(20)}"
    gap = dee.get(f"/desk/book?therapist=bob&start={at_eight}").text
    assert step in gap
    assert "Book it all the same…" in gap
    for viewer in ("clients", "staff"):
        assert step in dee.get(f"/desk/why?service=individual&therapist=bob&start={at_eight}&viewer={viewer}").text
    booked(cast, at(MONDAY, 14), now=NOW)
    for hour in (14, 9):  # a session is there; it has gone by
        asked = f"/desk/why?service=individual&therapist=bob&start={minute_floor(at(MONDAY, hour))}&viewer=staff"
        assert "Book it all the same…" not in dee.get(asked).text


def test_inside_the_notice_the_desk_is_told_and_asked_for_nothing(dee, cast):
    page = dee.get(check(cast, 11)).text
    assert "Clients cannot book this time any more" in page
    assert "Individual session is booked at least 1 hour ahead." in page
    assert "Why is it booked all the same?" not in page
    answer = dee.submit(check(cast, 11), {"way": "online"})
    assert said(answer) == (["too_soon"], "Booked by the front desk.")


def test_somebody_new_can_come_outside_hours(dee, cast):
    path = f"/desk/book/individual/new-client?at={slot(19)}"
    answer = dee.submit(path, {"name": "Nina Novak", "safe_contact": "none", "way": "online", "why": "therapist"})
    assert said(answer) == (["outside_hours"], "The therapist agreed to this time.")


def test_a_move_against_rules_needs_a_reason_too_and_can_be_taken_back(dee, cast):
    session = book_outside_hours(dee, cast)
    path = f"/desk/appointments/{session.public_id}/move/check"
    page = dee.get(f"{path}?at={slot(19)}")
    assert page.status_code == 200
    assert "Outside working hours. Bob Reyes works 9:00 AM to 5:00 PM on Monday 23 November." in page.text
    without = dee.post(path, data={"at": slot(19), "way": "online"})
    assert without.status_code == 422
    assert whole(session.public_id).starts_at == at(MONDAY, 20)

    answer = dee.submit(f"{path}?at={slot(14, 5)}", {"way": "online", "why": "therapist"})
    assert said(answer) == (["not_on_step"], "The therapist agreed to this time.")
    page = dee.get(answer.headers["Location"]).text
    assert "Moved from Monday 23 November, 8:00 PM to Monday 23 November, 2:05 PM" in page
    assert "although: between two starts of the hours" in page
    form = forms.find(page, {}, "/move/undo")
    assert dee.post(form.action, data=form.filled({})).status_code == 303
    found = whole(session.public_id)
    assert (found.starts_at, found.override_codes) == (at(MONDAY, 20), ["outside_hours"])
    assert found.override_reason == "Agreed with both at noon"


def book_outside_hours(dee, cast):
    answer = dee.submit(check(cast, 20), {"way": "online", **WORDS})
    return whole(answer.headers["Location"].rpartition("/")[2])


def test_rules_about_who_comes_are_weighed_before_they_are_booked_against(dee, cast):
    with unit_of_work() as session:
        session.execute(update(Service).where(Service.slug == "individual").values(needs_consultation=True))
    page = dee.get(check(cast, 15)).text
    assert "A consultation comes first" in page
    answer = dee.submit(check(cast, 15), {"way": "online", "why": "client"})
    assert said(answer) == (["consultation_first"], "The client asked for this time.")


def test_the_therapist_reads_what_was_booked_against(app, dee, cast):
    session = book_outside_hours(dee, cast)
    act_as(app, cast.identity("bob"), now=NOW)
    page = app.test_client().get(f"/therapist/appointments/{session.public_id}").text
    assert "Outside working hours." in page
    assert "Agreed with both at noon" in page
    for who, path in (("charlie", f"/me/sessions/{session.attendances[0].public_id}"),):
        act_as(app, cast.identity(who), now=NOW)
        page = app.test_client().get(path)
        assert page.status_code == 200, path
        assert "noon" not in page.text
