"""Therapists, clients and who may act for them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
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
    """Somebody who leads sessions.

    The load guard: at most ``max_in_row`` sessions with less than ``break_minutes`` between them, ``max_a_day`` on a
    date of the practice, ``max_first_a_week`` first sessions in a week of it; null is no limit.
    """

    __tablename__ = "therapist"
    __table_args__ = (
        CheckConstraint("listing IN ('public', 'clients', 'staff')", name="listing_known"),
        CheckConstraint("max_in_row BETWEEN 1 AND 50", name="max_in_row_in_range"),
        CheckConstraint("max_a_day BETWEEN 1 AND 50", name="max_a_day_in_range"),
        CheckConstraint("max_first_a_week BETWEEN 0 AND 50", name="max_first_a_week_in_range"),
        CheckConstraint("break_minutes BETWEEN 1 AND 480", name="break_minutes_in_range"),
    )

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
    max_in_row: Mapped[int | None]
    break_minutes: Mapped[int] = mapped_column(default=30, server_default="30")
    max_a_day: Mapped[int | None]
    max_first_a_week: Mapped[int | None]
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("therapist.id"))
    works_with_interpreter: Mapped[bool] = mapped_column(default=False, server_default=false())
    npi: Mapped[str] = mapped_column(default="", server_default="")


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

    ``wrapped_key`` seals this client's columns; destroying it is what erasure means. ``needs_sealed`` holds
    ``practice.domain.needs.Needs`` as JSON, ``region`` where the client last said to be during sessions online ("NY").
    ``awaits_agreement`` marks the second of two partners until they say themselves whether they may be written to.
    ``agreed_fee_cents`` is what their sessions for one or two cost where something else was agreed.
    """

    __tablename__ = "client"
    __table_args__ = (
        CheckConstraint("safe_contact IN ('email', 'text', 'call', 'none')", name="safe_contact_known"),
        Index(None, "email"),
        Index(None, "phone"),
        Index(None, "birth_date_hmac"),
        CheckConstraint("agreed_fee_cents >= 0", name="agreed_fee_not_negative"),
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
    needs_sealed: Mapped[bytes | None]
    region: Mapped[str] = mapped_column(default="", server_default="")
    agreed_fee_cents: Mapped[int | None]
    no_late_fees: Mapped[bool] = mapped_column(default=False, server_default=false())
    awaits_agreement: Mapped[bool] = mapped_column(default=False, server_default=false())

    @property
    def display_name(self) -> str:
        """The name this person is called by, everywhere but on signatures."""
        return self.chosen_name or self.name


class ClientAccess(HasId, Base):
    """Which client an account acts for, as whom, with which rights, from and until when.

    ``reads_since`` is the day on which the right to read was given: it ends when the client consents alone, and can be
    given again then.
    """

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
    reads_since: Mapped[date | None]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]

    client: Mapped[Client] = relationship(lazy="raise")
