"""Booking for a caller, moving a session, and why a time is not offered."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from practice.db import db, unit_of_work
from practice.domain.intervals import minute_floor
from practice.models import Appointment, Client, OutboxMessage
from tests.support.acting import act_as
from tests.support.cast import MONDAY, add_group_date, at
from tests.support.counting import statements
from tests.support.sessions import booked, whole

NOW = at(MONDAY, 10, 30)
NEW = {"name": "Nina Novak", "safe_contact": "none", "way": "online"}


def slot(hour, minute=0, who="bob", day=MONDAY):
    return f"{minute_floor(at(day, hour, minute))}.{who}"


def count(model):
    db.session.close()
    return db.session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def check(cast):
    return f"/desk/book/individual/check?at={slot(14)}&client={cast.alice.public_id}"


def test_a_caller_is_booked_step_by_step_without_notice(dee, cast):
    assert "/desk/book/individual" in dee.get("/desk/book").text
    times = dee.get("/desk/book/individual?therapist=bob").text
    assert f"/desk/book/individual/who?at={slot(11)}" in times
    assert "Monday 23 November" in times
    who = dee.post(f"/desk/book/individual/who?at={slot(11)}", data={"words": "alice"})
    assert who.status_code == 303
    who = dee.get(who.headers["Location"]).text
    step = f"/desk/book/individual/who?at={slot(11)}&amp;client={cast.alice.public_id}"
    assert step in who
    check = dee.get(step.replace("&amp;", "&")).headers["Location"]
    answer = dee.submit(check, {"way": "at:village"})

    assert answer.status_code == 303
    found = whole(answer.headers["Location"].rpartition("/")[2])
    assert (found.starts_at, found.modality, found.room.name) == (at(MONDAY, 11), "in_person", "Willow")
    assert [place.client.public_id for place in found.attendances] == [cast.alice.public_id]
    assert "Booked." in dee.get(answer.headers["Location"]).text


def test_somebody_new_is_added_with_the_session_or_not_at_all(dee, cast):
    path = f"/desk/book/individual/new-client?at={slot(14)}"
    clients, told = count(Client), count(OutboxMessage)
    answer = dee.submit(path, NEW)
    assert answer.status_code == 303
    db.session.close()
    made = db.session.scalars(select(Client).where(Client.name == "Nina Novak")).one()
    assert (made.email, made.phone, made.safe_contact, made.zone) == (None, None, "none", "America/New_York")
    assert (count(Client), count(OutboxMessage)) == (clients + 1, told)

    again = dee.post(path, data=NEW | {"at": slot(14), "zone": "Europe/London", "name": "Otto Late"})
    assert again.status_code == 409
    assert "Otto Late" in again.text
    assert f'value="{slot(15)}"' in again.text
    assert count(Client) == clients + 1
    assert dee.post(path, data=NEW | {"at": slot(15), "zone": "Europe/London", "name": "Ida"}).status_code == 303


def test_what_makes_no_sense_of_somebody_new_is_refused_and_changes_nothing(dee, cast):
    path = f"/desk/book/individual/new-client?at={slot(14)}"
    good = NEW | {"at": slot(14), "zone": "America/New_York"}
    clients = count(Client)
    for wrong in (
        {"name": ""}, {"name": "x" * 121}, {"name": "a\x00b"}, {"email": "nobody"}, {"phone": "12"}, {"zone": "X"},
        {"safe_contact": "email"}, {"safe_contact": "call"}, {"safe_contact": "owl"}, {"way": "by boat"}, {"way": ""},
        {"role": "admin"},
    ):  # fmt: skip
        answer = dee.post(path, data=good | wrong)
        assert answer.status_code == 422, wrong
        assert "There is a problem" in answer.text
    for at_ in ("1.bob.x", "x", "99999999999.bob", f"{slot(14)[:-3]}nobody", ""):
        assert dee.post(path, data=good | {"at": at_}).status_code in (404, 422), at_
    assert (count(Client), count(Appointment)) == (clients, 0)


def test_a_lost_race_shows_other_times_and_one_of_them_can_be_taken(dee, cast, check):
    page = dee.get(check)
    booked(cast, at(MONDAY, 14), "charlie", now=NOW)
    lost = dee.post(check, data={"at": slot(14), "way": "online"})

    assert page.status_code == 200
    assert lost.status_code == 409
    assert "That time has just been taken. These are close to it." in lost.text
    assert f'value="{slot(15)}"' in lost.text
    assert dee.get(check).status_code == 409
    assert dee.post(check, data={"at": slot(15), "way": "online"}).status_code == 303


def test_pressing_twice_books_once_and_leads_to_it(dee, cast, check):
    first, second = (dee.post(check, data={"at": slot(14), "way": "online"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"] == dee.get(check).headers["Location"]
    assert "This is booked already." in dee.get(second.headers["Location"]).text
    assert (count(Appointment), count(OutboxMessage)) == (1, 1)

    with unit_of_work() as session:
        add_group_date(session, cast, at(MONDAY, 16), capacity=1)
    group = f"/desk/book/move-and-play/check?at={slot(16)}&client={cast.alice.public_id}"
    first, second = (dee.post(group, data={"at": slot(16), "way": "at:village"}) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]

    other = check.replace(cast.alice.public_id, cast.charlie.public_id)
    assert dee.post(other, data={"at": slot(14), "way": "online"}).status_code == 409


def test_a_client_who_is_busy_then_and_hours_that_are_over_are_said(dee, cast, check):
    booked(cast, at(MONDAY, 14), "alice", now=NOW, therapist="bea")
    answer = dee.post(check, data={"at": slot(14), "way": "online"})
    assert answer.status_code == 409
    assert "There is another session at that time." in answer.text

    answer = dee.post(check, data={"at": slot(20), "way": "online"})
    assert answer.status_code == 422
    assert "That time is not offered." in answer.text


def test_two_come_to_a_session_for_two(dee, cast):
    first = f"/desk/book/couple/who?at={slot(14)}&client={cast.alice.public_id}"
    assert "Who comes with Alice Moss?" in dee.get(first).text
    assert dee.get(f"{first}.{cast.alice.public_id}").status_code == 404
    both = f"{cast.alice.public_id}.{cast.charlie.public_id}"
    assert dee.get(f"/desk/book/individual/check?at={slot(14)}&client={both}").status_code == 404
    answer = dee.submit(f"/desk/book/couple/check?at={slot(14)}&client={both}", {"way": "online"})

    found = whole(answer.headers["Location"].rpartition("/")[2])
    assert [place.client.public_id for place in found.attendances] == both.split(".")


def test_two_who_are_both_new(dee, cast):
    first = dee.submit(f"/desk/book/couple/new-client?at={slot(14)}", {"name": "Ann New", "safe_contact": "none"})
    assert first.status_code == 303
    assert "/desk/book/couple/who" in first.headers["Location"]
    client = first.headers["Location"].partition("client=")[2]
    second = dee.submit(
        f"/desk/book/couple/new-client?at={slot(14)}&client={client}",
        {"name": "Abe New", "safe_contact": "none", "way": "online"},
    )
    found = whole(second.headers["Location"].rpartition("/")[2])
    assert [place.client.name for place in found.attendances] == ["Ann New", "Abe New"]


def test_a_place_in_a_group_is_booked_on_its_own_date(dee, cast):
    with unit_of_work() as session:
        add_group_date(session, cast, at(MONDAY, 15), capacity=1)
    assert slot(15) in dee.get("/desk/book/move-and-play").text
    path = f"/desk/book/move-and-play/check?at={slot(15)}&client="
    assert dee.submit(path + cast.alice.public_id, {"way": "at:village"}).status_code == 303
    assert dee.get(path + cast.charlie.public_id).status_code == 409


def test_addresses_that_lead_nowhere(dee, cast):
    for path in (
        "/desk/book/nothing", "/desk/book/individual?therapist=nobody", "/desk/book/individual?from=soon",
        "/desk/book/individual/who", "/desk/book/individual/who?at=x",
        f"/desk/book/individual/who?at={slot(14)}&client=x",
        f"/desk/book/individual/check?at={slot(14)}", f"/desk/book/individual/check?client={cast.alice.public_id}",
        "/desk/book?client=nobody", f"/desk/book/individual/new-client?at={slot(14)}&client={cast.alice.public_id}",
        "/desk/book/individual/who?at=999999999.bob&client=%00",
    ):  # fmt: skip
        assert dee.get(path).status_code == 404, path


def test_only_the_desk_books_for_callers(app, cast, check):
    for who in ("alice", "bob", "ada"):
        act_as(app, cast.identity(who), now=NOW)
        client = app.test_client()
        for path in ("/desk/book", "/desk/book/individual", check, "/desk/why"):
            assert client.get(path).status_code == 404, (who, path)
        assert client.post(check, data={"at": slot(14), "way": "online"}).status_code == 404
    assert count(Appointment) == 0


def test_times_cost_as_many_statements_full_as_empty(app, dee, cast):
    def cost():
        dee.get("/desk/book/individual")
        with statements(app) as seen:
            assert dee.get("/desk/book/individual").status_code == 200
        return len(seen)

    few = cost()
    for day in range(4):
        for hour in (11, 12, 13, 14, 15):
            booked(cast, at(MONDAY + timedelta(days=day), hour), now=NOW)
    assert cost() == few
