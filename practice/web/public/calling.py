"""Asking to be called: a name, a number and the best time, and never why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from practice.db import db, in_unit_of_work
from practice.domain.permissions import Permission
from practice.domain.rule_book import Audience
from practice.domain.slots import is_open_to
from practice.models import BestTime
from practice.queries.busy import current_rules
from practice.services.calls import CallWish, ask_for_call
from practice.services.throttle import Limit
from practice.web.access import requires
from practice.web.asking import network, throttle_key
from practice.web.call_times import BEST_TIMES
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import PhoneField
from practice.web.frame import the_facts
from practice.web.public.blueprint import bp

FROM_A_NETWORK, FOR_A_NUMBER, WITHIN = 10, 3, timedelta(hours=1)


class CallForm(BaseForm):
    """Whom to call, where and when; what it is about comes with the link."""

    name = StringField(
        "Your name", [InputRequired("Enter your name."), Length(max=120)], description="Whom should we ask for?"
    )
    phone = PhoneField(
        "Phone number",
        [InputRequired("Enter a phone number.")],
        description="One where it is safe for us to call.",
    )
    best_time = RadioField(
        "When would you like us to call?",
        [InputRequired("Choose when we should call.")],
        choices=BEST_TIMES,
        default=BestTime.ANY.value,
    )
    service = HiddenField()
    therapist = HiddenField()


@dataclass(frozen=True, slots=True)
class About:
    """What the call is about, as far as whoever asks may see it."""

    words: str = ""
    service_id: int | None = None
    therapist_id: int | None = None


@bp.get("/call")
@requires(Permission.PUBLIC)
def call() -> ResponseReturnValue:
    """Ask for a name and a number."""
    known = {name: request.args.get(name, "") for name in ("service", "therapist")}
    is_client = bool(g.identity.books_for)
    return _page(CallForm(data={**known, "name": g.identity.name if is_client else ""}), about_of(known))


@bp.post("/call")
@requires(Permission.PUBLIC)
def call_ask() -> ResponseReturnValue:
    """Note the wish, and say when we call."""
    form = CallForm(request.form)
    about = about_of(request.form)
    if not form.validate():
        return _page(form, about), 422
    phone, best_time = str(form.phone.data), str(form.best_time.data)
    wish = CallWish(str(form.name.data), phone, best_time, about.service_id, about.therapist_id)
    limits = (
        Limit(throttle_key("call", network()), FROM_A_NETWORK, WITHIN),
        Limit(throttle_key("call-number", phone), FOR_A_NUMBER, WITHIN),
    )
    in_unit_of_work(lambda session: ask_for_call(session, wish, limits=limits, by=g.identity, now=g.now))
    return redirect(url_for(".call_asked", when=best_time), 303)


@bp.get("/call/asked")
@requires(Permission.PUBLIC)
def call_asked() -> ResponseReturnValue:
    """Say that we call, and when."""
    chosen = request.args.get("when", "")
    when = BEST_TIMES[chosen].lower() if chosen in BEST_TIMES and chosen != BestTime.ANY.value else ""
    return render_template("public/call_asked.html", when=when, facts=the_facts())


def about_of(args: Mapping[str, str]) -> About:
    """Return what a link is about. What is not there, or not for whoever asks, is left out without a word."""
    rules = current_rules(db.session())
    viewer: Audience = "clients" if g.identity.is_signed_in else "public"
    service = rules.service_by_slug.get(args.get("service", ""))
    if service is not None and not is_open_to(service.audience, "clients"):
        service = None
    therapist = rules.therapist_by_slug.get(args.get("therapist", ""))
    if therapist is not None and not is_open_to(therapist.listing, viewer):
        therapist = None
    words = " with ".join(each.name for each in (service, therapist) if each)
    return About(words, service.id if service else None, therapist.id if therapist else None)


def _page(form: CallForm, about: About) -> str:
    return render_template("public/call.html", form=form, about=about.words, facts=the_facts())
