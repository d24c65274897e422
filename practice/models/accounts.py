"""Sign-ins: accounts, roles, sessions, one-time tokens, API tokens, and how often somebody tried."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from practice.models.base import Base, HasId, HasPublicId


class Role(StrEnum):
    """The staff roles."""

    THERAPIST = "therapist"
    FRONT_DESK = "front_desk"
    ADMIN = "admin"


class TokenPurpose(StrEnum):
    """What a mailed link is for."""

    SIGN_IN = "sign_in"
    PASSWORD = "password"  # noqa: S105 - a purpose, not a secret
    INVITATION = "invitation"
    PARTNER = "partner"


class Account(HasPublicId, Base):
    """A sign-in. Its e-mail, in lower case, is unique."""

    __tablename__ = "account"

    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    email_proven_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    roles: Mapped[list["AccountRole"]] = relationship(lazy="raise")


class AccountRole(Base):
    """That an account has a staff role."""

    __tablename__ = "account_role"
    __table_args__ = (CheckConstraint("role IN ('therapist', 'front_desk', 'admin')", name="role_known"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class Session(HasPublicId, Base):
    """A signed-in browser. A cookie without a live row is worth nothing."""

    __tablename__ = "session"
    __table_args__ = (Index(None, "account_id"), Index(None, "expires_at"))

    token_hash: Mapped[bytes] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    program: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class OneTimeToken(HasId, Base):
    """A link's secret: hashed, expiring, good for one use. A partner's has no account yet, and names its client."""

    __tablename__ = "one_time_token"
    __table_args__ = (
        CheckConstraint("purpose IN ('sign_in', 'password', 'invitation', 'partner')", name="purpose_known"),
        CheckConstraint("account_id IS NOT NULL OR purpose = 'partner'", name="has_account"),
        Index(None, "account_id"),
        Index(None, "expires_at"),
    )

    purpose: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ApiToken(HasPublicId, Base):
    """A program's bearer token, with its scopes."""

    __tablename__ = "api_token"

    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Attempt(HasId, Base):
    """How often something was tried lately under one key (a hash of an e-mail or address): the sign-in throttle."""

    __tablename__ = "attempt"
    __table_args__ = (Index(None, "key_hash", "at"), Index(None, "at"))

    key_hash: Mapped[bytes]
    at: Mapped[datetime]
