"""Pictures that somebody may see."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Row, exists, or_, select
from sqlalchemy.orm import Session

from practice.models import Image, Listing, Practice, Therapist


@dataclass(frozen=True, slots=True)
class StoredImage:
    """A picture with its bytes; ``is_public`` where strangers may see it."""

    content_type: str
    content: bytes
    is_public: bool


def image_named(session: Session, sha256: str, *, is_signed_in: bool, is_staff: bool) -> StoredImage | None:
    """Return the picture with this digest where it is shown to whoever asks, otherwise None.

    The practice's logo is everybody's. A photo is seen by those who see one of its therapists: staff see all.
    """
    shown = exists().where(Therapist.photo_id == Image.id, Therapist.archived_at.is_(None))
    is_logo = exists().where(Practice.logo_id == Image.id)
    is_public = or_(is_logo, shown.where(Therapist.listing == Listing.PUBLIC))
    is_for_clients = or_(is_public, shown.where(Therapist.listing == Listing.CLIENTS))
    found: Row[str, bytes, bool, bool] | None = session.execute(
        select(Image.content_type, Image.content, is_public, is_for_clients).where(Image.sha256 == sha256)
    ).one_or_none()
    if found is None or not (found[2] or is_staff or (found[3] and is_signed_in)):
        return None
    return StoredImage(found[0], found[1], bool(found[2]))


def photos_of(session: Session, therapist_ids: Iterable[int]) -> dict[int, str]:
    """Return the digests of the therapists' photos, by therapist id; those without a photo are left out."""
    rows = session.execute(
        select(Therapist.id, Image.sha256)
        .join(Image, Image.id == Therapist.photo_id)
        .where(Therapist.id.in_(list(therapist_ids)))
    )
    return {row[0]: row[1] for row in rows}
