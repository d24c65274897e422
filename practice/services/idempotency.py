"""Requests that may come again: the first one's answer is kept in the transaction of what it did."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from practice.domain.errors import KeyReused
from practice.domain.permissions import Identity
from practice.models import IdempotencyKey

UNANSWERED = 0


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request under its key: whose, for what, and what it said."""

    client: str
    endpoint: str
    key: str
    request_hash: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """What the first request was answered."""

    status: int
    answer: dict[str, Any]


def repeatable(key: str, endpoint: str, body: str, *, by: Identity) -> Repeatable:
    """Return the request of this identity; two are the same when their bodies say the same."""
    return Repeatable(f"{by.kind}:{by.id}", endpoint, key, hashlib.sha256(body.encode()).digest())


def first_answer(session: Session, asked: Repeatable, *, now: datetime) -> Answered | None:
    """Take the key for this transaction, or return the answer that it was given before.

    Whoever comes at the same time with the same key waits here until the first one has committed or rolled back.
    Raises KeyReused where the key came with another body.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    taken = session.connection().execute(
        insert(IdempotencyKey)
        .values(
            client=asked.client,
            endpoint=asked.endpoint,
            key=asked.key,
            request_hash=asked.request_hash,
            status=UNANSWERED,
            answer={},
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    )
    if taken.first() is not None:
        return None
    request_hash, status, answer = session.execute(
        select(IdempotencyKey.request_hash, IdempotencyKey.status, IdempotencyKey.answer).where(*_is(asked))
    ).one()
    if request_hash != asked.request_hash:
        raise KeyReused
    return Answered(status, answer)


def known_answer(session: Session, asked: Repeatable) -> Answered | None:
    """Return the answer that the request was given before, without taking its key; None where there is none yet."""
    found = session.execute(
        select(IdempotencyKey.status, IdempotencyKey.answer).where(*_is(asked), IdempotencyKey.status != UNANSWERED)
    ).first()
    return Answered(*found) if found else None


def keep_answer(session: Session, asked: Repeatable, answered: Answered) -> None:
    """Keep the answer under the key that this transaction took."""
    session.connection().execute(
        update(IdempotencyKey).where(*_is(asked)).values(status=answered.status, answer=answered.answer)
    )


def _is(asked: Repeatable) -> tuple[Any, ...]:
    return (
        IdempotencyKey.client == asked.client,
        IdempotencyKey.endpoint == asked.endpoint,
        IdempotencyKey.key == asked.key,
    )
