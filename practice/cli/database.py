"""Commands for the schema."""

import click
from flask.cli import AppGroup

from practice import db
from practice.adapters import migrations

database_cli = AppGroup("db", help="The database's schema.")


@database_cli.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the schema up to REVISION (default: the newest)."""
    migrations.upgrade(db.db.engines[db.WRITER], revision)
    click.echo("The schema is up to date.")
