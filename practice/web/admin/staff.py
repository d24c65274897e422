"""Who works here and has an account: list, invite, close, open."""

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from practice.db import db, in_unit_of_work
from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.permissions import Permission
from practice.models import Account
from practice.queries.setup import account_by_public_id, all_therapists, staff_accounts
from practice.services.accounts import NewAccount, disable_account, enable_account, invite
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.forms import ROLES, InviteForm
from practice.web.admin.pages import FormPage, ListPage, Press, Row, Way, show_form, show_list
from practice.web.asking import full_address
from practice.web.board import Status
from practice.web.presenting import join_words
from practice.web.saving import save


@bp.get("/staff")
@requires(Permission.ADMIN)
def staff() -> ResponseReturnValue:
    """List everybody who works here and has an account."""
    rows = tuple(_row(account) for account in staff_accounts(db.session()))
    add = Way("Invite somebody", url_for("admin.staff_new"))
    return show_list(ListPage("Staff", ("Name", "E-mail", "Works as", "More"), rows, add, "Nobody yet"))


@bp.get("/staff/new")
@requires(Permission.ADMIN)
def staff_new() -> ResponseReturnValue:
    """Ask whom to invite."""
    return show_form(_offered(InviteForm()), _page())


@bp.post("/staff/new")
@requires(Permission.ADMIN)
def staff_invite() -> ResponseReturnValue:
    """Make an account, and mail a link for choosing its password."""
    form = _offered(InviteForm(request.form))
    return save(
        form,
        lambda session: invite(session, _account_of(form), link_for=_address_of, by=g.identity, now=g.now),
        page=lambda: show_form(form, _page()),
        said="The invitation is on its way. Its link works for seven days.",
        to=url_for("admin.staff"),
    )


@bp.post("/staff/<public_id>/close")
@requires(Permission.ADMIN)
def staff_close(public_id: str) -> ResponseReturnValue:
    """Close an account, but never one's own."""
    if public_id == g.identity.id:
        raise ValidationFailed("This is your own account. Another admin can close it.")
    in_unit_of_work(lambda session: disable_account(session, _named(session, public_id), by=g.identity, now=g.now))
    flash("The account is closed, and signed out everywhere.")
    return redirect(url_for("admin.staff"), 303)


@bp.post("/staff/<public_id>/open")
@requires(Permission.ADMIN)
def staff_open(public_id: str) -> ResponseReturnValue:
    """Open a closed account again."""
    in_unit_of_work(lambda session: enable_account(session, _named(session, public_id), by=g.identity, now=g.now))
    flash("The account is open again.")
    return redirect(url_for("admin.staff"), 303)


def _named(session: Session, public_id: str) -> Account:
    found = account_by_public_id(session, public_id)
    if found is None:
        raise NotFound
    return found


def _account_of(form: InviteForm) -> NewAccount:
    slug = str(form.therapist.data or "") or None
    roles = frozenset(form.roles.data or ())
    if slug is None and "therapist" in roles:
        sentence = "Choose which therapist it is."
        raise ValidationFailed(sentence, errors={"therapist": sentence})
    if slug is not None and "therapist" not in roles:
        sentence = "Choose Therapist too, or leave this empty."
        raise ValidationFailed(sentence, errors={"therapist": sentence})
    return NewAccount(str(form.email.data), str(form.name.data), roles, slug)


def _address_of(token: str) -> str:
    return full_address("accounts.password_new", token=token)


def _offered(form: InviteForm) -> InviteForm:
    free = {each.slug: each.name for each in all_therapists(db.session()) if each.account_id is None}
    form.therapist.choices = {"": "None"} | free
    return form


def _page() -> FormPage:
    intro = "They get an e-mail with a link for choosing a password."
    return FormPage("Invite somebody", Way("Staff", url_for("admin.staff")), intro, button="Send the invitation")


def _row(account: Account) -> Row:
    works_as = join_words([words for role, words in ROLES.items() if role in {row.role for row in account.roles}])
    if account.disabled_at:
        press = Press("Open it again", url_for("admin.staff_open", public_id=account.public_id))
    else:
        press = Press("Close the account", url_for("admin.staff_close", public_id=account.public_id))
    is_own = account.public_id == g.identity.id
    return Row(
        account.name,
        "",
        (account.email, works_as),
        Status("Closed", "ended") if account.disabled_at else None,
        presses=() if is_own else (press,),
    )
