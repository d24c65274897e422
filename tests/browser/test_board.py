"""The desk's day in a real browser: it refreshes itself and leaves all where it was, and keys do what they say."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from practice.db import db, unit_of_work
from practice.domain.permissions import Identity, permissions_of
from practice.models import Appointment, Attendance
from practice.services.attending import mark_attendance
from tests.support import axe, in_process
from tests.support.databases import Database, create
from tests.support.pages import PHONE
from tests.support.people import Clock, sign_in

NOON = datetime.fromisoformat("2026-11-25T17:01:00+00:00")
DESK = Identity(kind="account", permissions=permissions_of(["front_desk"]))
BOARD = "**/board*"
# The page asks when a test lets it ask, and not when a slow machine has taken twenty seconds.
NO_TIMER = "(real => { window.setInterval = (act, ms) => ms < 20000 ? real(act, ms) : 0 })(window.setInterval)"


@pytest.fixture
def database() -> Iterator[Database]:
    """One kind is enough: no page looks different on the other."""
    yield from create("sqlite")


@pytest.fixture
def clock(demo_app: Flask) -> Clock:
    """The clock of the demo practice: noon in New York, in the middle of its day."""
    made = demo_app.extensions["clock"] = Clock(NOON)
    return made


@pytest.fixture
def desk(demo_app: Flask, clock: Clock, context: BrowserContext, page: Page) -> Page:
    """The day, as the desk sees it."""
    client = demo_app.test_client()
    sign_in(client, "desk@demo.test")
    in_process.connect(context, client)
    page.add_init_script(NO_TIMER)
    page.set_viewport_size({"width": 1440, "height": 700})
    page.goto(in_process.ORIGIN + "/desk")
    return page


@pytest.fixture
def arrive(demo_app: Flask) -> Callable[[], str]:
    """Note, elsewhere, that the client of a later session has come, and return the session's public id."""

    def act() -> str:
        with demo_app.app_context():
            found = db.session.execute(
                select(Appointment.public_id, Attendance.public_id)
                .join(Attendance, Attendance.appointment_id == Appointment.id)
                .where(Attendance.status == "booked", Appointment.starts_at > NOON)
                .order_by(Appointment.starts_at, Appointment.id)
                .limit(1)
            ).one()
            db.session.close()
            with unit_of_work() as session:
                mark_attendance(session, found[1], "arrived", by=DESK, now=NOON)
        return str(found[0])

    return act


def poll(page: Page) -> int:
    """Let the page ask once, as its own clock will, and return what it is answered."""
    with page.expect_response(BOARD) as answer:
        page.evaluate("htmx.trigger('#day', 'every')")
    status = answer.value.status
    page.wait_for_function("!document.querySelector('.htmx-request, .htmx-swapping')")
    return status


def test_the_board_refreshes_itself_and_keeps_focus_and_scroll(
    desk: Page, clock: Clock, arrive: Callable[[], str]
) -> None:
    assert desk.locator("#day").get_attribute("hx-trigger") == "every 20s, refresh"
    assert poll(desk) == 304
    link = desk.locator(".event > p a").last
    name = link.inner_text()
    link.focus()
    desk.evaluate("window.scrollTo(0, 260)")
    desk.evaluate("document.activeElement.sameAsBefore = 'yes'")
    board = desk.locator(".board")
    desk.set_viewport_size({"width": 800, "height": 700})
    board.evaluate("each => { each.scrollLeft = 180 }")
    before = desk.evaluate("[window.scrollY, document.querySelector('.board').scrollLeft]")
    assert before[1] == 180

    came = arrive()
    clock.now += timedelta(minutes=2)
    assert poll(desk) == 200

    expect(desk.locator(f"[data-appointment='{came}']").first).to_contain_text("Waiting")
    expect(desk.locator("#updated")).to_have_text("12:03 PM")
    expect(desk.get_by_role("link", name="1 waiting")).to_be_visible()
    assert desk.evaluate("[document.activeElement.innerText, document.activeElement.sameAsBefore]") == [name, "yes"]
    assert desk.evaluate("[window.scrollY, document.querySelector('.board').scrollLeft]") == before
    assert poll(desk) == 304

    block = desk.locator(f"[data-appointment='{came}']").first
    block.get_by_role("link", name="More:").click()
    expect(desk.get_by_role("button", name="We cancel (free)")).to_be_visible()
    assert axe.violations(desk) == []
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("button", name="We cancel (free)")).to_be_hidden()
    expect(block.get_by_role("link", name="More:")).to_be_focused()


