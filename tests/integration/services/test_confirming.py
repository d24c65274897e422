"""Held times become somebody's own: once, in time, for those who have no place yet, and seen by every calendar."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from practice.db import db, unit_of_work
from practice.domain.errors import ClientBusy, HoldEnded, LinkEnded
from practice.models import AccessKind, Account, Attendance, Client, ClientAccess, Hold, HoldPurpose, Resource
from practice.queries.busy import current_rules
from practice.services.booking import Booked, Keep, confirm_hold, hold_slot
from practice.services.finding import Wish
from practice.services.requests import RequestDetails, confirm_request_by_token, open_request
from tests.support.booking import mailed
from tests.support.cast import MONDAY, NOW, Cast, add_group_date, at

TEN = at(MONDAY, 10)


def hold(cast: Cast, service: int, *, until: datetime, starts_at: datetime = TEN) -> int:
    rules = current_rules(db.session())
    wish = Wish(service, cast.bob, starts_at, "in_person")
    with unit_of_work() as session:
        keep = Keep(until, b"browser")
        return hold_slot(session, rules, wish, by=cast.identity("alice"), now=NOW, keep=keep)[0].id


def confirm(cast: Cast, hold_id: int, *, now: datetime = NOW) -> Booked:
    with unit_of_work() as session:
        return confirm_hold(session, hold_id, [cast.alice], by=cast.identity("alice"), now=now)


def ask(hold_id: int, *, now: datetime = NOW, for_whom: str = "me", other: str = "") -> None:
    details = RequestDetails(for_whom, "Alice Moss", "alice@demo.test", "America/New_York", other_name=other)
    with unit_of_work() as session:
        open_request(session, hold_id, details, now=now)


def prove(app: Flask) -> Booked:
    link, _ = mailed(app)
    with unit_of_work() as session:
        return confirm_request_by_token(session, link, vault=app.extensions["vault"], now=NOW)


def test_a_session_that_has_begun_is_confirmed_by_nobody(cast: Cast) -> None:
    hold_id = hold(cast, cast.consultation, until=TEN + timedelta(hours=1))
    with pytest.raises(HoldEnded):
        confirm(cast, hold_id, now=TEN + timedelta(minutes=1))
    confirm(cast, hold_id, now=TEN - timedelta(minutes=1))


@pytest.mark.parametrize("by_link", [False, True], ids=["signed in", "by link"])
def test_nobody_gets_two_places_in_one_group(app: Flask, cast: Cast, by_link: bool) -> None:
    with unit_of_work() as session:
        add_group_date(session, cast, TEN)
    first = hold(cast, cast.group, until=NOW + timedelta(minutes=15))
    second = hold(cast, cast.group, until=NOW + timedelta(minutes=15))
    confirm(cast, first)
    if by_link:
        ask(second)
    with pytest.raises(ClientBusy, match="a place for you"):
        prove(app) if by_link else confirm(cast, second)
    assert db.session.scalar(select(func.count()).select_from(Attendance)) == 1


def test_a_confirmed_place_in_a_group_reaches_the_calendar_of_whoever_leads_it(cast: Cast) -> None:
    def revision() -> int:
        db.session.rollback()
        return db.session.scalars(select(Resource.revision).where(Resource.id == cast.resources["bob"])).one()

    with unit_of_work() as session:
        add_group_date(session, cast, TEN)
    hold_id = hold(cast, cast.group, until=NOW + timedelta(minutes=15))
    before = revision()
    confirm(cast, hold_id)
    assert revision() > before


def test_asking_again_and_again_keeps_no_time_for_ever(cast: Cast) -> None:
    hold_id = hold(cast, cast.consultation, until=NOW + timedelta(minutes=15))
    for minutes in (0, 50, 100):
        ask(hold_id, now=NOW + timedelta(minutes=minutes))
    with pytest.raises(LinkEnded):
        ask(hold_id, now=NOW + timedelta(hours=2))
    row = db.session.execute(select(Hold.held_until, Hold.purpose).where(Hold.id == hold_id)).one()
    assert row == (NOW + timedelta(hours=2), HoldPurpose.REQUEST)


@pytest.mark.parametrize("change", [{"valid_until": date(2026, 11, 19)}, {"can_book": False}], ids=["ended", "barred"])
def test_somebody_who_may_no_longer_book_for_a_child_does_not_by_knowing_the_name(
    app: Flask, cast: Cast, change: dict[str, object]
) -> None:
    with unit_of_work() as session:
        account = session.scalars(select(Account.id).where(Account.email == "alice@demo.test")).one()
        session.add(
            ClientAccess(
                account_id=account, client_id=cast.charlie.id, kind=AccessKind.GUARDIAN, valid_from=date(2026, 1, 1)
            )
        )
        session.flush()
        session.execute(update(ClientAccess).where(ClientAccess.kind == AccessKind.GUARDIAN).values(**change))
    ask(hold(cast, cast.consultation, until=NOW + timedelta(minutes=15)), for_whom="someone", other="Charlie Moss")
    booked = prove(app)
    seated = select(Attendance.client_id).where(Attendance.appointment_id == booked.id)
    assert db.session.scalars(seated).one() != cast.charlie.id
    assert db.session.scalar(select(func.count()).select_from(Client).where(Client.name == "Charlie Moss")) == 2
