"""Runs the application as it runs for real: gunicorn processes on a port of this machine."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


class ServerNeverAnsweredError(AssertionError):
    """The server did not become healthy; the message ends with its log."""


class Server:
    """The application under gunicorn, with its own listening socket.

    The socket is opened here and handed down, so the port cannot be taken by anybody else, and stays the same
    when the server is killed and started again.
    """

    def __init__(
        self,
        folder: Path,
        environ: Mapping[str, str],
        *,
        workers: int = 1,
        threads: int = 8,
        preload: bool = False,
        app: str = "app:app",
    ) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port: int = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"server-{self.port}.log"
        self.environ = {**inherited(), "PRACTICE_BASE_URL": self.url, "PRACTICE_INSTANCE": str(folder), **environ}
        self.workers, self.threads, self.app = workers, threads, app
        self.preload = preload
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the processes and wait until they answer."""
        command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--worker-class", "gthread"]
        command += ["--workers", str(self.workers), "--threads", str(self.threads), "--graceful-timeout", "5"]
        command += ["--preload"] if self.preload else []
        command += ["--bind", f"fd://{self.listener.fileno()}", self.app]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[self.listener.fileno()],
                start_new_session=True,
            )
        self.wait_until_healthy()

    def wait_until_healthy(self) -> None:
        """Ask /healthz until it answers, for at most a minute."""
        assert self.process is not None
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                time.sleep(0.05)
        self.kill()
        msg = f"No answer from {self.url}/healthz. Its log:\n{self.log.read_text()[-4000:]}"
        raise ServerNeverAnsweredError(msg)

    def kill(self) -> None:
        """Kill all its processes at once, as a power cut would."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """Stop it in good order, then make sure of it."""
        if self.process is not None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=15)
        self.kill()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self.listener.close()


def inherited() -> dict[str, str]:
    """Return what a server process needs of our own surroundings, and nothing that would configure it."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
