"""When clients are in other sessions: for pages of who may see those clients' times, and for nobody else."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.intervals import Span, merge, outer_span
from practice.models import Client, Occupancy


def spans_elsewhere(
    session: Session, client_ids: Collection[int], since: datetime, *, besides: int | None = None
) -> tuple[Span, ...]:
    """Return the spans from ``since`` on in which one of the clients is in a session; ``besides`` is one left out."""
    rows = session.execute(
        select(Occupancy.starts_at, Occupancy.ends_at)
        .join(Client, Client.resource_id == Occupancy.resource_id)
        .where(
            Client.id.in_(client_ids),
            Occupancy.starts_at > since - timedelta(days=1),
            Occupancy.ends_at > since,
            Occupancy.appointment_id != (besides or 0),
        )
    )
    return merge(outer_span(*row) for row in rows)
