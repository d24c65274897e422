"""Series: made from a session, changed from one of theirs on, taken back."""

from datetime import date, datetime

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.db import db
from practice.domain.series import Rule
from practice.models import Appointment, AppointmentTherapist, Attendance, Client, Lead, Series
from practice.queries.busy import current_rules
from practice.services.series import Answer, repeat_appointment
from practice.services.series_changes import cancel_from, move_from
from practice.services.series_plan import Pattern, plan_series
from practice.services.series_undoing import undo_cancellation
from tests.integration.services.any_order.machine import Machine, anybody, staff, starts, which
from tests.support.cast import NEW_YORK, ZONE

ends = st.sampled_from([{}, {"times": 3}, {"ends_on": date(2026, 12, 14)}])
choices = st.sampled_from(["nothing", "skip", "stop"])


class Repeating(Machine):
    """Weekly sessions at the times of the machine, so that they meet what is booked one by one."""

    @precondition(lambda self: self.sessions)
    @rule(number=which, weeks=st.sampled_from([1, 2]), end=ends, choice=choices, by=staff)
    def repeat(self, number: int, weeks: int, end: dict[str, int], choice: str, by: str) -> None:
        row = self._session(number, Appointment.status == "booked")
        rules, who, now = current_rules(db.session()), self.who(by), self.now
        if row is None:
            return
        rule_ = _rule(row.starts_at, weeks, end)
        pattern, clients = _pattern(row, rule_), self._clients(row.id)

        def work(session: Session) -> None:
            plan = plan_series(session, rules, pattern, clients, now=now, after=rule_.starts_on)
            repeat_appointment(session, rules, row.public_id, pattern, _answers(plan, choice), by=who, now=now)

        self.act(work)

    @precondition(lambda self: self.series)
    @rule(number=which, since=which, by_practice=st.booleans(), by=anybody)
    def end_series(self, number: int, since: int, by_practice: bool, by: str) -> None:
        public_id, who, now = self.pick(Series.public_id, number), self.who(by), self.now
        first = self.pick(Appointment.original_starts_at, since, Appointment.series_id.is_not(None))
        if public_id:
            self.act(lambda session: cancel_from(session, public_id, first, by=who, now=now, by_practice=by_practice))

    @precondition(lambda self: self.series)
    @rule(number=which, by=anybody)
    def take_back_series(self, number: int, by: str) -> None:
        public_id, who, now = self.pick(Series.public_id, number), self.who(by), self.now
        if public_id:
            self.act(lambda session: undo_cancellation(session, public_id, by=who, now=now))

    @precondition(lambda self: self.series)
    @rule(number=which, since=which, start=starts, end=ends, choice=choices, by=staff)
    def move_series(self, number: int, since: int, start: datetime, end: dict[str, int], choice: str, by: str) -> None:
        public_id = self.pick(Series.public_id, number)
        row = self._session(since, Series.public_id == public_id, Appointment.status == "booked")
        rules, who, now = current_rules(db.session()), self.who(by), self.now
        if row is None:
            return
        local = start.astimezone(NEW_YORK)
        at = row.starts_at.astimezone(NEW_YORK).replace(hour=local.hour, minute=local.minute)
        pattern, clients = _pattern(row, _rule(at, 1, end)), self._clients(row.id)

        def work(session: Session) -> None:
            plan = plan_series(session, rules, pattern, clients, now=now)
            answers = _answers(plan, choice)
            move_from(session, rules, public_id, row.original_starts_at, pattern, answers, by=who, now=now)

        self.act(work)

    def _session(self, number: int, *conditions: object):
        rows = db.session.execute(
            select(
                Appointment.id, Appointment.public_id, Appointment.starts_at, Appointment.ends_at,
                Appointment.service_id, Appointment.modality, Appointment.location_id, Appointment.room_id,
                Appointment.original_starts_at, AppointmentTherapist.therapist_id,
            )
            .join(AppointmentTherapist, AppointmentTherapist.appointment_id == Appointment.id)
            .outerjoin(Series, Series.id == Appointment.series_id)
            .where(AppointmentTherapist.part == Lead.LEAD, *conditions)
            .order_by(Appointment.id)
        ).all()  # fmt: skip
        return rows[number % len(rows)] if rows else None

    def _clients(self, appointment_id: int) -> list[int]:
        resources = select(Client.resource_id).join(Attendance, Attendance.client_id == Client.id)
        return list(db.session.scalars(resources.where(Attendance.appointment_id == appointment_id)))


def _rule(starts_at: datetime, weeks: int, end: dict[str, int]) -> Rule:
    local = starts_at.astimezone(NEW_YORK)
    return Rule(ZONE, local.hour * 60 + local.minute, local.date(), every_weeks=weeks, **end)


def _pattern(row, rule_: Rule) -> Pattern:
    return Pattern(
        rule=rule_,
        service_id=row.service_id,
        therapist_id=row.therapist_id,
        modality=row.modality,
        location_id=row.location_id,
        duration_minutes=(row.ends_at - row.starts_at).seconds // 60,
        room_id=row.room_id,
    )


def _answers(plan, choice: str) -> dict[date, Answer]:
    conflicts = [each.on for each in plan.planned if each.reason is not None]
    return {} if choice == "nothing" else dict.fromkeys(conflicts, choice)
