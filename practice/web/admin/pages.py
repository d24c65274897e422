"""What all admin pages have in common: a form with a heading, and a list that leads to forms."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import HiddenField
from wtforms.validators import AnyOf

from practice.db import in_unit_of_work
from practice.domain.errors import ValidationFailed
from practice.web.board import Status
from practice.web.forms.base import BaseForm


@dataclass(frozen=True, slots=True)
class Way:
    """A link with words."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Press:
    """A button that posts: ``fields`` go with it."""

    label: str
    href: str
    fields: tuple[tuple[str, str], ...] = ()
    kind: str = "secondary"


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page with one form; ``examples`` are sentences that clients will read."""

    heading: str
    back: Way
    intro: str = ""
    note: str = ""
    examples: tuple[str, ...] = ()
    examples_heading: str = ""
    ways: tuple[Way, ...] = ()
    presses: tuple[Press, ...] = ()
    button: str = "Save"


@dataclass(frozen=True, slots=True)
class Row:
    """A thing in a list, with what leads on from it."""

    name: str
    href: str
    cells: tuple[str, ...] = ()
    status: Status | None = None
    ways: tuple[Way, ...] = ()
    presses: tuple[Press, ...] = ()


@dataclass(frozen=True, slots=True)
class ListPage:
    """Things of one kind."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    add: Way
    empty: str
    under: str = ""


class ArchiveForm(BaseForm):
    """Out of use, or back in use."""

    archived = HiddenField("Archived", [AnyOf(("yes", "no"))])


ARCHIVED = Status("Not in use", "ended")


def show_form(form: BaseForm, page: FormPage) -> str:
    """Render a form."""
    return render_template("admin/form.html", form=form, page=page)


def show_list(page: ListPage) -> str:
    """Render a list."""
    return render_template("admin/list.html", page=page)


def archive_press(href: str, *, is_archived: bool, what: str) -> Press:
    """Return the button that takes a thing out of use, or brings it back."""
    if is_archived:
        return Press(f"Use this {what} again", href, (("archived", "no"),))
    return Press(f"Take this {what} out of use", href, (("archived", "yes"),), "danger")


def read_archived(sent: Any) -> bool:
    """Return what an ``archive_press`` sent. Raises ValidationFailed for anything else."""
    form = ArchiveForm(sent)
    if not form.validate():
        raise ValidationFailed
    return bool(form.archived.data == "yes")


def done(act: Callable[[Session], Any], answer: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """Run ``act`` in one transaction, then answer."""
    in_unit_of_work(act)
    return answer()
