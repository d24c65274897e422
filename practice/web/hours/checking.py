"""The page between a form about hours and its saving: what will hold, and which booked sessions it leaves outside."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from practice.db import db
from practice.domain.errors import ValidationFailed
from practice.domain.rule_book import RuleBook
from practice.queries.busy import current_rules
from practice.queries.hours import newly_stranded
from practice.web.facts import Fact
from practice.web.forms.base import BaseForm
from practice.web.hours.owner import Owner
from practice.web.hours.shown import MOST_STRANDED, Stranded, stranded_rows
from practice.web.reading import note_read


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a change would do: ``after`` are the rules that would hold, ``before`` words of what they replace."""

    heading: str
    facts: tuple[Fact, ...]
    after: RuleBook
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckPage:
    """A proposal, what it strands, and the form that saves it."""

    heading: str
    facts: tuple[Fact, ...]
    before: tuple[str, ...]
    stranded: tuple[Stranded, ...]
    more: int
    action: str
    fields: tuple[tuple[str, str], ...]
    change_href: str


def checked(
    owner: Owner,
    form: BaseForm,
    propose: Callable[[Session, RuleBook], Proposal],
    *,
    page: Callable[[], str],
    action: str,
    change_href: str,
    also: BaseForm | None = None,
) -> ResponseReturnValue:
    """Show what ``propose`` says of a valid form, with a button that sends the same answers to ``action``.

    What is not valid, or is refused, is ``page`` with a 422. ``also`` is asked beside the button.
    """
    if not form.validate():
        return page(), ValidationFailed.status
    rules = current_rules(db.session())
    try:
        proposal = propose(db.session(), rules)
    except ValidationFailed as error:
        form.refuse(error)
        return page(), ValidationFailed.status
    found = _stranded(owner, rules, proposal.after)
    shown = CheckPage(
        heading=proposal.heading,
        facts=proposal.facts,
        before=proposal.before,
        stranded=tuple(found[:MOST_STRANDED]),
        more=max(0, len(found) - MOST_STRANDED),
        action=action,
        fields=tuple(_sent(form)),
        change_href=change_href,
    )
    return render_template("hours/check.html", page=shown, owner=owner, also=also)


def _stranded(owner: Owner, before: RuleBook, after: RuleBook) -> Sequence[Stranded]:
    """Return the sessions that only the new rules leave outside, and note that they were read."""
    found = newly_stranded(db.session(), before, after, g.now, therapist_id=owner.therapist.id)
    if found:
        shown = [each.public_id for each in found[:MOST_STRANDED]]
        note_read("stranded.read", ("therapist", owner.therapist.public_id), appointments=shown)
    return stranded_rows(found, owner)


def sent_in(form: BaseForm) -> dict[str, list[str]]:
    """Return what the address sends of a form, by field, for another address; what is no field of it stays out."""
    return {field.name: request.args.getlist(field.name) for field in form if field.name in request.args}


def _sent(form: BaseForm) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, values in sent_in(form).items() for value in values if value)
