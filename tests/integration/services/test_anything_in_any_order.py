"""Whatever people do, in whatever order, the ledger and the appointments agree, and no feed goes stale.

A machine books, holds, asks, confirms, moves, cancels, takes back and marks at random, lets time pass, and after each
step asks the invariants that ``check`` tests. A refusal must be one that can be shown to a person.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from practice.adapters.ical_export import render_feed
from practice.db import as_practice_error, db, in_unit_of_work
from practice.domain.calendars import window_of
from practice.domain.errors import PracticeError
from practice.models import (
    Appointment,
    AppointmentTherapist,
    Attendance,
    BookingRequest,
    CalendarFeed,
    Client,
    ClientAccess,
    Hold,
    Occupancy,
    OutboxMessage,
    Resource,
)
from practice.queries.busy import current_rules
from practice.queries.feeds import feed_state
from practice.queries.invariants import invariants
from practice.services.attending import mark_attendance
from practice.services.booking import Keep, book_appointment, confirm_hold, hold_slot
from practice.services.cancelling import cancel_appointment, cancel_attendance
from practice.services.checking import broken_invariants
from practice.services.checkout import keep_longer, let_go, let_go_of_others
from practice.services.clients import rename_client
from practice.services.finding import Wish
from practice.services.holds import release_expired
from practice.services.moving import move_appointment
from practice.services.requests import (
    RequestDetails,
    confirm_request_by_code,
    confirm_request_by_token,
    open_request,
)
from practice.services.undoing import undo_cancelled_appointment, undo_cancelled_place
from practice.web.feeds.presenting import event_views, feed_view
from practice.web.feeds.views import _tag
from tests.support.cast import MONDAY, NOW, Cast, add_group_date, at

ANY_ORDER = settings(
    max_examples=12,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    report_multiple_bugs=False,
    phases=[Phase.generate],  # the steps of a failure are printed; making them fewer would take minutes
)
STARTS = [at(MONDAY, hour) for hour in (9, 10, 11, 13)]
GROUP_AT = at(MONDAY, 14)
TIMES = [*STARTS, at(MONDAY, 9, 30), GROUP_AT, at(MONDAY + timedelta(days=1), 9)]
INVARIANTS = list(invariants())
WRITTEN = (BookingRequest, Hold, Attendance, AppointmentTherapist, Occupancy, Appointment, OutboxMessage)
FEEDS = {"practice": "initials", "therapist": "full", "client": "appointment"}

COUNTS = select(
    select(func.count(Hold.id)).scalar_subquery(),
    select(func.count(Appointment.id)).where(Appointment.status == "booked").scalar_subquery(),
    select(func.count(Attendance.id)).scalar_subquery(),
)

which = st.integers(0, 7)
people = st.sampled_from(["alice", "charlie"])
therapists = st.sampled_from(["bob", "bea"])
modalities = st.sampled_from(["in_person", "online"])
one_to_one = st.sampled_from(["individual", "consultation"])


def begin_anew(cast: Cast) -> None:
    """Take away what the example before left, and write a group's date and a feed of each kind."""

    def work(session: Session) -> None:
        for model in WRITTEN:
            session.execute(delete(model))
        kept = [party.id for party in cast.parties.values()]
        resources = select(Client.resource_id).where(Client.id.not_in(kept))
        gone = session.scalars(resources).all()
        session.execute(delete(ClientAccess).where(ClientAccess.client_id.not_in(kept)))
        session.execute(delete(Client).where(Client.id.not_in(kept)))
        session.execute(delete(Resource).where(Resource.id.in_(gone)))
        add_group_date(session, cast, GROUP_AT, capacity=2)
        owners = {"practice": None, "therapist": cast.resources["bob"], "client": cast.alice.resource_id}
        if session.scalar(select(CalendarFeed.id).limit(1)) is None:
            session.execute(
                insert(CalendarFeed),
                [
                    {"kind": kind, "level": level, "resource_id": owners[kind], "name": kind, "created_at": NOW,
                     "token_hash": kind.encode()}
                    for kind, level in FEEDS.items()
                ],
            )  # fmt: skip

    in_unit_of_work(work)


