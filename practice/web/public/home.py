"""The first page."""

from flask import g, render_template
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.permissions import Permission
from practice.queries.catalog import catalog
from practice.web.access import requires
from practice.web.frame import the_facts
from practice.web.public.blueprint import bp
from practice.web.services_shown import service_cards


@bp.get("/")
@requires(Permission.PUBLIC)
def home() -> ResponseReturnValue:
    """Say what the practice offers, and lead on to it."""
    facts = the_facts()
    found = catalog(db.session(), is_signed_in=g.identity.is_signed_in)
    return render_template("public/home.html", facts=facts, services=service_cards(found.services, facts))
