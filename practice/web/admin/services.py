"""Services: list, add and change with the card that clients see, and who offers one at which price."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.permissions import Permission
from practice.models import Appointment, Audience, Service
from practice.queries.setup import booked_to_come, offers_for, things
from practice.services.offering import (
    add_service,
    change_service,
    durations_of,
    service_named,
    service_of,
    set_people,
)
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.features import features_offered
from practice.web.admin.keeping import archive_press, row_presses, status_of
from practice.web.admin.offers import OffersForm, pairs, people_form
from practice.web.admin.pages import (
    Empty,
    FormPage,
    ListPage,
    Preview,
    Row,
    Way,
    page_links,
    save_or_preview,
    show_form,
    show_list,
    trail,
)
from practice.web.admin.service_form import (
    AUDIENCES,
    GROUPS,
    KINDS,
    ServiceForm,
    groups_for,
    known_lengths,
    stays_of,
)
from practice.web.admin.service_tabs import service_tabs
from practice.web.frame import the_facts
from practice.web.paging import read_page
from practice.web.presenting import format_money, humanize_minutes
from practice.web.rule_words import Length, service_words
from practice.web.saving import save
from practice.web.services_shown import service_card

COLUMNS = ("Name", "What", "Length", "Price", "Who books it", "More")
EMPTY = Empty("No service yet", "Clients choose from services. A first conversation is a good one to begin with.")
FIRST = {"kind": "consultation", "audience": "public", "duration_minutes": 20, "step_minutes": 20}


@bp.get("/services")
@requires(Permission.ADMIN)
def services() -> ResponseReturnValue:
    """List the services in the order in which clients see them."""
    number = read_page(request.args)
    found = things(db.session(), Service, number)
    rows = tuple(_row(each, is_alone=found.total == 1) for each in found.rows)
    add = Way("Add a service", url_for("admin.services_new"))
    links = page_links("admin.services", number, found.total)
    under = "In the order in which clients see them."
    return show_list(ListPage("Services", COLUMNS, rows, add, EMPTY, under, links))


@bp.get("/services/new")
@requires(Permission.ADMIN)
def services_new() -> ResponseReturnValue:
    """Ask for a new service; the first one is suggested to be a conversation for people who are new."""
    is_first = not things(db.session(), Service, 1).total
    return _new_page(_form(data=FIRST if is_first else {"audience": "clients"}), is_preview=False)


@bp.post("/services/new")
@requires(Permission.ADMIN)
def services_add() -> ResponseReturnValue:
    """Add a service, and lead on to who offers it."""
    form = _form(request.form)
    return save_or_preview(
        form,
        lambda session: add_service(session, form.to_details(), by=g.identity, now=g.now).public_id,
        page=lambda is_preview: _new_page(form, is_preview=is_preview),
        said="The service is added. Choose next who offers it.",
        to=lambda made: url_for("admin.service_people", public_id=made),
    )


@bp.get("/services/<public_id>")
@requires(Permission.ADMIN)
def service(public_id: str) -> ResponseReturnValue:
    """Show a service to change, and its card."""
    found = service_named(db.session(), public_id)
    known = {"price": found.price_cents} | known_lengths(durations_of(db.session(), found.id))
    form = _form(obj=found, data=known)
    return _page(_without(form, stays_of(found)), found, is_preview=False)


@bp.post("/services/<public_id>")
@requires(Permission.ADMIN)
def service_save(public_id: str) -> ResponseReturnValue:
    """Change a service."""
    found = service_named(db.session(), public_id)
    form = _without(_form(request.form), stays_of(found))
    return save_or_preview(
        form,
        lambda session: change_service(session, public_id, form.to_details(found), by=g.identity, now=g.now),
        page=lambda is_preview: _page(form, found, is_preview=is_preview),
        said="Saved. Sessions that are booked keep what was agreed.",
        to=url_for("admin.services"),
    )


@bp.get("/services/<public_id>/people")
@requires(Permission.ADMIN)
def service_people(public_id: str) -> ResponseReturnValue:
    """Show who offers a service, how, and at which price."""
    found = service_named(db.session(), public_id)
    return _people_page(people_form(found), found)


@bp.post("/services/<public_id>/people")
@requires(Permission.ADMIN)
def service_people_save(public_id: str) -> ResponseReturnValue:
    """Change who offers a service."""
    found = service_named(db.session(), public_id)
    form = people_form(found, request.form)
    return save(
        form,
        lambda session: set_people(session, found, form.to_offers(), by=g.identity, now=g.now),
        page=lambda: _people_page(form, found),
        said="Saved.",
        to=url_for("admin.services"),
    )


def _form(sent: Any = None, **known: Any) -> ServiceForm:
    form = ServiceForm(sent, **known)
    form.room_features.choices = features_offered(db.session())
    return form


def _without(form: ServiceForm, names: tuple[str, ...]) -> ServiceForm:
    for name in names:
        del form[name]
    return form


def _row(service: Service, *, is_alone: bool) -> Row:
    return Row(
        service.name,
        url_for("admin.service", public_id=service.public_id),
        (
            KINDS[service.kind],
            humanize_minutes(service.duration_minutes),
            format_money(service.price_cents, the_facts().currency),
            AUDIENCES[service.audience],
        ),
        status_of(service),
        (Way("Who offers it", url_for("admin.service_people", public_id=service.public_id)),),
        row_presses("services", service, is_alone=is_alone),
    )


def _new_page(form: ServiceForm, *, is_preview: bool) -> str:
    preview = _preview(service_of(form.to_details()), form.durations(), is_saved=False) if is_preview else None
    return show_form(form, FormPage("Add a service", _trail(), groups=GROUPS, preview=preview))


def _page(form: ServiceForm, found: Service, *, is_preview: bool) -> str:
    booked = booked_to_come(db.session(), g.now, Appointment.service_id == found.id)
    shown = service_of(form.to_details(found), like=found) if is_preview else found
    lengths: Sequence[Length] = form.durations() if is_preview else durations_of(db.session(), found.id)
    page = FormPage(
        found.name,
        _trail(),
        intro=f"This is {KINDS[found.kind].lower()}, and stays it; for another kind, add another service.",
        note=f"{booked} of its sessions are still to come. They keep what was agreed." if booked else "",
        groups=groups_for(found),
        tabs=service_tabs(found, "service"),
        presses=(archive_press("services", found),),
        preview=_preview(shown, lengths, is_saved=not is_preview),
    )
    return show_form(form, page)


def _people_page(form: OffersForm, found: Service) -> str:
    price = format_money(found.price_cents, the_facts().currency)
    groups = pairs(form)
    page = FormPage(
        "Who offers it",
        (*_trail(), Way(found.name, url_for("admin.service", public_id=found.public_id))),
        intro=f"The price is {price}, but for whom another one stands here." if found.price_cents else "",
        groups=groups,
        tabs=service_tabs(found, "service_people"),
        note="" if groups else "There is no therapist yet. Add one, and come back.",
    )
    return show_form(form, page)


def _preview(shown: Service, lengths: Sequence[Length], *, is_saved: bool) -> Preview:
    offers = offers_for(db.session(), shown.id or 0).values()
    asked = {shown.price_cents if each.price_cents is None else each.price_cents for each in offers}
    card = service_card(shown, the_facts(), {shown.id: tuple(sorted(asked))} if asked else {})
    if not is_saved or shown.archived_at is not None or shown.audience == Audience.STAFF:
        card = replace(card, href="#preview", times_href="#preview")  # there is no page yet that it could lead to
    words = service_words(shown, lengths, the_facts())
    return Preview("The card that clients see", "service", (card, shown.what_to_expect, words), is_saved)


def _trail() -> tuple[Way, ...]:
    return trail("Services", "admin.services")
