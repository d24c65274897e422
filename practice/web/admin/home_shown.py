"""The set-up as a checklist: each step with what it is good for, how far it is, and where it is done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import url_for

from practice.domain.regions import region_name
from practice.models import Licence, Therapist
from practice.queries.practice import PracticeFacts
from practice.queries.progress import Progress
from practice.web.presenting import format_day


@dataclass(frozen=True, slots=True)
class Step:
    """A step: what it is good for (``why``), how it stands (``state``), and where it is done."""

    name: str
    why: str
    state: str
    is_done: bool
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the admin pages, with what is there."""

    name: str
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class EndingLicence:
    """A licence that ends soon, or has ended: whose and which (``name``), until when and what follows (``words``)."""

    name: str
    words: str
    href: str
    has_ended: bool


@dataclass(frozen=True, slots=True)
class HomePage:
    """The admins' home. ``next`` is the step to take now; None where clients can book and somebody did."""

    practice: str
    under: str
    next: Step | None
    later: tuple[Step, ...]
    done: tuple[Step, ...]
    share_href: str
    areas: tuple[Area, ...]
    licences: tuple[EndingLicence, ...]

    @property
    def done_words(self) -> str:
        """ "3 finished steps"."""
        return _count(len(self.done), "finished step")


def home_page(
    found: Progress,
    facts: PracticeFacts,
    first_open: str,
    address: str,
    licences: Iterable[tuple[Licence, Therapist]] = (),
    today: date = date.min,
) -> HomePage:
    """Return the home of a practice that is as far as ``found``; ``address`` is where clients book."""
    steps = (*_house(found, facts), *_people(found), _first_booking(found, first_open))
    waiting = [step for step in steps if not step.is_done]
    is_open = bool(first_open)
    if is_open:
        under = f"Clients can book: the first open day is {first_open}."
    else:
        under = "These steps lead to your first booking. Any order is fine, and everything can be changed later."
    return HomePage(
        practice=facts.name,
        under=under,
        next=waiting[0] if waiting else None,
        later=tuple(waiting[1:]),
        done=tuple(step for step in steps if step.is_done),
        share_href=address if is_open else "",
        areas=_areas(found),
        licences=tuple(_ending(licence, therapist, facts, today) for licence, therapist in licences),
    )


def _ending(licence: Licence, therapist: Therapist, facts: PracticeFacts, today: date) -> EndingLicence:
    last_on = licence.expires_on or date.max
    region = region_name(licence.region)
    has_ended = last_on < today
    if has_ended:
        words = f"Held until {format_day(last_on, relative_to=today)}. Clients do not read it any more."
        if facts.checks_licences:
            words += f" Online, nobody in {region} is offered their time because of it."
    else:
        words = f"Holds until {format_day(last_on, relative_to=today)}. Enter the new date when it is renewed."
    return EndingLicence(
        f"{therapist.name}: {licence.title}, {region}", words, url_for("admin.licences", slug=therapist.slug), has_ended
    )


def _house(found: Progress, facts: PracticeFacts) -> Iterable[Step]:
    meets_only_online = found.services > 0 and not found.services_in_person
    yield Step(
        "Say who you are",
        "Clients see the name, and how to reach you when a page cannot help.",
        "Reached by " + " and ".join(each for each in (facts.email, facts.phone) if each)
        if facts.email or facts.phone
        else "No e-mail and no phone yet",
        bool(facts.email or facts.phone),
        url_for("admin.practice"),
        "Enter name and contact",
    )
    yield Step(
        "Add where you meet",
        "A session in person needs a place and a free room. If you only meet online, you need none.",
        "You only meet online"
        if meets_only_online
        else f"{_count(found.locations, 'place')}, {_count(found.rooms, 'room')}",
        found.rooms > 0 or meets_only_online,
        url_for("admin.places") if found.locations else url_for("admin.places_new"),
        "Add a room" if found.locations else "Add a place",
    )
    yield Step(
        "Describe a service that new people can book",
        "It is what clients choose: how long it is, what it costs, and what to expect.",
        _count(found.services, "service")
        + ("" if found.public_services or not found.services else ", none of them bookable by everybody"),
        found.public_services > 0,
        url_for("admin.services_new") if not found.services else url_for("admin.services"),
        "Add a service" if not found.services else "Look at the services",
    )


def _people(found: Progress) -> Iterable[Step]:
    yield Step(
        "Invite a therapist",
        "They get a link by e-mail and a profile here. Clients see the profile once you say so.",
        _listed(found),
        found.listed_therapists > 0,
        url_for("admin.therapists") if found.therapists else url_for("admin.staff_new", role="therapist"),
        "Look at the profiles" if found.therapists else "Invite a therapist",
    )
    yield Step(
        "Choose who offers what",
        "Not everybody does everything, and some ask for another price.",
        _count(found.offers, "offer"),
        found.offers > 0,
        url_for("admin.therapists"),
        "Choose what they offer",
    )
    yield Step(
        "Enter when they work",
        "Open times follow from hours, so that nobody has to type them in.",
        f"{found.with_hours} of {_count(found.therapists, 'therapist')} with hours",
        found.with_hours > 0,
        url_for("admin.therapists"),
        "Enter hours",
    )


def _first_booking(found: Progress, first_open: str) -> Step:
    return Step(
        "Make a first booking",
        "Go the way that your clients go, once, before you tell them of it. You can cancel it afterwards."
        if first_open
        else "No time is open yet. When the steps before are done and none is, look at hours and closed days.",
        "Somebody has booked" if found.bookings else "Nobody has booked yet",
        found.bookings > 0,
        url_for("booking.start") if first_open else url_for("admin.therapists"),
        "Book a session" if first_open else "Look at the hours",
    )


def _listed(found: Progress) -> str:
    words = _count(found.therapists, "therapist")
    if found.therapists and not found.listed_therapists:
        return f"{words}, none of them seen by everybody yet"
    return words


def _areas(found: Progress) -> tuple[Area, ...]:
    waiting = f", {found.invited} invited" if found.invited else ""
    closed = f"{found.closures} to come" if found.closures else "None planned"
    return (
        Area("The practice", "Name, contact, time zone, words", url_for("admin.practice")),
        Area("Policies", "Notice, cancelling, fees", url_for("admin.policies")),
        Area("Consent and guardians", "Ages, guardians, the agreement to care", url_for("admin.consent")),
        Area("Look", "Colour, logo, a line under your name", url_for("admin.look")),
        Area(
            "Places and rooms",
            f"{_count(found.locations, 'place')}, {_count(found.rooms, 'room')}",
            url_for("admin.places"),
        ),
        Area("Services", _count(found.services, "service"), url_for("admin.services")),
        Area(
            "Therapists",
            f"{_count(found.therapists, 'therapist')}, {found.with_hours} with hours",
            url_for("admin.therapists"),
        ),
        Area("Staff", f"{_count(found.staff, 'person')} with an account{waiting}", url_for("admin.staff_list")),
        Area("Closed days", closed, url_for("admin.closures")),
    )


def _count(number: int, noun: str) -> str:
    plural = {"person": "people"}.get(noun, f"{noun}s")
    return f"{number} {noun if number == 1 else plural}"
