"""What clients agree to: published texts, and who agreed to which."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from practice.models.base import Base, HasPublicId


class AgreementKind(StrEnum):
    """What a text is about."""

    GROUP = "group"
    CARE = "care"


class Agreement(HasPublicId, Base):
    """One published text, which never changes: the next version is another row. ``sha256`` is its digest in hex."""

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint("kind IN ('group', 'care')", name="kind_known"),
        CheckConstraint("(kind = 'group') = (service_id IS NOT NULL)", name="group_has_service"),
        CheckConstraint("number >= 1", name="number_positive"),
        UniqueConstraint("kind", "service_id", "number"),
    )

    kind: Mapped[str]
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    number: Mapped[int]
    text: Mapped[str]
    sha256: Mapped[str]
    published_at: Mapped[datetime]


class Consent(HasPublicId, Base):
    """That somebody agreed to a text for a client: the client themselves, or a guardian. Kept when it is withdrawn."""

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("given_as IN ('self', 'guardian')", name="given_as_known"),
        Index(None, "client_id", "agreement_id"),
        Index(None, "account_id"),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    given_as: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
