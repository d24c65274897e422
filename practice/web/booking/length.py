"""The question how long the session shall be: asked where a service is offered in more than one length."""

from dataclasses import dataclass, replace

from flask import render_template, request
from flask.typing import ResponseReturnValue

from practice.domain.permissions import Permission
from practice.domain.rule_book import Therapist
from practice.domain.slots import therapists_offering
from practice.web.access import requires
from practice.web.booking.blueprint import bp
from practice.web.booking.path import Chosen, Path, asking_of, chosen_of, must_say_where, open_path_of
from practice.web.frame import the_facts
from practice.web.presenting import format_money, humanize_minutes


@dataclass(frozen=True, slots=True)
class LengthChoice:
    """A length to choose, and what it costs."""

    label: str
    price: str
    href: str


@dataclass(frozen=True, slots=True)
class LengthPage:
    """The lengths of a service, the shortest first."""

    service: str
    lengths: tuple[LengthChoice, ...]
    back_href: str


@bp.get("/<slug>/length")
@requires(Permission.PUBLIC)
def length(slug: str) -> ResponseReturnValue:
    """Ask how long it shall be."""
    path, chosen = open_path_of(slug), chosen_of(request.args)
    path.places(chosen.who)
    return render_template("booking/length.html", page=_page(path, chosen))


def has_lengths(path: Path) -> bool:
    """Whether there is a length to choose."""
    return path.service.kind != "group" and len(path.rules.lengths_of(path.service.id)) > 1


def after_who(path: Path, chosen: Chosen) -> str:
    """Return the address of what is asked once it is known who comes: how long, with whom, or when.

    Whoever came with a time has seen how long that is.
    """
    if has_lengths(path) and chosen.length is None and not chosen.at:
        return chosen.address("booking.length", path.service.slug)
    return after_length(path, chosen)


def after_length(path: Path, chosen: Chosen) -> str:
    """Return the address of what is asked next: with whom, or when; before that, where a session can only be online."""
    if not path.service.in_person and must_say_where(path, "online", asking_of(path, chosen).region):
        return chosen.address("booking.where", path.service.slug)
    return after_where(path, chosen)


def after_where(path: Path, chosen: Chosen) -> str:
    """Return the address of what is asked once it is known where somebody will be."""
    return chosen.address("booking.time" if chosen.therapist else "booking.with_whom", path.service.slug)


def _page(path: Path, chosen: Chosen) -> LengthPage:
    choices = tuple(
        LengthChoice(
            humanize_minutes(each.minutes),
            _price(path, chosen, each.minutes),
            after_length(path, replace(chosen, length=each.minutes, at="")),
        )
        for each in path.rules.lengths_of(path.service.id)
    )
    back = replace(chosen, who="", length=None).address("booking.who", path.service.slug)
    return LengthPage(path.service.name, choices, back)


def _price(path: Path, chosen: Chosen, minutes: int) -> str:
    """ "$240", or "From $240" where it depends on with whom."""
    rules, service = path.rules, path.service
    people: tuple[Therapist, ...] = tuple(therapists_offering(rules, service, "clients" if path.clients else "public"))
    if chosen.person:
        people = tuple(each for each in people if each.slug == chosen.person)
    prices = {rules.price_cents(each.id, service.id, minutes) for each in people} or {service.price_cents}
    words = format_money(min(prices), the_facts().currency)
    return words if len(prices) == 1 else f"From {words[:1].lower() + words[1:]}"
