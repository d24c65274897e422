"""Takes the pictures that the README and these documents show, of a demo practice on a day that never changes."""

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from practice.adapters import migrations
from practice.db import WRITER, db, unit_of_work
from practice.domain.permissions import Identity, permissions_of
from practice.factory import create_app
from practice.models import Appointment, AppointmentStatus, Attendance
from practice.services import demo
from practice.services.attending import mark_attendance
from practice.settings import Settings
from tests.support import chromium
from tests.support.demo import fill_demo
from tests.support.in_process import ORIGIN, connect

PICTURES = Path(__file__).parent / "pictures"
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 16, 22, tzinfo=UTC)  # 11:22 AM in New York
PHONE, DESKTOP = (390, 844), (1360, 850)
DESK = Identity(kind="account", id="desk", roles=frozenset({"front_desk"}), permissions=permissions_of(["front_desk"]))


@dataclass(frozen=True)
class Scene:
    """One picture: who looks, how wide their screen is, and how they come to the page."""

    name: str
    person: str
    size: tuple[int, int]
    path: str
    walk: Callable[[Page], None] | None = None
    is_dark: bool = False


def choose_a_time(page: Page) -> None:
    """Walk from the services to the times of a first conversation."""
    page.get_by_role("link", name="First conversation").click()
    page.get_by_label("Me", exact=True).check()
    page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_role("link", name="Anyone").click()
    page.get_by_role("link", name="Online", exact=True).click()
    page.get_by_role("button", name="New York time").first.wait_for()


def ask_why(page: Page) -> None:
    """Ask about a time that somebody else has."""
    page.get_by_label("Service").select_option(index=1)
    page.get_by_role("button", name="Explain").click()


SCENES = (
    Scene("home", "", DESKTOP, "/"),
    Scene("home-phone", "", PHONE, "/"),
    Scene("therapists", "", DESKTOP, "/therapists"),
    Scene("times-phone", "", PHONE, "/book", choose_a_time),
    Scene("client-phone", "client", PHONE, "/me"),
    Scene("week", "therapist", DESKTOP, "/therapist"),
    Scene("week-dark", "therapist", DESKTOP, "/therapist", is_dark=True),
    Scene("week-phone", "therapist", PHONE, "/therapist"),
    Scene("board", "desk", DESKTOP, "/desk"),
    Scene("why", "desk", DESKTOP, "/desk/why", ask_why),
    Scene("setup", "admin", DESKTOP, "/admin"),
)


def practice(folder: Path) -> Flask:
    """Return the demo practice at 11:22, its morning noted as a front desk would have."""
    settings = Settings.from_env({"PRACTICE_MODE": "test", "PRACTICE_INSTANCE": str(folder)})
    app = create_app(settings)
    app.extensions["clock"] = lambda: NOW
    with app.app_context():
        migrations.upgrade(db.engines[WRITER])
    fill_demo(app, demo.Plan(TODAY))
    with app.app_context(), unit_of_work() as session:
        wanted = (
            select(Attendance.public_id, Appointment.starts_at, Appointment.ends_at)
            .join(Appointment, Appointment.id == Attendance.appointment_id)
            .where(
                Appointment.starts_at.between(NOW.replace(hour=5), NOW),
                Appointment.status == AppointmentStatus.BOOKED,
                Attendance.status == "booked",
            )
            .order_by(Appointment.starts_at, Attendance.id)
        )
        for public_id, _, ends_at in session.execute(wanted).all():
            mark_attendance(session, public_id, "completed" if ends_at <= NOW else "arrived", by=DESK, now=NOW)
    return app


def photograph(browser: Browser, app: Flask, scene: Scene) -> None:
    """Take one picture."""
    width, height = scene.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if scene.size == PHONE else 1.5,
        color_scheme="dark" if scene.is_dark else "light",
        locale="en-US",
        timezone_id="America/New_York",
        reduced_motion="reduce",
    )
    connect(context, app.test_client())
    page = context.new_page()
    if scene.person:
        page.goto(f"{ORIGIN}/sign-in")
        page.fill("input[name=email]", f"{scene.person}@demo.test")
        page.fill("input[name=password]", demo.PASSWORD)
        page.locator("form:has(input[name=password]) button").first.click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(ORIGIN + scene.path)
    if scene.walk:
        scene.walk(page)
    page.evaluate("document.fonts.ready")
    taken = Image.open(BytesIO(page.screenshot()))
    taken.save(PICTURES / f"{scene.name}.webp", quality=80, method=6)
    context.close()


def main(names: list[str]) -> None:
    """Take the pictures with these names, or all."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        app = practice(Path(folder))
        browser = chromium.launch(playwright)
        for scene in SCENES:
            if not names or scene.name in names:
                photograph(browser, app, scene)
                print(scene.name)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
