"""What the rules of every feature stand on: the practice, the time, who acts, and what must hold after each step."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from practice.db import as_practice_error, db, in_unit_of_work
from practice.domain.errors import PracticeError
from practice.domain.permissions import STRANGER, SYSTEM, Identity
from practice.models import Appointment, Attendance, Course, Decision, Hold, Series
from practice.queries.invariants import invariants
from practice.services.checking import broken_invariants
from practice.services.finding import Override, Wish
from tests.integration.services.any_order import truths
from tests.integration.services.any_order.beginning import GROUP_AT, begin_anew
from tests.support.cast import MONDAY, NOW, Cast, at

STARTS = [at(MONDAY, hour) for hour in (9, 10, 11, 13)]
TIMES = [*STARTS, at(MONDAY, 9, 30), GROUP_AT, at(MONDAY + timedelta(days=1), 9)]
INVARIANTS = list(invariants())
COUNTS = select(
    select(func.count(Hold.id)).scalar_subquery(),
    select(func.count(Appointment.id)).where(Appointment.status == "booked").scalar_subquery(),
    select(func.count(Attendance.id)).scalar_subquery(),
    select(func.count(Series.id)).scalar_subquery(),
    select(func.count(Course.id)).where(Course.cancelled_at.is_(None)).scalar_subquery(),
    select(func.count(Decision.id)).where(Decision.decided_at.is_(None)).scalar_subquery(),
)
PROGRAM = Identity(kind="token", id="a program")

which = st.integers(0, 7)
people = st.sampled_from(["alice", "charlie"])
# Most steps are made by who may make them: a refusal leads nowhere.
staff = st.sampled_from(["dee", "dee", "dee", "bob", "ada"])
anybody = st.sampled_from(
    ["dee", "dee", "dee", "alice", "alice", "charlie", "bob", "gus", "ada", "program", "worker", "stranger"]
)
therapists = st.sampled_from(["bob", "bea"])
modalities = st.sampled_from(["in_person", "online"])
one_to_one = st.sampled_from(["individual", "consultation", "asked_for"])
starts = st.sampled_from(STARTS)
lengths = st.sampled_from([timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1)])


class Machine(RuleBasedStateMachine):
    """The practice of the cast; ``app`` and ``cast`` are set by the test. The rules are in the classes beside this."""

    app: Flask
    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        begin_anew(self.cast)
        self.now = NOW
        self.known: list[Any] | None = None
        self.steps = self.holds = self.sessions = self.places = self.series = self.courses = self.questions = 0
        self.calendars = truths.Calendars()
        self.messages = truths.Messages()

    def act(self, work: Callable[[Session], Any]) -> Any:
        """Run one service in its unit of work; what is refused is fit to be told, and has changed nothing."""
        before, self.known = self.known or truths.everything(db.session()), None
        try:
            return in_unit_of_work(work)
        except PracticeError:
            pass
        except DBAPIError as error:
            if as_practice_error(error) is None:
                raise
        self.known = truths.everything(db.session())
        assert self.known == before, "what was refused has changed something"
        return None

    def who(self, name: str) -> Identity:
        """Return somebody of the cast, or who has no name in it."""
        others = {"program": PROGRAM, "worker": SYSTEM, "stranger": STRANGER}
        return others.get(name) or self.cast.identity(name)

    def pick(self, column: Any, number: int, *conditions: Any) -> Any:
        """Return one of the values there are, or None."""
        found = db.session.scalars(select(column).where(*conditions).order_by(column.class_.id)).all()
        return found[number % len(found)] if found else None

    def wish(
        self, service: str, therapist: str, start: datetime, modality: str, override: Override | None = None
    ) -> Wish:
        """Return a wish in the words of the cast."""
        number = self.cast.group if service == "move-and-play" else getattr(self.cast, service)
        return Wish(number, getattr(self.cast, therapist), start, modality, override=override)  # type: ignore[arg-type]

    @rule(length=lengths)
    def wait(self, length: timedelta) -> None:
        self.now += length

    @precondition(lambda self: self.steps > 25)
    @rule(start=starts, minutes=st.sampled_from([-70, -5, 0, 60]))
    def wait_for(self, start: datetime, minutes: int) -> None:
        self.now = max(self.now, start + timedelta(minutes=minutes))

    @invariant()
    def all_is_well(self) -> None:
        session = db.session()
        broken = {one.sentence: found for one in INVARIANTS if (found := session.scalars(one.rows).all())}
        assert not broken, broken
        self.calendars.look(session, db.engines[None])
        self.messages.look(session)
        truths.every_hold_ends(session, self.now)
        counted = session.execute(COUNTS).one()
        self.holds, self.sessions, self.places, self.series, self.courses, self.questions = counted
        self.steps += 1

    def teardown(self) -> None:
        keys, vault = self.app.extensions["settings"].encryption_keys, self.app.extensions["vault"]
        assert list(broken_invariants(db.session(), vault=vault, master_keys=keys)) == []
        db.session.rollback()
