"""What clients need: sealed under their key, one's own or of two together, and gone with the key."""

import pytest
from sqlalchemy import select, update

from practice.db import db, in_unit_of_work
from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.needs import NO_NEEDS, Needs
from practice.models import AuditEvent, Client
from practice.services.needs import Circumstances, change_needs, circumstances_of, remember_region
from tests.support.cast import NOW

ALICE = Needs(frozenset({"step_free"}), interpreter=False, extra_minutes=15)
CHARLIE = Needs(frozenset({"quiet"}), interpreter=True, extra_minutes=10)


@pytest.fixture
def vault(app):
    return app.extensions["vault"]


def say(cast, vault, who, needs, region=None):
    client_id = cast.parties[who].id
    in_unit_of_work(
        lambda session: change_needs(session, client_id, needs, region, vault=vault, by=cast.identity("dee"), now=NOW)
    )


def known(cast, vault, *names):
    db.session.close()
    return circumstances_of(db.session(), [cast.parties[name].id for name in names], vault)


def events():
    db.session.close()
    wanted = select(AuditEvent.detail).where(AuditEvent.action == "client.changed").order_by(AuditEvent.id)
    return list(db.session.scalars(wanted))


def test_needs_are_sealed_and_those_who_come_together_need_what_each_of_them_does(cast, vault):
    assert known(cast, vault, "alice") == Circumstances()
    say(cast, vault, "alice", ALICE)
    say(cast, vault, "charlie", CHARLIE, "NJ")
    together = Needs(frozenset({"quiet", "step_free"}), interpreter=True, extra_minutes=15)
    assert known(cast, vault, "alice") == Circumstances(ALICE)
    assert known(cast, vault, "alice", "charlie") == Circumstances(together, "NJ")
    sealed = db.session.scalar(select(Client.needs_sealed).where(Client.id == cast.alice.id))
    assert b"step_free" not in sealed
    assert events() == [{"fields": ["needs"]}, {"fields": ["needs", "region"]}]
    say(cast, vault, "alice", ALICE)
    say(cast, vault, "alice", NO_NEEDS)
    assert db.session.scalar(select(Client.needs_sealed).where(Client.id == cast.alice.id)) is None
    assert len(events()) == 3


def test_with_the_key_they_are_gone(cast, vault):
    say(cast, vault, "alice", ALICE)
    in_unit_of_work(
        lambda session: session.execute(update(Client).where(Client.id == cast.alice.id).values(wrapped_key=None))
    )
    assert known(cast, vault, "alice") == Circumstances()
    with pytest.raises(NotFound):
        say(cast, vault, "alice", ALICE)


def test_what_is_none_of_ours_is_refused(cast, vault):
    for needs, region in (
        (Needs(frozenset({"a pool"})), None), (Needs(extra_minutes=-1), None), (Needs(extra_minutes=500), None),
        (NO_NEEDS, "Ontario"),
    ):  # fmt: skip
        with pytest.raises(ValidationFailed):
            say(cast, vault, "alice", needs, region)
    assert events() == []


def test_where_somebody_said_to_be_is_remembered_once(cast, vault):
    for region in ("NY", "NY", "", "Ontario"):
        in_unit_of_work(
            lambda session, said=region: remember_region(
                session, [cast.alice.id], said, by=cast.identity("alice"), now=NOW
            )
        )
    assert known(cast, vault, "alice").region == "NY"
    assert events() == [{"fields": ["region"]}]
