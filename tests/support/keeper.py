"""Starts the run's PostgreSQL server and stays behind to stop it when the run is over, however it ends.

Run as a program with the run's folder and the folder of PostgreSQL's binaries. It returns when the server answers;
a child stays and waits for the lock that the test run holds. The kernel drops that lock even when the run is killed,
so no server outlives its tests.
"""

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

SUPERUSER = "practice"
# A test's data need not survive a power cut; autovacuum would only connect to databases that are about to be copied.
OPTIONS = (
    "listen_addresses=",
    "max_connections=300",
    "shared_buffers=64MB",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
)


def main(folder: Path, binaries: Path) -> None:
    """Start the server, then leave a child that stops it."""
    data = folder / "data"
    data.mkdir()
    run(folder, [binaries / "initdb", "--no-sync", "--auth=trust", "-E", "UTF8", "--locale=C", "-U", SUPERUSER, data])
    options = " ".join(f"-c {option}" for option in (*OPTIONS, f"unix_socket_directories={data}"))
    run(folder, [binaries / "pg_ctl", "-w", "-t", "60", "-D", data, "-l", data / "server.log", "-o", options, "start"])
    keeper = (folder / "keeper").open("w")
    fcntl.flock(keeper, fcntl.LOCK_EX)
    if os.fork():
        os._exit(0)
    leave_the_terminal()
    with (folder / "alive").open() as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
    run(folder, [binaries / "pg_ctl", "-w", "-t", "30", "-D", data, "-m", "immediate", "stop"], check=False)
    shutil.rmtree(folder, ignore_errors=True)


def run(folder: Path, command: list[str | Path], *, check: bool = True) -> None:
    """Run one of PostgreSQL's programs, as its own user where we are root, whom it refuses."""
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        os.chown(folder / "data", owner.pw_uid, owner.pw_gid)
    done = subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **identity
    )
    if check and done.returncode:
        log = folder / "data" / "server.log"
        more = log.read_text() if log.exists() else ""
        shutil.rmtree(folder / "data", ignore_errors=True)
        sys.exit(f"{command[0]} failed:\n{done.stdout}{done.stderr}{more}")


def leave_the_terminal() -> None:
    """Neither ctrl-C nor the starter's pipes concern the one who cleans up."""
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
