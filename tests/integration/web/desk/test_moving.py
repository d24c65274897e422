"""Moving a session at the desk: the server decides, says why not, and takes a slip back."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from practice.db import db, unit_of_work
from practice.domain.intervals import minute_floor
from practice.domain.lifecycle import UNDO_FOR
from practice.models import AuditEvent, OutboxMessage
from practice.services import outbox
from tests.support.acting import act_as
from tests.support.cast import MONDAY, add_group_date, at
from tests.support.sessions import booked, whole

NOW = at(MONDAY, 10, 30)
TUESDAY = MONDAY + timedelta(days=1)
HERE = "/desk/days/2026-11-23"


def slot(hour, minute=0, who="bob"):
    return f"{minute_floor(at(MONDAY, hour, minute))}.{who}"


@pytest.fixture
def session(cast):
    return booked(cast, at(MONDAY, 14), now=NOW, modality="in_person")


@pytest.fixture
def path(session):
    return f"/desk/appointments/{session.public_id}/move"


@pytest.fixture
def willow(cast):
    return f"room:{cast.rooms[0]}"


@pytest.fixture
def birch(cast):
    return f"room:{cast.rooms[1]}"


def told():
    db.session.close()
    return db.session.query(OutboxMessage).filter_by(template="moved").count()


def stands(session):
    found = whole(session.public_id)
    return found.starts_at, found.lead.slug, found.room.name if found.room else "online"


def test_the_page_offers_a_form_what_is_free_at_the_same_time_and_open_times(dee, path, birch):
    page = dee.get(path).text
    assert 'value="2026-11-23"' in page
    assert '<option selected value="14:00">' in page
    assert '<option selected value="room:1">' in page
    for words in ("Alice Moss", "Monday 23 November", "2:00 to 2:50 PM", "Free at the same time", "Bea Lindqvist"):
        assert words in page, words
    assert f'href="{path}/check?at={slot(14)}&amp;way={birch}"' in page
    assert f'href="{path}/check?at={slot(14, who="bea")}"' in page
    assert f"{path}/check?at={slot(11)}" in page


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"therapist": "bea"}, (at(MONDAY, 14), "bea", "Willow")),
        ({"time": "11:00"}, (at(MONDAY, 11), "bob", "Willow")),
        ({"place": "birch"}, (at(MONDAY, 14), "bob", "Birch")),
        ({"place": "online", "on": "2026-11-24"}, (at(TUESDAY, 14), "bob", "online")),
        ({"time": "14:30"}, (at(MONDAY, 14, 30), "bob", "Willow")),  # over the time that it keeps itself
    ],
)
def test_the_form_leads_to_the_exact_change_and_that_to_the_move(dee, cast, session, path, birch, fields, wanted):
    fields = {name: birch if value == "birch" else value for name, value in fields.items()}
    sent = {"therapist": "bob", "on": "2026-11-23", "time": "14:00", "place": f"room:{cast.rooms[0]}"} | fields
    check = dee.get(f"{path}/to", query_string=sent).headers["Location"]
    assert dee.get(check).status_code == 200
    assert stands(session) == (at(MONDAY, 14), "bob", "Willow")  # nothing moves yet

    answer = dee.submit(check, {}, action="/check")
    assert answer.status_code == 303
    assert stands(session) == wanted
    assert "The session has moved." in dee.get(answer.headers["Location"]).text
    assert told() == 1


def test_the_change_is_said_exactly(dee, path):
    page = dee.get(f"{path}/check?at={slot(15, who='bea')}").text
    for words in ("Monday 23 November, 3:00 PM\nNow: Monday 23 November, 2:00 PM", "Bea Lindqvist\nNow: Bob Reyes",
                  "Village studio, Willow", "$140, as now"):  # fmt: skip
        assert words in page, words


def test_a_form_that_is_not_filled_in_says_what_is_missing(dee, session, path, willow):
    good = {"therapist": "bob", "on": "2026-11-23", "time": "15:00", "place": willow}
    for wrong in (
        {"on": ""},
        {"on": "soon"},
        {"time": ""},
        {"time": "25:00"},
        {"place": "room:999"},
        {"therapist": ""},
    ):
        page = dee.get(f"{path}/to", query_string=good | wrong)
        assert page.status_code == 422, wrong
        assert "There is a problem" in page.text
        assert "<title>Error: " in page.text
    assert dee.get(f"{path}/to").status_code == 422
    assert dee.get(f"{path}/to", query_string=good | {"therapist": "nobody"}).status_code == 404


@pytest.mark.parametrize(
    ("at_", "words", "link"),
    [
        (slot(10), "This time has gone by.", ""),
        (slot(12), "Another session is booked, 12:00 PM to 12:50 PM.", "/desk/appointments/"),
    ],
)
def test_what_is_not_possible_is_said_with_the_reason_and_other_times(dee, cast, session, path, at_, words, link):
    other = booked(cast, at(MONDAY, 12), "charlie", now=NOW)
    page = dee.get(f"{path}/check?at={at_}")
    assert page.status_code == 409
    assert words in page.text
    assert f'value="{slot(11)}"' in page.text
    assert "/desk/why?service=individual" in page.text
    assert not link or f'href="{link}{other.public_id}"' in page.text
    assert "Charlie" not in page.text
    assert stands(session)[0] == at(MONDAY, 14)


def test_a_room_that_is_taken_is_said_and_another_is_chosen(dee, cast, session, path, willow, birch):
    booked(cast, at(MONDAY, 15), "charlie", now=NOW, therapist="bea", modality="in_person")
    page = dee.get(f"{path}/check?at={slot(15)}&way={willow}").text
    assert "No room that fits is free." in page
    assert "Willow: session at 3:00 PM" in page
    answer = dee.submit(f"{path}/check?at={slot(15)}&way={willow}", {}, action="/check")
    assert answer.status_code == 303
    assert stands(session) == (at(MONDAY, 15), "bob", "Birch")


def test_a_lost_race_leaves_everything_and_offers_other_times(dee, cast, session, path, willow):
    assert dee.get(f"{path}/check?at={slot(11)}").status_code == 200
    booked(cast, at(MONDAY, 11), "charlie", now=NOW)
    lost = dee.post(f"{path}/check", data={"at": slot(11), "way": willow, "back": HERE})
    assert lost.status_code == 409
    assert "That time has just been taken. These are close to it." in lost.text
    times = re.findall(r'name="at" value="([^"]+)"', lost.text)
    assert slot(12) in times
    assert (stands(session)[0], told()) == (at(MONDAY, 14), 0)
    again = dee.post(f"{path}/check", data={"at": slot(12), "way": willow, "back": HERE})
    assert (again.status_code, again.headers["Location"]) == (303, HERE)


def test_a_room_can_be_lost_too(dee, cast, session, path, willow):
    booked(cast, at(MONDAY, 11), "charlie", now=NOW, therapist="bea", modality="in_person")
    lost = dee.post(f"{path}/check", data={"at": slot(11), "way": willow})
    assert lost.status_code == 409
    assert "There is no free room at that time." in lost.text
    assert stands(session)[0] == at(MONDAY, 14)


def test_pressing_twice_moves_once_and_tells_once(dee, session, path, willow):
    for _ in range(2):
        assert dee.post(f"{path}/check", data={"at": slot(15), "way": willow}).status_code == 303
    assert (stands(session)[0], whole(session.public_id).sequence, told()) == (at(MONDAY, 15), 1, 1)


def test_a_move_is_taken_back_and_nobody_hears_of_it(dee, session, path, birch):
    dee.post(f"{path}/check", data={"at": slot(15, who="bea"), "way": birch, "back": HERE})
    page = dee.get(HERE).text
    sent = {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"',
            page[page.index("/move/undo"):page.index("Undo<")])}  # fmt: skip
    for _ in range(2):
        answer = dee.post(f"{path}/undo", data=sent)
        assert (answer.status_code, answer.headers["Location"]) == (303, HERE)
        assert "Taken back. The session is where it was." in dee.get(HERE).text
    assert stands(session) == (at(MONDAY, 14), "bob", "Willow")
    assert told() == 0


def test_a_move_that_was_told_is_told_again_when_it_is_taken_back(dee, session, path, willow):
    dee.post(f"{path}/check", data={"at": slot(15), "way": willow})
    with unit_of_work() as writing:
        outbox.claim_due(writing, now=NOW + UNDO_FOR)
    sent = {"at": slot(14), "way": willow, "moved_at": NOW.isoformat()}
    assert dee.post(f"{path}/undo", data=sent).status_code == 303
    assert (stands(session)[0], told()) == (at(MONDAY, 14), 2)


def test_taking_a_move_back_leaves_what_changed_since(app, dee, cast, session, path, willow):
    dee.post(f"{path}/check", data={"at": slot(15), "way": willow})
    act_as(app, cast.identity("dee"), now=at(MONDAY, 10, 31))
    dee.post(f"{path}/check", data={"at": slot(16), "way": willow, "back": HERE})
    dee.get(HERE)
    sent = {"at": slot(14), "way": willow, "moved_at": NOW.isoformat(), "back": HERE}
    assert dee.post(f"{path}/undo", data=sent).status_code == 303
    assert "This has changed in the meantime, so nothing was taken back." in dee.get(HERE).text
    assert stands(session)[0] == at(MONDAY, 16)

    # Whatever place a form names: it goes back to where the record says it was, and that is taken now.
    booked(cast, at(MONDAY, 15), "charlie", now=NOW)
    taken = dee.post(f"{path}/undo", data=sent | {"moved_at": at(MONDAY, 10, 31).isoformat()})
    assert taken.status_code == 409
    assert "That time has just been taken." in taken.text


def test_what_cannot_move_and_what_makes_no_sense(app, dee, cast, session, path, willow):
    for sent in ({"way": willow}, {"at": slot(15), "way": "by boat"}, {"at": slot(15)},
                 {"at": slot(15), "way": willow, "x": "1"},
                 {"at": slot(15), "way": willow, "back": "https://elsewhere.test"}):  # fmt: skip
        assert dee.post(f"{path}/check", data=sent).status_code in (404, 422), sent
    for sent in ({}, {"at": slot(15), "way": willow}, {"at": slot(15), "way": willow, "moved_at": "soon"},
                 {"at": slot(15), "way": willow, "moved_at": "2026-11-23T10:00:00"}):  # fmt: skip
        assert dee.post(f"{path}/undo", data=sent).status_code == 422, sent
    for bad in ("nonsense", "1.nobody", "99999999999.bob", ""):
        assert dee.get(f"{path}/check", query_string={"at": bad}).status_code == 404, bad
    begun = booked(cast, at(MONDAY, 9), now=at(MONDAY, 8))
    with unit_of_work() as writing:
        group = add_group_date(writing, cast, at(MONDAY, 15)).public_id
    for one in (begun.public_id, group):
        assert dee.get(f"/desk/appointments/{one}/move").status_code == 409
    assert dee.get("/desk/appointments/nothing/move").status_code == 404
    assert stands(session)[0] == at(MONDAY, 14)
    for who in ("alice", "bob", "ada"):
        act_as(app, cast.identity(who), now=NOW)
        client = app.test_client()
        for page in (path, f"{path}/to", f"{path}/check?at={slot(15)}"):
            assert client.get(page).status_code == 404
        assert client.post(f"{path}/check", data={"at": slot(15), "way": willow}).status_code == 404
        assert client.post(f"{path}/undo", data={"at": slot(15), "way": willow}).status_code == 404


def test_a_move_is_on_record_with_both_times(dee, cast, session, path, willow):
    dee.post(f"{path}/check", data={"at": slot(15), "way": willow})
    db.session.close()
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "appointment.moved")).one()
    assert event.subject_id == session.public_id
    assert event.detail.pop("was") == [cast.bob, cast.location, cast.rooms[0]]
    assert event.detail == {"from_at": at(MONDAY, 14).isoformat(), "to_at": at(MONDAY, 15).isoformat()}
