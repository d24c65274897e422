"""What surrounds the pages of this request: made from the practice, the identity and the address."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, get_flashed_messages, request, url_for

from practice.db import db
from practice.domain.crisis import crisis_help
from practice.domain.permissions import STRANGER, Identity, Permission
from practice.queries.practice import PracticeFacts, practice_facts
from practice.settings import Settings
from practice.web.brand import brand_href
from practice.web.flashes import read_flash
from practice.web.shell import AccountLink, Flash, Link, Place, Shell, links_to

PUBLIC = (
    Place("Book", "booking.start", "booking."),
    Place("Therapists", "public.therapists", "public.therapist"),
    Place("Services", "public.services", "public.service", ("public.times",)),
)
CALLS, DECISIONS = "Calls", "To decide"
ESTIMATES = "desk.estimates"
BY_PERMISSION = (
    (Permission.OWN_APPOINTMENTS, Place("My sessions", "client.home", "client.")),
    (Permission.OWN_CALENDAR, Place("My week", "therapist.week", "therapist.")),
    (Permission.OWN_HOURS, Place("Hours", "therapist.hours", "therapist.hours")),
    (Permission.OWN_CALENDAR, Place(DECISIONS, "therapist.decisions", "therapist.decision")),
    (
        Permission.OWN_CALENDAR,
        Place("My groups", "therapist.groups", "therapist.group", ("therapist.new_group", "therapist.add_group")),
    ),
    (Permission.DESK, Place("Today", "desk.day", "desk.")),
    (
        Permission.CLIENTS_READ,
        Place(
            "Clients",
            "desk.clients",
            "desk.client",
            ("desk.people", "desk.person", "desk.own_sign_in", "desk.consent", "desk.partner"),
        ),
    ),
    (Permission.DESK, Place("Groups", "desk.groups", "desk.group", ("desk.new_group", "desk.add_group"))),
    (Permission.DESK, Place(CALLS, "desk.calls", "desk.call")),
    (Permission.DESK, Place(DECISIONS, "desk.decisions", "desk.decision")),
    (Permission.CLIENTS_READ, Place("Estimates", ESTIMATES, "desk.estimate")),
    (Permission.OWN_FEEDS, Place("Calendar links", "calendars.feeds", "calendars.")),
    (Permission.ADMIN, Place("Practice", "admin.home", "admin.")),
)
HOMES = (
    (Permission.DESK, "desk.day"),
    (Permission.OWN_CALENDAR, "therapist.week"),
    (Permission.ADMIN, "admin.home"),
    (Permission.OWN_APPOINTMENTS, "client.home"),
)


def init_app(app: Flask) -> None:
    """Give every template its ``shell``, and forms the country of the practice's phone numbers."""
    app.extensions["phone_region"] = lambda: the_facts().country

    @app.context_processor
    def frame() -> dict[str, Shell]:
        return {"shell": shell()}


def the_facts() -> PracticeFacts:
    """Return what this practice is called and how it works, read once a request."""
    if "practice_facts" not in g:
        identity: Identity = g.get("identity", STRANGER)
        is_desk = identity.can(Permission.DESK)
        g.practice_facts = practice_facts(db.session(), for_desk=is_desk, therapist_id=identity.therapist_id)
        current_app.extensions["practice_facts_seen"] = g.practice_facts
    facts: PracticeFacts = g.practice_facts
    return facts


def facts_seen() -> PracticeFacts:
    """Return what was last read of the practice: what is known of it while the database cannot be asked."""
    seen: PracticeFacts = current_app.extensions.get("practice_facts_seen") or PracticeFacts()
    return seen


def shell() -> Shell:
    """Return the frame of this request's page. It is told when the database cannot be asked, and does without."""
    settings: Settings = current_app.extensions["settings"]
    identity: Identity = g.get("identity", STRANGER)
    if g.get("is_in_trouble"):
        seen = facts_seen()
        help_now = crisis_help(seen.crisis_text, seen.country)
        return Shell(
            practice_name=seen.name,
            crisis=help_now,
            is_demo=settings.is_demo,
            brand_css_href=brand_href(seen.accent),
        )
    facts, flashes = the_facts(), _flashes()
    if identity == STRANGER:
        made = _for_strangers(facts, request.endpoint or "", request.root_path)
        return replace(made, flashes=flashes) if flashes else made
    return _around(identity, facts, request.endpoint or "", flashes)


@lru_cache(maxsize=1024)
def _for_strangers(facts: PracticeFacts, endpoint: str, _root_path: str) -> Shell:
    """Return what all strangers see around a page: making it costs more than keeping it."""
    return _around(STRANGER, facts, endpoint, ())


def _around(identity: Identity, facts: PracticeFacts, endpoint: str, flashes: tuple[Flash, ...]) -> Shell:
    own = tuple(place for permission, place in BY_PERMISSION if identity.can(permission))
    if identity.can(Permission.DESK):  # whose list holds everybody's, also their own
        own = tuple(place for place in own if place.endpoint != "therapist.decisions")
    if not facts.gives_estimates:
        own = tuple(place for place in own if place.endpoint != ESTIMATES)
    places = own if identity.is_staff else (*own[:1], *PUBLIC, *own[1:])
    return Shell(
        practice_name=facts.name,
        home_href="/" if not identity.is_signed_in else home_of(identity),
        nav=_with_count(links_to(places, current_app.view_functions.keys(), endpoint, url_for), facts),
        account=_account(identity),
        sign_in_href=url_for("accounts.sign_in") if "accounts.sign_in" in current_app.view_functions else "",
        crisis=crisis_help(facts.crisis_text, facts.country),
        flashes=flashes,
        is_demo=facts.is_demo,
        brand_css_href=brand_href(facts.accent),
        logo_href=url_for("public.picture", digest=facts.logo) if facts.logo else "",
    )


def _with_count(nav: tuple[Link, ...], facts: PracticeFacts) -> tuple[Link, ...]:
    """Return the navigation with how many people wait for a call of the desk, and how many questions for an answer."""
    waiting = {CALLS: facts.calls_waiting, DECISIONS: facts.decisions_waiting}
    if not any(waiting.values()):
        return nav
    counted = {label: f"{label} ({count})" for label, count in waiting.items() if count}
    return tuple(replace(link, label=counted.get(link.label, link.label)) for link in nav)


def _flashes() -> tuple[Flash, ...]:
    told: Iterable[Any] = get_flashed_messages(with_categories=True)
    return tuple(read_flash(category, words) for category, words in told)


def home_of(identity: Identity) -> str:
    """Return where somebody's day begins."""
    for permission, endpoint in HOMES:
        if identity.can(permission) and endpoint in current_app.view_functions:
            return url_for(endpoint)
    return "/"


def _account(identity: Identity) -> AccountLink | None:
    if not identity.is_signed_in:
        return None
    return AccountLink(identity.name, url_for("accounts.account"), url_for("accounts.sign_out"))
