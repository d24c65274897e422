"""Groups: dates and courses, who leads them, places in one date or in all."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.db import db
from practice.models import Appointment, Client, Course, Service
from practice.queries.busy import current_rules
from practice.services.booking import Keep
from practice.services.courses import NewCourse, cancel_course, make_course
from practice.services.enrolling import book_course, cancel_enrolment, hold_course, undo_enrolment
from practice.services.group_dates import NewDate, add_date
from practice.services.leading import DateChange, Leads, change_date, substitute_lead
from tests.integration.services.any_order.booking import KEPT
from tests.integration.services.any_order.machine import Machine, anybody, people, staff, therapists, which
from tests.support.cast import MONDAY

hours = st.sampled_from([11, 14, 15, 16])
days = st.sampled_from([MONDAY, MONDAY + timedelta(days=1)])
co_leads = st.sampled_from(["", "bob", "bea"])
ways = st.sampled_from(["date", "course", "both"])
places = st.integers(1, 3)


class Meeting(Machine):
    """Dates of a group for two or three, and courses of two dates."""

    def _date(self, therapist: str, co_lead: str, hour: int, capacity: int, day=MONDAY) -> NewDate:
        rules = current_rules(db.session())
        leads = [rules.therapist_by_id.get(getattr(self.cast, name)) if name else None for name in (therapist, co_lead)]
        room = next(one for place in rules.locations for one in place.rooms)
        service = rules.service_by_id[self.cast.group]
        return NewDate(service, leads[0], room, day, hour * 60, capacity, co_lead=leads[1], minimum=2)

    @rule(therapist=therapists, co_lead=co_leads, hour=hours, capacity=places, day=days, by=staff)
    def add(self, therapist: str, co_lead: str, hour: int, capacity: int, day, by: str) -> None:
        new, who, now = self._date(therapist, co_lead, hour, capacity, day), self.who(by), self.now
        rules = current_rules(db.session())
        self.act(lambda session: add_date(session, rules, new, by=who, now=now))

    @rule(therapist=therapists, hour=hours, capacity=places, enrol=ways, by=staff)
    def make(self, therapist: str, hour: int, capacity: int, enrol: str, by: str) -> None:
        dates = [self._date(therapist, "", hour, capacity, MONDAY + timedelta(days=on)) for on in (1, 3)]
        rules, who, now = current_rules(db.session()), self.who(by), self.now
        self.act(lambda session: make_course(session, rules, NewCourse("", enrol, dates), by=who, now=now))

    @precondition(lambda self: self.courses)
    @rule(number=which, who=people, by=anybody, holds=st.booleans())
    def enrol(self, number: int, who: str, by: str, holds: bool) -> None:
        course, identity, now = self.pick(Course.public_id, number), self.who(by), self.now
        rules, party = current_rules(db.session()), [self.cast.parties[who]]
        keep = Keep(now + KEPT, by.encode())

        def work(session: Session) -> None:
            if holds:
                hold_course(session, rules, course, party, by=identity, now=now, keep=keep)
            else:
                book_course(session, rules, course, party, by=identity, now=now)

        if course:
            self.act(work)

    @precondition(lambda self: self.courses)
    @rule(number=which, who=people, by=anybody, by_practice=st.booleans())
    def leave_course(self, number: int, who: str, by: str, by_practice: bool) -> None:
        course, client, identity, now = self._course(number, who, by)
        if course:
            self.act(
                lambda session: cancel_enrolment(session, course, client, by=identity, now=now, by_practice=by_practice)
            )

    @precondition(lambda self: self.courses)
    @rule(number=which, who=people, by=anybody)
    def take_back_course(self, number: int, who: str, by: str) -> None:
        course, client, identity, now = self._course(number, who, by)
        if course:
            self.act(lambda session: undo_enrolment(session, course, client, by=identity, now=now))

    def _course(self, number: int, who: str, by: str):
        client = db.session.scalar(select(Client.public_id).where(Client.id == self.cast.parties[who].id))
        return self.pick(Course.public_id, number), client, self.who(by), self.now

    @precondition(lambda self: self.courses)
    @rule(number=which, by=staff)
    def call_off(self, number: int, by: str) -> None:
        course, who, now = self.pick(Course.public_id, number), self.who(by), self.now
        if course:
            self.act(lambda session: cancel_course(session, course, by=who, now=now))

    @rule(number=which, lead=therapists, co_lead=co_leads, by=staff)
    def substitute(self, number: int, lead: str, co_lead: str, by: str) -> None:
        date, who, now = self._of_the_group(number), self.who(by), self.now
        rules = current_rules(db.session())
        wanted = Leads(getattr(self.cast, lead), getattr(self.cast, co_lead) if co_lead not in ("", lead) else None)
        self.act(lambda session: substitute_lead(session, rules, date, wanted, by=who, now=now))

    @rule(number=which, capacity=places, room=st.integers(0, 1), co_lead=co_leads, by=staff)
    def change(self, number: int, capacity: int, room: int, co_lead: str, by: str) -> None:
        date, who, now = self._of_the_group(number), self.who(by), self.now
        rules = current_rules(db.session())
        rooms = [one for place in rules.locations for one in place.rooms]
        other = rules.therapist_by_id.get(getattr(self.cast, co_lead)) if co_lead else None
        wanted = DateChange(capacity, 2, rooms[room], other)
        self.act(lambda session: change_date(session, rules, date, wanted, by=who, now=now))

    def _of_the_group(self, number: int) -> str:
        group = Appointment.service_id.in_(select(Service.id).where(Service.kind == "group"))
        return str(self.pick(Appointment.public_id, number, group))
