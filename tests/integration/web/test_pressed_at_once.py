"""A button pressed twice, also at the same moment, does what it says once, and answers the same."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from practice.db import db, unit_of_work
from practice.domain.intervals import minute_floor
from practice.models import Appointment, Attendance, AuditEvent, Client, OutboxMessage
from practice.services.checking import broken_invariants
from tests.support import forms
from tests.support.booking import ask, keep, mailed
from tests.support.cast import MONDAY, NOW, Cast, add_group_date, at
from tests.support.client import CheckedClient
from tests.support.people import Clock, csrf_token, sign_in
from tests.support.sessions import booked

TEN, ELEVEN = (f"{minute_floor(at(MONDAY, hour))}.bob" for hour in (10, 11))
Counts = tuple[int, ...]


@dataclass
class Press:
    """A button that is about to be pressed in a browser."""

    browser: CheckedClient
    path: str
    data: dict[str, Any]


def of_form(browser: CheckedClient, page: str, fields: dict[str, Any], action: str) -> Press:
    form = forms.find(browser.get(page).get_data(as_text=True), fields, action)
    return Press(browser, form.action or page, form.filled(fields))


def client_books(app: Flask, cast: Cast) -> Press:
    browser = signed_in(app, "alice")
    check = keep(browser, TEN, who=cast.alice.public_id, service="individual")
    return of_form(browser, check, {}, "/check")


def client_takes_a_place(app: Flask, cast: Cast) -> Press:
    with unit_of_work() as session:
        add_group_date(session, cast, at(MONDAY, 18), capacity=2)
    browser = signed_in(app, "alice")
    slot = f"{minute_floor(at(MONDAY, 18))}.bob"
    check = keep(browser, slot, who=cast.alice.public_id, service="move-and-play", meet="in_person")
    return of_form(browser, check, {}, "/check")


def client_moves(app: Flask, cast: Cast) -> Press:
    made = booked(cast, at(MONDAY, 10), now=NOW)
    browser = signed_in(app, "alice")
    here = f"/me/sessions/{made.attendances[0].public_id}/move"
    start = minute_floor(at(MONDAY, 11))
    return of_form(browser, f"{here}/check?start={start}&meet=online", {}, "/move")


def stranger_by_code(app: Flask, cast: Cast) -> Press:
    browser = app.test_client()
    page = ask(browser, keep(browser, TEN))
    return of_form(browser, page, {"code": mailed(app)[1]}, "/proof")


def stranger_by_link(app: Flask, cast: Cast) -> Press:
    browser = app.test_client()
    ask(browser, keep(browser, TEN))
    return of_form(app.test_client(), f"/book/confirm/{mailed(app)[0]}", {}, "")


def desk_books(app: Flask, cast: Cast) -> Press:
    path = f"/desk/book/individual/check?at={TEN}&client={cast.alice.public_id}"
    return of_form(signed_in(app, "dee"), path, {"way": "online"}, "")


def desk_books_outside_hours(app: Flask, cast: Cast) -> Press:
    path = f"/desk/book/individual/check?at={minute_floor(at(MONDAY, 20))}.bob&client={cast.alice.public_id}"
    return of_form(signed_in(app, "dee"), path, {"way": "online", "why": "client"}, "")


def desk_books_somebody_new(app: Flask, cast: Cast) -> Press:
    path = f"/desk/book/individual/new-client?at={TEN}"
    new = {"name": "Nina Novak", "safe_contact": "none", "way": "online"}
    return of_form(signed_in(app, "dee"), path, new, "")


def desk_takes_a_place(app: Flask, cast: Cast) -> Press:
    with unit_of_work() as session:
        add_group_date(session, cast, at(MONDAY, 18), capacity=2)
    slot = f"{minute_floor(at(MONDAY, 18))}.bob"
    path = f"/desk/book/move-and-play/check?at={slot}&client={cast.alice.public_id}"
    return of_form(signed_in(app, "dee"), path, {"way": "at:village"}, "")


def desk_moves(app: Flask, cast: Cast) -> Press:
    made = booked(cast, at(MONDAY, 10), now=NOW)
    return of_form(signed_in(app, "dee"), f"/desk/appointments/{made.public_id}/move/check?at={ELEVEN}", {}, "/check")


def desk_swaps(app: Flask, cast: Cast) -> Press:
    one, other = booked(cast, at(MONDAY, 10), now=NOW), booked(cast, at(MONDAY, 13), "charlie", now=NOW)
    path = f"/desk/appointments/{one.public_id}/swap/check?other={other.public_id}&what=times"
    return of_form(signed_in(app, "dee"), path, {}, "/swap/check")


def desk_makes_a_date(app: Flask, cast: Cast) -> Press:
    new = {"therapist": "bob", "on": "2026-11-23", "start": "15:00", "place": str(cast.rooms[0]), "capacity": "5"}
    return of_form(signed_in(app, "dee"), "/desk/groups/move-and-play/dates/new", new, "")


def signed_in(app: Flask, name: str) -> CheckedClient:
    browser = app.test_client()
    sign_in(browser, f"{name}@demo.test")
    return browser


def twice(app: Flask, press: Press) -> list[Any]:
    """Send it twice at the same moment, with the cookies that the browser has now."""
    gate = Barrier(2)
    twin = app.test_client()
    twin._cookies = dict(press.browser._cookies)
    data = {**press.data, "csrf_token": csrf_token(press.browser)}

    def send(browser: CheckedClient) -> Any:
        gate.wait()
        return browser.post(press.path, data=data)

    db.session.close()
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(send, (press.browser, twin)))


def counts() -> Counts:
    db.session.close()
    acts = select(func.count()).where(AuditEvent.action.not_like("%.read"), AuditEvent.action.not_like("%listed"))
    rows = [select(func.count()).select_from(model) for model in (Appointment, Attendance, Client, OutboxMessage)]
    return tuple(db.session.scalar(each) or 0 for each in (*rows, acts))


@pytest.mark.parametrize(
    "about_to",
    [
        client_books, client_takes_a_place, client_moves, stranger_by_code, stranger_by_link, desk_books,
        desk_books_outside_hours, desk_books_somebody_new, desk_takes_a_place, desk_moves, desk_swaps,
        desk_makes_a_date,
    ],
)  # fmt: skip
def test_pressed_twice_at_once_it_is_done_once(
    app: Flask, cast: Cast, about_to: Callable[[Flask, Cast], Press]
) -> None:
    app.extensions["clock"] = Clock(NOW)
    press = about_to(app, cast)
    answers = twice(app, press)
    assert [answer.status_code for answer in answers] == [303, 303], answers[0].text + answers[1].text
    assert answers[0].location == answers[1].location
    after = counts()
    again = press.browser.post(press.path, data={**press.data, "csrf_token": csrf_token(press.browser)})
    assert (again.status_code, again.location) == (303, answers[0].location)
    assert counts() == after
    assert press.browser.get(again.location).status_code == 200
    for action in ("appointment.booked", "group_date.added", "appointment.moved"):
        found = db.session.scalars(select(AuditEvent.subject_id).where(AuditEvent.action == action)).all()
        assert len(found) == len(set(found)), f"{action} twice"
    swaps = select(func.count(AuditEvent.id)).where(AuditEvent.action == "appointment.swapped")
    assert db.session.scalar(swaps) == (2 if about_to is desk_swaps else 0)
    vault, keys = app.extensions["vault"], app.extensions["settings"].encryption_keys
    assert list(broken_invariants(db.session(), vault=vault, master_keys=keys)) == []
