"""Two hundred people for twelve places of a group: exactly twelve have one, and counts are those of rows."""

import http.client
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import delete, func, select, update

from practice import clock
from practice.db import db, in_unit_of_work
from practice.domain.intervals import minute_floor
from practice.domain.permissions import SYSTEM
from practice.models import Appointment, Attempt, Attendance, Hold, Service
from practice.queries.busy import current_rules
from practice.services.checking import broken_invariants
from practice.services.clients import NewClient, create_client
from practice.services.courses import NewCourse, make_course
from practice.services.group_dates import NewDate
from practice.services.holds import release_expired
from tests.concurrency.arena import HOURS, Answer, Arena
from tests.support.cast import ZONE
from tests.support.scale import IS_LONG

PLACES, PEOPLE = 12, 200
KEEPERS, ENROLLERS = 14, 14  # one network may keep thirty times in a quarter of an hour


@pytest.fixture
def rounds() -> int:
    """How often two hundred come: once here, twenty times in the long run."""
    return 20 if IS_LONG else 1


@pytest.fixture
def people(arena: Arena) -> list[str]:
    """Two hundred clients; the group is for everybody."""
    now, vault = clock.now(), arena.app.extensions["vault"]

    def make(session):
        session.execute(
            update(Service).where(Service.id == arena.cast.group).values(audience="public", capacity=PLACES)
        )
        more = [NewClient(name=f"Runner {n}", zone=ZONE) for n in range(len(arena.clients), PEOPLE)]
        return [create_client(session, one, vault=vault, by=SYSTEM, now=now).public_id for one in more]

    with arena.app.app_context():
        return [*arena.clients, *in_unit_of_work(make)]


def two_dates(arena: Arena, round_: int) -> list[datetime]:
    """Make a course of two dates, a week apart, with twelve places each; returns when they begin."""
    with arena.app.app_context():
        rules, by = current_rules(db.session()), arena.cast.identity("dee")
        group, bob = rules.service_by_id[arena.cast.group], rules.therapist_by_id[arena.cast.bob]
        weeks, rest = divmod(round_, 5 * len(HOURS))
        days, hour = divmod(rest, len(HOURS))
        first = arena.free_time(0).date() + timedelta(days=14 * weeks + days)
        news = [
            NewDate(
                group,
                bob,
                rules.locations[0].rooms[0],
                first + timedelta(weeks=week),
                HOURS[hour] * 60,
                PLACES,
                anyway=True,
            )
            for week in (0, 1)
        ]
        course = NewCourse("The race", "both", news)
        in_unit_of_work(lambda session: make_course(session, rules, course, by=by, now=clock.now()))
        wanted = select(Appointment.starts_at).where(Appointment.service_id == arena.cast.group)
        return sorted(db.session.scalars(wanted.order_by(Appointment.id.desc()).limit(2)))


def booking(client: str, starts_at: datetime):
    body = {
        "service": "move-and-play", "therapist": "bob", "starts_at": starts_at.isoformat(), "modality": "in_person",
        "client": {"id": client},
    }  # fmt: skip
    return "POST", "/api/v1/appointments", body, {}


def press(arena: Arena, path: str, **fields: str):
    """The press of a button of the page that offers the times, in a browser that just opened it."""
    page = "/book/move-and-play/time?who=me&therapist=anyone"
    connection = http.client.HTTPConnection(urlsplit(arena.server.url).netloc, timeout=60)
    connection.request("GET", page)
    answer = connection.getresponse()
    text, cookie = answer.read().decode(), (answer.headers["Set-Cookie"] or "").partition(";")[0]
    connection.close()
    token = re.search(r'name="csrf_token" value="([^"]+)"', text)
    course = re.findall(r'name="course" value="([^"]+)"', text)
    assert token
    fields = {key: course[-1] if value == "?" else value for key, value in fields.items()}
    sent = {"csrf_token": token[1], "who": "me", "therapist": "anyone", **fields}
    return "POST", path, urlencode(sent), {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}


def counted(arena: Arena, starts_at: datetime) -> tuple[int, int, int]:
    """A date's count of places, its attendances, and the places that holds keep."""
    with arena.engine.connect() as connection:
        date = connection.execute(
            select(Appointment.id, Appointment.places_taken).where(
                Appointment.starts_at == starts_at, Appointment.service_id == arena.cast.group
            )
        ).one()
        seated = select(func.count()).where(Attendance.appointment_id == date.id, Attendance.status == "booked")
        held = select(func.coalesce(func.sum(Hold.places), 0)).where(Hold.appointment_id == date.id)
        return date.places_taken, connection.execute(seated).scalar_one(), connection.execute(held).scalar_one()


def all_is_well(arena: Arena) -> None:
    with arena.app.app_context():
        vault, keys = arena.app.extensions["vault"], arena.app.extensions["settings"].encryption_keys
        assert list(broken_invariants(db.session(), vault=vault, master_keys=keys)) == []


def test_two_hundred_for_twelve_places(arena: Arena, people: list[str], rounds: int) -> None:
    for round_ in range(rounds):
        all_book_one_date(arena, people, round_)
        some_keep_and_enrol(arena, people, rounds + round_)
    all_is_well(arena)


def all_book_one_date(arena: Arena, people: list[str], round_: int) -> None:
    """Two hundred clients book the same date."""
    first, _ = two_dates(arena, round_)
    answers = arena.rush([booking(client, first) for client in people])
    told = Counter(answer.status for answer in answers)
    assert told == {201: PLACES, 409: PEOPLE - PLACES}, (told, odd(answers))
    assert all(answer.body["code"] == "slot_taken" for answer in answers if answer.status == 409)
    assert counted(arena, first) == (PLACES, PLACES, 0)


def some_keep_and_enrol(arena: Arena, people: list[str], round_: int) -> None:
    """Among two hundred, some keep a place while they type, and some one in every date of the course."""
    first, second = two_dates(arena, round_)
    at = f"{minute_floor(first.astimezone(UTC))}.bob"
    kept = [press(arena, "/book/move-and-play/time", at=at, meet="in_person") for _ in range(KEEPERS)]
    whole = [press(arena, "/book/move-and-play/course", course="?") for _ in range(ENROLLERS)]
    booked = [booking(client, (first, second)[n % 2]) for n, client in enumerate(people[: PEOPLE - 28])]
    answers = arena.rush([*booked, *kept, *whole])
    told = Counter(answer.status for answer in answers)
    assert set(told) <= {201, 303, 409}, (told, odd(answers))
    for starts_at in (first, second):
        places, seated, held = counted(arena, starts_at)
        assert places == PLACES == seated + held, (places, seated, held)
    assert told[201] == sum(counted(arena, starts_at)[1] for starts_at in (first, second))
    all_is_well(arena)
    let_all_go(arena)
    assert [counted(arena, starts_at)[2] for starts_at in (first, second)] == [0, 0]


def odd(answers: list[Answer]) -> list[Answer]:
    return [answer for answer in answers if answer.status not in (201, 303, 409)][:2]


def let_all_go(arena: Arena) -> None:
    """Let the holds of a round end, and the network begin anew."""

    def end(session):
        session.execute(update(Hold).values(held_until=clock.now() - timedelta(seconds=1)))
        session.execute(delete(Attempt))
        release_expired(session, clock.now())

    with arena.app.app_context():
        in_unit_of_work(end)
