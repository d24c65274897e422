"""The open times of one service."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.permissions import Permission
from practice.queries.shown_times import shown_times
from practice.web.access import requires
from practice.web.courses_shown import group_parts
from practice.web.frame import the_facts
from practice.web.public.blueprint import bp
from practice.web.public.times_page import asked_of, times_page
from practice.web.slot_links import slot_links


@bp.get("/services/<slug>/times")
@requires(Permission.PUBLIC)
def times(slug: str) -> ResponseReturnValue:
    """List a week of times, from the first day that has any; each leads into the booking."""
    asked = asked_of(request.args)
    found = shown_times(db.session(), slug, asked.therapist, is_signed_in=g.identity.is_signed_in, now=g.now)
    page = times_page(found, asked, the_facts())
    card = None
    if found.service.kind == "group":
        _, card = group_parts(db.session(), slug, the_facts(), is_signed_in=g.identity.is_signed_in, now=g.now)
    return render_template("public/times.html", page=page, links=slot_links(page.days), expectations=card)
