"""The practice that races are run in, and what runs them: many requests let go at once against real processes."""

import http.client
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from practice import clock
from practice.db import as_practice_error, db, in_unit_of_work, unit_of_work
from practice.domain.errors import PracticeError, SlotTaken
from practice.domain.permissions import STRANGER, SYSTEM
from practice.domain.tokens import hash_token
from practice.models import ApiToken, Appointment, Offer, OutboxMessage
from practice.queries.busy import current_rules
from practice.services.booking import Keep, hold_slot
from practice.services.clients import NewClient, create_client
from practice.services.finding import Wish
from practice.services.requests import RequestDetails, open_request
from tests.support.cast import ZONE, Cast, add_therapist, assemble, at
from tests.support.server import Server

CROWD = 50
TOKEN = "a-token-that-only-the-races-know"
HOURS = (9, 11, 13, 15)
LINK = "request_link"
Act = Callable[[Session], object]


@dataclass(frozen=True)
class Answer:
    """What one of the crowd was told."""

    status: int
    body: dict[str, Any]


@dataclass
class Arena:
    """A server on a practice with fifty clients and as many therapists, of whom two work in two rooms."""

    server: Server
    app: Flask
    engine: Engine
    cast: Cast
    clients: list[str]
    therapists: list[str]

    @property
    def headers(self) -> dict[str, str]:
        """What each request of a program carries."""
        return {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}

    def free_time(self, round_: int) -> datetime:
        """A start that no other round uses: a weekday from next Monday on, at 9, 11, 1 or 3 in New York."""
        weeks, rest = divmod(round_, 5 * len(HOURS))
        days, hour = divmod(rest, len(HOURS))
        today = clock.now().date()
        monday = today + timedelta(days=7 - today.weekday())
        return at(monday + timedelta(days=7 * weeks + days), HOURS[hour])

    def rush(self, requests: Sequence[tuple[str, str, dict[str, Any] | str, dict[str, str]]]) -> list[Answer]:
        """Send all requests (method, path, body, headers) at the same moment, and return their answers in order."""
        gate = threading.Barrier(len(requests))
        answers: list[Answer | None] = [None] * len(requests)

        def send(place: int) -> None:
            method, path, body, headers = requests[place]
            connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=60)
            connection.connect()
            gate.wait()
            connection.request(
                method,
                path,
                body=body if isinstance(body, str) else json.dumps(body),
                headers={**self.headers, **headers},
            )
            answer = connection.getresponse()
            content = answer.read()
            is_json = "json" in (answer.headers["Content-Type"] or "")
            answers[place] = Answer(answer.status, json.loads(content) if is_json else {})
            connection.close()

        threads = [threading.Thread(target=send, args=(place,)) for place in range(len(requests))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert None not in answers, self.server.log.read_text()[-4000:]
        return [answer for answer in answers if answer is not None]

    def booking(self, client: int, starts_at: datetime, therapist: str = "bob", modality: str = "online") -> Any:
        """One booking of fifty minutes by one of the fifty clients."""
        body = {
            "service": "individual",
            "therapist": therapist,
            "starts_at": starts_at.isoformat(),
            "modality": modality,
            "client": {"id": self.clients[client]},
        }
        return "POST", "/api/v1/appointments", body, {}

    def hold(self, starts_at: datetime, *, is_ended: bool) -> str:
        """Let a stranger ask for that time with Bob; returns the secret of the link that was mailed to them."""
        now = clock.now()
        with self.app.app_context():
            rules = current_rules(db.session())
            wish = Wish(self.cast.consultation, self.cast.bob, starts_at, "online")
            with unit_of_work() as session:
                keep = Keep(until=now + timedelta(minutes=15), holder_hash=b"a browser")
                hold, _ = hold_slot(session, rules, wish, by=STRANGER, now=now, keep=keep)
                details = RequestDetails(for_whom="me", name="Robin", email=f"{hold.public_id}@demo.test", zone=ZONE)
                open_request(session, hold.id, details, now=now)
                if is_ended:
                    hold.held_until = now - timedelta(seconds=1)
                return str(
                    session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first().context[LINK]
                )

    def confirmation(self, secret: str) -> Any:
        """The press of the button that the mailed link shows, in a browser that just opened it."""
        path = f"/book/confirm/{secret}"
        connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=60)
        connection.request("GET", path)
        answer = connection.getresponse()
        token = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
        assert token
        headers = {
            "Cookie": (answer.headers["Set-Cookie"] or "").partition(";")[0],
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.close()
        return "POST", path, urlencode({"csrf_token": token[1]}), headers

    def booked(self, starts_at: datetime) -> int:
        """How many appointments start then, by what the database says."""
        wanted = select(func.count()).select_from(Appointment)
        wanted = wanted.where(Appointment.status == "booked", Appointment.starts_at == starts_at)
        with self.engine.connect() as connection:
            return connection.execute(wanted).scalar_one()


def one_winner(answers: Sequence[Answer], won: int = 201) -> None:
    """Fail unless exactly one was told yes, and everyone else 409 with other times."""
    told = Counter(answer.status for answer in answers)
    others = [answer for answer in answers if answer.status not in (won, 409)]
    assert told == {won: 1, 409: len(answers) - 1}, (dict(told), others[:1])
    losers = [answer.body for answer in answers if answer.status == 409]
    assert all(body["code"] == "slot_taken" and body["slots"] for body in losers), losers[0]


def at_once(app: Flask, acts: Sequence[Act]) -> list[str]:
    """Let all acts go at the same moment, each in a transaction of its own; return what each was told, in order."""
    gate = threading.Barrier(len(acts))
    told = [""] * len(acts)

    def run(place: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                in_unit_of_work(acts[place])
            except (PracticeError, DBAPIError) as error:
                known = as_practice_error(error) if isinstance(error, DBAPIError) else error
                told[place] = "taken" if isinstance(known, SlotTaken) else repr(error)
            else:
                told[place] = "yes"

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def furnish(app: Flask) -> tuple[Cast, list[str], list[str]]:
    """Write the practice of the races; returns the cast, the clients' public ids and the therapists' slugs."""
    vault = app.extensions["vault"]
    with app.app_context(), unit_of_work() as session:
        cast = assemble(session, vault)
        now = clock.now()
        clients = [
            create_client(session, NewClient(name=f"Runner {n}", zone=ZONE), vault=vault, by=SYSTEM, now=now).public_id
            for n in range(CROWD)
        ]
        therapists = []
        for n in range(CROWD):
            therapist = add_therapist(session, f"runner-{n}", f"Therapist {n}", cast.location, None)
            session.add(Offer(therapist_id=therapist.id, service_id=cast.individual))
            therapists.append(therapist.slug)
        session.add(
            ApiToken(
                name="races",
                token_hash=hash_token(TOKEN),
                scopes=["slots:read", "appointments:write"],
                created_at=now,
            )
        )
    return cast, clients, therapists
