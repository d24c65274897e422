"""The therapists, by what somebody looks for, and one therapist."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.queries.busy import current_rules
from practice.queries.catalog import catalog
from practice.queries.portraits import portraits
from practice.web.access import requires
from practice.web.calendar_days import today_here
from practice.web.frame import the_facts
from practice.web.paging import read_page
from practice.web.people_shown import Person, persons
from practice.web.public.blueprint import bp
from practice.web.public.finding_people import find_people
from practice.web.public.people_page import people_page
from practice.web.public.therapist_page import therapist_page
from practice.web.slot_links import slot_links


@bp.get("/therapists")
@requires(Permission.PUBLIC)
def therapists() -> ResponseReturnValue:
    """List the therapists who fit what the address asks for; where nobody does, say what to leave out."""
    number, everybody = read_page(request.args), _everybody()
    found = find_people(everybody, request.args)
    page = people_page(
        db.session(), found, everybody, number, the_facts(), is_signed_in=g.identity.is_signed_in, now=g.now
    )
    if number > 1 and not page.people:
        raise NotFound
    return render_template("public/therapists.html", page=page)


@bp.get("/therapists/<slug>")
@requires(Permission.PUBLIC)
def therapist(slug: str) -> ResponseReturnValue:
    """Show one therapist, and when one of their services is free."""
    person = next((each for each in _everybody() if each.slug == slug), None)
    if person is None:
        raise NotFound
    asked = request.args.get("service", "")
    is_signed_in = g.identity.is_signed_in
    page = therapist_page(db.session(), person, asked, the_facts(), is_signed_in=is_signed_in, now=g.now)
    return render_template("public/therapist.html", page=page, links=slot_links(page.times.days if page.times else ()))


def _everybody() -> tuple[Person, ...]:
    session = db.session()
    rules, found = current_rules(session), catalog(session, is_signed_in=g.identity.is_signed_in)
    return persons(found, rules, portraits(session, [each.id for each in found.therapists], today_here()))
