"""Therapists: list, add and change with the card that clients see, and what each offers."""

from dataclasses import replace
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.permissions import Permission
from practice.models import Appointment, AppointmentTherapist, Therapist
from practice.queries.busy import current_rules
from practice.queries.portraits import portraits
from practice.queries.setup import booked_to_come, colleagues, things
from practice.services.offering import set_offers
from practice.services.team import add_therapist, change_therapist, therapist_named, therapist_of
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.keeping import archive_press, row_presses, status_of
from practice.web.admin.offers import OffersForm, offers_form, pairs
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
from practice.web.admin.people_forms import LISTINGS, LOAD, PROFILE, STANDING, WORDS, ZONE, TherapistForm
from practice.web.calendar_days import today_here
from practice.web.frame import the_facts
from practice.web.paging import read_page
from practice.web.people_shown import preview_person
from practice.web.rule_words import Load, load_words
from practice.web.saving import save
from practice.web.shell import Link

COLUMNS = ("Name", "Seen by", "New clients", "Account", "More")
EMPTY = Empty("No therapist yet", "Invite your therapists: each gets a profile. Or add a profile alone.")
PAGES = {
    "therapist": "Profile",
    "offers": "What they offer",
    "hours": "Hours",
    "licences": "Licences",
    "photo": "Photo",
}
GROUPS = (PROFILE, WORDS, STANDING, LOAD, ZONE)


@bp.get("/therapists")
@requires(Permission.ADMIN)
def therapists() -> ResponseReturnValue:
    """List the therapists in the order in which clients see them."""
    number = read_page(request.args)
    found = things(db.session(), Therapist, number)
    rows = tuple(_row(each, is_alone=found.total == 1) for each in found.rows)
    add = Way("Add a therapist", url_for("admin.therapists_new"))
    links = page_links("admin.therapists", number, found.total)
    under = "In the order in which clients see them."
    return show_list(ListPage("Therapists", COLUMNS, rows, add, EMPTY, under, links))


@bp.get("/therapists/new")
@requires(Permission.ADMIN)
def therapists_new() -> ResponseReturnValue:
    """Ask for a new therapist."""
    return _new_page(_form(None, data={"zone": the_facts().zone, "listing": "public"}), is_preview=False)


@bp.post("/therapists/new")
@requires(Permission.ADMIN)
def therapists_add() -> ResponseReturnValue:
    """Add a therapist, and lead on to what they offer."""
    form = _form(None, request.form)
    return save_or_preview(
        form,
        lambda session: add_therapist(session, form.to_details(), by=g.identity, now=g.now).slug,
        page=lambda is_preview: _new_page(form, is_preview=is_preview),
        said="The therapist is added. Next: what they offer, and when they work.",
        to=lambda made: url_for("admin.offers", slug=made),
    )


@bp.get("/therapists/<slug>")
@requires(Permission.ADMIN)
def therapist(slug: str) -> ResponseReturnValue:
    """Show a therapist's profile to change, and their card."""
    found = therapist_named(db.session(), slug)
    words: dict[str, Any] = {
        name: "\n".join(getattr(found, name)) for name in ("helps_with", "approaches", "languages")
    }
    words["supervisor"] = next((each.slug for each in colleagues(db.session(), found)[1]), "")
    known = {name: getattr(found, name) for name in TherapistForm()._fields if name not in words}
    return _page(_form(found, data=known | words), found, is_preview=False)


@bp.post("/therapists/<slug>")
@requires(Permission.ADMIN)
def therapist_save(slug: str) -> ResponseReturnValue:
    """Change a therapist's profile."""
    found = therapist_named(db.session(), slug)
    form = _form(found, request.form)
    return save_or_preview(
        form,
        lambda session: change_therapist(session, slug, form.to_details(), by=g.identity, now=g.now),
        page=lambda is_preview: _page(form, found, is_preview=is_preview),
        said="Saved.",
        to=url_for("admin.therapists"),
    )


@bp.get("/therapists/<slug>/offers")
@requires(Permission.ADMIN)
def offers(slug: str) -> ResponseReturnValue:
    """Show what a therapist offers."""
    found = therapist_named(db.session(), slug)
    return _offers_page(offers_form(found.id), found)


