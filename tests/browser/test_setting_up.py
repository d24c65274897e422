"""An admin sets a practice up from an empty database, and a client books: nothing else is needed than these pages.

On the way things go wrong as they do: a form is sent empty, a button is pressed twice, somebody goes back and sends a
form again, and the address of a stranger's page is opened.
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import func, select

from practice.db import db
from practice.models import Location, OutboxMessage, Room, Service
from tests.support import axe, in_process
from tests.support.booking import mailed
from tests.support.databases import Database, create
from tests.support.pages import PHONE
from tests.support.people import PASSWORD, Clock

WIDTHS = (320, 390, 1440)


@pytest.fixture
def database() -> Iterator[Database]:
    """One kind is enough: no page looks different on the other."""
    yield from create("sqlite")


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A client's phone, which runs no script."""
    made = browser.new_context(locale="en-US", viewport={**PHONE}, java_script_enabled=False, reduced_motion="reduce")
    made.set_default_timeout(30_000)
    yield made
    made.close()


class Admin:
    """An admin's tab, whose every page has to stand in nobody's way."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def is_at(self, words: str) -> None:
        """Arrive at a page, and look at it at three widths, light and dark."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)
        for width in WIDTHS:
            scheme = "dark" if width == WIDTHS[-1] else "light"
            self.page.emulate_media(color_scheme=scheme)
            self.page.set_viewport_size({"width": width, "height": 900})
            found = axe.violations(self.page) + [f"too wide: {element}" for element in axe.overflows(self.page)]
            assert found == [], f"{words} at {width}"

    def fill(self, **fields: str) -> None:
        """Type into fields by their labels, whose spaces are underscores."""
        for label, value in fields.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).fill(value)

    def press(self, words: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=words, exact=True).click()

    def press_twice(self, words: str) -> None:
        """Press a button as somebody does who is not sure that it was pressed."""
        self.page.get_by_role("button", name=words, exact=True).dblclick(no_wait_after=True)

    def follow(self, words: str) -> None:
        """Follow a link whose name begins with these words."""
        self.page.get_by_role("main").get_by_role("link", name=words).first.click()

    def is_told(self, words: str) -> None:
        """See a message."""
        expect(self.page.get_by_role("status").first).to_contain_text(words)


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def invited(app: Flask) -> str:
    """Return the path of the newest mailed invitation."""
    with app.app_context():
        newest = select(OutboxMessage.context).where(OutboxMessage.template == "invitation")
        link: str = db.session.scalars(newest.order_by(OutboxMessage.id.desc())).first()["link"]
    return "/" + link.split("/", 3)[3]


def first_admin(app: Flask) -> str:
    """Make the practice and its first account on the command line, and return the path of the link that it prints."""
    run = app.test_cli_runner().invoke
    args = ["practice", "create", "Elm Street", "--zone", "America/New_York", "--email", "hello@elm.test"]
    assert run(args=args).exit_code == 0
    made = run(args=["account", "create", "ruth@elm.test", "--name", "Ruth", "--role", "admin"])
    assert made.exit_code == 0
    return "/" + made.output.split()[-1].split("/", 3)[3]


def choose_password(page: Page, path: str) -> None:
    page.goto(in_process.ORIGIN + path)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button").filter(has_text="password").click()


def test_an_admin_sets_up_from_empty_and_a_client_books(
    app: Flask, browser: Browser, context: BrowserContext, phone: BrowserContext, page: Page
) -> None:
    app.extensions["clock"] = Clock()
    in_process.connect(context, app.test_client())
    admin = Admin(page)
    choose_password(page, first_admin(app))
    admin.is_at("Elm Street")
    expect(page.get_by_text("These steps lead to your first booking.")).to_be_visible()

    add_a_place(app, admin)
    add_a_service(app, admin)
    invite_a_therapist(app, admin)
    page.goto(in_process.ORIGIN + "/admin")
    admin.is_at("Elm Street")
    expect(page.get_by_text("Clients can book: the first open day is Thursday 26 November.")).to_be_visible()
    expect(page.get_by_text("Nobody has booked yet")).to_be_visible()

    in_process.connect(phone, app.test_client())
    book(app, phone.new_page())
    page.reload()
    expect(page.get_by_text("Nobody has booked yet")).to_have_count(0)
    page.get_by_text("7 finished steps").click()
    expect(page.get_by_text("Somebody has booked")).to_be_visible()
    admin.is_at("Elm Street")


