"""Links by mail: asking for one, and signing in with one. Opening a link changes nothing; its button does."""

from collections.abc import Callable

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, unit_of_work
from practice.domain.errors import TooManyTries
from practice.domain.permissions import Permission
from practice.models import TokenPurpose
from practice.queries.accounts import owner_of_link
from practice.services import links
from practice.services.links import LinkWish
from practice.web.access import requires
from practice.web.accounts.asking import link_limits, mail_limit, program_name
from practice.web.accounts.blueprint import bp
from practice.web.accounts.forms import LinkForm
from practice.web.accounts.signing_in import enter
from practice.web.asking import full_address, local_path

PAGES = {
    TokenPurpose.SIGN_IN: "accounts.link_show",
    TokenPurpose.PASSWORD: "accounts.password_new",
    TokenPurpose.INVITATION: "accounts.password_new",
}


@bp.get("/sign-in/link")
@requires(Permission.PUBLIC)
def link_new() -> ResponseReturnValue:
    """Ask where to send a sign-in link."""
    form = LinkForm(data={"next": local_path(request.args.get("next", ""))})
    return render_template("accounts/link_new.html", form=form, purpose=TokenPurpose.SIGN_IN)


@bp.post("/sign-in/link")
@requires(Permission.PUBLIC)
def link_create() -> ResponseReturnValue:
    """Send a sign-in link where the address is known; the answer is the same where it is not."""
    return _send(TokenPurpose.SIGN_IN)


@bp.get("/password")
@requires(Permission.PUBLIC)
def password_link_new() -> ResponseReturnValue:
    """Ask where to send a link for choosing a new password."""
    return render_template("accounts/link_new.html", form=LinkForm(), purpose=TokenPurpose.PASSWORD)


@bp.post("/password")
@requires(Permission.PUBLIC)
def password_link_create() -> ResponseReturnValue:
    """Send a link for choosing a new password where the address is known; the answer is the same where it is not."""
    return _send(TokenPurpose.PASSWORD)


@bp.get("/sign-in/link/sent")
@requires(Permission.PUBLIC)
def link_sent() -> ResponseReturnValue:
    """Say that a link is on its way, if there is somebody to send it to."""
    return render_template("accounts/link_sent.html")


@bp.get("/sign-in/link/<token>")
@requires(Permission.PUBLIC)
def link_show(token: str) -> ResponseReturnValue:
    """Show the button that signs in; mail programs that open links in advance use nothing up."""
    owner_of_link(db.session(), token, [TokenPurpose.SIGN_IN], now=g.now)
    return render_template("accounts/link_show.html", token=token)


@bp.post("/sign-in/link/<token>")
@requires(Permission.PUBLIC)
def link_use(token: str) -> ResponseReturnValue:
    """Use the link up and begin a session."""
    rules = current_app.extensions["session_rules"]
    with unit_of_work() as session:
        signed_in, leads_to = links.use_sign_in_link(session, token, program=program_name(), rules=rules, now=g.now)
    return enter(signed_in, local_path(leads_to))


def _send(purpose: TokenPurpose) -> ResponseReturnValue:
    form = LinkForm(request.form)
    status = 422
    if form.validate():
        email = form.email.data or ""
        wish = LinkWish(email, purpose, link_limits(), mail_limit(email), local_path(form.next.data))
        try:
            with unit_of_work() as session:
                links.request_link(session, wish, link_for=link_for(purpose), now=g.now)
        except TooManyTries as error:
            form.form_errors.append(error.message)
            status = error.status
        else:
            return redirect(url_for("accounts.link_sent"), 303)
    return render_template("accounts/link_new.html", form=form, purpose=purpose), status


def link_for(purpose: TokenPurpose) -> Callable[[str], str]:
    """Return what turns a token for ``purpose`` into the address of the page that uses it."""
    return lambda token: full_address(PAGES[purpose], token=token)
