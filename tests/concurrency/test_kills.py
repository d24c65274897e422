"""Server processes are killed all the time, in the middle of whatever they do: nothing acknowledged is lost."""

import http.client
import itertools
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import psutil
from sqlalchemy import select

from practice.db import db
from practice.models import Attendance
from tests.concurrency.arena import Arena
from tests.support.scale import IS_LONG

SECONDS = 20 if IS_LONG else 5
EVERY = 0.15
CLIENTS = 40


class Load:
    """Six threads that book one free time after another, and remember what the server said yes to."""

    def __init__(self, arena: Arena) -> None:
        self.arena = arena
        self.acknowledged: list[str] = []
        self.numbers = itertools.count()
        self.is_over = threading.Event()
        self.threads = [threading.Thread(target=self.book) for _ in range(6)]
        for thread in self.threads:
            thread.start()

    def book(self) -> None:
        """Book until it is over; who is cut off does not know, and goes on to the next time."""
        while not self.is_over.is_set():
            round_, client = divmod(next(self.numbers), CLIENTS)
            _, path, body, _ = self.arena.booking(client, self.arena.free_time(round_), self.arena.therapists[client])
            connection = http.client.HTTPConnection(urlsplit(self.arena.server.url).netloc, timeout=30)
            try:
                connection.request("POST", path, json.dumps(body), self.arena.headers)
                answer = connection.getresponse()
                if answer.status == 201:
                    self.acknowledged.append(json.loads(answer.read())["id"])
            except (OSError, http.client.HTTPException):
                continue
            finally:
                connection.close()

    def end(self) -> list[str]:
        """Stop, and return the ids of what was acknowledged."""
        self.is_over.set()
        for thread in self.threads:
            thread.join()
        return self.acknowledged


def kill_workers(arena: Arena, seconds: float) -> int:
    """Kill the oldest worker every 150 ms for a while; returns how many died."""
    assert arena.server.process is not None
    master = psutil.Process(arena.server.process.pid)
    killed, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        workers = sorted(master.children(), key=lambda worker: worker.create_time())
        if workers:
            os.kill(workers[0].pid, signal.SIGKILL)
            killed += 1
        time.sleep(EVERY)
    return killed


def test_what_was_acknowledged_survives_kills(open_arena: Callable[..., Arena]) -> None:
    arena = open_arena(workers=3, threads=4, preload=True)
    load = Load(arena)
    killed = kill_workers(arena, SECONDS)
    acknowledged = load.end()
    assert killed > 5, "hardly anything was killed"
    assert len(acknowledged) > 5, "hardly anything was booked"
    with arena.app.app_context():
        booked = db.session.scalars(select(Attendance.public_id).where(Attendance.status == "booked")).all()
        assert set(acknowledged) <= set(booked)
    checked = arena.app.test_cli_runner().invoke(args=["check"])
    assert checked.exit_code == 0, checked.output
