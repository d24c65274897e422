"""Waiving a late fee for a reason, and noting it after all; what was agreed with a client about money."""

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from practice.db import db, in_unit_of_work
from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.permissions import Permission
from practice.models import Attendance, Client
from practice.queries.appointments import attendance_by_public_id
from practice.services.agreed import agree
from practice.services.waiving import take_waiver_back, waive_fee
from practice.web.access import requires
from practice.web.desk.appointment_shown import href_of_appointment
from practice.web.desk.blueprint import bp
from practice.web.desk.forms import BackForm
from practice.web.desk.named import the_client
from practice.web.flashes import flash_with_undo
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import MoneyField
from practice.web.frame import the_facts
from practice.web.presenting import format_money
from practice.web.reading import note_read
from practice.web.saving import save


class WaiveForm(BaseForm):
    """Why a late fee is waived."""

    reason = TextAreaField(
        "Why is the fee waived?",
        [InputRequired("Enter the reason."), Length(max=500)],
        description="Only staff read it. It is sealed under this client’s own key.",
    )


class AgreedForm(BaseForm):
    """What was agreed with a client about money."""

    agreed_fee = MoneyField(
        "Agreed fee for a session",
        [Optional()],
        description="For sessions alone or of two. Leave it empty for the usual price.",
    )
    no_late_fees = BooleanField("No late fees", description="Cancelling late costs this client nothing.")


@bp.get("/attendances/<public_id>/waive")
@requires(Permission.DESK)
def waive(public_id: str) -> ResponseReturnValue:
    """Ask why a late fee is waived."""
    return _waive_page(_place(public_id), WaiveForm())


@bp.post("/attendances/<public_id>/waive")
@requires(Permission.DESK)
def waive_now(public_id: str) -> ResponseReturnValue:
    """Waive it, and offer to take that back."""
    place, form = _place(public_id), WaiveForm(request.form)
    if not form.validate():
        return _waive_page(place, form), ValidationFailed.status
    reason, vault = str(form.reason.data), current_app.extensions["vault"]
    in_unit_of_work(lambda session: waive_fee(session, public_id, reason, vault=vault, by=g.identity, now=g.now))
    here = href_of_appointment(place.appointment.public_id)
    flash_with_undo("The fee is waived.", url_for("desk.waive_undo", public_id=public_id), back=here)
    return redirect(here, 303)


@bp.post("/attendances/<public_id>/waive/undo")
@requires(Permission.DESK)
def waive_undo(public_id: str) -> ResponseReturnValue:
    """Note a waived fee after all."""
    place, form = _place(public_id), BackForm(request.form)
    if not form.validate():
        raise ValidationFailed
    in_unit_of_work(lambda session: take_waiver_back(session, public_id, by=g.identity, now=g.now))
    flash("The fee is noted, as before.")
    return redirect(form.where(href_of_appointment(place.appointment.public_id)), 303)


@bp.get("/clients/<public_id>/agreed")
@requires(Permission.CLIENTS_WRITE)
def client_agreed(public_id: str) -> ResponseReturnValue:
    """Show what was agreed with a client about money, to be changed."""
    found = the_client(public_id)
    known = {"agreed_fee": found.agreed_fee_cents, "no_late_fees": found.no_late_fees}
    return _agreed_page(found, AgreedForm(data=known))


@bp.post("/clients/<public_id>/agreed")
@requires(Permission.CLIENTS_WRITE)
def client_agreed_save(public_id: str) -> ResponseReturnValue:
    """Keep what was agreed."""
    found, form = the_client(public_id), AgreedForm(request.form)
    return save(
        form,
        lambda session: agree(
            session,
            public_id,
            form.agreed_fee.data,
            no_late_fees=bool(form.no_late_fees.data),
            by=g.identity,
            now=g.now,
        ),
        page=lambda: _agreed_page(found, form),
        said="Saved. Sessions that are booked keep their price.",
        to=url_for("desk.client", public_id=public_id),
    )


def _place(public_id: str) -> Attendance:
    found = attendance_by_public_id(db.session(), public_id)
    if found is None:
        raise NotFound
    note_read("appointment.read", ("appointment", found.appointment.public_id))
    return found


def _waive_page(place: Attendance, form: WaiveForm) -> str:
    back = href_of_appointment(place.appointment.public_id)
    if not place.late_fee_cents or place.fee_waived_at is not None:
        raise NotFound("There is no fee here that could be waived.")
    fee = format_money(place.late_fee_cents, the_facts().currency)
    return render_template("desk/waive.html", form=form, fee=fee, name=place.client.display_name, back=back)


def _agreed_page(found: Client, form: AgreedForm) -> str:
    back = url_for("desk.client", public_id=found.public_id)
    return render_template("desk/agreed.html", form=form, name=found.display_name, back=back)
