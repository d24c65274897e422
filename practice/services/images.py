"""The therapists' photos and the practice's logo.

photo = read_photo(data)                                   # outside a unit of work: it takes time
set_photo(session, slug, photo, by=g.identity, now=g.now)  # inside; None takes the photo away
"""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from practice.adapters.pictures import Picture, UnreadablePicture, logo_of, photo_of
from practice.domain.errors import ValidationFailed
from practice.domain.permissions import Identity
from practice.models import Image, Practice, Therapist
from practice.queries.practice import the_practice
from practice.services import audit
from practice.services.keeping import take_turns
from practice.services.team import therapist_named


def read_photo(data: bytes, field: str = "photo") -> Picture:
    """Return an upload as a square photo; no database is touched. Raises ValidationFailed at ``field``."""
    try:
        return photo_of(data)
    except UnreadablePicture as error:
        raise ValidationFailed(str(error), errors={field: str(error)}) from error


def read_logo(data: bytes, field: str = "logo") -> Picture:
    """Return an upload as a logo; no database is touched. Raises ValidationFailed at ``field``."""
    try:
        return logo_of(data)
    except UnreadablePicture as error:
        raise ValidationFailed(str(error), errors={field: str(error)}) from error


def save_image(session: Session, picture: Picture) -> int:
    """Store a picture once, and return its id: the same bytes are the same row. The turn must be taken."""
    known = session.scalar(select(Image.id).where(Image.sha256 == picture.sha256))
    if known is not None:
        return known
    made = Image(
        content_type=picture.content_type,
        width=picture.width,
        height=picture.height,
        content=picture.content,
        sha256=picture.sha256,
    )
    session.add(made)
    session.flush()
    return made.id


def set_photo(session: Session, slug: str, photo: Picture | None, *, by: Identity, now: datetime) -> None:
    """Give a therapist a photo, or take theirs away; what nobody shows any more is deleted. Raises NotFound."""
    take_turns(session)
    therapist = therapist_named(session, slug)
    before, therapist.photo_id = therapist.photo_id, None if photo is None else save_image(session, photo)
    session.flush()
    _forget_unused(session, before)
    action = "therapist.photo_removed" if photo is None else "therapist.photo_set"
    audit.record(session, action, by=by, now=now, subject=("therapist", therapist.public_id))


def set_logo(session: Session, logo: Picture | None, *, by: Identity, now: datetime) -> None:
    """Give the practice a logo, or take it away. Raises NotFound before a practice is set up."""
    take_turns(session)
    practice = the_practice(session)
    before, practice.logo_id = practice.logo_id, None if logo is None else save_image(session, logo)
    session.flush()
    _forget_unused(session, before)
    action = "practice.logo_removed" if logo is None else "practice.logo_set"
    audit.record(session, action, by=by, now=now)


def _forget_unused(session: Session, image_id: int | None) -> None:
    if image_id is None:
        return
    photos = select(Therapist.photo_id).where(Therapist.photo_id.is_not(None))
    logos = select(Practice.logo_id).where(Practice.logo_id.is_not(None))
    session.execute(
        delete(Image)
        .where(Image.id == image_id, Image.id.not_in(photos), Image.id.not_in(logos))
        .execution_options(synchronize_session=False)
    )
