"""The page of calendar links, for therapists and clients. A link is a key to health data: it says so."""

from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from practice.db import db, unit_of_work
from practice.domain.calendars import levels_of
from practice.domain.errors import ValidationFailed
from practice.domain.permissions import Permission
from practice.queries.feeds import FeedOwner, OwnFeed, feed_owners, feeds_of
from practice.services.feeds import FeedWish, create_feed, revoke_feed
from practice.web.access import requires
from practice.web.asking import full_address
from practice.web.forms.base import BaseForm
from practice.web.frame import the_facts

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
    kind, _, public_id = str(form.owner.data).partition("-")
    wish = FeedWish(kind=kind, owner=public_id, level=form.level.data, name=form.name.data or "")
    try:
        with unit_of_work() as work:
            made = create_feed(work, wish, by=g.identity, now=g.now)
    except ValidationFailed as error:
        form.refuse(error)
        return _page(form), error.status
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


def owners() -> list[FeedOwner]:
    """Return whose calendars this identity may link to."""
    return feed_owners(db.session(), g.identity.therapist_id, g.identity.client_ids)


def _form() -> LinkForm:
    form, whose = LinkForm(request.form), owners()
    form.owner.choices = {f"{each.kind}-{each.public_id}": each.name for each in whose}
    full = the_facts().allows_full_names_in_feeds
    offered = {level for each in whose for level in levels_of(each.kind, allows_full_names=full)}
    form.level.choices = {level: words for level, words in LEVELS.items() if level in offered}
    return form


def _page(form: LinkForm) -> str:
    token = session.pop(NEW_LINK, None)
    https = full_address("feeds.show", token=token) if token else ""
    names: dict[int | None, str] = {each.resource_id: each.name for each in owners()}
    links = [_view(feed, names[feed.resource_id]) for feed in feeds_of(db.session(), names)]
    return render_template(
        "calendars/links.html", form=form, links=links, https=https, webcal="webcal" + https[https.find("://") :]
    )


def _view(feed: OwnFeed, whose: str) -> LinkView:
    fetched = f"Last read by {feed.last_program or 'a calendar'}" if feed.last_fetched_at else "Not read yet"
    return LinkView(feed.public_id, feed.name, whose, LEVELS.get(feed.level, feed.level), fetched)
