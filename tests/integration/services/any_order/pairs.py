"""Two who come together, guardians, and what people agree to."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.db import db
from practice.models import Account, Appointment, Client, Consent
from practice.queries.agreements import current_agreement
from practice.services.access import Rights, change_access, end_access, end_guardianships
from practice.services.agreements import give_consent, publish, withdraw_consent
from practice.services.birth_dates import birth_dates
from practice.services.partner_answers import decline
from practice.services.partners import Contact, agree, partner_link
from tests.integration.services.any_order.machine import Machine, anybody, which
from tests.support.cast import TODAY

TEXTS = ("We meet.", "We meet and talk.")


class Pairs(Machine):
    """Links that one of two hands on and the other answers; rights of guardians; consents."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    @precondition(lambda self: self.sessions)
    @rule(number=which, by=anybody)
    def hand_on(self, number: int, by: str) -> None:
        appointment, who, now = self.pick(Appointment.public_id, number), self.who(by), self.now
        link = self.act(lambda session: partner_link(session, appointment, by=who, now=now))
        self.links += [link] if link else []

    @precondition(lambda self: self.links)
    @rule(number=which, says=st.sampled_from(["decline", "none", "text", "email"]))
    def answer_link(self, number: int, says: str) -> None:
        link, who, now = self.links[number % len(self.links)], self.who("stranger"), self.now
        contact = Contact(says, "lee@example.com" if says == "email" else None, "+12125550199")

        def work(session: Session) -> None:
            if says == "decline":
                decline(session, link, by=who, now=now)
            else:
                agree(session, link, contact, limits=(), link_for=str, by=who, now=now)

        self.act(work)

    @rule(may=st.booleans(), ends=st.booleans())
    def change_guardian(self, may: bool, ends: bool) -> None:
        now, by = self.now, self.who("dee")
        gus = db.session.scalars(select(Account.public_id).where(Account.email == "gus@demo.test")).one()
        alice = self.cast.alice.public_id
        if ends:
            self.act(lambda session: end_access(session, alice, gus, by=by, now=now))
        rights = Rights(can_book=may, is_written_to=not may)
        self.act(
            lambda session: change_access(
                session, alice, gus, rights, valid_from=TODAY, valid_until=None, by=by, now=now
            )
        )
        self.act(lambda session: end_guardianships(session, born_on=birth_dates(self.app.extensions["vault"]), now=now))

    @rule(text=st.sampled_from(TEXTS), by=st.sampled_from(["alice", "gus"]))
    def consent(self, text: str, by: str) -> None:
        who, now, alice = self.who(by), self.now, self.cast.alice.id

        def work(session: Session) -> None:
            publish(session, "care", text, by=self.who("ada"), now=now)
            held = current_agreement(session, "care")
            assert held is not None
            give_consent(
                session, held.public_id, alice, given_as="self" if by == "alice" else "guardian",
                account_id=who.account_id, by=who, now=now,
            )  # fmt: skip

        self.act(work)

    @rule(number=which)
    def take_consent_back(self, number: int) -> None:
        given, now = self.pick(Consent.public_id, number), self.now
        if given:
            self.act(lambda session: withdraw_consent(session, given, by=self.who("alice"), now=now))

    def teardown(self) -> None:
        unreached = select(Client.id).where(Client.awaits_agreement, Client.email.is_not(None))
        assert db.session.scalars(unreached).all() == []
        super().teardown()
