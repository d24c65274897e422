"""`make bench`: how much a search among very many clients costs, with everything that a page does around it.

python -m bench.clients [--only sqlite|postgresql] [--clients 100000] [--requests 100]
"""

import argparse
import re
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import psutil
from argon2 import PasswordHasher

from bench.measuring import Request, measure, tree
from practice.adapters.migrations import upgrade
from practice.cli.progress import bar
from practice.db import plain_engine, unit_of_work
from practice.factory import create_app
from practice.services import demo
from practice.settings import Settings
from tests.support import postgres, run_folder
from tests.support.apps import engines_of
from tests.support.people import sign_in
from tests.support.server import Server

MOST_CPU_MS = 15
ROUNDS = 3
TODAY = date(2026, 11, 25)
TYPED = {
    "one letter": "m",
    "two letters, very common": "ma",
    "three letters, common": "mar",
    "three letters, rare": "qui",
    "a first name": "zoe",
    "two words": "okoye am",
    "two letters of two words": "r c",
    "misspelt": "jonson",
    "misspelt, two words": "zoy kovalski",
    "misspelt, three letters": "zoi",
    "phone, whole": "(212) 555-0142",
    "phone, last four": "0142",
    "e-mail, beginning": "zoe.abb",
    "e-mail, from within": "bbot",
    "e-mail, whole": "client@demo.test",
    "birth date": "3/27/1987",
    "nobody": "qqqqqq",
}


def fill(url: str, folder: Path, clients: int) -> None:
    """Fill a migrated database with a practice of twenty therapists and so many clients."""
    app = create_app(settings_for(url, folder))
    with app.app_context():
        plan = demo.Plan(TODAY, therapists=20, clients=clients)
        batches = demo.prepare(plan, app.extensions["vault"], PasswordHasher(1, 8, 1).hash, bar)
        with unit_of_work() as session:
            demo.fill(session, batches, bar)
    for engine in engines_of(app):
        engine.dispose()


def settings_for(url: str, folder: Path) -> Settings:
    """Return the settings that the measured server has too."""
    return Settings.from_env({"PRACTICE_MODE": "test", "DATABASE_URL": url, "PRACTICE_INSTANCE": str(folder)})


def typing(url: str, folder: Path) -> tuple[tuple[tuple[str, str], ...], str]:
    """Sign the desk in and return the headers that it types with, and the token of its form."""
    app = create_app(settings_for(url, folder))
    client = app.test_client()
    sign_in(client, "desk@demo.test")
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/desk/clients").text)
    cookie = client.get_cookie("session")
    assert token is not None
    assert cookie is not None
    for engine in engines_of(app):
        engine.dispose()
    headers = {
        "Cookie": f"session={cookie.value}",
        "Content-Type": "application/x-www-form-urlencoded",
        "HX-Request": "true",
        "HX-Current-URL": "http://localhost/desk/clients",
    }
    return tuple(headers.items()), token[1]


def database(kind: str, folder: Path, stack: ExitStack) -> str:
    """Make an empty, migrated database and return its address."""
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'clients.sqlite3'}"
        migrate(url)
        return url
    postgres.ensure_template(migrate)
    postgres.create("bench_clients")
    stack.callback(postgres.drop, "bench_clients")
    return postgres.url("bench_clients")


def migrate(url: str) -> None:
    """Bring a database to the newest revision, and let go of it."""
    engine = plain_engine(url)
    upgrade(engine)
    engine.dispose()


def table(kind: str, clients: int, count: int, folder: Path) -> None:
    """Measure every search on one database and print its part of the table."""
    with ExitStack() as stack:
        url = database(kind, folder, stack)
        fill(url, folder, clients)
        environ = {"PRACTICE_MODE": "test", "DATABASE_URL": url}
        server = stack.enter_context(Server(folder, environ, workers=1, threads=8, preload=True))
        headers, token = typing(url, folder)

        def processes() -> list[psutil.Process]:
            assert server.process is not None
            found = tree(server.process.pid)
            if kind == "postgresql":
                pid = (run_folder.path() / "data" / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0]
                found += tree(int(pid))
            return found

        for name, words in TYPED.items():
            body = urlencode({"csrf_token": token, "words": words}).encode()
            requests = [Request("/desk/clients", headers, body)] * count
            measure(server.url, requests[:5], expect=200, processes=processes)
            rounds = [measure(server.url, requests, expect=200, processes=processes) for _ in range(ROUNDS)]
            middle = sorted(rounds, key=lambda figures: figures.cpu_ms)[ROUNDS // 2]
            print(
                f"| {kind} | {name} | {middle.answer_bytes / 1000:.0f} kB | {MOST_CPU_MS} | {middle.cpu_ms:.1f} "
                f"| {middle.p50:.1f} / {middle.p99:.1f} |",
                flush=True,
            )


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(prog="python -m bench.clients", description="Measure the search for clients.")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=100)
    chosen = parser.parse_args()
    alive = run_folder.create()
    kinds = [chosen.only] if chosen.only else ["sqlite", *(["postgresql"] if postgres.binaries() else [])]
    try:
        with TemporaryDirectory(prefix="bench-") as folder:
            print(f"| database | search among {chosen.clients:,} | answer | CPU ms, at most | CPU ms | p50 / p99 ms |")
            print("|---|---|---|---|---|---|")
            for kind in kinds:
                table(kind, chosen.clients, chosen.requests, Path(folder))
    finally:
        run_folder.end(alive)


if __name__ == "__main__":
    main()
