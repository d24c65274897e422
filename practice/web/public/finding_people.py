"""Filters over the therapists: each is a part of the address, any of them together, and none is a dead end.

A filter offers only what some therapist has, and says how many fit beside what else was chosen. Where nobody has all of
it, the page names the fewest choices that, left out, leave somebody, with how many, and shows those who come nearest.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlencode

from flask import url_for

from practice.web.people_shown import Person
from practice.web.presenting import join_words
from practice.web.shell import Link
from practice.web.times_shown import MEET_WORDS

Having = Callable[[Person], Mapping[str, str]]
Chosen = Mapping[str, str]
MOST_NEAR = 3


@dataclass(frozen=True, slots=True)
class Filter:
    """One thing to choose by: its name in the address, its words, and what a therapist has of it, value and words."""

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
class Found:
    """Who fits, and how to look for others: ``chips`` take one choice away, ``without`` enough to find somebody.

    ``near`` are the slugs of those who come nearest where nobody fits, with what they do not have.
    """

    people: tuple[Person, ...]
    filters: tuple[FilterShown, ...]
    chosen: Chosen
    words: str
    chips: tuple[Link, ...]
    without: tuple[Link, ...]
    near: Mapping[str, str]


def _same(values: Sequence[str]) -> Mapping[str, str]:
    return {value: value for value in values}


def _meetings(person: Person) -> Mapping[str, str]:
    ways = {"in_person": bool(person.places), "online": person.is_online}
    return {way: words for way, words in MEET_WORDS.items() if ways[way]}


FILTERS = (
    Filter("helps", "Helps with", lambda person: _same(person.helps_with)),
    Filter("approach", "Way of working", lambda person: _same(person.approaches)),
    Filter("service", "Session", lambda person: {each.slug: each.name for each in person.services}),
    Filter("language", "Language", lambda person: _same(person.languages)),
    Filter("meet", "How to meet", _meetings),
    Filter("place", "Place", lambda person: _same(person.places)),
    Filter("new", "New clients", lambda person: {"yes": "Welcome"} if person.takes_new_clients else {}),
)


def find_people(everybody: Sequence[Person], args: Mapping[str, str]) -> Found:
    """Return who fits the address; what no filter knows is left out."""
    offered = {each.name: _offered(each, everybody) for each in FILTERS}
    chosen = {name: args[name] for name, values in offered.items() if args.get(name) in values}
    people = _fitting(everybody, chosen)
    words = {name: f"{_label(name)}: {offered[name][value]}" for name, value in chosen.items()}
    dropped = () if people else _fewest_to_drop(everybody, chosen)
    return Found(
        people=people,
        filters=tuple(_shown(each, offered[each.name], everybody, chosen) for each in FILTERS if offered[each.name]),
        chosen=chosen,
        words=_count(len(people)),
        chips=tuple(Link(words[name], address_of(_leaving(chosen, (name,)))) for name in chosen),
        without=tuple(_without(everybody, chosen, names, words) for names in dropped),
        near=_near(everybody, chosen, dropped, words),
    )


def address_of(chosen: Chosen, **more: object) -> str:
    """Return the address of the list with these choices."""
    query = {**chosen, **more}
    return f"{url_for('public.therapists')}?{urlencode(query)}" if query else url_for("public.therapists")


def _label(name: str) -> str:
    return next(each.label for each in FILTERS if each.name == name)


def _count(number: int) -> str:
    return "1 therapist" if number == 1 else f"{number} therapists"


def _offered(one: Filter, everybody: Sequence[Person]) -> dict[str, str]:
    found: dict[str, str] = {}
    for person in everybody:
        found |= one.having(person)
    return dict(sorted(found.items(), key=lambda pair: pair[1].casefold()))


def _fitting(everybody: Sequence[Person], chosen: Chosen) -> tuple[Person, ...]:
    wanted = [(each, chosen[each.name]) for each in FILTERS if each.name in chosen]
    return tuple(person for person in everybody if all(value in each.having(person) for each, value in wanted))


def _leaving(chosen: Chosen, names: Sequence[str]) -> dict[str, str]:
    return {name: value for name, value in chosen.items() if name not in names}


def _shown(one: Filter, offered: Mapping[str, str], everybody: Sequence[Person], chosen: Chosen) -> FilterShown:
    rest = _fitting(everybody, _leaving(chosen, (one.name,)))
    counts = {value: sum(value in one.having(person) for person in rest) for value in offered}
    options = (
        Option(value, f"{words} ({counts[value]})", chosen.get(one.name) == value) for value, words in offered.items()
    )
    return FilterShown(one.name, one.label, (Option("", "Any", one.name not in chosen), *options))


def _fewest_to_drop(everybody: Sequence[Person], chosen: Chosen) -> tuple[tuple[str, ...], ...]:
    """Return the smallest sets of choices that, left out, leave somebody: all of the smallest size."""
    for size in range(1, len(chosen) + 1):
        found = tuple(names for names in combinations(chosen, size) if _fitting(everybody, _leaving(chosen, names)))
        if found:
            return found
    return ()


def _without(everybody: Sequence[Person], chosen: Chosen, names: Sequence[str], words: Mapping[str, str]) -> Link:
    rest = _leaving(chosen, names)
    left_out = join_words([f"“{words[name]}”" for name in names])
    return Link(f"Without {left_out}: {_count(len(_fitting(everybody, rest)))}", address_of(rest))


def _near(
    everybody: Sequence[Person], chosen: Chosen, dropped: Sequence[Sequence[str]], words: Mapping[str, str]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for names in dropped:
        for person in _fitting(everybody, _leaving(chosen, names)):
            found.setdefault(person.slug, f"All but {join_words([f'“{words[name]}”' for name in names])}")
    return dict(list(found.items())[:MOST_NEAR])
