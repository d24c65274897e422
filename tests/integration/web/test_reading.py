"""What is read of a client is on record before it leaves, or it does not leave."""

import pytest
import sqlalchemy as sa
from flask import Flask

from practice.db import db
from practice.domain.permissions import Identity
from practice.models import AuditEvent
from practice.services import audit
from practice.web.reading import note_read
from tests.support.acting import act_as
from tests.support.cast import NOW


def events(app: Flask) -> list[AuditEvent]:
    with app.app_context():
        return list(db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)))


@pytest.fixture
def shown(app: Flask) -> Flask:
    @app.get("/shown")
    def show() -> str:
        note_read("client.read", ("client", "abc"))
        note_read("day.read", ("day", "2026-11-24"), clients=["abc"])
        return "the answer"

    act_as(app, Identity(kind="account", id="account-dee", name="Dee"), now=NOW)
    return app


def test_reads_are_written_before_the_answer_leaves(shown):
    answer = shown.test_client().get("/shown")

    assert answer.status_code == 200
    assert [(event.action, event.subject_id, event.detail, event.actor_id, event.at) for event in events(shown)] == [
        ("client.read", "abc", {}, "account-dee", NOW),
        ("day.read", "2026-11-24", {"clients": ["abc"]}, "account-dee", NOW),
    ]


def test_what_cannot_be_recorded_is_not_shown(shown, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise sa.exc.OperationalError("INSERT", {}, Exception("database is locked"))

    monkeypatch.setattr(audit, "record", refuse)
    answer = shown.test_client().get("/shown")

    assert answer.status_code == 503
    assert "the answer" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert not events(shown)
