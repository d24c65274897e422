"""The services, and one service with those who offer it."""

from dataclasses import replace

from flask import g, render_template
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.queries.catalog import catalog
from practice.queries.images import photos_of
from practice.web.access import requires
from practice.web.courses_shown import group_parts
from practice.web.frame import the_facts
from practice.web.public.blueprint import bp
from practice.web.services_shown import service_cards, service_page


@bp.get("/services")
@requires(Permission.PUBLIC)
def services() -> ResponseReturnValue:
    """List what can be booked."""
    found = catalog(db.session(), is_signed_in=g.identity.is_signed_in)
    return render_template("public/services.html", services=service_cards(found.services, the_facts(), found.prices))


@bp.get("/services/<slug>")
@requires(Permission.PUBLIC)
def service(slug: str) -> ResponseReturnValue:
    """Show one service: what it is, what to expect, and whom it can be booked with."""
    found = catalog(db.session(), is_signed_in=g.identity.is_signed_in)
    photos = photos_of(db.session(), [each.id for each in found.therapists])
    page = service_page(found, slug, the_facts(), photos, is_signed_in=g.identity.is_signed_in)
    if page is None:
        raise NotFound
    courses, card = group_parts(db.session(), slug, the_facts(), is_signed_in=g.identity.is_signed_in, now=g.now)
    return render_template("public/service.html", page=replace(page, courses=courses, expectations=card))
