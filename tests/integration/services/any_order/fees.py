"""What was agreed about money: fees of clients, waived ones; and a move that is put back by its record."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.db import db
from practice.models import Attendance, AuditEvent
from practice.queries.busy import current_rules
from practice.services.agreed import agree
from practice.services.moving import AS_BEFORE, MOVED, put_back
from practice.services.waiving import take_waiver_back, waive_fee
from tests.integration.services.any_order.machine import Machine, anybody, people, which


class Fees(Machine):
    """Late fees are agreed on, waived and noted after all; and what was moved goes back."""

    @rule(who=people, fee=st.sampled_from([None, 0, 4000]), no_late_fees=st.booleans())
    def agree(self, who: str, fee: int | None, no_late_fees: bool) -> None:
        public_id, by, now = self.cast.parties[who].public_id, self.who("dee"), self.now
        self.act(lambda session: agree(session, public_id, fee, no_late_fees=no_late_fees, by=by, now=now))

    @precondition(lambda self: self.places)
    @rule(number=which, is_waived=st.booleans(), by=anybody)
    def waive(self, number: int, is_waived: bool, by: str) -> None:
        late = select(Attendance.public_id).where(Attendance.late_fee_cents > 0).order_by(Attendance.id)
        found = db.session.scalars(late).all()
        vault, who, now = self.app.extensions["vault"], self.who(by), self.now

        def work(session: Session) -> bool:
            public_id = found[number % len(found)]
            if is_waived:
                return waive_fee(session, public_id, "The train stood still", vault=vault, by=who, now=now)
            return take_waiver_back(session, public_id, by=who, now=now)

        if found:
            self.act(work)

    @precondition(lambda self: self.sessions)
    @rule(number=which, by=anybody)
    def put_back(self, number: int, by: str) -> None:
        moves = select(AuditEvent.subject_id, AuditEvent.at).where(AuditEvent.action == MOVED)
        found = db.session.execute(moves.order_by(AuditEvent.id.desc())).all()
        rules, who, now = current_rules(db.session()), self.who(by), self.now
        if found:
            name, at = found[number % len(found)]
            self.act(lambda session: put_back(session, rules, name, at, AS_BEFORE, by=who, now=now))
