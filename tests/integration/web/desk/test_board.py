"""The board of a day: its filters, its free time, what it costs, and how it refreshes itself."""

import re
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event, select, update

from practice.db import db, unit_of_work
from practice.domain.permissions import Identity, permissions_of
from practice.models import Attendance, AuditEvent, TimeOff
from practice.queries.busy import current_rules
from practice.services import demo
from practice.services.attending import mark_attendance
from practice.services.cancelling import cancel_attendance
from tests.support.acting import act_as
from tests.support.cast import MONDAY, at
from tests.support.counting import statements
from tests.support.demo import TODAY, fill_demo
from tests.support.people import Clock, post, sign_in
from tests.support.sessions import booked

NOW = at(MONDAY, 10, 30)
DESK = Identity(kind="account", permissions=permissions_of(["front_desk"]))
BOARD = "/desk/days/2026-11-23/board"
FULL = demo.Plan(TODAY, therapists=12, clients=300, weeks=4, occupancy=1.0)
FULL_DAY = date(2026, 11, 25)


@pytest.fixture
def day(cast):
    """Alice with Bob at ten, online, who is not here yet; Charlie with Bea at two, in Willow."""
    early = at(MONDAY, 8)
    return (
        booked(cast, at(MONDAY, 10), now=early),
        booked(cast, at(MONDAY, 14), "charlie", now=early, therapist="bea", modality="in_person"),
    )


def reads():
    db.session.close()
    wanted = select(AuditEvent.detail).where(AuditEvent.action == "day.read").order_by(AuditEvent.id)
    return [detail["appointments"] for detail in db.session.scalars(wanted)]


def minute(moment):
    return int(moment.timestamp()) // 60


def headings(page):
    return re.findall(r'<h2 id="column-[^"]*"[^>]*>([^<]*)<', page.text)


def note(place, status, now):
    with unit_of_work() as session:
        mark_attendance(session, place.public_id, status, by=DESK, now=now)


def test_filters_combine_and_say_what_they_leave_out(dee, day):
    online = dee.get("/desk?modality=online&kind=individual")
    assert "Alice Moss" in online.text
    assert "Charlie Moss" not in online.text
    assert "Another session" in online.text, "its time must not look free"
    assert headings(online) == ["Bea Lindqvist", "Bob Reyes"]

    bea = dee.get("/desk?therapist=bea&location=village")
    assert headings(bea) == ["Bea Lindqvist"]
    assert "Charlie Moss" in bea.text

    late = dee.get("/desk?state=late")
    assert headings(late) == ["Bob Reyes"]
    assert '<a href="/desk" aria-current="true"><b>1</b> late</a>' in late.text, "the same count leads back to all"
    assert '<a href="/desk?state=to-come"><b>1</b> still to come</a>' in late.text

    nobody = dee.get("/desk?state=late&therapist=bea")
    assert "Nothing on this day fits" in nobody.text
    assert 'href="/desk">Clear filters' in nobody.text


def test_what_is_no_filter_is_not_there(dee, day):
    for query in ("by=column", "location=x", "therapist=x", "modality=phone", "kind=x", "state=done", "state=x"):
        assert dee.get(f"/desk?{query}").status_code == 404, query
        assert dee.get(f"{BOARD}?{query}").status_code == 404, query
    assert dee.get("/desk?therapist=&location=&state=").status_code == 200


def test_a_column_can_be_a_room(dee, day):
    page = dee.get("/desk?by=room")
    assert headings(page) == ["Willow", "Birch", "Online"]
    assert "Bea Lindqvist · Individual session" in page.text
    assert 'class="gap' not in page.text


