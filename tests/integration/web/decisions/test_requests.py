"""A request, as everybody sees it: the client, the therapist, the desk, programs and calendars."""

import re

import pytest
from sqlalchemy import func, select, update

from practice.db import db, in_unit_of_work, unit_of_work
from practice.domain.permissions import Identity, permissions_of_scopes
from practice.domain.tokens import hash_token
from practice.models import ApiToken, Appointment, Attendance, AuditEvent, Decision, OutboxMessage, Service
from practice.queries.busy import current_rules
from practice.services.approving import DECLINE_CODES
from practice.services.booking import book_appointment
from practice.services.deciding import KINDS, decide
from practice.services.feeds import FeedWish, create_feed
from practice.services.finding import Wish
from practice.web.decisions_shown import DECLINED, SHOWN
from tests.support.acting import act_as
from tests.support.booking import ask as ask_for
from tests.support.booking import keep, mailed
from tests.support.cast import MONDAY, NOW, at
from tests.support.counting import statements
from tests.support.meetings import Program

TEN = at(MONDAY, 10)
PROGRAM = Identity(kind="token", id="t", permissions=permissions_of_scopes(["feeds:write"]))


@pytest.fixture
def request_id(app, cast):
    """Alice's request for Monday at 10, as the address of its question names it."""
    with unit_of_work() as session:
        session.execute(update(Service).where(Service.slug == "individual").values(needs_approval=True))
    ask(cast, TEN)
    return decision_ids()[0]


def ask(cast, start, who="alice", therapist="bob"):
    rules = current_rules(db.session())
    wish = Wish(cast.individual, getattr(cast, therapist), start, "online")
    seated, by = [cast.parties[who]], cast.identity(who)
    in_unit_of_work(lambda s: book_appointment(s, rules, wish, seated, by=by, now=NOW))


def decision_ids():
    db.session.close()
    return db.session.scalars(select(Decision.public_id).order_by(Decision.id)).all()


def state():
    db.session.close()
    return tuple(db.session.execute(
        select(Appointment.status, Attendance.status).join(Attendance, Attendance.appointment_id == Appointment.id)
    ).first() or ())  # fmt: skip


def as_(app, cast, who):
    act_as(app, cast.identity(who), now=NOW)
    return app.test_client()


def test_every_kind_of_question_can_be_shown_and_answered():
    assert set(SHOWN) == set(KINDS)
    assert tuple(DECLINED) == DECLINE_CODES


def test_the_client_reads_until_when_and_can_take_it_back(app, cast, request_id):
    alice = as_(app, cast, "alice")
    home = alice.get("/me").text
    assert "Your request" in home
    assert "Waiting for an answer by Sunday 22 November, 10:00 AM." in home
    path = re.search(r'href="(/me/sessions/[^"/]+)"', home)[1]
    page = alice.get(path).text
    for words in ("It is not booked yet", "Take the request back", "free of charge"):
        assert words in page
    for words in ("Move it", "Running late", "Add to", "$60"):
        assert words not in page
    assert alice.get(f"{path}.ics").status_code == 404
    assert "Take this request back" in alice.get(f"{path}/cancel").text
    for _ in range(2):
        answer = alice.post(f"{path}/cancel")
        assert (answer.status_code, answer.headers["Location"]) == (303, path)
    page = alice.get(path).text
    assert "Taken back" in page
    assert "Was it a slip?" not in page
    assert state() == ("cancelled", "cancelled")


def test_the_therapist_finds_it_counted_reads_it_and_accepts(app, cast, request_id):
    bob = as_(app, cast, "bob")
    page = bob.get("/therapist/decisions").text
    assert "To decide (1)" in page
    assert "Monday 23 November, 10:00 to 10:50 AM · Alice Moss" in page
    assert "Waiting for an answer" in bob.get("/therapist/weeks/2026-11-23").text
    appointment = db.session.scalar(select(Appointment.public_id))
    assert "This is a request: it is not booked yet." in bob.get(f"/therapist/appointments/{appointment}").text
    one = bob.get(f"/therapist/decisions/{request_id}").text
    for words in ("Alice Moss", "Individual session", "Sunday 22 November, 10:00 AM", *DECLINED.values()):
        assert words in one
    for _ in range(2):
        answer = bob.post(f"/therapist/decisions/{request_id}", data={"answer": "accept"})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/therapist/decisions")
    page = bob.get("/therapist/decisions").text
    assert "Nothing waits for an answer" in page
    assert "To decide (" not in page
    assert "Accepted: the session is booked. By Bob." in bob.get(f"/therapist/decisions/{request_id}").text
    assert state() == ("booked", "booked")
    assert bob.post(f"/therapist/decisions/{request_id}", data={"answer": "decline"}).status_code == 409


