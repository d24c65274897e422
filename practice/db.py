"""Engines for each dialect, the session, and the only places that commit.

There are two engines on one database. The reader cannot write: on SQLite its connections are ``query_only``, on
PostgreSQL its transactions are read-only. Every request starts on it. ``unit_of_work`` moves the session to the
writer, which on SQLite begins IMMEDIATE, so that whoever will write waits at the start instead of failing in the
middle.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from practice.domain.errors import CONSTRAINTS, Busy, PracticeError

try:  # a current SQLite: Debian 12 ships 3.40, which has the WAL-reset bug mended in 3.51.3
    import pysqlite3 as sqlite_module
except ImportError:  # pragma: no cover - platforms without the wheel
    sqlite_module = sqlite3

T = TypeVar("T")
WRITER = "writer"
RETRIES = 3
NO_WAITING = "no_waiting"
BUSY_STATES = frozenset({"40001", "40P01", "55P03"})  # serialization, deadlock, lock timeout
PASSING = ("locked", "full", "unable to open", "connection failed", "server closed the connection")  # without a state
BEGIN = {False: "BEGIN", True: "BEGIN IMMEDIATE"}  # SQLite, by whether the transaction writes
HIDE_PARAMETERS = True  # a fault is logged with its statement, never with the names and addresses that were in it
BUSY_TIMEOUT_MS = 15_000
# Who gives up waiting for a lock loses their place in the queue, so they wait longer than a crowd takes to pass.
POSTGRES_LIMITS = {"lock_timeout": "10s", "statement_timeout": "30s", "idle_in_transaction_session_timeout": "30s"}


class RoutingSession(FlaskSession):
    """A session that reads from the reader, and inside a unit of work uses the writer for everything."""

    def get_bind(self, *_args: Any, **_kwargs: Any) -> Engine | Connection:
        """Choose the engine by what the session is doing, whatever the mapper or statement."""
        return db.engines[WRITER if self.info.get("writes") else None]


db = SQLAlchemy(session_options={"class_": RoutingSession, "expire_on_commit": False})


def init_app(app: Flask, database_url: str) -> None:
    """Give ``app`` its two engines on ``database_url``."""
    options = engine_options(database_url)
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options | _reader_options(database_url)
    app.config["SQLALCHEMY_BINDS"] = {WRITER: {"url": database_url, **options}}
    db.init_app(app)
    with app.app_context():
        _prepare(db.engines[None], writes=False)
        _prepare(db.engines[WRITER], writes=True)


def engine_options(database_url: str) -> dict[str, Any]:
    """Return what ``create_engine`` needs for this dialect."""
    if make_url(database_url).get_backend_name() == "sqlite":
        return {
            "module": sqlite_module,
            "connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000, "isolation_level": None, "check_same_thread": False},
            "hide_parameters": HIDE_PARAMETERS,
            "pool_size": 16,
            "max_overflow": 16,
        }
    limits = " ".join(f"-c {name}={value}" for name, value in POSTGRES_LIMITS.items())
    return {
        "connect_args": {"options": limits, "prepare_threshold": 2},
        "hide_parameters": HIDE_PARAMETERS,
        "pool_size": 8,
        "max_overflow": 16,
    }


def _reader_options(database_url: str) -> dict[str, Any]:
    """On PostgreSQL the reader sends no BEGIN: each statement is its own read-only transaction."""
    if make_url(database_url).get_backend_name() == "sqlite":
        return {}
    options = engine_options(database_url)
    options["connect_args"]["options"] += " -c default_transaction_read_only=on"
    return options | {"isolation_level": "AUTOCOMMIT"}


def plain_engine(database_url: str) -> Engine:
    """Return a writing engine outside any application, for migrations and their tests."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(database_url, **engine_options(database_url))
    _prepare(engine, writes=True)
    return engine


def _prepare(engine: Engine, *, writes: bool) -> None:
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "recursive_triggers=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "cache_size=-4000",
            f"query_only={'OFF' if writes else 'ON'}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        begin = BEGIN[writes]
        raw: Any = connection.connection.dbapi_connection
        hurries = connection.get_execution_options().get(NO_WAITING)
        if hurries:
            raw.execute("PRAGMA busy_timeout=0").close()
        try:
            raw.execute(begin)
        except sqlite_module.OperationalError as error:  # listeners are outside of what SQLAlchemy translates
            raise OperationalError(begin, None, error) from error
        finally:
            if hurries:
                raw.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}").close()


def session_in_use() -> Session | None:
    """Return this request's session where something has asked for it already, or None: opening one has its price."""
    return db.session() if db.session.registry.has() else None


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Run one transaction on the writer: commit at the end, roll back on any exception.

    It ends the read that the request began; what was read before is detached and must not be trusted inside.
    Raises RuntimeError when units are nested.
    """
    session: Session = db.session()
    if session.info.get("writes"):
        msg = "units of work do not nest"
        raise RuntimeError(msg)
    session.close()
    session.info["writes"] = True
    try:
        session.connection()  # SQLite waits for its turn here, before anything is read
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
        session.info.pop("writes", None)


def in_unit_of_work(work: Callable[[Session], T]) -> T:
    """Run ``work`` in a unit of work, up to three times more where PostgreSQL let another go first.

    ``work`` must be fit to run again: everything it does is in the database, or in what it returns.
    """
    for again in range(RETRIES):
        try:
            with unit_of_work() as session:
                return work(session)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in BUSY_STATES:
                raise
            time.sleep(random.uniform(0.005, 0.05) * (again + 1))
    with unit_of_work() as session:
        return work(session)


@contextmanager
def beside(*, waits: bool = True) -> Iterator[Session]:
    """Write something small on a connection of its own: the audit of reads, the last-seen of sessions and feeds.

    Give the request's own connection back first (``db.session.close()``), or a full pool would wait for itself.
    With ``waits=False`` a database that somebody else writes to raises at once, for what can as well be left out.
    """
    engine = db.engines[WRITER]
    if waits:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
        return
    with Session(engine.execution_options(**{NO_WAITING: True}), expire_on_commit=False) as session, session.begin():
        if engine.dialect.name == "postgresql":
            session.connection().exec_driver_sql("SET LOCAL lock_timeout = '100ms'")
        yield session


def as_practice_error(error: DBAPIError) -> PracticeError | None:
    """Return what a database's refusal means to a person, or None where it is a fault of ours."""
    text = str(error.orig)
    for name, kind in CONSTRAINTS.items():
        if name in text:
            return kind()
    state = getattr(error.orig, "sqlstate", None) or ""
    if state in BUSY_STATES or state.startswith(("08", "53", "57")) or error.connection_invalidated:
        return Busy()
    if isinstance(error, OperationalError) and any(words in text for words in PASSING):
        return Busy()
    return None
