"""Every migration goes up from each landed revision with data in it, and every row is still there and whole."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from practice.adapters.migrations import is_at_head, upgrade
from practice.db import plain_engine
from practice.models import Appointment, Attendance, Base, Client, ClientSearch, Room, Series
from practice.services.findable import wrongly_findable
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
            is_gone = mapper.class_ is Series and revision in ("0001", "0003")  # only the demo's groups had any
            assert count == (0 if is_gone else filled.get(mapper.local_table.name, count)), mapper.class_
            session.scalars(select(mapper.class_)).all()
        assert list(wrongly_findable(session, every=1)) == []
        planned = select(func.max(Appointment.starts_at)).join(Attendance)
        for line in session.scalars(select(ClientSearch)).all():
            client = session.get_one(Client, line.client_id)
            last = session.scalar(planned.where(Attendance.client_id == client.id))
            assert line.seen_at == max(filter(None, (last, client.created_at)))
    engine.dispose()


@pytest.mark.parametrize("revision", revisions())
def test_a_landed_revision_is_tried_with_rows_in_every_table(revision: str, empty_database: Database) -> None:
    engine = plain_engine(empty_database.url)
    upgrade(engine, revision)
    with engine.begin() as connection:
        filled = fill(connection, revision)
    assert [name for name, rows in filled.items() if not rows] == []
    engine.dispose()


def test_rooms_that_are_step_free_are_called_so_by_the_word_that_clients_needs_have(empty_database: Database) -> None:
    engine = plain_engine(empty_database.url)
    upgrade(engine, "0003")
    with engine.begin() as connection:
        fill(connection, "0003")
        connection.execute(text("""UPDATE room SET features = '["sand tray", "step-free", "step-free entrance"]'"""))
    upgrade(engine)
    with Session(engine) as session:
        found = [room.features for room in session.scalars(select(Room))]
        assert found
        assert all(each == ["sand tray", "step_free", "step-free entrance"] for each in found)
    engine.dispose()