class AnyOrder(RuleBasedStateMachine):
    """The practice of the cast; ``app`` and ``cast`` are set by the test."""

    app: Flask
    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        begin_anew(self.cast)
        self.now = NOW
        self.holds = self.sessions = self.places = 0
        self.mails: list[tuple[str, str, str]] = []
        self.seen: dict[str, bytes] = {}

    # ------------------------------------------------------------------------------------------- helpers

    def act(self, work: Callable[[Session], Any]) -> Any:
        """Run one service in its unit of work; what is refused must be fit to be told."""
        before = self.ledger()
        try:
            return in_unit_of_work(work)
        except PracticeError:
            pass
        except DBAPIError as error:
            if as_practice_error(error) is None:
                raise
        assert self.ledger() == before
        return None

    def ledger(self) -> list[Any]:
        columns = (Occupancy.resource_id, Occupancy.appointment_id, Occupancy.starts_at, Occupancy.ends_at)
        return sorted(tuple(row) for row in db.session.execute(select(*columns)))

    def pick(self, column: Any, number: int) -> Any:
        """Return one of the values there are, or None."""
        found = db.session.scalars(select(column).order_by(column.class_.id)).all()
        return found[number % len(found)] if found else None

    def wish(self, service: str, therapist: str, start: datetime, modality: str) -> Wish:
        numbers = {"move-and-play": self.cast.group}
        number = numbers.get(service) or getattr(self.cast, service)
        return Wish(number, getattr(self.cast, therapist), start, modality)  # type: ignore[arg-type]

    # --------------------------------------------------------------------------------------------- rules

    @rule(service=one_to_one, therapist=therapists, start=st.sampled_from(STARTS), modality=modalities, who=people)
    def book(self, service: str, therapist: str, start: datetime, modality: str, who: str) -> None:
        self._book(self.wish(service, therapist, start, modality), [who], by=who)

    @rule(therapist=therapists, start=st.sampled_from(STARTS))
    def book_two(self, therapist: str, start: datetime) -> None:
        self._book(self.wish("couple", therapist, start, "online"), ["alice", "charlie"], by="dee")

    @rule(who=people)
    def join(self, who: str) -> None:
        self._book(self.wish("move-and-play", "bob", GROUP_AT, "in_person"), [who], by=who)

    def _book(self, wish: Wish, who: list[str], *, by: str) -> None:
        rules = current_rules(db.session())
        seated = [self.cast.parties[name] for name in who]
        identity, now = self.cast.identity(by), self.now
        booked = self.act(lambda session: book_appointment(session, rules, wish, seated, by=identity, now=now))
        assert booked is None or booked.starts_at >= now

    @rule(service=one_to_one, therapist=therapists, start=st.sampled_from(STARTS), modality=modalities, who=people)
    def hold(self, service: str, therapist: str, start: datetime, modality: str, who: str) -> None:
        self._hold(self.wish(service, therapist, start, modality), 1, by=who)

    @rule(therapist=therapists, start=st.sampled_from(STARTS))
    def hold_for_two(self, therapist: str, start: datetime) -> None:
        self._hold(self.wish("couple", therapist, start, "online"), 2, by="alice")

    @rule(who=people)
    def hold_a_place(self, who: str) -> None:
        self._hold(self.wish("move-and-play", "bob", GROUP_AT, "in_person"), 1, by=who)

    def _hold(self, wish: Wish, places: int, *, by: str) -> None:
        rules, now, identity = current_rules(db.session()), self.now, self.cast.identity(by)
        keep = Keep(now + timedelta(minutes=15), by.encode(), places=places)
        held = self.act(lambda session: hold_slot(session, rules, wish, by=identity, now=now, keep=keep)[0].id)
        if held is not None and places == 1:
            self.act(lambda session: let_go_of_others(session, keep.holder_hash, held, now=now))

    @precondition(lambda self: self.holds)
    @rule(number=which, who=people)
    def confirm(self, number: int, who: str) -> None:
        self._confirm(number, [who])

    @precondition(lambda self: self.holds)
    @rule(number=which)
    def confirm_for_two(self, number: int) -> None:
        self._confirm(number, ["alice", "charlie"])

    def _confirm(self, number: int, who: list[str]) -> None:
        hold_id, now = self.pick(Hold.id, number), self.now
        seated = [self.cast.parties[name] for name in who]
        by = self.cast.identity(who[0])
        booked = self.act(lambda session: confirm_hold(session, hold_id, seated, by=by, now=now))
        assert booked is None or booked.starts_at >= now

    @precondition(lambda self: self.holds)
    @rule(number=which, for_whom=st.sampled_from(["me", "someone", "us"]), name=st.sampled_from(["Alice Moss", "Kim"]))
    def ask(self, number: int, for_whom: str, name: str) -> None:
        hold_id, now = self.pick(Hold.id, number), self.now
        places = db.session.scalar(select(Hold.places).where(Hold.id == hold_id))
        if hold_id is None or places != (2 if for_whom == "us" else 1):
            return
        details = RequestDetails(for_whom, name, "alice@demo.test", "America/New_York", other_name="Kim")
        asked = self.act(lambda session: open_request(session, hold_id, details, now=now).public_id)
        if asked:
            context = db.session.scalars(select(OutboxMessage.context).order_by(OutboxMessage.id.desc())).first() or {}
            self.mails.append((asked, context["request_link"], context["code_secret"]))

    @precondition(lambda self: self.mails)
    @rule(number=which, way=st.sampled_from(["link", "code", "wrong"]))
    def prove(self, number: int, way: str) -> None:
        asked, link, code = self.mails[number % len(self.mails)]
        vault, now = self.app.extensions["vault"], self.now
        typed = code if way == "code" else "0000000"

        def work(session: Session) -> Any:
            if way == "link":
                return confirm_request_by_token(session, link, vault=vault, now=now)
            return confirm_request_by_code(session, asked, typed, vault=vault, now=now)

        booked = self.act(work)
        assert booked is None or (booked.starts_at >= now and way != "wrong")

    @precondition(lambda self: self.holds)
    @rule(number=which)
    def keep(self, number: int) -> None:
        hold_id, until = self.pick(Hold.id, number), self.now + timedelta(minutes=15)
        if hold_id is not None:
            self.act(lambda session: keep_longer(session, hold_id, until))

    @precondition(lambda self: self.holds)
    @rule(number=which)
    def give_back(self, number: int) -> None:
        hold_id, now = self.pick(Hold.id, number), self.now
        if hold_id is not None:
            self.act(lambda session: let_go(session, hold_id, now=now))

    @precondition(lambda self: self.holds)
    @rule()
    def release(self) -> None:
        self.act(lambda session: release_expired(session, self.now))

    @precondition(lambda self: self.sessions)
    @rule(number=which, start=st.sampled_from(TIMES), therapist=therapists, modality=modalities, by=people)
    def move(self, number: int, start: datetime, therapist: str, modality: str, by: str) -> None:
        row = db.session.execute(select(Appointment.public_id, Appointment.service_id).order_by(Appointment.id)).all()
        if row:
            public_id, service_id = row[number % len(row)]
            wish = Wish(service_id, getattr(self.cast, therapist), start, modality)  # type: ignore[arg-type]
            rules, identity, now = current_rules(db.session()), self.cast.identity(by), self.now
            self.act(lambda session: move_appointment(session, rules, public_id, wish, by=identity, now=now))

    @precondition(lambda self: self.sessions)
    @rule(number=which, by_practice=st.booleans())
    def cancel(self, number: int, by_practice: bool) -> None:
        public_id, now, by = self.pick(Appointment.public_id, number), self.now, self.cast.identity("dee")
        if public_id:
            self.act(lambda session: cancel_appointment(session, public_id, by=by, now=now, by_practice=by_practice))

    @precondition(lambda self: self.places)
    @rule(number=which, by_practice=st.booleans())
    def leave(self, number: int, by_practice: bool) -> None:
        public_id, now, by = self.pick(Attendance.public_id, number), self.now, self.cast.identity("dee")
        if public_id:
            self.act(lambda session: cancel_attendance(session, public_id, by=by, now=now, by_practice=by_practice))

    @precondition(lambda self: self.sessions or self.places)
    @rule(number=which, by=st.sampled_from(["dee", "alice"]))
    def take_back(self, number: int, by: str) -> None:
        public_id, now, who = self.pick(Attendance.public_id, number), self.now, self.cast.identity(by)
        if public_id:
            self.act(lambda session: undo_cancelled_place(session, public_id, by=who, now=now))

    @rule(number=which)
    def take_back_all(self, number: int) -> None:
        public_id, now, by = self.pick(Appointment.public_id, number), self.now, self.cast.identity("dee")
        if public_id:
            self.act(lambda session: undo_cancelled_appointment(session, public_id, by=by, now=now))

    @precondition(lambda self: self.places)
    @rule(number=which, status=st.sampled_from(["arrived", "completed", "no_show", "booked"]))
    def mark(self, number: int, status: str) -> None:
        public_id, now, by = self.pick(Attendance.public_id, number), self.now, self.cast.identity("dee")
        if public_id:
            self.act(lambda session: mark_attendance(session, public_id, status, by=by, now=now))

    @rule(name=st.sampled_from(["Alice", "Alix"]))
    def rename(self, name: str) -> None:
        number, now = self.cast.alice.id, self.now

        def work(session: Session) -> None:
            client = session.get_one(Client, number)
            rename_client(session, client, client.name, name, by=self.cast.identity("dee"), now=now)

        self.act(work)

    @rule(
        length=st.sampled_from([timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1)])
    )
    def wait(self, length: timedelta) -> None:
        self.now += length

    @rule(start=st.sampled_from(STARTS), minutes=st.sampled_from([-70, -5, 0, 60]))
    def wait_for(self, start: datetime, minutes: int) -> None:
        self.now = max(self.now, start + timedelta(minutes=minutes))

    # ---------------------------------------------------------------------------------------- what holds

    @invariant()
    def everything_agrees(self) -> None:
        session = db.session()
        broken = {one.sentence: found for one in INVARIANTS if (found := session.scalars(one.rows).all())}
        assert broken == {}
        self.holds, self.sessions, self.places = session.execute(COUNTS).one()

    @invariant()
    def a_tag_stands_for_one_calendar(self) -> None:
        states = [feed_state(db.engines[None], kind.encode()) for kind in FEEDS]
        midnight = NOW.replace(hour=5, minute=0)
        for feed in states:
            assert feed is not None
            tag = _tag(feed, midnight)
            body = render_feed(feed_view(feed), event_views(db.session(), feed, window_of(midnight)))
            assert self.seen.setdefault(tag, body) == body, f"the {feed.kind}'s calendar changed under its tag"

    def teardown(self) -> None:
        keys, vault = self.app.extensions["settings"].encryption_keys, self.app.extensions["vault"]
        assert list(broken_invariants(db.session(), vault=vault, master_keys=keys)) == []
        db.session.rollback()


def test_anything_in_any_order(app: Flask, cast: Cast) -> None:
    practice = type("Practice", (AnyOrder,), {"app": app, "cast": cast})
    run_state_machine_as_test(practice, settings=ANY_ORDER)
