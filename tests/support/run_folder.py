"""The folder that all processes of one test run share, and the locks in it."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

VARIABLE = "PRACTICE_TEST_RUN"
MEMORY = Path("/dev/shm")
ENOUGH_BYTES = 2 * 1024**3


def path() -> Path:
    """Return the folder of this run."""
    return Path(os.environ[VARIABLE])


def parent() -> str:
    """Return where the run's databases go: into memory where there is room, which copies them 15 times as fast."""
    is_roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH_BYTES and os.access(MEMORY, os.W_OK)
    return str(MEMORY) if is_roomy else "/tmp"


def create() -> IO[str]:
    """Make the folder and mark it as in use until the returned file is closed, by us or by our death.

    The path is short, because a socket's path in it must stay under 108 characters.
    """
    folder = Path(tempfile.mkdtemp(prefix="practice-", dir=parent()))
    folder.chmod(0o755)  # the database server may run as another user
    os.environ[VARIABLE] = str(folder)
    alive = (folder / "alive").open("w")
    fcntl.flock(alive, fcntl.LOCK_EX)
    return alive


def end(alive: IO[str]) -> None:
    """Let the keeper of the database server know that the run is over, and wait until it has cleaned up."""
    folder = path()
    with (folder / "keeper").open("w") as keeper:
        alive.close()
        fcntl.flock(keeper, fcntl.LOCK_EX)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def locked(name: str) -> Iterator[Path]:
    """Hold the lock ``name`` against the run's other processes; yields a file that marks the work as done."""
    with (path() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield path() / f"{name}.done"
