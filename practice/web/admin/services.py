"""Services: list, add, change, out of use and back."""

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.permissions import Permission
from practice.models import Appointment, Service
from practice.queries.setup import all_services, booked_to_come
from practice.services.offering import add_service, archive_service, change_service, service_named
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.forms import AUDIENCES, KINDS, ServiceForm
from practice.web.admin.pages import (
    ARCHIVED,
    FormPage,
    ListPage,
    Row,
    Way,
    archive_press,
    read_archived,
    show_form,
    show_list,
)
from practice.web.frame import the_facts
from practice.web.presenting import format_money
from practice.web.saving import save


@bp.get("/services")
@requires(Permission.ADMIN)
def services() -> ResponseReturnValue:
    """List all services."""
    rows = tuple(_row(service) for service in all_services(db.session()))
    add = Way("Add a service", url_for("admin.services_new"))
    columns = ("Name", "What", "Length", "Price", "Who books it")
    return show_list(ListPage("Services", columns, rows, add, "No service yet"))


@bp.get("/services/new")
@requires(Permission.ADMIN)
def services_new() -> ResponseReturnValue:
    """Ask for a new service."""
    return show_form(ServiceForm(), _new_page())


@bp.post("/services/new")
@requires(Permission.ADMIN)
def services_add() -> ResponseReturnValue:
    """Add a service."""
    form = ServiceForm(request.form)
    return save(
        form,
        lambda session: add_service(session, form.to_details(), by=g.identity, now=g.now),
        page=lambda: show_form(form, _new_page()),
        said="The service is added. Choose next who offers it.",
        to=url_for("admin.services"),
    )


@bp.get("/services/<public_id>")
@requires(Permission.ADMIN)
def service(public_id: str) -> ResponseReturnValue:
    """Show a service to change."""
    found = service_named(db.session(), public_id)
    return show_form(ServiceForm(obj=found, data={"price": found.price_cents}), _page(found))


@bp.post("/services/<public_id>")
@requires(Permission.ADMIN)
def service_save(public_id: str) -> ResponseReturnValue:
    """Change a service."""
    found, form = service_named(db.session(), public_id), ServiceForm(request.form)
    return save(
        form,
        lambda session: change_service(session, public_id, form.to_details(), by=g.identity, now=g.now),
        page=lambda: show_form(form, _page(found)),
        said="Saved. Sessions that are booked keep what was agreed.",
        to=url_for("admin.services"),
    )


@bp.post("/services/<public_id>/archive")
@requires(Permission.ADMIN)
def service_archive(public_id: str) -> ResponseReturnValue:
    """Take a service out of use, or bring it back."""
    is_archived = read_archived(request.form)
    in_unit_of_work(
        lambda session: archive_service(session, public_id, is_archived=is_archived, by=g.identity, now=g.now)
    )
    flash("The service is out of use. Sessions that are booked stay booked." if is_archived else "It is in use again.")
    return redirect(url_for("admin.services"), 303)


def _row(service: Service) -> Row:
    return Row(
        service.name,
        url_for("admin.service", public_id=service.public_id),
        (
            KINDS[service.kind],
            f"{service.duration_minutes} minutes",
            format_money(service.price_cents, the_facts().currency),
            AUDIENCES[service.audience],
        ),
        ARCHIVED if service.archived_at else None,
    )


def _new_page() -> FormPage:
    return FormPage("Add a service", Way("Services", url_for("admin.services")))


def _page(service: Service) -> FormPage:
    booked = booked_to_come(db.session(), g.now, Appointment.service_id == service.id)
    press = archive_press(
        url_for("admin.service_archive", public_id=service.public_id),
        is_archived=service.archived_at is not None,
        what="service",
    )
    note = f"{booked} of its sessions are still to come. They keep what was agreed." if booked else ""
    intro = f"This is {KINDS[service.kind].lower()}, and stays it; for another kind, add another service."
    return FormPage(service.name, Way("Services", url_for("admin.services")), intro, note, presses=(press,))
