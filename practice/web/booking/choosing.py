"""With whom, how to meet and when; choosing a time keeps it."""

from datetime import timedelta

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.errors import NotOffered
from practice.domain.permissions import Permission
from practice.domain.slots import therapists_offering
from practice.queries.shown_times import shown_times
from practice.services.booking import Keep
from practice.services.checkout import keep_time, let_go_of_others
from practice.web.access import requires
from practice.web.booking.blueprint import bp
from practice.web.booking.browser import draft_for, holder_hash, remember
from practice.web.booking.limits import limits_of_holds
from practice.web.booking.lost import about_to_take
from practice.web.booking.path import chosen_of, open_path_of, wish_of
from practice.web.booking.people_page import people_page
from practice.web.booking.times_page import time_page
from practice.web.calendar_days import read_day
from practice.web.frame import the_facts


@bp.get("/<slug>/with")
@requires(Permission.PUBLIC)
def with_whom(slug: str) -> ResponseReturnValue:
    """Ask for a therapist; anyone is an answer."""
    path, chosen = open_path_of(slug), chosen_of(request.args)
    path.places(chosen.who)
    people = therapists_offering(path.rules, path.service, "clients" if path.clients else "public")
    page = people_page(path, chosen, people)
    if len(page.people) == 1:
        return redirect(page.people[0].href, 303)
    return render_template("booking/with_whom.html", page=page)


@bp.get("/<slug>/time")
@requires(Permission.PUBLIC)
def time(slug: str) -> ResponseReturnValue:
    """Ask how to meet, and when."""
    path, chosen = open_path_of(slug), chosen_of(request.args)
    path.places(chosen.who)
    since = read_day(request.args["from"]) if request.args.get("from") else None
    times = shown_times(db.session(), slug, chosen.person, is_signed_in=bool(path.clients), now=g.now)
    return render_template("booking/time.html", page=time_page(times, chosen, since, the_facts()))


@bp.post("/<slug>/time")
@requires(Permission.PUBLIC)
def keep(slug: str) -> ResponseReturnValue:
    """Keep the chosen time, and go on with it."""
    path, chosen = open_path_of(slug), chosen_of(request.form)
    if not chosen.at:
        raise NotOffered
    wish = wish_of(path, chosen)
    about_to_take(slug, chosen.person, wish.starts_at, chosen)
    places, holder, limits, rules = path.places(chosen.who), holder_hash(), limits_of_holds(), path.rules
    hold_for = Keep(g.now + timedelta(minutes=the_facts().hold_minutes), holder, places=places)
    hold_id, public_id = in_unit_of_work(
        lambda session: keep_time(session, rules, wish, keep=hold_for, limits=limits, by=g.identity, now=g.now)
    )
    in_unit_of_work(lambda session: let_go_of_others(session, holder, hold_id, now=g.now))
    remember(public_id, draft_for(slug, chosen))
    return redirect(url_for("booking.check" if path.clients else "booking.details", hold_id=public_id), 303)
