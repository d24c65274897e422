"""One's own account: what it is called, its password, and where it is signed in."""

from flask import render_template
from flask.typing import ResponseReturnValue

from practice.domain.permissions import Permission
from practice.web.access import requires
from practice.web.accounts.blueprint import bp


@bp.get("/account")
@requires(Permission.SIGNED_IN)
def account() -> ResponseReturnValue:
    """Show the account."""
    return render_template("accounts/account.html")
