"""Hot statements give what the ordinary way gives, also over a connection that broke."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, select
from sqlalchemy.exc import DBAPIError

from practice.db import db
from practice.models import Client
from practice.queries.hot import HotStatement
from tests.support.cast import Cast

WANTED = select(Client.id, Client.public_id, Client.created_at, Client.erased_at, Client.wrapped_key).where(
    Client.email == bindparam("email"), Client.safe_contact == "email"
)


def test_the_row_is_the_one_that_sqlalchemy_reads(app: Flask, cast: Cast) -> None:
    hot = HotStatement(WANTED)
    with db.engines[None].connect() as connection:
        ordinary = connection.execute(WANTED, {"email": "alice@demo.test"}).one()
        assert hot.first_in(connection, email="alice@demo.test") == list(ordinary)
    for _ in range(2):
        assert hot.first(db.engines[None], email="alice@demo.test") == list(ordinary)
    assert hot.first(db.engines[None], email="nobody@demo.test") is None


def test_a_broken_connection_is_replaced(app: Flask, cast: Cast) -> None:
    hot = HotStatement(WANTED)
    engine = db.engines[None]
    lent: Any = engine.raw_connection()
    lent.dbapi_connection.close()
    lent.close()
    assert hot.first(engine, email="alice@demo.test") is not None
    assert hot.first(engine, email="alice@demo.test") is not None


def test_what_the_database_refuses_is_an_ordinary_error(app: Flask, cast: Cast) -> None:
    with pytest.raises(DBAPIError):
        HotStatement(WANTED).first(db.engines[None], email={"not": "a text"})
