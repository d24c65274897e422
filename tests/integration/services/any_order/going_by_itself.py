"""What the worker does, and what therapists answer to what is put to them."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.db import db
from practice.models import Decision, Hold
from practice.queries.series import series_to_extend
from practice.services import outbox
from practice.services.birth_dates import birth_dates
from practice.services.deciding import KINDS, decide, decide_due
from practice.services.holds import release_expired
from practice.services.minimums import ask_leads
from practice.services.series_ahead import extend_series
from tests.integration.services.any_order.machine import Machine, anybody, which
from tests.integration.services.any_order.truths import GOES, is_true

ANSWERS = sorted({answer for kind in KINDS.values() for answer in kind.answers})


class ByItself(Machine):
    """Rounds of the worker, and answers."""

    @precondition(lambda self: self.holds)
    @rule()
    def release(self) -> None:
        self.act(lambda session: release_expired(session, self.now))
        assert db.session.scalars(select(Hold.id).where(Hold.held_until <= self.now)).all() == []

    @rule()
    def ask_and_decide(self) -> None:
        self.act(lambda session: ask_leads(session, self.now))
        self.act(lambda session: decide_due(session, self.now))

    @precondition(lambda self: self.series)
    @rule()
    def go_on_with_series(self) -> None:
        for series_id in series_to_extend(db.session(), self.now.date()):
            self.act(lambda session, number=series_id: extend_series(session, number, now=self.now))

    @rule()
    def send(self) -> None:
        born_on = birth_dates(self.app.extensions["vault"])

        def work(session: Session) -> None:
            for message in outbox.claim_due(session, now=self.now):
                if not outbox.is_wanted(session, message, born_on=born_on, now=self.now):
                    continue
                if message.template in GOES:
                    assert is_true(session, message.template, dict(message.context), message.created_at)
                outbox.mark_sent(session, message, now=self.now)

        self.act(work)

    @precondition(lambda self: self.questions)
    @rule(number=which, answer=st.sampled_from(ANSWERS), by=anybody)
    def answer(self, number: int, answer: str, by: str) -> None:
        public_id, who, now = (
            self.pick(Decision.public_id, number, Decision.decided_at.is_(None)),
            self.who(by),
            self.now,
        )
        if public_id:
            self.act(lambda session: decide(session, public_id, answer, by=who, now=now))
