"""Showing that the e-mail address is one's own: by the code, in this browser, or by the link, in any."""

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.adapters.vault import Vault
from practice.db import db, in_unit_of_work
from practice.domain.errors import LinkEnded
from practice.domain.permissions import Permission
from practice.domain.tokens import hash_token
from practice.queries.held import HeldTime, held_for_token
from practice.services.partners import first_link
from practice.services.requests import confirm_request_by_code, confirm_request_by_token
from practice.web.access import requires
from practice.web.booking.blueprint import bp
from practice.web.booking.browser import note_booked
from practice.web.booking.forms import CodeForm
from practice.web.booking.held import kept, the_held
from practice.web.booking.lost import about_to_take
from practice.web.booking.path import Chosen
from practice.web.partner_links import show_next
from practice.web.times_shown import MEETINGS

FOR_TWO = 2
WRONG_CODE = "That is not the code that we sent. Look for the newest e-mail from us, and try again."


@bp.get("/held/<hold_id>/proof")
@requires(Permission.PUBLIC)
def proof(hold_id: str) -> ResponseReturnValue:
    """Ask for the code."""
    held, _ = the_held(hold_id)
    if held.request_id is None:
        return redirect(url_for("booking.check", hold_id=hold_id), 303)
    return _page(held, CodeForm())


@bp.post("/held/<hold_id>/proof")
@requires(Permission.PUBLIC)
def confirm_code(hold_id: str) -> ResponseReturnValue:
    """Book what the code stands for."""
    held, _ = the_held(hold_id)
    form = CodeForm(request.form)
    if held.request_id is None:
        return redirect(url_for("booking.check", hold_id=hold_id), 303)
    if form.validate():
        request_id, code = held.request_id, "".join((form.code.data or "").split())
        try:
            booked = in_unit_of_work(
                lambda session: confirm_request_by_code(session, request_id, code, vault=vault(), now=g.now)
            )
        except LinkEnded as error:
            return _booked_before(error)
        if booked is not None:
            return _booked(booked.public_id, held.public_id, held.places, is_course=bool(held.more))
        form.code.errors = [WRONG_CODE]
    return _page(held, form), 422


@bp.get("/confirm/<token>")
@requires(Permission.PUBLIC)
def confirm_link(token: str) -> ResponseReturnValue:
    """Show what the link stands for, and the button that books it."""
    held = _waiting(token)
    return render_template("booking/confirm.html", kept=kept(held), token=token, asks=held.needs_approval)


@bp.post("/confirm/<token>")
@requires(Permission.PUBLIC)
def confirm_by_link(token: str) -> ResponseReturnValue:
    """Book what the link stands for; pressed twice, it leads to the same."""
    held = held_for_token(db.session(), hash_token(token))
    if held is not None:
        about_to_take(held.service, held.therapist, held.starts_at, Chosen(meet=MEETINGS.get(held.modality)))
    try:
        booked = in_unit_of_work(lambda session: confirm_request_by_token(session, token, vault=vault(), now=g.now))
    except LinkEnded as error:
        return _booked_before(error)
    if held is None:  # it was asked for between two looks
        raise LinkEnded
    return _booked(booked.public_id, held.public_id, held.places, is_course=bool(held.more))


def _booked_before(error: LinkEnded) -> ResponseReturnValue:
    """Lead to what was booked by the press before this one; otherwise the link or code is no good any more."""
    if "appointment" not in error.detail:
        raise error
    return _booked(error.detail["appointment"], error.detail["hold"], error.detail["places"])


def _page(held: HeldTime, form: CodeForm) -> str:
    return render_template(
        "booking/proof.html",
        form=form,
        kept=kept(held),
        hold_id=held.public_id,
        email=held.email,
        asked=held.request_id,
        asks=held.needs_approval,
    )


def vault() -> Vault:
    """Return what seals new clients' keys."""
    found: Vault = current_app.extensions["vault"]
    return found


def _waiting(token: str) -> HeldTime:
    held = held_for_token(db.session(), hash_token(token))
    if held is None:
        raise LinkEnded
    return held


def _booked(public_id: str, hold_id: str, places: int, *, is_course: bool = False) -> ResponseReturnValue:
    if places == FOR_TWO:
        show_next(public_id, in_unit_of_work(lambda work: first_link(work, public_id, by=g.identity, now=g.now)))
    note_booked(hold_id, public_id, is_course=is_course)
    return redirect(url_for("booking.booked", public_id=public_id), 303)
