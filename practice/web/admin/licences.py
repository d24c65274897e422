"""A therapist's licences and photo."""

from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.errors import ValidationFailed
from practice.domain.permissions import Permission
from practice.models import Licence, Therapist
from practice.queries.images import photos_of
from practice.services.images import read_photo, set_photo
from practice.services.licences import licences_of, set_licences
from practice.services.team import therapist_named
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.pages import FormPage, Picture, Press, show_form
from practice.web.admin.people_forms import MOST_LICENCES, LicencesForm, PictureForm, licence_groups, licences_form
from practice.web.admin.therapists import tabs_of, trail_to
from practice.web.saving import save
from practice.web.uploading import takes_files

INTRO = (
    "For example LCSW, New York, 081234. Clients read those that hold, and where the practice asks for it, they decide "
    "in which states people can meet online. Empty a licence's fields to take it away."
)


@bp.get("/therapists/<slug>/licences")
@requires(Permission.ADMIN)
def licences(slug: str) -> ResponseReturnValue:
    """Show a therapist's licences, with room for one more."""
    found = therapist_named(db.session(), slug)
    return _licences_page(licences_form(data=_data(licences_of(db.session(), found.id))), found)


@bp.post("/therapists/<slug>/licences")
@requires(Permission.ADMIN)
def licences_save(slug: str) -> ResponseReturnValue:
    """Change a therapist's licences."""
    found, form = therapist_named(db.session(), slug), licences_form(request.form)
    return save(
        form,
        lambda session: set_licences(session, found, form.to_licences(), by=g.identity, now=g.now),
        page=lambda: _licences_page(form, found),
        said="Saved.",
        to=url_for("admin.licences", slug=slug),
    )


@bp.get("/therapists/<slug>/photo")
@requires(Permission.ADMIN)
def photo(slug: str) -> ResponseReturnValue:
    """Show a therapist's photo, and ask for another."""
    return _photo_page(PictureForm(), therapist_named(db.session(), slug))


@bp.post("/therapists/<slug>/photo")
@requires(Permission.ADMIN)
@takes_files
def photo_save(slug: str) -> ResponseReturnValue:
    """Give a therapist another photo."""
    found, form = therapist_named(db.session(), slug), PictureForm(request.form)
    try:
        made = read_photo(form.sent("picture", request.files), "picture")
    except ValidationFailed as error:
        form.refuse(error)
        return _photo_page(form, found), error.status
    in_unit_of_work(lambda session: set_photo(session, slug, made, by=g.identity, now=g.now))
    flash("The photo is saved.")
    return redirect(url_for("admin.photo", slug=slug), 303)


@bp.post("/therapists/<slug>/photo/remove")
@requires(Permission.ADMIN)
def photo_remove(slug: str) -> ResponseReturnValue:
    """Take a therapist's photo away: their initials stand in its place."""
    in_unit_of_work(lambda session: set_photo(session, slug, None, by=g.identity, now=g.now))
    flash("The photo is gone. The initials stand in its place.")
    return redirect(url_for("admin.photo", slug=slug), 303)


def _data(known: Sequence[Licence]) -> dict[str, Any]:
    return {
        f"{name}_{at}": getattr(each, name)
        for at, each in enumerate(known[:MOST_LICENCES])
        for name in ("title", "region", "number", "expires_on")
    }


def _licences_page(form: LicencesForm, found: Therapist) -> str:
    filled = [at for at in range(MOST_LICENCES) if any(field.data or field.errors for field in form.row(at))]
    groups = licence_groups(max(filled, default=-1) + 2)
    page = FormPage("Licences", trail_to(found), intro=INTRO, groups=groups, tabs=tabs_of(found, "licences"))
    return show_form(form, page)


def _photo_page(form: PictureForm, found: Therapist) -> str:
    digest = photos_of(db.session(), [found.id]).get(found.id, "")
    remove = Press("Take the photo away", url_for("admin.photo_remove", slug=found.slug), kind="danger")
    page = FormPage(
        "Photo",
        trail_to(found),
        intro="Any photo will do: it is cut to a square around its middle, and made small.",
        tabs=tabs_of(found, "photo"),
        presses=(remove,) if digest else (),
        picture=Picture(url_for("public.picture", digest=digest) if digest else "", found.name),
        button="Save the photo",
    )
    return render_template("admin/picture.html", form=form, page=page)
