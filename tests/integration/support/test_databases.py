"""The harness: what a test writes is gone with it, on both databases."""

import pytest
import sqlalchemy as sa

from practice.db import plain_engine
from tests.support.databases import Database


@pytest.mark.parametrize("time", ["first", "second"])
def test_each_test_begins_with_an_empty_migrated_database(database: Database, time: str) -> None:
    engine = plain_engine(database.url)
    with engine.begin() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM api_token")) == 0
        connection.execute(
            sa.text(
                "INSERT INTO api_token (public_id, name, token_hash, scopes, created_at)"
                " VALUES (:time, 'x', :hash, '[]', CURRENT_TIMESTAMP)"
            ),
            {"time": time, "hash": b"x"},
        )
    engine.dispose()


def test_an_empty_database_has_no_tables(empty_database: Database) -> None:
    engine = plain_engine(empty_database.url)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()
