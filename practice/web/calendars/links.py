"""The page of calendar links, for therapists and clients. A link is a key to health data: it says so."""

from dataclasses import dataclass

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from practice.db import db, unit_of_work
from practice.domain.calendars import levels_of
from practice.domain.permissions import Permission
from practice.models import Client, FeedKind, Therapist
from practice.queries.feeds import OwnFeed, feeds_of
from practice.services.feeds import FeedWish, create_feed, revoke_feed
from practice.settings import Settings
from practice.web.access import requires
from practice.web.forms.base import BaseForm

bp = Blueprint("calendars", __name__, url_prefix="/calendar-links")
NEW_LINK = "new_calendar_link"
LEVELS = {
    "appointment": "“Appointment” and nothing else",
    "busy": "“Busy” and nothing else",
    "code": "A short code for each client",
    "initials": "Initials",
    "full": "Full names",
}


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody whose calendar can be linked to: a therapist, or a client whom this identity acts for."""

    key: str
    kind: str
    public_id: str
    resource_id: int
    name: str


@dataclass(frozen=True, slots=True)
class LinkView:
    """One live link; the secret part cannot be shown again."""

    public_id: str
    name: str
    whose: str
    level: str
    fetched: str


class LinkForm(BaseForm):
    """A new link: whose calendar, what it says, and what it is for."""

    owner = SelectField("Whose calendar?", choices={})
    level = SelectField("What does it say about a session?", choices={})
    name = StringField(
        "What is it for?", [InputRequired("Give it a name, such as “My phone”."), Length(max=60)],
        description="A name that helps you find it again, such as “My phone”.",
    )  # fmt: skip


@bp.get("")
@requires(Permission.OWN_FEEDS)
def feeds() -> ResponseReturnValue:
    """Show the links there are, and the new one once."""
    return _page(_form())


@bp.post("")
@requires(Permission.OWN_FEEDS)
def create() -> ResponseReturnValue:
    """Make a link."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    owner = next(each for each in owners() if each.key == form.owner.data)
    wish = FeedWish(kind=owner.kind, owner=owner.public_id, level=form.level.data, name=form.name.data or "")
    with unit_of_work() as work:
        made = create_feed(work, wish, by=g.identity, now=g.now)
    session[NEW_LINK] = made.token
    return redirect(url_for(".feeds"), 303)


@bp.post("/<public_id>/revoke")
@requires(Permission.OWN_FEEDS)
def revoke(public_id: str) -> ResponseReturnValue:
    """Turn a link off for good."""
    with unit_of_work() as work:
        revoke_feed(work, public_id, by=g.identity, now=g.now)
    flash("The link is turned off. Calendars that used it will stop showing your sessions.", "good")
    return redirect(url_for(".feeds"), 303)


def owners() -> list[Owner]:
    """Return whose calendars this identity may link to."""
    found = []
    if g.identity.therapist_id is not None:
        rows = select(Therapist.public_id, Therapist.resource_id, Therapist.name).where(
            Therapist.id == g.identity.therapist_id
        )
        found += [Owner(f"therapist-{row[0]}", FeedKind.THERAPIST, *row) for row in db.session.execute(rows)]
    clients = select(Client.public_id, Client.resource_id, Client.name).where(Client.id.in_(g.identity.client_ids))
    found += [
        Owner(f"client-{row[0]}", FeedKind.CLIENT, *row) for row in db.session.execute(clients.order_by(Client.id))
    ]
    return found


def _form() -> LinkForm:
    form = LinkForm(request.form)
    whose = owners()
    form.owner.choices = {each.key: each.name for each in whose}
    kind = FeedKind.THERAPIST if g.identity.therapist_id is not None else FeedKind.CLIENT
    form.level.choices = {level: LEVELS[level] for level in levels_of(kind, allows_full_names=False)}
    return form


def _page(form: LinkForm) -> str:
    settings: Settings = current_app.extensions["settings"]
    token = session.pop(NEW_LINK, None)
    https = f"{settings.base_url}{url_for('feeds.show', token=token)}" if token else ""
    links = [_view(feed, owner) for owner in owners() for feed in feeds_of(db.session(), owner.resource_id)]
    return render_template(
        "calendars/links.html", form=form, links=links, https=https, webcal="webcal" + https[https.find("://") :]
    )


def _view(feed: OwnFeed, owner: Owner) -> LinkView:
    fetched = f"Last read by {feed.last_program or 'a calendar'}" if feed.last_fetched_at else "Not read yet"
    return LinkView(feed.public_id, feed.name, owner.name, LEVELS.get(feed.level, feed.level), fetched)
