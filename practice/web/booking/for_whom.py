"""Who the session is for, asked once more from the check page: the time stays kept where as many people come."""

from dataclasses import replace

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import in_unit_of_work
from practice.domain.permissions import Permission
from practice.queries.held import HeldTime
from practice.services.checkout import let_go
from practice.web.access import requires
from practice.web.booking.blueprint import bp
from practice.web.booking.browser import Draft, remember
from practice.web.booking.forms import WHO_HINTS
from practice.web.booking.held import same_time, the_held
from practice.web.booking.onward import next_step
from practice.web.booking.path import Chosen, Path, path_of
from practice.web.booking.start import WhoForm, answer_of, who_form
from practice.web.fitting import known_of


@bp.get("/held/<hold_id>/who")
@requires(Permission.PUBLIC)
def for_whom(hold_id: str) -> ResponseReturnValue:
    """Ask again, with the answer that was given."""
    _, draft = the_held(hold_id)
    path = path_of(draft.service)
    form = who_form(path, None, Chosen())
    form.who.data = draft.who.split(".") if path.clients and path.is_for_two else draft.who
    return _page(hold_id, path, form)


@bp.post("/held/<hold_id>/who")
@requires(Permission.PUBLIC)
def save_for_whom(hold_id: str) -> ResponseReturnValue:
    """Take the new answer. Where more or fewer people come, or they need something else, the time is chosen
    again: it is offered first."""
    held, draft = the_held(hold_id)
    path = path_of(draft.service)
    form = who_form(path, request.form, Chosen())
    if not form.validate():
        return _page(hold_id, path, form), 422
    changed = replace(draft, who=answer_of(form))
    if path.places(changed.who) != held.places or _needs_other(path, draft.who, changed.who):
        return _again(held, changed)
    remember(hold_id, changed)
    return redirect(url_for(next_step(changed), hold_id=hold_id), 303)


def _needs_other(path: Path, before: str, after: str) -> bool:
    """Whether those who come now need something else than those for whom the time was chosen."""
    if not path.clients:
        return False
    was, now = (known_of([each.id for each in path.people(who)]).needs for who in (before, after))
    return was != now


def _again(held: HeldTime, draft: Draft) -> ResponseReturnValue:
    in_unit_of_work(lambda session: let_go(session, held.id, now=g.now))
    return redirect(same_time(draft).address("booking.time", draft.service), 303)


def _page(hold_id: str, path: Path, form: WhoForm) -> str:
    back = url_for("booking.check", hold_id=hold_id)
    action = url_for("booking.save_for_whom", hold_id=hold_id)
    return render_template("booking/who.html", path=path, form=form, hints=WHO_HINTS, back_href=back, action=action)
