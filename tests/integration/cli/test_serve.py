"""One command serves the whole demo, and takes everything with it when it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.databases import Database
from tests.support.server import ROOT, inherited


@contextmanager
def served(database: Database, folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """The command, in a process of its own; killed at the end where it still runs."""
    environ = {**inherited(), "DATABASE_URL": database.url, "PRACTICE_INSTANCE": str(folder), "PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "flask", "--app", "app", "serve"],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """Read what the command says until it has said ``words``, or has ended."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            break
    return said


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
def test_the_demo_is_filled_served_and_ended(empty_database: Database, tmp_path: Path, ending: int) -> None:
    with served(empty_database, tmp_path, 0) as process:
        said = read_until(process, "The practice is open at")
        assert set(re.findall(r"\w+@demo\.test", said)) == {
            "client@demo.test",
            "therapist@demo.test",
            "desk@demo.test",
            "admin@demo.test",
        }
        (url,) = re.findall(r"open at (http://127\.0\.0\.1:\d+) ", said)
        with urllib.request.urlopen(f"{url}/readyz", timeout=180) as answer:
            assert answer.status == 200
        os.kill(process.pid, ending)
        process.communicate(timeout=180)  # ends when the worker, who writes to the same pipe, has ended too


@pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
def test_a_port_in_use_is_named(empty_database: Database, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
        with served(empty_database, tmp_path, port) as process:
            said, _ = process.communicate(timeout=180)
    assert process.returncode == 1
    assert f"Port {port} cannot be used" in said
