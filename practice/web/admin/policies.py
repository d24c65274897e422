"""The practice's policies, each with a sentence that clients read, written by the code that writes it for them."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from practice.db import db
from practice.domain.calendars import Attendee, level_in_force, session_title
from practice.domain.permissions import Permission
from practice.queries.practice import PracticeFacts, the_practice
from practice.services.practice_setup import Policies, change_practice
from practice.web.access import requires
from practice.web.admin.blueprint import bp
from practice.web.admin.forms import PoliciesForm
from practice.web.admin.pages import FormPage, Group, Preview, home_trail, save_or_preview, show_form
from practice.web.cancel_words import cancel_words, terms_for
from practice.web.frame import the_facts
from practice.web.policy_words import booking_words
from practice.web.presenting import format_time, habit_of
from practice.web.rule_words import approval_words

EXAMPLE_HOUR = 17
SOMEBODY = Attendee("example", "Sam Rivers")
GROUPS = (
    Group("When a session can be booked", ("notice_minutes", "window_days")),
    Group("Cancelling", ("free_cancel_hours", "late_fee")),
    Group("While somebody books", ("hold_minutes", "request_minutes", "answer_hours")),
    Group("In the United States", ("checks_licences", "gives_estimates")),
    Group("Calendars outside", ("allows_full_names_in_feeds",)),
)
NOT_THERE = "Where will you be during the session? This therapist is not licensed there. You can meet in person."
ESTIMATES = "Before your sessions begin, you get an estimate of what they will cost."
NOTE = "They hold from now on, for sessions that are booked already, too."


@dataclass(frozen=True, slots=True)
class Sentences:
    """What clients, and the calendars of staff, say under some policies; times as they end up on a page."""

    booking: str
    cancelling: str
    kept_until: str
    proof_until: str
    answer: str
    licences: str
    estimates: str
    title: str


@bp.get("/policies")
@requires(Permission.ADMIN)
def policies() -> ResponseReturnValue:
    """Show what holds for every booking."""
    found = the_practice(db.session())
    form = PoliciesForm(obj=found, data={"late_fee": found.late_fee_cents})
    return _page(form, Policies(**{name: getattr(found, name) for name in Policies.__dataclass_fields__}))


@bp.post("/policies")
@requires(Permission.ADMIN)
def policies_save() -> ResponseReturnValue:
    """Change it, or show first what clients would read."""
    form = PoliciesForm(request.form)
    return save_or_preview(
        form,
        lambda session: change_practice(session, form.to_policies(), by=g.identity, now=g.now),
        page=lambda is_preview: _page(form, form.to_policies() if is_preview else None, is_saved=False),
        said="Saved. This is what clients read from now on.",
        to=url_for("admin.policies"),
    )


def sentences(wanted: Policies, facts: PracticeFacts, now: datetime) -> Sentences:
    """Return what is read under ``wanted``, for a session on the Thursday of next week, at 5 PM."""
    changed = {name: value for name, value in asdict(wanted).items() if hasattr(facts, name)}
    facts, habit = replace(facts, **changed), habit_of(facts.locale)
    today = now.astimezone(ZoneInfo(facts.zone))
    thursday = today + timedelta(days=(3 - today.weekday()) % 7 + 7)
    starts_at = thursday.replace(hour=EXAMPLE_HOUR, minute=0, second=0, microsecond=0)
    level = level_in_force("full", allows_full_names=wanted.allows_full_names_in_feeds)
    return Sentences(
        booking=booking_words(wanted.notice_minutes, wanted.window_days),
        cancelling=cancel_words(starts_at, facts.zone, terms_for(facts), facts, now),
        kept_until=format_time(now + timedelta(minutes=wanted.hold_minutes), facts.zone, habit),
        proof_until=format_time(now + timedelta(minutes=wanted.request_minutes), facts.zone, habit),
        answer=approval_words(facts.answer_hours),
        licences=NOT_THERE if facts.checks_licences else "Nobody is asked where they are.",
        estimates=ESTIMATES if facts.gives_estimates else "No estimates are made.",
        title=session_title(level, [SOMEBODY], is_group=False),
    )


def _page(form: PoliciesForm, wanted: Policies | None, *, is_saved: bool = True) -> str:
    preview = None
    if wanted is not None:
        shown = sentences(wanted, the_facts(), g.now)
        heading = "What people read, for a session on Thursday of next week at 5:00 PM"
        preview = Preview(heading, "sentences", shown, is_saved)
    return show_form(form, FormPage("Policies", home_trail(), note=NOTE, groups=GROUPS, preview=preview))
