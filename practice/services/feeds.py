"""Calendar feeds: creating, rotating and revoking their links. Only a token's hash is kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from practice.domain.calendars import levels_of
from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.permissions import Identity, Permission
from practice.domain.tokens import hash_token, new_token
from practice.models import CalendarFeed, Client, FeedKind, Practice, Therapist
from practice.services.audit import record

PROGRAM_LENGTH = 120


@dataclass(frozen=True, slots=True)
class FeedWish:
    """What a feed shall be; ``owner`` is a therapist's slug or public id, a client's public id, or nothing."""

    kind: str
    owner: str | None
    level: str
    name: str


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed that was just made, with the token that is shown this once."""

    public_id: str
    token: str


def create_feed(session: Session, wish: FeedWish, *, by: Identity, now: datetime) -> NewFeed:
    """Make a feed and return its token, which is never to be had again.

    Raises NotFound for an owner that is not there or not this identity's, ValidationFailed for a level that this
    kind of feed may not have.
    """
    resource_id = _owner(session, wish, by=by)
    practice = session.scalars(select(Practice)).one()
    levels = levels_of(wish.kind, allows_full_names=practice.allows_full_names_in_feeds)
    if wish.level not in levels:
        raise ValidationFailed(errors={"level": f"This kind of calendar can be {_either(levels)}."})
    feed = CalendarFeed(
        kind=wish.kind,
        resource_id=resource_id,
        account_id=by.account_id,
        level=wish.level,
        name=wish.name,
        created_at=now,
    )
    return _issue(session, feed, "feed.created", by=by, now=now)


def rotate_feed(session: Session, public_id: str, *, by: Identity, now: datetime) -> NewFeed:
    """Turn a feed's link off and return another one for the same calendar. Raises NotFound."""
    old = _owned_feed(session, public_id, by=by)
    old.revoked_at = now
    feed = CalendarFeed(
        kind=old.kind,
        resource_id=old.resource_id,
        account_id=old.account_id,
        level=old.level,
        name=old.name,
        created_at=now,
    )
    return _issue(session, feed, "feed.rotated", by=by, now=now)


def revoke_feed(session: Session, public_id: str, *, by: Identity, now: datetime) -> None:
    """Turn a feed's link off for good: whoever asks for it again learns that it is gone. Raises NotFound."""
    feed = _owned_feed(session, public_id, by=by)
    feed.revoked_at = now
    session.flush()
    record(session, "feed.revoked", by=by, now=now, subject=("calendar_feed", feed.public_id))


def note_fetch(session: Session, feed_id: int, *, program: str, tag: str, changed_at: datetime, now: datetime) -> None:
    """Remember when, with which program, and with which content since when, a feed was last fetched."""
    session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.id == feed_id)
        .values(last_fetched_at=now, last_program=program[:PROGRAM_LENGTH], content_tag=tag, content_at=changed_at)
    )


def _issue(session: Session, feed: CalendarFeed, action: str, *, by: Identity, now: datetime) -> NewFeed:
    token = new_token()
    feed.token_hash = hash_token(token)
    session.add(feed)
    session.flush()
    record(session, action, by=by, now=now, subject=("calendar_feed", feed.public_id), kind=feed.kind, level=feed.level)
    return NewFeed(feed.public_id, token)


def _owner(session: Session, wish: FeedWish, *, by: Identity) -> int | None:
    """Return the resource whose time the feed shows; None is the whole practice."""
    is_program = by.can(Permission.FEEDS_WRITE)
    if wish.kind == FeedKind.PRACTICE:
        if not (is_program or by.can(Permission.PRACTICE_FEED)):
            raise NotFound
        return None
    if wish.kind == FeedKind.THERAPIST:
        found = session.scalars(
            select(Therapist).where((Therapist.slug == wish.owner) | (Therapist.public_id == wish.owner))
        ).first()
        allowed = found is not None and found.archived_at is None and (is_program or found.id == by.therapist_id)
        owner: Therapist | Client | None = found
    elif wish.kind == FeedKind.CLIENT:
        client = session.scalars(select(Client).where(Client.public_id == wish.owner)).first()
        allowed = client is not None and client.erased_at is None and (is_program or client.id in by.client_ids)
        owner = client
    else:
        raise ValidationFailed(errors={"kind": "A calendar is a therapist's, a client's or the practice's."})
    if owner is None or not allowed:
        raise NotFound
    return owner.resource_id


def _owned_feed(session: Session, public_id: str, *, by: Identity) -> CalendarFeed:
    """Return a live feed that this identity may change: its maker's, or its owner's. Raises NotFound."""
    feed = session.scalars(
        select(CalendarFeed).where(CalendarFeed.public_id == public_id, CalendarFeed.revoked_at.is_(None))
    ).first()
    if feed is None:
        raise NotFound
    if by.can(Permission.FEEDS_WRITE):
        return feed
    if feed.kind == FeedKind.PRACTICE:
        if by.can(Permission.PRACTICE_FEED):
            return feed
        raise NotFound
    owners = {
        FeedKind.THERAPIST: select(Therapist.resource_id).where(Therapist.id == by.therapist_id),
        FeedKind.CLIENT: select(Client.resource_id).where(Client.id.in_(by.client_ids)),
    }
    if feed.resource_id not in session.scalars(owners[FeedKind(feed.kind)]).all():
        raise NotFound
    return feed


def _either(levels: tuple[str, ...]) -> str:
    return f"{', '.join(levels[:-1])} or {levels[-1]}"
