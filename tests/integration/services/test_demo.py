"""The demo practice is the same each time, and keeps the rules that it shows."""

import operator
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Table, func, select

from practice.db import db, unit_of_work
from practice.domain.explaining import Choice, Question, check_start
from practice.domain.intervals import minute_floor
from practice.models import (
    Account,
    Appointment,
    AppointmentTherapist,
    Attendance,
    Base,
    Client,
    ClientAccess,
    Offer,
    Practice,
    Service,
)
from practice.queries.rule_book import read_rule_book
from practice.services import demo
from tests.support.demo import SMALL, TODAY, fill_demo, silent

SEALED = {"password_hash", "birth_date_sealed", "note_sealed", "needs_sealed", "wrapped_key", "revision"}


def prepared(app: Flask, plan: demo.Plan = SMALL) -> dict[str, list[dict[str, object]]]:
    """Return the rows of a plan by table, without what is random on purpose."""
    batches = demo.prepare(plan, app.extensions["vault"], lambda _password: "unusable", silent)
    found: dict[str, list[dict[str, object]]] = {}
    for batch in batches:
        rows = [told(dict(zip(batch.columns, row, strict=True))) for row in batch.rows]
        found.setdefault(batch.table.name, []).extend(rows)
    return found


def told(row: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in SEALED}


def stored(app: Flask, table: Table) -> list[dict[str, object]]:
    with app.app_context():
        return [told(row._mapping) for row in db.session.execute(select(table).order_by(*table.primary_key.columns))]


def test_every_row_arrives_as_it_was_made_and_the_same_each_time(demo_app: Flask) -> None:
    for name, wanted in prepared(demo_app).items():
        rows = stored(demo_app, Base.metadata.tables[name])
        found = [{column: row[column] for column in wanted[0]} for row in rows]
        by_value = operator.methodcaller("__repr__")
        assert sorted(found, key=by_value) == sorted(wanted, key=by_value), name


def test_another_seed_makes_other_sessions(app: Flask) -> None:
    one, other = prepared(app), prepared(app, replace(SMALL, seed=2))
    assert len(one["therapist"]) == len(other["therapist"])
    assert not {row["public_id"] for row in one["appointment"]} & {row["public_id"] for row in other["appointment"]}
    assert [row["starts_at"] for row in one["appointment"]] != [row["starts_at"] for row in other["appointment"]]


def test_a_filled_database_is_left_alone(demo_app: Flask) -> None:
    before = stored(demo_app, Base.metadata.tables["appointment"])
    with pytest.raises(demo.NotEmpty):
        fill_demo(demo_app, replace(SMALL, seed=2))
    assert stored(demo_app, Base.metadata.tables["appointment"]) == before


def test_rows_can_be_added_after_the_demo(demo_app: Flask) -> None:
    with demo_app.app_context(), unit_of_work() as session:
        highest = session.scalar(select(func.max(Account.id)))
        account = Account(email="new@example.test", name="New", created_at=SMALL.now)
        session.add(account)
        session.flush()
        assert highest is not None
        assert account.id > highest


def test_what_is_sealed_opens_with_the_clients_own_key(demo_app: Flask) -> None:
    vault = demo_app.extensions["vault"]
    with demo_app.app_context():
        robin = db.session.scalars(select(Client).where(Client.email == "client@demo.test")).one()
    born_on = vault.open(robin.wrapped_key, "client", robin.public_id, "birth_date", robin.birth_date_sealed)
    assert born_on < str(TODAY - timedelta(days=30 * 365))


def test_the_demo_client_acts_for_two_and_has_sessions_behind_and_ahead(demo_app: Flask) -> None:
    with demo_app.app_context():
        acts_for = db.session.execute(
            select(Client.id, Client.name, ClientAccess.kind)
            .join(ClientAccess, ClientAccess.client_id == Client.id)
            .join(Account, Account.id == ClientAccess.account_id)
            .where(Account.email == "client@demo.test")
        ).all()
        assert {row[1:] for row in acts_for} == {("Robin Carter", "self"), ("Leo Carter", "guardian")}
        for row in acts_for:
            wanted = (
                select(Attendance.status)
                .join(Appointment, Appointment.id == Attendance.appointment_id)
                .where(Attendance.client_id == row.id)
            )
            behind = db.session.scalars(wanted.where(Appointment.starts_at < SMALL.now)).all()
            ahead = db.session.scalars(wanted.where(Appointment.starts_at > SMALL.now)).all()
            assert "completed" in behind
            assert "booked" in ahead


def test_groups_have_many_couples_two_and_everybody_is_offered_what_they_lead(demo_app: Flask) -> None:
    with demo_app.app_context():
        seats = db.session.execute(
            select(Service.kind, func.count(Attendance.id))
            .join(Appointment, Appointment.service_id == Service.id)
            .join(Attendance, Attendance.appointment_id == Appointment.id)
            .group_by(Service.kind, Appointment.id)
        ).all()
        not_offered = db.session.scalars(
            select(Appointment.id)
            .join(AppointmentTherapist, AppointmentTherapist.appointment_id == Appointment.id)
            .outerjoin(
                Offer,
                (Offer.therapist_id == AppointmentTherapist.therapist_id)
                & (Offer.service_id == Appointment.service_id),
            )
            .where(Offer.service_id.is_(None))
        ).all()
        is_demo = db.session.scalar(select(Practice.is_demo))
    by_kind = {kind: Counter(n for one, n in seats if one == kind) for kind, _ in seats}
    assert set(by_kind["individual"]) == {1}
    assert set(by_kind["couple"]) == {2}
    assert min(by_kind["group"]) >= 3
    assert not_offered == []
    assert is_demo


def test_every_session_lies_where_the_rules_offer_it(demo_app: Flask) -> None:
    with demo_app.app_context():
        rules = read_rule_book(db.session())
        sessions = db.session.execute(
            select(Appointment, AppointmentTherapist.therapist_id)
            .join(AppointmentTherapist, AppointmentTherapist.appointment_id == Appointment.id)
            .join(Service, Service.id == Appointment.service_id)
            .where(Service.kind != "group")
        ).all()
    assert len(sessions) > 100
    outside = [
        (session.id, reason)
        for session, therapist_id in sessions
        if (
            reason := check_start(
                Question(
                    rules=rules,
                    service=rules.service_by_id[session.service_id],
                    therapist=rules.therapist_by_id[therapist_id],
                    busy=(),
                    now=SMALL.now - timedelta(days=30),
                    viewer="staff",
                ),
                minute_floor(session.starts_at),
                Choice(session.modality, session.location_id),
            )
        )
    ]
    assert outside == []


@pytest.mark.parametrize("plan", [demo.Plan(TODAY, therapists=1, clients=0), demo.Plan(TODAY, 3, 2, 2, 1.0)], ids=str)
def test_small_and_full_practices_can_be_made(app: Flask, plan: demo.Plan) -> None:
    fill_demo(app, plan)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Client)) == plan.clients
