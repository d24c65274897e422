"""The desk books a caller and moves them by drag, in a real browser: and what goes wrong on the way is kindly told."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page, expect

from practice.db import db
from practice.models import Appointment, AppointmentTherapist
from tests.support import axe, in_process
from tests.support.cast import MONDAY, Cast, at
from tests.support.databases import Database, create
from tests.support.people import Clock, sign_in
from tests.support.sessions import booked

NOW = at(MONDAY, 10, 30)
FLASH = ".flash:not([hidden])"
DAY = in_process.ORIGIN + f"/desk/days/{MONDAY}"


@pytest.fixture
def database() -> Iterator[Database]:
    """One kind is enough: no page looks different on the other."""
    yield from create("sqlite")


@pytest.fixture
def desk(app: Flask, cast: Cast, context: BrowserContext, page: Page) -> Page:
    """Dee's day, at half past ten on a Monday."""
    app.extensions["clock"] = Clock(NOW)
    client = app.test_client()
    sign_in(client, "dee@demo.test")
    in_process.connect(context, client)
    page.set_viewport_size({"width": 1440, "height": 1400})
    page.goto(DAY)
    return page


def block(page: Page, name: str) -> Locator:
    return page.locator(".event", has=page.get_by_role("link", name=name, exact=True))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def undo(page: Page) -> None:
    page.locator(FLASH).get_by_role("button", name="Undo").click()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def drag(page: Page, name: str, minutes: int, *, column: str = "", let_go: bool = True) -> None:
    """Drag a session by its upper edge, so many minutes down, into its own column or another."""
    box = block(page, name).bounding_box()
    row = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.board .events')).gridAutoRows)")
    assert box is not None
    target = box
    if column:
        found = page.locator(f"section[data-therapist='{column}']").bounding_box()
        assert found is not None
        target = found
    page.mouse.move(box["x"] + 90, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 95, box["y"] + 50, steps=3)
    page.mouse.move(target["x"] + 90, box["y"] + 30 + minutes / 5 * row, steps=5)
    if let_go:
        page.mouse.up()


def stands(app: Flask) -> list[tuple[object, int]]:
    with app.app_context():
        rows = (
            db.session.query(Appointment.starts_at, AppointmentTherapist.therapist_id)
            .join(AppointmentTherapist, AppointmentTherapist.appointment_id == Appointment.id)
            .filter(Appointment.status == "booked")
            .order_by(Appointment.starts_at)
        )
        return [tuple(row) for row in rows]


def test_the_desk_books_a_caller_into_free_time(app: Flask, cast: Cast, desk: Page) -> None:
    # Free time of the board leads to what fits there, then who, then a check.
    desk.locator("section[data-therapist='bob'] .gap a").first.click()
    heading(desk, "Book with Bob Reyes")
    assert axe.violations(desk) == []
    desk.get_by_role("link", name="Individual session, Monday 23 November, 2:00 PM").click()
    heading(desk, "Who is this session for?")
    desk.get_by_role("searchbox").fill("Alice")
    desk.get_by_role("button", name="Find").click()
    desk.get_by_role("link", name="Alice Moss").click()
    heading(desk, "Book for Alice Moss")
    desk.go_back()
    heading(desk, "Who is this session for?")
    desk.go_forward()
    heading(desk, "Book for Alice Moss")
    desk.get_by_label("Online").check()
    check = desk.url
    press(desk, "Book")
    heading(desk, "Alice Moss")
    assert axe.violations(desk) == []

    # The same page again leads to what is booked: one session, and the same one.
    booked_at = desk.url
    desk.goto(check)
    heading(desk, "Alice Moss")
    expect(desk).to_have_url(booked_at)
    assert stands(app) == [(at(MONDAY, 14), cast.bob)]


