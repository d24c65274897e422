"""Making calendar links by programs."""

from flask import g, jsonify
from flask.typing import ResponseReturnValue

from practice.db import in_unit_of_work
from practice.domain.permissions import Permission
from practice.services.feeds import FeedWish, create_feed
from practice.web.access import requires
from practice.web.api import schemas
from practice.web.api.blueprint import bp
from practice.web.api.requests import read_body, read_query
from practice.web.asking import full_address


@bp.post("/feeds")
@requires(Permission.FEEDS_WRITE)
def feeds_create() -> ResponseReturnValue:
    """Make a calendar and give its secret link, this once."""
    read_query()
    asked = read_body(schemas.FeedWish)
    wish = FeedWish(kind=asked.kind, owner=asked.owner, level=asked.level, name=asked.name)
    made = in_unit_of_work(lambda session: create_feed(session, wish, by=g.identity, now=g.now))
    return jsonify({"url": full_address("feeds.show", token=made.token)}), 201
