"""A whole course of a group: its places are kept in all its dates, as one time is, and the same questions follow."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.domain.rule_book import Audience
from practice.queries.group_offers import CourseOffer, course_offers, kept_course, outlook_of
from practice.queries.parties import parties
from practice.queries.services import service_by_id
from practice.services.booking import Keep
from practice.services.checkout import keep_course, let_go_of_others
from practice.web.access import requires
from practice.web.booking.blueprint import bp
from practice.web.booking.browser import course_draft, holder_hash, remember
from practice.web.booking.limits import limits_of_holds, network_hash
from practice.web.booking.lost import about_to_take
from practice.web.booking.onward import next_step
from practice.web.booking.path import Chosen, Path, chosen_of, open_path_of
from practice.web.courses_shown import CourseCard, course_cards, outlook_card
from practice.web.expectations_shown import Expectations
from practice.web.frame import the_facts


@bp.post("/<slug>/course")
@requires(Permission.PUBLIC)
def keep_whole(slug: str) -> ResponseReturnValue:
    """Keep places in all dates of the chosen course, and go on with it."""
    path, chosen = open_path_of(slug), chosen_of(request.form)
    offer = next((each for each in offers_for(path, chosen) if each.public_id == request.form.get("course")), None)
    if offer is None:
        raise NotFound
    first = offer.dates[0]
    about_to_take(slug, None, first.starts_at, Chosen(chosen.who, "anyone", chosen.meet))
    hold_id, appointment_id = _keep(path, chosen, offer.public_id)
    draft = course_draft(slug, chosen.who, first, appointment_id, offer.public_id)
    remember(hold_id, draft)
    return redirect(url_for(next_step(draft), hold_id=hold_id), 303)


def viewer_of(path: Path) -> Audience:
    """Return whose eyes see the courses: a signed-in person's clients may be told more."""
    return "clients" if path.clients else "public"


def offers_for(path: Path, chosen: Chosen) -> tuple[CourseOffer, ...]:
    """Return the courses of a group for those who would come."""
    if path.service.kind != "group":
        return ()
    ids = [each.id for each in path.people(chosen.who)] if path.clients else []
    places = path.places(chosen.who)
    return course_offers(
        db.session(), path.rules, path.service, viewer=viewer_of(path), now=g.now, places=places, client_ids=ids
    )


def group_parts(path: Path, chosen: Chosen) -> tuple[tuple[CourseCard, ...], Expectations | None]:
    """Return what the question for a time shows of a group beside its dates: its courses, and what to expect."""
    service = service_by_id(db.session(), path.service.id) if path.service.kind == "group" else None
    if service is None:
        return (), None
    outlook = outlook_of(db.session(), service.id, viewer=viewer_of(path), now=g.now)
    return course_cards(offers_for(path, chosen), the_facts()), outlook_card(service, outlook, the_facts())


def _keep(path: Path, chosen: Chosen, course: str) -> tuple[str, str]:
    """Keep the course for this browser; return the public ids of the hold and of its first date."""
    holder, limits, rules = holder_hash(), limits_of_holds(), path.rules
    kept = kept_course(db.session(), holder, course)
    if kept is not None:
        return kept  # it was oneself: the button was pressed twice
    today = g.now.astimezone(ZoneInfo(the_facts().zone)).date()
    comes = parties(db.session(), [each.id for each in path.people(chosen.who)], today) if path.clients else []
    until = g.now + timedelta(minutes=the_facts().hold_minutes)
    keep = Keep(until, holder, places=path.places(chosen.who), network_hash=network_hash())
    hold_id, public_id, appointment_id = in_unit_of_work(
        lambda session: keep_course(session, rules, course, comes, keep=keep, limits=limits, by=g.identity, now=g.now)
    )
    in_unit_of_work(lambda session: let_go_of_others(session, holder, hold_id, now=g.now))
    return public_id, appointment_id
