"""Sends requests over connections that stay open, and reads what the server processes spent on them."""

import http.client
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import psutil

Answer = tuple[int, bytes]


@dataclass(frozen=True)
class Request:
    """What is sent; ``body`` makes it a POST."""

    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


@dataclass(frozen=True)
class Figures:
    """CPU milliseconds a request of all server processes, and how long the clients waited (ms)."""

    cpu_ms: float
    p50: float
    p99: float
    answer_bytes: int


class Wrong(RuntimeError):
    """A measured request was not answered as it should be."""


def cpu_seconds(processes: Sequence[psutil.Process]) -> float:
    """Return what these processes have spent so far, in user and system mode."""
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def tree(pid: int) -> list[psutil.Process]:
    """Return a process and all below it."""
    root = psutil.Process(pid)
    return [root, *root.children(recursive=True)]


def pss_mib(pid: int) -> float:
    """Return the proportional memory of a process and all below it, in MiB."""
    return sum(process.memory_full_info().pss for process in tree(pid)) / 2**20


def measure(
    url: str,
    requests: Sequence[Request],
    *,
    expect: int,
    processes: Callable[[], list[psutil.Process]],
    clients: int = 1,
) -> Figures:
    """Send ``requests`` from ``clients`` threads, each on one connection, and return the figures."""
    before = cpu_seconds(processes())
    waits: list[float] = []
    sizes: list[int] = []
    faults: list[Exception] = []

    def send(share: Sequence[Request]) -> None:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        try:
            for request in share:
                started = time.perf_counter()
                connection.request(
                    "POST" if request.body else "GET", request.path, body=request.body, headers=dict(request.headers)
                )
                answer = connection.getresponse()
                body = answer.read()
                waits.append((time.perf_counter() - started) * 1000)
                sizes.append(len(body))
                if answer.status != expect:
                    faults.append(Wrong(f"{request.path}: {answer.status} {body[:300]!r}"))
        except (OSError, http.client.HTTPException) as error:
            faults.append(error)

    threads = [threading.Thread(target=send, args=(requests[n::clients],)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    spent = cpu_seconds(processes()) - before
    waits.sort()
    return Figures(
        cpu_ms=spent * 1000 / len(requests),
        p50=waits[len(waits) // 2],
        p99=waits[min(len(waits) - 1, len(waits) * 99 // 100)],
        answer_bytes=max(sizes),
    )