def test_free_time_leads_into_booking_and_to_the_reasons(dee, day, cast):
    text = dee.get("/desk").text
    start, end, two, three = (minute(at(MONDAY, hour)) for hour in (11, 17, 14, 15))
    assert f'data-from="{start}" data-until="{end}" data-therapist="bob"' in text
    assert f'href="/desk/book?start={start}&amp;until={end}&amp;therapist=bob"' in text
    assert f'href="/desk/why?therapist=bob&amp;start={start}"' in text
    assert f'data-until="{two}" data-therapist="bea"' in text
    assert f'href="/desk/book/individual/who?at={minute(NOW)}.bea">10:30 AM Bea Lindqvist, Willow' in text

    with unit_of_work() as session:
        span = {"starts_at": at(MONDAY, 15), "ends_at": at(MONDAY, 24 - 1)}
        session.add(TimeOff(therapist_id=cast.bob, **span))
    text = dee.get("/desk").text
    assert "Time off" in text
    assert f'data-until="{three}" data-therapist="bob"' in text
    assert 'class="gap' not in dee.get("/desk/days/2026-11-20").text, "what has gone by is not free"


def test_who_runs_late_has_said_so_and_counts_as_late(app, dee, cast, day):
    with unit_of_work() as session:
        place = day[1].attendances[0].id
        session.execute(update(Attendance).where(Attendance.id == place).values(late_minutes=10))
    text = dee.get("/desk").text
    assert "Late: said 10 min" in text
    assert "<b>2</b> late" in text
    act_as(app, cast.identity("dee"), now=at(MONDAY, 14, 11))
    assert "Late: said 10 min" not in dee.get("/desk").text


