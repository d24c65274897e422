"""What cancelling means, in words: said before a session is booked, while it is, and before it is cancelled."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from practice.domain.policy import Terms, cancellation, fee_of, terms_of
from practice.models import Attendance
from practice.queries.practice import PracticeFacts
from practice.web.presenting import format_moment, format_money, habit_of


class HasAgreed(Protocol):
    """A client, as far as money goes."""

    @property
    def agreed_fee_cents(self) -> int | None:
        """Their own fee for sessions alone or of two."""

    @property
    def no_late_fees(self) -> bool:
        """Whether cancelling late costs them nothing."""


TAKING_BACK = "You can take this request back until it is answered, free of charge."


def terms_for(
    facts: PracticeFacts, kind: str = "", client: HasAgreed | None = None, *, late_since: datetime | None = None
) -> Terms:
    """Return what cancelling a session of this kind costs this client, or somebody who is not one yet."""
    if client is None:
        return terms_of(facts.free_cancel_hours, facts.late_fee_cents)
    return terms_of(
        facts.free_cancel_hours,
        facts.late_fee_cents,
        kind=kind,
        agreed_fee_cents=client.agreed_fee_cents,
        no_late_fees=client.no_late_fees,
        late_since=late_since,
    )


def terms_for_place(attendance: Attendance, facts: PracticeFacts) -> Terms:
    """Return what giving up a place costs; its client, appointment and service must be loaded."""
    kind = attendance.appointment.service.kind
    return terms_for(facts, kind, attendance.client, late_since=attendance.moved_late_at)


def fees_words(kind: str, price_cents: int, clients: Iterable[HasAgreed], currency: str) -> str:
    """Return what a session costs these clients, as agreed with each: "$140", or "$140 and $90"."""
    fees = {fee_of(kind, price_cents, each.agreed_fee_cents): None for each in clients} or {price_cents: None}
    return " and ".join(format_money(cents, currency) for cents in fees)


def moving_words(
    starts_at: datetime, becomes_at: datetime, zone: str, terms: Terms, facts: PracticeFacts, now: datetime
) -> str:
    """Return what moving means: it costs nothing, and what cancelling at the new time would mean then."""
    if terms.is_late(starts_at, now) and terms.late_fee_cents:
        fee = format_money(terms.late_fee_cents, facts.currency)
        return (
            "Moving costs nothing. As the session is so soon, it stays a promise: "
            f"if you cancel it after moving, whenever that is, the fee is {fee}."
        )
    return f"Moving costs nothing. At its new time: {cancel_words(becomes_at, zone, terms, facts, now)}"


def cancel_words(starts_at: datetime, zone: str, terms: Terms, facts: PracticeFacts, now: datetime) -> str:
    """Return words like "Cancel free until Monday 23 November at 5:00 PM. After that, the fee is $60"."""
    found = cancellation(starts_at, terms, now=now)
    if not terms.late_fee_cents:
        return "You can cancel at any time, free of charge."
    fee = format_money(terms.late_fee_cents, facts.currency)
    if found.status == "late_cancelled" and terms.late_since is not None:
        return f"This session was moved shortly before it was to begin: if you cancel it now, the fee is {fee}."
    if found.status == "late_cancelled":
        return f"This session is soon: if you cancel it, the fee is {fee}."
    day, _, time = format_moment(found.free_until, zone, habit_of(facts.locale)).rpartition(", ")
    return f"Cancel free until {day} at {time}. After that, the fee is {fee}."
