"""The worker loses no message and no held time, whatever happens to it, and sends nothing twice under two names."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from practice.adapters.mail import mailer_from
from practice.cli.worker import Worker
from practice.db import WRITER, db, unit_of_work
from practice.domain.permissions import STRANGER, SYSTEM
from practice.models import Appointment, AuditEvent, Client, Hold, Occupancy, OutboxMessage
from practice.queries.busy import current_rules
from practice.services import audit, messages
from practice.services.booking import Keep, hold_slot
from practice.services.finding import Wish
from practice.services.outbox import TRIES, claim_due
from tests.support.apps import environ_for
from tests.support.cast import MONDAY, NOW, Cast, at
from tests.support.databases import Database
from tests.support.people import Clock, make_client
from tests.support.post import Postbox, SlowServer
from tests.support.server import ROOT, inherited

LINK = "http://127.0.0.1:8000/sign-in/link/secret-token"


@pytest.fixture
def clock(app: Flask) -> Clock:
    """The time, which stands still until a test moves it."""
    made = Clock()
    app.extensions["clock"] = made
    return made


@pytest.fixture
def postbox() -> Postbox:
    """Where the worker of a test takes its mail."""
    return Postbox()


@pytest.fixture
def worker(app: Flask, clock: Clock, postbox: Postbox) -> Iterator[Worker]:
    """A worker on the test's database, in an application context."""
    with app.app_context():
        yield Worker(app, postbox)


def post(clock: Clock, template: str = "sign_in_link", to: str = "alice@example.org", **context: str) -> None:
    with unit_of_work() as session:
        messages.post(session, template, to, now=clock(), **(context or {"link": LINK}))


def rows() -> list[OutboxMessage]:
    found = list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))
    db.session.remove()
    return found


def test_a_message_is_sent_once_and_its_secret_forgotten(worker: Worker, clock: Clock, postbox: Postbox) -> None:
    post(clock)
    worker.run_once()
    worker.run_once()
    (sent,) = postbox.taken
    (row,) = rows()
    assert sent["Message-ID"] == row.message_id
    assert sent["To"] == "alice@example.org"
    assert LINK in sent.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert LINK in sent.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert (row.sent_at, row.claimed_until, row.attempts) == (clock(), None, 1)
    assert row.context == {"link": ""}


