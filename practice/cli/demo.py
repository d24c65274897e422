"""Fills an empty database with the demo practice."""

from datetime import date, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from practice import clock
from practice.adapters import migrations
from practice.cli.progress import bar
from practice.db import WRITER, db, unit_of_work
from practice.domain.intervals import minute_floor
from practice.domain.weekly_hours import date_of
from practice.services import demo
from practice.services.demo.plan import ZONE
from practice.settings import Settings

NOT_EMPTY = "There is a practice in this database already. Nothing was changed."


@click.command("demo")
@click.option("--therapists", type=click.IntRange(1, 500), default=6, show_default=True)
@click.option("--clients", type=click.IntRange(0, 500_000), default=180, show_default=True)
@click.option("--weeks", type=click.IntRange(0, 52), default=8, show_default=True, help="Half past, half ahead.")
@click.option("--occupancy", type=click.FloatRange(0, 100), default=0.6, help="A share (0.7) or a percentage (70).")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Default: today in New York.")
@with_appcontext
def demo_command(
    therapists: int, clients: int, weeks: int, occupancy: float, seed: int, today: datetime | None
) -> None:
    """Build the demo practice, Foundations Therapy: the same one each time for the same options."""
    on = today.date() if today else practice_today()
    share = occupancy / 100 if occupancy > 1 else occupancy
    fill_demo(demo.Plan(on, therapists, clients, weeks, share, seed))
    print_sign_ins()


def practice_today() -> date:
    """Return the date in the demo practice's zone."""
    return date_of(ZONE, minute_floor(clock.now()))


def fill_demo(plan: demo.Plan) -> None:
    """Migrate and fill the database. Raises ClickException where it holds a practice, or in production mode."""
    settings: Settings = current_app.extensions["settings"]
    if settings.mode == "production":
        raise click.ClickException("The demo practice is not for production mode. Set PRACTICE_MODE=demo.")
    migrations.upgrade(db.engines[WRITER])
    if demo.is_filled(db.session()):
        raise click.ClickException(NOT_EMPTY)
    batches = demo.prepare(plan, current_app.extensions["vault"], current_app.extensions["passwords"].hash, bar)
    try:
        with unit_of_work() as session:
            demo.fill(session, batches, bar)
    except demo.NotEmpty:
        raise click.ClickException(NOT_EMPTY) from None


def print_sign_ins() -> None:
    """Say who can sign in."""
    click.echo(f"\nDemo sign-ins, all with the password {demo.PASSWORD}:")
    for email, _, _, what in demo.SIGN_INS:
        click.echo(f"  {email:<21} {what}")
