"""Accounts beside those of the cast, and signing in without the cost of a password.

sign_in(client, "dee@demo.test")             a live session, straight into the client's cookie
post(client, "/account/sessions", {...})     a form with its CSRF token
"""

from datetime import UTC, date, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.test import TestResponse

from practice.db import unit_of_work
from practice.domain.tokens import hash_token, new_token
from practice.models import Account, AccountRole, Client, ClientAccess, Resource, Session
from practice.queries.accounts import SessionRules

CSRF = "the-csrf-secret-of-a-test"
LONG_AGO = date(2020, 1, 1)
PASSWORD = "a lantern by the quiet sea"


class Clock:
    """A clock that stands still until it is moved: ``app.extensions["clock"] = Clock(...)``."""

    def __init__(self, now: datetime = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def make_account(
    app: Flask, email: str, *roles: str, name: str = "", password: str | None = None, disabled: bool = False
) -> int:
    """Make an account with staff ``roles`` and return its id."""
    now = app.extensions["clock"]()
    hashed = None if password is None else app.extensions["passwords"].hash(password)
    with app.app_context(), unit_of_work() as session:
        account = Account(
            email=email,
            name=name or email.partition("@")[0].title(),
            password_hash=hashed,
            email_proven_at=now,
            disabled_at=now if disabled else None,
            created_at=now,
        )
        session.add(account)
        session.flush()
        session.add_all(AccountRole(account_id=account.id, role=role) for role in roles)
        return account.id


def make_client(
    app: Flask,
    *account_ids: int,
    name: str = "Alice Moreau",
    valid_from: date = LONG_AGO,
    valid_until: date | None = None,
) -> int:
    """Make a client for whom the accounts may act, and return the client's id."""
    with app.app_context(), unit_of_work() as session:
        resource = Resource(kind="client")
        session.add(resource)
        session.flush()
        client = Client(
            resource_id=resource.id,
            name=name,
            zone="America/New_York",
            created_at=app.extensions["clock"](),
        )
        session.add(client)
        session.flush()
        session.add_all(
            ClientAccess(account_id=account_id, client_id=client.id, valid_from=valid_from, valid_until=valid_until)
            for account_id in account_ids
        )
        return client.id


def sign_in(client: FlaskClient, email: str) -> str:
    """Begin a session for the account directly, put it into the client's cookie, and return its token."""
    app = client.application
    now = app.extensions["clock"]()
    rules: SessionRules = app.extensions["session_rules"]
    token = new_token()
    with app.app_context(), unit_of_work() as session:
        account_id = session.scalars(select(Account.id).where(Account.email == email)).one()
        session.add(
            Session(
                token_hash=hash_token(token),
                account_id=account_id,
                created_at=now,
                last_seen_at=now,
                expires_at=now + rules.client_absolute,
            )
        )
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["csrf_token"] = CSRF
    return token


def csrf_token(client: FlaskClient) -> str:
    """Return what a form of this client has to send as ``csrf_token``."""
    with client.session_transaction() as cookie:
        secret = cookie.setdefault("csrf_token", CSRF)
    signed: str | bytes = URLSafeTimedSerializer(client.application.secret_key, salt="wtf-csrf-token").dumps(secret)
    return signed if isinstance(signed, str) else signed.decode()


def post(client: FlaskClient, url: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
    """Send a form as its own page would, with the CSRF token."""
    return client.post(url, data={"csrf_token": csrf_token(client), **(data or {})}, **kwargs)


def words_of(response: TestResponse) -> str:
    """Return the page's text."""
    return response.get_data(as_text=True)
