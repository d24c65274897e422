"""The first questions: which service, and for whom."""

from dataclasses import replace

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from practice.db import db
from practice.domain.permissions import Permission
from practice.queries.catalog import catalog
from practice.web.access import requires
from practice.web.booking.blueprint import bp
from practice.web.booking.forms import WHO_HINTS, ForWhomForm, WhichClientForm, WhichTwoForm
from practice.web.booking.length import after_who
from practice.web.booking.path import Chosen, Path, chosen_of, path_of
from practice.web.booking.shown import choices_of
from practice.web.frame import home_of, the_facts

WhoForm = ForWhomForm | WhichClientForm | WhichTwoForm


@bp.get("")
@requires(Permission.PUBLIC)
def start() -> ResponseReturnValue:
    """Ask what somebody would like to book."""
    if g.identity.is_staff and not g.identity.books_for:
        return redirect(home_of(g.identity), 303)
    found = catalog(db.session(), is_signed_in=g.identity.is_signed_in)
    page = choices_of(found.services, the_facts(), is_client=bool(g.identity.books_for))
    return render_template("booking/start.html", page=page)


@bp.get("/<slug>")
@requires(Permission.PUBLIC)
def who(slug: str) -> ResponseReturnValue:
    """Ask who the session is for; where it can only be one, lead on."""
    path, chosen = path_of(slug), chosen_of(request.args)
    if path.is_staff and not path.clients:
        return redirect(home_of(g.identity), 303)
    if not path.is_open:
        return render_template("booking/for_clients.html", path=path, next=request.full_path.rstrip("?"))
    form = who_form(path, None, chosen)
    if len(path.answers) == 1:
        return redirect(after_who(path, replace(chosen, who=next(iter(path.answers)))), 303)
    return _page(path, form)


@bp.post("/<slug>")
@requires(Permission.PUBLIC)
def choose_who(slug: str) -> ResponseReturnValue:
    """Take the answer on to the next question."""
    path, chosen = path_of(slug), chosen_of(request.form)
    form = who_form(path, request.form, chosen)
    if not path.is_open or not form.validate():
        return _page(path, form), 422
    return redirect(after_who(path, replace(chosen, who=answer_of(form))), 303)


def answer_of(form: WhoForm) -> str:
    """Return who the session is for as addresses carry it: two clients with a dot between them."""
    answer = form.who.data or ""
    return answer if isinstance(answer, str) else ".".join(answer)


def _page(path: Path, form: WhoForm) -> str:
    action = url_for("booking.choose_who", slug=path.service.slug)
    return render_template(
        "booking/who.html", path=path, form=form, hints=WHO_HINTS, back_href=url_for("booking.start"), action=action
    )


def who_form(path: Path, sent: MultiDict[str, str] | None, chosen: Chosen) -> WhoForm:
    """Return the question as it is asked of whoever asks."""
    known = replace(chosen, who="").query()
    kind = ForWhomForm if not path.clients else WhichTwoForm if path.is_for_two else WhichClientForm
    form: WhoForm = kind(sent, data=known)
    form.who.choices = path.answers
    if isinstance(form, WhichTwoForm):
        form.own = frozenset(each.public_id for each in path.clients)
    return form
