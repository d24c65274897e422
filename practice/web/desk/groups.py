"""The groups' dates: those that come, and a new one."""

from datetime import date

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.errors import NotFound, NotOffered, SlotTaken, ValidationFailed
from practice.domain.permissions import Permission
from practice.domain.rule_book import RuleBook, Service
from practice.queries.appointments import dates_of_groups
from practice.queries.busy import current_rules
from practice.services.group_dates import NewDate, add_date
from practice.web.access import requires
from practice.web.desk.blueprint import bp
from practice.web.desk.forms import GroupDateForm
from practice.web.desk.groups_shown import groups_page


@bp.get("/groups")
@requires(Permission.DESK)
def groups() -> ResponseReturnValue:
    """Show the groups with their dates."""
    rules = current_rules(db.session())
    return render_template("desk/groups.html", groups=groups_page(rules, dates_of_groups(db.session(), g.now)))


@bp.get("/groups/<slug>/dates/new")
@requires(Permission.DESK)
def new_group_date(slug: str) -> ResponseReturnValue:
    """Ask when, with whom and where."""
    rules, service = _group(slug)
    return _page(service, _form(rules, service, GroupDateForm(data={"capacity": service.capacity})))


@bp.post("/groups/<slug>/dates/new")
@requires(Permission.DESK)
def add_group_date(slug: str) -> ResponseReturnValue:
    """Make the date."""
    rules, service = _group(slug)
    form = _form(rules, service, GroupDateForm(request.form))
    if not form.validate() or form.on.data is None:
        return _page(service, form), 422
    new = _sent(rules, service, form, form.on.data)
    try:
        in_unit_of_work(lambda session: add_date(session, rules, new, by=g.identity, now=g.now))
    except (NotOffered, SlotTaken, ValidationFailed) as error:
        form.refuse(error if isinstance(error, ValidationFailed) else ValidationFailed(errors={"start": error.message}))
        return _page(service, form), error.status
    flash("The date is made. Its places can be booked now.")
    return redirect(url_for("desk.groups"), 303)


def _group(slug: str) -> tuple[RuleBook, Service]:
    rules = current_rules(db.session())
    service = rules.service_by_slug.get(slug)
    if service is None or service.kind != "group":
        raise NotFound
    return rules, service


def _form(rules: RuleBook, service: Service, form: GroupDateForm) -> GroupDateForm:
    offering = [one for one in rules.therapists if (one.id, service.id) in rules.offer_of]
    form.therapist.choices = [("", "Choose a therapist"), *((one.slug, one.name) for one in offering)]
    rooms = [(str(room.id), f"{at.name}, {room.name}") for at in rules.locations for room in at.rooms]
    online = [("online", "Online")] if service.online else []
    form.place.choices = [("", "Choose a place"), *(rooms if service.in_person else []), *online]
    return form


def _sent(rules: RuleBook, service: Service, form: GroupDateForm, on: date) -> NewDate:
    rooms = {str(room.id): room for at in rules.locations for room in at.rooms}
    return NewDate(
        service=service,
        therapist=rules.therapist_by_slug[str(form.therapist.data)],
        room=rooms.get(str(form.place.data)),
        on=on,
        minute=int(form.start.data),
        capacity=int(form.capacity.data or service.capacity),
        anyway=bool(form.anyway.data),
    )


def _page(service: Service, form: GroupDateForm) -> str:
    return render_template("desk/new_group_date.html", name=service.name, form=form)
