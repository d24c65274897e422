"""Secrets that are handed out once: sessions, mailed links, programs' tokens. Only their hashes are kept."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """Return a random, URL-safe secret of 256 bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> bytes:
    """Return what is kept of a token. It is random enough that a plain hash cannot be searched."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