def test_names_are_hidden_for_this_sign_in_and_shown_again(app, cast, day):
    app.extensions["clock"] = Clock(NOW)
    dee = app.test_client()
    sign_in(dee, "dee@demo.test")
    assert "Alice Moss" in dee.get("/desk").text

    answer = post(dee, "/desk/names", {"hide": "yes", "back": "/desk?state=late"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk?state=late")
    for path in ("/desk", BOARD, "/desk/days/2026-11-23/sheet"):
        text = dee.get(path).text
        assert "AM" in text
        assert "Moss" not in text, path
    assert "Show names" in dee.get("/desk").text

    post(dee, "/desk/names", {"hide": "no"})
    assert "Alice Moss" in dee.get(BOARD).text
    for sent in ({}, {"hide": "perhaps"}, {"hide": "yes", "back": "//elsewhere.test"}):
        assert post(dee, "/desk/names", sent).status_code == 422


def test_an_unchanged_board_is_a_304_that_reads_and_records_nothing(app, dee, day):
    first = dee.get(BOARD)
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert first.headers["X-Updated"] == "10:30 AM"
    assert "<main" not in first.text
    tag = first.headers["ETag"]
    with statements(app) as seen:
        again = dee.get(BOARD, headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert len(seen) == 1, "the moment is asked for; who asks is a test's"
    assert dee.get(BOARD, headers={"If-None-Match": f"W/{tag}"}).status_code == 304, "a proxy that packs weakens it"
    assert len(reads()) == 1


def test_whatever_is_shown_changes_the_tag_and_is_on_record(app, dee, cast, day):
    tags = [dee.get(BOARD).headers["ETag"]]

    def changes():
        answer = dee.get(BOARD, headers={"If-None-Match": tags[-1]})
        tags.append(answer.headers["ETag"])
        return answer.status_code == 200

    note(day[0].attendances[0], "arrived", NOW)
    assert changes()
    assert not changes()
    with unit_of_work() as session:
        cancel_attendance(session, day[1].attendances[0].public_id, by=cast.identity("dee"), now=NOW, by_practice=True)
    assert changes()
    booked(cast, at(MONDAY, 12), "charlie", now=NOW)
    assert changes()
    assert [len(appointments) for appointments in reads()] == [2, 2, 2, 3]


def test_as_time_goes_by_the_board_changes_without_being_read_anew(app, dee, cast, day):
    def ask(tag, minutes):
        act_as(app, cast.identity("dee"), now=NOW + timedelta(minutes=minutes))
        return dee.get(BOARD, headers={"If-None-Match": tag})

    free = dee.get(BOARD)
    assert "10:30 AM Bea Lindqvist" in free.text
    passed = ask(free.headers["ETag"], 1)
    assert "10:30 AM Bea Lindqvist" not in passed.text, "that time has gone by"
    tag = passed.headers["ETag"]
    assert ask(tag, 4).status_code == 304
    moved = ask(tag, 5)
    assert moved.status_code == 200, "the line of now has moved"
    over = ask(moved.headers["ETag"], 20)
    assert over.status_code == 200
    assert "Not noted yet" in over.text, "the session is over"
    assert len(reads()) == 1, "nobody else was shown, and nothing else of them"


def test_another_sign_in_that_holds_the_tag_is_on_record_too(app, cast, day):
    app.extensions["clock"] = Clock(NOW)
    one, other = app.test_client(), app.test_client()
    for client in (one, other):
        sign_in(client, "dee@demo.test")
    tag = one.get(BOARD).headers["ETag"]
    assert other.get(BOARD, headers={"If-None-Match": tag}).status_code == 200
    assert other.get("/desk").status_code == 200
    assert len(reads()) == 2, "once for each, however often they look"


def test_a_page_that_only_refreshes_itself_is_no_use_of_the_sign_in(app, cast):
    clock = app.extensions["clock"] = Clock(NOW)
    dee = app.test_client()
    sign_in(dee, "dee@demo.test")

    def ask(minutes, **headers):
        clock.now = NOW + timedelta(minutes=minutes)
        return dee.get(BOARD, headers=headers).status_code

    assert ask(10) == 200
    assert ask(20, **{"X-Watching": "1"}) == 200
    assert ask(26, **{"X-Watching": "1"}) == 303, "fifteen minutes after somebody was last here"


@pytest.fixture
def full(app):
    """The desk of twelve therapists on a full day, late in the morning."""
    fill_demo(app, FULL)
    clock = app.extensions["clock"] = Clock(datetime.fromisoformat("2026-11-25T16:20:00+00:00"))
    client = app.test_client()
    sign_in(client, "desk@demo.test")
    assert client.get(f"/desk/days/{FULL_DAY - timedelta(days=1)}").status_code == 200
    return client, clock


def test_a_full_board_is_cheap(app, full):
    client, _ = full
    path = f"/desk/days/{FULL_DAY}"

    def cost(address, **headers):
        with statements(app) as seen:
            answer = client.get(address, headers=headers)
        return answer, len(seen)

    page, first = cost(path)
    assert page.text.count("data-appointment=") >= 60
    assert len(set(headings(page))) >= 12
    assert len(page.data) <= 60_000, len(page.data)
    assert first <= 6, "somebody signed in, the moment, who is busy, the practice, the sessions, the record"
    _, again = cost(path)
    assert again == 3, "and what was read is known, and on record"

    board, _ = cost(f"{path}/board")
    unchanged, poll = cost(f"{path}/board", **{"If-None-Match": board.headers["ETag"]})
    assert (unchanged.status_code, poll) == (304, 2)

    with app.app_context():
        rules = current_rules(db.session())
        late = db.session.scalars(select(Attendance.public_id).where(Attendance.status == "booked").limit(1)).one()
        db.session.close()
        assert rules.therapists
    with app.app_context(), unit_of_work() as session:
        mark_attendance(session, late, "arrived", by=DESK, now=datetime.fromisoformat("2027-11-25T16:20:00+00:00"))
    _, changed = cost(path)
    assert changed <= 6


def test_a_board_is_read_again_only_when_something_changed(app, full):
    client, clock = full
    path = f"/desk/days/{FULL_DAY + timedelta(days=1)}"
    client.get(path)
    asked = []
    with app.app_context():
        event.listen(db.engines[None], "before_cursor_execute", lambda *told: asked.append(told[2]))
    clock.now += timedelta(minutes=3)
    client.get(path)
    assert not [statement for statement in asked if "attendance" in statement]
