"""The worker: sends messages, gives back time, goes on with series, decides what is due, links the audit log."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from practice.adapters.mail import Mailer, mailer_from
from practice.cli.mailing import deliver
from practice.db import as_practice_error, db, unit_of_work
from practice.domain.errors import Busy, PracticeError
from practice.queries.series import series_to_extend
from practice.queries.waiting import what_waits
from practice.services import outbox
from practice.services.access import end_guardianships
from practice.services.audit_chain import extend_chain
from practice.services.birth_dates import birth_dates
from practice.services.deciding import decide_due
from practice.services.holds import release_expired
from practice.services.minimums import ask_leads
from practice.services.series_ahead import extend_series
from practice.services.tidying import tidy
from practice.settings import Settings

log = logging.getLogger("practice.worker")
PAUSE_SECONDS = 2.0
TIDY_EVERY = timedelta(minutes=15)


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
@click.option("--while-open", is_flag=True, help="End when standard input ends.")
@with_appcontext
def worker_command(once: bool, while_open: bool) -> None:
    """Run the worker until it is told to stop (SIGTERM or ctrl-C); a message that is being sent is finished first."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own way
    worker = Worker(app, mailer_for(app))
    if once:
        while worker.run_once():
            pass
        return
    with told_to_stop() as stop:
        if while_open:
            threading.Thread(target=stop_at_the_end_of_input, args=(stop,), daemon=True).start()
        worker.run(stop)


def mailer_for(app: Flask) -> Mailer:
    """Return the mailer that the settings name."""
    settings: Settings = app.extensions["settings"]
    return mailer_from(settings.mail_url, settings.instance / "mail")


@contextmanager
def told_to_stop() -> Iterator[threading.Event]:
    """Yield an event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def stop_at_the_end_of_input(stop: threading.Event) -> None:
    """Read until whoever started this process is gone, then stop."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    stop.set()


class Worker:
    """Does what is due, a little at a time, so that it can be stopped between any two steps."""

    def __init__(self, app: Flask, mailer: Mailer) -> None:
        self.app, self.mailer = app, mailer
        self.tidied_at: datetime | None = None

    @property
    def now(self) -> datetime:
        """The time, read anew for each step."""
        clock: Callable[[], datetime] = self.app.extensions["clock"]
        return clock()

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set. A database that does not answer is waited for."""
        while not stop.is_set():
            try:
                is_busy = self.run_once(stop)
            except DBAPIError as error:
                log.warning("The database does not answer: %s", type(error.orig).__name__)
                is_busy = False
            if not is_busy:
                stop.wait(PAUSE_SECONDS)

    def run_once(self, stop: threading.Event | None = None) -> bool:
        """Do one round of what is due. Returns whether there may be more."""
        waiting = what_waits(db.session(), self.now)
        db.session.remove()
        did = 0
        if waiting.holds:
            with unit_of_work() as session:
                did += release_expired(session, self.now)
        if waiting.minimums:
            with unit_of_work() as session:
                did += ask_leads(session, self.now)
        if waiting.decisions:
            with unit_of_work() as session:
                did += decide_due(session, self.now)
        if waiting.messages:
            did += self._send(stop)
        if waiting.events:
            did += self._link()
        self._tidy()
        return did > 0

    def _send(self, stop: threading.Event | None) -> int:
        with unit_of_work() as session:
            claimed = outbox.claim_due(session, now=self.now)
        for at, message in enumerate(claimed):
            if stop is not None and stop.is_set():
                with unit_of_work() as session:
                    outbox.give_back(session, claimed[at:])
                break
            deliver(self.app, self.mailer, message)
        return len(claimed)

    def _link(self) -> int:
        """Link the audit log, unless somebody is writing to it this very moment."""
        try:
            with unit_of_work() as session:
                return extend_chain(session, self.app.extensions["settings"].encryption_keys)
        except DBAPIError as error:
            if not isinstance(as_practice_error(error), Busy):
                raise
            return 0

    def _tidy(self) -> None:
        if self.tidied_at is None or self.now - self.tidied_at >= TIDY_EVERY:
            with unit_of_work() as session:
                tidy(session, now=self.now)
                end_guardianships(session, born_on=birth_dates(self.app.extensions["vault"]), now=self.now)
            self._extend_series()
            self.tidied_at = self.now

    def _extend_series(self) -> None:
        """Make the sessions of open-ended series that are due, each series in a transaction of its own."""
        due = series_to_extend(db.session(), self.now.date())
        db.session.remove()
        for series_id in due:
            try:
                with unit_of_work() as session:
                    extend_series(session, series_id, vault=self.app.extensions["vault"], now=self.now)
            except PracticeError:  # one series that cannot go on must not keep the others from it
                log.exception("The series %s cannot be extended", series_id)
