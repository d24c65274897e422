"""A therapist's own days: sessions, who is here, hours and time off. Nobody else's are there."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from practice.db import db, unit_of_work
from practice.domain.permissions import SYSTEM
from practice.models import Attendance, AuditEvent, Availability, Client, TimeOff
from practice.queries.busy import current_rules
from practice.services.booking import Keep, hold_slot
from practice.services.cancelling import cancel_attendance
from practice.services.finding import Wish
from tests.support.acting import act_as
from tests.support.cast import MONDAY, add_group_date, at
from tests.support.counting import statements
from tests.support.sessions import booked, whole

NOW = at(MONDAY, 10, 30)
TUESDAY = MONDAY + timedelta(days=1)
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')


@pytest.fixture
def bob(app, cast):
    act_as(app, cast.identity("bob"), now=NOW)
    return app.test_client()


def change(model, where, **values):
    with unit_of_work() as session:
        session.execute(update(model).where(where).values(**values))


def column(text, on):
    """The part of the page that shows one day."""
    return text.split(f'aria-labelledby="column-{on.isoformat()}"')[1].split("</section>")[0]


def test_the_week_shows_my_sessions_and_nobody_elses(bob, cast):
    booked(cast, at(MONDAY, 14), now=NOW)
    booked(cast, at(MONDAY, 15), "charlie", now=NOW, therapist="bea")
    page = bob.get("/therapist").text

    assert "23 to 27 November" in page
    assert "1 session · 50 minutes" in page
    assert "Alice Moss" in column(page, MONDAY)
    assert "9 AM to 5 PM" in column(page, MONDAY)
    assert "Charlie Moss" not in page
    assert "Next free (Individual session): Today, 11:30 AM, 12:00 PM, 12:30 PM and 1:00 PM" in page
    assert "Nothing is booked" in bob.get("/therapist/weeks/2026-12-03").text


def test_three_ways_to_see_the_same_days(bob, cast):
    booked(cast, at(TUESDAY, 14), now=NOW)
    for way in ("/therapist/weeks/2026-11-24", "/therapist/weeks/2026-11-24/list", "/therapist/days/2026-11-24"):
        page = bob.get(way).text
        assert "Alice Moss" in column(page, TUESDAY), way
        assert [label for label in ("Day", "Week", "List") if f">{label}</a>" in page] == ["Day", "Week", "List"], way
    assert "Alice Moss" not in bob.get("/therapist/days/2026-11-25").text
    for view, path in (
        ("one_week", "weeks/2026-12-03"),
        ("one_list", "weeks/2026-12-03/list"),
        ("one_day", "days/2026-12-03"),
    ):
        assert bob.get(f"/therapist?on=2026-12-03&view={view}").headers["Location"] == f"/therapist/{path}"
    for on in ("2026-02-30", "0001-01-01", "9999-12-31", "x"):
        for path in (f"weeks/{on}", f"weeks/{on}/list", f"days/{on}"):
            assert bob.get(f"/therapist/{path}").status_code == 404, path
    assert bob.get("/therapist?on=2026-12-03&view=one_year").status_code == 404


def test_who_is_here_and_who_said_they_are_late_stand_at_the_top(bob, cast):
    assert "Nobody is waiting." in bob.get("/therapist").text
    first = booked(cast, at(MONDAY, 11), now=NOW).attendances[0].id
    second = booked(cast, at(MONDAY, 10, 0), "charlie", now=at(MONDAY, 9)).attendances[0].id
    change(Attendance, Attendance.id == first, status="arrived")
    change(Attendance, Attendance.id == second, late_minutes=10)
    change(Client, Client.id == cast.alice.id, chosen_name="Ally")

    here = bob.get("/therapist").text.split('aria-labelledby="here"')[1].split("</section>")[0]
    assert re.findall(r">(Ally|Charlie Moss)</a> (11:00 AM|10:00 AM)", here) == [
        ("Charlie Moss", "10:00 AM"),
        ("Ally", "11:00 AM"),
    ]
    assert "Waiting" in here
    assert 'aria-labelledby="here"' not in bob.get("/therapist/weeks/2026-12-03").text


def test_states_are_said_in_words_and_now_is_a_line_of_today(bob, cast):
    kept = booked(cast, at(MONDAY, 9), now=at(MONDAY, 8)).attendances[0].id
    gone = booked(cast, at(MONDAY, 15), "charlie", now=NOW).attendances[0]
    change(Attendance, Attendance.id == kept, status="completed")
    with unit_of_work() as session:
        cancel_attendance(session, gone.public_id, by=SYSTEM, now=NOW, by_practice=True)
        session.add(
            TimeOff(therapist_id=cast.bob, starts_at=at(TUESDAY, 0), ends_at=at(TUESDAY, 24 - 1), note="Dentist")
        )
        add_group_date(session, cast, at(TUESDAY, 18))
    page = bob.get("/therapist").text

    today, tomorrow = column(page, MONDAY), column(page, TUESDAY)
    assert "Completed" in today
    assert 'class="event ended' in today
    assert "Cancelled" in today
    assert "Now, 10:30 AM" in today
    assert "Now," not in tomorrow
    assert "Time off" in tomorrow
    assert "Dentist" not in page
    assert "0 of 3 places" in tomorrow
    assert 'aria-current="date"' in today

    booked(cast, at(MONDAY, 15), now=NOW)
    assert 'class="event ended' not in column(bob.get("/therapist").text, MONDAY)  # somebody else has its time


def test_a_time_that_is_being_booked_is_shown_without_a_name_until_it_lapses(app, bob, cast):
    wish = Wish(cast.individual, cast.bob, at(MONDAY, 15), "online")
    with unit_of_work() as session:
        keep = Keep(until=NOW + timedelta(minutes=15), holder_hash=b"browser")
        hold_slot(session, current_rules(db.session()), wish, by=cast.identity("dee"), now=NOW, keep=keep)
    assert "Somebody is booking" in bob.get("/therapist").text
    act_as(app, cast.identity("bob"), now=NOW + timedelta(minutes=16))
    assert "Somebody is booking" not in bob.get("/therapist").text


def test_a_session_is_there_for_whoever_leads_it(bob, cast):
    mine = booked(cast, at(MONDAY, 14), now=NOW)
    other = booked(cast, at(MONDAY, 15), "charlie", now=NOW, therapist="bea")

    assert "Alice Moss" in bob.get(f"/therapist/appointments/{mine.public_id}").text
    assert bob.get(f"/therapist/appointments/{other.public_id}").status_code == 404
    assert bob.get("/therapist/appointments/nothing").status_code == 404


def test_a_session_says_who_comes_and_how_to_reach_them_safely(bob, cast):
    earlier = booked(cast, at(MONDAY, 9), now=at(MONDAY, 8))
    mine = booked(cast, at(MONDAY, 14), now=NOW)
    booked(cast, at(TUESDAY, 9), now=NOW, therapist="bea")
    later = booked(cast, at(TUESDAY, 14), now=NOW)
    change(Attendance, Attendance.id == earlier.attendances[0].id, status="completed")
    path = f"/therapist/appointments/{mine.public_id}"
    reach = {
        "email": "E-mail is safe: alice@demo.test",
        "text": "Text messages are safe, e-mail is not: (212) 555-0100",
        "call": "Calls are safe, messages are not: (212) 555-0100",
        "none": "Please do not contact this person",
    }
    for safe, words in reach.items():
        change(Client, Client.id == cast.alice.id, safe_contact=safe, phone="+12125550100", pronouns="she/her")
        page = bob.get(path).text
        assert words in page
        assert ("alice@demo.test" in page, "555-0100" in page) == (safe == "email", safe in ("text", "call")), safe
    assert "she/her" in page
    assert "1 completed session together before this one." in page
    assert f"/therapist/appointments/{earlier.public_id}" in page
    assert f"/therapist/appointments/{later.public_id}" in page
    assert "Tuesday 24 November, 9:00 AM" not in page  # that one is with somebody else
    assert "Your first session together." in bob.get(f"/therapist/appointments/{earlier.public_id}").text


def test_a_therapist_notes_what_happened_and_takes_it_back(app, bob, cast):
    mine = booked(cast, at(MONDAY, 10), now=at(MONDAY, 9))
    seat = mine.attendances[0].public_id
    page = f"/therapist/appointments/{mine.public_id}"

    def status():
        return whole(mine.public_id).attendances[0].status

    for step in ("arrived", "completed", "arrived", "booked", "no_show", "booked"):
        answer = bob.post(f"/therapist/attendances/{seat}/status", data={"status": step})
        assert (answer.status_code, answer.headers["Location"], status()) == (303, page, step)
    answer = bob.post(f"/therapist/attendances/{seat}/status", data={"status": "arrived", "back": "day"})
    assert answer.headers["Location"] == "/therapist/days/2026-11-23"
    db.session.close()
    noted = db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == seat)).all()
    assert noted.count("attendance.arrived") == 3


def test_nobody_notes_what_is_not_theirs_or_makes_no_sense(app, bob, cast):
    other = booked(cast, at(MONDAY, 10), now=at(MONDAY, 9), therapist="bea").attendances[0].public_id
    ahead = booked(cast, at(TUESDAY, 10), "charlie", now=NOW).attendances[0].public_id
    for seat, sent, status in (
        (other, {"status": "arrived"}, 404),
        ("nothing", {"status": "arrived"}, 404),
        (ahead, {"status": "completed"}, 409),
        (ahead, {"status": "cancelled"}, 422),
        (ahead, {"status": ""}, 422),
        (ahead, {"status": "arrived", "id": "1"}, 422),
    ):
        assert bob.post(f"/therapist/attendances/{seat}/status", data=sent).status_code == status, sent
    for who in ("alice", "dee", "ada"):
        act_as(app, cast.identity(who), now=NOW)
        client = app.test_client()
        assert client.get("/therapist").status_code == 404
        assert client.post(f"/therapist/attendances/{ahead}/status", data={"status": "arrived"}).status_code == 404
    assert not db.session.scalars(select(AuditEvent).where(AuditEvent.action == "attendance.arrived")).all()


def test_a_week_of_sixty_sessions_is_light(app, bob, cast):
    """Six statements at most, the session of whoever asks among them, and less than 60 kB before compression."""

    def cost(week):
        with statements(app) as seen:
            page = bob.get(f"/therapist/weeks/{week}")
        return len(seen), page

    change(Availability, Availability.therapist_id == cast.bob, start_minute=7 * 60, end_minute=21 * 60)
    days = [MONDAY + timedelta(days=7 + day) for day in range(5)]
    starts = [at(on, 8) + timedelta(hours=hour) for on in days for hour in range(12)]
    for number, start in enumerate(starts):
        booked(cast, start, ("alice", "charlie")[number % 2], now=NOW)
    bob.get("/therapist")
    empty, _ = cost("2026-12-08")
    full, page = cost("2026-12-01")
    again, same = cost("2026-12-01")
    assert page.text.count('class="event hue') == 60
    assert "60 sessions · 50 hours" in page.text
    assert len(page.data) < 60_000
    assert (empty, full) == (full, full)
    assert full <= 5
    assert again <= 3
    # The signature of a form's token holds the second at which it was made.
    assert TOKEN.sub("", same.text) == TOKEN.sub("", page.text)


def test_what_was_drawn_is_drawn_anew_when_it_changes_or_time_goes_by(app, bob, cast):
    for way in ("/therapist", "/therapist/weeks/2026-11-23/list", "/therapist/days/2026-11-23"):
        assert "Alice Moss" not in bob.get(way).text
    seat = booked(cast, at(MONDAY, 11), now=NOW).attendances[0].id
    for way in ("/therapist", "/therapist/weeks/2026-11-23/list", "/therapist/days/2026-11-23"):
        assert "Alice Moss" in bob.get(way).text
    change(Attendance, Attendance.id == seat, status="arrived")
    assert "Waiting" in bob.get("/therapist").text
    change(Client, Client.id == cast.alice.id, chosen_name="Ally")
    assert "Ally" in bob.get("/therapist").text
    act_as(app, cast.identity("bob"), now=NOW + timedelta(minutes=31))
    page = bob.get("/therapist").text
    assert "In session" in page
    assert "Now, 11:01 AM" in page
    act_as(app, cast.identity("bob"), now=NOW + timedelta(days=1))
    assert 'id="column-2026-11-24"><a href="/therapist/days/2026-11-24" class="today"' in bob.get("/therapist").text


def test_every_sign_in_that_reads_is_on_record(app, bob, cast):
    made = booked(cast, at(MONDAY, 14), now=NOW)

    def reads():
        db.session.close()
        return db.session.scalars(select(AuditEvent.detail).where(AuditEvent.action == "diary.read")).all()

    bob.get("/therapist")
    bob.get("/therapist")
    assert reads() == [{"appointments": [made.public_id]}]
    act_as(app, replace(cast.identity("bob"), session_id="another"), now=NOW)
    bob.get("/therapist")
    assert len(reads()) == 2
    booked(cast, at(MONDAY, 15), "charlie", now=NOW)
    bob.get("/therapist")
    assert [len(each["appointments"]) for each in reads()] == [1, 1, 2]
