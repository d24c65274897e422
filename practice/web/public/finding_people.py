"""Filters over the therapists: each is a part of the address, any of them together, and none is a dead end.

A filter offers only what some therapist has. Where nobody has all that was chosen, the page names the choices that,
left out alone, leave somebody.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import url_for

from practice.web.people_shown import Person
from practice.web.shell import Link
from practice.web.times_shown import MEET_WORDS

Having = Callable[[Person], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Filter:
    """One thing to choose by: its name in the address, its words, and what a therapist has of it."""

    name: str
    label: str
    having: Having


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a filter."""

    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FilterShown:
    """A filter with its choices, as a select."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Who fits, and how to look for others."""

    people: tuple[Person, ...]
    filters: tuple[FilterShown, ...]
    words: str
    all_href: str
    without: tuple[Link, ...]


def _meetings(person: Person) -> Sequence[str]:
    return [MEET_WORDS["in_person"]] * bool(person.places) + [MEET_WORDS["online"]] * person.is_online


FILTERS = (
    Filter("helps", "Helps with", lambda person: person.helps_with),
    Filter("approach", "Way of working", lambda person: person.approaches),
    Filter("language", "Language", lambda person: person.languages),
    Filter("meet", "How to meet", _meetings),
    Filter("new", "New clients", lambda person: ["Welcome"] if person.takes_new_clients else []),
)


def people_page(everybody: Sequence[Person], args: Mapping[str, str]) -> PeoplePage:
    """Return who fits the address; what no filter knows is left out."""
    offered = {each.name: _offered(each, everybody) for each in FILTERS}
    chosen = {name: args[name] for name, values in offered.items() if args.get(name) in values}
    people = _fitting(everybody, chosen)
    count = len(people)
    return PeoplePage(
        people=people,
        filters=tuple(
            _shown(each, offered[each.name], chosen.get(each.name)) for each in FILTERS if offered[each.name]
        ),
        words="1 therapist" if count == 1 else f"{count} therapists",
        all_href=url_for("public.therapists") if chosen else "",
        without=() if people else tuple(_without(everybody, chosen)),
    )


def _offered(one: Filter, everybody: Sequence[Person]) -> list[str]:
    return sorted({value for person in everybody for value in one.having(person)})


def _fitting(everybody: Sequence[Person], chosen: Mapping[str, str]) -> tuple[Person, ...]:
    wanted = [(each, chosen[each.name]) for each in FILTERS if each.name in chosen]
    return tuple(person for person in everybody if all(value in each.having(person) for each, value in wanted))


def _shown(one: Filter, offered: list[str], chosen: str | None) -> FilterShown:
    options = (Option("", "Any", chosen is None), *(Option(value, value, value == chosen) for value in offered))
    return FilterShown(one.name, one.label, options)


def _without(everybody: Sequence[Person], chosen: Mapping[str, str]) -> list[Link]:
    """Return a link for each choice that, left out, leaves somebody."""
    found = []
    for one in FILTERS:
        rest = {name: value for name, value in chosen.items() if name != one.name}
        count = len(_fitting(everybody, rest))
        if one.name in chosen and count:
            words = f"Leave out “{one.label}: {chosen[one.name]}” ({count})"
            found.append(Link(words, f"{url_for('public.therapists')}?{urlencode(rest)}"))
    return found
