"""`make bench`: what it costs to plan and to make a year of weekly sessions, beside a bare page and one booking.

python -m bench.series [--only sqlite|postgresql] [--therapists 20] [--rounds 20]

Everything happens in this process, as a view would do it; each series is made for another client in a transaction that
is rolled back at its end. On PostgreSQL the server's own work is in the time, not in the CPU.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from sqlalchemy import event, select

from bench.clients import database, settings_for
from bench.dataset import ZONE, Size, build
from bench.floor import app as floor_app
from practice.db import WRITER, db, plain_engine, unit_of_work
from practice.domain.permissions import Identity, permissions_of
from practice.domain.reasons import Code
from practice.domain.series import Rule
from practice.factory import create_app
from practice.models import Appointment, AppointmentTherapist
from practice.queries.busy import current_rules
from practice.queries.parties import parties
from practice.services.booking import book_appointment
from practice.services.finding import Override, Wish
from practice.services.series import Answer, repeat_appointment
from practice.services.series_plan import Pattern, Plan, plan_series
from tests.support import postgres, run_folder
from tests.support.apps import engines_of

TODAY = date(2026, 11, 25)
DESK = Identity(kind="account", id="bench", roles=frozenset({"front_desk"}), permissions=permissions_of(["front_desk"]))
WEEKS = 52
MOST_STATEMENTS = 12


class TakenBack(Exception):
    """Ends a transaction, so that the next round finds the same practice."""


@dataclass(frozen=True)
class Figures:
    """CPU and elapsed milliseconds of the median round."""

    cpu_ms: float
    ms: float


def timed(rounds: int, act: Callable[[], object]) -> Figures:
    """Run ``act`` so often, once more to warm up, and return the median round."""
    act()
    found = []
    for _ in range(rounds):
        cpu, begun = time.process_time(), time.perf_counter()
        act()
        found.append((1000 * (time.process_time() - cpu), 1000 * (time.perf_counter() - begun)))
    return Figures(statistics.median(one[0] for one in found), statistics.median(one[1] for one in found))


def floor(rounds: int) -> Figures:
    """Return what a page costs that does nothing, without a server."""
    client = floor_app.test_client()
    return timed(rounds * 20, lambda: client.get("/"))


class Bench:
    """One session of the dataset, and a year that begins with it."""

    def __init__(self) -> None:
        session = db.session()
        self.now = datetime(2026, 11, 25, 12, tzinfo=ZoneInfo(ZONE))
        self.rules = current_rules(session)
        first = session.execute(
            select(Appointment, AppointmentTherapist.therapist_id)
            .join(AppointmentTherapist, AppointmentTherapist.appointment_id == Appointment.id)
            .where(Appointment.location_id.is_not(None), AppointmentTherapist.therapist_id == 3)
            .order_by(Appointment.starts_at.desc(), Appointment.id)
            .limit(1)
        ).one()
        self.first, self.therapist_id = first[0], first[1]
        local = self.first.starts_at.astimezone(ZoneInfo(ZONE))
        self.pattern = Pattern(
            rule=Rule(ZONE, local.hour * 60 + local.minute, local.date(), times=WEEKS),
            service_id=self.first.service_id,
            therapist_id=self.therapist_id,
            modality="in_person",
            location_id=self.first.location_id,
            duration_minutes=50,
            room_id=self.first.room_id,
        )
        self.answers: dict[date, Answer] = {each.on: "skip" for each in self.plan().planned if each.reason}

    def plan(self) -> Plan:
        """List every date with what stands in its way, as the page does."""
        after = self.pattern.rule.starts_on
        plan = plan_series(db.session(), self.rules, self.pattern, [], now=self.now, after=after)
        assert len(plan.planned) == WEEKS - 1
        db.session.close()
        return plan

    def make(self) -> None:
        """Make the year, and take it back."""
        try:
            with unit_of_work() as session:
                made = repeat_appointment(
                    session, self.rules, self.first.public_id, self.pattern, self.answers, by=DESK, now=self.now
                )
                assert len(made.appointments) == WEEKS - 1 - len(self.answers)
                raise TakenBack
        except TakenBack:
            return

    def book(self) -> None:
        """Book one session, and take it back."""
        at = self.first.starts_at + timedelta(weeks=2)
        further = Override(frozenset({Code.TOO_FAR}), "measured")
        place = self.first.location_id
        wish = Wish(self.first.service_id, self.therapist_id, at, "in_person", place, override=further)
        try:
            with unit_of_work() as session:
                book_appointment(session, self.rules, wish, parties(session, [1], TODAY), by=DESK, now=self.now)
                raise TakenBack
        except TakenBack:
            return

    def statements(self) -> tuple[int, int]:
        """Return how many statements making the year takes: those that read or change, and those that add in bulk."""
        seen: list[str] = []
        engine = db.engines[WRITER]

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        self.make()
        event.remove(engine, "before_cursor_execute", note)
        bulk = [one for one in seen if one.startswith("INSERT INTO") and not one.startswith("INSERT INTO series (")]
        return len(seen) - len(bulk), len(bulk)


def table(kind: str, therapists: int, rounds: int, folder: Path) -> None:
    """Measure on one database and print its part of the table."""
    with ExitStack() as stack:
        url = database(kind, folder, stack)
        engine = plain_engine(url)
        with engine.begin() as connection:
            build(connection, Size(therapists, TODAY))
        engine.dispose()
        app = create_app(settings_for(url, folder))
        with app.app_context():
            bench, bare = Bench(), floor(rounds)
            read, added = bench.statements()
            for name, figures, statements in (
                ("one booking", timed(rounds, bench.book), ""),
                ("a year planned", timed(rounds, bench.plan), ""),
                ("a year made", timed(rounds, bench.make), f"{read} and {added} that add in bulk"),
            ):
                ratio = figures.cpu_ms / bare.cpu_ms
                print(
                    f"| {kind} | {name} | {statements} | {figures.cpu_ms:.1f} | {ratio:.0f} | {figures.ms:.1f} |",
                    flush=True,
                )
        for engine in engines_of(app):
            engine.dispose()


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(prog="python -m bench.series", description="Measure a series of 52.")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--therapists", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=20)
    chosen = parser.parse_args()
    alive = run_folder.create()
    kinds = [chosen.only] if chosen.only else ["sqlite", *(["postgresql"] if postgres.binaries() else [])]
    try:
        with TemporaryDirectory(prefix="bench-") as folder:
            size = f"{chosen.therapists} therapists"
            print(f"| database | {size} | statements, at most {MOST_STATEMENTS} | CPU ms | floors | ms |")
            print("|---|---|---|---|---|---|")
            for kind in kinds:
                table(kind, chosen.therapists, chosen.rounds, Path(folder))
    finally:
        run_folder.end(alive)


if __name__ == "__main__":
    main()
