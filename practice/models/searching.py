"""What finds clients: a line each to look at, and the terms that lead to them. Only ``services.findable`` writes
them; triggers keep ``seen_at``, and take both away from clients who are archived or erased.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from practice.models.base import Base

# Compared by code point, as SQLite does by itself, so that what begins alike lies together.
Term = Text().with_variant(Text(collation="C"), "postgresql")


class ClientSearch(Base):
    """What of a client is compared with what was typed. Clients who are archived or erased have none.

    ``words`` and ``contact`` are those of ``domain.searching.Findable``. ``seen_at`` is the start of the last session
    that was ever planned for them, in the past or to come, or the time when they were added.
    """

    __tablename__ = "client_search"
    __table_args__ = (Index(None, "seen_at", "client_id"),)

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True, autoincrement=False)
    words: Mapped[str]
    contact: Mapped[str]
    seen_at: Mapped[datetime]


class ClientTerm(Base):
    """A term that leads to a client."""

    __tablename__ = "client_term"
    __table_args__ = (Index(None, "client_id"), {"sqlite_with_rowid": False})

    term: Mapped[str] = mapped_column(Term, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True)
