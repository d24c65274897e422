"""Signing in by password, and signing out."""

import re
from datetime import timedelta
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.adapters.passwords import Passwords
from practice.db import unit_of_work
from practice.domain.errors import SignInRefused, TooManyTries
from practice.domain.permissions import Identity, Permission, permissions_of
from practice.queries.accounts import normalized_email
from practice.services import sessions
from practice.services.sessions import SignedIn
from practice.services.throttle import Limit, key_for
from practice.web import identity
from practice.web.access import requires
from practice.web.accounts.blueprint import bp
from practice.web.accounts.forms import SignInForm
from practice.web.frame import home_of

WITHIN = timedelta(minutes=15)
TRIES_OF_A_PAIR = 8
TRIES_OF_AN_ADDRESS = 60
CONTROLS = re.compile(r"[\x00-\x20\x7f\\]")
PROGRAMS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


@bp.get("/sign-in")
@requires(Permission.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Ask for e-mail and password."""
    target = local_path(request.args.get("next", ""))
    if g.identity.is_signed_in:
        return redirect(target or home_of(g.identity), 303)
    return render_template("accounts/sign_in.html", form=SignInForm(data={"next": target}), next=target)


@bp.post("/sign-in")
@requires(Permission.PUBLIC)
def sign_in_with_password() -> ResponseReturnValue:
    """Compare the password and begin a session."""
    form = SignInForm(request.form)
    target = local_path(form.next.data)
    status = 422
    if form.validate():
        try:
            signed_in = _by_password(form.email.data or "", form.password.data or "")
        except (SignInRefused, TooManyTries) as error:
            form.form_errors.append(error.message)
            status = error.status
        else:
            return enter(signed_in, target)
    return render_template("accounts/sign_in.html", form=form, next=target), status


@bp.post("/sign-out")
@requires(Permission.SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    """End this session, in the database first, so that a copy of its cookie is worth nothing."""
    with unit_of_work() as session:
        sessions.end_session(session, g.identity.session_id, by=g.identity, now=g.now)
    identity.end()
    return redirect(url_for("accounts.sign_in"), 303)


def _by_password(email: str, password: str) -> SignedIn:
    """Begin a session; the comparison takes place between two transactions, and as long for unknown accounts."""
    passwords: Passwords = current_app.extensions["passwords"]
    with unit_of_work() as session:
        claim = sessions.begin_password_sign_in(session, email, password_limits(email), now=g.now)
    is_right = passwords.verify(claim.password_hash, password)
    is_stale = is_right and claim.password_hash is not None and passwords.is_stale(claim.password_hash)
    rehashed = passwords.hash(password) if is_stale else None
    with unit_of_work() as session:
        signed_in = None
        if is_right:
            rules = current_app.extensions["session_rules"]
            signed_in = sessions.finish_password_sign_in(
                session, claim, rehashed=rehashed, program=program_name(), rules=rules, now=g.now
            )
        if signed_in is None:
            sessions.note_refusal(session, claim, now=g.now)
    if signed_in is None:
        raise SignInRefused
    return signed_in


def enter(signed_in: SignedIn, target: str = "") -> ResponseReturnValue:
    """Give the browser its new session and lead on."""
    identity.begin(signed_in)
    who = Identity(kind="account", permissions=permissions_of(signed_in.roles or {"client"}))
    return redirect(target or home_of(who), 303)


def password_limits(email: str) -> tuple[Limit, ...]:
    """Return the limits of guessing: for this e-mail from this address, and for this address.

    None is for an e-mail alone: whoever guesses from elsewhere must not be able to keep its owner out.
    """
    return (
        Limit(throttle_key("password", normalized_email(email), asker()), TRIES_OF_A_PAIR, WITHIN),
        Limit(throttle_key("password", asker()), TRIES_OF_AN_ADDRESS, WITHIN),
    )


def throttle_key(*parts: str) -> bytes:
    """Return the key under which tries are counted."""
    return key_for(current_app.config["SECRET_KEY"], *parts)


def asker() -> str:
    """Return the network that asks: an IPv4 address, or the /64 that one household has in IPv6."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    return str(address) if address.version == 4 else str(ip_network((address, 64), strict=False))


def local_path(target: str | None) -> str:
    """Return ``target`` where it is a path of this site, otherwise nothing."""
    if not target or not target.startswith("/") or target.startswith("//") or CONTROLS.search(target):
        return ""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else target


def program_name() -> str:
    """Return the browser's name in plain words, for the list of sessions."""
    agent = request.user_agent.string
    program = next((name for mark, name in PROGRAMS if mark in agent), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{program} on {system}" if system else program
