"""The therapists, by what somebody looks for, and one therapist."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.queries.busy import current_rules
from practice.queries.catalog import catalog
from practice.web.access import requires
from practice.web.frame import the_facts
from practice.web.people_shown import Person, persons, therapist_page
from practice.web.public.blueprint import bp
from practice.web.public.finding_people import people_page


@bp.get("/therapists")
@requires(Permission.PUBLIC)
def therapists() -> ResponseReturnValue:
    """List the therapists who fit what the address asks for; where nobody does, say what to leave out."""
    return render_template("public/therapists.html", page=people_page(_everybody(), request.args))


@bp.get("/therapists/<slug>")
@requires(Permission.PUBLIC)
def therapist(slug: str) -> ResponseReturnValue:
    """Show one therapist, and what can be booked with them."""
    person = next((each for each in _everybody() if each.slug == slug), None)
    if person is None:
        raise NotFound
    return render_template("public/therapist.html", page=therapist_page(person, the_facts(), is_signed_in=_knows_us()))


def _everybody() -> tuple[Person, ...]:
    session = db.session()
    rules = current_rules(session)
    return persons(catalog(session, is_signed_in=_knows_us()), rules)


def _knows_us() -> bool:
    return bool(g.identity.is_signed_in)
