"""One's own account: what it is called, its password, and where it is signed in."""

from dataclasses import dataclass

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, unit_of_work
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.models import Account
from practice.queries.accounts import sessions_of
from practice.services import sessions
from practice.web.access import requires
from practice.web.accounts.blueprint import bp
from practice.web.accounts.forms import ChangePasswordForm
from practice.web.frame import the_facts
from practice.web.presenting import format_moment


@dataclass(frozen=True, slots=True)
class SessionView:
    """A place where this account is signed in."""

    public_id: str
    program: str
    began: str
    last_seen: str
    is_this_one: bool


@bp.get("/account")
@requires(Permission.SIGNED_IN)
def account() -> ResponseReturnValue:
    """Show the account."""
    return account_page(ChangePasswordForm())


@bp.post("/account/sessions/<public_id>/end")
@requires(Permission.SIGNED_IN)
def session_end(public_id: str) -> ResponseReturnValue:
    """Sign out somewhere else."""
    with unit_of_work() as session:
        is_ended = sessions.end_session(session, public_id, by=g.identity, now=g.now)
    if not is_ended:
        raise NotFound
    flash("You are signed out there.")
    return redirect(url_for("accounts.account"), 303)


@bp.post("/account/sessions/end-others")
@requires(Permission.SIGNED_IN)
def sessions_end_others() -> ResponseReturnValue:
    """Sign out everywhere else."""
    with unit_of_work() as session:
        sessions.end_sessions_of(session, g.identity.account_id, by=g.identity, now=g.now, but=g.identity.session_id)
    flash("You are signed out everywhere else.")
    return redirect(url_for("accounts.account"), 303)


def account_page(form: ChangePasswordForm) -> str:
    """Return the page of the signed-in person's account."""
    session = db.session()
    mine = session.get_one(Account, g.identity.account_id)
    return render_template(
        "accounts/account.html",
        form=form,
        name=mine.name,
        email=mine.email,
        has_password=mine.password_hash is not None,
        sessions=session_views(),
        layout="layouts/staff.html" if g.identity.is_staff else "layouts/client.html",
    )


def session_views() -> list[SessionView]:
    """Return where the signed-in person is signed in, this place first."""
    zone = the_facts().zone
    views = [
        SessionView(
            public_id=row.public_id,
            program=row.program or "A browser",
            began=format_moment(row.created_at, zone),
            last_seen=format_moment(row.last_seen_at, zone),
            is_this_one=row.public_id == g.identity.session_id,
        )
        for row in sessions_of(db.session(), g.identity.account_id, now=g.now)
    ]
    return sorted(views, key=lambda view: not view.is_this_one)
