"""Serves the demo practice on this machine: the web server here, the worker beside it, and both end together."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from waitress.server import create_server

from practice.adapters import migrations
from practice.cli.demo import fill_demo, practice_today, print_sign_ins
from practice.db import WRITER, db
from practice.services import demo
from practice.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
THREADS = 8
PATIENCE_SECONDS = 30


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, envvar="PORT", show_envvar=True)
@with_appcontext
def serve_command(port: int) -> None:
    """Migrate the database, fill an empty one with the demo practice, and serve it with its worker until ctrl-C."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own way
    settings: Settings = app.extensions["settings"]
    if settings.mode == "production":
        raise click.ClickException(
            "This serves the demo practice. For a real one run gunicorn and the worker: README.md says how."
        )
    try:
        server = create_server(app, host=HOST, port=port, threads=THREADS, ident="")
    except OSError as error:
        raise click.ClickException(f"Port {port} cannot be used ({error.strerror}). Try PORT={port + 1}.") from error
    migrations.upgrade(db.engines[WRITER])
    if not demo.is_filled(db.session()):
        fill_demo(demo.Plan(practice_today()))
    db.session.remove()
    port = server.effective_port  # 0 asks for any that is free
    with ended_by_a_signal(), worker_beside():
        print_sign_ins()
        if settings.mail_url is None:
            click.echo(f"\nMessages are kept at http://{HOST}:{port}/dev/mail")
        click.echo(f"\nThe practice is open at http://{HOST}:{port} (ctrl-C ends it)")
        server.run()
    server.close()
    click.echo("Goodbye.")


@contextmanager
def ended_by_a_signal() -> Iterator[None]:
    """Let SIGTERM and SIGINT end what is inside, also where the shell that started us in the background ignores one."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    except KeyboardInterrupt:
        click.echo("\nEnding …")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def worker_beside() -> Iterator[None]:
    """Run the worker in a process of its own, and stop it in good order at the end.

    It ends when its standard input does, so it never outlives this process, however that ends.
    """
    command = [sys.executable, "-m", "flask", "--app", "app", "worker", "--while-open"]
    worker = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE)  # noqa: S603 - our own command
    try:
        yield
    finally:
        worker.terminate()
        try:
            worker.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
