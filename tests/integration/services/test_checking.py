"""Each invariant is broken once, on purpose, and `check` says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, insert, text
from sqlalchemy.orm import Session

from practice.db import WRITER, db, unit_of_work
from practice.domain.permissions import SYSTEM
from practice.models import OneTimeToken
from practice.models.triggers import sqlite_triggers
from practice.services import audit
from practice.services.audit_chain import broken_links, extend_chain
from practice.services.checking import broken_invariants
from tests.support.demo import SMALL

NO_GROUP = "service_id IN (SELECT id FROM service WHERE kind <> 'group')"
BOOKED = f"(SELECT min(id) FROM appointment WHERE status = 'booked' AND {NO_GROUP} AND room_id IS NOT NULL)"
OTHER = f"(SELECT min(id) FROM appointment WHERE status = 'booked' AND {NO_GROUP} AND id > {BOOKED})"
BUFFERED = "(SELECT min(id) FROM appointment WHERE status = 'booked' AND after_minutes > 0)"
CANCELLED = "(SELECT min(id) FROM appointment WHERE status = 'cancelled')"
DATE = "(SELECT min(id) FROM appointment WHERE status = 'booked' AND minimum > 0)"
# Two holds of sessions that are of no course; the second goes with the first, and ends at another time.
HELD_TOGETHER = (
    f"SELECT 9001, 'x', {DATE}, CAST(NULL AS integer), 'checkout', 1, starts_at, 0, created_at "
    f"FROM appointment WHERE id = {DATE} UNION ALL "
    f"SELECT 9002, 'y', {DATE}, 9001, 'checkout', 1, ends_at, 0, created_at FROM appointment WHERE id = {DATE}"
)
DECISION = (
    "INSERT INTO decision (public_id, kind, therapist_id, appointment_id, code, created_at, decided_at, outcome) "
    "SELECT 'x', 'partner', 1, id, '',"
)

# The sentence, and what breaks what it is about.
BREAKAGES = {
    "Some time of one therapist, room or client is taken twice": f"INSERT INTO occupancy "
    f"(appointment_id, resource_id, starts_at, ends_at) SELECT {OTHER}, resource_id, starts_at, ends_at "
    f"FROM occupancy WHERE appointment_id = {BOOKED}",
    "An appointment takes no time of somebody or something that is part of it": f"DELETE FROM occupancy "
    f"WHERE appointment_id = {BOOKED}",
    "An appointment takes more time than it has, or less": f"UPDATE appointment SET after_minutes = 0 "
    f"WHERE id = {BOOKED}",
    "A buffer is shorter than was agreed, and nobody let it give way": f"UPDATE occupancy SET ends_at = "
    f"(SELECT ends_at FROM appointment WHERE id = {BUFFERED}) WHERE id = (SELECT min(id) FROM occupancy "
    f"WHERE appointment_id = {BUFFERED} AND ends_at > (SELECT ends_at FROM appointment WHERE id = {BUFFERED}))",
    "A rule was booked against and nobody said why": f"UPDATE appointment SET override_codes = '[\"closure\"]' "
    f"WHERE id = {BOOKED}",
    "Time is taken by nothing that takes place": f"UPDATE occupancy SET appointment_id = {CANCELLED} "
    f"WHERE id = (SELECT min(id) FROM occupancy WHERE appointment_id = {BOOKED})",
    "An appointment takes one resource's time more than once": "INSERT INTO occupancy "
    "(appointment_id, resource_id, starts_at, ends_at) SELECT appointment_id, resource_id, starts_at, ends_at "
    "FROM occupancy WHERE id = 1",
    "An appointment's count of places is not that of its attendances and holds": f"UPDATE appointment "
    f"SET places_taken = 0 WHERE id = {BOOKED}",
    "A cancelled appointment has places taken": f"UPDATE appointment SET places_taken = 1 WHERE id = {CANCELLED}",
    "A therapist is counted as something else": "UPDATE resource SET kind = 'room' WHERE id = 1",
    "There is a resource for a room who is not there": "INSERT INTO resource (id, kind, revision) "
    "VALUES (9999, 'room', 0)",
    "An appointment is not led by exactly one therapist": f"UPDATE appointment_therapist SET part = 'co_lead' "
    f"WHERE appointment_id = {BOOKED}",
    "An appointment in a room is at another place than the room": f"UPDATE appointment "
    f"SET location_id = 3 - location_id WHERE id = {BOOKED}",
    "A cancelled appointment is still expected by a client": f"UPDATE attendance SET status = 'booked' "
    f"WHERE appointment_id = {CANCELLED}",
    "A held appointment has no hold": f"UPDATE appointment SET status = 'held' WHERE id = {BOOKED}",
    "An appointment is booked for nobody": f"UPDATE attendance SET status = 'cancelled' "
    f"WHERE appointment_id = {BOOKED}",
    "An appointment's status and the time of its cancellation disagree": f"UPDATE appointment "
    f"SET cancelled_at = NULL WHERE id = {CANCELLED}",
    "appointment.service_id points at a row that is not there": f"UPDATE appointment SET service_id = 99 "
    f"WHERE id = {BOOKED}",
    "A client who was not erased has no key": "UPDATE client SET wrapped_key = NULL WHERE id = 1",
    "Something sealed does not open with its client's key": "UPDATE client "
    "SET birth_date_sealed = (SELECT birth_date_sealed FROM client WHERE id = 2) WHERE id = 1",
    "A client is found by something else than their names, address and number": "UPDATE client "
    "SET chosen_name = 'Somebody' WHERE id = 1",
    "A client was or will be here later than the search for clients knows": "UPDATE client_search "
    "SET seen_at = '2020-01-01 00:00:00.000000' WHERE client_id = (SELECT min(client_id) FROM attendance)",
    "A request has no time by which it is answered": f"UPDATE appointment SET status = 'requested' WHERE id = {BOOKED}",
    "What is no request waits for an answer": f"UPDATE appointment SET answer_by = starts_at WHERE id = {BOOKED}",
    "A request is answered after it begins": f"UPDATE appointment SET answer_by = ends_at WHERE id = {BOOKED}",
    "A request is for nobody": f"UPDATE appointment SET status = 'requested', answer_by = starts_at "
    f"WHERE id = {CANCELLED}",
    "A request is not put to a therapist, or is still put to one after its answer": f"UPDATE appointment "
    f"SET status = 'requested', answer_by = starts_at WHERE id = {BOOKED}",
    "A decision and its outcome disagree": f"{DECISION} created_at, created_at, '' "
    f"FROM appointment WHERE id = {BOOKED}",
    "A decision was made before it was asked for": f"{DECISION} starts_at, created_at, 'x' "
    f"FROM appointment WHERE id = {BOOKED}",
    "A fee is waived where none is due": f"UPDATE attendance SET fee_waived_at = created_at "
    f"WHERE appointment_id = {BOOKED}",
    "A waived fee lacks its reason, or a reason its waiver": "UPDATE attendance SET fee_waived_at = created_at "
    "WHERE id = (SELECT min(id) FROM attendance WHERE status = 'late_cancelled')",
    "A late fee is noted where nothing was cancelled late": f"UPDATE attendance SET late_fee_cents = 0 "
    f"WHERE appointment_id = {BOOKED}",
    "A session that is no group's date has a fewest number of people or a course": f"UPDATE appointment "
    f"SET course_id = 1 WHERE id = {BOOKED}",
    "A date needs some people and has no time to ask about it, or the other way": f"UPDATE appointment "
    f"SET decide_at = NULL WHERE id = {DATE}",
    "A date's lead is asked about it after it begins": f"UPDATE appointment SET decide_at = ends_at WHERE id = {DATE}",
    "A date belongs to a course of another group": "UPDATE course SET service_id = 1",
    "A date of a cancelled course takes place": "UPDATE course SET cancelled_at = created_at",
    "Two dates are held together and are not of one course": f"INSERT INTO hold (id, public_id, "
    f"appointment_id, parent_id, purpose, places, held_until, extensions, created_at) {HELD_TOGETHER}",
    "Two dates that are held together are held differently": f"INSERT INTO hold (id, public_id, "
    f"appointment_id, parent_id, purpose, places, held_until, extensions, created_at) {HELD_TOGETHER}",
    "Somebody agreed to a text before it was published": "INSERT INTO consent (public_id, agreement_id, client_id, "
    "given_as, given_at) SELECT 'x', 1, 1, 'self', '2020-01-01 00:00:00.000000' FROM agreement WHERE id = 1",
    "Somebody who has not agreed to be written to is reached, written to or acted for": "UPDATE client "
    "SET awaits_agreement = (1 = 1) WHERE id = 1",
    "A question about a session for two is open, and not one of the two comes alone": f"{DECISION} created_at, NULL, "
    f"'' FROM appointment WHERE id = {CANCELLED}",
    "Somebody's access ends before it begins": "UPDATE client_access SET valid_until = '2020-01-01' WHERE id = 1",
    "Two sign-ins are a client's own": "UPDATE client_access SET kind = 'self' WHERE client_id > 1",
    "An agreement was taken back before it was given": "UPDATE consent SET withdrawn_at = "
    "'2020-01-01 00:00:00.000000' WHERE id = 1",
    "An estimate was given that was never written": "UPDATE estimate SET given_at = created_at",
    "An estimate is about no session of its client": "UPDATE estimate SET appointment_id = NULL",
    "A published text is not what it was": "UPDATE agreement SET text = 'Everything is agreed.'",
    "An audit event does not follow from the one before": "UPDATE audit_event SET action = 'nothing' WHERE id = 2",
    "The schema is not up to date": "DELETE FROM alembic_version",
}


@contextmanager
def unguarded(app: Flask) -> Iterator[Connection]:
    """A transaction in which the database refuses nothing, and of which nothing stays."""
    with app.app_context(), db.engines[WRITER].connect() as connection, connection.begin() as transaction:
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            for name in sqlite_triggers():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text("ALTER TABLE occupancy DROP CONSTRAINT ex_occupancy_no_overlap"))
        yield connection
        transaction.rollback()


def lines(app: Flask, connection: Connection) -> list[str]:
    settings, vault = app.extensions["settings"], app.extensions["vault"]
    with Session(connection) as session:
        return list(broken_invariants(session, vault=vault, master_keys=settings.encryption_keys, opens_all=True))


@pytest.fixture
def audited(demo_app: Flask) -> Flask:
    """The demo practice with three linked events, and one that waits for its link."""
    keys = demo_app.extensions["settings"].encryption_keys
    with demo_app.app_context():
        for number in range(4):
            with unit_of_work() as session:
                audit.record(session, "test.act", by=SYSTEM, now=SMALL.now + timedelta(hours=number), number=number)
                if number == 2:
                    assert extend_chain(session, keys) == 3
    return demo_app


def test_the_demo_practice_breaks_nothing(audited: Flask) -> None:
    with audited.app_context(), db.engines[WRITER].connect() as connection:
        assert lines(audited, connection) == []


def test_each_broken_invariant_has_its_line(audited: Flask) -> None:
    silent = {}
    for sentence, statement in BREAKAGES.items():
        with unguarded(audited) as connection:
            assert connection.execute(text(statement)).rowcount, f"changed nothing: {statement}"
            found = lines(audited, connection)
            if not any(line.startswith(sentence) for line in found):
                silent[sentence] = found
    assert silent == {}


def test_a_lost_guard_is_missed(audited: Flask) -> None:
    with unguarded(audited) as connection:
        found = lines(audited, connection)
    assert [line.split(":")[0] for line in found] == ["The database has lost a guard"]


def test_a_hold_of_something_cancelled_is_found(audited: Flask) -> None:
    with unguarded(audited) as connection:
        cancelled = connection.scalar(text(f"SELECT {CANCELLED}"))
        connection.execute(
            text("INSERT INTO hold (public_id, appointment_id, purpose, places, held_until, extensions, created_at) "
                 "SELECT 'held', :id, 'checkout', 1, created_at, 0, created_at FROM appointment WHERE id = :id"),
            {"id": cancelled},
        )  # fmt: skip
        assert any(line.startswith("A cancelled appointment is still held") for line in lines(audited, connection))


def test_a_link_for_somebody_who_has_answered_and_a_guardian_of_a_grown_up_are_found(audited: Flask) -> None:
    vault, keys = audited.extensions["vault"], audited.extensions["settings"].encryption_keys
    with unguarded(audited) as connection, Session(connection) as session:
        asked = {"purpose": "partner", "token_hash": b"x", "created_at": SMALL.now, "expires_at": SMALL.now}
        known = session.scalar(text("SELECT public_id FROM client WHERE id = 1"))
        session.execute(insert(OneTimeToken), [{**asked, "payload": {"client": known}}])
        found = [
            line.split(":")[0]
            for years in (0, 15)
            for line in broken_invariants(
                session, vault=vault, master_keys=keys, now=SMALL.now + timedelta(days=366 * years)
            )
        ]
        assert found.count("A link asks somebody who has answered already") == 2
        assert found.count("A guardian acts for somebody who is of age") == 1


def test_a_gap_in_the_audit_log_breaks_the_chain(audited: Flask) -> None:
    keys = audited.extensions["settings"].encryption_keys
    with unguarded(audited) as connection:
        connection.execute(text("DELETE FROM audit_event WHERE id = 2"))
        with Session(connection) as session:
            assert list(broken_links(session, keys)) == [3]


def test_the_chain_goes_on_and_outlives_a_change_of_keys(audited: Flask) -> None:
    old = audited.extensions["settings"].encryption_keys
    new = (("0badcafe", bytes(range(32))), *old)
    with audited.app_context(), unit_of_work() as session:
        assert extend_chain(session, new) == 1
        assert extend_chain(session, new) == 0
        assert list(broken_links(session, new)) == []
        assert list(broken_links(session, old)) == [4]
