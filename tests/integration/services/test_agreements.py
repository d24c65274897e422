"""Texts are published as versions, consents stand for the version that was read, and both stay on record."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from practice.db import db, unit_of_work
from practice.domain.errors import ImpossibleStep, NotFound, ValidationFailed
from practice.models import Agreement, AuditEvent, Consent
from practice.queries.agreements import agreement_versions, consents_of, consents_to, current_agreement
from practice.services.agreements import digest, give_consent, publish, withdraw_consent
from tests.support.cast import NOW, Cast


def publish_care(cast: Cast, text: str) -> Agreement:
    with unit_of_work() as session:
        return publish(session, "care", text, by=cast.identity("ada"), now=NOW)


def consent(cast: Cast, agreement: Agreement, *, name: str = "alice") -> str:
    by = cast.identity(name)
    with unit_of_work() as session:
        return give_consent(
            session, agreement.public_id, cast.alice.id, given_as="self", account_id=by.account_id, by=by, now=NOW
        ).public_id


def test_the_same_text_is_one_version_and_another_text_the_next(app: Flask, cast: Cast) -> None:
    first = publish_care(cast, "We meet.\r\nWe talk.\n")
    assert publish_care(cast, "We meet.\nWe talk.").public_id == first.public_id
    second = publish_care(cast, "We meet, and we talk.")
    with unit_of_work() as session:
        of_group = publish(session, "group", "We play.", by=cast.identity("ada"), now=NOW, service_id=cast.group)
    versions = agreement_versions(db.session(), "care")
    assert [(each.number, each.sha256) for each in versions] == [
        (2, digest("We meet, and we talk.")),
        (1, digest("We meet.\nWe talk.")),
    ]
    held = current_agreement(db.session(), "care"), current_agreement(db.session(), "group", cast.group)
    assert [each.public_id for each in held if each] == [second.public_id, of_group.public_id]
    assert current_agreement(db.session(), "group", cast.couple) is None
    with pytest.raises(ValidationFailed):
        publish_care(cast, "   ")


def test_consent_is_to_the_version_that_holds_and_counts_once(app: Flask, cast: Cast) -> None:
    first = publish_care(cast, "One.")
    given = consent(cast, first)
    assert consent(cast, first) == given
    second = publish_care(cast, "Two.")
    with pytest.raises(ImpossibleStep):
        consent(cast, first)
    assert consents_to(db.session(), second.id, [cast.alice.id]) == {}
    again = consent(cast, second)
    assert {row.public_id for row in consents_of(db.session(), cast.alice.id, "care")} == {given, again}
    with pytest.raises(NotFound):
        consent(cast, Agreement(public_id="nothing"))


def test_a_consent_that_is_taken_back_stays_on_record(app: Flask, cast: Cast) -> None:
    agreement = publish_care(cast, "One.")
    given = consent(cast, agreement)
    later = NOW + timedelta(hours=1)
    for _ in range(2):
        with unit_of_work() as session:
            withdraw_consent(session, given, by=cast.identity("alice"), now=later)
    assert consents_to(db.session(), agreement.id, [cast.alice.id]) == {}
    assert db.session.scalars(select(Consent.withdrawn_at)).all() == [later]
    assert consent(cast, agreement) != given
    actions = select(AuditEvent.action).where(AuditEvent.action.like("consent.%")).order_by(AuditEvent.id)
    assert db.session.scalars(actions).all() == ["consent.given", "consent.withdrawn", "consent.given"]
