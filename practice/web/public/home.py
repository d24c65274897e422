"""The first page, and what search engines may read."""

from flask import Response, g, render_template
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.permissions import Permission
from practice.queries.catalog import catalog
from practice.web.access import requires
from practice.web.frame import the_facts
from practice.web.public.blueprint import bp
from practice.web.services_shown import service_cards

MOST_SERVICES = 3
# What needs a sign-in is not named: it leads robots to the sign-in page, and everybody else learns nothing of it.
NOT_FOR_ROBOTS = ("/api/", "/book/confirm/", "/book/held/", "/call/", "/feeds/", "/password", "/sign-in", "/*?*from=")


@bp.get("/")
@requires(Permission.PUBLIC)
def home() -> ResponseReturnValue:
    """Say what the practice offers, and lead on to it."""
    facts = the_facts()
    found = catalog(db.session(), is_signed_in=g.identity.is_signed_in)
    services = service_cards(found.services[:MOST_SERVICES], facts, found.prices)
    return render_template("public/home.html", facts=facts, services=services)


@bp.get("/robots.txt")
@requires(Permission.PUBLIC)
def robots() -> ResponseReturnValue:
    """Let search engines read what is for everybody."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    answer = Response("\n".join(lines) + "\n", mimetype="text/plain")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer
