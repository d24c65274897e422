"""Taking time: sessions, places in a group's date, and holds that become either."""

from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from practice.db import db
from practice.models import Hold, OutboxMessage
from practice.queries.busy import current_rules
from practice.services.booking import Keep, book_appointment, confirm_hold, hold_slot
from practice.services.checkout import keep_longer, let_go, let_go_of_others
from practice.services.finding import Wish
from practice.services.requests import (
    RequestDetails,
    confirm_request_by_code,
    confirm_request_by_token,
    open_request,
)
from tests.integration.services.any_order.beginning import GROUP_AT
from tests.integration.services.any_order.machine import (
    Machine,
    anybody,
    modalities,
    one_to_one,
    people,
    starts,
    therapists,
    which,
)

KEPT = timedelta(minutes=15)


class Booking(Machine):
    """Whoever may book does, and who may not is refused."""

    @rule(service=one_to_one, therapist=therapists, start=starts, modality=modalities, who=people, by=anybody)
    def book(self, service: str, therapist: str, start: datetime, modality: str, who: str, by: str) -> None:
        self._book(self.wish(service, therapist, start, modality), [who], by=by)

    @rule(therapist=therapists, start=starts, by=anybody)
    def book_two(self, therapist: str, start: datetime, by: str) -> None:
        self._book(self.wish("couple", therapist, start, "online"), ["alice", "charlie"], by=by)

    @rule(who=people, by=anybody)
    def join(self, who: str, by: str) -> None:
        self._book(self.wish("move-and-play", "bob", GROUP_AT, "in_person"), [who], by=by)

    def _book(self, wish: Wish, names: list[str], *, by: str) -> None:
        rules, now, identity = current_rules(db.session()), self.now, self.who(by)
        seated = [self.cast.parties[name] for name in names]
        booked = self.act(lambda session: book_appointment(session, rules, wish, seated, by=identity, now=now))
        assert booked is None or booked.starts_at >= now

    @rule(service=one_to_one, therapist=therapists, start=starts, modality=modalities, by=anybody)
    def hold(self, service: str, therapist: str, start: datetime, modality: str, by: str) -> None:
        self._hold(self.wish(service, therapist, start, modality), 1, by=by)

    @rule(therapist=therapists, start=starts, by=anybody)
    def hold_for_two(self, therapist: str, start: datetime, by: str) -> None:
        self._hold(self.wish("couple", therapist, start, "online"), 2, by=by)

    @rule(by=anybody)
    def hold_a_place(self, by: str) -> None:
        self._hold(self.wish("move-and-play", "bob", GROUP_AT, "in_person"), 1, by=by)

    def _hold(self, wish: Wish, places: int, *, by: str) -> None:
        rules, now, identity = current_rules(db.session()), self.now, self.who(by)
        keep = Keep(now + KEPT, by.encode(), places=places)
        held = self.act(lambda session: hold_slot(session, rules, wish, by=identity, now=now, keep=keep)[0].id)
        if held is not None and places == 1:
            self.act(lambda session: let_go_of_others(session, keep.holder_hash, held, now=now))

    @precondition(lambda self: self.holds)
    @rule(number=which, names=st.sampled_from([["alice"], ["charlie"], ["alice", "charlie"]]), by=anybody)
    def confirm(self, number: int, names: list[str], by: str) -> None:
        hold_id, now, identity = self.pick(Hold.id, number, Hold.parent_id.is_(None)), self.now, self.who(by)
        seated = [self.cast.parties[name] for name in names]
        booked = self.act(lambda session: confirm_hold(session, hold_id, seated, by=identity, now=now))
        assert booked is None or booked.starts_at >= now

    @precondition(lambda self: self.holds)
    @rule(number=which)
    def keep(self, number: int) -> None:
        hold_id, until = self.pick(Hold.id, number, Hold.parent_id.is_(None)), self.now + KEPT
        if hold_id is not None:
            self.act(lambda session: keep_longer(session, hold_id, until))

    @precondition(lambda self: self.holds)
    @rule(number=which)
    def give_back(self, number: int) -> None:
        hold_id, now = self.pick(Hold.id, number, Hold.parent_id.is_(None)), self.now
        if hold_id is not None:
            self.act(lambda session: let_go(session, hold_id, now=now))


class Proving(Machine):
    """Strangers, who say who they are and prove it."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[tuple[str, str, str]] = []

    @precondition(lambda self: self.holds)
    @rule(number=which, for_whom=st.sampled_from(["me", "someone", "us"]), name=st.sampled_from(["Alice Moss", "Kim"]))
    def ask(self, number: int, for_whom: str, name: str) -> None:
        hold_id, now = self.pick(Hold.id, number, Hold.parent_id.is_(None)), self.now
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

        def work(session):
            if way == "link":
                return confirm_request_by_token(session, link, vault=vault, now=now)
            return confirm_request_by_code(session, asked, typed, vault=vault, now=now)

        booked = self.act(work)
        assert booked is None or (booked.starts_at >= now and way != "wrong")
