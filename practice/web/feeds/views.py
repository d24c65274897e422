"""One feed over HTTP. Whether anything changed is one statement; only a change reads appointments."""

import gzip
import hashlib
import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.http import http_date

from practice.adapters.ical_export import render_feed
from practice.db import beside, db
from practice.domain.calendars import window_of
from practice.domain.errors import Gone, NotFound
from practice.domain.permissions import Permission
from practice.domain.tokens import hash_token
from practice.queries.feeds import FeedState, feed_state
from practice.services.audit import record
from practice.services.birth_dates import birth_dates
from practice.services.feeds import note_fetch
from practice.web.access import requires
from practice.web.feeds.presenting import event_views, feed_view

bp = Blueprint("feeds", __name__)
log = logging.getLogger(__name__)

CONTENT_TYPE = "text/calendar; charset=utf-8"
FORMAT = "2"  # rises when the same appointments would give other bytes
ZIPPED = "-gzip"
NOTED_EVERY = timedelta(minutes=5)
SECOND = timedelta(seconds=1)


@bp.get("/feeds/<token>.ics")
@requires(Permission.PUBLIC)
def show(token: str) -> ResponseReturnValue:
    """Answer with the whole calendar, or with 304 when its revision and day are what the reader has."""
    feed = feed_state(db.engines[None], hash_token(token))
    if feed is None:
        raise NotFound
    midnight = g.now.astimezone(ZoneInfo(feed.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    if feed.revoked_at is not None or not feed.is_allowed(
        midnight.date(), birth_dates(current_app.extensions["vault"])
    ):
        raise Gone
    tag = _tag(feed, midnight)
    changed_at = _changed_at(feed, tag)
    headers = _headers(tag, zipped=_takes_gzip())
    if _has_reader(tag, changed_at):
        response = Response(status=304, headers=headers)
    else:
        response = _whole(feed, midnight, headers | {"Last-Modified": http_date(changed_at)})
    _note(feed, tag, changed_at)
    return response


def _whole(feed: FeedState, midnight: datetime, headers: dict[str, str]) -> Response:
    """Return the whole window: what is absent from it, calendar programs delete."""
    body = render_feed(feed_view(feed), event_views(db.session(), feed, window_of(midnight)))
    if "Content-Encoding" in headers:
        body = gzip.compress(body, 6, mtime=0)
    return Response(body, content_type=CONTENT_TYPE, headers=headers)


def _headers(tag: str, *, zipped: bool) -> dict[str, str]:
    headers = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    return headers | {"ETag": f'"{tag}{ZIPPED}"', "Content-Encoding": "gzip"} if zipped else headers


def _takes_gzip() -> bool:
    accepted = request.environ.get("HTTP_ACCEPT_ENCODING", "")
    return "gzip" in accepted and request.accept_encodings["gzip"] > 0


def _tag(feed: FeedState, midnight: datetime) -> str:
    """Return the ETag: revisions and the window's date, and what the feed says of itself."""
    parts = (FORMAT, feed.public_id, feed.revision, feed.rules, midnight.isoformat(), feed.level, feed.name)
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]


def _changed_at(feed: FeedState, tag: str) -> datetime:
    """Return since when the calendar has had this content: always a later second than that of the last content."""
    if feed.content_tag == tag and feed.content_at is not None:
        return feed.content_at
    now: datetime = g.now.replace(microsecond=0)
    return now if feed.content_at is None else max(now, feed.content_at + SECOND)


def _has_reader(tag: str, changed_at: datetime) -> bool:
    """Whether the reader has this content already; a date only counts where there is no tag."""
    known = request.environ.get("HTTP_IF_NONE_MATCH")
    if known:
        return f'"{tag}"' in known or f'"{tag}{ZIPPED}"' in known or known.strip() == "*"
    since = request.if_modified_since
    return since is not None and changed_at <= since


def _note(feed: FeedState, tag: str, changed_at: datetime) -> None:
    """Remember the fetch, seldom: when the content is new, or five minutes after the last time."""
    is_due = feed.last_fetched_at is None or g.now - feed.last_fetched_at >= NOTED_EVERY
    if not is_due and feed.content_tag == tag:
        return
    db.session.close()
    program = request.user_agent.string
    try:
        with beside(waits=False) as session:
            note_fetch(session, feed.id, program=program, tag=tag, changed_at=changed_at, now=g.now)
            record(session, "feed.read", by=g.identity, now=g.now, subject=("calendar_feed", feed.public_id))
    except OperationalError:
        log.warning("the database was too busy to note that feed %s was fetched", feed.public_id)
