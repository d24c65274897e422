"""Therapists, clients and who may act for them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from practice.models.base import Base, HasId, HasPublicId


class SafeContact(StrEnum):
    """How the practice may reach a client without putting them at risk."""

    EMAIL = "email"
    TEXT = "text"
    CALL = "call"
    NONE = "none"


class Listing(StrEnum):
    """Who sees a therapist."""

    PUBLIC = "public"
    CLIENTS = "clients"
    STAFF = "staff"


class AccessKind(StrEnum):
    """In what capacity an account acts for a client."""

    SELF = "self"
    GUARDIAN = "guardian"


class Therapist(HasPublicId, Base):
    """Somebody who leads sessions."""

    __tablename__ = "therapist"
    __table_args__ = (CheckConstraint("listing IN ('public', 'clients', 'staff')", name="listing_known"),)

    slug: Mapped[str] = mapped_column(unique=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), unique=True)
    name: Mapped[str]
    credentials: Mapped[str] = mapped_column(default="")
    pronouns: Mapped[str] = mapped_column(default="")
    about: Mapped[str] = mapped_column(default="")
    helps_with: Mapped[list[str]] = mapped_column(default=list)
    approaches: Mapped[list[str]] = mapped_column(default=list)
    languages: Mapped[list[str]] = mapped_column(default=list)
    zone: Mapped[str]
    listing: Mapped[str] = mapped_column(default=Listing.PUBLIC)
    takes_new_clients: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None]
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("image.id"))


class Licence(HasId, Base):
    """A therapist's permission to practise: its title, the region that gave it (as "NY"), its number and its end."""

    __tablename__ = "licence"
    __table_args__ = (Index(None, "therapist_id"),)

    therapist_id: Mapped[int] = mapped_column(ForeignKey("therapist.id"))
    title: Mapped[str]
    region: Mapped[str]
    number: Mapped[str]
    expires_on: Mapped[date | None]
    position: Mapped[int] = mapped_column(default=0)


class Client(HasPublicId, Base):
    """Somebody who comes to sessions. May have no account and no e-mail; two clients may share one.

    ``wrapped_key`` seals this client's columns; destroying it is what erasure means.
    """

    __tablename__ = "client"
    __table_args__ = (
        CheckConstraint("safe_contact IN ('email', 'text', 'call', 'none')", name="safe_contact_known"),
        Index(None, "email"),
        Index(None, "phone"),
        Index(None, "birth_date_hmac"),
    )

    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), unique=True)
    name: Mapped[str]
    chosen_name: Mapped[str] = mapped_column(default="")
    pronouns: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None]
    phone: Mapped[str | None]
    safe_contact: Mapped[str] = mapped_column(default=SafeContact.EMAIL)
    zone: Mapped[str]
    birth_date_sealed: Mapped[bytes | None]
    birth_date_hmac: Mapped[bytes | None]
    note_sealed: Mapped[bytes | None]
    wrapped_key: Mapped[bytes | None]
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    @property
    def display_name(self) -> str:
        """The name this person is called by, everywhere but on signatures."""
        return self.chosen_name or self.name


class ClientAccess(HasId, Base):
    """Which client an account acts for, as whom, with which rights, from and until when."""

    __tablename__ = "client_access"
    __table_args__ = (
        UniqueConstraint("account_id", "client_id"),
        CheckConstraint("kind IN ('self', 'guardian')", name="kind_known"),
        Index(None, "client_id"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    kind: Mapped[str] = mapped_column(default=AccessKind.SELF)
    can_book: Mapped[bool] = mapped_column(default=True)
    can_see_times: Mapped[bool] = mapped_column(default=True)
    can_consent: Mapped[bool] = mapped_column(default=True)
    can_read: Mapped[bool] = mapped_column(default=True)
    is_written_to: Mapped[bool] = mapped_column(default=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]

    client: Mapped[Client] = relationship(lazy="raise")
