"""Moving a session: another time, therapist, place or way to meet. The old time goes only if the new one is won."""

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from practice.db import db
from practice.domain.errors import ImpossibleStep, NotFound
from practice.domain.permissions import Permission
from practice.domain.rule_book import RuleBook, Service
from practice.models import Appointment
from practice.queries.appointments import appointment_by_public_id
from practice.queries.busy import current_rules
from practice.services.moving import move_appointment
from practice.web.access import requires
from practice.web.desk.appointment_shown import appointment_page
from practice.web.desk.blueprint import bp
from practice.web.desk.checking import check_page, take
from practice.web.desk.forms import WayForm
from practice.web.desk.path import Chosen, chosen_of, wish_of
from practice.web.desk.times import times_page
from practice.web.reading import note_read


@bp.get("/appointments/<public_id>/move")
@requires(Permission.DESK)
def move(public_id: str) -> ResponseReturnValue:
    """Show other times, first with the same therapist."""
    found, rules, service = _movable(public_id)
    prefix = url_for("desk.move_check", public_id=public_id) + "?at="
    page = times_page(service, rules, prefix, therapist=found.lead.slug)
    return render_template("desk/move.html", page=page, session=appointment_page(found))


@bp.get("/appointments/<public_id>/move/check")
@requires(Permission.DESK)
def move_check(public_id: str) -> ResponseReturnValue:
    """Show where it would move to."""
    found, rules, service = _movable(public_id)
    at = request.args.get("at", "")
    chosen = chosen_of(rules, service, at)
    return _page(found, rules, service, chosen, WayForm(data={"at": at})), 200 if chosen.slot else 409


@bp.post("/appointments/<public_id>/move/check")
@requires(Permission.DESK)
def move_now(public_id: str) -> ResponseReturnValue:
    """Move it."""
    found, rules, service = _movable(public_id)

    def act(session: Session, chosen: Chosen, way: str) -> str:
        wish = wish_of(rules, service, chosen, way)
        move_appointment(session, rules, public_id, wish, by=g.identity, now=g.now)
        return public_id

    form = WayForm(request.form)
    said = "The session has moved. Whoever chose e-mail is told."
    return take(form, rules, service, act, page=lambda chosen: _page(found, rules, service, chosen, form), said=said)


def _movable(public_id: str) -> tuple[Appointment, RuleBook, Service]:
    found = appointment_by_public_id(db.session(), public_id)
    if found is None:
        raise NotFound
    rules = current_rules(db.session())
    service = rules.service_by_id.get(found.service_id)
    note_read("appointment.read", ("appointment", public_id))
    if service is None or not appointment_page(found).can_move:
        raise ImpossibleStep
    return found, rules, service


def _page(found: Appointment, rules: RuleBook, service: Service, chosen: Chosen, form: WayForm) -> str:
    page = check_page(rules, service, chosen, form, url_for("desk.move", public_id=found.public_id))
    return render_template("desk/move_check.html", page=page, session=appointment_page(found), form=form)
