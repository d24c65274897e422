"""Commands for accounts of the practice's people, and for programs' tokens."""

from datetime import datetime

import click
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask.cli import AppGroup

from practice.adapters.passwords import blocklist
from practice.db import db, unit_of_work
from practice.domain.errors import PracticeError
from practice.domain.passwords import problem_with
from practice.domain.permissions import SCOPES, SYSTEM
from practice.models import Role, TokenPurpose
from practice.queries.accounts import api_tokens
from practice.queries.practice import practice_facts
from practice.services import accounts, links
from practice.services import api_tokens as tokens
from practice.services.accounts import NewAccount

account_cli = AppGroup("account", help="Accounts of the practice's people.")
api_token_cli = AppGroup("api-token", help="Bearer tokens of programs.")


@account_cli.command("create")
@click.argument("email")
@click.option("--name", required=True, help="What this person is called.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([str(role) for role in Role]),
    help="May be repeated.",
)
@click.option("--therapist", help="The slug of the therapist who signs in with this account.")
@click.option("--ask-password", is_flag=True, help="Ask for a password now, instead of printing a link.")
def create(email: str, name: str, roles: tuple[str, ...], therapist: str | None, ask_password: bool) -> None:
    """Make an account for EMAIL and print a link for choosing its password."""
    email = _readable(email)
    password_hash = _asked_for_hash(email, name) if ask_password else None
    new = NewAccount(email, name, frozenset(roles), therapist, password_hash)
    try:
        with unit_of_work() as session:
            account = accounts.create_account(session, new, by=SYSTEM, now=_now())
            token = None if ask_password else links.issue(session, account.id, TokenPurpose.INVITATION, now=_now())
    except PracticeError as error:
        raise click.ClickException(error.message) from error
    if token is None:
        click.echo(f"{new.email} can sign in.")
    else:
        click.echo("Open this link within 7 days to choose a password. It works once:")
        click.echo(_link(token))


@account_cli.command("link")
@click.argument("email")
def link(email: str) -> None:
    """Print a link with which the owner of EMAIL can choose a new password."""
    try:
        with unit_of_work() as session:
            account = accounts.account_named(session, email)
            token = links.issue(session, account.id, TokenPurpose.INVITATION, now=_now())
    except PracticeError as error:
        raise click.ClickException(error.message) from error
    click.echo(_link(token))


@account_cli.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Close the account of EMAIL: its sessions end at once."""
    try:
        with unit_of_work() as session:
            accounts.disable_account(session, accounts.account_named(session, email), by=SYSTEM, now=_now())
    except PracticeError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"{email} cannot sign in any more.")


@api_token_cli.command("create")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(list(SCOPES)), help="Repeatable.")
def create_token(name: str, scopes: tuple[str, ...]) -> None:
    """Make a token for the program NAME and print it, this once."""
    with unit_of_work() as session:
        token = tokens.create_api_token(session, name, scopes, by=SYSTEM, now=_now())
    click.echo(token)


@api_token_cli.command("list")
def list_tokens() -> None:
    """List the tokens: id, name, scopes, and since when."""
    for token in api_tokens(db.session()):
        state = "revoked" if token.revoked_at else "live"
        scopes = " ".join(token.scopes)
        click.echo(f"{token.public_id}  {state:7}  {token.created_at:%Y-%m-%d}  {token.name}  {scopes}")


@api_token_cli.command("revoke")
@click.argument("public_id")
def revoke_token(public_id: str) -> None:
    """Revoke the token with the id that the list shows."""
    try:
        with unit_of_work() as session:
            tokens.revoke_api_token(session, public_id, by=SYSTEM, now=_now())
    except PracticeError as error:
        raise click.ClickException(error.message) from error
    click.echo("The token is revoked.")


def _readable(email: str) -> str:
    takes_test = current_app.extensions["settings"].mode != "production"
    try:
        return validate_email(email, check_deliverability=False, test_environment=takes_test).normalized
    except EmailNotValidError as error:
        raise click.BadParameter("this is not an e-mail address", param_hint="EMAIL") from error


def _asked_for_hash(email: str, name: str) -> str:
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    known = (email, name, practice_facts(db.session()).name)
    problem = problem_with(password, known=known, blocklist=blocklist())
    if problem:
        raise click.ClickException(problem)
    hashed: str = current_app.extensions["passwords"].hash(password)
    return hashed


def _link(token: str) -> str:
    path = current_app.url_map.bind("").build("accounts.password_new", {"token": token})
    return f"{current_app.extensions['settings'].base_url}{path}"


def _now() -> datetime:
    now: datetime = current_app.extensions["clock"]()
    return now
