"""How often somebody may try: a row a try, counted over the last minutes, under keys that name nobody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from practice.domain.errors import TooManyTries
from practice.models import Attempt

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` tries under one key in ``within``."""

    key: bytes
    most: int
    within: timedelta


def key_for(secret: str, *parts: str) -> bytes:
    """Return a key for ``parts`` (what is tried, an address, an e-mail) that cannot be guessed back."""
    return blake2b("\0".join(parts).encode("utf-8", "replace"), key=secret.encode()[:64], digest_size=16).digest()


def note_try(session: Session, limits: Iterable[Limit], *, now: datetime) -> None:
    """Note one more try under each key, before it is known how it ends, so that trying in parallel gains nothing.

    Raises TooManyTries, and leaves it to the caller's transaction to forget the rest, when a limit is reached.
    """
    for limit in limits:
        seconds = seconds_to_wait(session, limit, now=now)
        if seconds:
            raise TooManyTries(retry_after=seconds)


def seconds_to_wait(session: Session, limit: Limit, *, now: datetime) -> int:
    """Note a try and return 0; where the limit is reached, note nothing and return the seconds until the next."""
    wait_for(session, limit.key)
    counted = select(func.count(), func.min(Attempt.at)).where(
        Attempt.key_hash == limit.key, Attempt.at > now - limit.within
    )
    count, oldest = session.execute(counted).one()
    if count >= limit.most:
        return max(1, int((oldest + limit.within - now).total_seconds()))
    session.execute(insert(Attempt), {"key_hash": limit.key, "at": now})
    return 0


def wait_for(session: Session, key: bytes) -> None:
    """Wait until nobody else counts under a key; SQLite has one writer at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(blake2b(key, digest_size=8).digest(), "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(number)))


def forgive(session: Session, keys: Iterable[bytes]) -> None:
    """Forget the tries under ``keys``: whoever tried has shown that they may."""
    session.execute(delete(Attempt).where(Attempt.key_hash.in_(list(keys))))


def forget_old_tries(session: Session, *, now: datetime) -> None:
    """Remove tries that no limit counts any more; the worker calls it."""
    session.execute(delete(Attempt).where(Attempt.at < now - KEPT))
