"""People who act for a client: guardians with their rights, and the client's own sign-in."""

from datetime import date

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db, in_unit_of_work
from practice.domain.ages import BirthDates
from practice.domain.consenting import may_still_read
from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.models import AccessKind, Client
from practice.queries.access import Access, access_to
from practice.queries.practice import the_practice
from practice.services.access import Rights, change_access, end_access, invite_to_act, reads_by_default, rules_of
from practice.services.birth_dates import birth_dates
from practice.web.access import requires
from practice.web.asking import full_address
from practice.web.calendar_days import today_here
from practice.web.desk.blueprint import bp
from practice.web.desk.named import the_client
from practice.web.desk.people_forms import RIGHTS, GuardianForm, OwnSignInForm, RightsForm, ticked
from practice.web.desk.people_shown import people_page, person_page
from practice.web.saving import save

NEW_RIGHTS = [name for name in RIGHTS if getattr(Rights(), name)]


@bp.get("/clients/<public_id>/people")
@requires(Permission.CLIENTS_WRITE)
def people(public_id: str) -> ResponseReturnValue:
    """Show who acts for a client."""
    client = the_client(public_id)
    page = people_page(client, access_to(db.session(), client.id), lambda row: reads_today(client, row))
    return render_template("desk/people.html", page=page)


@bp.get("/clients/<public_id>/people/new")
@requires(Permission.CLIENTS_WRITE)
def person_new(public_id: str) -> ResponseReturnValue:
    """Ask who is to act for a client."""
    client = the_client(public_id)
    rules = rules_of(the_practice(db.session()))
    reads = ["can_read"] if reads_by_default(born(client), rules, today_here()) else []
    return _new_page(client, GuardianForm(data={"rights": [*NEW_RIGHTS, *reads], "valid_from": today_here()}))


@bp.post("/clients/<public_id>/people/new")
@requires(Permission.CLIENTS_WRITE)
def person_add(public_id: str) -> ResponseReturnValue:
    """Let them, and invite them."""
    client, form = the_client(public_id), GuardianForm(request.form)
    here, opens = url_for("desk.people", public_id=public_id), opener()
    return save(
        form,
        lambda session: invite_to_act(
            session, public_id, form.to_access(), link_for=link_for, born_on=opens,
            by=g.identity, now=g.now,
        ),
        page=lambda: _new_page(client, form),
        said="They can act for this client now. We have written to them.",
        to=here,
    )  # fmt: skip


@bp.get("/clients/<public_id>/people/sign-in")
@requires(Permission.CLIENTS_WRITE)
def own_sign_in(public_id: str) -> ResponseReturnValue:
    """Ask for the client's own address."""
    client = the_client(public_id)
    return _sign_in_page(client, OwnSignInForm(data={"email": client.email}))


@bp.post("/clients/<public_id>/people/sign-in")
@requires(Permission.CLIENTS_WRITE)
def own_sign_in_invite(public_id: str) -> ResponseReturnValue:
    """Invite the client to a sign-in of their own."""
    client, form = the_client(public_id), OwnSignInForm(request.form)
    name, today, opens = client.display_name, today_here(), opener()
    return save(
        form,
        lambda session: invite_to_act(
            session, public_id, form.to_access(name, today), link_for=link_for,
            born_on=opens, by=g.identity, now=g.now,
        ),
        page=lambda: _sign_in_page(client, form),
        said="They are invited to a sign-in of their own. We have written to them.",
        to=url_for("desk.people", public_id=public_id),
    )  # fmt: skip


@bp.get("/clients/<public_id>/people/<account_id>")
@requires(Permission.CLIENTS_WRITE)
def person(public_id: str, account_id: str) -> ResponseReturnValue:
    """Show a guardian's rights, to be changed."""
    client, row = _guardian(public_id, account_id)
    rights = ticked(row, reads=reads_today(client, row))
    form = RightsForm(data={"rights": rights, "valid_from": row.valid_from, "valid_until": row.valid_until})
    return _page(client, row, form)


@bp.post("/clients/<public_id>/people/<account_id>")
@requires(Permission.CLIENTS_WRITE)
def person_change(public_id: str, account_id: str) -> ResponseReturnValue:
    """Change them; they count from the guardian's next request on."""
    client, row = _guardian(public_id, account_id)
    form = RightsForm(request.form)
    return save(
        form,
        lambda session: change_access(
            session, public_id, account_id, form.to_rights(), valid_from=form.first_day(),
            valid_until=form.valid_until.data, by=g.identity, now=g.now,
        ),
        page=lambda: _page(client, row, form),
        said="The rights are saved.",
        to=url_for("desk.people", public_id=public_id),
    )  # fmt: skip


@bp.post("/clients/<public_id>/people/<account_id>/end")
@requires(Permission.CLIENTS_WRITE)
def person_end(public_id: str, account_id: str) -> ResponseReturnValue:
    """End it today."""
    the_client(public_id)
    in_unit_of_work(lambda session: end_access(session, public_id, account_id, by=g.identity, now=g.now))
    flash("They do not act for this client any more.")
    return redirect(url_for("desk.people", public_id=public_id), 303)


def link_for(token: str) -> str:
    """Return the address at which an invitation is taken up."""
    return full_address("accounts.password_new", token=token)


def opener() -> BirthDates:
    """Return what opens birth dates."""
    return birth_dates(current_app.extensions["vault"])


def born(client: Client) -> date | None:
    """Return when a client was born, where that is known: for what follows from it, not to be shown."""
    return opener()(client.wrapped_key, client.public_id, client.birth_date_sealed)


def reads_today(client: Client, row: Access) -> bool:
    """Whether somebody may read a client's answers today."""
    rules = rules_of(the_practice(db.session()))
    return row.can_read and (
        row.kind == AccessKind.SELF or may_still_read(born(client), rules, row.reads_since, today_here())
    )


def _guardian(public_id: str, account_id: str) -> tuple[Client, Access]:
    client = the_client(public_id)
    rows = access_to(db.session(), client.id)
    found = [row for row in rows if row.public_id == account_id and row.kind == AccessKind.GUARDIAN]
    if not found:
        raise NotFound
    return client, found[0]


def _new_page(client: Client, form: GuardianForm) -> str:
    return render_template("desk/person_new.html", page=person_page(client), form=form)


def _sign_in_page(client: Client, form: OwnSignInForm) -> str:
    return render_template("desk/own_sign_in.html", page=person_page(client), form=form)


def _page(client: Client, row: Access, form: RightsForm) -> str:
    return render_template("desk/person.html", page=person_page(client, row), form=form)
