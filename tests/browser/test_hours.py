"""A therapist changes their hours, on a phone and at a desk: seen before it is saved, taken back after, and what
clients are offered follows.
"""

import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import func, select

from practice.db import db
from practice.models import Availability, TimeOff
from tests.support import axe, in_process
from tests.support.databases import Database, create
from tests.support.pages import PHONE
from tests.support.people import Clock, sign_in

WIDE = {"width": 1440, "height": 900}
MONDAY = "2026-11-30"


@pytest.fixture
def database() -> Iterator[Database]:
    """One kind is enough here: what is stored is tested on both, where the services and the pages are."""
    yield from create("sqlite")


class Hours:
    """The therapist at the pages, and a stranger who asks what is open."""

    def __init__(self, app: Flask, page: Page) -> None:
        self.app, self.page = app, page
        self.stranger = app.test_client(use_cookies=False)

    def is_at(self, heading: str) -> None:
        """Arrive at a page, which must stand in nobody's way."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert axe.violations(self.page) == [], (heading, scheme)
        assert axe.overflows(self.page) == [], heading

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).click()

    def line(self, number: int) -> Locator:
        """One of the lines of hours."""
        return self.page.get_by_role("group", name=f"Hours {number}", exact=True)

    def open_on(self, day: str) -> list[str]:
        """The times that anybody is offered with this therapist on a day."""
        answer = self.stranger.get(
            f"/api/v1/slots?service=individual&therapist=maya-lindqvist&from={day}&to={day}&tz=America/New_York"
        )
        return [slot["starts_at"][11:16] for slot in json.loads(answer.text)["slots"]]

    def count(self, model: type[Availability] | type[TimeOff]) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture(params=[PHONE, WIDE], ids=["phone", "desktop"])
def hours(request: pytest.FixtureRequest, demo_app: Flask, context: BrowserContext, page: Page) -> Hours:
    """A therapist of the demo practice, signed in, before their hours."""
    demo_app.extensions["clock"] = Clock()
    client = demo_app.test_client()
    sign_in(client, "therapist@demo.test")
    in_process.connect(context, client)
    page.set_viewport_size(request.param)
    page.goto(in_process.ORIGIN + "/therapist/hours")
    return Hours(demo_app, page)


def test_a_therapist_changes_hours_and_goes_away(hours: Hours) -> None:
    changes_the_week(hours)
    takes_a_day_off(hours)


def changes_the_week(hours: Hours) -> None:
    page = hours.page
    before, rows = hours.open_on(MONDAY), hours.count(Availability)
    assert any(start >= "13:00" for start in before)
    hours.is_at("Your hours")
    page.get_by_role("link", name="Change Monday").click()
    hours.is_at("Hours on Mondays")

    # An error, said above and at its field
    hours.line(1).get_by_label("To").select_option("08:00")
    hours.press("Continue")
    expect(page).to_have_title(re.compile("^Error: Hours on Mondays"))
    expect(page.locator("#problems")).to_be_focused()
    page.get_by_role("link", name="The end must be after the start.").click()
    expect(hours.line(1).get_by_label("To")).to_be_focused()
    hours.is_at("Hours on Mondays")

    # Mornings only, on Tuesdays too
    hours.line(1).get_by_label("To").select_option("12:00")
    hours.line(2).get_by_label("From").select_option("")
    hours.line(2).get_by_label("To").select_option("")
    page.get_by_label("Tuesday").check()
    hours.press("Continue")
    hours.is_at("Check the hours for Mondays and Tuesdays")
    outside = page.get_by_role("region", name="would lie outside these hours")
    expect(outside.get_by_role("link").first).to_have_text(re.compile(r"^(Mon|Tues)day .*, \d+:\d\d PM$"))
    assert hours.open_on(MONDAY) == before, "looking changes nothing"

    # Back keeps what was typed, and forward comes here again
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hours on Mondays")
    page.go_forward()
    page.get_by_role("link", name="Change it", exact=True).click()
    expect(page.get_by_label("Tuesday")).to_be_checked()
    expect(hours.line(1).get_by_label("To")).to_have_value("12:00")
    hours.press("Continue")

    # Pressed twice, saved once
    page.get_by_role("button", name="Save", exact=True).dblclick()
    hours.is_at("Your hours")
    expect(page.get_by_role("status").first).to_contain_text("Your hours are saved.")
    expect(page.get_by_role("region", name="Booked outside these hours")).to_be_visible()
    assert hours.count(Availability) == rows + 2
    assert hours.open_on(MONDAY) == [start for start in before if start < "12:00"]
    page.go_back()
    expect(page.get_by_text("Every booked session still fits.")).to_be_visible()
    page.goto(in_process.ORIGIN + "/therapist/hours")
    hours.press("Undo what you just saved")
    expect(page.get_by_role("status").first).to_contain_text("Taken back.")
    assert (hours.open_on(MONDAY), hours.count(Availability)) == (before, rows)


def takes_a_day_off(hours: Hours) -> None:
    page, before, others = hours.page, hours.open_on(MONDAY), hours.count(TimeOff)
    page.get_by_role("link", name="Add time off").click()
    hours.is_at("Add time off")
    page.get_by_label("First day").fill("2026-01-05")
    hours.press("Continue")
    expect(page.get_by_role("alert")).to_contain_text("Choose an end that is still to come.")
    page.get_by_label("First day").fill(MONDAY)
    hours.press("Continue")
    hours.is_at("Check the time off")
    page.get_by_label("Note (optional)").fill("Training")
    page.get_by_role("button", name="Save", exact=True).dblclick()
    hours.is_at("Your hours")
    assert (hours.open_on(MONDAY), hours.count(TimeOff)) == ([], others + 1)
    page.get_by_role("button", name=re.compile("Take it back ?: Monday 30 November")).click()
    expect(page.get_by_text("None is planned.")).to_be_visible()
    assert hours.open_on(MONDAY) == before
