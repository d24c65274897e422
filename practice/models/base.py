"""What every table stands on: naming, the aware time type, public ids."""

import secrets
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, DateTime, Dialect, Integer, LargeBinary, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
PUBLIC_ID_BYTES = 12


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database. Naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware value into UTC. Raises TypeError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a naive datetime has no place in the database"
            raise TypeError(msg)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the stored instant back, aware in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


Id = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """The declarative base of all models."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UtcDateTime,
            date: Date,
            str: Text,
            bytes: LargeBinary,
            dict[str, Any]: JSON,
            list[str]: JSON,
        },
    )


def new_public_id() -> str:
    """Return a random, opaque, URL-safe id of 16 characters (96 bits)."""
    return secrets.token_urlsafe(PUBLIC_ID_BYTES)


class HasId:
    """A table with a surrogate key that is never shown."""

    id: Mapped[int] = mapped_column(Id, primary_key=True, sort_order=-10)


class HasPublicId(HasId):
    """A table whose rows people can address: the random id is what URLs carry."""

    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id, sort_order=-9)
