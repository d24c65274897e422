"""The question where somebody will be during a session online: a therapist has to be licensed there."""

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.domain.permissions import Permission
from practice.web.access import requires
from practice.web.booking.blueprint import bp
from practice.web.booking.forms import WhereForm
from practice.web.booking.length import after_where
from practice.web.booking.path import Chosen, Path, asking_of, chosen_of, open_path_of


@bp.get("/<slug>/where")
@requires(Permission.PUBLIC)
def where(slug: str) -> ResponseReturnValue:
    """Ask in which state; what was said before is chosen already."""
    path, chosen = open_path_of(slug), chosen_of(request.args)
    path.places(chosen.who)
    return _page(path, chosen, WhereForm(data={**chosen.query(), "region": asking_of(path, chosen).region}))


@bp.post("/<slug>/where")
@requires(Permission.PUBLIC)
def say_where(slug: str) -> ResponseReturnValue:
    """Take the answer on: to the times, or to the question with whom."""
    path, form = open_path_of(slug), WhereForm(request.form)
    chosen = replace(chosen_of({**request.form, "region": ""}), meet="online")
    path.places(chosen.who)
    if not form.validate():
        return _page(path, chosen, form), 422
    return redirect(after_where(path, replace(chosen, region=form.region.data or "")), 303)


def _page(path: Path, chosen: Chosen, form: WhereForm) -> str:
    before = replace(chosen, meet=None) if path.service.in_person else replace(chosen, who="", meet=None)
    back = before.address("booking.time" if path.service.in_person else "booking.who", path.service.slug)
    action = url_for("booking.say_where", slug=path.service.slug)
    return render_template("booking/where.html", service=path.service.name, form=form, back_href=back, action=action)