def test_the_desk_sees_whose_it_is_and_declines_with_a_reason(app, cast, request_id):
    dee = as_(app, cast, "dee")
    assert "Bob Reyes" in dee.get("/desk/decisions").text
    appointment = db.session.scalar(select(Appointment.public_id))
    page = dee.get(f"/desk/appointments/{appointment}").text
    assert "Waiting for an answer" in page
    assert "Asked for" in page
    assert "This is a request: it is not booked yet." in page
    path = f"/desk/decisions/{request_id}"
    for sent in ({}, {"answer": "accept", "more": "1"}):
        assert dee.post(path, data=sent).status_code == 422
    for sent in ({"answer": "lapse"}, {"answer": "nonsense"}, {"answer": "decline", "choice": "my own words"}):
        assert dee.post(path, data=sent).status_code == 404
    assert dee.post(path, data={"answer": "decline", "choice": "fit"}).status_code == 303
    assert state() == ("cancelled", "cancelled_by_practice")
    alice = as_(app, cast, "alice")
    assert "Could not be booked" in alice.get("/me").text
    actions = set(db.session.scalars(select(AuditEvent.action)))
    assert {
        "decision.asked",
        "decision.answered",
        "decision.read",
        "decisions.listed",
        "appointment.declined",
    } <= actions


def test_it_is_nobody_elses(app, cast, request_id):
    with unit_of_work() as session:
        session.execute(update(Decision).values(therapist_id=cast.bea))
    bob = as_(app, cast, "bob")
    assert "Nothing waits" in bob.get("/therapist/decisions").text
    assert bob.get(f"/therapist/decisions/{request_id}").status_code == 404
    assert bob.post(f"/therapist/decisions/{request_id}", data={"answer": "accept"}).status_code == 404
    assert as_(app, cast, "dee").get("/desk/decisions/nothing").status_code == 404


def test_the_list_asks_as_much_for_many_as_for_few(app, cast, request_id):
    ask(cast, at(MONDAY, 11), "charlie")
    dee = as_(app, cast, "dee")
    dee.get("/desk/decisions")
    with statements(app) as few:
        dee.get("/desk/decisions")
    for day in (1, 2, 3, 4):
        for hour in (9, 11, 13, 15):
            ask(cast, at(MONDAY.replace(day=MONDAY.day + day), hour), "charlie" if hour % 4 == 1 else "alice")
    dee.get("/desk/decisions")
    with statements(app) as many:
        page = dee.get("/desk/decisions").text
    assert page.count("A request for a session") == 18
    assert len(many) == len(few)


def test_calendars_are_told_of_what_is_booked_alone(app, cast, request_id):
    owners = {"client": cast.alice.public_id, "therapist": "bob", "practice": None}
    with unit_of_work() as session:
        made = [
            create_feed(session, FeedWish(kind, owner, "busy", kind), by=PROGRAM, now=NOW).token
            for kind, owner in owners.items()
        ]

    def events():
        app.extensions["clock"] = lambda: NOW
        return [app.test_client().get(f"/feeds/{token}.ics").text.count("BEGIN:VEVENT") for token in made]

    assert events() == [0, 0, 0]
    in_unit_of_work(lambda s: decide(s, request_id, "accept", by=cast.identity("bob"), now=NOW))
    assert events() == [1, 1, 1]
    ask(cast, at(MONDAY, 11))
    in_unit_of_work(lambda s: decide(s, decision_ids()[1], "decline", by=cast.identity("bob"), now=NOW))
    assert events() == [1, 1, 1]  # what was never booked is not cancelled either


def test_what_is_told_is_true(app, cast, request_id):
    templates = select(OutboxMessage.template).order_by(OutboxMessage.id)
    assert db.session.scalars(templates).all() == ["requested", "to_decide"]
    in_unit_of_work(lambda s: decide(s, request_id, "accept", by=cast.identity("bob"), now=NOW))
    assert db.session.scalar(select(func.count(OutboxMessage.id)).where(OutboxMessage.template == "booked")) == 0


def test_programs_read_requested_and_may_take_it_back(app, cast, request_id):
    app.extensions["clock"] = lambda: NOW
    with unit_of_work() as session:
        session.add(ApiToken(name="t", token_hash=hash_token("secret"), scopes=["appointments:write"], created_at=NOW))
    program = Program(app.test_client(use_cookies=False), "secret")
    wish = {"service": "individual", "therapist": "bob", "starts_at": at(MONDAY, 11).isoformat(), "modality": "online",
            "client": {"id": cast.parties["charlie"].public_id}}  # fmt: skip
    made = program.ask("POST", "/appointments", wish)
    assert (made.status_code, made.json["status"]) == (201, "requested")
    path = f"/appointments/{made.json['id']}"
    assert program.ask("GET", path).json["status"] == "requested"
    assert program.ask("PATCH", path, {"starts_at": at(MONDAY, 13).isoformat()}).status_code == 409
    assert program.ask("DELETE", path).json["status"] == "cancelled"


def test_a_stranger_asks_once_their_address_is_proven(app, cast):
    with unit_of_work() as session:
        session.execute(update(Service).where(Service.slug == "consultation").values(needs_approval=True))
    app.extensions["clock"] = lambda: NOW
    stranger = app.test_client()
    details = keep(stranger, f"{int(at(MONDAY, 9).timestamp()) // 60}.bob")
    proof = ask_for(stranger, details)
    assert "Ask for this session" in stranger.get(proof).text
    _, code = mailed(app)
    booked = stranger.submit(proof, {"code": code}).location
    page = stranger.get(booked).text
    assert "We have passed your request on" in page
    assert "It is not booked yet." in page
    assert state() == ("requested", "booked")
