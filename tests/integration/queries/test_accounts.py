"""Who is behind a cookie or token: one statement, roles and access as they are now, and when a session is over."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from practice.db import db, unit_of_work
from practice.domain.permissions import STRANGER, SYSTEM, Permission
from practice.domain.tokens import hash_token
from practice.models import Account
from practice.queries.accounts import LiveSession, SessionRules, identity_for_api_token, session_for_token
from practice.services.accounts import set_roles
from practice.services.api_tokens import create_api_token, revoke_api_token
from practice.services.birth_dates import birth_dates
from tests.support.cast import Cast
from tests.support.people import Clock, make_account, make_client, sign_in

RULES = SessionRules()


@pytest.fixture
def clock(app: Flask) -> Clock:
    app.extensions["clock"] = clock = Clock()
    return clock


def find(app: Flask, token: str, now: datetime) -> LiveSession | None:
    with app.app_context():
        born_on = birth_dates(app.extensions["vault"])
        return session_for_token(db.engines[None], hash_token(token), now=now, rules=RULES, born_on=born_on)


def test_one_statement_finds_everything(app: Flask, clock: Clock, cast: Cast) -> None:
    token = sign_in(app.test_client(), "bob@demo.test")
    statements: list[str] = []
    event.listen(db.engines[None], "before_cursor_execute", lambda *told: statements.append(told[2]))
    live = find(app, token, clock())
    assert len(statements) == 1
    assert live is not None
    assert live.identity.therapist_id == cast.bob
    assert live.identity.roles == {"therapist"}
    assert live.identity.can(Permission.OWN_HOURS)
    assert not live.identity.can(Permission.ADMIN)


def test_access_counts_by_the_date_of_the_practice(app: Flask, clock: Clock, cast: Cast) -> None:
    account = make_account(app, "guardian@example.com")
    today = date(2026, 11, 24)
    begun = make_client(app, account, name="Begun", valid_from=today)
    ended = make_client(app, account, name="Ended", valid_until=today - timedelta(days=1))
    later = make_client(app, account, name="Later", valid_from=today + timedelta(days=1))
    token = sign_in(app.test_client(), "guardian@example.com")
    midnight_in_new_york = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    for now, expected in (
        (midnight_in_new_york, {begun}),
        (midnight_in_new_york - timedelta(minutes=1), {ended}),
        (midnight_in_new_york + timedelta(days=1), {begun, later}),
    ):
        live = find(app, token, now)
        assert live is not None
        assert live.identity.client_ids == expected
        assert live.identity.roles == {"client"}


def test_changed_roles_count_at_once(app: Flask, clock: Clock, cast: Cast) -> None:
    token = sign_in(app.test_client(), "dee@demo.test")
    with unit_of_work() as session:
        account = session.get_one(Account, cast.identity("dee").account_id)
        set_roles(session, account, ["admin"], by=SYSTEM, now=clock())
    live = find(app, token, clock())
    assert live is not None
    assert live.identity.roles == {"admin"}


@pytest.mark.parametrize(
    "email, idle, absolute",
    [
        ("dee@demo.test", timedelta(minutes=15), timedelta(hours=12)),
        ("alice@demo.test", timedelta(days=7), timedelta(days=30)),
    ],
)
def test_sessions_end(app: Flask, clock: Clock, cast: Cast, email: str, idle: timedelta, absolute: timedelta) -> None:
    client = app.test_client()
    token = sign_in(client, email)
    moment = timedelta(seconds=1)
    assert find(app, token, clock() + idle - moment) is not None
    assert find(app, token, clock() + idle) is None
    began = clock()
    while clock() < began + absolute - idle / 2:
        clock.now += idle / 2
        assert client.get("/account").status_code == 200
    clock.now = began + absolute
    assert client.get("/account").status_code == 303


def test_programs_are_known_by_their_tokens(app: Flask, cast: Cast, clock: Clock) -> None:
    with unit_of_work() as session:
        token = create_api_token(session, "website", ["slots:read"], by=SYSTEM, now=clock())
    found = identity_for_api_token(db.session(), hash_token(token))
    assert found is not None
    assert (found.kind, found.name) == ("token", "website")
    assert found.permissions == STRANGER.permissions | {Permission.SLOTS_READ}
    with unit_of_work() as session:
        revoke_api_token(session, found.id, by=SYSTEM, now=clock())
    assert identity_for_api_token(db.session(), hash_token(token)) is None
    assert identity_for_api_token(db.session(), hash_token("nonsense")) is None
