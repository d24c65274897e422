"""Writes a message from its templates, and hands it to the mail server. No transaction is open meanwhile."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy.exc import DBAPIError

from practice.adapters.mail import Letter, Mailer, MailNotSent, MailRefused, compose
from practice.db import db, unit_of_work
from practice.domain.crisis import crisis_help
from practice.domain.policy import terms_of
from practice.queries.letters import SessionTold, told_of
from practice.queries.practice import PracticeFacts, practice_facts
from practice.queries.series_letters import series_told
from practice.services import outbox
from practice.services.birth_dates import birth_dates
from practice.services.outbox import Claimed
from practice.settings import Settings

log = logging.getLogger("practice.worker")
NOBODY = "practice@localhost.localdomain"
# What a template calls the address, the page that it leads to, and the part of the context that the page is about.
LINKS = (
    ("session_href", "client.show", "attendance"),
    ("series_href", "client.series", "series"),
    ("request_href", "booking.confirm_link", "request_link"),
    ("decision_href", "therapist.decision", "decision"),
    ("estimate_href", "client.estimate", "attendance"),
)


@dataclass(frozen=True, slots=True)
class MailFrame:
    """What surrounds every message."""

    subject: str
    practice_name: str
    contact: str
    crisis_text: str


def deliver(app: Flask, mailer: Mailer, message: Claimed) -> bool:
    """Write, send and mark one claimed message; a failure is noted and tried again later. Returns whether it went."""
    now = app.extensions["clock"]
    error, is_final = "", False
    try:
        born_on = birth_dates(app.extensions["vault"])
        if outbox.is_wanted(db.session(), message, born_on=born_on, now=now()):
            letter = write_letter(app, message)
            db.session.remove()
            mailer.send(compose(letter))
        else:
            error, is_final = "nobody needs it any more", True
    except MailRefused as refused:
        error, is_final = str(refused), True
    except MailNotSent as failure:
        error = str(failure)
    except DBAPIError:
        raise  # the claim ends by itself, and the message is sent when the database answers again
    except Exception as failure:  # one message that cannot be written must not keep the others from being sent
        error = f"{type(failure).__name__} in {message.template}"
        log.exception("The message %s cannot be written", message.public_id)
    finally:
        db.session.remove()
    with unit_of_work() as session:
        if error:
            outbox.mark_failed(session, message, error, now=now(), is_final=is_final)
        else:
            outbox.mark_sent(session, message, now=now())
    log.info("%s %s, try %s: %s", message.template, message.public_id, message.tries, error or "sent")
    return not error


def write_letter(app: Flask, message: Claimed) -> Letter:
    """Return the letter of a message. Raises a TemplateError where its templates are missing or broken."""
    settings: Settings = app.extensions["settings"]
    session = db.session()
    facts, told = practice_facts(session), told_of(session, message.template, message.context, message.created_at)
    context = {
        **message.context,
        **_links(app, settings, {**message.context, "attendance": told.attendance if told else ""}),
        "session": told,
        "series": series_told(session, message.context, message.created_at),
        **_policy(app, facts, told, message.created_at),
    }
    subject = _render(app, f"{message.template}.subject.txt", {**context, "mail": _frame(facts, "")}).strip()
    context["mail"] = _frame(facts, subject)
    return Letter(
        message_id=message.message_id,
        sender=facts.email or NOBODY,
        sender_name=facts.name,
        to=message.to_email,
        subject=subject,
        text=_render(app, f"{message.template}.txt", context),
        html=_render(app, f"{message.template}.html", context),
        written_at=message.created_at,
    )


def _render(app: Flask, name: str, context: Mapping[str, Any]) -> str:
    return app.jinja_env.get_template(f"mail/{name}").render(context)


def _frame(facts: PracticeFacts, subject: str) -> MailFrame:
    contact = " · ".join(part for part in (facts.email, facts.phone) if part)
    return MailFrame(subject, facts.name, contact, crisis_help(facts.crisis_text, facts.country).text)


def _policy(app: Flask, facts: PracticeFacts, told: SessionTold | None, now: datetime) -> dict[str, Any]:
    """Return how the practice tells the time, until when a session can be changed freely, and the fee after that."""
    policy: dict[str, Any] = {"habit": app.jinja_env.filters["habit_of"](facts.locale)}
    if told is None:
        return policy
    terms = terms_of(
        facts.free_cancel_hours,
        facts.late_fee_cents,
        kind=told.kind,
        agreed_fee_cents=told.agreed_fee_cents,
        no_late_fees=told.no_late_fees,
        late_since=told.late_since,
    )
    policy["answer_by"] = told.answer_by
    if terms.free_until(told.starts_at) > now:
        policy["free_until"] = terms.free_until(told.starts_at)
        if terms.late_fee_cents:
            policy["late_fee"] = app.jinja_env.filters["format_money"](terms.late_fee_cents, facts.currency)
    return policy


def _links(app: Flask, settings: Settings, context: Mapping[str, Any]) -> dict[str, str]:
    """Return the addresses that messages lead to, on the address at which people open the practice."""
    base = urlsplit(settings.base_url)
    urls = app.url_map.bind(base.netloc, base.path or "/", url_scheme=base.scheme)
    links = {}
    for name, endpoint, value in LINKS:
        if context.get(value) and endpoint in app.view_functions:
            argument = next(iter(next(app.url_map.iter_rules(endpoint)).arguments))
            links[name] = urls.build(endpoint, {argument: context[value]}, force_external=True)
    return links
