"""Hashing passwords with argon2id. It takes tens of milliseconds on purpose: never inside a unit of work."""

from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from practice.domain.passwords import bare, normalize
from practice.domain.tokens import new_token

CHEAP_HASHES = {"memory_kib": 64, "rounds": 1}  # for tests only
BLOCKLIST = Path(__file__).with_name("common_passwords.txt")


class Passwords:
    """Hashes and verifies, always at one cost, whether or not there is a hash to compare with."""

    def __init__(self, *, memory_kib: int = 19_456, rounds: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1, type=Type.ID)
        self._nobodys = self.hash(new_token())

    def hash(self, password: str) -> str:
        """Return the hash to store, with its salt and cost."""
        return self._hasher.hash(normalize(password))

    def verify(self, stored: str | None, password: str) -> bool:
        """Whether ``password`` is the one that was hashed; without a hash it takes as long, and is False."""
        try:
            self._hasher.verify(stored or self._nobodys, normalize(password))
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def is_stale(self, stored: str) -> bool:
        """Whether ``stored`` was hashed at another cost than today's."""
        return self._hasher.check_needs_rehash(stored)


@lru_cache(maxsize=1)
def blocklist() -> frozenset[str]:
    """Return the long passwords that are tried first, as ``bare`` makes them."""
    lines = BLOCKLIST.read_text(encoding="utf-8").splitlines()
    return frozenset(bare(line) for line in lines if line and not line.startswith("#"))
