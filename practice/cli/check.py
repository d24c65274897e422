"""Tests the live database."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from practice.db import db
from practice.services.checking import broken_invariants


@click.command("check")
@click.option("--all", "opens_all", is_flag=True, help="Open what is sealed for every client, not for a sample.")
@with_appcontext
def check_command(opens_all: bool) -> None:
    """Test every invariant on the live database; exits with 1 and a line for each that is broken."""
    settings, vault = current_app.extensions["settings"], current_app.extensions["vault"]
    count = 0
    keys, now = settings.encryption_keys, current_app.extensions["clock"]()
    for line in broken_invariants(db.session(), vault=vault, master_keys=keys, opens_all=opens_all, now=now):
        click.echo(line)
        count += 1
    if count:
        sys.exit(1)
    click.echo("Everything holds.")
