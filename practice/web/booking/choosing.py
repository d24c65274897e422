"""With whom, how to meet and when; choosing a time keeps it."""

from dataclasses import replace
from datetime import timedelta

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.errors import ClientBusy, NotOffered, SlotTaken
from practice.domain.intervals import Span, minute_floor, overlaps
from practice.domain.needs import fitted
from practice.domain.permissions import Permission
from practice.domain.slots import therapists_offering
from practice.queries.elsewhere import spans_elsewhere
from practice.queries.held import kept_already
from practice.queries.images import photos_of
from practice.queries.shown_times import shown_times
from practice.services.booking import Keep
from practice.services.checkout import keep_time, let_go_of_others
from practice.services.finding import Wish
from practice.web.access import requires
from practice.web.booking.blueprint import bp
from practice.web.booking.browser import draft_for, holder_hash, remember
from practice.web.booking.courses import group_parts
from practice.web.booking.fits import fits_of
from practice.web.booking.limits import limits_of_holds, network_hash
from practice.web.booking.lost import about_to_take
from practice.web.booking.onward import next_step
from practice.web.booking.path import (
    Chosen,
    Path,
    asking_of,
    chosen_of,
    must_say_where,
    open_path_of,
    wish_of,
)
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
    photos = photos_of(db.session(), [each.id for each in people])
    page = people_page(path, chosen, people, photos, asking_of(path, chosen))
    if len(page.people) == 1:
        return redirect(page.people[0].href, 303)
    return render_template("booking/with_whom.html", page=page)


@bp.get("/<slug>/time")
@requires(Permission.PUBLIC)
def time(slug: str) -> ResponseReturnValue:
    """Ask how to meet, and when."""
    path, chosen = open_path_of(slug), chosen_of(request.args)
    path.places(chosen.who)
    holder_hash()  # so that pressing twice is told from two people who press
    since = read_day(request.args["from"]) if request.args.get("from") else None
    asking = asking_of(path, chosen)
    times = shown_times(db.session(), slug, chosen.person, is_signed_in=bool(path.clients), now=g.now, asking=asking)
    page = time_page(times, chosen, since, the_facts(), _elsewhere(path, chosen))
    if must_say_where(path, page.meet, asking.region):
        return redirect(replace(chosen, meet="online").address("booking.where", slug), 303)
    courses, card = group_parts(path, chosen)
    page = replace(page, courses=courses, expectations=card, fits=fits_of(path, chosen, page.meet, asking))
    return render_template("booking/time.html", page=page)


@bp.post("/<slug>/time")
@requires(Permission.PUBLIC)
def keep(slug: str) -> ResponseReturnValue:
    """Keep the chosen time, and go on with it."""
    path, chosen = open_path_of(slug), chosen_of(request.form)
    if not chosen.at:
        raise NotOffered
    asking = asking_of(path, chosen)
    wish = wish_of(path, chosen, asking)
    if must_say_where(path, wish.modality, wish.region):
        return redirect(chosen.address("booking.where", slug), 303)
    about_to_take(slug, chosen.person, wish.starts_at, chosen)
    _be_free(path, chosen, wish)
    hold_id, appointment_id = _keep(path, chosen, wish)
    said = wish.region if wish.modality == "online" and path.rules.practice.checks_licences else ""
    draft = draft_for(slug, replace(chosen, region=said), appointment_id)
    remember(hold_id, draft)
    return redirect(url_for(next_step(draft), hold_id=hold_id), 303)


def _elsewhere(path: Path, chosen: Chosen) -> tuple[Span, ...]:
    """Return when those who would come, and whose times the reader may see, are in other sessions.

    A group's dates say themselves who has a place.
    """
    seen = [each for each in _coming(path, chosen) if each in g.identity.client_ids]
    return spans_elsewhere(db.session(), seen, g.now) if seen else ()


def _be_free(path: Path, chosen: Chosen, wish: Wish) -> None:
    """Refuse a time at which somebody who would come is elsewhere: now, and not only when it is booked.

    Of two nobody is told whose it is, and of one only whoever may see their times.
    """
    people, start = _coming(path, chosen), minute_floor(wish.starts_at)
    minutes = fitted(path.service, wish.duration_minutes, wish.needs).duration_minutes
    spans = spans_elsewhere(db.session(), people, g.now) if people else ()
    if any(overlaps((start, start + minutes), span) for span in spans):
        raise ClientBusy if path.places(chosen.who) == 1 and set(people) <= g.identity.client_ids else SlotTaken


def _coming(path: Path, chosen: Chosen) -> list[int]:
    if not path.clients or path.service.kind == "group":
        return []
    return [each.id for each in path.people(chosen.who)]


def _keep(path: Path, chosen: Chosen, wish: Wish) -> tuple[str, str]:
    """Keep the time for this browser, and return the public ids of the hold and of what it keeps."""
    places, holder, limits, rules = path.places(chosen.who), holder_hash(), limits_of_holds(), path.rules
    until, people = g.now + timedelta(minutes=the_facts().hold_minutes), _coming(path, chosen)
    keep = Keep(until, holder, places=places, network_hash=network_hash())
    try:
        hold_id, public_id, appointment_id = in_unit_of_work(
            lambda session: keep_time(
                session, rules, wish, keep=keep, limits=limits, by=g.identity, now=g.now, clients=people
            )
        )
    except SlotTaken:
        kept = kept_already(db.session(), holder, wish.service_id, wish.therapist_id, wish.starts_at)
        if kept is None:
            raise
        return kept  # it was oneself: the button was pressed twice
    in_unit_of_work(lambda session: let_go_of_others(session, holder, hold_id, now=g.now))
    return public_id, appointment_id
