"""How the practice looks: a line under its name, its colour with its contrast, and its logo."""

from dataclasses import dataclass

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, StringField
from wtforms.validators import Length, Optional

from practice.db import db, in_unit_of_work
from practice.domain.colour import (
    DARK_GROUNDS,
    LIGHT_GROUNDS,
    TEXT_CONTRAST,
    WHITE,
    Tones,
    dark_tones,
    is_colour,
    is_readable,
    least_contrast,
    light_tones,
    nearest_readable,
)
from practice.domain.errors import ValidationFailed
from practice.domain.permissions import Permission
from practice.queries.practice import the_practice
from practice.services.images import read_logo, set_logo
from practice.services.practice_setup import Look, change_practice
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.pages import FormPage, Picture, Press, PreviewedForm, home_trail, save_or_preview
from practice.web.admin.people_forms import PictureForm
from practice.web.brand import brand_href
from practice.web.frame import the_facts
from practice.web.uploading import takes_files

USUAL, OWN = "#2a6656", "own"
COLOURS = {
    "": "The usual green",
    "#1f4f82": "Deep blue",
    "#6b3a6e": "Plum",
    "#934a26": "Terracotta",
    "#44546a": "Slate",
    "#8f2d56": "Berry",
    OWN: "Another colour",
}


class LookForm(PreviewedForm):
    """A line and a colour."""

    tagline = StringField(
        "A line under your name", [Optional(), Length(max=120)], description="For example, A set time, at your pace."
    )
    colour = RadioField("Colour of buttons and links", choices=COLOURS, default="")
    own = StringField("Another colour", [Optional(), Length(max=7)], description="Only where you choose another one.")

    def to_look(self) -> Look:
        """Return what was sent. Raises ValidationFailed for a colour that cannot be read, and puts one in its place."""
        accent = str(self.own.data or "").lower() if self.colour.data == OWN else str(self.colour.data or "")
        if accent and not is_colour(accent):
            raise _wrong("Enter the colour as # and six digits, like #2a6656.")
        if self.colour.data == OWN and not accent:
            raise _wrong("Choose a colour.")
        if accent and not is_readable(accent):
            better = nearest_readable(accent)
            self.own.data = better
            raise _wrong(
                f"{accent} is too light to read: its contrast with a page is {_ratio(accent)}, and people need "
                f"{TEXT_CONTRAST} to 1. {better} is the nearest tone that works, with {_ratio(better)}. "
                "It stands in the field now: save it, or choose another."
            )
        return Look(str(self.tagline.data or ""), accent)


@dataclass(frozen=True, slots=True)
class Sample:
    """A piece of a page in one scheme: its colours, and how well each can be read."""

    name: str
    paper: str
    ink: str
    tones: Tones
    words: str


@dataclass(frozen=True, slots=True)
class LookPage:
    """The form, and what it would look like."""

    form: FormPage
    samples: tuple[Sample, ...]
    is_saved: bool
    css_href: str
    swatches: dict[str, str]
    logo: FormPage


@bp.get("/look")
@requires(Permission.ADMIN)
def look() -> ResponseReturnValue:
    """Show the practice's colour, line and logo."""
    found = the_practice(db.session())
    colour = found.accent if found.accent in COLOURS else OWN
    form = LookForm(data={"tagline": found.tagline, "colour": colour, "own": found.accent or USUAL})
    return _page(form, found.accent, PictureForm())


@bp.post("/look")
@requires(Permission.ADMIN)
def look_save() -> ResponseReturnValue:
    """Change the line and the colour, or show first how every page would look."""
    form = LookForm(request.form)
    now = the_practice(db.session()).accent
    return save_or_preview(
        form,
        lambda session: change_practice(session, form.to_look(), by=g.identity, now=g.now),
        page=lambda is_preview: _page(form, form.to_look().accent if is_preview else now, PictureForm(), is_preview),
        said="Saved. Every page has it now.",
        to=url_for("admin.look"),
    )


@bp.post("/look/logo")
@requires(Permission.ADMIN)
@takes_files
def logo_save() -> ResponseReturnValue:
    """Give the practice another logo."""
    found, form = the_practice(db.session()), PictureForm(request.form)
    try:
        made = read_logo(form.sent("picture", request.files), "picture")
    except ValidationFailed as error:
        form.refuse(error)
        colour = found.accent if found.accent in COLOURS else OWN
        kept = LookForm(data={"tagline": found.tagline, "colour": colour, "own": found.accent or USUAL})
        return _page(kept, found.accent, form), error.status
    in_unit_of_work(lambda session: set_logo(session, made, by=g.identity, now=g.now))
    flash("The logo is saved. It stands at the top of every page.")
    return redirect(url_for("admin.look"), 303)


@bp.post("/look/logo/remove")
@requires(Permission.ADMIN)
def logo_remove() -> ResponseReturnValue:
    """Take the logo away."""
    in_unit_of_work(lambda session: set_logo(session, None, by=g.identity, now=g.now))
    flash("The logo is gone.")
    return redirect(url_for("admin.look"), 303)


def _page(form: LookForm, accent: str, picture: PictureForm, is_preview: bool = False) -> str:
    shown = accent or USUAL
    digest = the_facts().logo
    remove = Press("Take the logo away", url_for("admin.logo_remove"), kind="danger")
    logo = FormPage(
        "Logo",
        (),
        presses=(remove,) if digest else (),
        picture=Picture(url_for("public.picture", digest=digest) if digest else "", the_facts().name),
    )
    page = LookPage(
        form=FormPage("Look", home_trail(), intro="Buttons and links follow the colour on every page, light and dark."),
        samples=(
            _sample("Light", LIGHT_GROUNDS, "#1e2b27", light_tones(shown)),
            _sample("Dark", DARK_GROUNDS, "#ebeeea", dark_tones(shown)),
        ),
        is_saved=not is_preview,
        css_href=brand_href(shown) if is_preview else "",
        swatches={value: value or USUAL for value in COLOURS if value != OWN},
        logo=logo,
    )
    wrong = form if form.errors else picture
    return render_template("admin/look.html", form=wrong, look=form, picture=picture, page=page)


def _sample(name: str, grounds: tuple[str, ...], ink: str, tones: Tones) -> Sample:
    button, link = least_contrast(tones.button, [tones.on_button]), least_contrast(tones.link, grounds)
    words = f"{name}: words on a button {button:.1f} to 1, links {link:.1f} to 1."
    return Sample(name, grounds[0], ink, tones, words)


def _ratio(colour: str) -> str:
    return f"{least_contrast(colour, (*LIGHT_GROUNDS, WHITE)):.1f} to 1"


def _wrong(sentence: str) -> ValidationFailed:
    return ValidationFailed(sentence, errors={"own": sentence})
