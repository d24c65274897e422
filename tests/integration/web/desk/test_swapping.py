"""Swapping two sessions at the desk: the exact change first, what stands in the way in words, and taking it back."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from practice.db import db, unit_of_work
from practice.models import AuditEvent, OutboxMessage
from practice.services.cancelling import cancel_appointment
from tests.support import forms
from tests.support.acting import act_as
from tests.support.cast import MONDAY, add_group_date, at
from tests.support.sessions import booked, whole

NOW = at(MONDAY, 10, 30)


@pytest.fixture
def pair(cast):
    return (
        booked(cast, at(MONDAY, 14), now=NOW, modality="in_person"),
        booked(cast, at(MONDAY, 15), "charlie", now=NOW, modality="in_person", therapist="bea"),
    )


@pytest.fixture
def path(pair):
    return f"/desk/appointments/{pair[0].public_id}/swap"


def stands(*sessions):
    found = [whole(each.public_id) for each in sessions]
    return [(each.starts_at, each.lead.slug, each.room.name if each.room else "online") for each in found]


def told():
    db.session.close()
    return db.session.scalar(select(func.count(OutboxMessage.id)).where(OutboxMessage.template == "moved"))


def ask(pair, what):
    return {"other": pair[1].public_id, "what": what}


def test_a_session_leads_to_the_others_of_its_day_and_to_the_exact_change(dee, cast, pair, path):
    booked(cast, at(MONDAY + timedelta(days=1), 14), now=NOW)
    session = f"/desk/appointments/{pair[0].public_id}"
    assert f'href="{path}"' in dee.get(session).text
    assert f'href="{path}"' in dee.get(f"{session}/menu").text
    page = dee.get(path).text
    assert page.count('name="other"') == 1
    assert "Charlie Moss, 3:00 to 3:50 PM, with Bea Lindqvist, Village studio, Willow" in page
    check = dee.get(f"{path}/check", query_string=ask(pair, "times")).text
    for words in ("Swap these two sessions?", "Monday 23 November, 3:00 PM\nNow: Monday 23 November, 2:00 PM",
                  "Bob Reyes, as now", "Charlie Moss, 3:00 to 3:50 PM"):  # fmt: skip
        assert words in check, words
    assert stands(*pair)[0] == (at(MONDAY, 14), "bob", "Willow")


@pytest.mark.parametrize(
    ("what", "wanted"),
    [
        ("times", [(at(MONDAY, 15), "bob", "Willow"), (at(MONDAY, 14), "bea", "Willow")]),
        ("therapists", [(at(MONDAY, 14), "bea", "Willow"), (at(MONDAY, 15), "bob", "Willow")]),
    ],
)
def test_they_swap_once_however_often_it_is_pressed_and_back(dee, pair, path, what, wanted):
    before = stands(*pair)
    page = dee.get(f"{path}/check", query_string=ask(pair, what)).text
    form = forms.find(page, {}, "/swap/check")
    answers = [dee.post(form.action, data=form.filled({})) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert (stands(*pair), told()) == (wanted, 2)
    assert [whole(each.public_id).sequence for each in pair] == [1, 1]
    page = dee.get(answers[0].headers["Location"]).text
    assert "The two sessions are swapped." in page
    assert f"Swapped {what} with another session" in page

    undo = forms.find(page, {}, "/swap/undo")
    for _ in range(2):
        answer = dee.post(undo.action, data=undo.filled({}))
        assert answer.status_code == 303
        assert "Taken back. Both sessions are as they were." in dee.get(answer.headers["Location"]).text
    assert (stands(*pair), told()) == (before, 0)


def test_what_stands_in_the_way_is_said_of_each_and_nothing_can_be_sent(dee, cast, pair, path):
    third = booked(cast, at(MONDAY, 15, 30), "alice", now=NOW)
    page = dee.get(f"{path}/check", query_string=ask(pair, "times")).text
    assert "These two cannot be swapped" in page
    assert "Another session is booked, 3:30 PM to 4:20 PM." in page
    assert "Alice Moss has another session then, 3:30 to 4:20 PM." in page
    assert f"/desk/appointments/{third.public_id}" in page
    assert 'method="post" action="/desk/appointments' not in page

    dates = dee.get(f"{path}/check", query_string={"other": third.public_id, "what": "rooms"})
    assert dates.status_code == 422
    assert "Both need to be in a room, and not in the same one." in dates.text


def test_what_changed_meanwhile_is_shown_as_it_stands(app, dee, cast, pair, path):
    page = dee.get(f"{path}/check", query_string=ask(pair, "times")).text
    form = forms.find(page, {}, "/swap/check")
    act_as(app, cast.identity("dee"), now=NOW + timedelta(minutes=1))
    move = f"/desk/appointments/{pair[1].public_id}/move/check"
    from_here = dee.get(f"{move}?at={int(at(MONDAY, 16).timestamp()) // 60}.bea").text
    moved = forms.find(from_here, {}, "/move/check")
    assert dee.post(moved.action, data=moved.filled({})).status_code == 303
    answer = dee.post(form.action, data=form.filled({}))
    assert answer.status_code == 409
    assert "One of the two has changed in the meantime." in answer.text
    assert stands(*pair)[0][0] == at(MONDAY, 14)
    again = forms.find(answer.text, {}, "/swap/check")
    assert dee.post(again.action, data=again.filled({})).status_code == 303
    assert [where[0] for where in stands(*pair)] == [at(MONDAY, 16), at(MONDAY, 14)]


def test_what_cannot_be_swapped_is_refused_kindly(dee, cast, pair, path):
    with unit_of_work() as session:
        group = add_group_date(session, cast, at(MONDAY, 12)).public_id
    ended = booked(cast, at(MONDAY, 12), "charlie", now=NOW, therapist="bea")
    with unit_of_work() as session:
        cancel_appointment(session, ended.public_id, by=cast.identity("dee"), now=NOW, by_practice=True)
    for other, words in (
        (pair[0].public_id, "A session cannot be swapped with itself."),
        (ended.public_id, "is cancelled or has begun"),
        (group, "A group&#39;s date stays as it is"),
    ):
        page = dee.get(f"{path}/check", query_string={"other": other, "what": "times"})
        assert page.status_code == 422
        assert words in page.text
    for wrong in ({}, {"other": "nothing", "what": "times"}, {"other": pair[1].public_id},
                  {"other": pair[1].public_id, "what": "shoes"}, ask(pair, "times") | {"x": "1"}):  # fmt: skip
        assert dee.get(f"{path}/check", query_string=wrong).status_code == 422, wrong
    again = dee.get(f"{path}/check", query_string={"other": pair[1].public_id}).text
    assert again.count('name="other"') == 1
    assert f">{pair[1].public_id}<" not in again
    good = ask(pair, "times") | {"seen": "x", "once": "y"}
    for wrong in ({}, good, good | {"seen": f"{NOW.isoformat()}|2026-11-23T10:00:00"}, good | {"once": ""}):
        assert dee.post(f"{path}/check", data=wrong).status_code == 422, wrong
    for wrong in ({}, ask(pair, "times") | {"swapped_at": "soon"}):
        assert dee.post(f"{path}/undo", data=wrong).status_code == 422, wrong
    for one in (ended.public_id, group):
        assert dee.get(f"/desk/appointments/{one}/swap").status_code == 409
    assert dee.get("/desk/appointments/nothing/swap").status_code == 404
    assert stands(*pair)[0][0] == at(MONDAY, 14)


def test_only_the_desk_swaps_and_it_is_on_record(app, dee, cast, pair, path):
    page = dee.get(f"{path}/check", query_string=ask(pair, "times")).text
    form = forms.find(page, {}, "/swap/check")
    for who in ("alice", "bob", "ada"):
        act_as(app, cast.identity(who), now=NOW)
        client = app.test_client()
        assert client.get(path).status_code == 404
        assert client.get(f"{path}/check", query_string=ask(pair, "times")).status_code == 404
        assert client.post(form.action, data=form.filled({})).status_code == 404
        assert client.post(f"{path}/undo", data={}).status_code == 404
    act_as(app, cast.identity("dee"), now=NOW)
    assert dee.post(form.action, data=form.filled({})).status_code == 303
    db.session.close()
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "appointment.swapped")).all()
    assert {event.subject_id for event in events} == {each.public_id for each in pair}
    assert "Moss" not in str([event.detail for event in events])


def test_a_day_without_another_session_leads_to_a_move(dee, cast):
    alone = booked(cast, at(MONDAY, 14), now=NOW)
    page = dee.get(f"/desk/appointments/{alone.public_id}/swap").text
    assert "There is nothing to swap with on this day" in page
    assert f"/desk/appointments/{alone.public_id}/move" in page
