"""Who keeps groups: the desk all of them, a therapist those that they lead or co-lead."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from practice.db import db
from practice.domain.errors import ImpossibleStep, NotFound
from practice.domain.rule_book import RuleBook, Service, Therapist
from practice.models import Appointment, AppointmentStatus, Course, ServiceKind
from practice.queries.appointments import appointment_by_public_id
from practice.queries.busy import current_rules
from practice.queries.courses import CourseDates, course_by_public_id
from practice.queries.services import service_by_id
from practice.web.reading import note_read


@dataclass(frozen=True)
class Keeper:
    """Whose pages they are: under the endpoints that begin with ``prefix``; ``therapist_id`` None keeps every group."""

    prefix: str
    therapist_id: int | None = None

    def url(self, page: str, **values: Any) -> str:
        """Return the address of one of the pages."""
        return url_for(f"{self.prefix}.{page}", **values)

    def keeps(self, date: Appointment) -> bool:
        """Whether a date is theirs to keep."""
        return self.therapist_id is None or self.therapist_id in {row.therapist_id for row in date.therapists}

    def leads(self, rules: RuleBook, service: Service) -> list[Therapist]:
        """Return who can lead a date that they make: anybody who offers the group, or themselves."""
        offering = [one for one in rules.therapists if (one.id, service.id) in rules.offer_of]
        return offering if self.therapist_id is None else [one for one in offering if one.id == self.therapist_id]

    def group(self, slug: str) -> tuple[RuleBook, Service]:
        """Return a group that they keep. Raises NotFound for any other."""
        rules = current_rules(db.session())
        service = rules.service_by_slug.get(slug)
        if service is None or service.kind != "group" or not self.leads(rules, service):
            raise NotFound
        return rules, service

    def minimum_of(self, service: Service) -> int:
        """Return the fewest people that a group's dates need, as the practice set it."""
        row = service_by_id(db.session(), service.id)
        return row.minimum if row else 0

    def date(self, public_id: str, *, is_open_at: datetime | None = None) -> Appointment:
        """Return a date that they keep, and note the read. Raises NotFound for any other.

        With ``is_open_at`` it raises ImpossibleStep where the date is cancelled or has begun by then.
        """
        found = appointment_by_public_id(db.session(), public_id)
        if found is None or found.service.kind != ServiceKind.GROUP or not self.keeps(found):
            raise NotFound
        note_read("appointment.read", ("appointment", public_id))
        if is_open_at is not None and (found.status != AppointmentStatus.BOOKED or found.starts_at <= is_open_at):
            raise ImpossibleStep
        return found

    def course(self, public_id: str) -> CourseDates:
        """Return a course that they keep, with its dates. Raises NotFound for any other."""
        found = course_by_public_id(db.session(), public_id)
        if found is None or not any(self.keeps(date) for date in found.dates):
            raise NotFound
        return found

    def href_of_date(self, public_id: str) -> str:
        """Return where a date is shown with who comes."""
        return self.url("appointment", public_id=public_id)

    def is_whole(self, course: Course, dates: CourseDates) -> bool:
        """Whether every date of a course is theirs, so that they may end it as a whole."""
        return course.cancelled_at is None and all(self.keeps(date) for date in dates.dates)
