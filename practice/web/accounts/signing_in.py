"""Signing in by password, and signing out."""

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.adapters.passwords import Passwords
from practice.db import unit_of_work
from practice.domain.errors import SignInRefused, TooManyTries
from practice.domain.permissions import Identity, Permission, permissions_of
from practice.services import sessions
from practice.services.sessions import SignedIn
from practice.web import identity
from practice.web.access import requires
from practice.web.accounts.asking import password_limits, program_name
from practice.web.accounts.blueprint import bp
from practice.web.accounts.forms import SignInForm
from practice.web.asking import local_path
from practice.web.frame import home_of


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
    _end_present_session()
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
    """Give the browser its new session in the place of any it had, and lead on."""
    if g.identity.session_id:
        _end_present_session()
    identity.begin(signed_in)
    who = Identity(kind="account", permissions=permissions_of(signed_in.roles or {"client"}))
    return redirect(target or home_of(who), 303)


def _end_present_session() -> None:
    with unit_of_work() as session:
        sessions.end_session(session, g.identity.session_id, by=g.identity, now=g.now)
