"""`make bench`: what the issue names, on SQLite and on PostgreSQL where a server is installed.

python -m bench [--only sqlite|postgresql] [--therapists 12,20,200] [--requests 1000] [--rules]

``--rules`` measures a practice in which every rule of time is on: load guards, licences, features of rooms, a length
beside the service's own, so many sessions a week, a consultation first.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from sqlalchemy import update

from bench.dataset import WEEKS, ZONE, Size, build, full_week
from bench.measuring import Figures, Request, measure, pss_mib, tree
from practice import clock
from practice.adapters.migrations import upgrade
from practice.db import plain_engine, unit_of_work
from practice.factory import create_app
from practice.models import Therapist
from practice.settings import Settings
from tests.support import postgres, run_folder
from tests.support.apps import engines_of
from tests.support.people import make_account, sign_in
from tests.support.server import Server

ROUNDS = 5
TARGETS = {
    "a": 2.0,
    "b": 2.5,
    "c": 8.0,
    "c200": 80.0,
    "booking": 7.0,
    "page": 4.0,
    "304": 1.5,
    "board": 5.0,
    "poll": 1.5,
    "week": 5.0,
}
DESK = 12  # a practice of that many therapists is measured at its desk


@dataclass(frozen=True)
class Case:
    """One line of the table."""

    key: str
    name: str
    requests: Callable[[int], list[Request]]
    expect: int = 200
    share: float = 1.0


class Bench:
    """One practice on one database, served by two preloaded workers of eight threads, beside the floor."""

    def __init__(self, kind: str, size: Size, count: int, folder: Path, stack: ExitStack) -> None:
        therapists = size.therapists
        self.kind, self.therapists, self.count, self.folder = kind, therapists, count, folder
        self.today = size.today
        url = self._database(kind, therapists, folder, stack)
        engine = plain_engine(url)
        upgrade(engine) if kind == "sqlite" else None
        with engine.begin() as connection:
            build(connection, size)
        engine.dispose()
        self.environ = environ = {"PRACTICE_MODE": "test", "DATABASE_URL": url}
        self.token = self._command(environ, folder, "api-token", "create", "bench", "--scope", "slots:read",
                                   "--scope", "appointments:write", "--scope", "feeds:write")  # fmt: skip
        self.server = stack.enter_context(Server(folder, environ, workers=2, threads=8, preload=True))
        self.floor = stack.enter_context(
            Server(folder, environ, workers=2, threads=8, preload=True, app="bench.floor:app")
        )
        self.slots = [] if therapists == DESK else self._free_slots()
        self.used = 0

    @staticmethod
    def _database(kind: str, therapists: int, folder: Path, stack: ExitStack) -> str:
        if kind == "sqlite":
            return f"sqlite:///{folder / f'bench-{therapists}.sqlite3'}"
        postgres.ensure_template(_migrate)
        name = f"bench_{therapists}"
        postgres.create(name)
        stack.callback(postgres.drop, name)
        return postgres.url(name)

    @staticmethod
    def _command(environ: dict[str, str], folder: Path, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *words],
            env={**os.environ, **environ, "PRACTICE_INSTANCE": str(folder)},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip().splitlines()[-1]

    def processes(self) -> list[psutil.Process]:
        """Every process that works for our answers: the server's, and the database's."""
        assert self.server.process is not None
        found = tree(self.server.process.pid)
        if self.kind == "postgresql":
            found += [each for each in psutil.process_iter(["name"]) if each.info["name"] == "postgres"]
        return found

    def floor_processes(self) -> list[psutil.Process]:
        """The processes of the floor's server."""
        assert self.floor.process is not None
        return tree(self.floor.process.pid)

    def run(self, case: Case, clients: int = 1) -> tuple[Figures, float]:
        """Measure a case and the floor in turns; return the median round, and its ratio to the median floor."""
        count = max(20, int(self.count * case.share))
        rounds, floors = [], []
        for _ in range(ROUNDS):
            floors.append(
                measure(self.floor.url, [Request("/")] * self.count, expect=200, processes=self.floor_processes).cpu_ms
            )
            rounds.append(
                measure(
                    self.server.url, case.requests(count), expect=case.expect, processes=self.processes, clients=clients
                )
            )
        middle = sorted(rounds, key=lambda figures: figures.cpu_ms)[ROUNDS // 2]
        return middle, middle.cpu_ms / statistics.median(floors)

    def slots_path(self, days: int, therapist: str = "") -> str:
        """Return the address of a span of days for one therapist, or for everyone."""
        who = f"&therapist={therapist}" if therapist else ""
        first, last = self.today + timedelta(days=2), self.today + timedelta(days=1 + days)
        return f"/api/v1/slots?service=individual{who}&from={first}&to={last}&tz={ZONE}"

    def _free_slots(self) -> list[dict[str, str]]:
        with urllib.request.urlopen(self.server.url + self.slots_path(45)) as answer:
            found = json.load(answer)["slots"]
        chosen: dict[tuple[str, str], dict[str, str]] = {}
        for slot in found:
            if slot["starts_at"][14:16] == "00":
                chosen[slot["therapist"], slot["starts_at"]] = slot
        return list(chosen.values())

    def bookings(self, count: int) -> list[Request]:
        """Return bookings of times that are still free, each for a client of their own."""
        part = self.slots[self.used : self.used + count]
        if len(part) < count:
            raise SystemExit("The practice has too few free times for so many bookings: use fewer --requests.")
        found = []
        for slot in part:
            self.used += 1
            client = 60 * (self.used % self.therapists) + 31 + (self.used // self.therapists) % 30
            body = {
                "service": "individual",
                "therapist": slot["therapist"],
                "starts_at": slot["starts_at"],
                "modality": "online",
                "client": {"id": f"client-{client}"},
            }
            headers = (("Authorization", f"Bearer {self.token}"), ("Content-Type", "application/json"))
            found.append(Request("/api/v1/appointments", headers, json.dumps(body).encode()))
        return found

    def signed_in(self, role: str, therapist: str = "") -> tuple[tuple[str, str], ...]:
        """Sign somebody in with a role, as the therapist of that slug where one is given, and return the header."""
        app = create_app(Settings.from_env({**self.environ, "PRACTICE_INSTANCE": str(self.folder)}))
        account = make_account(app, f"{role}@demo.test", role)
        if therapist:
            with app.app_context(), unit_of_work() as session:
                session.execute(update(Therapist).where(Therapist.slug == therapist).values(account_id=account))
        client = app.test_client()
        sign_in(client, f"{role}@demo.test")
        cookie = client.get_cookie("session")
        assert cookie is not None
        for engine in engines_of(app):
            engine.dispose()
        return (("Cookie", f"session={cookie.value}"),)

    def workdays(self) -> Iterator[date]:
        """Yield the days on which people work."""
        days = (self.today + timedelta(days=number) for number in range(WEEKS * 7))
        return (on for on in days if on.weekday() < 5)

    def feed(self) -> Request:
        """Make a therapist's feed and return the conditional request that a calendar program sends."""
        body = json.dumps({"kind": "therapist", "owner": "therapist-1", "level": "busy", "name": "bench"}).encode()
        request = urllib.request.Request(
            f"{self.server.url}/api/v1/feeds",
            data=body,
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            path = json.load(answer)["url"].removeprefix(self.server.url)
        with urllib.request.urlopen(self.server.url + path) as answer:
            etag = answer.headers["ETag"]
        return Request(path, (("If-None-Match", etag),))


def _migrate(url: str) -> None:
    """Migrate a new database, and leave: a template that somebody is connected to cannot be copied."""
    engine = plain_engine(url)
    upgrade(engine)
    engine.dispose()


def cases(bench: Bench) -> list[Case]:
    """Return the cases that this practice is measured with."""
    if bench.therapists == DESK:
        return desk_cases(bench)
    everyone = Request(bench.slots_path(31))
    if bench.therapists > 20:
        return [Case("c200", f"(c) everyone ({bench.therapists}), 31 days", lambda n: [everyone] * n, share=0.05)]
    one = Request(bench.slots_path(1, "therapist-1"))
    month = Request(bench.slots_path(31, "therapist-1"))
    page = Request("/services/individual/times")
    feed = bench.feed()
    return [
        Case("a", "(a) one therapist, one day", lambda n: [one] * n),
        Case("b", "(b) one therapist, 31 days", lambda n: [month] * n),
        Case("c", "(c) everyone (20), 31 days", lambda n: [everyone] * n, share=0.5),
        Case("page", "HTML page of times", lambda n: [page] * n),
        Case("304", "a feed's 304", lambda n: [feed] * n, expect=304),
        Case("booking", "booking POST", bench.bookings, expect=201, share=0.06),
    ]


def desk_cases(bench: Bench) -> list[Case]:
    """Return a day's board as it stands, its unchanged poll, and boards drawn anew; and a therapist's full week."""
    cookie, days = bench.signed_in("front_desk"), list(bench.workdays())
    page = Request(f"/desk/days/{days[0]}", cookie)
    path = f"/desk/days/{days[0]}/board"
    with urllib.request.urlopen(urllib.request.Request(bench.server.url + path, headers=dict(cookie))) as answer:
        tag = answer.headers["ETag"]
    poll = Request(path, (*cookie, ("If-None-Match", tag)))
    # More of them than a process keeps, in turns, so that none is kept when it is asked for again.
    anew = [Request(f"/desk/days/{on}/board?by={by}", cookie) for by in ("", "room") for on in days]
    week = Request(f"/therapist/weeks/{full_week(bench.today)}", bench.signed_in("therapist", "therapist-1"))
    return [
        Case("board", f"a day's board ({DESK} therapists)", lambda n: [page] * n),
        Case("poll", "its unchanged poll", lambda n: [poll] * n, expect=304),
        Case("anew", "a board drawn anew", lambda n: (anew * n)[: max(n, len(anew))], share=0.2),
        Case("week", "week of 60 appointments", lambda n: [week] * n, share=0.5),
    ]


def table(kind: str, size: Size, count: int, folder: Path) -> None:
    """Measure one practice and print its part of the table."""
    with ExitStack() as stack:
        bench = Bench(kind, size, count, folder, stack)
        for case in cases(bench):
            alone, ratio = bench.run(case)
            crowd, _ = bench.run(case, clients=8)
            target = TARGETS.get(case.key, "–")
            print(
                f"| {kind} | {case.name}, {alone.answer_bytes / 1000:.0f} kB | {target}x | {ratio:.2f}x "
                f"| {alone.cpu_ms:.2f} | {alone.p50:.1f} / {alone.p99:.1f} | {crowd.p50:.1f} / {crowd.p99:.1f} |",
                flush=True,
            )
        assert bench.server.process is not None
        print(f"| {kind} | PSS of two workers after load ({size.therapists} therapists) | 200 MiB "
              f"| {pss_mib(bench.server.process.pid):.0f} MiB | | | |", flush=True)  # fmt: skip


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure speed and memory.")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--therapists", default="12,20,200")
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--rules", action="store_true", help="with every rule of time on")
    chosen = parser.parse_args()
    alive = run_folder.create()
    kinds = [chosen.only] if chosen.only else ["sqlite", *(["postgresql"] if postgres.binaries() else [])]
    print("| database | request | to reach | measured | CPU ms | p50 / p99 ms, 1 client | p50 / p99 ms, 8 clients |")
    print("|---|---|---|---|---|---|---|")
    try:
        with TemporaryDirectory(prefix="bench-") as folder:
            for kind in kinds:
                for therapists in map(int, chosen.therapists.split(",")):
                    size = Size(therapists, clock.now().date() + timedelta(days=1), has_rules=chosen.rules)
                    table(kind, size, chosen.requests, Path(folder))
    finally:
        run_folder.end(alive)


if __name__ == "__main__":
    main()