def test_while_the_server_is_down_a_message_waits_longer_each_time(
    worker: Worker, clock: Clock, postbox: Postbox
) -> None:
    post(clock)
    postbox.is_open = False
    waits = []
    for _ in range(6):
        worker.run_once()
        (row,) = rows()
        waits.append((row.due_at - clock()) // timedelta(minutes=1))
        worker.run_once()  # not due: nothing is tried
        clock.now = row.due_at
    assert waits == [1, 2, 4, 8, 16, 32]
    assert "ConnectionRefusedError" in row.last_error
    postbox.is_open = True
    worker.run_once()
    assert postbox.tries == [row.message_id] * 7
    assert len(postbox.taken) == 1
    assert rows()[0].sent_at == clock()


def test_after_ten_tries_it_gives_up(worker: Worker, clock: Clock, postbox: Postbox) -> None:
    post(clock)
    postbox.is_open = False
    for _ in range(TRIES + 2):
        worker.run_once()
        clock.now += timedelta(days=1)
    (row,) = rows()
    assert (len(postbox.tries), row.attempts) == (TRIES, TRIES)
    assert row.given_up_at is not None
    assert row.context == {"link": ""}


def test_a_message_that_cannot_be_written_keeps_no_other_waiting(
    worker: Worker, clock: Clock, postbox: Postbox
) -> None:
    post(clock, "no_such_template")
    post(clock, to="not an address")
    post(clock, to="bob@example.org")
    worker.run_once()
    assert [message["To"] for message in postbox.taken] == ["bob@example.org"]
    unknown, refused, sent = rows()
    assert (unknown.last_error, unknown.given_up_at) == ("TemplateNotFound in no_such_template", None)
    assert refused.given_up_at is not None
    assert sent.sent_at is not None


def test_nothing_is_sent_about_a_client_who_was_erased(
    app: Flask, worker: Worker, clock: Clock, postbox: Postbox
) -> None:
    client_id = make_client(app)
    with unit_of_work() as session:
        messages.post(session, "cancelled", "alice@example.org", now=clock(), client_id=client_id)
        session.execute(update(Client).values(erased_at=clock(), wrapped_key=None))
    worker.run_once()
    assert postbox.tries == []
    assert rows()[0].given_up_at is not None


def test_two_workers_never_hold_the_same_message(worker: Worker, clock: Clock) -> None:
    for _ in range(7):
        post(clock)
    with unit_of_work() as session:
        one = claim_due(session, now=clock())
    with unit_of_work() as session:
        other = claim_due(session, now=clock())
    with unit_of_work() as session:
        assert claim_due(session, now=clock()) == []
    assert (len(one), len(other)) == (5, 2)
    assert not {message.id for message in one} & {message.id for message in other}


def test_events_are_linked(worker: Worker, clock: Clock) -> None:
    with unit_of_work() as session:
        audit.record(session, "test.act", by=SYSTEM, now=clock())
    worker.run_once()
    assert db.session.scalar(select(AuditEvent.link)) is not None
    assert not worker.run_once()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_events_are_linked_later_while_somebody_writes_some(worker: Worker, clock: Clock) -> None:
    with unit_of_work() as session:
        audit.record(session, "test.act", by=SYSTEM, now=clock())
    with Session(db.engines[WRITER]) as other:
        audit.record(other, "test.act", by=SYSTEM, now=clock())
        other.flush()
        assert not worker.run_once()
    assert worker.run_once()


@contextmanager
def running(database: Database, folder: Path, mail_url: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own; killed at the end where it still runs."""
    environ = {**inherited(), **environ_for(database), "PRACTICE_INSTANCE": str(folder), "MAIL_URL": mail_url}
    command = [sys.executable, "-m", "flask", "--app", "app", "worker", *words]
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_worker_killed_while_sending_loses_nothing(
    app: Flask, worker: Worker, clock: Clock, database: Database, tmp_path: Path
) -> None:
    post(clock)
    with closing(SlowServer()) as server, running(database, tmp_path, server.url) as process:
        assert server.has_message.wait(180), (tmp_path / "worker.log").read_text()
        process.kill()
        process.wait()
    (row,) = rows()
    assert row.sent_at is None
    assert row.claimed_until is not None
    clock.now = row.claimed_until - timedelta(seconds=1)
    assert not worker.run_once()
    clock.now = row.claimed_until
    worker.mailer = mailer_from(None, tmp_path / "kept")
    assert worker.run_once()
    (kept,) = (tmp_path / "kept").iterdir()
    again, first = kept.read_text(), server.messages[0]
    assert f"Message-ID: {row.message_id}" in again
    assert f"Message-ID: {row.message_id}" in first
    assert rows()[0].sent_at == clock()


def test_told_to_stop_it_finishes_the_message_and_gives_the_others_back(
    clock: Clock, app: Flask, database: Database, tmp_path: Path
) -> None:
    with app.app_context():
        post(clock)
        post(clock, to="bob@example.org")
    with closing(SlowServer()) as server, running(database, tmp_path, server.url) as process:
        assert server.has_message.wait(180), (tmp_path / "worker.log").read_text()
        process.send_signal(signal.SIGTERM)
        server.go_on.set()
        assert process.wait(180) == 0
    with app.app_context():
        first, second = rows()
    assert first.sent_at is not None
    assert (second.sent_at, second.claimed_until, second.attempts) == (None, None, 0)


def test_once_does_what_is_due_and_ends(clock: Clock, app: Flask, database: Database, tmp_path: Path) -> None:
    with app.app_context():
        post(clock)
    with running(database, tmp_path, "", "--once") as process:
        assert process.wait(180) == 0, (tmp_path / "worker.log").read_text()
    with app.app_context():
        assert rows()[0].sent_at is not None
    assert len(list((tmp_path / "mail").iterdir())) == 1


def test_time_whose_hold_ended_goes_back(worker: Worker, clock: Clock, cast: Cast) -> None:
    rules = current_rules(db.session())
    ends_at = NOW + timedelta(minutes=15)
    with unit_of_work() as session:
        wish = Wish(cast.consultation, cast.bob, at(MONDAY, 9), "online")
        hold_slot(session, rules, wish, by=STRANGER, now=NOW, keep=Keep(until=ends_at, holder_hash=b"browser"))
    for now, left in ((ends_at - timedelta(seconds=1), 1), (ends_at, 0)):
        clock.now = now
        worker.run_once()
        counts = [
            db.session.scalar(select(func.count()).select_from(model)) for model in (Hold, Appointment, Occupancy)
        ]
        assert counts == [left] * 3
        db.session.remove()
