"""The migrated schema is the one that the models describe, on both databases, triggers and constraints included."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from practice.adapters.migrations import downgrade, is_at_head, upgrade
from practice.db import plain_engine
from practice.models import Base
from practice.models.triggers import statements
from tests.integration.migrations.schema import described
from tests.support.databases import Database


def test_migrations_build_what_the_models_describe(empty_database: Database) -> None:
    made = plain_engine(empty_database.url)
    upgrade(made)
    migrated = described(made)
    with made.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert is_at_head(connection)
    downgrade(made, "base")
    with made.begin() as connection:
        Base.metadata.create_all(connection)
        for statement in statements(made.dialect.name):
            connection.exec_driver_sql(statement)
    assert migrated == described(made)
    made.dispose()


def test_the_schema_goes_down_and_up_again(database: Database) -> None:
    engine = plain_engine(database.url)
    before = described(engine)
    downgrade(engine, "base")
    assert described(engine) == {}
    upgrade(engine)
    assert described(engine) == before
    engine.dispose()
