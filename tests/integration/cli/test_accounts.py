"""Commands for accounts and tokens."""

import re

from flask import Flask
from flask.testing import FlaskClient

from practice.db import db
from practice.domain.tokens import hash_token
from practice.queries.accounts import account_by_email, identity_for_api_token, roles_of
from tests.support.cast import Cast
from tests.support.people import post, sign_in

NEW = "seven slow boats at anchor"


def run(app: Flask, *words: str, code: int = 0) -> str:
    result = app.test_cli_runner().invoke(args=list(words))
    assert result.exit_code == code, result.output
    return result.output


def test_an_account_is_made_and_used(app: Flask, cast: Cast, client: FlaskClient) -> None:
    words = ("--name", "Bea Lindqvist", "--role", "therapist", "--therapist", "bea")
    said = run(app, "account", "create", "bea@example.com", *words)
    found = re.search(r"http://127\.0\.0\.1:8000(/password/\S+)", said)
    assert found
    assert post(client, found[1], {"new_password": NEW}).status_code == 303
    assert client.get("/account").status_code == 200
    account = account_by_email(db.session(), "bea@example.com")
    assert account is not None
    assert roles_of(db.session(), account.id) == {"therapist"}
    for again in (("bea@example.com", *words), ("bea2@example.com", *words), ("nonsense", *words[:4])):
        assert "Error" in run(app, "account", "create", *again, code=2 if again[0] == "nonsense" else 1)


def test_a_disabled_account_is_signed_out(app: Flask, cast: Cast, client: FlaskClient) -> None:
    sign_in(client, "dee@demo.test")
    run(app, "account", "disable", "dee@demo.test")
    assert client.get("/account").status_code == 303
    assert "no account" in run(app, "account", "disable", "nobody@demo.test", code=1)


def test_a_token_is_printed_alone_and_once(app: Flask, cast: Cast) -> None:
    said = run(app, "api-token", "create", "website", "--scope", "slots:read", "--scope", "feeds:write")
    token = said.strip()
    assert said == token + "\n"
    identity = identity_for_api_token(db.session(), hash_token(token))
    assert identity is not None
    listed = run(app, "api-token", "list")
    assert token not in listed
    assert "website" in listed
    run(app, "api-token", "revoke", identity.id)
    assert "revoked" in run(app, "api-token", "list")
    run(app, "api-token", "create", "website", "--scope", "everything", code=2)
    run(app, "api-token", "revoke", identity.id, code=1)