@bp.post("/therapists/<slug>/offers")
@requires(Permission.ADMIN)
def offers_save(slug: str) -> ResponseReturnValue:
    """Change what a therapist offers."""
    found = therapist_named(db.session(), slug)
    form = offers_form(found.id, request.form)
    return save(
        form,
        lambda session: set_offers(session, found.id, form.to_offers().values(), by=g.identity, now=g.now),
        page=lambda: _offers_page(form, found),
        said="Saved.",
        to=url_for("admin.therapists"),
    )


def _form(found: Therapist | None, sent: Any = None, **known: Any) -> TherapistForm:
    """Return the form; a supervisor is a colleague in use, or who it is already."""
    form = TherapistForm(sent, **known)
    others, now = colleagues(db.session(), found)
    form.offer_supervisors({each.slug: each.name for each in (*now, *others)})
    return form


def tabs_of(found: Therapist, current: str) -> tuple[Link, ...]:
    """Return the pages about one therapist; somebody who is out of use has no hours to change."""
    return tuple(
        Link(words, url_for(f"admin.{name}", slug=found.slug), name == current)
        for name, words in PAGES.items()
        if name != "hours" or found.archived_at is None
    )


def trail_to(found: Therapist | None = None) -> tuple[Way, ...]:
    """Return the way to the therapists, or to a page about one of them."""
    own = () if found is None else (Way(found.name, url_for("admin.therapist", slug=found.slug)),)
    return (*trail("Therapists", "admin.therapists"), *own)


def _row(found: Therapist, *, is_alone: bool) -> Row:
    ways = [Way("What they offer", url_for("admin.offers", slug=found.slug))]
    if found.archived_at is None:
        ways.append(Way("Hours", url_for("admin.hours", slug=found.slug)))
    return Row(
        found.name,
        url_for("admin.therapist", slug=found.slug),
        (LISTINGS[found.listing], "Welcome" if found.takes_new_clients else "Not now", _account(found)),
        status_of(found),
        tuple(ways),
        row_presses("therapists", found, is_alone=is_alone),
    )


def _account(found: Therapist) -> str:
    return "Yes" if found.account_id else "Not yet"


def _new_page(form: TherapistForm, *, is_preview: bool) -> str:
    preview = _preview(therapist_of(form.to_details()), form, is_saved=False) if is_preview else None
    return show_form(form, FormPage("Add a therapist", trail_to(), groups=GROUPS, preview=preview))


def _page(form: TherapistForm, found: Therapist, *, is_preview: bool) -> str:
    theirs = Appointment.therapists.any(AppointmentTherapist.therapist_id == found.id)
    booked = booked_to_come(db.session(), g.now, theirs)
    page = FormPage(
        found.name,
        trail_to(),
        note=f"{booked} of their sessions are still to come." if booked else "",
        groups=GROUPS,
        tabs=tabs_of(found, "therapist"),
        presses=(archive_press("therapists", found),),
        preview=_preview(
            therapist_of(form.to_details(), like=found) if is_preview else found, form, is_saved=not is_preview
        ),
    )
    return show_form(form, page)


def _preview(shown: Therapist, form: TherapistForm, *, is_saved: bool) -> Preview:
    session = db.session()
    portrait = portraits(session, [shown.id or 0], today_here())
    person = preview_person(shown, current_rules(session), portrait)
    person = replace(person, supervisor=form.supervisor_name)
    load = Load(shown.max_in_row, shown.break_minutes, shown.max_a_day, shown.max_first_a_week)
    return Preview("The card that clients see", "person", (person, load_words(load)), is_saved)


def _offers_page(form: OffersForm, found: Therapist) -> str:
    groups = pairs(form)
    page = FormPage(
        "What they offer",
        trail_to(found),
        intro="A price is only needed where it differs from the service's." if groups else "",
        note="" if groups else "There is no service yet. Add one, and come back.",
        groups=groups,
        tabs=tabs_of(found, "offers"),
    )
    return show_form(form, page)
