"""Choosing a password by a mailed link, and changing it. Hashing stays outside of every transaction."""

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.adapters.passwords import Passwords, blocklist
from practice.db import db, unit_of_work
from practice.domain.errors import SignInRefused, TooManyTries
from practice.domain.passwords import problem_with
from practice.domain.permissions import Permission
from practice.models import Account, TokenPurpose
from practice.queries.accounts import owner_of_link, password_hash_of
from practice.services import accounts, links
from practice.services.throttle import note_try
from practice.web.access import requires
from practice.web.accounts.account import account_page
from practice.web.accounts.asking import password_limits, program_name
from practice.web.accounts.blueprint import bp
from practice.web.accounts.forms import ChangePasswordForm, NewPasswordForm
from practice.web.accounts.links import link_for
from practice.web.accounts.signing_in import enter
from practice.web.frame import the_facts


@bp.get("/password/<token>")
@requires(Permission.PUBLIC)
def password_new(token: str) -> ResponseReturnValue:
    """Ask for a new password."""
    owner = owner_of_link(db.session(), token, links.FOR_PASSWORDS, now=g.now)
    return render_template("accounts/password_new.html", form=NewPasswordForm(), owner=owner, token=token)


@bp.post("/password/<token>")
@requires(Permission.PUBLIC)
def password_create(token: str) -> ResponseReturnValue:
    """Use the link up, keep the new password and begin a session."""
    owner = owner_of_link(db.session(), token, links.FOR_PASSWORDS, now=g.now)
    form = NewPasswordForm(request.form)
    if not is_usable(form, owner.email, owner.name):
        return render_template("accounts/password_new.html", form=form, owner=owner, token=token), 422
    hashed = hasher().hash(form.new_password.data or "")
    rules = current_app.extensions["session_rules"]
    with unit_of_work() as session:
        signed_in = links.use_password_link(session, token, hashed, program=program_name(), rules=rules, now=g.now)
    return enter(signed_in)


@bp.post("/account/password")
@requires(Permission.SIGNED_IN)
def password_change() -> ResponseReturnValue:
    """Change the password of whoever knows the present one."""
    form = ChangePasswordForm(request.form)
    status = 422
    if is_usable(form, g.identity.email, g.identity.name):
        try:
            _change(form.present_password.data or "", form.new_password.data or "")
        except SignInRefused:
            form.present_password.errors = [accounts.WRONG_PASSWORD]
        except TooManyTries as error:
            form.form_errors.append(error.message)
            status = error.status
        else:
            flash("Your password is changed. Other places where you were signed in are signed out.")
            return redirect(url_for("accounts.account"), 303)
    return account_page(form), status


@bp.post("/account/password-link")
@requires(Permission.SIGNED_IN)
def password_link_to_self() -> ResponseReturnValue:
    """Send a link for choosing a password to somebody who has none, or has forgotten it."""
    send = link_for(TokenPurpose.PASSWORD)
    with unit_of_work() as session:
        account = session.get_one(Account, g.identity.account_id)
        links.send_link(session, account, TokenPurpose.PASSWORD, link_for=send, by=g.identity, now=g.now)
    flash("A link for choosing a password is on its way to you.")
    return redirect(url_for("accounts.account"), 303)


def _change(present: str, new: str) -> None:
    with unit_of_work() as session:
        note_try(session, password_limits(g.identity.email), now=g.now)
        stored = password_hash_of(session, g.identity.account_id)
    if not hasher().verify(stored, present):
        raise SignInRefused(accounts.WRONG_PASSWORD)
    hashed = hasher().hash(new)
    with unit_of_work() as session:
        accounts.change_password(
            session, g.identity.account_id, compared_hash=stored, new_hash=hashed, by=g.identity, now=g.now
        )


def is_usable(form: NewPasswordForm, *known: str) -> bool:
    """Whether the form's new password can be used; where not, the form says why."""
    if not form.validate():
        return False
    names = (*known, the_facts().name)
    problem = problem_with(form.new_password.data or "", known=names, blocklist=blocklist())
    if problem:
        form.new_password.errors = [problem]
    return problem is None


def hasher() -> Passwords:
    """Return what hashes passwords here."""
    passwords: Passwords = current_app.extensions["passwords"]
    return passwords
