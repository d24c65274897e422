"""Every migration goes up from each landed revision with data in it, and every row is still there and whole."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from practice.adapters.migrations import is_at_head, upgrade
from practice.db import plain_engine
from practice.models import Base
from tests.integration.migrations.filled import fill, revisions
from tests.support.databases import Database


@pytest.mark.parametrize("revision", revisions())
def test_rows_of_a_landed_revision_are_carried_over(empty_database: Database, revision: str) -> None:
    engine = plain_engine(empty_database.url)
    upgrade(engine, revision)
    with engine.begin() as connection:
        filled = fill(connection, revision)
    upgrade(engine)
    with Session(engine) as session:
        assert is_at_head(session.connection())
        for mapper in Base.registry.mappers:
            count = session.scalar(select(func.count()).select_from(mapper.class_))
            assert count == filled.get(mapper.local_table.name, count), mapper.class_
            session.scalars(select(mapper.class_)).all()
    engine.dispose()


@pytest.mark.parametrize("revision", revisions())
def test_a_landed_revision_is_tried_with_rows_in_every_table(revision: str, empty_database: Database) -> None:
    engine = plain_engine(empty_database.url)
    upgrade(engine, revision)
    with engine.begin() as connection:
        filled = fill(connection, revision)
    assert [name for name, rows in filled.items() if not rows] == []
    engine.dispose()
