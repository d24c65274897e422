"""Pictures that the practice shows: its therapists' photos and its logo."""

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from practice.models.base import Base, HasPublicId


class Image(HasPublicId, Base):
    """A picture as it is served: made anew from what was uploaded, named by the SHA-256 of its bytes (hex)."""

    __tablename__ = "image"
    __table_args__ = (CheckConstraint("width > 0 AND height > 0", name="has_size"),)

    content_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    sha256: Mapped[str] = mapped_column(unique=True)