def test_a_board_that_cannot_be_refreshed_says_so_and_goes_on(desk: Page) -> None:
    names = desk.locator(".event a").count()
    desk.route(BOARD, lambda route: route.fulfill(status=503, body="<p>busy</p>", content_type="text/html"))
    assert poll(desk) == 503
    expect(desk.get_by_text("This page could not be refreshed.")).to_be_visible()
    assert desk.locator(".event a").count() == names
    desk.unroute(BOARD)
    assert poll(desk) == 304
    expect(desk.get_by_text("This page could not be refreshed.")).to_be_hidden()


def test_keys_do_what_the_list_says_and_can_be_turned_off(desk: Page) -> None:
    def press(key: str) -> None:
        desk.locator("h1").click()
        desk.keyboard.press(key)

    dialog = desk.get_by_role("dialog", name="Keyboard shortcuts")
    opener = desk.get_by_role("button", name="Keyboard shortcuts")
    opener.focus()
    desk.keyboard.press("?")
    expect(dialog).to_be_visible()
    assert axe.violations(desk) == []
    desk.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()

    press("/")
    expect(desk.get_by_label("Find a client")).to_be_focused()
    desk.keyboard.type("jhn?")
    expect(desk.get_by_label("Find a client")).to_have_value("jhn?")
    expect(dialog).to_be_hidden()

    press("j")
    desk.wait_for_url("**/desk/days/2026-11-26")
    press("ArrowLeft")
    desk.wait_for_url("**/desk")
    press("ArrowLeft")
    desk.wait_for_url("**/desk/days/2026-11-24")
    press("t")
    desk.wait_for_url("**/desk")
    with desk.expect_response(BOARD):
        press("r")
    press("n")
    desk.wait_for_url("**/desk/book")
    desk.goto(in_process.ORIGIN + "/desk")

    press("?")
    dialog.get_by_label("Use these keys on this computer").uncheck()
    dialog.get_by_role("button", name="Close").click()
    for key in ("?", "n", "j"):
        press(key)
    expect(dialog).to_be_hidden()
    expect(desk).to_have_url(in_process.ORIGIN + "/desk")
    opener.click()
    expect(dialog).to_be_visible()


def test_names_are_hidden_by_a_key_until_they_are_shown_again(desk: Page) -> None:
    link = desk.locator(".event a").first
    name = link.inner_text()
    desk.locator("h1").click()
    desk.keyboard.press("h")
    expect(desk.get_by_role("button", name="Show names")).to_be_visible()
    expect(link).not_to_have_text(name)
    assert len(link.inner_text()) <= 3
    assert poll(desk) == 304
    desk.get_by_role("button", name="Show names").click()
    expect(link).to_have_text(name)


def test_filters_and_columns_by_room_on_a_phone_and_a_tablet(desk: Page) -> None:
    desk.set_viewport_size({**PHONE})
    desk.get_by_text("Filters", exact=True).click()
    desk.get_by_label("Meeting").select_option("In person")
    desk.get_by_role("button", name="Show", exact=True).click()
    expect(desk.get_by_label("Meeting")).to_have_value("in_person")
    desk.get_by_role("link", name="Rooms").click()
    expect(desk).to_have_url(in_process.ORIGIN + "/desk?by=room&modality=in_person")
    for width in (320, 390, 768, 1024):
        desk.set_viewport_size({"width": width, "height": 900})
        assert axe.violations(desk) == [], width
        assert axe.overflows(desk) == [], width
    columns = desk.locator(".board > section")
    first, second = columns.nth(0).bounding_box(), columns.nth(1).bounding_box()
    assert first is not None
    assert second is not None
    assert first["y"] == second["y"], "side by side on a tablet"
    desk.set_viewport_size({**PHONE})
    first, second = columns.nth(0).bounding_box(), columns.nth(1).bounding_box()
    assert first is not None
    assert second is not None
    assert first["y"] < second["y"], "one below the other on a phone"
    desk.get_by_role("link", name="Clear filters").click()
    expect(desk).to_have_url(in_process.ORIGIN + "/desk?by=room")
