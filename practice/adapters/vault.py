"""Seals health answers, notes and dates of birth under a key per client that rotating master keys wrap.

A wrapped key reads ``version | len(key id) | key id | len(client) | client | nonce | ciphertext``; it is authenticated
together with ``client:<public_id>:key``. A sealed value reads ``version | client key id | nonce | ciphertext``; it is
authenticated together with ``<table>:<public_id>:<column>``, so that a value copied to another row or column, or under
another client, does not open. Erasing a client is deleting the wrapped key.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = 1
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
FINGERPRINT_BYTES = 4
WORDS_BLOCK = 32


class VaultError(Exception):
    """Something sealed cannot be opened, or cannot be sealed; the message never holds what was sealed."""


class UnknownMasterKey(VaultError):
    """The client key is wrapped by a master key that is not configured (any more)."""


class ClientKeyDestroyed(VaultError):
    """The client was erased: nothing of theirs can be opened again."""


class SealBroken(VaultError):
    """The bytes are damaged, or belong to another client, row or column."""


@dataclass(frozen=True, slots=True)
class _WrappedKey:
    key_id: str
    client: str
    nonce: bytes
    ciphertext: bytes

    def to_bytes(self) -> bytes:
        return self.header() + self.nonce + self.ciphertext

    def header(self) -> bytes:
        parts = [bytes([VERSION])]
        for text in (self.key_id, self.client):
            raw = text.encode()
            parts.append(bytes([len(raw)]) + raw)
        return b"".join(parts)

    def bound_to(self) -> bytes:
        return self.header() + f"client:{self.client}:key".encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> "_WrappedKey":
        if not raw or raw[0] != VERSION:
            raise SealBroken("the client key has an unknown format")
        try:
            key_end = 2 + raw[1]
            client_end = key_end + 1 + raw[key_end]
            key_id, client = raw[2:key_end].decode(), raw[key_end + 1 : client_end].decode()
        except (IndexError, UnicodeDecodeError):
            raise SealBroken("the client key is damaged") from None
        rest = raw[client_end:]
        if len(rest) != NONCE_BYTES + KEY_BYTES + TAG_BYTES:
            raise SealBroken("the client key is damaged")
        return cls(key_id, client, rest[:NONCE_BYTES], rest[NONCE_BYTES:])


class Vault:
    """Seals and opens; holds the master keys and nothing else. Safe to share between threads."""

    def __init__(self, master_keys: Iterable[tuple[str, bytes]]) -> None:
        """Take the master keys with their ids, newest first. Each is 32 random bytes."""
        self._masters = dict(master_keys)
        if not self._masters:
            raise ValueError("the vault needs at least one master key")
        for key_id, key in self._masters.items():
            if not 1 <= len(key_id.encode()) <= 255:
                raise ValueError("a master key's id is 1 to 255 bytes long")
            if len(key) != KEY_BYTES:
                raise ValueError(f"master key {key_id} is not {KEY_BYTES} bytes long")
        self._newest = next(iter(self._masters))
        self._word_keys = [_derive(key, b"typed words") for key in self._masters.values()]
        self._search_keys = [_derive(key, b"birth date search") for key in self._masters.values()]

    def new_client_key(self, public_id: str) -> bytes:
        """Make a random key for the client and return it wrapped by the newest master key."""
        return self._wrap(os.urandom(KEY_BYTES), public_id)

    def rewrap(self, wrapped_key: bytes) -> bytes:
        """Return the same client key wrapped by the newest master key; unchanged when it already is.

        Raises UnknownMasterKey and SealBroken.
        """
        parsed = _WrappedKey.from_bytes(wrapped_key)
        if parsed.key_id == self._newest:
            return wrapped_key
        return self._wrap(self._unwrap(wrapped_key), parsed.client)

    def seal(self, wrapped_key: bytes | None, table: str, public_id: str, column: str, plaintext: str) -> bytes:
        """Seal a text for one column of one row. Raises ClientKeyDestroyed, UnknownMasterKey and SealBroken."""
        key = self._unwrap(wrapped_key)
        nonce = os.urandom(NONCE_BYTES)
        bound = _bound_to(table, public_id, column)
        return bytes([VERSION]) + _fingerprint(key) + nonce + AESGCM(key).encrypt(nonce, plaintext.encode(), bound)

    def open(self, wrapped_key: bytes | None, table: str, public_id: str, column: str, sealed: bytes) -> str:
        """Return what was sealed for exactly this client, table, row and column.

        Raises ClientKeyDestroyed, UnknownMasterKey and SealBroken.
        """
        key = self._unwrap(wrapped_key)
        start = 1 + FINGERPRINT_BYTES
        if len(sealed) < start + NONCE_BYTES + TAG_BYTES or sealed[0] != VERSION:
            raise SealBroken(f"{table}.{column} holds nothing that this version sealed")
        if not hmac.compare_digest(sealed[1:start], _fingerprint(key)):
            raise SealBroken(f"{table}.{column} was sealed under another client's key")
        nonce, ciphertext = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
        try:
            return AESGCM(key).decrypt(nonce, ciphertext, _bound_to(table, public_id, column)).decode()
        except InvalidTag:
            raise SealBroken(f"{table}.{column} is damaged or was moved from another row or column") from None

    def birth_date_mark(self, born_on: date) -> bytes:
        """Return the keyed mark under which a birth date is stored for exact search."""
        return _mark(self._search_keys[0], born_on)

    def birth_date_marks(self, born_on: date) -> list[bytes]:
        """Return the marks to search for: one a master key, newest first, so that search survives a rotation."""
        return [_mark(key, born_on) for key in self._search_keys]

    def seal_words(self, words: str, owner: str) -> str:
        """Seal what somebody typed into a text for their own addresses, which logs may hold. It shows no length."""
        nonce = os.urandom(NONCE_BYTES)
        raw = words.encode()
        padded = raw + bytes(-len(raw) % WORDS_BLOCK)
        sealed = AESGCM(self._word_keys[0]).encrypt(nonce, padded, owner.encode())
        return base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()

    def open_words(self, sealed: str, owner: str) -> str | None:
        """Return what ``owner`` typed, or None where this text was not made for them by one of our keys."""
        try:
            raw = base64.b64decode(sealed.encode("ascii") + b"=" * (-len(sealed) % 4), b"-_", validate=True)
        except ValueError:
            return None
        for key in self._word_keys:
            try:
                return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], owner.encode()).rstrip(b"\0").decode()
            except (InvalidTag, ValueError):
                continue
        return None

    def _wrap(self, key: bytes, public_id: str) -> bytes:
        if not 1 <= len(public_id.encode()) <= 255:
            raise ValueError("a public id is 1 to 255 bytes long")
        nonce = os.urandom(NONCE_BYTES)
        bound = _WrappedKey(self._newest, public_id, nonce, b"").bound_to()
        ciphertext = AESGCM(self._masters[self._newest]).encrypt(nonce, key, bound)
        return _WrappedKey(self._newest, public_id, nonce, ciphertext).to_bytes()

    def _unwrap(self, wrapped_key: bytes | None) -> bytes:
        if wrapped_key is None:
            raise ClientKeyDestroyed("the client's key was destroyed")
        parsed = _WrappedKey.from_bytes(wrapped_key)
        master = self._masters.get(parsed.key_id)
        if master is None:
            raise UnknownMasterKey(
                f"the client key is wrapped by master key {parsed.key_id!r}, which is not configured"
            )
        try:
            return AESGCM(master).decrypt(parsed.nonce, parsed.ciphertext, parsed.bound_to())
        except InvalidTag:
            raise SealBroken("the client key is damaged or belongs to another client") from None


def _bound_to(table: str, public_id: str, column: str) -> bytes:
    if not (table and public_id and column) or ":" in table + public_id + column:
        raise ValueError("table, public id and column are needed, and none holds a colon")
    return f"{table}:{public_id}:{column}".encode()


def _fingerprint(key: bytes) -> bytes:
    return hashlib.sha256(b"client key id" + key).digest()[:FINGERPRINT_BYTES]


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(key)


def _mark(key: bytes, born_on: date) -> bytes:
    return hmac.digest(key, born_on.isoformat().encode(), "sha256")
