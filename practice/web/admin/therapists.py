"""Therapists: list, add, change, what they offer, out of use and back."""

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.permissions import Permission
from practice.models import Appointment, AppointmentTherapist, Therapist
from practice.queries.setup import all_therapists, booked_to_come
from practice.services.offering import set_offers
from practice.services.team import add_therapist, archive_therapist, change_therapist, therapist_named
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.forms import LISTINGS, TherapistForm
from practice.web.admin.offers import offers_form
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
from practice.web.saving import save


@bp.get("/therapists")
@requires(Permission.ADMIN)
def therapists() -> ResponseReturnValue:
    """List all therapists."""
    rows = tuple(_row(therapist) for therapist in all_therapists(db.session()))
    add = Way("Add a therapist", url_for("admin.therapists_new"))
    return show_list(ListPage("Therapists", ("Name", "Seen by", "Account", "More"), rows, add, "No therapist yet"))


@bp.get("/therapists/new")
@requires(Permission.ADMIN)
def therapists_new() -> ResponseReturnValue:
    """Ask for a new therapist."""
    return show_form(TherapistForm(data={"zone": the_facts().zone, "listing": "public"}), _new_page())


@bp.post("/therapists/new")
@requires(Permission.ADMIN)
def therapists_add() -> ResponseReturnValue:
    """Add a therapist, and lead on to what they offer."""
    form = TherapistForm(request.form)
    return save(
        form,
        lambda session: add_therapist(session, form.to_details(), by=g.identity, now=g.now),
        page=lambda: show_form(form, _new_page()),
        said="The therapist is added. Next: what they offer, and when they work.",
        to=url_for("admin.therapists"),
    )


@bp.get("/therapists/<slug>")
@requires(Permission.ADMIN)
def therapist(slug: str) -> ResponseReturnValue:
    """Show a therapist to change."""
    found = therapist_named(db.session(), slug)
    words: dict[str, Any] = {
        name: "\n".join(getattr(found, name)) for name in ("helps_with", "approaches", "languages")
    }
    known = {name: getattr(found, name) for name in TherapistForm()._fields if name not in words}
    return show_form(TherapistForm(data=known | words), _page(found))


@bp.post("/therapists/<slug>")
@requires(Permission.ADMIN)
def therapist_save(slug: str) -> ResponseReturnValue:
    """Change a therapist."""
    found, form = therapist_named(db.session(), slug), TherapistForm(request.form)
    return save(
        form,
        lambda session: change_therapist(session, slug, form.to_details(), by=g.identity, now=g.now),
        page=lambda: show_form(form, _page(found)),
        said="Saved.",
        to=url_for("admin.therapists"),
    )


@bp.post("/therapists/<slug>/archive")
@requires(Permission.ADMIN)
def therapist_archive(slug: str) -> ResponseReturnValue:
    """Take a therapist out of the offer, or bring them back."""
    is_archived = read_archived(request.form)
    in_unit_of_work(lambda session: archive_therapist(session, slug, is_archived=is_archived, by=g.identity, now=g.now))
    flash("Nobody can book there any more. Sessions that are booked stay booked." if is_archived else "Saved.")
    return redirect(url_for("admin.therapists"), 303)


@bp.get("/therapists/<slug>/offers")
@requires(Permission.ADMIN)
def offers(slug: str) -> ResponseReturnValue:
    """Show what a therapist offers."""
    found = therapist_named(db.session(), slug)
    return show_form(offers_form(found.id), _offers_page(found))


@bp.post("/therapists/<slug>/offers")
@requires(Permission.ADMIN)
def offers_save(slug: str) -> ResponseReturnValue:
    """Change what a therapist offers."""
    found = therapist_named(db.session(), slug)
    form = offers_form(found.id, request.form)
    return save(
        form,
        lambda session: set_offers(session, found.id, form.to_offers(), by=g.identity, now=g.now),
        page=lambda: show_form(form, _offers_page(found)),
        said="Saved.",
        to=url_for("admin.therapists"),
    )


def _row(therapist: Therapist) -> Row:
    ways = [Way("What they offer", url_for("admin.offers", slug=therapist.slug))]
    if therapist.archived_at is None:
        ways.append(Way("Hours", url_for("admin.hours", slug=therapist.slug)))
    return Row(
        therapist.name,
        url_for("admin.therapist", slug=therapist.slug),
        (LISTINGS[therapist.listing], "Yes" if therapist.account_id else "Not yet"),
        ARCHIVED if therapist.archived_at else None,
        tuple(ways),
    )


def _new_page() -> FormPage:
    return FormPage("Add a therapist", _back())


def _page(therapist: Therapist) -> FormPage:
    theirs = Appointment.therapists.any(AppointmentTherapist.therapist_id == therapist.id)
    booked = booked_to_come(db.session(), g.now, theirs)
    press = archive_press(
        url_for("admin.therapist_archive", slug=therapist.slug),
        is_archived=therapist.archived_at is not None,
        what="therapist",
    )
    note = f"{booked} of their sessions are still to come." if booked else ""
    return FormPage(therapist.name, _back(), note=note, presses=(press,))


def _offers_page(therapist: Therapist) -> FormPage:
    intro = "A price is only needed where it differs from the service's."
    return FormPage(f"What {therapist.name} offers", _back(), intro)


def _back() -> Way:
    return Way("Therapists", url_for("admin.therapists"))
