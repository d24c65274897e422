"""Who works here: list and invite, what each works as, invitations, accounts closed and opened."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from practice.db import db, in_unit_of_work
from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.permissions import Permission
from practice.models import Account, Role
from practice.queries.staff import Person, person, profiles_without_account, staff
from practice.services.accounts import enable_account
from practice.services.staff import NEW_PROFILE, change_work, close, invite, invite_again, named, withdraw
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.pages import Empty, FormPage, Group, ListPage, Press, Row, Way, page_links, show_list, trail
from practice.web.admin.people_forms import ROLE_HINTS, ROLES, InviteForm, WorkForm
from practice.web.asking import full_address
from practice.web.board import Status
from practice.web.facts import Fact
from practice.web.frame import the_facts
from practice.web.paging import read_page
from practice.web.presenting import format_moment, habit_of, join_words
from practice.web.saving import save

W = TypeVar("W", bound=WorkForm)
COLUMNS = ("Name", "E-mail", "Works as")
EMPTY = Empty("Nobody yet", "Invite the people who work here.")
GROUPS = (Group("", ("name", "email", "roles", "therapist")),)
WORK = (Group("", ("roles", "therapist")),)
OWN = "This is your own account. Another admin can close it."
INVITED = "The invitation is on its way. Its link works for seven days."
NEW = "A new profile, made from the name above"


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Somebody who works here, as a page shows them beside the form of what they work as."""

    form: FormPage
    status: Status | None
    facts: tuple[Fact, ...]
    profile: Way | None


@bp.get("/staff")
@requires(Permission.ADMIN)
def staff_list() -> ResponseReturnValue:
    """List everybody who works here and has an account."""
    number = read_page(request.args)
    found = staff(db.session(), number)
    rows = tuple(_row(each) for each in found.rows)
    add = Way("Invite somebody", url_for("admin.staff_new"))
    links = page_links("admin.staff_list", number, found.total)
    return show_list(ListPage("Staff", COLUMNS, rows, add, EMPTY, pages=links))


@bp.get("/staff/new")
@requires(Permission.ADMIN)
def staff_new() -> ResponseReturnValue:
    """Ask whom to invite; from the therapists' list it begins with one of them."""
    roles = [Role.THERAPIST] if request.args.get("role") == Role.THERAPIST else []
    return _invite_page(_offered(InviteForm(data={"roles": roles, "therapist": NEW_PROFILE if roles else ""})))


@bp.post("/staff/new")
@requires(Permission.ADMIN)
def staff_invite() -> ResponseReturnValue:
    """Make an account, and mail a link for choosing its password; a therapist's profile comes next."""
    form = _offered(InviteForm(request.form))

    def act(session: Session) -> str:
        made = invite(
            session, str(form.email.data), str(form.name.data), form.to_work(),
            link_for=_link, by=g.identity, now=g.now,
        )  # fmt: skip
        return made.public_id

    return save(form, act, page=lambda: _invite_page(form), said=INVITED, to=_after_inviting)


@bp.get("/staff/<public_id>")
@requires(Permission.ADMIN)
def staff_person(public_id: str) -> ResponseReturnValue:
    """Show somebody who works here: what they work as, and how their account stands."""
    found = _person(public_id)
    slug = found.profile.slug if found.profile else ""
    return _page(_offered(WorkForm(data={"roles": sorted(found.roles), "therapist": slug}), found), found)


@bp.post("/staff/<public_id>")
@requires(Permission.ADMIN)
def staff_work(public_id: str) -> ResponseReturnValue:
    """Change what somebody works as."""
    found = _person(public_id)
    form = _offered(WorkForm(request.form), found)
    stays_admin = public_id != g.identity.id or "admin" in (form.roles.data or ())
    return save(
        form,
        lambda session: change_work(session, named(session, public_id), form.to_work(), by=g.identity, now=g.now),
        page=lambda: _page(form, found),
        said="Saved. It counts from their next click on.",
        to=url_for("admin.staff_list" if stays_admin else "public.home"),
    )


@bp.post("/staff/<public_id>/invite")
@requires(Permission.ADMIN)
def staff_invite_again(public_id: str) -> ResponseReturnValue:
    """Send the invitation again; the link before it ends."""
    act = lambda session, found: invite_again(session, found, link_for=_link, by=g.identity, now=g.now)  # noqa: E731
    return _do(public_id, act, INVITED)


