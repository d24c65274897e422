"""What all admin pages share: the way back, a form in groups with a preview, and a list that leads to forms."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from practice.domain.errors import ValidationFailed
from practice.queries.setup import PER_PAGE
from practice.web.board import Status
from practice.web.forms.base import BaseForm
from practice.web.paging import PageLinks
from practice.web.saving import save
from practice.web.shell import Link

PREVIEW = "preview"


@dataclass(frozen=True, slots=True)
class Way:
    """A link with words."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Press:
    """A button that posts: ``fields`` go with it, ``icon`` stands in the place of its words."""

    label: str
    href: str
    fields: tuple[tuple[str, str], ...] = ()
    kind: str = "secondary"
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields of a form that belong together, by their names."""

    heading: str
    names: tuple[str, ...]
    words: str = ""
    is_row: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What clients will see: ``template`` draws ``shown``."""

    heading: str
    template: str
    shown: Any
    is_saved: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is now: without ``href`` there is none yet. ``name`` is whose it is."""

    href: str
    name: str


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page with one form. Without ``groups`` its fields stand in one row below each other."""

    heading: str
    trail: tuple[Way, ...]
    intro: str = ""
    note: str = ""
    groups: tuple[Group, ...] = ()
    tabs: tuple[Link, ...] = ()
    presses: tuple[Press, ...] = ()
    preview: Preview | None = None
    picture: Picture | None = None
    button: str = "Save"

    @property
    def crumbs(self) -> tuple[tuple[str, str], ...]:
        """The way from the practice to here, for the component."""
        return (*((way.label, way.href) for way in self.trail), (self.heading, ""))


@dataclass(frozen=True, slots=True)
class Row:
    """A thing in a list, with what leads on from it: in two cells where ``is_split``, links and buttons apart."""

    name: str
    href: str
    cells: tuple[str, ...] = ()
    status: Status | None = None
    ways: tuple[Way, ...] = ()
    presses: tuple[Press, ...] = ()
    is_split: bool = False


@dataclass(frozen=True, slots=True)
class Empty:
    """What a list without rows says."""

    heading: str
    words: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """Things of one kind, a page at a time."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    add: Way
    empty: Empty
    under: str = ""
    pages: PageLinks | None = None
    also: tuple[Way, ...] = ()

    @property
    def crumbs(self) -> tuple[tuple[str, str], ...]:
        """The way from the practice to here, for the component."""
        return (*((way.label, way.href) for way in home_trail()), (self.heading, ""))


def home_trail() -> tuple[Way, ...]:
    """Return the beginning of every way: the practice."""
    return (Way("Practice", url_for("admin.home")),)


def trail(label: str, endpoint: str) -> tuple[Way, ...]:
    """Return the way to a page below a list."""
    return (*home_trail(), Way(label, url_for(endpoint)))


def page_links(endpoint: str, page: int, total: int) -> PageLinks:
    """Return the links from one page of a list to those beside it."""
    first, last = (page - 1) * PER_PAGE + 1, min(page * PER_PAGE, total)

    def href(number: int) -> str:
        return f"{url_for(endpoint)}?{urlencode({'page': number})}"

    return PageLinks(
        words=f"{first} to {last} of {total}",
        previous_href=href(page - 1) if page > 1 else "",
        next_href=href(page + 1) if last < total else "",
    )


def show_form(form: BaseForm, page: FormPage) -> str:
    """Render a form."""
    return render_template("admin/form.html", form=form, page=page)


def show_list(page: ListPage) -> str:
    """Render a list."""
    return render_template("admin/list.html", page=page)


def save_or_preview(
    form: BaseForm,
    act: Callable[[Session], Any],
    *,
    page: Callable[[bool], str],
    said: str,
    to: str | Callable[[Any], str],
) -> ResponseReturnValue:
    """Save a form as ``save`` does; where its Preview button was pressed, change nothing and show what it would be.

    ``page`` is told whether the form can be shown as it was sent.
    """
    if PREVIEW not in request.form:
        return save(form, act, page=lambda: page(False), said=said, to=to)
    if form.validate():
        try:
            return page(True)
        except ValidationFailed as error:
            form.refuse(error)
    return page(False), ValidationFailed.status


class PreviewedForm(BaseForm):
    """A form with a Preview button beside Save."""

    also_accepts = frozenset({PREVIEW})
