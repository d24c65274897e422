"""Sets up a real practice, with nobody in it."""

from zoneinfo import available_timezones

import click
from flask import current_app
from flask.cli import AppGroup

from practice.adapters import migrations
from practice.db import WRITER, db, unit_of_work
from practice.domain.errors import PracticeError
from practice.services.practice_setup import NewPractice, create_practice
from practice.settings import Settings

NEEDS_SECRETS = (
    "A real practice needs secrets of its own. Set PRACTICE_MODE=production, PRACTICE_SECRET_KEY, "
    "PRACTICE_ENCRYPTION_KEYS and PRACTICE_BASE_URL first (docs/operating.md)."
)

practice_cli = AppGroup("practice", help="The practice itself.")


@practice_cli.command("create")
@click.argument("name")
@click.option("--zone", required=True, help="Its time zone, such as America/New_York.")
@click.option("--email", required=True, help="Where people may write to; messages are sent in its name.")
def create(name: str, zone: str, email: str) -> None:
    """Set up the practice NAME in an empty database, without people, places or services."""
    if zone not in available_timezones():
        raise click.BadParameter(f"{zone} is not a time zone; it can be America/New_York.", param_hint="--zone")
    settings: Settings = current_app.extensions["settings"]
    if settings.is_demo:
        raise click.ClickException(NEEDS_SECRETS)
    migrations.upgrade(db.engines[WRITER])
    try:
        with unit_of_work() as session:
            create_practice(session, NewPractice(name.strip(), zone, email), now=current_app.extensions["clock"]())
    except PracticeError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"{name} is set up. Next, make the first account:")
    click.echo("  flask --app app account create you@example.org --name 'Your name' --role admin")