@bp.post("/staff/<public_id>/withdraw")
@requires(Permission.ADMIN)
def staff_withdraw(public_id: str) -> ResponseReturnValue:
    """Take an invitation back that nobody used."""
    in_unit_of_work(lambda session: withdraw(session, named(session, public_id), by=g.identity, now=g.now))
    flash("The invitation is withdrawn. Its link does nothing any more.")
    return redirect(url_for("admin.staff_list"), 303)


@bp.post("/staff/<public_id>/close")
@requires(Permission.ADMIN)
def staff_close(public_id: str) -> ResponseReturnValue:
    """Close an account, but never one's own."""
    if public_id == g.identity.id:
        raise ValidationFailed(OWN)
    act = lambda session, found: close(session, found, by=g.identity, now=g.now)  # noqa: E731
    return _do(public_id, act, "The account is closed, and signed out everywhere.")


@bp.post("/staff/<public_id>/open")
@requires(Permission.ADMIN)
def staff_open(public_id: str) -> ResponseReturnValue:
    """Open a closed account again."""
    act = lambda session, found: enable_account(session, found, by=g.identity, now=g.now)  # noqa: E731
    return _do(public_id, act, "The account is open again.")


def _do(public_id: str, act: Callable[[Session, Account], None], said: str) -> ResponseReturnValue:
    in_unit_of_work(lambda session: act(session, named(session, public_id)))
    flash(said)
    return redirect(url_for("admin.staff_person", public_id=public_id), 303)


def _person(public_id: str) -> Person:
    found = person(db.session(), public_id)
    if found is None:
        raise NotFound
    return found


def _link(token: str) -> str:
    return full_address("accounts.password_new", token=token)


def _after_inviting(public_id: str) -> str:
    made = _person(public_id)
    if made.profile is None:
        return url_for("admin.staff_list")
    return url_for("admin.therapist", slug=made.profile.slug)


def _offered(form: W, found: Person | None = None) -> W:
    own = {found.profile.slug: found.profile.name} if found and found.profile else {}
    free = {each.slug: each.name for each in profiles_without_account(db.session())}
    form.therapist.choices = {"": "Nobody's"} | own | {NEW_PROFILE: NEW} | free
    return form


def _invite_page(form: WorkForm) -> str:
    page = FormPage(
        "Invite somebody",
        trail("Staff", "admin.staff_list"),
        intro="They get an e-mail with a link for choosing a password.",
        groups=GROUPS,
        button="Send the invitation",
    )
    return render_template("admin/person.html", form=form, page=PersonPage(page, None, (), None), hints=ROLE_HINTS)


def _page(form: WorkForm, found: Person) -> str:
    account, profile = found.account, found.profile
    page = FormPage(account.name, trail("Staff", "admin.staff_list"), groups=WORK, presses=_presses(found))
    way = Way("Open the profile", url_for("admin.therapist", slug=profile.slug)) if profile else None
    facts = (Fact("E-mail", account.email), Fact("Account", _state(found)))
    return render_template(
        "admin/person.html", form=form, page=PersonPage(page, _status(found), facts, way), hints=ROLE_HINTS
    )


def _presses(found: Person) -> tuple[Press, ...]:
    def press(label: str, name: str, kind: str = "secondary") -> Press:
        return Press(label, url_for(f"admin.staff_{name}", public_id=found.account.public_id), kind=kind)

    if found.account.public_id == g.identity.id:
        return ()
    if found.account.disabled_at:
        return (press("Open the account again", "open"),)
    if found.is_waiting:
        return (press("Send the invitation again", "invite_again"), press("Withdraw it", "withdraw", "danger"))
    return (press("Close the account", "close", "danger"),)


def _state(found: Person) -> str:
    facts = the_facts()
    if found.account.disabled_at:
        closed = format_moment(found.account.disabled_at, facts.zone, habit_of(facts.locale))
        return f"Closed since {closed}: nobody can sign in with it"
    if not found.is_waiting:
        return "In use"
    if found.invited_until is None or found.invited_until <= g.now:
        return "The invitation has ended before it was used: send it again"
    until = format_moment(found.invited_until, facts.zone, habit_of(facts.locale))
    return f"Invited: the link works until {until}"


def _status(found: Person) -> Status | None:
    if found.account.disabled_at:
        return Status("Closed", "ended")
    if not found.is_waiting:
        return None
    is_open = found.invited_until is not None and found.invited_until > g.now
    return Status("Invited", "", "mail") if is_open else Status("Invitation ended", "attention")


def _row(found: Person) -> Row:
    works_as = join_words([words for role, words in ROLES.items() if role in found.roles])
    return Row(
        found.account.name,
        url_for("admin.staff_person", public_id=found.account.public_id),
        (found.account.email, works_as),
        _status(found),
    )
