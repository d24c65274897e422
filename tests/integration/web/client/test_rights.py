"""What a guardian may do is what was granted: seeing times, and booking, moving and cancelling, each alone."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, update

from practice.db import db, unit_of_work
from practice.domain.intervals import minute_floor
from practice.domain.permissions import Identity
from practice.models import Account, Appointment, Attendance, Client, ClientAccess
from practice.services.cancelling import cancel_attendance
from practice.services.feeds import FeedWish, create_feed
from tests.support.cast import MONDAY, NOW, Cast, at
from tests.support.client import CheckedClient
from tests.support.meetings import Clock, meeting
from tests.support.people import post, sign_in, words_of

TEN = at(MONDAY, 10)
OTHER = {"start": str(minute_floor(at(MONDAY, 13)))}
YESTERDAY = date(2026, 11, 19)


@pytest.fixture
def kit(app: Flask, people: Cast, ticking: Clock) -> str:
    """Charlie looks after Alice, who has a session; returns her place's public id."""
    with app.app_context(), unit_of_work() as session:
        meeting(session, people, TEN)
        charlie = session.scalars(select(Account.id).where(Account.email == "charlie@demo.test")).one()
        session.add(
            ClientAccess(account_id=charlie, client_id=people.alice.id, kind="guardian", valid_from=date(2026, 1, 1))
        )
        return session.scalars(select(Attendance.public_id)).one()


def grant(app: Flask, **rights: object) -> None:
    with app.app_context(), unit_of_work() as session:
        session.execute(update(ClientAccess).where(ClientAccess.kind == "guardian").values(**rights))


def test_whoever_may_only_see_changes_nothing(app: Flask, client: CheckedClient, kit: str) -> None:
    sign_in(client, "charlie@demo.test")
    assert "Cancel it" in words_of(client.get("/me"))
    grant(app, can_book=False)
    home = words_of(client.get("/me"))
    assert kit in home
    assert "Cancel it" not in home
    assert "Move it" not in home
    assert client.get(f"/me/sessions/{kit}").status_code == 200
    for step, form in (("cancel", {}), ("move", OTHER)):
        assert client.get(f"/me/sessions/{kit}/{step}").status_code == 404
        assert post(client, f"/me/sessions/{kit}/{step}", form).status_code == 404
    with app.app_context():
        assert db.session.execute(select(Appointment.status, Appointment.starts_at)).one() == ("booked", TEN)


@pytest.mark.parametrize("rights", [{"can_see_times": False}, {"valid_until": YESTERDAY}], ids=["withdrawn", "ended"])
def test_without_the_right_to_see_times_nothing_shows_them(
    app: Flask, client: CheckedClient, people: Cast, kit: str, rights: dict[str, object]
) -> None:
    with app.app_context(), unit_of_work() as session:
        charlie = session.scalars(select(Account).where(Account.email == "charlie@demo.test")).one()
        by = Identity(kind="account", account_id=charlie.id, client_ids=frozenset({people.alice.id}))
        owner = session.scalars(select(Client.public_id).where(Client.id == people.alice.id)).one()
        token = create_feed(session, FeedWish("client", owner, "appointment", "Kit"), by=by, now=NOW).token
    sign_in(client, "charlie@demo.test")
    assert client.get(f"/feeds/{token}.ics").status_code == 200
    grant(app, **rights)
    assert kit not in words_of(client.get("/me"))
    for path in (f"/me/sessions/{kit}", f"/me/sessions/{kit}.ics", f"/me/sessions/{kit}/cancel"):
        assert client.get(path).status_code == 404
    assert client.get(f"/feeds/{token}.ics").status_code == 410


def test_the_feeds_of_a_disabled_account_end_with_it(app: Flask, client: CheckedClient, people: Cast) -> None:
    with app.app_context(), unit_of_work() as session:
        token = create_feed(
            session, FeedWish("therapist", "bob", "busy", "Week"), by=people.identity("bob"), now=NOW
        ).token
    assert client.get(f"/feeds/{token}.ics").status_code == 200
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Account).where(Account.email == "bob@demo.test").values(disabled_at=NOW))
    assert client.get(f"/feeds/{token}.ics").status_code == 410


def test_whoever_gave_their_place_up_does_not_move_the_other(app: Flask, client: CheckedClient, people: Cast) -> None:
    with app.app_context(), unit_of_work() as session:
        meeting(session, people, TEN, clients=("alice", "charlie"), kind="couple")
        place = session.scalars(select(Attendance.public_id).where(Attendance.client_id == people.alice.id)).one()
        cancel_attendance(session, place, by=people.identity("alice"), now=NOW)
    sign_in(client, "alice@demo.test")
    assert post(client, f"/me/sessions/{place}/move", OTHER).status_code == 409
    with app.app_context():
        assert db.session.scalars(select(Appointment.starts_at)).one() == TEN
