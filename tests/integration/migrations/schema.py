"""Reads what a database really has: every table, index, constraint, function and trigger, as text."""

import re

from sqlalchemy import Engine

SQLITE = (
    "SELECT type || ' ' || name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"
)
POSTGRESQL = """
SELECT 'column ' || table_name || '.' || column_name,
       concat_ws(' ', data_type, is_nullable, column_default)
FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
UNION ALL
SELECT 'constraint ' || conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'
UNION ALL
SELECT 'index ' || indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL
SELECT 'trigger ' || tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'function ' || proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def described(engine: Engine) -> dict[str, str]:
    """Return everything in the schema by name, its definition with white space folded."""
    sql = SQLITE if engine.dialect.name == "sqlite" else POSTGRESQL
    with engine.connect() as connection:
        return {
            name: _sorted(" ".join((definition or "").split())) for name, definition in connection.exec_driver_sql(sql)
        }


def _sorted(definition: str) -> str:
    """Order the parts of a CREATE TABLE, whose constraints may stand in any order, and in their columns."""
    if not definition.startswith("CREATE TABLE"):
        return definition
    head, _, body = definition.partition("(")
    body = re.sub(r"(\w+) (\w+) CONSTRAINT (\w+) (?=REFERENCES)", r"\1 \2, CONSTRAINT \3 FOREIGN KEY(\1) ", body)
    body = re.sub(r"(\w+ \w+) (CONSTRAINT \w+ CHECK)", r"\1, \2", body)
    parts = body.replace('"', "").removesuffix(")").split(", ")
    return head.replace('"', "") + "(" + ", ".join(sorted(part.strip() for part in parts)) + ")"
