"""Everything on one page before it counts: a stranger asks for it then, a client books it."""

from zoneinfo import ZoneInfo

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from practice.db import db, in_unit_of_work
from practice.domain.errors import HoldEnded
from practice.domain.permissions import Permission
from practice.models import ServiceKind
from practice.queries.acting_for import ActedFor
from practice.queries.group_offers import dates_held
from practice.queries.held import HeldTime, became_booking
from practice.queries.parties import parties
from practice.services.booking import Booked, confirm_hold
from practice.services.checkout import ask_for_proof
from practice.services.group_consents import note_consents
from practice.services.needs import remember_region
from practice.services.partners import add_partner, first_link
from practice.services.requests import RequestDetails
from practice.web.access import requires
from practice.web.booking.agreement import agreement_due
from practice.web.booking.blueprint import bp
from practice.web.booking.browser import Draft, note_booked
from practice.web.booking.clients import clients_of
from practice.web.booking.held import BookedAlready, kept, the_held
from practice.web.booking.limits import limits_of_requests
from practice.web.booking.onward import CHECK, next_step
from practice.web.booking.path import SOMEBODY, path_of
from practice.web.booking.shown import answers_of, in_all_dates, narrowed
from practice.web.cancel_words import cancel_words, terms_for
from practice.web.courses_shown import dates_card, policy_words
from practice.web.frame import the_facts
from practice.web.partner_links import show_next


@bp.get("/held/<hold_id>/check")
@requires(Permission.PUBLIC)
def check(hold_id: str) -> ResponseReturnValue:
    """Show all answers, each with a way to change it, and what cancelling would mean."""
    held, draft = the_held(hold_id)
    clients, missing = clients_of(draft), next_step(draft)
    if missing == CHECK and agreement_due(held, draft):
        missing = "booking.agreement"
    if missing != CHECK:
        return redirect(url_for(missing, hold_id=hold_id), 303)
    facts, path = the_facts(), path_of(draft.service)
    partner, can_change_who = _new_partner(draft), len(path.answers) > 1
    rows = answers_of(held, draft, clients, facts, partner=partner, can_change_who=can_change_who)
    rows = narrowed(rows, held, draft, path)
    terms = terms_for(facts, held.kind, clients[0] if len(clients) == 1 else None)
    dates = dates_held(db.session(), held.id) if held.kind == ServiceKind.GROUP else ()
    words = cancel_words(held.starts_at, held.zone, terms, facts, g.now)
    words = policy_words(terms, facts) if held.more else words
    return render_template(
        "booking/check.html",
        rows=in_all_dates(rows, dates, facts) if held.more else rows,
        kept=kept(held),
        hold_id=hold_id,
        consequence=words,
        expectations=dates_card(dates, facts),
        is_client=bool(clients),
        asks=held.needs_approval and not g.identity.can(Permission.DESK),
        asked=held.request_id or "",
    )


@bp.post("/held/<hold_id>/check")
@requires(Permission.PUBLIC)
def send(hold_id: str) -> ResponseReturnValue:
    """Ask for proof of a stranger's e-mail address, or book what a client held."""
    held, draft = the_held(hold_id)
    clients = clients_of(draft)
    missing = next_step(draft)
    if missing == CHECK and agreement_due(held, draft):
        return redirect(url_for("booking.agreement", hold_id=hold_id), 303)
    if clients and missing == CHECK:
        booked, link = _booked_once(held, draft, clients)
        show_next(booked.public_id, link)
        note_booked(hold_id, booked.public_id, is_course=bool(held.more))
        return redirect(url_for("booking.booked", public_id=booked.public_id), 303)
    if missing != CHECK:
        return redirect(url_for(missing, hold_id=hold_id), 303)
    if request.form.get("asked", "") == (held.request_id or ""):
        _ask(held, draft)  # otherwise it was sent twice, and the code is on its way
    return redirect(url_for("booking.proof", hold_id=hold_id), 303)


def _booked_once(held: HeldTime, draft: Draft, clients: list[ActedFor]) -> tuple[Booked, str]:
    """Book it. Raises BookedAlready where the same button, pressed at the same moment, has done so."""
    try:
        return in_unit_of_work(lambda session: _book(session, held.id, draft, clients))
    except HoldEnded:
        if became_booking(db.session(), draft.appointment, g.identity.books_for):
            raise BookedAlready(held.public_id, draft.appointment) from None
        raise


def _ask(held: HeldTime, draft: Draft) -> None:
    details, limits = details_of(draft), limits_of_requests(draft.email)
    in_unit_of_work(lambda session: ask_for_proof(session, held.id, details, limits=limits, now=g.now))


def details_of(draft: Draft) -> RequestDetails:
    """Return what the request says of the stranger."""
    return RequestDetails(
        for_whom=draft.who,
        name=draft.name,
        email=draft.email,
        zone=the_facts().zone,
        other_name=draft.other_name if draft.who != "me" else "",
        pronouns=draft.pronouns,
        phone=draft.phone or None,
        safe_contact=draft.safe_contact,
        agreement=draft.agreement,
        region=draft.region,
    )


def _new_partner(draft: Draft) -> list[str]:
    """Return the name of who comes with somebody signed in and is new here, where there is one."""
    return [draft.other_name] if SOMEBODY in draft.who.split(".") and draft.other_name else []


def _book(session: Session, hold_id: int, draft: Draft, clients: list[ActedFor]) -> tuple[Booked, str]:
    """Book it, and return the link for a partner whose agreement is waited for, or ""."""
    facts, by, now = the_facts(), g.identity, g.now
    today = now.astimezone(ZoneInfo(facts.zone)).date()
    seated = parties(session, [each.id for each in clients], today)
    remember_region(session, {each.id for each in clients} & by.books_for, draft.region, by=by, now=now)
    vault = current_app.extensions["vault"]
    new = [add_partner(session, name, facts.zone, vault=vault, by=by, now=now) for name in _new_partner(draft)]
    booked = confirm_hold(session, hold_id, [*seated, *new], by=by, now=now)
    if draft.agreement:
        people = {each.id: each.is_self for each in clients}
        note_consents(session, draft.agreement, people, account_id=by.account_id, by=by, now=now)
    return booked, first_link(session, booked.public_id, by=by, now=now)
