"""What a script or an operator types."""

from flask import Flask

from practice.cli.accounts import account_cli, api_token_cli
from practice.cli.check import check_command
from practice.cli.database import database_cli
from practice.cli.demo import demo_command
from practice.cli.practice import practice_cli
from practice.cli.serve import serve_command
from practice.cli.worker import worker_command


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(account_cli)
    app.cli.add_command(api_token_cli)
    app.cli.add_command(check_command)
    app.cli.add_command(database_cli)
    app.cli.add_command(demo_command)
    app.cli.add_command(practice_cli)
    app.cli.add_command(serve_command)
    app.cli.add_command(worker_command)
