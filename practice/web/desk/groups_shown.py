"""What the page of the groups shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from practice.domain.rule_book import RuleBook
from practice.models import Appointment
from practice.web.desk.appointment_shown import href_of_appointment
from practice.web.frame import the_facts
from practice.web.presenting import format_moment, habit_of
from practice.web.sessions_shown import where_of


@dataclass(frozen=True, slots=True)
class DateRow:
    """One date of a group."""

    when: str
    therapist: str
    where: str
    places: str
    href: str


@dataclass(frozen=True, slots=True)
class GroupShown:
    """A group with the dates that come."""

    name: str
    rows: tuple[DateRow, ...]
    new_href: str


def groups_page(rules: RuleBook, dates: Sequence[Appointment]) -> tuple[GroupShown, ...]:
    """Return the groups in their order, each with its dates."""
    return tuple(
        GroupShown(
            service.name,
            tuple(_row(one) for one in dates if one.service_id == service.id),
            url_for("desk.new_group_date", slug=service.slug),
        )
        for service in rules.services
        if service.kind == "group"
    )


def _row(date: Appointment) -> DateRow:
    facts = the_facts()
    return DateRow(
        when=format_moment(date.starts_at, facts.zone, habit_of(facts.locale)),
        therapist=", ".join(row.therapist.name for row in date.therapists),
        where=where_of(date),
        places=f"{date.places_taken} of {date.capacity} taken",
        href=href_of_appointment(date.public_id),
    )
