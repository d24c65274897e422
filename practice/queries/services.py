"""One service with all that is written of it."""

from sqlalchemy.orm import Session

from practice.models import Service


def service_by_id(session: Session, service_id: int) -> Service | None:
    """Return a service, or None where there is none."""
    return session.get(Service, service_id)
