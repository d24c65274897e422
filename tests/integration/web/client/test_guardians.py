"""A guardian's rights, each by itself; consent by age; what is a teenager's own; and the day on which rights end."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from practice.cli.worker import Worker
from practice.db import db, unit_of_work
from practice.domain.permissions import SYSTEM, Identity
from practice.models import (
    AccessKind,
    Account,
    Agreement,
    Appointment,
    Attendance,
    Client,
    ClientAccess,
    Consent,
    OutboxMessage,
    Practice,
)
from practice.queries.parties import party_by_public_id
from practice.queries.rule_book import read_rule_book
from practice.services.access import ALL_RIGHTS, NewAccess, Rights, invite_to_act
from practice.services.agreements import publish
from practice.services.birth_dates import birth_dates
from practice.services.booking import book_appointment
from practice.services.clients import NewClient, create_client
from practice.services.feeds import FeedWish, create_feed
from practice.services.finding import Wish
from practice.services.outbox import claim_due, is_wanted
from tests.support.booking import keep
from tests.support.cast import MONDAY, NOW, TODAY, ZONE, Cast, at
from tests.support.client import CheckedClient
from tests.support.meetings import Clock, meeting
from tests.support.people import post, sign_in, words_of

TEN = at(MONDAY, 10)
SAM, TEEN, GROWN_UP = date(2016, 5, 4), date(2011, 3, 2), date(2008, 11, 20)
GUARDIANS = ("mo@example.com", "pa@example.com")
NOTHING = Rights(can_book=False, can_see_times=False, can_consent=False, can_read=False, is_written_to=False)
RIGHTS = ("can_book", "can_see_times", "can_consent", "is_written_to")


@pytest.fixture
def sam(app: Flask, people: Cast, ticking: Clock) -> str:
    """Sam, ten years old, with two guardians who may do everything but read, and a session; returns their public id."""
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Practice).values(consents_needed=2, consents_alone_age=14))
        publish(session, "care", "We meet weekly.\n\nWhat is said stays here.", by=SYSTEM, now=NOW)
        party = create_client(
            session, NewClient("Sam Moss", ZONE, safe_contact="none", birth_date=SAM),
            vault=app.extensions["vault"], by=SYSTEM, now=NOW,
        )  # fmt: skip
        people.parties["sam"] = party
        meeting(session, people, TEN, clients=("sam",))
    for email in GUARDIANS:
        invite(app, people, email)
    return people.parties["sam"].public_id


def invite(
    app: Flask, people: Cast, email: str, rights: Rights = ALL_RIGHTS, *, kind: AccessKind = AccessKind.GUARDIAN
) -> None:
    with app.app_context(), unit_of_work() as session:
        invite_to_act(
            session, people.parties["sam"].public_id, NewAccess(email, email[:2].title(), kind, rights, TODAY),
            link_for=str, born_on=birth_dates(app.extensions["vault"]), by=people.identity("dee"), now=NOW,
        )  # fmt: skip


def rights(app: Flask, **values: object) -> None:
    with app.app_context(), unit_of_work() as session:
        account = select(Account.id).where(Account.email == GUARDIANS[0]).scalar_subquery()
        session.execute(update(ClientAccess).where(ClientAccess.account_id == account).values(**values))


def born(app: Flask, people: Cast, on: date) -> None:
    with app.app_context(), unit_of_work() as session:
        sam = session.get_one(Client, people.parties["sam"].id)
        vault = app.extensions["vault"]
        sam.birth_date_sealed = vault.seal(sam.wrapped_key, "client", sam.public_id, "birth_date", on.isoformat())
        sam.birth_date_hmac = vault.birth_date_mark(on)


def visitor(app: Flask, email: str = GUARDIANS[0]) -> CheckedClient:
    made: CheckedClient = app.test_client()  # type: ignore[assignment]
    sign_in(made, email)
    return made


@pytest.mark.parametrize("right", [*RIGHTS, None])
def test_each_right_opens_what_it_stands_for_and_nothing_else(app: Flask, people: Cast, sam: str, right: str) -> None:
    rights(app, **{name: name == right for name in (*RIGHTS, "can_read")})
    with app.app_context():
        place = db.session.scalars(select(Attendance.public_id)).one()
        party = party_by_public_id(db.session(), sam, TODAY)
        assert party is not None
        assert (GUARDIANS[0] in party.recipients) == (right == "is_written_to")
    guardian = visitor(app)
    home = words_of(guardian.get("/me"))
    sees = right == "can_see_times"
    assert (place in home) == sees
    for path in (f"/me/sessions/{place}", f"/me/sessions/{place}.ics"):
        assert guardian.get(path).status_code == (200 if sees else 404)
    for step in ("cancel", "move", "late"):
        assert guardian.get(f"/me/sessions/{place}/{step}").status_code == 404
    assert guardian.get(f"/me/agreements/{sam}").status_code == (200 if right == "can_consent" else 404)
    assert ("agreement to care for Sam Moss" in home) == (right == "can_consent")
    offers = guardian.get("/book/individual")
    assert (sam in (offers.location or "")) == (right == "can_book")
    assert (sam in words_of(guardian.get("/calendar-links"))) == sees
    page = words_of(guardian.get("/me/people"))
    assert "Sam Moss" in page
    assert GUARDIANS[1] not in page + home


def test_who_books_without_seeing_times_learns_none(app: Flask, people: Cast, sam: str) -> None:
    rights(app, can_see_times=False)
    guardian = visitor(app)
    start = int(TEN.timestamp()) // 60
    page = words_of(guardian.get(f"/book/individual/time?who={sam}&therapist=bea&meet=online"))
    assert f"{start}.bea" in page
    answer = post(guardian, "/book/individual/time", {"who": sam, "meet": "online", "at": f"{start}.bea"})
    assert answer.status_code == 409
    assert "That time has just been taken" in words_of(answer)
    assert "another session" not in words_of(answer)
    check = keep(guardian, f"{start + 180}.bea", who=sam, service="individual")
    booked = guardian.submit(check, {}, action="/check")
    assert guardian.get(booked.location).status_code == 200
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Appointment).values(sequence=1))
    assert guardian.get(booked.location).status_code == 404


def test_two_guardians_consent_each_for_themselves(app: Flask, people: Cast, sam: str) -> None:
    first, second = visitor(app), visitor(app, GUARDIANS[1])
    here = f"/me/agreements/{sam}"
    assert "What is said stays here." in words_of(first.get(here))
    assert post(first, here, {"agreement": "x"}).status_code == 422
    assert first.submit(here, {"agrees": "y"}).status_code == 303
    assert "1 of 2 guardians" in words_of(first.get(here))
    assert "agreement to care" not in words_of(first.get("/me"))
    assert "agreement to care for Sam Moss" in words_of(second.get("/me"))
    assert second.submit(here, {"agrees": "y"}).status_code == 303
    with app.app_context():
        rows = db.session.scalars(select(Consent.public_id).order_by(Consent.id)).all()
    assert post(second, f"/me/agreements/{rows[0]}/withdraw").status_code == 404
    assert post(first, f"/me/agreements/{rows[0]}/withdraw").status_code == 303
    assert "1 of 2 guardians" in words_of(second.get(here))
    with app.app_context(), unit_of_work() as session:
        newer = publish(session, "care", "We meet twice a week.", by=SYSTEM, now=NOW).public_id
    assert "0 of 2 guardians" in words_of(second.get(here))
    assert post(second, here, {"agreement": newer, "agrees": "y"}).status_code == 303


def test_an_older_text_is_not_agreed_to_unread(app: Flask, people: Cast, sam: str) -> None:
    guardian, here = visitor(app), f"/me/agreements/{sam}"
    version = words_of(guardian.get(here)).split('name="agreement" value="')[1].split('"')[0]
    with app.app_context(), unit_of_work() as session:
        publish(session, "care", "We meet twice a week.", by=SYSTEM, now=NOW)
    answer = post(guardian, here, {"agreement": version, "agrees": "y"})
    assert answer.status_code == 409
    assert "We meet twice a week." in words_of(answer)
    assert "Please read it once more" in words_of(answer)


def test_a_teenager_consents_alone_and_what_they_answer_is_their_own(app: Flask, people: Cast, sam: str) -> None:
    guardian = visitor(app)
    assert "Read what is answered" in words_of(guardian.get("/me/people"))
    rights(app, reads_since=date(2024, 1, 1))
    born(app, people, TEEN)
    assert "Read what is answered" not in words_of(guardian.get("/me/people"))
    page = words_of(guardian.get(f"/me/agreements/{sam}"))
    assert "Sam Moss agrees to this themselves" in page
    with app.app_context():
        version = db.session.scalars(select(Agreement.public_id)).one()
    assert post(guardian, f"/me/agreements/{sam}", {"agreement": version, "agrees": "y"}).status_code == 404
    invite(app, people, "sam@example.com", kind=AccessKind.SELF)
    assert guardian.get("/me/details").status_code == 404
    assert "sam@example.com" not in "".join(words_of(guardian.get(path)) for path in ("/me", "/me/people", "/account"))
    teen = visitor(app, "sam@example.com")
    assert "There is an agreement to care to read." in words_of(teen.get("/me"))
    assert teen.submit(f"/me/agreements/{sam}", {"agrees": "y"}).status_code == 303
    assert teen.get("/me/people").status_code == 404
    desk = visitor(app, "dee@demo.test")
    with app.app_context():
        account = db.session.scalars(select(Account.public_id).where(Account.email == GUARDIANS[0])).one()
    sent = {"rights": ["can_see_times", "can_read"], "valid_from": TODAY.isoformat()}
    assert desk.submit(f"/desk/clients/{sam}/people/{account}", sent).status_code == 303
    assert "Read what is answered" in words_of(guardian.get("/me/people"))


@pytest.mark.parametrize("born_on", [GROWN_UP, date(2008, 2, 29)], ids=["20 November", "29 February"])
def test_rights_end_by_themselves_on_the_day_somebody_is_of_age(
    app: Flask, people: Cast, sam: str, ticking: Clock, born_on: date
) -> None:
    first_day = date(2026, 3, 1) if born_on.month == 2 else TODAY
    midnight = at(first_day, 0)
    with app.app_context(), unit_of_work() as session:
        session.execute(update(ClientAccess).values(valid_from=date(2025, 1, 1)))
        account = session.scalars(select(Account.id).where(Account.email == GUARDIANS[0])).one()
        by = Identity(kind="account", account_id=account, client_ids=frozenset({people.parties["sam"].id}))
        token = create_feed(session, FeedWish("client", sam, "appointment", "Sam"), by=by, now=NOW).token
    born(app, people, born_on)
    ticking.now = midnight - timedelta(minutes=1)
    guardian = visitor(app)
    assert guardian.get("/me/people").status_code == 200
    assert guardian.get(f"/feeds/{token}.ics").status_code == 200
    ticking.now = midnight
    for path in ("/me/people", f"/me/agreements/{sam}"):
        assert guardian.get(path).status_code == 404
    assert guardian.get(f"/feeds/{token}.ics").status_code == 410
    assert "Sam Moss" not in words_of(guardian.get("/me"))


def test_the_worker_writes_the_end_and_withdraws_what_was_not_sent(
    app: Flask, people: Cast, sam: str, ticking: Clock
) -> None:
    book(app, people, sam)
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Client).where(Client.public_id == sam).values(email=GUARDIANS[1], safe_contact="email"))
        waiting = session.scalars(select(OutboxMessage.to_email).where(OutboxMessage.template == "booked")).all()
    assert sorted(waiting) == sorted(GUARDIANS)
    born(app, people, TODAY.replace(year=2008))
    opens = birth_dates(app.extensions["vault"])
    with app.app_context(), unit_of_work() as session:
        claimed = [each for each in claim_due(session, now=NOW, limit=50) if each.template == "booked"]
        assert [is_wanted(session, each, born_on=opens, now=NOW) for each in claimed] == [False, False]
        session.execute(update(OutboxMessage).values(claimed_until=None))
    with app.app_context():
        Worker(app, None)._tidy()  # type: ignore[arg-type]
        db.session.remove()
        ended = db.session.scalars(select(ClientAccess.valid_until).where(ClientAccess.kind == "guardian")).all()
        assert ended == [TODAY - timedelta(days=1)] * 2
        assert not db.session.scalars(select(OutboxMessage.id).where(OutboxMessage.template == "booked")).all()
        client = db.session.scalars(select(Client).where(Client.public_id == sam)).one()
        assert (client.email, client.safe_contact) == (None, "none")
    desk = visitor(app, "dee@demo.test")
    page = words_of(desk.get(f"/desk/clients/{sam}"))
    assert "Not agreed yet" in page
    invited = desk.submit(f"/desk/clients/{sam}/people/sign-in", {"email": "sam@example.com"})
    assert invited.status_code == 303
    assert "There is an agreement to care to read." in words_of(visitor(app, "sam@example.com").get("/me"))


def book(app: Flask, people: Cast, sam: str) -> None:
    with app.app_context(), unit_of_work() as session:
        party = party_by_public_id(session, sam, TODAY)
        assert party is not None
        wish = Wish(people.individual, people.bea, at(MONDAY, 13), "online")
        book_appointment(session, read_rule_book(session), wish, [party], by=people.identity("dee"), now=NOW)
