"""Booking for a caller: service, time, who, check. What was chosen is in the address; nothing is kept before that."""

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.domain.weekly_hours import minute_of
from practice.models import Client
from practice.queries.parties import parties
from practice.services.booking import book_appointment
from practice.web.access import requires
from practice.web.calendar_days import today_here
from practice.web.desk.blueprint import bp
from practice.web.desk.booking_shown import any_time_form, length_links, services_page, who_found, who_page
from practice.web.desk.checking import booked_already, check_page, take
from practice.web.desk.finding import answer_typed, search, typed_words
from practice.web.desk.forms import AnyTimeForm, WayForm
from practice.web.desk.gap import gap_page
from practice.web.desk.path import Chosen, Path, chosen_of, path_of, wish_of
from practice.web.desk.times import times_page
from practice.web.reading import note_read


@bp.get("/book")
@requires(Permission.DESK)
def book() -> ResponseReturnValue:
    """Choose a service, or with ?start= and ?therapist= one that fits into free time of the board."""
    client = request.args.get("client", "")
    if "start" in request.args:
        return render_template("desk/book/gap.html", page=gap_page(request.args, client))
    return render_template("desk/book/services.html", page=services_page(client))


@bp.get("/book/<slug>")
@requires(Permission.DESK)
def book_times(slug: str) -> ResponseReturnValue:
    """Choose a time, with anyone or with one therapist."""
    path = path_of(slug, {name: request.args.get(name, "") for name in ("client", "length")})
    return _times_page(path, any_time_form(path))


@bp.get("/book/<slug>/at")
@requires(Permission.DESK)
def book_at(slug: str) -> ResponseReturnValue:
    """Read any time, offered or not, and lead on with it: the last step says what speaks against it."""
    path = path_of(slug, {name: request.args.get(name, "") for name in ("client", "length")})
    form = any_time_form(path, AnyTimeForm(request.args))
    if not form.validate() or form.on.data is None:
        return _times_page(path, form), 422
    start = minute_of(path.rules.practice.zone, form.on.data, int(form.time.data))
    return redirect(path.url("book_who", at=f"{start}.{form.whom.data}"))


@bp.get("/book/<slug>/who")
@requires(Permission.CLIENTS_READ)
def book_who(slug: str) -> ResponseReturnValue:
    """Find who comes, among the clients."""
    path = path_of(slug, request.args)
    chosen = chosen_of(path.rules, path.service, path.at, path.asking)
    if path.is_complete:
        return redirect(path.url("book_check"))
    found = who_found(path, search(typed_words()))
    return render_template("desk/book/who.html", page=who_page(path, chosen), found=found)


@bp.post("/book/<slug>/who")
@requires(Permission.CLIENTS_READ)
def book_who_typed(slug: str) -> ResponseReturnValue:
    """Find who comes by what was typed."""
    path = path_of(slug, request.args)
    values = {"slug": slug, "at": path.at} | ({"client": path.who} if path.clients else {})
    values |= {"length": str(path.asking.duration_minutes)} if path.asking.duration_minutes else {}
    return answer_typed("desk.book_who", lambda made: who_found(path, made), **values)


@bp.get("/book/<slug>/check")
@requires(Permission.DESK)
def book_check(slug: str) -> ResponseReturnValue:
    """Show what was chosen, once more."""
    path = _complete(slug)
    chosen = chosen_of(path.rules, path.service, path.at, path.asking)
    ids = [client.id for client in path.clients]
    already = "" if chosen.slot else booked_already(path.service, chosen, lambda place: place.client_id in ids)
    if already:
        return redirect(already)
    form = WayForm(data={"at": path.at})
    return _check_page(path, chosen, form), 409 if form.form_errors else 200


@bp.post("/book/<slug>/check")
@requires(Permission.DESK)
def book_now(slug: str) -> ResponseReturnValue:
    """Book it."""
    path = _complete(slug)
    ids = [client.id for client in path.clients]

    def act(session: Session, chosen: Chosen) -> str:
        wish = wish_of(path, chosen, form)
        who = parties(session, ids, today_here())
        return book_appointment(session, path.rules, wish, who, by=g.identity, now=g.now).public_id

    form = WayForm(request.form)
    return take(
        form,
        path.rules,
        path.service,
        act,
        page=lambda chosen: _check_page(path, chosen, form),
        said="Booked.",
        is_theirs=lambda place: place.client_id in ids,
    )


def _times_page(path: Path, form: AnyTimeForm) -> str:
    here = path.url("book_who")
    prefix = here + ("&" if "?" in here else "?") + "at="
    page = times_page(path.service, path.rules, prefix, asking=path.asking)
    return render_template("desk/book/times.html", page=page, path=path, form=form, lengths=length_links(path))


def _complete(slug: str) -> Path:
    path = path_of(slug, request.args)
    if not path.is_complete:
        raise NotFound
    return path


def _check_page(path: Path, chosen: Chosen, form: WayForm) -> str:
    for client in path.clients:
        note_read("client.read", ("client", client.public_id))
    page = check_page(path, chosen, form)
    return render_template("desk/book/check.html", page=page, path=path, form=form, words=_words(path.clients))


def _words(clients: tuple[Client, ...]) -> str:
    return " and ".join(client.display_name for client in clients)
