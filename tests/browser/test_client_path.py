"""A client books, moves and cancels on a phone while all goes wrong that can: Back, pressing twice, a lost race, a hold
that ended. Then the day comes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import func, select

from practice.db import db, unit_of_work
from practice.models import AuditEvent, Client
from practice.services.holds import release_expired
from tests.support import in_process, looking
from tests.support.databases import Database, create
from tests.support.pages import PHONE, settle
from tests.support.people import Clock, post, sign_in

MORNING = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
ME = "client@demo.test"


@pytest.fixture
def database() -> Iterator[Database]:
    """One kind is enough: no page looks different on the other."""
    yield from create("sqlite")


@pytest.fixture
def clock(demo_app: Flask) -> Clock:
    """It is the morning of a day on which there is a session in the afternoon."""
    made = demo_app.extensions["clock"] = Clock(MORNING)
    return made


@pytest.fixture
def rival(demo_app: Flask, clock: Clock) -> FlaskClient:
    """Another browser, which keeps the times that this one wants."""
    made = demo_app.test_client()
    sign_in(made, ME)
    return made


@pytest.fixture
def phone(demo_app: Flask, clock: Clock, context: BrowserContext, page: Page) -> Page:
    """The client's phone."""
    client = demo_app.test_client()
    sign_in(client, ME)
    in_process.connect(context, client)
    page.set_viewport_size({**PHONE})
    page.goto(in_process.ORIGIN + "/me")
    return page


def is_at(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    assert page.locator("script").count() == 0


def looks_fine(page: Page) -> None:
    """The state that the page is in stands in nobody's way; then it is a phone's again."""
    settle(page)
    assert looking.glance(page) == []
    page.set_viewport_size({**PHONE})


def press(page: Page, words: str, *, twice: bool = False) -> None:
    button = page.get_by_role("button", name=words, exact=True)
    if twice:  # at once, so that the second press does not land on the next page
        button.evaluate("button => { button.click(); button.click(); }")
    else:
        button.click()


def follow(page: Page, words: str) -> None:
    page.get_by_role("main").get_by_role("link", name=words, exact=True).click()


def first_time(page: Page, role: str = "button") -> Locator:
    return page.get_by_role(role, name="New York time").first  # type: ignore[arg-type]


def count(app: Flask, action: str) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.action == action)) or 0


def begin_booking(page: Page) -> None:
    follow(page, "Book a session")
    page.get_by_role("link", name="Individual session").click()
    page.get_by_label("Me", exact=True).check()
    press(page, "Continue")
    is_at(page, "How long shall it be?")
    page.get_by_role("link", name="50 minutes").click()
    page.get_by_role("link", name="Maya Lindqvist").click()
    is_at(page, "Choose a time")


def robin(app: Flask) -> str:
    """Return the client's public id."""
    with app.app_context():
        return db.session.scalars(select(Client.public_id).where(Client.name == "Robin Carter")).one()


def take(rival: FlaskClient, start: str) -> None:
    """Let the other browser keep a time: an epoch minute."""
    form = {"who": robin(rival.application), "therapist": "maya-lindqvist", "meet": "in_person"}
    answer = post(rival, "/book/individual/time", {**form, "at": f"{start}.maya-lindqvist"})
    assert answer.status_code == 303


def test_booking_goes_well_whatever_happens(demo_app: Flask, clock: Clock, rival: FlaskClient, phone: Page) -> None:
    page = phone
    is_at(page, "My sessions")
    expect(page.get_by_text("There is an agreement to care for Leo Carter to read.")).to_be_visible()
    begin_booking(page)
    wanted = first_time(page)
    take(rival, (wanted.get_attribute("value") or "").partition(".")[0])
    wanted.click()
    is_at(page, "Something else is free")
    expect(page.get_by_text("That time has just been taken. These are close to it.")).to_be_visible()
    looks_fine(page)
    first_time(page).click()
    is_at(page, "Check your answers")

    follow(page, "Change when")
    is_at(page, "Choose another time?")
    press(page, "Choose again")
    is_at(page, "Choose a time")
    press(page, "Keep this time")
    is_at(page, "Check your answers")
    page.go_back()
    is_at(page, "Choose a time")
    page.go_forward()
    is_at(page, "Check your answers")

    clock.now += timedelta(minutes=16)
    with demo_app.app_context(), unit_of_work() as session:
        assert release_expired(session, clock.now) > 0
    press(page, "Book this session")
    is_at(page, "Something else is free")
    expect(page.get_by_text("We could not keep that time any longer. These are close to it.")).to_be_visible()
    looks_fine(page)
    first_time(page).click()
    is_at(page, "Check your answers")
    press(page, "Book this session", twice=True)
    is_at(page, "Your session is booked")
    page.go_back()
    is_at(page, "Your session is booked")
    assert count(demo_app, "appointment.booked") == 1
    looks_fine(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.get_by_text("If something comes up")).to_be_visible()
    expect(page.get_by_text("If you need support right now")).to_be_visible()
    expect(page.get_by_role("link", name="Google")).to_be_hidden()


def test_moving_and_cancelling_go_well_whatever_happens(demo_app: Flask, rival: FlaskClient, phone: Page) -> None:
    page = phone
    page.get_by_text("more", exact=False).filter(has_text="Show").click()
    own = page.get_by_role("listitem").filter(has_text="Individual session with Maya Lindqvist, for Robin Carter")
    own.filter(visible=True).first.get_by_role("link").click()
    is_at(page, "Individual session")
    follow(page, "Move it")
    is_at(page, "Choose another time")
    href = first_time(page, "link").get_attribute("href") or ""
    first_time(page, "link").click()
    is_at(page, "Move this session, for Robin Carter")
    expect(page.get_by_role("main")).to_contain_text(
        "it stays a promise: if you cancel it after moving, whenever that is, the fee is $60."
    )
    looks_fine(page)
    take(rival, href.partition("start=")[2])
    press(page, "Move the session")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("That time has just been taken. These are close to it.")
    looks_fine(page)
    first_time(page, "link").click()
    press(page, "Move the session", twice=True)
    is_at(page, "Individual session")
    assert count(demo_app, "appointment.moved") == 1

    follow(page, "Cancel it")
    is_at(page, "Cancel this session")
    expect(page.get_by_role("main")).to_contain_text("if you cancel it now, the fee is $60.")
    press(page, "Cancel the session", twice=True)
    expect(page.get_by_text("Was it a slip?")).to_be_visible()
    assert count(demo_app, "attendance.cancelled") == 1
    looks_fine(page)
    press(page, "Take it back")
    expect(page.get_by_role("status")).to_contain_text("Your session is booked, as it was before.")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_on_the_day_somebody_is_late_and_then_here(clock: Clock, phone: Page) -> None:
    page = phone
    clock.now = datetime(2026, 11, 25, 20, 15, tzinfo=UTC)
    page.reload()
    expect(page.get_by_text("Running late? Tell us and come in.")).to_be_visible()
    looks_fine(page)
    follow(page, "Running late")
    press(page, "Tell us")
    expect(page.get_by_role("alert")).to_contain_text("Choose how late you will be.")
    looks_fine(page)
    page.get_by_label("10 minutes").check()
    press(page, "Tell us")
    expect(page.get_by_text("You told us that you come about 10 minutes late.")).to_be_visible()
    looks_fine(page)
    press(page, "I’m here", twice=True)
    expect(page.get_by_text("We know that you are here.")).to_be_visible()
    looks_fine(page)