def test_a_drop_proposes_and_every_slip_is_taken_back(app: Flask, cast: Cast, desk: Page) -> None:
    with app.app_context():
        booked(cast, at(MONDAY, 14), now=NOW)
    desk.goto(DAY)
    drag(desk, "Alice Moss", 60, column="bea")
    heading(desk, "Move Alice Moss?")
    expect(desk.get_by_text("Monday 23 November, 3:00 PM")).to_be_visible()
    expect(desk.get_by_text("Now: Bob Reyes")).to_be_visible()
    assert axe.violations(desk) == []
    assert stands(app) == [(at(MONDAY, 14), cast.bob)]
    desk.go_back()
    expect(block(desk, "Alice Moss")).to_be_visible()
    drag(desk, "Alice Moss", 60, column="bea")
    press(desk, "Move the session")
    expect(desk).to_have_url(DAY)
    assert stands(app) == [(at(MONDAY, 15), cast.bea)]
    expect(
        desk.locator("section[data-therapist='bea']").get_by_role("link", name="Alice Moss", exact=True)
    ).to_be_visible()

    # A slip is taken back in one press, and so is a mark.
    undo(desk)
    expect(desk.get_by_text("Taken back. The session is where it was.")).to_be_visible()
    assert stands(app) == [(at(MONDAY, 14), cast.bob)]
    block(desk, "Alice Moss").get_by_role("button", name="Arrived").click()
    expect(block(desk, "Alice Moss")).to_contain_text("Waiting")
    undo(desk)
    expect(block(desk, "Alice Moss")).not_to_contain_text("Waiting")
    desk.get_by_role("link", name="More: 2:00 PM, Alice Moss").click()
    expect(desk.get_by_role("link", name="Move…")).to_be_visible()
    assert axe.violations(desk) == []
    desk.get_by_role("button", name="Client cancels (fee $60)").click()
    expect(desk.locator(FLASH)).to_contain_text("The session of Alice Moss is cancelled.")
    assert stands(app) == []
    undo(desk)
    expect(desk.locator(FLASH)).to_contain_text("Taken back. Alice Moss is booked, as before.")
    assert stands(app) == [(at(MONDAY, 14), cast.bob)]


def test_a_drag_that_cannot_be_says_why_and_one_that_is_lost_offers_others(app: Flask, cast: Cast, desk: Page) -> None:
    with app.app_context():
        booked(cast, at(MONDAY, 14), now=NOW)
    desk.goto(DAY)
    drag(desk, "Alice Moss", 60, let_go=False)
    expect(desk.locator(".ghost")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator(".ghost")).to_have_count(0)
    desk.mouse.up()
    expect(desk).to_have_url(DAY)

    drag(desk, "Alice Moss", 15)  # between two starts
    expect(desk.get_by_text("This time is not offered")).to_be_visible()
    expect(desk.get_by_text("Individual session starts every 30 minutes")).to_be_visible()
    assert axe.violations(desk) == []
    press(desk, "Move the session")  # against a rule only with a reason
    expect(desk.get_by_role("alert")).to_contain_text("Choose why it is booked all the same.")
    assert (at(MONDAY, 14), cast.bob) in stands(app)

    desk.goto(DAY)
    drag(desk, "Alice Moss", 60)
    heading(desk, "Move Alice Moss?")
    with app.app_context():
        booked(cast, at(MONDAY, 15), "charlie", now=NOW)
    press(desk, "Move the session")  # somebody was faster
    expect(desk.get_by_role("alert")).to_contain_text("That time has just been taken. These are close to it.")
    assert (at(MONDAY, 14), cast.bob) in stands(app)
    desk.get_by_label("4:00 PM").first.check()
    press(desk, "Move the session")
    expect(desk).to_have_url(DAY)
    assert (at(MONDAY, 16), cast.bob) in stands(app)

    # Without a mouse, the form does the same; what is left out is said beside it.
    block(desk, "Alice Moss").get_by_role("link", name="More: 4:00 PM, Alice Moss").click()
    desk.get_by_role("link", name="Move…").click()
    heading(desk, "Move to when?")
    assert axe.violations(desk) == []
    desk.get_by_label("Day", exact=True).fill("")
    press(desk, "See this change")
    expect(desk.get_by_role("alert")).to_contain_text("Enter the day.")
    desk.get_by_label("Day", exact=True).fill(str(MONDAY + timedelta(days=1)))
    press(desk, "See this change")
    press(desk, "Move the session")
    heading(desk, "Alice Moss")
    assert (at(MONDAY + timedelta(days=1), 16), cast.bob) in stands(app)
