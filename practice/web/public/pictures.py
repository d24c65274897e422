"""Photos and the logo, under addresses that name their content: they never change, so browsers keep them for good."""

from flask import Response, g
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.queries.images import image_named
from practice.web.access import requires
from practice.web.public.blueprint import bp

A_YEAR = 365 * 24 * 60 * 60


@bp.get("/pictures/<digest>.webp")
@requires(Permission.PUBLIC)
def picture(digest: str) -> ResponseReturnValue:
    """Send a picture to whoever may see what it shows; only what everybody sees may be kept on the way."""
    found = image_named(db.session(), digest, is_signed_in=g.identity.is_signed_in, is_staff=g.identity.is_staff)
    if found is None:
        raise NotFound
    answer = Response(found.content, content_type=found.content_type)
    keeper = "public" if found.is_public else "private"
    answer.headers["Cache-Control"] = f"{keeper}, max-age={A_YEAR}, immutable"
    return answer