def add_a_place(app: Flask, admin: Admin) -> None:
    admin.follow("Add a place")
    admin.press("Save")
    admin.is_at("Add a place")  # with its errors
    expect(admin.page).to_have_title("Error: Add a place – Elm Street")
    expect(admin.page.get_by_role("alert")).to_contain_text("Enter the address.")
    admin.fill(Name="Elm house", Address="1 Elm Street\nNew York")
    admin.press_twice("Save")
    admin.is_at("Add a room")
    admin.fill(Name="Willow")
    admin.page.get_by_label("Step-free").check()
    admin.press("Save")
    admin.is_told("The room is added.")
    admin.page.go_back()
    admin.fill(Name="Willow")
    admin.page.get_by_label("Step-free").check()
    admin.press("Save")
    admin.is_told("The room is added.")
    admin.is_at("Places and rooms")
    assert (count(app, Location), count(app, Room)) == (1, 1)


def add_a_service(app: Flask, admin: Admin) -> None:
    admin.follow("Practice")
    admin.follow("Add a service")
    admin.fill(Name="First conversation", Price="free")
    admin.press("Preview")
    expect(admin.page.get_by_role("alert")).to_contain_text("Enter an amount of money")
    admin.fill(Price="0")
    admin.press("Preview")
    card = admin.page.get_by_role("region", name="The card that clients see")
    expect(card).to_contain_text("20 minutes · Free · In person or online")
    admin.is_at("Add a service")
    assert count(app, Service) == 0
    admin.press_twice("Save")
    admin.is_at("Who offers it")
    assert count(app, Service) == 1


def invite_a_therapist(app: Flask, admin: Admin) -> None:
    admin.follow("Practice")
    admin.follow("Invite a therapist")
    admin.is_at("Invite somebody")
    admin.fill(Name="Noor Vale")
    admin.page.get_by_label("E-mail", exact=True).fill("noor@elm.test")
    admin.press_twice("Send the invitation")
    admin.is_at("Noor Vale")
    assert invited(app).startswith("/password/")
    admin.page.get_by_label("Everybody").check()
    admin.page.get_by_label("Pronouns").fill("they/them")
    admin.press("Save")
    admin.follow("What they offer")
    admin.page.get_by_label("How", exact=True).select_option("In person and online")
    admin.press("Save")
    admin.follow("Hours")
    admin.follow("on Thursdays")
    for label, option in (("From", "9:00 AM"), ("To", "12:00 PM"), ("Where", "Elm house, or online")):
        admin.page.get_by_label(label, exact=True).first.select_option(option)
    admin.press("Continue")
    admin.press("Save")
    expect(admin.page.get_by_role("main")).to_contain_text("9:00 AM")


def book(app: Flask, page: Page) -> None:
    """Book as a stranger does, on a phone without scripts."""
    page.goto(in_process.ORIGIN + "/book")
    page.get_by_role("link", name="First conversation").click()
    page.get_by_label("Me", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    if page.get_by_role("link", name="Anyone").count():
        page.get_by_role("link", name="Anyone").click()
    page.get_by_role("button", name="New York time").first.click()
    page.get_by_label("Your name").fill("Robin Vale")
    page.get_by_label("E-mail address").fill("robin@example.com")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Yes, by e-mail").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send me the code").click()
    page.get_by_label("Six-digit code").fill(mailed(app)[1])
    page.get_by_role("button", name="Book this session").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your session is booked")
